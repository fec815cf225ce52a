/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources as definitions: the struct, its changes, and where it is kept. The JSON form is in bv-source-form.c. */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
choice_free (gpointer data)
{
  BvSourceChoice *choice = data;

  g_free (choice->name);
  g_strfreev (choice->fields);
  g_free (choice->table);
  g_free (choice);
}

BvSource *
bv_source_new_empty (void)
{
  BvSource *self = g_new0 (BvSource, 1);

  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->schedule.every = 6;
  self->add_fields = TRUE;
  return self;
}

char *
bv_source_make_prefix (const char *name)
{
  g_autofree char *slug = bv_source_slug (name);

  return g_str_has_prefix (slug, "sqlite") ? g_strconcat ("db_", slug, NULL) : g_steal_pointer (&slug);
}

BvSource *
bv_source_new (BvProject *project, const char *kind, const char *name)
{
  const BvSourceKind *found = bv_source_kind_find (kind);
  g_autoptr (GPtrArray) sources = bv_source_list (project, NULL);
  const char *base = name != NULL ? name : found != NULL ? found->name : kind;
  BvSource *self = bv_source_new_empty ();

  self->kind = g_strdup (kind);
  self->name = g_strdup (base);
  self->prefix = bv_source_make_prefix (found != NULL ? found->name : kind);
  for (guint n = 2, i = 0; sources != NULL && i < sources->len;)
    {
      BvSource *other = sources->pdata[i];
      gboolean same_name = g_utf8_collate (other->name, self->name) == 0;
      gboolean same_prefix = g_ascii_strcasecmp (other->prefix, self->prefix) == 0;

      i++;
      if (same_name)
        {
          g_free (self->name);
          self->name = g_strdup_printf ("%s %u", base, n++);
        }
      if (same_prefix)
        {
          g_autofree char *slug = bv_source_make_prefix (self->name);

          g_free (self->prefix);
          self->prefix = strcmp (slug, other->prefix) == 0 ? g_strdup_printf ("%s_%u", slug, n++) : g_steal_pointer (&slug);
        }
      if (same_name || same_prefix)
        i = 0;
    }
  return self;
}

BvSource *
bv_source_copy (const BvSource *source)
{
  BvSource *copy = bv_source_new_empty ();
  GHashTableIter iter;
  gpointer name, value;

  copy->uuid = g_strdup (source->uuid);
  copy->name = g_strdup (source->name);
  copy->kind = g_strdup (source->kind);
  copy->prefix = g_strdup (source->prefix);
  g_hash_table_iter_init (&iter, source->settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy->settings, g_strdup (name), g_strdup (value));
  for (guint i = 0; source->streams != NULL && i < source->streams->len; i++)
    {
      BvSourceChoice *choice = source->streams->pdata[i];

      bv_source_choose (copy, choice->name, (const char *const *) choice->fields);
      bv_source_find_choice (copy, choice->name)->table = g_strdup (choice->table);
    }
  if (source->streams != NULL && copy->streams == NULL)
    copy->streams = g_ptr_array_new_with_free_func (choice_free);
  copy->schedule = source->schedule;
  copy->add_fields = source->add_fields;
  return copy;
}

void
bv_source_free (BvSource *source)
{
  if (source == NULL)
    return;
  g_free (source->uuid);
  g_free (source->name);
  g_free (source->kind);
  g_free (source->prefix);
  g_hash_table_unref (source->settings);
  g_clear_pointer (&source->streams, g_ptr_array_unref);
  g_free (source);
}

const BvSourceKind *
bv_source_require_kind (const BvSource *source, GError **error)
{
  const BvSourceKind *kind = bv_source_kind_find (source->kind);

  if (kind == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” is no kind of source that this version knows: update Belvedere"), source->kind);
  return kind;
}

const char *
bv_source_get_setting (const BvSource *source, const char *name)
{
  const char *value = g_hash_table_lookup (source->settings, name);
  const BvSourceKind *kind = bv_source_kind_find (source->kind);
  const BvSetting *setting = kind != NULL ? bv_source_kind_find_setting (kind, name) : NULL;

  if (value != NULL && *value != '\0')
    return value;
  return setting != NULL ? setting->fallback : NULL;
}

/* Whether @value may stand for @setting; NULL may. */
static gboolean
check_value (const BvSetting *setting, const char *value, GError **error)
{
  if (value == NULL || *value == '\0')
    return TRUE;
  if (setting->type == BV_SETTING_SECRET)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is a secret and is not kept in the project: store it in the keyring"), setting->name);
      return FALSE;
    }
  if (setting->type == BV_SETTING_CHOICE)
    {
      g_autoptr (GString) allowed = g_string_new (NULL);

      for (const BvSettingChoice *choice = setting->choices; choice->value != NULL; choice++)
        {
          if (strcmp (choice->value, value) == 0)
            return TRUE;
          g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? ", " : "", choice->value);
        }
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be “%s”: choose one of %s"), setting->name, value, allowed->str);
      return FALSE;
    }
  if (setting->type == BV_SETTING_BOOL && strcmp (value, "true") != 0 && strcmp (value, "false") != 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be “%s”: choose “true” or “false”"), setting->name, value);
      return FALSE;
    }
  if (setting->type == BV_SETTING_INT && !g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, NULL, NULL))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be “%s”: enter a whole number"), setting->name, value);
      return FALSE;
    }
  return TRUE;
}

gboolean
bv_source_set_setting (BvSource *source, const char *name, const char *value, GError **error)
{
  const BvSourceKind *kind = bv_source_require_kind (source, error);
  const BvSetting *setting;

  if (kind == NULL)
    return FALSE;
  setting = bv_source_kind_find_setting (kind, name);
  if (setting == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("%s has no setting “%s”: check its name"), kind->name, name);
      return FALSE;
    }
  if (!check_value (setting, value, error))
    return FALSE;
  if (value == NULL || *value == '\0')
    g_hash_table_remove (source->settings, name);
  else
    g_hash_table_insert (source->settings, g_strdup (name), g_strdup (value));
  return TRUE;
}

BvSourceChoice *
bv_source_find_choice (const BvSource *source, const char *stream)
{
  for (guint i = 0; source->streams != NULL && i < source->streams->len; i++)
    {
      BvSourceChoice *choice = source->streams->pdata[i];

      if (strcmp (choice->name, stream) == 0)
        return choice;
    }
  return NULL;
}

void
bv_source_choose (BvSource *source, const char *stream, const char *const *fields)
{
  BvSourceChoice *choice = bv_source_find_choice (source, stream);

  if (source->streams == NULL)
    source->streams = g_ptr_array_new_with_free_func (choice_free);
  if (choice == NULL)
    {
      choice = g_new0 (BvSourceChoice, 1);
      choice->name = g_strdup (stream);
      g_ptr_array_add (source->streams, choice);
    }
  g_strfreev (choice->fields);
  choice->fields = g_strdupv ((char **) fields);
}

/* --- In the project ----------------------------------------------------------------------------------------------------------- */

GPtrArray *
bv_source_list (BvProject *project, GError **error)
{
  g_autoptr (GPtrArray) definitions = bv_project_list_definitions (project, "source", error);
  GPtrArray *sources;

  if (definitions == NULL)
    return NULL;
  sources = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_free);
  for (guint i = 0; i < definitions->len; i++)
    {
      BvDefinition *definition = definitions->pdata[i];
      g_autoptr (JsonObject) body = bv_source_json_parse (definition->body);
      BvSource *source = bv_source_from_json (body, definition->uuid, NULL);

      if (source != NULL)
        g_ptr_array_add (sources, source);
    }
  return sources;
}

BvSource *
bv_source_find (BvProject *project, const char *name, GError **error)
{
  g_autoptr (GPtrArray) sources = bv_source_list (project, error);

  for (guint round = 0; sources != NULL && round < 2; round++)
    for (guint i = 0; i < sources->len; i++)
      {
        BvSource *source = sources->pdata[i];

        if (g_strcmp0 (round == 0 ? source->uuid : source->name, name) == 0)
          return g_ptr_array_steal_index (sources, i);
      }
  if (sources != NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("There is no source “%s”: add it or choose another"), name);
  return NULL;
}

static gboolean
is_prefix (const char *prefix)
{
  if (prefix == NULL || *prefix == '\0' || g_ascii_strncasecmp (prefix, "bv_", 3) == 0 || g_ascii_strncasecmp (prefix, "sqlite", 6) == 0)
    return FALSE;
  for (const char *p = prefix; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isalnum (g_utf8_get_char (p)) && *p != '_')
      return FALSE;
  return TRUE;
}

static gboolean
check_source (BvProject *project, const BvSource *source, GError **error)
{
  const BvSourceKind *kind = bv_source_require_kind (source, error);
  g_autoptr (GPtrArray) others = NULL;

  if (kind == NULL)
    return FALSE;
  if (source->name == NULL || *source->name == '\0')
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The source needs a name: enter one"));
      return FALSE;
    }
  if (!is_prefix (source->prefix))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot begin the names of tables: use letters, digits and “_”"),
                   source->prefix != NULL ? source->prefix : "");
      return FALSE;
    }
  for (const BvSetting *setting = kind->settings; setting != NULL && setting->name != NULL; setting++)
    {
      const char *value = g_hash_table_lookup (source->settings, setting->name);

      if (!check_value (setting, value, error))
        return FALSE;
      if (setting->required && setting->type != BV_SETTING_SECRET && bv_source_get_setting (source, setting->name) == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is needed: enter it"), _(setting->label));
          return FALSE;
        }
    }
  others = bv_source_list (project, error);
  if (others == NULL)
    return FALSE;
  for (guint i = 0; i < others->len; i++)
    {
      BvSource *other = others->pdata[i];

      if (strcmp (other->name, source->name) == 0 && g_strcmp0 (other->uuid, source->uuid) != 0)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_EXISTS, _("There is a source “%s” already: choose another name"), source->name);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
bv_source_put (BvProject *project, BvSource *source, const char *what, GError **error)
{
  g_autoptr (JsonObject) body = NULL;
  g_autofree char *text = NULL;
  g_autofree char *uuid = NULL;
  BvChange *change;

  if (!check_source (project, source, error))
    return FALSE;
  body = bv_source_to_json (source);
  text = bv_source_json_print (body);
  change = bv_change_new (what != NULL ? what : source->uuid != NULL ? _("Change source") : _("Add source"));
  uuid = g_strdup (bv_change_put (change, source->uuid, "source", source->name, text, -1));
  if (!bv_project_commit (project, change, error))
    return FALSE;
  g_free (source->uuid);
  source->uuid = g_steal_pointer (&uuid);
  return TRUE;
}

gboolean
bv_source_remove (BvProject *project, const char *uuid, gboolean drop_tables, GError **error)
{
  BvChange *change;

  if (bv_source_is_syncing (project, uuid))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("The source is being synced: cancel that first"));
      return FALSE;
    }
  change = bv_change_new (_("Remove source"));
  if (drop_tables)
    {
      sqlite3 *db = bv_project_borrow_reader (project, NULL, error);
      g_autoptr (BvSourceStmt) stmt = NULL;
      gboolean row = TRUE;

      /* Tables that another source fills as well stay. */
      if (db != NULL)
        stmt = bv_source_sql (db, error,
                              "SELECT DISTINCT table_name FROM bv_source_table t WHERE source = ?1 AND table_name IN (SELECT name FROM bv_table)"
                              " AND NOT EXISTS (SELECT 1 FROM bv_source_table o JOIN bv_definition d ON d.uuid = o.source"
                              " WHERE o.table_name = t.table_name AND o.source <> ?1)", "t", uuid);
      while (stmt != NULL && row && bv_source_sql_step (stmt, &row, error))
        if (row)
          bv_change_drop_table (change, (const char *) sqlite3_column_text (stmt, 0));
      g_clear_pointer (&stmt, sqlite3_finalize);
      if (db != NULL)
        bv_project_return_reader (project, db);
      if (db == NULL || row)
        {
          bv_change_free (change);
          return FALSE;
        }
    }
  bv_change_delete (change, uuid);
  return bv_project_commit (project, change, error);
}

char *
bv_source_short_id (const BvSource *source)
{
  return g_strndup (source->uuid, 8);
}
