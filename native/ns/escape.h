#ifndef PODCTL_ESCAPE_H
#define PODCTL_ESCAPE_H

#include <stddef.h>

/* Most bytes that one byte of input can become. */
#define ESCAPE_GROWTH 6

/*
 * Writes `size` bytes of anything as the inside of a JSON string: ASCII controls, quotes and
 * backslashes escaped, valid UTF-8 as it is, each other byte as U+FFFD. `to` has room for
 * size * ESCAPE_GROWTH bytes; the result is not terminated. Gives the number of bytes written.
 */
size_t escape_json(char *to, const char *from, size_t size);

#endif
