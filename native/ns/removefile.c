/* remove-file: that very file with that very content, and no other that came to its name since. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "nsfile.h"
#include "path.h"
#include "process.h"
#include "sha256.h"
#include "verbs.h"

#define LONGEST (16 << 20)
#define POLL_NS 10000000L

struct request {
  const char *path, *lock, *sha256;
  struct ns_id expect;
  bool expected;
  unsigned long long wait_ms;
};

static int parse(int argc, char **argv, struct request *r) {
  static const struct option options[] = {
      {"expect", required_argument, NULL, 'e'}, {"sha256", required_argument, NULL, 's'},
      {"lock", required_argument, NULL, 'l'},   {"wait-ms", required_argument, NULL, 'w'},
      {NULL, 0, NULL, 0},
  };
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 's') r->sha256 = optarg;
    if (o == 'l') r->lock = optarg;
    if (o == 'e' && !(r->expected = parse_ns_id(optarg, &r->expect))) {
      return fail_usage("--expect %s: write DEVICE:INODE, as in 2049:131", optarg);
    }
    if (o == 'w' && !parse_number(optarg, INT_MAX, &r->wait_ms)) {
      return fail_usage("--wait-ms %s is no number that fits", optarg);
    }
  }
  r->path = optind == argc - 1 ? argv[optind] : NULL;
  if (r->path == NULL || !r->expected || r->sha256 == NULL || !sha256_is_text(r->sha256)) {
    return fail_usage("remove-file wants --expect DEVICE:INODE --sha256 HEX, at most --lock FILE --wait-ms MS, and PATH");
  }
  return path_check(r->path) && (r->lock == NULL || path_check(r->lock)) ? EXIT_OK : EXIT_USAGE;
}

/* Opens a regular file without following a link; -1 after a report, unless it is missing. */
static int open_regular(const char *path, int folder, const char *name, int flags) {
  struct stat st;
  int fd = openat(folder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0 && errno == ENOENT) return -1;
  if (fd < 0) {
    fail_errno("cannot open %s", path);
    errno = 0;
    return -1;
  }
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) return fd;
  close(fd);
  fail("mismatch", "%s is no regular file: look at it, it is left alone", path);
  errno = 0;
  return -1;
}

/* Holds the lock until the process ends. Makes the file where there is none, as its other users do. */
static bool take_lock(const char *path, unsigned long long wait_ms) {
  const char *name;
  int folder = path_open_folder(path, &name);
  int fd = folder < 0 ? -1 : open_regular(path, folder, name, O_RDONLY | O_CREAT);
  if (fd < 0) {
    if (errno != 0) fail_errno("cannot open the lock %s", path);
    return false;
  }
  for (unsigned long long waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += POLL_NS / 1000000) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail_errno("cannot lock %s", path), false;
    if (waited >= wait_ms) return fail("busy", "%s is held by another process: try again", path), false;
    (void)nanosleep(&(struct timespec){0, POLL_NS}, NULL);
  }
  return true;
}

static bool hash_of(int fd, char text[SHA256_TEXT]) {
  struct sha256 s;
  static unsigned char buffer[1 << 16];
  sha256_begin(&s);
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    sha256_add(&s, buffer, (size_t)n);
    if (s.size > LONGEST) return errno = EFBIG, false;
  }
  sha256_end(&s, text);
  return true;
}

static bool is_expected(const struct stat *st, const struct request *r) {
  return st->st_dev == r->expect.device && st->st_ino == r->expect.inode;
}

/* EXIT_OK when it is the file that was meant. */
static int check(int fd, const struct request *r) {
  struct stat st;
  char text[SHA256_TEXT];
  if (fstat(fd, &st) != 0) return fail_errno("cannot look at %s", r->path);
  if (!is_expected(&st, r)) {
    return fail("mismatch", "%s is another file by now: it is left alone, look again", r->path);
  }
  if (!hash_of(fd, text)) return fail_errno("cannot read %s", r->path);
  if (strcmp(text, r->sha256) != 0) {
    return fail("mismatch", "%s was changed in the meantime: it is left alone, look again", r->path);
  }
  return EXIT_OK;
}

static int tell(const char *path, const char *was) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_text(&j, "path", path);
  json_text(&j, "was", was);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}

int verb_remove_file(int argc, char **argv) {
  struct request r = {0};
  const char *name;
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  block_signals();
  int folder = path_open_folder(r.path, &name);
  if (folder < 0) return errno == ENOENT ? tell(r.path, "missing") : fail_errno("cannot open the folder of %s", r.path);
  if (r.lock != NULL && !take_lock(r.lock, r.wait_ms)) return EXIT_FAILED;
  int fd = open_regular(r.path, folder, name, O_RDONLY);
  if (fd < 0) return errno == ENOENT ? tell(r.path, "missing") : EXIT_FAILED;
  int checked = check(fd, &r);
  if (checked != EXIT_OK) return checked;
  struct stat now;
  if (fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) != 0 || !is_expected(&now, &r)) {
    return fail("mismatch", "%s was replaced just now: it is left alone, look again", r.path);
  }
  if (unlinkat(folder, name, 0) != 0) return fail_errno("cannot remove %s", r.path);
  return tell(r.path, "file");
}
