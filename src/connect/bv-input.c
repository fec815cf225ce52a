/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a file: inflated where it is gzip (by its first bytes, several members in a row too), and turned into UTF-8.
 * Bytes that the encoding does not have become U+FFFD. Memory does not depend on the size of the file. */
#include "config.h"

#include "bv-import-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define CHUNK (64 * 1024)

struct _BvInput
{
  GFileInputStream *file;
  GCancellable *cancellable;
  char *name;
  guint64 size;
  guint64 position;

  char raw[CHUNK];
  gsize raw_start, raw_end;
  gboolean raw_eof;

  GConverter *inflate; /* (nullable) */
  gboolean inflate_done;

  GIConv iconv;        /* (GIConv) -1 when the bytes pass as they are */
  gsize unit;          /* bytes of its smallest character */
  char encoded[CHUNK]; /* what iconv has not taken yet */
  gsize encoded_end;
  gboolean encoded_eof;

  gboolean at_start;   /* a byte order mark is still to be dropped */
};

void
bv_input_close (BvInput *self)
{
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->inflate);
  if (self->iconv != (GIConv) -1)
    g_iconv_close (self->iconv);
  g_free (self->name);
  g_free (self);
}

static gboolean
fill_raw (BvInput *self, GError **error)
{
  gssize n;

  if (self->raw_start > 0)
    {
      memmove (self->raw, self->raw + self->raw_start, self->raw_end - self->raw_start);
      self->raw_end -= self->raw_start;
      self->raw_start = 0;
    }
  if (self->raw_eof || self->raw_end == CHUNK)
    return TRUE;
  n = g_input_stream_read (G_INPUT_STREAM (self->file), self->raw + self->raw_end, CHUNK - self->raw_end, self->cancellable, error);
  if (n < 0)
    return FALSE;
  self->raw_eof = n == 0;
  self->raw_end += (gsize) n;
  self->position += (guint64) n;
  return TRUE;
}

static gboolean
is_gzip (BvInput *self)
{
  return self->raw_end - self->raw_start >= 2 && (guchar) self->raw[self->raw_start] == 0x1f &&
         (guchar) self->raw[self->raw_start + 1] == 0x8b;
}

static gboolean
set_broken_gzip (BvInput *self, GError **error)
{
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is compressed, but damaged or cut off: get the file again"), self->name);
  return FALSE;
}

static gssize
read_inflated (BvInput *self, char *buf, gsize size, GError **error)
{
  while (!self->inflate_done)
    {
      g_autoptr (GError) local = NULL;
      GConverterResult result;
      gsize n_read = 0, n_written = 0;

      if (self->raw_start == self->raw_end && !fill_raw (self, error))
        return -1;
      result = g_converter_convert (self->inflate, self->raw + self->raw_start, self->raw_end - self->raw_start, buf, size,
                                    self->raw_eof ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_read, &n_written, &local);
      if (result == G_CONVERTER_ERROR)
        {
          if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && !self->raw_eof)
            {
              if (!fill_raw (self, error))
                return -1;
              continue;
            }
          set_broken_gzip (self, error);
          return -1;
        }
      self->raw_start += n_read;
      if (result == G_CONVERTER_FINISHED)
        {
          /* Another member may follow; anything else is padding. */
          if (self->raw_end - self->raw_start < 2 && !fill_raw (self, error))
            return -1;
          g_converter_reset (self->inflate);
          self->inflate_done = !is_gzip (self);
        }
      if (n_written > 0)
        return (gssize) n_written;
    }
  return 0;
}

static gssize
read_encoded (BvInput *self, char *buf, gsize size, GError **error)
{
  gsize n;

  if (self->inflate != NULL)
    return read_inflated (self, buf, size, error);
  if (self->raw_start == self->raw_end && !fill_raw (self, error))
    return -1;
  n = MIN (size, self->raw_end - self->raw_start);
  memcpy (buf, self->raw + self->raw_start, n);
  self->raw_start += n;
  return (gssize) n;
}

static gssize
read_decoded (BvInput *self, char *buf, gsize size, GError **error)
{
  char *out = buf;
  gsize left = size;

  while (left == size)
    {
      char *in = self->encoded;
      gsize in_left;
      int saved;

      if (!self->encoded_eof && self->encoded_end < CHUNK)
        {
          gssize n = read_encoded (self, self->encoded + self->encoded_end, CHUNK - self->encoded_end, error);

          if (n < 0)
            return -1;
          self->encoded_eof = n == 0;
          self->encoded_end += (gsize) n;
        }
      if (self->encoded_end == 0)
        return 0;
      in_left = self->encoded_end;
      errno = 0;
      saved = g_iconv (self->iconv, &in, &in_left, &out, &left) == (gsize) -1 ? errno : 0;
      /* A bad byte, half of a pair, or half a character at the very end */
      if ((saved == EILSEQ || (saved == EINVAL && self->encoded_eof)) && left >= 3)
        {
          gsize bad = MIN (self->unit, in_left);

          memcpy (out, "\xef\xbf\xbd", 3);
          out += 3;
          left -= 3;
          in += bad;
          in_left -= bad;
        }
      memmove (self->encoded, in, in_left);
      self->encoded_end = in_left;
    }
  return (gssize) (size - left);
}

gssize
bv_input_read (gpointer data, char *buf, gsize size, GError **error)
{
  BvInput *self = data;
  gssize n;

  g_assert (size >= 16);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;
  n = self->iconv != (GIConv) -1 ? read_decoded (self, buf, size, error) : read_encoded (self, buf, size, error);
  if (self->at_start && n > 0)
    {
      self->at_start = FALSE;
      if (n >= 3 && memcmp (buf, "\xef\xbb\xbf", 3) == 0)
        {
          memmove (buf, buf + 3, (gsize) n - 3);
          n -= 3;
          if (n == 0)
            return bv_input_read (data, buf, size, error);
        }
    }
  return n;
}

guint64
bv_input_tell (BvInput *self)
{
  return self->position;
}

guint64
bv_input_size (BvInput *self)
{
  return self->size;
}

BvInput *
bv_input_open (const char *path, const char *encoding, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvInput) self = g_new0 (BvInput, 1);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  GStatBuf st;

  self->iconv = (GIConv) -1;
  self->name = g_filename_display_basename (path);
  if (g_stat (path, &st) != 0)
    {
      int saved = errno;

      g_set_error (error, BV_ERROR, saved == ENOENT || saved == ENOTDIR ? BV_ERROR_NOT_FOUND : BV_ERROR_FAILED,
                   saved == ENOENT || saved == ENOTDIR ? _("There is no file “%s”: check its name and folder")
                                                       : _("“%s” cannot be read: check its permissions"), self->name);
      return NULL;
    }
  if (S_ISDIR (st.st_mode) || !S_ISREG (st.st_mode))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, S_ISDIR (st.st_mode) ? _("“%s” is a folder: choose a file in it")
                                                                           : _("“%s” is not a regular file: choose another"),
                   self->name);
      return NULL;
    }
  self->size = (guint64) st.st_size;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->file = g_file_read (file, cancellable, &local);
  if (self->file == NULL)
    {
      if (local->code == G_IO_ERROR_CANCELLED)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be read (%s): check its permissions"), self->name,
                     local->message);
      return NULL;
    }
  if (encoding != NULL)
    {
      self->at_start = TRUE;
      if (g_ascii_strcasecmp (encoding, "UTF-8") != 0)
        {
          self->unit = g_ascii_strncasecmp (encoding, "UTF-16", 6) == 0 ? 2 : g_ascii_strncasecmp (encoding, "UTF-32", 6) == 0 ? 4 : 1;
          self->iconv = g_iconv_open ("UTF-8", encoding);
          if (self->iconv == (GIConv) -1)
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The encoding “%s” is not known: choose another"), encoding);
              return NULL;
            }
        }
    }
  if (!fill_raw (self, error))
    return NULL;
  if (is_gzip (self))
    self->inflate = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return g_steal_pointer (&self);
}

gssize
bv_memory_read (gpointer data, char *buf, gsize size, GError **error)
{
  BvMemory *memory = data;
  gsize n = MIN (size, memory->left);

  if (n > 0)
    memcpy (buf, memory->data, n);
  memory->data += n;
  memory->left -= n;
  return (gssize) n;
}
