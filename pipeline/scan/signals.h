/* signals: SIGINT and SIGTERM set a flag that the scan looks at between blocks; a second one ends
 * the program at once. */
#ifndef BURZA_SIGNALS_H
#define BURZA_SIGNALS_H

void signals_catch(void);
/* 0, SIGINT or SIGTERM. */
int signals_pending(void);

#endif
