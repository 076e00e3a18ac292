/* Large arrays: what burza's own code allocates, in paged memory while a ceiling is set
 * (stages/common/paged.h). The linker leads its calls of malloc, calloc, realloc and free here
 * (--wrap, CMakeLists.txt), so a step of the study that grows with the mentions cannot be
 * forgotten; calls inside the libraries stay what they are, and what these hand over is freed as
 * ever. */
#include "stages/common/paged.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);

void *__wrap_malloc(size_t size) {
    return paged_wants(size) ? paged_alloc(size, false) : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    size_t bytes;
    if (!__builtin_mul_overflow(count, size, &bytes) && paged_wants(bytes))
        return paged_alloc(bytes, true);
    return __real_calloc(count, size);
}

void __wrap_free(void *at) {
    if (!paged_free(at))
        __real_free(at);
}

void *__wrap_realloc(void *at, size_t size) {
    size_t held = paged_size(at);
    if (!held && !paged_wants(size))
        return __real_realloc(at, size);
    if (!held && at)
        held = malloc_usable_size(at);
    void *grown = __wrap_malloc(size);
    if (!grown)
        return NULL;
    if (at)
        memcpy(grown, at, held < size ? held : size);
    __wrap_free(at);
    return grown;
}
