/* Polish endings for names that no dictionary knows, by the end of the name: the declension
 * patterns for foreign names of any Polish grammar (feminine -a, masculine consonant stems, silent
 * -e, -o, adjectival -y and -i), with the usual softening before the locative. Endings behind an
 * apostrophe (Orange'u) are not listed here: the matcher reads them as name and ending. */
#include "stages/text/inflect.h"
#include "stages/text/text.h"

#define FORM_MAX_BYTES 256

/* For names that end in `ending`: cut so many bytes, add each of the endings. */
struct rule {
    const char *ending;
    uint8_t cut;
    const char *add; /* separated by blanks; empty: this rule only ends the search */
};

/* Of each list the first rule that fits is used. */
static const struct rule feminine_cases[] = {
    {"ska", 1, "i iej ą ie ę o"},       {"cka", 1, "i iej ą ie ę o"},
    {"ka", 1, "i ę ą o om ami ach"},    {"ga", 1, "i ę ą o om ami ach"},
    {"ia", 1, "i ę ą o e om ami ach"},  {"ja", 1, "i ę ą o e om ami ach"},
    {"la", 1, "i ę ą o e om ami ach"},  {"ea", 1, "i ę ą o e om ami ach"},
    {"oa", 1, "i ę ą o e om ami ach"},  {"ua", 1, "i ę ą o e om ami ach"},
    {"ca", 1, "y ę ą o e om ami ach"},  {"cza", 1, "y ę ą o e om ami ach"},
    {"sza", 1, "y ę ą o e om ami ach"}, {"rza", 1, "y ę ą o e om ami ach"},
    {"dza", 1, "y ę ą o e om ami ach"}, {"ża", 1, "y ę ą o e om ami ach"},
    {"a", 1, "y ę ą o om ami ach"},     {NULL, 0, NULL},
};
static const struct rule feminine_locative[] = {
    {"sta", 3, "ście"},    {"zda", 3, "ździe"},  {"cha", 3, "sze"}, {"tta", 3, "cie tcie"},
    {"ta", 2, "cie"},      {"da", 2, "dzie"},    {"cza", 0, ""},    {"sza", 0, ""},
    {"rza", 0, ""},        {"dza", 0, ""},       {"ża", 0, ""},     {"ra", 2, "rze"},
    {"ła", 3, "le"},       {"ka", 2, "ce"},      {"ga", 2, "dze"},  {"ha", 2, "sze"},
    {"xa", 2, "ksie xie"}, {"va", 2, "vie wie"}, {"ia", 0, ""},     {"ja", 0, ""},
    {"la", 0, ""},         {"ca", 0, ""},        {"ea", 0, ""},     {"oa", 0, ""},
    {"ua", 0, ""},         {"a", 1, "ie"},       {NULL, 0, NULL},
};
static const struct rule feminine_other[] = {
    {"cia", 2, "i"}, {"nia", 2, "i"}, {"sia", 2, "i"}, {"zia", 2, "i"},
    {"aja", 2, "i"}, {"eja", 2, "i"}, {"oja", 2, "i"}, {"uja", 2, "i"},
    {"aka", 0, ""},  {"eka", 0, ""},  {"ika", 0, ""},  {"oka", 0, ""},
    {"uka", 0, ""},  {"yka", 0, ""},  {"ka", 2, "ek"}, {NULL, 0, NULL},
};
static const struct rule masculine_cases[] = {
    {"k", 0, "a u owi iem i ów om ami ach"},   {"q", 0, "a u owi iem em i ów"},
    {"g", 0, "a u owi iem i ów om ami ach"},   {"ch", 0, "a u owi em y ów om ami ach"},
    {"l", 0, "a u owi em e i ów om ami ach"},  {"j", 0, "a u owi em e ów om ami ach"},
    {"cz", 0, "a u owi em e y ów om ami ach"}, {"sz", 0, "a u owi em e y ów om ami ach"},
    {"rz", 0, "a u owi em e y ów om ami ach"}, {"dz", 0, "a u owi em e y ów om ami ach"},
    {"ż", 0, "a u owi em e y ów om ami ach"},  {"c", 0, "a u owi em e y ów om ami ach"},
    {"ń", 2, "nia niu niowi niem nie niów"},   {"ś", 2, "sia siu siowi siem sie siów"},
    {"ć", 2, "cia ciu ciowi ciem cie ciów"},   {"ź", 2, "zia ziu ziowi ziem zie ziów"},
    {"", 0, "a u owi em y ów om ami ach"},     {NULL, 0, NULL},
};
static const struct rule masculine_locative[] = {
    {"st", 2, "ście"},   {"zd", 2, "ździe"}, {"tt", 2, "cie tcie"}, {"t", 1, "cie"},
    {"d", 1, "dzie"},    {"cz", 0, ""},      {"sz", 0, ""},         {"rz", 0, ""},
    {"dz", 0, ""},       {"r", 1, "rze"},    {"ł", 2, "le"},        {"k", 0, ""},
    {"g", 0, ""},        {"h", 0, ""},       {"l", 0, ""},          {"j", 0, ""},
    {"c", 0, ""},        {"ż", 0, ""},       {"ń", 0, ""},          {"ś", 0, ""},
    {"ć", 0, ""},        {"ź", 0, ""},       {"q", 0, ""},          {"x", 0, "ie"},
    {"v", 1, "vie wie"}, {"", 0, "ie"},      {NULL, 0, NULL},
};
static const struct rule masculine_other[] = {
    {"ek", 2, "ka ku kowi kiem ki ków kom kami kach"},
    {"ec", 2, "ca cu cowi cem ce ców"},
    {"x", 1, "ks ksa ksu ksowi ksem ksie ksy ksów ksom ksami ksach"},
    {"ks", 2, "x xa xu xowi xem xie xy xów"},
    {NULL, 0, NULL},
};
static const struct rule neuter_cases[] = {
    {"ko", 1, "a u iem"},
    {"go", 1, "a u iem"},
    {"o", 1, "a u owi em"},
    {NULL, 0, NULL},
};
static const struct rule neuter_locative[] = {
    {"to", 2, "cie"}, {"do", 2, "dzie"}, {"ro", 2, "rze"}, {"no", 1, "ie"}, {"wo", 1, "ie"},
    {"vo", 1, "ie"},  {"mo", 1, "ie"},   {"po", 1, "ie"},  {"bo", 1, "ie"}, {"so", 1, "ie"},
    {"zo", 1, "ie"},  {"fo", 1, "ie"},   {NULL, 0, NULL},
};
static const struct rule silent_e_kept[] = {
    {"e", 0, "a u m owi ów"},
    {NULL, 0, NULL},
};
static const struct rule silent_e_dropped[] = {
    {"ke", 1, "a u iem owi i ów"},
    {"ge", 1, "a u iem em owi ów"},
    {"te", 1, "u em owi y ów"},
    {"le", 1, "a u em owi ów"},
    {"ce", 1, "a u em owi ów"},
    {"e", 1, "a u em owi y ie ów"},
    {NULL, 0, NULL},
};
static const struct rule adjectival[] = {
    {"ay", 0, "a u owi em e ów om ami ach"}, /* English names: Play, eBay */
    {"ey", 0, "a u owi em e ów om ami ach"},
    {"oy", 0, "a u owi em e ów om ami ach"},
    {"uy", 0, "a u owi em e ów om ami ach"},
    {"y", 0, "ego emu m"},
    {"ski", 1, "a ie iego iemu im ich imi iej ą"}, /* adjectives: lidlowski */
    {"cki", 1, "a ie iego iemu im ich imi iej ą"},
    {"owy", 1, "a e ego emu ym ych ymi ej ą"},
    {"czny", 1, "a e ego emu ym ych ymi ej ą"},
    {"ai", 0, "a u owi em e ów om ami ach"}, /* Hyundai, Huawei: nouns */
    {"ei", 0, "a u owi em e ów om ami ach"},
    {"i", 0, "ego emu m mi ch"},
    {NULL, 0, NULL},
};
static const struct rule adjectival_dropped[] = {
    {"ay", 0, ""},   {"ey", 0, ""}, {"oy", 0, ""}, {"uy", 0, ""}, {"y", 1, "ego emu ym ymi ych"},
    {NULL, 0, NULL},
};

struct name {
    struct span text;
    inflect_visit *visit;
    void *context;
    bool stopped;
};

/* Gives the forms that the first fitting rule of each list makes. */
static void apply_lists(struct name *name, const struct rule *const *lists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = lists[i];
        while (rule->ending && !span_ends(name->text, rule->ending))
            rule++;
        if (!rule->ending || rule->cut >= name->text.len)
            continue;
        size_t stem = name->text.len - rule->cut;
        const char *at = rule->add;
        while (*at && !name->stopped) {
            char form[FORM_MAX_BYTES + 16];
            size_t len = strcspn(at, " ");
            memcpy(form, name->text.at, stem);
            memcpy(form + stem, at, len);
            name->stopped = !name->visit((struct span){form, stem + len}, name->context);
            at += len;
            at += *at == ' ';
        }
    }
}

static void inflect_by_end(struct name *name) {
    static const struct rule *const feminine[] = {feminine_cases, feminine_locative,
                                                  feminine_other};
    static const struct rule *const masculine[] = {masculine_cases, masculine_locative,
                                                   masculine_other};
    static const struct rule *const neuter[] = {neuter_cases, neuter_locative};
    static const struct rule *const silent[] = {silent_e_kept, silent_e_dropped};
    static const struct rule *const adjective[] = {adjectival, adjectival_dropped};
    switch (name->text.at[name->text.len - 1]) {
    case 'a':
        apply_lists(name, feminine, 3);
        break;
    case 'o':
        apply_lists(name, neuter, 2);
        break;
    case 'e':
        apply_lists(name, silent, 2);
        break;
    case 'y':
    case 'i':
        apply_lists(name, adjective, 2);
        break;
    case 'u':
        break;
    default:
        apply_lists(name, masculine, 3);
    }
}

/* Digits may stand for letters (b1edronka). */
static bool is_letters(struct span word) {
    for (size_t i = 0; i < word.len; i++) {
        unsigned char byte = (unsigned char)word.at[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (byte < 0x80 && !letter)
            return false;
    }
    return word.len > 0;
}

enum status inflect_name(struct span word, inflect_visit *visit, void *context) {
    if (word.len == 0 || word.len > FORM_MAX_BYTES / 2)
        return STATUS_OK; /* no name: no forms */
    struct buf folded;
    buf_init(&folded, (size_t)FORM_MAX_BYTES * 16);
    enum status status = text_fold_written(word, false, &folded);
    if (status == STATUS_OK) {
        struct name name = {.text = buf_as_span(&folded), .visit = visit, .context = context};
        name.stopped = !visit(name.text, context);
        if (!name.stopped && name.text.len <= FORM_MAX_BYTES && is_letters(name.text))
            inflect_by_end(&name);
    }
    buf_release(&folded);
    return status;
}
