#include "args.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

void list_add(struct list *list, const char *item) {
  const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
  if (items == NULL) _exit(fail("exhausted", "out of memory: free some"));
  items[list->count] = item;
  *list = (struct list){items, list->count + 1};
}

bool parse_number(const char *text, unsigned long long most, unsigned long long *number) {
  unsigned long long value = 0;
  if (*text == '\0') return false;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9') return false;
    unsigned digit = (unsigned)(*text - '0');
    if (digit > most || value > (most - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *number = value;
  return true;
}

int next_option(int argc, char **argv, const struct option *options) {
  opterr = 0;
  int option = getopt_long(argc, argv, "+:", options, NULL);
  const char *given = argv[optind - 1];
  if (option == ':') {
    fail_usage("%s %s wants a value after it: podctl-ns --help lists the options", argv[0], given);
    return '?';
  }
  if (option == '?') {
    fail_usage("%s does not know %s: podctl-ns --help lists its options", argv[0], given);
  }
  return option;
}

bool is_hostname(const char *text) {
  size_t length = strlen(text);
  return length >= 1 && length <= 64;
}
