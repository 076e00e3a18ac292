/* config care: the settings of care and journeys, and the file that joins accounts to persons. */
#ifndef BURZA_CONFIG_CARE_H
#define BURZA_CONFIG_CARE_H

#include "pipeline/config.h"

#include <jansson.h>

/* Reads the object "care". STATUS_REJECT: `where` names the key, `what` says what is wrong. */
enum status config_care_read(struct config *config, const char *path, json_t *care, char *where,
                             size_t where_size, char *what, size_t what_size) MUST_USE;
/* The resolved settings; NULL when out of memory. */
json_t *config_care_json(const struct care_settings *care);
/* Reads the identity file, if one is named: CSV with the columns person, platform, account. */
enum status config_identities(struct config *config, struct fault *fault) MUST_USE;

#endif
