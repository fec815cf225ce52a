/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's rows into a table writer.
 *
 * A column has the type that all of its cells can be read as, as if all of the file had been the sample. Rows are written with the types that were sniffed
 * for as long as these hold. A cell that its column cannot hold (text or a fraction among whole numbers, a time of day among dates, leading zeros,
 * anything at all where the sample was empty) and a field of JSON that the sample did not show set off a second reading: the rest of the file is only looked
 * at, what was written is dropped, and the file is read again with the types that hold. Each reading makes types wider or adds fields, so there are few:
 * mostly one, then two. A type that the analyst chose stays, as does one that the file declares: a cell that does not fit is null and counted.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Rows between two looks at the cancellable. */
#define CANCEL_ROWS 512
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 20)

/* A column of the plan. */
typedef struct
{
  BvSniffedColumn *sniffed;
  int place;                /* in @values, or -1 */
  BvType read_as;           /* its type; null while an open column had no values yet */
  const BvCellStyle *style; /* exact while the type may change */
} BvTarget;

typedef struct
{
  BvImportPlan *plan;
  BvTableWriter *writer;
  BvInput *input;       /* (nullable): of text */
  BvRows *rows;         /* (nullable): of everything else */
  BvImportResult *result;
  BvCellStyle style, exact;
  BvTarget *targets;
  guint n_targets;
  BvValue *values;
  gboolean again;       /* the file is to be read once more: what is written now does not count */
  guint n_texts;
  char *first_text;     /* (nullable) */
  GHashTable *by_key;   /* JSON: path → index + 1 into the plan's columns */
  GHashTable *names;    /* JSON: (nullable): of the columns, once there are new ones */
  GStringChunk *texts;  /* JSON: texts of the row */
  BvJson *json;
  GCancellable *cancellable;
  BvProgress progress;
  gpointer progress_data;
  gint64 last_progress;
} BvImport;

/* "line 17, amount: “n/a” is not a number" (transfer full) */
static char *
locate (const BvImport *import, gint64 line, const char *column, const char *problem)
{
  if (import->rows != NULL)
    return column != NULL ? g_strdup_printf (_("row %" PRId64 ", %s: %s"), line, column, problem)
                          : g_strdup_printf (_("row %" PRId64 ": %s"), line, problem);
  return column != NULL ? g_strdup_printf (_("line %" PRId64 ", %s: %s"), line, column, problem)
                        : g_strdup_printf (_("line %" PRId64 ": %s"), line, problem);
}

static void
note_problem (BvImport *import, gint64 line, const char *column, char *problem)
{
  import->result->n_unreadable++;
  if (import->result->first_problem == NULL)
    import->result->first_problem = locate (import, line, column, problem);
  g_free (problem);
}

/* A cell that its column does not hold, and that can be read as @bits. FALSE: it is unreadable, since the type stays. */
static gboolean
widen (BvImport *import, BvTarget *target, guint bits, const char *text, gsize length, gint64 line)
{
  BvSniffedColumn *sniffed = target->sniffed;
  BvType was = target->read_as, type;

  if (target->style != &import->exact)
    return FALSE;
  sniffed->bits &= bits;
  if (sniffed->bits == BV_CELL_ANY) /* blanks where there was nothing yet */
    return TRUE;
  type = bv_cell_type_from_bits (sniffed->bits);
  if (type == was) /* of the type, but something would be lost: leading zeros, digits of a long number */
    type = BV_TYPE_TEXT;
  if (type == BV_TYPE_TEXT)
    {
      sniffed->bits = 0;
      target->style = &import->style;
    }
  if (type == BV_TYPE_TEXT && was != BV_TYPE_NULL)
    {
      g_autofree char *problem = bv_cell_problem (text, length, was);

      import->n_texts++;
      if (import->first_text == NULL)
        import->first_text = locate (import, line, sniffed->column.name, problem);
    }
  import->again |= type != sniffed->column.type;
  sniffed->column.type = sniffed->type = target->read_as = type;
  return TRUE;
}

/* Hands the row at hand on. */
static gboolean
end_row (BvImport *import, GError **error)
{
  gint64 now;

  if (!import->again && !bv_table_writer_append (import->writer, import->values, error))
    return FALSE;
  if (++import->result->n_rows % CANCEL_ROWS != 0)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (import->cancellable, error))
    return FALSE;
  if (import->progress == NULL)
    return TRUE;
  now = g_get_monotonic_time ();
  if (now - import->last_progress >= PROGRESS_INTERVAL)
    {
      if (import->rows != NULL)
        import->progress (MIN (import->rows->done, import->rows->total), import->rows->total, import->plan->table, import->progress_data);
      else
        import->progress (bv_input_tell (import->input), bv_input_size (import->input), import->plan->table, import->progress_data);
      import->last_progress = now;
    }
  return TRUE;
}

static gboolean
begin (BvImport *import, GError **error)
{
  BvImportPlan *plan = import->plan;
  g_autofree BvTableColumn *columns = g_new0 (BvTableColumn, plan->columns->len);
  guint n = 0;

  import->n_targets = plan->columns->len;
  import->targets = g_new0 (BvTarget, import->n_targets);
  for (guint i = 0; i < import->n_targets; i++)
    {
      BvSniffedColumn *sniffed = plan->columns->pdata[i];
      const BvImportColumn *column = &sniffed->column;
      gboolean is_open = sniffed->bits != 0 && !column->chosen && column->type == sniffed->type;

      import->targets[i] = (BvTarget){ sniffed, -1, column->type, is_open ? &import->exact : &import->style };
      if (is_open && sniffed->bits == BV_CELL_ANY)
        import->targets[i].read_as = BV_TYPE_NULL;
      if (column->skip)
        continue;
      import->targets[i].place = (int) n;
      columns[n].name = column->name;
      columns[n].type = column->type;
      n++;
    }
  import->values = g_new0 (BvValue, n + 1);
  if (n == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("No column is to be imported: choose at least one"));
      return FALSE;
    }
  return bv_table_writer_begin_table (import->writer, plan->table, plan->source, plan->path, columns, n,
                                      (const char *const *) plan->key, error);
}

/* --- CSV */

static void
csv_misfit (BvImport *import, BvTarget *target, BvValue *value, const char *text, gsize length, gint64 line)
{
  BvImportColumn *column = &target->sniffed->column;

  if (widen (import, target, bv_cell_types (text, length, &import->style), text, length, line) &&
      bv_cell_parse (text, length, column->type, &import->style, value))
    return;
  value->type = BV_TYPE_NULL;
  note_problem (import, line, column->name, bv_cell_problem (text, length, column->type));
}

static gboolean
import_csv (BvImport *import, GError **error)
{
  BvImportPlan *plan = import->plan;
  g_autoptr (BvCsv) csv = bv_csv_new (bv_input_read, import->input, plan->separator, plan->quote);
  gboolean row;

  if (plan->has_header && !bv_csv_next (csv, &row, error))
    return FALSE;
  while (TRUE)
    {
      guint n_fields;

      if (!bv_csv_next (csv, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      n_fields = bv_csv_n_fields (csv);
      for (guint i = 0; i < import->n_targets; i++)
        {
          BvTarget *target = &import->targets[i];
          const char *text;
          BvValue *value;
          gsize length;

          if (target->place < 0)
            continue;
          value = &import->values[target->place];
          if (i >= n_fields)
            {
              value->type = BV_TYPE_NULL;
              continue;
            }
          text = bv_csv_field (csv, i, &length);
          if (G_UNLIKELY (!bv_cell_parse (text, length, target->read_as, target->style, value)))
            csv_misfit (import, target, value, text, length, bv_csv_line (csv));
        }
      for (guint i = import->n_targets; G_UNLIKELY (i < n_fields); i++)
        {
          gsize length;

          bv_csv_field (csv, i, &length);
          if (length > 0)
            note_problem (import, bv_csv_line (csv), NULL,
                          g_strdup_printf (_("there are %u cells for %u columns"), n_fields, import->n_targets));
        }
      if (!end_row (import, error))
        return FALSE;
    }
}

/* --- JSON */

/* A field that is new. */
static gboolean
add_field (BvImport *import, const char *key, guint bits, GError **error)
{
  GPtrArray *columns = import->plan->columns;
  g_autofree char *name = g_strdelimit (g_strdup (key), "\x1f", '_');
  BvSniffedColumn *sniffed;

  if (columns->len >= BV_IMPORT_MAX_COLUMNS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                   _("The file has more than %d different fields, the most that a table can have: take some out"), BV_IMPORT_MAX_COLUMNS);
      return FALSE;
    }
  if (import->names == NULL)
    {
      import->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < columns->len; i++)
        g_hash_table_add (import->names, g_ascii_strdown (((BvImportColumn *) columns->pdata[i])->name, -1));
    }
  sniffed = bv_sniff_add_column (columns, import->names, name, strlen (name), key);
  sniffed->bits = bits;
  g_hash_table_insert (import->by_key, sniffed->key, GUINT_TO_POINTER (columns->len));
  import->again = TRUE;
  return TRUE;
}

/* The parser's buffer is used again for the next member. */
static gboolean
put_text (BvImport *import, BvValue *value, const char *text, gsize length)
{
  if (length == 0 || memchr (text, 0, length) != NULL || !g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  value->type = BV_TYPE_TEXT;
  value->s = g_string_chunk_insert_len (import->texts, text, (gssize) length);
  return TRUE;
}

static gboolean
json_cell (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  BvImport *import = data;
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (import->by_key, key));
  BvImportColumn *column;
  BvTarget *target;
  BvValue *value;

  if (index == 0)
    return add_field (import, key, bv_json_types (kind, text, length), error);
  if (index > import->n_targets)
    {
      ((BvSniffedColumn *) import->plan->columns->pdata[index - 1])->bits &= bv_json_types (kind, text, length);
      return TRUE;
    }
  target = &import->targets[index - 1];
  if (target->place < 0)
    return TRUE;
  column = &target->sniffed->column;
  value = &import->values[target->place];
  value->type = BV_TYPE_NULL;
  if (kind == BV_JSON_NULL || (target->read_as == BV_TYPE_TEXT && put_text (import, value, text, length)) ||
      (kind != BV_JSON_NESTED && bv_cell_parse (text, length, target->read_as, target->style, value)))
    return TRUE;
  if (!widen (import, target, bv_json_types (kind, text, length), text, length, bv_json_line (import->json)) ||
      (column->type == BV_TYPE_TEXT && !put_text (import, value, text, length)))
    note_problem (import, bv_json_line (import->json), column->name, bv_cell_problem (text, length, column->type));
  return TRUE;
}

static gboolean
import_json (BvImport *import, GError **error)
{
  g_autoptr (BvJson) json = bv_json_new (bv_input_read, import->input);

  bv_json_set_part (json, import->plan->part);
  import->json = json;
  import->texts = g_string_chunk_new (64 * 1024);
  import->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < import->n_targets; i++)
    g_hash_table_insert (import->by_key, import->targets[i].sniffed->key, GUINT_TO_POINTER (i + 1));
  while (TRUE)
    {
      gboolean row;

      for (guint i = 0; i < import->n_targets; i++)
        if (import->targets[i].place >= 0)
          import->values[import->targets[i].place].type = BV_TYPE_NULL;
      g_string_chunk_clear (import->texts);
      if (!bv_json_next (json, &row, json_cell, import, error))
        return FALSE;
      if (!row)
        break;
      if (!end_row (import, error))
        return FALSE;
    }
  for (guint i = import->n_targets; i < import->plan->columns->len; i++)
    {
      BvSniffedColumn *sniffed = import->plan->columns->pdata[i];

      sniffed->column.type = sniffed->type = bv_cell_type_from_bits (sniffed->bits);
    }
  return TRUE;
}

/* --- Rows of typed values */

static void
note_row (BvRows *rows, guint column, char *problem, gpointer data)
{
  BvImport *import = data;

  if (column >= import->n_targets || import->targets[column].place < 0)
    g_free (problem);
  else
    note_problem (import, rows->line, import->targets[column].sniffed->column.name, problem);
}

static void
row_misfit (BvImport *import, BvTarget *target, BvValue *value, const BvValue *found, GString *scratch)
{
  BvImportColumn *column = &target->sniffed->column;
  g_autofree char *plain = bv_value_to_plain (found);

  if (widen (import, target, bv_rows_types (found), plain, strlen (plain), import->rows->line) &&
      bv_rows_convert (found, column->type, &import->style, scratch, value))
    return;
  value->type = BV_TYPE_NULL;
  note_problem (import, import->rows->line, column->name, bv_cell_problem (plain, strlen (plain), column->type));
}

static gboolean
import_rows (BvImport *import, GError **error)
{
  BvRows *rows = import->rows;
  g_autofree GString **scratch = g_new0 (GString *, import->n_targets + 1);
  g_autofree gboolean *wanted = g_new0 (gboolean, MAX (rows->n_columns, import->n_targets) + 1);
  gboolean row = TRUE, ok = TRUE;

  for (guint i = 0; i < import->n_targets; i++)
    {
      scratch[i] = g_string_new (NULL);
      wanted[i] = import->targets[i].place >= 0;
    }
  rows->wanted = wanted;
  /* A workbook's cells beyond the columns are looked at, to be counted. */
  for (guint i = import->n_targets; i < rows->n_columns; i++)
    wanted[i] = TRUE;
  rows->note = note_row;
  rows->note_data = import;
  if (rows->names == NULL && import->plan->has_header)
    ok = bv_rows_next (rows, &row, error);
  import->result->n_unreadable = 0; /* of the heading */
  g_clear_pointer (&import->result->first_problem, g_free);
  while (ok && row)
    {
      ok = bv_rows_next (rows, &row, error);
      if (!ok || !row)
        break;
      for (guint i = 0; i < import->n_targets; i++)
        {
          BvTarget *target = &import->targets[i];
          BvValue *value;

          if (target->place < 0)
            continue;
          value = &import->values[target->place];
          if (i >= rows->n_columns)
            value->type = BV_TYPE_NULL;
          else if (G_UNLIKELY (!bv_rows_convert (&rows->values[i], target->read_as, target->style, scratch[i], value)))
            row_misfit (import, target, value, &rows->values[i], scratch[i]);
        }
      for (guint i = import->n_targets; i < rows->n_columns; i++)
        if (G_UNLIKELY (rows->values[i].type != BV_TYPE_NULL))
          note_problem (import, rows->line, NULL, g_strdup_printf (_("there are %u cells for %u columns"), i + 1, import->n_targets));
      ok = end_row (import, error);
    }
  rows->wanted = NULL;
  for (guint i = 0; i < import->n_targets; i++)
    g_string_free (scratch[i], TRUE);
  return ok;
}

/* --- The file */

static gboolean
read_once (BvImport *import, GError **error)
{
  BvImportPlan *plan = import->plan;

  if (plan->kind != BV_FILE_CSV && plan->kind != BV_FILE_JSON)
    {
      import->rows = bv_rows_open (plan, import->cancellable, error);
      return import->rows != NULL && begin (import, error) && import_rows (import, error);
    }
  import->input = bv_input_open (plan->path, plan->encoding, import->cancellable, error);
  return import->input != NULL && begin (import, error) &&
         (plan->kind == BV_FILE_JSON ? import_json (import, error) : import_csv (import, error));
}

static void
close_file (BvImport *import)
{
  g_clear_pointer (&import->input, bv_input_close);
  g_clear_pointer (&import->rows, bv_rows_free);
  g_clear_pointer (&import->by_key, g_hash_table_unref);
  g_clear_pointer (&import->names, g_hash_table_unref);
  g_clear_pointer (&import->texts, g_string_chunk_free);
  g_clear_pointer (&import->targets, g_free);
  g_clear_pointer (&import->values, g_free);
}

gboolean
bv_import_into (BvImportPlan *plan, BvTableWriter *writer, BvProgress progress, gpointer user_data, GCancellable *cancellable,
                BvImportResult *result, GError **error)
{
  BvImport import = { plan, writer };
  g_auto (BvImportResult) own = { 0 };
  gboolean ok;

  g_return_val_if_fail (plan != NULL && writer != NULL, FALSE);

  import.result = result != NULL ? result : &own;
  memset (import.result, 0, sizeof *import.result);
  /* JSON writes its numbers in one way only. */
  import.style.decimal = plan->kind == BV_FILE_CSV ? plan->decimal : '.';
  import.style.order = bv_date_order_from_name (plan->date_order);
  import.exact = import.style;
  import.exact.exact = TRUE;
  import.cancellable = cancellable;
  import.progress = progress;
  import.progress_data = user_data;
  do
    {
      import.again = FALSE;
      bv_import_result_clear (import.result);
      ok = read_once (&import, error) && (!import.again || bv_table_writer_drop_table (writer, error));
      close_file (&import);
    }
  while (ok && import.again);
  ok = ok && bv_table_writer_end_table (writer, &import.result->n_added, &import.result->n_replaced, error);
  if (ok && progress != NULL)
    progress (1, 1, plan->table, user_data);
  import.result->n_texts = import.n_texts;
  import.result->first_text = import.first_text;
  if (!ok)
    bv_import_result_clear (import.result);
  return ok;
}
