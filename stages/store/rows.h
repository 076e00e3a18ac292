/* rows: the tables of an audit. Each table is listed once, as columns with their type and meaning;
 * the C struct, the HDF5 compound, the CSV header, the JSON keys and the documentation all follow
 * that list. TEXT columns hold NUL-padded UTF-8 of at most SIZE-1 bytes, cut between characters.
 * Times are seconds since 1970-01-01 UTC; -1 means not known. */
#ifndef BURZA_ROWS_H
#define BURZA_ROWS_H

#include "stages/common/buf.h"
#include "stages/store/care_rows.h"

#include <stddef.h>
#include <stdint.h>

#define EPISODE_ROW(TEXT, TIME, I32, F64)                                                          \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(kind, 12,                                                                                 \
         "crisis (criticism drives it), burst (it does not), flood (few hands drive it), "         \
         "mood_turn (criticism rose for hours, the mentions did not), slow_burn (for days)")       \
    I32(severity,                                                                                  \
        "0 noise, 1 incident, 2 elevated, 3 crisis, 4 major, after raising and lowering")          \
    TIME(onset, "estimated beginning")                                                             \
    TIME(onset_low, "lower end of the 90 % interval of the onset")                                 \
    TIME(onset_high, "upper end of the 90 % interval of the onset")                                \
    TIME(peak, "middle of the busiest stretch in the busiest clock hour")                          \
    TIME(end, "end of the last bucket")                                                            \
    TIME(end_low, "lower end of the 90 % interval of the end")                                     \
    TIME(end_high, "upper end of the 90 % interval of the end")                                    \
    I32(mentions, "mentions from onset to end")                                                    \
    F64(expected, "mentions that the baseline expects in that time")                               \
    F64(excess, "mentions minus expected")                                                         \
    F64(ratio, "busiest clock hour over its expectation, as in the table hourly")                  \
    F64(score, "calibrated surprise; larger is stranger")                                          \
    I32(negative, "negative mentions")                                                             \
    I32(neutral, "neutral mentions")                                                               \
    I32(positive, "positive mentions")                                                             \
    F64(negative_share, "negative / mentions during")                                              \
    F64(negative_share_before, "the same over the 28 days before, other episodes left out")        \
    F64(sentiment_before, "mean sentiment -1..1 over the 28 days before")                          \
    F64(sentiment_during, "mean sentiment during")                                                 \
    F64(sentiment_after, "mean sentiment over the 30 days after")                                  \
    F64(excess_negative, "E: negative mentions minus those expected")                              \
    F64(negative_z, "z-score of the rise of the negative share")                                   \
    F64(days_of_criticism, "V: excess_negative / usual mentions a day")                            \
    I32(platforms, "platforms with ten mentions or more and twice the usual")                      \
    I32(severity_rule, "severity before platforms raise it or a flood lowers it")                  \
    TIME(doubling_time_s, "seconds in which the excess doubled, fitted from onset to peak")        \
    TIME(half_life_s, "seconds after the peak until the excess had halved")                        \
    TIME(duration_s, "end - onset")                                                                \
    TIME(recovered_at, "first hour after the end from which the rate stays at the baseline")       \
    I32(waves, "spikes joined into this episode")                                                  \
    I32(authors, "distinct authors")                                                               \
    I32(new_authors, "of them never seen before with this brand")                                  \
    I32(silent_authors, "critics in the episode with no neutral or positive word about it later")  \
    F64(repost_share, "reposts / mentions")                                                        \
    F64(top_text_share, "mentions with the most repeated text / mentions, reposts left out")       \
    F64(top_authors_share, "mentions by the four most active authors / mentions")                  \
    TEXT(channels, 200,                                                                            \
         "channels in the order of the table spread; hours after the onset where it is that sure") \
    TEXT(languages, 100, "languages likewise")                                                     \
    TEXT(terms, 240, "terms that set it apart, strongest first")                                   \
    TEXT(amplifiers, 200, "authors with the most followers in it, with the class of these: 1000+") \
    TEXT(first_post, 64, "id of the first post, hashed unless ids are kept")                       \
    TEXT(largest_post, 64, "id of the post with the most engagement, likewise")                    \
    TEXT(why, 300, "the counted facts behind kind and severity, in English")                       \
    TEXT(why_pl, 300, "the same in Polish")                                                        \
    TEXT(summary_en, 700, "what happened, in English")                                             \
    TEXT(summary_pl, 700, "what happened, in Polish")                                              \
    TEXT(topics, 160, "what its negative mentions are about, with their numbers, most first")      \
    I32(minutes_missing,                                                                           \
        "minutes from an hour before the onset to the end that the archive does not contain")

#define ALARM_ROW(TEXT, TIME, I32, F64)                                                            \
    TEXT(brand, 64, "brand id")                                                                    \
    F64(false_alarms_per_month, "false alarms a month that were accepted")                         \
    TEXT(verdict, 8, "right (in an event), false, or missed (a crisis without an alarm)")          \
    TEXT(kind, 12, "kind of the event; empty of a false alarm")                                    \
    TIME(at, "when the alarm would have been raised, -1: missed")                                  \
    TIME(estimated_onset, "onset as estimated then")                                               \
    TIME(episode, "onset of the event, -1: a false alarm")                                         \
    TIME(after_onset_s, "seconds from the event's onset to the alarm")                             \
    F64(before_peak, "hours from the alarm to the event's peak; negative: after it")               \
    F64(score, "of the alarm: 2.2 for 0.5 false alarms a month, more is stranger")                 \
    I32(again, "1: within a day of an alarm, because it had grown a lot")                          \
    I32(seen, "mentions from the onset until the alarm")                                           \
    I32(seen_negative, "negative among them")                                                      \
    TEXT(channels, 200, "their channels with mentions, busiest first")                             \
    F64(mentions_before_peak, "mentions from the alarm to the event's peak; negative: after it")   \
    TEXT(terms, 240,                                                                               \
         "of the first alarm of an event: what set the mentions seen apart from the 28 days "      \
         "before, strongest first")                                                                \
    I32(minutes_missing,                                                                           \
        "minutes from an hour before the estimated onset to the alarm that the archive does not "  \
        "contain; -1: missed")

#define SPREAD_ROW(TEXT, TIME, I32, F64)                                                           \
    TEXT(brand, 64, "brand id")                                                                    \
    TIME(episode, "onset of the event")                                                            \
    TEXT(dimension, 12, "channel, language or topic")                                              \
    TEXT(name, 96, "which one; of topics those that a post names")                                 \
    I32(rank, "1 left its own baseline first; -1: it did not leave it")                            \
    TIME(left, "when it left its baseline: the change point of its own mentions")                  \
    TIME(left_low, "lower end of the 90 % interval of that")                                       \
    TIME(left_high, "upper end of it")                                                             \
    I32(mentions, "mentions from the earliest onset to the end")                                   \
    F64(usual, "mentions usual in so much time, by the 28 days before")                            \
    I32(negative, "negative among the mentions")

#define CARRIER_ROW(TEXT, TIME, I32, F64)                                                          \
    TEXT(brand, 64, "brand id")                                                                    \
    TIME(episode, "onset of the event")                                                            \
    I32(rank, "1 has the most reach; without followers, the most mentions")                        \
    TEXT(account, 64, "pseudonym, or the handle when the configuration says plain")                \
    TEXT(platform, 16, "platform")                                                                 \
    I32(followers, "largest follower count in the event, as a class: 1, 10, 100, ..; -1 unknown")  \
    TIME(reach, "sum of followers over its mentions in the event, as such a class; 0 unknown")     \
    I32(mentions, "its mentions in the event")                                                     \
    I32(negative, "negative among them; here and below -1: fewer than the smallest cell")          \
    I32(reposts, "reposts among them")                                                             \
    I32(newcomer, "1: it had never written about the brand before, as far as the dumps go")

#define BRAND_ROW(TEXT, TIME, I32, F64)                                                            \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(name, 128, "brand as people write it")                                                    \
    TEXT(query, 1000, "what was searched for")                                                     \
    I32(mentions, "mentions")                                                                      \
    I32(authors, "distinct authors; a post without a known author counts as one")                  \
    I32(negative, "negative mentions")                                                             \
    I32(neutral, "neutral mentions")                                                               \
    I32(positive, "positive mentions")                                                             \
    F64(sentiment, "mean sentiment -1..1")                                                         \
    TIME(reach, "sum of followers over mentions, 0 where unknown")                                 \
    TIME(engagement, "likes + replies + reposts, 0 where unknown")                                 \
    I32(own_posts, "posts by the brand's own accounts, not counted as mentions")                   \
    I32(crises, "crises found")                                                                    \
    I32(bursts, "bursts and floods found; turns of mood have their table")                         \
    TIME(first, "first mention")                                                                   \
    TIME(last, "last mention")

#define EVIDENCE_ROW(TEXT, TIME, I32, F64)                                                         \
    TEXT(brand, 64, "brand id")                                                                    \
    TIME(episode, "onset of the episode it belongs to")                                            \
    I32(rank, "1 is the most telling")                                                             \
    TEXT(why, 24, "first, most engaged, typical")                                                  \
    TIME(created_at, "when it was posted")                                                         \
    TEXT(platform, 16, "platform")                                                                 \
    TEXT(channel, 96, "channel")                                                                   \
    TEXT(language, 8, "pl, en, other")                                                             \
    TEXT(label, 12, "negative, neutral, positive, none")                                           \
    F64(sentiment, "-1..1")                                                                        \
    I32(copies, "posts with the same words in the episode, itself included")                       \
    I32(engagement, "likes + replies + reposts, 0 where unknown")                                  \
    TEXT(author, 64, "pseudonym, or the handle when the configuration says plain")                 \
    TEXT(id, 64, "the platform's id, hashed unless ids are kept")                                  \
    TEXT(url, 160, "address, when authors are plain")                                              \
    TEXT(text, 900, "text; addresses of people masked unless authors are plain")

#define TERM_ROW(TEXT, TIME, I32, F64)                                                             \
    TEXT(brand, 64, "brand id")                                                                    \
    TIME(episode, "onset of the episode it sets apart")                                            \
    I32(rank, "1 is the strongest")                                                                \
    TEXT(term, 96, "the term as first written, lower case")                                        \
    TEXT(kind, 12, "word, phrase, hashtag, handle, domain")                                        \
    I32(mentions, "mentions in the episode that use it")                                           \
    I32(usual_mentions, "mentions outside all episodes that use it")                               \
    F64(log_odds, "log-odds ratio with informative Dirichlet prior (Monroe et al. 2008)")          \
    F64(z, "its z-score")

#define AUTHOR_ROW(TEXT, TIME, I32, F64)                                                           \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(author, 64, "pseudonym, or the handle when the configuration says plain")                 \
    TEXT(platform, 16, "platform")                                                                 \
    I32(mentions, "mentions of the brand")                                                         \
    I32(negative, "negative among them; here and below -1: fewer than the smallest cell")          \
    I32(positive, "positive among them")                                                           \
    I32(in_crises, "of the mentions, those inside crises")                                         \
    I32(followers, "largest follower count seen, as a class: 0, 1, 10, 100, ..; -1 unknown")       \
    TIME(reach, "sum of followers over mentions, as such a class")                                 \
    TIME(engagement, "likes + replies + reposts on them")                                          \
    TIME(first, "first mention")                                                                   \
    TIME(last, "last mention")

#define INPUT_ROW(TEXT, TIME, I32, F64)                                                            \
    TEXT(input, 128, "label of the file")                                                          \
    TEXT(status, 16,                                                                               \
         "whole, damaged, duplicate (same bytes as another), skipped (no dump), incomplete")       \
    TEXT(container, 16, "file, tar, zip, 7z")                                                      \
    TEXT(codec, 16, "outer compression")                                                           \
    TEXT(formats, 96, "dump formats found")                                                        \
    I32(members, "members read")                                                                   \
    I32(members_skipped, "members passed over")                                                    \
    TIME(bytes, "bytes on disk")                                                                   \
    TIME(bytes_out, "bytes after decompression")                                                   \
    TIME(records, "records read")                                                                  \
    TIME(posts, "posts among them, without duplicates")                                            \
    TIME(duplicates, "posts among them that another copy stands for: of a duplicate input all, "   \
                     "else those about a brand")                                                   \
    TIME(embedded, "further posts found inside posts")                                             \
    TIME(rejects, "records that are no post, notices included")                                    \
    TIME(mentions, "mentions of the audit's brands, copies included")                              \
    TIME(first, "first post")                                                                      \
    TIME(last, "last post")                                                                        \
    TEXT(sha256, 72, "digest of the file as it is on disk, of the kind that digest names")         \
    TEXT(digest, 24,                                                                               \
         "sha256, as sha256sum gives it, or sha256-tree-1MiB, as this gives it: "                  \
         "split -b 1M --filter=sha256sum FILE | cut -c1-64 | sha256sum")                           \
    TEXT(reading, 320, "settings that it was read with, beyond the defaults")                      \
    TEXT(note, 300, "what was wrong, if anything")

#define REJECT_ROW(TEXT, TIME, I32, F64)                                                           \
    TEXT(input, 128, "label of the file")                                                          \
    TEXT(reason, 24, "why these records gave no post, or what was repaired")                       \
    TEXT(type, 12, "reject, notice (said by the dump, no error) or repair (read after repair)")    \
    TIME(records, "how many")                                                                      \
    TEXT(meaning, 160, "in plain words")

#define COVERAGE_ROW(TEXT, TIME, I32, F64)                                                         \
    TEXT(source, 16, "platform, whose channels all have its coverage in the grids")                \
    TIME(started, "beginning of the stretch: hours that are alike; from the first post on")        \
    TIME(ended, "its end, exclusive")                                                              \
    TEXT(state, 8, "whole, partly, missing")                                                       \
    TEXT(known_by, 8,                                                                              \
         "posts (between first and last), silence (none where the usual rhythm expects 25), "      \
         "names (no file is of that day or month), files (named by minute or hour), export (made " \
         "later than the last post)")                                                              \
    I32(minutes, "minutes of the stretch")                                                         \
    I32(minutes_there, "minutes of it that the archive contains")                                  \
    TIME(posts, "posts of all kinds that it contains, copies included")                            \
    F64(sampling, "share of all posts that the source kept, where ids tell (Twitter's samples); "  \
                  "counts are those kept, never multiplied")

#define STAGE_ROW(TEXT, TIME, I32, F64)                                                            \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(stage, 12, "aware, appeal, ask, act, advocate: read off the words of the mention")        \
    I32(mentions, "mentions at that stage")                                                        \
    I32(negative, "negative among them")                                                           \
    I32(neutral, "neutral among them")                                                             \
    I32(positive, "positive among them")                                                           \
    TEXT(topics, 160, "what the negative ones are about, with their numbers, most first")

#define QUOTE_ROW(TEXT, TIME, I32, F64)                                                            \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(stage, 12, "aware, appeal, ask, act, advocate")                                           \
    I32(rank, "1: the most engaged of those surely scored; 2: the next, of another sentiment")     \
    TIME(created_at, "when it was posted")                                                         \
    TEXT(platform, 16, "platform")                                                                 \
    TEXT(channel, 96, "channel")                                                                   \
    TEXT(language, 8, "pl, en, other")                                                             \
    TEXT(label, 12, "negative, neutral, positive")                                                 \
    F64(sentiment, "-1..1")                                                                        \
    TEXT(author, 64, "pseudonym, or the handle when the configuration says plain")                 \
    TEXT(id, 64, "the platform's id, hashed unless ids are kept")                                  \
    TEXT(text, 400, "text; addresses of people masked unless authors are plain")

/* The struct of a table. */
#define ROW_FIELD_TEXT(name, size, meaning) char name[size];
#define ROW_FIELD_TIME(name, meaning) int64_t name;
#define ROW_FIELD_I32(name, meaning) int32_t name;
#define ROW_FIELD_F64(name, meaning) double name;
#define ROW_STRUCT(COLUMNS) COLUMNS(ROW_FIELD_TEXT, ROW_FIELD_TIME, ROW_FIELD_I32, ROW_FIELD_F64)

struct episode_row {
    ROW_STRUCT(EPISODE_ROW)
};
struct spread_row {
    ROW_STRUCT(SPREAD_ROW)
};
struct carrier_row {
    ROW_STRUCT(CARRIER_ROW)
};
struct alarm_row {
    ROW_STRUCT(ALARM_ROW)
};
struct brand_row {
    ROW_STRUCT(BRAND_ROW)
};
struct evidence_row {
    ROW_STRUCT(EVIDENCE_ROW)
};
struct term_row {
    ROW_STRUCT(TERM_ROW)
};
struct author_row {
    ROW_STRUCT(AUTHOR_ROW)
};
struct input_row {
    ROW_STRUCT(INPUT_ROW)
};
struct reject_row {
    ROW_STRUCT(REJECT_ROW)
};
struct coverage_row {
    ROW_STRUCT(COVERAGE_ROW)
};

struct response_row {
    ROW_STRUCT(RESPONSE_ROW)
};
struct conversation_row {
    ROW_STRUCT(CONVERSATION_ROW)
};
struct hour_row {
    ROW_STRUCT(HOUR_ROW)
};
#define ROW_FIELD_I32_AS(field, name, meaning) int32_t field;
struct reply_row {
    REPLY_ROW(ROW_FIELD_TEXT, ROW_FIELD_TIME, ROW_FIELD_I32, ROW_FIELD_F64, ROW_FIELD_I32_AS)
};
struct chance_row {
    ROW_STRUCT(CHANCE_ROW)
};
struct outcome_row {
    ROW_STRUCT(OUTCOME_ROW)
};
struct journey_row {
    ROW_STRUCT(JOURNEY_ROW)
};
struct transition_row {
    ROW_STRUCT(TRANSITION_ROW)
};
struct touchpoint_row {
    ROW_STRUCT(TOUCHPOINT_ROW)
};
struct person_row {
    ROW_STRUCT(PERSON_ROW)
};
struct comparison_row {
    ROW_STRUCT(COMPARISON_ROW)
};
struct stage_row {
    ROW_STRUCT(STAGE_ROW)
};
struct quote_row {
    ROW_STRUCT(QUOTE_ROW)
};

enum column_type { COLUMN_TEXT, COLUMN_I64, COLUMN_I32, COLUMN_F64 };
struct column {
    const char *name;
    enum column_type type;
    size_t offset, size;
    const char *meaning;
};
struct table_layout {
    const char *name; /* below /tables */
    const struct column *columns;
    size_t column_count, row_size;
    bool newer; /* than 0.1.0, whose audits have none of it */
};

enum table_id {
    TABLE_CRISES,
    TABLE_BURSTS,
    TABLE_MOOD_TURNS,
    TABLE_ALARMS,
    TABLE_SPREAD,
    TABLE_CARRIERS,
    TABLE_BRANDS,
    TABLE_EVIDENCE,
    TABLE_TERMS,
    TABLE_AUTHORS,
    TABLE_INPUTS,
    TABLE_REJECTS,
    TABLE_COVERAGE,
    TABLE_RESPONSE,
    TABLE_CONVERSATIONS,
    TABLE_HOURS,
    TABLE_REPLIES,
    TABLE_CHANCES,
    TABLE_OUTCOMES,
    TABLE_JOURNEY,
    TABLE_TRANSITIONS,
    TABLE_TOUCHPOINTS,
    TABLE_PEOPLE,
    TABLE_COMPARISON,
    TABLE_STAGES,
    TABLE_QUOTES,
    TABLE_COUNT
};
extern const struct table_layout table_layouts[TABLE_COUNT];

/* Copies a span into a TEXT column. */
#define ROW_SET(row, column, span_)                                                                \
    row_text((row)->column, sizeof(row)->column, (span_).at, (span_).len)

#endif
