#include "exitfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "json.h"
#include "log.h"

bool exit_file_open(struct exit_file *file, const char *path) {
  char folder[PATH_MAX];
  struct stat st;
  const char *slash = strrchr(path, '/');
  if (slash == NULL || strlen(slash + 1) == 0 || strlen(slash + 1) > NAME_MAX - 8 ||
      (size_t)(slash - path) >= sizeof folder) {
    fail_usage("--exit-file %s: name a file with its folder", path);
    return false;
  }
  memcpy(folder, path, (size_t)(slash - path));
  folder[slash - path] = '\0';
  strcpy(file->name, slash + 1);
  file->folder = open(slash == path ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file->folder < 0) {
    fail_errno("cannot open the folder of %s", path);
    return false;
  }
  if (fstatat(file->folder, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    fail_errno("cannot make the exit record %s", path);
    return false;
  }
  return true;
}

static void put_record(struct json *j, pid_t pid, struct ending ending, unsigned long long lost) {
  struct timespec now;
  char time[TIME_SIZE];
  (void)clock_gettime(CLOCK_REALTIME, &now);
  print_time(time, &now);
  json_begin(j, NULL, '{');
  json_number(j, "pid", pid);
  json_number(j, "exitCode", ending.exit_code);
  json_number(j, "signal", ending.signal);
  json_text(j, "finishedAt", time);
  json_number(j, "logLost", (long long)lost);
  json_end(j, '{');
}

void exit_file_write(const struct exit_file *file, pid_t pid, struct ending ending, unsigned long long lost) {
  char temporary[NAME_MAX + 1];
  struct json record = {0};
  (void)snprintf(temporary, sizeof temporary, ".%.*s.tmp", NAME_MAX - 6, file->name);
  (void)unlinkat(file->folder, temporary, 0);
  int fd = openat(file->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return;
  put_record(&record, pid, ending, lost);
  bool whole = json_save(&record, fd) && fsync(fd) == 0;
  close(fd);
  if (whole) whole = renameat(file->folder, temporary, file->folder, file->name) == 0;
  if (!whole) (void)unlinkat(file->folder, temporary, 0);
  (void)fsync(file->folder);
}
