#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

void mounts_add(struct mounts *mounts, struct mount_request request) {
  struct mount_request *items = realloc(mounts->items, (mounts->count + 1) * sizeof *items);
  if (items == NULL) _exit(fail("exhausted", "out of memory: free some"));
  items[mounts->count++] = request;
  mounts->items = items;
}

bool mounts_add_bind(struct mounts *mounts, char *text) {
  char *target = strchr(text, ':');
  if (target == NULL) return false;
  *target++ = '\0';
  char *option = strchr(target, ':');
  if (option != NULL) *option++ = '\0';
  if (text[0] != '/' || target[0] != '/' || (option != NULL && strcmp(option, "ro") != 0)) return false;
  mounts_add(mounts, (struct mount_request){MOUNT_BIND, text, target, option != NULL});
  return true;
}

static int open_in(int root, const char *path, unsigned long long flags, unsigned long long mode) {
  struct open_how how = {
      .flags = flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* Makes the last component of a path inside the rootfs, as runtimes do for what they mount. */
static void make_target(int root, const char *path, bool folder) {
  char parent[PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t length = (size_t)(slash - path);
  if (length >= sizeof parent) return;
  memcpy(parent, path, length);
  parent[length] = '\0';
  int fd = open_in(root, length == 0 ? "/" : parent, O_PATH | O_DIRECTORY, 0);
  if (fd < 0) return;
  if (folder) {
    (void)mkdirat(fd, slash + 1, 0755);
  } else {
    int file = openat(fd, slash + 1, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file >= 0) close(file);
  }
  close(fd);
}

/*
 * The place to mount on. Links in a foreign rootfs stay inside it, and what is missing there is
 * made; in the machine's own file system links are followed as anywhere, and nothing is made.
 */
static int open_target(int root, const struct mount_request *m) {
  struct stat st;
  if (root < 0) return open(m->target, O_PATH | O_CLOEXEC);
  int fd = open_in(root, m->target, O_PATH, 0);
  if (fd >= 0 || errno != ENOENT) return fd;
  make_target(root, m->target, m->kind != MOUNT_BIND || (stat(m->source, &st) == 0 && S_ISDIR(st.st_mode)));
  return open_in(root, m->target, O_PATH, 0);
}

/* A remount must repeat what the mount has already, or the kernel refuses it in a user namespace. */
static unsigned long flags_of(const char *path) {
  struct statvfs fs;
  const unsigned long same = ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME;
  if (statvfs(path, &fs) != 0) return 0;
  return (fs.f_flag & same) | ((fs.f_flag & ST_RELATIME) != 0 ? MS_RELATIME : 0UL);
}

static bool mount_at(const struct mount_request *m, const char *place) {
  const unsigned long safe = MS_NOSUID | MS_NODEV;
  if (m->kind == MOUNT_PROC) return mount("proc", place, "proc", safe | MS_NOEXEC, NULL) == 0;
  if (m->kind == MOUNT_TMPFS) return mount("podctl", place, "tmpfs", safe, "mode=1777") == 0;
  return mount(m->source, place, NULL, MS_BIND | MS_REC, NULL) == 0;
}

static bool apply_one(int root, const struct mount_request *m) {
  char place[32];
  int fd = open_target(root, m);
  (void)snprintf(place, sizeof place, "/proc/self/fd/%d", fd);
  bool done = fd >= 0 && mount_at(m, place);
  if (fd >= 0) close(fd);
  if (done && m->read_only) {
    /* Opened again: the first descriptor is what the mount has covered. */
    fd = open_target(root, m);
    (void)snprintf(place, sizeof place, "/proc/self/fd/%d", fd);
    done = fd >= 0 && mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | flags_of(place), NULL) == 0;
    if (fd >= 0) close(fd);
  }
  if (!done) {
    fail_errno("cannot mount %s on %s", m->kind == MOUNT_BIND ? m->source : "a new file system", m->target);
  }
  return done;
}

/* The rootfs has to be a mount to become the root. */
static int open_rootfs(const char *rootfs) {
  if (mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
  return open(rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The old root ends up under the new one, and is taken off. */
static bool change_root(int root) {
  return fchdir(root) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 &&
         chdir("/") == 0;
}

bool mounts_apply(const struct mounts *mounts) {
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
    fail_errno("cannot make a mount namespace");
    return false;
  }
  int root = mounts->rootfs == NULL ? -1 : open_rootfs(mounts->rootfs);
  if (mounts->rootfs != NULL && root < 0) {
    fail_errno("cannot use %s as root file system", mounts->rootfs);
    return false;
  }
  for (size_t i = 0; i < mounts->count; i++) {
    if (!apply_one(root, &mounts->items[i])) return false;
  }
  bool done = root < 0 || change_root(root);
  if (!done) fail_errno("cannot change to the root file system %s", mounts->rootfs);
  if (root >= 0) close(root);
  return done;
}
