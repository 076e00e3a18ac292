/* event facts: what is counted of an event to classify it. Internal to events.
 *
 * In: a brand's rows and series, an event's times. Out: event->facts; the texts are compared again
 * only when the event's times have changed. May fail: STATUS_FATAL out of memory. */
#ifndef BURZA_EVENT_FACTS_H
#define BURZA_EVENT_FACTS_H

#include "stages/events/events.h"

enum status event_facts(const struct brand_events *events, struct event *event,
                        struct fault *fault) MUST_USE;

#endif
