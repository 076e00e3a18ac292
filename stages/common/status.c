#include "stages/common/status.h"

#include "stages/common/buf.h"
#include "stages/common/paged.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

static _Thread_local int trouble;
static atomic_int stop;

int stop_wanted(void) {
    return atomic_load_explicit(&stop, memory_order_relaxed);
}

int stop_want(int number) {
    return atomic_exchange(&stop, number);
}

static void fill(struct fault *fault, int exit_code, const char *format, va_list args) {
    if (!fault)
        return;
    fault->exit_code = exit_code;
    vsnprintf(fault->text, sizeof fault->text, format, args);
    utf8_sanitize(fault->text);
}

enum status fault_set(struct fault *fault, enum status status, int exit_code, const char *format,
                      ...) {
    va_list args;
    va_start(args, format);
    fill(fault, exit_code, format, args);
    va_end(args);
    return status;
}

enum status fault_passing(struct fault *fault, int exit_code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fill(fault, exit_code, format, args);
    va_end(args);
    trouble_note(exit_code);
    return STATUS_SKIP;
}

void trouble_note(int exit_code) {
    if (exit_code > trouble)
        trouble = exit_code;
}

int trouble_take(void) {
    int taken = trouble;
    trouble = 0;
    return taken;
}

enum status fault_memory(struct fault *fault) {
    if (paged_trouble())
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "%s", paged_trouble());
    return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "out of memory");
}
