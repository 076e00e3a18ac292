/* How every figure is defined, and what made this audit: settings, versions, digests. */
#include "stages/report/page.h"

enum { SHORT_VALUE = 120, DIGESTS_SHOWN = 300 };

struct definition {
    const char *term[2], *meaning[2];
};

static const struct definition definitions[] = {
    {{"Mention", "Wzmianka"},
     {"a post that matches a brand\xE2\x80\x99s query; a post that names two brands is a mention "
      "of "
      "each. Posts of the brand\xE2\x80\x99s own accounts are not counted, and a post that is in "
      "several files counts once.",
      "wpis pasujący do zapytania o markę; wpis o dwóch markach jest wzmianką o każdej z nich. "
      "Wpisów z własnych kont marki nie liczono, a wpis obecny w kilku plikach liczy się raz."}},
    {{"Sentiment", "Wydźwięk"},
     {"each mention is scored from \xE2\x88\x92"
      "1 to +1 by lexicons, rules and a small statistical "
      "model, and is negative, neutral or positive. Single posts may be misjudged, irony above "
      "all; "
      "shares over many posts are more reliable.",
      "każda wzmianka dostaje ocenę od \xE2\x88\x92"
      "1 do +1 na podstawie słowników, reguł i małego "
      "modelu statystycznego i jest negatywna, neutralna albo pozytywna. Pojedyncze wpisy bywają "
      "ocenione błędnie, zwłaszcza ironiczne; udziały w wielu wpisach są pewniejsze."}},
    {{"Net sentiment", "Saldo wydźwięku"},
     {"(positive \xE2\x88\x92 negative) / (positive + negative). Without either, it is not known.",
      "(pozytywne \xE2\x88\x92 negatywne) / (pozytywne + negatywne). Gdy brak obu, nie jest "
      "znane."}},
    {{"Expected mentions", "Poziom oczekiwany"},
     {"the brand\xE2\x80\x99s level at that time with its rhythm of hours and weekdays, estimated "
      "without the episodes, and lowered where the data cover less.",
      "zwykły w tym czasie poziom dla marki, z jej rytmem godzin i dni tygodnia, oszacowany z "
      "pominięciem epizodów i obniżony tam, gdzie dane są niepełne."}},
    {{"Crisis, burst, flood", "Kryzys, wzrost zainteresowania, zalew"},
     {"a stretch of time with far more mentions, or far more negative ones, than expected. It is a "
      "crisis when criticism drives it, a flood when few accounts or a repeated text make it, "
      "otherwise a burst.",
      "okres, w którym wzmianek albo wzmianek negatywnych jest znacznie więcej, niż oczekiwano. To "
      "kryzys, gdy napędza go krytyka, zalew, gdy tworzy go kilka kont albo powielany tekst, a w "
      "pozostałych wypadkach wzrost zainteresowania."}},
    {{"Severity", "Skala"},
     {"0 noise, 1 incident, 2 elevated, 3 crisis, 4 major crisis: by how many usual days of talk "
      "it "
      "added, how far the busiest hour was above the usual, and how long it lasted; raised or "
      "lowered by counted facts that each card names.",
      "0 szum, 1 incydent, 2 napięcie, 3 kryzys, 4 poważny kryzys: zależnie od tego, ile zwykłych "
      "dni rozmów przybyło, jak bardzo najgorętsza godzina odbiegała od zwykłej i jak długo to "
      "trwało; podwyższona lub obniżona z powodów policzonych na karcie."}},
    {{"Onset", "Początek"},
     {"the most likely beginning of the rise. With a chance of 90% it lies in the interval that is "
      "given beside it and drawn below the chart.",
      "najbardziej prawdopodobny początek wzrostu. Z prawdopodobieństwem 90% leży w przedziale "
      "podanym obok i narysowanym pod wykresem."}},
    {{"Before, after", "Przed, po"},
     {"the 28 days before the onset and the 30 days after the end, as far as the data reach, other "
      "episodes of the brand left out.",
      "28 dni przed początkiem i 30 dni po końcu, o ile sięgają dane, z pominięciem innych "
      "epizodów "
      "marki."}},
    {{"Authors", "Autorzy"},
     {"distinct accounts. Who is not known counts once for each post.",
      "różne konta. Nieznany autor liczy się osobno przy każdym wpisie."}},
    {{"Critics who did not come back", "Krytycy, którzy nie wrócili"},
     {"authors of criticism in the crisis who wrote no neutral or positive word about the brand "
      "later in these data.",
      "autorzy krytyki w kryzysie, którzy później w tych danych nie napisali o marce ani "
      "neutralnie, "
      "ani pozytywnie."}},
    {{"Terms", "Wyrazy"},
     {"words that set the crisis apart from the brand\xE2\x80\x99s usual talk, by log-odds with an "
      "informative prior (Monroe, Colaresi and Quinn 2008), with the number of mentions that use "
      "them.",
      "wyrazy, które odróżniają kryzys od zwykłych rozmów o marce, według logarytmu ilorazu szans "
      "z "
      "informacyjnym rozkładem a priori (Monroe, Colaresi i Quinn 2008), z liczbą wzmianek, które "
      "ich używają."}},
    {{"Stages", "Etapy"},
     {"the five stages of Kotler, Kartajaya and Setiawan (2017), read off the words of each "
      "mention. "
      "They describe who writes, not the whole market.",
      "pięć etapów według Kotlera, Kartajayi i Setiawana (2017), odczytanych ze słów każdej "
      "wzmianki. Opisują piszących, nie cały rynek."}},
    {{"Not covered", "Brak danych"},
     {"time in which the dumps hold no posts of the platforms that matter for the brand although "
      "there should be many: it is unknown, not quiet.",
      "czas, z którego zrzuty nie zawierają wpisów z platform istotnych dla marki, choć powinno "
      "ich "
      "być dużo: nie wiadomo, co się wtedy działo; to nie cisza."}},
};

static void put_definitions(struct page *page) {
    put(page, "<dl class=\"definitions\">\n");
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
        buf_format(page->out, "<dt>%s</dt><dd>%s</dd>\n", definitions[i].term[page->polish],
                   definitions[i].meaning[page->polish]);
    put(page, "</dl>\n");
}

static void put_entry(struct page *page, const struct provenance_entry *entry) {
    struct span value = span_of(entry->text);
    bool lengthy = value.len > SHORT_VALUE;
    put(page, "<dt>");
    put_field(page, entry->name);
    put(page, lengthy ? "</dt><dd><details><summary>" : "</dt><dd><code>");
    if (lengthy) {
        put(page, tr(page, "show", "pokaż"));
        put(page, "</summary><pre>");
    }
    put_text(page, value);
    put(page, lengthy ? "</pre></details></dd>\n" : "</code></dd>\n");
}

static void put_digests(struct page *page) {
    const struct input_row *rows = page->audit->tables[TABLE_INPUTS].rows;
    size_t count = page->audit->tables[TABLE_INPUTS].count;
    put(page, "<h3>");
    put(page, tr(page, "SHA-256 of the files", "SHA-256 plików"));
    put(page, "</h3>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < count && i < DIGESTS_SHOWN; i++) {
        put(page, "<dt><bdi>");
        put_field(page, rows[i].input);
        put(page, "</bdi></dt><dd><code>");
        if (rows[i].sha256[0])
            put_field(page, rows[i].sha256);
        else
            put(page, DASH);
        put(page, "</code></dd>\n");
    }
    put(page, "</dl>\n");
}

void method_write(struct page *page) {
    put(page, "<section id=\"method\">\n<h2>");
    put(page, tr(page, "How to read the figures", "Jak czytać te liczby"));
    put(page, "</h2>\n");
    put_definitions(page);
    put(page, "</section>\n<section id=\"provenance\">\n<h2>");
    put(page, tr(page, "Settings and provenance", "Ustawienia i pochodzenie"));
    put(page, "</h2>\n<p class=\"note\">");
    put(page,
        tr(page, "The same inputs, settings and lexicons give the same audit again, byte by byte.",
           "Te same pliki, ustawienia i słowniki dają ponownie ten sam audyt, bajt w bajt."));
    put(page, "</p>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < page->audit->provenance_count; i++)
        put_entry(page, &page->audit->provenance[i]);
    put(page, "</dl>\n");
    put_digests(page);
    put(page, "</section>\n");
}
