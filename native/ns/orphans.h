#ifndef PODCTL_ORPHANS_H
#define PODCTL_ORPHANS_H

#include <sys/types.h>

/* Reaps children that ended, apart from `child`: as a subreaper we inherit what it leaves. */
void reap_orphans(pid_t child);

/* Kills and reaps all children, and what becomes our child thereby, until none is left. */
void end_orphans(void);

#endif
