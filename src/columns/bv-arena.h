/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for many small things that are forgotten together, as the rows of a chart are. All-zero is empty. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gpointer blocks;   /* (nullable): the last one */
  char *next;        /* free from here, */
  gsize left;        /* so much */
} BvArena;

/* @size bytes of zeros, aligned for any value; they stay until bv_arena_clear(). */
gpointer bv_arena_new0 (BvArena *self, gsize size);
void     bv_arena_clear (BvArena *self);

G_END_DECLS
