/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demo, new, import, check. */
#include "config.h"

#include "bv-cli.h"
#include "bv-column-intake.h"
#include "bv-definitions.h"
#include "bv-import.h"
#include "bv-sample.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

int
bv_cli_demo (int argc, char **argv)
{
  g_autofree char *as_of = NULL;
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autofree char *json = NULL;
  BvSampleOptions options = { 0, 0, 0 };
  GError *error = NULL;
  int seed = 0, customers = 0;
  GOptionEntry entries[] = {
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of, N_("The last day with data (default: today)"), N_("DATE") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, N_("Another company"), N_("N") },
    { "customers", 0, 0, G_OPTION_ARG_INT, &customers, N_("How many customers"), N_("N") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE", _("Makes the sample project of Jaffle Soft. Equal options make equal rows."), entries, 1, 1, &rest))
    return 2;
  options.as_of = g_get_real_time () / BV_DAY_US;
  if (as_of != NULL && !bv_date_parse (as_of, -1, &options.as_of))
    return bv_cli_usage (_("“%s” is no date: write it as 2026-06-30"), as_of);
  if (seed < 0 || customers < 0 || customers > 1000000)
    return bv_cli_usage (_("--seed and --customers take numbers from 1 (to 1000000): change them"));
  options.seed = (guint) seed;
  options.customers = (guint) customers;
  project = bv_project_create (rest[0], &error);
  if (project == NULL)
    return bv_cli_fail (error);
  json = bv_sample_definitions_at (options.as_of);
  if (!bv_sample_fill (project, &options, NULL, &error) || !bv_definitions_apply (project, json, _("Make the sample's definitions"), NULL, &error))
    {
      /* Half a sample is of no use to anyone. */
      g_clear_pointer (&project, bv_project_unref);
      g_unlink (rest[0]);
      return bv_cli_fail (error);
    }
  return 0;
}

int
bv_cli_new (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  GError *error = NULL;

  if (!bv_cli_parse (argc, argv, "FILE", _("Makes an empty project."), NULL, 1, 1, &rest))
    return 2;
  project = bv_project_create (rest[0], &error);
  return project != NULL ? 0 : bv_cli_fail (error);
}

static gboolean
apply_types (BvImportPlan *plan, char **types, GError **error)
{
  for (guint i = 0; types != NULL && types[i] != NULL; i++)
    {
      const char *equals = strrchr (types[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (types[i], equals - types[i]) : NULL;
      BvImportColumn *column;
      BvType type;

      if (name == NULL || !bv_type_from_name (equals + 1, &type) || type == BV_TYPE_NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                       _("“%s” is no type: write COLUMN=bool, int, double, text, date or timestamp"), types[i]);
          return FALSE;
        }
      column = bv_import_plan_find_column (plan, name);
      if (column == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” has no column “%s”: check its name"), plan->path, name);
          return FALSE;
        }
      column->type = type;
      column->chosen = TRUE;
    }
  return TRUE;
}

/* One part of a file, or the first. */
static gboolean
import_part (const char *path, const char *part, BvTableWriter *writer, const char *source, const char *table, const char *key, char **types,
             GString *summary, GError **error)
{
  g_autoptr(BvImportPlan) plan = bv_import_sniff (path, NULL, error);
  g_auto(BvImportResult) result = { 0 };

  if (plan == NULL)
    return FALSE;
  if (part != NULL && (!bv_import_plan_set_part (plan, part, error) || !bv_import_resniff (plan, NULL, error)))
    return FALSE;
  if (!apply_types (plan, types, error))
    return FALSE;
  if (table != NULL)
    {
      g_free (plan->table);
      plan->table = g_strdup (table);
    }
  if (source != NULL)
    {
      g_free (plan->source);
      plan->source = g_strdup (source);
    }
  if (key != NULL)
    {
      g_strfreev (plan->key);
      plan->key = g_strsplit (key, ",", -1);
      for (guint i = 0; plan->key[i] != NULL; i++)
        {
          g_strstrip (plan->key[i]);
          if (bv_import_plan_find_column (plan, plan->key[i]) == NULL)
            {
              g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” has no column “%s”: check its name"), path, plan->key[i]);
              return FALSE;
            }
        }
    }
  if (!bv_import_into (plan, writer, NULL, NULL, NULL, &result, error))
    return FALSE;
  g_string_append_printf (summary, _("%s: %" PRId64 " rows read, %" PRId64 " added, %" PRId64 " replaced\n"),
                          plan->table, result.n_rows, result.n_added, result.n_replaced);
  if (result.n_unreadable > 0)
    g_string_append_printf (summary, ngettext ("%s: %" PRId64 " cell could not be read and is empty: %s\n",
                                               "%s: %" PRId64 " cells could not be read and are empty, the first: %s\n", result.n_unreadable),
                            plan->table, result.n_unreadable, result.first_problem != NULL ? result.first_problem : "");
  if (result.n_texts > 0)
    g_string_append_printf (summary, ngettext ("%s: %u column had to become text: %s\n",
                                               "%s: %u columns had to become text, the first: %s\n", result.n_texts),
                            plan->table, result.n_texts, result.first_text);
  return TRUE;
}

static gboolean
import_file (const char *path, char **sheets, BvTableWriter *writer, const char *source, const char *table, const char *key, char **types,
             GString *summary, GError **error)
{
  g_autoptr(BvImportPlan) plan = NULL;
  gboolean all = sheets != NULL && strcmp (sheets[0], "*") == 0;

  if (all)
    {
      plan = bv_import_sniff (path, NULL, error);
      if (plan == NULL)
        return FALSE;
      sheets = plan->parts; /* a file without parts is imported as a whole */
    }
  if (sheets == NULL)
    return import_part (path, NULL, writer, source, table, key, types, summary, error);
  for (guint i = 0; sheets[i] != NULL; i++)
    {
      g_autoptr(GError) local = NULL;

      if (import_part (path, sheets[i], writer, source, table, key, types, summary, &local))
        continue;
      /* Of all sheets, one may hold nothing. */
      if (!all || sheets[1] == NULL || !g_error_matches (local, BV_ERROR, BV_ERROR_INVALID))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      g_string_append_printf (summary, "%s\n", local->message);
    }
  return TRUE;
}

int
bv_cli_import (int argc, char **argv)
{
  g_auto(GStrv) sheets = NULL;
  g_autofree char *source = NULL;
  g_autofree char *table = NULL;
  g_autofree char *key = NULL;
  g_auto(GStrv) types = NULL;
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(BvColumnIntake) intake = NULL;
  g_autoptr(BvTableWriter) writer = NULL;
  g_autoptr(GString) summary = g_string_new (NULL);
  g_autofree char *what = NULL;
  GError *error = NULL;
  guint n;
  GOptionEntry entries[] = {
    { "source", 0, 0, G_OPTION_ARG_STRING, &source, N_("The group that the tables belong to (default: Files)"), N_("NAME") },
    { "table", 0, 0, G_OPTION_ARG_STRING, &table, N_("The table's name (default: from the file's name)"), N_("NAME") },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, N_("Columns that identify a row: rows with an equal key are replaced"), N_("COL[,COL]") },
    { "type", 0, 0, G_OPTION_ARG_STRING_ARRAY, &types, N_("A column's type instead of the one found"), N_("COL=TYPE") },
    { "sheet", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sheets, N_("A workbook's sheet, a database's table or a JSON file's array (default: the first; *: all)"), N_("NAME") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE PATH…", _("Imports files, all in one step that can be undone."), entries, 2, -1, &rest))
    return 2;
  n = g_strv_length (rest) - 1;
  if (table != NULL && n > 1)
    return bv_cli_usage (_("--table names one table, but %u files are given: import them one by one"), n);
  if (table != NULL && sheets != NULL && (sheets[1] != NULL || strcmp (sheets[0], "*") == 0))
    return bv_cli_usage (_("--table names one table, but several sheets are asked for: import them one by one"));
  project = bv_cli_open_writable (rest[0], BV_OPEN_BULK, &error);
  if (project == NULL || (model = bv_model_load (project, &error)) == NULL || (writer = bv_table_writer_new (project, &error)) == NULL)
    return bv_cli_fail (error);
  intake = bv_column_intake_new (project, model->calendar, NULL);
  bv_table_writer_set_sink (writer, bv_column_intake_get_sink (intake));
  for (guint i = 0; i < n; i++)
    if (!import_file (rest[1 + i], sheets, writer, source, table, key, types, summary, &error))
      return bv_cli_fail (error);
  {
    g_autofree char *name = g_path_get_basename (rest[1]);

    what = n == 1 ? g_strdup_printf (_("Import %s"), name) : g_strdup_printf (ngettext ("Import %u file", "Import %u files", n), n);
  }
  if (!bv_table_writer_commit (g_steal_pointer (&writer), what, NULL, &error))
    return bv_cli_fail (error);
  g_print ("%s", summary->str);
  return 0;
}

int
bv_cli_check (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(BvModel) model = NULL;
  GError *error = NULL;

  if (!bv_cli_parse (argc, argv, "FILE", _("Prints a line per problem; the exit status is 1 when there is any."), NULL, 1, 1, &rest))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (problems = bv_project_check (project, NULL, &error)) == NULL)
    return bv_cli_fail (error);
  for (guint i = 0; i < problems->len; i++)
    g_print ("%s\n", (char *) problems->pdata[i]);
  if (problems->len > 0)
    return 1;
  model = bv_model_load (project, &error);
  if (model == NULL)
    return bv_cli_fail (error);
  for (guint i = 0; i < model->problems->len; i++)
    g_print ("%s: %s\n", ((BvProblem *) model->problems->pdata[i])->path, ((BvProblem *) model->problems->pdata[i])->message);
  return model->problems->len > 0 ? 1 : 0;
}
