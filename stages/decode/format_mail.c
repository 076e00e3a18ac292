/* Mail: a mailbox (mbox: messages behind lines "From SENDER DATE") and single messages (.eml), read
 * by GMime: encoded words, charsets, quoted-printable, parts. Of several parts the first plain text
 * speaks, else the first HTML. A date that cannot be read is none. */
#include "stages/decode/text_syntax.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <strings.h>

/* "From ala@example.com Mon Mar  2 08:00:00 2026" */
static bool begins_message(struct span line) {
    size_t colons = 0, digits = 0;
    if (!span_starts(line, "From ") || line.len > 400)
        return false;
    for (size_t i = 5; i < line.len; i++) {
        colons += line.at[i] == ':';
        digits += line.at[i] >= '0' && line.at[i] <= '9';
    }
    return colons >= 1 && digits >= 7;
}

static bool never(struct span line) {
    (void)line;
    return false;
}

/* Whether the lines up to the first empty one are headers of a mail. */
static bool is_message(struct span head) {
    bool from = false, date = false;
    for (int lines = 0; head.len && lines < 200; lines++) {
        const char *feed = memchr(head.at, '\n', head.len);
        size_t len = feed ? (size_t)(feed - head.at) : head.len;
        struct span line = {head.at, len && head.at[len - 1] == '\r' ? len - 1 : len};
        const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;
        bool folded = lines && line.len && (*line.at == ' ' || *line.at == '\t');
        if (!line.len)
            return from && date;
        if (!folded && (!colon || memchr(line.at, ' ', (size_t)(colon - line.at))))
            return false;
        from |= line.len > 5 && strncasecmp(line.at, "From:", 5) == 0;
        date |= line.len > 5 && (strncasecmp(line.at, "Date:", 5) == 0 ||
                                 strncasecmp(line.at, "Message-ID:", 11) == 0);
        head = (struct span){head.at + len + (feed != NULL), head.len - len - (feed != NULL)};
    }
    return false;
}

static void start_gmime(void) {
    g_mime_init();
}

static struct span copied(struct arena *arena, const char *text) {
    return text && *text ? arena_copy(arena, span_of(text)) : (struct span){NULL, 0};
}

/* The first part of the wanted kind that is no attachment, in the order of the message. */
static GMimeTextPart *find_text(GMimeObject *part, const char *kind) {
    if (GMIME_IS_MULTIPART(part)) {
        GMimeMultipart *parts = GMIME_MULTIPART(part);
        for (int i = 0; i < g_mime_multipart_get_count(parts); i++) {
            GMimeTextPart *found = find_text(g_mime_multipart_get_part(parts, i), kind);
            if (found)
                return found;
        }
        return NULL;
    }
    GMimeContentDisposition *shown = part ? g_mime_object_get_content_disposition(part) : NULL;
    bool attached = shown && g_mime_content_disposition_is_attachment(shown);
    GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;
    bool is =
        GMIME_IS_TEXT_PART(part) && !attached && g_mime_content_type_is_type(type, "text", kind);
    return is ? GMIME_TEXT_PART(part) : NULL;
}

static void read_text(GMimeMessage *message, struct arena *arena,
                      struct span columns[TEXT_COLUMNS]) {
    GMimeObject *body = g_mime_message_get_mime_part(message);
    GMimeTextPart *plain = body ? find_text(body, "plain") : NULL;
    GMimeTextPart *html = body && !plain ? find_text(body, "html") : NULL;
    char *text = plain || html ? g_mime_text_part_get_text(plain ? plain : html) : NULL;
    columns[plain ? TEXT_BODY : TEXT_HTML] = copied(arena, text);
    g_free(text);
}

static void read_author(GMimeMessage *message, struct arena *arena,
                        struct span columns[TEXT_COLUMNS]) {
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first = from && internet_address_list_length(from)
                                 ? internet_address_list_get_address(from, 0)
                                 : NULL;
    if (first && INTERNET_ADDRESS_IS_MAILBOX(first)) {
        char *address =
            g_ascii_strdown(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)), -1);
        columns[TEXT_AUTHOR] = copied(arena, address);
        g_free(address);
    }
}

/* The message answered, and the first of its thread. */
static void read_links(GMimeMessage *message, struct arena *arena,
                       struct span columns[TEXT_COLUMNS]) {
    static const char *const headers[] = {"References", "In-Reply-To"};
    static const int into[] = {TEXT_THREAD, TEXT_PARENT};
    columns[TEXT_ID] = copied(arena, g_mime_message_get_message_id(message));
    for (size_t i = 0; i < 2; i++) {
        const char *value = g_mime_object_get_header(GMIME_OBJECT(message), headers[i]);
        GMimeReferences *ids = value ? g_mime_references_parse(NULL, value) : NULL;
        int count = ids ? g_mime_references_length(ids) : 0;
        if (count)
            columns[into[i]] = copied(arena, g_mime_references_get_message_id(ids, 0));
        if (count && headers[i] == headers[0])
            columns[TEXT_PARENT] = copied(arena, g_mime_references_get_message_id(ids, count - 1));
        if (ids)
            g_mime_references_free(ids);
    }
    if (!columns[TEXT_THREAD].len)
        columns[TEXT_THREAD] = columns[TEXT_PARENT];
}

/* "2026-03-02T09:00:00+01:00"; only of a header that can be read. */
static void read_date(GMimeMessage *message, struct arena *arena,
                      struct span columns[TEXT_COLUMNS]) {
    GDateTime *date = g_mime_message_get_date(message);
    char *text = date ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z") : NULL;
    columns[TEXT_TIME] = copied(arena, text);
    g_free(text);
}

static enum reject_reason split(struct span record, struct arena *arena,
                                struct span columns[TEXT_COLUMNS]) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_gmime);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(record.at, record.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    if (span_starts(record, "From "))
        g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    enum reject_reason reason = message ? REJECT_NONE : REJECT_SYNTAX;
    if (message) {
        read_date(message, arena, columns);
        read_author(message, arena, columns);
        read_links(message, arena, columns);
        read_text(message, arena, columns);
        columns[TEXT_TITLE] = copied(arena, g_mime_message_get_subject(message));
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return reason;
}

static const struct text_syntax mbox = {.begins = begins_message, .split = split, .bytes = true};
static const struct text_syntax mail = {
    .begins = never, .split = split, .is_record = is_message, .bytes = true};

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"time", FIELD_TIME, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"html", FIELD_TEXT, CONVERT_HTML},
    {"parent", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"thread", FIELD_CONVERSATION, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* In a mailbox lines that begin with "From " have a mark before them; mails end lines with CR LF.
 */
static struct span unescaped(struct draft *draft, struct span text) {
    struct span copy = text.len ? arena_copy(draft->arena, text) : text;
    char *out = (char *)copy.at;
    size_t len = 0;
    bool fresh = true;
    if (!out)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        size_t marks = 0;
        while (fresh && i + marks < text.len && text.at[i + marks] == '>')
            marks++;
        struct span rest = {text.at + i + marks, text.len - i - marks};
        if (marks && span_starts(rest, "From "))
            i++;
        if (text.at[i] != '\r')
            out[len++] = text.at[i];
        fresh = text.at[i] == '\n';
    }
    return (struct span){out, len};
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    post->text = unescaped(draft, post->text);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_mbox = {
    .name = "mbox",
    .shape = SHAPE_TEXT,
    .platform = PLATFORM_EMAIL,
    .syntax = &mbox,
    .rows = rows,
    .finish = finish,
};

const struct format format_eml = {
    .name = "eml",
    .shape = SHAPE_TEXT,
    .platform = PLATFORM_EMAIL,
    .syntax = &mail,
    .rows = rows,
    .finish = finish,
};
