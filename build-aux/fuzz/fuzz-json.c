/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: the reader in chunks of any size, with the same rows whatever the chunks are, and the sniffer. */
#include "bv-import-private.h"

#include <stdint.h>
#include <string.h>

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

static gboolean
collect (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  g_string_append_printf (data, "%s %d %u\n", key, kind, bv_json_types (kind, text, length));
  g_string_append_len (data, text, (gssize) length);
  return TRUE;
}

static char *
read_all (const char *text, gsize size, gsize chunk)
{
  Chunks chunks = { { text, size }, chunk };
  g_autoptr (BvJson) json = bv_json_new (read_chunk, &chunks);
  GString *out = g_string_new (NULL);
  gboolean row = TRUE;

  while (row && bv_json_next (json, &row, collect, out, NULL))
    g_string_append_c (out, '/');
  return g_string_free (out, FALSE);
}

static void
sniff (BvImportPlan *plan, const char *text, gsize size, gboolean whole)
{
  BvMemory memory = { text, size };

  bv_sniff_json (plan, bv_memory_read, &memory, whole, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BvImportPlan) plan = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;
  const char *text;

  if (size < 1)
    return 0;
  text = (const char *) data + 1;
  size--;
  whole = read_all (text, size, G_MAXINT);
  pieces = read_all (text, size, 1 + data[0] % 64);
  if (strcmp (whole, pieces) != 0)
    g_error ("The chunks of the input change its rows");
  plan = g_new0 (BvImportPlan, 1);
  plan->path = g_strdup ("fuzz.json");
  sniff (plan, text, size, data[0] & 64);
  /* The arrays of one object, each to its end. */
  {
    Chunks chunks = { { text, size }, 1 + data[0] % 64 };

    plan->parts = bv_json_list_parts (read_chunk, &chunks);
  }
  for (guint i = 0; plan->parts != NULL && i < 3 && plan->parts[i] != NULL; i++)
    {
      g_free (plan->part);
      plan->part = g_strdup (plan->parts[i]);
      sniff (plan, text, size, FALSE);
    }
  return 0;
}
