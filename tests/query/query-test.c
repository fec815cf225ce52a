/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query-test.h"

#include <glib/gstdio.h>
#include <string.h>

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  gint64 day;

  f->dir = g_dir_make_tmp ("bv-query-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (f->dir, "test.belvedere", NULL);
  f->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  g_assert_true (bv_date_parse ("2026-06-30", -1, &day));
  f->now = (day + 1) * BV_DAY_US;
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&f->model, bv_model_unref);
  g_clear_pointer (&f->project, bv_project_unref);
  dir = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->dir, name, NULL);

      g_unlink (file);
    }
  g_rmdir (f->dir);
  g_clear_pointer (&f->dir, g_free);
}

char *
json_text (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

void
add_table (Fixture *f, const char *name, const char *columns, const char *rows)
{
  g_auto(GStrv) specs = g_strsplit (columns, " ", -1);
  g_auto(GStrv) lines = g_strsplit (rows, "\n", -1);
  guint n = g_strv_length (specs);
  g_autofree BvTableColumn *table = g_new0 (BvTableColumn, n);
  g_autofree BvValue *cells = g_new0 (BvValue, n);
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (f->project, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      char *colon = strrchr (specs[i], ':');

      g_assert_true (bv_type_from_name (colon + 1, &table[i].type));
      *colon = '\0';
      table[i].name = specs[i];
    }
  bv_table_writer_begin_table (writer, name, "Test", NULL, table, n, NULL, &error);
  g_assert_no_error (error);
  for (guint r = 0; lines[r] != NULL; r++)
    {
      g_auto(GStrv) parts = g_strsplit (lines[r], "|", -1);

      if (*lines[r] == '\0')
        continue;
      g_assert_cmpuint (g_strv_length (parts), ==, n);
      for (guint i = 0; i < n; i++)
        {
          cells[i] = BV_VALUE_NULL;
          if (strcmp (parts[i], "''") == 0)
            cells[i] = bv_value_text ("");
          else if (*parts[i] != '\0')
            g_assert_true (bv_value_from_plain (parts[i], table[i].type, &cells[i]));
        }
      bv_table_writer_append (writer, cells, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < n; i++)
        bv_value_clear (&cells[i]);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
  bv_table_writer_commit (writer, "Fill", NULL, &error);
  g_assert_no_error (error);
}

void
define (Fixture *f, const char *json)
{
  g_autofree char *text = json_text (json);
  g_autoptr(GError) error = NULL;

  bv_definitions_apply (f->project, text, "Define", NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->model, bv_model_unref);
  f->model = bv_model_load (f->project, &error);
  g_assert_no_error (error);
  if (f->model->problems->len > 0)
    g_error ("%s: %s", ((BvProblem *) f->model->problems->pdata[0])->path, ((BvProblem *) f->model->problems->pdata[0])->message);
}

static JsonNode *
parse (const char *json)
{
  g_autofree char *text = json_text (json);
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

BvChart *
chart_of (const char *json)
{
  g_autoptr(JsonNode) node = parse (json);
  g_autoptr(GError) error = NULL;
  BvChart *chart = bv_chart_from_json (json_node_get_object (node), &error);

  g_assert_no_error (error);
  return chart;
}

BvQueryContext
context_of (Fixture *f)
{
  return (BvQueryContext){ f->project, f->model, f->now, BV_EXECUTOR_AUTO };
}

BvFrame *
run_chart (Fixture *f, const char *chart_json, const char *where, const char *range, GError **error)
{
  g_autoptr(BvChart) chart = chart_of (chart_json);
  BvQueryContext context = context_of (f);
  BvOverlay overlay = { NULL, g_strdup (range) };
  BvFrame *frame;

  if (where != NULL)
    {
      g_autoptr(JsonNode) node = parse (where);

      overlay.where = bv_condition_from_json (node, NULL);
      g_assert_nonnull (overlay.where);
    }
  frame = bv_query_run (&context, chart, &overlay, NULL, error);
  bv_overlay_clear (&overlay);
  return frame;
}

char *
rows_of (Fixture *f, BvFrame *frame)
{
  g_autofree char *csv = bv_frame_to_csv (frame, f->model->calendar);
  const char *end = strchr (csv, '\n');

  return g_strdup (end != NULL ? end + 1 : "");
}

char *
totals_of (BvFrame *frame)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < bv_frame_get_n_columns (frame); i++)
    {
      BvColumn *column = bv_frame_get_column (frame, i);
      g_autofree char *text = bv_value_to_plain (&column->total);

      if (column->role == BV_ROLE_METRIC || column->role == BV_ROLE_COMPARE)
        g_string_append_printf (out, "%s%s", out->len > 0 ? "|" : "", column->total.type == BV_TYPE_NULL ? "-" : text);
    }
  return g_string_free (out, FALSE);
}

gint64
drill (Fixture *f, const char *chart_json, BvFrame *frame, const char *metric, guint row)
{
  g_autoptr(BvChart) chart = chart_of (chart_json);
  BvQueryContext context = context_of (f);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) rows = NULL;
  gint64 n = -1;

  rows = bv_query_rows (&context, chart, NULL, metric, frame, row, FALSE, 10000, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bv_frame_get_n_rows (rows), ==, n);
  return n;
}
