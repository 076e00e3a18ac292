/* Archives that people download of their accounts at Instagram and Threads: UTF-8 encoded twice.
 * Labels of comments are in the language of the account: the one with a timestamp is the time, the
 * first with a value the comment. Who wrote it is the account itself, which is not named. */
#include "stages/decode/format.h"

static const struct row post_rows[] = {
    {"title", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"media[0].title", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"creation_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"media[0].creation_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"media[0].text_app_post.is_reply", FIELD_NOTE, CONVERT_PLAIN},
    {"media[0].text_app_post", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence post_evidence[] = {
    {"media[0].uri media[0].creation_timestamp", 85},
    {NULL, 0},
};

/* The first of the two titles that says something. */
static enum reject_reason finish_post(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE_2].type != VALUE_ABSENT)
        post->platform = PLATFORM_THREADS;
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE)
        post->kind = POST_REPLY;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_meta_post = {
    .own_account = true,
    .name = "meta_post",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = post_rows,
    .evidence = post_evidence,
    .finish = finish_post,
};

static const struct row comment_rows[] = {
    {"string_map_data.Comment.value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"string_map_data.*.value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"string_map_data.*.timestamp", FIELD_TIME, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence comment_evidence[] = {
    {"media_list_data string_map_data", 85},
    {NULL, 0},
};

static enum reject_reason finish_comment(struct draft *draft) {
    draft->post->kind = POST_REPLY; /* to a post that is not told */
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_meta_comment = {
    .own_account = true,
    .name = "meta_comment",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};

/* The newer files: a list of labels in the language of the account, and their values. Comments are
 * told by theirs; other lists (likes, searches) have none of these. */
static const struct row label_rows[] = {
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"fbid", FIELD_ID, CONVERT_PLAIN},
    {"label_values[label=Comment].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Komentarz].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Kommentar].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Reactie].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Opmerking].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Commentaire].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Comentario].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"label_values[label=Commento].value", FIELD_TEXT, CONVERT_MOJIBAKE},
    {NULL, 0, 0},
};

static const struct evidence label_evidence[] = {
    {"path:*instagram* timestamp label_values[0].label", 86},
    {NULL, 0},
};

static const struct evidence facebook_label_evidence[] = {
    {"timestamp label_values[0].label", 84},
    {NULL, 0},
};

static enum reject_reason label_notice(struct draft *draft) {
    return draft->fields[FIELD_TEXT].type == VALUE_ABSENT ? NOTICE_CONTROL : REJECT_NONE;
}

const struct format format_meta_labels = {
    .own_account = true,
    .name = "meta_labels",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = label_rows,
    .evidence = label_evidence,
    .notice = label_notice,
    .finish = finish_comment,
};

const struct format format_meta_labels_facebook = {
    .own_account = true,
    .name = "facebook_labels",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FACEBOOK,
    .rows = label_rows,
    .evidence = facebook_label_evidence,
    .notice = label_notice,
    .finish = finish_comment,
};
