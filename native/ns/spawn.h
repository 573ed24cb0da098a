#ifndef PODCTL_SPAWN_H
#define PODCTL_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "furnish.h"
#include "mounts.h"
#include "nsfile.h"

/* A program to start in namespaces. Start from {0} and spawn_init. */
struct spawn {
  int join[NS_COUNT];     /* open namespaces, -1: not joined */
  bool new_pid, new_mnt;  /* new ones for the program alone */
  bool map_root;          /* furnish.new_types holds a user namespace: map the caller to its root */
  struct furnish furnish; /* namespaces that are new, and the host name of a joined one */
  struct mounts mounts;
  const char *cwd; /* NULL: where we are */
  char **environment;
  char **argv;
  bool new_session;      /* leave the terminal */
  int stdio[3];          /* descriptors for the program, -1: ours */
  bool signals_blocked;  /* for a program that blocks them itself: none is lost before it does */
  bool die_with_parent;  /* SIGKILL when we end */
};

void spawn_init(struct spawn *s);

/*
 * Starts the program as our child and gives its pid once its exec is proved; -1 after a report, when
 * there is no such process any more. All signals must be blocked.
 */
pid_t spawn(const struct spawn *s);

/* A process in its namespaces that is about to become the program. It ends when we do. */
struct held {
  pid_t pid;
  int go, proof;
};

/* The same in two halves. False after a report. Whoever is held is released or dropped. */
bool spawn_hold(const struct spawn *s, struct held *held);
pid_t spawn_release(const struct spawn *s, const struct held *held);
void spawn_drop(const struct held *held);

/*
 * Reports {"pid","start","ns":{...}} and, for a keeper, {"keeper":{"pid","start"}} in it.
 * False when the child is gone without a trace or nobody takes the report.
 */
bool report_started(pid_t pid, const struct spawn *s, pid_t keeper);

#endif
