/* SPDX-License-Identifier: GPL-3.0-or-later */
/* belvedere-cli: the project without a window. */
#include "config.h"

#include "bv-cli.h"
#include "bv-definitions.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} verbs[] = {
  { "demo", bv_cli_demo, N_("make the Jaffle Soft sample project") },
  { "new", bv_cli_new, N_("make an empty project") },
  { "import", bv_cli_import, N_("import CSV, JSON, XLSX, Parquet or SQLite files as tables") },
  { "source", bv_cli_source, N_("list, add, test or remove sources") },
  { "sync", bv_cli_sync, N_("bring the tables of sources up to date") },
  { "apply", bv_cli_apply, N_("put definitions from a JSON file into a project") },
  { "dump", bv_cli_dump, N_("print a project's definitions as JSON") },
  { "query", bv_cli_query, N_("run an exploration and print the result") },
  { "export", bv_cli_export, N_("write a report as PDF, PNG, SVG, XLSX, CSV or JSON") },
  { "check", bv_cli_check, N_("check a project's file and its references") },
};

int
bv_cli_fail (GError *error)
{
  g_printerr ("belvedere-cli: %s\n", error->message);
  g_error_free (error);
  return 1;
}

int
bv_cli_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("belvedere-cli: %s\n", text);
  return 2;
}

gboolean
bv_cli_parse (int argc, char **argv, const char *parameters, const char *summary, GOptionEntry *entries, int min, int max, char ***rest)
{
  g_autoptr(GOptionContext) context = g_option_context_new (parameters);
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_strconcat ("belvedere-cli ", argv[0], NULL);
  g_auto(GStrv) arguments = g_new0 (char *, argc + 1);
  int n;

  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);
  if (!g_option_context_parse_strv (context, &arguments, &error))
    {
      bv_cli_usage (_("%s: see “%s --help”"), error->message, program);
      return FALSE;
    }
  n = (int) g_strv_length (arguments) - 1;
  /* "--" ends the options and is no argument itself. */
  if (n > 0 && strcmp (arguments[1], "--") == 0)
    {
      g_free (arguments[1]);
      memmove (arguments + 1, arguments + 2, sizeof (char *) * n);
      n--;
    }
  if (n < min || (max >= 0 && n > max))
    {
      bv_cli_usage (_("usage: %s %s"), program, parameters);
      return FALSE;
    }
  *rest = g_strdupv (arguments + 1);
  return TRUE;
}

BvProject *
bv_cli_open_writable (const char *path, BvOpenFlags flags, GError **error)
{
  g_autoptr(BvProject) project = bv_project_open (path, flags, error);

  if (project == NULL)
    return NULL;
  if (bv_project_is_read_only (project))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_READ_ONLY, "%s", bv_project_get_read_only_reason (project));
      return NULL;
    }
  return g_steal_pointer (&project);
}

gboolean
bv_cli_now (BvModel *model, const char *as_of, gint64 *now, GError **error)
{
  gint64 day;

  if (as_of == NULL)
    {
      *now = bv_query_now (model);
      return TRUE;
    }
  if (!bv_date_parse (as_of, -1, &day))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no date: write it as 2026-06-30"), as_of);
      return FALSE;
    }
  *now = bv_query_now_for_day (model, day);
  return TRUE;
}

void
bv_cli_warn_problems (BvModel *model)
{
  for (guint i = 0; i < model->problems->len; i++)
    {
      BvProblem *problem = model->problems->pdata[i];

      g_printerr ("belvedere-cli: %s: %s\n", problem->path, problem->message);
    }
}

static void
print_help (void)
{
  g_print (_("Usage: belvedere-cli VERB [ARGUMENTS…]\n\n"));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_print ("  %-8s %s\n", verbs[i].name, _(verbs[i].summary));
  g_print (_("\n“belvedere-cli VERB --help” explains one of them.\n"));
}

/* What a full disk has cut off must not pass for all of it. */
static int
end (int status)
{
  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  return bv_cli_fail (g_error_new (BV_ERROR, BV_ERROR_FAILED, _("The output could not be written (%s): make room, or write it elsewhere"),
                                   g_strerror (errno != 0 ? errno : EIO)));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc < 2)
    {
      print_help ();
      return 2;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_help ();
      return 0;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("belvedere-cli %s\n", VERSION);
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return end (verbs[i].run (argc - 1, argv + 1));
  return bv_cli_usage (_("“%s” is no verb: see “belvedere-cli --help”"), argv[1]);
}
