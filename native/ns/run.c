/* enter, pause and create-user: the verbs that start a program in namespaces. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "anchor.h"
#include "fail.h"
#include "follow.h"
#include "json.h"
#include "options.h"
#include "process.h"
#include "verbs.h"

static int attached(const struct spawn *s) {
  if (s->die_with_parent) (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  pid_t child = spawn(s);
  if (child < 0) return EXIT_FAILED;
  /* A report that nobody takes is no reason to end a program that runs. */
  (void)report_started(child, s, 0);
  struct ending ending = follow(child);
  (void)report_ending(ending);
  return ending.exit_code;
}

int verb_enter(int argc, char **argv) {
  struct spawn_request r = {0};
  int parsed = spawn_options(argc, argv, IN_ENTER, &r);
  if (parsed != EXIT_OK) return parsed;
  block_signals();
  return r.detach ? keep(&r.spawn, &r.keep) : attached(&r.spawn);
}

static int anchor(int argc, char **argv, int verb) {
  struct spawn_request r = {0};
  int parsed = spawn_options(argc, argv, verb, &r);
  if (parsed != EXIT_OK) return parsed;
  if (!anchor_check(argv[0], &r.spawn)) return EXIT_USAGE;
  struct held held;
  block_signals();
  bool held_one = anchor_prepare(&r.spawn) && spawn_hold(&r.spawn, &held);
  return held_one && anchor_release(&r.spawn, &held) ? EXIT_OK : EXIT_FAILED;
}

int verb_pause(int argc, char **argv) {
  return anchor(argc, argv, IN_PAUSE);
}

int verb_create_user(int argc, char **argv) {
  return anchor(argc, argv, IN_CREATE_USER);
}
