#include "stages/decode/decode.h"

static const struct {
    const char *name, *meaning;
} rejects[REJECT_COUNT] = {
    [REJECT_NONE] = {"none", "nothing is wrong"},
    [NOTICE_DELETE] = {"delete_notice", "a notice that a post was deleted or withheld; no error"},
    [NOTICE_CONTROL] = {"control_message", "a message of the service itself; no error"},
    [REJECT_SYNTAX] = {"syntax", "the record is broken and could not be repaired"},
    [REJECT_TOO_LONG] = {"too_long", "the record is longer than allowed"},
    [REJECT_TOO_DEEP] = {"too_deep", "the record nests deeper than 64 levels"},
    [REJECT_NOT_A_POST] = {"not_a_post", "the record is sound but holds no post"},
    [REJECT_NO_TIME] = {"no_time", "the post does not say when it was written"},
    [REJECT_BAD_TIME] = {"bad_time",
                         "the time cannot be read, contradicts --day-first or --month-first, or "
                         "lies after 2100"},
    [REJECT_NO_ZONE] = {"no_zone",
                        "the time states no zone: say whose local time it is, for example "
                        "--tz Europe/Warsaw"},
    [REJECT_NO_TEXT] = {"no_text", "the post has no text field"},
    [REJECT_RAGGED] = {"ragged", "the row has more or fewer fields than the header"},
    [NOTICE_ENGAGEMENT] = {"engagement_notice",
                           "a like or repost that counts for its post; no error"},
    [REJECT_DATE_ORDER] = {"date_order",
                           "03/04/2023 may be 3 April or March 4, and no date of the file tells: "
                           "give --day-first or --month-first"},
    [REJECT_RELATIVE_TIME] = {"relative_time",
                              "the time is told from a moment that the file does not state (\"2 "
                              "hours ago\"): export dates"},
    [NOTICE_PRIVATE] = {"private_message",
                        "a private message without an account of the brands, or an internal "
                        "note: left out unless --private asks for them; no error"},
};

const char *reject_name(enum reject_reason reason) {
    return (unsigned)reason < REJECT_COUNT ? rejects[reason].name : "unknown";
}

const char *reject_meaning(enum reject_reason reason) {
    return (unsigned)reason < REJECT_COUNT ? rejects[reason].meaning : "unknown";
}

bool reject_is_notice(enum reject_reason reason) {
    return reason == NOTICE_DELETE || reason == NOTICE_CONTROL || reason == NOTICE_ENGAGEMENT ||
           reason == NOTICE_PRIVATE;
}

static const struct {
    const char *name, *meaning;
} repairs[REPAIR_COUNT] = {
    [REPAIR_ENCODING] = {"encoding", "read after this kind of damage was repaired"},
    [REPAIR_SURROGATE] = {"surrogate", "read after this kind of damage was repaired"},
    [REPAIR_ESCAPE] = {"escape", "read after this kind of damage was repaired"},
    [REPAIR_NUMBER] = {"number", "read after this kind of damage was repaired"},
    [REPAIR_QUOTE] = {"quote", "read after this kind of damage was repaired"},
    [REPAIR_REPEATED_HOUR] = {"repeated_hour",
                              "local times in the autumn hour that the clock shows twice: told "
                              "apart by the order of the rows, else taken for the earlier"},
    [REPAIR_SKIPPED_HOUR] = {"skipped_hour",
                             "local times in the spring hour that the clock skips: taken for the "
                             "hour after it; is --tz right?"},
    [REPAIR_ROUGH_TIME] = {"rough_time",
                           "posts that state only their hour, day or month: spread evenly over "
                           "it, which hour of the day is not known"},
};

const char *repair_name(enum repair repair) {
    return (unsigned)repair < REPAIR_COUNT ? repairs[repair].name : "unknown";
}

const char *repair_meaning(enum repair repair) {
    return (unsigned)repair < REPAIR_COUNT ? repairs[repair].meaning : "unknown";
}
