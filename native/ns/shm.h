#ifndef PODCTL_SHM_H
#define PODCTL_SHM_H

#include <stdbool.h>

/* Bytes that a pod's /dev/shm may hold. */
#define SHM_SIZE (64ULL * 1024 * 1024)

/*
 * Mounts a tmpfs on a checked path, or unmounts it; nothing to do when it is so already (`was`: it was mounted
 * before). Where pins_go has been. False after a report.
 */
bool shm_bring(const char *path, unsigned long long size, bool mounted, bool *was);

#endif
