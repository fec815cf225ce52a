/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "rest": any service that gives JSON over HTTP, page by page. */
#pragma once

#include "bv-frame.h"
#include "bv-source.h"

G_BEGIN_DECLS

extern const BvSourceKind bv_source_kind_rest;

/**
 * bv_rest_preview:
 * @source: of the kind "rest"; it need not have been put
 * @secrets: (nullable): as for bv_source_test()
 * @stream: (nullable): the stream's name; NULL for the first
 *
 * Asks for the first page of @stream and returns its records, flattened and typed as the sync would do it, at most @limit rows. A
 * note says which list of the answer the records are. Blocks; the dialog shows the frame, or the error, after each change.
 */
BvFrame *bv_rest_preview        (const BvSource *source, GHashTable *secrets, const char *stream, guint limit, GCancellable *cancellable, GError **error);
void     bv_rest_preview_async  (const BvSource *source, GHashTable *secrets, const char *stream, guint limit, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
BvFrame *bv_rest_preview_finish (GAsyncResult *result, GError **error);

G_END_DECLS
