/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cubes there are. A scan that comes again with one clause changed and all else equal leaves a note of it; the notes say which clause moves, and
 * when that is another one than before, the cubes of the old one go. Those in use may not take more than bv_cube_max_bytes(): one that does not fit
 * beside them is not kept, rather than taking the place of one that the next step needs; one that was not asked for while others were, many times, makes room.
 *
 * Cost: a look into a table of texts, and one at each of the few cubes. Kept with the encoded table; when that goes, or what is derived from it has
 * become too much, so do the cubes.
 */
#include "bv-cube-store.h"

#include <string.h>

#define KEY "cubes"
#define MAX_NOTES 1024
#define STALE 128 /* times that others were asked for */

typedef struct
{
  char *value;
  guint n_moves;
  gboolean refused;
} Note;

typedef struct
{
  char *key, *active;
  BvCube *cube;
  guint64 used;
} Item;

typedef struct
{
  GMutex mutex;
  GPtrArray *items;  /* Item */
  GHashTable *notes; /* char* -> Note* */
  char *active;      /* (nullable): the clause that moved last */
  guint64 clock;     /* counts uses */
} Store;

static void
note_free (gpointer data)
{
  g_free (((Note *) data)->value);
  g_free (data);
}

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->key);
  g_free (item->active);
  bv_cube_unref (item->cube);
  g_free (item);
}

static void
store_free (gpointer data)
{
  Store *self = data;

  g_mutex_clear (&self->mutex);
  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->notes);
  g_free (self->active);
  g_free (self);
}

/* The table's store, locked; to be let go of with release(). */
static Store *
take (BvEncodedTable *table, GBytes **bytes)
{
  Store *self;

  *bytes = bv_encoded_table_get_derived (table, KEY);
  if (*bytes == NULL)
    {
      self = g_new0 (Store, 1);
      g_mutex_init (&self->mutex);
      self->items = g_ptr_array_new_with_free_func (item_free);
      self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, note_free);
      *bytes = bv_encoded_table_put_derived (table, KEY, g_bytes_new_with_free_func (self, sizeof *self, store_free, self));
    }
  self = (Store *) g_bytes_get_data (*bytes, NULL);
  g_mutex_lock (&self->mutex);
  return self;
}

static void
release (Store *self, GBytes *bytes)
{
  g_mutex_unlock (&self->mutex);
  g_bytes_unref (bytes);
}

gboolean
bv_cube_store_is_empty (BvEncodedTable *table)
{
  GBytes *bytes;
  Store *self = take (table, &bytes);
  gboolean empty = self->items->len == 0;

  release (self, bytes);
  return empty;
}

BvCube *
bv_cube_store_find (BvEncodedTable *table, const char *key)
{
  GBytes *bytes;
  Store *self = take (table, &bytes);
  BvCube *found = NULL;

  for (guint i = 0; i < self->items->len && found == NULL; i++)
    {
      Item *item = self->items->pdata[i];

      if (strcmp (item->key, key) != 0)
        continue;
      item->used = ++self->clock;
      found = bv_cube_ref (item->cube);
    }
  release (self, bytes);
  return found;
}

/* Another clause than before moves. */
static void
turn_to (Store *self, const char *active)
{
  GHashTableIter iter;
  gpointer note;

  if (g_strcmp0 (self->active, active) == 0)
    return;
  g_free (self->active);
  self->active = g_strdup (active);
  for (guint i = self->items->len; i-- > 0;)
    if (strcmp (((Item *) self->items->pdata[i])->active, active) != 0)
      g_ptr_array_remove_index_fast (self->items, i);
  g_hash_table_iter_init (&iter, self->notes);
  while (g_hash_table_iter_next (&iter, NULL, &note))
    ((Note *) note)->refused = FALSE;
}

gboolean
bv_cube_store_moved (BvEncodedTable *table, const char *key, const char *active, const char *value, guint n_moves)
{
  GBytes *bytes;
  Store *self = take (table, &bytes);
  Note *note = g_hash_table_lookup (self->notes, key);
  gboolean wanted = FALSE;

  if (note == NULL)
    {
      if (g_hash_table_size (self->notes) >= MAX_NOTES)
        g_hash_table_remove_all (self->notes);
      note = g_new0 (Note, 1);
      note->value = g_strdup (value);
      g_hash_table_insert (self->notes, g_strdup (key), note);
    }
  else if (strcmp (note->value, value) != 0)
    {
      g_free (note->value);
      note->value = g_strdup (value);
      note->n_moves++;
      turn_to (self, active);
      wanted = note->n_moves >= n_moves && !note->refused;
    }
  release (self, bytes);
  return wanted;
}

void
bv_cube_store_refuse (BvEncodedTable *table, const char *key)
{
  GBytes *bytes;
  Store *self = take (table, &bytes);
  Note *note = g_hash_table_lookup (self->notes, key);

  if (note != NULL)
    note->refused = TRUE;
  release (self, bytes);
}

void
bv_cube_store_put (BvEncodedTable *table, const char *key, const char *active, BvCube *cube)
{
  GBytes *bytes;
  Store *self = take (table, &bytes);
  guint64 size = bv_cube_size (cube);
  gboolean known = FALSE;
  Item *item;

  for (guint i = self->items->len; i-- > 0;)
    {
      item = self->items->pdata[i];
      known = known || strcmp (item->key, key) == 0;
      if (self->clock - item->used > STALE)
        g_ptr_array_remove_index_fast (self->items, i);
      else
        size += bv_cube_size (item->cube);
    }
  /* Another clause may have begun to move meanwhile. */
  if (known || g_strcmp0 (self->active, active) != 0)
    {
      release (self, bytes);
      return;
    }
  if (size <= bv_cube_max_bytes (table))
    {
      item = g_new0 (Item, 1);
      item->key = g_strdup (key);
      item->active = g_strdup (active);
      item->cube = bv_cube_ref (cube);
      item->used = ++self->clock;
      g_ptr_array_add (self->items, item);
    }
  release (self, bytes);
  if (size > bv_cube_max_bytes (table))
    bv_cube_store_refuse (table, key);
}
