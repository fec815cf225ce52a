/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans from typed rows: parts, columns, types and the preview, from the first rows of a workbook, a Parquet file or a database.
 *
 * A column has the type that the file declares (Parquet), or the one that all values of the first rows can be read as; texts are
 * taken for dates where all of them are ISO dates, as in JSON, and never for numbers. Where the reader has no names of its own,
 * the first row holds them unless it looks like the rows below it.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is looked at: so many rows, and of narrow tables more. */
#define SAMPLE_ROWS 2000
#define SAMPLE_CELLS 200000

void
bv_rows_set_columns (BvRows *self, guint n_columns, gboolean named)
{
  self->n_columns = n_columns;
  self->values = g_new0 (BvValue, n_columns + 1);
  if (named)
    {
      self->names = g_new0 (char *, n_columns + 1);
      self->types = g_new0 (BvType, n_columns + 1);
    }
}

void
bv_rows_clear (BvRows *self)
{
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->types, g_free);
  g_clear_pointer (&self->values, g_free);
}

void
bv_rows_free (BvRows *self)
{
  if (self != NULL)
    self->free (self);
}

BvRows *
bv_rows_open (BvImportPlan *plan, GCancellable *cancellable, GError **error)
{
  if (plan->kind == BV_FILE_XLSX)
    return bv_xlsx_open (plan->path, plan->part, cancellable, error);
  if (plan->kind == BV_FILE_SQLITE)
    return bv_sqlite_rows_open (plan->path, plan->part, cancellable, error);
  return bv_parquet_open (plan->path, cancellable, error);
}

/* --- Parts */

static char *
table_name (BvImportPlan *plan)
{
  if (plan->kind == BV_FILE_SQLITE)
    return bv_sniff_table_name (plan->part, NULL);
  return bv_sniff_table_name (plan->path, plan->parts != NULL && plan->parts[1] != NULL ? plan->part : NULL);
}

gboolean
bv_import_plan_set_part (BvImportPlan *plan, const char *part, GError **error)
{
  g_autofree char *wanted = NULL;
  g_autofree char *before = NULL;

  g_return_val_if_fail (plan != NULL && part != NULL, FALSE);

  wanted = g_utf8_casefold (part, -1);
  for (guint i = 0; plan->parts != NULL && plan->parts[i] != NULL; i++)
    {
      g_autofree char *folded = g_utf8_casefold (plan->parts[i], -1);

      if (strcmp (folded, wanted) != 0)
        continue;
      before = plan->part != NULL ? table_name (plan) : NULL;
      g_free (plan->part);
      plan->part = g_strdup (plan->parts[i]);
      plan->part_is_new = TRUE;
      if (before == NULL || g_strcmp0 (before, plan->table) == 0)
        {
          g_free (plan->table);
          plan->table = table_name (plan);
        }
      return TRUE;
    }
  {
    g_autofree char *name = g_filename_display_basename (plan->path);
    g_autofree char *list = plan->parts != NULL ? g_strjoinv (", ", plan->parts) : NULL;

    if (list == NULL)
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” has no sheets or tables to choose from: leave the choice out"), name);
    else
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” has no sheet or table “%s”: choose one of %s"), name, part, list);
  }
  return FALSE;
}

/* --- Values as the type of their column */

gboolean
bv_rows_convert (const BvValue *value, BvType type, const BvCellStyle *style, GString *scratch, BvValue *result)
{
  g_autofree char *plain = NULL;
  const char *text = value->s;

  if (value->type == BV_TYPE_NULL || (value->type == type && type != BV_TYPE_TEXT))
    {
      *result = *value;
      return TRUE;
    }
  if (value->type == BV_TYPE_INT && type == BV_TYPE_DOUBLE)
    {
      result->type = type;
      result->d = (double) value->i;
      return !style->exact || bv_cell_is_exact (value->i);
    }
  if (value->type != BV_TYPE_TEXT)
    {
      plain = bv_value_to_plain (value);
      g_string_assign (scratch, plain);
      text = scratch->str;
    }
  return bv_cell_parse (text, strlen (text), type, style, result);
}

/* --- The first rows */

typedef struct
{
  BvValue *values; /* texts owned */
  guint n;         /* up to the last one that is there */
} BvSampleRow;

static void
sample_row_clear (gpointer data)
{
  BvSampleRow *row = data;

  for (guint i = 0; i < row->n; i++)
    bv_value_clear (&row->values[i]);
  g_free (row->values);
}

static GArray *
read_sample_rows (BvRows *rows, GError **error)
{
  g_autoptr (GArray) sample = g_array_new (FALSE, FALSE, sizeof (BvSampleRow));
  gboolean more = TRUE;
  guint n_cells = 0;

  g_array_set_clear_func (sample, sample_row_clear);
  while (sample->len < SAMPLE_ROWS || n_cells < SAMPLE_CELLS)
    {
      BvSampleRow row = { NULL, 0 };

      if (!bv_rows_next (rows, &more, error))
        return NULL;
      if (!more)
        break;
      for (guint i = 0; i < rows->n_columns; i++)
        if (rows->values[i].type != BV_TYPE_NULL)
          row.n = i + 1;
      row.values = g_new (BvValue, row.n + 1);
      for (guint i = 0; i < row.n; i++)
        row.values[i] = bv_value_copy (&rows->values[i]);
      g_array_append_val (sample, row);
      n_cells += row.n + 1;
    }
  return g_steal_pointer (&sample);
}

guint
bv_rows_types (const BvValue *value)
{
  switch (value->type)
    {
    case BV_TYPE_NULL:
      return BV_CELL_ANY;
    case BV_TYPE_INT:
      return 1u << BV_TYPE_INT | 1u << BV_TYPE_DOUBLE;
    case BV_TYPE_DATE:
      return 1u << BV_TYPE_DATE | 1u << BV_TYPE_TIMESTAMP;
    case BV_TYPE_TEXT:
      return bv_json_types (BV_JSON_STRING, value->s, strlen (value->s));
    case BV_TYPE_BOOL:
    case BV_TYPE_DOUBLE:
    case BV_TYPE_TIMESTAMP:
    default:
      return 1u << value->type;
    }
}

static guint
column_bits (GArray *sample, guint from, guint column)
{
  guint bits = BV_CELL_ANY;

  for (guint i = from; i < sample->len; i++)
    {
      const BvSampleRow *row = &g_array_index (sample, BvSampleRow, i);

      if (column < row->n)
        bits &= bv_rows_types (&row->values[column]);
    }
  return bits;
}

/* As for CSV: a column whose cells are typed and whose first cell is not speaks for a header, the reverse against it. */
static gboolean
has_header (GArray *sample)
{
  const BvSampleRow *first = &g_array_index (sample, BvSampleRow, 0);
  gboolean only_texts = first->n > 0;
  int votes = 0;

  for (guint i = 0; i < first->n; i++)
    {
      guint own = bv_rows_types (&first->values[i]), bits = column_bits (sample, 1, i);

      if (first->values[i].type == BV_TYPE_NULL)
        continue;
      only_texts &= first->values[i].type == BV_TYPE_TEXT;
      if (bits != 0 && bits != BV_CELL_ANY)
        votes += (own & bits) != 0 ? -1 : 1;
    }
  return votes != 0 ? votes > 0 : only_texts;
}

static void
fill_preview (BvImportPlan *plan, GArray *sample, guint from)
{
  g_clear_pointer (&plan->preview, g_ptr_array_unref);
  plan->preview = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = from; i < sample->len && plan->preview->len < BV_PREVIEW_ROWS; i++)
    {
      const BvSampleRow *row = &g_array_index (sample, BvSampleRow, i);
      char **cells = g_new0 (char *, plan->columns->len + 1);

      for (guint j = 0; j < plan->columns->len; j++)
        cells[j] = j < row->n ? bv_value_to_plain (&row->values[j]) : g_strdup ("");
      g_ptr_array_add (plan->preview, cells);
    }
}

gboolean
bv_sniff_rows (BvImportPlan *plan, gboolean keep, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvRows) rows = NULL;
  g_autoptr (GArray) sample = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_columns, from = 0;

  if (!keep)
    {
      if (plan->kind == BV_FILE_XLSX)
        plan->parts = bv_xlsx_list_parts (plan->path, cancellable, error);
      else if (plan->kind == BV_FILE_SQLITE)
        plan->parts = bv_sqlite_list_parts (plan->path, cancellable, error);
      if (plan->kind != BV_FILE_PARQUET && (plan->parts == NULL || !bv_import_plan_set_part (plan, plan->parts[0], error)))
        return FALSE;
    }
  rows = bv_rows_open (plan, cancellable, error);
  if (rows == NULL)
    return FALSE;
  sample = read_sample_rows (rows, error);
  if (sample == NULL)
    return FALSE;
  n_columns = rows->n_columns;
  if (rows->names == NULL)
    {
      n_columns = 0;
      for (guint i = 0; i < sample->len; i++)
        n_columns = MAX (n_columns, g_array_index (sample, BvSampleRow, i).n);
      if (!keep || plan->part_is_new)
        plan->has_header = sample->len > 0 && has_header (sample);
      from = plan->has_header && sample->len > 0 ? 1 : 0;
    }
  else
    plan->has_header = TRUE;
  if (n_columns > BV_IMPORT_MAX_COLUMNS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                   _("The file has %u columns and a table can have at most %d: take some out"), n_columns, BV_IMPORT_MAX_COLUMNS);
      return FALSE;
    }
  g_clear_pointer (&plan->columns, g_ptr_array_unref);
  plan->columns = g_ptr_array_new_with_free_func (bv_sniffed_column_free);
  for (guint j = 0; j < n_columns; j++)
    {
      BvType declared = rows->types != NULL ? rows->types[j] : BV_TYPE_NULL;
      guint bits = column_bits (sample, from, j);
      g_autofree char *name = NULL;
      BvSniffedColumn *sniffed;

      if (rows->names != NULL)
        name = g_strdup (rows->names[j]);
      else if (from > 0 && j < g_array_index (sample, BvSampleRow, 0).n)
        name = bv_value_to_plain (&g_array_index (sample, BvSampleRow, 0).values[j]);
      sniffed = bv_sniff_add_column (plan->columns, names, name != NULL ? name : "", name != NULL ? strlen (name) : 0, NULL);
      /* What a file declares holds, but for numbers that are too large for it. */
      if (declared == BV_TYPE_NULL)
        {
          sniffed->bits = bits;
          sniffed->column.type = sniffed->type = bv_cell_type_from_bits (bits);
        }
      else
        sniffed->column.type = declared == BV_TYPE_INT && bits == 0 ? BV_TYPE_TEXT : declared;
    }
  if (n_columns == 0)
    return bv_sniff_set_error (plan, plan->parts != NULL && plan->parts[1] != NULL && keep ? _("this sheet is empty: choose another")
                                                                                           : _("the file is empty: choose another"), error);
  fill_preview (plan, sample, from);
  plan->part_is_new = FALSE;
  return TRUE;
}
