/* generate demo: the dump files, brands.json and truth.json of the demonstration. */
#ifndef GENERATOR_DEMO_H
#define GENERATOR_DEMO_H
#include <stdint.h>

void demo_generate(const char *template_folder, uint64_t seed, const char *folder);
#endif
