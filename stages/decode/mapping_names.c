/* Usual names of columns and keys, English and Polish. */
#include "stages/decode/mapping.h"
#include "stages/decode/post_time.h"

/* Names as `normalise` leaves them, separated by blanks; better names first. */
static const struct usual {
    uint8_t field, convert;
    const char *names;
} usual[] = {
    {FIELD_ID, CONVERT_PLAIN,
     "idstr postid tweetid statusid messageid commentid reviewid objectid uuid guid id "
     "identyfikator idposta idwpisu uri"},
    {FIELD_TIME, CONVERT_PLAIN,
     "createdutc unixtimestamp timestampms createdat datetime creationtime creationdate createtime "
     "created "
     "postcreated publishedat published publishdate publicationdate pubdate timestamp posteddate "
     "postedat dateposted date at datapublikacji dataczas datautworzenia datadodania "
     "dataigodzina data added time czas when"},
    {FIELD_CLOCK, CONVERT_PLAIN, "time hour godzina postcreatedtime timeofday czas"},
    {FIELD_TEXT, CONVERT_MARKUP,
     "fulltext tekst tresc text body content message trescposta trescwpisu wiadomosc posttext "
     "tweettext tweet wpis komentarz comment commenttext reviewtext review opinia description "
     "caption snippet hitsentence openingtext mention wzmianka post selftext"},
    {FIELD_TITLE, CONVERT_MARKUP, "title headline tytul subject temat naglowek"},
    {FIELD_AUTHOR_ID, CONVERT_PLAIN,
     "authorid userid fromid authorfullname ownerid accountid "
     "idautora iduzytkownika"},
    {FIELD_AUTHOR_HANDLE, CONVERT_PLAIN,
     "screenname username userscreenname authorname authorusername autor author nick nickname "
     "handle user uzytkownik nazwauzytkownika account konto from by influencer pagename"},
    {FIELD_LANGUAGE, CONVERT_PLAIN, "lang language languagecode jezyk"},
    {FIELD_COUNTRY, CONVERT_PLAIN, "countrycode country kraj"},
    {FIELD_REPLY_TO_ID, CONVERT_PLAIN,
     "inreplytostatusidstr inreplytostatusid inreplytoid inresponsetotweetid inreplyto replytoid "
     "replyto replytomessageid parentid parent odpowiedzna idrodzica"},
    {FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN,
     "inreplytouseridstr inreplytouserid replytouserid replytoauthorid inreplytoaccountid"},
    {FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN,
     "inreplytoscreenname inreplytousername replytousername replytouser replytoauthor"},
    {FIELD_CONVERSATION, CONVERT_PLAIN,
     "conversationid threadid conversation thread linkid rozmowa watek idwatku"},
    {FIELD_REPOST_OF, CONVERT_PLAIN, "repostof retweetedid retweetof retweetedstatusid"},
    {FIELD_CHANNEL, CONVERT_PLAIN,
     "subreddit channel channelname page group groupname chat forum kanal grupa strona fanpage "
     "domain source zrodlo site serwis platform medium"},
    {FIELD_PLATFORM, CONVERT_PLAIN,
     "platform platforma network sourceplatform pagetype medium source zrodlo sourcetype "
     "typzrodla serwis domain domena site"},
    {FIELD_URL, CONVERT_PLAIN, "url permalink posturl link adres adresurl sourcelink uri"},
    {FIELD_LIKES, CONVERT_PLAIN,
     "likes likecount favoritecount favouritescount favorites thumbsupcount reactions "
     "reactioncount polubienia reakcje ups score points"},
    {FIELD_REPLIES, CONVERT_PLAIN,
     "comments commentcount commentscount numcomments replies replycount komentarze "
     "liczbakomentarzy odpowiedzi"},
    {FIELD_REPOSTS, CONVERT_PLAIN,
     "shares sharecount reposts repostcount retweets retweetcount reblogscount udostepnienia "
     "liczbaudostepnien"},
    {FIELD_VIEWS, CONVERT_PLAIN,
     "views viewcount postviews impressions impressioncount wyswietlenia odslony"},
    {FIELD_FOLLOWERS, CONVERT_PLAIN,
     "followers followerscount followercount followersatposting obserwujacy liczbaobserwujacych "
     "subscribers"},
};

enum { USUAL_COUNT = sizeof usual / sizeof *usual, NAME_SIZE = 64 };

/* Base letter of a Polish letter's two bytes, or 0. */
static char polish_base(unsigned char lead, unsigned char trail) {
    static const struct {
        unsigned char lead, trail;
        char base;
    } letters[] = {{0xC4, 0x85, 'a'}, {0xC4, 0x84, 'a'}, {0xC4, 0x87, 'c'}, {0xC4, 0x86, 'c'},
                   {0xC4, 0x99, 'e'}, {0xC4, 0x98, 'e'}, {0xC5, 0x82, 'l'}, {0xC5, 0x81, 'l'},
                   {0xC5, 0x84, 'n'}, {0xC5, 0x83, 'n'}, {0xC3, 0xB3, 'o'}, {0xC3, 0x93, 'o'},
                   {0xC5, 0x9B, 's'}, {0xC5, 0x9A, 's'}, {0xC5, 0xBA, 'z'}, {0xC5, 0xB9, 'z'},
                   {0xC5, 0xBC, 'z'}, {0xC5, 0xBB, 'z'}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].lead == lead && letters[i].trail == trail)
            return letters[i].base;
    return 0;
}

/* Letters and digits only, in lower case, without Polish marks. */
static size_t normalise(struct span name, char out[NAME_SIZE]) {
    size_t len = 0;
    for (size_t i = 0; i < name.len && len + 1 < NAME_SIZE; i++) {
        unsigned char byte = (unsigned char)name.at[i];
        char base = i + 1 < name.len ? polish_base(byte, (unsigned char)name.at[i + 1]) : 0;
        if (byte >= 'A' && byte <= 'Z')
            out[len++] = (char)(byte | 0x20);
        else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            out[len++] = (char)byte;
        else if (base)
            out[len++] = base;
    }
    out[len] = 0;
    return len;
}

/* Position of `name` among the blank-separated `names`, or -1. */
static int rank_in(const char *names, const char *name, size_t len) {
    int rank = 0;
    for (const char *at = names; *at; rank++) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, name, len) == 0)
            return rank;
        at += word + (at[word] == ' ');
    }
    return -1;
}

static bool in_list(const char *names, struct span name) {
    char plain[NAME_SIZE];
    size_t len = normalise(name, plain);
    return len && rank_in(names, plain, len) >= 0;
}

/* "author.name": what the last part means inside such an object. */
static int rank_nested(enum field field, struct span outer, struct span inner) {
    static const char people[] = "author user from account owner autor uzytkownik postowner";
    static const char figures[] = "statistics publicmetrics metrics stats counts engagement";
    static const char wraps[] = "post data record message status tweet node snippet comment";
    char plain[NAME_SIZE];
    size_t len = normalise(inner, plain);
    if (in_list(people, outer)) {
        if (field == FIELD_AUTHOR_ID)
            return rank_in("idstr id did", plain, len);
        if (field == FIELD_AUTHOR_HANDLE)
            return rank_in("screenname username handle login acct nick name displayname", plain,
                           len);
        if (field != FIELD_FOLLOWERS)
            return -1;
    } else if (in_list(figures, outer)) {
        if (field < FIELD_LIKES || field > FIELD_FOLLOWERS)
            return -1;
    } else if (!in_list(wraps, outer)) {
        return -1;
    }
    for (int i = 0; i < USUAL_COUNT; i++)
        if (usual[i].field == field)
            return rank_in(usual[i].names, plain, len);
    return -1;
}

/* "dateutc" and "utcdate" without what says the zone. */
static size_t without_zone(char *plain, size_t len) {
    bool front = strncmp(plain, "utc", 3) == 0 || strncmp(plain, "gmt", 3) == 0;
    if (len <= 3)
        return len;
    if (front)
        memmove(plain, plain + 3, len - 2);
    plain[len - 3] = 0;
    return len - 3;
}

/* How well `path` names the field: 0 is best, -1 not at all. */
static int rank_of(const struct usual *wanted, struct span path) {
    char plain[NAME_SIZE];
    const char *dot = path.len ? memrchr(path.at, '.', path.len) : NULL;
    size_t len = normalise(path, plain);
    int rank = len ? rank_in(wanted->names, plain, len) : -1;
    if (rank < 0 && wanted->field == FIELD_TIME && time_name_is_utc(path))
        rank = rank_in(wanted->names, plain, without_zone(plain, len));
    if (!dot || rank >= 0)
        return rank;
    struct span outer = {path.at, (size_t)(dot - path.at)};
    struct span inner = {dot + 1, path.len - outer.len - 1};
    const char *before = memrchr(outer.at, '.', outer.len);
    if (before)
        outer = (struct span){before + 1, (size_t)(dot - before) - 1};
    rank = rank_nested((enum field)wanted->field, outer, inner);
    return rank < 0 ? -1 : rank + 1000; /* behind every name that stands alone */
}

/* Appends rows for one field, best rank first. */
static size_t rows_for(const struct usual *wanted, const struct span *names, size_t count,
                       struct row *rows, size_t room, struct arena *arena) {
    size_t made = 0;
    int last = -1;
    while (made < room) {
        int best = -1;
        size_t which = 0;
        for (size_t i = 0; i < count; i++) {
            int rank = rank_of(wanted, names[i]);
            if (rank > last && (best < 0 || rank < best)) {
                best = rank;
                which = i;
            }
        }
        if (best < 0)
            break;
        last = best;
        const char *path = arena_copy(arena, names[which]).at;
        if (!path)
            break;
        rows[made++] = (struct row){path, wanted->field, wanted->convert};
    }
    return made;
}

struct row *mapping_guess(struct arena *arena, const struct span *names, size_t count) {
    enum { ROWS_PER_FIELD = 4, ROWS_MAX = USUAL_COUNT * ROWS_PER_FIELD };
    struct row *rows = arena_alloc(arena, (ROWS_MAX + 1) * sizeof *rows);
    size_t made = 0;
    for (int i = 0; rows && i < USUAL_COUNT; i++)
        made += rows_for(&usual[i], names, count, rows + made, ROWS_PER_FIELD, arena);
    if (rows)
        rows[made] = (struct row){NULL, 0, 0};
    return rows;
}

bool mapping_is_enough(const struct row *rows) {
    bool text = false, time = false;
    for (; rows->path; rows++) {
        text |= rows->field == FIELD_TEXT || rows->field == FIELD_TITLE;
        time |= rows->field == FIELD_TIME;
    }
    return text && time;
}
