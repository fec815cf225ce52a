/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files into tables.
 *
 * Protocol: sniff a file into a plan; the analyst may change the plan (and resniff when that changes how the file is split);
 * import the plan into a table writer, alone or with others in one step.
 *
 * The import streams: file → inflate → decode → split (bv-csv.c, bv-json-import.c) → cells (bv-cell.c) → writer. Memory does
 * not depend on the size of the file. A cell that does not fit its column becomes null and is counted; what breaks the file
 * itself (an unclosed quote, broken JSON, a cut-off archive) is an error, and then nothing is kept.
 *
 * What the sample did not show is found by reading a file of text once before (bv-import-discover.c).
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Rows between two looks at the cancellable. */
#define CANCEL_ROWS 512
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 20)

void
bv_import_plan_free (BvImportPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->path);
  g_strfreev (plan->parts);
  g_free (plan->part);
  g_free (plan->table);
  g_free (plan->source);
  g_free (plan->encoding);
  g_free (plan->date_order);
  g_clear_pointer (&plan->columns, g_ptr_array_unref);
  g_clear_pointer (&plan->preview, g_ptr_array_unref);
  g_strfreev (plan->key);
  g_free (plan);
}

void
bv_import_result_clear (BvImportResult *result)
{
  g_clear_pointer (&result->first_problem, g_free);
  memset (result, 0, sizeof *result);
}

BvImportColumn *
bv_import_plan_find_column (BvImportPlan *plan, const char *name)
{
  g_return_val_if_fail (plan != NULL && name != NULL, NULL);

  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvImportColumn *column = plan->columns->pdata[i];

      if (g_ascii_strcasecmp (column->name, name) == 0)
        return column;
    }
  return NULL;
}

/* --- Sniffing */

/* The first MiB. *whole says whether that is all. */
static gboolean
read_sample (const char *path, const char *encoding, GCancellable *cancellable, GByteArray *sample, gboolean *whole, guint64 *size,
             GError **error)
{
  g_autoptr (BvInput) input = bv_input_open (path, encoding, cancellable, error);

  if (input == NULL)
    return FALSE;
  if (size != NULL)
    *size = bv_input_size (input);
  g_byte_array_set_size (sample, 0);
  *whole = FALSE;
  while (sample->len < BV_SAMPLE_SIZE)
    {
      char buf[16 * 1024];
      gssize n = bv_input_read (input, buf, sizeof buf, error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          *whole = TRUE;
          break;
        }
      g_byte_array_append (sample, (const guint8 *) buf, (guint) n);
    }
  return TRUE;
}

static BvFileKind
choose_kind (const char *path, const char *sample, gsize length)
{
  static const struct { const char *ending; BvFileKind kind; } endings[] = {
    { ".csv", BV_FILE_CSV },   { ".tsv", BV_FILE_CSV },     { ".tab", BV_FILE_CSV },
    { ".json", BV_FILE_JSON }, { ".ndjson", BV_FILE_JSON }, { ".jsonl", BV_FILE_JSON },
  };
  g_autofree char *lower = g_ascii_strdown (path, -1);
  gsize i = 0;
  char open;

  if (g_str_has_suffix (lower, ".gz"))
    lower[strlen (lower) - 3] = '\0';
  for (guint e = 0; e < G_N_ELEMENTS (endings); e++)
    if (g_str_has_suffix (lower, endings[e].ending))
      return endings[e].kind;
  while (i < length && g_ascii_isspace (sample[i]))
    i++;
  open = i < length ? sample[i] : '\0';
  if (open != '{' && open != '[')
    return BV_FILE_CSV;
  for (i++; i < length && g_ascii_isspace (sample[i]);)
    i++;
  return i < length && strchr (open == '{' ? "\"}" : "{]", sample[i]) != NULL ? BV_FILE_JSON : BV_FILE_CSV;
}

/* Arrays within one object may begin behind the sample: each is looked at where it is. */
static gboolean
sniff_json (BvImportPlan *plan, GByteArray *sample, gboolean whole, gboolean keep, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvInput) input = NULL;
  BvMemory memory = { (const char *) sample->data, sample->len };

  if (!keep)
    {
      input = bv_input_open (plan->path, plan->encoding, cancellable, error);
      if (input == NULL)
        return FALSE;
      plan->parts = bv_json_list_parts (bv_input_read, input);
      g_clear_pointer (&input, bv_input_close);
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          (plan->parts != NULL && !bv_import_plan_set_part (plan, plan->parts[0], error)))
        return FALSE;
    }
  if (plan->part == NULL)
    return bv_sniff_json (plan, bv_memory_read, &memory, whole, error);
  input = bv_input_open (plan->path, plan->encoding, cancellable, error);
  return input != NULL && bv_sniff_json (plan, bv_input_read, input, FALSE, error);
}

static gboolean
sniff_content (BvImportPlan *plan, gboolean keep, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) sample = g_byte_array_new ();
  gboolean whole;
  gsize i = 0;

  if (!read_sample (plan->path, plan->encoding, cancellable, sample, &whole, NULL, error))
    return FALSE;
  while (i < sample->len && g_ascii_isspace (sample->data[i]))
    i++;
  if (i == sample->len && whole)
    {
      g_autofree char *name = g_filename_display_basename (plan->path);

      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is empty: choose another file"), name);
      return FALSE;
    }
  if (!keep)
    plan->kind = choose_kind (plan->path, (const char *) sample->data, sample->len);
  if (plan->kind == BV_FILE_JSON)
    return sniff_json (plan, sample, whole, keep, cancellable, error);
  return bv_sniff_csv (plan, (const char *) sample->data, sample->len, whole, keep, error);
}

BvImportPlan *
bv_import_sniff (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvImportPlan) plan = g_new0 (BvImportPlan, 1);
  g_autoptr (GByteArray) sample = g_byte_array_new ();
  gboolean whole;

  g_return_val_if_fail (path != NULL, NULL);

  plan->path = g_canonicalize_filename (path, NULL);
  plan->table = bv_sniff_table_name (plan->path, NULL);
  plan->source = g_strdup (BV_SOURCE_FILES);
  plan->separator = ',';
  plan->quote = '"';
  plan->has_header = TRUE;
  plan->decimal = '.';
  plan->date_order = g_strdup ("YMD");
  if (!read_sample (plan->path, NULL, cancellable, sample, &whole, &plan->size, error))
    return NULL;
  if (bv_sniff_magic ((const char *) sample->data, sample->len, &plan->kind))
    return bv_sniff_rows (plan, FALSE, cancellable, error) ? g_steal_pointer (&plan) : NULL;
  if (!bv_sniff_encoding (plan, (const char *) sample->data, sample->len, whole, error) ||
      !sniff_content (plan, FALSE, cancellable, error))
    return NULL;
  return g_steal_pointer (&plan);
}

gboolean
bv_import_resniff (BvImportPlan *plan, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (plan != NULL, FALSE);

  if (plan->kind != BV_FILE_CSV && plan->kind != BV_FILE_JSON)
    return bv_sniff_rows (plan, TRUE, cancellable, error);
  return sniff_content (plan, TRUE, cancellable, error);
}

/* --- Importing */

typedef struct
{
  BvImportPlan *plan;
  BvTableWriter *writer;
  BvInput *input;       /* (nullable): of text */
  BvRows *rows;         /* (nullable): of everything else */
  BvImportResult *result;
  BvCellStyle style;
  GPtrArray *columns;   /* BvImportColumn that are not skipped */
  int *target;          /* per column of the plan (CSV) or of @keys (JSON): the place in @values, or -1 */
  guint n_targets;
  BvValue *values;
  GHashTable *by_key;   /* JSON: path → index + 1 into @target */
  GStringChunk *texts;  /* JSON: texts of the row */
  BvJson *json;
  GCancellable *cancellable;
  BvProgress progress;
  gpointer progress_data;
  gint64 last_progress;
} BvImport;

static void
note_problem (BvImport *import, gint64 line, const char *column, char *problem)
{
  import->result->n_unreadable++;
  if (import->result->first_problem == NULL && import->rows != NULL)
    import->result->first_problem = column != NULL
                                      ? g_strdup_printf (_("row %" PRId64 ", %s: %s"), line, column, problem)
                                      : g_strdup_printf (_("row %" PRId64 ": %s"), line, problem);
  else if (import->result->first_problem == NULL)
    import->result->first_problem = column != NULL
                                      ? g_strdup_printf (_("line %" PRId64 ", %s: %s"), line, column, problem)
                                      : g_strdup_printf (_("line %" PRId64 ": %s"), line, problem);
  g_free (problem);
}

static gboolean
report (BvImport *import, GError **error)
{
  gint64 now;

  if (import->result->n_rows % CANCEL_ROWS != 0)
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
  g_autofree BvTableColumn *columns = NULL;
  guint n = 0;

  import->n_targets = plan->columns->len;
  import->target = g_new (int, import->n_targets);
  columns = g_new0 (BvTableColumn, import->n_targets);
  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvImportColumn *column = plan->columns->pdata[i];

      import->target[i] = column->skip ? -1 : (int) n;
      if (column->skip)
        continue;
      columns[n].name = column->name;
      columns[n].type = column->type;
      g_ptr_array_add (import->columns, column);
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
          BvImportColumn *column;
          const char *text;
          gsize length;

          if (import->target[i] < 0)
            continue;
          if (i >= n_fields)
            {
              import->values[import->target[i]].type = BV_TYPE_NULL;
              continue;
            }
          column = import->columns->pdata[import->target[i]];
          text = bv_csv_field (csv, i, &length);
          if (G_UNLIKELY (!bv_cell_parse (text, length, column->type, &import->style, &import->values[import->target[i]])))
            {
              import->values[import->target[i]].type = BV_TYPE_NULL;
              note_problem (import, bv_csv_line (csv), column->name, bv_cell_problem (text, length, column->type));
            }
        }
      for (guint i = import->n_targets; G_UNLIKELY (i < n_fields); i++)
        {
          gsize length;

          bv_csv_field (csv, i, &length);
          if (length > 0)
            note_problem (import, bv_csv_line (csv), NULL,
                          g_strdup_printf (_("there are %u cells for %u columns"), n_fields, import->n_targets));
        }
      if (!bv_table_writer_append (import->writer, import->values, error))
        return FALSE;
      import->result->n_rows++;
      if (!report (import, error))
        return FALSE;
    }
}

static gboolean
json_cell (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  BvImport *import = data;
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (import->by_key, key));
  BvImportColumn *column;
  BvValue *value;

  if (index == 0 || import->target[index - 1] < 0)
    return TRUE;
  column = import->columns->pdata[import->target[index - 1]];
  value = &import->values[import->target[index - 1]];
  value->type = BV_TYPE_NULL;
  if (kind == BV_JSON_NULL)
    return TRUE;
  if (column->type == BV_TYPE_TEXT && length > 0 && memchr (text, 0, length) == NULL && g_utf8_validate (text, (gssize) length, NULL))
    {
      /* The parser's buffer is used again for the next member. */
      value->type = BV_TYPE_TEXT;
      value->s = g_string_chunk_insert_len (import->texts, text, (gssize) length);
    }
  else if (kind == BV_JSON_NESTED || !bv_cell_parse (text, length, column->type, &import->style, value))
    {
      value->type = BV_TYPE_NULL;
      note_problem (import, bv_json_line (import->json), column->name, bv_cell_problem (text, length, column->type));
    }
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
  for (guint i = 0; i < import->plan->columns->len; i++)
    g_hash_table_insert (import->by_key, ((BvSniffedColumn *) import->plan->columns->pdata[i])->key, GUINT_TO_POINTER (i + 1));
  while (TRUE)
    {
      gboolean row;

      for (guint i = 0; i < import->columns->len; i++)
        import->values[i].type = BV_TYPE_NULL;
      g_string_chunk_clear (import->texts);
      if (!bv_json_next (json, &row, json_cell, import, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!bv_table_writer_append (import->writer, import->values, error))
        return FALSE;
      import->result->n_rows++;
      if (!report (import, error))
        return FALSE;
    }
}

/* --- Rows of typed values */

static void
note_row (BvRows *rows, guint column, char *problem, gpointer data)
{
  BvImport *import = data;

  if (column >= import->n_targets || import->target[column] < 0)
    g_free (problem);
  else
    note_problem (import, rows->line, ((BvImportColumn *) import->plan->columns->pdata[column])->name, problem);
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
      wanted[i] = import->target[i] >= 0;
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
          BvImportColumn *column;
          BvValue *value;

          if (import->target[i] < 0)
            continue;
          column = import->columns->pdata[import->target[i]];
          value = &import->values[import->target[i]];
          if (i >= rows->n_columns)
            value->type = BV_TYPE_NULL;
          else if (G_UNLIKELY (!bv_rows_convert (&rows->values[i], column->type, &import->style, scratch[i], value)))
            {
              g_autofree char *plain = bv_value_to_plain (&rows->values[i]);

              value->type = BV_TYPE_NULL;
              note_problem (import, rows->line, column->name, bv_cell_problem (plain, strlen (plain), column->type));
            }
        }
      for (guint i = import->n_targets; i < rows->n_columns; i++)
        if (G_UNLIKELY (rows->values[i].type != BV_TYPE_NULL))
          note_problem (import, rows->line, NULL, g_strdup_printf (_("there are %u cells for %u columns"), i + 1, import->n_targets));
      ok = bv_table_writer_append (import->writer, import->values, error);
      import->result->n_rows++;
      ok = ok && report (import, error);
    }
  rows->wanted = NULL;
  for (guint i = 0; i < import->n_targets; i++)
    g_string_free (scratch[i], TRUE);
  return ok;
}

static gboolean
run (BvImport *import, GError **error)
{
  BvImportPlan *plan = import->plan;

  if (plan->kind != BV_FILE_CSV && plan->kind != BV_FILE_JSON)
    {
      import->rows = bv_rows_open (plan, import->cancellable, error);
      return import->rows != NULL && begin (import, error) && import_rows (import, error);
    }
  if (!bv_import_discover (plan, import->cancellable, error))
    return FALSE;
  import->input = bv_input_open (plan->path, plan->encoding, import->cancellable, error);
  return import->input != NULL && begin (import, error) &&
         (plan->kind == BV_FILE_JSON ? import_json (import, error) : import_csv (import, error));
}

gboolean
bv_import_into (BvImportPlan *plan, BvTableWriter *writer, BvProgress progress, gpointer user_data, GCancellable *cancellable,
                BvImportResult *result, GError **error)
{
  BvImport import = { plan, writer };
  BvImportResult own = { 0 };
  gboolean ok;

  g_return_val_if_fail (plan != NULL && writer != NULL, FALSE);

  import.result = result != NULL ? result : &own;
  memset (import.result, 0, sizeof *import.result);
  /* JSON writes its numbers in one way only. */
  import.style.decimal = plan->kind == BV_FILE_CSV ? plan->decimal : '.';
  import.style.order = bv_date_order_from_name (plan->date_order);
  import.cancellable = cancellable;
  import.progress = progress;
  import.progress_data = user_data;
  import.columns = g_ptr_array_new ();
  ok = run (&import, error) && bv_table_writer_end_table (writer, &import.result->n_added, &import.result->n_replaced, error);
  if (ok && progress != NULL)
    progress (1, 1, plan->table, user_data);
  if (!ok)
    bv_import_result_clear (import.result);
  bv_import_result_clear (&own);
  g_clear_pointer (&import.input, bv_input_close);
  g_clear_pointer (&import.rows, bv_rows_free);
  g_clear_pointer (&import.columns, g_ptr_array_unref);
  g_clear_pointer (&import.by_key, g_hash_table_unref);
  g_clear_pointer (&import.texts, g_string_chunk_free);
  g_free (import.target);
  g_free (import.values);
  return ok;
}

static gboolean
run_step (BvImportPlan *plan, BvProject *project, const BvTableSink *sink, BvProgress progress, gpointer user_data, GCancellable *cancellable,
          BvImportResult *result, GError **error)
{
  BvTableWriter *writer;
  g_autofree char *name = NULL;
  g_autofree char *step = NULL;

  if (result != NULL)
    memset (result, 0, sizeof *result);
  writer = bv_table_writer_new (project, error);
  if (writer == NULL)
    return FALSE;
  bv_table_writer_set_sink (writer, sink);
  if (!bv_import_into (plan, writer, progress, user_data, cancellable, result, error))
    {
      bv_table_writer_abort (writer);
      return FALSE;
    }
  name = g_filename_display_basename (plan->path);
  step = g_strdup_printf (_("Import %s"), name);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    bv_table_writer_abort (writer);
  else if (bv_table_writer_commit (writer, step, NULL, error))
    return TRUE;
  if (result != NULL)
    bv_import_result_clear (result);
  return FALSE;
}

gboolean
bv_import_run (BvImportPlan *plan, BvProject *project, BvProgress progress, gpointer user_data, GCancellable *cancellable,
               BvImportResult *result, GError **error)
{
  g_return_val_if_fail (plan != NULL && project != NULL, FALSE);

  return run_step (plan, project, NULL, progress, user_data, cancellable, result, error);
}

/* --- In a thread */

typedef struct
{
  BvImportPlan *plan;
  BvProject *project;
  const BvTableSink *sink;
  BvProgress progress;
  gpointer user_data;
  BvImportResult result;
} BvImportTask;

static void
task_free (gpointer data)
{
  BvImportTask *task = data;

  bv_project_unref (task->project);
  bv_import_result_clear (&task->result);
  g_free (task);
}

static void
run_in_thread (GTask *gtask, gpointer source, gpointer data, GCancellable *cancellable)
{
  BvImportTask *task = data;
  GError *error = NULL;

  if (run_step (task->plan, task->project, task->sink, task->progress, task->user_data, cancellable, &task->result, &error))
    g_task_return_boolean (gtask, TRUE);
  else
    g_task_return_error (gtask, error);
}

void
bv_import_run_async (BvImportPlan *plan, BvProject *project, const BvTableSink *sink, BvProgress progress, gpointer user_data,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) gtask = g_task_new (NULL, cancellable, callback, callback_data);
  BvImportTask *task = g_new0 (BvImportTask, 1);

  g_return_if_fail (plan != NULL && project != NULL);

  task->plan = plan;
  task->project = bv_project_ref (project);
  task->sink = sink;
  task->progress = progress;
  task->user_data = user_data;
  g_task_set_source_tag (gtask, bv_import_run_async);
  g_task_set_task_data (gtask, task, task_free);
  /* What was committed in the moment of the cancel is reported as done. */
  g_task_set_check_cancellable (gtask, FALSE);
  g_task_run_in_thread (gtask, run_in_thread);
}

gboolean
bv_import_run_finish (GAsyncResult *result, BvImportResult *import_result, GError **error)
{
  BvImportTask *task;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  task = g_task_get_task_data (G_TASK (result));
  if (import_result != NULL)
    {
      *import_result = task->result;
      memset (&task->result, 0, sizeof task->result);
    }
  return g_task_propagate_boolean (G_TASK (result), error);
}
