/* generate bench: an endless dump of one kind on standard output, cut after the record that passes
 * the wanted number of bytes. Fast: profiles are written once, texts come from the same templates.
 */
#ifndef GENERATOR_BENCH_H
#define GENERATOR_BENCH_H
#include <stdint.h>

/* STREAM and FORUM are what real dumps hold beside that: 35 % of the tweets repost and 10 % quote a
 * tweet that is embedded, 3,000 subreddits by Zipf's law, a third of the texts in other scripts,
 * escaped or raw, three orders of keys, long comments. */
enum bench_kind {
    BENCH_TWEETS,
    BENCH_REDDIT,
    BENCH_CSV,
    BENCH_BRANDCSV,
    BENCH_STREAM,
    BENCH_FORUM,
    BENCH_KIND_COUNT
};
extern const char *const bench_kind_names[BENCH_KIND_COUNT];
void bench_generate(const char *template_folder, enum bench_kind kind, uint64_t bytes,
                    uint64_t seed);
#endif
