#include "stages/store/store.h"

#include "stages/store/h5.h"
#include "stages/store/seal.h"

#include <stdio.h>
#include <stdlib.h>

const char *const grid_names[GRID_COUNT] = {"hourly", "daily"};

void store_init(void) {
    /* burza has a lock for each folder that it writes to; the library's fail where a file system
     * has none */
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
    /* HDF5 1.10 can crash in its own exit handler after a full disk */
    H5dont_atexit();
    /* a file may name a filter that some plugin of the machine would be loaded for */
    H5PLset_loading_state(0);
}

enum status store_verify(const char *path, struct fault *fault) {
    return seal_check(path, fault);
}

enum status store_seal(const char *path, char hex[72], struct fault *fault) {
    enum status status = seal_check(path, fault);
    if (status == STATUS_OK && !seal_read(path, hex))
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\"", path);
    return status;
}

bool store_is_sealed(const char *path) {
    return seal_present(path);
}

void store_library(char *out, size_t size) {
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(out, size, "HDF5 %u.%u.%u", major, minor, release);
}

void audit_init(struct audit *audit) {
    *audit = (struct audit){0};
    mention_rows_init(&audit->posts);
}

void audit_release(struct audit *audit) {
    free(audit->brands.at);
    free(audit->brand_names.at);
    free(audit->channels.at);
    for (int i = 0; i < GRID_COUNT; i++)
        grid_release(&audit->grids[i]);
    for (int i = 0; i < TABLE_COUNT; i++)
        free(audit->tables[i].rows);
    mention_rows_release(&audit->posts);
    free(audit->post_care.class);
    free(audit->post_care.chance);
    free(audit->post_care.state);
    free(audit->post_care.answer);
    free(audit->post_care.after_s);
    free(audit->evidence_marks);
    for (size_t i = 0; i < audit->provenance_count; i++)
        free(audit->provenance[i].text);
    audit_init(audit);
}

bool audit_note(struct audit *audit, const char *name, const char *text) {
    if (audit->provenance_count == PROVENANCE_MAX)
        return false;
    struct provenance_entry *entry = &audit->provenance[audit->provenance_count];
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->text = strdup(text);
    audit->provenance_count += entry->text != NULL;
    return entry->text != NULL;
}

const char *audit_noted(const struct audit *audit, const char *name) {
    for (size_t i = 0; i < audit->provenance_count; i++)
        if (strcmp(audit->provenance[i].name, name) == 0)
            return audit->provenance[i].text;
    return "";
}

bool names_add(struct names *names, struct span name) {
    void *at = realloc(names->at, (names->count + 1) * sizeof *names->at);
    if (!at)
        return false;
    names->at = at;
    row_text(names->at[names->count++], sizeof *names->at, name.at, name.len);
    return true;
}
