/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The units of a project's timer, with programs of the test's own in the place of systemctl and belvedere-cli. */
#include "bv-timer.h"

#include <glib/gstdio.h>
#include <string.h>

static char *dir;

static char *
in_dir (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static void
put_program (const char *name, const char *text)
{
  g_autofree char *path = in_dir (name);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

static void
done_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static char *
set_timer (BvProject *project, gboolean wanted)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *hint = NULL;

  bv_timer_set_async (project, wanted, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bv_timer_set_finish (result, &hint, &error));
  g_assert_no_error (error);
  return hint;
}

static void
test_units (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_dir ("50% $a.belvedere");
  g_autoptr (BvProject) project = bv_project_create (path, &error);
  g_autoptr (BvSource) source = bv_source_new (project, "hubspot", NULL);
  g_autofree char *unit = bv_timer_get_unit (project);
  g_autofree char *service = g_strdup_printf ("%s/systemd/user/%s.service", dir, unit);
  g_autofree char *timer = g_strdup_printf ("%s/systemd/user/%s.timer", dir, unit);
  g_autofree char *log = in_dir ("log");
  g_autofree char *text = NULL;
  g_autofree char *hint = NULL;

  g_assert_no_error (error);
  put_program ("belvedere-cli", "");
  put_program ("systemctl", "#!/bin/sh\necho \"$@\" >> \"${0%/*}/log\"\n");
  source->schedule = (BvSchedule){ BV_SCHEDULE_HOURLY, 6, 0, 0 };
  g_assert_true (bv_source_put (project, source, NULL, &error));
  hint = set_timer (project, TRUE);
  g_assert_null (hint);
  g_assert_true (bv_timer_is_installed (project));
  g_assert_true (g_file_get_contents (timer, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "OnCalendar=*-*-* 00/6:00:00\n"));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (service, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "/belvedere-cli\" sync --due \""));
  g_assert_nonnull (strstr (text, "/50%% $$a.belvedere\"\n"));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "--user daemon-reload\n--user enable --now belvedere-sync-"));

  /* Where systemd does not answer, the command is named that would have been given. */
  put_program ("systemctl", "#!/bin/sh\nexit 1\n");
  hint = set_timer (project, TRUE);
  g_assert_nonnull (strstr (hint, "systemctl --user enable --now"));
  g_clear_pointer (&hint, g_free);
  hint = set_timer (project, FALSE);
  g_assert_nonnull (strstr (hint, "systemctl --user daemon-reload"));
  g_assert_false (bv_timer_is_installed (project));
  g_assert_false (g_file_test (service, G_FILE_TEST_EXISTS));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  int status;

  dir = g_dir_make_tmp ("bv-timer-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", dir, TRUE);
  {
    g_autofree char *search = g_strconcat (dir, ":", g_getenv ("PATH"), NULL);

    g_setenv ("PATH", search, TRUE);
  }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/timer/units", test_units);
  status = g_test_run ();
  remove_tree (dir);
  g_free (dir);
  return status;
}
