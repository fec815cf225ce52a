/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded tables on disk. Any thread. */
#pragma once

#include "bv-encoded.h"
#include "bv-project.h"

G_BEGIN_DECLS

/* Tables with fewer rows are encoded sooner than a file is read, and have none. Tests set another number, before any table is encoded. */
#define BV_COLUMN_CACHE_MIN_ROWS 50000
void            bv_column_cache_set_min_rows (gint64 n_rows);
gint64          bv_column_cache_get_min_rows (void);

/* What the files of all projects may take together. */
#define BV_COLUMN_CACHE_BYTES (G_GUINT64_CONSTANT (8) << 30)

/* What the file of a table's version says of itself. @columns: of bv_encoder_describe(). (transfer full) */
char           *bv_column_cache_identity (BvProject *project, const char *table, guint64 version, gint64 loaded_at, gint64 n_rows, BvCalendar *calendar,
                                          const char *columns);
/* The file of a table's version, noted as used now; NULL when there is none, or it does not say @identity. */
BvEncodedTable *bv_column_cache_load (BvProject *project, const char *table, guint64 version, const char *identity);
/* Writes the file, removes those of the table's other versions and of tables that the project does not have, and trims the cache. FALSE when the file
 * cannot be written, which harms nobody but the next start. */
gboolean        bv_column_cache_save (BvProject *project, const char *table, guint64 version, const char *identity, BvEncodedTable *encoded, GError **error);
/* Removes the folders of projects that are gone, what was left by processes that were killed, and then the files used longest ago until @max_bytes suffice. */
void            bv_column_cache_trim (guint64 max_bytes);

G_END_DECLS
