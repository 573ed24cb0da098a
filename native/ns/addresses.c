#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "netparts.h"

const char *family_name(int family) {
  return family == AF_INET ? "inet" : family == AF_INET6 ? "inet6" : NULL;
}

/* Text of an address attribute; "" when it is missing or of another length. */
static const char *address_text(int family, const struct rtattr *a, char text[INET6_ADDRSTRLEN]) {
  size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
  if (a == NULL || RTA_PAYLOAD(a) != size) return "";
  return inet_ntop(family, RTA_DATA(a), text, INET6_ADDRSTRLEN);
}

static const char *scope_name(unsigned char scope) {
  switch (scope) {
    case RT_SCOPE_UNIVERSE: return "global";
    case RT_SCOPE_SITE: return "site";
    case RT_SCOPE_LINK: return "link";
    case RT_SCOPE_HOST: return "host";
    default: return "other";
  }
}

static void put_address(struct json *j, const struct nlmsghdr *message) {
  const struct ifaddrmsg *address = NLMSG_DATA(message);
  const struct rtattr *a[IFA_LOCAL + 1];
  char text[INET6_ADDRSTRLEN];
  if (family_name(address->ifa_family) == NULL) return;
  message_attributes(message, sizeof *address, a, IFA_LOCAL);
  /* On a point-to-point link IFA_ADDRESS is the other end. */
  const struct rtattr *own = a[IFA_LOCAL] != NULL ? a[IFA_LOCAL] : a[IFA_ADDRESS];
  json_begin(j, NULL, '{');
  json_number(j, "link", address->ifa_index);
  json_text(j, "family", family_name(address->ifa_family));
  json_text(j, "address", address_text(address->ifa_family, own, text));
  json_number(j, "prefix", address->ifa_prefixlen);
  json_text(j, "scope", scope_name(address->ifa_scope));
  json_end(j, '{');
}

void put_addresses(struct json *j, const struct dump *addresses) {
  json_begin(j, "addresses", '[');
  for (const struct nlmsghdr *m = NULL; (m = dump_next(addresses, m)) != NULL;) {
    if (m->nlmsg_type == RTM_NEWADDR) put_address(j, m);
  }
  json_end(j, '[');
}

static void put_route(struct json *j, const struct nlmsghdr *message) {
  const struct rtmsg *route = NLMSG_DATA(message);
  const struct rtattr *a[RTA_TABLE + 1];
  char text[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN + 8];
  if (family_name(route->rtm_family) == NULL) return;
  message_attributes(message, sizeof *route, a, RTA_TABLE);
  if (attribute_number(a[RTA_TABLE], route->rtm_table) != RT_TABLE_MAIN) return;
  const char *to = address_text(route->rtm_family, a[RTA_DST], text);
  const char *all = route->rtm_family == AF_INET ? "0.0.0.0" : "::";
  (void)snprintf(destination, sizeof destination, "%s/%u", to[0] == '\0' ? all : to, route->rtm_dst_len);
  json_begin(j, NULL, '{');
  json_text(j, "family", family_name(route->rtm_family));
  json_text(j, "destination", destination);
  json_text(j, "gateway", address_text(route->rtm_family, a[RTA_GATEWAY], text));
  json_text(j, "source", address_text(route->rtm_family, a[RTA_PREFSRC], text));
  json_number(j, "link", attribute_number(a[RTA_OIF], 0));
  json_number(j, "metric", attribute_number(a[RTA_PRIORITY], 0));
  json_text(j, "scope", scope_name(route->rtm_scope));
  json_end(j, '{');
}

void put_routes(struct json *j, const struct dump *routes) {
  json_begin(j, "routes", '[');
  for (const struct nlmsghdr *m = NULL; (m = dump_next(routes, m)) != NULL;) {
    if (m->nlmsg_type == RTM_NEWROUTE) put_route(j, m);
  }
  json_end(j, '[');
}
