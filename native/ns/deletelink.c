/* delete-link: that very link of the network namespace that we are in. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "netlink.h"
#include "netparts.h"
#include "verbs.h"

struct request {
  unsigned long long index;
  const char *name, *mac;
};

static bool is_wanted(const struct nlmsghdr *message, const struct request *r) {
  const struct rtattr *a[IFLA_IFNAME + 1];
  char mac[MAC_SIZE];
  message_attributes(message, sizeof(struct ifinfomsg), a, IFLA_IFNAME);
  mac_text(mac, a[IFLA_ADDRESS]);
  size_t length = strlen(r->name);
  return a[IFLA_IFNAME] != NULL && strnlen(RTA_DATA(a[IFLA_IFNAME]), RTA_PAYLOAD(a[IFLA_IFNAME])) == length &&
         memcmp(RTA_DATA(a[IFLA_IFNAME]), r->name, length) == 0 && strcmp(mac, r->mac) == 0;
}

/* 1 it is there, 0 there is none of this index, -1 it is another one. */
static int find(const struct dump *links, const struct request *r) {
  for (const struct nlmsghdr *m = NULL; (m = dump_next(links, m)) != NULL;) {
    const struct ifinfomsg *link = NLMSG_DATA(m);
    if (m->nlmsg_type == RTM_NEWLINK && link->ifi_index == (int)r->index) return is_wanted(m, r) ? 1 : -1;
  }
  return 0;
}

/* False with errno. An index is not given to another link while the machine runs, so none can come between. */
static bool delete_by_index(int fd, int index) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
      .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
                 .nlmsg_type = RTM_DELLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .link = {.ifi_family = AF_UNSPEC, .ifi_index = index},
  };
  char buffer[8192] __attribute__((aligned(8)));
  if (send(fd, &request, request.header.nlmsg_len, 0) < 0) return false;
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

static int tell(bool was_there) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_flag(&j, "deleted", was_there);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}

int verb_delete_link(int argc, char **argv) {
  static const struct option options[] = {
      {"index", required_argument, NULL, 'i'},
      {"mac", required_argument, NULL, 'm'},
      {NULL, 0, NULL, 0},
  };
  struct request r = {0};
  struct dump links;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'm') r.mac = optarg;
    if (o == 'i' && !parse_number(optarg, INT_MAX, &r.index)) return fail_usage("--index %s is no index", optarg);
  }
  r.name = optind == argc - 1 ? argv[optind] : NULL;
  if (r.name == NULL || r.index == 0 || r.mac == NULL) {
    return fail_usage("delete-link wants --index INDEX --mac ADDRESS NAME and nothing else");
  }
  int fd = netlink_open();
  if (fd < 0 || !netlink_dump(fd, RTM_GETLINK, &links)) return fail_errno("cannot list the links");
  int found = find(&links, &r);
  free(links.bytes);
  if (found == 0) return tell(false);
  if (found < 0) return fail("mismatch", "link %llu is not %s (%s) any more: it is left alone", r.index, r.name, r.mac);
  if (!delete_by_index(fd, (int)r.index)) {
    return errno == ENODEV ? tell(false) : fail_errno("cannot delete link %s", r.name);
  }
  return tell(true);
}
