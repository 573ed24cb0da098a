/* probe: what is inside network namespaces. One process visits them all, one after the other. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "netparts.h"
#include "nsfile.h"
#include "verbs.h"

static bool put_dump(struct json *j, int fd, int type, void (*put)(struct json *, const struct dump *)) {
  struct dump dump;
  if (!netlink_dump(fd, type, &dump)) return false;
  put(j, &dump);
  free(dump.bytes);
  return true;
}

/* False with errno. */
static bool put_network(struct json *j, enum sockets which) {
  int fd = netlink_open();
  bool done = fd >= 0 && put_dump(j, fd, RTM_GETLINK, put_links) &&
              put_dump(j, fd, RTM_GETADDR, put_addresses) && put_dump(j, fd, RTM_GETROUTE, put_routes) &&
              put_listeners(j, which);
  int err = errno;
  if (fd >= 0) close(fd);
  errno = err;
  return done;
}

static bool report_problem(const char *path, const char *what) {
  int err = errno;
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_text(&j, "path", path);
  json_begin(&j, "problem", '{');
  json_text(&j, "code", err == 0 ? "no-namespace" : code_of(err));
  json_text(&j, "message", what);
  json_number(&j, "errno", err);
  json_end(&j, '{');
  json_end(&j, '{');
  return json_send(&j);
}

static bool report_network(const char *path, int ns, enum sockets which) {
  struct json j = {0};
  struct ns_id id;
  char text[NS_ID_SIZE];
  (void)ns_id_of(ns, &id);
  print_ns_id(text, &id);
  json_begin(&j, NULL, '{');
  json_text(&j, "path", path);
  json_text(&j, "id", text);
  if (setns(ns, CLONE_NEWNET) != 0 || !put_network(&j, which)) {
    free(j.text);
    return report_problem(path, strerror(errno));
  }
  json_end(&j, '{');
  return json_send(&j);
}

/* One namespace to visit, or why it cannot be. */
struct visit {
  int ns;
  int err;
  const char *why;
};

/* All are opened before the first visit: afterwards /proc/self/ns/net would be another one. */
static struct visit *open_all(char **paths, size_t count) {
  struct rlimit files;
  struct visit *visits = calloc(count, sizeof *visits);
  if (visits == NULL) _exit(fail("exhausted", "out of memory: free some"));
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
  }
  for (size_t i = 0; i < count; i++) {
    visits[i].ns = ns_try_open(paths[i], NS_NET, &visits[i].why);
    visits[i].err = errno;
  }
  return visits;
}

static bool visit_all(char **paths, const struct visit *visits, size_t count, enum sockets which) {
  for (size_t i = 0; i < count; i++) {
    errno = visits[i].err;
    bool sent = visits[i].ns < 0 ? report_problem(paths[i], visits[i].why)
                                 : report_network(paths[i], visits[i].ns, which);
    if (!sent) return false;
    if (visits[i].ns >= 0) close(visits[i].ns);
  }
  return json_done();
}

int verb_probe(int argc, char **argv) {
  static const struct option options[] = {
      {"user", required_argument, NULL, 'u'},
      {"udp", no_argument, NULL, 'd'},
      {"no-listeners", no_argument, NULL, 'n'},
      {NULL, 0, NULL, 0},
  };
  int user = -1;
  enum sockets which = SOCKETS_TCP;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'd') which = SOCKETS_ALL;
    if (o == 'n') which = SOCKETS_NONE;
    if (o != 'u') continue;
    user = ns_open(optarg, NS_USER, NULL);
    if (user < 0) return EXIT_FAILED;
  }
  if (optind == argc) return fail_usage("probe wants paths of network namespaces");
  char **paths = argv + optind;
  size_t count = (size_t)(argc - optind);
  struct visit *visits = open_all(paths, count);
  if (user >= 0 && setns(user, CLONE_NEWUSER) != 0) return fail_errno("cannot join the user namespace");
  bool done = visit_all(paths, visits, count, which);
  free(visits);
  return done ? EXIT_OK : EXIT_FAILED;
}
