#include "pins.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "json.h"
#include "path.h"

/* 1 entered, 0 it is our own already, -1 with errno. */
static int enter_mount_ns(int pid) {
  char path[40];
  struct ns_id own, other;
  (void)snprintf(path, sizeof path, "/proc/%d/ns/mnt", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  int self = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  int result = -1;
  if (fd >= 0 && self >= 0 && ns_id_of(fd, &other) && ns_id_of(self, &own)) {
    result = same_ns(&own, &other) ? 0 : setns(fd, CLONE_NEWNS) == 0 ? 1 : -1;
  }
  int err = errno;
  if (fd >= 0) close(fd);
  if (self >= 0) close(self);
  errno = err;
  return result;
}

static void report_mount_ns(int pid, int entered, int err) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_begin(&j, "mountNs", '{');
  json_number(&j, "of", pid);
  json_text(&j, "used", entered == 1 ? "other" : entered == 0 ? "same" : "own");
  json_number(&j, "errno", entered < 0 ? err : 0);
  json_end(&j, '{');
  json_end(&j, '{');
  (void)json_send(&j);
}

bool pins_go(int pid) {
  int fds = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fds < 0) {
    fail_errno("cannot open /proc/self/fd: is /proc mounted?");
    return false;
  }
  if (pid > 0) {
    int entered = enter_mount_ns(pid);
    report_mount_ns(pid, entered, errno);
  }
  bool there = fchdir(fds) == 0;
  if (!there) fail_errno("cannot change to /proc/self/fd");
  close(fds);
  return there;
}

/* Names an open file for mount(2), which takes no descriptors: seen from /proc/self/fd. */
static const char *named(char text[16], int fd) {
  (void)snprintf(text, 16, "%d", fd);
  return text;
}

bool pin_make(int ns, const char *path) {
  const char *name;
  char from[16], to[16];
  int folder = path_open_folder(path, &name);
  if (folder < 0) {
    fail_errno("cannot open the folder of %s", path);
    return false;
  }
  int file = openat(folder, name, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
  bool pinned = false;
  if (file < 0) {
    fail_errno("cannot make the pin %s", path);
  } else if (mount(named(from, ns), named(to, file), NULL, MS_BIND, NULL) != 0) {
    fail_errno("cannot pin a namespace at %s", path);
    (void)unlinkat(folder, name, 0);
  } else {
    pinned = true;
  }
  if (file >= 0) close(file);
  close(folder);
  return pinned;
}

/* 1 when one more mount of that namespace was taken away, 0 when none is on top, -1 after a report. */
static int unmount_top(int folder, const char *name, const char *path, const struct ns_id *expect) {
  char text[16], is[NS_ID_SIZE], wanted[NS_ID_SIZE] = "none";
  struct ns_id id;
  int top = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (top < 0) return errno == ENOENT ? 0 : (fail_errno("cannot open %s", path), -1);
  int result = 0;
  if (ns_id_of(top, &id) && (expect == NULL || !same_ns(&id, expect))) {
    print_ns_id(is, &id);
    if (expect != NULL) print_ns_id(wanted, expect);
    fail("mismatch", "%s pins namespace %s, not %s: it was replaced, look again", path, is, wanted);
    result = -1;
  } else if (ns_id_of(top, &id)) {
    /* By descriptor, so that it is the mount whose identity was just read. */
    result = umount2(named(text, top), MNT_DETACH) == 0 ? 1 : (fail_errno("cannot unmount %s", path), -1);
  }
  close(top);
  return result;
}

/* The namespace that shows at the path is this one. */
static bool shows(int folder, const char *name, const struct ns_id *expect) {
  struct ns_id id;
  int top = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  bool same = top >= 0 && ns_id_of(top, &id) && same_ns(&id, expect);
  if (top >= 0) close(top);
  return same;
}

bool pin_unstack(const char *path, const struct ns_id *expect, int layers, struct unpinned *result) {
  const char *name;
  *result = (struct unpinned){"pin", 0};
  int folder = path_open_folder(path, &name);
  if (folder < 0) {
    fail_errno("cannot open the folder of %s", path);
    return false;
  }
  int step = 1;
  while (result->mounts < layers && (step = unmount_top(folder, name, path, expect)) == 1) result->mounts++;
  bool left = step >= 0 && shows(folder, name, expect);
  if (step >= 0 && !left) fail("mismatch", "nothing pins that namespace at %s any more: look again", path);
  close(folder);
  return left;
}

/* Removes what pins are mounted on: an empty file of nobody else's. */
static bool remove_placeholder(int folder, const char *name, const char *path, struct unpinned *result) {
  struct stat st;
  if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return true;
    fail_errno("cannot look at %s", path);
    return false;
  }
  if (!S_ISREG(st.st_mode) || st.st_size != 0) {
    fail(S_ISLNK(st.st_mode) ? "link" : "mismatch", "%s is not what a pin leaves (an empty file): see what it is",
         path);
    return false;
  }
  if (unlinkat(folder, name, 0) != 0 && errno != ENOENT) {
    fail_errno("cannot remove %s", path);
    return false;
  }
  if (result->mounts == 0) result->was = "file";
  return true;
}

bool pin_drop(const char *path, const struct ns_id *expect, struct unpinned *result) {
  const char *name;
  *result = (struct unpinned){"missing", 0};
  int folder = path_open_folder(path, &name);
  if (folder < 0 && errno == ENOENT) return true;
  if (folder < 0) {
    fail_errno("cannot open the folder of %s", path);
    return false;
  }
  int step = 0;
  while (result->mounts < MOST_STACKED && (step = unmount_top(folder, name, path, expect)) == 1) {
    result->was = "pin";
    result->mounts++;
  }
  if (step == 1) fail("busy", "%s has more than %d pins stacked: see /proc/self/mountinfo", path, MOST_STACKED);
  bool gone = step == 0 && remove_placeholder(folder, name, path, result);
  close(folder);
  return gone;
}
