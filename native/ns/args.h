#ifndef PODCTL_ARGS_H
#define PODCTL_ARGS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

/* Values of an option that may be given several times. */
struct list {
  const char **items;
  size_t count;
};

void list_add(struct list *list, const char *item);

/* Whole decimal numbers only; false for anything else or above `most`. */
bool parse_number(const char *text, unsigned long long most, unsigned long long *number);

/*
 * The next option, or -1 after the last. '?' when it is unknown or lacks its value: that was
 * reported already. Stops at the first argument that is no option.
 */
int next_option(int argc, char **argv, const struct option *options);

/* Host names as the kernel takes them: 1 to 64 bytes. */
bool is_hostname(const char *text);

#endif
