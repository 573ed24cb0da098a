/* pin and unpin: one namespace, one path. */
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "fail.h"
#include "json.h"
#include "path.h"
#include "pins.h"
#include "process.h"
#include "verbs.h"

struct request {
  const char *from, *to;
  struct ns_id expect;
  bool expected, none; /* none: unpin where nothing is mounted */
  int mount_ns_of;
  int layers; /* unpin: so many, and leave the pin; 0: all, and the file */
};

static int parse(int argc, char **argv, struct request *r) {
  static const struct option options[] = {
      {"from", required_argument, NULL, 'f'},
      {"to", required_argument, NULL, 't'},
      {"expect", required_argument, NULL, 'e'},
      {"mount-ns-of", required_argument, NULL, 'm'},
      {"layers", required_argument, NULL, 'l'},
      {NULL, 0, NULL, 0},
  };
  unsigned long long pid = 0, layers = 0;
  for (int o; (o = next_option(argc, argv, options)) != -1;) {
    if (o == '?') return EXIT_USAGE;
    if (o == 'f') r->from = optarg;
    if (o == 't') r->to = optarg;
    if (o == 'e') r->none = strcmp(optarg, "none") == 0;
    if (o == 'e' && !(r->expected = r->none || parse_ns_id(optarg, &r->expect))) {
      return fail_usage("--expect %s: write DEVICE:INODE, as in 4:4026532177", optarg);
    }
    if (o == 'm' && (!parse_number(optarg, INT_MAX, &pid) || pid == 0)) {
      return fail_usage("--mount-ns-of %s: name a process by its number", optarg);
    }
    if (o == 'l' && (!parse_number(optarg, MOST_STACKED, &layers) || layers == 0)) {
      return fail_usage("--layers %s: write how many, up to %d", optarg, MOST_STACKED);
    }
  }
  r->mount_ns_of = (int)pid;
  r->layers = (int)layers;
  return EXIT_OK;
}

int verb_pin(int argc, char **argv) {
  struct request r = {0};
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  if (r.from == NULL || r.to == NULL || !r.expected || r.none || r.layers > 0 || optind < argc) {
    return fail_usage("pin wants --from NAMESPACE --expect DEVICE:INODE --to PATH and nothing else");
  }
  if (!path_check(r.to)) return EXIT_USAGE;
  block_signals();
  int ns = ns_open(r.from, -1, &r.expect);
  if (ns < 0 || !pins_go(r.mount_ns_of) || !pin_make(ns, r.to)) return EXIT_FAILED;
  return json_done() ? EXIT_OK : EXIT_FAILED;
}

int verb_unpin(int argc, char **argv) {
  struct request r = {0};
  struct unpinned result;
  struct json j = {0};
  int parsed = parse(argc, argv, &r);
  if (parsed != EXIT_OK) return parsed;
  const char *path = optind == argc - 1 ? argv[optind] : NULL;
  if (path == NULL || !r.expected || r.from != NULL || r.to != NULL || (r.none && r.layers > 0)) {
    return fail_usage("unpin wants --expect DEVICE:INODE|none PATH and at most --layers COUNT");
  }
  if (!path_check(path)) return EXIT_USAGE;
  block_signals();
  if (!pins_go(r.mount_ns_of)) return EXIT_FAILED;
  bool done = r.layers > 0 ? pin_unstack(path, &r.expect, r.layers, &result)
                           : pin_drop(path, r.none ? NULL : &r.expect, &result);
  if (!done) return EXIT_FAILED;
  json_begin(&j, NULL, '{');
  json_text(&j, "path", path);
  json_text(&j, "was", result.was);
  json_number(&j, "mounts", result.mounts);
  json_end(&j, '{');
  return json_send(&j) && json_done() ? EXIT_OK : EXIT_FAILED;
}
