#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>

void study_init(struct study *study, const struct config *config) {
    *study = (struct study){.config = config};
    for (int i = 0; i < PLATFORM_COUNT; i++)
        study->stated.exported_s[i] = TIME_NONE;
    tally_init(&study->tally);
    audit_init(&study->audit);
}

void study_release(struct study *study) {
    for (size_t i = 0; study->brands && i < study->config->brand_count; i++) {
        brand_events_release(&study->brands[i].events);
        brand_series_release(&study->brands[i].series);
    }
    free(study->brands);
    free(study->loaded);
    free(study->lists);
    free(study->listed);
    free(study->kept.rows);
    free(study->kept.channel);
    free(study->kept.followers);
    arena_release(&study->channel_names);
    symbols_release(&study->kept.channels);
    free(study->author_codes);
    free(study->post_care.class);
    free(study->post_care.chance);
    free(study->post_care.state);
    free(study->post_care.answer);
    free(study->post_care.after_s);
    public_handles_release(&study->handles);
    free(study->channel);
    free(study->channel_platform);
    mention_table_release(&study->mentions);
    tally_release(&study->tally);
    coverage_release(&study->coverage);
    free(study->stated.days);
    audit_release(&study->audit);
}

static enum status name_brands(struct study *study, struct fault *fault) {
    for (size_t i = 0; i < study->config->brand_count; i++)
        if (!names_add(&study->audit.brands, span_of(study->config->brands[i].id)) ||
            !names_add(&study->audit.brand_names, span_of(study->config->brands[i].name)))
            return fault_memory(fault);
    return STATUS_OK;
}

static bool add_number(struct audit *audit, const char *name, uint64_t number) {
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    return audit_note(audit, name, text);
}

static enum status fill_provenance(struct study *study, const struct scan_id *id,
                                   struct fault *fault) {
    struct audit *audit = &study->audit;
    struct buf text;
    char library[64], first[ISO_SIZE], last[ISO_SIZE];
    buf_init(&text, 64 << 20);
    enum status status = config_text(study->config, CONFIG_SHOWN, &text, fault);
    buf_char(&text, 0);
    store_library(library, sizeof library);
    first[0] = last[0] = 0;
    if (study->to_s >= study->from_s) {
        when_iso(study->from_s, first);
        when_iso(study->to_s, last);
    }
    bool ok = status == STATUS_OK && !text.failed && audit_note(audit, "configuration", text.at) &&
              audit_note(audit, "program", "burza " BURZA_VERSION) &&
              audit_note(audit, "libraries", library) &&
              audit_note(audit, "lexicons_sha256", id->lexicons) &&
              audit_note(audit, "scan_digest", id->digest) &&
              audit_note(audit, "timezone", study->config->timezone) &&
              audit_note(audit, "first_post", first) && audit_note(audit, "last_post", last) &&
              add_number(audit, "records", study->tally.records) &&
              add_number(audit, "posts", study->tally.posts - study->duplicate_posts) &&
              add_number(audit, "duplicate_posts", study->duplicate_posts) &&
              add_number(audit, "embedded_posts", study->tally.embedded) &&
              add_number(audit, "mention_rows", study->mention_rows) &&
              add_number(audit, "duplicate_mentions", study->duplicates) &&
              add_number(audit, "posts_outside_main_time_span", study->left_out_posts) &&
              add_number(audit, "mentions_outside_main_time_span", study->left_out_mentions);
    buf_release(&text);
    return status != STATUS_OK ? status : ok ? STATUS_OK : fault_memory(fault);
}

enum status study_run(struct study *study, const struct scanned_inputs *inputs,
                      const struct reply_roots *roots, const struct scan_id *id,
                      struct fault *fault) {
    typedef enum status step(struct study *, struct fault *);
    static step *const steps[] = {
        study_handles,      name_brands,          study_order,         study_name_channels,
        study_time_span,    study_coverage_table, study_channels,      study_lists,
        study_grids,        study_events,         study_fill_baseline, study_event_tables,
        study_alarm_table,  study_spread_table,   study_brand_tables,  study_care_tables,
        study_stage_tables, study_smallest_cell,  study_posts};
    enum status status = study_load_shards(study, inputs, roots, fault);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == STATUS_OK; i++) {
        status = steps[i](study, fault);
        if (status == STATUS_OK && stop_wanted())
            status =
                fault_set(fault, STATUS_FATAL, 128 + stop_wanted(),
                          "interrupted; give the same command again to go on where it stopped");
    }
    if (status == STATUS_OK)
        status = fill_provenance(study, id, fault);
    return status;
}
