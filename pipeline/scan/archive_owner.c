#include "pipeline/scan/archive_owner.h"

#include "stages/common/files.h"
#include "stages/unpack/unpack.h"

#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ACCOUNT_MAX = 1 << 20, PACKED_MAX = 65 << 20 };

/* window.YTD.account.part0 = [{"account": {"username": "norvia_pl", ...}}] */
static bool parse_account(struct span bytes, char *handle, char *id, size_t size) {
    const char *from = bytes.len ? memchr(bytes.at, '[', bytes.len) : NULL;
    size_t len = from ? (size_t)(bytes.at + bytes.len - from) : 0;
    json_t *list = from ? json_loadb(from, len, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    const json_t *account = json_object_get(json_array_get(list, 0), "account");
    const char *name = json_string_value(json_object_get(account, "username"));
    const char *number = json_string_value(json_object_get(account, "accountId"));
    bool found = name && *name && strlen(name) < size;
    if (found)
        snprintf(handle, size, "%s", name);
    snprintf(id, size, "%s", number && strlen(number) < size ? number : "");
    json_decref(list);
    return found;
}

static bool read_account(const char *path, char *handle, char *id, size_t size) {
    struct buf bytes;
    buf_init(&bytes, ACCOUNT_MAX);
    bool found = file_read(path, &bytes, NULL) == STATUS_OK &&
                 parse_account(buf_as_span(&bytes), handle, id, size);
    buf_release(&bytes);
    return found;
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

/* The account of an archive that is still in its zip. */
static bool zip_account(const char *path, char *handle, char *id, size_t size) {
    struct input_path zip = {.path = (char *)path, .label = (char *)"archive"};
    struct budget budget;
    struct input *input;
    struct member member;
    struct buf packed, bytes;
    bool found = false;
    budget_init(&budget, unpack_limits_default());
    if (input_open(&input, &zip, &budget, NULL) != STATUS_OK)
        return false;
    buf_init(&packed, PACKED_MAX);
    buf_init(&bytes, ACCOUNT_MAX);
    input_only(input, "data/account.js");
    if (input_next(input, &member, &packed, NULL) == STATUS_OK)
        found = read_member(&member, buf_as_span(&packed), &budget, &bytes) &&
                parse_account(buf_as_span(&bytes), handle, id, size);
    buf_release(&packed);
    buf_release(&bytes);
    input_close(input);
    return found;
}

bool archive_owner(const char *path, char *handle, char *id, size_t size) {
    static const char *const files[] = {"tweet*.js", "community-tweet*.js", "deleted-tweet*.js",
                                        "direct-messages*.js"};
    char beside[4096];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool known = false;
    if (strlen(name) > 4 && strcasecmp(name + strlen(name) - 4, ".zip") == 0)
        return zip_account(path, handle, id, size);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        known |= fnmatch(files[i], name, 0) == 0;
    int len = snprintf(beside, sizeof beside, "%.*saccount.js", (int)(name - path), path);
    return known && len > 0 && (size_t)len < sizeof beside &&
           read_account(beside, handle, id, size);
}
