/* Threads of image boards in the shape of 4chan's API (4chan, 8kun, vichan, lynxchan's bridge):
 * anonymous, ids count per board, `resto` 0 begins a thread. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"no", FIELD_ID, CONVERT_PLAIN},           {"time", FIELD_TIME, CONVERT_PLAIN},
    {"com", FIELD_TEXT, CONVERT_HTML},         {"sub", FIELD_TITLE, CONVERT_HTML},
    {"board", FIELD_CHANNEL, CONVERT_PLAIN},   {"board", FIELD_SCOPE, CONVERT_PLAIN},
    {"trip", FIELD_AUTHOR_ID, CONVERT_PLAIN},  {"country", FIELD_COUNTRY, CONVERT_PLAIN},
    {"replies", FIELD_REPLIES, CONVERT_PLAIN}, {"resto", FIELD_NOTE, CONVERT_PLAIN},
    {"com", FIELD_NOTE_2, CONVERT_PLAIN},      {NULL, 0, 0},
};

static const struct row context[] = {
    {"board", FIELD_SCOPE, CONVERT_PLAIN},
    {"board", FIELD_CHANNEL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"no resto time com", 92},
    {"no now time name resto", 90},
    {"no now time name last_replies", 92},
    {NULL, 0},
};

/* The first post that a text points to: <a href="#p123" class="quotelink">&gt;&gt;123</a>. */
static struct span pointed_to(struct span html) {
    const char *at = html.len ? memmem(html.at, html.len, "&gt;&gt;", 8) : NULL;
    const char *end = html.at + html.len, *from = at ? at + 8 : end;
    for (at = from; at < end && *at >= '0' && *at <= '9';)
        at++;
    return (struct span){from, (size_t)(at - from)};
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span thread = draft_span(draft, FIELD_NOTE),
                parent = pointed_to(draft->fields[FIELD_NOTE_2].text);
    bool answers = thread.len && !span_is(thread, "0");
    post->conversation = answers ? thread : post->id;
    if (answers) {
        post->kind = POST_REPLY;
        post->reply_to_id = parent.len ? parent : thread;
    }
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

/* A catalog's threads show their newest answers. */
static const struct nest nests[] = {
    {"last_replies[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

const struct format format_imageboard = {
    .name = "imageboard",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FORUM,
    .rows = rows,
    .nests = nests,
    .context = context,
    .evidence = evidence,
    .finish = finish,
};

static const struct nest page_nests[] = {
    {"threads[]", NEST_POST, &format_imageboard},
    {NULL, 0, NULL},
};

static const struct row page_rows[] = {
    {"board", FIELD_CHANNEL, CONVERT_PLAIN},
    {"board", FIELD_SCOPE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence page_evidence[] = {
    {"page threads[0].no threads[0].time", 96},
    {NULL, 0},
};

const struct format format_imageboard_catalog = {
    .name = "imageboard_catalog",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FORUM,
    .rows = page_rows,
    .nests = page_nests,
    .evidence = page_evidence,
    .holder = true,
};
