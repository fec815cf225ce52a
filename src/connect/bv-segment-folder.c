/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of raw logs: any depth of folders, files of JSON lines, gzipped or not. A file is known by its path, size and time of change
 * (64 bits of their SHA-256), so that one that is copied anew or grows is read again. */
#include "config.h"

#include "bv-segment-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 12
#define CHUNK (256 * 1024)
#define ID_LENGTH 11

static void
file_free (gpointer data)
{
  BvSegmentFile *file = data;

  g_free (file->path);
  g_free (file);
}

static gboolean
is_log (const char *name)
{
  static const char *const endings[] = { ".gz", ".json", ".ndjson", ".jsonl" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      return TRUE;
  return FALSE;
}

static void
make_id (BvSegmentFile *file, const struct stat *st)
{
  g_autofree char *text = g_strdup_printf ("%s\x1f%" PRId64 "\x1f%" PRId64 ".%09" PRId64, file->path, (gint64) st->st_size,
                                           (gint64) st->st_mtim.tv_sec, (gint64) st->st_mtim.tv_nsec);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *encoded = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_get_digest (checksum, digest, &length);
  encoded = g_base64_encode (digest, 8);
  memcpy (file->id, encoded, ID_LENGTH);
  file->id[ID_LENGTH] = '\0';
}

static gboolean
list_folder (const char *root, const char *relative, int depth, GPtrArray *files, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = *relative != '\0' ? g_build_filename (root, relative, NULL) : g_strdup (root);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &local);
  const char *name;

  if (dir == NULL)
    {
      gboolean missing = g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_autofree char *display = g_filename_display_name (path);

      g_set_error (error, BV_ERROR, missing ? BV_ERROR_NOT_FOUND : BV_ERROR_FAILED,
                   missing ? _("The folder “%s” does not exist: choose another") : _("The folder “%s” cannot be read: check its permissions"), display);
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = *relative != '\0' ? g_build_filename (relative, name, NULL) : g_strdup (name);
      g_autofree char *whole = g_build_filename (root, inner, NULL);
      struct stat st;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      /* Links to folders are not followed, for they may lead round in circles. */
      if (name[0] == '.' || lstat (whole, &st) != 0)
        continue;
      if (S_ISDIR (st.st_mode))
        {
          if (depth < MAX_DEPTH && !list_folder (root, inner, depth + 1, files, cancellable, error))
            return FALSE;
        }
      else if (is_log (name) && stat (whole, &st) == 0 && S_ISREG (st.st_mode) && st.st_size > 0)
        {
          BvSegmentFile *file = g_new0 (BvSegmentFile, 1);

          file->path = g_steal_pointer (&inner);
          file->size = st.st_size;
          make_id (file, &st);
          g_ptr_array_add (files, file);
        }
    }
  return TRUE;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const BvSegmentFile *const *) a)->path, (*(const BvSegmentFile *const *) b)->path);
}

GPtrArray *
bv_segment_list_files (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);

  if (!list_folder (folder, "", 1, files, cancellable, error))
    return NULL;
  g_ptr_array_sort (files, compare_files);
  return g_steal_pointer (&files);
}

GHashTable *
bv_segment_set_read (const char *text)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize length = text != NULL ? strlen (text) : 0; length >= ID_LENGTH; length -= ID_LENGTH, text += ID_LENGTH)
    g_hash_table_add (set, g_strndup (text, ID_LENGTH));
  return set;
}

char *
bv_segment_set_write (GHashTable *set)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (set), (GCompareFunc) strcmp);
  GString *text = g_string_new (NULL);

  for (GList *l = ids; l != NULL; l = l->next)
    g_string_append (text, l->data);
  return g_string_free (text, FALSE);
}

/* --- Lines ------------------------------------------------------------------------------------------------------------------------- */

struct _BvSegmentReader
{
  BvInput *input;
  char *chunk;
  gsize pos, end;
  GString *rest; /* a line that began in the chunk before */
  gint64 offset, line;
  gboolean eof;
};

void
bv_segment_reader_free (BvSegmentReader *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->input, bv_input_close);
  g_free (self->chunk);
  g_string_free (self->rest, TRUE);
  g_free (self);
}

static gboolean
fill (BvSegmentReader *self, GError **error)
{
  gssize n = bv_input_read (self->input, self->chunk, CHUNK, error);

  if (n < 0)
    return FALSE;
  self->pos = 0;
  self->end = (gsize) n;
  self->eof = n == 0;
  return TRUE;
}

BvSegmentReader *
bv_segment_reader_open (const char *path, gint64 offset, gint64 line, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvSegmentReader) self = g_new0 (BvSegmentReader, 1);

  self->chunk = g_malloc (CHUNK);
  self->rest = g_string_new (NULL);
  self->input = bv_input_open (path, NULL, cancellable, error);
  if (self->input == NULL)
    return NULL;
  self->offset = offset;
  self->line = line;
  while (offset > 0 && !self->eof)
    {
      if (!fill (self, error))
        return NULL;
      self->pos = (gsize) MIN ((gint64) self->end, offset);
      offset -= (gint64) self->pos;
    }
  return g_steal_pointer (&self);
}

gboolean
bv_segment_reader_next (BvSegmentReader *self, const char **text, gsize *length, GError **error)
{
  g_string_truncate (self->rest, 0);
  while (TRUE)
    {
      const char *start, *newline;
      gsize n;

      if (self->pos == self->end && !self->eof && !fill (self, error))
        return FALSE;
      if (self->eof && self->rest->len == 0)
        {
          *text = NULL;
          *length = 0;
          return TRUE;
        }
      start = self->chunk + self->pos;
      newline = self->eof ? start : memchr (start, '\n', self->end - self->pos);
      n = newline != NULL ? (gsize) (newline - start) : self->end - self->pos;
      if (newline == NULL || self->rest->len > 0)
        g_string_append_len (self->rest, start, (gssize) n);
      self->pos += n;
      if (self->rest->len > BV_IMPORT_MAX_ROW)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("Line %" PRId64 " is longer than 64 MB: correct the file"), self->line + 1);
          return FALSE;
        }
      if (newline == NULL)
        continue;
      *text = self->rest->len > 0 ? self->rest->str : start;
      *length = self->rest->len > 0 ? self->rest->len : n;
      self->offset += (gint64) *length;
      if (!self->eof)
        {
          self->pos++;
          self->offset++;
        }
      self->line++;
      if (*length > 0 && (*text)[*length - 1] == '\r')
        (*length)--;
      for (n = 0; n < *length && g_ascii_isspace ((*text)[n]); n++)
        ;
      if (n < *length)
        return TRUE;
      g_string_truncate (self->rest, 0);
    }
}

gint64
bv_segment_reader_offset (const BvSegmentReader *self)
{
  return self->offset;
}

gint64
bv_segment_reader_line (const BvSegmentReader *self)
{
  return self->line;
}
