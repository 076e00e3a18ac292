/* Any text in either language by either engine: probabilities sum up, the score keeps its range,
 * and it is the same when scored again (the word cache must not show); also without a name. */
#include "stages/score/decide_stage.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scorer *scorers[2];
static struct score_scratch *scratch;
static struct tokens tokens, masked;

static void open_all(void) {
    for (int i = 0; i < 2; i++) {
        struct score_options options = {.engine = i ? ENGINE_RULES : ENGINE_HYBRID};
        if (!scorers[i] && scorer_open(&scorers[i], &options, NULL) != STATUS_OK)
            abort();
    }
    if (!scratch && score_scratch_new(&scratch, NULL) != STATUS_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    open_all();
    if (size < 3)
        return 0;
    const struct scorer *scorer = scorers[data[0] & 1];
    enum language language = data[0] & 2 ? LANGUAGE_PL : LANGUAGE_EN;
    struct score_focus focus = data[0] & 4 ? (struct score_focus){data[1], data[2]} : SCORE_WHOLE;
    struct score score, again;
    struct buf out;
    if (tokens_read(&tokens, (struct span){(const char *)data + 3, size - 3}, NULL) != STATUS_OK)
        return 0;
    struct text_place place = {data[1], (uint32_t)data[1] + data[2] + 1};
    const struct tokens *read = &tokens;
    if (data[0] & 8) {
        if (tokens_mask(&tokens, &place, 1, &masked, NULL) != STATUS_OK)
            return 0;
        read = &masked;
    }
    scorer_score(scorer, scratch, read, language, focus, &score);
    scorer_score(scorer, scratch, read, language, focus, &again);
    if (score.p_milli[0] + score.p_milli[1] + score.p_milli[2] != 1000 ||
        score.score_milli < -1000 || score.score_milli > 1000 || score.stage >= STAGE_COUNT ||
        score.label != again.label || score.score_milli != again.score_milli ||
        score.intents != again.intents || (score.label != LABEL_NONE && !stage_is_possible(&score)))
        abort();
    buf_init(&out, 1 << 22);
    scorer_explain(scorer, scratch, read, language, &out);
    buf_release(&out);
    return 0;
}
