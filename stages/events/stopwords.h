/* stopwords: Polish and English function words, which say nothing about an event. Internal to
 * events. In: the hash of a word's plain form. Out: whether it is one. Nothing is owned or fails.
 */
#ifndef BURZA_STOPWORDS_H
#define BURZA_STOPWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STOPWORDS_MAX = 512 };
struct stopwords {
    uint64_t hashes[STOPWORDS_MAX];
    size_t count;
};
void stopwords_init(struct stopwords *stop);
bool stopwords_hold(const struct stopwords *stop, uint64_t plain_hash);

#endif
