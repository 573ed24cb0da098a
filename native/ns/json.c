#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"

static char *grow(struct json *j, size_t more) {
  if (j->room - j->size < more) {
    j->room = (j->size + more) * 2;
    j->text = realloc(j->text, j->room);
    if (j->text == NULL) {
      static const char message[] = "podctl-ns: out of memory\n";
      (void)!write(STDERR_FILENO, message, sizeof message - 1);
      _exit(1);
    }
  }
  return j->text + j->size;
}

static void put(struct json *j, const char *text, size_t size) {
  memcpy(grow(j, size), text, size);
  j->size += size;
}

static void put_string(struct json *j, const char *value, size_t size) {
  put(j, "\"", 1);
  j->size += escape_json(grow(j, size * ESCAPE_GROWTH), value, size);
  put(j, "\"", 1);
}

static void put_key(struct json *j, const char *key) {
  if (j->comma) put(j, ",", 1);
  j->comma = true;
  if (key == NULL) return;
  put_string(j, key, strlen(key));
  put(j, ":", 1);
}

void json_begin(struct json *j, const char *key, char bracket) {
  put_key(j, key);
  put(j, &bracket, 1);
  j->comma = false;
}

void json_end(struct json *j, char bracket) {
  put(j, bracket == '{' ? "}" : "]", 1);
  j->comma = true;
}

void json_bytes(struct json *j, const char *key, const char *value, size_t size) {
  put_key(j, key);
  put_string(j, value, size);
}

void json_text(struct json *j, const char *key, const char *value) {
  json_bytes(j, key, value, strlen(value));
}

void json_number(struct json *j, const char *key, long long value) {
  char digits[24];
  int size = snprintf(digits, sizeof digits, "%lld", value);
  put_key(j, key);
  put(j, digits, (size_t)size);
}

void json_flag(struct json *j, const char *key, bool value) {
  put_key(j, key);
  put(j, value ? "true" : "false", value ? 4 : 5);
}

bool json_save(struct json *j, int fd) {
  size_t sent = 0;
  put(j, "\n", 1);
  while (sent < j->size) {
    ssize_t n = write(fd, j->text + sent, j->size - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    sent += (size_t)n;
  }
  bool whole = sent == j->size;
  free(j->text);
  *j = (struct json){0};
  return whole;
}

bool json_send(struct json *j) {
  return json_save(j, REPORT_FD);
}

bool json_done(void) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_flag(&j, "done", true);
  json_end(&j, '{');
  return json_send(&j);
}
