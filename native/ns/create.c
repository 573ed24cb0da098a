/* create: new namespaces, pinned before anybody lives in them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "furnish.h"
#include "json.h"
#include "made.h"
#include "path.h"
#include "pins.h"
#include "process.h"
#include "verbs.h"

struct request {
  struct made made;
  struct furnish furnish;
  int mount_ns_of;
};

/* Lives in the new namespaces until `hold` closes. */
__attribute__((noreturn)) static void founder(const struct request *r, int ready, int hold) {
  char byte = 0;
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (unshare(r->furnish.new_types) != 0) _exit(fail_errno("cannot make new namespaces"));
  if (!furnish_apply(&r->furnish)) _exit(EXIT_FAILED);
  if (write(ready, &byte, 1) == 1) (void)!read(hold, &byte, 1);
  _exit(EXIT_OK);
}

/* Makes the namespaces and opens them; the open files keep them when the founder has gone. */
static bool found(struct request *r) {
  int ready[2], hold[2];
  if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(hold, O_CLOEXEC) != 0) {
    fail_errno("cannot make a pipe");
    return false;
  }
  pid_t child = fork();
  if (child < 0) {
    fail_errno("cannot start a process for the new namespaces");
    return false;
  }
  if (child == 0) {
    close(ready[0]);
    close(hold[1]);
    founder(r, ready[1], hold[0]);
  }
  close(ready[1]);
  close(hold[0]);
  char byte;
  bool opened = read(ready[0], &byte, 1) == 1 && made_open(&r->made, child);
  bool said = opened;
  close(ready[0]);
  close(hold[1]);
  int status = wait_for(child);
  said = said || WIFEXITED(status);
  if (!said) fail("failed", "signal %d ended the new namespaces: try again", WTERMSIG(status));
  return opened;
}

static int parse(int argc, char **argv, struct request *r) {
  static const struct option options[] = {
      {"net", required_argument, NULL, NS_NET},     {"ipc", required_argument, NULL, NS_IPC},
      {"uts", required_argument, NULL, NS_UTS},     {"hostname", required_argument, NULL, 'h'},
      {"sysctl", required_argument, NULL, 's'},     {"mount-ns-of", required_argument, NULL, 'm'},
      {NULL, 0, NULL, 0},
  };
  unsigned long long pid = 0;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'h') r->furnish.hostname = optarg;
    if (o == 's') list_add(&r->furnish.sysctls, optarg);
    if (o == 'm' && (!parse_number(optarg, INT_MAX, &pid) || pid == 0)) {
      return fail_usage("--mount-ns-of %s: name a process by its number", optarg);
    }
    if (o < NS_COUNT) {
      if (!path_check(optarg)) return EXIT_USAGE;
      r->made.path[o] = optarg;
      r->furnish.new_types |= NS_TYPES[o].flag;
    }
  }
  r->mount_ns_of = (int)pid;
  if (optind < argc) return fail_usage("create takes no %s: it takes options only", argv[optind]);
  if (r->furnish.new_types == 0) return fail_usage("create wants --net, --ipc or --uts, with a path");
  return furnish_check(&r->furnish) ? EXIT_OK : EXIT_USAGE;
}

int verb_create(int argc, char **argv) {
  struct request r = {0};
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  /* A signal in the middle would leave half of the pins. */
  block_signals();
  if (!found(&r) || !pins_go(r.mount_ns_of) || !made_pin(&r.made)) return EXIT_FAILED;
  if (made_report(&r.made) && json_done()) return EXIT_OK;
  made_unpin(&r.made);
  return EXIT_FAILED;
}
