#include "pipeline/config.h"

#include "stages/common/files.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_BYTES_MIN = 16, SMALLEST_CELL = 5 };

void config_init(struct config *config) {
    *config = (struct config){.timezone = "Europe/Warsaw",
                              .bucket_s = 300,
                              .detection = detect_options_default(),
                              .keep_text = true,
                              .smallest_cell = SMALLEST_CELL,
                              .since_us = INT64_MIN,
                              .until_us = INT64_MAX};
}

void config_release(struct config *config) {
    for (size_t i = 0; i < config->brand_count; i++)
        free((void *)config->brands[i].accounts);
    free(config->brands);
    free(config->lexicons);
    zone_release(&config->zone);
    zone_release(&config->naive_zone);
    mapping_free(config->mapping);
    arena_release(&config->arena);
}

const char *config_keep(struct config *config, const char *text) {
    return arena_copy(&config->arena, span_of(text)).at;
}

struct brand *config_new_brand(struct config *config) {
    if (config->brand_count == config->brand_cap) {
        size_t cap = config->brand_cap ? config->brand_cap * 2 : 8;
        struct brand *brands = realloc(config->brands, cap * sizeof *brands);
        if (!brands)
            return NULL;
        config->brands = brands;
        config->brand_cap = cap;
    }
    config->brands[config->brand_count] = (struct brand){.inflect = true};
    return &config->brands[config->brand_count++];
}

enum status config_lexicon(struct config *config, const char *path, struct fault *fault) {
    const char **lexicons =
        realloc(config->lexicons, (config->lexicon_count + 1) * sizeof *lexicons);
    if (!lexicons)
        return fault_memory(fault);
    config->lexicons = lexicons;
    lexicons[config->lexicon_count] = config_keep(config, path);
    return lexicons[config->lexicon_count++] ? STATUS_OK : fault_memory(fault);
}

enum status config_brand(struct config *config, const char *spec, struct fault *fault) {
    const char *equals = strchr(spec, '=');
    if (!equals || equals == spec || !equals[1] || equals - spec > 63)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "-b wants ID=QUERY, for example -b norvia='norvia OR \"norvia polska\"'; "
                         "got \"%.100s\"",
                         spec);
    struct span id = arena_copy(&config->arena, (struct span){spec, (size_t)(equals - spec)});
    const char *query = config_keep(config, equals + 1);
    if (!id.at || !query)
        return fault_memory(fault);
    for (size_t i = 0; i < config->brand_count; i++) {
        if (strcmp(config->brands[i].id, id.at) == 0) {
            config->brands[i].query = query;
            return STATUS_OK;
        }
    }
    struct brand *brand = config_new_brand(config);
    if (!brand)
        return fault_memory(fault);
    brand->id = brand->name = id.at;
    brand->query = query;
    return STATUS_OK;
}

/* ---- checking ---- */

static enum status read_limit(const struct config *config, const char *text, const char *name,
                              int64_t *us, struct fault *fault) {
    struct moment moment;
    if (!text)
        return STATUS_OK;
    if (!when_parse(span_of(text), config->day_first, &moment))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "%s \"%.60s\" is no date; write 2023-03-01 or 2023-03-01T12:00:00Z", name,
                         text);
    *us = moment.us;
    if (moment.naive)
        *us = zone_to_utc(&config->zone, floor_div(moment.us, US_PER_S)) * US_PER_S;
    return STATUS_OK;
}

static enum status load_mapping(struct config *config, struct fault *fault) {
    struct buf text;
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    if (!config->mapping_path)
        return STATUS_OK;
    enum status status = mapping_read(&config->mapping, config->mapping_path, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&text, CONFIG_MAX_BYTES);
    status = file_read(config->mapping_path, &text, fault);
    digest_of(buf_as_span(&text), sum);
    digest_hex(sum, hex);
    config->mapping_digest = config_keep(config, hex);
    buf_release(&text);
    return status;
}

static bool has_control(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

static enum status check_brands(const struct config *config, struct fault *fault) {
    if (!config->brand_count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "no brand to look for: give -b ID=QUERY, for example -b norvia=norvia, or "
                         "-c CONFIG.json (burza init writes one to start from)");
    for (size_t i = 0; i < config->brand_count; i++) {
        const struct brand *brand = &config->brands[i];
        /* the command line may hold any bytes; settings, shards and audits hold text */
        if (!text_is_whole(brand->id) || !text_is_whole(brand->name) ||
            !text_is_whole(brand->query))
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "the brand \"%.63s\" is not written in UTF-8; check the terminal's "
                             "encoding, or put it into a configuration file",
                             brand->id);
        if (has_control(brand->id) || has_control(brand->name))
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "the id and name of the brand \"%.63s\" may hold no line break, tab "
                             "or other control character",
                             brand->id);
    }
    return STATUS_OK;
}

/* Read now rather than after hours of scanning. */
static enum status load_key(struct config *config, struct fault *fault) {
    struct buf key;
    if (!config->key_file)
        return STATUS_OK;
    buf_init(&key, CONFIG_MAX_BYTES);
    enum status status = file_read(config->key_file, &key, fault);
    if (status == STATUS_OK && key.len < KEY_BYTES_MIN)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "the key file \"%s\" holds %zu bytes; so short a key can be guessed: "
                           "fill it with at least %d, for example from /dev/urandom",
                           config->key_file, key.len, KEY_BYTES_MIN);
    digest_of(buf_as_span(&key), config->key);
    buf_release(&key);
    return status;
}

enum status config_finish(struct config *config, struct fault *fault) {
    enum status status = check_brands(config, fault);
    if (status == STATUS_OK)
        status = zone_open(&config->zone, config->timezone, fault);
    if (status == STATUS_OK && config->naive_timezone)
        status = zone_open(&config->naive_zone, config->naive_timezone, fault);
    if (status == STATUS_OK)
        status = read_limit(config, config->since, "--since", &config->since_us, fault);
    if (status == STATUS_OK)
        status = read_limit(config, config->until, "--until", &config->until_us, fault);
    if (status == STATUS_OK && config->since_us >= config->until_us)
        status = fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                           "no time lies between --since \"%.40s\" and --until \"%.40s\"",
                           config->since, config->until);
    if (status == STATUS_OK)
        status = load_key(config, fault);
    return status == STATUS_OK ? load_mapping(config, fault) : status;
}

struct decode_options config_decode_options(const struct config *config) {
    struct decode_options options = decode_options_default();
    options.zone = config->naive_timezone ? &config->naive_zone : NULL;
    options.poland = strcmp(config->timezone, "Europe/Warsaw") == 0 ? &config->zone : NULL;
    options.private_messages = config->private_messages;
    if (config->day_first || config->month_first)
        options.order = config->day_first ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
    options.format = config->input_format;
    options.mapping = config->mapping;
    return options;
}

/* ---- writing ---- */

/* What decides how dumps are read and scored. */
static json_t *scan_json(const struct config *config) {
    json_t *brands = json_array();
    for (size_t i = 0; i < config->brand_count; i++) {
        const struct brand *brand = &config->brands[i];
        json_t *accounts = json_array();
        for (size_t k = 0; k < brand->account_count; k++) {
            const struct brand_account *account = &brand->accounts[k];
            json_t *object = json_object();
            if (account->platform != PLATFORM_COUNT)
                json_object_set_new(object, "platform",
                                    json_string(platform_name(account->platform)));
            if (account->id)
                json_object_set_new(object, "id", json_string(account->id));
            if (account->handle)
                json_object_set_new(object, "handle", json_string(account->handle));
            json_array_append_new(accounts, object);
        }
        json_t *object =
            json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "id", brand->id, "name", brand->name,
                      "query", brand->query, "inflect", brand->inflect, "context",
                      brand->thread ? "thread" : "none", "accounts", accounts);
        if (json_array_append_new(brands, object) != 0) {
            json_decref(brands);
            return NULL;
        }
    }
    json_t *input = json_pack(
        "{s:s*, s:b, s:o*, s:s*, s:s*, s:s*, s:s*, s:o*}", "timezone", config->naive_timezone,
        "day_first", config->day_first, "month_first", config->month_first ? json_true() : NULL,
        "since", config->since, "until", config->until, "mapping_sha256", config->mapping_digest,
        "format", config->input_format, "private", config->private_messages ? json_true() : NULL);
    return json_pack("{s:o, s:o, s:s}", "brands", brands, "input", input, "engine",
                     config->engine == ENGINE_RULES ? "rules" : "hybrid");
}

/* A path that means the same in every folder. */
static json_t *path_json(const char *path) {
    char *whole = realpath(path, NULL);
    json_t *text = json_string(whole ? whole : path);
    free(whole);
    return text;
}

enum status config_text(const struct config *config, enum config_part part, struct buf *out,
                        struct fault *fault) {
    json_t *root = scan_json(config);
    if (!root)
        return fault_memory(fault);
    if (part != CONFIG_SCAN) {
        json_t *privacy = json_pack("{s:s, s:s, s:s, s:s*}", "authors",
                                    config->plain_authors ? "plain" : "pseudonym", "text",
                                    config->keep_text ? "keep" : "drop", "deleted",
                                    config->drop_deleted ? "drop" : "count", "private",
                                    config->private_messages ? "on" : NULL);
        static const char *const ids[] = {NULL, "keep", "hash", "drop"};
        if (config->ids != IDS_OF_POSTS)
            json_object_set_new(privacy, "ids", json_string(ids[config->ids]));
        json_object_set_new(privacy, "smallest_cell", json_integer(config->smallest_cell));
        if (part == CONFIG_WHOLE && config->key_file)
            json_object_set_new(privacy, "key_file", path_json(config->key_file));
        json_object_set_new(root, "timezone", json_string(config->timezone));
        json_object_set_new(root, "bucket", json_integer(config->bucket_s));
        json_object_set_new(
            root, "detection",
            json_pack("{s:f}", "false_alarms_per_month", config->detection.false_alarms_per_month));
        json_object_set_new(root, "privacy", privacy);
    }
    if (part == CONFIG_WHOLE) {
        json_t *lexicons = json_array();
        for (size_t i = 0; i < config->lexicon_count; i++)
            json_array_append_new(lexicons, path_json(config->lexicons[i]));
        json_object_set_new(root, "lexicons", lexicons);
    }
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(root);
    if (!text)
        return fault_memory(fault);
    buf_text(out, text);
    buf_char(out, '\n');
    free(text);
    return out->failed ? fault_memory(fault) : STATUS_OK;
}
