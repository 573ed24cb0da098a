#ifndef PODCTL_FAIL_H
#define PODCTL_FAIL_H

/* Exit codes of every verb, unless a program that it ran passes its own on. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/*
 * Each reports one {"error":{"code","message","errno"}} line, says the same on stderr, and gives
 * EXIT_FAILED (fail_usage: EXIT_USAGE), so that `return fail(...)` reads well in verbs.
 */
int fail(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The code, the cause and a next step come from errno. */
int fail_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

int fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The code that stands for an errno. */
const char *code_of(int err);

#endif
