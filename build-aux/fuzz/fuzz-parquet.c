/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet: the bytes are pages and the footer; its length is in the last two, so that what is put in or taken out does not lose the
 * footer. The corpus starts with files of the tests' writer, with each encoding. */
#include "bv-import-private.h"
#include "parquet-writer.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define N 24

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  static const int encodings[][2] = { { 0, PLAIN }, { 0, RLE }, { 1, DELTA }, { 1, SPLIT }, { 2, RLE_DICTIONARY }, { 2, DELTA }, { 5, PLAIN }, { 3, PLAIN },
                                      { 6, PLAIN }, { 6, PLAIN_DICTIONARY }, { 6, DELTA_LENGTH }, { 6, DELTA_BYTES }, { 7, DELTA_BYTES } };
  static const int converted[] = { -1, 0, 5, 6, 8, 9, 10, 14, 19, 21 };
  const char *folder = (*argv)[*argc - 1];
  gint64 numbers[N];
  double doubles[N];
  gboolean nulls[N];
  char *texts[N];

  for (guint i = 0; i < N; i++)
    {
      numbers[i] = i % 5 == 0 ? 1 : i * 1000 % 17 & 1;
      doubles[i] = i / 4.0;
      nulls[i] = i % 3 == 1;
      texts[i] = g_strdup_printf ("a text %012u", i);
    }
  for (guint e = 0; e < G_N_ELEMENTS (encodings) * 4; e++)
    {
      const Layout layout = { e % 4 < 2 ? UNCOMPRESSED : e % 2 ? SNAPPY : ZSTANDARD, e % 2, 13, 20 };
      int type = encodings[e / 4][0];
      const Column column = { "a", type, e % 2, converted[e % G_N_ELEMENTS (converted)], 0, encodings[e / 4][1], type == 7 ? 16 : type == 3 ? 12 : 0, 2, N,
                              numbers, doubles, texts, e % 2 ? nulls : NULL };
      g_autoptr (GByteArray) bytes = parquet_write (&column, 1, N, &layout);
      g_autofree char *path = g_strdup_printf ("%s/seed-%u", folder, e);

      guint length = bytes->data[bytes->len - 8] | (guint) bytes->data[bytes->len - 7] << 8;

      g_byte_array_set_size (bytes, bytes->len - 8);
      put_le (bytes, length, 2);
      g_file_set_contents (path, (const char *) bytes->data + 4, bytes->len - 4, NULL);
    }
  for (guint i = 0; i < N; i++)
    g_free (texts[i]);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *path = NULL;
  g_autoptr (BvRows) rows = NULL;
  gboolean row = TRUE;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  if (size >= 2)
    {
      put_bytes (file, "PAR1", 4);
      put_bytes (file, data, size - 2);
      put_le (file, data[size - 2] | (guint) data[size - 1] << 8, 4);
      put_bytes (file, "PAR1", 4);
    }
  if (write (fd, file->data, file->len) != (ssize_t) file->len)
    abort ();
  path = g_strdup_printf ("/proc/self/fd/%d", fd);
  rows = bv_parquet_open (path, NULL, NULL);
  for (int n = 0; rows != NULL && row && n < 20000; n++)
    {
      if (!bv_rows_next (rows, &row, NULL))
        break;
      for (guint i = 0; row && i < rows->n_columns; i++)
        if (rows->values[i].type == BV_TYPE_TEXT && !g_utf8_validate (rows->values[i].s, -1, NULL))
          abort ();
    }
  close (fd);
  return 0;
}
