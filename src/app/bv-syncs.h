/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syncs of a project at work: started by a person or by their schedules, one at a time per source.
 *
 * Belongs to the UI's thread. A workspace has one; it ends with the workspace, and cancels what runs.
 */
#pragma once

#include "bv-source.h"
#include "bv-workspace.h"

G_BEGIN_DECLS

#define BV_TYPE_SYNCS (bv_syncs_get_type ())
G_DECLARE_FINAL_TYPE (BvSyncs, bv_syncs, BV, SYNCS, GObject)

/* Signals:
 *   "progress" (char *uuid): a sync has got further, at most ten times a second
 *   "changed" (char *uuid): a sync has begun or ended
 */

/* Made at the first call. (transfer none) */
BvSyncs    *bv_syncs_of           (BvWorkspace *workspace);
/* Does nothing while the source is being synced, or in a project that cannot be changed. */
void        bv_syncs_start        (BvSyncs *self, const BvSource *source, BvSyncFlags flags);
void        bv_syncs_cancel       (BvSyncs *self, const char *uuid);
gboolean    bv_syncs_is_running   (BvSyncs *self, const char *uuid);
/* What a running sync is doing; NULL when none runs. Valid until the main loop runs again. */
const char *bv_syncs_get_text     (BvSyncs *self, const char *uuid);
/* How much of the streams is done, 0 … 1; below 0 when not known. */
double      bv_syncs_get_fraction (BvSyncs *self, const char *uuid);
/* Starts what is due; also done each minute. */
void        bv_syncs_check_schedules (BvSyncs *self);

G_END_DECLS
