/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogs around a source. Each shows itself over the window that @over is in. */
#pragma once

#include "bv-source.h"
#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* All kinds of sources by category; the one chosen goes on to its connection. */
void bv_source_gallery_show  (GtkWidget *over, BvWorkspace *workspace);
/* The settings of a source's kind, with "Test Connection". A source without a uuid is new: the dialog goes on to its streams. Takes
 * @source. */
void bv_source_dialog_show   (GtkWidget *over, BvWorkspace *workspace, BvSource *source);
/* Which streams and fields are synced. @streams: (transfer full) (nullable) (element-type BvSourceStream): what is known already; else the source is
 * asked. @secrets: (transfer full) (nullable): those typed for a new source, which is stored and synced when the dialog is accepted. Takes @source. */
void bv_source_streams_show  (GtkWidget *over, BvWorkspace *workspace, BvSource *source, GPtrArray *streams, GHashTable *secrets);
/* When the source is synced by itself. Takes @source. */
void bv_source_schedule_show (GtkWidget *over, BvWorkspace *workspace, BvSource *source);
/* The rows of @table that a run changed, before and after. */
void bv_source_diff_show     (GtkWidget *over, BvWorkspace *workspace, gint64 run, const char *table);

G_END_DECLS
