/* guard: runs somebody else's program, and when it or the guard is to end, ends whatever it started, too. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "follow.h"
#include "orphans.h"
#include "process.h"
#include "spawn.h"
#include "verbs.h"

static const struct option NONE[] = {{NULL, 0, NULL, 0}};

/* False when we are told to end before the program has. All signals must be blocked. */
static bool has_ended(pid_t child, struct ending *ending) {
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    int status;
    if (waitpid(child, &status, WNOHANG) == child) {
      *ending = ending_of(status);
      return true;
    }
    int signal = sigwaitinfo(&all, NULL);
    if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP) return false;
    reap_orphans(child);
  }
}

int verb_guard(int argc, char **argv) {
  struct spawn s = {0};
  struct ending ending;
  spawn_init(&s);
  if (next_option(argc, argv, NONE) != -1) return EXIT_USAGE;
  s.argv = argv + optind;
  s.environment = environ;
  s.new_session = true;
  if (s.argv[0] == NULL) return fail_usage("guard wants a program to run, after --");
  block_signals();
  /* Whatever leaves the program's session or loses its parent becomes our child, and is found there. */
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
    return fail_errno("cannot become the one who ends what %s starts", s.argv[0]);
  }
  pid_t child = spawn(&s);
  if (child < 0) return EXIT_FAILED;
  bool ended = has_ended(child, &ending);
  end_orphans();
  if (!ended) return fail("ended", "told to end before %s had", s.argv[0]);
  return report_ending(ending) ? EXIT_OK : EXIT_FAILED;
}
