#include "stages/events/stopwords.h"

#include "stages/common/num.h"
#include "stages/text/text.h"

#include <stdlib.h>

/* Plain forms. */
static const char *const words[] = {
    "a",       "aby",      "about",   "after", "albo",   "ale",   "all",   "also",  "am",
    "an",      "and",      "ani",     "any",   "are",    "as",    "at",    "az",    "bardziej",
    "bardzo",  "be",       "because", "bede",  "bedzie", "been",  "bez",   "bo",    "but",
    "by",      "byc",      "byl",     "byla",  "bylo",   "byly",  "can",   "chyba", "ci",
    "cie",     "co",       "could",   "cos",   "czy",    "czyli", "did",   "dla",   "do",
    "does",    "dzis",     "dzisiaj", "even",  "from",   "gdy",   "gdzie", "get",   "go",
    "got",     "had",      "has",     "have",  "he",     "her",   "here",  "him",   "his",
    "how",     "i",        "ich",     "if",    "in",     "into",  "is",    "it",    "its",
    "ja",      "jak",      "jakie",   "jako",  "je",     "jego",  "jej",   "jest",  "jestem",
    "jeszcze", "jesli",    "juz",     "just",  "kiedy",  "kilka", "kto",   "ktora", "ktore",
    "ktory",   "lat",      "like",    "lub",   "ma",     "mam",   "maja",  "me",    "mi",
    "mial",    "mnie",     "moj",     "moja",  "moje",   "more",  "moze",  "mozna", "mu",
    "my",      "na",       "nad",     "nam",   "nas",    "nasz",  "nawet", "nic",   "nich",
    "nie",     "nim",      "nimi",    "no",    "not",    "now",   "o",     "od",    "of",
    "on",      "ona",      "one",     "oni",   "or",     "oraz",  "our",   "out",   "over",
    "po",      "pod",      "przed",   "przez", "przy",   "sa",    "she",   "sie",   "so",
    "some",    "ta",       "tak",     "take",  "tam",    "te",    "tego",  "tej",   "ten",
    "teraz",   "tez",      "than",    "that",  "the",    "their", "them",  "then",  "there",
    "they",    "this",     "to",      "too",   "tu",     "ty",    "tych",  "tylko", "tym",
    "u",       "up",       "us",      "w",     "wam",    "was",   "wasz",  "we",    "were",
    "what",    "when",     "where",   "which", "who",    "why",   "wiec",  "will",  "with",
    "would",   "wszystko", "you",     "your",  "z",      "za",    "ze",    "zeby",  "znowu",
    "zawsze",  "swoje",    "swoj",    "sobie", "siebie", "those", "these", "don't", "im",
    "i'm",     "it's",
};

void stopwords_init(struct stopwords *stop) {
    stop->count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && stop->count < STOPWORDS_MAX; i++)
        stop->hashes[stop->count++] = token_hash(span_of(words[i]));
    qsort(stop->hashes, stop->count, sizeof *stop->hashes, num_compare_u64);
}

bool stopwords_hold(const struct stopwords *stop, uint64_t plain_hash) {
    return bsearch(&plain_hash, stop->hashes, stop->count, sizeof *stop->hashes, num_compare_u64) !=
           NULL;
}
