/* sandbox: all that a new sandbox has of the kernel, in one run: its /dev/shm, namespaces, their pins, its pause. */
#include <limits.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "anchor.h"
#include "args.h"
#include "fail.h"
#include "made.h"
#include "path.h"
#include "pins.h"
#include "process.h"
#include "shm.h"
#include "verbs.h"

struct request {
  struct made made;
  struct spawn spawn;
  const char *shm; /* NULL: none */
  int mount_ns_of;
};

static bool pin(const struct made *made) {
  if (!made_pin(made)) return false;
  if (made_report(made)) return true;
  made_unpin(made);
  return false;
}

static bool unpin(const struct made *made) {
  made_unpin(made);
  return true;
}

/* Works on pins in a process of its own: pause stays in our mount namespace, where its program is. */
static bool where_pins_are(const struct request *r, bool (*work)(const struct made *made)) {
  pid_t child = fork();
  if (child == 0) _exit(pins_go(r->mount_ns_of) && work(&r->made) ? EXIT_OK : EXIT_FAILED);
  if (child < 0) {
    fail_errno("cannot start a process for the pins");
    return false;
  }
  int status = wait_for(child);
  if (WIFSIGNALED(status)) fail("failed", "signal %d ended the making of pins: try again", WTERMSIG(status));
  return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_OK;
}

/* Pause is held until the pins are there. */
static bool anchored(struct request *r) {
  struct held held;
  if (!anchor_prepare(&r->spawn) || !spawn_hold(&r->spawn, &held)) return false;
  if (!made_open(&r->made, held.pid) || !where_pins_are(r, pin)) {
    spawn_drop(&held);
    return false;
  }
  if (anchor_release(&r->spawn, &held)) return true;
  (void)where_pins_are(r, unpin);
  return false;
}

static int parse(int argc, char **argv, struct request *r) {
  static const struct option options[] = {
      {"net", required_argument, NULL, NS_NET},     {"ipc", required_argument, NULL, NS_IPC},
      {"uts", required_argument, NULL, NS_UTS},     {"hostname", required_argument, NULL, 'h'},
      {"sysctl", required_argument, NULL, 's'},     {"mount-ns-of", required_argument, NULL, 'm'},
      {"shm", required_argument, NULL, 'd'},        {"new-pid", no_argument, NULL, 'p'},
      {NULL, 0, NULL, 0},
  };
  struct furnish *furnish = &r->spawn.furnish;
  unsigned long long pid = 0;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'h') furnish->hostname = optarg;
    if (o == 's') list_add(&furnish->sysctls, optarg);
    if (o == 'd') r->shm = optarg;
    if (o == 'p') r->spawn.new_pid = true;
    if (o == 'm' && (!parse_number(optarg, INT_MAX, &pid) || pid == 0)) {
      return fail_usage("--mount-ns-of %s: name a process by its number", optarg);
    }
    if (o < NS_COUNT) {
      r->made.path[o] = optarg;
      furnish->new_types |= NS_TYPES[o].flag;
    }
    if ((o < NS_COUNT || o == 'd') && !path_check(optarg)) return EXIT_USAGE;
  }
  r->mount_ns_of = (int)pid;
  r->spawn.argv = argv + optind;
  if (furnish->new_types != (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)) {
    return fail_usage("sandbox wants --net, --ipc and --uts, each with a path");
  }
  if (optind == argc) return fail_usage("sandbox wants a program to run, after --");
  return anchor_check(argv[0], &r->spawn) && furnish_check(furnish) ? EXIT_OK : EXIT_USAGE;
}

int verb_sandbox(int argc, char **argv) {
  struct request r = {0};
  bool had_shm = true;
  spawn_init(&r.spawn);
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  /* A signal in the middle would leave half of it. */
  block_signals();
  if (!pins_go(0)) return EXIT_FAILED;
  if (r.shm != NULL && !shm_bring(r.shm, SHM_SIZE, true, &had_shm)) return EXIT_FAILED;
  if (anchored(&r)) return EXIT_OK;
  if (!had_shm) (void)shm_bring(r.shm, SHM_SIZE, false, &had_shm);
  return EXIT_FAILED;
}
