#include "follow.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

struct ending ending_of(int status) {
  if (WIFSIGNALED(status)) return (struct ending){128 + WTERMSIG(status), WTERMSIG(status)};
  return (struct ending){WEXITSTATUS(status), 0};
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
