#include "pipeline/commands/methods.h"

#include "pipeline/commands/summary.h"
#include "stages/detect/detect.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

extern const char quality_model_pl_begin[], quality_model_pl_end[];
extern const char quality_model_en_begin[], quality_model_en_end[];
extern const char quality_figures_begin[], quality_figures_end[];

struct methods {
    const struct audit *audit;
    const char *seal;
    bool polish, measured; /* scored with the lexicons whose quality was measured */
    json_t *config, *models[LANGUAGE_COUNT], *figures;
    int64_t mentions[LANGUAGE_COUNT];
    struct buf *out;
};

#define TR(methods, en, pl) ((methods)->polish ? (pl) : (en))

static void say(const struct methods *m, const char *text) {
    buf_text(m->out, text);
}

/* A share or a mean, with the comma that Polish writes. */
static void say_real(const struct methods *m, double value, int digits) {
    char text[32];
    snprintf(text, sizeof text, "%.*f", digits, value);
    char *point = strchr(text, '.');
    if (point && m->polish)
        *point = ',';
    say(m, text);
}

static json_t *embedded(const char *begin, const char *end) {
    return json_loadb(begin, (size_t)(end - begin), 0, NULL);
}

static const char *text_at(const json_t *object, const char *key, const char *absent) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : absent;
}

static bool is_hybrid(const struct methods *m) {
    return strcmp(text_at(m->config, "engine", "hybrid"), "hybrid") == 0;
}

/* ---- data ---- */

static void say_inputs(const struct methods *m) {
    const struct input_row *rows = m->audit->tables[TABLE_INPUTS].rows;
    size_t count = m->audit->tables[TABLE_INPUTS].count, odd = 0;
    for (size_t i = 0; i < count; i++)
        odd += strcmp(rows[i].status, "whole") != 0;
    buf_format(
        m->out,
        TR(m, "The data are archived social-media posts in %zu input files",
           "Dane to archiwalne wpisy z mediów społecznościowych (liczba plików wejściowych: %zu"),
        count);
    if (odd)
        buf_format(m->out,
                   TR(m, " (of which %zu were damaged, incomplete, skipped or copies of others)",
                      "; w tym uszkodzone, niepełne, pominięte lub będące kopią innych: %zu"),
                   odd);
    say(m, TR(m, ". ", "). "));
}

static bool has_trees(const struct audit *audit) {
    const struct audit_table *table = &audit->tables[TABLE_INPUTS];
    const struct input_row *rows = table->rows;
    bool any = false;
    for (size_t i = 0; i < table->count; i++)
        any |= digest_kind_of(rows[i].digest) == DIGEST_TREE;
    return any;
}

static void say_records(const struct methods *m) {
    struct record_counts counts = count_records(m->audit);
    buf_format(m->out,
               TR(m,
                  "They hold %" PRId64 " records: %" PRId64 " posts, %" PRId64
                  " duplicates that count once, %" PRId64
                  " notices (such as deletions) and %" PRId64 " records that could not be used",
                  "Zawierają one rekordy (%" PRId64 "): wpisy (%" PRId64
                  "), powtórzenia liczone jeden raz (%" PRId64
                  "), powiadomienia, na przykład o usunięciu (%" PRId64
                  "), oraz rekordy, których nie dało się użyć (%" PRId64 ")"),
               counts.records, counts.posts, counts.duplicates, counts.notices, counts.rejects);
    if (audit_noted(m->audit, "first_post")[0])
        buf_format(m->out,
                   TR(m, "; the posts were written from %s to %s",
                      "; wpisy pochodzą z okresu od %s do %s"),
                   audit_noted(m->audit, "first_post"), audit_noted(m->audit, "last_post"));
    say(m, TR(m, ". The files' SHA-256 digests are in the table inputs",
              ". Skróty SHA-256 plików zawiera tabela inputs"));
    if (has_trees(m->audit))
        say(m,
            TR(m,
               "; where its column digest says sha256-tree-1MiB, they are made of the digests of "
               "pieces of 1 MiB, as `split -b 1M --filter=sha256sum FILE | cut -c1-64 | "
               "sha256sum` gives them",
               "; gdzie kolumna digest mówi sha256-tree-1MiB, są one złożone ze skrótów "
               "kawałków po 1 MiB, jak podaje je `split -b 1M --filter=sha256sum PLIK | cut "
               "-c1-64 | sha256sum`"));
    say(m, ".\n\n");
}

static void say_coverage(const struct methods *m) {
    const struct audit_table *table = &m->audit->tables[TABLE_COVERAGE];
    size_t begin = m->out->len;
    for (size_t at = 0, before = begin;
         coverage_words(table->rows, table->count, &at, m->polish, m->out); before = m->out->len)
        if (m->out->len > before)
            buf_char(m->out, ' ');
    if (m->out->len > begin)
        say(m, TR(m, "The table coverage has it stretch by stretch.\n\n",
                  "Szczegóły zawiera tabela coverage.\n\n"));
}

/* ---- brands ---- */

static int64_t brand_mentions(const struct audit *audit, const char *id) {
    const struct brand_row *rows = audit->tables[TABLE_BRANDS].rows;
    for (size_t i = 0; i < audit->tables[TABLE_BRANDS].count; i++)
        if (strcmp(rows[i].brand, id) == 0)
            return rows[i].mentions;
    return 0;
}

static void say_brand(const struct methods *m, const json_t *brand, bool first) {
    const char *id = text_at(brand, "id", "");
    buf_format(m->out,
               TR(m, "%s%s (query: %s%s; %" PRId64 " mentions)",
                  "%s%s (zapytanie: %s%s; liczba wzmianek: %" PRId64 ")"),
               first ? "" : "; ", text_at(brand, "name", id), text_at(brand, "query", ""),
               json_is_false(json_object_get(brand, "inflect"))
                   ? TR(m, ", without inflected forms", ", bez form odmienionych")
                   : "",
               brand_mentions(m->audit, id));
}

static void say_brands(const struct methods *m) {
    json_t *brands = json_object_get(m->config, "brands"), *brand;
    size_t i;
    bool thread = false;
    say(m,
        TR(m,
           "Posts about a brand were found by queries that match the inflected Polish forms of "
           "their words, "
           "with and without diacritics, also as hashtags and handles: ",
           "Wpisy o marce wyszukano zapytaniami, które obejmują formy odmienione słów, ze znakami "
           "diakrytycznymi i bez nich, także jako hashtagi i nazwy kont: "));
    json_array_foreach(brands, i, brand) {
        say_brand(m, brand, i == 0);
        thread |= strcmp(text_at(brand, "context", "none"), "thread") == 0;
    }
    say(m, TR(m, ". Posts by the brands' own accounts are not counted as mentions",
              ". Wpisów z własnych kont marek nie liczono jako wzmianek"));
    if (thread)
        say(m, TR(m, ", nor are replies in their conversations that do not name the brand",
                  " ani odpowiedzi w wątkach, które nie wymieniają marki"));
    say(m, ".\n\n");
}

/* ---- sentiment ---- */

static const char *domain_name(const struct methods *m, const char *domain,
                               enum language language) {
    bool english = language == LANGUAGE_EN;
    if (strcmp(domain, "brand") == 0)
        return english ? TR(m, "English posts about brands", "angielskich wpisów o markach")
                       : TR(m, "Polish posts about brands", "polskich wpisów o markach");
    if (strcmp(domain, "own") == 0)
        return english ? TR(m, "English posts about invented brands, written for the measurement",
                            "angielskich wpisów o zmyślonych markach, napisanych do pomiaru")
                       : TR(m, "Polish posts about invented brands, written for the measurement",
                            "polskich wpisów o zmyślonych markach, napisanych do pomiaru");
    if (strcmp(domain, "tweets") == 0)
        return english ? TR(m, "English tweets", "angielskich tweetów")
                       : TR(m, "Polish tweets", "polskich tweetów");
    return NULL;
}

/* Of the languages that the mentions are in. */
static void say_quality(const struct methods *m) {
    bool first = true;
    say(m, is_hybrid(m) ? TR(m,
                             " In five-fold cross-validation its mean recall over negative, "
                             "neutral and positive posts was ",
                             " W pięciokrotnej walidacji krzyżowej jego średnia czułość dla wpisów "
                             "negatywnych, neutralnych i "
                             "pozytywnych wyniosła ")
                        : TR(m, " Its mean recall over negative, neutral and positive posts was ",
                             " Jego średnia czułość dla wpisów negatywnych, neutralnych i "
                             "pozytywnych wyniosła "));
    for (int language = LANGUAGE_PL; language < LANGUAGE_COUNT; language++) {
        json_t *scores =
            is_hybrid(m) ? json_object_get(json_object_get(m->models[language], "cross_validation"),
                                           "scores")
                         : json_object_get(json_object_get(m->figures, "rules"),
                                           language_name((enum language)language));
        json_t *score;
        size_t i;
        if (!m->mentions[language])
            continue;
        json_array_foreach(scores, i, score) {
            const char *name =
                domain_name(m, text_at(score, "domain", ""), (enum language)language);
            if (!name)
                continue;
            say(m, first ? "" : ", ");
            say_real(m, json_number_value(json_object_get(score, "macro_recall")), 3);
            buf_format(m->out,
                       TR(m, " on %" JSON_INTEGER_FORMAT " %s", " dla %" JSON_INTEGER_FORMAT " %s"),
                       json_integer_value(json_object_get(score, "posts")), name);
            first = false;
        }
    }
    say(m, is_hybrid(m) ? "."
                        : TR(m, "; its settings were chosen on a part of them.",
                             "; jego ustawienia dobrano na części tych wpisów."));
}

static void say_sentiment(const struct methods *m) {
    int64_t other = m->mentions[LANGUAGE_OTHER];
    say(m, is_hybrid(m) ? TR(m,
                             "Sentiment was scored by burza's hybrid engine: a lexicon of valences "
                             "with rules for negation, "
                             "intensity, contrast and irony, joined with a calibrated logistic "
                             "regression on words and "
                             "their parts.",
                             "Wydźwięk oceniono silnikiem hybrydowym programu burza: słownik "
                             "walencji z regułami dla "
                             "przeczeń, nasilenia, kontrastu i ironii, połączony ze skalibrowaną "
                             "regresją logistyczną na "
                             "słowach i ich częściach.")
                        : TR(m,
                             "Sentiment was scored by burza's rules engine: a lexicon of valences "
                             "with rules for negation, "
                             "intensity, contrast and irony; nothing in it is trained.",
                             "Wydźwięk oceniono silnikiem regułowym programu burza: słownik "
                             "walencji z regułami dla "
                             "przeczeń, nasilenia, kontrastu i ironii; niczego nie trenowano."));
    if (!m->measured)
        say(m, TR(m,
                  " It used other lexicons than those whose quality was measured for this version "
                  "of burza, so no "
                  "figure of quality can be given.",
                  " Użyto innych słowników niż te, których jakość zmierzono dla tej wersji "
                  "programu, więc nie "
                  "można podać miar jakości."));
    else if (m->mentions[LANGUAGE_PL] || m->mentions[LANGUAGE_EN])
        say_quality(m);
    if (other)
        buf_format(
            m->out,
            TR(m,
               " %" PRId64
               " mentions in other languages than Polish and English are counted, not scored.",
               " Wzmianki w językach innych niż polski i angielski (%" PRId64
               ") policzono, ale nie oceniono."),
            other);
    say(m, "\n\n");
}

/* ---- detection ---- */

static void say_detection_quality(const struct methods *m) {
    const json_t *figures = json_object_get(m->figures, "detection");
    buf_format(
        m->out,
        TR(m,
           " In simulations at the default sensitivity (28 days each, one crisis), "
           "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " crises of %" JSON_INTEGER_FORMAT
           " times the usual were found, the median error of the "
           "onset was %" JSON_INTEGER_FORMAT " minutes, the 90 %% interval held the onset in ",
           " W symulacjach przy domyślnej czułości (28 dni, jeden kryzys) wykryto "
           "%" JSON_INTEGER_FORMAT " z %" JSON_INTEGER_FORMAT
           " kryzysów o sile %" JSON_INTEGER_FORMAT
           "-krotności zwykłego poziomu, mediana błędu początku "
           "wyniosła %" JSON_INTEGER_FORMAT " minut, przedział 90 %% zawierał początek w "),
        json_integer_value(json_object_get(figures, "found")),
        json_integer_value(json_object_get(figures, "of")),
        json_integer_value(json_object_get(figures, "times")),
        json_integer_value(json_object_get(figures, "onset_median_minutes")));
    say_real(m, 100 * json_number_value(json_object_get(figures, "interval_holds")), 0);
    say(m, TR(m, " % of them, and there were ", " % przypadków, a fałszywych alarmów było "));
    say_real(m, json_number_value(json_object_get(figures, "false_alarms_per_30_days")), 2);
    say(m, TR(m, " false alarms in 30 days.", " na 30 dni."));
}

static void say_detection(const struct methods *m) {
    const json_t *bucket = json_object_get(m->config, "bucket");
    const json_t *rate =
        json_object_get(json_object_get(m->config, "detection"), "false_alarms_per_month");
    buf_format(
        m->out,
        TR(m,
           "Crises were looked for in each brand's mentions and negative mentions, counted every "
           "%" JSON_INTEGER_FORMAT " seconds, against a baseline of level and hour of the week "
           "that is fitted so that the episodes "
           "themselves weigh little (after Farrington et al., 1996) and that leaves out the hours "
           "which the data do not cover; changes were found by likelihood ratios (Romano et al., "
           "2023; "
           "Ward et al., 2024), at ",
           "Kryzysów szukano w liczbie wzmianek i wzmianek negatywnych każdej marki, liczonych co "
           "%" JSON_INTEGER_FORMAT
           " s, względem poziomu bazowego z godziną tygodnia, dopasowanego tak, by same "
           "epizody niewiele ważyły (za: Farrington i in., 1996), z pominięciem godzin, których "
           "dane nie "
           "obejmują; zmiany wykryto ilorazem wiarygodności (Romano i in., 2023; Ward i in., 2024) "
           "przy "
           "dopuszczalnej liczbie fałszywych alarmów "),
        bucket ? json_integer_value(bucket) : 300);
    say_real(m, rate ? json_number_value(rate) : detect_options_default().false_alarms_per_month,
             2);
    buf_format(
        m->out,
        TR(m,
           " false alarms per brand and month. An episode in which the number and the share of "
           "negative mentions "
           "rise is a crisis. Found were %zu crises and %zu other episodes.",
           " na markę i miesiąc. Kryzysem jest epizod, w którym rośnie liczba i odsetek wzmianek "
           "negatywnych. Wykryto kryzysy (%zu) i inne epizody (%zu)."),
        m->audit->tables[TABLE_CRISES].count,
        m->audit->tables[TABLE_BURSTS].count + m->audit->tables[TABLE_MOOD_TURNS].count);
    say_detection_quality(m);
    say(m, TR(m,
              " Terms that set an episode apart are ranked by log-odds ratios with an informative "
              "Dirichlet prior "
              "(Monroe et al., 2008).\n\n",
              " Terminy wyróżniające epizod uszeregowano ilorazem szans z informatywnym rozkładem "
              "a priori "
              "Dirichleta (Monroe i in., 2008).\n\n"));
}

/* ---- privacy, versions ---- */

static void say_versions(const struct methods *m) {
    const char *authors = text_at(json_object_get(m->config, "privacy"), "authors", "pseudonym");
    say(m, strcmp(authors, "plain") == 0 ? TR(m, "Authors are named by their handles. ",
                                              "Autorzy są podani pod nazwami kont. ")
                                         : TR(m, "Authors are shown as keyed pseudonyms. ",
                                              "Autorów zastąpiono pseudonimami z kluczem. "));
    buf_format(m->out,
               TR(m,
                  "Local times are those of %s. All steps ran offline in %s (%s). The audit's "
                  "SHA-256 is %s, that of "
                  "the lexicons and models %s, that of the settings of the scan %s; the same files "
                  "and settings "
                  "give the same bytes again.\n\n",
                  "Czas lokalny: %s. Wszystkie kroki wykonano bez sieci w programie %s (%s). "
                  "SHA-256 audytu: %s, "
                  "słowników i modeli: %s, ustawień odczytu: %s; te same pliki i ustawienia dają "
                  "ponownie te same "
                  "bajty.\n\n"),
               audit_noted(m->audit, "timezone"), audit_noted(m->audit, "program"),
               audit_noted(m->audit, "libraries"), m->seal,
               audit_noted(m->audit, "lexicons_sha256"), audit_noted(m->audit, "scan_digest"));
}

static void say_sources(const struct methods *m) {
    say(m, TR(m, "References\n\n", "Bibliografia\n\n"));
    say(m, "- Farrington, C. P., Andrews, N. J., Beale, A. D., & Catchpole, M. A. (1996). A "
           "statistical "
           "algorithm for the early detection of outbreaks of infectious disease. Journal of the "
           "Royal "
           "Statistical Society A, 159(3), 547-563.\n");
    if (m->measured && is_hybrid(m) && m->mentions[LANGUAGE_PL])
        say(m, "- Kocoń, J., Miłkowski, P., & Zaśko-Zielińska, M. (2019). Multi-level sentiment "
               "analysis of PolEmo "
               "2.0: Extended corpus of multi-domain consumer reviews. Proceedings of CoNLL 2019, "
               "980-991.\n");
    say(m, "- Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin' words: Lexical "
           "feature selection and "
           "evaluation for identifying the content of political conflict. Political Analysis, "
           "16(4), 372-403.\n"
           "- Romano, G., Eckley, I. A., Fearnhead, P., & Rigaill, G. (2023). Fast online "
           "changepoint detection via "
           "functional pruning CUSUM statistics. Journal of Machine Learning Research, 24(81), "
           "1-36.\n");
    if (m->measured && is_hybrid(m) && m->mentions[LANGUAGE_EN])
        say(m, "- Rosenthal, S., Farra, N., & Nakov, P. (2017). SemEval-2017 task 4: Sentiment "
               "analysis in Twitter. "
               "Proceedings of SemEval-2017, 502-518.\n");
    buf_format(m->out,
               TR(m, "- The burza developers. %s [computer program]. MIT licence.\n",
                  "- The burza developers. %s [program komputerowy]. Licencja MIT.\n"),
               audit_noted(m->audit, "program"));
    say(m, "- Ward, K., Dilillo, G., Eckley, I., & Fearnhead, P. (2024). Poisson-FOCuS: An "
           "efficient online method "
           "for detecting count bursts with application to gamma ray burst detection. Journal of "
           "the American "
           "Statistical Association.\n");
}

static void count_languages(struct methods *m) {
    const struct grid *grid = &m->audit->grids[GRID_HOURLY];
    for (size_t i = 0; i < grid->cell_count; i++)
        m->mentions[grid->cells[i].language] += grid->cells[i].mentions;
}

enum status methods_text(const struct audit *audit, const char *seal, const char *lexicons,
                         bool polish, struct buf *out, struct fault *fault) {
    struct methods m = {.audit = audit, .seal = seal, .polish = polish, .out = out};
    const char *config = audit_noted(audit, "configuration");
    m.measured = strcmp(audit_noted(audit, "lexicons_sha256"), lexicons) == 0;
    m.config = json_loads(config, 0, NULL);
    m.models[LANGUAGE_PL] = embedded(quality_model_pl_begin, quality_model_pl_end);
    m.models[LANGUAGE_EN] = embedded(quality_model_en_begin, quality_model_en_end);
    m.figures = embedded(quality_figures_begin, quality_figures_end);
    bool memory = m.models[LANGUAGE_PL] && m.models[LANGUAGE_EN] && m.figures;
    if (memory && m.config) {
        count_languages(&m);
        say_inputs(&m);
        say_records(&m);
        say_coverage(&m);
        say_brands(&m);
        say_sentiment(&m);
        say_detection(&m);
        say_versions(&m);
        say_sources(&m);
    }
    enum status status = !memory || out->failed ? fault_memory(fault)
                         : m.config             ? STATUS_OK
                                                : fault_set(fault, STATUS_FATAL, EXIT_DATA,
                                                            "the audit's configuration cannot be read");
    json_decref(m.config);
    json_decref(m.models[LANGUAGE_PL]);
    json_decref(m.models[LANGUAGE_EN]);
    json_decref(m.figures);
    return status;
}
