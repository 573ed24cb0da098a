#ifndef PODCTL_MADE_H
#define PODCTL_MADE_H

#include "nsfile.h"

/* New namespaces, and where each is pinned. Start from {0} and the paths. */
struct made {
  const char *path[NS_COUNT]; /* NULL: not wanted */
  int fd[NS_COUNT];
  struct ns_id id[NS_COUNT];
};

/* Opens those that process `pid` is in; the open files keep them when it has gone. False after a report. */
bool made_open(struct made *made, pid_t pid);

/* Pins all of them or, after a report, none. Where pins_go has been. */
bool made_pin(const struct made *made);
void made_unpin(const struct made *made);

/* One {"ns","path","id"} line each. False when nobody takes them. */
bool made_report(const struct made *made);

#endif
