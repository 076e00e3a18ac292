#include "stages/common/status.h"

#include "stages/common/buf.h"

#include <stdarg.h>
#include <stdio.h>

enum status fault_set(struct fault *fault, enum status status, int exit_code, const char *format,
                      ...) {
    if (fault) {
        va_list args;
        va_start(args, format);
        fault->exit_code = exit_code;
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
        utf8_sanitize(fault->text);
    }
    return status;
}

enum status fault_memory(struct fault *fault) {
    return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "out of memory");
}
