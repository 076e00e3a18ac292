/* The compiled lexicons and the models, as the linker placed them (builtin.S). */
#include "stages/score/scorer_parts.h"

extern const char burza_lexicon_pl[], burza_lexicon_pl_end[];
extern const char burza_lexicon_en[], burza_lexicon_en_end[];
extern const char burza_topics_pl[], burza_topics_pl_end[];
extern const char burza_topics_en[], burza_topics_en_end[];
extern const char burza_model_pl[], burza_model_pl_end[];
extern const char burza_model_en[], burza_model_en_end[];

extern const char burza_topic_model_pl[], burza_topic_model_pl_end[];
extern const char burza_topic_model_en[], burza_topic_model_en_end[];

extern const char burza_score_digests[8 * 64];

static struct span between(const char *from, const char *to) {
    return (struct span){from, (size_t)(to - from)};
}

struct span builtin_lexicon(enum language language) {
    return language == LANGUAGE_PL ? between(burza_lexicon_pl, burza_lexicon_pl_end)
                                   : between(burza_lexicon_en, burza_lexicon_en_end);
}

struct span builtin_topics(enum language language) {
    return language == LANGUAGE_PL ? between(burza_topics_pl, burza_topics_pl_end)
                                   : between(burza_topics_en, burza_topics_en_end);
}

struct span builtin_model(enum language language) {
    return language == LANGUAGE_PL ? between(burza_model_pl, burza_model_pl_end)
                                   : between(burza_model_en, burza_model_en_end);
}

struct span builtin_topic_model(enum language language) {
    return language == LANGUAGE_PL ? between(burza_topic_model_pl, burza_topic_model_pl_end)
                                   : between(burza_topic_model_en, burza_topic_model_en_end);
}

struct span builtin_digests(void) {
    return (struct span){burza_score_digests, sizeof burza_score_digests};
}
