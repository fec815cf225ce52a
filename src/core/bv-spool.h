/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes set aside for later: in memory as long as they are few, then in a file without a name, which is gone with the process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BvSpool BvSpool;

#define BV_SPOOL_NONE G_MAXUINT64

/* @memory: bytes that are kept without a file. The file is made in the cache folder, or where temporary files are. */
BvSpool    *bv_spool_new        (gsize memory);
void        bv_spool_free       (BvSpool *self);
/* The place where the bytes can be read again; BV_SPOOL_NONE when the disk takes no more. One thread at a time. */
guint64     bv_spool_write      (BvSpool *self, gconstpointer data, gsize size);
/* Reads what one call wrote, or a part of it. FALSE when the disk fails. Any thread, while nobody writes. */
gboolean    bv_spool_read       (BvSpool *self, guint64 place, gpointer data, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSpool, bv_spool_free)

G_END_DECLS
