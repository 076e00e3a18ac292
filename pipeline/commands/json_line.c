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

static struct span take_string(struct walker *w) {
    const char *begin = ++w->at;
    while (w->at < w->end && *w->at != '"')
        w->at += *w->at == '\\' && w->at + 1 < w->end ? 2 : 1;
    struct span text = {begin, (size_t)(w->at - begin)};
    w->at += w->at < w->end;
    return text;
}

/* The path of element `index`, or of `key`, of the innermost container. */
static void enter(struct walker *w, struct span key) {
    struct level *level = &w->levels[w->depth - 1];
    size_t base = level->path_len;
    if (level->array)
        snprintf(w->path + base, PATH_SIZE - base, "[%d]", level->index);
    else
        snprintf(w->path + base, PATH_SIZE - base, "%s%.*s", base ? "." : "", (int)key.len, key.at);
}

static bool open_container(struct walker *w, bool array) {
    if (w->depth == DEPTH_MAX)
        return false;
    w->levels[w->depth++] = (struct level){array, 0, strlen(w->path)};
    if (array)
        enter(w, (struct span){0});
    return true;
}

static bool key_follows(const struct walker *w) {
    const char *at = w->at;
    while (at < w->end && strchr(" \t\r\n", *at))
        at++;
    return at < w->end && *at == ':';
}

/* One token; false when the walk must end. */
static bool walk_token(struct walker *w) {
    char byte = *w->at;
    if (byte == '"') {
        struct span text = take_string(w);
        if (w->depth && !w->levels[w->depth - 1].array && key_follows(w))
            enter(w, text);
        return true;
    }
    w->at++;
    if (byte == '\n')
        w->line++;
    if (byte == '{' || byte == '[')
        return open_container(w, byte == '[');
    if ((byte == '}' || byte == ']') && w->depth)
        w->path[w->levels[--w->depth].path_len] = 0;
    if (byte == ',' && w->depth && w->levels[w->depth - 1].array) {
        w->levels[w->depth - 1].index++;
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
