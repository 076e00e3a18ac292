/* Comments of an account in Google's Takeout. A text is JSON in a cell: since June 2024 objects
 * with commas between and no brackets, before it takeoutSegments. The file has the names of the
 * account's language; the columns are told by theirs. */
#include "stages/decode/format.h"

#include <jansson.h>

static const struct row rows[] = {
    {"Comment ID", FIELD_ID, CONVERT_PLAIN},
    {"Live Chat ID", FIELD_ID, CONVERT_PLAIN},
    {"Reactie-ID", FIELD_ID, CONVERT_PLAIN},
    {"Identyfikator komentarza", FIELD_ID, CONVERT_PLAIN},
    {"Comment Create Timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"Comment create timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"Live Chat Create Timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"Live chat create timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"Aanmaaktijdstempel reactie", FIELD_TIME, CONVERT_PLAIN},
    {"Comment Text", FIELD_TEXT, CONVERT_PLAIN},
    {"Comment text", FIELD_TEXT, CONVERT_PLAIN},
    {"Live Chat Text", FIELD_TEXT, CONVERT_PLAIN},
    {"Live chat text", FIELD_TEXT, CONVERT_PLAIN},
    {"Reactietekst", FIELD_TEXT, CONVERT_PLAIN},
    {"Channel ID", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"Kanaal-ID", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"Parent Comment ID", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"Parent comment ID", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"Video ID", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Video-ID", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Post ID", FIELD_CONVERSATION, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"Comment?ID Channel?ID Comment?Text Video?ID", 94},
    {"Comment?ID Comment?Create?Timestamp Comment?Text", 93},
    {"Comment?ID Channel?ID Comment?text Video?ID", 94},
    {"Live?Chat?ID Channel?ID Live?Chat?Text", 94},
    {"Live?chat?ID Channel?ID Live?chat?text", 94},
    {"Reactie-ID Kanaal-ID Reactietekst", 94},
    {NULL, 0},
};

/* What the segments say, one after another; the text itself when it is no JSON. */
static struct span segments(struct draft *draft, struct span text) {
    if (!text.len || *text.at != '{')
        return text;
    struct span whole = draft_join(draft, SPAN_LITERAL("["), text, SPAN_LITERAL("]"));
    json_t *list = whole.at ? json_loadb(whole.at, whole.len, 0, NULL) : NULL;
    json_t *old = json_object_get(json_array_get(list, 0), "takeoutSegments");
    const json_t *parts = json_is_array(old) ? old : list;
    struct span said = {NULL, 0};
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *piece = json_object_get(json_array_get(parts, i), "text");
        if (!piece)
            piece = json_object_get(json_array_get(parts, i), "mention");
        struct span part = {json_string_value(piece), json_string_length(piece)};
        if (part.len)
            said = draft_join(draft, said.at ? said : SPAN_LITERAL(""), part, SPAN_LITERAL(""));
    }
    json_decref(list);
    return said.len ? said : text;
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    post->text = segments(draft, post->text);
    if (!post->reply_to_id.len)
        post->reply_to_id = post->conversation;
    post->kind = POST_REPLY;
    return REJECT_NONE;
}

const struct format format_youtube_takeout = {
    .own_account = true,
    .name = "youtube_takeout",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_YOUTUBE,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

/* What an account watched and searched is no post. */
static const struct row activity_rows[] = {
    {"header", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence activity_evidence[] = {
    {"header title time products", 90},
    {"header title time activityControls", 90},
    {NULL, 0},
};

const struct format format_google_activity = {
    .name = "google_activity",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = activity_rows,
    .evidence = activity_evidence,
};
