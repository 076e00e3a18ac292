/* Numbers that belong to a person: IBAN (ISO 13616, check of ISO 7064), payment cards (ISO/IEC
 * 7812, Luhn), PESEL (its weights and its date), telephone numbers (E.164, the Polish plan of
 * numbers). Check digits and prefixes tell them from prices and other figures. */
#include "stages/mask/skeleton.h"

enum { DIGITS_MAX = 34, GROUPS_MAX = 34, LEAD_MAX = 4 };

/* Digits from a place on, in groups with one separator between. */
struct number {
    char digit[DIGITS_MAX + 1];
    size_t digits;
    size_t size[GROUPS_MAX]; /* [groups] digits of each */
    size_t end[GROUPS_MAX];  /* where each ends */
    char separator;          /* behind the first group; 0: there is one only */
    size_t groups;
};

static const struct cover nothing = {0, 0};

static bool is_separator(char sign) {
    return sign == ' ' || sign == '-' || sign == '.' || sign == '/';
}

/* Behind a group: where the next begins; 0: there is none. */
static size_t next_group(const struct skeleton *s, size_t at) {
    size_t from = at;
    from += sign_at(s, from) == ')';
    if (sign_at(s, from) == ' ' && sign_at(s, from + 1) == '-' && sign_at(s, from + 2) == ' ')
        from += 2;
    from += is_separator(sign_at(s, from));
    from += sign_at(s, from) == '(';
    return from > at && is_digit(sign_at(s, from)) ? from : 0;
}

static void read_number(const struct skeleton *s, size_t at, struct number *n) {
    n->digits = n->groups = 0;
    n->separator = 0;
    while (at && n->groups < GROUPS_MAX) {
        size_t from = at;
        while (is_digit(sign_at(s, at)) && n->digits < DIGITS_MAX)
            n->digit[n->digits++] = s->at[at++];
        if (at == from)
            return;
        n->size[n->groups] = at - from;
        n->end[n->groups++] = at;
        if (n->groups == 1)
            n->separator = sign_at(s, at);
        at = is_digit(sign_at(s, at)) ? 0 : next_group(s, at);
    }
}

static int digits_at(const struct number *n, size_t at, size_t count) {
    int value = 0;
    while (count--)
        value = value * 10 + (n->digit[at++] - '0');
    return value;
}

static bool one_by_one(const struct number *n, size_t groups) {
    for (size_t i = 0; i < groups; i++)
        if (n->size[i] != 1)
            return false;
    return groups > 1;
}

/* ---- check digits ---- */

static bool passes_luhn(const struct number *n, size_t digits) {
    int sum = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = n->digit[digits - 1 - i] - '0';
        if (i & 1)
            value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

/* Lengths of the issuers' numbers by their first digits. */
static bool is_card_length(const struct number *n, size_t digits) {
    int two = digits_at(n, 0, 2), four = digits_at(n, 0, 4);
    if (two == 34 || two == 37)
        return digits == 15;
    if (two == 36 || two == 38 || (four >= 3000 && four <= 3059))
        return digits == 14;
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) ||
        (four >= 3528 && four <= 3589) || (four >= 2200 && four <= 2204))
        return digits == 16;
    if (n->digit[0] == '4')
        return digits == 16 || digits == 19;
    return (n->digit[0] == '6' || two == 50 || (two >= 56 && two <= 58)) && digits >= 16 &&
           digits <= 19;
}

static bool is_card(const struct number *n, size_t groups, size_t digits) {
    if (digits < 14 || digits > 19 || !is_card_length(n, digits) || !passes_luhn(n, digits))
        return false;
    for (size_t i = 0; i + 1 < groups; i++)
        if (n->size[i] < 4 && !one_by_one(n, groups))
            return false;
    return true;
}

static bool is_pesel(const struct number *n, size_t groups, size_t digits) {
    static const int weights[10] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    int sum = 0, month = digits_at(n, 2, 2) % 20, day = digits_at(n, 4, 2);
    if (digits != 11 || (groups > 4 && !one_by_one(n, groups)))
        return false;
    for (int i = 0; i < 10; i++)
        sum += weights[i] * (n->digit[i] - '0');
    return (10 - sum % 10) % 10 == n->digit[10] - '0' && month >= 1 && month <= 12 && day >= 1 &&
           day <= 31;
}

/* ISO 7064 mod 97 over the account, then country and check digits. */
static bool passes_iban(const char *sign, size_t count) {
    int rest = 0;
    for (size_t i = 0; i < count; i++) {
        char c = sign[(i + 4) % count];
        int value = is_digit(c) ? c - '0' : c - 'a' + 10;
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

/* A Polish account without its country: 26 digits. */
static bool is_account(const struct number *n, size_t digits) {
    char sign[28] = "pl";
    if (digits != 26)
        return false;
    memcpy(sign + 2, n->digit, 26);
    return passes_iban(sign, 28);
}

static struct cover find_iban(const struct skeleton *s, size_t at) {
    char sign[DIGITS_MAX];
    size_t count = 0, end = at, found = 0;
    if (!is_letter(s->at[at]) || !is_letter(sign_at(s, at + 1)) || s->at[at] == SIGN_LETTER)
        return nothing;
    for (; count < DIGITS_MAX; end++) {
        char c = sign_at(s, end);
        if ((c == ' ' || c == '-' || c == '.') && count >= 2) {
            if (!is_name(sign_at(s, end + 1)))
                break;
            continue;
        }
        if (!is_digit(c) && (c < 'a' || c > 'z'))
            break;
        bool checks = count == 2 || count == 3;
        if ((checks && !is_digit(c)) || (count < 2 && is_digit(c)))
            return nothing;
        sign[count++] = c;
        bool whole = !is_name(sign_at(s, end + 1)) && count >= 15;
        bool polish = count == 28 && sign[0] == 'p' && sign[1] == 'l';
        if (whole && (polish || passes_iban(sign, count)))
            found = end + 1;
    }
    return (struct cover){found ? at : 0, found};
}

/* ---- telephones ---- */

/* The two digits with which Polish numbers begin: of mobiles, and of the areas. */
static bool is_mobile(int two) {
    static const char known[] = "45 50 51 53 57 60 66 69 72 73 78 79 88 ";
    char word[4] = {(char)('0' + two / 10), (char)('0' + two % 10), ' ', 0};
    return strstr(known, word) != NULL;
}

static bool is_area(int two) {
    static const char known[] = "12 13 14 15 16 17 18 22 23 24 25 29 32 33 34 41 42 43 44 46 48 52 "
                                "54 55 56 58 59 61 62 63 65 67 68 71 74 75 76 77 81 82 83 84 85 86 "
                                "87 89 91 94 95 39 47 ";
    char word[4] = {(char)('0' + two / 10), (char)('0' + two % 10), ' ', 0};
    return strstr(known, word) != NULL;
}

/* The sizes of the groups from `first` on, as one decimal number: 3-3-3 is 333. */
static uint64_t shape_of(const struct number *n, size_t first, size_t groups) {
    uint64_t shape = 0;
    for (size_t i = first; i < groups; i++)
        shape = shape * 10 + (n->size[i] > 9 ? 9 : n->size[i]);
    return shape;
}

/* Nine digits as people write them in Poland. Three groups of three may be an amount too. */
static bool is_polish(const struct number *n, size_t first, size_t groups, size_t from) {
    int two = digits_at(n, from, 2);
    bool round =
        n->digit[from + 6] == '0' && n->digit[from + 7] == '0' && n->digit[from + 8] == '0';
    bool mobile = is_mobile(two), area = is_area(two);
    switch (shape_of(n, first, groups)) {
    case 9:
        return mobile && !round;
    case 333:
        return (mobile && !round) || (n->separator == '-' && area);
    case 2322:
    case 3222:
    case 27:
    case 234:
    case 252:
        return mobile || area;
    case 36:
    case 63:
    case 2223:
        return mobile;
    default:
        return one_by_one(n, groups) && (mobile || area);
    }
}

/* Words behind which a number is somebody's telephone. */
static bool is_called(const struct skeleton *s, size_t at) {
    static const char *const cues[] = {
        "tel",      "telefon", "telefonu", "kom",    "komorka", "fon",       "dzwon",    "zadzwon",
        "dzwoncie", "phone",   "call",     "mobile", "cell",    "sms",       "whatsapp", "fax",
        "faks",     "numer",   "nr",       "signal", "viber",   "komorkowy", "number"};
    for (int words = 0; words < 2; words++) {
        while (at && strchr(" .:+-(=", s->at[at - 1]))
            at--;
        size_t end = at;
        while (at && is_letter(s->at[at - 1]))
            at--;
        for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
            if (span_is((struct span){s->at + at, end - at}, cues[i]))
                return true;
    }
    return false;
}

/* What is counted: money, people, shares, sizes. */
static bool is_measured(const struct skeleton *s, size_t at) {
    static const char *const units[] = {
        "zl",      "pln",    "eur",       "usd",      "gbp",       "chf",     "tys",
        "mln",     "mld",    "osob",      "ludzi",    "proc",      "procent", "uzytkownik",
        "klient",  "widz",   "wyswietle", "odslon",   "sztuk",     "szt",     "km",
        "kg",      "kwh",    "mwh",       "gb",       "mb",        "dol",     "euro",
        "frank",   "people", "users",     "views",    "customers", "million", "billion",
        "dollars", "pounds", "followers", "obserwuj", "polubie",   "subskry", "ton",
        "litr",    "punkt",  "points",    "votes",    "glos"};
    while (sign_at(s, at) == ' ')
        at++;
    if (sign_at(s, at) == '%' || sign_at(s, at) == '$' || sign_at(s, at) == ',')
        return sign_at(s, at) != ',' || is_digit(sign_at(s, at + 1));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (sign_starts(s, at, units[i]))
            return true;
    return false;
}

/* Numbers of other countries, and with a country: E.164 has at most 15 digits. */
static bool is_foreign(const struct number *n, size_t groups, size_t digits, bool plus) {
    uint64_t shape = shape_of(n, 0, groups);
    if (plus)
        return digits >= 9 && digits <= 15 && n->digit[0] != '0';
    if (n->digit[0] == '0' && n->digit[1] == '0')
        return digits >= 11 && digits <= 17 && n->digit[2] != '0';
    if (n->digit[0] == '0' && n->digit[1] != '0')
        return (digits >= 10 && digits <= 12 && (n->size[0] == 1 || n->size[0] > 2)) ||
               shape == 22222;
    return shape == 334 && n->digit[0] > '1' && n->separator != ' ';
}

static bool is_telephone(const struct number *n, size_t groups, size_t digits, bool plus,
                         bool called) {
    bool country = digits == 11 && n->digit[0] == '4' && n->digit[1] == '8';
    if (called && digits >= 7 && digits <= 15)
        return true;
    if (is_foreign(n, groups, digits, plus))
        return true;
    if (country && n->size[0] == 2 && is_polish(n, 1, groups, 2))
        return true;
    if (country && groups == 1)
        return is_mobile(digits_at(n, 2, 2)) || is_area(digits_at(n, 2, 2));
    return digits == 9 && is_polish(n, 0, groups, 0);
}

struct cover find_number(const struct skeleton *s, size_t at) {
    struct number n;
    bool plus = s->at[at] == '+' || (s->at[at] == '(' && sign_at(s, at + 1) == '+');
    size_t from = at;
    while (from < at + LEAD_MAX && (sign_at(s, from) == '+' || sign_at(s, from) == '(' ||
                                    (plus && sign_at(s, from) == ' ')))
        from++;
    if (!is_digit(sign_at(s, from)))
        return from == at ? find_iban(s, at) : nothing;
    char before = at ? s->at[at - 1] : ' ';
    /* a fraction or a digit goes before */
    if (is_digit(before) || before == '_' ||
        (at > 1 && (before == ',' || before == '.') && is_digit(s->at[at - 2])))
        return nothing;
    read_number(s, from, &n);
    if (n.digits < 7)
        return nothing;
    bool called = is_called(s, at),
         pesel = at >= 5 && memmem(s->at + (at > 16 ? at - 16 : 0), at > 16 ? 16 : at, "pesel", 5);
    size_t digits = n.digits;
    if (is_letter(before) && !called && !pesel)
        return nothing; /* "AB123456789" is the name of a thing */
    for (size_t groups = n.groups; groups && digits >= 7; digits -= n.size[--groups]) {
        size_t end = n.end[groups - 1];
        if (is_digit(sign_at(s, end)))
            continue;
        bool account = is_account(&n, digits) || is_card(&n, groups, digits) ||
                       is_pesel(&n, groups, digits) || (pesel && digits == 11);
        if (account || (is_telephone(&n, groups, digits, plus, called) && !is_measured(s, end)))
            return (struct cover){at, end};
    }
    return nothing;
}
