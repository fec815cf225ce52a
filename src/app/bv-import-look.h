/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking into files on a thread: what bv_import_sniff() and bv_import_resniff() do at once; and what plans take over from tables that are there. */
#pragma once

#include "bv-import.h"
#include "bv-model.h"

G_BEGIN_DECLS

/* @part: (nullable): a sheet or table of the file instead of the first. */
void          bv_import_look_async        (const char *path, const char *part, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* @path: (out) (optional) (transfer none): the file, while @result is there */
BvImportPlan *bv_import_look_finish       (GAsyncResult *result, const char **path, GError **error);
/* @plan belongs to the thread until the callback. */
void          bv_import_look_again_async  (BvImportPlan *plan, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean      bv_import_look_again_finish (GAsyncResult *result, GError **error);

/* An import of the same file again keeps the key that its table has, as long as the file has the key's columns. */
void          bv_import_take_key          (BvImportPlan *plan, BvModel *model);

G_END_DECLS
