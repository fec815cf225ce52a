/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cache files of encoded tables.
 *
 * A file made of random bytes is refused by its first checksum, so the input changes a sound file instead: each four bytes name a place and a new value, and
 * then, as an attacker would, the checksums are set right again. Whatever opens must not lead outside the file; all of it is read. */
#include "bv-encoded-file.h"
#include "bv-encoded-private.h"
#include "bv-encoder.h"
#include "bv-scan.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define N_ROWS 200
#define IDENTITY "fuzz"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *path;
static char *sound;
static gsize sound_size;

static void
make_file (void)
{
  static const BvType types[] = { BV_TYPE_TEXT, BV_TYPE_INT, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_TIMESTAMP };
  g_autoptr (BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autofree char *dir = g_dir_make_tmp ("bv-fuzz-XXXXXX", NULL);
  g_autoptr (BvEncodedTable) table = NULL;
  BvEncoder *encoder = bv_encoder_new (calendar);
  BvEncoderFeed *feed;

  for (guint c = 0; c < G_N_ELEMENTS (types); c++)
    bv_encoder_add_column (encoder, "abcde" + c, types[c]);
  bv_encoder_set_order (encoder, "e");
  feed = bv_encoder_new_feed (encoder);
  bv_encoder_begin (feed, 0, N_ROWS);
  for (guint r = 0; r < N_ROWS; r++)
    {
      char text[BV_TIME_TEXT_MAX];

      bv_encoder_row (feed, r);
      bv_encoder_text (feed, 0, "grüße aus aller Welt" + r % 2 * 6, 10);
      bv_encoder_int (feed, 1, r % 50);
      bv_encoder_int (feed, 2, (gint64) r * G_GINT64_CONSTANT (1000000000));
      bv_encoder_double (feed, 3, r / 7.0);
      bv_timestamp_to_text ((gint64) (r * 7919 % N_ROWS) * 3601 * BV_SECOND_US, text);
      bv_encoder_text (feed, 4, text, strlen (text));
    }
  bv_encoder_end (feed);
  table = bv_encoder_finish (encoder, 1, NULL);
  path = g_build_filename (dir, "a.bvc", NULL);
  g_assert_true (bv_encoded_table_save (table, path, IDENTITY, NULL));
  g_assert_true (g_file_get_contents (path, &sound, &sound_size, NULL));
}

/* Sums block by block, where the sizes that are said leave room for it. */
static void
mend (char *bytes, gsize size)
{
  BvFileHeader header;
  BvFileChecksum sum = BV_FILE_CHECKSUM_INIT;
  guint64 records, sums, data, n_blocks;

  memcpy (&header, bytes, sizeof header);
  if (header.names_size > size || header.n_columns > 100)
    return;
  records = sizeof header + (header.names_size + BV_FILE_ALIGN - 1) / BV_FILE_ALIGN * BV_FILE_ALIGN;
  sums = records + (header.n_columns + 1) * sizeof (BvFileRecord);
  if (sums > size)
    return;
  n_blocks = (size - sums + BV_FILE_BLOCK - 1) / BV_FILE_BLOCK;
  data = (sums + n_blocks * 8 + BV_FILE_ALIGN - 1) / BV_FILE_ALIGN * BV_FILE_ALIGN;
  if (data > size)
    return;
  for (guint64 i = 0; i < n_blocks && data + i * BV_FILE_BLOCK < size; i++)
    {
      BvFileChecksum block = BV_FILE_CHECKSUM_INIT;
      guint64 value;

      bv_file_checksum_add (&block, bytes + data + i * BV_FILE_BLOCK, MIN (BV_FILE_BLOCK, size - data - i * BV_FILE_BLOCK));
      value = bv_file_checksum_end (&block);
      memcpy (bytes + sums + i * 8, &value, 8);
    }
  bv_file_checksum_add (&sum, bytes + offsetof (BvFileHeader, size), data - offsetof (BvFileHeader, size));
  header.checksum = bv_file_checksum_end (&sum);
  memcpy (bytes, &header, sizeof header);
}

static void
read_all (BvEncodedTable *table)
{
  guint64 first, end;

  for (guint c = 0; c < table->n_columns; c++)
    {
      const BvEncodedColumn *column = &table->columns[c];

      if (!column->sound)
        continue;
      for (guint64 row = 0; row < table->n_rows; row++)
        {
          g_auto (BvValue) value = bv_encoded_value (column, bv_encoded_code (column, row));

          g_assert_true (value.type != BV_TYPE_TEXT || g_utf8_validate (value.s, -1, NULL));
          if (column->coding != BV_CODING_INSTANTS)
            bv_encoded_bound (column, &value, row % 2 == 0);
        }
      bv_encoded_sorted_range (table, column, 1, column->n_codes / 2, &first, &end);
    }
  for (guint64 row = 0; row < table->n_rows; row++)
    bv_encoded_rowid (table, row);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BvEncodedTable) table = NULL;
  g_autofree char *bytes = NULL;
  int fd;

  if (path == NULL)
    {
      bv_scan_set_threads (1);
      make_file ();
    }
  bytes = g_memdup2 (sound, sound_size);
  for (; size >= 4; data += 4, size -= 4)
    {
      gsize place = (gsize) (data[0] << 8 | data[1]) % sound_size;

      /* The magic bytes would only be refused. */
      if (place >= 32)
        bytes[place] = (char) (data[3] % 3 == 0 ? data[2] : data[3] % 3 == 1 ? bytes[place] + data[2] : bytes[place] ^ 1 << data[2] % 8);
    }
  if (size != 1)
    mend (bytes, sound_size);
  fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  g_assert_true (fd >= 0 && write (fd, bytes, sound_size) == (gssize) sound_size);
  close (fd);
  table = bv_encoded_table_load (path, IDENTITY);
  if (table != NULL && bv_encoded_table_verify_all (table))
    read_all (table);
  return 0;
}
