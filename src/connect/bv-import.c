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
 * What the sample did not show is found while the file is read (bv-import-read.c), and may have it read once more.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

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
  g_clear_pointer (&result->first_text, g_free);
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

/* --- One file, one step */

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
