/* Names of people in names of files: what private exports call threads and chats after those who
 * write in them. */
#include "stages/mask/mask.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Folders whose folders are named after the people of a thread: Meta's downloads. */
static const char *const thread_folders[] = {"inbox", "archived_threads", "filtered_threads",
                                             "message_requests", "e2ee_cutover"};

/* Beginnings of names that go on with a person's; "*" stands for any text before. */
static const struct beginning {
    const char *first, *then; /* `then` ends the beginning; NULL: `first` does */
} beginnings[] = {
    {"Direct Messages - ", NULL}, /* DiscordChatExporter */
    {"whatsapp", " with "},       /* WhatsApp Chat with */
    {"whatsapp", " z "},          /* Czat WhatsApp z */
    {"whatsapp", " mit "},
    {"whatsapp", " con "},
    {"whatsapp", " avec "},
    {"whatsapp", " com "},
    {"whatsapp", " met "},
    {"whatsapp", " - "},
    {"whatsapp", " \xE2\x80\x93 "},
    {"whatsapp", " \xE2\x80\x94 "},
};

/* Where `what` begins in `text`; blanks may be underscores or plus signs; case of ASCII is ignored.
 */
static size_t find_words(struct span text, const char *what) {
    size_t len = strlen(what);
    for (size_t at = 0; at + len <= text.len; at++) {
        size_t i = 0;
        while (i < len && (what[i] == ' ' ? strchr(" _+", text.at[at + i]) && text.at[at + i]
                                          : strncasecmp(what + i, text.at + at + i, 1) == 0))
            i++;
        if (i == len)
            return at;
    }
    return SIZE_MAX;
}

/* The part of a name that is a person's: behind the beginning, before the ending or " [id]". */
static struct span named_part(struct span name) {
    size_t begin = SIZE_MAX;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const struct beginning *known = &beginnings[i];
        size_t at = find_words(name, known->first), behind;
        if (at == SIZE_MAX)
            continue;
        behind = at + strlen(known->first);
        if (known->then) {
            struct span rest = {name.at + behind, name.len - behind};
            at = find_words(rest, known->then);
            if (at == SIZE_MAX)
                continue;
            behind += at + strlen(known->then);
        }
        begin = behind < begin ? behind : begin;
    }
    if (begin >= name.len)
        return (struct span){NULL, 0};
    struct span part = {name.at + begin, name.len - begin};
    size_t id = find_words(part, " [");
    for (size_t end = part.len; id == SIZE_MAX && end > 1 && part.len - end < 8; end--)
        if (part.at[end - 1] == '.')
            id = end - 1;
    part.len = id < part.len ? id : part.len;
    for (size_t i = 0; i < part.len; i++) /* a sentence that quotes the name goes on */
        if (part.at[i] == '"' || part.at[i] == ':')
            part.len = i;
    return part;
}

static bool is_thread_folder(struct span name) {
    for (size_t i = 0; i < sizeof thread_folders / sizeof *thread_folders; i++)
        if (span_is(name, thread_folders[i]))
            return true;
    return false;
}

struct span mask_label_person(struct span label) {
    struct span before = {NULL, 0};
    for (size_t at = 0; at < label.len;) {
        const char *slash = memchr(label.at + at, '/', label.len - at);
        size_t end = slash ? (size_t)(slash - label.at) : label.len;
        struct span name = {label.at + at, end - at}, part = named_part(name);
        if (slash && before.at && is_thread_folder(before))
            part = name;
        if (part.len)
            return part;
        before = name;
        at = end + 1;
    }
    return (struct span){NULL, 0};
}

void mask_label(struct span label, char *out, size_t size) {
    struct span part;
    size_t len = 0;
    while ((part = mask_label_person(label)).len && len < size) {
        size_t before = (size_t)(part.at - label.at);
        len += (size_t)snprintf(out + len, size - len, "%.*s\xE2\x80\xA6", (int)before, label.at);
        label = (struct span){part.at + part.len, label.len - before - part.len};
    }
    if (len < size)
        snprintf(out + len, size - len, "%.*s", (int)label.len, label.at);
}
