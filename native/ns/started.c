#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "fail.h"
#include "json.h"
#include "process.h"
#include "spawn.h"

/* A process that ended meanwhile has no namespaces: then what it joined is told. */
static bool ns_of(pid_t pid, int type, int joined, struct ns_id *id) {
  char path[40];
  (void)snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, NS_TYPES[type].name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool found = fd >= 0 && ns_id_of(fd, id);
  if (fd >= 0) close(fd);
  return found || (joined >= 0 && ns_id_of(joined, id));
}

static void put_identity(struct json *j, pid_t pid, const struct process_stat *stat) {
  char start[24];
  (void)snprintf(start, sizeof start, "%llu", stat->start);
  json_number(j, "pid", pid);
  json_text(j, "start", start);
}

bool report_started(pid_t pid, const struct spawn *s, pid_t keeper) {
  struct process_stat stat, kept;
  if (!read_process(pid, &stat) || (keeper > 0 && !read_process(keeper, &kept))) {
    fail_errno("cannot read process %d, which was just started: is /proc mounted here?", pid);
    return false;
  }
  struct json j = {0};
  json_begin(&j, NULL, '{');
  put_identity(&j, pid, &stat);
  json_begin(&j, "ns", '{');
  for (int t = 0; t < NS_COUNT; t++) {
    struct ns_id id;
    char text[NS_ID_SIZE];
    if (!ns_of(pid, t, s->join[t], &id)) continue;
    print_ns_id(text, &id);
    json_text(&j, NS_TYPES[t].name, text);
  }
  json_end(&j, '{');
  if (keeper > 0) {
    json_begin(&j, "keeper", '{');
    put_identity(&j, keeper, &kept);
    json_end(&j, '{');
  }
  json_end(&j, '{');
  return json_send(&j);
}
