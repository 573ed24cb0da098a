#include "nsfile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fail.h"

#define NSFS 0x6e736673

const struct ns_type NS_TYPES[NS_COUNT] = {
    [NS_USER] = {"user", CLONE_NEWUSER}, [NS_CGROUP] = {"cgroup", CLONE_NEWCGROUP},
    [NS_IPC] = {"ipc", CLONE_NEWIPC},    [NS_UTS] = {"uts", CLONE_NEWUTS},
    [NS_NET] = {"net", CLONE_NEWNET},    [NS_MNT] = {"mnt", CLONE_NEWNS},
    [NS_PID] = {"pid", CLONE_NEWPID},
};

bool parse_ns_id(const char *text, struct ns_id *id) {
  char device[24];
  const char *colon = strchr(text, ':');
  if (colon == NULL || (size_t)(colon - text) >= sizeof device) return false;
  memcpy(device, text, (size_t)(colon - text));
  device[colon - text] = '\0';
  unsigned long long dev, ino;
  if (!parse_number(device, ~0ULL, &dev) || !parse_number(colon + 1, ~0ULL, &ino)) return false;
  *id = (struct ns_id){(dev_t)dev, (ino_t)ino};
  return true;
}

void print_ns_id(char text[NS_ID_SIZE], const struct ns_id *id) {
  (void)snprintf(text, NS_ID_SIZE, "%ju:%ju", (uintmax_t)id->device, (uintmax_t)id->inode);
}

bool same_ns(const struct ns_id *a, const struct ns_id *b) {
  return a->device == b->device && a->inode == b->inode;
}

bool ns_id_of(int fd, struct ns_id *id) {
  struct statfs fs;
  struct stat st;
  if (fstatfs(fd, &fs) != 0 || fs.f_type != NSFS || fstat(fd, &st) != 0) return false;
  *id = (struct ns_id){st.st_dev, st.st_ino};
  return true;
}

static int reopen(int seen, int type, const char **why) {
  struct ns_id id;
  char magic[32];
  errno = 0;
  *why = "it is no namespace file: nothing is pinned there any more";
  if (!ns_id_of(seen, &id)) return -1;
  (void)snprintf(magic, sizeof magic, "/proc/self/fd/%d", seen);
  int fd = open(magic, O_RDONLY | O_CLOEXEC);
  if (fd < 0) *why = strerror(errno);
  if (fd < 0 || type < 0 || ioctl(fd, NS_GET_NSTYPE) == NS_TYPES[type].flag) return fd;
  *why = "it is a namespace of another type";
  close(fd);
  errno = 0;
  return -1;
}

int ns_try_open(const char *path, int type, const char **why) {
  int seen = open(path, O_PATH | O_CLOEXEC);
  if (seen < 0) {
    *why = strerror(errno);
    return -1;
  }
  int fd = reopen(seen, type, why);
  int err = errno;
  close(seen);
  errno = err;
  return fd;
}

int ns_open(const char *path, int type, const struct ns_id *expect) {
  const char *why;
  struct ns_id id = {0};
  char is[NS_ID_SIZE], wanted[NS_ID_SIZE];
  int fd = ns_try_open(path, type, &why);
  if (fd < 0 && errno == 0) {
    fail("no-namespace", "cannot use %s: %s: see what is there", path, why);
  } else if (fd < 0) {
    fail_errno("cannot open %s", path);
  }
  if (fd < 0 || expect == NULL || (ns_id_of(fd, &id) && same_ns(&id, expect))) return fd;
  print_ns_id(is, &id);
  print_ns_id(wanted, expect);
  fail("mismatch", "%s is namespace %s, not %s: it was replaced, look again", path, is, wanted);
  close(fd);
  return -1;
}

static int type_named(const char *name, size_t length) {
  for (int t = 0; t < NS_COUNT; t++) {
    if (strlen(NS_TYPES[t].name) == length && memcmp(NS_TYPES[t].name, name, length) == 0) return t;
  }
  return -1;
}

bool parse_expected(const struct list *options, struct expected *expected) {
  for (size_t i = 0; i < options->count; i++) {
    const char *text = options->items[i], *equals = strchr(text, '=');
    int type = equals == NULL ? -1 : type_named(text, (size_t)(equals - text));
    if (type < 0 || !parse_ns_id(equals + 1, &expected->id[type])) {
      fail_usage("--expect %s: write TYPE=DEVICE:INODE, as in net=4:4026532177", text);
      return false;
    }
    expected->given[type] = true;
  }
  return true;
}
