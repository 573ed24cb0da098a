#include "thatlink.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "netparts.h"

bool that_link_option(int o, struct that_link *link, int *code) {
  *code = EXIT_OK;
  if (o == 'm') link->mac = optarg;
  if (o == 'i' && !parse_number(optarg, INT_MAX, &link->index)) {
    *code = fail_usage("--index %s is no index", optarg);
  }
  return o == 'm' || o == 'i';
}

static bool is_wanted(const struct nlmsghdr *message, const struct that_link *r) {
  const struct rtattr *a[IFLA_IFNAME + 1];
  char mac[MAC_SIZE];
  message_attributes(message, sizeof(struct ifinfomsg), a, IFLA_IFNAME);
  mac_text(mac, a[IFLA_ADDRESS]);
  size_t length = strlen(r->name);
  return a[IFLA_IFNAME] != NULL && strnlen(RTA_DATA(a[IFLA_IFNAME]), RTA_PAYLOAD(a[IFLA_IFNAME])) == length &&
         memcmp(RTA_DATA(a[IFLA_IFNAME]), r->name, length) == 0 && strcmp(mac, r->mac) == 0;
}

/* 1 it is there, 0 there is none of this index, -1 it is another one. */
static int find(const struct dump *links, const struct that_link *r) {
  for (const struct nlmsghdr *m = NULL; (m = dump_next(links, m)) != NULL;) {
    const struct ifinfomsg *link = NLMSG_DATA(m);
    if (m->nlmsg_type == RTM_NEWLINK && link->ifi_index == (int)r->index) return is_wanted(m, r) ? 1 : -1;
  }
  return 0;
}

int that_link_find(int fd, const struct that_link *r, bool *there) {
  struct dump links;
  if (fd < 0 || !netlink_dump(fd, RTM_GETLINK, &links)) return fail_errno("cannot list the links");
  int found = find(&links, r);
  free(links.bytes);
  *there = found > 0;
  if (found >= 0) return EXIT_OK;
  return fail("mismatch", "link %llu is not %s (%s) any more: it is left alone", r->index, r->name, r->mac);
}

bool netlink_request(int fd, const struct nlmsghdr *request) {
  char buffer[8192] __attribute__((aligned(8)));
  if (send(fd, request, request->nlmsg_len, 0) < 0) return false;
  ssize_t size;
  do {
    size = recv(fd, buffer, sizeof buffer, 0);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return false;
  const struct nlmsghdr *answer = (const struct nlmsghdr *)(const void *)buffer;
  if (!NLMSG_OK(answer, (size_t)size) || answer->nlmsg_type != NLMSG_ERROR) return errno = EPROTO, false;
  const struct nlmsgerr *error = NLMSG_DATA(answer);
  errno = -error->error;
  return error->error == 0;
}
