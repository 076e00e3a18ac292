/* Tables of media monitors: Brand24 (Source is the address, day and hour apart, no author before
 * 2025), Meltwater (Hit Sentence is an excerpt; X gives no text), and tables like those of Mention.
 * The tool's sentiment is kept beside ours. */
#include "stages/decode/format.h"

/* What the kind of source says about the platform when nothing else did. */
static void platform_by_kind(struct draft *draft, struct span kind) {
    static const struct {
        const char *word;
        enum platform platform;
    } kinds[] = {{"twitter", PLATFORM_TWITTER},     {"facebook", PLATFORM_FACEBOOK},
                 {"instagram", PLATFORM_INSTAGRAM}, {"youtube", PLATFORM_YOUTUBE},
                 {"tiktok", PLATFORM_TIKTOK},       {"reddit", PLATFORM_REDDIT},
                 {"linkedin", PLATFORM_LINKEDIN},   {"forum", PLATFORM_FORUM},
                 {"review", PLATFORM_REVIEWS},      {"news", PLATFORM_NEWS}};
    char small[32] = "";
    size_t len = kind.len < sizeof small - 1 ? kind.len : sizeof small - 1;
    if (draft->post->platform != PLATFORM_OTHER)
        return;
    for (size_t i = 0; i < len; i++)
        small[i] = (char)(kind.at[i] >= 'A' && kind.at[i] <= 'Z' ? kind.at[i] | 0x20 : kind.at[i]);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strstr(small, kinds[i].word)) {
            draft->post->platform = (uint8_t)kinds[i].platform;
            return;
        }
}

static const struct row brand24_rows[] = {
    {"ID", FIELD_ID, CONVERT_PLAIN},
    {"Date", FIELD_TIME, CONVERT_PLAIN},
    {"Hrs", FIELD_CLOCK, CONVERT_PLAIN},
    {"Hour", FIELD_CLOCK, CONVERT_PLAIN},
    {"Content", FIELD_TEXT, CONVERT_MARKUP},
    {"Title", FIELD_TITLE, CONVERT_MARKUP},
    {"Source", FIELD_URL, CONVERT_PLAIN},
    {"Source", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Domain", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Category", FIELD_NOTE, CONVERT_PLAIN},
    {"Author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Followers count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"Followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"Likes", FIELD_LIKES, CONVERT_PLAIN},
    {"Comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"Shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"Views", FIELD_VIEWS, CONVERT_PLAIN},
    {"Language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"Country", FIELD_COUNTRY, CONVERT_PLAIN},
    {"Data", FIELD_TIME, CONVERT_PLAIN},
    {"Godzina", FIELD_CLOCK, CONVERT_PLAIN},
    {"Treść", FIELD_TEXT, CONVERT_MARKUP},
    {"Tytuł", FIELD_TITLE, CONVERT_MARKUP},
    {"Źródło", FIELD_URL, CONVERT_PLAIN},
    {"Źródło", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Domena", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Kategoria", FIELD_NOTE, CONVERT_PLAIN},
    {"Autor", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Sentyment", FIELD_VENDOR, CONVERT_PLAIN},
    {"Sentiment", FIELD_VENDOR, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence brand24_evidence[] = {
    {"Date Hrs Title Content Source Domain", 94},
    {"ID Date Title Content Source Domain Category Sentiment Tags", 93},
    {"Data Godzina Treść Źródło Domena Kategoria", 94},
    {NULL, 0},
};

static enum reject_reason finish_brand24(struct draft *draft) {
    platform_by_kind(draft, draft_span(draft, FIELD_NOTE));
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_brand24 = {
    .name = "brand24",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = brand24_rows,
    .evidence = brand24_evidence,
    .finish = finish_brand24,
};

static const struct row meltwater_rows[] = {
    {"Tweet Id", FIELD_ID, CONVERT_PLAIN},
    {"Document ID", FIELD_ID, CONVERT_PLAIN},
    {"Date", FIELD_TIME, CONVERT_PLAIN},
    {"Time", FIELD_CLOCK, CONVERT_PLAIN},
    {"Opening Text", FIELD_TEXT, CONVERT_MARKUP},
    {"Hit Sentence", FIELD_TEXT, CONVERT_MARKUP},
    {"Title", FIELD_TITLE, CONVERT_MARKUP},
    {"Headline", FIELD_TITLE, CONVERT_MARKUP},
    {"URL", FIELD_URL, CONVERT_PLAIN},
    {"Source Domain", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Source Name", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Source Name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Source", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Source Type", FIELD_NOTE, CONVERT_PLAIN},
    {"Information Type", FIELD_NOTE, CONVERT_PLAIN},
    {"Content Type", FIELD_NOTE_2, CONVERT_PLAIN},
    {"Twitter Screen Name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Author Handle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Author Name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Influencer", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Country", FIELD_COUNTRY, CONVERT_PLAIN},
    {"Language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"Likes", FIELD_LIKES, CONVERT_PLAIN},
    {"Replies", FIELD_REPLIES, CONVERT_PLAIN},
    {"Comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"Reposts", FIELD_REPOSTS, CONVERT_PLAIN},
    {"Shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"Views", FIELD_VIEWS, CONVERT_PLAIN},
    {"Twitter Followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"Sentiment", FIELD_VENDOR, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence meltwater_evidence[] = {
    {"Date Time Document?ID URL Input?Name Hit?Sentence", 95},
    {"Date URL Opening?Text Hit?Sentence Input?Name Keywords", 94},
    {"Date Headline URL Opening?Text Hit?Sentence Source", 93},
    {NULL, 0},
};

/* What a repost, a reply or a comment is to, it does not say. */
static enum reject_reason finish_meltwater(struct draft *draft) {
    struct post *post = draft->post;
    struct span kind = draft_span(draft, FIELD_NOTE_2);
    if (span_is(kind, "reply") || span_is(kind, "comment"))
        post->kind = POST_REPLY;
    if (span_is(kind, "repost") || span_is(kind, "retweet") || span_is(kind, "share"))
        post->kind = POST_REPOST;
    if (span_is(kind, "quote") || span_is(kind, "quoted post"))
        post->kind = POST_QUOTE;
    platform_by_kind(draft, draft_span(draft, FIELD_NOTE));
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_meltwater = {
    .name = "meltwater",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = meltwater_rows,
    .evidence = meltwater_evidence,
    .finish = finish_meltwater,
};
