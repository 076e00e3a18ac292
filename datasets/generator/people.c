#include "people.h"

#include <stdio.h>
#include <stdlib.h>

#include "brands.h"
#include "civil_time.h"

static const char *const female_pl[] = {"Kasia", "Ania",   "Magda", "Ola",   "Gosia",   "Zosia",
                                        "Basia", "Ewa",    "Marta", "Julka", "Iza",     "Dorota",
                                        "Beata", "Renata", "Hania", "Asia",  "Natalia", "Wiola"};
static const char *const male_pl[] = {"Tomek", "Marek",    "Piotrek", "Kuba",    "Bartek", "Michal",
                                      "Pawel", "Wojtek",   "Adam",    "Jacek",   "Darek",  "Szymon",
                                      "Radek", "Grzesiek", "Leszek",  "Mateusz", "Arek",   "Kamil"};
static const char *const female_en[] = {"Emma",  "Lucy",   "Hannah", "Grace", "Chloe",
                                        "Megan", "Rachel", "Nora",   "Tess",  "Ivy"};
static const char *const male_en[] = {"Jack", "Oliver", "Ben",  "Liam",  "Sam",
                                      "Theo", "Max",    "Owen", "Harry", "Dean"};
static const char *const nouns_pl[] = {"zgrodu",   "rower", "kawa",      "znadwisly", "mazury",
                                       "ogrodek",  "pisze", "lubiekoty", "biega",     "gotuje",
                                       "czyta",    "tata",  "z3miasta",  "pierog",    "szyje",
                                       "w_trasie", "foto",  "sowa",      "bezcukru",  "mlyn"};
static const char *const nouns_en[] = {
    "abroad", "reads",  "bakes",  "runs",    "onabike", "mostlytea",  "writes", "outdoors",
    "pixels", "garden", "lowkey", "offline", "maps",    "northbound", "owl",    "vinyl"};
#define PICK(list, random) list[random_below(random, sizeof list / sizeof *list)]

static const char *first_name(const struct author *author, struct random *random) {
    if (author->language == LANG_EN)
        return author->female ? PICK(female_en, random) : PICK(male_en, random);
    return author->female ? PICK(female_pl, random) : PICK(male_pl, random);
}

static void handle_write(struct author *author, const char *first, struct random *random) {
    const char *noun =
        author->language == LANG_EN ? PICK(nouns_en, random) : PICK(nouns_pl, random);
    unsigned number = random_below(random, 1000), style = random_below(random, 5);
    size_t size = sizeof author->handle;
    switch (style) {
    case 0:
        snprintf(author->handle, size, "%.9s_%.9s%u", first, noun, number % 100);
        break;
    case 1:
        snprintf(author->handle, size, "%.9s%.9s", first, noun);
        break;
    case 2:
        snprintf(author->handle, size, "%.9s%u", first, 1950 + number % 60);
        break;
    case 3:
        snprintf(author->handle, size, "%.9s_%.9s", noun, first);
        break;
    default:
        snprintf(author->handle, size, "%.9s%u", noun, number);
        break;
    }
    if (random_chance(random, 600))
        for (char *c = author->handle; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
}

static enum language draw_language(struct random *random) {
    uint32_t draw = random_below(random, 1000);
    return draw < 640   ? LANG_PL
           : draw < 940 ? LANG_EN
           : draw < 960 ? LANG_CS
           : draw < 975 ? LANG_DE
           : draw < 992 ? LANG_UK
                        : LANG_ES;
}

static void author_create(struct author *author, struct random *random) {
    author->language = draw_language(random);
    author->female = random_chance(random, 500);
    author->ascii_only = author->language == LANG_PL && random_chance(random, 170);
    author->lower_case = random_chance(random, 150);
    author->likes_emoji = random_chance(random, 300);
    author->brand = BRAND_NONE;
    const char *first = first_name(author, random);
    handle_write(author, first, random);
    uint32_t bits = random_below(random, 1u << 31);
    snprintf(author->name, sizeof author->name, "%s%s%c%s", first, bits & 1 ? " " : "",
             (char)('A' + (bits >> 8) % 23), (bits >> 20) % 10 < 3 ? "." : "");
    author->id = 100000000u + random_below(random, 3000000000u);
    if (random_chance(random, 600))
        author->id =
            (900000000000ull + random_below(random, 700000000)) * 1000000ull + author->id % 1000000;
    author->joined_s = 1262304000 + (int64_t)random_below(random, 12 * 365 * DAY_S);
    author->followers = random_skewed(random, random_chance(random, 20) ? 17 : 11);
    author->friends = random_skewed(random, 10);
    author->statuses = random_skewed(random, 15);
}

static void author_make_official(struct author *author, int index) {
    const struct brand *brand = &brands[index];
    *author = (struct author){.id = strtoull(brand->account_id, NULL, 10),
                              .joined_s = 1370000000 + index * 40000000,
                              .followers = brand->followers,
                              .friends = 120,
                              .statuses = 60000,
                              .language = LANG_PL,
                              .official = true,
                              .brand = index};
    snprintf(author->handle, sizeof author->handle, "%s", brand->handle);
    snprintf(author->name, sizeof author->name, "%s", brand->display);
}

void people_create(struct crowd *crowd, size_t count, enum platform platform, uint64_t seed) {
    struct random random;
    random_init(&random, seed, 100 + (uint64_t)platform);
    crowd->authors = allocate(count, sizeof *crowd->authors);
    crowd->count = count;
    for (size_t i = 0; i < count; i++)
        author_create(&crowd->authors[i], &random);
    if (platform != PLATFORM_TWITTER)
        return;
    for (int i = 0; i < BRAND_COUNT; i++)
        author_make_official(&crowd->authors[i], i);
}

void people_release(struct crowd *crowd) {
    free(crowd->authors);
    *crowd = (struct crowd){0};
}

static bool writes_in(const struct author *author, enum language language) {
    return !author->official && author->language == language;
}

uint32_t people_pick(const struct crowd *crowd, enum language language, struct random *random) {
    uint32_t limit = (uint32_t)crowd->count / (random_chance(random, 300) ? 8 : 1);
    uint32_t start = random_below(random, limit);
    for (uint32_t i = 0; i < crowd->count; i++) {
        uint32_t pick = (start + i * 9973) % (uint32_t)crowd->count;
        if (writes_in(&crowd->authors[pick], language))
            return pick;
    }
    die("no author writes in this language", language_names[language]);
}
