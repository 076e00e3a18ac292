/* A hundred posts with their explanations. tests/golden/score/posts.tsv holds language<TAB>text,
 * explained.txt what scorer_explain says of each. After a wanted change of lexicons or models:
 * BURZA_GOLDEN_UPDATE=1 test_score_golden, then read the difference. */
#include "stages/common/files.h"
#include "stages/score/score.h"

#include "tap.h"

#include <stdlib.h>

#define POSTS "tests/golden/score/posts.tsv"
#define EXPLAINED "tests/golden/score/explained.txt"

static unsigned explain_posts(struct span posts, struct buf *out) {
    struct score_options options = {.engine = ENGINE_HYBRID};
    struct score_scratch *scratch = NULL;
    struct scorer *scorer = NULL;
    struct tokens tokens;
    unsigned count = 0;
    tokens_init(&tokens);
    CHECK_INT(scorer_open(&scorer, &options, NULL), STATUS_OK);
    CHECK_INT(score_scratch_new(&scratch, NULL), STATUS_OK);
    while (posts.len > 3) {
        const char *end = memchr(posts.at, '\n', posts.len);
        size_t len = end ? (size_t)(end - posts.at) : posts.len;
        struct span text = {posts.at + 3, len - 3};
        enum language language = posts.at[0] == 'p' ? LANGUAGE_PL : LANGUAGE_EN;
        CHECK_INT(tokens_read(&tokens, text, NULL), STATUS_OK);
        buf_span(out, text);
        buf_char(out, '\n');
        scorer_explain(scorer, scratch, &tokens, language, out);
        buf_char(out, '\n');
        count++;
        len += end != NULL;
        posts = (struct span){posts.at + len, posts.len - len};
    }
    score_scratch_free(scratch);
    scorer_free(scorer);
    tokens_release(&tokens);
    return count;
}

/* The place of the first difference, for the reader of a failed test. */
static void tell_difference(struct span got, struct span want) {
    unsigned line = 1;
    size_t i = 0;
    for (; i < got.len && i < want.len && got.at[i] == want.at[i]; i++)
        line += got.at[i] == '\n';
    printf("# %s differs from line %u on\n", EXPLAINED, line);
}

int main(void) {
    struct buf posts, want, got;
    buf_init(&posts, 1 << 20);
    buf_init(&want, 4 << 20);
    buf_init(&got, 4 << 20);
    CHECK_INT(file_read(POSTS, &posts, NULL), STATUS_OK);
    CHECK_INT(explain_posts(buf_as_span(&posts), &got), 100);
    if (getenv("BURZA_GOLDEN_UPDATE"))
        CHECK_INT(file_publish(EXPLAINED, buf_as_span(&got), NULL), STATUS_OK);
    CHECK_INT(file_read(EXPLAINED, &want, NULL), STATUS_OK);
    if (!CHECK(span_equal(buf_as_span(&got), buf_as_span(&want))))
        tell_difference(buf_as_span(&got), buf_as_span(&want));
    buf_release(&posts);
    buf_release(&want);
    buf_release(&got);
    return tap_done();
}
