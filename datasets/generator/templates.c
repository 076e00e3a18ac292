#include "templates.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const topic_names[TOPIC_COUNT] = {"norvia",
                                                     "kurierex",
                                                     "lakowianka",
                                                     "norvia_leak",
                                                     "kurierex_parcels",
                                                     "lakowianka_campaign",
                                                     "lakowianka_promo",
                                                     "kurierex_flood",
                                                     "weather",
                                                     "football",
                                                     "daily",
                                                     "work",
                                                     "food",
                                                     "travel",
                                                     "tech",
                                                     "politics",
                                                     "culture",
                                                     "distractor",
                                                     "chatreply",
                                                     "glue"};
const char *const stance_names[STANCE_COUNT] = {
    "any",        "complaint",  "churn",      "question",  "praise",    "recommend",  "purchase",
    "news",       "irony",      "thanks",     "followup",  "answer",    "outrage",    "defence",
    "reaction",   "joy",        "spam",       "other",     "title",     "opener_neg", "opener_pos",
    "closer_neg", "closer_pos", "closer_ask", "emoji_neg", "emoji_pos", "emoji_mid"};
const char *const language_names[LANG_COUNT] = {"pl", "en", "cs", "de", "uk", "es", "xx"};
static const char *const files[] = {"norvia.tsv",           "norvia_leak.tsv", "kurierex.tsv",
                                    "kurierex_parcels.tsv", "lakowianka.tsv",  "chatter_pl.tsv",
                                    "chatter_other.tsv",    "glue.tsv"};
static const struct {
    const char *name;
    enum slot slot;
    int variant;
} slots[] = {{"brand:nom", SLOT_BRAND, 0},
             {"brand:gen", SLOT_BRAND, 1},
             {"brand:dat", SLOT_BRAND, 2},
             {"brand:acc", SLOT_BRAND, 3},
             {"brand:ins", SLOT_BRAND, 4},
             {"brand:loc", SLOT_BRAND, 5},
             {"brand:voc", SLOT_BRAND, 6},
             {"tag", SLOT_TAG, 0},
             {"handle", SLOT_HANDLE, 0},
             {"city", SLOT_CITY, 0},
             {"in_city", SLOT_IN_CITY, 0},
             {"in_city:Cap", SLOT_IN_CITY, 1},
             {"n", SLOT_N, 0},
             {"k", SLOT_K, 0},
             {"nn", SLOT_NN, 0},
             {"pct", SLOT_PCT, 0},
             {"num", SLOT_NUM, 0},
             {"price", SLOT_PRICE, 0},
             {"time", SLOT_TIME, 0},
             {"on_day", SLOT_ON_DAY, 0}};

static int find_name(const char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return i;
    die("unknown word in a template file", name);
}

static void piece_add(struct template *template, struct template_piece piece) {
    if (piece.slot == SLOT_LITERAL && !piece.length)
        return;
    struct template_piece *pieces = realloc(template->pieces, (template->count + 1) * sizeof piece);
    if (!pieces)
        die("out of memory", "templates");
    pieces[template->count++] = piece;
    template->pieces = pieces;
}

static struct template_piece choice_from(const char *bytes, size_t length) {
    struct template_piece piece = {SLOT_CHOICE, 1, bytes, length};
    if (length > 2 && !memcmp(bytes, "g:", 2))
        piece = (struct template_piece){SLOT_GENDER, 1, bytes + 2, length - 2};
    for (size_t i = 0; i < piece.length; i++)
        piece.variant += piece.bytes[i] == '|';
    return piece;
}

static struct template_piece slot_from(const char *bytes, size_t length, const char *line) {
    if (memchr(bytes, '|', length))
        return choice_from(bytes, length);
    for (unsigned i = 0; i < sizeof slots / sizeof *slots; i++)
        if (strlen(slots[i].name) == length && !memcmp(slots[i].name, bytes, length))
            return (struct template_piece){slots[i].slot, slots[i].variant, bytes, length};
    die("unknown slot in template", line);
}

static void template_parse(struct template *template, const char *line) {
    const char *at = line, *open;
    while ((open = strchr(at, '{')) != NULL) {
        const char *close = strchr(open, '}');
        if (!close)
            die("slot without end in template", line);
        piece_add(template, (struct template_piece){SLOT_LITERAL, 0, at, (size_t)(open - at)});
        piece_add(template, slot_from(open + 1, (size_t)(close - open - 1), line));
        at = close + 1;
    }
    piece_add(template, (struct template_piece){SLOT_LITERAL, 0, at, strlen(at)});
}

static void group_add(struct template_group *group, const char *line) {
    struct template *items = realloc(group->items, (group->count + 1) * sizeof *items);
    if (!items)
        die("out of memory", "templates");
    group->items = items;
    struct template *item = &items[group->count++];
    *item = (struct template){.text = strdup(line)};
    if (!item->text)
        die("out of memory", "templates");
    template_parse(item, item->text);
}

static void line_read(struct templates *templates, char *line) {
    char *fields[4] = {line};
    for (int i = 1; i < 4; i++) {
        fields[i] = strchr(fields[i - 1], '\t');
        if (!fields[i])
            die("template line without four columns", line);
        *fields[i]++ = 0;
    }
    fields[3][strcspn(fields[3], "\r\n")] = 0;
    int topic = find_name(topic_names, TOPIC_COUNT, fields[0]);
    int stance = find_name(stance_names, STANCE_COUNT, fields[1]);
    int language = find_name(language_names, LANG_COUNT, fields[2]);
    group_add(&templates->groups[topic][stance][language], fields[3]);
    templates->total++;
}

void templates_read(struct templates *templates, const char *folder) {
    memset(templates, 0, sizeof *templates);
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        char path[4096], line[4096];
        if (snprintf(path, sizeof path, "%s/%s", folder, files[i]) >= (int)sizeof path)
            die("path too long", folder);
        FILE *file = fopen(path, "r");
        if (!file)
            die("cannot open template file", path);
        if (!fgets(line, sizeof line, file))
            die("template file is empty", path);
        while (fgets(line, sizeof line, file))
            line_read(templates, line);
        fclose(file);
    }
}

static void group_release(struct template_group *group) {
    for (size_t i = 0; i < group->count; i++) {
        free(group->items[i].pieces);
        free((void *)group->items[i].text);
    }
    free(group->items);
}

void templates_release(struct templates *templates) {
    struct template_group *group = &templates->groups[0][0][0];
    for (size_t i = 0; i < (size_t)TOPIC_COUNT * STANCE_COUNT * LANG_COUNT; i++)
        group_release(group + i);
}

static enum stance stance_fallback(enum stance stance) {
    switch (stance) {
    case STANCE_CHURN:
    case STANCE_IRONY:
    case STANCE_FOLLOWUP:
        return STANCE_COMPLAINT;
    case STANCE_COMPLAINT:
    case STANCE_REACTION:
        return STANCE_OUTRAGE;
    case STANCE_RECOMMEND:
    case STANCE_THANKS:
    case STANCE_DEFENCE:
        return STANCE_PRAISE;
    case STANCE_PRAISE:
        return STANCE_JOY;
    case STANCE_JOY:
    case STANCE_PURCHASE:
        return STANCE_NEWS;
    case STANCE_NEWS:
    case STANCE_OUTRAGE:
        return STANCE_QUESTION;
    default:
        return STANCE_ANY;
    }
}

const struct template_group *templates_find(const struct templates *templates, enum topic topic,
                                            enum stance stance, enum language language) {
    for (enum stance s = stance;; s = stance_fallback(s)) {
        const struct template_group *group = &templates->groups[topic][s][language];
        if (group->count)
            return group;
        if (s == STANCE_ANY)
            return &templates->groups[topic][stance][LANG_PL];
    }
}
