#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

void print_time(char text[TIME_SIZE], const struct timespec *when) {
  struct tm utc;
  char seconds[24];
  (void)gmtime_r(&when->tv_sec, &utc);
  (void)strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
  (void)snprintf(text, TIME_SIZE, "%s.%09ldZ", seconds, when->tv_nsec);
}

/* One line of the log: time, stream, P or F, text. Written at once, so that lines stay whole. */
static void put_line(struct stream *s, char *text, size_t size, char tag) {
  char head[TIME_SIZE + 16], time[TIME_SIZE];
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  print_time(time, &now);
  int length = snprintf(head, sizeof head, "%s %s %c ", time, s->name, tag);
  struct iovec parts[] = {
      {head, (size_t)length},
      {text, size},
      {(char[]){'\n'}, 1},
  };
  ssize_t whole = (ssize_t)((size_t)length + size + 1);
  /* A full disk must not stop the program: what cannot be written is counted. */
  if (writev(s->to, parts, 3) != whole) s->lost += size;
}

/* Writes the lines that are whole and keeps the rest. */
static void put_lines(struct stream *s) {
  size_t start = 0;
  for (char *end; (end = memchr(s->piece + start, '\n', s->used - start)) != NULL;) {
    size_t size = (size_t)(end - s->piece) - start;
    put_line(s, s->piece + start, size, 'F');
    start += size + 1;
  }
  s->used -= start;
  memmove(s->piece, s->piece + start, s->used);
  if (s->used == sizeof s->piece) {
    put_line(s, s->piece, s->used, 'P');
    s->used = 0;
  }
}

bool stream_copy(struct stream *s, size_t most) {
  bool any = false;
  while (s->from >= 0 && most > 0) {
    ssize_t n = read(s->from, s->piece + s->used, sizeof s->piece - s->used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n <= 0) {
      close(s->from);
      s->from = -1;
      break;
    }
    any = true;
    s->used += (size_t)n;
    most -= (size_t)n < most ? (size_t)n : most;
    put_lines(s);
  }
  return any;
}

void stream_end(struct stream *s) {
  if (s->used > 0) put_line(s, s->piece, s->used, 'F');
  s->used = 0;
}
