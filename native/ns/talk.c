/* talk: one conversation over TCP between two network namespaces. A socket stays in the one it was made in. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "nsfile.h"
#include "verbs.h"

#define USUAL_WAIT_MS 2000
#define MOST_WAIT_MS 60000

struct place {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } at;
  socklen_t size;
};

static long long now_ms(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool parse_place(const char *text, struct place *p) {
  memset(p, 0, sizeof *p);
  if (inet_pton(AF_INET, text, &p->at.v4.sin_addr) == 1) {
    p->at.any.sa_family = AF_INET;
    p->size = sizeof p->at.v4;
    return true;
  }
  p->at.any.sa_family = AF_INET6;
  p->size = sizeof p->at.v6;
  return inet_pton(AF_INET6, text, &p->at.v6.sin6_addr) == 1;
}

/* False with errno; ETIMEDOUT when nothing came. */
static bool await(int fd, short events, long long until) {
  for (;;) {
    struct pollfd p = {.fd = fd, .events = events};
    long long left = until - now_ms();
    int ready = poll(&p, 1, left > 0 ? (int)left : 0);
    if (ready > 0) return true;
    if (ready == 0) return errno = ETIMEDOUT, false;
    if (errno != EINTR) return false;
  }
}

static int socket_in(int ns, int family) {
  if (setns(ns, CLONE_NEWNET) != 0) return -1;
  return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Its port is the kernel's choice, and written into the place. */
static bool listens(int fd, struct place *p) {
  return fd >= 0 && bind(fd, &p->at.any, p->size) == 0 && listen(fd, 1) == 0 &&
         getsockname(fd, &p->at.any, &p->size) == 0;
}

static bool dials(int fd, const struct place *p, long long until) {
  int err = 0;
  socklen_t size = sizeof err;
  if (fd < 0) return false;
  if (connect(fd, &p->at.any, p->size) == 0) return true;
  if (errno != EINPROGRESS || !await(fd, POLLOUT, until)) return false;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) != 0) return false;
  errno = err;
  return err == 0;
}

static bool says(int from, int to, long long until) {
  char heard;
  return send(from, "?", 1, MSG_NOSIGNAL) == 1 && await(to, POLLIN, until) && recv(to, &heard, 1, 0) == 1;
}

/* Where it failed, with errno; NULL when they talked. */
static const char *converse(int listen_ns, int dial_ns, struct place *p, long long until) {
  int server = socket_in(listen_ns, p->at.any.sa_family);
  if (!listens(server, p)) return "listen";
  int client = socket_in(dial_ns, p->at.any.sa_family);
  if (!dials(client, p, until)) return "dial";
  if (!await(server, POLLIN, until)) return "accept";
  int served = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (served < 0) return "accept";
  return says(client, served, until) && says(served, client, until) ? NULL : "exchange";
}

int verb_talk(int argc, char **argv) {
  static const struct option options[] = {
      {"listen", required_argument, NULL, 'l'},
      {"dial", required_argument, NULL, 'd'},
      {"wait-ms", required_argument, NULL, 'w'},
      {NULL, 0, NULL, 0},
  };
  const char *paths[2] = {NULL, NULL};
  unsigned long long wait = USUAL_WAIT_MS;
  struct place place;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'l') paths[0] = optarg;
    if (o == 'd') paths[1] = optarg;
    if (o == 'w' && !parse_number(optarg, MOST_WAIT_MS, &wait)) return fail_usage("--wait-ms %s is no time", optarg);
  }
  if (paths[0] == NULL || paths[1] == NULL || optind != argc - 1) {
    return fail_usage("talk wants --listen NAMESPACE --dial NAMESPACE ADDRESS and nothing else");
  }
  if (!parse_place(argv[optind], &place)) return fail_usage("%s is no address", argv[optind]);
  int listen_ns = ns_open(paths[0], NS_NET, NULL);
  int dial_ns = listen_ns < 0 ? -1 : ns_open(paths[1], NS_NET, NULL);
  if (dial_ns < 0) return EXIT_FAILED;
  const char *failed = converse(listen_ns, dial_ns, &place, now_ms() + (long long)wait);
  int err = failed == NULL ? 0 : errno;
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_flag(&j, "talked", failed == NULL);
  json_text(&j, "failedAt", failed == NULL ? "" : failed);
  json_text(&j, "why", failed == NULL ? "" : strerror(err));
  json_number(&j, "errno", err);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}
