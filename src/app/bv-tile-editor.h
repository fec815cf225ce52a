/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog of a tile's settings: title, description, and its chart, text, link or image. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_TILE_EDITOR (bv_tile_editor_get_type ())
G_DECLARE_FINAL_TYPE (BvTileEditor, bv_tile_editor, BV, TILE_EDITOR, AdwWindow)

/* Signal "saved" (char *tile_id): the tile was put into the report. Action "editor.save". */

/* @tile_id: NULL makes a new tile of @kind. */
GtkWidget *bv_tile_editor_new      (GtkWidget *over, BvWorkspace *workspace, const char *report, const char *tile_id, BvTileKind kind);
/* The tile as it is edited now; without an id when it is new. (transfer full) */
BvTile    *bv_tile_editor_dup_tile (BvTileEditor *self);

G_END_DECLS
