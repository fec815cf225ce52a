/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "rest": settings, test, discovery, and the preview of a dialog. */
#include "config.h"

#include "bv-rest.h"

#include "bv-json-value.h"
#include "bv-rest-private.h"
#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const BvSettingChoice auths[] = {
  { "none", N_("None") },
  { "bearer", N_("Bearer token") },
  { "basic", N_("User name and password") },
  { "header", N_("Key in a header") },
  { "query", N_("Key as a parameter") },
  { NULL }
};

static const BvSettingChoice pagings[] = {
  { "none", N_("One page") },
  { "link", N_("Link header") },
  { "cursor", N_("Cursor in the answer") },
  { "next_url", N_("Address of the next page in the answer") },
  { "page", N_("Page number") },
  { "offset", N_("Offset") },
  { NULL }
};

static const BvSettingChoice times[] = {
  { "as_is", N_("As in the records") }, { "iso", N_("ISO 8601") }, { "unix", N_("Unix seconds") }, { "ms", N_("Unix milliseconds") }, { NULL }
};

static const BvSetting settings[] = {
  { "url", N_("Address"), N_("Of the records, or the part of the address that all streams share"), BV_SETTING_TEXT, .required = TRUE },
  { "streams", N_("Streams"), N_("One a line: a name, a blank, the path, then options such as key=id records=data cursor=updated_at parameter=since"),
    BV_SETTING_LONG_TEXT },
  { "auth", N_("Authentication"), NULL, BV_SETTING_CHOICE, auths, "none" },
  { "user", N_("User name"), NULL, BV_SETTING_TEXT },
  { "secret", N_("Token, password or key"), NULL, BV_SETTING_SECRET },
  { "auth_name", N_("Name of the header or parameter"), N_("That the key is sent in"), BV_SETTING_TEXT },
  { "pagination", N_("Pagination"), NULL, BV_SETTING_CHOICE, pagings, "none" },
  { "page_parameter", N_("Parameter of the page"), N_("Of the cursor, page number or offset"), BV_SETTING_TEXT },
  { "next_path", N_("Field of the next page"), N_("Where the answer has the cursor or address: “meta.next”"), BV_SETTING_TEXT },
  { "size_parameter", N_("Parameter of the page’s size"), NULL, BV_SETTING_TEXT },
  { "page_size", N_("Records on a page"), NULL, BV_SETTING_INT, NULL, "100" },
  { "first_page", N_("Number of the first page"), NULL, BV_SETTING_INT, NULL, "1", .advanced = TRUE },
  { "records", N_("Path of the records"), N_("Where the answer has the list: “data.items”; found by itself when empty"), BV_SETTING_TEXT },
  { "key", N_("Key"), N_("The field that names a record, or several with commas; without one all rows are replaced each time"), BV_SETTING_TEXT },
  { "cursor", N_("Cursor"), N_("The field that tells when a record was changed"), BV_SETTING_TEXT },
  { "cursor_parameter", N_("Parameter of the cursor"), N_("That asks for what is newer: “updated_since”"), BV_SETTING_TEXT },
  { "cursor_format", N_("Form of the cursor"), NULL, BV_SETTING_CHOICE, times, "as_is", .advanced = TRUE },
  { "lookback", N_("Look-back"), N_("Minutes before the cursor that are read again"), BV_SETTING_INT, NULL, "10", .advanced = TRUE },
  { "sweep", N_("Look for deleted records"), N_("Reads all records once a day"), BV_SETTING_BOOL, NULL, "true", .advanced = TRUE },
  { "headers", N_("Headers"), N_("One a line: “Name: value”"), BV_SETTING_LONG_TEXT, .advanced = TRUE },
  { "parameters", N_("Parameters"), N_("One a line: “name=value”"), BV_SETTING_LONG_TEXT, .advanced = TRUE },
  { "fingerprint", N_("Accepted certificate"), N_("SHA-256 fingerprint of the certificate of a server that no authority knows"), BV_SETTING_TEXT,
    .advanced = TRUE },
  { "max_pages", N_("Highest number of pages"), NULL, BV_SETTING_INT, NULL, "10000", .advanced = TRUE },
  { NULL }
};

/* What most services say: a text "message" or "error", or an object with one. */
static char *
explain (const BvHttpAnswer *answer, gpointer data)
{
  static const char *const paths[] = { "message", "error.message", "error_description", "error", "detail", "title" };

  for (guint i = 0; answer->json != NULL && JSON_NODE_HOLDS_OBJECT (answer->json) && i < G_N_ELEMENTS (paths); i++)
    {
      const char *text = bv_json_get_text (json_node_get_object (answer->json), paths[i]);

      if (text != NULL)
        return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 300));
    }
  return NULL;
}

static gpointer
rest_open (BvSourceContext *context, GError **error)
{
  BvHttpPolicy policy = { .reset_header = "X-RateLimit-Reset", .explain = explain };
  BvRest *self = bv_rest_new (context, error);

  if (self != NULL)
    bv_http_set_policy (bv_source_context_get_http (context), &policy);
  return self;
}

static void
rest_close (BvSourceContext *context, gpointer data)
{
  bv_rest_free (data);
}

/* The first page, and what it teaches. */
static gboolean
read_first (BvSourceContext *context, const BvRestStream *stream, BvRestPage *page, GError **error)
{
  g_autoptr (JsonObject) state = json_object_new ();

  if (!bv_rest_get_page (context, stream, state, NULL, page, error))
    return FALSE;
  bv_rest_learn (bv_rest_memory (context, stream->name), page);
  return TRUE;
}

static gboolean
rest_test (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  const BvRest *self = bv_source_context_get_data (context);

  for (guint i = 0; i < self->streams->len; i++)
    {
      const BvRestStream *stream = self->streams->pdata[i];
      JsonObject *memory = bv_rest_memory (context, stream->name);
      g_auto (BvRestPage) page = { 0 };
      guint n, n_fields;
      g_autofree char *rows = NULL;
      g_autofree char *fields = NULL;

      if (!read_first (context, stream, &page, error))
        return FALSE;
      n = json_array_get_length (page.records);
      n_fields = json_object_get_size (json_object_get_object_member (memory, "fields"));
      rows = g_strdup_printf (ngettext ("%u record", "%u records", n), n);
      fields = g_strdup_printf (ngettext ("%u field", "%u fields", n_fields), n_fields);
      /* Translators: a stream's name, “100 records”, “12 fields” */
      g_ptr_array_add (lines, g_strdup_printf (_("%s: %s with %s on the first page"), stream->name, rows, fields));
      if (!bv_rest_check (stream, memory, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether the other streams can be read all the same. */
static gboolean
is_of_stream (const GError *error)
{
  if (error->domain != BV_HTTP_ERROR)
    return error->domain == BV_ERROR;
  return error->code == BV_HTTP_ERROR_FORBIDDEN || error->code == BV_HTTP_ERROR_NOT_FOUND || error->code == BV_HTTP_ERROR_REFUSED
         || error->code == BV_HTTP_ERROR_SERVER || error->code == BV_HTTP_ERROR_MALFORMED;
}

static GPtrArray *
rest_discover (BvSourceContext *context, GError **error)
{
  const BvRest *self = bv_source_context_get_data (context);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);

  for (guint i = 0; i < self->streams->len; i++)
    {
      const BvRestStream *stream = self->streams->pdata[i];
      const BvSourceStream probe = { .name = stream->name, .flags = BV_STREAM_DEFAULT };
      JsonObject *memory = bv_rest_memory (context, stream->name);
      g_auto (BvRestPage) page = { 0 };
      g_autoptr (GError) local = NULL;

      if (bv_source_context_wants (context, &probe) && (!read_first (context, stream, &page, &local) || !bv_rest_check (stream, memory, &local))
          && !(bv_source_context_is_sync (context) && is_of_stream (local)))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_ptr_array_add (streams, bv_rest_make_stream (self, stream, memory));
      ((BvSourceStream *) streams->pdata[i])->error = g_steal_pointer (&local);
    }
  return g_steal_pointer (&streams);
}

const BvSourceKind bv_source_kind_rest = {
  .id = "rest",
  .name = "REST",
  .summary = N_("Records of any service that gives JSON over HTTP"),
  .icon = "network-server-symbolic",
  .category = N_("Applications"),
  .settings = settings,
  .open = rest_open,
  .close = rest_close,
  .test = rest_test,
  .discover = rest_discover,
  .fetch = bv_rest_fetch,
};

/* --- Preview ---------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvFrame *frame;
  GHashTable *index; /* path → GUINT: column + 1 */
  BvValue *row;
  GStringChunk *texts;
} Preview;

static void
preview_member (const char *path, JsonNode *node, gpointer data)
{
  Preview *preview = data;
  guint i = GPOINTER_TO_UINT (g_hash_table_lookup (preview->index, path));
  BvType type;

  if (i == 0)
    return;
  type = bv_frame_get_column (preview->frame, i - 1)->type;
  bv_json_value (node, type, preview->texts, &preview->row[i - 1]);
  if (preview->row[i - 1].type == BV_TYPE_INT && type == BV_TYPE_DOUBLE)
    preview->row[i - 1] = bv_value_double ((double) preview->row[i - 1].i);
  else if (preview->row[i - 1].type != type)
    preview->row[i - 1] = BV_VALUE_NULL;
}

static BvFrame *
make_frame (const BvSourceStream *stream, const BvRestPage *page, guint limit)
{
  BvFrame *frame = bv_frame_new ();
  Preview preview = { frame, g_hash_table_new (g_str_hash, g_str_equal), g_new0 (BvValue, stream->fields->len + 1), g_string_chunk_new (1024) };
  guint n = json_array_get_length (page->records);

  for (guint i = 0; i < stream->fields->len; i++)
    {
      const BvSourceField *field = stream->fields->pdata[i];

      bv_frame_add_column (frame, field->column, field->type, BV_ROLE_FIELD);
      g_hash_table_insert (preview.index, field->name, GUINT_TO_POINTER (i + 1));
    }
  for (guint i = 0; i < MIN (n, limit); i++)
    {
      g_autoptr (JsonObject) record = bv_rest_record (page->records, i);

      memset (preview.row, 0, sizeof (BvValue) * stream->fields->len);
      bv_json_flatten (record, preview_member, &preview);
      bv_frame_append (frame, preview.row);
    }
  if (n > limit)
    bv_frame_add_note (frame, BV_NOTE_TRUNCATED, _("Only the first records of the page are shown"));
  if (page->path != NULL)
    {
      g_autofree char *note = g_strdup_printf (_("The records are the list “%s” of the answer"), page->path);

      bv_frame_add_note (frame, BV_NOTE_INFO, note);
    }
  g_hash_table_unref (preview.index);
  g_string_chunk_free (preview.texts);
  g_free (preview.row);
  return frame;
}

BvFrame *
bv_rest_preview (const BvSource *source, GHashTable *secrets, const char *stream, guint limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvSourceContext) context = bv_source_context_new (source, &bv_source_kind_rest, secrets, NULL, NULL, cancellable);
  g_autoptr (BvSourceStream) made = NULL;
  const BvRestStream *found;
  g_auto (BvRestPage) page = { 0 };
  JsonObject *memory;

  if (!bv_source_context_open (context, error))
    return NULL;
  found = bv_rest_find (bv_source_context_get_data (context), stream);
  if (found == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no stream “%s”: choose another"), stream);
      return NULL;
    }
  if (!read_first (context, found, &page, error))
    return NULL;
  memory = bv_rest_memory (context, found->name);
  if (!bv_rest_check (found, memory, error))
    return NULL;
  made = bv_rest_make_stream (bv_source_context_get_data (context), found, memory);
  return make_frame (made, &page, limit);
}

typedef struct
{
  BvSource *source;
  GHashTable *secrets;
  char *stream;
  guint limit;
} PreviewTask;

static void
preview_task_free (gpointer data)
{
  PreviewTask *task = data;

  bv_source_free (task->source);
  g_clear_pointer (&task->secrets, g_hash_table_unref);
  g_free (task->stream);
  g_free (task);
}

static void
run_preview (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  PreviewTask *preview = data;
  g_autoptr (GError) error = NULL;
  BvFrame *frame = bv_rest_preview (preview->source, preview->secrets, preview->stream, preview->limit, cancellable, &error);

  if (frame != NULL)
    g_task_return_pointer (task, frame, (GDestroyNotify) bv_frame_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bv_rest_preview_async (const BvSource *source, GHashTable *secrets, const char *stream, guint limit, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PreviewTask *preview = g_new0 (PreviewTask, 1);

  preview->source = bv_source_copy (source);
  preview->stream = g_strdup (stream);
  preview->limit = limit;
  /* The dialog's own table changes while it is typed in. */
  preview->secrets = bv_source_copy_secrets (secrets);
  g_task_set_task_data (task, preview, preview_task_free);
  g_task_run_in_thread (task, run_preview);
}

BvFrame *
bv_rest_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
