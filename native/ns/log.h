#ifndef PODCTL_LOG_H
#define PODCTL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Longest piece of a line that is written at once; a longer line comes in pieces marked P. */
#define LOG_PIECE 16384

/* One output of a program on its way into a log. */
struct stream {
  const char *name; /* stdout or stderr */
  int from;         /* non-blocking; -1 once it has ended */
  int to;           /* opened for appending */
  size_t used;
  unsigned long long lost; /* bytes that could not be written */
  char piece[LOG_PIECE];
};

/* Room for a time as RFC 3339 with nanoseconds, in UTC. */
#define TIME_SIZE 40
void print_time(char text[TIME_SIZE], const struct timespec *when);

/* Copies what is there, at most `most` bytes, as lines of the CRI log format. False when there was nothing. */
bool stream_copy(struct stream *s, size_t most);

/* Writes a last line that lacks its newline. */
void stream_end(struct stream *s);

#endif
