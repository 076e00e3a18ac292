#include "pipeline/scan/archive_owner.h"

#include "stages/common/files.h"

#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* window.YTD.account.part0 = [{"account": {"username": "norvia_pl", ...}}] */
static bool read_account(const char *path, char *handle, char *id, size_t size) {
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    bool read = file_read(path, &bytes, NULL) == STATUS_OK;
    const char *from = read && bytes.len ? memchr(bytes.at, '[', bytes.len) : NULL;
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
    buf_release(&bytes);
    return found;
}

bool archive_owner(const char *path, char *handle, char *id, size_t size) {
    static const char *const files[] = {"tweet*.js", "community-tweet*.js", "deleted-tweet*.js",
                                        "direct-messages*.js"};
    char beside[4096];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool known = false;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        known |= fnmatch(files[i], name, 0) == 0;
    int len = snprintf(beside, sizeof beside, "%.*saccount.js", (int)(name - path), path);
    return known && len > 0 && (size_t)len < sizeof beside &&
           read_account(beside, handle, id, size);
}
