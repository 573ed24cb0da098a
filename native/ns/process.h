#ifndef PODCTL_PROCESS_H
#define PODCTL_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* Blocks every signal and remembers what was blocked before. */
void block_signals(void);

/* For a child about to exec: SIGPIPE, and the signal mask unless `blocked`, as they were when we were started. */
void restore_signals(bool blocked);

/* Ignores SIGPIPE, so that a reader that went away is an error and no death. Once, at the start. */
void ignore_sigpipe(void);

/* Wait status of a child, however often we are interrupted. */
int wait_for(pid_t child);

/* What /proc/PID/stat says. */
struct process_stat {
  char state;
  unsigned long flags;
  unsigned long long start; /* clock ticks since boot */
};

/* Gives false, with errno, where there is no such process. */
bool read_process(pid_t pid, struct process_stat *stat);

/* True once a forked process has made its exec; true for what it left as a zombie, too. */
bool has_execed(const struct process_stat *stat);

#endif
