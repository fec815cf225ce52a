/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-timer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

char *
bv_timer_get_unit (BvProject *project)
{
  return g_strconcat ("belvedere-sync-", bv_project_get_uuid (project), NULL);
}

static char *
unit_path (BvProject *project, const char *ending)
{
  g_autofree char *unit = bv_timer_get_unit (project);
  g_autofree char *name = g_strconcat (unit, ending, NULL);

  return g_build_filename (g_get_user_config_dir (), "systemd", "user", name, NULL);
}

/* An argument of ExecStart=: systemd.service(5) unquotes like C, and reads "%" and "$" in it. Specifiers are all that Description= reads. */
static void
append_escaped (GString *text, const char *s, gboolean argument)
{
  for (; *s != '\0'; s++)
    if (*s == '%' || (argument && *s == '$'))
      g_string_append_printf (text, "%c%c", *s, *s);
    else if (argument && (*s == '"' || *s == '\\'))
      g_string_append_printf (text, "\\%c", *s);
    else if ((guchar) *s < 0x20)
      g_string_append_printf (text, argument ? "\\x%02x" : " ", (guchar) *s);
    else
      g_string_append_c (text, *s);
}

static void
append_head (GString *text, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_string_append (text, "[Unit]\nDescription=Belvedere: sync ");
  append_escaped (text, name, FALSE);
  g_string_append_c (text, '\n');
}

char *
bv_timer_service_text (const char *path, const char *program)
{
  GString *text = g_string_new (NULL);

  append_head (text, path);
  g_string_append (text, "Wants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\nNice=10\nExecStart=\"");
  append_escaped (text, program, TRUE);
  g_string_append (text, "\" sync --due \"");
  append_escaped (text, path, TRUE);
  g_string_append (text, "\"\n");
  return g_string_free (text, FALSE);
}

static void
append_times (GString *text, const BvSchedule *schedule)
{
  static const char *const days[] = { NULL, "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

  if (schedule->kind == BV_SCHEDULE_HOURLY)
    {
      if (schedule->every >= 24)
        g_string_append (text, "OnCalendar=*-*-* 00:00:00\n");
      else
        g_string_append_printf (text, "OnCalendar=*-*-* 00/%u:00:00\n", MAX (schedule->every, 1));
    }
  else
    {
      gboolean first = TRUE;

      g_string_append (text, "OnCalendar=");
      for (guint i = 1; i <= 7; i++)
        if (schedule->weekdays & (1u << i))
          {
            g_string_append_printf (text, "%s%s", first ? "" : ",", days[i]);
            first = FALSE;
          }
      g_string_append_printf (text, "%s*-*-* %02u:%02u:00\n", first ? "" : " ", schedule->minute / 60, schedule->minute % 60);
    }
}

char *
bv_timer_timer_text (GPtrArray *sources, const char *path)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  append_head (text, path);
  g_string_append (text, "\n[Timer]\n");
  for (guint i = 0; i < sources->len; i++)
    {
      const BvSource *source = g_ptr_array_index (sources, i);

      if (source->schedule.kind == BV_SCHEDULE_OFF)
        continue;
      append_times (text, &source->schedule);
      n++;
    }
  g_string_append (text, "Persistent=true\nRandomizedDelaySec=60\n\n[Install]\nWantedBy=timers.target\n");
  return g_string_free (text, n == 0);
}

gboolean
bv_timer_is_installed (BvProject *project)
{
  g_autofree char *path = unit_path (project, ".timer");

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* Whether systemd took the command; it may not be there, or not run for this user. */
static gboolean
tell_systemd (const char *const *arguments)
{
  g_autofree char *program = g_find_program_in_path ("systemctl");
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();

  if (program == NULL)
    return FALSE;
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (char *) "--user");
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

static gboolean
write_unit (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) reason = NULL;

  if (g_mkdir_with_parents (folder, 0755) == 0 && g_file_set_contents (path, text, -1, &reason))
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The timer “%s” cannot be written (%s): check the folder's permissions"), path,
               reason != NULL ? reason->message : g_strerror (errno));
  return FALSE;
}

gboolean
bv_timer_install (BvProject *project, const char *program, char **hint, GError **error)
{
  g_autofree char *found = program == NULL ? g_find_program_in_path ("belvedere-cli") : g_strdup (program);
  g_autofree char *unit = bv_timer_get_unit (project);
  g_autofree char *timer_unit = g_strconcat (unit, ".timer", NULL);
  g_autofree char *service_path = unit_path (project, ".service");
  g_autofree char *timer_path = unit_path (project, ".timer");
  g_autoptr(GPtrArray) sources = bv_source_list (project, error);
  g_autofree char *service = NULL;
  g_autofree char *timer = NULL;

  if (hint != NULL)
    *hint = NULL;
  if (sources == NULL)
    return FALSE;
  timer = bv_timer_timer_text (sources, bv_project_get_path (project));
  if (timer == NULL)
    return bv_timer_remove (project, hint, error);
  if (found == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The timer needs the program belvedere-cli, which is not in the search path: install it"));
      return FALSE;
    }
  service = bv_timer_service_text (bv_project_get_path (project), found);
  if (!write_unit (service_path, service, error) || !write_unit (timer_path, timer, error))
    return FALSE;
  if (!(tell_systemd ((const char *const[]) { "daemon-reload", NULL }) &&
        tell_systemd ((const char *const[]) { "enable", "--now", timer_unit, NULL })) && hint != NULL)
    *hint = g_strdup_printf (_("systemd could not be asked to start the timer: run “systemctl --user enable --now %s”"), timer_unit);
  return TRUE;
}

gboolean
bv_timer_remove (BvProject *project, char **hint, GError **error)
{
  static const char *const endings[] = { ".timer", ".service" };
  g_autofree char *unit = bv_timer_get_unit (project);
  g_autofree char *timer_unit = g_strconcat (unit, ".timer", NULL);
  gboolean installed = bv_timer_is_installed (project);
  gboolean told = installed && tell_systemd ((const char *const[]) { "disable", "--now", timer_unit, NULL });

  if (hint != NULL)
    *hint = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = unit_path (project, endings[i]);

      if (g_unlink (path) != 0 && errno != ENOENT && errno != ENOTDIR)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The timer “%s” cannot be removed (%s): delete the file"), path, g_strerror (errno));
          return FALSE;
        }
    }
  if (told)
    tell_systemd ((const char *const[]) { "daemon-reload", NULL });
  else if (installed && hint != NULL)
    *hint = g_strdup (_("systemd could not be asked to forget the timer: run “systemctl --user daemon-reload”"));
  return TRUE;
}

/* --- In a thread ---------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvProject *project;
  gboolean wanted;
  char *hint;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  bv_project_unref (job->project);
  g_free (job->hint);
  g_free (job);
}

static void
set_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (job->wanted ? bv_timer_install (job->project, NULL, &job->hint, &error) : bv_timer_remove (job->project, &job->hint, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bv_timer_set_async (BvProject *project, gboolean wanted, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->project = bv_project_ref (project);
  job->wanted = wanted;
  g_task_set_source_tag (task, bv_timer_set_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, set_thread);
}

gboolean
bv_timer_set_finish (GAsyncResult *result, char **hint, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  if (hint != NULL)
    *hint = g_steal_pointer (&job->hint);
  return g_task_propagate_boolean (G_TASK (result), error);
}
