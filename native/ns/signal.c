/* signal: to that very process, and to no other that got its number since. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "process.h"
#include "verbs.h"

static int tell(const char *what, int ended) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_flag(&j, what, true);
  if (ended >= 0) json_flag(&j, "ended", ended > 0);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}

/* Sends it, and waits up to `wait_ms` (negative: not at all) for the process to end. */
static int deliver(int pid, unsigned long long start, int signo, int wait_ms) {
  struct process_stat stat;
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd < 0 && errno == ESRCH) return tell("gone", -1);
  if (fd < 0) return fail_errno("cannot open process %d", pid);
  /* Read after opening: what has the recorded start time now is what we hold. */
  bool there = read_process(pid, &stat);
  if (!there || stat.state == 'Z' || stat.state == 'X') return tell("gone", -1);
  if (stat.start != start) {
    return fail("reused", "process %d was started at tick %llu, not %llu: it is another one now, leave it", pid,
                stat.start, start);
  }
  if (syscall(SYS_pidfd_send_signal, fd, signo, NULL, 0) != 0) {
    return errno == ESRCH ? tell("gone", -1) : fail_errno("cannot signal process %d", pid);
  }
  if (wait_ms < 0) return tell("sent", -1);
  struct pollfd ended = {.fd = fd, .events = POLLIN};
  return tell("sent", poll(&ended, 1, wait_ms) > 0);
}

int verb_signal(int argc, char **argv) {
  static const struct option options[] = {
      {"pid", required_argument, NULL, 'p'},
      {"start", required_argument, NULL, 's'},
      {"signal", required_argument, NULL, 'n'},
      {"wait-ms", required_argument, NULL, 'w'},
      {NULL, 0, NULL, 0},
  };
  unsigned long long pid = 0, start = 0, signo = 0, wait_ms = 0;
  bool has_start = false, has_signal = false, waits = false;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    bool good = o != '?';
    if (!good) return EXIT_USAGE;
    if (o == 'p') good = parse_number(optarg, INT_MAX, &pid) && pid > 0;
    if (o == 's') good = has_start = parse_number(optarg, ~0ULL, &start);
    if (o == 'n') good = has_signal = parse_number(optarg, 64, &signo);
    if (o == 'w') good = waits = parse_number(optarg, INT_MAX, &wait_ms);
    if (!good) return fail_usage("signal: %s is no number that fits", optarg);
  }
  if (pid == 0 || !has_start || !has_signal || optind < argc) {
    return fail_usage("signal wants --pid PID --start TICKS --signal NUMBER and at most --wait-ms MS");
  }
  return deliver((int)pid, start, (int)signo, waits ? (int)wait_ms : -1);
}
