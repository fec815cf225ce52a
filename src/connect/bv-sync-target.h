/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream's table in a page: what its files share that write rows (bv-sync-write.c) and mark those that are gone (bv-sync-gone.c). */
#pragma once

#include "bv-source-private.h"
#include "bv-time.h"

G_BEGIN_DECLS

/* Where what is in the table's columns. */
typedef struct
{
  BvRowTable *table;
  GArray *columns;     /* BvRowColumn */
  BvRowCell *cells;
  guint n_key;         /* with _source */
  guint *field_at;     /* column of the i-th field */
  guint *beside_at;    /* 0: none */
  guint extra_at, synced_at, first_at, deleted_at, merged_at;
  char synced[BV_TIME_TEXT_MAX];
} BvSyncTarget;

gboolean   bv_sync_target_open     (BvSyncStream *self, BvSyncTarget *target, GError **error);
void       bv_sync_target_clear    (BvSyncTarget *target);
/* The key of the row @id; @keep owns its texts. FALSE when it is none of this table. */
gboolean   bv_sync_target_set_key  (BvSyncStream *self, BvSyncTarget *target, const char *id, GPtrArray *keep);
/* One part of an id, as kinds write it. */
void       bv_sync_append_part     (GString *id, guint part, const BvRowCell *cell);

/* *alive: there is a row with the target's key and it has no mark; *found: there is one. */
gboolean   bv_sync_look_at_mark    (BvSyncTarget *target, sqlite3 *db, const char *table, gboolean *found, gboolean *alive, GError **error);
/* Of the row with the target's key. @when: 0: now */
gboolean   bv_sync_mark_deleted    (BvSyncStream *self, BvSyncTarget *target, const char *id, gint64 when, GError **error);
/* All rows of the parents @deletes (id → BvBatchDelete); one look through the table, since a parent need not have an index. */
gboolean   bv_sync_delete_children (BvSyncStream *self, BvSyncTarget *target, GHashTable *deletes, GError **error);
/* What bv_batch_cover() says of the rows that this page does not have. */
gboolean   bv_sync_settle_covers   (BvSyncStream *self, BvSyncTarget *target, BvBatch *batch, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvSyncTarget, bv_sync_target_clear)

G_END_DECLS
