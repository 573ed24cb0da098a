#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "netparts.h"

static void put_string(struct json *j, const char *key, const struct rtattr *a) {
  const char *text = a == NULL ? "" : RTA_DATA(a);
  json_bytes(j, key, text, a == NULL ? 0 : strnlen(text, RTA_PAYLOAD(a)));
}

void mac_text(char text[MAC_SIZE], const struct rtattr *a) {
  text[0] = '\0';
  const unsigned char *bytes = a == NULL ? NULL : RTA_DATA(a);
  for (size_t i = 0; bytes != NULL && i < RTA_PAYLOAD(a) && i < 32; i++) {
    (void)sprintf(text + (i == 0 ? 0 : 3 * i - 1), i == 0 ? "%02x" : ":%02x", bytes[i]);
  }
}

static void put_mac(struct json *j, const struct rtattr *a) {
  char text[MAC_SIZE];
  mac_text(text, a);
  json_text(j, "mac", text);
}

static void put_link(struct json *j, const struct nlmsghdr *message) {
  const struct ifinfomsg *link = NLMSG_DATA(message);
  const struct rtattr *a[IFLA_LINK_NETNSID + 1], *info[IFLA_INFO_KIND + 1] = {NULL};
  message_attributes(message, sizeof *link, a, IFLA_LINK_NETNSID);
  if (a[IFLA_LINKINFO] != NULL) {
    attributes(RTA_DATA(a[IFLA_LINKINFO]), RTA_PAYLOAD(a[IFLA_LINKINFO]), info, IFLA_INFO_KIND);
  }
  json_begin(j, NULL, '{');
  json_number(j, "index", link->ifi_index);
  put_string(j, "name", a[IFLA_IFNAME]);
  put_mac(j, a[IFLA_ADDRESS]);
  json_number(j, "mtu", attribute_number(a[IFLA_MTU], 0));
  json_flag(j, "up", (link->ifi_flags & IFF_UP) != 0);
  json_flag(j, "running", (link->ifi_flags & IFF_RUNNING) != 0);
  json_flag(j, "loopback", (link->ifi_flags & IFF_LOOPBACK) != 0);
  put_string(j, "kind", info[IFLA_INFO_KIND]);
  /* 0: it has none. Of a veth pair: the other end, in the namespace that peerNetnsId names (-1: this one). */
  json_number(j, "peerIndex", attribute_number(a[IFLA_LINK], 0));
  json_number(j, "peerNetnsId", (int)attribute_number(a[IFLA_LINK_NETNSID], -1));
  json_number(j, "master", attribute_number(a[IFLA_MASTER], 0));
  json_end(j, '{');
}

void put_links(struct json *j, const struct dump *links) {
  json_begin(j, "links", '[');
  for (const struct nlmsghdr *m = NULL; (m = dump_next(links, m)) != NULL;) {
    if (m->nlmsg_type == RTM_NEWLINK) put_link(j, m);
  }
  json_end(j, '[');
}
