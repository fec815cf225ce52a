/* SPDX-License-Identifier: GPL-3.0-or-later */
/* query, export. */
#include "config.h"

#include "bv-cli.h"
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-export.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char *exploration, *range, *executor, *as_of, *format;
  char **metrics, **by, **where, **sort;
  int limit;
  gboolean explain;
} QueryOptions;

static void
query_options_clear (QueryOptions *self)
{
  g_free (self->exploration);
  g_free (self->range);
  g_free (self->executor);
  g_free (self->as_of);
  g_free (self->format);
  g_strfreev (self->metrics);
  g_strfreev (self->by);
  g_strfreev (self->where);
  g_strfreev (self->sort);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QueryOptions, query_options_clear)

static BvChart *
make_chart (QueryOptions *options, BvModel *model, GError **error)
{
  g_autoptr(BvChart) chart = bv_chart_new (options->exploration, "table");

  if (bv_model_find_exploration (model, options->exploration) == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” does not exist: check the name"), options->exploration);
      return NULL;
    }
  if (options->metrics != NULL)
    {
      g_strfreev (chart->metrics);
      chart->metrics = g_strdupv (options->metrics);
    }
  for (guint i = 0; options->by != NULL && options->by[i] != NULL; i++)
    {
      const char *colon = strrchr (options->by[i], ':');
      BvGroup group = { NULL, BV_GRAIN_NONE };

      if (colon != NULL && bv_grain_from_name (colon + 1, &group.grain))
        group.dimension = g_strndup (options->by[i], colon - options->by[i]);
      else
        group.dimension = g_strdup (options->by[i]);
      g_array_append_val (chart->by, group);
    }
  chart->range = g_strdup (options->range);
  if (options->where != NULL)
    {
      chart->where = bv_condition_new_list (BV_CONDITION_ALL);
      for (guint i = 0; options->where[i] != NULL; i++)
        {
          BvCondition *condition = bv_condition_parse (options->where[i], error);

          if (condition == NULL)
            return NULL;
          bv_condition_add (chart->where, condition);
        }
    }
  for (guint i = 0; options->sort != NULL && options->sort[i] != NULL; i++)
    {
      gboolean descending = g_str_has_suffix (options->sort[i], ":desc");
      gboolean ascending = g_str_has_suffix (options->sort[i], ":asc");
      BvSort sort = { g_strndup (options->sort[i], strlen (options->sort[i]) - (descending ? 5 : ascending ? 4 : 0)), descending };

      g_array_append_val (chart->sort, sort);
    }
  chart->limit = options->limit;
  return g_steal_pointer (&chart);
}

static gboolean
read_executor (const char *name, BvExecutor *executor)
{
  static const char *const names[] = { "auto", "columns", "sqlite", "live" };

  *executor = BV_EXECUTOR_AUTO;
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *executor = (BvExecutor) i;
        return TRUE;
      }
  return name == NULL;
}

int
bv_cli_query (int argc, char **argv)
{
  g_auto(QueryOptions) options = { NULL };
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(BvChart) chart = NULL;
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvColumnStore) columns = bv_column_store_new ();
  BvQueryContext context = { .columns = columns, .patient = TRUE };
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "exploration", 0, 0, G_OPTION_ARG_STRING, &options.exploration, N_("The exploration"), N_("NAME") },
    { "metric", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics, N_("A metric (again for more)"), N_("NAME") },
    { "by", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.by, N_("Group by a dimension, times by a grain"), N_("DIMENSION[:GRAIN]") },
    { "where", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.where, N_("A condition (all must hold)"), N_("'FIELD OP VALUE'") },
    { "range", 0, 0, G_OPTION_ARG_STRING, &options.range, N_("Range of the time field"), N_("PRESET|FROM..TO") },
    { "sort", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.sort, N_("Sort by a metric or dimension"), N_("NAME[:desc]") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, N_("Print at most so many rows"), N_("N") },
    { "executor", 0, 0, G_OPTION_ARG_STRING, &options.executor, N_("auto, columns, sqlite or live"), N_("NAME") },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &options.as_of, N_("The day that “today” means"), N_("DATE") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_("table, csv or json"), N_("FORMAT") },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &options.explain, N_("Print how the numbers would be computed instead"), NULL },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE --exploration NAME --metric NAME…", _("Runs an exploration and prints the result. Notes go to standard error."),
                     entries, 1, 1, &rest))
    return 2;
  if (options.exploration == NULL)
    return bv_cli_usage (_("--exploration is missing: name the exploration to query"));
  if (options.metrics == NULL && options.by == NULL)
    return bv_cli_usage (_("--metric is missing: name what to measure"));
  if (options.limit < 0)
    return bv_cli_usage (_("--limit takes a number from 1"));
  if (!bv_cli_check_format (options.format))
    return 2;
  if (!read_executor (options.executor, &context.executor))
    return bv_cli_usage (_("“%s” is no executor: use auto, columns, sqlite or live"), options.executor);
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (model = bv_model_load (project, &error)) == NULL ||
      !bv_cli_now (model, options.as_of, &context.now, &error) || (chart = make_chart (&options, model, &error)) == NULL)
    return bv_cli_fail (error);
  context.project = project;
  context.model = model;
  if (options.explain)
    {
      g_autofree char *text = bv_query_explain (&context, chart, NULL, NULL, &error);

      if (text == NULL)
        return bv_cli_fail (error);
      fputs (text, stdout);
      return 0;
    }
  frame = bv_query_run (&context, chart, NULL, NULL, &error);
  if (frame == NULL)
    return bv_cli_fail (error);
  bv_cli_print_frame (frame, model, options.format);
  return 0;
}

int
bv_cli_export (int argc, char **argv)
{
  g_autofree char *output = NULL;
  g_autofree char *range = NULL;
  g_autofree char *as_of = NULL;
  g_autofree char *tile = NULL;
  g_auto(GStrv) filters = NULL;
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvWorkspace) workspace = NULL;
  g_autoptr(BvReportRun) run = NULL;
  BvExportKind kind;
  BvReport *report;
  GError *error = NULL;
  gint64 now;
  GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The file to write: .pdf, .png, .svg, .xlsx, .csv or .json"), N_("FILE") },
    { "filter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &filters, N_("A filter's value; several separated by commas"), N_("NAME=VALUE") },
    { "range", 0, 0, G_OPTION_ARG_STRING, &range, N_("The range of the report's time filter"), N_("PRESET|FROM..TO") },
    { "tile", 0, 0, G_OPTION_ARG_STRING, &tile, N_("Only this tile, by id or title"), N_("TILE") },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of, N_("The day that “today” means"), N_("DATE") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE REPORT -o OUT", _("Writes a report to a file, the kind by its ending."), entries, 2, 2, &rest))
    return 2;
  if (output == NULL)
    return bv_cli_usage (_("-o is missing: name the file to write"));
  if (!bv_export_kind_from_path (output, &kind))
    return bv_cli_usage (_("“%s” has no known ending: use .pdf, .png, .svg, .xlsx, .csv or .json"), output);
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (workspace = bv_workspace_new (project, &error)) == NULL ||
      !bv_cli_now (bv_workspace_get_model (workspace), as_of, &now, &error))
    return bv_cli_fail (error);
  bv_workspace_set_patient (workspace, TRUE);
  if (as_of != NULL)
    bv_workspace_set_now (workspace, now);
  report = bv_model_find_report (bv_workspace_get_model (workspace), rest[1]);
  if (report == NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report “%s” does not exist: check the name"), rest[1]);
      return bv_cli_fail (error);
    }
  for (guint i = 0; tile != NULL && i < report->tiles->len; i++)
    {
      BvTile *t = report->tiles->pdata[i];

      if (g_strcmp0 (t->title, tile) == 0 && bv_report_find_tile (report, tile) == NULL)
        {
          g_free (tile);
          tile = g_strdup (t->id);
          break;
        }
    }
  if (tile != NULL && bv_report_find_tile (report, tile) == NULL)
    {
      g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no tile “%s”: check the name"), tile);
      return bv_cli_fail (error);
    }
  run = bv_report_run_new (workspace, report->uuid);
  for (guint i = 0; filters != NULL && filters[i] != NULL; i++)
    {
      char *equals = strchr (filters[i], '=');

      if (equals == NULL)
        return bv_cli_usage (_("“%s” is no filter value: write NAME=VALUE"), filters[i]);
      *equals = '\0';
      if (!bv_report_run_set_text (run, filters[i], equals + 1, &error))
        return bv_cli_fail (error);
    }
  if (range != NULL)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < report->filters->len; i++)
        {
          BvFilter *filter = report->filters->pdata[i];

          if (strcmp (filter->field, BV_FILTER_TIME) != 0)
            continue;
          found = TRUE;
          if (!bv_report_run_set_text (run, filter->name, range, &error))
            return bv_cli_fail (error);
        }
      if (!found)
        {
          g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no filter on the default time field: add one, or leave --range out"));
          return bv_cli_fail (error);
        }
    }
  if (!bv_report_run_wait (run, NULL, &error) || !bv_report_export (run, output, kind, tile, NULL, &error))
    return bv_cli_fail (error);
  return 0;
}
