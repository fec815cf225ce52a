/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog of a filter: its settings, and the tiles that it updates. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_FILTER_EDITOR (bv_filter_editor_get_type ())
G_DECLARE_FINAL_TYPE (BvFilterEditor, bv_filter_editor, BV, FILTER_EDITOR, AdwWindow)

/* Actions: "editor.save", "editor.field" (s: "default-time" or "Exploration/Dimension"), "editor.map" (ss: tile id, dimension or ""),
 * "editor.use-suggestion" (s: tile id), "editor.use-suggestions", "editor.remove". */

/* @filter_id: NULL makes a new filter. */
GtkWidget *bv_filter_editor_new        (GtkWidget *over, BvReportRun *run, const char *filter_id);
/* The filter as it is edited now; without an id when it is new. (transfer none) */
BvFilter  *bv_filter_editor_get_filter (BvFilterEditor *self);

G_END_DECLS
