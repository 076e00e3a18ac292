/* The tables stages and quotes: of each stage of a customer's path what its critics write about,
 * and two posts that show it. */
#include "pipeline/study/study.h"

enum { QUOTES = 2, CONFIDENT_MILLI = 700, SHORTEST = 25, LONGEST = 380, SHOWN_TEXT_MAX = 1 << 20 };

static const char *const stage_names[STAGE_COUNT] = {"none", "aware", "appeal",
                                                     "ask",  "act",   "advocate"};

static bool add_stage(struct study *study, size_t brand, int stage) {
    const struct mention_table *m = &study->mentions;
    const struct row_list *list = &study->lists[brand];
    struct stage_row *row = table_add(&study->audit, TABLE_STAGES);
    int32_t topics[TOPIC_COUNT] = {0};
    char text[sizeof row->topics];
    if (!row)
        return false;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, stage, span_of(stage_names[stage]));
    for (size_t i = 0; i < list->count; i++) {
        uint32_t at = list->at[i];
        if (m->stage[at] != stage)
            continue;
        row->mentions++;
        row->negative += m->label[at] == LABEL_NEGATIVE;
        row->neutral += m->label[at] == LABEL_NEUTRAL;
        row->positive += m->label[at] == LABEL_POSITIVE;
        if (m->label[at] == LABEL_NEGATIVE && m->topic[at] < TOPIC_COUNT)
            topics[m->topic[at]]++;
    }
    topics_text(topics, TOPIC_COUNT, 1, text, sizeof text);
    ROW_SET(row, topics, span_of(text));
    return true;
}

/* Words of people that can be shown and whose score is sure, where the scan kept how sure it is.
 * The text, which lies far away, is asked last. */
static bool can_be_quoted(const struct mention_table *m, uint32_t row) {
    if (m->kind[row] == POST_REPOST || m->label[row] == LABEL_NONE ||
        (m->flags[row] & (POST_NO_TEXT | POST_DELETED | POST_PRIVATE)) ||
        (m->p_milli[row] && m->p_milli[row] < CONFIDENT_MILLI))
        return false;
    size_t len = mention_table_string(m, row, STRING_TEXT).len;
    return len >= SHORTEST && len <= LONGEST;
}

/* The most engaged, the earlier of equals; of another sentiment and author than `beside`
 * (ROW_NONE: none). */
static uint32_t choose_quote(const struct study *study, size_t brand, int stage, uint32_t beside) {
    const struct mention_table *m = &study->mentions;
    const struct row_list *list = &study->lists[brand];
    uint32_t best = ROW_NONE;
    for (size_t i = 0; i < list->count; i++) {
        uint32_t row = list->at[i];
        if (m->stage[row] != stage ||
            (best != ROW_NONE && mention_engagement(m, row) <= mention_engagement(m, best)))
            continue;
        bool other = beside == ROW_NONE ||
                     (m->label[row] != m->label[beside] && m->author[row] != m->author[beside]);
        if (other && can_be_quoted(m, row))
            best = row;
    }
    return best;
}

static bool add_quote(struct study *study, size_t brand, int stage, int32_t rank, uint32_t at) {
    const struct mention_table *m = &study->mentions;
    struct quote_row *row = table_add(&study->audit, TABLE_QUOTES);
    struct buf text;
    if (!row)
        return false;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, stage, span_of(stage_names[stage]));
    ROW_SET(row, platform, span_of(platform_name(m->platform[at])));
    ROW_SET(row, channel, m->channels.names[m->channel[at]]);
    ROW_SET(row, language, span_of(language_name(m->language[at])));
    ROW_SET(row, label, span_of(label_name(m->label[at])));
    study_author(study, at, row->author, sizeof row->author);
    study_post_id(study, at, row->id, sizeof row->id);
    buf_init(&text, SHOWN_TEXT_MAX);
    study_shown_text(study, at, &text);
    ROW_SET(row, text, buf_as_span(&text));
    buf_release(&text);
    row->rank = rank;
    row->created_at = floor_div(mention_stated_us(m, at), US_PER_S);
    row->sentiment = (double)m->score_milli[at] / 1000;
    return true;
}

enum status study_stage_tables(struct study *study, struct fault *fault) {
    bool ok = true;
    for (size_t brand = 0; brand < study->config->brand_count && ok; brand++)
        for (int stage = STAGE_AWARE; stage < STAGE_COUNT && ok; stage++) {
            uint32_t beside = ROW_NONE;
            ok = add_stage(study, brand, stage);
            for (int32_t rank = 1; rank <= QUOTES && ok && study->config->keep_text; rank++) {
                uint32_t row = choose_quote(study, brand, stage, beside);
                if (row == ROW_NONE)
                    break;
                ok = add_quote(study, brand, stage, rank, row);
                beside = row;
            }
        }
    return ok ? STATUS_OK : fault_memory(fault);
}
