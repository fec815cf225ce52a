/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of queries that were run before, for as long as neither the data nor the definitions change. Any thread may call. */
#pragma once

#include "bv-query.h"

G_BEGIN_DECLS

BvFrameCache *bv_frame_cache_new   (void);
BvFrameCache *bv_frame_cache_ref   (BvFrameCache *self);
void          bv_frame_cache_unref (BvFrameCache *self);

/* What a query's frame is filed under; NULL when it is not to be filed. (transfer full) */
char         *bv_frame_cache_key   (const BvQueryContext *context, BvChart *chart, const BvOverlay *overlay);
/* (transfer full) (nullable) */
BvFrame      *bv_frame_cache_get   (BvFrameCache *self, const BvQueryContext *context, const char *key);
/* @version: of the project, from before the query was run. */
void          bv_frame_cache_put   (BvFrameCache *self, const BvQueryContext *context, guint64 version, const char *key, BvFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvFrameCache, bv_frame_cache_unref)

G_END_DECLS
