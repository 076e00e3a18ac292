#include "pipeline/scan/signals.h"

#include "stages/common/status.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

enum { SAVING_S = 5 };

/* A scheduler says it more than once (USR1 ahead of the limit, then TERM): within the seconds that
 * a checkpoint may take only a second SIGINT ends the program at once. */
static void note(int number) {
    static volatile time_t first;
    int wanted = number == SIGUSR1 ? SIGTERM : number;
    if (stop_want(wanted) == 0)
        first = time(NULL);
    else if (number == SIGINT || time(NULL) - first > SAVING_S)
        _exit(128 + wanted);
}

void signals_catch(void) {
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    /* a closed pipe is an ordinary write error; a file size limit too */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int signals_pending(void) {
    return stop_wanted();
}
