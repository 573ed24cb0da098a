#ifndef PODCTL_JSON_H
#define PODCTL_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Where reports go: one JSON object a line. */
#define REPORT_FD 3

/* A line under construction; start with {0}. Ends the process where there is no memory. */
struct json {
  char *text;
  size_t size, room;
  bool comma;
};

/* `key` is NULL in lists and for the outermost object; `bracket` is '{' or '['. */
void json_begin(struct json *j, const char *key, char bracket);
void json_end(struct json *j, char bracket);
void json_text(struct json *j, const char *key, const char *value);
void json_bytes(struct json *j, const char *key, const char *value, size_t size);
void json_number(struct json *j, const char *key, long long value);
void json_flag(struct json *j, const char *key, bool value);

/* Writes the line to REPORT_FD and frees it. False when nobody takes it. */
bool json_send(struct json *j);

/* Writes the text to a file instead and frees it. */
bool json_save(struct json *j, int fd);

/* The last line of a verb that did what it was asked. */
bool json_done(void);

#endif
