/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sync; source runs, diff, drift, decide. */
#include "config.h"

#include "bv-cli.h"
#include "bv-definitions.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The exit status of a sync that brought some of the rows only. */
#define EXIT_PARTLY 3

/* --- Records as frames --------------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  gsize offset;
} counts[] = {
  { "read", G_STRUCT_OFFSET (BvSyncCounts, read) },           { "new", G_STRUCT_OFFSET (BvSyncCounts, added) },
  { "changed", G_STRUCT_OFFSET (BvSyncCounts, changed) },     { "unchanged", G_STRUCT_OFFSET (BvSyncCounts, unchanged) },
  { "deleted", G_STRUCT_OFFSET (BvSyncCounts, deleted) },     { "merged", G_STRUCT_OFFSET (BvSyncCounts, merged) },
  { "links", G_STRUCT_OFFSET (BvSyncCounts, links) },         { "requests", G_STRUCT_OFFSET (BvSyncCounts, requests) },
  { "retries", G_STRUCT_OFFSET (BvSyncCounts, retries) },     { "waits", G_STRUCT_OFFSET (BvSyncCounts, waits) },
  { "bytes", G_STRUCT_OFFSET (BvSyncCounts, bytes) },
};

static void
add_count_columns (BvFrame *frame)
{
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    bv_frame_add_column (frame, counts[i].name, BV_TYPE_INT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "seconds", BV_TYPE_DOUBLE, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "error", BV_TYPE_TEXT, BV_ROLE_FIELD);
}

/* From column @column on. */
static void
append_counts (BvFrame *frame, guint column, const BvSyncCounts *values, const char *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    bv_frame_append_int (frame, column++, G_STRUCT_MEMBER (gint64, values, counts[i].offset));
  bv_frame_append_double (frame, column++, (double) (values->duration_us / 1000) / 1000.0);
  if (error != NULL)
    bv_frame_append_text (frame, column, error, -1);
  else
    bv_frame_append_null (frame, column);
}

static BvFrame *
new_stream_frame (void)
{
  BvFrame *frame = bv_frame_new ();

  bv_frame_add_column (frame, "run", BV_TYPE_INT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "source", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "stream", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "table", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "status", BV_TYPE_TEXT, BV_ROLE_FIELD);
  add_count_columns (frame);
  return frame;
}

static void
append_streams (BvFrame *frame, const char *source, const BvRun *run)
{
  for (guint i = 0; i < run->streams->len; i++)
    {
      BvRunStream *stream = g_ptr_array_index (run->streams, i);

      bv_frame_append_int (frame, 0, run->id);
      bv_frame_append_text (frame, 1, source, -1);
      bv_frame_append_text (frame, 2, stream->stream, -1);
      if (stream->table != NULL)
        bv_frame_append_text (frame, 3, stream->table, -1);
      else
        bv_frame_append_null (frame, 3);
      bv_frame_append_text (frame, 4, bv_run_status_to_name (stream->status), -1);
      append_counts (frame, 5, &stream->counts, stream->error);
    }
}

/* --- sync ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable;
  GAsyncResult *result;
  gint64 shown_at;
} Sync;

static gboolean
interrupted (gpointer data)
{
  Sync *sync = data;

  g_cancellable_cancel (sync->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
finished (GObject *object, GAsyncResult *result, gpointer data)
{
  Sync *sync = data;

  sync->result = g_object_ref (result);
  g_main_loop_quit (sync->loop);
}

/* In the thread of the sync; only when a person looks on. */
static void
show_progress (const BvSyncProgress *progress, gpointer data)
{
  Sync *sync = data;
  gint64 now = g_get_monotonic_time ();

  if (now - sync->shown_at < G_USEC_PER_SEC / 10)
    return;
  sync->shown_at = now;
  g_printerr ("\r\033[K%s", progress->text);
}

static gboolean
run_sync (BvProject *project, const BvSource *source, const BvSyncOptions *options, gint64 *run, GError **error)
{
  Sync sync = { g_main_loop_new (NULL, FALSE), g_cancellable_new (), NULL, 0 };
  guint on_int = g_unix_signal_add (SIGINT, interrupted, &sync);
  guint on_term = g_unix_signal_add (SIGTERM, interrupted, &sync);
  gboolean watched = isatty (STDERR_FILENO);
  gboolean ok;

  bv_source_sync_async (project, source, options, watched ? show_progress : NULL, &sync, sync.cancellable, finished, &sync);
  g_main_loop_run (sync.loop);
  if (watched)
    g_printerr ("\r\033[K");
  ok = bv_source_sync_finish (sync.result, run, error);
  g_source_remove (on_int);
  g_source_remove (on_term);
  g_object_unref (sync.result);
  g_object_unref (sync.cancellable);
  g_main_loop_unref (sync.loop);
  return ok;
}

static gboolean
is_due (BvProject *project, const BvSource *source, gboolean *due, GError **error)
{
  g_autoptr(GPtrArray) runs = bv_source_list_runs (project, source->uuid, 1, error);
  gint64 now = g_get_real_time ();
  gint64 next;

  if (runs == NULL)
    return FALSE;
  next = bv_source_next_due (source, runs->len > 0 ? ((BvRun *) g_ptr_array_index (runs, 0))->started : 0, now);
  *due = next != 0 && next <= now;
  return TRUE;
}

static GPtrArray *
choose_sources (BvProject *project, char **names, gboolean due_only, GError **error)
{
  g_autoptr(GPtrArray) all = bv_source_list (project, error);
  g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_free);

  if (all == NULL)
    return NULL;
  for (guint i = 0; names[i] != NULL; i++)
    {
      BvSource *source = bv_source_find (project, names[i], error);

      if (source == NULL)
        return NULL;
      g_ptr_array_add (chosen, source);
    }
  if (names[0] == NULL && all->len == 0 && !due_only)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The project has no sources: add one with “belvedere-cli source add”"));
      return NULL;
    }
  for (guint i = 0; names[0] == NULL && i < all->len; i++)
    g_ptr_array_add (chosen, bv_source_copy (g_ptr_array_index (all, i)));
  for (guint i = chosen->len; due_only && i > 0; i--)
    {
      gboolean due;

      if (!is_due (project, g_ptr_array_index (chosen, i - 1), &due, error))
        return NULL;
      if (!due)
        g_ptr_array_remove_index (chosen, i - 1);
    }
  return g_steal_pointer (&chosen);
}

int
bv_cli_sync (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_auto(GStrv) streams = NULL;
  g_autofree char *format = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(GPtrArray) sources = NULL;
  g_autoptr(BvFrame) frame = NULL;
  gboolean full = FALSE, sweep = FALSE, links = FALSE, due = FALSE;
  BvSyncOptions options = { BV_SYNC_DEFAULT };
  GError *error = NULL;
  guint n_read = 0, n_short = 0;
  GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, N_("Read everything again and look for records that are gone"), NULL },
    { "sweep", 0, 0, G_OPTION_ARG_NONE, &sweep, N_("Look for records that are gone now"), NULL },
    { "links", 0, 0, G_OPTION_ARG_NONE, &links, N_("Read all associations again"), NULL },
    { "stream", 0, 0, G_OPTION_ARG_STRING_ARRAY, &streams, N_("Only this stream (again for more)"), N_("STREAM") },
    { "due", 0, 0, G_OPTION_ARG_NONE, &due, N_("Only sources whose scheduled time has come"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE [SOURCE…]",
                     _("Brings the tables of sources up to date and prints what came, a line per stream.\n"
                       "The exit status is 0 when everything was read, 3 when some streams failed or rows were left out, 1 when nothing could be done."),
                     entries, 1, -1, &rest) || !bv_cli_check_format (format))
    return 2;
  options.flags = (full ? BV_SYNC_RELOAD | BV_SYNC_SWEEP | BV_SYNC_LINKS : 0) | (sweep ? BV_SYNC_SWEEP : 0) | (links ? BV_SYNC_LINKS : 0) |
                  (due ? BV_SYNC_SCHEDULED : 0);
  options.streams = (const char *const *) streams;
  project = bv_project_open (rest[0], BV_OPEN_DEFAULT, &error);
  if (project == NULL)
    return bv_cli_fail (error);
  if (bv_project_is_read_only (project))
    {
      /* Whoever has it open looks after the schedules. */
      g_printerr ("belvedere-cli: %s\n", bv_project_get_read_only_reason (project));
      return due ? 0 : 1;
    }
  if ((model = bv_model_load (project, &error)) == NULL || (sources = choose_sources (project, rest + 1, due, &error)) == NULL)
    return bv_cli_fail (error);
  frame = new_stream_frame ();
  for (guint i = 0; i < sources->len; i++)
    {
      BvSource *source = g_ptr_array_index (sources, i);
      g_autoptr(BvRun) run = NULL;
      g_autoptr(GError) problem = NULL;
      gint64 id = 0;
      gboolean ok = run_sync (project, source, &options, &id, &problem);

      run = id != 0 ? bv_source_get_run (project, id, NULL) : NULL;
      if (run != NULL)
        append_streams (frame, source->name, run);
      n_read += ok || (run != NULL && run->status == BV_RUN_PARTLY);
      if (ok)
        continue;
      n_short++;
      g_printerr ("belvedere-cli: %s: %s\n", source->name, problem->message);
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
    }
  bv_cli_print_frame (frame, model, format);
  return n_short == 0 ? 0 : n_read > 0 ? EXIT_PARTLY : 1;
}

/* --- History ---------------------------------------------------------------------------------------------------------------------------- */

static const char *
name_of (GPtrArray *sources, const char *uuid)
{
  for (guint i = 0; i < sources->len; i++)
    {
      BvSource *source = g_ptr_array_index (sources, i);

      if (g_strcmp0 (source->uuid, uuid) == 0)
        return source->name;
    }
  return uuid;
}

/* Opens for reading, with what the history verbs need. @source: (nullable): a name; *uuid stays NULL without one. */
static gboolean
open_history (const char *path, const char *source, BvProject **project, BvModel **model, GPtrArray **sources, char **uuid, GError **error)
{
  *project = bv_project_open (path, BV_OPEN_READ_ONLY, error);
  if (*project == NULL || (*model = bv_model_load (*project, error)) == NULL || (*sources = bv_source_list (*project, error)) == NULL)
    return FALSE;
  if (source != NULL)
    {
      g_autoptr(BvSource) found = bv_source_find (*project, source, error);

      if (found == NULL)
        return FALSE;
      *uuid = g_strdup (found->uuid);
    }
  return TRUE;
}

int
bv_cli_source_runs (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  g_autofree char *uuid = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(GPtrArray) sources = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(BvFrame) frame = NULL;
  gboolean streams = FALSE;
  GError *error = NULL;
  int limit = 20;
  GOptionEntry entries[] = {
    { "streams", 0, 0, G_OPTION_ARG_NONE, &streams, N_("A line per stream"), NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("How many syncs at most (default: 20; 0: all)"), N_("N") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE [SOURCE]", _("Prints the syncs so far, the newest first."), entries, 1, 2, &rest) || !bv_cli_check_format (format))
    return 2;
  if (limit < 0)
    return bv_cli_usage (_("--limit takes a number from 0"));
  if (!open_history (rest[0], rest[1], &project, &model, &sources, &uuid, &error) ||
      (runs = bv_source_list_runs (project, uuid, (guint) limit, &error)) == NULL)
    return bv_cli_fail (error);
  if (streams)
    frame = new_stream_frame ();
  else
    {
      frame = bv_frame_new ();
      bv_frame_add_column (frame, "run", BV_TYPE_INT, BV_ROLE_FIELD);
      bv_frame_add_column (frame, "source", BV_TYPE_TEXT, BV_ROLE_FIELD);
      bv_frame_add_column (frame, "started", BV_TYPE_TIMESTAMP, BV_ROLE_FIELD);
      bv_frame_add_column (frame, "status", BV_TYPE_TEXT, BV_ROLE_FIELD);
      bv_frame_add_column (frame, "undone", BV_TYPE_BOOL, BV_ROLE_FIELD);
      add_count_columns (frame);
    }
  for (guint i = 0; i < runs->len; i++)
    {
      BvRun *run = g_ptr_array_index (runs, i);

      if (streams)
        append_streams (frame, name_of (sources, run->source), run);
      else
        {
          bv_frame_append_int (frame, 0, run->id);
          bv_frame_append_text (frame, 1, name_of (sources, run->source), -1);
          bv_frame_append_int (frame, 2, run->started);
          bv_frame_append_text (frame, 3, bv_run_status_to_name (run->status), -1);
          bv_frame_append_int (frame, 4, run->undone);
          append_counts (frame, 5, &run->counts, run->error);
        }
    }
  bv_cli_print_frame (frame, model, format);
  return 0;
}

int
bv_cli_source_diff (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(BvFrame) frame = NULL;
  GError *error = NULL;
  gint64 run;
  int limit = 1000;
  GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("How many rows at most (default: 1000)"), N_("N") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE RUN TABLE", _("Prints the rows of a table that a sync changed, before and after."), entries, 3, 3, &rest) ||
      !bv_cli_check_format (format))
    return 2;
  if (!g_ascii_string_to_signed (rest[1], 10, 1, G_MAXINT64, &run, NULL))
    return bv_cli_usage (_("“%s” is no sync: give its number from “belvedere-cli source runs”"), rest[1]);
  if (limit < 1)
    return bv_cli_usage (_("--limit takes a number from 1"));
  project = bv_project_open (rest[0], BV_OPEN_READ_ONLY, &error);
  if (project == NULL || (model = bv_model_load (project, &error)) == NULL ||
      (frame = bv_source_run_diff (project, run, rest[2], (guint) limit, NULL, &error)) == NULL)
    return bv_cli_fail (error);
  bv_cli_print_frame (frame, model, format);
  return 0;
}

int
bv_cli_source_drift (int argc, char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_autofree char *format = NULL;
  g_autofree char *uuid = NULL;
  g_autoptr(BvProject) project = NULL;
  g_autoptr(BvModel) model = NULL;
  g_autoptr(GPtrArray) sources = NULL;
  g_autoptr(GPtrArray) drifts = NULL;
  g_autoptr(BvFrame) frame = bv_frame_new ();
  GError *error = NULL;
  GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("table, csv or json"), N_("FORMAT") },
    { NULL }
  };

  if (!bv_cli_parse (argc, argv, "FILE [SOURCE]", _("Prints what changed in the shape of the sources, the newest first."), entries, 1, 2, &rest) ||
      !bv_cli_check_format (format))
    return 2;
  if (!open_history (rest[0], rest[1], &project, &model, &sources, &uuid, &error) || (drifts = bv_source_list_drifts (project, uuid, &error)) == NULL)
    return bv_cli_fail (error);
  bv_frame_add_column (frame, "id", BV_TYPE_INT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "source", BV_TYPE_TEXT, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "found", BV_TYPE_TIMESTAMP, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "open", BV_TYPE_BOOL, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "what", BV_TYPE_TEXT, BV_ROLE_FIELD);
  for (guint i = 0; i < drifts->len; i++)
    {
      BvDrift *drift = g_ptr_array_index (drifts, i);

      bv_frame_append (frame, (BvValue[]) { bv_value_int (drift->id), bv_cli_text (name_of (sources, drift->source)), bv_value_timestamp (drift->found_at),
                                            bv_value_bool (drift->open), bv_cli_text (drift->text) });
    }
  bv_cli_print_frame (frame, model, format);
  return 0;
}

int
bv_cli_source_decide (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    BvDriftDecision decision;
  } decisions[] = { { "add", BV_DECISION_ADD }, { "ignore", BV_DECISION_IGNORE }, { "keep", BV_DECISION_KEEP } };
  g_auto(GStrv) rest = NULL;
  g_autoptr(BvProject) project = NULL;
  GError *error = NULL;
  gint64 id;
  guint i = 0;

  if (!bv_cli_parse (argc, argv, "FILE ID add|ignore|keep", _("Decides what becomes of a field: its column, nothing, or what was done already."), NULL, 3, 3,
                     &rest))
    return 2;
  if (!g_ascii_string_to_signed (rest[1], 10, 1, G_MAXINT64, &id, NULL))
    return bv_cli_usage (_("“%s” is no number: give the one that “belvedere-cli source drift” prints"), rest[1]);
  while (i < G_N_ELEMENTS (decisions) && strcmp (decisions[i].name, rest[2]) != 0)
    i++;
  if (i == G_N_ELEMENTS (decisions))
    return bv_cli_usage (_("“%s” is no decision: use add, ignore or keep"), rest[2]);
  project = bv_cli_open_writable (rest[0], BV_OPEN_DEFAULT, &error);
  if (project == NULL || !bv_source_decide (project, id, decisions[i].decision, &error))
    return bv_cli_fail (error);
  return 0;
}
