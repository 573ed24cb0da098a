/* enter, pause and create-user: the verbs that start a program in namespaces. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_number(&j, "exitCode", ending.exit_code);
  json_number(&j, "signal", ending.signal);
  json_end(&j, '{');
  (void)json_send(&j);
  (void)json_done();
  return ending.exit_code;
}

/* The program outlives us: init, or the nearest subreaper, becomes its parent. */
static int abandoned(struct spawn *s) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return fail_errno("cannot open /dev/null");
  for (int i = 0; i < 3; i++) s->stdio[i] = null;
  /* Our environment may hold secrets, and would be readable as long as it lives. */
  s->environment = (char *[]){NULL};
  s->new_session = true;
  s->signals_blocked = true;
  s->cwd = "/";
  pid_t child = spawn(s);
  if (child < 0) return EXIT_FAILED;
  if (waitpid(child, NULL, WNOHANG) == child) {
    return fail("failed", "%s ended at once: run it by hand to see why", s->argv[0]);
  }
  if (report_started(child, s, 0) && json_done()) return EXIT_OK;
  (void)kill(child, SIGKILL);
  (void)wait_for(child);
  return EXIT_FAILED;
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
  /* Nobody's PATH decides what holds a sandbox. */
  if (strchr(r.spawn.argv[0], '/') == NULL) {
    return fail_usage("%s: name the program by its path, not as %s", argv[0], r.spawn.argv[0]);
  }
  block_signals();
  return abandoned(&r.spawn);
}

int verb_pause(int argc, char **argv) {
  return anchor(argc, argv, IN_PAUSE);
}

int verb_create_user(int argc, char **argv) {
  return anchor(argc, argv, IN_CREATE_USER);
}
