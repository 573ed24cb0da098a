#ifndef PODCTL_PINS_H
#define PODCTL_PINS_H

#include <stdbool.h>

#include "nsfile.h"

/* More would be a loop of mounts, not pins. */
#define MOST_STACKED 64

/*
 * Goes to where pins are made: the mount namespace of process `pid` (0: stay in our own), with
 * /proc/self/fd as working folder, so that open files can be named even if that mount namespace
 * has another /proc. Reports {"mountNs":{"of":PID,"used":"other"|"same"|"own","reason":ERRNO}}
 * when a pid was given: one that cannot be entered leaves us in our own. False after a report.
 */
bool pins_go(int pid);

/*
 * Pins an open namespace at `path`: makes the file (nothing may be there; no part of the path may
 * be a link) and bind-mounts the namespace on it. False after a report, with nothing left behind.
 */
bool pin_make(int ns, const char *path);

/* What was found at a path, and gone afterwards. */
struct unpinned {
  const char *was; /* "pin", "file" (a placeholder with nothing mounted on it) or "missing" */
  int mounts;
};

/*
 * Unmounts every pin of namespace `expect` (NULL: none may be there) stacked on the path, then removes
 * the file.
 * Anything else there is left alone: false after a report.
 */
bool pin_drop(const char *path, const struct ns_id *expect, struct unpinned *result);

/*
 * Unmounts so many pins of namespace `expect` that are stacked on the path; one more of it must be left.
 * Anything else there is left alone: false after a report.
 */
bool pin_unstack(const char *path, const struct ns_id *expect, int layers, struct unpinned *result);

#endif
