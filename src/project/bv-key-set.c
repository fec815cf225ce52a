/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the keys of the rows that are being written repeat, without an index over them.
 *
 * An open hash table holds, per row, 32 bits of its key's hash and its number: 8 bytes, 16 with the room for growth. Rows whose
 * hashes are equal make a pair that the caller compares; at ten million rows some ten thousand pairs are chance. A row with a
 * null in its key is left out. Beyond MAX_SLOTS or MAX_PAIRS the set gives up, frees its memory and the caller sorts instead.
 *
 * The slots of a block's rows are fetched ahead, since each is a cache miss of its own. Cost: about 40 ns a row.
 */
#include "config.h"

#include "bv-table-writer-private.h"

#include <math.h>
#include <string.h>

#define FIRST_SLOTS (1u << 12)
#define MAX_SLOTS (1u << 24)
#define MAX_PAIRS 500000
#define AHEAD 16

typedef struct
{
  guint32 hash;
  guint32 row; /* 0 in a free slot */
} BvSlot;

struct _BvKeySet
{
  guint *columns;
  guint n_columns;
  BvSlot *slots; /* NULL when the set has given up */
  guint32 mask;
  guint n_used;
  GArray *pairs;
  guint64 *hashes; /* of a block's rows, 0 for none */
  guint n_hashes;
};

BvKeySet *
bv_key_set_new (const guint *columns, guint n_columns)
{
  BvKeySet *self = g_new0 (BvKeySet, 1);

  self->columns = g_memdup2 (columns, n_columns * sizeof *columns);
  self->n_columns = n_columns;
  self->mask = FIRST_SLOTS - 1;
  self->slots = g_new0 (BvSlot, FIRST_SLOTS);
  self->pairs = g_array_new (FALSE, FALSE, sizeof (BvKeyPair));
  return self;
}

void
bv_key_set_free (BvKeySet *self)
{
  g_free (self->columns);
  g_free (self->slots);
  g_free (self->hashes);
  g_array_unref (self->pairs);
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

/* 0 for a row without a key. */
static guint64
hash_row (const BvKeySet *self, const BvBlock *block, const BvRowCell *cells)
{
  guint64 hash = 1;

  for (guint i = 0; i < self->n_columns; i++)
    {
      const BvRowCell *cell = &cells[self->columns[i]];
      guint64 bits;
      double d;

      switch ((int) cell->type)
        {
        case BV_TYPE_TEXT:
          hash = hash_text (hash, block->texts + cell->offset, (gsize) cell->length);
          break;
        case BV_TYPE_INT:
          hash = mix (hash, (guint64) cell->i);
          break;
        case BV_TYPE_DOUBLE:
          if (isnan (cell->d)) /* SQLite keeps no NaN but a null */
            return 0;
          d = cell->d + 0.0; /* -0 equals 0 */
          memcpy (&bits, &d, 8);
          hash = mix (hash, bits);
          break;
        default:
          return 0;
        }
    }
  return hash | 1;
}

static void
give_up (BvKeySet *self)
{
  g_clear_pointer (&self->slots, g_free);
  g_array_set_size (self->pairs, 0);
}

static void
grow (BvKeySet *self)
{
  guint32 n = self->mask + 1;
  BvSlot *old = g_steal_pointer (&self->slots);

  if (n < MAX_SLOTS)
    {
      self->mask = n * 2 - 1;
      self->slots = g_new0 (BvSlot, (gsize) n * 2);
      for (guint32 i = 0; i < n; i++)
        if (old[i].row != 0)
          {
            guint32 j = old[i].hash & self->mask;

            while (self->slots[j].row != 0)
              j = (j + 1) & self->mask;
            self->slots[j] = old[i];
          }
    }
  else
    give_up (self);
  g_free (old);
}

static void
add_row (BvKeySet *self, guint32 hash, guint32 row)
{
  guint32 i = hash & self->mask;

  for (; self->slots[i].row != 0; i = (i + 1) & self->mask)
    if (G_UNLIKELY (self->slots[i].hash == hash))
      {
        BvKeyPair pair = { self->slots[i].row, row };

        if (self->pairs->len >= MAX_PAIRS)
          {
            give_up (self);
            return;
          }
        g_array_append_val (self->pairs, pair);
      }
  self->slots[i] = (BvSlot){ hash, row };
  /* Growing beyond the most slots would end it; the last table may be fuller. */
  self->n_used++;
  if (self->n_used > (self->mask + 1 < MAX_SLOTS ? self->mask / 3 * 2 : self->mask / 8 * 7))
    grow (self);
}

void
bv_key_set_add (BvKeySet *self, const BvBlock *block, guint n_cells, gint64 first)
{
  if (self->slots == NULL)
    return;
  if (first + block->n_rows > G_MAXINT32)
    {
      give_up (self);
      return;
    }
  if (self->n_hashes < block->n_rows)
    {
      self->n_hashes = block->n_rows;
      self->hashes = g_renew (guint64, self->hashes, self->n_hashes);
    }
  for (guint i = 0; i < block->n_rows; i++)
    self->hashes[i] = hash_row (self, block, block->cells + (gsize) i * n_cells);
  for (guint i = 0; i < block->n_rows && self->slots != NULL; i++)
    {
      if (i + AHEAD < block->n_rows)
        __builtin_prefetch (&self->slots[(guint32) (self->hashes[i + AHEAD] >> 32) & self->mask]);
      if (self->hashes[i] != 0)
        add_row (self, (guint32) (self->hashes[i] >> 32), (guint32) (first + i));
    }
}

GArray *
bv_key_set_get_pairs (BvKeySet *self)
{
  return self->slots != NULL ? self->pairs : NULL;
}
