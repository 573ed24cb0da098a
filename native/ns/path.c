#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

bool path_check(const char *path) {
  bool good = path[0] == '/' && strlen(path) < PATH_MAX;
  for (const char *at = path; good && *at == '/';) {
    size_t length = strcspn(++at, "/");
    good = length > 0 && length <= NAME_MAX && !(at[0] == '.' && length == 1) &&
           !(length == 2 && memcmp(at, "..", 2) == 0);
    at += length;
  }
  if (!good) fail_usage("%s: it must be an absolute path without empty parts, . and ..", path);
  return good;
}

int path_open_folder(const char *path, const char **name) {
  int folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const char *at = path + 1;
  for (size_t length; folder >= 0 && at[length = strcspn(at, "/")] == '/'; at += length + 1) {
    char part[NAME_MAX + 1];
    struct stat st;
    memcpy(part, at, length);
    part[length] = '\0';
    int next = openat(folder, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    /* A link is refused as "no folder": say what it is. */
    if (next < 0 && errno == ENOTDIR && fstatat(folder, part, &st, AT_SYMLINK_NOFOLLOW) == 0) {
      errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    }
    int err = errno;
    close(folder);
    errno = err;
    folder = next;
  }
  *name = at;
  return folder;
}
