/* config: the one JSON file, with defaults for everything, and what follows from it.
 *
 * Errors name the key and the line. A config owns all its strings. config_text gives the resolved
 * configuration in canonical form: it goes into the audit's provenance and can be read again. */
#ifndef BURZA_CONFIG_H
#define BURZA_CONFIG_H

#include "pipeline/scan/reading.h"
#include "stages/care/care.h"
#include "stages/common/arena.h"
#include "stages/common/digest.h"
#include "stages/common/when.h"
#include "stages/decode/decode.h"
#include "stages/detect/detect.h"
#include "stages/match/match.h"
#include "stages/score/score.h"

enum { BRANDS_MAX = 10000, CONFIG_MAX_BYTES = 64 << 20 };

/* Which ids of posts an audit shows: an id finds its author on line. */
enum ids_shown {
    IDS_OF_POSTS, /* in the table posts, which is joined with the dump by them; else hashed */
    IDS_KEEP,
    IDS_HASH,
    IDS_DROP,
};

enum private_messages {
    PRIVATE_OF_ACCOUNTS, /* of threads in which a brand's account takes part */
    PRIVATE_OFF,
    PRIVATE_ON,
};

struct config {
    struct arena arena;
    struct brand *brands; /* [brand_count] */
    size_t brand_count, brand_cap;
    const char *timezone;
    struct zone zone;
    int32_t bucket_s;
    struct detect_options detection;

    bool plain_authors; /* handles as they are instead of pseudonyms */
    bool keep_text;
    enum private_messages private_messages; /* which are read, as rows for care alone */
    enum ids_shown ids;
    int32_t smallest_cell; /* counts of authors below it are not shown; 1: all are */
    bool cells_of_care;    /* somebody chose it: in the tables of care too, else these show all */
    bool drop_deleted;     /* posts that the dump says were deleted are not counted */
    const char *key_file;
    unsigned char key[DIGEST_SIZE]; /* of the key file, when there is one */

    /* what the head of the report names; NULL: not said */
    struct report_head {
        const char *title, *client, *author;
    } report;

    struct care_settings care;
    const char *identities; /* path of the file that joins accounts to persons; or NULL */
    const char *identities_digest;
    struct identity {
        enum platform platform;
        const char *person, *account; /* id or handle */
    } * identity;                     /* [identity_count] */
    size_t identity_count;

    const char *memory; /* that a study may take: "4G"; NULL: no limit */
    enum score_engine engine;
    const char **lexicons; /* [lexicon_count] paths */
    size_t lexicon_count;

    /* how the dumps are read: [input_count] entries, the first that fits an input counts */
    struct input_settings *inputs;
    size_t input_count;
};

/* How inputs are read whose label matches. */
struct input_settings {
    const char *match;    /* a pattern of file names ("*.csv"); NULL: every input */
    const char *timezone; /* of times that state none; NULL: not said */
    struct zone zone;
    bool day_first, month_first; /* neither: what the dumps prove */
    const char *since, *until;   /* as given, or NULL */
    const char *mapping_path, *mapping_digest, *format;
    struct mapping *mapping;
    struct reading reading; /* what follows of all that, after config_finish */
};

void config_init(struct config *config);
void config_release(struct config *config);
enum status config_read(struct config *config, const char *path, struct fault *fault) MUST_USE;
/* `text` as if it were the file called `name`. */
enum status config_parse(struct config *config, struct span text, const char *name,
                         struct fault *fault) MUST_USE;
/* Pieces that both readers of settings use. Room for one more brand, with defaults; NULL when out
 * of memory. The same for settings of inputs. A copy of `text` that lives as long as the config.
 * One more lexicon. */
struct brand *config_new_brand(struct config *config);
struct input_settings *config_new_input(struct config *config);
const char *config_keep(struct config *config, const char *text);
enum status config_lexicon(struct config *config, const char *path, struct fault *fault) MUST_USE;

/* -b ID=QUERY; replaces a brand of the same id. */
enum status config_brand(struct config *config, const char *spec, struct fault *fault) MUST_USE;
/* Checks the whole, opens zones, reads the mapping. Call before threads start. */
enum status config_finish(struct config *config, struct fault *fault) MUST_USE;

/* Canonical JSON: of what decides the scan; with what decides the study, as it goes into the audit;
 * with the paths of the key and the lexicons too, which say something about the machine. */
enum config_part { CONFIG_SCAN, CONFIG_SHOWN, CONFIG_WHOLE };
enum status config_text(const struct config *config, enum config_part part, struct buf *out,
                        struct fault *fault) MUST_USE;
/* How the input is to be read: the settings of the first entry that matches it. */
const struct reading *config_reading(const struct config *config, const struct input_path *path);

/* The line, from 1, on which the value at `path` ("brands[1].query") begins; 0 when not found. */
int json_line(struct span text, const char *path);

#endif
