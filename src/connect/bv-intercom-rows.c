/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intercom's records as rows. A few values are not in the record as such: the name of the team or teammate that an id stands for, the
 * address of the person who wrote (an author can also be a teammate), the names of tags. Custom attributes that came into being after the
 * fields were asked for are kept in the row's extra JSON until they have a column. */
#include "config.h"

#include "bv-intercom-private.h"
#include "bv-json-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { PLAIN, USER_EMAIL, TEAM, ADMIN, TAGS } Way;

typedef struct
{
  Way way;
  BvType type;
  char **path;
} Cell;

struct _BvIntercomRows
{
  BvFetch *fetch;
  BvIntercom *intercom;
  GArray *cells;
  BvValue *values;
  GStringChunk *texts;
  GHashTable *custom; /* names of the stream's custom fields, also of those not chosen */
};

static void
cell_clear (gpointer data)
{
  g_strfreev (((Cell *) data)->path);
}

static char **
split_path (const char *name)
{
  static const char *const prefixes[] = { BV_INTERCOM_CUSTOM, BV_INTERCOM_TICKET_CUSTOM };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      {
        char **path = g_new0 (char *, 3);

        path[0] = g_strndup (prefixes[i], strlen (prefixes[i]) - 1);
        path[1] = g_strdup (name + strlen (prefixes[i]));
        return path;
      }
  return g_strsplit (name, ".", -1);
}

static Way
way_of (const BvFetch *fetch, const char *name)
{
  gboolean talk = strcmp (fetch->stream->name, "conversations") == 0;

  if (talk && strcmp (name, "user_email") == 0)
    return USER_EMAIL;
  if (talk && strcmp (name, "tags") == 0)
    return TAGS;
  if ((talk || strcmp (fetch->stream->name, "tickets") == 0) && strcmp (name, "team") == 0)
    return TEAM;
  return strcmp (name, "admin_assignee") == 0 ? ADMIN : PLAIN;
}

BvIntercomRows *
bv_intercom_rows_new (BvFetch *fetch, GError **error)
{
  g_autoptr (BvIntercomRows) self = g_new0 (BvIntercomRows, 1);

  self->fetch = fetch;
  self->intercom = bv_source_context_get_data (fetch->context);
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);
  self->values = g_new0 (BvValue, fetch->fields->len + 1);
  self->texts = g_string_chunk_new (4096);
  self->custom = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < fetch->fields->len; i++)
    {
      const BvSourceField *field = fetch->fields->pdata[i];
      Cell cell = { way_of (fetch, field->name), field->type, split_path (field->name) };

      g_array_append_val (self->cells, cell);
      if (cell.way == TEAM && self->intercom->teams == NULL && (self->intercom->teams = bv_intercom_names (fetch->context, "teams", error)) == NULL)
        return NULL;
      if (cell.way == ADMIN && self->intercom->admins == NULL && (self->intercom->admins = bv_intercom_names (fetch->context, "admins", error)) == NULL)
        return NULL;
    }
  for (guint i = 0; i < fetch->stream->fields->len; i++)
    g_hash_table_add (self->custom, ((BvSourceField *) fetch->stream->fields->pdata[i])->name);
  return g_steal_pointer (&self);
}

void
bv_intercom_rows_free (BvIntercomRows *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->cells);
  g_free (self->values);
  g_string_chunk_free (self->texts);
  g_hash_table_unref (self->custom);
  g_free (self);
}

static const char *
name_of (BvIntercomRows *self, GHashTable *names, JsonObject *record, const char *member)
{
  g_autofree char *id = bv_json_dup_id (record, member);

  return id != NULL ? g_hash_table_lookup (names, id) : NULL;
}

static const char *
tag_names (BvIntercomRows *self, JsonObject *record)
{
  JsonArray *tags = bv_json_get_array (record, "tags.tags");
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      const char *name = bv_json_get_text (bv_json_get_element (tags, i), "name");

      if (name != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  return names->len > 0 ? g_string_chunk_insert (self->texts, names->str) : NULL;
}

static const char *
person_email (JsonObject *record)
{
  const char *type = bv_json_get_text (record, "source.author.type");

  if (g_strcmp0 (type, "user") != 0 && g_strcmp0 (type, "lead") != 0 && g_strcmp0 (type, "contact") != 0)
    return NULL;
  return bv_json_get_text (record, "source.author.email");
}

static void
set_text (const char *text, BvValue *value)
{
  *value = BV_VALUE_NULL;
  if (text != NULL)
    {
      value->type = BV_TYPE_TEXT;
      value->s = (char *) text;
    }
}

/* Attributes that no field is for, as JSON; NULL when there are none. (transfer full) */
static char *
collect_extra (BvIntercomRows *self, JsonObject *record)
{
  static const char *const prefixes[] = { BV_INTERCOM_CUSTOM, BV_INTERCOM_TICKET_CUSTOM };
  g_autoptr (JsonObject) extra = NULL;
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *member = g_strndup (prefixes[i], strlen (prefixes[i]) - 1);
      JsonObject *attributes = bv_json_get_object (record, member);
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      if (attributes == NULL)
        continue;
      json_object_iter_init (&iter, attributes);
      while (json_object_iter_next (&iter, &name, &value))
        {
          g_autofree char *field = g_strconcat (prefixes[i], name, NULL);

          if (JSON_NODE_HOLDS_NULL (value) || g_hash_table_contains (self->custom, field))
            continue;
          if (extra == NULL)
            extra = json_object_new ();
          json_object_set_member (extra, field, json_node_copy (value));
        }
    }
  if (extra == NULL)
    return NULL;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, extra);
  return json_to_string (node, FALSE);
}

void
bv_intercom_rows_add (BvIntercomRows *self, JsonObject *record)
{
  g_autofree char *extra = collect_extra (self, record);

  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = &g_array_index (self->cells, Cell, i);
      BvValue *value = &self->values[i];

      switch (cell->way)
        {
        case USER_EMAIL:
          set_text (person_email (record), value);
          break;
        case TEAM:
          set_text (name_of (self, self->intercom->teams, record, "team_assignee_id"), value);
          break;
        case ADMIN:
          set_text (name_of (self, self->intercom->admins, record, "admin_assignee_id"), value);
          break;
        case TAGS:
          set_text (tag_names (self, record), value);
          break;
        case PLAIN:
        default:
          bv_json_value (bv_json_get (record, (const char *const *) cell->path), cell->type, self->texts, value);
          break;
        }
    }
  bv_batch_add_row (self->fetch->batch, self->values, extra);
  g_string_chunk_clear (self->texts);
}
