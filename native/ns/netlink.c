#include "netlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel sends no message of a dump larger than this. */
#define LARGEST (64 * 1024)
#define MOST_TRIES 8

int netlink_open(void) {
  return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

static bool ask(int fd, int type) {
  struct {
    struct nlmsghdr header;
    struct rtgenmsg any;
  } request = {
      .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
                 .nlmsg_type = (unsigned short)type,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .any = {.rtgen_family = AF_UNSPEC},
  };
  return send(fd, &request, request.header.nlmsg_len, 0) >= 0;
}

static bool keep_message(struct dump *dump, const struct nlmsghdr *message) {
  size_t size = NLMSG_ALIGN(message->nlmsg_len);
  char *bytes = realloc(dump->bytes, dump->size + size);
  if (bytes == NULL) return false;
  memset(bytes + dump->size, 0, size);
  memcpy(bytes + dump->size, message, message->nlmsg_len);
  dump->bytes = bytes;
  dump->size += size;
  return true;
}

/* 1 the list is whole, 0 more comes, -1 with errno (EINTR: it changed meanwhile). */
static int take(struct dump *dump, const char *buffer, size_t size, bool *changed) {
  const struct nlmsghdr *m = (const struct nlmsghdr *)(const void *)buffer;
  for (; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) {
    if ((m->nlmsg_flags & NLM_F_DUMP_INTR) != 0) *changed = true;
    if (m->nlmsg_type == NLMSG_DONE) {
      errno = EINTR;
      return *changed ? -1 : 1;
    }
    if (m->nlmsg_type == NLMSG_ERROR) {
      const struct nlmsgerr *error = NLMSG_DATA(m);
      errno = -error->error;
      return -1;
    }
    if (!keep_message(dump, m)) return -1;
  }
  return 0;
}

static bool dump_once(int fd, int type, struct dump *dump) {
  static char buffer[LARGEST] __attribute__((aligned(8)));
  bool changed = false;
  int state = 0;
  if (!ask(fd, type)) return false;
  while (state == 0) {
    ssize_t size = recv(fd, buffer, sizeof buffer, MSG_TRUNC);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    if ((size_t)size > sizeof buffer) {
      errno = EMSGSIZE;
      return false;
    }
    state = take(dump, buffer, (size_t)size, &changed);
  }
  return state == 1;
}

bool netlink_dump(int fd, int type, struct dump *dump) {
  for (int tries = 0; tries < MOST_TRIES; tries++) {
    *dump = (struct dump){0};
    if (dump_once(fd, type, dump)) return true;
    free(dump->bytes);
    dump->bytes = NULL;
    if (errno != EINTR) return false;
  }
  errno = EAGAIN;
  return false;
}

const struct nlmsghdr *dump_next(const struct dump *dump, const struct nlmsghdr *after) {
  const char *at = after == NULL ? dump->bytes : (const char *)after + NLMSG_ALIGN(after->nlmsg_len);
  if (dump->bytes == NULL || at >= dump->bytes + dump->size) return NULL;
  return (const struct nlmsghdr *)(const void *)at;
}

void attributes(const struct rtattr *first, size_t size, const struct rtattr *found[], unsigned short most) {
  memset(found, 0, sizeof(struct rtattr *) * ((size_t)most + 1));
  for (const struct rtattr *a = first; RTA_OK(a, size); a = RTA_NEXT(a, size)) {
    unsigned short type = (unsigned short)(a->rta_type & (unsigned short)NLA_TYPE_MASK);
    if (type <= most) found[type] = a;
  }
}

void message_attributes(const struct nlmsghdr *message, size_t fixed, const struct rtattr *found[],
                        unsigned short most) {
  size_t skip = NLMSG_SPACE(fixed);
  const struct rtattr *first = (const struct rtattr *)(const void *)((const char *)message + skip);
  attributes(first, message->nlmsg_len > skip ? message->nlmsg_len - skip : 0, found, most);
}

long long attribute_number(const struct rtattr *attribute, long long missing) {
  unsigned value;
  if (attribute == NULL || RTA_PAYLOAD(attribute) != sizeof value) return missing;
  memcpy(&value, RTA_DATA(attribute), sizeof value);
  return value;
}
