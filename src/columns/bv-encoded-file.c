/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache file.
 *
 *   magic, format, byte order mark, sizes, checksum of everything after it      64 bytes
 *   identity and column names, each with its NUL
 *   one fixed record about the rows' order, and one per column                  aligned to 64
 *   the arrays, in the order of the records' places                             each aligned to 64
 *
 * Nothing in a file is believed: the checksum covers every byte but those that are compared, then all sizes and places are checked against the
 * file's, and the codes against the dictionaries' lengths, so that even a file made to deceive cannot lead outside it. A file that fails is no
 * file. The checksum mixes eight bytes at a time in four lanes by steps that can each be undone, so that any one changed word changes it.
 *
 * Cost: writing, once through the page cache; reading, one pass over the mapped bytes at memory speed (about 10 ms for 100 MB).
 */
#include "config.h"

#include "bv-encoded-file.h"
#include "bv-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "BvCodes\n"
#define FORMAT 2
#define ORDER 0x01020304u
#define ALIGN 64
#define MAX_COLUMNS 32767

typedef struct
{
  char magic[8];
  guint32 format, order;
  guint64 zero;
  guint64 checksum;  /* of all that follows */
  guint64 size;      /* of the file */
  guint64 n_rows;
  guint64 names_size;
  guint32 n_columns;
  guint32 unused;
} Header;

G_STATIC_ASSERT (sizeof (Header) == ALIGN && offsetof (Header, size) == 32);

enum { CODES, TIMES, INTS, OFFSETS, TEXTS, DAY_STARTS, ZONE_MIN, ZONE_MAX, N_ARRAYS };

typedef struct
{
  guint32 type, coding, sound, width, scale, time_width;
  guint64 n_codes;
  gint64 base, time_unit;
  struct
  {
    guint64 place, size;
  } arrays[N_ARRAYS];
  guint64 unused[2];
} Record;

G_STATIC_ASSERT (sizeof (Record) % ALIGN == 0);

/* The record before those of the columns is about the order of rows: type is 1 + the index of the column that they are sorted by, or 0; width is that of
 * the row numbers, n_codes the number of runs, base what numbers are above. */
enum { ROW_IDS = CODES, RUN_IDS = INTS, RUN_ROWS = ZONE_MIN };

typedef struct
{
  guint64 lanes[4];
} Checksum;

/* @size: a multiple of 32 */
static void
checksum_add (Checksum *self, const void *data, gsize size)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  const char *bytes = data;
  guint64 word;

  for (gsize i = 0; i < size; i += 32)
    for (guint l = 0; l < 4; l++)
      {
        memcpy (&word, bytes + i + 8 * l, 8);
        word = (self->lanes[l] ^ word) * prime;
        self->lanes[l] = word << 31 | word >> 33;
      }
}

static guint64
checksum_end (const Checksum *self)
{
  guint64 sum = self->lanes[0];

  for (guint l = 1; l < 4; l++)
    sum = (sum << 17 ^ sum >> 47 ^ self->lanes[l]) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return sum;
}

static guint64
align (guint64 place)
{
  return (place + ALIGN - 1) / ALIGN * ALIGN;
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
    case CODES:
      *size = table->n_rows * column->width;
      return column->codes;
    case TIMES:
      *size = table->n_rows * column->time_width;
      return column->times;
    case INTS:
      if (column->coding != BV_CODING_INTS && column->coding != BV_CODING_DOUBLES)
        return NULL;
      *size = (column->n_codes - 1) * 8;
      return column->coding == BV_CODING_INTS ? (const void *) column->ints : column->doubles;
    case OFFSETS:
      *size = column->coding == BV_CODING_TEXTS ? column->n_codes * 8 : 0;
      return column->offsets;
    case TEXTS:
      *size = column->coding == BV_CODING_TEXTS ? column->offsets[column->n_codes - 1] : 0;
      return column->texts;
    case DAY_STARTS:
      *size = column->coding == BV_CODING_INSTANTS ? (column->n_codes + 1) * 8 : 0;
      return column->day_starts;
    case ZONE_MIN:
    case ZONE_MAX:
    default:
      *size = table->n_segments * sizeof (guint32);
      return array == ZONE_MIN ? column->zone_min : column->zone_max;
    }
}

static const void *
order_array_of (BvEncodedTable *table, guint array, guint64 *size)
{
  *size = 0;
  switch (array)
    {
    case ROW_IDS:
      *size = table->n_rows * table->id_width;
      return table->row_ids;
    case RUN_IDS:
      *size = table->n_runs * sizeof (gint64);
      return table->run_ids;
    case RUN_ROWS:
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

/* A piece of the file with its padding: to the checksum, or to the file. */
static gboolean
put_piece (Checksum *sum, int fd, const void *data, gsize size)
{
  gsize whole = size / ALIGN * ALIGN;
  char tail[ALIGN] = { 0 };

  if (size > whole)
    memcpy (tail, (const char *) data + whole, size - whole);
  if (fd < 0)
    {
      checksum_add (sum, data, whole);
      if (size > whole)
        checksum_add (sum, tail, ALIGN);
      return TRUE;
    }
  return write_all (fd, data, whole) && (size == whole || write_all (fd, tail, ALIGN));
}

/* Goes over the table twice: for the checksum, which stands in front, and for the file. */
static gboolean
fill_file (BvEncodedTable *self, int fd, const char *identity)
{
  g_autoptr(GByteArray) names = g_byte_array_new ();
  guint n_records = self->n_columns + 1;
  g_autofree Record *records = g_new0 (Record, n_records);
  Header header = { MAGIC, FORMAT, ORDER };
  Checksum sum = { { 1, 2, 3, 4 } };
  guint64 place, size;

  g_byte_array_append (names, (const guint8 *) identity, (guint) strlen (identity) + 1);
  for (guint i = 0; i < self->n_columns; i++)
    g_byte_array_append (names, (const guint8 *) self->columns[i].name, (guint) strlen (self->columns[i].name) + 1);
  place = align (sizeof header + names->len) + n_records * sizeof (Record);
  records[0] = (Record){ (guint32) (self->order + 1), 0, 1, self->id_width, 0, 0, self->n_runs, self->id_base, 0 };
  for (guint i = 0; i < n_records; i++)
    {
      if (i > 0)
        {
          const BvEncodedColumn *column = &self->columns[i - 1];

          records[i] = (Record){ column->type, column->coding, column->sound != 0, column->width, column->scale, column->time_width,
                                 column->n_codes, column->base, column->time_unit };
        }
      for (guint a = 0; a < N_ARRAYS; a++)
        {
          array_of (self, i, a, &records[i].arrays[a].size);
          records[i].arrays[a].place = place;
          place = align (place + records[i].arrays[a].size);
        }
    }
  header.size = place;
  header.n_rows = self->n_rows;
  header.names_size = names->len;
  header.n_columns = self->n_columns;
  for (guint pass = 0; pass < 2; pass++)
    {
      int to = pass == 0 ? -1 : fd;

      if (pass == 0)
        checksum_add (&sum, &header.size, sizeof header - offsetof (Header, size));
      else
        {
          header.checksum = checksum_end (&sum);
          if (!write_all (fd, &header, sizeof header))
            return FALSE;
        }
      if (!put_piece (&sum, to, names->data, names->len) || !put_piece (&sum, to, records, n_records * sizeof (Record)))
        return FALSE;
      for (guint i = 0; i < n_records; i++)
        for (guint a = 0; a < N_ARRAYS; a++)
          {
            const void *data = array_of (self, i, a, &size);

            if (size > 0 && !put_piece (&sum, to, data, size))
              return FALSE;
          }
    }
  return TRUE;
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

/* The array of a record, when it lies in the file and has the size that the column needs. */
static gboolean
take_array (const Header *header, char *data, const Record *record, guint array, guint64 size, void *out)
{
  guint64 place = record->arrays[array].place;

  if (record->arrays[array].size != size || place % ALIGN != 0 || place > header->size || size > header->size - place)
    return FALSE;
  *(void **) out = data + place;
  return TRUE;
}

static gboolean
is_width (guint32 width)
{
  return width == 1 || width == 2 || width == 4;
}

/* Texts lie in order in the array, each with its NUL as the only one. */
static gboolean
check_texts (const BvEncodedColumn *column, guint64 size)
{
  if (column->offsets[0] != 0 || column->offsets[column->n_codes - 1] != size || (size > 0 && column->texts[size - 1] != '\0'))
    return FALSE;
  for (guint64 i = 1; i < column->n_codes; i++)
    if (column->offsets[i] <= column->offsets[i - 1] || column->offsets[i] > size || column->texts[column->offsets[i] - 1] != '\0')
      return FALSE;
  return TRUE;
}

static gboolean
check_codes (const BvEncodedTable *table, const BvEncodedColumn *column)
{
  guint32 max = 0;

  if (column->width == 1)
    for (guint64 row = 0; row < table->n_rows; row++)
      max = MAX (max, ((const guint8 *) column->codes)[row]);
  else if (column->width == 2)
    for (guint64 row = 0; row < table->n_rows; row++)
      max = MAX (max, ((const guint16 *) column->codes)[row]);
  else
    for (guint64 row = 0; row < table->n_rows; row++)
      max = MAX (max, ((const guint32 *) column->codes)[row]);
  return max < column->n_codes;
}

static gboolean
load_column (BvEncodedTable *table, BvEncodedColumn *column, const Header *header, char *data, const Record *record)
{
  const gint64 *day_starts;
  guint64 n = record->n_codes, texts_size = record->arrays[TEXTS].size;

  if (record->type > BV_TYPE_TIMESTAMP || record->coding > BV_CODING_INSTANTS || record->sound > 1)
    return FALSE;
  column->type = (BvType) record->type;
  column->coding = (BvCoding) record->coding;
  if (!record->sound)
    return TRUE;
  if (!is_width (record->width) || n == 0 || n > G_MAXUINT32 || record->scale > 6 || (record->width < 4 && n > (guint64) 1 << (8 * record->width)))
    return FALSE;
  column->width = record->width;
  column->scale = record->scale;
  column->n_codes = n;
  column->base = record->base;
  if (!take_array (header, data, record, CODES, table->n_rows * column->width, &column->codes) ||
      !take_array (header, data, record, ZONE_MIN, table->n_segments * sizeof (guint32), &column->zone_min) ||
      !take_array (header, data, record, ZONE_MAX, table->n_segments * sizeof (guint32), &column->zone_max) || !check_codes (table, column))
    return FALSE;
  if (column->coding == BV_CODING_INTS && !take_array (header, data, record, INTS, (n - 1) * 8, &column->ints))
    return FALSE;
  if (column->coding == BV_CODING_DOUBLES && !take_array (header, data, record, INTS, (n - 1) * 8, &column->doubles))
    return FALSE;
  if (column->coding == BV_CODING_TEXTS &&
      (!take_array (header, data, record, OFFSETS, n * 8, &column->offsets) || !take_array (header, data, record, TEXTS, texts_size, &column->texts) ||
       !check_texts (column, texts_size)))
    return FALSE;
  if (column->coding == BV_CODING_INSTANTS)
    {
      if (!is_width (record->time_width) || record->time_unit <= 0 ||
          !take_array (header, data, record, TIMES, table->n_rows * record->time_width, &column->times) ||
          !take_array (header, data, record, DAY_STARTS, (n + 1) * 8, &day_starts))
        return FALSE;
      column->time_width = record->time_width;
      column->time_unit = record->time_unit;
      column->day_starts = g_memdup2 (day_starts, (n + 1) * 8);
    }
  column->sound = TRUE;
  return TRUE;
}

/* Runs begin at the first row and ascend. To be called when the columns are known. */
static gboolean
load_order (BvEncodedTable *table, const Header *header, char *data, const Record *record)
{
  guint64 n = record->n_codes;

  if (record->type > table->n_columns || n > table->n_rows)
    return FALSE;
  table->order = (int) record->type - 1;
  if (table->order >= 0 && !(table->columns[table->order].sound && bv_type_is_time (table->columns[table->order].type)))
    return FALSE;
  table->n_runs = n;
  table->id_base = record->base;
  if (n == 0)
    {
      if (record->width != 0 && record->width != 4 && record->width != 8)
        return FALSE;
      table->id_width = record->width;
      return (table->id_width != 0 || table->n_rows == 0) && take_array (header, data, record, ROW_IDS, table->n_rows * table->id_width, &table->row_ids);
    }
  if (!take_array (header, data, record, RUN_ROWS, n * sizeof (guint32), &table->run_rows) ||
      !take_array (header, data, record, RUN_IDS, n * sizeof (gint64), &table->run_ids) || table->run_rows[0] != 0)
    return FALSE;
  for (guint64 i = 1; i < n; i++)
    if (table->run_rows[i] <= table->run_rows[i - 1])
      return FALSE;
  return TRUE;
}

BvEncodedTable *
bv_encoded_table_load (const char *path, const char *identity)
{
  g_autoptr(GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(BvEncodedTable) table = NULL;
  const Record *records;
  const char *name;
  Header header;
  Checksum sum = { { 1, 2, 3, 4 } };
  char *data;
  guint64 place;

  if (map == NULL || g_mapped_file_get_length (map) < sizeof header)
    return NULL;
  data = g_mapped_file_get_contents (map);
  memcpy (&header, data, sizeof header);
  if (memcmp (header.magic, MAGIC, sizeof header.magic) != 0 || header.format != FORMAT || header.order != ORDER || header.zero != 0 ||
      header.size != g_mapped_file_get_length (map) || header.n_columns > MAX_COLUMNS || header.n_rows >= G_MAXUINT32 ||
      header.names_size == 0 || header.names_size > header.size - sizeof header ||
      strnlen (data + sizeof header, header.names_size) != strlen (identity) || memcmp (data + sizeof header, identity, strlen (identity)) != 0)
    return NULL;
  place = align (sizeof header + header.names_size);
  if (header.size % ALIGN != 0 || place > header.size || (header.n_columns + 1) * sizeof (Record) > header.size - place)
    return NULL;
  checksum_add (&sum, data + offsetof (Header, size), header.size - offsetof (Header, size));
  if (checksum_end (&sum) != header.checksum)
    return NULL;
  table = bv_encoded_table_new (header.n_columns);
  table->map = g_steal_pointer (&map);
  table->n_rows = header.n_rows;
  table->n_segments = (guint) ((table->n_rows + BV_SEGMENT_ROWS - 1) / BV_SEGMENT_ROWS);
  records = (const Record *) (void *) (data + place);
  name = data + sizeof header + strlen (identity) + 1;
  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *end = data + sizeof header + header.names_size;
      gsize length = name < end ? strnlen (name, (gsize) (end - name)) : 0;

      if (name >= end || name + length >= end)
        return NULL;
      table->columns[i].name = g_strdup (name);
      name += length + 1;
      if (!load_column (table, &table->columns[i], &header, data, &records[i + 1]))
        return NULL;
    }
  if (!load_order (table, &header, data, &records[0]))
    return NULL;
  return g_steal_pointer (&table);
}
