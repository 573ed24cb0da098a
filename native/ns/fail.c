#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"
#include "json.h"

#define LONGEST 6000

static const struct {
  int err;
  const char *code;
  const char *hint;
} KNOWN[] = {
    {ENOENT, "missing", ""},
    {ESRCH, "missing", ""},
    {ENOTDIR, "missing", ""},
    {EACCES, "denied", ": run it as root (CAP_SYS_ADMIN)"},
    {EPERM, "denied", ": run it as root (CAP_SYS_ADMIN)"},
    {EEXIST, "exists", ": remove it, or choose another path"},
    {ELOOP, "link", ": links are not followed here, name the real path"},
    {EBUSY, "busy", ""},
    {EAGAIN, "exhausted", ": raise the limit of processes (pids cgroup, ulimit -u)"},
    {ENOMEM, "exhausted", ": free some memory"},
    {ENOSPC, "exhausted", ": raise the limit (user.max_*_namespaces, fs.mount-max) or free space"},
    {EUSERS, "exhausted", ": raise user.max_*_namespaces"},
    {EMFILE, "exhausted", ": raise the limit of open files (ulimit -n)"},
    {ENFILE, "exhausted", ": raise fs.file-max"},
    {ENOSYS, "unsupported", ": it needs Linux 5.6 or later"},
    {EOPNOTSUPP, "unsupported", ": this kernel was built without it"},
};

const char *code_of(int err) {
  for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
    if (KNOWN[i].err == err) return KNOWN[i].code;
  }
  return "failed";
}

static const char *hint_of(int err) {
  for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
    if (KNOWN[i].err == err) return KNOWN[i].hint;
  }
  return "";
}

static void report(const char *code, const char *message, int err) {
  struct json j = {0};
  json_begin(&j, NULL, '{');
  json_begin(&j, "error", '{');
  json_text(&j, "code", code);
  json_text(&j, "message", message);
  json_number(&j, "errno", err);
  json_end(&j, '{');
  json_end(&j, '{');
  (void)json_send(&j);

  char line[LONGEST * ESCAPE_GROWTH];
  size_t size = escape_json(line, message, strlen(message));
  dprintf(STDERR_FILENO, "podctl-ns: %.*s\n", (int)size, line);
}

#define FORMAT(message, format)                             \
  do {                                                      \
    va_list arguments;                                      \
    va_start(arguments, format);                            \
    (void)vsnprintf(message, sizeof message, format, arguments); \
    va_end(arguments);                                      \
  } while (0)

int fail(const char *code, const char *format, ...) {
  char message[LONGEST];
  FORMAT(message, format);
  report(code, message, 0);
  return EXIT_FAILED;
}

int fail_usage(const char *format, ...) {
  char message[LONGEST];
  FORMAT(message, format);
  report("usage", message, 0);
  return EXIT_USAGE;
}

int fail_errno(const char *format, ...) {
  int err = errno;
  char what[LONGEST - 300], message[LONGEST];
  FORMAT(what, format);
  (void)snprintf(message, sizeof message, "%s: %s%s", what, strerror(err), hint_of(err));
  report(code_of(err), message, err);
  return EXIT_FAILED;
}
