/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock against a second writer.
 *
 * SQLite's own locks are held for the length of a transaction; the undo history wants one writer for as long as a window
 * is open. So the writer holds flock() on "FILE-lock" beside the project, whose text says who it is: user, host and
 * process. The kernel lets go of the lock when the process ends in whatever way; a file that a crash left behind is
 * simply taken over. A clean end removes the file while still holding the lock; whoever opened it in that moment notices
 * that its name is gone and starts over.
 */
#include "config.h"

#include "bv-project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
describe_holder (int fd)
{
  char text[512];
  gssize n = pread (fd, text, sizeof text - 1, 0);
  g_auto (GStrv) lines = NULL;

  text[MAX (n, 0)] = '\0';
  lines = g_strsplit (text, "\n", -1);
  if (!g_utf8_validate (text, -1, NULL) || g_strv_length (lines) < 3)
    return g_strdup (_("Another program has the project open: it can only be read until that program closes it"));
  return g_strdup_printf (_("%s on %s (process %s) has the project open: it can only be read until they close it"),
                          lines[0], lines[1], lines[2]);
}

static gboolean
is_same_file (int fd, const char *path)
{
  struct stat held, named;

  return fstat (fd, &held) == 0 && stat (path, &named) == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

int
bv_lock_take (const char *db_path, char **lock_path, char **reason)
{
  g_autofree char *path = g_strconcat (db_path, "-lock", NULL);

  for (int attempt = 0; attempt < 100; attempt++)
    {
      g_autofree char *text = NULL;
      int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

      if (fd < 0)
        {
          /* Another user's lock file may be readable only; its holder still is worth naming. */
          int reading = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

          if (reading >= 0 && flock (reading, LOCK_EX | LOCK_NB) != 0)
            *reason = describe_holder (reading);
          else
            *reason = g_strdup_printf (_("The project's folder cannot be written (%s): the project can only be read"),
                                       g_strerror (errno));
          if (reading >= 0)
            close (reading);
          return -1;
        }
      if (flock (fd, LOCK_EX | LOCK_NB) != 0)
        {
          gboolean unsupported = errno != EWOULDBLOCK && errno != EINTR;

          *reason = unsupported ? g_strdup_printf (_("The project cannot be locked (%s): it can only be read"), g_strerror (errno))
                                : describe_holder (fd);
          close (fd);
          return -1;
        }
      if (!is_same_file (fd, path))
        {
          close (fd);
          continue;
        }
      text = g_strdup_printf ("%s\n%s\n%ld\n", g_get_user_name (), g_get_host_name (), (long) getpid ());
      if (ftruncate (fd, 0) != 0 || pwrite (fd, text, strlen (text), 0) != (gssize) strlen (text))
        {
          *reason = g_strdup_printf (_("The project's folder cannot be written (%s): the project can only be read"),
                                     g_strerror (errno));
          unlink (path);
          close (fd);
          return -1;
        }
      *lock_path = g_steal_pointer (&path);
      return fd;
    }
  *reason = g_strdup (_("Another program has the project open: it can only be read until that program closes it"));
  return -1;
}

void
bv_lock_release (int fd, const char *lock_path)
{
  if (fd < 0)
    return;
  if (is_same_file (fd, lock_path))
    unlink (lock_path);
  close (fd);
}
