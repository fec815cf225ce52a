/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project at work: the open file, the current model, changes with undo, and queries off the UI thread.
 *
 * Belongs to the thread that made it (the UI's). Every put, delete, rename, undo and redo commits at once, makes the next model
 * snapshot and emits ::changed. Asynchronous calls work on the snapshot of the moment they were made.
 */
#pragma once

#include "bv-column-intake.h"
#include "bv-query.h"

G_BEGIN_DECLS

#define BV_TYPE_WORKSPACE (bv_workspace_get_type ())
G_DECLARE_FINAL_TYPE (BvWorkspace, bv_workspace, BV, WORKSPACE, GObject)

/* Signal "changed" (no arguments): the model is a new snapshot. Properties: "model" has no notify; use ::changed.
 * Signal "preparing" (no arguments): work on encoded tables has begun or ended; see bv_workspace_get_preparing(). */

BvWorkspace *bv_workspace_new            (BvProject *project, GError **error);
BvProject   *bv_workspace_get_project    (BvWorkspace *self);
BvModel     *bv_workspace_get_model      (BvWorkspace *self); /* (transfer none) */
BvLocale    *bv_workspace_get_locale     (BvWorkspace *self); /* (transfer none); UI thread only */
/* A fixed "now" (tests, --as-of); 0 is the project's as-of day, or the clock. */
void         bv_workspace_set_now        (BvWorkspace *self, gint64 now);
gint64       bv_workspace_get_now        (BvWorkspace *self);
/* For programs that nobody watches: large tables are encoded before they are queried, so that what runs a query depends on the data alone. */
void         bv_workspace_set_patient    (BvWorkspace *self, gboolean patient);
/* Reads the project again after something else committed to it (a table writer) and emits ::changed. */
gboolean     bv_workspace_reload         (BvWorkspace *self, GError **error);
/* For a table writer in another thread: encodes tables while they are written, and hands them to the workspace's queries. (transfer full) */
BvColumnIntake *bv_workspace_new_intake  (BvWorkspace *self);

/* Changes. @what: the translated name of the undo step. An object without a uuid is new and gets one. */
gboolean     bv_workspace_put_exploration  (BvWorkspace *self, const char *what, BvExploration *exploration, GError **error);
gboolean     bv_workspace_put_report       (BvWorkspace *self, const char *what, BvReport *report, GError **error);
/* As put_report; puts of the same @coalesce within two seconds are one step. */
gboolean     bv_workspace_put_report_coalesced (BvWorkspace *self, const char *what, BvReport *report, const char *coalesce, GError **error);
gboolean     bv_workspace_put_relationship (BvWorkspace *self, const char *what, BvRelationship *relationship, GError **error);
gboolean     bv_workspace_put_table        (BvWorkspace *self, const char *what, BvTable *table, GError **error); /* metadata and key */
gboolean     bv_workspace_put_settings     (BvWorkspace *self, const char *time_zone, const char *currency, int week_start, const char *as_of, GError **error);
gboolean     bv_workspace_delete           (BvWorkspace *self, const char *what, const char *uuid, GError **error);
gboolean     bv_workspace_delete_table     (BvWorkspace *self, const char *what, const char *table, GError **error);
/* Renames rewrite every reference in the same step. @kind: "exploration", "report"; members: "dimension", "metric" of @owner. */
gboolean     bv_workspace_rename           (BvWorkspace *self, const char *kind, const char *owner, const char *old_name, const char *new_name, GError **error);
/* A change of an object and its new name, as one step. @exploration and @report still bear (and use inside) the old name; members are
 * renamed with @kind "dimension" or "metric", the exploration itself with "exploration". */
gboolean     bv_workspace_put_exploration_as (BvWorkspace *self, const char *what, BvExploration *exploration, const char *kind,
                                              const char *old_name, const char *new_name, GError **error);
gboolean     bv_workspace_put_report_as      (BvWorkspace *self, const char *what, BvReport *report, const char *new_name, GError **error);
gboolean     bv_workspace_undo             (BvWorkspace *self, GError **error);
gboolean     bv_workspace_redo             (BvWorkspace *self, GError **error);
const char  *bv_workspace_get_undo_name    (BvWorkspace *self);
const char  *bv_workspace_get_redo_name    (BvWorkspace *self);
/* A name that no object of @kind has: @base, "@base 2"… (transfer full) */
char        *bv_workspace_free_name        (BvWorkspace *self, const char *kind, const char *base);
/* Where a dimension or metric is used: "3 tiles, 1 filter"; NULL when unused. (transfer full) */
char        *bv_workspace_usage            (BvWorkspace *self, const char *exploration, const char *name);

/* Queries off the UI thread; finish on the UI thread. Cancelling finishes with G_IO_ERROR_CANCELLED. */
void         bv_workspace_run_async        (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
BvFrame     *bv_workspace_run_finish       (BvWorkspace *self, GAsyncResult *result, GError **error);
void         bv_workspace_rows_async       (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, const char *metric, BvFrame *frame,
                                            guint row, gboolean before, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
BvFrame     *bv_workspace_rows_finish      (BvWorkspace *self, GAsyncResult *result, gint64 *n_rows, GError **error);
void         bv_workspace_values_async     (BvWorkspace *self, const char *exploration, const char *field, const char *label_field,
                                            const BvCondition *where, const char *search, guint limit, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
BvFrame     *bv_workspace_values_finish    (BvWorkspace *self, GAsyncResult *result, GError **error);
void         bv_workspace_preview_async    (BvWorkspace *self, const char *table, const char *sort, guint64 offset, guint limit,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
BvFrame     *bv_workspace_preview_finish   (BvWorkspace *self, GAsyncResult *result, GError **error);
void         bv_workspace_profile_async    (BvWorkspace *self, const char *table, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
BvFrame     *bv_workspace_profile_finish   (BvWorkspace *self, GAsyncResult *result, GError **error);
void         bv_workspace_suggest_async    (BvWorkspace *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray   *bv_workspace_suggest_finish   (BvWorkspace *self, GAsyncResult *result, GError **error); /* BvSuggestion */
/* As bv_query_explain(): planning asks the project's tables, and on encoded ones the scans are run. */
void         bv_workspace_explain_async    (BvWorkspace *self, BvChart *chart, const BvOverlay *overlay, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
char        *bv_workspace_explain_finish   (BvWorkspace *self, GAsyncResult *result, GError **error);
/* The table that is being encoded in the background for fast queries, and how far that is (0…1); NULL when none is. (transfer full) */
char        *bv_workspace_get_preparing    (BvWorkspace *self, double *fraction);
/* Why the last encoded table could not be kept for the next start, a translated sentence; NULL when it could. (transfer full) */
char        *bv_workspace_get_cache_problem (BvWorkspace *self);

G_END_DECLS
