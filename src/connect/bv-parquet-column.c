/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column chunk of a Parquet file as a stream of entries.
 *
 * Pages are read one after another, each as a whole, and decoded as their entries are asked for: a column takes the memory of
 * its largest page and of its dictionary. An entry is a repetition level, a definition level and, where the latter is the
 * leaf's own, a value. Sizes that a header claims are checked against the file and against limits before memory is taken.
 */
#include "config.h"

#include "bv-parquet-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_HEADER 1024
#define MAX_HEADER (16 * 1024 * 1024)
/* A page is usually of one MB. */
#define MAX_PAGE (512 * 1024 * 1024)
/* What all columns of a file may take together. */
#define MAX_MEMORY (G_GUINT64_CONSTANT (1) << 30)
#define MAX_PAGE_VALUES (1 << 28)
/* Compressed data hardly shrinks more than this; what does is not believed before its memory is taken. */
#define MAX_RATIO 100000

gboolean
bv_pq_file_set_damaged (const char *name, const char *what, GError **error)
{
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is damaged or cut off (%s): get the file again"), name, what);
  return FALSE;
}

gboolean
bv_pq_file_read (BvPqFile *self, guint64 offset, guint8 *buf, gsize size, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (offset > self->size || size > self->size - offset)
    return bv_pq_file_set_damaged (self->name, _("it ends too early"), error);
  while (size > 0)
    {
      ssize_t n = pread (self->fd, buf, size, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return bv_pq_file_set_damaged (self->name, n < 0 ? g_strerror (errno) : _("it ends too early"), error);
      buf += n;
      offset += (guint64) n;
      size -= (gsize) n;
    }
  return TRUE;
}

void
bv_pq_column_init (BvPqColumn *self, const BvPqNode *node, BvPqFile *file)
{
  memset (self, 0, sizeof *self);
  self->node = node;
  self->file = file;
  self->values.type = node->type;
  self->values.fixed_length = node->fixed_length;
}

void
bv_pq_column_clear (BvPqColumn *self)
{
  g_free (self->buffer);
  g_free (self->compressed);
  g_free (self->dictionary_data);
  g_free (self->dictionary);
  if (self->values.last != NULL)
    g_byte_array_unref (self->values.last);
}

static gboolean
set_broken (BvPqColumn *self, GError **error)
{
  g_autofree char *what = g_strdup_printf (_("the values of “%s” make no sense"), self->node->name);

  return bv_pq_file_set_damaged (self->file->name, what, error);
}

gboolean
bv_pq_column_begin (BvPqColumn *self, const BvPqChunk *chunk, GError **error)
{
  const char *codec = bv_pq_codec_problem (chunk->codec);

  if (codec != NULL || chunk->external)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                   codec != NULL ? _("“%s” is compressed with %s, which cannot be read: write it with Zstandard or Snappy")
                                 : _("“%s” keeps its columns in other files: write it as one file"),
                   self->file->name, codec);
      return FALSE;
    }
  self->chunk = *chunk;
  self->left = chunk->n_values;
  self->in_page = 0;
  self->n_dictionary = 0;
  self->peeked = FALSE;
  if (chunk->start < 4 || chunk->size < 0 || chunk->n_values < 0 || (guint64) chunk->start > self->file->size)
    return set_broken (self, error);
  self->offset = (guint64) chunk->start;
  self->end = MIN (self->file->size, self->offset + (guint64) chunk->size);
  return TRUE;
}

static gboolean
ensure (BvPqColumn *self, guint8 **buffer, gsize *allocated, gsize size)
{
  if (size > *allocated || *buffer == NULL)
    {
      guint8 *grown;

      if (self->file->memory - *allocated + size > MAX_MEMORY || (grown = g_try_realloc (*buffer, size + 1)) == NULL)
        return FALSE;
      self->file->memory += size - *allocated;
      *buffer = grown;
      *allocated = size;
    }
  return TRUE;
}

static gboolean
read_header (BvPqColumn *self, BvPqPage *page, GError **error)
{
  for (gsize window = FIRST_HEADER; self->offset < self->end && window <= MAX_HEADER; window *= 8)
    {
      gsize size = MIN (window, self->end - self->offset), used;

      if (!ensure (self, &self->compressed, &self->compressed_allocated, size))
        break;
      if (!bv_pq_file_read (self->file, self->offset, self->compressed, size, error))
        return FALSE;
      if (bv_pq_page_parse (self->compressed, size, page, &used))
        {
          self->offset += used;
          if (page->size < 0 || page->compressed_size < 0 || page->size > MAX_PAGE || page->compressed_size > MAX_PAGE ||
              (guint64) page->compressed_size > self->end - self->offset ||
              page->size / MAX_RATIO > page->compressed_size || page->n_values < (page->type == 1 ? -1 : 0) ||
              page->n_values > MAX_PAGE_VALUES)
            return set_broken (self, error);
          return TRUE;
        }
      if (size < window)
        break;
    }
  return set_broken (self, error);
}

/* The bytes of the page in *data; @plain_prefix bytes of them are never compressed (levels of v2). */
static gboolean
read_page (BvPqColumn *self, const BvPqPage *page, gsize plain_prefix, gboolean compressed, guint8 **data, GError **error)
{
  gsize size = (gsize) page->size, stored = (gsize) page->compressed_size;
  gsize n = MIN (plain_prefix, MIN (size, stored));

  if (!ensure (self, &self->compressed, &self->compressed_allocated, stored) || !ensure (self, &self->buffer, &self->allocated, size))
    return set_broken (self, error);
  if (!bv_pq_file_read (self->file, self->offset, self->compressed, stored, error))
    return FALSE;
  self->offset += stored;
  memcpy (self->buffer, self->compressed, n);
  if (!compressed && size != stored)
    return set_broken (self, error);
  /* A page of nulls only has nothing to inflate. */
  if (size > n || (!compressed && stored > n))
    if (!bv_pq_decompress (compressed ? self->chunk.codec : 0, self->compressed + n, stored - n, self->buffer + n, size - n))
      return set_broken (self, error);
  *data = self->buffer;
  return TRUE;
}

static gboolean
read_dictionary (BvPqColumn *self, const BvPqPage *page, GError **error)
{
  BvPqValues values = { .encoding = BV_PQ_PLAIN, .type = self->node->type, .fixed_length = self->node->fixed_length };
  gsize least = self->node->type == BV_PQ_FIXED ? 1 : 4;
  guint8 *data;

  if (self->node->type == BV_PQ_BOOLEAN || (gsize) page->n_values > (gsize) page->size / least)
    return set_broken (self, error);
  self->file->memory -= self->dictionary_memory;
  self->dictionary_memory = 0;
  if (!read_page (self, page, 0, TRUE, &data, error))
    return FALSE;
  /* The page becomes the dictionary's; the next one takes a buffer of its own. */
  g_free (self->dictionary_data);
  self->dictionary_data = g_steal_pointer (&self->buffer);
  self->dictionary_memory = self->allocated + ((gsize) page->n_values + 1) * sizeof (BvPqRaw);
  self->file->memory += self->dictionary_memory - self->allocated;
  self->allocated = 0;
  self->n_dictionary = 0;
  g_free (self->dictionary);
  self->dictionary = self->file->memory <= MAX_MEMORY ? g_try_new (BvPqRaw, (gsize) page->n_values + 1) : NULL;
  if (self->dictionary == NULL || !bv_pq_values_init (&values, data, data + page->size, (gsize) page->n_values))
    return set_broken (self, error);
  for (gint64 i = 0; i < page->n_values; i++)
    if (!bv_pq_values_next (&values, &self->dictionary[i]))
      return set_broken (self, error);
  self->n_dictionary = (guint) page->n_values;
  return TRUE;
}

static guint
width_of (guint max)
{
  return max == 0 ? 0 : g_bit_storage (max);
}

/* Levels of v1: their length, then their runs. */
static gboolean
take_levels (BvPqRle *levels, const guint8 **p, const guint8 *end, guint max, int encoding)
{
  guint32 length;

  if (max == 0)
    {
      /* Runs without bits: zeros for ever. */
      bv_pq_rle_init (levels, *p, *p, 0);
      levels->run = G_MAXUINT64;
      return TRUE;
    }
  if (encoding != BV_PQ_RLE || end - *p < 4)
    return FALSE;
  memcpy (&length, *p, 4);
  length = GUINT32_FROM_LE (length);
  *p += 4;
  if (length > (gsize) (end - *p))
    return FALSE;
  bv_pq_rle_init (levels, *p, *p + length, width_of (max));
  *p += length;
  return TRUE;
}

static gboolean
read_data (BvPqColumn *self, const BvPqPage *page, GError **error)
{
  gboolean second = page->type == 3;
  const guint8 *p, *end;
  guint8 *data;

  if (second && (page->def_length < 0 || page->rep_length < 0 || page->rep_length > page->size ||
                 page->def_length > page->size - page->rep_length))
    return set_broken (self, error);
  if (!read_page (self, page, second ? (gsize) (page->def_length + page->rep_length) : 0, !second || page->is_compressed, &data, error))
    return FALSE;
  p = data;
  end = data + page->size;
  if (second)
    {
      take_levels (&self->reps, &p, p, 0, 0);
      take_levels (&self->defs, &p, p, 0, 0);
      if (self->node->max_rep > 0)
        bv_pq_rle_init (&self->reps, p, p + page->rep_length, width_of (self->node->max_rep));
      p += page->rep_length;
      if (self->node->max_def > 0)
        bv_pq_rle_init (&self->defs, p, p + page->def_length, width_of (self->node->max_def));
      p += page->def_length;
    }
  else if (!take_levels (&self->reps, &p, end, self->node->max_rep, page->rep_encoding) ||
           !take_levels (&self->defs, &p, end, self->node->max_def, page->def_encoding))
    return set_broken (self, error);
  self->values.encoding = (BvPqEncoding) page->encoding;
  self->values.dictionary = self->dictionary;
  self->values.n_dictionary = self->n_dictionary;
  if (!bv_pq_values_init (&self->values, p, end, (gsize) page->n_values))
    return set_broken (self, error);
  self->in_page = page->n_values;
  self->left -= page->n_values;
  return TRUE;
}

/* Reads pages up to one that has values. */
static gboolean
next_page (BvPqColumn *self, GError **error)
{
  while (self->in_page == 0 && self->left > 0)
    {
      BvPqPage page;

      if (!read_header (self, &page, error))
        return FALSE;
      if (page.type == 2 ? !read_dictionary (self, &page, error)
                         : (page.type == 0 || page.type == 3) && !read_data (self, &page, error))
        return FALSE;
      if (page.type != 0 && page.type != 2 && page.type != 3)
        self->offset += (guint64) page.compressed_size;
    }
  return TRUE;
}

gboolean
bv_pq_column_peek (BvPqColumn *self, gboolean *any, GError **error)
{
  *any = TRUE;
  if (self->peeked)
    return TRUE;
  if (self->in_page == 0)
    {
      if (!next_page (self, error))
        return FALSE;
      if (self->in_page == 0)
        {
          *any = FALSE;
          return TRUE;
        }
    }
  if (!bv_pq_rle_next (&self->reps, &self->rep) || !bv_pq_rle_next (&self->defs, &self->def) || self->rep > self->node->max_rep ||
      self->def > self->node->max_def)
    return set_broken (self, error);
  self->in_page--;
  self->peeked = TRUE;
  return TRUE;
}

gboolean
bv_pq_column_take (BvPqColumn *self, BvPqRaw *value, GError **error)
{
  g_assert (self->peeked);
  self->peeked = FALSE;
  if (self->def == self->node->max_def && !bv_pq_values_next (&self->values, value))
    return set_broken (self, error);
  return TRUE;
}
