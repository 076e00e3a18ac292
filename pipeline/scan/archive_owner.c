#include "pipeline/scan/archive_owner.h"

#include "stages/common/files.h"
#include "stages/common/when.h"
#include "stages/unpack/unpack.h"

#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ACCOUNT_MAX = 1 << 20, PACKED_MAX = 65 << 20 };

static json_t *parse_assigned(struct span bytes, char open) {
    const char *from = bytes.len ? memchr(bytes.at, open, bytes.len) : NULL;
    size_t len = from ? (size_t)(bytes.at + bytes.len - from) : 0;
    return from ? json_loadb(from, len, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
}

/* window.YTD.account.part0 = [{"account": {"username": "norvia_pl", ...}}] */
static void parse_account(struct span bytes, struct archive_owner *out) {
    json_t *list = parse_assigned(bytes, '[');
    const json_t *account = json_object_get(json_array_get(list, 0), "account");
    const char *name = json_string_value(json_object_get(account, "username"));
    const char *number = json_string_value(json_object_get(account, "accountId"));
    if (name && strlen(name) < sizeof out->handle)
        snprintf(out->handle, sizeof out->handle, "%s", name);
    if (*out->handle && number && strlen(number) < sizeof out->id)
        snprintf(out->id, sizeof out->id, "%s", number);
    json_decref(list);
}

/* window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2026-06-01T00:00:00.000Z", ...}}; a
 * partial archive is no whole one until then. */
static void parse_manifest(struct span bytes, struct archive_owner *out) {
    json_t *root = parse_assigned(bytes, '{');
    const json_t *info = json_object_get(root, "archiveInfo");
    const char *made = json_string_value(json_object_get(info, "generationDate"));
    struct moment moment;
    if (made && !json_is_true(json_object_get(info, "isPartialArchive")) &&
        when_read(span_of(made), DATE_YEAR_FIRST, &moment) == WHEN_READ && !moment.naive)
        out->exported_s = floor_div(moment.us, US_PER_S);
    json_decref(root);
}

static const struct about_file {
    const char *name;
    void (*parse)(struct span bytes, struct archive_owner *out);
} about_files[] = {{"account.js", parse_account}, {"manifest.js", parse_manifest}};
enum { ABOUT_FILES = sizeof about_files / sizeof *about_files };

static void read_file(const char *path, const struct about_file *file, struct archive_owner *out) {
    struct buf bytes;
    buf_init(&bytes, ACCOUNT_MAX);
    if (file_read(path, &bytes, NULL) == STATUS_OK)
        file->parse(buf_as_span(&bytes), out);
    buf_release(&bytes);
}

/* All of a short member; false when it is long or damaged. */
static bool read_source(struct source *source, struct buf *bytes) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && buf_reserve(bytes, ACCOUNT_MAX / 16)) {
        size_t got = 0;
        status = source_read(source, bytes->at + bytes->len, ACCOUNT_MAX / 16, &got, NULL);
        bytes->len += got;
    }
    return status == STATUS_END;
}

static bool read_member(const struct member *member, struct span packed, struct budget *budget,
                        struct buf *bytes) {
    struct source *source = member->source;
    if (!member->packed)
        return read_source(source, bytes);
    bool read = source_open_packed(&source, packed, member->label, budget, NULL) == STATUS_OK &&
                read_source(source, bytes);
    source_close(source);
    return read;
}

/* A file of an archive that is still in its zip. */
static void read_zipped(const char *path, const struct about_file *file,
                        struct archive_owner *out) {
    struct input_path zip = {.path = (char *)path, .label = (char *)"archive"};
    struct budget budget;
    struct input *input;
    struct member member;
    struct buf packed, bytes;
    char name[64];
    snprintf(name, sizeof name, "data/%s", file->name);
    budget_init(&budget, unpack_limits_default());
    if (input_open(&input, &zip, &budget, NULL) != STATUS_OK)
        return;
    buf_init(&packed, PACKED_MAX);
    buf_init(&bytes, ACCOUNT_MAX);
    input_only(input, name);
    if (input_next(input, &member, &packed, NULL) == STATUS_OK &&
        read_member(&member, buf_as_span(&packed), &budget, &bytes))
        file->parse(buf_as_span(&bytes), out);
    buf_release(&packed);
    buf_release(&bytes);
    input_close(input);
}

bool archive_owner(const char *path, struct archive_owner *out) {
    static const char *const files[] = {"tweet*.js", "community-tweet*.js", "deleted-tweet*.js",
                                        "direct-messages*.js"};
    char beside[4096];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool known = false, zip = false;
    *out = (struct archive_owner){.exported_s = 0};
    zip = strlen(name) > 4 && strcasecmp(name + strlen(name) - 4, ".zip") == 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        known |= fnmatch(files[i], name, 0) == 0;
    for (int i = 0; i < ABOUT_FILES && (zip || known); i++) {
        int len = snprintf(beside, sizeof beside, "%.*s%s", (int)(name - path), path,
                           about_files[i].name);
        if (zip)
            read_zipped(path, &about_files[i], out);
        else if (len > 0 && (size_t)len < sizeof beside)
            read_file(beside, &about_files[i], out);
    }
    return *out->handle || out->exported_s > 0;
}
