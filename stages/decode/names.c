#include "stages/decode/decode.h"

static const struct {
    const char *name, *meaning;
} rejects[REJECT_COUNT] = {
    [REJECT_NONE] = {"none", "nothing is wrong"},
    [NOTICE_DELETE] = {"delete_notice", "a notice that a post was deleted; no error"},
    [NOTICE_CONTROL] = {"control_message", "a message of the service itself; no error"},
    [REJECT_SYNTAX] = {"syntax", "the record is broken and could not be repaired"},
    [REJECT_TOO_LONG] = {"too_long", "the record is longer than allowed"},
    [REJECT_TOO_DEEP] = {"too_deep", "the record nests deeper than 64 levels"},
    [REJECT_NOT_A_POST] = {"not_a_post", "the record is sound but holds no post"},
    [REJECT_NO_TIME] = {"no_time", "the post does not say when it was written"},
    [REJECT_BAD_TIME] = {"bad_time",
                         "the time cannot be read (03/04 is March 4 unless --day-first), "
                         "or lies outside of 1995 to 2100"},
    [REJECT_NO_ZONE] = {"no_zone",
                        "the time states no zone: say whose local time it is, for example "
                        "--tz Europe/Warsaw"},
    [REJECT_NO_TEXT] = {"no_text", "the post has no text field"},
    [REJECT_RAGGED] = {"ragged", "the row has more or fewer fields than the header"},
    [NOTICE_ENGAGEMENT] = {"engagement_notice",
                           "a like or repost that counts for its post; no error"},
};

const char *reject_name(enum reject_reason reason) {
    return (unsigned)reason < REJECT_COUNT ? rejects[reason].name : "unknown";
}

const char *reject_meaning(enum reject_reason reason) {
    return (unsigned)reason < REJECT_COUNT ? rejects[reason].meaning : "unknown";
}

bool reject_is_notice(enum reject_reason reason) {
    return reason == NOTICE_DELETE || reason == NOTICE_CONTROL || reason == NOTICE_ENGAGEMENT;
}

const char *repair_name(enum repair repair) {
    static const char *const names[REPAIR_COUNT] = {
        [REPAIR_ENCODING] = "encoding", [REPAIR_SURROGATE] = "surrogate",
        [REPAIR_ESCAPE] = "escape",     [REPAIR_NUMBER] = "number",
        [REPAIR_QUOTE] = "quote",
    };
    return (unsigned)repair < REPAIR_COUNT ? names[repair] : "unknown";
}
