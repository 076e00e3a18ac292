/* burza version, init: small commands. */
#include "pipeline/commands/commands.h"
#include "stages/common/files.h"
#include "stages/decode/decode.h"
#include "stages/score/score.h"
#include "stages/store/store.h"

#include <stdio.h>

int command_version(const struct options *options) {
    struct fault fault;
    struct scorer *scorer;
    struct score_options score = {0};
    char library[64];
    printf("burza %s\n", BURZA_VERSION);
    if (!options->verbose)
        return close_output(EXIT_DONE);
    if (scorer_open(&scorer, &score, &fault) != STATUS_OK)
        return close_output(print_error(&fault));
    store_library(library, sizeof library);
    printf("storage: %s\nlexicons and models: SHA-256 %s\nformats:", library,
           scorer_digest(scorer));
    for (size_t i = 0; decode_format_by_index(i); i++)
        printf(" %s", decode_format_by_index(i));
    putchar('\n');
    scorer_free(scorer);
    return close_output(EXIT_DONE);
}

static const char first_config[] =
    "{\n"
    "  \"brands\": [\n"
    "    {\n"
    "      \"id\": \"norvia\",\n"
    "      \"name\": \"Norvia\",\n"
    "      \"query\": \"norvia NOT (\\\"norvia travel\\\")\",\n"
    "      \"inflect\": true,\n"
    "      \"accounts\": [\n"
    "        {\"platform\": \"twitter\", \"id\": \"100\", \"handle\": \"NorviaPL\"}\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"timezone\": \"Europe/Warsaw\",\n"
    "  \"bucket\": 300,\n"
    "  \"detection\": {\"false_alarms_per_month\": 0.5},\n"
    "  \"care\": {\"minimum_n\": 31, \"hours\": {\"0\": [\"09:00-17:00\"], \"1\": "
    "[\"09:00-17:00\"],\n"
    "           \"2\": [\"09:00-17:00\"], \"3\": [\"09:00-17:00\"], \"4\": "
    "[\"09:00-17:00\"]},\n"
    "           \"closed_on_holidays\": true, \"extra_closed\": [], \"extra_open\": [],\n"
    "           \"burst_s\": 1800, \"idle_h\": 72, \"silence_days\": 30,\n"
    "           \"auto_replies\": [], \"campaigns\": []},\n"
    "  \"privacy\": {\"authors\": \"pseudonym\", \"text\": \"keep\", \"deleted\": \"count\"},\n"
    "  \"engine\": \"hybrid\",\n"
    "  \"input\": {\"timezone\": \"Europe/Warsaw\", \"day_first\": true}\n"
    "}\n";

int command_init(const struct options *options) {
    struct fault fault;
    const char *path = options->output ? options->output : "burza.json";
    FILE *there = fopen(path, "rb");
    if (there) {
        fclose(there);
        print_message("\"%s\" is there already; choose another name with -o", path);
        return EXIT_CANTCREATE;
    }
    if (file_publish(path, SPAN_LITERAL(first_config), &fault) != STATUS_OK)
        return print_error(&fault);
    printf(
        "wrote %s: put your brands and their accounts in (burza help care says what they are for), "
        "then: burza run -c %s DUMPS...\n",
        path, path);
    return close_output(EXIT_DONE);
}
