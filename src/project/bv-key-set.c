/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the keys of the rows that are being written repeat, without an index over them.
 *
 * Of each row 8 bits of its key's hash choose one of 256 lists, which gets 32 more bits and the row's number: 8 bytes a row, set aside in chunks (bv-spool.c),
 * so that memory does not depend on the number of rows. At the end the lists are looked through one after the other, each by an open hash table that the
 * processor's cache holds. Rows whose 40 bits are equal make a pair that the caller compares; at ten million rows some fifty pairs are chance. A row with a
 * null in its key is left out. Beyond MAX_PAIRS, or where the disk is full, the set gives up and the caller sorts instead.
 *
 * Cost: about 15 ns a row while rows come, and 10 ns at the end.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include "bv-spool.h"

#include <math.h>
#include <string.h>

#define N_LISTS 256
#define CHUNK 512
#define MAX_PAIRS 500000
/* Some four million rows. */
#define MEMORY (32 * 1024 * 1024)

typedef struct
{
  guint32 hash;
  guint32 row; /* 0 in a free slot */
} BvSlot;

typedef struct
{
  BvSlot *chunk; /* (nullable): the last rows */
  guint n_chunk;
  GArray *places; /* (nullable): of the chunks before */
} BvKeyList;

struct _BvKeySet
{
  guint *columns;
  guint n_columns;
  BvKeyList lists[N_LISTS];
  BvSpool *spool; /* NULL when the set has given up */
};

BvKeySet *
bv_key_set_new (const guint *columns, guint n_columns)
{
  BvKeySet *self = g_new0 (BvKeySet, 1);

  self->columns = g_memdup2 (columns, n_columns * sizeof *columns);
  self->n_columns = n_columns;
  self->spool = bv_spool_new (MEMORY);
  return self;
}

static void
give_up (BvKeySet *self)
{
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_clear_pointer (&self->lists[i].chunk, g_free);
      g_clear_pointer (&self->lists[i].places, g_array_unref);
    }
  g_clear_pointer (&self->spool, bv_spool_free);
}

void
bv_key_set_free (BvKeySet *self)
{
  give_up (self);
  g_free (self->columns);
  g_free (self);
}

/* As in MurmurHash's finaliser: multiply, fold, multiply, fold. */
static inline guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash = (hash ^ hash >> 32) * G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return hash ^ hash >> 29;
}

static inline guint64
hash_text (guint64 hash, const char *text, gsize length)
{
  guint64 word;

  hash = mix (hash, length);
  for (; length >= 8; length -= 8, text += 8)
    {
      memcpy (&word, text, 8);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
      hash ^= hash >> 32;
    }
  word = 0;
  memcpy (&word, text, length);
  return mix (hash, word);
}

/* FALSE for a row without a key. */
static inline gboolean
hash_row (const BvKeySet *self, const BvRowBlock *block, const BvRowCell *cells, guint64 *hash)
{
  *hash = 1;
  for (guint i = 0; i < self->n_columns; i++)
    {
      const BvRowCell *cell = &cells[self->columns[i]];
      guint64 bits;
      double d;

      switch ((int) cell->type)
        {
        case BV_TYPE_TEXT:
          *hash = hash_text (*hash, block->texts + cell->offset, (gsize) cell->length);
          break;
        case BV_TYPE_INT:
          *hash = mix (*hash, (guint64) cell->i);
          break;
        case BV_TYPE_DOUBLE:
          if (isnan (cell->d)) /* SQLite keeps no NaN but a null */
            return FALSE;
          d = cell->d + 0.0; /* -0 equals 0 */
          memcpy (&bits, &d, 8);
          *hash = mix (*hash, bits);
          break;
        default:
          return FALSE;
        }
    }
  return TRUE;
}

/* Sets a full chunk aside. */
static gboolean
spool_chunk (BvKeySet *self, BvKeyList *list)
{
  guint64 place = bv_spool_write (self->spool, list->chunk, CHUNK * sizeof (BvSlot));

  if (place == BV_SPOOL_NONE)
    return FALSE;
  if (list->places == NULL)
    list->places = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (list->places, place);
  list->n_chunk = 0;
  return TRUE;
}

void
bv_key_set_add (BvKeySet *self, const BvRowBlock *block, guint n_cells, gint64 first)
{
  if (self->spool == NULL)
    return;
  if (first + block->n_rows > G_MAXINT32)
    {
      give_up (self);
      return;
    }
  for (guint i = 0; i < block->n_rows; i++)
    {
      guint64 hash;
      BvKeyList *list;

      if (!hash_row (self, block, block->cells + (gsize) i * n_cells, &hash))
        continue;
      list = &self->lists[hash >> 56];
      if (G_UNLIKELY (list->chunk == NULL))
        list->chunk = g_new (BvSlot, CHUNK);
      if (G_UNLIKELY (list->n_chunk == CHUNK) && !spool_chunk (self, list))
        {
          give_up (self);
          return;
        }
      list->chunk[list->n_chunk++] = (BvSlot){ (guint32) (hash >> 16), (guint32) (first + i) };
    }
}

/* --- The end ---------------------------------------------------------------------------------------------------------------------- */

/* FALSE when there are too many. */
static gboolean
find_pairs (const BvSlot *rows, guint n_rows, BvSlot *slots, guint32 mask, GArray *pairs)
{
  for (guint r = 0; r < n_rows; r++)
    {
      /* The lower bits of a good hash are as good as any. */
      guint32 i = rows[r].hash & mask;

      for (; slots[i].row != 0; i = (i + 1) & mask)
        if (G_UNLIKELY (slots[i].hash == rows[r].hash))
          {
            BvKeyPair pair = { slots[i].row, rows[r].row };

            if (pairs->len >= MAX_PAIRS)
              return FALSE;
            g_array_append_val (pairs, pair);
          }
      slots[i] = rows[r];
    }
  return TRUE;
}

static gboolean
look_through (BvKeySet *self, const BvKeyList *list, GArray *pairs)
{
  guint n_places = list->places != NULL ? list->places->len : 0;
  guint64 n_rows = (guint64) n_places * CHUNK + list->n_chunk, n_slots = 16;
  g_autofree BvSlot *slots = NULL;
  BvSlot rows[CHUNK];

  while (n_slots * 2 < n_rows * 3)
    n_slots *= 2;
  slots = g_new0 (BvSlot, n_slots);
  for (guint i = 0; i < n_places; i++)
    if (!bv_spool_read (self->spool, g_array_index (list->places, guint64, i), rows, sizeof rows) ||
        !find_pairs (rows, CHUNK, slots, (guint32) (n_slots - 1), pairs))
      return FALSE;
  return list->n_chunk == 0 || find_pairs (list->chunk, list->n_chunk, slots, (guint32) (n_slots - 1), pairs);
}

GArray *
bv_key_set_find_pairs (BvKeySet *self)
{
  g_autoptr (GArray) pairs = NULL;

  if (self->spool == NULL)
    return NULL;
  pairs = g_array_new (FALSE, FALSE, sizeof (BvKeyPair));
  for (guint i = 0; i < N_LISTS; i++)
    if (self->lists[i].chunk != NULL && !look_through (self, &self->lists[i], pairs))
      return NULL;
  return g_steal_pointer (&pairs);
}
