#ifndef PODCTL_MOUNTS_H
#define PODCTL_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

/* What a program sees of the file system, in a mount namespace of its own. */
struct mount_request {
  enum { MOUNT_BIND, MOUNT_TMPFS, MOUNT_PROC } kind;
  const char *source; /* MOUNT_BIND only */
  const char *target; /* absolute; inside the rootfs where there is one */
  bool read_only;
};

struct mounts {
  struct mount_request *items;
  size_t count;
  const char *rootfs; /* NULL: the root stays what it is */
};

/* "SRC:DST" or "SRC:DST:ro", both absolute; cuts `text`. False when it is badly written. */
bool mounts_add_bind(struct mounts *mounts, char *text);
void mounts_add(struct mounts *mounts, struct mount_request request);

/* Makes a new mount namespace and fills it. Mounts made in it do not leave it. False after a report. */
bool mounts_apply(const struct mounts *mounts);

#endif
