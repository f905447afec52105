// Counts a process's file events below a folder. At a chosen event it kills the process or makes the event fail.
// Loaded by LD_PRELOAD, so that the program under test is the one that users run.
//   FAULT_FOLDER  the folder whose file events count
//   FAULT_LOG     the log of events, one per line
//   FAULT_AT      the number of the event with the fault, from 1; 0 for none
//   FAULT_KIND    kill   kills before the event: the file is missing or unchanged
//                 torn   kills after half of a write, or after any other event
//                 full   this write and all later ones fail with ENOSPC
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int events;
static int full;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int inside(const char *path) {
  const char *folder = setting("FAULT_FOLDER");
  return *folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return inside(path);
}

static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

static void list(int number, const char *what, const char *path) {
  const char *log = setting("FAULT_LOG");
  if (!*log) return;
  int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  ssize_t (*real_write)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%d %s %s\n", number, what, path);
  int file = real_open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file >= 0) { if (real_write(file, line, length)) {} close(file); }
}

// Whether this event has the fault. A plain kill happens here.
static int strikes(const char *what, const char *path) {
  int number = __sync_add_and_fetch(&events, 1);
  list(number, what, path);
  if (number != atoi(setting("FAULT_AT"))) return 0;
  if (strcmp(setting("FAULT_KIND"), "kill") == 0) die();
  if (strcmp(setting("FAULT_KIND"), "full") == 0) { full = 1; return 0; }
  return 1;
}

#define REAL(name) real = real ? real : dlsym(RTLD_NEXT, name)

ssize_t write(int file, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  REAL("write");
  char path[PATH_MAX];
  if (!path_of(file, path)) return real(file, bytes, count);
  if (strikes("write", path)) { if (real(file, bytes, count / 2)) {} die(); }
  if (full) { errno = ENOSPC; return -1; }
  return real(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  REAL("pwrite64");
  char path[PATH_MAX];
  if (!path_of(file, path)) return real(file, bytes, count, at);
  if (strikes("write", path)) { if (real(file, bytes, count / 2, at)) {} die(); }
  if (full) { errno = ENOSPC; return -1; }
  return real(file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return pwrite64(file, bytes, count, at); }

int fsync(int file) {
  static int (*real)(int);
  REAL("fsync");
  char path[PATH_MAX];
  if (path_of(file, path) && strikes("fsync", path)) { real(file); die(); }
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  REAL("fdatasync");
  char path[PATH_MAX];
  if (path_of(file, path) && strikes("fsync", path)) { real(file); die(); }
  return real(file);
}

int rename(const char *from, const char *to) {
  static int (*real)(const char *, const char *);
  REAL("rename");
  if (inside(to) && strikes("rename", to)) { real(from, to); die(); }
  return real(from, to);
}

int unlink(const char *path) {
  static int (*real)(const char *);
  REAL("unlink");
  if (inside(path) && strikes("unlink", path)) { real(path); die(); }
  return real(path);
}

int ftruncate64(int file, off_t length) {
  static int (*real)(int, off_t);
  REAL("ftruncate64");
  char path[PATH_MAX];
  if (path_of(file, path) && strikes("truncate", path)) { real(file, length); die(); }
  return real(file, length);
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (!(flags & O_CREAT) || !inside(path)) return real(path, flags, mode);
  int struck = strikes("create", path);
  if (full) { errno = ENOSPC; return -1; }
  int file = real(path, flags, mode);
  if (struck) die();
  return file;
}

int open(const char *path, int flags, ...) {
  static int (*real)(const char *, int, ...);
  REAL("open");
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(real, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  static int (*real)(const char *, int, ...);
  REAL("open64");
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(real, path, flags, mode);
}
