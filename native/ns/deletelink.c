/* delete-link: that very link of the network namespace that we are in. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "thatlink.h"
#include "verbs.h"

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
  return netlink_request(fd, &request.header);
}

static int tell(bool was_there) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_flag(&j, "deleted", was_there);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}

int verb_delete_link(int argc, char **argv) {
  static const struct option options[] = {THAT_LINK_OPTIONS, {NULL, 0, NULL, 0}};
  struct that_link link = {0};
  bool there;
  int code;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (that_link_option(o, &link, &code) && code != EXIT_OK) return code;
  }
  link.name = optind == argc - 1 ? argv[optind] : NULL;
  if (link.name == NULL || link.index == 0 || link.mac == NULL) {
    return fail_usage("delete-link wants --index INDEX --mac ADDRESS NAME and nothing else");
  }
  int fd = netlink_open();
  if ((code = that_link_find(fd, &link, &there)) != EXIT_OK) return code;
  if (!there) return tell(false);
  if (!delete_by_index(fd, (int)link.index)) {
    return errno == ENODEV ? tell(false) : fail_errno("cannot delete link %s", link.name);
  }
  return tell(true);
}
