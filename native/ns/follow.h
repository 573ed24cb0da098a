#ifndef PODCTL_FOLLOW_H
#define PODCTL_FOLLOW_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* How a program ended. */
struct ending {
  int exit_code; /* as a shell gives it: 128 + signal when a signal ended it */
  int signal;    /* 0 when it ended by itself */
};

struct ending ending_of(int status);

/* Reports {"exitCode","signal"} and that all is done. False when nobody takes it. */
bool report_ending(struct ending ending);

/* Takes one blocked signal that arrived: passes it to `child` unless the terminal gave it one, too. */
void pass_on(const siginfo_t *info, pid_t child);

/* Passes signals on until `child` has ended. All signals must be blocked. */
struct ending follow(pid_t child);

#endif
