#include "compose.h"

#include "typos.h"

static const struct {
    const char *nominative, *locative;
} cities[] = {
    {"Warszawa", "w Warszawie"},  {"Kraków", "w Krakowie"},     {"Wrocław", "we Wrocławiu"},
    {"Gdańsk", "w Gdańsku"},      {"Poznań", "w Poznaniu"},     {"Łódź", "w Łodzi"},
    {"Lublin", "w Lublinie"},     {"Katowice", "w Katowicach"}, {"Białystok", "w Białymstoku"},
    {"Olsztyn", "w Olsztynie"},   {"Toruń", "w Toruniu"},       {"Rzeszów", "w Rzeszowie"},
    {"Szczecin", "w Szczecinie"}, {"Opole", "w Opolu"},         {"Kielce", "w Kielcach"},
    {"Sopot", "w Sopocie"}};
static const char *const cities_en[] = {"Warsaw", "Krakow", "Wroclaw", "Gdansk",
                                        "Poznan", "Lodz",   "Lublin",  "Katowice"};
static const char *const days_pl[] = {"w poniedziałek", "we wtorek", "w środę",
                                      "w czwartek",     "w piątek",  "w sobotę"};
static const char *const days_en[] = {"on Monday", "on Tuesday", "on Wednesday", "on Thursday",
                                      "on Friday"};
#define PICK(list, random) list[random_below(random, sizeof list / sizeof *list)]

struct draft {
    const struct template *last; /* so that two sentences of one post differ */
    struct composer *composer;
    const struct occasion *occasion;
    struct text *text;
    unsigned mask;
};

static void add_place(struct draft *draft, const struct template_piece *piece) {
    struct random *random = draft->composer->random;
    if (draft->occasion->language != LANG_PL) {
        if (piece->slot == SLOT_IN_CITY)
            text_add_string(draft->text, "in ");
        text_add_string(draft->text, PICK(cities_en, random));
        return;
    }
    size_t index = random_below(random, sizeof cities / sizeof *cities), at = draft->text->length;
    text_add_string(draft->text,
                    piece->slot == SLOT_CITY ? cities[index].nominative : cities[index].locative);
    if (piece->variant)
        draft->text->data[at] = 'W';
}

static void add_price(struct draft *draft) {
    struct random *random = draft->composer->random;
    bool groceries =
        draft->occasion->topic == TOPIC_FOOD || topic_brand(draft->occasion->topic) == 2;
    uint32_t amount = groceries ? 3 + random_below(random, 15) : 5 + random_below(random, 195);
    if (draft->occasion->language == LANG_PL)
        text_print(draft->text, random_chance(random, 400) ? "%u,99 zł" : "%u zł", amount);
    else
        text_print(draft->text, random_chance(random, 500) ? "%u PLN" : "€%u", amount);
}

/* Numbers end in a digit after which Polish takes the genitive plural: 11, 15, 27 minut */
static void add_number(struct draft *draft, enum slot slot) {
    static const uint8_t genitive[] = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 26, 27,
                                       28, 30, 35, 36, 40, 45, 48, 50, 55, 60, 75, 90};
    struct random *random = draft->composer->random;
    uint32_t number;
    switch (slot) {
    case SLOT_K:
        number = 2 + random_below(random, 3);
        break;
    case SLOT_N:
        number = draft->occasion->language == LANG_PL ? 5 + random_below(random, 5)
                                                      : 2 + random_below(random, 8);
        break;
    case SLOT_NN:
        number = PICK(genitive, random);
        break;
    case SLOT_PCT:
        number = 5 + random_below(random, 40);
        break;
    default:
        number = 10000000 + random_below(random, 89999999);
        break;
    }
    text_add_number(draft->text, number);
}

static void add_choice(struct draft *draft, const struct template_piece *piece) {
    int wanted = piece->slot == SLOT_GENDER
                     ? draft->occasion->author->female
                     : (int)random_below(draft->composer->random, (uint32_t)piece->variant);
    const char *at = piece->bytes, *end = piece->bytes + piece->length;
    for (; wanted > 0; wanted--)
        at = (const char *)memchr(at, '|', (size_t)(end - at)) + 1;
    const char *stop = memchr(at, '|', (size_t)(end - at));
    text_add(draft->text, at, (size_t)((stop ? stop : end) - at));
}

static void add_brand(struct draft *draft, const struct template_piece *piece) {
    int index = draft->occasion->brand;
    const struct brand *brand = &brands[index];
    struct random *random = draft->composer->random;
    int form = draft->occasion->language == LANG_PL ? piece->variant : 0;
    bool social = draft->occasion->platform == PLATFORM_TWITTER && !draft->occasion->tidy;
    draft->mask |= 1u << index;
    text_add_char(draft->text, TYPOS_KEEP_BEGIN);
    if (form == 0 && social && random_chance(random, 60))
        text_add_string(draft->text, topic_hashtag(brand->topic, index));
    else if (form == 0 && !draft->occasion->tidy && random_chance(random, 25))
        text_add_string(draft->text, brand->misspelt);
    else
        text_add_string(draft->text, brand->forms[form]);
    text_add_char(draft->text, TYPOS_KEEP_END);
}

/* Handles and hashtags live on Twitter; elsewhere people just name the brand */
static void add_handle_or_tag(struct draft *draft, const struct template_piece *piece) {
    int index = draft->occasion->brand;
    draft->mask |= 1u << index;
    text_add_char(draft->text, TYPOS_KEEP_BEGIN);
    if (draft->occasion->platform == PLATFORM_TWITTER && piece->slot == SLOT_HANDLE) {
        text_add_char(draft->text, '@');
        text_add_string(draft->text, brands[index].handle);
    } else if (piece->slot == SLOT_TAG && draft->occasion->platform != PLATFORM_REDDIT) {
        text_add_string(draft->text, topic_hashtag(draft->occasion->topic, index));
    } else {
        text_add_string(draft->text, brands[index].forms[0]);
        if (piece->slot == SLOT_HANDLE && piece->variant == 0)
            text_add_char(draft->text, ',');
    }
    text_add_char(draft->text, TYPOS_KEEP_END);
}

static void add_clock(struct draft *draft, uint32_t twelfths) {
    text_print(draft->text, "%u:%02u", 7 + twelfths / 12, 5 * (twelfths % 12));
}

static void add_piece(struct draft *draft, const struct template_piece *piece) {
    struct random *random = draft->composer->random;
    bool polish = draft->occasion->language == LANG_PL;
    switch (piece->slot) {
    case SLOT_LITERAL:
        text_add(draft->text, piece->bytes, piece->length);
        break;
    case SLOT_CHOICE:
    case SLOT_GENDER:
        add_choice(draft, piece);
        break;
    case SLOT_BRAND:
        add_brand(draft, piece);
        break;
    case SLOT_TAG:
    case SLOT_HANDLE:
        add_handle_or_tag(draft, piece);
        break;
    case SLOT_CITY:
    case SLOT_IN_CITY:
        add_place(draft, piece);
        break;
    case SLOT_PRICE:
        add_price(draft);
        break;
    case SLOT_TIME:
        add_clock(draft, random_below(random, 14 * 12));
        break;
    case SLOT_ON_DAY:
        text_add_string(draft->text, polish ? PICK(days_pl, random) : PICK(days_en, random));
        break;
    default:
        add_number(draft, piece->slot);
        break;
    }
}

static const struct template *pick_template(struct draft *draft,
                                            const struct template_group *group) {
    uint32_t count = (uint32_t)group->count, index = random_below(draft->composer->random, count);
    if (&group->items[index] == draft->last)
        index = (index + 1) % count;
    return &group->items[index];
}

static void add_sentence(struct draft *draft, enum topic topic, enum stance stance,
                         enum language language) {
    const struct template_group *group =
        templates_find(draft->composer->templates, topic, stance, language);
    if (!group->count)
        die("no template for stance", stance_names[stance]);
    draft->last = pick_template(draft, group);
    for (size_t i = 0; i < draft->last->count; i++)
        add_piece(draft, &draft->last->pieces[i]);
}

/* "Ludzie, Ufaliśmy" -> "Ludzie, ufaliśmy"; names behind KEEP marks stay as they are */
static void join_to_opener(struct text *text, size_t begin) {
    if (!begin || begin >= text->length || text->data[begin - 2] == '.' ||
        text->data[begin - 2] == '?' || text->data[begin - 2] == '!')
        return;
    char *first = &text->data[begin];
    bool acronym = begin + 1 < text->length && first[1] >= 'A' && first[1] <= 'Z';
    bool pronoun =
        first[0] == 'I' && begin + 1 < text->length && (first[1] == ' ' || first[1] == '\'');
    if (*first >= 'A' && *first <= 'Z' && !acronym && !pronoun)
        *first = (char)(*first + 32);
}

/* The bytes from at on, a handle of bounded length, become the beginning */
static void move_end_to_front(struct text *text, size_t at) {
    char end[64];
    size_t length = text->length - at;
    if (length > sizeof end)
        die("handle too long", "address");
    memcpy(end, text->data + at, length);
    memmove(text->data + length, text->data, at);
    memcpy(text->data, end, length);
}

/* Customers often put the account in front, which makes the post a message to the brand */
static void add_address(struct draft *draft) {
    const struct occasion *occasion = draft->occasion;
    bool asks = occasion->stance == STANCE_COMPLAINT || occasion->stance == STANCE_QUESTION ||
                occasion->stance == STANCE_OUTRAGE;
    if (!asks || occasion->platform != PLATFORM_TWITTER || occasion->brand == BRAND_NONE)
        return;
    if (memchr(draft->text->data, '@', draft->text->length) ||
        !random_chance(draft->composer->random, 200))
        return;
    size_t before = draft->text->length;
    add_handle_or_tag(draft, &(struct template_piece){.slot = SLOT_HANDLE});
    text_add_char(draft->text, ' ');
    move_end_to_front(draft->text, before);
}

enum mood { MOOD_BAD, MOOD_GOOD, MOOD_ASKING, MOOD_PLAIN };

static enum mood stance_mood(enum stance stance) {
    switch (stance) {
    case STANCE_COMPLAINT:
    case STANCE_CHURN:
    case STANCE_OUTRAGE:
        return MOOD_BAD;
    case STANCE_PRAISE:
    case STANCE_RECOMMEND:
    case STANCE_JOY:
        return MOOD_GOOD;
    case STANCE_QUESTION:
        return MOOD_ASKING;
    default:
        return MOOD_PLAIN;
    }
}

static bool ends_sentence(const struct text *text) {
    char last = text->length ? text->data[text->length - 1] : '.';
    return last == '.' || last == '!' || last == '?';
}

static void add_opener(struct draft *draft, enum mood mood) {
    if (mood > MOOD_GOOD || draft->occasion->language > LANG_EN ||
        !random_chance(draft->composer->random, 200))
        return;
    add_sentence(draft, TOPIC_GLUE, mood == MOOD_BAD ? STANCE_OPENER_NEG : STANCE_OPENER_POS,
                 draft->occasion->language);
    text_add_char(draft->text, ' ');
}

static void add_closer(struct draft *draft, enum mood mood) {
    static const enum stance closers[] = {STANCE_CLOSER_NEG, STANCE_CLOSER_POS, STANCE_CLOSER_ASK};
    if (mood == MOOD_PLAIN || draft->occasion->language > LANG_EN ||
        !random_chance(draft->composer->random, 330))
        return;
    if (!ends_sentence(draft->text))
        text_add_char(draft->text, '.');
    text_add_char(draft->text, ' ');
    add_sentence(draft, TOPIC_GLUE, closers[mood], draft->occasion->language);
}

static void add_emoji(struct draft *draft, enum mood mood) {
    static const enum stance sets[] = {STANCE_EMOJI_NEG, STANCE_EMOJI_POS, STANCE_EMOJI_MID,
                                       STANCE_EMOJI_MID};
    struct random *random = draft->composer->random;
    if (!random_chance(random, draft->occasion->author->likes_emoji ? 450 : 60))
        return;
    size_t at = draft->text->length;
    text_add_char(draft->text, ' ');
    add_sentence(draft, TOPIC_GLUE, sets[mood], LANG_XX);
    size_t length = draft->text->length - at - 1;
    for (uint32_t more = random_below(random, 6) / 4; more > 0; more--) {
        text_reserve(draft->text, length);
        text_add(draft->text, draft->text->data + at + 1, length);
    }
}

unsigned compose_post(struct composer *composer, const struct occasion *occasion,
                      struct text *out) {
    struct draft draft = {.composer = composer, .occasion = occasion, .text = &composer->scratch};
    enum mood mood = stance_mood(occasion->stance);
    composer->scratch.length = 0;
    if (!occasion->tidy)
        add_opener(&draft, mood);
    size_t begin = draft.text->length;
    add_sentence(&draft, occasion->topic, occasion->stance, occasion->language);
    join_to_opener(draft.text, begin);
    if (occasion->long_form && occasion->language <= LANG_EN) {
        text_add_string(&composer->scratch, ends_sentence(&composer->scratch) ? " " : ". ");
        add_sentence(&draft, occasion->topic, occasion->stance, occasion->language);
    }
    if (!occasion->tidy) {
        add_closer(&draft, mood);
        add_emoji(&draft, mood);
        add_address(&draft);
    }
    struct habits habits = {.language = occasion->language,
                            .angry = mood == MOOD_BAD,
                            .tidy = occasion->tidy,
                            .ascii_only = occasion->author->ascii_only,
                            .lower_case = occasion->author->lower_case};
    typos_apply(&habits, composer->random, &composer->scratch, out);
    return draft.mask;
}

void composer_release(struct composer *composer) {
    text_release(&composer->scratch);
}
