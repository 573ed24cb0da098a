#ifndef PODCTL_FURNISH_H
#define PODCTL_FURNISH_H

#include <stdbool.h>

#include "args.h"

/* What new namespaces are given before anybody lives in them. */
struct furnish {
  int new_types; /* CLONE_NEW* flags of the namespaces that are new */
  bool joins_uts; /* a joined UTS namespace may get a host name, too */
  const char *hostname;
  struct list sysctls; /* KEY=VALUE */
};

/* False after a report: a setting would reach past the new namespaces, or is badly written. */
bool furnish_check(const struct furnish *f);

/* Applies it to the calling process's namespaces and brings lo up in a new netns. False after a report. */
bool furnish_apply(const struct furnish *f);

#endif
