#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netparts.h"

/* State of a listening socket in /proc/net/tcp. */
#define LISTEN 0x0a

/* Address as the kernel prints it: 32-bit words of network order, each as a number of this machine. */
static void parse_address(const char *hex, int family, char text[INET6_ADDRSTRLEN]) {
  unsigned words[4] = {0};
  size_t count = family == AF_INET ? 1 : 4;
  for (size_t i = 0; i < count; i++) (void)sscanf(hex + 8 * i, "%8x", &words[i]);
  (void)inet_ntop(family, words, text, INET6_ADDRSTRLEN);
}

/* The kernel lists listeners first, so that the connections of a busy pod are not read. */
static void put_table(struct json *j, FILE *table, int family) {
  char line[512], hex[33], text[INET6_ADDRSTRLEN];
  unsigned port, state;
  (void)!fgets(line, sizeof line, table);
  while (fgets(line, sizeof line, table) != NULL) {
    if (sscanf(line, " %*d: %32[0-9A-F]:%4x %*[0-9A-F]:%*x %2x", hex, &port, &state) != 3 || state != LISTEN) return;
    if (strlen(hex) != (family == AF_INET ? 8u : 32u)) return;
    parse_address(hex, family, text);
    json_begin(j, NULL, '{');
    json_text(j, "family", family_name(family));
    json_text(j, "address", text);
    json_number(j, "port", port);
    json_end(j, '{');
  }
}

bool put_listeners(struct json *j) {
  static const struct {
    const char *path;
    int family;
  } tables[] = {{"/proc/thread-self/net/tcp", AF_INET}, {"/proc/thread-self/net/tcp6", AF_INET6}};
  json_begin(j, "listeners", '[');
  for (size_t i = 0; i < 2; i++) {
    FILE *table = fopen(tables[i].path, "re");
    /* A kernel without IPv6 has no such table. */
    if (table == NULL && (errno != ENOENT || tables[i].family == AF_INET)) return false;
    if (table == NULL) continue;
    put_table(j, table, tables[i].family);
    (void)fclose(table);
  }
  json_end(j, '[');
  return true;
}
