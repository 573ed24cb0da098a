#ifndef PODCTL_NSFILE_H
#define PODCTL_NSFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "args.h"

/* In the order in which they are joined: user first, for the rights; pid last, for it is the children's. */
enum { NS_USER, NS_CGROUP, NS_IPC, NS_UTS, NS_NET, NS_MNT, NS_PID, NS_COUNT };

extern const struct ns_type {
  const char *name;
  int flag;
} NS_TYPES[NS_COUNT];

/* Identity of a namespace file. */
struct ns_id {
  dev_t device;
  ino_t inode;
};

/* Room for "device:inode". */
#define NS_ID_SIZE 48

bool parse_ns_id(const char *text, struct ns_id *id);
void print_ns_id(char text[NS_ID_SIZE], const struct ns_id *id);
bool same_ns(const struct ns_id *a, const struct ns_id *b);

/* Identity of an open namespace file; false when it is none. */
bool ns_id_of(int fd, struct ns_id *id);

/*
 * Opens the namespace at `path` (a pin, or /proc/PID/ns/TYPE) and checks after opening that it is
 * one, of that type (-1: any). What is no namespace is never opened for real: a FIFO cannot block us.
 * -1 with `why` in words, and errno: 0 when there is something else.
 */
int ns_try_open(const char *path, int type, const char **why);

/* The same, and it must be the expected one (NULL: any). -1 after a report. */
int ns_open(const char *path, int type, const struct ns_id *expect);

/* Reads "TYPE=DEV:INO" options into `expect`; false after a report. */
struct expected {
  bool given[NS_COUNT];
  struct ns_id id[NS_COUNT];
};
bool parse_expected(const struct list *options, struct expected *expected);

#endif
