/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segment's raw logs: a folder, usually a copy of the bucket that Segment writes to (segment-logs/SOURCE/DAY/FILE.gz), with one JSON call
 * on each line.
 *
 * A sync looks at each new file once, to know the streams, and sorts its lines by stream on the way (bv-segment-spool.c); each stream reads its
 * own from there. Where that cannot be had (the sync goes on from one before, a stream was chosen later, a file is damaged), a stream reads
 * the file itself and leaves lines that are none of its own after a look for a few bytes, before anything is parsed.
 * Files that are read are kept in the cursor by a hash of their path, size and time; a page is some megabytes of a file, its place the offset in
 * the inflated file. Calls have a messageId: a call that was sent, copied or read twice is one row. Files
 * that disappear from the folder take nothing away. What is not a call is reported with file and line and left out.
 *
 * Memory: the largest line, and 64 KB for each stream.
 */
#include "config.h"

#include "bv-json-value.h"
#include "bv-segment-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define SPOOL_BYTES (G_GINT64_CONSTANT (4) << 30)
#define PAGE_BYTES (64 * 1024 * 1024)
/* Bad lines that are named, for each file and page. */
#define MAX_NAMED 10

typedef struct
{
  char *folder;
  BvSegmentSchema *schema;
  GPtrArray *files;        /* (nullable): once listed */
  BvSegmentSpool *spool;   /* (nullable) */
  /* The file that the last page left off in. */
  BvSegmentReader *reader;
  char *reader_stream;
  char *reader_path;
} Segment;

static const BvSetting settings[] = {
  { "folder", N_("Folder"), N_("A copy of the bucket that Segment writes raw logs to"), BV_SETTING_FOLDER, .required = TRUE },
  { NULL }
};

static void
close_reader (Segment *self)
{
  g_clear_pointer (&self->reader, bv_segment_reader_free);
  g_clear_pointer (&self->reader_stream, g_free);
  g_clear_pointer (&self->reader_path, g_free);
}

static void
segment_close (BvSourceContext *context, gpointer data)
{
  Segment *self = data;

  if (self == NULL)
    return;
  close_reader (self);
  g_clear_pointer (&self->spool, bv_segment_spool_free);
  g_clear_pointer (&self->schema, bv_segment_schema_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self->folder);
  g_free (self);
}

static gpointer
segment_open (BvSourceContext *context, GError **error)
{
  const char *folder = bv_source_context_get (context, "folder");
  Segment *self;

  if (folder == NULL || *folder == '\0')
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("There is no folder: choose the one that holds Segment’s raw logs"));
      return NULL;
    }
  self = g_new0 (Segment, 1);
  self->folder = g_strdup (folder);
  return self;
}

/* The files, listed once in a run. */
static GPtrArray *
list_files (BvSourceContext *context, GError **error)
{
  Segment *self = bv_source_context_get_data (context);

  if (self->files == NULL)
    self->files = bv_segment_list_files (self->folder, bv_source_context_get_cancellable (context), error);
  return self->files;
}

/* Names the file before what is wrong with it. */
static char *
name_problem (const char *path, const GError *problem)
{
  g_autofree char *display = g_filename_display_name (path);

  return g_strdup_printf ("%s: %s", display, problem->message);
}

/* --- Discovering --------------------------------------------------------------------------------------------------------------------- */

/* Into the spool for the streams that are read now, and not found out to be in the file otherwise. */
static void
spool_line (Segment *self, BvSourceContext *context, const BvSegmentCall *call, const char *text, gsize length, const BvSegmentReader *reader)
{
  g_autofree char *slug = call->type == BV_SEGMENT_TRACK ? bv_segment_event_slug (call->event) : NULL;
  g_autofree char *event = slug != NULL ? g_strconcat (BV_SEGMENT_EVENT, slug, NULL) : NULL;
  const char *names[] = { bv_segment_stream_name (call->type), event };

  for (guint i = 0; i < G_N_ELEMENTS (names) && names[i] != NULL; i++)
    {
      const BvSourceStream probe = { .name = (char *) names[i], .flags = BV_STREAM_DEFAULT };

      if (bv_source_context_wants (context, &probe))
        bv_segment_spool_add (self->spool, names[i], text, length, bv_segment_reader_offset (reader), bv_segment_reader_line (reader));
    }
}

/* A file that breaks off has been looked at up to there; the fetch reports it. */
static gboolean
look_at (Segment *self, BvSourceContext *context, const BvSegmentFile *file, BvSegmentCall *call, GError **error)
{
  GCancellable *cancellable = bv_source_context_get_cancellable (context);
  g_autofree char *path = g_build_filename (self->folder, file->path, NULL);
  g_autoptr (BvSegmentReader) reader = bv_segment_reader_open (path, 0, 0, cancellable, NULL);
  gboolean whole = reader != NULL, read = FALSE;
  const char *text = NULL;
  gsize length;

  while (reader != NULL && (read = bv_segment_reader_next (reader, &text, &length, NULL)) && text != NULL)
    if (bv_segment_call_read (call, text, length, bv_segment_reader_line (reader), NULL))
      {
        bv_segment_schema_add (self->schema, call);
        if (self->spool != NULL)
          spool_line (self, context, call, text, length, reader);
      }
    else
      whole = FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->spool != NULL)
    bv_segment_spool_end (self->spool, file->id, whole && read);
  g_hash_table_add (self->schema->files, g_strdup (file->id));
  return TRUE;
}

/* Keeps of @set what is still in the folder, so that it does not grow for ever. */
static void
prune (GHashTable *set, const GPtrArray *files)
{
  g_autoptr (GHashTable) present = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;

  if (files->len == 0)
    return;
  for (guint i = 0; i < files->len; i++)
    g_hash_table_add (present, ((BvSegmentFile *) files->pdata[i])->id);
  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (present, id))
      g_hash_table_iter_remove (&iter);
}

static GPtrArray *
segment_discover (BvSourceContext *context, GError **error)
{
  Segment *self = bv_source_context_get_data (context);
  GPtrArray *files = list_files (context, error);
  BvSegmentCall call;
  gboolean ok = TRUE;

  if (files == NULL)
    return NULL;
  g_clear_pointer (&self->schema, bv_segment_schema_free);
  self->schema = bv_segment_schema_load (bv_source_context_get_memory (context));
  if (bv_source_context_is_sync (context) && self->spool == NULL)
    self->spool = bv_segment_spool_new (SPOOL_BYTES);
  bv_segment_call_init (&call);
  for (guint i = 0; ok && i < files->len; i++)
    if (!g_hash_table_contains (self->schema->files, ((BvSegmentFile *) files->pdata[i])->id))
      ok = look_at (self, context, files->pdata[i], &call, error);
  bv_segment_call_clear (&call);
  if (!ok)
    return NULL;
  prune (self->schema->files, files);
  bv_segment_schema_save (self->schema, bv_source_context_get_memory (context));
  return bv_segment_schema_get_streams (self->schema);
}

static gboolean
segment_test (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  Segment *self = bv_source_context_get_data (context);
  GPtrArray *files = list_files (context, error);
  g_autofree char *path = NULL;
  g_autofree char *display = NULL;
  g_autofree char *size = NULL;
  g_autoptr (BvSegmentReader) reader = NULL;
  g_autoptr (GError) local = NULL;
  const BvSegmentFile *newest;
  const char *text;
  guint64 bytes = 0;
  BvSegmentCall call;
  gsize length;
  gboolean ok;

  if (files == NULL)
    return FALSE;
  if (files->len == 0)
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_NOT_FOUND,
                           _("The folder holds no raw logs (.gz, .json, .ndjson or .jsonl): choose the folder that Segment’s bucket is copied to"));
      return FALSE;
    }
  for (guint i = 0; i < files->len; i++)
    bytes += (guint64) ((BvSegmentFile *) files->pdata[i])->size;
  size = g_format_size (bytes);
  g_ptr_array_add (lines, g_strdup_printf (ngettext ("%u file, %s", "%u files, %s", files->len), files->len, size));
  newest = files->pdata[files->len - 1];
  path = g_build_filename (self->folder, newest->path, NULL);
  display = g_filename_display_name (newest->path);
  reader = bv_segment_reader_open (path, 0, 0, bv_source_context_get_cancellable (context), error);
  if (reader == NULL || !bv_segment_reader_next (reader, &text, &length, error))
    return FALSE;
  bv_segment_call_init (&call);
  ok = text == NULL || bv_segment_call_read (&call, text, length, bv_segment_reader_line (reader), &local);
  bv_segment_call_clear (&call);
  if (!ok)
    {
      g_autofree char *problem = name_problem (newest->path, local);

      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, problem);
      return FALSE;
    }
  g_ptr_array_add (lines, g_strdup_printf (_("The last of them, %s, can be read"), display));
  return TRUE;
}

/* --- Fetching ------------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  BvFetch *fetch;
  Segment *segment;
  BvSegmentCall call;
  BvSegmentType type;
  gboolean event;
  char *slug;              /* of an event stream */
  char *token;             /* "\"track\"" */
  GPtrArray *needles;      /* (nullable): a line of the event holds one of them */
  GHashTable *index;       /* path → GUINT: index of the field + 1 */
  GHashTable *known;       /* paths of all fields of the stream */
  GArray *types;           /* of the fields */
  BvValue *values;
  char *event_slug;
  gint64 bad;
} Work;

/* Whether a JSON writer leaves @text as it is. */
static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (" _-.:", *p) == NULL)
      return FALSE;
  return TRUE;
}

static void
work_init (Work *work, BvFetch *fetch)
{
  Segment *self = bv_source_context_get_data (fetch->context);
  GPtrArray *events;

  *work = (Work){ .fetch = fetch, .segment = self };
  bv_segment_call_init (&work->call);
  bv_segment_stream_type (fetch->stream->name, &work->type, &work->event);
  work->token = g_strdup_printf ("\"%s\"", bv_segment_type_name (work->type));
  if (self->schema == NULL)
    self->schema = bv_segment_schema_load (bv_source_context_get_memory (fetch->context));
  if (work->event)
    {
      work->slug = g_strdup (fetch->stream->name + strlen (BV_SEGMENT_EVENT));
      events = bv_segment_schema_get_events (self->schema, fetch->stream->name);
      for (guint i = 0; events != NULL && i < events->len; i++)
        if (!is_plain (events->pdata[i]))
          events = NULL;
      work->needles = events;
    }
  work->index = g_hash_table_new (g_str_hash, g_str_equal);
  work->known = g_hash_table_new (g_str_hash, g_str_equal);
  work->values = g_new0 (BvValue, fetch->fields->len + 1);
  for (guint i = 0; i < fetch->fields->len; i++)
    g_hash_table_insert (work->index, ((BvSourceField *) fetch->fields->pdata[i])->name, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < fetch->stream->fields->len; i++)
    g_hash_table_add (work->known, ((BvSourceField *) fetch->stream->fields->pdata[i])->name);
}

static void
work_clear (Work *work)
{
  bv_segment_call_clear (&work->call);
  g_free (work->token);
  g_free (work->slug);
  g_free (work->event_slug);
  g_free (work->values);
  g_hash_table_unref (work->index);
  g_hash_table_unref (work->known);
}

/* Whether the line may be one of the stream's; the events' table also looks at lines that are of no kind, to report them. */
static gboolean
is_candidate (const Work *work, const char *text, gsize length)
{
  if (memmem (text, length, work->token, strlen (work->token)) == NULL)
    {
      if (work->type != BV_SEGMENT_TRACK || work->event)
        return FALSE;
      for (BvSegmentType type = 0; type < BV_SEGMENT_N_TYPES; type++)
        {
          g_autofree char *token = g_strdup_printf ("\"%s\"", bv_segment_type_name (type));

          if (memmem (text, length, token, strlen (token)) != NULL)
            return FALSE;
        }
      return TRUE;
    }
  if (work->needles == NULL)
    return TRUE;
  for (guint i = 0; i < work->needles->len; i++)
    if (memmem (text, length, work->needles->pdata[i], strlen (work->needles->pdata[i])) != NULL)
      return TRUE;
  return FALSE;
}

static void
set_own (Work *work, const char *field, const char *text)
{
  guint i = GPOINTER_TO_UINT (g_hash_table_lookup (work->index, field));

  if (i == 0 || text == NULL)
    return;
  work->values[i - 1].type = BV_TYPE_TEXT;
  work->values[i - 1].s = (char *) text;
}

static void
add_extra (JsonObject **extra, const BvSegmentCall *call, guint i)
{
  const BvSegmentCell *cell = &g_array_index (call->cells, BvSegmentCell, i);
  const char *text = call->texts->str + cell->text;
  g_autoptr (JsonNode) node = cell->kind != BV_JSON_STRING ? json_from_string (text, NULL) : NULL;

  if (*extra == NULL)
    *extra = json_object_new ();
  if (node != NULL)
    json_object_set_member (*extra, bv_segment_call_path (call, i), g_steal_pointer (&node));
  else
    json_object_set_string_member (*extra, bv_segment_call_path (call, i), text);
}

/* Members of every call that say nothing about it (the write key is nobody's business). */
static gboolean
is_noise (const char *path)
{
  static const char *const noise[] = { "type", "event", "channel", "version", "projectId", "writeKey" };

  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    if (strcmp (noise[i], path) == 0)
      return TRUE;
  return g_str_has_prefix (path, "integrations.") || g_str_has_prefix (path, "_metadata.");
}

static void
add_row (Work *work)
{
  const BvSegmentCall *call = &work->call;
  BvFetch *fetch = work->fetch;
  g_autoptr (JsonObject) extra = NULL;
  g_autofree char *extra_text = NULL;

  memset (work->values, 0, sizeof (BvValue) * fetch->fields->len);
  for (guint i = 0; i < call->cells->len; i++)
    {
      const char *path = bv_segment_call_path (call, i);
      guint k = GPOINTER_TO_UINT (g_hash_table_lookup (work->index, path));

      if (k > 0)
        bv_segment_call_value (call, i, ((BvSourceField *) fetch->fields->pdata[k - 1])->type, &work->values[k - 1]);
      else if (!g_hash_table_contains (work->known, path) && g_array_index (call->cells, BvSegmentCell, i).kind != BV_JSON_NULL && !is_noise (path)
               && (bv_segment_takes_path (path, call->type, work->event) || strchr (path, '.') == NULL))
        add_extra (&extra, call, i);
    }
  if (call->type == BV_SEGMENT_TRACK)
    {
      const char *email = bv_segment_call_find (call, "context.traits.email"), *app = bv_segment_call_find (call, "context.app");

      g_free (work->event_slug);
      work->event_slug = bv_segment_event_slug (call->event);
      set_own (work, "event", work->event_slug);
      set_own (work, "event_text", call->event);
      if (email == NULL)
        email = bv_segment_call_find (call, "properties.email");
      set_own (work, "user_email", email != NULL ? email : bv_segment_call_find (call, "traits.email"));
      set_own (work, "context_app", app != NULL ? app : bv_segment_call_find (call, "context.app.name"));
    }
  if (extra != NULL)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (node, extra);
      extra_text = json_to_string (node, FALSE);
    }
  bv_batch_add_row (fetch->batch, work->values, extra_text);
}

static void
add_line (Work *work, const char *file, const char *text, gsize length, gint64 line)
{
  g_autoptr (GError) problem = NULL;

  if (!is_candidate (work, text, length))
    return;
  if (!bv_segment_call_read (&work->call, text, length, line, &problem))
    {
      g_autofree char *why = name_problem (file, problem);

      if (++work->bad <= MAX_NAMED)
        bv_batch_skip (work->fetch->batch, why);
      return;
    }
  if (work->call.type != work->type)
    return;
  if (work->event)
    {
      g_autofree char *slug = bv_segment_event_slug (work->call.event);

      if (strcmp (slug, work->slug) != 0)
        return;
    }
  add_row (work);
}

static void
report_rest (Work *work, const char *file)
{
  g_autofree char *display = g_filename_display_name (file);

  if (work->bad > MAX_NAMED)
    {
      guint n = (guint) (work->bad - MAX_NAMED);
      g_autofree char *why = g_strdup_printf (ngettext ("%s: %u more line cannot be read", "%s: %u more lines cannot be read", n), display, n);

      bv_batch_skip (work->fetch->batch, why);
    }
  work->bad = 0;
}

static gboolean
is_full (BvFetch *fetch, gint64 bytes)
{
  return bv_batch_get_n_rows (fetch->batch) >= BV_BATCH_ROWS || bytes >= PAGE_BYTES;
}

static void
keep_place (BvFetch *fetch, const BvSegmentFile *file, gint64 offset, gint64 line)
{
  json_object_set_string_member (fetch->page, "file", file->path);
  json_object_set_string_member (fetch->page, "id", file->id);
  json_object_set_int_member (fetch->page, "offset", offset);
  json_object_set_int_member (fetch->page, "line", line);
}

/* The lines behind *offset from the spool, as read_file(). FALSE when they are not, or not all, there: the file goes on from *offset. */
static gboolean
read_spool (Work *work, const BvSegmentFile *file, gint64 *offset, gint64 *line, gint64 *bytes, gboolean *whole)
{
  g_autoptr (BvSegmentSpoolReader) reader = bv_segment_spool_open (work->segment->spool, work->fetch->stream->name, file->id, *offset);
  const char *text;
  gsize length;
  gboolean broken = FALSE, more = TRUE;

  if (reader == NULL)
    return FALSE;
  while (!is_full (work->fetch, *bytes) && (more = bv_segment_spool_next (reader, &text, &length, &broken)))
    {
      *bytes += (gint64) length + 1;
      add_line (work, file->path, text, length, bv_segment_spool_line (reader));
      *offset = bv_segment_spool_offset (reader);
      *line = bv_segment_spool_line (reader);
    }
  *whole = !more && !broken;
  if (!*whole)
    keep_place (work->fetch, file, *offset, *line);
  return !broken;
}

/* Reads of @file until the page is full; *whole when its end was reached. A damaged file is reported and read again by the next run. */
static gboolean
read_file (Work *work, const BvSegmentFile *file, gint64 *bytes, gboolean *whole, gboolean *damaged, GError **error)
{
  Segment *self = work->segment;
  BvFetch *fetch = work->fetch;
  gboolean here = g_strcmp0 (bv_json_get_text (fetch->page, "file"), file->path) == 0 && g_strcmp0 (bv_json_get_text (fetch->page, "id"), file->id) == 0;
  gint64 offset = here ? bv_json_get_int (fetch->page, "offset", 0) : 0, line = here ? bv_json_get_int (fetch->page, "line", 0) : 0;
  g_autofree char *path = g_build_filename (self->folder, file->path, NULL);
  g_autoptr (GError) problem = NULL;
  const char *text = NULL;
  gsize length;
  gboolean ok = TRUE;

  *whole = *damaged = FALSE;
  if (read_spool (work, file, &offset, &line, bytes, whole))
    {
      report_rest (work, file->path);
      return TRUE;
    }
  if (self->reader == NULL || g_strcmp0 (self->reader_stream, fetch->stream->name) != 0 || g_strcmp0 (self->reader_path, file->path) != 0
      || bv_segment_reader_offset (self->reader) != offset)
    {
      close_reader (self);
      self->reader = bv_segment_reader_open (path, offset, line, bv_source_context_get_cancellable (fetch->context), &problem);
      self->reader_stream = g_strdup (fetch->stream->name);
      self->reader_path = g_strdup (file->path);
    }
  while (self->reader != NULL && !is_full (fetch, *bytes))
    {
      ok = bv_segment_reader_next (self->reader, &text, &length, &problem);
      if (!ok || text == NULL)
        break;
      *bytes += (gint64) length + 1;
      add_line (work, file->path, text, length, bv_segment_reader_line (self->reader));
    }
  report_rest (work, file->path);
  if (problem != NULL)
    {
      g_autofree char *why = name_problem (file->path, problem);

      close_reader (self);
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      bv_batch_skip (fetch->batch, why);
      *whole = *damaged = TRUE;
    }
  else if (text == NULL && !is_full (fetch, *bytes))
    *whole = TRUE;
  if (!*whole)
    keep_place (fetch, file, bv_segment_reader_offset (self->reader), bv_segment_reader_line (self->reader));
  return TRUE;
}

static gboolean
segment_fetch (BvFetch *fetch, GError **error)
{
  GPtrArray *files = list_files (fetch->context, error);
  g_autoptr (GHashTable) done = bv_segment_set_read (bv_json_get_text (fetch->cursor, "files"));
  g_autoptr (GHashTable) damaged = bv_segment_set_read (bv_json_get_text (fetch->page, "damaged"));
  g_autofree char *text = NULL;
  gint64 bytes = 0;
  gboolean ok = TRUE, full = FALSE;
  Work work;

  if (files == NULL)
    return FALSE;
  work_init (&work, fetch);
  for (guint i = 0; ok && !full && i < files->len; i++)
    {
      const BvSegmentFile *file = files->pdata[i];
      gboolean whole, broken;

      if (g_hash_table_contains (done, file->id) || g_hash_table_contains (damaged, file->id))
        continue;
      ok = read_file (&work, file, &bytes, &whole, &broken, error);
      if (ok && whole)
        {
          g_hash_table_add (broken ? damaged : done, g_strdup (file->id));
          json_object_remove_member (fetch->page, "file");
        }
      full = ok && (!whole || is_full (fetch, bytes));
    }
  work_clear (&work);
  if (!ok)
    return FALSE;
  bv_source_context_count (fetch->context, 0, (guint64) bytes);
  /* Lines of other streams only are no empty page. */
  if (bytes > 0)
    bv_batch_pass_over (fetch->batch);
  fetch->done = !full;
  if (fetch->done)
    prune (done, files);
  text = bv_segment_set_write (done);
  json_object_set_string_member (fetch->cursor, "files", text);
  if (g_hash_table_size (damaged) > 0)
    {
      g_autofree char *broken = bv_segment_set_write (damaged);

      json_object_set_string_member (fetch->page, "damaged", broken);
    }
  return TRUE;
}

const BvSourceKind bv_source_kind_segment_files = {
  .id = "segment-files",
  .name = "Segment",
  .summary = N_("Events and users from a folder of Segment’s raw logs"),
  .icon = "folder-symbolic",
  .category = N_("Files"),
  .settings = settings,
  .open = segment_open,
  .close = segment_close,
  .test = segment_test,
  .discover = segment_discover,
  .fetch = segment_fetch,
};
