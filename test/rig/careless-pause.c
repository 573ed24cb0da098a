/* pause as it was before it reaped: it ends on SIGINT and SIGTERM, and does not hear of children that die. */
#include <signal.h>
#include <unistd.h>

static void end(int signo) { _exit(signo == SIGTERM || signo == SIGINT ? 0 : 1); }

int main(void) {
  struct sigaction action = {.sa_handler = end};
  if (sigaction(SIGTERM, &action, NULL) < 0 || sigaction(SIGINT, &action, NULL) < 0) return 1;
  for (;;) (void)pause();
}
