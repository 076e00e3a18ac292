/* generate bench: an endless dump of one kind on standard output, cut after the record that passes
 * the wanted number of bytes. Fast: profiles are written once, texts come from the same templates.
 */
#ifndef GENERATOR_BENCH_H
#define GENERATOR_BENCH_H
#include <stdint.h>

enum bench_kind { BENCH_TWEETS, BENCH_REDDIT, BENCH_CSV, BENCH_BRANDCSV, BENCH_KIND_COUNT };
extern const char *const bench_kind_names[BENCH_KIND_COUNT];
void bench_generate(const char *template_folder, enum bench_kind kind, uint64_t bytes,
                    uint64_t seed);
#endif
