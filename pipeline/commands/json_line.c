#include "pipeline/config.h"

#include <stdio.h>

enum { DEPTH_MAX = 64, PATH_SIZE = 512 };

/* Walks over valid JSON and keeps the path of the value it is at. */
struct walker {
    const char *at, *end;
    int line, depth;
    struct level {
        bool array;
        int index;
        size_t path_len; /* of the container itself */
    } levels[DEPTH_MAX];
    char path[PATH_SIZE];
};

/* The path of element `index`, or of `key`, of the innermost container. */
static void enter(struct walker *w, struct span key) {
    struct level *level = &w->levels[w->depth - 1];
    size_t base = level->path_len;
    if (level->array)
        snprintf(w->path + base, PATH_SIZE - base, "[%d]", level->index);
    else
        snprintf(w->path + base, PATH_SIZE - base, "%s%.*s", base ? "." : "", (int)key.len, key.at);
}

/* One token; false when the walk must end. */
static bool walk_token(struct walker *w) {
    struct level *level = w->depth ? &w->levels[w->depth - 1] : NULL;
    char byte = *w->at++;
    if (byte == '"') {
        struct span text = {w->at, 0};
        while (w->at < w->end && *w->at != '"')
            w->at += *w->at == '\\' && w->at + 1 < w->end ? 2 : 1;
        text.len = (size_t)(w->at - text.at);
        w->at += w->at < w->end;
        /* a key has a colon behind it */
        const char *next = w->at;
        while (next < w->end && strchr(" \t\r\n", *next))
            next++;
        if (level && !level->array && next < w->end && *next == ':')
            enter(w, text);
        return true;
    }
    if (byte == '\n')
        w->line++;
    if (byte == '{' || byte == '[') {
        if (w->depth == DEPTH_MAX)
            return false;
        w->levels[w->depth++] = (struct level){byte == '[', 0, strlen(w->path)};
        if (byte == '[')
            enter(w, (struct span){0});
        return true;
    }
    if ((byte == '}' || byte == ']') && level)
        w->path[w->levels[--w->depth].path_len] = 0;
    if (byte == ',' && level && level->array) {
        level->index++;
        enter(w, (struct span){0});
    }
    return true;
}

int json_line(struct span text, const char *path) {
    struct walker w = {.at = text.at, .end = text.at + text.len, .line = 1};
    while (w.at < w.end) {
        if (!walk_token(&w))
            return 0;
        /* the first token that begins the value, past blanks and the colon */
        if (strcmp(w.path, path) == 0 && w.at < w.end && !strchr(" \t\r\n:", *w.at))
            return w.line;
    }
    return 0;
}
