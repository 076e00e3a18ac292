#include "listening.h"

#include "civil_time.h"

enum { OTHER_SOURCES = 2 }; /* from here on no platform of its own */
static const struct {
    const char *name, *address;
} sources[] = {{"facebook.com", "https://facebook.example/posts/"},
               {"instagram.com", "https://instagram.example/p/"},
               {"forum.konsument.example", "https://forum.konsument.example/t/"},
               {"portal24.example", "https://portal24.example/komentarze/"},
               {"opinie.example", "https://opinie.example/"}};

static unsigned source_of(const struct author *author) {
    return (unsigned)(random_mix(author->id) % (sizeof sources / sizeof *sources));
}

bool listening_beside(const struct author *a, const struct author *b) {
    unsigned x = source_of(a), y = source_of(b);
    return x == y || (x >= OTHER_SOURCES && y >= OTHER_SOURCES);
}

void listening_write_header(struct text *out) {
    text_add_string(out, "\xef\xbb\xbf"
                         "Date,Author,Content,Source,Likes,Followers,URL\r\n");
}

/* 1,234 in quotes, as spreadsheets write thousands */
static void add_grouped(struct text *out, uint32_t number) {
    if (number < 1000)
        text_add_number(out, number);
    else if (number < 1000000)
        text_print(out, "\"%u,%03u\"", number / 1000, number % 1000);
    else
        text_print(out, "\"%u,%03u,%03u\"", number / 1000000, number / 1000 % 1000, number % 1000);
}

static void add_content(struct text *out, const struct listening_row *row) {
    size_t cut = row->text_length;
    for (size_t i = 8; row->broken_line && i + 1 < row->text_length && cut == row->text_length; i++)
        if (row->text[i] == ' ' &&
            (row->text[i - 1] == '.' || row->text[i - 1] == '!' || row->text[i - 1] == '?'))
            cut = i;
    text_add_csv(out, row->text, cut);
    if (cut == row->text_length)
        return;
    out->length--; /* reopen the quoted field */
    text_add_char(out, '\n');
    size_t opening = out->length;
    text_add_csv(out, row->text + cut + 1, row->text_length - cut - 1);
    memmove(out->data + opening, out->data + opening + 1, out->length - opening - 1);
    out->length--;
}

void listening_write_row(struct text *out, const struct listening_row *row) {
    unsigned source = source_of(row->author);
    text_add_warsaw_iso(out, row->created_s);
    text_add_char(out, ',');
    text_add_string(out, row->author->handle);
    text_add_char(out, ',');
    add_content(out, row);
    text_add_char(out, ',');
    text_add_string(out, sources[source].name);
    text_add_char(out, ',');
    add_grouped(out, row->likes);
    text_add_char(out, ',');
    add_grouped(out, row->author->followers);
    text_add_char(out, ',');
    text_add_string(out, sources[source].address);
    text_add_number(out, row->id);
    text_add_string(out, "\r\n");
}
