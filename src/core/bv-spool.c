/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places count up from 0: those below the limit are in memory, the others in the file, less the limit. What one call writes is in one of both. */
#include "bv-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_SIZE (64 * 1024)

struct _BvSpool
{
  gsize limit;
  char *memory;
  gsize n_memory, size;
  gboolean failed;
  int fd;
  guint64 n_file;
};

BvSpool *
bv_spool_new (gsize memory)
{
  BvSpool *self = g_new0 (BvSpool, 1);

  self->limit = memory;
  self->fd = -1;
  return self;
}

void
bv_spool_free (BvSpool *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->memory);
  g_free (self);
}

/* Nobody else ever sees the file's name. */
static int
open_file (void)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
  const char *const folders[] = { cache, g_get_tmp_dir () };

  g_mkdir_with_parents (cache, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "belvedere-XXXXXX", NULL);
      int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

      if (fd < 0)
        continue;
      g_unlink (path);
      return fd;
    }
  return -1;
}

static gboolean
write_file (BvSpool *self, const char *data, gsize size)
{
  if (self->fd < 0)
    self->fd = open_file ();
  for (gsize done = 0; self->fd >= 0 && done < size;)
    {
      gssize n = pwrite (self->fd, data + done, size - done, (off_t) (self->n_file + done));

      if (n < 0 && errno != EINTR)
        return FALSE;
      done += (gsize) MAX (n, 0);
    }
  return self->fd >= 0;
}

guint64
bv_spool_write (BvSpool *self, gconstpointer data, gsize size)
{
  guint64 place;

  if (self->failed)
    return BV_SPOOL_NONE;
  if (self->n_file == 0 && self->n_memory + size <= self->limit)
    {
      if (self->n_memory + size > self->size)
        {
          self->size = MIN (MAX (self->size * 2, self->n_memory + size + FIRST_SIZE), self->limit);
          self->memory = g_realloc (self->memory, self->size);
        }
      place = self->n_memory;
      if (size > 0)
        memcpy (self->memory + place, data, size);
      self->n_memory += size;
      return place;
    }
  self->failed = !write_file (self, data, size);
  if (self->failed)
    return BV_SPOOL_NONE;
  place = self->limit + self->n_file;
  self->n_file += size;
  return place;
}

gboolean
bv_spool_read (BvSpool *self, guint64 place, gpointer data, gsize size)
{
  if (place < self->limit)
    {
      if (place > self->n_memory || size > self->n_memory - place)
        return FALSE;
      if (size > 0)
        memcpy (data, self->memory + place, size);
      return TRUE;
    }
  for (gsize done = 0; done < size;)
    {
      gssize n = pread (self->fd, (char *) data + done, size - done, (off_t) (place - self->limit + done));

      if (n == 0 || (n < 0 && errno != EINTR))
        return FALSE;
      done += (gsize) MAX (n, 0);
    }
  return TRUE;
}
