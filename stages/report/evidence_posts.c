/* The posts that show a crisis. Their text is foreign: escaped, isolated, and marked with its
 * language. */
#include "stages/report/page.h"

enum { EVIDENCE_MAX = 12 };

static void put_weight(struct page *page, const struct evidence_row *post) {
    struct span label = FIELD_SPAN(post->label);
    buf_format(page->out, "<span class=\"chip %s\">",
               span_is(label, "negative")   ? "neg"
               : span_is(label, "positive") ? "pos"
                                            : "neu");
    put(page, word_label(page, label));
    if (!span_is(label, "none")) {
        put(page, " ");
        put_signed(page, post->sentiment, 2);
    }
    put(page, "</span>");
    if (post->engagement > 0) {
        put(page, " <span>");
        put_count(page, post->engagement);
        put(page, tr_plural(page, post->engagement, " reaction", " reactions", " reakcja",
                            " reakcje", " reakcji"));
        put(page, "</span>");
    }
    if (post->copies > 1) {
        put(page, tr(page, " <span>same words in ", " <span>te same słowa w "));
        put_count(page, post->copies);
        put(page, tr(page, " posts</span>", " wpisach</span>"));
    }
    if (escape_url_allowed(FIELD_SPAN(post->url))) {
        put(page, " <a rel=\"noopener noreferrer nofollow\" href=\"");
        escape_url(page->out, FIELD_SPAN(post->url));
        put(page, tr(page, "\">original post</a>", "\">oryginalny wpis</a>"));
    }
}

/* The text, with the words that decided its label marked. */
static void put_marked(struct page *page, const struct evidence_row *post, size_t row) {
    const struct audit *audit = page->audit;
    struct span text = FIELD_SPAN(post->text);
    size_t at = 0;
    for (size_t i = 0; i < audit->evidence_mark_count; i++) {
        const struct evidence_mark *mark = &audit->evidence_marks[i];
        if (mark->row != row || mark->from < at || mark->end > text.len)
            continue;
        put_text(page, (struct span){text.at + at, mark->from - at});
        put(page, span_is(FIELD_SPAN(post->label), "positive") ? "<mark class=\"pos\">" : "<mark>");
        put_text(page, (struct span){text.at + mark->from, mark->end - mark->from});
        put(page, "</mark>");
        at = mark->end;
    }
    put_text(page, (struct span){text.at + at, text.len - at});
}

static void put_post(struct page *page, const struct evidence_row *post, size_t row) {
    const char *why = word_evidence(page, FIELD_SPAN(post->why));
    struct span language = FIELD_SPAN(post->language);
    buf_format(page->out, "<li data-at=\"%lld\" data-label=\"%s\" data-channel=\"",
               (long long)post->created_at, word_label(page, FIELD_SPAN(post->label)));
    put_channel(page, FIELD_SPAN(post->platform), page_channel_part(FIELD_SPAN(post->channel)));
    put(page, "\"><p class=\"source\">");
    if (why)
        buf_format(page->out, "<b>%s</b> \xC2\xB7 ", why);
    put(page, "<bdi>");
    put_channel(page, FIELD_SPAN(post->platform), page_channel_part(FIELD_SPAN(post->channel)));
    put(page, "</bdi>");
    if (post->author[0]) {
        put(page, " \xC2\xB7 <bdi>");
        put_field(page, post->author);
        put(page, "</bdi>");
    }
    put(page, " \xC2\xB7 ");
    put_moment(page, post->created_at);
    put(page, "</p><blockquote");
    if (span_is(language, "pl") || span_is(language, "en"))
        buf_format(page->out, " lang=\"%s\"", span_is(language, "pl") ? "pl" : "en");
    put(page, "><bdi>");
    if (post->text[0])
        put_marked(page, post, row);
    else
        put(page, tr(page, "text not kept", "treści nie zachowano"));
    put(page, "</bdi></blockquote><p class=\"weight\">");
    put_weight(page, post);
    put(page, "</p></li>\n");
}

void evidence_write(struct page *page, const struct episode_row *row) {
    const struct evidence_row *posts = page->audit->tables[TABLE_EVIDENCE].rows;
    size_t count = page->audit->tables[TABLE_EVIDENCE].count, shown = 0;
    for (size_t i = 0; i < count && shown < EVIDENCE_MAX; i++) {
        if (posts[i].episode != row->onset ||
            strncmp(posts[i].brand, row->brand, sizeof posts[i].brand) != 0)
            continue;
        if (!shown++)
            buf_format(
                page->out, "<h4>%s</h4>\n%s<ol class=\"posts\">\n",
                tr(page, "Posts that show it", "Wpisy, które to pokazują"),
                page->audit->evidence_mark_count
                    ? tr(page,
                         "<p class=\"note\">Underlined: the words that decided the label; "
                         "dashed, praise.</p>\n",
                         "<p class=\"note\">Podkreślono wyrazy, które rozstrzygnęły ocenę; linią "
                         "przerywaną pochwały.</p>\n")
                    : "");
        put_post(page, &posts[i], i);
    }
    if (shown)
        put(page, "</ol>\n");
}
