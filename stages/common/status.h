/* status: the severity ladder that every fallible function returns, and `struct fault`, which
 * carries the message to the one place that prints it (the command). The message names what
 * failed first, its subject in quotes, and what to do next; lower case, no full stop. */
#ifndef BURZA_STATUS_H
#define BURZA_STATUS_H

enum status {
    STATUS_OK,     /* done */
    STATUS_END,    /* nothing more: not an error */
    STATUS_REJECT, /* this record cannot be used; the next one may be */
    STATUS_SKIP,   /* this member or file cannot be used further; the others may be */
    STATUS_FATAL,  /* the run must end */
};

/* Exit codes of the program (sysexits where one fits). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_PARTIAL = 2, /* done, but some member or file was skipped or damaged */
    EXIT_USAGE = 64,
    EXIT_DATA = 65, /* bad data or configuration */
    EXIT_NOINPUT = 66,
    EXIT_INTERNAL = 70,
    EXIT_CANTCREATE = 73,
    EXIT_IO = 74,
    EXIT_LOCKED = 75,
    EXIT_SIGINT = 130,
    EXIT_SIGTERM = 143,
};

struct fault {
    int exit_code; /* what the program should exit with when this fault ends the run */
    char text[500];
};

/* The signal that asks the program to stop, or 0. What waits for input looks at it; stop_want may
 * be called by a signal handler and returns what was wanted before. */
int stop_wanted(void);
int stop_want(int number);

#define MUST_USE __attribute__((warn_unused_result))

/* Writes the message (cut to fit) and returns `status`, so that a caller can `return
 * fault_set(...)`. `fault` may be NULL. */
enum status fault_set(struct fault *fault, enum status status, int exit_code, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

/* The usual ones. */
enum status fault_memory(struct fault *fault);

/* Passing troubles: a limit of the run, a read that failed, a file that changed under the reader.
 * What they end is not done: another try, or other limits, may read more. Each is noted for the
 * thread that meets it, because what reads an input wraps faults many times. */
enum status fault_passing(struct fault *fault, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4))); /* STATUS_SKIP */
void trouble_note(int exit_code);
/* The gravest (EXIT_PARTIAL, EXIT_IO) that this thread met since the last call; 0: none. */
int trouble_take(void);

#endif
