/* The two languages of the report, and its vocabularies. */
#include "stages/report/page.h"

#include "stages/common/wording.h"

const char *tr(const struct page *page, const char *english, const char *polish) {
    return page->polish ? polish : english;
}

const char *tr_plural(const struct page *page, int64_t n, const char *en_one, const char *en_many,
                      const char *pl_one, const char *pl_few, const char *pl_many) {
    if (!page->polish)
        return n == 1 ? en_one : en_many;
    return wording_plural_pl(n, pl_one, pl_few, pl_many);
}

struct entry {
    const char *code, *english, *polish;
};

/* NULL when the code is not listed. */
static const char *look_up(const struct page *page, const struct entry *entries, struct span code) {
    for (; entries->code; entries++)
        if (span_is(code, entries->code))
            return tr(page, entries->english, entries->polish);
    return NULL;
}

static const char *look_up_or(const struct page *page, const struct entry *entries,
                              struct span code) {
    const char *word = look_up(page, entries, code);
    return word ? word : tr(page, "unknown", "nieznane");
}

const char *word_kind(const struct page *page, enum event_kind kind) {
    static const char *const names[2][EVENT_KINDS] = {
        {"crisis", "burst", "flood", "turn of mood"},
        {"kryzys", "wzrost zainteresowania", "zalew", "zmiana nastroju"}};
    return names[page->polish][kind];
}

const char *word_severity(const struct page *page, enum event_kind kind, int severity) {
    static const char *const crises[2][5] = {
        {"noise", "incident", "elevated", "crisis", "major crisis"},
        {"szum", "incydent", "napięcie", "kryzys", "poważny kryzys"}};
    static const char *const others[2][5] = {{"faint", "small", "marked", "strong", "very strong"},
                                             {"znikoma", "mała", "wyraźna", "duża", "bardzo duża"}};
    int level = severity < 0 ? 0 : severity > 4 ? 4 : severity;
    return kind == EVENT_CRISIS ? crises[page->polish][level] : others[page->polish][level];
}

const char *word_label(const struct page *page, struct span label) {
    static const struct entry entries[] = {{"negative", "negative", "negatywny"},
                                           {"neutral", "neutral", "neutralny"},
                                           {"positive", "positive", "pozytywny"},
                                           {"none", "not scored", "bez oceny"},
                                           {0}};
    return look_up_or(page, entries, label);
}

const char *word_language(const struct page *page, struct span code) {
    static const struct entry entries[] = {{"pl", "Polish", "polski"},
                                           {"en", "English", "angielski"},
                                           {"other", "other or unclear", "inny lub niepewny"},
                                           {0}};
    return look_up_or(page, entries, code);
}

const char *word_platform(struct span code) {
    static const struct entry entries[] = {{"twitter", "Twitter", NULL},
                                           {"reddit", "Reddit", NULL},
                                           {"telegram", "Telegram", NULL},
                                           {"facebook", "Facebook", NULL},
                                           {"instagram", "Instagram", NULL},
                                           {"youtube", "YouTube", NULL},
                                           {"tiktok", "TikTok", NULL},
                                           {"bluesky", "Bluesky", NULL},
                                           {"mastodon", "Mastodon", NULL},
                                           {"hackernews", "Hacker News", NULL},
                                           {"stackexchange", "Stack Exchange", NULL},
                                           {"threads", "Threads", NULL},
                                           {"wykop", "Wykop", NULL},
                                           {"discord", "Discord", NULL},
                                           {"slack", "Slack", NULL},
                                           {"whatsapp", "WhatsApp", NULL},
                                           {"linkedin", "LinkedIn", NULL},
                                           {"pinterest", "Pinterest", NULL},
                                           {"lemmy", "Lemmy", NULL},
                                           {"misskey", "Misskey", NULL},
                                           {"truthsocial", "Truth Social", NULL},
                                           {"gab", "Gab", NULL},
                                           {"9gag", "9GAG", NULL},
                                           {"douyin", "Douyin", NULL},
                                           {"rednote", "RedNote", NULL},
                                           {0}};
    for (const struct entry *entry = entries; entry->code; entry++)
        if (span_is(code, entry->code))
            return entry->english;
    return NULL;
}

const char *word_stage(const struct page *page, int stage) {
    static const char *const names[2][STAGE_COUNT] = {
        {"no sign of a stage", "aware: knows it", "appeal: likes or wants it", "ask: asks about it",
         "act: buys or uses it", "advocate: recommends it"},
        {"bez oznak etapu", "świadomość: zna markę", "sympatia: podoba się, chce mieć",
         "pytania: dopytuje", "działanie: kupuje, używa", "polecanie: poleca innym"}};
    return names[page->polish][stage];
}

const char *word_topic(const struct page *page, int topic) {
    static const char *const names[2][TOPIC_COUNT] = {
        {"none", "delivery", "price", "billing", "outage", "quality", "staff", "app", "returns",
         "availability", "privacy", "safety", "contract", "store", "advertising", "other"},
        {"brak", "dostawa", "cena", "rachunki", "awaria", "jakość", "obsługa", "aplikacja",
         "zwroty", "dostępność", "prywatność", "bezpieczeństwo", "umowa", "sklep", "reklama",
         "inne"}};
    return names[page->polish][topic];
}

void put_topic_counts(struct page *page, struct span topics) {
    for (const char *comma = ""; topics.len; comma = ", ") {
        const char *end = memchr(topics.at, ',', topics.len);
        struct span entry = {topics.at, end ? (size_t)(end - topics.at) : topics.len};
        size_t used = end ? entry.len + 2 : entry.len;
        topics = used < topics.len ? (struct span){topics.at + used, topics.len - used}
                                   : (struct span){NULL, 0};
        const char *blank = entry.len ? memchr(entry.at, ' ', entry.len) : NULL;
        size_t name = blank ? (size_t)(blank - entry.at) : entry.len;
        put(page, comma);
        for (int i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
            if (span_is((struct span){entry.at, name}, topic_name((enum post_topic)i)))
                put(page, word_topic(page, i));
        put_text(page, (struct span){entry.at + name, entry.len - name});
    }
}

const char *word_input_status(const struct page *page, struct span status) {
    static const struct entry entries[] = {{"whole", "whole", "w całości"},
                                           {"damaged", "damaged", "uszkodzony"},
                                           {"duplicate", "duplicate", "duplikat"},
                                           {"skipped", "skipped", "pominięty"},
                                           {0}};
    return look_up_or(page, entries, status);
}

const char *word_evidence(const struct page *page, struct span why) {
    static const struct entry entries[] = {{"first", "first post", "pierwszy wpis"},
                                           {"most engaged", "most reactions", "najwięcej reakcji"},
                                           {"typical", "typical", "typowy"},
                                           {0}};
    return look_up(page, entries, why);
}

const char *word_reject_class(const struct page *page, struct span class) {
    static const struct entry entries[] = {
        {"reject", "rejected", "odrzucone"},
        {"notice", "notice, no error", "komunikat, nie błąd"},
        {"repair", "repaired and read", "naprawione i odczytane"},
        {0}};
    return look_up_or(page, entries, class);
}

const char *word_reject_polish(struct span reason) {
    static const struct {
        const char *code, *polish;
    } entries[] = {
        {"delete_notice", "zawiadomienie o usunięciu wpisu; to nie błąd"},
        {"control_message", "komunikat samego serwisu; to nie błąd"},
        {"syntax", "rekord jest uszkodzony i nie dało się go naprawić"},
        {"too_long", "rekord jest dłuższy, niż dopuszczono"},
        {"too_deep", "rekord jest zagnieżdżony głębiej niż na 64 poziomy"},
        {"not_a_post", "rekord jest poprawny, ale nie zawiera wpisu"},
        {"no_time", "wpis nie podaje, kiedy powstał"},
        {"bad_time", "czasu nie da się odczytać, leży poza latami 1995–2100 albo jest lokalny "
                     "bez znanej strefy (pomoże --tz)"},
        {"no_text", "wpis nie ma pola z treścią"},
        {"ragged", "wiersz ma więcej lub mniej pól niż nagłówek"},
        {"encoding", "naprawiono kodowanie znaków"},
        {"surrogate", "zastąpiono osierocone połówki znaków"},
        {"escape", "naprawiono błędne sekwencje ucieczki i znaki sterujące"},
        {"number", "poprawiono liczby spoza zakresu"},
        {"repeated_hour", "godzina, którą jesienny zegar pokazuje dwa razy: rozróżniono ją po "
                          "kolejności wierszy, a gdzie się nie dało, przyjęto wcześniejszą"},
        {"skipped_hour", "godzina, którą wiosenny zegar pomija: przyjęto następną; czy --tz jest "
                         "właściwe?"},
        {"rough_time", "wpisy podają tylko godzinę, dzień lub miesiąc: rozłożono je równo w tym "
                       "czasie; o której powstały, nie wiadomo"},
        {"date_order", "03/04/2023 to 3 kwietnia albo 4 marca i żadna data w pliku tego nie "
                       "rozstrzyga: podaj --day-first albo --month-first"},
        {"relative_time", "czas liczony od chwili, której plik nie podaje („2 godz. temu”)"},
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (span_is(reason, entries[i].code))
            return entries[i].polish;
    return NULL;
}
