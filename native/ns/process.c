#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel's PF_FORKNOEXEC, in the flags of /proc/PID/stat. */
#define FORKED_NO_EXEC 0x40

static sigset_t mask_before;
static struct sigaction pipe_before;

void ignore_sigpipe(void) {
  (void)sigprocmask(SIG_BLOCK, NULL, &mask_before);
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  (void)sigaction(SIGPIPE, &ignore, &pipe_before);
}

void block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  (void)sigprocmask(SIG_SETMASK, &all, NULL);
}

void restore_signals(bool blocked) {
  (void)sigaction(SIGPIPE, &pipe_before, NULL);
  if (!blocked) (void)sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

bool read_process(pid_t pid, struct process_stat *stat) {
  char path[40], text[1024];
  (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  int err = errno;
  if (fd >= 0) close(fd);
  errno = err;
  if (size < 0) return false;
  text[size] = '\0';
  /* The name in brackets may hold anything, brackets too. */
  const char *rest = strrchr(text, ')');
  int found = rest == NULL
                  ? 0
                  : sscanf(rest, ") %c %*d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                           &stat->state, &stat->flags, &stat->start);
  errno = ESRCH;
  return found == 3;
}

bool has_execed(const struct process_stat *stat) {
  return (stat->flags & FORKED_NO_EXEC) == 0;
}
