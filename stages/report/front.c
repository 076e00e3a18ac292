/* The first screen: what was audited and for whom, the answer in a few sentences, and what these
 * data cannot say. */
#include "stages/report/page.h"

enum { CRISES_TOLD = 5, LEAST_DAYS = 28 };

static int64_t sum_mentions(const struct page *page) {
    int64_t sum = 0;
    for (size_t i = 0; i < page->brand_count; i++)
        sum += page->brands[i].shown ? page->brands[i].all.mentions : 0;
    return sum;
}

static const char *given(const char *text) {
    return text && *text ? text : NULL;
}

/* The title that was given, else the brands. */
static void put_heading(struct page *page) {
    size_t put_so_far = 0;
    put(page, "<h1>");
    if (given(page->options->title)) {
        put(page, "<bdi>");
        put_text(page, span_of(page->options->title));
        put(page, "</bdi></h1>\n");
        return;
    }
    for (size_t i = 0; i < page->brand_count && put_so_far < 5; i++) {
        if (!page->brands[i].shown)
            continue;
        if (put_so_far)
            put(page, put_so_far + 1 < page->shown_count ? ", " : tr(page, " and ", " i "));
        put_brand_name(page, &page->brands[i]);
        put_so_far++;
    }
    if (page->shown_count > 5) {
        put(page, tr(page, " and ", " i jeszcze "));
        put_count(page, (int64_t)page->shown_count - 5);
        put(page, tr(page, " more", ""));
    }
    put(page, "</h1>\n");
}

/* ---- what no crisis means ---- */

void put_quiet(struct page *page, enum quiet_reason reason, const char *calm) {
    if (reason == QUIET_TOO_SHORT) {
        put(page, tr(page, "There is too little time to tell a crisis from a usual day: ",
                     "Za mało czasu, aby odróżnić kryzys od zwykłego dnia: "));
        put_duration(page, page->known_s);
        put(page, tr(page, " of posts, and a baseline needs ",
                     " wpisów, a poziom zwykły można ustalić od "));
        put_decimal(page, (double)baseline_needs_s(SECONDS_PER_HOUR) / SECONDS_PER_HOUR, 0);
        put(page, THIN "h.");
    } else if (reason == QUIET_TOO_FEW) {
        put(page, tr(page, "There are too few mentions for a crisis to be detected: it needs ",
                     "Za mało wzmianek, aby wykryć kryzys: potrzeba co najmniej "));
        put_count(page, EPISODE_LEAST_EXCESS);
        put(page, tr(page, " more than usual.", " ponad zwykły poziom."));
    } else {
        put(page, calm);
    }
}

/* The best that can be said of any brand: calm as soon as one could be judged. */
static enum quiet_reason overall_reason(const struct page *page, size_t *unjudged) {
    enum quiet_reason overall = QUIET_CALM;
    *unjudged = 0;
    for (size_t i = 0; i < page->brand_count; i++) {
        if (!page->brands[i].shown)
            continue;
        enum quiet_reason reason = view_quiet_reason(page, &page->brands[i]);
        *unjudged += reason != QUIET_CALM;
        if (reason == QUIET_TOO_SHORT || overall == QUIET_CALM)
            overall = reason;
        if (overall == QUIET_NO_MENTIONS && reason == QUIET_TOO_FEW)
            overall = reason;
    }
    return *unjudged == page->shown_count ? overall : QUIET_CALM;
}

static void put_no_crisis(struct page *page) {
    size_t unjudged;
    enum quiet_reason reason = overall_reason(page, &unjudged);
    put_quiet(page, reason, tr(page, "No crisis was found.", "Nie wykryto żadnego kryzysu."));
    if (reason != QUIET_CALM || !unjudged)
        return;
    put(page, tr(page, " Too few mentions to tell: ", " Za mało wzmianek, aby to ocenić: "));
    put_count(page, (int64_t)unjudged);
    put(page, tr(page, " of ", " z "));
    put_count(page, (int64_t)page->shown_count);
    put(page, tr(page, " brands.", " marek."));
}

/* A value below 0 is not known. */
static void put_key(struct page *page, int64_t value, const char *label) {
    put(page, "<div><dd>");
    if (value < 0)
        put(page, DASH);
    else
        put_count(page, value);
    put(page, "</dd><dt>");
    put(page, label);
    put(page, "</dt></div>\n");
}

static void put_keys(struct page *page) {
    int64_t crises = (int64_t)page->crisis_count;
    const struct input_row *inputs = page->audit->tables[TABLE_INPUTS].rows;
    size_t files = page->audit->tables[TABLE_INPUTS].count;
    int64_t posts = 0, mentions = sum_mentions(page);
    for (size_t i = 0; i < files; i++)
        posts += inputs[i].posts;
    put(page, "<dl class=\"keys\">\n");
    put_key(page, (int64_t)files,
            tr_plural(page, (int64_t)files, "file read", "files read", "odczytany plik",
                      "odczytane pliki", "odczytanych plików"));
    put_key(page, posts,
            tr_plural(page, posts, "post read", "posts read", "odczytany wpis", "odczytane wpisy",
                      "odczytanych wpisów"));
    put_key(page, mentions,
            tr_plural(page, mentions, "mention of the brands", "mentions of the brands",
                      "wzmianka o markach", "wzmianki o markach", "wzmianek o markach"));
    size_t unjudged;
    put_key(page, overall_reason(page, &unjudged) == QUIET_CALM ? crises : -1,
            tr_plural(page, crises, "crisis", "crises", "kryzys", "kryzysy", "kryzysów"));
    put(page, "</dl>\n");
}

/* ---- the answer in words ---- */

static void put_lede(struct page *page) {
    int64_t mentions = sum_mentions(page), brands = (int64_t)page->shown_count;
    int64_t crises = (int64_t)page->crisis_count;
    put(page, "<p class=\"lede\">");
    if (brands && !mentions) {
        put(page,
            tr(page, "In these data nothing matches the ", "W tych danych nic nie pasuje do "));
        put(page, brands == 1 ? tr(page, "query of the brand", "zapytania o markę")
                              : tr(page, "queries of the brands", "zapytań o badane marki"));
        put(page, tr(page,
                     ": nobody mentioned them, or the queries do not match what people write. "
                     "That is not calm: nothing is known. <code>burza query</code> shows what a "
                     "query matches.</p>\n",
                     ": nikt o nich nie wspomniał albo zapytania nie pasują do tego, co ludzie "
                     "piszą. To nie znaczy, że jest spokojnie: nic nie wiadomo. Polecenie "
                     "<code>burza query</code> pokaże, co do zapytania pasuje.</p>\n"));
        return;
    }
    put(page, tr(page, "In this time the ", "W tym czasie "));
    if (!page->polish && brands != 1) {
        put_count(page, brands);
        put(page, " ");
    }
    put(page, tr(page, brands == 1 ? "brand was mentioned " : "brands were mentioned ",
                 brands == 1 ? "o marce wspomniano " : "o badanych markach wspomniano "));
    put_count(page, mentions);
    put(page, tr_plural(page, mentions, " time. ", " times. ", " raz. ", " razy. ", " razy. "));
    if (!crises) {
        put_no_crisis(page);
    } else {
        put(page, tr(page, "", "Wykryto "));
        put(page, "<strong>");
        put_count(page, crises);
        put(page,
            tr_plural(page, crises, " crisis was found.</strong>", " crises were found.</strong>",
                      " kryzys.</strong>", " kryzysy.</strong>", " kryzysów.</strong>"));
    }
    put(page, "</p>\n");
}

/* The most severe of all crises; they are told in the order of time. */
static void put_worst(struct page *page) {
    const struct crisis_view *told[CRISES_TOLD];
    size_t count = 0;
    for (size_t i = 0; i < page->crisis_count; i++)
        if (page->crises[i].rank < CRISES_TOLD)
            told[count++] = &page->crises[i];
    if (!count)
        return;
    put(page, "<ul class=\"brief\">\n");
    for (size_t i = 0; i < count; i++) {
        const struct event_view *event = &told[i]->brand->events[told[i]->event];
        buf_format(page->out, "<li><a href=\"#e%zu-%zu\"><b>", told[i]->brand->brand,
                   told[i]->event);
        put_brand_name(page, told[i]->brand);
        put(page, ", ");
        put_date(page, event->row->onset);
        put(page, "</b></a>: ");
        story_write(page, told[i]->brand, event);
        put(page, "</li>\n");
    }
    put(page, "</ul>\n");
    if (count < page->crisis_count)
        put(page, tr(page,
                     "<p class=\"note\">The five most severe; all are in the chapter <a "
                     "href=\"#crises\">Crises</a>.</p>\n",
                     "<p class=\"note\">Pięć najpoważniejszych; wszystkie są w rozdziale <a "
                     "href=\"#crises\">Kryzysy</a>.</p>\n"));
}

/* ---- what these data cannot say ---- */

static void put_limit_days(struct page *page) {
    if (page->to_s - page->from_s >= LEAST_DAYS * SECONDS_PER_DAY)
        return;
    put(page, "<li>");
    put(page, tr(page, "What is usual rests on ", "To, co zwykłe, ustalono na podstawie "));
    put_duration(page, page->to_s - page->from_s);
    put(page, tr(page, " only: a rhythm of weekdays needs four weeks.",
                 " danych: rytm tygodnia wymaga czterech tygodni."));
    put(page, "</li>\n");
}

static void put_limit_coverage(struct page *page) {
    int64_t span = page->to_s - page->from_s;
    if (span <= 0 || page->known_s >= span)
        return;
    put(page, "<li>");
    put_duration(page, span - page->known_s);
    put(page, " (");
    put_share(page, span - page->known_s, span);
    put(page, tr(page,
                 ") of the time is <a href=\"#d-not-covered\">not covered</a> by the data: what "
                 "happened then is unknown, not quiet.",
                 ") czasu to <a href=\"#d-not-covered\">brak danych</a>: nie wiadomo, co się wtedy "
                 "działo; to nie cisza."));
    put(page, "</li>\n");
}

/* Of each source: what of its minutes is there, and whether it is a sample. */
static void put_limit_sources(struct page *page) {
    const struct audit_table *table = &page->audit->tables[TABLE_COVERAGE];
    struct buf text;
    buf_init(&text, 4096);
    for (size_t at = 0; coverage_words(table->rows, table->count, &at, page->polish, &text);) {
        if (text.len)
            buf_format(page->out, "<li>%.*s</li>\n", (int)text.len, text.at);
        buf_clear(&text);
    }
    buf_release(&text);
}

static void put_limit_unscored(struct page *page) {
    int64_t mentions = sum_mentions(page), scored = 0;
    for (size_t i = 0; i < page->brand_count; i++)
        scored += page->brands[i].shown ? tally_scored(&page->brands[i].all) : 0;
    if (mentions <= scored)
        return;
    put(page, "<li>");
    put_count(page, mentions - scored);
    put(page, tr(page, " of ", " z "));
    put_count(page, mentions);
    put(page, tr(page, " mentions (", " wzmianek ("));
    put_share(page, mentions - scored, mentions);
    put(page, tr(page, ") have no <a href=\"#d-scored\">score</a>: their sentiment is not known.",
                 ") nie ma <a href=\"#d-scored\">oceny</a>: ich wydźwięk nie jest znany."));
    put(page, "</li>\n");
}

static void put_limit_brands(struct page *page) {
    size_t unjudged;
    enum quiet_reason reason = overall_reason(page, &unjudged);
    if (!unjudged)
        return;
    put(page, "<li>");
    if (reason == QUIET_CALM) {
        put(page, tr(page, "Too few mentions to tell a crisis: ",
                     "Za mało wzmianek, aby ocenić, czy był kryzys: "));
        put_count(page, (int64_t)unjudged);
        put(page, tr(page, " of ", " z "));
        put_count(page, (int64_t)page->shown_count);
        put(page, tr(page, " brands.", " marek."));
    } else if (reason == QUIET_NO_MENTIONS) {
        put(page, tr(page, "Whether there was a crisis: nothing matched.",
                     "Czy był kryzys: nic nie pasowało do zapytań."));
    } else {
        put_quiet(page, reason, "");
    }
    put(page, "</li>\n");
}

static void put_limits(struct page *page) {
    int64_t bad = 0;
    const struct input_row *inputs = page->audit->tables[TABLE_INPUTS].rows;
    for (size_t i = 0; i < page->audit->tables[TABLE_INPUTS].count; i++)
        bad += span_is(FIELD_SPAN(inputs[i].status), "damaged") ||
               span_is(FIELD_SPAN(inputs[i].status), "incomplete");
    buf_format(page->out, "<h3>%s</h3>\n<ul class=\"limits\">\n",
               tr(page, "What these data cannot say", "Czego te dane nie mówią"));
    put_limit_brands(page);
    put_limit_days(page);
    put_limit_coverage(page);
    put_limit_sources(page);
    if (bad) {
        put(page, "<li>");
        put_count(page, bad);
        put(page, tr_plural(page, bad, " file could be read in part only.",
                            " files could be read in part only.",
                            " plik dało się odczytać tylko w części.",
                            " pliki dało się odczytać tylko w części.",
                            " plików dało się odczytać tylko w części."));
        put(page, " <a href=\"#sources\">");
        put(page, tr(page, "Which", "Które"));
        put(page, "</a></li>\n");
    }
    put_limit_unscored(page);
    put(page,
        tr(page,
           "<li>What people think who do not write: mentions are of those who post, not of "
           "customers or of the public.</li>\n"
           "<li>What caused what: the figures say what rose when, not why.</li>\n",
           "<li>Co myślą ci, którzy nie piszą: wzmianki pochodzą od piszących, nie od klientów "
           "ani ogółu.</li>\n"
           "<li>Co było przyczyną czego: liczby mówią, co i kiedy wzrosło, nie dlaczego.</li>\n"));
    put(page, "</ul>\n");
}

enum status summary_write(struct page *page, struct fault *fault) {
    (void)fault;
    put_lede(page);
    put_keys(page);
    put_worst(page);
    put_limits(page);
    return STATUS_OK;
}

/* ---- the head ---- */

static void put_part(struct page *page, const char *name, const char *value) {
    if (!given(value))
        return;
    buf_format(page->out, "<span>%s <b><bdi>", name);
    put_text(page, span_of(value));
    put(page, "</bdi></b></span> ");
}

void header_write(struct page *page) {
    put(page, "<header class=\"top\">\n<p class=\"eyebrow\">");
    put(page, tr(page, "Reputation audit of archived posts",
                 "Audyt reputacji na podstawie archiwalnych wpisów"));
    put(page, "</p>\n");
    put_heading(page);
    if (given(page->options->title) && page->shown_count == 1)
        for (size_t i = 0; i < page->brand_count; i++)
            if (page->brands[i].shown) {
                put(page, "<p class=\"span\">");
                put_brand_name(page, &page->brands[i]);
                put(page, "</p>\n");
            }
    put(page, "<p class=\"span\">");
    if (page->to_s > page->from_s) {
        put_date(page, page->from_s);
        put(page, " " DASH " ");
        put_date(page, page->to_s - 1);
        put(page, " <span class=\"sep\">\xC2\xB7</span> ");
    }
    put(page, tr(page, "all times ", "wszystkie godziny: strefa "));
    put_text(page, span_of(page->zone ? page->zone->name : "UTC"));
    put(page, "</p>\n<p class=\"made\">");
    put_part(page, tr(page, "for", "dla"), page->options->client);
    put_part(page, tr(page, "by", "przygotowanie"), page->options->author);
    put_part(page, tr(page, "made with", "program"), audit_noted(page->audit, "program"));
    if (given(page->options->seal)) {
        buf_format(page->out, "<span>%s <a href=\"#cite\"><code>%.12s</code></a></span>",
                   tr(page, "seal of the audit", "pieczęć audytu"), page->options->seal);
    }
    put(page, "</p>\n</header>\n");
}
