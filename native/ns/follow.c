#include "follow.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"

struct ending ending_of(int status) {
  if (WIFSIGNALED(status)) return (struct ending){128 + WTERMSIG(status), WTERMSIG(status)};
  return (struct ending){WEXITSTATUS(status), 0};
}

bool report_ending(struct ending ending) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_number(&j, "exitCode", ending.exit_code);
  json_number(&j, "signal", ending.signal);
  json_end(&j, '{');
  bool taken = json_send(&j);
  return json_done() && taken;
}

void pass_on(const siginfo_t *info, pid_t child) {
  /* Ctrl-C and the like come from the kernel, to the whole group: the child got its own. */
  if (info->si_signo != SIGCHLD && info->si_code != SI_KERNEL) (void)kill(child, info->si_signo);
}

struct ending follow(pid_t child) {
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    siginfo_t info;
    int status;
    if (waitpid(child, &status, WNOHANG) == child) return ending_of(status);
    if (sigwaitinfo(&all, &info) > 0) pass_on(&info, child);
  }
}
