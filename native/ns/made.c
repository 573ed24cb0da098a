#include "made.h"

#include <stdio.h>

#include "json.h"
#include "pins.h"

bool made_open(struct made *made, pid_t pid) {
  for (int t = 0; t < NS_COUNT; t++) {
    char path[40];
    made->fd[t] = -1;
    if (made->path[t] == NULL) continue;
    (void)snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, NS_TYPES[t].name);
    made->fd[t] = ns_open(path, t, NULL);
    if (made->fd[t] < 0) return false;
    (void)ns_id_of(made->fd[t], &made->id[t]);
  }
  return true;
}

static void unpin(const struct made *made, int end) {
  struct unpinned ignored;
  for (int t = 0; t < end; t++) {
    if (made->path[t] != NULL) (void)pin_drop(made->path[t], &made->id[t], &ignored);
  }
}

bool made_pin(const struct made *made) {
  for (int t = 0; t < NS_COUNT; t++) {
    if (made->path[t] == NULL || pin_make(made->fd[t], made->path[t])) continue;
    unpin(made, t);
    return false;
  }
  return true;
}

void made_unpin(const struct made *made) {
  unpin(made, NS_COUNT);
}

bool made_report(const struct made *made) {
  for (int t = 0; t < NS_COUNT; t++) {
    struct json j = {0};
    char id[NS_ID_SIZE];
    if (made->path[t] == NULL) continue;
    print_ns_id(id, &made->id[t]);
    json_begin(&j, NULL, '{');
    json_text(&j, "ns", NS_TYPES[t].name);
    json_text(&j, "path", made->path[t]);
    json_text(&j, "id", id);
    json_end(&j, '{');
    if (!json_send(&j)) return false;
  }
  return true;
}
