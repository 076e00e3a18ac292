#include "pipeline/scan/signals.h"

#include "stages/common/status.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static void note(int number) {
    if (stop_want(number) != 0)
        _exit(128 + number);
}

void signals_catch(void) {
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* a closed pipe is an ordinary write error; a file size limit too */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int signals_pending(void) {
    return stop_wanted();
}
