/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What making a cube and answering from it share. */
#pragma once

#include "bv-cube.h"

G_BEGIN_DECLS

#define BV_CUBE_BLOCK 7 /* codes whose sets are united: days of a week */

/* Adds the set of a cell to @set. */
void     bv_cube_add_cell    (const BvCubeStep *step, const BvStep *cells, guint64 cell, guint64 *set);
/* Whether an answer can be made from the one before by what came and what went. */
gboolean bv_cube_step_slides (const BvCube *cube, const BvCubeStep *step, guint64 n_values);

G_END_DECLS
