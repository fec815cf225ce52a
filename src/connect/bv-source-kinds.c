/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of kinds, in the order of the gallery. A new kind is declared here and gets a line in the table. */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

extern const BvSourceKind bv_source_kind_hubspot;
extern const BvSourceKind bv_source_kind_intercom;
extern const BvSourceKind bv_source_kind_segment_warehouse;
extern const BvSourceKind bv_source_kind_segment_files;
extern const BvSourceKind bv_source_kind_postgresql;
extern const BvSourceKind bv_source_kind_mariadb;
extern const BvSourceKind bv_source_kind_clickhouse;
extern const BvSourceKind bv_source_kind_sqlite;
extern const BvSourceKind bv_source_kind_rest;

static const BvSourceKind *const kinds[] = {
  &bv_source_kind_hubspot,
  &bv_source_kind_intercom,
  &bv_source_kind_segment_warehouse,
  &bv_source_kind_segment_files,
  &bv_source_kind_postgresql,
  &bv_source_kind_mariadb,
  &bv_source_kind_clickhouse,
  &bv_source_kind_sqlite,
  &bv_source_kind_rest,
  NULL,
};

static const BvSourceKind *test_kind;

void
bv_source_kind_set_test (const BvSourceKind *kind)
{
  test_kind = kind;
}

const BvSourceKind *const *
bv_source_kind_list (void)
{
  return kinds;
}

const BvSourceKind *
bv_source_kind_find (const char *id)
{
  if (test_kind != NULL && g_strcmp0 (test_kind->id, id) == 0)
    return test_kind;
  for (guint i = 0; kinds[i] != NULL; i++)
    if (g_strcmp0 (kinds[i]->id, id) == 0)
      return kinds[i];
  return NULL;
}

const BvSetting *
bv_source_kind_find_setting (const BvSourceKind *kind, const char *name)
{
  for (const BvSetting *setting = kind->settings; setting != NULL && setting->name != NULL; setting++)
    if (strcmp (setting->name, name) == 0)
      return setting;
  return NULL;
}

static const struct { const char *name, *label; } passes[] = {
  [BV_PASS_FIRST] = { "first", N_("First load") },
  [BV_PASS_UPDATE] = { "update", N_("Changes") },
  [BV_PASS_DELETED] = { "deleted", N_("Deleted records") },
  [BV_PASS_SWEEP] = { "sweep", N_("Look for records that are gone") },
  [BV_PASS_LINKS] = { "links", N_("Associations") },
};

const char *
bv_source_pass_to_name (BvSourcePass pass)
{
  return passes[pass].name;
}

const char *
bv_source_pass_to_label (BvSourcePass pass)
{
  return _(passes[pass].label);
}

/* --- Streams and fields ------------------------------------------------------------------------------------------------ */

BvSourceField *
bv_source_field_new (const char *name, const char *column, const char *label, BvType type, BvFieldFlags flags)
{
  BvSourceField *field = g_new0 (BvSourceField, 1);

  field->name = g_strdup (name);
  field->column = column != NULL ? g_strdup (column) : bv_source_slug (name);
  field->label = g_strdup (label != NULL ? label : name);
  field->type = type;
  field->flags = flags;
  return field;
}

void
bv_source_field_free (BvSourceField *field)
{
  if (field == NULL)
    return;
  g_free (field->name);
  g_free (field->column);
  g_free (field->label);
  g_free (field->group);
  g_free (field->vendor_type);
  g_free (field);
}

static void
link_free (gpointer data)
{
  BvStreamLink *link = data;

  g_free (link->stream);
  g_free (link->table);
  g_free (link->from_column);
  g_free (link->to_column);
  g_free (link->foreign_key);
  g_free (link);
}

BvSourceStream *
bv_source_stream_new (const char *name, const char *table, const char *label, BvStreamFlags flags)
{
  BvSourceStream *stream = g_new0 (BvSourceStream, 1);

  stream->name = g_strdup (name);
  stream->label = g_strdup (label != NULL ? label : name);
  stream->table = table != NULL ? g_strdup (table) : bv_source_slug (name);
  stream->flags = flags;
  stream->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_field_free);
  stream->links = g_ptr_array_new_with_free_func (link_free);
  stream->n_rows = -1;
  return stream;
}

void
bv_source_stream_free (BvSourceStream *stream)
{
  if (stream == NULL)
    return;
  g_free (stream->name);
  g_free (stream->label);
  g_free (stream->table);
  g_free (stream->description);
  g_strfreev (stream->key);
  g_free (stream->cursor);
  g_free (stream->parent);
  g_ptr_array_unref (stream->fields);
  g_ptr_array_unref (stream->links);
  g_clear_error (&stream->error);
  g_free (stream);
}

BvSourceField *
bv_source_stream_add (BvSourceStream *stream, BvSourceField *field)
{
  g_ptr_array_add (stream->fields, field);
  return field;
}

BvStreamLink *
bv_source_stream_add_link (BvSourceStream *stream, const char *to_stream, const char *table, const char *from_column,
                           const char *to_column, const char *foreign_key, guint batch)
{
  BvStreamLink *link = g_new0 (BvStreamLink, 1);

  link->stream = g_strdup (to_stream);
  link->table = g_strdup (table);
  link->from_column = g_strdup (from_column);
  link->to_column = g_strdup (to_column);
  link->foreign_key = g_strdup (foreign_key);
  link->batch = batch;
  g_ptr_array_add (stream->links, link);
  return link;
}

BvSourceField *
bv_source_stream_find (const BvSourceStream *stream, const char *name)
{
  for (guint i = 0; i < stream->fields->len; i++)
    if (g_strcmp0 (((BvSourceField *) stream->fields->pdata[i])->name, name) == 0)
      return stream->fields->pdata[i];
  return NULL;
}

/* Letters of any script stay, in lower case; runs of anything else become one "_". */
char *
bv_source_slug (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  GString *slug = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (slug, c);
      else if (slug->len > 0 && slug->str[slug->len - 1] != '_')
        g_string_append_c (slug, '_');
    }
  while (slug->len > 0 && slug->str[slug->len - 1] == '_')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_append (slug, "data");
  else if (g_ascii_isdigit (slug->str[0]))
    g_string_prepend_c (slug, '_');
  return g_string_free (slug, FALSE);
}
