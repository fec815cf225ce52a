/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache file.
 *
 *   magic, format, byte order mark, sizes, checksum of the directory              64 bytes
 *   directory: identity and column names, each with its NUL                       padded to 64
 *              one fixed record about the rows' order, and one per column
 *              a checksum for every block of 256 KiB of what follows              padded to 64
 *   the arrays, in the order of the records' places                               each aligned to 64
 *
 * Opening reads the header and the directory, which are a few kilobytes, and checks that every array lies in the file and has the size that its column
 * needs. The arrays are mapped and not looked at: bv_encoded_table_verify() does that when a query first asks for a column (bv-encoded-verify.c).
 *
 * Nothing in a file is believed: header and directory have a checksum, the arrays one per block, and what the checksums cannot tell, that codes are below
 * the dictionaries' lengths and texts end where they should, is checked too, so that even a file made to deceive cannot lead outside it. A file that fails
 * is no file. The checksum mixes eight bytes at a time in four lanes by steps that can each be undone, so that any one changed word changes it.
 *
 * Writing goes to a file of another name, which takes the place of the old one when it is complete. A process that is killed leaves the old file, and one
 * that nobody reads. Files are never changed in place: what is mapped stays as it was.
 *
 * Cost: writing, once through the page cache; opening, under a millisecond whatever the size.
 */
#include "config.h"

#include "bv-encoded-file.h"
#include "bv-encoded-private.h"
#include "bv-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef BvFileHeader Header;
typedef BvFileRecord Record;

void
bv_file_checksum_add (BvFileChecksum *self, const void *data, gsize size)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  const char *bytes = data;
  guint64 word, lanes[4]; /* in registers: for all the compiler knows, @data may be the lanes */

  memcpy (lanes, self->lanes, sizeof lanes);
  for (gsize i = 0; i < size; i += 32)
    {
      /* Processors look ahead within a page only; this is a third faster where the bytes come from memory. */
      __builtin_prefetch (bytes + i + 2048);
      for (guint l = 0; l < 4; l++)
        {
          memcpy (&word, bytes + i + 8 * l, 8);
          word = (lanes[l] ^ word) * prime;
          lanes[l] = word << 31 | word >> 33;
        }
    }
  memcpy (self->lanes, lanes, sizeof lanes);
}

guint64
bv_file_checksum_end (const BvFileChecksum *self)
{
  guint64 sum = self->lanes[0];

  for (guint l = 1; l < 4; l++)
    sum = (sum << 17 ^ sum >> 47 ^ self->lanes[l]) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return sum;
}

static guint64
align (guint64 place)
{
  return (place + BV_FILE_ALIGN - 1) / BV_FILE_ALIGN * BV_FILE_ALIGN;
}

/* --- Writing ---------------------------------------------------------------------------------------------------------------------- */

static const void *
column_array_of (BvEncodedTable *table, const BvEncodedColumn *column, guint array, guint64 *size)
{
  *size = 0;
  if (!column->sound)
    return NULL;
  switch (array)
    {
    case BV_ARRAY_CODES:
      *size = table->n_rows * column->width;
      return column->codes;
    case BV_ARRAY_TIMES:
      *size = table->n_rows * column->time_width;
      return column->times;
    case BV_ARRAY_INTS:
      if (column->coding != BV_CODING_INTS && column->coding != BV_CODING_DOUBLES)
        return NULL;
      *size = (column->n_codes - 1) * 8;
      return column->coding == BV_CODING_INTS ? (const void *) column->ints : column->doubles;
    case BV_ARRAY_OFFSETS:
      *size = column->coding == BV_CODING_TEXTS ? column->n_codes * 8 : 0;
      return column->offsets;
    case BV_ARRAY_TEXTS:
      *size = column->coding == BV_CODING_TEXTS ? column->offsets[column->n_codes - 1] : 0;
      return column->texts;
    case BV_ARRAY_DAY_STARTS:
      *size = column->coding == BV_CODING_INSTANTS ? (column->n_codes + 1) * 8 : 0;
      return column->day_starts;
    case BV_ARRAY_ZONE_MIN:
    case BV_ARRAY_ZONE_MAX:
    default:
      *size = table->n_segments * sizeof (guint32);
      return array == BV_ARRAY_ZONE_MIN ? column->zone_min : column->zone_max;
    }
}

static const void *
order_array_of (BvEncodedTable *table, guint array, guint64 *size)
{
  *size = 0;
  switch (array)
    {
    case BV_ARRAY_ROW_IDS:
      *size = table->n_rows * table->id_width;
      return table->row_ids;
    case BV_ARRAY_RUN_IDS:
      *size = table->n_runs * sizeof (gint64);
      return table->run_ids;
    case BV_ARRAY_RUN_ROWS:
      *size = table->n_runs * sizeof (guint32);
      return table->run_rows;
    default:
      return NULL;
    }
}

static const void *
array_of (BvEncodedTable *table, guint record, guint array, guint64 *size)
{
  return record == 0 ? order_array_of (table, array, size) : column_array_of (table, &table->columns[record - 1], array, size);
}

static gboolean
write_all (int fd, const void *data, gsize size)
{
  const char *bytes = data;

  while (size > 0)
    {
      gssize n = write (fd, bytes, MIN (size, 1 << 28));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      bytes += n;
      size -= (gsize) n;
    }
  return TRUE;
}

/* A stream of pieces, each padded to the alignment: into the file, or into the blocks' checksums. */
typedef struct
{
  int fd;              /* −1: only checksums */
  guint64 *sums;
  guint64 n_done;      /* bytes of the arrays */
  BvFileChecksum sum;  /* of the present block */
} Stream;

static gboolean
put (Stream *self, const void *data, gsize size)
{
  const char *bytes = data;

  if (self->fd >= 0)
    return write_all (self->fd, data, size);
  while (size > 0)
    {
      gsize n = (gsize) MIN (size, BV_FILE_BLOCK - self->n_done % BV_FILE_BLOCK);

      bv_file_checksum_add (&self->sum, bytes, n);
      bytes += n;
      size -= n;
      self->n_done += n;
      if (self->n_done % BV_FILE_BLOCK == 0)
        {
          self->sums[self->n_done / BV_FILE_BLOCK - 1] = bv_file_checksum_end (&self->sum);
          self->sum = (BvFileChecksum) BV_FILE_CHECKSUM_INIT;
        }
    }
  return TRUE;
}

static gboolean
put_padded (Stream *self, const void *data, gsize size)
{
  gsize whole = size / BV_FILE_ALIGN * BV_FILE_ALIGN;
  char tail[BV_FILE_ALIGN] = { 0 };

  if (size > whole)
    memcpy (tail, (const char *) data + whole, size - whole);
  return put (self, data, whole) && (size == whole || put (self, tail, BV_FILE_ALIGN));
}

static gboolean
put_arrays (BvEncodedTable *self, Stream *stream)
{
  for (guint i = 0; i <= self->n_columns; i++)
    for (guint a = 0; a < BV_N_ARRAYS; a++)
      {
        guint64 size;
        const void *data = array_of (self, i, a, &size);

        if (size > 0 && !put_padded (stream, data, size))
          return FALSE;
      }
  return TRUE;
}

/* Names, records with the places of their arrays, and room for the checksums. Returns its size, a multiple of the alignment. */
static guint64
make_directory (BvEncodedTable *self, const char *identity, GByteArray *directory, Header *header, guint64 *sums)
{
  guint n_records = self->n_columns + 1;
  g_autofree Record *records = g_new0 (Record, n_records);
  guint64 records_place, place = 0, n_blocks, data;

  g_byte_array_append (directory, (const guint8 *) identity, (guint) strlen (identity) + 1);
  for (guint i = 0; i < self->n_columns; i++)
    g_byte_array_append (directory, (const guint8 *) self->columns[i].name, (guint) strlen (self->columns[i].name) + 1);
  header->names_size = directory->len;
  records_place = align (directory->len);
  records[0] = (Record){ (guint32) (self->order + 1), 0, 1, self->id_width, 0, 0, self->n_runs, self->id_base, 0 };
  for (guint i = 0; i < n_records; i++)
    {
      if (i > 0)
        {
          const BvEncodedColumn *column = &self->columns[i - 1];

          records[i] = (Record){ column->type, column->coding, column->sound != 0, column->width, column->scale, column->time_width,
                                 column->n_codes, column->base, column->time_unit };
        }
      for (guint a = 0; a < BV_N_ARRAYS; a++)
        {
          array_of (self, i, a, &records[i].arrays[a].size);
          records[i].arrays[a].place = place;
          place = align (place + records[i].arrays[a].size);
        }
    }
  n_blocks = (place + BV_FILE_BLOCK - 1) / BV_FILE_BLOCK;
  *sums = records_place + n_records * sizeof (Record);
  data = align (*sums + n_blocks * sizeof (guint64));
  for (guint i = 0; i < n_records; i++)
    for (guint a = 0; a < BV_N_ARRAYS; a++)
      records[i].arrays[a].place += sizeof *header + data;
  g_byte_array_set_size (directory, (guint) data);
  memset (directory->data + header->names_size, 0, data - header->names_size);
  memcpy (directory->data + records_place, records, n_records * sizeof (Record));
  header->size = sizeof *header + data + place;
  return data;
}

/* Goes over the table twice: for the checksums, which stand in front, and for the file. */
static gboolean
fill_file (BvEncodedTable *self, int fd, const char *identity)
{
  g_autoptr(GByteArray) directory = g_byte_array_new ();
  Header header = { BV_FILE_MAGIC, BV_FILE_FORMAT, BV_FILE_ORDER };
  BvFileChecksum sum = BV_FILE_CHECKSUM_INIT;
  Stream stream = { -1, NULL, 0, BV_FILE_CHECKSUM_INIT };
  guint64 sums, size;

  header.n_rows = self->n_rows;
  header.n_columns = self->n_columns;
  size = make_directory (self, identity, directory, &header, &sums);
  stream.sums = (guint64 *) (void *) (directory->data + sums);
  put_arrays (self, &stream);
  if (stream.n_done % BV_FILE_BLOCK != 0)
    stream.sums[stream.n_done / BV_FILE_BLOCK] = bv_file_checksum_end (&stream.sum);
  bv_file_checksum_add (&sum, &header.size, sizeof header - offsetof (Header, size));
  bv_file_checksum_add (&sum, directory->data, size);
  header.checksum = bv_file_checksum_end (&sum);
  stream.fd = fd;
  return write_all (fd, &header, sizeof header) && write_all (fd, directory->data, size) && put_arrays (self, &stream);
}

gboolean
bv_encoded_table_save (BvEncodedTable *self, const char *path, const char *identity, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp (temporary);
  gboolean ok;

  if (fd >= 0)
    {
      ok = fill_file (self, fd, identity);
      ok = close (fd) == 0 && ok && g_rename (temporary, path) == 0;
      if (ok)
        return TRUE;
      g_unlink (temporary);
    }
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The cache file “%s” could not be written: make room on the disk, or check the folder's permissions"), path);
  return FALSE;
}

/* --- Reading ---------------------------------------------------------------------------------------------------------------------- */

void
bv_encoded_file_free (BvEncodedFile *file)
{
  if (file == NULL)
    return;
  g_clear_pointer (&file->map, g_mapped_file_unref);
  g_mutex_clear (&file->mutex);
  g_free (file->path);
  g_free (file->directory);
  g_free (file->block_states);
  g_free (file->record_states);
  g_free (file->time_states);
  g_free (file);
}

/* The array of a record, when it has the size that the column needs; that it lies in the file is known. */
static gboolean
take_array (const BvEncodedFile *file, const Record *record, guint array, guint64 size, void *out)
{
  if (record->arrays[array].size != size)
    return FALSE;
  *(void **) out = g_mapped_file_get_contents (file->map) + (size > 0 ? record->arrays[array].place : 0);
  return TRUE;
}

static gboolean
is_width (guint32 width)
{
  return width == 1 || width == 2 || width == 4;
}

/* Whether a column of the type can have the coding, so that each value is one of the type. */
static gboolean
is_coding_of (const Record *record)
{
  switch (record->type)
    {
    case BV_TYPE_TEXT:
      return record->coding == BV_CODING_TEXTS;
    case BV_TYPE_TIMESTAMP:
      return record->coding == BV_CODING_INSTANTS;
    case BV_TYPE_DOUBLE:
      return record->coding == BV_CODING_OFFSET || record->coding == BV_CODING_DOUBLES;
    case BV_TYPE_DATE:
      return record->coding == BV_CODING_INTS ||
             (record->coding == BV_CODING_OFFSET && ABS (record->base) < BV_FILE_MAX_DAY && record->n_codes < BV_FILE_MAX_DAY);
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
      return record->coding == BV_CODING_OFFSET || record->coding == BV_CODING_INTS;
    default:
      return FALSE;
    }
}

static gboolean
open_column (BvEncodedTable *table, BvEncodedColumn *column, const BvEncodedFile *file, const Record *record)
{
  guint64 n = record->n_codes;

  if (record->type > BV_TYPE_TIMESTAMP || record->coding > BV_CODING_INSTANTS || record->sound > 1)
    return FALSE;
  column->type = (BvType) record->type;
  column->coding = (BvCoding) record->coding;
  if (!record->sound)
    return TRUE;
  if (!is_coding_of (record) || !is_width (record->width) || n == 0 || n > G_MAXUINT32 || record->scale > (record->type == BV_TYPE_DOUBLE ? 6 : 0) || (record->width < 4 && n > (guint64) 1 << (8 * record->width)) ||
      record->base < G_MININT64 / 2 || record->base > G_MAXINT64 / 2)
    return FALSE;
  column->width = record->width;
  column->scale = record->scale;
  column->n_codes = n;
  column->base = record->base;
  if (!take_array (file, record, BV_ARRAY_CODES, table->n_rows * column->width, &column->codes) ||
      !take_array (file, record, BV_ARRAY_ZONE_MIN, table->n_segments * sizeof (guint32), &column->zone_min) ||
      !take_array (file, record, BV_ARRAY_ZONE_MAX, table->n_segments * sizeof (guint32), &column->zone_max))
    return FALSE;
  if (column->coding == BV_CODING_INTS && !take_array (file, record, BV_ARRAY_INTS, (n - 1) * 8, &column->ints))
    return FALSE;
  if (column->coding == BV_CODING_DOUBLES && !take_array (file, record, BV_ARRAY_INTS, (n - 1) * 8, &column->doubles))
    return FALSE;
  if (column->coding == BV_CODING_TEXTS && (!take_array (file, record, BV_ARRAY_OFFSETS, n * 8, &column->offsets) ||
                                            !take_array (file, record, BV_ARRAY_TEXTS, record->arrays[BV_ARRAY_TEXTS].size, &column->texts)))
    return FALSE;
  if (column->coding == BV_CODING_INSTANTS)
    {
      if (!is_width (record->time_width) || n > 1 << 24 || record->time_unit <= 0 || record->time_unit > 60 * BV_SECOND_US ||
          !take_array (file, record, BV_ARRAY_TIMES, table->n_rows * record->time_width, &column->times) ||
          !take_array (file, record, BV_ARRAY_DAY_STARTS, (n + 1) * 8, &column->day_starts))
        return FALSE;
      column->time_width = record->time_width;
      column->time_unit = record->time_unit;
    }
  column->sound = TRUE;
  return TRUE;
}

/* To be called when the columns are known. */
static gboolean
open_order (BvEncodedTable *table, const BvEncodedFile *file, const Record *record)
{
  guint64 n = record->n_codes;

  if (record->type > table->n_columns || n > table->n_rows)
    return FALSE;
  table->order = (int) record->type - 1;
  if (table->order >= 0 && !(table->columns[table->order].sound && bv_type_is_time (table->columns[table->order].type)))
    return FALSE;
  table->n_runs = n;
  table->id_base = record->base;
  table->id_width = record->width;
  if (n == 0)
    return (record->width == 4 || record->width == 8 || (record->width == 0 && table->n_rows == 0)) &&
           take_array (file, record, BV_ARRAY_ROW_IDS, table->n_rows * record->width, &table->row_ids);
  return record->width == 0 && take_array (file, record, BV_ARRAY_RUN_ROWS, n * sizeof (guint32), &table->run_rows) &&
         take_array (file, record, BV_ARRAY_RUN_IDS, n * sizeof (gint64), &table->run_ids);
}

/* Checks header and directory and that all arrays lie in the file, and keeps a copy of the directory. */
static gboolean
open_directory (BvEncodedFile *file, const char *identity, Header *header)
{
  const char *bytes = g_mapped_file_get_contents (file->map);
  guint64 records, sums, n_blocks = 0, room;
  BvFileChecksum sum = BV_FILE_CHECKSUM_INIT;

  if (file->size < sizeof *header)
    return FALSE;
  memcpy (header, bytes, sizeof *header);
  room = file->size - sizeof *header;
  if (memcmp (header->magic, BV_FILE_MAGIC, sizeof header->magic) != 0 || header->format != BV_FILE_FORMAT || header->order != BV_FILE_ORDER ||
      header->zero != 0 || header->size != file->size || header->size % BV_FILE_ALIGN != 0 || header->n_columns > BV_FILE_MAX_COLUMNS ||
      header->n_rows >= G_MAXUINT32 || header->names_size == 0 || header->names_size > room)
    return FALSE;
  file->n_records = header->n_columns + 1;
  records = align (header->names_size);
  sums = records + file->n_records * sizeof (Record);
  if (sums > room)
    return FALSE;
  /* The directory holds as many checksums as the rest of the file has blocks; of two neighbouring numbers one is right. */
  while (align (sums + n_blocks * sizeof (guint64)) + n_blocks * BV_FILE_BLOCK < room)
    n_blocks = MAX (n_blocks + 1, (room - sums) / (BV_FILE_BLOCK + 2 * BV_FILE_ALIGN));
  file->data = align (sums + n_blocks * sizeof (guint64));
  if (file->data > room || (room - file->data + BV_FILE_BLOCK - 1) / BV_FILE_BLOCK != n_blocks)
    return FALSE;
  bv_file_checksum_add (&sum, &header->size, sizeof *header - offsetof (Header, size));
  file->directory = g_memdup2 (bytes + sizeof *header, file->data);
  bv_file_checksum_add (&sum, file->directory, file->data);
  if (bv_file_checksum_end (&sum) != header->checksum || strnlen (file->directory, header->names_size) != strlen (identity) ||
      memcmp (file->directory, identity, strlen (identity)) != 0)
    return FALSE;
  file->records = (const Record *) (void *) (file->directory + records);
  file->sums = (const guint64 *) (void *) (file->directory + sums);
  file->data += sizeof *header;
  for (guint i = 0; i < file->n_records; i++)
    for (guint a = 0; a < BV_N_ARRAYS; a++)
      {
        guint64 place = file->records[i].arrays[a].place, size = file->records[i].arrays[a].size;

        if (size > 0 && (place % BV_FILE_ALIGN != 0 || place < file->data || place > file->size || size > file->size - place))
          return FALSE;
      }
  file->block_states = g_new0 (guint8, n_blocks + 1);
  file->record_states = g_new0 (guint8, file->n_records);
  file->time_states = g_new0 (guint8, file->n_records);
  return TRUE;
}

BvEncodedTable *
bv_encoded_table_load (const char *path, const char *identity)
{
  GMappedFile *map = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(BvEncodedTable) table = NULL;
  BvEncodedFile *file;
  const char *name, *end;
  Header header;

  if (map == NULL)
    return NULL;
  file = g_new0 (BvEncodedFile, 1);
  file->map = map;
  file->path = g_strdup (path);
  file->size = g_mapped_file_get_length (map);
  g_mutex_init (&file->mutex);
  if (!open_directory (file, identity, &header))
    {
      bv_encoded_file_free (file);
      return NULL;
    }
  table = bv_encoded_table_new (header.n_columns);
  table->file = file;
  table->n_rows = header.n_rows;
  table->n_segments = (guint) ((table->n_rows + BV_SEGMENT_ROWS - 1) / BV_SEGMENT_ROWS);
  name = file->directory + strlen (identity) + 1;
  end = file->directory + header.names_size;
  for (guint i = 0; i < table->n_columns; i++)
    {
      gsize length = name < end ? strnlen (name, (gsize) (end - name)) : 0;

      if (name >= end || name + length >= end)
        return NULL;
      table->columns[i].name = g_strdup (name);
      name += length + 1;
      if (!open_column (table, &table->columns[i], file, &file->records[i + 1]))
        return NULL;
    }
  if (!open_order (table, file, &file->records[0]))
    return NULL;
  return g_steal_pointer (&table);
}
