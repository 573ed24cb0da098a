#ifndef PODCTL_THATLINK_H
#define PODCTL_THATLINK_H

#include <stdbool.h>

#include "netlink.h"

/* A link of the network namespace that we are in, by what tells it from another one. */
struct that_link {
  unsigned long long index;
  const char *name, *mac;
};

/* For the table of options; each is then given to that_link_option. */
#define THAT_LINK_OPTIONS {"index", required_argument, NULL, 'i'}, {"mac", required_argument, NULL, 'm'}

/* Whether option `o` was one of them; `*code` is EXIT_OK, or EXIT_USAGE after it was told why. */
bool that_link_option(int o, struct that_link *link, int *code);

/*
 * EXIT_OK with `*there`; with false there is none of this index. Another exit code where that was told: another link
 * has the index by now, or the links cannot be listed.
 */
int that_link_find(int fd, const struct that_link *link, bool *there);

/* Sends a request that is to be acknowledged. False with errno. */
bool netlink_request(int fd, const struct nlmsghdr *request);

#endif
