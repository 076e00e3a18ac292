/* Unicode's own data (Debian package unicode-data) against the tokenizer: every emoji of
 * emoji-test.txt is one token, and no token begins or ends inside a grapheme cluster of
 * GraphemeBreakTest.txt, but right behind a sign that stands before its letter (class Prepend):
 * most are format characters, which are skipped, the others a word where no letter follows. Skipped
 * where the package is not installed. */
#include "stages/text/text.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define EMOJI "/usr/share/unicode/emoji/emoji-test.txt"
#define GRAPHEMES "/usr/share/unicode/auxiliary/GraphemeBreakTest.txt"

static void check_emoji(struct tokens *tokens) {
    char line[1024];
    int count = 0, wrong = 0;
    FILE *file = fopen(EMOJI, "r");
    while (file && fgets(line, sizeof line, file)) {
        struct buf text;
        char *semicolon = strchr(line, ';'), *at = line;
        if (line[0] == '#' || !semicolon || !strstr(semicolon, "-qualified") ||
            strstr(semicolon, "unqualified"))
            continue;
        buf_init(&text, 256);
        while (at < semicolon) {
            unsigned long codepoint = strtoul(at, &at, 16);
            if (codepoint)
                buf_codepoint(&text, (uint32_t)codepoint);
            while (*at == ' ')
                at++;
        }
        count++;
        if (tokens_read(tokens, buf_as_span(&text), NULL) != STATUS_OK || tokens->count != 1 ||
            tokens->at[0].kind != TOKEN_EMOJI || tokens->at[0].len != text.len) {
            wrong++;
            printf("# %s", line);
        }
        buf_release(&text);
    }
    if (file) {
        fclose(file);
        CHECK(count > 3000);
    }
    CHECK_INT(wrong, 0);
}

/* "÷ 0061 × 0301 ÷": the text, and true at each byte where a token may begin or end. */
static void read_clusters(const char *line, struct buf *text, bool breaks[256]) {
    memset(breaks, 0, 256);
    bool prepended = false;
    while (*line && *line != '#') {
        if (strncmp(line, "\xC3\xB7", 2) == 0 || strncmp(line, "\xC3\x97", 2) == 0) {
            breaks[text->len & 255] = line[1] == '\xB7' || prepended;
            line += 2;
            continue;
        }
        char *end;
        unsigned long codepoint = strtoul(line, &end, 16);
        if (end == line) {
            line++;
            continue;
        }
        buf_codepoint(text, (uint32_t)codepoint);
        prepended = utf8proc_get_property((utf8proc_int32_t)codepoint)->boundclass ==
                    UTF8PROC_BOUNDCLASS_PREPEND;
        line = end;
    }
}

static void check_clusters(struct tokens *tokens) {
    char line[2048];
    int count = 0, wrong = 0;
    FILE *file = fopen(GRAPHEMES, "r");
    while (file && fgets(line, sizeof line, file)) {
        struct buf text;
        bool breaks[256];
        buf_init(&text, 255);
        read_clusters(line, &text, breaks);
        bool sound = tokens_read(tokens, buf_as_span(&text), NULL) == STATUS_OK;
        for (uint32_t i = 0; sound && i < tokens->count; i++)
            sound = breaks[tokens->at[i].at] && breaks[tokens->at[i].at + tokens->at[i].len];
        count += text.len > 0;
        if (!sound) {
            wrong++;
            printf("# %s", line);
        }
        buf_release(&text);
    }
    if (file) {
        fclose(file);
        CHECK(count > 500);
    }
    CHECK_INT(wrong, 0);
}

int main(void) {
    struct tokens tokens;
    tokens_init(&tokens);
    check_emoji(&tokens);
    check_clusters(&tokens);
    tokens_release(&tokens);
    return tap_done();
}
