/* Usual names of columns and keys, English and Polish. */
#include "stages/decode/mapping.h"
#include "stages/decode/post_time.h"

#include <pthread.h>

/* Names as `normalise` leaves them, separated by blanks; better names first. */
static const struct usual {
    uint8_t field, convert;
    const char *names;
} usual[] = {
    {FIELD_ID, CONVERT_PLAIN,
     "idstr postid tweetid statusid messageid commentid reviewid objectid uuid guid id "
     "identyfikator idposta idwpisu idtweeta idkomentarza idwiadomosci idopinii idrecenzji uri"},
    {FIELD_TIME, CONVERT_PLAIN,
     "createdutc unixtimestamp timestampms createdat datetime creationtime creationdate createtime "
     "created "
     "postcreated publishedat published publishdate publicationdate pubdate timestamp posteddate "
     "postedat dateposted datecreated createddatetime createddate createdon createdtime "
     "tweetcreatedat postcreatedat commentcreatedat messagecreatedat posttime tweettime "
     "commenttime messagetime postdate tweetdate commentdate messagedate reviewdate reviewtime "
     "reviewtimestamp postdatetime datetimeutc dateutc date at datapublikacji "
     "dataopublikowania datautworzenia datadodania datawpisu dataposta datakomentarza "
     "datatweeta datawiadomosci dataopinii datarecenzji datawystawienia dataczas "
     "dataigodzina czaspublikacji czasutworzenia czasdodania czaswpisu opublikowano utworzono "
     "dodano napisano wyslano data added time czas when"},
    {FIELD_CLOCK, CONVERT_PLAIN,
     "time hour hrs clock godzina godz godzinapublikacji godzinadodania postcreatedtime timeofday "
     "czas"},
    {FIELD_TEXT, CONVERT_MARKUP,
     "fulltext rawcontent tekst tresc text body content message trescposta trescwpisu "
     "tresctweeta tresckomentarza trescwiadomosci trescopinii trescrecenzji tekstposta "
     "tekstwpisu tekstkomentarza tekstopinii wiadomosc posttext tweettext tweetcontent "
     "tweetbody postcontent postbody messagetext messagebody messagecontent commentcontent "
     "trescwypowiedzi trescwzmianki commentbody reviewcontent reviewbody tweet wpis komentarz "
     "comment commenttext "
     "reviewtext review opinia recenzja wypowiedz opis description caption snippet "
     "hitsentence openingtext mention wzmianka post selftext"},
    {FIELD_TITLE, CONVERT_MARKUP,
     "title headline tytul tytulwpisu tytulposta posttitle reviewtitle subject temat naglowek"},
    {FIELD_AUTHOR_ID, CONVERT_PLAIN,
     "authorid userid fromid authorfullname ownerid accountid senderid "
     "idautora iduzytkownika idkonta"},
    {FIELD_AUTHOR_HANDLE, CONVERT_PLAIN,
     "screenname username userscreenname authorname authorusername autor author nick nickname "
     "handle user uzytkownik nazwauzytkownika nazwaautora autorwpisu autorposta autorkomentarza "
     "account accountname konto profil login loginautora nadawca sender reviewer reviewername "
     "recenzent commenter postedby from by influencer pagename profile profilename"},
    {FIELD_VENDOR, CONVERT_PLAIN,
     "sentiment sentimentlabel sentimentcategory polarity wydzwiek sentyment nacechowanie"},
    {FIELD_LANGUAGE, CONVERT_PLAIN, "lang language languagecode jezyk"},
    {FIELD_COUNTRY, CONVERT_PLAIN, "countrycode country kraj"},
    {FIELD_REPLY_TO_ID, CONVERT_PLAIN,
     "inreplytostatusidstr inreplytostatusid inreplytoid inresponsetotweetid inreplyto replytoid "
     "replyto replytomessageid replytotweetid inreplytotweetid parentid parenttweetid "
     "parentcommentid parentpostid parent odpowiedzna wodpowiedzina odpowiedzdo idrodzica "
     "rodzic idnadrzednego"},
    {FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN,
     "inreplytouseridstr inreplytouserid replytouserid replytoauthorid inreplytoaccountid"},
    {FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN,
     "inreplytoscreenname inreplytousername replytousername replytouser replytoauthor"},
    {FIELD_CONVERSATION, CONVERT_PLAIN,
     "conversationid threadid conversation thread linkid rozmowa idrozmowy watek idwatku"},
    {FIELD_REPOST_OF, CONVERT_PLAIN,
     "repostof retweetedid retweetof retweetedstatusid retweetedtweetid"},
    {FIELD_CHANNEL, CONVERT_PLAIN,
     "subreddit channel channelname page group groupname chat forum kanal grupa strona fanpage "
     "domain source zrodlo portal site serwis platform medium"},
    {FIELD_PLATFORM, CONVERT_PLAIN,
     "platform platforma network sourceplatform pagetype medium source zrodlo sourcetype "
     "typzrodla portal serwis domain domena site"},
    {FIELD_URL, CONVERT_PLAIN,
     "url permalink posturl tweeturl link permalinkurl adres adresurl adreswpisu urlposta "
     "urlwpisu linkdozrodla messageuri messageurl linkdoposta linkdowpisu odnosnik sourcelink uri"},
    {FIELD_LIKES, CONVERT_PLAIN,
     "likes likecount likescount numlikes favoritecount favoritescount favouritescount favorites "
     "favourites favouritecount thumbsupcount thumbsup upvotes reactions reactioncount "
     "reactionscount polubienia liczbapolubien lajki liczbalajkow reakcje liczbareakcji plusy "
     "liczbaplusow ups score points"},
    {FIELD_REPLIES, CONVERT_PLAIN,
     "comments commentcount commentscount numcomments numberofcomments replies replycount "
     "repliescount numreplies komentarze liczbakomentarzy odpowiedzi liczbaodpowiedzi"},
    {FIELD_REPOSTS, CONVERT_PLAIN,
     "shares sharecount sharescount numshares reposts repostcount repostscount retweets "
     "retweetcount retweetscount numretweets reblogscount reblogs udostepnienia "
     "liczbaudostepnien podaniadalej retweety liczbaretweetow"},
    {FIELD_VIEWS, CONVERT_PLAIN,
     "views viewcount viewscount postviews impressions impressioncount impressionscount "
     "wyswietlenia liczbawyswietlen odslony liczbaodslon"},
    {FIELD_FOLLOWERS, CONVERT_PLAIN,
     "followers followerscount followercount followersatposting userfollowerscount "
     "authorfollowers obserwujacy liczbaobserwujacych obserwatorzy subscribers"},
};

/* Names that only sound like a time come behind all others. */
enum { USUAL_COUNT = sizeof usual / sizeof *usual, NAME_SIZE = 64, SOUNDS = 10000 };

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
        const char *blank = strchr(at, ' ');
        size_t word = blank ? (size_t)(blank - at) : strlen(at);
        if (word == len && memcmp(at, name, len) == 0)
            return rank;
        at += word + (blank != NULL);
    }
    return -1;
}

/* The usual names by hash: they are asked for every column and key of every member. */
enum { USUAL_SLOTS = 2048 };
static struct usual_slot {
    struct span name;
    int16_t usual, rank; /* of an empty slot `name.at` is NULL */
} usual_slots[USUAL_SLOTS];

static uint32_t usual_hash(size_t usual_index, const char *name, size_t len) {
    uint32_t hash = (uint32_t)usual_index * 0x9E3779B1u + 0x811C9DC5u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * 0x01000193u;
    return (hash ^ hash >> 15) % USUAL_SLOTS;
}

static struct usual_slot *usual_slot(size_t usual_index, const char *name, size_t len) {
    uint32_t at = usual_hash(usual_index, name, len);
    for (;; at = (at + 1) % USUAL_SLOTS) {
        struct usual_slot *slot = &usual_slots[at];
        bool same = slot->name.at && slot->usual == (int)usual_index && slot->name.len == len &&
                    memcmp(slot->name.at, name, len) == 0;
        if (!slot->name.at || same)
            return slot;
    }
}

static void fill_usual_slots(void) {
    for (size_t i = 0; i < USUAL_COUNT; i++) {
        int16_t rank = 0;
        for (const char *at = usual[i].names; *at; rank++) {
            size_t len = strcspn(at, " ");
            struct usual_slot *slot = usual_slot(i, at, len);
            if (!slot->name.at)
                *slot = (struct usual_slot){{at, len}, (int16_t)i, rank};
            at += len + (at[len] == ' ');
        }
    }
}

/* How good a name is for the field: 0 best, -1 not at all. */
static int usual_rank(const struct usual *wanted, const char *name, size_t len) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill_usual_slots);
    const struct usual_slot *slot = usual_slot((size_t)(wanted - usual), name, len);
    return slot->name.at ? slot->rank : -1;
}

static bool in_list(const char *names, struct span name) {
    char plain[NAME_SIZE];
    size_t len = normalise(name, plain);
    return len && rank_in(names, plain, len) >= 0;
}

/* Objects that may be the post itself. */
static const char wraps[] = "post data record message status tweet node snippet "
                            "comment reply legacy";

/* "author.name": what the last part means inside such an object. */
static int rank_nested(enum field field, struct span outer, struct span inner) {
    static const char people[] =
        "author creator user from account owner autor uzytkownik postowner";
    static const char figures[] = "statistics publicmetrics metrics stats counts engagement";
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
            return usual_rank(&usual[i], plain, len);
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

/* The words of a name, each between blanks: those of createdDate are " created date ". */
static void words_of(struct span name, char out[NAME_SIZE * 2]) {
    size_t len = 1;
    out[0] = ' ';
    for (size_t i = 0; i < name.len && len + 3 < NAME_SIZE * 2; i++) {
        unsigned char byte = (unsigned char)name.at[i];
        char base = i + 1 < name.len ? polish_base(byte, (unsigned char)name.at[i + 1]) : 0;
        bool upper = byte >= 'A' && byte <= 'Z', letter = upper || (byte >= 'a' && byte <= 'z');
        bool begins = upper && i && name.at[i - 1] >= 'a' && name.at[i - 1] <= 'z';
        if ((begins || (!letter && byte < 0x80)) && out[len - 1] != ' ')
            out[len++] = ' ';
        if (letter || base)
            out[len++] = base ? base : (char)(byte | 0x20);
    }
    if (out[len - 1] != ' ')
        out[len++] = ' ';
    out[len] = 0;
}

static bool has_word(const char *words, const char *list) {
    for (const char *at = words + 1; *at; at += strcspn(at, " ") + 1)
        if (rank_in(list, at, strcspn(at, " ")) >= 0)
            return true;
    return false;
}

/* Whether a name says time, and not that of something else than writing the post. */
static bool sounds_like_time(struct span name) {
    static const char said[] =
        "date datetime time timestamp created posted published written sent data czas utworzono "
        "utworzenia dodano dodania publikacji opublikowano napisano wyslano";
    static const char other[] =
        "updated update modified modification edited edit last changed scraped scrape collected "
        "collection crawled crawl fetched fetch retrieved retrieval downloaded download imported "
        "import exported export inserted indexed captured accessed access seen expires expired "
        "end ended start started birth born joined registered registration deleted removed "
        "archived user author account profile channel page member owner reply replied response "
        "responded answer zone timezone tz offset read reading watch duration delta diff count "
        "number total base set edycji aktualizacji modyfikacji zmiany pobrania pobrano zebrania "
        "usuniecia urodzenia rejestracji odpowiedzi konta autora";
    char words[NAME_SIZE * 2];
    words_of(name, words);
    return has_word(words, said) && !has_word(words, other);
}

/* Whether the names are those of reviews or of measured opinions: a score beside them is a rating.
 */
static bool are_rated(const struct span *names, size_t count) {
    static const char said[] =
        "review reviews reviewer rating ratings rate rated stars star sentiment polarity opinia "
        "opinii recenzja recenzji ocena gwiazdki product asin app appid reviewid";
    char words[NAME_SIZE * 2];
    bool rated = false;
    for (size_t i = 0; i < count && !rated; i++) {
        words_of(names[i], words);
        rated = has_word(words, said);
    }
    return rated;
}

/* Whether the names are those of tweets, whose source is the client that wrote them. */
static bool are_tweets(const struct span *names, size_t count) {
    static const char said[] =
        "tweetid tweet tweettext retweetcount retweetscount favoritecount inreplytostatusid "
        "inreplytostatusidstr inreplytouserid inreplytoscreenname retweetedstatusid retweeted "
        "publicmetricsretweetcount referencedtweets";
    for (size_t i = 0; i < count; i++)
        if (in_list(said, names[i]))
            return true;
    return false;
}

/* What the other names say: a name that means something else among them. */
struct company {
    bool rated, tweets;
    const bool *times; /* of each name; or NULL */
};

static bool means_other(const struct company *company, const struct usual *wanted,
                        struct span path) {
    if (wanted->field == FIELD_LIKES)
        return company->rated && in_list("score points", path);
    return company->tweets && (wanted->field == FIELD_CHANNEL || wanted->field == FIELD_PLATFORM) &&
           in_list("source", path);
}

/* How well `path` names the field: 0 is best, -1 not at all. */
static int rank_of(const struct usual *wanted, struct span path) {
    char plain[NAME_SIZE];
    const char *dot = path.len ? memrchr(path.at, '.', path.len) : NULL;
    size_t len = normalise(path, plain);
    int rank = len ? usual_rank(wanted, plain, len) : -1;
    if (rank < 0 && wanted->field == FIELD_TIME && time_name_is_utc(path))
        rank = usual_rank(wanted, plain, without_zone(plain, len));
    if (!dot)
        return rank;
    struct span outer = {path.at, (size_t)(dot - path.at)};
    struct span inner = {dot + 1, path.len - outer.len - 1};
    const char *before = outer.len ? memrchr(outer.at, '.', outer.len) : NULL;
    if (before)
        outer = (struct span){before + 1, (size_t)(dot - before) - 1};
    if (rank >= 0 && !in_list(wraps, outer))
        return rank;
    int nested = rank_nested((enum field)wanted->field, outer, inner);
    if (nested < 0)
        return rank;
    /* behind every name that stands alone; a comment has its post beside it, never the reverse */
    return nested + (in_list("comment reply", outer) ? 1000 : 2000);
}

/* Appends rows for one field, best rank first. */
static size_t rows_for(const struct usual *wanted, const struct span *names, size_t count,
                       const struct company *company, struct row *rows, size_t room,
                       struct arena *arena) {
    size_t made = 0, which = 0;
    int last = -1;
    while (made < room) {
        int best = -1;
        size_t behind = which; /* names of one rank: in their order */
        for (size_t i = 0; i < count; i++) {
            int rank = means_other(company, wanted, names[i]) ? -1 : rank_of(wanted, names[i]);
            if (rank < 0 && wanted->field == FIELD_TIME && (!company->times || company->times[i]) &&
                sounds_like_time(names[i]))
                rank = SOUNDS + (int)i;
            bool next = rank > last || (made && rank == last && i > behind);
            if (next && (best < 0 || rank < best)) {
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

/* ---- ids of the object that has the text ---- */

/* The object of a path: "data" of "data.text", "" of "text". */
static struct span object_of(struct span path) {
    const char *dot = path.len ? memrchr(path.at, '.', path.len) : NULL;
    return (struct span){path.at, dot ? (size_t)(dot - path.at) : 0};
}

/* Whether `outer` is the object `inner` or one around it. */
static bool holds(struct span outer, struct span inner) {
    return outer.len <= inner.len && memcmp(outer.at, inner.at, outer.len) == 0 &&
           (outer.len == 0 || outer.len == inner.len || inner.at[outer.len] == '.');
}

static const struct row *first_of(const struct row *rows, size_t count, enum field field) {
    for (size_t i = 0; i < count; i++)
        if (rows[i].field == field)
            return &rows[i];
    return NULL;
}

/* Whether an id's object has a text, or one that has is in it: else it is of something else. */
static bool leads_to_text(const struct row *rows, size_t count, struct span object) {
    for (size_t i = 0; i < count; i++) {
        bool text = rows[i].field == FIELD_TEXT || rows[i].field == FIELD_TITLE;
        if (text && holds(object, object_of(span_of(rows[i].path))))
            return true;
    }
    return false;
}

/* How far the id is from the text: in its object, in those around it, in others that have a text.
 */
static size_t id_distance(const struct row *id, struct span text) {
    struct span object = object_of(span_of(id->path));
    return holds(object, text) ? text.len - object.len : SIZE_MAX;
}

/* The id stands with the text: outer ones are row numbers of a tool, those beside are of what the
 * post belongs to (Lemmy's post.id beside comment.id). Drops the rows of other ids. */
static size_t order_ids(struct row *rows, size_t count) {
    const struct row *text_row = first_of(rows, count, FIELD_TEXT);
    struct row *ids = (struct row *)first_of(rows, count, FIELD_ID);
    size_t kept = 0, found = 0;
    if (!text_row || !ids)
        return count;
    struct span text = object_of(span_of(text_row->path));
    while (ids + found < rows + count && ids[found].field == FIELD_ID)
        found++;
    for (size_t i = 0; i < found; i++) {
        struct row id = ids[i];
        size_t place = kept, distance = id_distance(&id, text);
        if (!leads_to_text(rows, count, object_of(span_of(id.path))))
            continue;
        for (; place && id_distance(&ids[place - 1], text) > distance; place--)
            ids[place] = ids[place - 1];
        ids[place] = id;
        kept++;
    }
    memmove(ids + kept, ids + found, (size_t)(rows + count - (ids + found)) * sizeof *rows);
    return count - (found - kept);
}

bool mapping_is_usual(struct span path) {
    for (int i = 0; i < USUAL_COUNT; i++)
        if (rank_of(&usual[i], path) >= 0)
            return true;
    return false;
}

struct row *mapping_guess(struct arena *arena, const struct name_list *names,
                          const struct name_list *others) {
    struct company company = {are_rated(names->at, names->count),
                              are_tweets(names->at, names->count), names->times};
    company.rated |= others && are_rated(others->at, others->count);
    company.tweets |= others && are_tweets(others->at, others->count);
    enum { ROWS_PER_FIELD = 4, ROWS_MAX = USUAL_COUNT * ROWS_PER_FIELD };
    struct row *rows = arena_alloc(arena, (ROWS_MAX + 1) * sizeof *rows);
    size_t made = 0;
    for (int i = 0; rows && i < USUAL_COUNT; i++)
        made += rows_for(&usual[i], names->at, names->count, &company, rows + made, ROWS_PER_FIELD,
                         arena);
    if (rows)
        made = order_ids(rows, made);
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
