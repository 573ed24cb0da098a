#include "anchor.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "fail.h"
#include "json.h"
#include "process.h"

static char *NO_ENVIRONMENT[] = {NULL};

bool anchor_check(const char *verb, const struct spawn *s) {
  if (strchr(s->argv[0], '/') != NULL) return true;
  fail_usage("%s: name the program by its path, not as %s", verb, s->argv[0]);
  return false;
}

bool anchor_prepare(struct spawn *s) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) {
    fail_errno("cannot open /dev/null");
    return false;
  }
  for (int i = 0; i < 3; i++) s->stdio[i] = null;
  /* Our environment may hold secrets, and would be readable as long as it lives. */
  s->environment = NO_ENVIRONMENT;
  s->new_session = true;
  s->signals_blocked = true;
  s->cwd = "/";
  return true;
}

bool anchor_release(const struct spawn *s, const struct held *held) {
  pid_t child = spawn_release(s, held);
  if (child < 0) return false;
  if (waitpid(child, NULL, WNOHANG) == child) {
    fail("failed", "%s ended at once: run it by hand to see why", s->argv[0]);
    return false;
  }
  if (report_started(child, s, 0) && json_done()) return true;
  (void)kill(child, SIGKILL);
  (void)wait_for(child);
  return false;
}
