/* shm and unshm: the memory file system that becomes /dev/shm of a sandbox's containers. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "path.h"
#include "pins.h"
#include "process.h"
#include "shm.h"
#include "verbs.h"

#define TMPFS 0x01021994

struct request {
  const char *folder;
  unsigned long long size;
  int mount_ns_of;
};

static int parse(int argc, char **argv, struct request *r) {
  static const struct option options[] = {
      {"size", required_argument, NULL, 's'},
      {"mount-ns-of", required_argument, NULL, 'm'},
      {NULL, 0, NULL, 0},
  };
  unsigned long long pid = 0;
  r->size = SHM_SIZE;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 's' && (!parse_number(optarg, LLONG_MAX, &r->size) || r->size == 0)) {
      return fail_usage("--size %s: write a number of bytes above 0", optarg);
    }
    if (o == 'm' && (!parse_number(optarg, INT_MAX, &pid) || pid == 0)) {
      return fail_usage("--mount-ns-of %s: name a process by its number", optarg);
    }
  }
  if (optind != argc - 1) return fail_usage("%s wants one folder", argv[0]);
  r->folder = argv[optind];
  r->mount_ns_of = (int)pid;
  return path_check(r->folder) ? EXIT_OK : EXIT_USAGE;
}

/* 1 a tmpfs is mounted here, 0 it is a plain folder, -1 with errno (ENOTDIR: it is a link or a file). */
static int is_mounted(int parent, int folder) {
  struct stat above, here;
  struct statfs fs;
  if (fstat(parent, &above) != 0 || fstat(folder, &here) != 0 || fstatfs(folder, &fs) != 0) return -1;
  return fs.f_type == TMPFS && above.st_dev != here.st_dev;
}

static bool mount_shm(int folder, unsigned long long size) {
  char place[16], options[64];
  (void)snprintf(place, sizeof place, "%d", folder);
  (void)snprintf(options, sizeof options, "mode=1777,size=%llu", size);
  return mount("podctl-shm", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options) == 0;
}

static bool unmount_shm(int folder) {
  char place[16];
  (void)snprintf(place, sizeof place, "%d", folder);
  return umount2(place, MNT_DETACH) == 0;
}

static int finish(const struct request *r, bool was) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_text(&j, "folder", r->folder);
  json_flag(&j, "wasMounted", was);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}

bool shm_bring(const char *path, unsigned long long size, bool mounted, bool *was) {
  const char *name;
  int parent = path_open_folder(path, &name);
  int folder = parent < 0 ? -1 : openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  bool gone = folder < 0 && errno == ENOENT && !mounted;
  int state = folder < 0 ? -1 : is_mounted(parent, folder);
  bool done = gone || state == (mounted ? 1 : 0);
  *was = state == 1;
  if (!done && state < 0) fail_errno("cannot open the folder %s", path);
  if (!done && state >= 0) {
    done = mounted ? mount_shm(folder, size) : unmount_shm(folder);
    if (!done) fail_errno("cannot %s %s", mounted ? "mount a memory file system on" : "unmount", path);
  }
  if (folder >= 0) close(folder);
  if (parent >= 0) close(parent);
  return done;
}

/* Both verbs are done when the folder is as asked for, whoever did it. */
static int bring(int argc, char **argv, bool mounted) {
  struct request r = {0};
  bool was;
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  block_signals();
  if (!pins_go(r.mount_ns_of) || !shm_bring(r.folder, r.size, mounted, &was)) return EXIT_FAILED;
  return finish(&r, was);
}

int verb_shm(int argc, char **argv) {
  return bring(argc, argv, true);
}

int verb_unshm(int argc, char **argv) {
  return bring(argc, argv, false);
}
