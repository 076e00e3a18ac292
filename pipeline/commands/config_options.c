/* What the command line says of a configuration: it replaces what the file says, or adds to it. */
#include "pipeline/commands/session.h"

static void replace(const char **key, const char *option) {
    if (option)
        *key = option;
}

enum status config_options(struct config *config, const struct options *options,
                           struct fault *fault) {
    if (options->engine)
        config->engine = strcmp(options->engine, "rules") == 0 ? ENGINE_RULES : ENGINE_HYBRID;
    enum status status =
        options_false_alarms(options, &config->detection.false_alarms_per_month, fault);
    for (size_t i = 0; i < options->brands.count && status == STATUS_OK; i++)
        status = config_brand(config, options->brands.at[i], fault);
    for (size_t i = 0; i < options->lexicons.count && status == STATUS_OK; i++)
        status = config_lexicon(config, options->lexicons.at[i], fault);
    replace(&config->naive_timezone, options->timezone);
    replace(&config->since, options->since);
    replace(&config->until, options->until);
    replace(&config->mapping_path, options->mapping);
    replace(&config->input_format, options->input_format);
    config->private_messages |= options->private;
    config->month_first = options->month_first || (config->month_first && !options->day_first);
    config->day_first = options->day_first || (config->day_first && !options->month_first);
    return status;
}
