/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source kinds, list, streams, add, set, test, remove, timer. */
#include "config.h"

#include "bv-cli.h"
#include "bv-definitions.h"
#include "bv-timer.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* --- kinds ------------------------------------------------------------------------------------------------------------------------ */

static int
source_kinds (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  g_autoptr(BvFrame) frame = bv_frame_new ();
  const BvSourceKind *const *kinds = bv_source_kind_list ();
  static const char *const columns[] = { "kind", "setting", "label", "required", "default", "choices" };
  GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "[KIND]", _("Prints the kinds of sources and what each of them must be told."), entries, 0, 1, &rest) ||
      !bv_cli_check_format (format))
    return 2;
  if (rest[0] != NULL && bv_source_kind_find (rest[0]) == NULL)
    return bv_cli_usage (_("“%s” is no kind of source: see “belvedere-cli source kinds”"), rest[0]);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    bv_frame_add_column (frame, columns[i], i == 3 ? BV_TYPE_BOOL : BV_TYPE_TEXT, BV_ROLE_FIELD);
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      if (rest[0] != NULL && strcmp (kinds[i]->id, rest[0]) != 0)
        continue;
      for (const BvSetting *setting = kinds[i]->settings; setting->name != NULL; setting++)
        {
          g_autoptr(GString) choices = g_string_new (NULL);

          for (const BvSettingChoice *choice = setting->choices; choice != NULL && choice->value != NULL; choice++)
            g_string_append_printf (choices, "%s%s", choices->len > 0 ? " " : "", choice->value);
          bv_frame_append (frame, (BvValue[]) { bv_cli_text (kinds[i]->id), bv_cli_text (setting->name), bv_cli_text (_(setting->label)),
                                                bv_value_bool (setting->required), bv_cli_text (setting->fallback),
                                                bv_cli_text (choices->len > 0 ? choices->str : NULL) });
        }
    }
  bv_cli_print_frame (frame, NULL, format);
  return 0;
}

/* --- list --------------------------------------------------------------------------------------------------------------------------- */

static int
source_list (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(GPtrArray) sources = NULL;
  g_autoptr(BvFrame) frame = bv_frame_new ();
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE", _("Prints the project's sources, a line each."), entries, 1, 1, &rest) || !bv_cli_check_format (format))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (model = bv_model_load (project, &error)) == NULL || (sources = bv_source_list (project, &error)) == NULL)
    return bv_cli_fail (error);
  bv_frame_add_column (frame, "name", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "kind", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "schedule", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "last_run", BV_TYPE_TIMESTAMP, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "status", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "tables", BV_TYPE_INT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "rows", BV_TYPE_INT, BV_ROLE_FIELD);
  for (guint i = 0; i < sources->len; i++)
    {
      BvSource *source = g_ptr_array_index (sources, i);
      g_autoptr(GPtrArray) runs = bv_source_list_runs (project, source->uuid, 1, &error);
      g_autoptr(GPtrArray) freshness = runs != NULL ? bv_source_list_freshness (project, source->uuid, NULL, &error) : NULL;
      g_autofree char *schedule = bv_schedule_describe (&source->schedule);
      BvRun *run;
      gint64 n_rows = 0;

      if (freshness == NULL)
        return bv_cli_fail (error);
      run = runs->len > 0 ? g_ptr_array_index (runs, 0) : NULL;
      for (guint j = 0; j < freshness->len; j++)
        n_rows += ((BvFreshness *) g_ptr_array_index (freshness, j))->n_rows;
      bv_frame_append (frame, (BvValue[]) { bv_cli_text (source->name), bv_cli_text (source->kind), bv_cli_text (schedule),
                                            run != NULL ? bv_value_timestamp (run->started) : BV_VALUE_NULL,
                                            bv_cli_text (run != NULL ? bv_run_status_to_name (run->status) : NULL),
                                            bv_value_int (freshness->len), bv_value_int (n_rows) });
    }
  bv_cli_print_frame (frame, model, format);
  return 0;
}

/* --- add, set ------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  char *name, *prefix, *schedule;
  char **set, **unset, **secrets, **streams;
  gboolean default_streams;
  int add_fields;
} EditOptions;

static void
edit_options_clear (EditOptions *self)
{
  g_free (self->name);
  g_free (self->prefix);
  g_free (self->schedule);
  g_strfreev (self->set);
  g_strfreev (self->unset);
  g_strfreev (self->secrets);
  g_strfreev (self->streams);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EditOptions, edit_options_clear)

/* "off", "hourly", "hourly:6", "daily@06:30", "daily@06:30:mon,wed" */
static gboolean
parse_schedule (const char *text, BvSchedule *schedule, GError **error)
{
  static const char *const days[] = { NULL, "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
  BvSchedule parsed = { BV_SCHEDULE_OFF, 1, 0, 0 };
  guint hour, minute;
  int n = 0;

  if (strcmp (text, "off") == 0)
    n = (int) strlen (text);
  else if (g_str_has_prefix (text, "hourly"))
    {
      parsed.kind = BV_SCHEDULE_HOURLY;
      n = 6;
      if (text[6] == ':' && (sscanf (text, "hourly:%2u%n", &parsed.every, &n) != 1 || parsed.every < 1 || parsed.every > 24))
        n = 0;
    }
  else if (sscanf (text, "daily@%2u:%2u%n", &hour, &minute, &n) == 2 && hour < 24 && minute < 60)
    {
      parsed.kind = BV_SCHEDULE_DAILY;
      parsed.minute = hour * 60 + minute;
      if (text[n] == ':')
        {
          g_auto(GStrv) names = g_strsplit (text + n + 1, ",", -1);

          n = names[0] != NULL ? (int) strlen (text) : 0;
          for (guint i = 0; names[i] != NULL; i++)
            {
              guint day = 1;

              while (day <= 7 && g_ascii_strcasecmp (names[i], days[day]) != 0)
                day++;
              if (day > 7)
                n = 0;
              else
                parsed.weekdays |= 1u << day;
            }
        }
    }
  else
    n = 0;
  if (n == 0 || text[n] != '\0')
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no schedule: write off, hourly, hourly:6, daily@06:30 or daily@06:30:mon,fri"), text);
      return FALSE;
    }
  *schedule = parsed;
  return TRUE;
}

/* The first line of standard input; a person is asked, and what is typed is not shown. */
static char *
read_hidden (const char *name)
{
  struct termios shown, hidden;
  gboolean terminal = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &shown) == 0;
  char *line = NULL;
  size_t size = 0;
  ssize_t n;

  if (terminal)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) ECHO;
      g_printerr ("%s: ", name);
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }
  n = getline (&line, &size, stdin);
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
      g_printerr ("\n");
    }
  if (n <= 0)
    {
      free (line);
      return NULL;
    }
  return g_strchomp (line);
}

/* "token" (read from standard input) or "token=FILE" */
static gboolean
set_secret (BvSource *source, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);
  g_autofree char *value = NULL;
  const BvSetting *setting = bv_source_kind_find_setting (bv_source_kind_find (source->kind), name);
  gboolean ok;

  if (setting == NULL || setting->type != BV_SETTING_SECRET)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” is no secret of a source of kind %s: see “belvedere-cli source kinds %s”"), name,
                   source->kind, source->kind);
      return FALSE;
    }
  if (equals != NULL && strcmp (equals + 1, "-") != 0)
    {
      g_autoptr(GError) reason = NULL;

      if (!g_file_get_contents (equals + 1, &value, NULL, &reason))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The secret “%s” cannot be read: %s"), name, reason->message);
          return FALSE;
        }
      value[strcspn (value, "\r\n")] = '\0';
    }
  else
    value = read_hidden (name);
  if (value == NULL || *value == '\0')
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The secret “%s” is empty: write it to standard input, or name a file that holds it"), name);
      return FALSE;
    }
  ok = bv_source_set_secret (source, name, value, error);
  explicit_bzero (value, strlen (value));
  return ok;
}

static gboolean
edit (BvSource *source, const EditOptions *options, GError **error)
{
  if (options->name != NULL)
    {
      g_free (source->name);
      source->name = g_strdup (options->name);
    }
  if (options->prefix != NULL)
    {
      g_free (source->prefix);
      source->prefix = g_strdup (options->prefix);
    }
  for (guint i = 0; options->unset != NULL && options->unset[i] != NULL; i++)
    if (!bv_source_set_setting (source, options->unset[i], NULL, error))
      return FALSE;
  for (guint i = 0; options->set != NULL && options->set[i] != NULL; i++)
    {
      char *equals = strchr (options->set[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (options->set[i], equals - options->set[i]) : NULL;

      if (name == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no setting: write NAME=VALUE"), options->set[i]);
          return FALSE;
        }
      if (!bv_source_set_setting (source, name, equals + 1, error))
        return FALSE;
    }
  if (options->default_streams || options->streams != NULL)
    g_clear_pointer (&source->streams, g_ptr_array_unref);
  for (guint i = 0; options->streams != NULL && options->streams[i] != NULL; i++)
    {
      char *equals = strchr (options->streams[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (options->streams[i], equals - options->streams[i]) : g_strdup (options->streams[i]);
      g_auto(GStrv) fields = equals != NULL ? g_strsplit (equals + 1, ",", -1) : NULL;

      bv_source_choose (source, name, (const char *const *) fields);
    }
  if (options->add_fields >= 0)
    source->add_fields = options->add_fields;
  return options->schedule == NULL || parse_schedule (options->schedule, &source->schedule, error);
}

static int
source_edit (int argc, char **argv)
{
  gboolean add = g_str_has_suffix (argv[0], " add");
  g_auto(EditOptions) options = { .add_fields = -1 };
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvSource) source = NULL;
  GError *error = NULL;
  gboolean no_new_fields = FALSE, new_fields = FALSE;
  GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_("The source's name"), N_("NAME") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("A setting (again for more)"), N_("NAME=VALUE") },
    { "unset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.unset, N_("A setting that gets its default back"), N_("NAME") },
    { "secret", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.secrets, N_("A secret: the first line of FILE, or of standard input"), N_("NAME[=FILE]") },
    { "stream", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.streams, N_("A stream to sync (again for more), with its fields or the default ones"),
      N_("STREAM[=FIELD,…]") },
    { "default-streams", 0, 0, G_OPTION_ARG_NONE, &options.default_streams, N_("Sync the default streams"), NULL },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &options.prefix, N_("What the tables' names begin with"), N_("PREFIX") },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &options.schedule, N_("off, hourly:N, daily@HH:MM or daily@HH:MM:mon,fri"), N_("SCHEDULE") },
    { "new-fields", 0, 0, G_OPTION_ARG_NONE, &new_fields, N_("Fields that appear at the vendor become columns"), NULL },
    { "no-new-fields", 0, 0, G_OPTION_ARG_NONE, &no_new_fields, N_("Fields that appear at the vendor are only noted"), NULL },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, add ? "FILE KIND" : "FILE SOURCE",
                     add ? _("Adds a source. “belvedere-cli source kinds KIND” prints its settings. Secrets are kept in the keyring.")
                         : _("Changes a source; what is not named stays."), entries, 2, 2, &rest))
    return 2;
  if (new_fields || no_new_fields)
    options.add_fields = new_fields;
  if (add && bv_source_kind_find (rest[1]) == NULL)
    return bv_cli_usage (_("“%s” is no kind of source: see “belvedere-cli source kinds”"), rest[1]);
  project = bv_cli_open_writable (rest[0], BV_OPEN_DEFAULT, &error);
  if (project == NULL)
    return bv_cli_fail (error);
  source = add ? bv_source_new (project, rest[1], NULL) : bv_source_find (project, rest[1], &error);
  if (source == NULL || !edit (source, &options, &error) || !bv_source_put (project, source, add ? _("Add source") : _("Change source"), &error))
    return bv_cli_fail (error);
  for (guint i = 0; options.secrets != NULL && options.secrets[i] != NULL; i++)
    if (!set_secret (source, options.secrets[i], &error))
      {
        /* A source that cannot connect is of no use; its definition alone would only be in the way of the next attempt. */
        if (add)
          bv_source_remove (project, source->uuid, FALSE, NULL);
        return bv_cli_fail (error);
      }
  return 0;
}

/* --- test, streams, remove ------------------------------------------------------------------------------------------------------------- */

static int
source_test (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvSource) source = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  GError *error = NULL;

  if (!bv_cli_parse (argc, argv, "FILE SOURCE", _("Tries the connection and says what it finds."), NULL, 2, 2, &rest))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (source = bv_source_find (project, rest[1], &error)) == NULL || !bv_source_test (source, NULL, &lines, NULL, &error))
    return bv_cli_fail (error);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    g_print ("%s\n", (const char *) g_ptr_array_index (lines, i));
  return 0;
}

static int
source_streams (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  gboolean fields = FALSE;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvSource) source = NULL;
  g_autoptr(GPtrArray) streams = NULL;
  g_autoptr(BvFrame) frame = bv_frame_new ();
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "fields", 0, 0, G_OPTION_ARG_NONE, &fields, N_("A line per field"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE SOURCE", _("Asks the source what there is to sync."), entries, 2, 2, &rest) || !bv_cli_check_format (format))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (source = bv_source_find (project, rest[1], &error)) == NULL ||
      (streams = bv_source_discover (source, NULL, NULL, &error)) == NULL)
    return bv_cli_fail (error);
  bv_frame_add_column (frame, "stream", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, fields ? "field" : "label", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, fields ? "type" : "table", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, fields ? "label" : "rows", fields ? BV_TYPE_TEXT : BV_TYPE_INT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "chosen", BV_TYPE_BOOL, BV_ROLE_FIELD);
  for (guint i = 0; i < streams->len; i++)
    {
      BvSourceStream *stream = g_ptr_array_index (streams, i);
      BvSourceChoice *choice = bv_source_find_choice (source, stream->name);
      gboolean chosen = choice != NULL || (source->streams == NULL && (stream->flags & BV_STREAM_DEFAULT) != 0);

      if (!fields)
        bv_frame_append (frame, (BvValue[]) { bv_cli_text (stream->name), bv_cli_text (stream->label), bv_cli_text (stream->table),
                                              stream->n_rows >= 0 ? bv_value_int (stream->n_rows) : BV_VALUE_NULL, bv_value_bool (chosen) });
      for (guint j = 0; fields && j < stream->fields->len; j++)
        {
          BvSourceField *field = g_ptr_array_index (stream->fields, j);
          gboolean taken = chosen && ((field->flags & BV_FIELD_ALWAYS) != 0 ||
                                      (choice != NULL && choice->fields != NULL ? g_strv_contains ((const char *const *) choice->fields, field->name)
                                                                                : (field->flags & BV_FIELD_DEFAULT) != 0));

          bv_frame_append (frame, (BvValue[]) { bv_cli_text (stream->name), bv_cli_text (field->name), bv_cli_text (bv_type_to_name (field->type)),
                                                bv_cli_text (field->label), bv_value_bool (taken) });
        }
    }
  bv_cli_print_frame (frame, NULL, format);
  return 0;
}

static int
source_remove (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  gboolean drop = FALSE;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvSource) source = NULL;
  g_autoptr(GError) kept = NULL;
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "drop-tables", 0, 0, G_OPTION_ARG_NONE, &drop, N_("Remove the source's tables too"), NULL },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE SOURCE", _("Removes a source and its secrets; its tables stay."), entries, 2, 2, &rest))
    return 2;
  project = bv_cli_open_writable (rest[0], BV_OPEN_DEFAULT, &error);
  if (project == NULL || (source = bv_source_find (project, rest[1], &error)) == NULL || !bv_source_remove (project, source->uuid, drop, &error))
    return bv_cli_fail (error);
  if (!bv_source_forget_secrets (source, &kept))
    g_printerr ("belvedere-cli: %s\n", kept->message);
  return 0;
}

/* --- timer ----------------------------------------------------------------------------------------------------------------------------- */

static int
source_timer (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  gboolean print = FALSE, remove = FALSE, ok;
  g_autoptr(BvProject) project = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *hint = NULL;
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "print", 0, 0, G_OPTION_ARG_NONE, &print, N_("Only print the units"), NULL },
    { "remove", 0, 0, G_OPTION_ARG_NONE, &remove, N_("Stop the timer and take it away"), NULL },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE", _("Has systemd run the syncs that the sources' schedules name, also when no window is open."), entries, 1, 1, &rest))
    return 2;
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL)
    return bv_cli_fail (error);
  if (print)
    {
      g_autoptr(GPtrArray) sources = bv_source_list (project, &error);
      g_autofree char *service = NULL;
      g_autofree char *timer = NULL;

      if (sources == NULL)
        return bv_cli_fail (error);
      service = bv_timer_service_text (bv_project_get_path (project), program != NULL ? program : "belvedere-cli");
      timer = bv_timer_timer_text (sources, bv_project_get_path (project));
      if (timer == NULL)
        {
          g_set_error (&error, BV_ERROR, BV_ERROR_NOT_FOUND, _("No source has a schedule: set one with “belvedere-cli source set FILE SOURCE --schedule …”"));
          return bv_cli_fail (error);
        }
      g_print ("%s\n%s", service, timer);
      return 0;
    }
  ok = remove ? bv_timer_remove (project, &hint, &error) : bv_timer_install (project, program, &hint, &error);
  if (!ok)
    return bv_cli_fail (error);
  if (hint != NULL)
    g_printerr ("belvedere-cli: %s\n", hint);
  return 0;
}

/* ------------------------------------------------------------------------------------------------------------------------------------------ */

int
bv_cli_source (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    int (*run) (int argc, char **argv);
    const char *summary;
  } actions[] = {
    { "kinds", source_kinds, N_("the kinds of sources and their settings") },
    { "list", source_list, N_("the project's sources") },
    { "add", source_edit, N_("add a source") },
    { "set", source_edit, N_("change a source's settings, streams or schedule") },
    { "test", source_test, N_("try the connection") },
    { "streams", source_streams, N_("what there is to sync") },
    { "remove", source_remove, N_("remove a source") },
    { "runs", bv_cli_source_runs, N_("the syncs so far") },
    { "diff", bv_cli_source_diff, N_("the rows that a sync changed") },
    { "drift", bv_cli_source_drift, N_("fields that appeared, changed or went away") },
    { "decide", bv_cli_source_decide, N_("what becomes of such a field") },
    { "timer", source_timer, N_("sync by a systemd timer") },
  };

  if (argc < 2 || strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      g_print (_("Usage: belvedere-cli source ACTION FILE [ARGUMENTS…]\n\n"));
      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        g_print ("  %-8s %s\n", actions[i].name, _(actions[i].summary));
      g_print (_("\n“belvedere-cli source ACTION --help” explains one of them.\n"));
      return argc < 2 ? 2 : 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (argv[1], actions[i].name) == 0)
      {
        g_autofree char *verb = g_strconcat ("source ", argv[1], NULL);

        argv[1] = verb;
        return actions[i].run (argc - 1, argv + 1);
      }
  return bv_cli_usage (_("“%s” is no action: see “belvedere-cli source --help”"), argv[1]);
}
