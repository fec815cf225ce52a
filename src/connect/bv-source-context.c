/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kind is given for a run, a test or a discovery; and the last two. */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _BvSourceContext
{
  const BvSource *source;
  const BvSourceKind *kind;
  GHashTable *given;    /* (nullable): secrets that were typed */
  GHashTable *secrets;  /* setting → value */
  const BvClock *clock;
  const BvHttpLimits *limits;
  GCancellable *cancellable;
  BvHttp *http;
  gboolean opened;
  gpointer data;
  JsonObject *memory;
  guint64 requests, bytes;
  gboolean all;               /* every stream is wanted */
  const char *const *only;    /* (nullable): these are; else those of the source */
  void (*waiting) (gint64 left_us, gpointer data);
  gpointer waiting_data;
  char *refused;      /* (nullable): fingerprint of a certificate that was not trusted */
};

BvSourceContext *
bv_source_context_new (const BvSource *source, const BvSourceKind *kind, GHashTable *secrets, const BvClock *clock,
                       const BvHttpLimits *limits, GCancellable *cancellable)
{
  BvSourceContext *self = g_new0 (BvSourceContext, 1);

  self->source = source;
  self->kind = kind;
  self->given = secrets != NULL ? g_hash_table_ref (secrets) : NULL;
  self->secrets = bv_source_secrets_new ();
  self->clock = clock != NULL ? clock : &bv_clock_system;
  self->limits = limits;
  self->cancellable = cancellable;
  self->memory = json_object_new ();
  self->all = TRUE;
  return self;
}

void
bv_source_context_free (BvSourceContext *self)
{
  if (self == NULL)
    return;
  if (self->opened && self->kind->close != NULL)
    self->kind->close (self, self->data);
  g_clear_pointer (&self->http, bv_http_free);
  g_clear_pointer (&self->given, g_hash_table_unref);
  g_hash_table_unref (self->secrets);
  json_object_unref (self->memory);
  g_free (self->refused);
  g_free (self);
}

gboolean
bv_source_context_open (BvSourceContext *self, GError **error)
{
  for (const BvSetting *setting = self->kind->settings; setting != NULL && setting->name != NULL; setting++)
    if (setting->type == BV_SETTING_SECRET)
      {
        const char *given = self->given != NULL ? g_hash_table_lookup (self->given, setting->name) : NULL;
        g_autofree char *value = g_strdup (given);

        /* A source that needs no secret works without a keyring. */
        if (value == NULL && !bv_source_get_secret (self->source, setting->name, &value, setting->required ? error : NULL) && setting->required)
          return FALSE;
        if (value == NULL && setting->required)
          {
            g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The secret “%s” of source “%s” is missing: enter it"), _(setting->label),
                         self->source->name);
            return FALSE;
          }
        if (value == NULL)
          continue;
        if (strpbrk (g_strstrip (value), "\r\n") != NULL)
          {
            g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The secret “%s” of source “%s” has several lines: enter it without line breaks"),
                         _(setting->label), self->source->name);
            return FALSE;
          }
        g_hash_table_insert (self->secrets, g_strdup (setting->name), g_steal_pointer (&value));
      }
    else if (setting->required && bv_source_get_setting (self->source, setting->name) == NULL)
      {
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is needed: enter it"), _(setting->label));
        return FALSE;
      }
  if (self->kind->open != NULL)
    {
      GError *local = NULL;

      self->data = self->kind->open (self, &local);
      if (local != NULL)
        {
          g_propagate_error (error, local);
          return FALSE;
        }
    }
  self->opened = TRUE;
  return TRUE;
}

const char *
bv_source_context_get (BvSourceContext *self, const char *name)
{
  const char *secret = g_hash_table_lookup (self->secrets, name);

  return secret != NULL ? secret : bv_source_get_setting (self->source, name);
}

gint64
bv_source_context_get_int (BvSourceContext *self, const char *name)
{
  const char *text = bv_source_context_get (self, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
bv_source_context_get_bool (BvSourceContext *self, const char *name)
{
  return g_strcmp0 (bv_source_context_get (self, name), "true") == 0;
}

BvHttp *
bv_source_context_get_http (BvSourceContext *self)
{
  if (self->http == NULL)
    {
      self->http = bv_http_new (self->clock, self->limits);
      if (bv_source_kind_find_setting (self->kind, "fingerprint") != NULL)
        bv_http_set_fingerprint (self->http, bv_source_context_get (self, "fingerprint"));
      bv_http_set_wait_func (self->http, self->waiting, self->waiting_data);
    }
  return self->http;
}

void
bv_source_context_set_wait_func (BvSourceContext *self, void (*waiting) (gint64 left_us, gpointer data), gpointer data)
{
  self->waiting = waiting;
  self->waiting_data = data;
  if (self->http != NULL)
    bv_http_set_wait_func (self->http, waiting, data);
}

GCancellable *
bv_source_context_get_cancellable (BvSourceContext *self)
{
  return self->cancellable;
}

const BvClock *
bv_source_context_get_clock (BvSourceContext *self)
{
  return self->clock;
}

void
bv_source_context_count (BvSourceContext *self, guint64 requests, guint64 bytes)
{
  self->requests += requests;
  self->bytes += bytes;
}

void
bv_source_context_get_counts (BvSourceContext *self, BvHttpCounts *counts)
{
  memset (counts, 0, sizeof *counts);
  if (self->http != NULL)
    bv_http_get_counts (self->http, counts);
  counts->requests += self->requests;
  counts->bytes_in += self->bytes;
}

void
bv_source_context_set_refused (BvSourceContext *self, const char *fingerprint)
{
  g_free (self->refused);
  self->refused = g_strdup (fingerprint);
}

const char *
bv_source_context_get_refused (BvSourceContext *self)
{
  return self->refused != NULL ? self->refused : self->http != NULL ? bv_http_get_refused_fingerprint (self->http) : NULL;
}

void
bv_source_context_set_wanted (BvSourceContext *self, const char *const *streams, gboolean all)
{
  self->only = streams;
  self->all = all;
}

gboolean
bv_source_context_wants (BvSourceContext *self, const BvSourceStream *stream)
{
  if (self->all)
    return TRUE;
  if (self->only != NULL)
    return g_strv_contains (self->only, stream->name);
  return self->source->streams != NULL ? bv_source_find_choice (self->source, stream->name) != NULL : (stream->flags & BV_STREAM_DEFAULT) != 0;
}

gboolean
bv_source_context_is_sync (BvSourceContext *self)
{
  return !self->all;
}

gpointer
bv_source_context_get_data (BvSourceContext *self)
{
  return self->data;
}

JsonObject *
bv_source_context_get_memory (BvSourceContext *self)
{
  return self->memory;
}

void
bv_source_context_set_memory (BvSourceContext *self, JsonObject *memory)
{
  json_object_ref (memory);
  json_object_unref (self->memory);
  self->memory = memory;
}

/* --- Test and discover ------------------------------------------------------------------------------------------------------------ */

static gboolean
test (const BvSource *source, GHashTable *secrets, GPtrArray **lines, char **fingerprint, GCancellable *cancellable, GError **error)
{
  const BvSourceKind *kind = bv_source_require_kind (source, error);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BvSourceContext) context = NULL;
  gboolean ok;

  if (kind == NULL)
    return FALSE;
  context = bv_source_context_new (source, kind, secrets, NULL, NULL, cancellable);
  ok = bv_source_context_open (context, error) && kind->test (context, found, error);
  if (!ok && fingerprint != NULL)
    *fingerprint = g_strdup (bv_source_context_get_refused (context));
  if (lines != NULL)
    *lines = g_steal_pointer (&found);
  return ok;
}

gboolean
bv_source_test (const BvSource *source, GHashTable *secrets, GPtrArray **lines, GCancellable *cancellable, GError **error)
{
  if (lines != NULL)
    *lines = NULL;
  return test (source, secrets, lines, NULL, cancellable, error);
}

GPtrArray *
bv_source_discover (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GError **error)
{
  const BvSourceKind *kind = bv_source_require_kind (source, error);
  g_autoptr (BvSourceContext) context = NULL;

  if (kind == NULL)
    return NULL;
  context = bv_source_context_new (source, kind, secrets, NULL, NULL, cancellable);
  return bv_source_context_open (context, error) ? kind->discover (context, error) : NULL;
}

static void
test_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  BvSourceJob *job = data;
  GError *error = NULL;

  if (test (job->source, job->secrets, &job->lines, &job->fingerprint, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bv_source_test_async (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  bv_source_start_job (source, secrets, cancellable, callback, user_data, bv_source_test_async, test_thread);
}

gboolean
bv_source_test_finish (GAsyncResult *result, GPtrArray **lines, char **fingerprint, GError **error)
{
  BvSourceJob *job = g_task_get_task_data (G_TASK (result));

  if (lines != NULL)
    *lines = g_steal_pointer (&job->lines);
  if (fingerprint != NULL)
    *fingerprint = g_steal_pointer (&job->fingerprint);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
discover_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  BvSourceJob *job = data;
  GError *error = NULL;
  GPtrArray *streams = bv_source_discover (job->source, job->secrets, cancellable, &error);

  if (streams != NULL)
    g_task_return_pointer (task, streams, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
bv_source_discover_async (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  bv_source_start_job (source, secrets, cancellable, callback, user_data, bv_source_discover_async, discover_thread);
}

GPtrArray *
bv_source_discover_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
