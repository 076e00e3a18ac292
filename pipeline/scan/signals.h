/* signals: SIGINT, SIGTERM and SIGUSR1 (a scheduler's notice, taken for SIGTERM) set a flag that
 * the scan looks at between blocks; a second SIGINT, or any that comes more than five seconds
 * later, ends the program at once. */
#ifndef BURZA_SIGNALS_H
#define BURZA_SIGNALS_H

void signals_catch(void);
/* 0, SIGINT or SIGTERM. */
int signals_pending(void);

#endif
