#ifndef PODCTL_PATH_H
#define PODCTL_PATH_H

#include <stdbool.h>

/* Absolute, no empty parts, no . and .. ; false after a usage report. */
bool path_check(const char *path);

/* Opens the folder that holds a checked path, following no link; `name` becomes the last component. -1: errno. */
int path_open_folder(const char *path, const char **name);

#endif
