#include "options.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

enum {
  OPT_EXPECT = NS_COUNT,
  OPT_NEW_PID, OPT_NEW_MNT, OPT_BIND, OPT_TMPFS, OPT_PROC, OPT_ROOTFS, OPT_HOSTNAME, OPT_SYSCTL, OPT_CWD,
  OPT_ENV, OPT_CLEAR_ENV, OPT_DETACH, OPT_LOG, OPT_EXIT_FILE, OPT_DIE_WITH_PARENT,
  OPT_COUNT
};

static const struct option OPTIONS[] = {
    {"user", required_argument, NULL, NS_USER},      {"cgroup", required_argument, NULL, NS_CGROUP},
    {"ipc", required_argument, NULL, NS_IPC},        {"uts", required_argument, NULL, NS_UTS},
    {"net", required_argument, NULL, NS_NET},        {"mnt", required_argument, NULL, NS_MNT},
    {"pid", required_argument, NULL, NS_PID},        {"expect", required_argument, NULL, OPT_EXPECT},
    {"new-pid", no_argument, NULL, OPT_NEW_PID},       {"new-mnt", no_argument, NULL, OPT_NEW_MNT},
    {"bind", required_argument, NULL, OPT_BIND},       {"tmpfs", required_argument, NULL, OPT_TMPFS},
    {"proc", no_argument, NULL, OPT_PROC},             {"rootfs", required_argument, NULL, OPT_ROOTFS},
    {"hostname", required_argument, NULL, OPT_HOSTNAME}, {"sysctl", required_argument, NULL, OPT_SYSCTL},
    {"cwd", required_argument, NULL, OPT_CWD},         {"env", required_argument, NULL, OPT_ENV},
    {"clear-env", no_argument, NULL, OPT_CLEAR_ENV},   {"detach", no_argument, NULL, OPT_DETACH},
    {"log", required_argument, NULL, OPT_LOG},         {"exit-file", required_argument, NULL, OPT_EXIT_FILE},
    {"die-with-parent", no_argument, NULL, OPT_DIE_WITH_PARENT}, {NULL, 0, NULL, 0},
};

/* Verbs in which an option makes sense; the rest is for enter alone. */
static int verbs_of(int option) {
  switch (option) {
    case NS_IPC: case NS_UTS: case NS_NET: case NS_USER: case OPT_EXPECT: return IN_ENTER | IN_PAUSE;
    case OPT_NEW_PID: return IN_ENTER | IN_PAUSE | IN_CREATE_USER;
    case OPT_HOSTNAME: return IN_ENTER | IN_CREATE_USER;
    case OPT_SYSCTL: return IN_CREATE_USER;
    default: return IN_ENTER;
  }
}

struct given {
  const char *path[NS_COUNT];
  struct list expect, environment;
  bool clear_environment;
};

/* NAME=VALUE lists replace what has the same name. */
static char **environment_of(const struct given *g) {
  size_t room = g->environment.count + 1, count = 0;
  for (char **e = environ; !g->clear_environment && *e != NULL; e++) room++;
  char **result = calloc(room, sizeof *result);
  if (result == NULL) _exit(fail("exhausted", "out of memory: free some"));
  for (char **e = environ; !g->clear_environment && *e != NULL; e++) result[count++] = *e;
  for (size_t i = 0; i < g->environment.count; i++) {
    const char *item = g->environment.items[i];
    size_t name = (size_t)(strchr(item, '=') - item) + 1, at = 0;
    while (at < count && strncmp(result[at], item, name) != 0) at++;
    if ((result[at] = strdup(item)) == NULL) _exit(fail("exhausted", "out of memory: free some"));
    if (at == count) count++;
  }
  return result;
}

static int take(int option, struct given *g, struct spawn_request *r) {
  struct spawn *s = &r->spawn;
  if (option < NS_COUNT) g->path[option] = optarg;
  if (option == OPT_EXPECT) list_add(&g->expect, optarg);
  if (option == OPT_NEW_PID) s->new_pid = true;
  if (option == OPT_NEW_MNT) s->new_mnt = true;
  if (option == OPT_BIND && !mounts_add_bind(&s->mounts, optarg)) {
    return fail_usage("--bind %s: write SOURCE:TARGET or SOURCE:TARGET:ro, absolute, without colons", optarg);
  }
  if (option == OPT_TMPFS) mounts_add(&s->mounts, (struct mount_request){MOUNT_TMPFS, NULL, optarg, false});
  if (option == OPT_TMPFS && optarg[0] != '/') return fail_usage("--tmpfs %s: name an absolute path", optarg);
  if (option == OPT_PROC) mounts_add(&s->mounts, (struct mount_request){MOUNT_PROC, NULL, "/proc", false});
  if (option == OPT_ROOTFS) s->mounts.rootfs = optarg;
  if (option == OPT_HOSTNAME) s->furnish.hostname = optarg;
  if (option == OPT_SYSCTL) list_add(&s->furnish.sysctls, optarg);
  if (option == OPT_CWD) s->cwd = optarg;
  if (option == OPT_ENV && (optarg[0] == '=' || strchr(optarg, '=') == NULL)) {
    return fail_usage("--env %s: write NAME=VALUE", optarg);
  }
  if (option == OPT_ENV) list_add(&g->environment, optarg);
  if (option == OPT_CLEAR_ENV) g->clear_environment = true;
  if (option == OPT_DETACH) r->detach = true;
  if (option == OPT_LOG) r->keep.log = optarg;
  if (option == OPT_EXIT_FILE) r->keep.exit_file = optarg;
  if (option == OPT_DIE_WITH_PARENT) s->die_with_parent = true;
  return EXIT_OK;
}

/* What only makes sense together. */
static int check(const char *verb, const struct given *g, const struct spawn_request *r) {
  const struct spawn *s = &r->spawn;
  bool mounts = s->mounts.count > 0 || s->mounts.rootfs != NULL;
  if (s->argv[0] == NULL) return fail_usage("%s wants a program to run, after --", verb);
  if (mounts && !s->new_mnt) {
    return fail_usage("--bind, --tmpfs, --proc and --rootfs would change the machine: add --new-mnt");
  }
  if (s->new_pid && g->path[NS_PID] != NULL) return fail_usage("--pid and --new-pid exclude each other");
  bool kept = r->keep.log != NULL && r->keep.exit_file != NULL;
  if (r->detach != kept || (!r->detach && (r->keep.log != NULL || r->keep.exit_file != NULL))) {
    return fail_usage("--detach, --log and --exit-file go together");
  }
  return furnish_check(&s->furnish) ? EXIT_OK : EXIT_USAGE;
}

static int open_all(const struct given *g, struct spawn *s) {
  struct expected expected = {0};
  if (!parse_expected(&g->expect, &expected)) return EXIT_USAGE;
  for (int t = 0; t < NS_COUNT; t++) {
    if (expected.given[t] && g->path[t] == NULL) {
      return fail_usage("--expect %s wants --%s", NS_TYPES[t].name, NS_TYPES[t].name);
    }
    if (g->path[t] == NULL) continue;
    s->join[t] = ns_open(g->path[t], t, expected.given[t] ? &expected.id[t] : NULL);
    if (s->join[t] < 0) return EXIT_FAILED;
  }
  return EXIT_OK;
}

int spawn_options(int argc, char **argv, int verb, struct spawn_request *request) {
  struct given g = {0};
  spawn_init(&request->spawn);
  if (verb == IN_CREATE_USER) {
    request->spawn.furnish.new_types = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    request->spawn.map_root = true;
  }
  for (int o; (o = next_option(argc, argv, OPTIONS)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if ((verbs_of(o) & verb) == 0) return fail_usage("%s takes no %s", argv[0], argv[optind - 1]);
    int taken = take(o, &g, request);
    if (taken != EXIT_OK) return taken;
  }
  request->spawn.argv = argv + optind;
  request->spawn.environment = environment_of(&g);
  request->spawn.furnish.joins_uts = g.path[NS_UTS] != NULL;
  int checked = check(argv[0], &g, request);
  return checked == EXIT_OK ? open_all(&g, &request->spawn) : checked;
}
