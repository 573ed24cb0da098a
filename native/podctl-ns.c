/*
 * podctl-ns: one verb a run, for what needs setns, unshare and mount in a single-threaded process.
 *
 * JSON lines on descriptor 3, the last one {"done":true} or {"error":{"code","message","errno"}};
 * for people on stderr; stdout belongs to the program that is run. Exit codes: 0 done, 1 failed,
 * 2 usage; `enter` passes its program's on (128 + signal).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ns/fail.h"
#include "ns/json.h"
#include "ns/process.h"
#include "ns/verbs.h"

#ifndef VERSION
#define VERSION "0.0.0"
#endif

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *usage;
} VERBS[] = {
    {"create", verb_create,
     "[--net PATH] [--ipc PATH] [--uts PATH] [--hostname NAME] [--sysctl KEY=VALUE].. [--mount-ns-of PID]"},
    {"pin", verb_pin, "--from NAMESPACE --expect DEV:INO --to PATH [--mount-ns-of PID]"},
    {"unpin", verb_unpin, "--expect DEV:INO|none [--layers COUNT] [--mount-ns-of PID] PATH"},
    {"enter", verb_enter,
     "[--user|--cgroup|--ipc|--uts|--net|--mnt|--pid NAMESPACE].. [--expect TYPE=DEV:INO]..\n"
     "        [--new-pid] [--new-mnt [--rootfs DIR] [--bind SRC:DST[:ro]].. [--tmpfs DST].. [--proc]]\n"
     "        [--hostname NAME] [--cwd DIR] [--clear-env] [--env NAME=VALUE].. [--die-with-parent]\n"
     "        [--detach --log FILE --exit-file FILE] -- PROGRAM [ARGUMENT].."},
    {"pause", verb_pause,
     "[--user|--ipc|--uts|--net NAMESPACE].. [--expect TYPE=DEV:INO].. [--new-pid] -- /PATH/TO/PAUSE"},
    {"create-user", verb_create_user,
     "[--new-pid] [--hostname NAME] [--sysctl KEY=VALUE].. -- /PATH/TO/PAUSE"},
    {"sandbox", verb_sandbox,
     "--net PATH --ipc PATH --uts PATH [--hostname NAME] [--sysctl KEY=VALUE].. [--shm FOLDER] [--new-pid]\n"
     "        [--mount-ns-of PID] -- /PATH/TO/PAUSE [ARGUMENT].."},
    {"guard", verb_guard, "-- PROGRAM [ARGUMENT].."},
    {"signal", verb_signal, "--pid PID --start TICKS --signal NUMBER [--wait-ms MS]"},
    {"remove-file", verb_remove_file,
     "--expect DEV:INO --sha256 HEX [--lock FILE] [--wait-ms MS] PATH"},
    {"delete-link", verb_delete_link, "--index INDEX --mac ADDRESS NAME"},
    {"set-link", verb_set_link, "--index INDEX --mac ADDRESS [--master INDEX] [--up] NAME"},
    {"shm", verb_shm, "[--size BYTES] [--mount-ns-of PID] FOLDER"},
    {"unshm", verb_unshm, "[--mount-ns-of PID] FOLDER"},
    {"talk", verb_talk, "--listen NAMESPACE --dial NAMESPACE [--wait-ms MS] ADDRESS"},
    {"probe", verb_probe, "[--user NAMESPACE] [--udp] [--no-listeners] NAMESPACE.."},
};

#define VERB_COUNT (sizeof VERBS / sizeof VERBS[0])

static int help(void) {
  (void)puts("podctl-ns VERB [OPTION].. 3>REPORT");
  for (size_t i = 0; i < VERB_COUNT; i++) (void)printf("  %s %s\n", VERBS[i].name, VERBS[i].usage);
  return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

/* What we inherited beyond the report would otherwise live as long as what we start. */
static void close_inherited(void) {
  if (syscall(SYS_close_range, 4U, ~0U, 0U) == 0) return;
  long most = sysconf(_SC_OPEN_MAX);
  for (int fd = 4; fd < most; fd++) (void)close(fd);
}

/* So that no file of ours becomes somebody's stdin, stdout or stderr. False where there is no /dev/null. */
static bool open_standard_files(void) {
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd < REPORT_FD);
  return fd >= 0 && close(fd) == 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    return puts("podctl-ns " VERSION) >= 0 && fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
  }
  if (argc < 2 || strcmp(argv[1], "--help") == 0) return argc < 2 ? (help(), EXIT_USAGE) : help();
  if (fcntl(REPORT_FD, F_GETFD) < 0) {
    dprintf(STDERR_FILENO, "podctl-ns: descriptor 3 is not open, and reports go there: add 3>&1\n");
    return EXIT_USAGE;
  }
  close_inherited();
  if (!open_standard_files()) return fail_errno("cannot open /dev/null");
  ignore_sigpipe();
  for (size_t i = 0; i < VERB_COUNT; i++) {
    if (strcmp(argv[1], VERBS[i].name) == 0) return VERBS[i].run(argc - 1, argv + 1);
  }
  return fail_usage("there is no verb %s: podctl-ns --help lists them", argv[1]);
}
