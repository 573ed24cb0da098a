#ifndef PODCTL_OPTIONS_H
#define PODCTL_OPTIONS_H

#include "keeper.h"
#include "spawn.h"

/* Which verbs know an option. */
enum { IN_ENTER = 1, IN_PAUSE = 2, IN_CREATE_USER = 4 };

struct spawn_request {
  struct spawn spawn;
  struct keep keep;
  bool detach;
};

/*
 * Reads the command line of a verb that starts a program, and opens the namespaces to join: all of
 * them before the first is joined, each checked after opening. Gives an exit code; on EXIT_OK the
 * request is complete, otherwise that was reported.
 */
int spawn_options(int argc, char **argv, int verb, struct spawn_request *request);

#endif
