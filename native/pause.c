/*
 * pause: the process that keeps a sandbox's namespaces alive, and reaps where it is PID 1.
 *
 * Signals are blocked before anything else and then waited for, one at a time: none can arrive
 * between "installed" and "asleep", and blocked signals reach even a namespace's init, for which
 * the kernel drops what has the default action.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "0.0.0"
#endif

static void reap(void) {
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
}

int main(int argc, char **argv) {
  sigset_t waited;
  sigemptyset(&waited);
  sigaddset(&waited, SIGINT);
  sigaddset(&waited, SIGTERM);
  sigaddset(&waited, SIGCHLD);
  if (sigprocmask(SIG_BLOCK, &waited, NULL) != 0) return 1;

  if (argc > 1 && strcmp(argv[1], "-v") == 0) {
    puts("podctl pause " VERSION);
    return fflush(stdout) == 0 ? 0 : 1;
  }

  /* A parent may have left SIGCHLD ignored: then children would vanish without a signal, which is
   * fine for reaping but hides from an observer that this pause reaps. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) return 2;
  if (chdir("/") != 0) return 3;
#ifdef SYS_close_range
  /* Nothing inherited may keep a file system busy. Old kernels lack the call; runtimes close too. */
  (void)syscall(SYS_close_range, 3U, ~0U, 0U);
#endif

  reap();
  for (;;) {
    int signo = sigwaitinfo(&waited, NULL);
    if (signo == SIGCHLD) reap();
    if (signo == SIGINT || signo == SIGTERM) return 0;
    if (signo < 0 && errno != EINTR) return 4;
  }
}
