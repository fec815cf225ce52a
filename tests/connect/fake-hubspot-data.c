/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records that the fake keeps, what changes them, and what their stages were. */
#include "fake-hubspot.h"

#include <inttypes.h>
#include <string.h>

static void
change_clear (gpointer data)
{
  g_free (((FakeChange *) data)->value);
}

static void
record_free (gpointer data)
{
  FakeRecord *record = data;

  g_strfreev (record->values);
  g_clear_pointer (&record->history, g_array_unref);
  g_free (record);
}

static void
property_free (gpointer data)
{
  FakeProperty *property = data;

  g_free (property->name);
  g_free (property->label);
  g_free (property->type);
  g_free (property);
}

void
fake_hubspot_add_type (FakeHubspot *self, const char *name)
{
  FakeType *type = g_new0 (FakeType, 1);

  type->name = g_strdup (name);
  type->properties = g_ptr_array_new_with_free_func (property_free);
  type->records = g_ptr_array_new_with_free_func (record_free);
  g_hash_table_insert (self->types, type->name, type);
}

void
fake_type_free (gpointer data)
{
  FakeType *type = data;

  g_free (type->name);
  g_ptr_array_unref (type->properties);
  g_ptr_array_unref (type->records);
  g_free (type);
}

gint64
fake_hubspot_now (FakeHubspot *self)
{
  return self->clock->now + self->skew_us;
}

FakeType *
fake_hubspot_type (FakeHubspot *self, const char *type)
{
  return g_hash_table_lookup (self->types, type);
}

gboolean
fake_record_is_alive (const FakeRecord *record)
{
  return record->archived_at == 0 && record->merged_into == 0 && !record->purged;
}

FakeProperty *
fake_hubspot_property (FakeHubspot *self, const char *type, const char *name)
{
  FakeType *found = fake_hubspot_type (self, type);

  for (guint i = 0; i < found->properties->len; i++)
    if (strcmp (((FakeProperty *) found->properties->pdata[i])->name, name) == 0)
      return found->properties->pdata[i];
  return NULL;
}

int
fake_type_property_index (FakeType *type, const char *name)
{
  for (guint i = 0; i < type->properties->len; i++)
    if (strcmp (((FakeProperty *) type->properties->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

#define MAX_PROPERTIES 900

void
fake_hubspot_add_property (FakeHubspot *self, const char *type, const char *name, const char *vendor_type, gboolean own)
{
  FakeType *found = fake_hubspot_type (self, type);
  FakeProperty *property = g_new0 (FakeProperty, 1);

  g_assert_cmpuint (found->properties->len, <, MAX_PROPERTIES);
  property->name = g_strdup (name);
  property->label = g_strdup_printf ("The %s", name);
  property->type = g_strdup (vendor_type);
  property->own = own;
  g_ptr_array_add (found->properties, property);
  /* values are as long as there were properties when the record was made */
  for (guint i = 0; i < found->records->len; i++)
    {
      FakeRecord *record = found->records->pdata[i];

      record->values = g_renew (char *, record->values, found->properties->len + 1);
      record->values[found->properties->len - 1] = g_strdup ("");
      record->values[found->properties->len] = NULL;
    }
}

FakeRecord *
fake_hubspot_add (FakeHubspot *self, const char *type)
{
  FakeType *found = fake_hubspot_type (self, type);
  FakeRecord *record = g_new0 (FakeRecord, 1);

  record->id = self->next_id++;
  record->created = record->modified = fake_hubspot_now (self);
  record->values = g_new0 (char *, found->properties->len + 1);
  for (guint i = 0; i < found->properties->len; i++)
    record->values[i] = g_strdup ("");
  g_ptr_array_add (found->records, record);
  return record;
}

guint
fake_type_upper_bound (FakeType *type, gint64 id)
{
  guint low = 0, high = type->records->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (((FakeRecord *) type->records->pdata[middle])->id <= id)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

FakeRecord *
fake_hubspot_find (FakeHubspot *self, const char *type, gint64 id)
{
  FakeType *found = fake_hubspot_type (self, type);
  guint at = fake_type_upper_bound (found, id);

  return at > 0 && ((FakeRecord *) found->records->pdata[at - 1])->id == id ? found->records->pdata[at - 1] : NULL;
}

static void
set_value (FakeType *type, FakeRecord *record, const char *property, const char *value)
{
  int at = fake_type_property_index (type, property);

  g_assert_cmpint (at, >=, 0);
  g_free (record->values[at]);
  record->values[at] = g_strdup (value != NULL ? value : "");
}

const char *
fake_hubspot_stage (const char *type)
{
  return strcmp (type, "deals") == 0 ? "dealstage" : strcmp (type, "tickets") == 0 ? "hs_pipeline_stage" : strcmp (type, "contacts") == 0 ? "lifecyclestage"
                                                                                                                                          : NULL;
}

void
fake_hubspot_set (FakeHubspot *self, const char *type, FakeRecord *record, const char *property, const char *value)
{
  set_value (fake_hubspot_type (self, type), record, property, value);
  record->modified = fake_hubspot_now (self);
  if (g_strcmp0 (property, fake_hubspot_stage (type)) == 0)
    {
      FakeChange change = { record->modified, g_strdup (value) };

      if (record->history == NULL)
        {
          record->history = g_array_new (FALSE, FALSE, sizeof (FakeChange));
          g_array_set_clear_func (record->history, change_clear);
        }
      g_array_append_val (record->history, change);
    }
}

const char *
fake_hubspot_get (FakeHubspot *self, const char *type, const FakeRecord *record, const char *property)
{
  int at = fake_type_property_index (fake_hubspot_type (self, type), property);

  return at >= 0 && *record->values[at] != '\0' ? record->values[at] : NULL;
}

/* --- Associations ----------------------------------------------------------------------------------------------------------------- */

GHashTable *
fake_hubspot_links (FakeHubspot *self, const char *from, gint64 id, const char *to, gboolean make)
{
  g_autofree char *key = g_strdup_printf ("%s/%" PRId64 "/%s", from, id, to);
  GHashTable *set = g_hash_table_lookup (self->links, key);

  if (set == NULL && make)
    {
      set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->links, g_steal_pointer (&key), set);
    }
  return set;
}

void
fake_hubspot_link (FakeHubspot *self, const char *from, gint64 from_id, const char *to, gint64 to_id, const char *label)
{
  FakeRecord *record = fake_hubspot_find (self, from, from_id);

  g_hash_table_add (fake_hubspot_links (self, from, from_id, to, TRUE), g_strdup_printf ("%" PRId64 "\x1f%s", to_id, label != NULL ? label : ""));
  record->modified = fake_hubspot_now (self);
}

void
fake_hubspot_unlink (FakeHubspot *self, const char *from, gint64 from_id, const char *to, gint64 to_id)
{
  GHashTable *set = fake_hubspot_links (self, from, from_id, to, FALSE);
  g_autofree char *prefix = g_strdup_printf ("%" PRId64 "\x1f", to_id);
  GHashTableIter iter;
  gpointer pair;

  if (set == NULL)
    return;
  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &pair, NULL))
    if (g_str_has_prefix (pair, prefix))
      g_hash_table_iter_remove (&iter);
}

void
fake_hubspot_archive (FakeHubspot *self, const char *type, FakeRecord *record)
{
  record->archived_at = fake_hubspot_now (self);
}

void
fake_hubspot_restore (FakeHubspot *self, const char *type, FakeRecord *record)
{
  record->archived_at = 0;
}

/* The survivor's list names the loser; the loser is found nowhere any more; its links go over, also those that point at it. */
void
fake_hubspot_merge (FakeHubspot *self, const char *type, FakeRecord *survivor, FakeRecord *loser)
{
  const char *old = fake_hubspot_get (self, type, survivor, "hs_merged_object_ids");
  const char *losers = fake_hubspot_get (self, type, loser, "hs_merged_object_ids");
  g_autofree char *list = g_strdup_printf ("%s%s%" PRId64 "%s%s", old != NULL ? old : "", old != NULL ? ";" : "", loser->id, losers != NULL ? ";" : "",
                                           losers != NULL ? losers : "");
  g_autofree char *own = g_strdup_printf ("%s/%" PRId64 "/", type, loser->id);
  g_autofree char *suffix = g_strdup_printf ("/%s", type);
  g_autofree char *prefix = g_strdup_printf ("%" PRId64 "\x1f", loser->id);
  g_autoptr (GList) keys = g_hash_table_get_keys (self->links);

  loser->merged_into = survivor->id;
  fake_hubspot_set (self, type, survivor, "hs_merged_object_ids", list);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_autofree char *key = g_strdup (l->data);
      GHashTable *set = g_hash_table_lookup (self->links, key);
      g_autoptr (GList) pairs = g_hash_table_get_keys (set);

      if (g_str_has_prefix (key, own))
        {
          GHashTable *target = fake_hubspot_links (self, type, survivor->id, key + strlen (own), TRUE);

          for (GList *p = pairs; p != NULL; p = p->next)
            g_hash_table_add (target, g_strdup (p->data));
          g_hash_table_remove (self->links, key);
        }
      else if (g_str_has_suffix (key, suffix))
        for (GList *p = pairs; p != NULL; p = p->next)
          if (g_str_has_prefix (p->data, prefix))
            {
              g_hash_table_add (set, g_strdup_printf ("%" PRId64 "%s", survivor->id, strchr (p->data, '\x1f')));
              g_hash_table_remove (set, p->data);
            }
    }
}
