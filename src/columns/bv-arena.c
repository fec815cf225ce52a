/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-arena.h"
#include "bv-scratch.h"

#include <string.h>

#define BLOCK (32 * 1024 - 64) /* of the scratch store, which keeps such blocks for the next query */
#define ALIGNMENT 16

gpointer
bv_arena_new0 (BvArena *self, gsize size)
{
  gpointer memory;

  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (size > self->left)
    {
      if (self->blocks == NULL)
        self->blocks = g_ptr_array_new_with_free_func (bv_scratch_free);
      self->left = MAX (size, BLOCK);
      self->next = bv_scratch_new (self->left);
      g_ptr_array_add (self->blocks, self->next);
    }
  memory = self->next;
  self->next += size;
  self->left -= size;
  return memset (memory, 0, size);
}

void
bv_arena_clear (BvArena *self)
{
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  self->next = NULL;
  self->left = 0;
}
