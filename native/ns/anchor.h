#ifndef PODCTL_ANCHOR_H
#define PODCTL_ANCHOR_H

#include "spawn.h"

/* A program that outlives us: init, or the nearest subreaper, becomes its parent. All give false after a report. */

/* Nobody's PATH decides what holds a sandbox. */
bool anchor_check(const char *verb, const struct spawn *s);

/* Leaves the program nothing of ours. */
bool anchor_prepare(struct spawn *s);

/* Lets a held program go, and reports it as the last that this run does. */
bool anchor_release(const struct spawn *s, const struct held *held);

#endif
