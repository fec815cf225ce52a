/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sample of a file of text did not show.
 *
 * The file is read once without being imported. Members of JSON objects that are new get columns of their own. A column of whole numbers in
 * which a number has a fraction becomes one of decimals, unless it also holds whole numbers that a double would round; a column of dates in
 * which one has a time of day becomes one of times. What is no number or time at all changes nothing: the import counts it as unreadable.
 * A type that the analyst chose stays. This takes a fraction of the import's own time, and no memory.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Whole numbers up to here are doubles exactly. */
#define MAX_EXACT (G_GINT64_CONSTANT (1) << 53)

typedef struct
{
  BvSniffedColumn *column;
  gboolean wider;  /* a value needs the wider type */
  gboolean bound;  /* a value needs this one */
} Seen;

typedef struct
{
  BvCellStyle style;
  GArray *seen;        /* Seen, per column of the plan */
  /* Of JSON. */
  GHashTable *known;   /* path → index + 1, into @seen and then @found */
  guint n_known;
  GPtrArray *found;    /* paths */
  GArray *bits;
} Discovery;

static void
look_at (const Discovery *self, Seen *seen, const char *text, gsize length)
{
  BvType type = seen->column->column.type;
  BvValue value;

  if (bv_cell_parse (text, length, type, &self->style, &value))
    seen->bound |= value.type == BV_TYPE_INT && (value.i > MAX_EXACT || value.i < -MAX_EXACT);
  else if (!seen->wider)
    seen->wider = bv_cell_parse (text, length, type == BV_TYPE_INT ? BV_TYPE_DOUBLE : BV_TYPE_TIMESTAMP, &self->style, &value);
}

static gboolean
is_open (const Seen *seen)
{
  const BvImportColumn *column = &seen->column->column;

  return !column->skip && column->type == seen->column->type && (column->type == BV_TYPE_INT || column->type == BV_TYPE_DATE);
}

static gboolean
read_csv (Discovery *self, BvImportPlan *plan, BvInput *input, GError **error)
{
  g_autoptr (BvCsv) csv = bv_csv_new (bv_input_read, input, plan->separator, plan->quote);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean row = TRUE;

  for (guint i = 0; i < self->seen->len; i++)
    if (is_open (&g_array_index (self->seen, Seen, i)))
      g_array_append_val (places, i);
  if (places->len == 0 || (plan->has_header && !bv_csv_next (csv, &row, error)))
    return places->len == 0;
  while (row)
    {
      guint n;

      if (!bv_csv_next (csv, &row, error))
        return FALSE;
      n = row ? bv_csv_n_fields (csv) : 0;
      for (guint p = 0; p < places->len && g_array_index (places, guint, p) < n; p++)
        {
          guint i = g_array_index (places, guint, p);
          gsize length;
          const char *text = bv_csv_field (csv, i, &length);

          look_at (self, &g_array_index (self->seen, Seen, i), text, length);
        }
    }
  return TRUE;
}

static gboolean
json_cell (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  Discovery *self = data;
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->known, key));

  if (index == 0)
    {
      char *path = g_strdup (key);
      guint any = BV_CELL_ANY;

      if (self->found->len >= BV_IMPORT_MAX_COLUMNS)
        {
          g_free (path);
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                       _("The file has more than %d different fields, the most that a table can have: take some out"),
                       BV_IMPORT_MAX_COLUMNS);
          return FALSE;
        }
      g_ptr_array_add (self->found, path);
      g_array_append_val (self->bits, any);
      index = self->n_known + self->found->len;
      g_hash_table_insert (self->known, path, GUINT_TO_POINTER (index));
    }
  if (index > self->n_known)
    g_array_index (self->bits, guint, index - self->n_known - 1) &= bv_json_types (kind, text, length);
  else if (kind != BV_JSON_NULL && kind != BV_JSON_NESTED && is_open (&g_array_index (self->seen, Seen, index - 1)))
    look_at (self, &g_array_index (self->seen, Seen, index - 1), text, length);
  return TRUE;
}

static gboolean
read_json (Discovery *self, BvImportPlan *plan, BvInput *input, GError **error)
{
  g_autoptr (BvJson) json = bv_json_new (bv_input_read, input);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean row = TRUE;

  bv_json_set_part (json, plan->part);
  for (guint i = 0; i < self->n_known; i++)
    {
      BvSniffedColumn *sniffed = plan->columns->pdata[i];

      g_hash_table_insert (self->known, sniffed->key, GUINT_TO_POINTER (i + 1));
      g_hash_table_add (names, g_ascii_strdown (sniffed->column.name, -1));
    }
  while (row)
    if (!bv_json_next (json, &row, json_cell, self, error))
      return FALSE;
  for (guint i = 0; i < self->found->len; i++)
    {
      const char *path = self->found->pdata[i];
      g_autofree char *name = g_strdelimit (g_strdup (path), "\x1f", '_');
      BvSniffedColumn *sniffed = bv_sniff_add_column (plan->columns, names, name, strlen (name), path);

      sniffed->column.type = bv_cell_type_from_bits (g_array_index (self->bits, guint, i));
    }
  return TRUE;
}

gboolean
bv_import_discover (BvImportPlan *plan, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvInput) input = bv_input_open (plan->path, plan->encoding, cancellable, error);
  g_autoptr (GArray) seen = g_array_new (FALSE, TRUE, sizeof (Seen));
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) bits = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean is_json = plan->kind == BV_FILE_JSON;
  Discovery self = { { is_json ? '.' : plan->decimal, bv_date_order_from_name (plan->date_order) }, seen, known, plan->columns->len, found, bits };

  if (input == NULL)
    return FALSE;
  for (guint i = 0; i < plan->columns->len; i++)
    {
      Seen one = { plan->columns->pdata[i], FALSE, FALSE };

      g_array_append_val (seen, one);
    }
  if (is_json ? !read_json (&self, plan, input, error) : !read_csv (&self, plan, input, error))
    return FALSE;
  for (guint i = 0; i < seen->len; i++)
    {
      const Seen *one = &g_array_index (seen, Seen, i);

      if (one->wider && !one->bound)
        one->column->column.type = one->column->column.type == BV_TYPE_INT ? BV_TYPE_DOUBLE : BV_TYPE_TIMESTAMP;
    }
  return TRUE;
}
