/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apply, dump. */
#include "config.h"

#include "bv-cli.h"
#include "bv-definitions.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static gboolean
read_text (const char *path, char **text, GError **error)
{
  if (strcmp (path, "-") == 0)
    {
      GString *all = g_string_new (NULL);
      char buffer[65536];
      size_t n;

      while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
        g_string_append_len (all, buffer, (gssize) n);
      *text = g_string_free (all, FALSE);
      return TRUE;
    }
  return g_file_get_contents (path, text, NULL, error);
}

int
bv_cli_apply (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autofree char *json = NULL;
  g_autofree char *name = NULL;
  g_autofree char *what = NULL;
  GError *error = NULL;
  guint n_changed = 0;

  if (!bv_cli_parse (argc, argv, "FILE DEFINITIONS.json",
                     _("Puts definitions into the project, matched by id or name; others stay. “-” reads standard input. Broken references are reported, and kept."),
                     NULL, 2, 2, &rest))
    return 2;
  project = bv_cli_open_writable (rest[0], BV_OPEN_DEFAULT, &error);
  if (project == NULL || !read_text (rest[1], &json, &error))
    return bv_cli_fail (error);
  name = g_path_get_basename (rest[1]);
  what = g_strdup_printf (_("Apply %s"), name);
  if (!bv_definitions_apply (project, json, what, &n_changed, &error) || (model = bv_model_load (project, &error)) == NULL)
    return bv_cli_fail (error);
  bv_cli_warn_problems (model);
  g_print (ngettext ("%u definition changed\n", "%u definitions changed\n", n_changed), n_changed);
  return 0;
}

int
bv_cli_dump (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autofree char *json = NULL;
  GError *error = NULL;

  if (!bv_cli_parse (argc, argv, "FILE", _("Prints the project's definitions as JSON, for “apply”."), NULL, 1, 1, &rest))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (model = bv_model_load (project, &error)) == NULL)
    return bv_cli_fail (error);
  json = bv_definitions_dump (model);
  fputs (json, stdout);
  return 0;
}
