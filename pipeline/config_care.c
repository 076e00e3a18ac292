#include "pipeline/config_care.h"

#include "stages/common/files.h"

#include <stdio.h>
#include <stdlib.h>

/* Where and what, for the one message. */
struct care_source {
    struct config *config;
    const char *path;
    char *where, *what;
    size_t where_size, what_size;
};

static enum status wrong(const struct care_source *source, const char *key, const char *what) {
    snprintf(source->where, source->where_size, "%s.%s", source->path, key);
    snprintf(source->what, source->what_size, "%s", what);
    return STATUS_REJECT;
}

static enum status read_number(const struct care_source *source, const char *key, json_t *value,
                               int64_t least, int64_t most, int64_t unit, int64_t *out) {
    char what[80];
    int64_t number = json_integer_value(value);
    snprintf(what, sizeof what, "must be a whole number from %lld to %lld", (long long)least,
             (long long)most);
    if (!json_is_integer(value) || number < least || number > most)
        return wrong(source, key, what);
    *out = number * unit;
    return STATUS_OK;
}

static enum status read_texts(const struct care_source *source, const char *key, json_t *value,
                              const char ***texts, size_t *count) {
    size_t size = json_array_size(value);
    if (!json_is_array(value))
        return wrong(source, key, "must be a list of texts in [ ]");
    *texts = arena_alloc(&source->config->arena, (size + 1) * sizeof **texts);
    *count = 0;
    for (size_t i = 0; *texts && i < size; i++) {
        const char *text = json_string_value(json_array_get(value, i));
        if (!text || !*text)
            return wrong(source, key, "must be a list of texts in [ ], none of them empty");
        (*texts)[*count] = config_keep(source->config, text);
        if (!(*texts)[(*count)++])
            return STATUS_FATAL;
    }
    return *texts ? STATUS_OK : STATUS_FATAL;
}

/* "2022-12-24" as a day number; INT64_MIN: no date. */
static int64_t read_day(const char *text) {
    struct moment moment;
    struct span span = span_of(text);
    bool shaped = span.len == 10 && text[4] == '-' && text[7] == '-';
    if (!shaped || !when_parse(span, true, &moment))
        return INT64_MIN;
    return floor_div(moment.us, US_PER_S * SECONDS_PER_DAY);
}

static enum status read_days(const struct care_source *source, const char *key, json_t *value,
                             const int64_t **out, size_t *count) {
    const char **texts;
    enum status status = read_texts(source, key, value, &texts, count);
    if (status != STATUS_OK)
        return status;
    int64_t *days = arena_alloc(&source->config->arena, (*count + 1) * sizeof *days);
    for (size_t i = 0; days && i < *count; i++) {
        days[i] = read_day(texts[i]);
        if (days[i] == INT64_MIN)
            return wrong(source, key, "must be a list of dates such as \"2022-12-24\"");
    }
    *out = days;
    return days ? STATUS_OK : STATUS_FATAL;
}

static enum status read_windows(const struct care_source *source, json_t *list,
                                struct open_calendar *open, int weekday) {
    static const char what[] = "must be an object such as {\"0\": [\"09:00-17:00\"]}: weekdays "
                               "from 0, Monday, to 6, each with up to 8 times in order; a night "
                               "shift is two, 22:00-24:00 and 00:00-06:00";
    size_t size = json_array_size(list);
    if (!json_is_array(list) || size > OPEN_WINDOWS_MAX)
        return wrong(source, "hours", what);
    for (size_t i = 0; i < size; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        struct open_window *window = &open->windows[weekday][i];
        if (!text || !open_window_read(span_of(text), window) ||
            (i && window->from_s < window[-1].to_s))
            return wrong(source, "hours", what);
    }
    open->window_count[weekday] = (uint8_t)size;
    return STATUS_OK;
}

static enum status read_hours(const struct care_source *source, json_t *value,
                              struct open_calendar *open) {
    const char *name;
    json_t *list;
    memset(open->window_count, 0, sizeof open->window_count);
    if (!json_is_object(value))
        return read_windows(source, NULL, open, 0);
    json_object_foreach(value, name, list) {
        bool weekday = name[0] >= '0' && name[0] <= '6' && !name[1];
        enum status status =
            read_windows(source, weekday ? list : NULL, open, weekday ? name[0] - '0' : 0);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status read_key(const struct care_source *source, const char *name, json_t *value) {
    struct care_settings *care = &source->config->care;
    enum status status = STATUS_OK;
    if (strcmp(name, "minimum_n") == 0) {
        int64_t number = care->minimum_n;
        status = read_number(source, name, value, 1, 100000, 1, &number);
        care->minimum_n = (int32_t)number;
    } else if (strcmp(name, "burst_s") == 0) {
        status = read_number(source, name, value, 0, 7 * SECONDS_PER_DAY, 1, &care->burst_s);
    } else if (strcmp(name, "idle_h") == 0) {
        status = read_number(source, name, value, 1, 8784, SECONDS_PER_HOUR, &care->idle_s);
    } else if (strcmp(name, "silence_days") == 0) {
        status = read_number(source, name, value, 1, 3660, SECONDS_PER_DAY, &care->silence_s);
    } else if (strcmp(name, "hours") == 0) {
        status = read_hours(source, value, &care->open);
    } else if (strcmp(name, "closed_on_holidays") == 0) {
        if (!json_is_boolean(value))
            return wrong(source, name, "must be true or false");
        care->open.closed_on_holidays = json_is_true(value);
    } else if (strcmp(name, "extra_closed") == 0) {
        status = read_days(source, name, value, &care->open.closed, &care->open.closed_count);
    } else if (strcmp(name, "extra_open") == 0) {
        status = read_days(source, name, value, &care->open.opened, &care->open.opened_count);
    } else if (strcmp(name, "auto_replies") == 0) {
        status = read_texts(source, name, value, &care->auto_replies, &care->auto_count);
    } else if (strcmp(name, "campaigns") == 0) {
        status = read_texts(source, name, value, &care->campaigns, &care->campaign_count);
        for (size_t i = 0; status == STATUS_OK && i < care->campaign_count; i++)
            if (care->campaigns[i][0] != '#' || !care->campaigns[i][1])
                return wrong(source, name, "must be a list of hashtags such as \"#lato2022\"");
    } else {
        return wrong(source, name,
                     "is not a known key; known here: minimum_n hours closed_on_holidays "
                     "extra_closed extra_open burst_s idle_h silence_days auto_replies campaigns");
    }
    return status;
}

enum status config_care_read(struct config *config, const char *path, json_t *care, char *where,
                             size_t where_size, char *what, size_t what_size) {
    const struct care_source source = {config, path, where, what, where_size, what_size};
    const char *name;
    json_t *value;
    json_object_foreach(care, name, value) {
        enum status status = read_key(&source, name, value);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* ---- writing ---- */

static json_t *days_json(const int64_t *days, size_t count) {
    json_t *list = json_array();
    char text[ISO_SIZE];
    for (size_t i = 0; i < count; i++) {
        when_iso(days[i] * SECONDS_PER_DAY, text);
        text[10] = 0;
        json_array_append_new(list, json_string(text));
    }
    return list;
}

static json_t *texts_json(const char *const *texts, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *hours_json(const struct open_calendar *open) {
    json_t *hours = json_object();
    for (int weekday = 0; weekday < 7; weekday++) {
        char name[2] = {(char)('0' + weekday), 0}, text[32];
        json_t *list = json_array();
        for (int i = 0; i < open->window_count[weekday]; i++) {
            const struct open_window *window = &open->windows[weekday][i];
            snprintf(text, sizeof text, "%02d:%02d-%02d:%02d", window->from_s / 3600,
                     window->from_s / 60 % 60, window->to_s / 3600, window->to_s / 60 % 60);
            json_array_append_new(list, json_string(text));
        }
        json_object_set_new(hours, name, list);
    }
    return hours;
}

json_t *config_care_json(const struct care_settings *care) {
    return json_pack(
        "{s:i, s:o, s:b, s:o, s:o, s:I, s:I, s:I, s:o, s:o}", "minimum_n", (int)care->minimum_n,
        "hours", hours_json(&care->open), "closed_on_holidays", care->open.closed_on_holidays,
        "extra_closed", days_json(care->open.closed, care->open.closed_count), "extra_open",
        days_json(care->open.opened, care->open.opened_count), "burst_s", (json_int_t)care->burst_s,
        "idle_h", (json_int_t)(care->idle_s / SECONDS_PER_HOUR), "silence_days",
        (json_int_t)(care->silence_s / SECONDS_PER_DAY), "auto_replies",
        texts_json(care->auto_replies, care->auto_count), "campaigns",
        texts_json(care->campaigns, care->campaign_count));
}

/* ---- identities ---- */

enum { IDENTITY_FIELDS = 3 };

/* The fields of a line without quotes around them; false when there are not three. */
static bool split_line(struct span line, struct span out[IDENTITY_FIELDS]) {
    size_t count = 0, from = 0;
    while (line.len && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
        line.len--;
    for (size_t i = 0; i <= line.len; i++) {
        if (i < line.len && line.at[i] != ',')
            continue;
        struct span field = {line.at + from, i - from};
        if (field.len >= 2 && field.at[0] == '"' && field.at[field.len - 1] == '"')
            field = (struct span){field.at + 1, field.len - 2};
        if (count == IDENTITY_FIELDS)
            return false;
        out[count++] = field;
        from = i + 1;
    }
    return count == IDENTITY_FIELDS;
}

static enum status add_identity(struct config *config, size_t *cap, const struct span *fields,
                                size_t line, struct fault *fault) {
    struct span account = fields[2];
    struct identity identity = {.platform = platform_find(fields[1])};
    if (identity.platform == PLATFORM_COUNT || !fields[0].len || !account.len)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "%s:%zu: wants a person, a platform that burza knows (twitter, facebook, "
                         "...) and an account",
                         config->identities, line);
    if (account.at[0] == '@')
        account = (struct span){account.at + 1, account.len - 1};
    if (config->identity_count == *cap) {
        *cap = *cap * 2 + 64;
        struct identity *at = realloc(config->identity, *cap * sizeof *at);
        if (!at)
            return fault_memory(fault);
        config->identity = at;
    }
    identity.person = arena_copy(&config->arena, fields[0]).at;
    identity.account = arena_copy(&config->arena, account).at;
    config->identity[config->identity_count++] = identity;
    return identity.person && identity.account ? STATUS_OK : fault_memory(fault);
}

static enum status read_identities(struct config *config, struct span text, struct fault *fault) {
    size_t line = 0, cap = 0;
    enum status status = STATUS_OK;
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = (struct span){text.at + 3, text.len - 3};
    while (text.len && status == STATUS_OK) {
        const char *end = memchr(text.at, '\n', text.len);
        struct span row = {text.at, end ? (size_t)(end - text.at) : text.len};
        struct span fields[IDENTITY_FIELDS];
        text = (struct span){text.at + row.len + (end != NULL), text.len - row.len - (end != NULL)};
        line++;
        if (!row.len || span_is(row, "\r"))
            continue;
        bool whole = split_line(row, fields);
        bool header = whole && span_is(fields[0], "person") && span_is(fields[1], "platform") &&
                      span_is(fields[2], "account");
        if (!whole || (line == 1 && !header))
            return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                             "%s:%zu: an identity file is CSV whose first line is "
                             "person,platform,account",
                             config->identities, line);
        if (line > 1)
            status = add_identity(config, &cap, fields, line, fault);
    }
    return status;
}

enum status config_identities(struct config *config, struct fault *fault) {
    struct buf text;
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    if (!config->identities)
        return STATUS_OK;
    buf_init(&text, CONFIG_MAX_BYTES);
    enum status status = file_read(config->identities, &text, fault);
    if (status == STATUS_OK) {
        digest_of(buf_as_span(&text), sum);
        digest_hex(sum, hex);
        config->identities_digest = config_keep(config, hex);
        status = read_identities(config, buf_as_span(&text), fault);
    }
    buf_release(&text);
    return status;
}
