/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets of sources, in the Secret Service.
 *
 * An item has the attributes "source" (the source's uuid) and "setting". Where the environment has a variable for a secret, that is
 * used and the keyring is not asked: a server without a desktop has none. (SECRET_BACKEND=file makes libsecret keep them in a file.)
 */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    APP_ID ".Source", SECRET_SCHEMA_NONE,
    { { "source", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "setting", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  };

  return &schema;
}

static void
append_name (GString *variable, const char *text)
{
  g_string_append_c (variable, '_');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_c (variable, g_ascii_isalnum (*p) ? g_ascii_toupper (*p) : '_');
}

static const char *
from_environment (const BvSource *source, const char *setting)
{
  g_autoptr (GString) variable = g_string_new ("BELVEDERE_SECRET");
  const char *value;

  append_name (variable, source->name);
  append_name (variable, setting);
  value = g_getenv (variable->str);
  return value != NULL && *value != '\0' ? value : NULL;
}

static gboolean
fail (GError *problem, GError **error)
{
  g_set_error (error, BV_ERROR, BV_ERROR_FAILED,
               _("The keyring cannot be used (%s): unlock or install a keyring, or give the secret by its environment variable"),
               problem->message);
  g_error_free (problem);
  return FALSE;
}

static gboolean
needs_uuid (const BvSource *source, GError **error)
{
  if (source->uuid != NULL)
    return FALSE;
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The source is not in the project yet: add it first"));
  return TRUE;
}

gboolean
bv_source_set_secret (const BvSource *source, const char *setting, const char *value, GError **error)
{
  g_autofree char *label = NULL;
  GError *local = NULL;

  if (needs_uuid (source, error))
    return FALSE;
  if (value == NULL || *value == '\0')
    {
      secret_password_clear_sync (get_schema (), NULL, &local, "source", source->uuid, "setting", setting, NULL);
      return local == NULL || fail (local, error);
    }
  /* Translators: the keyring's name for a secret: source, setting */
  label = g_strdup_printf (_("Belvedere: %s (%s)"), source->name, setting);
  return secret_password_store_sync (get_schema (), SECRET_COLLECTION_DEFAULT, label, value, NULL, &local, "source", source->uuid, "setting",
                                     setting, NULL) ||
         fail (local, error);
}

gboolean
bv_source_get_secret (const BvSource *source, const char *setting, char **value, GError **error)
{
  const char *given = from_environment (source, setting);
  GError *local = NULL;
  char *found;

  *value = NULL;
  if (given != NULL)
    {
      *value = g_strdup (given);
      return TRUE;
    }
  if (source->uuid == NULL)
    return TRUE;
  found = secret_password_lookup_sync (get_schema (), NULL, &local, "source", source->uuid, "setting", setting, NULL);
  if (local != NULL)
    return fail (local, error);
  *value = g_strdup (found);
  if (found != NULL)
    secret_password_free (found);
  return TRUE;
}

gboolean
bv_source_forget_secrets (const BvSource *source, GError **error)
{
  const BvSourceKind *kind = bv_source_kind_find (source->kind);

  for (const BvSetting *setting = kind != NULL ? kind->settings : NULL; setting != NULL && setting->name != NULL; setting++)
    if (setting->type == BV_SETTING_SECRET && !bv_source_set_secret (source, setting->name, NULL, error))
      return FALSE;
  return TRUE;
}

gboolean
bv_source_has_secret (const BvSource *source, const char *setting, gboolean *environment, GError **error)
{
  g_autofree char *value = NULL;

  if (environment != NULL)
    *environment = from_environment (source, setting) != NULL;
  return bv_source_get_secret (source, setting, &value, error) && value != NULL;
}

gboolean
bv_source_is_secret_given (const BvSource *source, const char *setting)
{
  return from_environment (source, setting) != NULL;
}

/* --- Tables of secrets, and work in threads ------------------------------------------------------------------------------------- */

static void
free_secret (gpointer data)
{
  char *secret = data;

  /* Not for ever in the heap. */
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

GHashTable *
bv_source_secrets_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_secret);
}

GHashTable *
bv_source_copy_secrets (GHashTable *secrets)
{
  GHashTable *copy;
  GHashTableIter iter;
  gpointer name, value;

  if (secrets == NULL)
    return NULL;
  copy = bv_source_secrets_new ();
  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value != NULL)
      g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
  return copy;
}

static void
job_free (gpointer data)
{
  BvSourceJob *job = data;

  bv_source_free (job->source);
  g_clear_pointer (&job->secrets, g_hash_table_unref);
  g_clear_pointer (&job->lines, g_ptr_array_unref);
  g_free (job->fingerprint);
  g_free (job);
}

void
bv_source_start_job (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data,
                     gpointer tag, GTaskThreadFunc run)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  BvSourceJob *job = g_new0 (BvSourceJob, 1);

  job->source = bv_source_copy (source);
  job->secrets = bv_source_copy_secrets (secrets);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run);
}

static void
find_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  BvSourceJob *job = data;
  const BvSourceKind *kind = bv_source_kind_find (job->source->kind);
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const BvSetting *setting = kind != NULL ? kind->settings : NULL; setting != NULL && setting->name != NULL; setting++)
    if (setting->type == BV_SETTING_SECRET)
      {
        GError *error = NULL;

        if (bv_source_has_secret (job->source, setting->name, NULL, &error))
          g_hash_table_add (found, g_strdup (setting->name));
        if (error != NULL)
          {
            g_task_return_error (task, error);
            return;
          }
      }
  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) g_hash_table_unref);
}

void
bv_source_find_secrets_async (const BvSource *source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  bv_source_start_job (source, NULL, cancellable, callback, user_data, bv_source_find_secrets_async, find_thread);
}

GHashTable *
bv_source_find_secrets_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  BvSourceJob *job = data;
  GHashTableIter iter;
  gpointer name, value;
  GError *error = NULL;

  g_hash_table_iter_init (&iter, job->secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!bv_source_set_secret (job->source, name, value, &error))
      {
        g_task_return_error (task, error);
        return;
      }
  g_task_return_boolean (task, TRUE);
}

void
bv_source_store_secrets_async (const BvSource *source, GHashTable *secrets, GAsyncReadyCallback callback, gpointer user_data)
{
  bv_source_start_job (source, secrets, NULL, callback, user_data, bv_source_store_secrets_async, store_thread);
}

gboolean
bv_source_store_secrets_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
