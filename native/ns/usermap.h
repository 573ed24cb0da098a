#ifndef PODCTL_USERMAP_H
#define PODCTL_USERMAP_H

#include <stdbool.h>

/*
 * In a new user namespace: maps the one user and group that we were outside to root.
 * False after a report.
 */
bool map_root(unsigned uid, unsigned gid);

#endif
