#include "stages/decode/format.h"

/* Equal bids: the earlier one wins. The generic ones come last. */
const struct format *const formats[] = {
    &format_twitter,
    &format_reddit,
    &format_twcs,
    &format_google_play,
    &format_hackernews,
    &format_tweet_table,
    &format_twint,
    &format_twint_jsonl,
    &format_snscrape,
    &format_snscrape_csv,
    &format_telegram,
    &format_reddit_thing,
    &format_reddit_listing,
    &format_csv,
    &format_jsonl,
    &format_xml,
    NULL,
};

const struct format *format_find(const char *name) {
    for (size_t i = 0; formats[i]; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const char *decode_format_by_index(size_t index) {
    return index < sizeof formats / sizeof *formats && formats[index] ? formats[index]->name : NULL;
}
