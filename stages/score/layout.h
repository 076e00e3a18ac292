/* layout: what lexicon_build gathers, and how it becomes one blob (see lexicon.h). Internal to the
 * two files that build lexicons. */
#ifndef BURZA_SCORE_LAYOUT_H
#define BURZA_SCORE_LAYOUT_H

#include "stages/common/hash.h"
#include "stages/score/lexicon.h"
#include "stages/text/text.h"

#define SOURCE_NONE UINT32_MAX
enum { FORM_CLASSES = 6 };

/* How good a lemma's claim to a form is. */
enum { RANK_FOLDED = 1, RANK_DERIVED, RANK_LISTED, RANK_LEMMA };

struct build_form {
    uint64_t hash;
    uint32_t word, modifier; /* numbers of source entries, or SOURCE_NONE */
    int16_t valence;
    uint8_t flags, rank;
    uint8_t class_count;
    uint16_t classes[FORM_CLASSES];
};

/* The edge that leads to a node; node n is edge n - 1. */
struct build_edge {
    uint32_t from;
    uint16_t class;
};

struct build_output {
    uint32_t node, entry;
};

struct build {
    struct lexicon_source *source;
    enum language language;
    struct tokens tokens;
    struct build_form *forms;
    size_t form_count, form_cap;
    struct counts form_index; /* hash -> number + 1 */
    struct counts word_index; /* hash of a lemma -> number of its source entry + 1 */
    struct counts class_index;
    uint32_t class_count;
    struct counts edge_index; /* node << 16 | class -> node */
    struct build_edge *edges;
    size_t edge_count, edge_cap;
    struct build_output *outputs;
    size_t output_count, output_cap;
    size_t crowded;
};

bool build_index_words(struct build *build);
const struct lexicon_source_entry *build_find_word(const struct build *build, struct span lemma);
/* Makes a node behind `from` and returns its number, 0 when out of memory. */
uint32_t build_add_edge(struct build *build, uint32_t from, uint16_t class);
bool build_add_output(struct build *build, uint32_t node, uint32_t entry);
enum status build_layout(struct build *build, struct buf *blob, struct fault *fault) MUST_USE;
void build_release(struct build *build);

#endif
