#ifndef PODCTL_NETLINK_H
#define PODCTL_NETLINK_H

#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>

/* A kernel's list of one kind, copied: struct nlmsghdr after struct nlmsghdr. */
struct dump {
  char *bytes;
  size_t size;
};

/* rtnetlink socket in the network namespace that we are in now; -1 with errno. */
int netlink_open(void);

/*
 * Asks for a whole list (RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE). Asks again when the list changed
 * meanwhile. False with errno; the caller frees `bytes`.
 */
bool netlink_dump(int fd, int type, struct dump *dump);

/* The next message, NULL after the last; start with NULL. */
const struct nlmsghdr *dump_next(const struct dump *dump, const struct nlmsghdr *after);

/* Fills `found[type]` with the attributes up to `most`; those that are not there are NULL. */
void attributes(const struct rtattr *first, size_t size, const struct rtattr *found[], unsigned short most);

/* Attributes behind a message's fixed part of `fixed` bytes. */
void message_attributes(const struct nlmsghdr *message, size_t fixed, const struct rtattr *found[],
                        unsigned short most);

/* Value of an attribute that is a 32-bit number; `missing` when it is not there or another size. */
long long attribute_number(const struct rtattr *attribute, long long missing);

#endif
