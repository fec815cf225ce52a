/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread's part in a pass. */
#pragma once

#include "bv-pass-private.h"

G_BEGIN_DECLS

typedef struct _BvWorker BvWorker;

BvWorker *bv_worker_new       (BvPass *pass);
void      bv_worker_free      (BvWorker *self);
/* What it has of a task so far. */
BvAcc    *bv_worker_get_acc   (BvWorker *self, guint task);
/* The rows from @begin, the first of a block, up to @end. FALSE when cancelled, which @cancelled says too. */
gboolean  bv_worker_run_rows  (BvWorker *self, guint64 begin, guint64 end, const gint *cancelled);
/* The rows of the filters that hold lists, which one worker of a pass has to do. FALSE when cancelled. */
gboolean  bv_worker_run_lists (BvWorker *self);

G_END_DECLS
