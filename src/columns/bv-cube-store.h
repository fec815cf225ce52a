/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cubes of an encoded table, and what is known of the clauses that may move. Any thread. */
#pragma once

#include "bv-cube.h"

G_BEGIN_DECLS

/* Whether there is no cube, so that none need be looked for. */
gboolean bv_cube_store_is_empty (BvEncodedTable *table);
/* @key: all that the cube's numbers depend on but the clause that moves. (transfer full) (nullable) */
BvCube  *bv_cube_store_find   (BvEncodedTable *table, const char *key);
/* Notes what the clause @active of the scan @key says this time. TRUE when it has moved @n_moves times, everything else being equal, and a cube should
 * be made. Cubes of other clauses go as soon as one moves. */
gboolean bv_cube_store_moved  (BvEncodedTable *table, const char *key, const char *active, const char *value, guint n_moves);
/* Keeps a cube, if there is room for it beside those in use. */
void     bv_cube_store_put    (BvEncodedTable *table, const char *key, const char *active, BvCube *cube);
/* No cube can be made for the key; nobody is to try again until another clause moves. */
void     bv_cube_store_refuse (BvEncodedTable *table, const char *key);

G_END_DECLS
