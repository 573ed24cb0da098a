#ifndef PODCTL_NETPARTS_H
#define PODCTL_NETPARTS_H

#include <stdbool.h>

#include "json.h"
#include "netlink.h"

/* Room for a hardware address of 32 bytes in words: 02:00:... */
#define MAC_SIZE (3 * 32 + 1)

/* Value of an IFLA_ADDRESS; "" where there is none. */
void mac_text(char text[MAC_SIZE], const struct rtattr *a);

/* Each adds one list to the object: "links", "addresses", "routes" (table main) and "listeners". */
void put_links(struct json *j, const struct dump *links);
void put_addresses(struct json *j, const struct dump *addresses);
void put_routes(struct json *j, const struct dump *routes);

/* Which sockets are told of. The kernel goes through a table of the whole machine to find those of a namespace. */
enum sockets { SOCKETS_NONE, SOCKETS_TCP, SOCKETS_ALL };

/*
 * Sockets that wait for TCP connections in the network namespace that we are in, and with SOCKETS_ALL those of UDP
 * without a peer. False with errno.
 */
bool put_listeners(struct json *j, enum sockets which);

/* "inet" or "inet6"; NULL for anything else. */
const char *family_name(int family);

#endif
