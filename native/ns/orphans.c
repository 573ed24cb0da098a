#include "orphans.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

void reap_orphans(pid_t child) {
  siginfo_t info = {0};
  /* The child's own end is left for whoever waits for it by name. */
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0 && info.si_pid != child) {
    (void)waitpid(info.si_pid, NULL, 0);
    info.si_pid = 0;
  }
}

/*
 * Our children cannot be reaped by anybody else, so their numbers are theirs while we look.
 * False where the kernel does not tell them (CONFIG_PROC_CHILDREN): then they are left to init.
 */
static bool kill_children(void) {
  char path[64];
  (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  FILE *list = fopen(path, "re");
  int pid;
  if (list == NULL) return false;
  while (fscanf(list, "%d", &pid) == 1) (void)kill((pid_t)pid, SIGKILL);
  (void)fclose(list);
  return true;
}

void end_orphans(void) {
  for (;;) {
    pid_t ended = waitpid(-1, NULL, WNOHANG);
    if (ended > 0) continue;
    if (ended < 0 || !kill_children()) return;
    (void)waitpid(-1, NULL, 0);
  }
}
