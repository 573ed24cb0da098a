/* set-link: puts that very link of the network namespace that we are in into a bridge, or brings it up. */
#include <linux/if.h>
#include <limits.h>
#include <sys/socket.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "thatlink.h"
#include "verbs.h"

struct change {
  struct nlmsghdr header;
  struct ifinfomsg link;
  struct rtattr attribute;
  unsigned master;
};

/* False with errno. The index of a link is not given to another one while the machine runs. */
static bool set_link(int fd, int index, unsigned long long master, bool up) {
  struct change request = {
      .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
                 .nlmsg_type = RTM_SETLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .link = {.ifi_family = AF_UNSPEC, .ifi_index = index},
      .attribute = {.rta_len = RTA_LENGTH(sizeof(unsigned)), .rta_type = IFLA_MASTER},
      .master = (unsigned)master,
  };
  if (up) request.link.ifi_flags = request.link.ifi_change = IFF_UP;
  if (master != 0) request.header.nlmsg_len = sizeof request;
  return netlink_request(fd, &request.header);
}

int verb_set_link(int argc, char **argv) {
  static const struct option options[] = {
      THAT_LINK_OPTIONS,
      {"master", required_argument, NULL, 'M'},
      {"up", no_argument, NULL, 'u'},
      {NULL, 0, NULL, 0},
  };
  struct that_link link = {0};
  unsigned long long master = 0;
  bool up = false, there;
  int code;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (that_link_option(o, &link, &code) && code != EXIT_OK) return code;
    if (o == 'u') up = true;
    if (o == 'M' && !parse_number(optarg, INT_MAX, &master)) return fail_usage("--master %s is no index", optarg);
  }
  link.name = optind == argc - 1 ? argv[optind] : NULL;
  if (link.name == NULL || link.index == 0 || link.mac == NULL || (master == 0 && !up)) {
    return fail_usage("set-link wants --index INDEX --mac ADDRESS NAME, and --master INDEX or --up");
  }
  int fd = netlink_open();
  if ((code = that_link_find(fd, &link, &there)) != EXIT_OK) return code;
  if (!there) return fail("missing", "link %llu (%s) is gone", link.index, link.name);
  if (!set_link(fd, (int)link.index, master, up)) return fail_errno("cannot change link %s", link.name);
  return json_done() ? EXIT_OK : EXIT_FAILED;
}
