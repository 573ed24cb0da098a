#ifndef PODCTL_EXITFILE_H
#define PODCTL_EXITFILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "follow.h"

/* A file to be written once, whole or not at all, in a folder that was opened early. */
struct exit_file {
  int folder;
  char name[NAME_MAX + 1];
};

/* False after a report: the folder is not there, or the file is already. */
bool exit_file_open(struct exit_file *file, const char *path);

/* Temporary file, fsync, rename, fsync of the folder. Nobody is left to tell of a failure. */
void exit_file_write(const struct exit_file *file, pid_t pid, struct ending ending, unsigned long long lost);

#endif
