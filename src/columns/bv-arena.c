/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of many small things that go together: taken from blocks one after the other, never given back one by one. A block comes from the scratch
 * store and goes back there. Cost: clearing what is taken, and a block in some hundred times.
 */
#include "bv-arena.h"
#include "bv-scratch.h"

#include <string.h>

#define BLOCK (32 * 1024 - 128) /* of the scratch store, which keeps such blocks for the next query */
#define ALIGNMENT 16

typedef union Block Block;
union Block
{
  Block *before;
  char aligned[ALIGNMENT];
};

gpointer
bv_arena_new0 (BvArena *self, gsize size)
{
  gpointer memory;

  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (size > self->left)
    {
      Block *block = bv_scratch_new (sizeof *block + MAX (size, BLOCK));

      block->before = self->blocks;
      self->blocks = block;
      self->next = (char *) (block + 1);
      self->left = MAX (size, BLOCK);
    }
  memory = self->next;
  self->next += size;
  self->left -= size;
  return memset (memory, 0, size);
}

void
bv_arena_clear (BvArena *self)
{
  for (Block *block = self->blocks, *before; block != NULL; block = before)
    {
      before = block->before;
      bv_scratch_free (block);
    }
  *self = (BvArena){ NULL, NULL, 0 };
}
