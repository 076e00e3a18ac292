/* WhatsApp's "Export chat" as text: "02.03.2026, 18:02 - Name: text" (Android) or "[2.03.2026,
 * 18:02:11] Name: text" (iPhone); lines that do not begin so go on with the message. The phone's
 * clock, no zone, no ids. What WhatsApp says itself has no name, or begins with U+200E. */
#include "stages/decode/text_syntax.h"

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static size_t digits(struct span line, size_t at, size_t most) {
    size_t count = 0;
    while (count < most && at + count < line.len && is_digit(line.at[at + count]))
        count++;
    return count;
}

static bool stands(struct span line, size_t at, const char *text) {
    size_t len = strlen(text);
    return at + len <= line.len && memcmp(line.at + at, text, len) == 0;
}

/* Blanks of all kinds that phones write: U+0020, U+00A0, U+202F, and marks of direction. */
static size_t blanks(struct span line, size_t at) {
    size_t from = at;
    for (;;) {
        if (stands(line, at, " "))
            at++;
        else if (stands(line, at, "\xC2\xA0"))
            at += 2;
        else if (stands(line, at, "\xE2\x80\xAF") || stands(line, at, "\xE2\x80\x8E") ||
                 stands(line, at, "\xE2\x80\x8F"))
            at += 3;
        else
            return at - from;
    }
}

/* Three numbers with '.', '/' or '-' between. */
static size_t date_len(struct span line, size_t at) {
    size_t from = at;
    for (int part = 0; part < 3; part++) {
        size_t count = digits(line, at, 4);
        at += count;
        if (!count || (part < 2 && (at >= line.len || !strchr("./-", line.at[at]))))
            return 0;
        at += part < 2;
    }
    return at - from;
}

static size_t clock_len(struct span line, size_t at) {
    size_t from = at, count = digits(line, at, 2);
    if (!count || at + count >= line.len || !strchr(":.", line.at[at + count]))
        return 0;
    at += count + 1;
    if (digits(line, at, 2) != 2)
        return 0;
    at += 2;
    if (at < line.len && line.at[at] == line.at[from + count] && digits(line, at + 1, 2) == 2)
        at += 3;
    return at - from;
}

/* AM, PM, a.m., p. m. */
static size_t half_day(struct span line, size_t at, bool *pm) {
    static const char *const marks[] = {"AM", "PM", "am", "pm", "a.m.", "p.m.", "a. m.", "p. m."};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (stands(line, at, marks[i])) {
            *pm = i % 2;
            return strlen(marks[i]);
        }
    return 0;
}

struct stamp {
    struct span date, clock;
    bool halved, pm, phone; /* twelve hours; an iPhone's brackets */
    size_t len;             /* with what stands before the name */
};

static bool read_stamp(struct span line, struct stamp *out) {
    size_t at = blanks(line, 0);
    *out = (struct stamp){.phone = stands(line, at, "[")};
    at += out->phone;
    size_t date = date_len(line, at);
    out->date = (struct span){line.at + at, date};
    at += date;
    if (!date)
        return false;
    at += stands(line, at, ".") + (stands(line, at, ","));
    size_t gap = blanks(line, at), clock = gap ? clock_len(line, at + gap) : 0;
    out->clock = (struct span){line.at + at + gap, clock};
    at += gap + clock;
    if (!clock)
        return false;
    size_t before = blanks(line, at), half = half_day(line, at + before, &out->pm);
    out->halved = half > 0;
    at += half ? before + half : 0;
    if (out->phone) {
        if (!stands(line, at, "] "))
            return false;
        out->len = at + 2;
        return true;
    }
    size_t dash = blanks(line, at);
    size_t mark = stands(line, at + dash, "- ")              ? 2
                  : stands(line, at + dash, "\xE2\x80\x93 ") ? 4
                                                             : 0;
    out->len = at + dash + mark;
    return dash && mark;
}

static bool begins(struct span line) {
    struct stamp stamp;
    return read_stamp(line, &stamp);
}

static struct span trim(struct span text) {
    size_t at = blanks(text, 0);
    text = (struct span){text.at + at, text.len - at};
    while (text.len && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static bool has(struct span text, const char *word) {
    return memmem(text.at, text.len, word, strlen(word)) != NULL;
}

/* "Ola changed the subject to "A: B"": a name does not quote, and does nothing. */
static bool is_news(struct span name) {
    static const char *const done[] = {
        " zmieni",   " doda",   " usun",     " utworzy",  " dołączy", " opuści",
        " changed ", " added ", " removed ", " created ", " joined",  " left",
        " pinned ",  " przypi", " turned ",  " wyłączy",  " włączy"};
    static const char *const quotes[] = {"\"", "\xE2\x80\x9E", "\xE2\x80\x9C", "\xE2\x80\x99", "'"};
    bool acts = false, cites = false;
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        acts |= has(name, done[i]);
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        cites |= has(name, quotes[i]);
    return acts && cites;
}

static bool is_deleted(struct span line) {
    static const char *const words[] = {
        "Ta wiadomość została usunięta",  "Usunięto tę wiadomość",
        "Ta wiadomość została skasowana", "This message was deleted",
        "You deleted this message",       "Diese Nachricht wurde gelöscht"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_starts(line, words[i]) && line.len <= strlen(words[i]) + 1)
            return true;
    return false;
}

/* A line that stands for a picture, a voice or a file. */
static bool is_attachment(struct span line, bool marked) {
    static const char *const whole[] = {"Media omitted", "Pominięto multimedia",
                                        "attached: ", "załączony: ", "Multimedia pominięte"};
    static const char *const ends[] = {"(file attached)", "(plik załączony)", "(załączony plik)"};
    static const char *const left_out[] = {"omitted",   "pominięty", "pominięte",
                                           "pominięta", "pominięto", "weggelassen"};
    if (line.len && *line.at == '<')
        for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
            if (has(line, whole[i]) && line.at[line.len - 1] == '>')
                return true;
    bool words = line.len && line.len < 60 && memchr(line.at, ' ', line.len) && !has(line, "://");
    if (words && *line.at == '<' && line.at[line.len - 1] == '>' && !has(line, "@") &&
        !memchr(line.at + 1, '<', line.len - 1))
        return true; /* in other languages */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_ends(line, ends[i]) && line.len < 200)
            return true;
    for (size_t i = 0; marked && i < sizeof left_out / sizeof *left_out; i++)
        if (span_ends(line, left_out[i]) && line.len < 60)
            return true;
    return false;
}

static struct span without_returns(struct span text, struct arena *arena) {
    struct span copy = text.len && memchr(text.at, '\r', text.len) ? arena_copy(arena, text) : text;
    char *out = (char *)copy.at;
    size_t len = 0;
    if (!out || out == text.at)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\r')
            out[len++] = text.at[i];
    return (struct span){out, len};
}

static struct span without_edit(struct span text) {
    static const char *const marks[] = {"<Ta wiadomość została zmieniona>", "<Wiadomość edytowana>",
                                        "<This message was edited>"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_ends(text, marks[i])) {
            text.len -= strlen(marks[i]);
            while (text.len && blanks((struct span){text.at + text.len - 1, 1}, 0))
                text.len--;
            while (text.len > 3 && memcmp(text.at + text.len - 3, "\xE2\x80\x8E", 3) == 0)
                text.len -= 3;
        }
    return trim(text);
}

/* The text without the line of an attachment, behind which a caption may stand. */
static enum reject_reason read_body(struct span text, bool marked, struct span *body) {
    const char *feed = text.len ? memchr(text.at, '\n', text.len) : NULL;
    struct span first = trim((struct span){text.at, feed ? (size_t)(feed - text.at) : text.len});
    if (is_deleted(first))
        return NOTICE_CONTROL;
    bool attached = is_attachment(first, marked);
    if (marked && !attached)
        return NOTICE_CONTROL;
    if (attached)
        text = feed ? trim((struct span){feed, (size_t)(text.at + text.len - feed)})
                    : (struct span){NULL, 0};
    *body = without_edit(text);
    while (body->len && *body->at == '\n')
        *body = trim((struct span){body->at + 1, body->len - 1});
    return body->len ? REJECT_NONE : REJECT_NO_TEXT;
}

static struct span time_of(const struct stamp *stamp, struct arena *arena) {
    char *text = arena_alloc(arena, stamp->date.len + stamp->clock.len + 8);
    if (!text)
        return (struct span){NULL, 0};
    size_t len = stamp->date.len;
    memcpy(text, stamp->date.at, len);
    text[len++] = ' ';
    for (size_t i = 0; i < stamp->clock.len; i++)
        text[len++] = stamp->clock.at[i] == '.' ? ':' : stamp->clock.at[i];
    if (stamp->halved) {
        memcpy(text + len, stamp->pm ? " PM" : " AM", 3);
        len += 3;
    }
    return (struct span){text, len};
}

static enum reject_reason split(struct span record, struct arena *arena,
                                struct span columns[TEXT_COLUMNS]) {
    struct stamp stamp;
    if (!read_stamp(record, &stamp))
        return REJECT_NOT_A_POST;
    struct span rest = {record.at + stamp.len, record.len - stamp.len};
    const char *feed = memchr(rest.at, '\n', rest.len);
    size_t first = feed ? (size_t)(feed - rest.at) : rest.len;
    const char *colon = memmem(rest.at, first, ": ", 2);
    if (!colon && first && rest.at[first - 1] == ':')
        colon = rest.at + first - 1;
    struct span name = {rest.at, colon ? (size_t)(colon - rest.at) : 0};
    if (!colon || is_news(name))
        return NOTICE_CONTROL;
    struct span text = {colon + 1, (size_t)(rest.at + rest.len - colon) - 1};
    size_t gap = text.len && *text.at == ' ';
    text = (struct span){text.at + gap, text.len - gap};
    bool marked = stands(text, 0, "\xE2\x80\x8E");
    if (name.len && *name.at == '~')
        name = trim((struct span){name.at + 1, name.len - 1});
    columns[TEXT_TIME] = time_of(&stamp, arena);
    columns[TEXT_AUTHOR] = trim(name);
    return read_body(without_returns(trim(text), arena), marked, &columns[TEXT_BODY]);
}

static const struct text_syntax syntax = {.begins = begins, .split = split};

static const struct row rows[] = {
    {"time", FIELD_TIME, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* The thread is the chat. Its name may be a person's. */
static enum reject_reason finish(struct draft *draft) {
    draft->post->conversation = draft->file;
    return REJECT_NONE;
}

const struct format format_whatsapp = {
    .name = "whatsapp",
    .shape = SHAPE_TEXT,
    .platform = PLATFORM_WHATSAPP,
    .syntax = &syntax,
    .rows = rows,
    .text_required = true,
    .finish = finish,
};
