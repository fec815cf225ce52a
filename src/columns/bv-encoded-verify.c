/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the arrays of a cache file are what was written.
 *
 * A column is verified when a query first asks for it, before any of its cells is read: all blocks that its arrays lie in are compared with their checksums,
 * and each block's codes, while they are in the cache, with the length of the dictionary. A block that two arrays share is summed once. Only then are the
 * dictionaries checked: texts must end where the next begins, with the only NUL there, and be UTF-8; days and runs must ascend. Until a column is known to
 * be sound nothing is computed from it, so that no number ever comes from a damaged byte. The times of instants, which most queries do without, are
 * verified when one needs them. The first damage found makes the whole table useless: the file is removed, whoever asked turns to SQLite, and the table
 * is encoded again.
 *
 * What a checksum cannot see is memory that changes after it was looked at. Files are replaced, never rewritten, so that only another program or a failing
 * disk could do that.
 *
 * Cost: one pass at memory speed, shared by the threads; a few dozen nanoseconds for what is known.
 */
#include "bv-encoded-private.h"
#include "bv-scan.h"

#include <glib/gstdio.h>
#include <string.h>

enum { UNKNOWN, SOUND, DAMAGED };

typedef struct
{
  BvEncodedFile *file;
  guint64 first_block;
  /* of an array of codes */
  guint64 start, end;   /* places */
  guint width;
  guint64 n_codes;
  int damaged;
  guint64 n, next;      /* blocks */
} Blocks;

static void
verify_block (Blocks *self, guint64 i)
{
  BvEncodedFile *file = self->file;
  guint64 block = self->first_block + i, start = file->data + block * BV_FILE_BLOCK, end = MIN (start + BV_FILE_BLOCK, file->size);
  const char *bytes = g_mapped_file_get_contents (file->map);
  BvFileChecksum sum = BV_FILE_CHECKSUM_INIT;

  if (__atomic_load_n (&file->block_states[block], __ATOMIC_ACQUIRE) == UNKNOWN)
    {
      bv_file_checksum_add (&sum, bytes + start, end - start);
      __atomic_store_n (&file->block_states[block], bv_file_checksum_end (&sum) == file->sums[block] ? SOUND : DAMAGED, __ATOMIC_RELEASE);
    }
  if (__atomic_load_n (&file->block_states[block], __ATOMIC_ACQUIRE) == DAMAGED)
    {
      __atomic_store_n (&self->damaged, 1, __ATOMIC_RELAXED);
      return;
    }
  if (self->width > 0)
    {
      start = MAX (start, self->start);
      end = MIN (end, self->end);
      if (start < end && bv_kernels->greatest (bytes + start, self->width, (end - start) / self->width) >= self->n_codes)
        __atomic_store_n (&self->damaged, 1, __ATOMIC_RELAXED);
    }
}

static void
verify_blocks (void *data)
{
  Blocks *self = data;
  guint64 i;

  while ((i = __atomic_fetch_add (&self->next, 1, __ATOMIC_RELAXED)) < self->n)
    verify_block (self, i);
}

/* @width: of codes that must be below @n_codes; 0 for other arrays. */
static gboolean
verify_array (BvEncodedFile *file, const BvFileRecord *record, guint array, guint width, guint64 n_codes)
{
  guint64 place = record->arrays[array].place, size = record->arrays[array].size;
  Blocks blocks = { file, (place - file->data) / BV_FILE_BLOCK, place, place + size, width, n_codes, 0, 0, 0 };

  if (size == 0)
    return TRUE;
  blocks.n = (place + size - 1 - file->data) / BV_FILE_BLOCK - blocks.first_block + 1;
  bv_scan_share (verify_blocks, &blocks, blocks.n);
  return !blocks.damaged;
}

static gboolean
is_ascii (const char *text, guint64 size)
{
  guint64 bits = 0, word;
  guint64 i = 0;

  for (; i + 8 <= size; i += 8)
    {
      memcpy (&word, text + i, 8);
      bits |= word;
    }
  for (; i < size; i++)
    bits |= (guchar) text[i];
  return (bits & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

#define TEXTS_AT_ONCE 8192 /* are read three times, from the second cache */

typedef struct
{
  const BvEncodedColumn *column;
  guint64 size; /* of all texts */
  int damaged;
  guint64 next; /* code */
} Texts;

/* Texts lie in order in the array, each with its NUL as the only one. @from: code of the first, which has one before it. */
static gboolean
check_some_texts (const Texts *self, guint64 from, guint64 end)
{
  const guint64 *offsets = self->column->offsets;
  const char *texts = self->column->texts;
  guint64 first = offsets[from - 1], last = offsets[end - 1];

  if (first > last || last > self->size)
    return FALSE;
  for (guint64 i = from; i < end; i++)
    if (offsets[i] <= offsets[i - 1] || offsets[i] > last || texts[offsets[i] - 1] != '\0')
      return FALSE;
  if (bv_kernels->zeros (texts + first, last - first) != end - from)
    return FALSE;
  if (!is_ascii (texts + first, last - first))
    for (guint64 i = from; i < end; i++)
      if (!g_utf8_validate_len (texts + offsets[i - 1], offsets[i] - offsets[i - 1] - 1, NULL))
        return FALSE;
  return TRUE;
}

static void
check_texts_part (void *data)
{
  Texts *self = data;
  guint64 n = self->column->n_codes, i;

  while ((i = __atomic_fetch_add (&self->next, TEXTS_AT_ONCE, __ATOMIC_RELAXED)) < n)
    if (!check_some_texts (self, i, MIN (i + TEXTS_AT_ONCE, n)))
      __atomic_store_n (&self->damaged, 1, __ATOMIC_RELAXED);
}

static gboolean
check_texts (const BvEncodedColumn *column, guint64 size)
{
  Texts texts = { column, size, 0, 1 };

  if (column->offsets[0] != 0 || column->offsets[column->n_codes - 1] != size)
    return FALSE;
  bv_scan_share (check_texts_part, &texts, (column->n_codes + TEXTS_AT_ONCE - 1) / TEXTS_AT_ONCE);
  return !texts.damaged;
}

/* Days of a list are such as can be written. */
static gboolean
check_days (const BvEncodedColumn *column)
{
  for (guint64 i = 0; i + 1 < column->n_codes; i++)
    if (column->ints[i] <= -BV_FILE_MAX_DAY || column->ints[i] >= BV_FILE_MAX_DAY)
      return FALSE;
  return TRUE;
}

/* Days ascend, and so can their instants. */
static gboolean
check_day_starts (const BvEncodedColumn *column)
{
  for (guint64 i = 1; i <= column->n_codes; i++)
    if (column->day_starts[i] <= column->day_starts[i - 1])
      return FALSE;
  return column->day_starts[1] > -BV_FILE_MAX_DAY * BV_DAY_US && column->day_starts[column->n_codes] < BV_FILE_MAX_DAY * BV_DAY_US;
}

/* Runs begin at the first row and ascend. */
static gboolean
check_runs (const BvEncodedTable *table)
{
  for (guint64 i = 0; i < table->n_runs; i++)
    if (table->run_rows[i] >= table->n_rows || (i == 0 ? table->run_rows[0] != 0 : table->run_rows[i] <= table->run_rows[i - 1]))
      return FALSE;
  return TRUE;
}

/* @record: 0 is the order of rows, others are 1 + the column. */
static gboolean
verify_record (BvEncodedTable *self, guint index)
{
  BvEncodedFile *file = self->file;
  const BvFileRecord *record = &file->records[index];
  const BvEncodedColumn *column = index > 0 ? &self->columns[index - 1] : NULL;

  if (column != NULL && !column->sound)
    return TRUE;
  for (guint a = 0; a < BV_N_ARRAYS; a++)
    if (a != BV_ARRAY_TIMES && !verify_array (file, record, a, column != NULL && a == BV_ARRAY_CODES ? column->width : 0, record->n_codes))
      return FALSE;
  if (column == NULL)
    return check_runs (self);
  return (column->coding != BV_CODING_TEXTS || check_texts (column, record->arrays[BV_ARRAY_TEXTS].size)) &&
         (column->coding != BV_CODING_INSTANTS || check_day_starts (column)) &&
         (column->type != BV_TYPE_DATE || column->coding != BV_CODING_INTS || check_days (column));
}

gboolean
bv_encoded_table_is_damaged (BvEncodedTable *self)
{
  return self->file != NULL && __atomic_load_n (&self->file->damaged, __ATOMIC_ACQUIRE);
}

/* A record, or with @times the times of its instants only. */
static gboolean
verify_once (BvEncodedTable *self, guint index, gboolean times)
{
  BvEncodedFile *file = self->file;
  guint8 *state;

  if (file == NULL)
    return TRUE;
  if (bv_encoded_table_is_damaged (self))
    return FALSE;
  state = times ? &file->time_states[index] : &file->record_states[index];
  if (__atomic_load_n (state, __ATOMIC_ACQUIRE) == SOUND)
    return TRUE;
  g_mutex_lock (&file->mutex);
  if (!bv_encoded_table_is_damaged (self) && __atomic_load_n (state, __ATOMIC_ACQUIRE) != SOUND)
    {
      if (times ? verify_array (file, &file->records[index], BV_ARRAY_TIMES, 0, 0) : verify_record (self, index))
        __atomic_store_n (state, SOUND, __ATOMIC_RELEASE);
      else
        {
          g_debug ("%s is damaged: it is made again", file->path);
          g_unlink (file->path);
          __atomic_store_n (&file->damaged, 1, __ATOMIC_RELEASE);
        }
    }
  g_mutex_unlock (&file->mutex);
  return !bv_encoded_table_is_damaged (self);
}

gboolean
bv_encoded_table_verify (BvEncodedTable *self, const BvEncodedColumn *column)
{
  return verify_once (self, column != NULL ? (guint) (column - self->columns) + 1 : 0, FALSE);
}

gboolean
bv_encoded_table_verify_times (BvEncodedTable *self, const BvEncodedColumn *column)
{
  return verify_once (self, (guint) (column - self->columns) + 1, TRUE);
}

gboolean
bv_encoded_table_verify_all (BvEncodedTable *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (!bv_encoded_table_verify (self, &self->columns[i]) || !bv_encoded_table_verify_times (self, &self->columns[i]))
      return FALSE;
  return bv_encoded_table_verify (self, NULL);
}
