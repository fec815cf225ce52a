/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of new files, sorted by stream, for the length of one sync.
 *
 * A sync looks at every line of a new file anyhow, to know the streams. What it finds goes into one temporary file, in blocks of one
 * stream and one source file each, packed by Zstandard; each stream then reads its own blocks instead of inflating every file again for
 * itself. A line keeps its number and the place behind it in the inflated file, so that a page written from here is continued from the
 * source file when the sync goes on in another process.
 *
 * The file has no name (it goes with the process) and lies in the cache folder. A source file in which a line cannot be read, or that
 * breaks off, is taken back: its streams read it themselves, and report what is wrong. So they do with what comes after MAX_BYTES, and
 * when there is no place to write to: the spool is a matter of speed only.
 */
#include "config.h"

#include "bv-segment-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define BLOCK_BYTES (64 * 1024)
#define LEVEL 1

typedef struct
{
  guint file;        /* number of the source file */
  gint64 at;         /* in the spool */
  guint32 packed, raw;
} Block;

typedef struct
{
  GString *lines;    /* of the block under way */
  GArray *blocks;    /* Block */
  guint kept;        /* blocks of source files that are whole */
} SpoolStream;

/* Before each line's text. */
typedef struct
{
  gint64 offset;     /* in the inflated file, behind the line */
  gint64 line;
  gint64 length;
} Head;

struct _BvSegmentSpool
{
  int fd;
  gint64 end, max_bytes;
  gboolean broken;   /* no more is written */
  guint n_files;
  GHashTable *files; /* id → number + 1, of those that are whole */
  GHashTable *streams; /* name → SpoolStream */
  ZSTD_CCtx *packer;
  char *packed;
};

struct _BvSegmentSpoolReader
{
  BvSegmentSpool *spool;
  const SpoolStream *stream; /* (nullable): no line of it */
  guint file, next_block;
  char *packed, *lines;
  gsize n_lines, at;
  gint64 offset, line;
};

static void
stream_free (gpointer data)
{
  SpoolStream *stream = data;

  g_string_free (stream->lines, TRUE);
  g_array_unref (stream->blocks);
  g_free (stream);
}

BvSegmentSpool *
bv_segment_spool_new (gint64 max_bytes)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
  g_autofree char *path = g_build_filename (folder, "spool-XXXXXX", NULL);
  BvSegmentSpool *self;
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return NULL;
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return NULL;
  g_unlink (path);
  self = g_new0 (BvSegmentSpool, 1);
  self->fd = fd;
  self->max_bytes = max_bytes;
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stream_free);
  self->packer = ZSTD_createCCtx ();
  self->packed = g_malloc (ZSTD_compressBound (BLOCK_BYTES));
  return self;
}

void
bv_segment_spool_free (BvSegmentSpool *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->streams);
  ZSTD_freeCCtx (self->packer);
  g_free (self->packed);
  g_free (self);
}

static void
write_block (BvSegmentSpool *self, SpoolStream *stream)
{
  Block block = { self->n_files, self->end, 0, (guint32) stream->lines->len };
  gsize bound = ZSTD_compressBound (stream->lines->len);
  g_autofree char *large = stream->lines->len > BLOCK_BYTES ? g_malloc (bound) : NULL;
  char *packed = large != NULL ? large : self->packed;
  gsize n = ZSTD_compressCCtx (self->packer, packed, bound, stream->lines->str, stream->lines->len, LEVEL);

  if (ZSTD_isError (n) || self->end + (gint64) n > self->max_bytes)
    self->broken = TRUE;
  for (gsize done = 0; !self->broken && done < n;)
    {
      gssize wrote = pwrite (self->fd, packed + done, n - done, self->end + (gint64) done);

      if (wrote > 0)
        done += (gsize) wrote;
      else if (wrote == 0 || errno != EINTR)
        self->broken = TRUE; /* the disk is full */
    }
  if (!self->broken)
    {
      block.packed = (guint32) n;
      g_array_append_val (stream->blocks, block);
      self->end += (gint64) n;
    }
  g_string_truncate (stream->lines, 0);
}

void
bv_segment_spool_add (BvSegmentSpool *self, const char *name, const char *text, gsize length, gint64 offset, gint64 line)
{
  Head head = { offset, line, (gint64) length };
  SpoolStream *stream;

  if (self->broken)
    return;
  stream = g_hash_table_lookup (self->streams, name);
  if (stream == NULL)
    {
      stream = g_new0 (SpoolStream, 1);
      stream->lines = g_string_new (NULL);
      stream->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
      g_hash_table_insert (self->streams, g_strdup (name), stream);
    }
  if (stream->lines->len > 0 && stream->lines->len + sizeof head + length > BLOCK_BYTES)
    write_block (self, stream);
  g_string_append_len (stream->lines, (const char *) &head, sizeof head);
  g_string_append_len (stream->lines, text, (gssize) length);
}

void
bv_segment_spool_end (BvSegmentSpool *self, const char *id, gboolean whole)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->streams);
  while (!self->broken && whole && g_hash_table_iter_next (&iter, NULL, &value))
    if (((SpoolStream *) value)->lines->len > 0)
      write_block (self, value);
  whole = whole && !self->broken;
  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SpoolStream *stream = value;

      g_string_truncate (stream->lines, 0);
      if (!whole)
        g_array_set_size (stream->blocks, stream->kept);
      stream->kept = stream->blocks->len;
    }
  if (whole)
    g_hash_table_insert (self->files, g_strdup (id), GUINT_TO_POINTER (self->n_files + 1));
  self->n_files++;
}

/* --- Reading ----------------------------------------------------------------------------------------------------------------------- */

BvSegmentSpoolReader *
bv_segment_spool_open (BvSegmentSpool *self, const char *stream, const char *id, gint64 offset)
{
  guint number = self != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->files, id)) : 0;
  BvSegmentSpoolReader *reader;
  guint low = 0, high;

  if (number == 0)
    return NULL;
  reader = g_new0 (BvSegmentSpoolReader, 1);
  reader->spool = self;
  reader->file = number - 1;
  reader->stream = g_hash_table_lookup (self->streams, stream);
  reader->offset = offset;
  /* Its first block. */
  high = reader->stream != NULL ? reader->stream->blocks->len : 0;
  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (reader->stream->blocks, Block, middle).file < reader->file)
        low = middle + 1;
      else
        high = middle;
    }
  reader->next_block = low;
  return reader;
}

void
bv_segment_spool_reader_free (BvSegmentSpoolReader *reader)
{
  if (reader == NULL)
    return;
  g_free (reader->packed);
  g_free (reader->lines);
  g_free (reader);
}

/* FALSE at the end, or when the block cannot be read: *broken. */
static gboolean
read_block (BvSegmentSpoolReader *reader, gboolean *broken)
{
  const Block *block;

  *broken = FALSE;
  if (reader->stream == NULL || reader->next_block >= reader->stream->blocks->len)
    return FALSE;
  block = &g_array_index (reader->stream->blocks, Block, reader->next_block);
  if (block->file != reader->file)
    return FALSE;
  reader->next_block++;
  reader->packed = g_realloc (reader->packed, block->packed);
  reader->lines = g_realloc (reader->lines, block->raw);
  reader->n_lines = block->raw;
  reader->at = 0;
  *broken = pread (reader->spool->fd, reader->packed, block->packed, block->at) != (gssize) block->packed ||
            ZSTD_decompress (reader->lines, block->raw, reader->packed, block->packed) != block->raw;
  return !*broken;
}

gboolean
bv_segment_spool_next (BvSegmentSpoolReader *reader, const char **text, gsize *length, gboolean *broken)
{
  Head head;

  *text = NULL;
  *broken = FALSE;
  while (reader->at < reader->n_lines || read_block (reader, broken))
    {
      memcpy (&head, reader->lines + reader->at, sizeof head);
      reader->at += sizeof head + (gsize) head.length;
      /* What the pages before this one had. */
      if (head.offset <= reader->offset)
        continue;
      reader->offset = head.offset;
      reader->line = head.line;
      *text = reader->lines + reader->at - head.length;
      *length = (gsize) head.length;
      return TRUE;
    }
  return FALSE;
}

gint64
bv_segment_spool_offset (const BvSegmentSpoolReader *reader)
{
  return reader->offset;
}

gint64
bv_segment_spool_line (const BvSegmentSpoolReader *reader)
{
  return reader->line;
}
