/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of 2^k bytes, a list of free ones per k. A block of 4 KiB or more that is freed is kept for the next of its size until MAX_KEPT bytes are;
 * smaller ones come from malloc and go back to it.
 *
 * A page that the system hands out anew costs 0.25 µs or more to fault in and clear, which is 60 to 400 µs a megabyte; clearing one that is
 * already there costs 30 to 100. One lock, held for a few instructions.
 */
#include "bv-scratch.h"

#include <string.h>

#define SMALLEST 12
#define LARGEST 30
#define MAX_KEPT (G_GUINT64_CONSTANT (192) << 20)
#define HEAD 64

typedef struct Block Block;
struct Block
{
  Block *next;
  guint power; /* or one of these: */
};

enum { TOO_LARGE, TOO_SMALL }; /* to be kept */

G_STATIC_ASSERT (sizeof (Block) <= HEAD);

static GMutex lock;
static Block *kept[LARGEST + 1];
static gsize n_kept;

gpointer
bv_scratch_new (gsize size)
{
  guint power = SMALLEST;
  Block *block = NULL;

  while (power <= LARGEST && (gsize) 1 << power < size + HEAD)
    power++;
  if (power == SMALLEST || power > LARGEST)
    {
      block = power == SMALLEST ? g_malloc (size + HEAD) : g_aligned_alloc (1, size + HEAD, HEAD);
      block->power = power == SMALLEST ? TOO_SMALL : TOO_LARGE;
      return (char *) block + HEAD;
    }
  g_mutex_lock (&lock);
  block = kept[power];
  if (block != NULL)
    {
      kept[power] = block->next;
      n_kept -= (gsize) 1 << power;
    }
  g_mutex_unlock (&lock);
  if (block == NULL)
    block = g_aligned_alloc (1, (gsize) 1 << power, HEAD);
  block->power = power;
  return (char *) block + HEAD;
}

gpointer
bv_scratch_new0 (gsize size)
{
  gpointer memory = bv_scratch_new (size);

  memset (memory, 0, size);
  return memory;
}

void
bv_scratch_free (gpointer memory)
{
  Block *block;

  if (memory == NULL)
    return;
  block = (Block *) (gpointer) ((char *) memory - HEAD);
  if (block->power == TOO_SMALL)
    {
      g_free (block);
      return;
    }
  if (block->power != TOO_LARGE)
    {
      gsize size = (gsize) 1 << block->power;

      g_mutex_lock (&lock);
      if (n_kept + size <= MAX_KEPT)
        {
          block->next = kept[block->power];
          kept[block->power] = block;
          n_kept += size;
          block = NULL;
        }
      g_mutex_unlock (&lock);
    }
  if (block != NULL)
    g_aligned_free (block);
}

void
bv_scratch_trim (void)
{
  g_mutex_lock (&lock);
  for (guint power = 0; power <= LARGEST; power++)
    while (kept[power] != NULL)
      {
        Block *block = kept[power];

        kept[power] = block->next;
        g_aligned_free (block);
      }
  n_kept = 0;
  g_mutex_unlock (&lock);
}
