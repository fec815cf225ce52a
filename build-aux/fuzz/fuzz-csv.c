/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV: the reader in chunks of any size, the sniffer, and the cells as every type. */
#include "bv-import-private.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  BvMemory memory;
  gsize chunk;
} Chunks;

static gssize
read_chunk (gpointer data, char *buf, gsize size, GError **error)
{
  Chunks *chunks = data;

  return bv_memory_read (&chunks->memory, buf, MIN (size, chunks->chunk), error);
}

static void
read_all (const char *text, gsize size, char separator, char quote, gsize chunk)
{
  Chunks chunks = { { text, size }, chunk };
  g_autoptr (BvCsv) csv = bv_csv_new (read_chunk, &chunks, separator, quote);
  gboolean row = TRUE;

  while (row && bv_csv_next (csv, &row, NULL))
    for (guint i = 0; row && i < bv_csv_n_fields (csv); i++)
      {
        gsize length;
        const char *field = bv_csv_field (csv, i, &length);

        for (int style = 0; style < 6; style++)
          {
            BvCellStyle cell_style = { style % 2 ? ',' : '.', (BvDateOrder) (style / 2) };
            guint bits = bv_cell_types (field, length, &cell_style);

            for (BvType type = BV_TYPE_BOOL; type <= BV_TYPE_TIMESTAMP; type++)
              {
                BvValue value;
                gboolean ok = bv_cell_parse (field, length, type, &cell_style, &value);

                /* what is sniffed must be read */
                if (!ok && type != BV_TYPE_TEXT && bits != BV_CELL_ANY && (bits & 1u << type))
                  g_error ("“%.*s” is taken for a %s, but not read as one", (int) length, field, bv_type_to_name (type));
                if (!ok)
                  g_free (bv_cell_problem (field, length, type));
              }
          }
      }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char separators[] = ",;\t|";
  g_autoptr (BvImportPlan) plan = NULL;
  const char *text;

  if (size < 2)
    return 0;
  text = (const char *) data + 2;
  size -= 2;
  read_all (text, size, separators[data[0] % 4], data[0] & 64 ? '\'' : data[0] & 128 ? '\0' : '"', 1 + data[1]);
  plan = g_new0 (BvImportPlan, 1);
  plan->path = g_strdup ("fuzz.csv");
  plan->quote = '"';
  if (bv_sniff_encoding (plan, text, size, data[0] & 16, NULL))
    bv_sniff_csv (plan, text, size, data[0] & 16, FALSE, NULL);
  return 0;
}
