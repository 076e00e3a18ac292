/* What the command line says of a configuration: it replaces what the file says, or adds to it. */
#include "pipeline/commands/session.h"

static void replace(const char **key, const char *option) {
    if (option)
        *key = option;
}

/* How inputs are read: for all that the command line names, whatever they match. */
static enum status replace_reading(struct config *config, const struct options *options,
                                   struct fault *fault) {
    bool all = config->input_count && !config->inputs[config->input_count - 1].match;
    if (!all && !config_new_input(config))
        return fault_memory(fault);
    for (size_t i = 0; i < config->input_count; i++) {
        struct input_settings *input = &config->inputs[i];
        replace(&input->timezone, options->timezone);
        replace(&input->since, options->since);
        replace(&input->until, options->until);
        replace(&input->mapping_path, options->mapping);
        replace(&input->format, options->input_format);
        input->month_first = options->month_first || (input->month_first && !options->day_first);
        input->day_first = options->day_first || (input->day_first && !options->month_first);
    }
    return STATUS_OK;
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
    if (options->private)
        config->private_messages = PRIVATE_ON;
    if (status == STATUS_OK)
        status = replace_reading(config, options, fault);
    return status;
}
