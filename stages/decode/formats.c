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
    &format_activitypub,
    &format_google_play_npm,
    &format_app_store_npm,
    &format_app_store_feed,
    &format_discord,
    &format_discord_csv,
    &format_discord_package,
    &format_discord_package_csv,
    &format_fourcat_twitter,
    &format_fourcat_imgur,
    &format_google_maps,
    &format_outscraper,
    &format_intercom,
    &format_lemmy_comment,
    &format_lemmy_post,
    &format_sentione,
    &format_brandwatch,
    &format_meta_library,
    &format_meta_library_json,
    &format_talkwalker,
    &format_meta_post,
    &format_meta_comment,
    &format_misskey,
    &format_slack,
    &format_tiktok_archive,
    &format_wykop,
    &format_youtube_takeout,
    &format_zeeschuimer_x,
    &format_zeeschuimer_instagram,
    &format_zeeschuimer_threads,
    &format_zeeschuimer_tiktok,
    &format_zeeschuimer_tiktok_comments,
    &format_zeeschuimer_truth,
    &format_zeeschuimer_gab,
    &format_zeeschuimer_9gag,
    &format_zeeschuimer_pinterest,
    &format_zeeschuimer_douyin,
    &format_zeeschuimer_rednote,
    &format_zeeschuimer_linkedin,
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
