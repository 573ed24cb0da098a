#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exitfile.h"
#include "fail.h"
#include "follow.h"
#include "json.h"
#include "log.h"
#include "orphans.h"
#include "process.h"

/* What a pipe may still hold when its writers are gone: /proc/sys/fs/pipe-max-size, at most. */
#define MOST_LEFT (1024 * 1024)

static struct stream output = {.name = "stdout", .from = -1}, errors = {.name = "stderr", .from = -1};

static bool open_stream(struct stream *stream, int log, int *end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return false;
  stream->from = ends[0];
  stream->to = log;
  *end = ends[1];
  return true;
}

static bool open_streams(const struct keep *k, struct spawn *s) {
  int log = open(k->log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
  if (log < 0) {
    fail_errno("cannot open the log %s", k->log);
    return false;
  }
  s->stdio[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
  bool opened = s->stdio[0] >= 0 && open_stream(&output, log, &s->stdio[1]) && open_stream(&errors, log, &s->stdio[2]);
  if (!opened) fail_errno("cannot make pipes for the output");
  return opened;
}

/* Copies output and passes signals on until the program has ended. */
static struct ending watch(pid_t child, int signals) {
  for (;;) {
    int status;
    struct signalfd_siginfo got;
    struct pollfd ready[] = {{signals, POLLIN, 0}, {output.from, POLLIN, 0}, {errors.from, POLLIN, 0}};
    if (waitpid(child, &status, WNOHANG) == child) return ending_of(status);
    if (poll(ready, 3, -1) < 0) continue;
    if (ready[0].revents != 0 && read(signals, &got, sizeof got) == (ssize_t)sizeof got) {
      siginfo_t info = {.si_signo = (int)got.ssi_signo, .si_code = got.ssi_code};
      pass_on(&info, child);
      reap_orphans(child);
    }
    if (ready[1].revents != 0) (void)stream_copy(&output, LOG_PIECE);
    if (ready[2].revents != 0) (void)stream_copy(&errors, LOG_PIECE);
  }
}

static void finish(pid_t child, struct ending ending, struct exit_file *file) {
  end_orphans();
  (void)stream_copy(&output, MOST_LEFT);
  (void)stream_copy(&errors, MOST_LEFT);
  stream_end(&output);
  stream_end(&errors);
  exit_file_write(file, child, ending, output.lost + errors.lost);
}

/* Ours are the keeper's own copies of the program's ends: they would keep its output open. */
static void let_go(const struct spawn *s) {
  for (int i = 1; i < 3; i++) close(s->stdio[i]);
  for (int i = 0; i < 3; i++) (void)dup2(s->stdio[0], i);
  for (int t = 0; t < NS_COUNT; t++) {
    if (s->join[t] >= 0) close(s->join[t]);
  }
  close(REPORT_FD);
  (void)!chdir("/");
}

__attribute__((noreturn)) static void keeper(struct spawn *s, struct exit_file *file, int verdict) {
  sigset_t all;
  sigfillset(&all);
  (void)setsid();
  (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
  int signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  pid_t child = signals < 0 ? (fail_errno("cannot watch signals"), -1) : spawn(s);
  if (child < 0) _exit(EXIT_FAILED);
  if (!report_started(child, s, getpid()) || !json_done()) {
    (void)kill(child, SIGKILL);
    _exit(EXIT_FAILED);
  }
  let_go(s);
  (void)!write(verdict, "", 1);
  close(verdict);
  struct ending ending = watch(child, signals);
  finish(child, ending, file);
  _exit(EXIT_OK);
}

int keep(struct spawn *s, const struct keep *k) {
  struct exit_file file;
  int verdict[2];
  char byte;
  if (!exit_file_open(&file, k->exit_file) || !open_streams(k, s)) return EXIT_FAILED;
  if (pipe2(verdict, O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
  pid_t child = fork();
  if (child < 0) return fail_errno("cannot start a process to keep %s", s->argv[0]);
  if (child == 0) {
    close(verdict[0]);
    keeper(s, &file, verdict[1]);
  }
  close(verdict[1]);
  if (read(verdict[0], &byte, 1) == 1) return EXIT_OK;
  int status = wait_for(child);
  if (WIFSIGNALED(status)) return fail("failed", "signal %d ended the keeper: try again", WTERMSIG(status));
  return EXIT_FAILED;
}
