/* An audit on disk: /hourly and /daily (grids.c), /tables (compounds), /posts (columns), and
 * /provenance (texts). */
#include "stages/store/columns.h"
#include "stages/store/file_format.h"
#include "stages/store/grids.h"
#include "stages/store/post_columns.h"
#include "stages/store/publish.h"
#include "stages/store/seal.h"

#include <stdlib.h>

void *table_add(struct audit *audit, enum table_id id) {
    struct audit_table *table = &audit->tables[id];
    size_t size = table_layouts[id].row_size;
    /* grows at powers of two */
    if ((table->count & (table->count - 1)) == 0) {
        void *rows = realloc(table->rows, (table->count ? table->count * 2 : 1) * size);
        if (!rows)
            return NULL;
        table->rows = rows;
    }
    void *row = (char *)table->rows + table->count++ * size;
    memset(row, 0, size);
    return row;
}

struct audit_writer {
    struct publication file;
    const struct audit *audit;
    struct post_writer posts;
};

enum status audit_write_begin(const char *path, const struct audit *audit,
                              struct audit_writer **out, struct fault *fault) {
    struct audit_writer *writer = calloc(1, sizeof *writer);
    enum status status =
        writer ? publish_begin(&writer->file, path, EXIT_CANTCREATE, fault) : fault_memory(fault);
    if (status != STATUS_OK) {
        free(writer);
        return status;
    }
    struct h5 *h5 = &writer->file.h5;
    writer->audit = audit;
    hid_t root = h5_group_open(h5, "/");
    h5_attribute_text(h5, root, "Conventions", "CF-1.8");
    h5_attribute_text(h5, root, "title", "burza brand audit");
    h5_attribute_text(h5, root, "source", audit_noted(audit, "program"));
    h5_attribute_text(h5, root, "references", "see /provenance; times are UTC");
    file_format_write(h5, root);
    h5_group_close(root);
    for (int i = 0; i < GRID_COUNT && !h5->failed; i++)
        grid_write(h5, audit, (enum grid_id)i);
    hid_t tables = h5_group_make(h5, "/tables");
    for (int i = 0; i < TABLE_COUNT; i++)
        h5_write_rows(h5, tables, &table_layouts[i], audit->tables[i].rows, audit->tables[i].count);
    h5_group_close(tables);
    if (audit->source.mentions)
        posts_begin(&writer->posts, h5, audit);
    *out = writer;
    return STATUS_OK;
}

bool audit_write_posts(struct audit_writer *writer, const struct post_block *block) {
    posts_add(&writer->posts, block);
    return !writer->file.h5.failed;
}

enum status audit_write_end(struct audit_writer *writer, struct fault *fault) {
    struct h5 *h5 = &writer->file.h5;
    const struct audit *audit = writer->audit;
    if (audit->source.mentions)
        posts_end(&writer->posts, h5);
    hid_t provenance = h5_group_make(h5, "/provenance");
    for (size_t i = 0; i < audit->provenance_count; i++) {
        const char *text = audit->provenance[i].text;
        h5_write_strings(h5, provenance, audit->provenance[i].name, &text, 1);
    }
    column_write_names(h5, provenance, "brand_names", &audit->brand_names);
    h5_group_close(provenance);
    enum status status = publish_end(&writer->file, fault);
    free(writer);
    return status;
}

enum status audit_write(const char *path, const struct audit *audit, struct fault *fault) {
    struct audit_writer *writer;
    enum status status = audit_write_begin(path, audit, &writer, fault);
    return status == STATUS_OK ? audit_write_end(writer, fault) : status;
}

/* ---- reading ---- */

static void read_names(struct h5 *h5, const char *path, const char *name, struct names *names) {
    size_t count;
    hid_t group = h5_group_open(h5, path);
    char **texts = h5_read_strings(h5, group, name, &count);
    for (size_t i = 0; texts && i < count; i++) {
        if (!texts[i] || !names_add(names, span_of(texts[i])))
            h5_fail(h5, name);
        free(texts[i]);
    }
    free(texts);
    h5_group_close(group);
}

static herr_t read_entry(hid_t group, const char *name, const H5L_info_t *info, void *context) {
    void **pair = context;
    struct h5 *h5 = pair[0];
    struct audit *audit = pair[1];
    size_t count;
    (void)info;
    if (strcmp(name, "brand_names") == 0)
        return 0;
    char **texts = h5_read_strings(h5, group, name, &count);
    if (texts && count == 1 && texts[0] && !audit_note(audit, name, texts[0]))
        h5_fail(h5, "out of memory");
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
    return h5->failed ? -1 : 0;
}

static void read_all(struct h5 *h5, bool with_posts, struct audit *audit) {
    read_names(h5, "/hourly", "brand", &audit->brands);
    read_names(h5, "/hourly", "channel", &audit->channels);
    read_names(h5, "/provenance", "brand_names", &audit->brand_names);
    if (audit->brand_names.count != audit->brands.count)
        h5_fail(h5, "brand_names");
    for (int i = 0; i < GRID_COUNT && !h5->failed; i++)
        grid_read(h5, audit, (enum grid_id)i);
    hid_t tables = h5_group_open(h5, "/tables");
    for (int i = 0; i < TABLE_COUNT; i++)
        if (!table_layouts[i].newer || h5_has(h5, tables, table_layouts[i].name))
            audit->tables[i].rows =
                h5_read_rows(h5, tables, &table_layouts[i], &audit->tables[i].count);
    h5_group_close(tables);
    hid_t provenance = h5_group_open(h5, "/provenance");
    void *pair[2] = {h5, audit};
    if (!h5->failed)
        H5Literate(provenance, H5_INDEX_NAME, H5_ITER_INC, NULL, read_entry, pair);
    h5_group_close(provenance);
    if (!h5->failed && with_posts && H5Lexists(h5->file, "/posts", H5P_DEFAULT) > 0)
        posts_read(h5, audit);
}

enum status audit_read(const char *path, bool with_posts, struct audit *out, struct fault *fault) {
    struct h5 h5;
    audit_init(out);
    enum status status = seal_check(path, fault);
    if (status != STATUS_OK)
        return status;
    h5_lock();
    h5_open(&h5, path);
    if (!h5.failed && H5Lexists(h5.file, "/hourly", H5P_DEFAULT) <= 0)
        h5_fail(&h5, "it is not an audit (a shard?)");
    hid_t root = h5_group_open(&h5, "/");
    file_format_check(&h5, root);
    h5_group_close(root);
    read_all(&h5, with_posts, out);
    bool ok = h5_close(&h5);
    h5_unlock();
    if (ok)
        return STATUS_OK;
    audit_release(out);
    return fault_set(fault, STATUS_FATAL, h5.system ? EXIT_IO : EXIT_DATA, "cannot read \"%s\": %s",
                     path, h5.what);
}

enum status audit_read_inputs(const char *path, struct audit *out, struct fault *fault) {
    struct h5 h5;
    struct audit_table *table = &out->tables[TABLE_INPUTS];
    audit_init(out);
    enum status status = seal_check(path, fault);
    if (status != STATUS_OK)
        return status;
    h5_lock();
    h5_open(&h5, path);
    if (!h5.failed && H5Lexists(h5.file, "/tables", H5P_DEFAULT) <= 0)
        h5_fail(&h5, "it is not an audit (a shard?)");
    hid_t tables = h5_group_open(&h5, "/tables");
    table->rows = h5_read_rows(&h5, tables, &table_layouts[TABLE_INPUTS], &table->count);
    h5_group_close(tables);
    bool ok = h5_close(&h5);
    h5_unlock();
    if (ok)
        return STATUS_OK;
    audit_release(out);
    return fault_set(fault, STATUS_FATAL, h5.system ? EXIT_IO : EXIT_DATA, "cannot read \"%s\": %s",
                     path, h5.what);
}
