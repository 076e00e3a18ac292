/* The settings of care: what is right, what is wrong and how it is said, and that what was resolved
 * reads back to itself; the identity file. */
#include "pipeline/config.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum status parse(struct config *config, const char *care, struct fault *fault) {
    char text[1000];
    snprintf(text, sizeof text, "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}],\n\"care\":%s}",
             care);
    config_init(config);
    return config_parse(config, span_of(text), "c.json", fault);
}

static void test_settings(void) {
    struct config config;
    struct fault fault = {0};
    CHECK_INT(parse(&config, "{}", &fault), STATUS_OK);
    CHECK_INT(config.care.minimum_n, 31);
    CHECK_INT(config.care.open.window_count[4], 1);
    CHECK_INT(config.care.open.window_count[5], 0);
    CHECK(config.care.open.closed_on_holidays);
    config_release(&config);
    CHECK_INT(
        parse(&config,
              "{\"minimum_n\":5,\"hours\":{\"5\":[\"00:00-06:00\",\"22:00-24:00\"]},"
              "\"closed_on_holidays\":false,\"extra_closed\":[\"2022-12-24\"],"
              "\"extra_open\":[\"2022-12-26\",\"2023-01-06\"],\"burst_s\":60,\"idle_h\":24,"
              "\"silence_days\":7,\"auto_replies\":[\"Odpowiemy\"],\"campaigns\":[\"#lato\"]}",
              &fault),
        STATUS_OK);
    const struct care_settings *care = &config.care;
    CHECK_INT(care->minimum_n, 5);
    CHECK_INT(care->open.window_count[0], 0);
    CHECK_INT(care->open.window_count[5], 2);
    CHECK_INT(care->open.windows[5][1].to_s, 86400);
    CHECK(!care->open.closed_on_holidays);
    CHECK_INT(care->open.closed[0], civil_days(2022, 12, 24));
    CHECK_INT(care->open.opened_count, 2);
    CHECK_INT(care->open.opened[1], civil_days(2023, 1, 6));
    CHECK_INT(care->burst_s, 60);
    CHECK_INT(care->idle_s, 86400);
    CHECK_INT(care->silence_s, 7 * 86400);
    CHECK_STR(care->auto_replies[0], "Odpowiemy");
    CHECK_STR(care->campaigns[0], "#lato");
    /* canonical text, and back */
    struct config again;
    struct buf text, other;
    buf_init(&text, 1 << 20);
    buf_init(&other, 1 << 20);
    CHECK_INT(config_text(&config, CONFIG_SHOWN, &text, &fault), STATUS_OK);
    config_init(&again);
    CHECK_INT(config_parse(&again, buf_as_span(&text), "again", &fault), STATUS_OK);
    CHECK_INT(config_text(&again, CONFIG_SHOWN, &other, &fault), STATUS_OK);
    CHECK(span_equal(buf_as_span(&text), buf_as_span(&other)));
    /* the scan does not depend on it */
    buf_clear(&text);
    CHECK_INT(config_text(&config, CONFIG_SCAN, &text, &fault), STATUS_OK);
    buf_char(&text, 0);
    CHECK(!strstr(text.at, "minimum_n"));
    buf_release(&text);
    buf_release(&other);
    config_release(&again);
    config_release(&config);
}

static void test_errors(void) {
    static const struct {
        const char *care, *said;
    } table[] = {
        {"[]", "c.json:2: \"care\" must be an object"},
        {"{\"minimum\":5}", "\"care.minimum\" is not a known key; known here: minimum_n hours"},
        {"{\"minimum_n\":0}", "\"care.minimum_n\" must be a whole number from 1"},
        {"{\"minimum_n\":\"5\"}", "\"care.minimum_n\" must be a whole number"},
        {"{\"idle_h\":0}", "\"care.idle_h\" must be a whole number from 1 to 8784"},
        {"{\"hours\":[\"09:00-17:00\"]}", "\"care.hours\" must be an object such as"},
        {"{\"hours\":{\"7\":[\"09:00-17:00\"]}}", "\"care.hours\" must be an object such as"},
        {"{\"hours\":{\"0\":[\"22:00-06:00\"]}}", "a night shift is two"},
        {"{\"hours\":{\"0\":[\"10:00-12:00\",\"11:00-13:00\"]}}", "\"care.hours\""},
        {"{\"closed_on_holidays\":1}", "\"care.closed_on_holidays\" must be true or false"},
        {"{\"extra_closed\":[\"24.12.2022\"]}", "\"care.extra_closed\" must be a list of dates"},
        {"{\"extra_open\":[\"2022-13-40\"]}", "\"care.extra_open\" must be a list of dates"},
        {"{\"auto_replies\":\"x\"}", "\"care.auto_replies\" must be a list of texts"},
        {"{\"campaigns\":[\"lato\"]}", "\"care.campaigns\" must be a list of hashtags"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct config config;
        struct fault fault = {0};
        printf("# %s\n", table[i].care);
        CHECK_INT(parse(&config, table[i].care, &fault), STATUS_FATAL);
        CHECK_INT(fault.exit_code, EXIT_DATA);
        if (!CHECK(strstr(fault.text, table[i].said) != NULL))
            printf("# said %s\n", fault.text);
        config_release(&config);
    }
}

static enum status identities(struct config *config, const char *text, struct fault *fault) {
    static char path[] = "/tmp/burza-identities.XXXXXX";
    char json[200];
    int file = mkstemp(path);
    bool wrote = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
    CHECK(wrote);
    if (file >= 0)
        close(file);
    snprintf(json, sizeof json,
             "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}],\"identities\":\"%s\"}", path);
    config_init(config);
    enum status status = config_parse(config, span_of(json), "c.json", fault);
    if (status == STATUS_OK)
        status = config_finish(config, fault);
    unlink(path);
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    return status;
}

static void test_identities(void) {
    static const char *const wrong[] = {
        "Anna,twitter,anna\n", "person,platform,account\nAnna,twitter\n",
        "person,platform,account\nAnna,nowhere,anna\n", "person,platform,account\n,twitter,anna\n",
        "person,platform,account\nAnna,twitter,\n"};
    struct config config;
    struct fault fault = {0};
    CHECK_INT(identities(&config,
                         "\xEF\xBB\xBFperson,platform,account\r\nAnna,twitter,@anna\r\n\r\n"
                         "\"Anna\",x,\"77\"\r\n",
                         &fault),
              STATUS_OK);
    CHECK_INT(config.identity_count, 2);
    CHECK_STR(config.identity[0].account, "anna");
    CHECK_STR(config.identity[1].person, "Anna");
    CHECK_INT(config.identity[1].platform, PLATFORM_TWITTER);
    CHECK(config.identities_digest != NULL);
    config_release(&config);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        printf("# %s\n", wrong[i]);
        CHECK_INT(identities(&config, wrong[i], &fault), STATUS_FATAL);
        CHECK_INT(fault.exit_code, EXIT_DATA);
        config_release(&config);
    }
}

int main(void) {
    test_settings();
    test_errors();
    test_identities();
    return tap_done();
}
