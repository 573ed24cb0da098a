#include "furnish.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"

#define SYSCTL_ROOT "/proc/sys/"

/* Settings that belong to one namespace; any other would change the whole machine. */
static const struct {
  const char *prefix;
  int type;
} NAMESPACED[] = {
    {"net/", CLONE_NEWNET},          {"kernel/shm", CLONE_NEWIPC},        {"kernel/msg", CLONE_NEWIPC},
    {"kernel/sem", CLONE_NEWIPC},    {"fs/mqueue/", CLONE_NEWIPC},        {"kernel/domainname", CLONE_NEWUTS},
};

/*
 * Path below /proc/sys of "KEY=VALUE"; the value begins at the result. NULL when it is badly written.
 * As in sysctl(8): where the first separator is a dot, dots separate and slashes stand for dots.
 */
static const char *sysctl_path(const char *text, char *path, size_t room) {
  const char *equals = strchr(text, '=');
  size_t length = equals == NULL ? 0 : (size_t)(equals - text);
  if (length == 0 || length >= room || text[0] == '/') return NULL;
  bool dots = text[strcspn(text, "./")] == '.';
  for (size_t i = 0; i < length; i++) {
    path[i] = text[i];
    if (dots && text[i] == '.') path[i] = '/';
    if (dots && text[i] == '/') path[i] = '.';
  }
  path[length] = '\0';
  if (strstr(path, "//") != NULL || strstr(path, "../") != NULL || strstr(path, "./") == path) return NULL;
  return equals + 1;
}

bool furnish_check(const struct furnish *f) {
  if (f->hostname != NULL && (f->new_types & CLONE_NEWUTS) == 0 && !f->joins_uts) {
    fail_usage("--hostname would change the machine's name: it needs --uts");
    return false;
  }
  if (f->hostname != NULL && !is_hostname(f->hostname)) {
    fail_usage("--hostname %s: a name has 1 to 64 bytes", f->hostname);
    return false;
  }
  for (size_t i = 0; i < f->sysctls.count; i++) {
    char path[256];
    bool inside = false;
    if (sysctl_path(f->sysctls.items[i], path, sizeof path) == NULL) {
      fail_usage("--sysctl %s: write KEY=VALUE, as in net.ipv4.ip_forward=1", f->sysctls.items[i]);
      return false;
    }
    for (size_t n = 0; n < sizeof NAMESPACED / sizeof NAMESPACED[0]; n++) {
      bool fits = strncmp(path, NAMESPACED[n].prefix, strlen(NAMESPACED[n].prefix)) == 0;
      inside = inside || (fits && (f->new_types & NAMESPACED[n].type) != 0);
    }
    if (!inside) {
      fail_usage("--sysctl %s would change the whole machine: only net.*, kernel.shm*, kernel.msg*, "
                 "kernel.sem and fs.mqueue.* belong to new namespaces",
                 f->sysctls.items[i]);
      return false;
    }
  }
  return true;
}

static bool sysctl_set(const char *text) {
  char path[sizeof SYSCTL_ROOT + 256] = SYSCTL_ROOT;
  size_t at = strlen(SYSCTL_ROOT);
  const char *value = sysctl_path(text, path + at, sizeof path - at);
  if (value == NULL) return false;
  int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t written = fd < 0 ? -1 : write(fd, value, strlen(value));
  if (written < 0) fail_errno("cannot set sysctl %s in the new namespaces", text);
  if (fd >= 0) close(fd);
  return written >= 0;
}

static bool loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool up = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags |= IFF_UP;
  up = up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  if (!up) fail_errno("cannot bring lo up in the new network namespace");
  if (fd >= 0) close(fd);
  return up;
}

bool furnish_apply(const struct furnish *f) {
  if (f->hostname != NULL && sethostname(f->hostname, strlen(f->hostname)) != 0) {
    fail_errno("cannot set the host name %s", f->hostname);
    return false;
  }
  if ((f->new_types & CLONE_NEWNET) != 0 && !loopback_up()) return false;
  for (size_t i = 0; i < f->sysctls.count; i++) {
    if (!sysctl_set(f->sysctls.items[i])) return false;
  }
  return true;
}
