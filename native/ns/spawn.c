/*
 * Starting a program takes three processes. We stay where we are, so that we do not keep alive what
 * we only visit. A guide joins and makes the namespaces, and forks the program as a child of *ours*
 * (CLONE_PARENT): a process enters a PID namespace only by being born in it. The program waits until
 * we know its number, so that none can run that nobody knows of. Failures are reported by whoever
 * meets them; a pipe that closes at exec tells us whether it came to that.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "process.h"
#include "usermap.h"

void spawn_init(struct spawn *s) {
  for (int t = 0; t < NS_COUNT; t++) s->join[t] = -1;
  for (int i = 0; i < 3; i++) s->stdio[i] = -1;
}

/* In the order of NS_TYPES: user first, for the rights over the others. */
static bool join_all(const struct spawn *s) {
  for (int t = 0; t < NS_COUNT; t++) {
    if (s->join[t] >= 0 && setns(s->join[t], NS_TYPES[t].flag) != 0) {
      fail_errno("cannot join the %s namespace", NS_TYPES[t].name);
      return false;
    }
  }
  return true;
}

static bool make_new(const struct spawn *s) {
  unsigned uid = geteuid(), gid = getegid();
  int types = s->furnish.new_types | (s->new_pid ? CLONE_NEWPID : 0);
  if (types != 0 && unshare(types) != 0) {
    fail_errno("cannot make new namespaces");
    return false;
  }
  return (!s->map_root || map_root(uid, gid)) && furnish_apply(&s->furnish);
}

/* Read and write ends. */
struct pipes {
  int born[2];  /* guide to us: the pid */
  int go[2];    /* us to the program: we know you */
  int proof[2]; /* program to us: a byte for a failure, the end for an exec */
};

static bool open_pipes(struct pipes *p) {
  bool opened = pipe2(p->born, O_CLOEXEC) == 0 && pipe2(p->go, O_CLOEXEC) == 0 && pipe2(p->proof, O_CLOEXEC) == 0;
  if (!opened) fail_errno("cannot make a pipe");
  return opened;
}

/* The program's last steps before it is the program. */
__attribute__((noreturn)) static void become(const struct spawn *s, const struct pipes *p) {
  char byte;
  int proof = p->proof[1];
  if (read(p->go[0], &byte, 1) != 1) _exit(EXIT_FAILED);
  if (s->new_session) (void)setsid();
  if (s->new_mnt && !mounts_apply(&s->mounts)) goto failed;
  if (s->cwd != NULL && chdir(s->cwd) != 0) {
    fail_errno("cannot change to %s", s->cwd);
    goto failed;
  }
  if (s->die_with_parent) {
    /* Last of all, for a change of rights would undo it; and nobody reads the proof of a parent that is gone. */
    struct pollfd reader = {.fd = proof, .events = 0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (poll(&reader, 1, 0) > 0 && (reader.revents & POLLERR) != 0) _exit(EXIT_FAILED);
  }
  (void)fcntl(3, F_SETFD, FD_CLOEXEC);
  for (int i = 0; i < 3; i++) {
    if (s->stdio[i] >= 0) (void)dup2(s->stdio[i], i);
  }
  environ = s->environment;
  restore_signals(s->signals_blocked);
  execvp(s->argv[0], s->argv);
  fail_errno("cannot run %s", s->argv[0]);
failed:
  (void)!write(proof, "", 1);
  _exit(EXIT_FAILED);
}

/* A fork whose child is our parent's. The kernel's argument order differs by architecture, zeros do not. */
static pid_t fork_sibling(void) {
  return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

__attribute__((noreturn)) static void guide(const struct spawn *s, const struct pipes *p) {
  close(p->born[0]);
  close(p->go[1]);
  close(p->proof[0]);
  if (!join_all(s) || !make_new(s)) _exit(EXIT_FAILED);
  pid_t pid = fork_sibling();
  if (pid < 0) _exit(fail_errno("cannot start a process for %s", s->argv[0]));
  if (pid == 0) become(s, p);
  (void)!write(p->born[1], &pid, sizeof pid);
  _exit(EXIT_OK);
}

/* True once the child's exec is proved. The pipe also closes when it is killed on the way: then its flags tell. */
static bool is_proved(pid_t pid, int proof, const char *program) {
  char byte;
  struct process_stat stat;
  if (read(proof, &byte, 1) != 0) return false;
  if (read_process(pid, &stat) && !has_execed(&stat)) {
    fail("failed", "the process for %s was killed before it could run: try again", program);
    return false;
  }
  return true;
}

/* Pid of the program, which waits to be let go; -1 after a report. */
static pid_t await_birth(pid_t guided, int born) {
  pid_t pid;
  int status = wait_for(guided);
  if (WIFSIGNALED(status)) fail("failed", "signal %d ended the preparations: try again", WTERMSIG(status));
  return read(born, &pid, sizeof pid) == (ssize_t)sizeof pid ? pid : -1;
}

bool spawn_hold(const struct spawn *s, struct held *held) {
  struct pipes p;
  if (!open_pipes(&p)) return false;
  pid_t guided = fork();
  if (guided == 0) guide(s, &p);
  if (guided < 0) fail_errno("cannot start a process for %s", s->argv[0]);
  close(p.born[1]);
  close(p.go[0]);
  close(p.proof[1]);
  *held = (struct held){guided > 0 ? await_birth(guided, p.born[0]) : -1, p.go[1], p.proof[0]};
  close(p.born[0]);
  if (held->pid > 0) return true;
  close(held->go);
  close(held->proof);
  return false;
}

pid_t spawn_release(const struct spawn *s, const struct held *held) {
  (void)!write(held->go, "", 1);
  close(held->go);
  bool proved = is_proved(held->pid, held->proof, s->argv[0]);
  close(held->proof);
  if (proved) return held->pid;
  (void)kill(held->pid, SIGKILL);
  (void)wait_for(held->pid);
  return -1;
}

void spawn_drop(const struct held *held) {
  close(held->go);
  close(held->proof);
  (void)kill(held->pid, SIGKILL);
  (void)wait_for(held->pid);
}

pid_t spawn(const struct spawn *s) {
  struct held held;
  return spawn_hold(s, &held) ? spawn_release(s, &held) : -1;
}
