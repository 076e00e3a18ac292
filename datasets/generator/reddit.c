#include "reddit.h"

static void add_base36(struct text *out, uint64_t number) {
    char digits[16];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number);
    text_add(out, digits + at, sizeof digits - at);
}

const char *reddit_subreddit(enum topic topic, enum language language) {
    if (language != LANG_PL)
        return topic < TOPIC_WEATHER ? "LifeInPolandTalk" : "casualcorner";
    switch (topic) {
    case TOPIC_NORVIA:
    case TOPIC_NORVIA_LEAK:
        return "telefonia_i_net";
    case TOPIC_KURIEREX:
    case TOPIC_KURIEREX_PARCELS:
        return "zakupy_w_sieci";
    case TOPIC_LAKOWIANKA:
    case TOPIC_LAKOWIANKA_CAMPAIGN:
        return "smaki_polskie";
    default:
        return "codziennosc_pl";
    }
}

static void add_author(struct text *out, const struct reddit_post *post) {
    text_add_string(out, ",\"author\":\"");
    text_add_string(out, post->deleted ? "[deleted]"
                         : post->robot ? "AutoModerator"
                                       : post->author->handle);
    text_add_char(out, '"');
    if (post->deleted || post->robot)
        return;
    text_add_string(out, ",\"author_fullname\":\"t2_");
    add_base36(out, post->author->id % 60466176000u);
    text_add_char(out, '"');
}

static void add_created(struct text *out, const struct reddit_post *post) {
    text_print(out, post->created_as_text ? ",\"created_utc\":\"%lld\"" : ",\"created_utc\":%lld",
               (long long)post->created_s);
    if (post->edited_s)
        text_print(out, ",\"edited\":%lld", (long long)post->edited_s);
    else
        text_add_string(out, ",\"edited\":false");
}

static void add_body(struct text *out, const struct reddit_post *post) {
    if (post->deleted)
        text_add_string(out, post->id & 1 ? "[deleted]" : "[removed]");
    else if (post->robot)
        text_add_string(out, "Please remember the rules of this subreddit.\\n\\n*I am a bot, and "
                             "this action was performed automatically.*");
    else
        text_add_html_json(out, post->body, post->body_length, post->ascii);
}

static void add_rest(struct text *out, const struct reddit_post *post) {
    text_print(out, ",\"gilded\":0,\"controversiality\":%d,\"distinguished\":%s,\"stickied\":%s",
               post->score == 1 && post->id % 9 == 0, post->robot ? "\"moderator\"" : "null",
               post->robot ? "true" : "false");
    if (!post->full)
        return;
    text_add_string(out, ",\"all_awardings\":[],\"associated_award\":null,\"archived\":false,"
                         "\"author_flair_css_class\":null,\"author_flair_text\":null"
                         ",\"can_gild\":true,\"collapsed\":false,\"locked\":false,\"no_follow\":"
                         "true,\"send_replies\":true,\"subreddit_type\":\"public\"");
    text_print(out, ",\"retrieved_on\":%lld,\"subreddit_id\":\"t5_%x\"",
               (long long)(post->created_s + 91000 + (int64_t)(post->id % 997)),
               (unsigned)(random_mix((uint64_t)post->subreddit[0]) & 0xffffff));
}

static void add_quoted_body(struct text *out, const struct reddit_post *post) {
    text_add_string(out, ",\"body\":\"");
    add_body(out, post);
    text_add_char(out, '"');
}

static void add_parents(struct text *out, const struct reddit_post *post) {
    text_add_string(out, post->parent_is_link ? ",\"parent_id\":\"t3_" : ",\"parent_id\":\"t1_");
    add_base36(out, post->parent_id);
    text_add_string(out, "\",\"link_id\":\"t3_");
    add_base36(out, post->link_id);
    text_add_char(out, '"');
}

static void add_place(struct text *out, const struct reddit_post *post) {
    text_print(out, ",\"score\":%u,\"subreddit\":\"%s\",\"permalink\":\"/r/%s/comments/",
               post->score, post->subreddit, post->subreddit);
    add_base36(out, post->link_id);
    text_add_string(out, "/_/");
    add_base36(out, post->id);
    text_add_string(out, "/\"");
}

void reddit_write_comment(struct text *out, const struct reddit_post *post) {
    /* how Pushshift ordered the keys changed over the years */
    static void (*const orders[REDDIT_KEY_ORDERS][6])(struct text *, const struct reddit_post *) = {
        {add_author, add_quoted_body, add_created, add_parents, add_place, add_rest},
        {add_rest, add_author, add_quoted_body, add_created, add_parents, add_place},
        {add_place, add_parents, add_rest, add_created, add_quoted_body, add_author}};
    text_add_string(out, "{\"id\":\"");
    add_base36(out, post->id);
    text_add_char(out, '"');
    for (int part = 0; part < 6; part++)
        orders[post->key_order][part](out, post);
    text_add_char(out, '}');
}

void reddit_write_submission(struct text *out, const struct reddit_post *post) {
    text_add_string(out, "{\"id\":\"");
    add_base36(out, post->id);
    text_add_char(out, '"');
    add_author(out, post);
    text_add_string(out, ",\"title\":\"");
    text_add_html_json(out, post->title, post->title_length, post->ascii);
    text_add_string(out, "\",\"selftext\":\"");
    add_body(out, post);
    text_add_char(out, '"');
    add_created(out, post);
    text_print(out,
               ",\"is_self\":true,\"domain\":\"self.%s\",\"num_comments\":%u,\"score\":%u,"
               "\"subreddit\":\"%s\",\"permalink\":\"/r/%s/comments/",
               post->subreddit, post->comments, post->score, post->subreddit, post->subreddit);
    add_base36(out, post->id);
    text_add_string(out, "/_/\",\"over_18\":false");
    add_rest(out, post);
    text_add_char(out, '}');
}
