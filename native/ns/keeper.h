#ifndef PODCTL_KEEPER_H
#define PODCTL_KEEPER_H

#include "spawn.h"

/* Where a detached program's output and end are written down. */
struct keep {
  const char *log, *exit_file;
};

/*
 * Starts the program under a process that stays as its parent: copies its output to the log and,
 * when it has ended, ends what it left behind and writes {"pid","exitCode","signal","finishedAt","logLost"}.
 * Gives the exit code of the verb, as soon as the program runs.
 */
int keep(struct spawn *s, const struct keep *k);

#endif
