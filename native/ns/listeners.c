#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netparts.h"

/* State of a listening socket in /proc/net/tcp, and of one without a peer in /proc/net/udp. */
#define LISTEN 0x0a
#define UNCONNECTED 0x07

/* Address as the kernel prints it: 32-bit words of network order, each as a number of this machine. */
static void parse_address(const char *hex, int family, char text[INET6_ADDRSTRLEN]) {
  unsigned words[4] = {0};
  size_t count = family == AF_INET ? 1 : 4;
  for (size_t i = 0; i < count; i++) (void)sscanf(hex + 8 * i, "%8x", &words[i]);
  (void)inet_ntop(family, words, text, INET6_ADDRSTRLEN);
}

/* One list of sockets of the kernel. */
struct table {
  const char *path, *protocol;
  int family;
  unsigned waiting;
};

/* Adds the socket if it waits, which `waits` tells. False for a line that cannot be read. */
static bool put_socket(struct json *j, const struct table *t, const char *line, bool *waits) {
  char hex[33], text[INET6_ADDRSTRLEN];
  unsigned port, state;
  unsigned long inode = 0;
  int read = sscanf(line, " %*d: %32[0-9A-F]:%4x %*[0-9A-F]:%*x %2x %*x:%*x %*x:%*x %*x %*u %*d %lu", hex, &port, &state,
                    &inode);
  if (read != 4 || strlen(hex) != (t->family == AF_INET ? 8u : 32u)) return false;
  *waits = state == t->waiting;
  if (!*waits) return true;
  parse_address(hex, t->family, text);
  json_begin(j, NULL, '{');
  json_text(j, "protocol", t->protocol);
  json_text(j, "family", family_name(t->family));
  json_text(j, "address", text);
  json_number(j, "port", port);
  json_number(j, "inode", (long long)inode);
  json_end(j, '{');
  return true;
}

/* The kernel lists listeners of TCP first, so that the connections of a busy pod are not read. */
static void put_table(struct json *j, const struct table *t, FILE *file) {
  char line[512];
  bool waits = true;
  (void)!fgets(line, sizeof line, file);
  while (fgets(line, sizeof line, file) != NULL) {
    if (!put_socket(j, t, line, &waits)) return;
    if (!waits && t->waiting == LISTEN) return;
  }
}

bool put_listeners(struct json *j, enum sockets which) {
  static const struct table tables[] = {
      {"/proc/thread-self/net/tcp", "tcp", AF_INET, LISTEN},
      {"/proc/thread-self/net/tcp6", "tcp", AF_INET6, LISTEN},
      {"/proc/thread-self/net/udp", "udp", AF_INET, UNCONNECTED},
      {"/proc/thread-self/net/udp6", "udp", AF_INET6, UNCONNECTED},
  };
  json_begin(j, "listeners", '[');
  for (size_t i = 0; i < 2 * (size_t)which; i++) {
    FILE *file = fopen(tables[i].path, "re");
    /* A kernel without IPv6 has no such table. */
    if (file == NULL && (errno != ENOENT || tables[i].family == AF_INET)) return false;
    if (file == NULL) continue;
    put_table(j, &tables[i], file);
    (void)fclose(file);
  }
  json_end(j, '[');
  return true;
}
