#include "stages/store/rows.h"

#include <string.h>

#define DESCRIBE(type_, struct_, name_, meaning_)                                                  \
    {#name_, type_, offsetof(struct struct_, name_), sizeof(((struct struct_ *)0)->name_),         \
     meaning_},

#define TABLE_COLUMNS(struct_, ROW)                                                                \
    static const struct column struct_##_columns[] = {ROW(TEXT_, TIME_, I32_, F64_)};

#define TEXT_(name, size, meaning) DESCRIBE(COLUMN_TEXT, ROW_TYPE, name, meaning)
#define TIME_(name, meaning) DESCRIBE(COLUMN_I64, ROW_TYPE, name, meaning)
#define I32_(name, meaning) DESCRIBE(COLUMN_I32, ROW_TYPE, name, meaning)
#define F64_(name, meaning) DESCRIBE(COLUMN_F64, ROW_TYPE, name, meaning)

#define ROW_TYPE episode_row
TABLE_COLUMNS(episode_row, EPISODE_ROW)
#undef ROW_TYPE
#define ROW_TYPE spread_row
TABLE_COLUMNS(spread_row, SPREAD_ROW)
#undef ROW_TYPE
#define ROW_TYPE carrier_row
TABLE_COLUMNS(carrier_row, CARRIER_ROW)
#undef ROW_TYPE
#define ROW_TYPE alarm_row
TABLE_COLUMNS(alarm_row, ALARM_ROW)
#undef ROW_TYPE
#define ROW_TYPE brand_row
TABLE_COLUMNS(brand_row, BRAND_ROW)
#undef ROW_TYPE
#define ROW_TYPE evidence_row
TABLE_COLUMNS(evidence_row, EVIDENCE_ROW)
#undef ROW_TYPE
#define ROW_TYPE term_row
TABLE_COLUMNS(term_row, TERM_ROW)
#undef ROW_TYPE
#define ROW_TYPE author_row
TABLE_COLUMNS(author_row, AUTHOR_ROW)
#undef ROW_TYPE
#define ROW_TYPE input_row
TABLE_COLUMNS(input_row, INPUT_ROW)
#undef ROW_TYPE
#define ROW_TYPE reject_row
TABLE_COLUMNS(reject_row, REJECT_ROW)
#undef ROW_TYPE
#define ROW_TYPE coverage_row
TABLE_COLUMNS(coverage_row, COVERAGE_ROW)
#undef ROW_TYPE

#define ROW_TYPE response_row
TABLE_COLUMNS(response_row, RESPONSE_ROW)
#undef ROW_TYPE
#define ROW_TYPE conversation_row
TABLE_COLUMNS(conversation_row, CONVERSATION_ROW)
#undef ROW_TYPE
#define ROW_TYPE hour_row
TABLE_COLUMNS(hour_row, HOUR_ROW)
#undef ROW_TYPE
#define ROW_TYPE reply_row
#define I32_AS_(field, name, meaning)                                                              \
    {#name, COLUMN_I32, offsetof(struct reply_row, field), sizeof(int32_t), meaning},
static const struct column reply_row_columns[] = {REPLY_ROW(TEXT_, TIME_, I32_, F64_, I32_AS_)};
#undef I32_AS_
#undef ROW_TYPE
#define ROW_TYPE chance_row
TABLE_COLUMNS(chance_row, CHANCE_ROW)
#undef ROW_TYPE
#define ROW_TYPE outcome_row
TABLE_COLUMNS(outcome_row, OUTCOME_ROW)
#undef ROW_TYPE
#define ROW_TYPE journey_row
TABLE_COLUMNS(journey_row, JOURNEY_ROW)
#undef ROW_TYPE
#define ROW_TYPE transition_row
TABLE_COLUMNS(transition_row, TRANSITION_ROW)
#undef ROW_TYPE
#define ROW_TYPE touchpoint_row
TABLE_COLUMNS(touchpoint_row, TOUCHPOINT_ROW)
#undef ROW_TYPE
#define ROW_TYPE person_row
TABLE_COLUMNS(person_row, PERSON_ROW)
#undef ROW_TYPE
#define ROW_TYPE comparison_row
TABLE_COLUMNS(comparison_row, COMPARISON_ROW)
#undef ROW_TYPE
#define ROW_TYPE stage_row
TABLE_COLUMNS(stage_row, STAGE_ROW)
#undef ROW_TYPE
#define ROW_TYPE quote_row
TABLE_COLUMNS(quote_row, QUOTE_ROW)
#undef ROW_TYPE

#define LAYOUT(name_, struct_)                                                                     \
    {                                                                                              \
        name_, struct_##_columns, sizeof struct_##_columns / sizeof *struct_##_columns,            \
            sizeof(struct struct_), false                                                          \
    }

#define LAYOUT_NEWER(name_, struct_)                                                               \
    {                                                                                              \
        name_, struct_##_columns, sizeof struct_##_columns / sizeof *struct_##_columns,            \
            sizeof(struct struct_), true                                                           \
    }

const struct table_layout table_layouts[TABLE_COUNT] = {
    [TABLE_CRISES] = LAYOUT("crises", episode_row),
    [TABLE_BURSTS] = LAYOUT("bursts", episode_row),
    [TABLE_MOOD_TURNS] = LAYOUT_NEWER("mood_turns", episode_row),
    [TABLE_SPREAD] = LAYOUT_NEWER("spread", spread_row),
    [TABLE_CARRIERS] = LAYOUT_NEWER("carriers", carrier_row),
    [TABLE_ALARMS] = LAYOUT_NEWER("alarms", alarm_row),
    [TABLE_BRANDS] = LAYOUT("brands", brand_row),
    [TABLE_EVIDENCE] = LAYOUT("evidence", evidence_row),
    [TABLE_TERMS] = LAYOUT("terms", term_row),
    [TABLE_AUTHORS] = LAYOUT("authors", author_row),
    [TABLE_INPUTS] = LAYOUT("inputs", input_row),
    [TABLE_REJECTS] = LAYOUT("rejects", reject_row),
    [TABLE_COVERAGE] = LAYOUT_NEWER("coverage", coverage_row),
    [TABLE_RESPONSE] = LAYOUT_NEWER("response", response_row),
    [TABLE_CONVERSATIONS] = LAYOUT_NEWER("conversations", conversation_row),
    [TABLE_HOURS] = LAYOUT_NEWER("hours", hour_row),
    [TABLE_REPLIES] = LAYOUT_NEWER("replies", reply_row),
    [TABLE_CHANCES] = LAYOUT_NEWER("chances", chance_row),
    [TABLE_OUTCOMES] = LAYOUT_NEWER("outcomes", outcome_row),
    [TABLE_JOURNEY] = LAYOUT_NEWER("journey", journey_row),
    [TABLE_TRANSITIONS] = LAYOUT_NEWER("transitions", transition_row),
    [TABLE_TOUCHPOINTS] = LAYOUT_NEWER("touchpoints", touchpoint_row),
    [TABLE_PEOPLE] = LAYOUT_NEWER("people", person_row),
    [TABLE_COMPARISON] = LAYOUT_NEWER("comparison", comparison_row),
    [TABLE_STAGES] = LAYOUT_NEWER("stages", stage_row),
    [TABLE_QUOTES] = LAYOUT_NEWER("quotes", quote_row),
};
