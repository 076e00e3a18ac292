/* generate demo and generate story: dump files, brands.json and truth.json. The demonstration has
 * the same events for every seed, a story has events of its own (plan.h). */
#ifndef GENERATOR_DEMO_H
#define GENERATOR_DEMO_H
#include <stdint.h>

void demo_generate(const char *template_folder, uint64_t seed, const char *folder);
void story_generate(const char *template_folder, uint64_t seed, const char *folder);
#endif
