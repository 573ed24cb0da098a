/*
 * pause: the process that keeps a sandbox's namespaces alive, and reaps where it is PID 1.
 *
 * Freestanding: no C library, so a few hundred bytes of code and three pages of memory.
 * The order of main is the design. Signals are blocked before anything else and then taken one at
 * a time: none can fall between "installed" and "asleep", and a blocked signal reaches even the
 * init of a PID namespace, for which the kernel drops what has the default action.
 *
 * It is no subreaper where it is not PID 1: it never forks, so nothing below it could be orphaned;
 * children that it inherits across exec are reaped all the same.
 *
 * Exit codes: 0 ended by SIGTERM or SIGINT, or -v; 1 signals cannot be blocked (or -v cannot
 * write); 2 the folder cannot be left; 3 signals cannot be waited for.
 */
#include <asm/signal.h>
#include <linux/resource.h>
#include <linux/wait.h>

#include "sys.h"

#ifndef VERSION
#define VERSION "0.0.0"
#endif

typedef unsigned long mask;
#define BIT(signo) (1UL << ((signo) - 1))

/* What the kernel sends for our own faults: blocked, they would end us all the same, unexplained. */
static const mask FAULTS = BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP) |
                           BIT(SIGSYS) | BIT(SIGABRT);

/* Descriptors that are tried one by one where the kernel has no close_range. */
#define MOST_FILES 65536UL

__attribute__((noreturn)) static void end(long code) {
  for (;;) (void)sys5(__NR_exit_group, code, 0, 0, 0, 0);
}

static long say(long fd, const char *text, unsigned long size) {
  return sys5(__NR_write, fd, (long)text, (long)size, 0, 0) == (long)size ? 0 : 1;
}

#define SAY(fd, text) say(fd, text, sizeof(text) - 1)

/* One SIGCHLD may stand for many deaths. */
static void reap(void) {
  while (sys5(__NR_wait4, -1, 0, WNOHANG, 0, 0) > 0) {
  }
}

/* Nothing inherited may keep a file system or a pipe busy. */
static void close_files(void) {
  struct {
    unsigned long soft, hard;
  } limit = {MOST_FILES, 0};
  if (sys5(__NR_close_range, 3, ~0U, 0, 0, 0) == 0) return;
  (void)sys5(__NR_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit, 0);
  if (limit.soft > MOST_FILES) limit.soft = MOST_FILES;
  for (unsigned long fd = 3; fd < limit.soft; fd++) (void)sys5(__NR_close, (long)fd, 0, 0, 0, 0);
}

__attribute__((noreturn, used)) void begin(const long *stack);

void begin(const long *stack) {
  const mask waited = ~FAULTS;
  const char *argument = stack[0] > 1 ? (const char *)stack[2] : "";

  if (sys5(__NR_rt_sigprocmask, SIG_SETMASK, (long)&waited, 0, sizeof waited, 0) < 0) {
    (void)SAY(2, "pause: cannot block signals: is a seccomp profile in force?\n");
    end(1);
  }
  if (argument[0] == '-' && argument[1] == 'v' && argument[2] == '\0') {
    end(SAY(1, "pause " VERSION "\n"));
  }
  if (sys5(__NR_chdir, (long)"/", 0, 0, 0, 0) < 0) {
    (void)SAY(2, "pause: cannot change to /: is the root file system readable?\n");
    end(2);
  }
  close_files();
  reap();

  /* From here on nothing but a signal may end us: with us goes the sandbox. */
  for (;;) {
    long signo = sys5(__NR_rt_sigtimedwait, (long)&waited, 0, 0, sizeof waited, 0);
    if (signo == SIGCHLD) reap();
    if (signo == SIGTERM || signo == SIGINT) end(0);
    /* -4 is EINTR. Anything else would repeat for ever at full speed: better dead and seen. */
    if (signo < 0 && signo != -4) {
      (void)SAY(2, "pause: cannot wait for signals: is a seccomp profile in force?\n");
      end(3);
    }
  }
}

SYS_START(begin);
