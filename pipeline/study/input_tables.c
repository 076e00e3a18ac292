/* The tables inputs and rejects: what was read, and what of it could not be used. */
#include "pipeline/study/study.h"

#include <stdio.h>

static bool add_reject_row(struct study *study, const char *label, const char *reason,
                           const char *type, const char *meaning, uint64_t records) {
    struct reject_row *row = records ? table_add(&study->audit, TABLE_REJECTS) : NULL;
    if (!row)
        return !records;
    ROW_SET(row, input, span_of(label));
    ROW_SET(row, reason, span_of(reason));
    ROW_SET(row, type, span_of(type));
    ROW_SET(row, meaning, span_of(meaning));
    row->records = (int64_t)records;
    return true;
}

/* `outside`: posts that the window of time left out. */
static bool add_reject_rows(struct study *study, const char *label, const struct tally *tally,
                            uint64_t outside) {
    bool ok = true;
    for (int i = 0; i < REJECT_COUNT && ok; i++) {
        bool notice = reject_is_notice((enum reject_reason)i);
        ok = add_reject_row(study, label, reject_name((enum reject_reason)i),
                            notice ? "notice" : "reject", reject_meaning((enum reject_reason)i),
                            tally->rejects[i]);
    }
    ok = ok && add_reject_row(study, label, "outside_window", "notice",
                              "posts outside of --since and --until; no error", outside);
    for (int i = 0; i < REPAIR_COUNT && ok; i++)
        ok = add_reject_row(study, label, repair_name((enum repair)i), "repair",
                            repair_meaning((enum repair)i), tally->repairs[i]);
    return ok;
}

static int64_t seconds_or_none(int64_t us) {
    return us == TIME_NONE ? -1 : floor_div(us, US_PER_S);
}

static bool has_format(const struct input_row *row, const char *name, size_t len) {
    for (const char *at = row->formats; *at;) {
        size_t here = strcspn(at, ",");
        if (here == len && memcmp(at, name, len) == 0)
            return true;
        at += here;
        at += strspn(at, ", ");
    }
    return false;
}

/* "json, csv": those of all segments in the order in which they come, wherever these were cut. */
static void add_formats(struct input_row *row, const char *formats) {
    while (*formats) {
        size_t len = strcspn(formats, ","), used = strlen(row->formats);
        if (!has_format(row, formats, len))
            snprintf(row->formats + used, sizeof row->formats - used, "%s%.*s", used ? ", " : "",
                     (int)len, formats);
        formats += len;
        formats += strspn(formats, ", ");
    }
}

/* What the shards of the first pass say of the file: true when it was damaged. */
static bool fill_file(const struct scanned_input *input, struct input_row *row) {
    const struct shard_head *last = scanned_input_head(input);
    bool damaged = false, grave = false;
    for (size_t i = 0; i < input->first.count; i++) {
        const struct shard_head *head = &input->first.at[i].head;
        bool worse = !grave && (head->damaged || head->members_skipped) && head->note[0];
        grave |= worse;
        damaged |= head->damaged != 0;
        row->members += (int32_t)head->members;
        row->members_skipped += (int32_t)head->members_skipped;
        row->bytes_out += head->bytes_out;
        if (!row->note[0] || worse) /* what was lost says more than an odd row */
            ROW_SET(row, note, span_of(head->note));
        add_formats(row, head->formats);
    }
    if (!grave && input->needs_pass)
        ROW_SET(row, note,
                span_of("replies in conversations that other inputs began were not looked for"));
    ROW_SET(row, input, span_of(last->label));
    ROW_SET(row, container, span_of(last->container));
    ROW_SET(row, codec, span_of(last->codec));
    ROW_SET(row, sha256, span_of(last->sha256));
    if (last->sha256[0])
        ROW_SET(row, digest, span_of(digest_kind_names[digest_kind_of(last->digest)]));
    ROW_SET(row, reading, span_of(last->reading));
    row->bytes = last->bytes;
    return damaged;
}

enum status study_add_input(struct study *study, const struct scanned_input *input, bool duplicate,
                            const struct tally *tally, size_t mentions, struct fault *fault) {
    struct input_row *row = table_add(&study->audit, TABLE_INPUTS);
    if (!row)
        return fault_memory(fault);
    uint64_t rejects = 0, unusable = 0; /* unusable: should have been posts */
    for (int i = 0; i < TALLY_REASONS; i++) {
        rejects += tally->rejects[i];
        if (i < REJECT_COUNT && !reject_is_notice((enum reject_reason)i))
            unusable += tally->rejects[i];
    }
    /* posts before --since or from --until on are neither counted as posts nor rejected */
    const struct shard_head *last = scanned_input_head(input);
    bool window = strstr(last->reading, "\"since_us\"") || strstr(last->reading, "\"until_us\"");
    for (size_t i = 0; i < study->config->input_count; i++) /* 0.1.0 did not say it there */
        window |=
            !last->revision && (study->config->inputs[i].since || study->config->inputs[i].until);
    uint64_t outside = window ? tally->records - tally->posts - rejects : 0;
    bool damaged = fill_file(input, row), whole = input->first.whole;
    ROW_SET(row, status,
            span_of(!whole                                  ? "incomplete"
                    : duplicate                             ? "duplicate"
                    : !row->members && row->members_skipped ? "skipped"
                    : damaged                               ? "damaged"
                                                            : "whole"));
    uint64_t rough = tally->repairs[REPAIR_ROUGH_TIME];
    if (!row->note[0] && rough)
        snprintf(row->note, sizeof row->note,
                 "%llu posts state only their hour, day or month and are spread over it",
                 (unsigned long long)rough);
    row->records = (int64_t)tally->records;
    row->posts = duplicate ? 0 : (int64_t)tally->posts;
    row->duplicates = duplicate ? (int64_t)tally->posts : 0; /* of others copies.c knows */
    row->embedded = (int64_t)tally->embedded;
    row->rejects = (int64_t)(rejects + outside);
    row->mentions = (int64_t)mentions;
    row->first = seconds_or_none(tally->first_us);
    row->last = seconds_or_none(tally->last_us);
    study->incomplete |= !whole;
    study->damaged |= (damaged && !duplicate) || row->members_skipped > 0 ||
                      (!tally->posts && !outside && unusable);
    return add_reject_rows(study, row->input, tally, outside) ? STATUS_OK : fault_memory(fault);
}
