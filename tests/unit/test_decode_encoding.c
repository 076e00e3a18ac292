/* Encodings that nothing states: by the letters of Polish wherever they are in a file, record by
 * record where a file is put together of parts; UTF-16 in every framing. */
#include "decode_cuts.h"

#include <iconv.h>
#include <stdlib.h>

/* Appends text in an encoding; "" is UTF-8, "twice" UTF-8 whose bytes were taken for windows-1252.
 */
static void add(struct buf *out, const char *encoding, const char *text) {
    bool twice = strcmp(encoding, "twice") == 0;
    char *in = (char *)(uintptr_t)text, bytes[4096], *to = bytes;
    size_t left = strlen(text), room = sizeof bytes;
    iconv_t open = twice ? iconv_open("UTF-8", "WINDOWS-1252")
                         : iconv_open(*encoding ? encoding : "UTF-8", "UTF-8");
    if (open == (iconv_t)-1 || iconv(open, &in, &left, &to, &room) == (size_t)-1)
        abort();
    iconv_close(open);
    buf_add(out, bytes, sizeof bytes - room);
}

enum layout { TABLE, LINES, DOCUMENT, XML, LAYOUTS };
static const struct {
    const char *begin, *row, *separator, *end;
} layouts[LAYOUTS] = {
    [TABLE] = {"id,date,text\n", "%d,1678021331,\"%s\"", "\n", "\n"},
    [LINES] = {"", "{\"id\":%d,\"date\":1678021331,\"text\":\"%s\"}", "\n", "\n"},
    [DOCUMENT] = {"{\"posts\":[\n", "{\"id\":%d,\"date\":1678021331,\"text\":\"%s\"}", ",\n", "]}"},
    [XML] = {"<posts>\n", "<row Id=\"%d\" CreationDate=\"2023-03-05\" Text=\"%s\"/>", "\n",
             "</posts>"},
};

static void add_row(struct buf *out, enum layout layout, int id, const char *encoding,
                    const char *text) {
    char row[1024];
    snprintf(row, sizeof row, layouts[layout].row, id, text);
    add(out, encoding, id ? layouts[layout].separator : "");
    add(out, encoding, row);
}

/* Rows of ASCII that fill more than the head, when `late`, then the rows of a case. */
struct part {
    const char *encoding, *text;
};
static const struct part parts[][4] = {
    {{"ISO-8859-2", "są środy, wyraźna źrebię"}, {"ISO-8859-2", "żółć, łąka"}},
    {{"WINDOWS-1250", "są środy, wyraźna źrebię"}, {"WINDOWS-1250", "„żółć” – łąka…"}},
    {{"CP852", "są środy, wyraźna źrebię"}, {"CP852", "piękną łąkę"}},
    {{"", "są środy, wyraźna źrebię"}, {"", "emoji 😀 i „żółć”"}},
    /* letters that are the same in two pages come first */
    {{"ISO-8859-2", "łódź bez ogonków: łóżeń"}, {"ISO-8859-2", "są środy"}},
    {{"WINDOWS-1250", "łó łó"}, {"ISO-8859-2", "są środy, źle"}, {"WINDOWS-1250", "są środy, źle"}},
    /* parts of several files */
    {{"", "są środy"}, {"WINDOWS-1250", "są środy"}, {"ISO-8859-2", "są środy"}, {"", "źle, żółć"}},
    {{"WINDOWS-1250", "są środy, wyraźna źrebię, wyraźnie żółta łąka"},
     {"", "są środy"},
     {"WINDOWS-1250", "źrebię"},
     {"", "źle 😀"}},
    {{"ISO-8859-2", "ŻÓŁTA ŁĄKA"}, {"ISO-8859-2", "plain"}, {"ISO-8859-2", "ŹLE, ŚRODA"}},
};

static void check_case(const struct part *part, enum layout layout, int late) {
    struct buf file, want;
    buf_init(&file, 1 << 24);
    buf_init(&want, 1 << 16);
    buf_text(&file, layouts[layout].begin);
    int id = 0;
    for (; id < late; id++)
        add_row(&file, layout, id, "", "nothing but plain letters in this row, and many such rows");
    for (int i = 0; i < 4 && part[i].text; i++, id++)
        add_row(&file, layout, id, part[i].encoding, part[i].text);
    buf_text(&file, layouts[layout].end);
    struct decode_options options = options_of(0);
    struct run run;
    CHECK_INT(run_decode(&run, buf_as_span(&file), "x", &options, 1 << 16), STATUS_OK);
    CHECK_INT(run.posts, id);
    for (int i = 0; i < 4 && part[i].text; i++) {
        buf_clear(&want);
        buf_format(&want, "id=%d text=%s\n", late + i, part[i].text);
        buf_char(&want, 0);
        if (!CHECK(strstr(run.log.at, want.at) != NULL))
            printf("# layout %d, late %d: %s in %s\n%s", layout, late, part[i].text,
                   part[i].encoding, run.log.at + run.log.len - 500);
    }
    run_release(&run);
    buf_release(&want);
    buf_release(&file);
}

static void test_parts(void) {
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (int layout = 0; layout < LAYOUTS; layout++)
            for (int late = 0; late <= 5000; late += 5000)
                check_case(parts[i], (enum layout)layout, late);
}

/* UTF-16 of both orders, with and without its mark, in every framing; no repair. */
static void test_wide(void) {
    static const char *const encodings[] = {"UTF-16LE", "UTF-16BE"};
    for (int layout = 0; layout < LAYOUTS; layout++)
        for (int i = 0; i < 4; i++) {
            struct buf file;
            buf_init(&file, 1 << 24);
            if (i & 2)
                add(&file, encodings[i & 1], "\xEF\xBB\xBF");
            add(&file, encodings[i & 1], layouts[layout].begin);
            for (int id = 0; id < 3; id++)
                add_row(&file, (enum layout)layout, id, encodings[i & 1], "są 😀 źle");
            add(&file, encodings[i & 1], layouts[layout].end);
            for (size_t chunk = 1; chunk < 40; chunk += 6) {
                struct decode_options options = options_of(0);
                struct run run;
                CHECK_INT(run_decode(&run, buf_as_span(&file), "x", &options, chunk), STATUS_OK);
                CHECK_INT(run.posts, 3);
                CHECK_INT(run.repairs[REPAIR_ENCODING], 0);
                CHECK(strstr(run.log.at, "id=2 text=są 😀 źle\n") != NULL);
                run_release(&run);
            }
            buf_release(&file);
        }
}

/* Twice-encoded rows among right ones, and behind a head of ASCII. */
static void test_twice(void) {
    static const struct part mixed[4] = {
        {"twice", "są środy"}, {"twice", "źle, żółć"}, {"", "są środy"}, {"", "źle"}};
    for (int layout = 0; layout < LAYOUTS; layout++) {
        check_case(mixed, (enum layout)layout, 0);
        check_case(mixed, (enum layout)layout, 5000);
    }
}

/* Capitals whose bytes in windows-1250 are letters of UTF-8, too. */
static void test_chance(void) {
    static const struct part capitals[4] = {{"WINDOWS-1250", "są środy, wyraźna źrebię"},
                                            {"WINDOWS-1250", "PÓŁKA, WRÓŻKA"},
                                            {"", "źle"}};
    for (int layout = 0; layout < LAYOUTS; layout++)
        check_case(capitals, (enum layout)layout, 0);
}

/* Damage is not taken for a letter: a bad byte of a text that is UTF-8 otherwise. */
static void test_damage(void) {
    static const char *const texts[] = {"ą są ź \xB9", "s\xC4\x85 \xC5\xBA \xFF x"};
    for (size_t i = 0; i < 2; i++)
        for (int layout = 0; layout < LAYOUTS; layout++) {
            char row[200];
            struct buf file;
            buf_init(&file, 1 << 16);
            buf_text(&file, layouts[layout].begin);
            snprintf(row, sizeof row, layouts[layout].row, 1, texts[i]);
            buf_text(&file, row);
            buf_text(&file, layouts[layout].end);
            struct decode_options options = options_of(0);
            struct run run;
            CHECK_INT(run_decode(&run, buf_as_span(&file), "x", &options, 64), STATUS_OK);
            CHECK_INT(run.posts, 1);
            CHECK_INT(run.repairs[REPAIR_ENCODING], 1);
            CHECK(strstr(run.log.at, "\xEF\xBF\xBD") != NULL);
            run_release(&run);
            buf_release(&file);
        }
}

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&utc, "UTC", &fault), STATUS_OK);
    test_parts();
    test_wide();
    test_twice();
    test_chance();
    test_damage();
    zone_release(&utc);
    return tap_done();
}
