/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the database kinds of sources share. */
#pragma once

#include "bv-database-private.h"
#include "bv-source-kind.h"

G_BEGIN_DECLS

/* A pass over a stream, from page to page (bv-database-fetch.c). */
typedef struct _BvDbPass BvDbPass;

/* Of a run: the connection, and the pass from which the next page comes. */
typedef struct
{
  BvDbKind kind;
  gboolean segment;
  BvDbSettings settings;
  BvDatabase *db;      /* (nullable): lost, to be made again */
  BvDbPass *pass;      /* (nullable) */
} BvDbSource;

/* A stream's table, or its SQL, by its name. */
typedef struct
{
  char *schema;        /* (nullable) */
  char *table;         /* (nullable) */
  char *sql;           /* (nullable) */
} BvDbOrigin;

void       bv_db_origin_clear (BvDbOrigin *origin);

/* --- bv-database-source.c */

/* An error of a database as the engine understands it; takes @problem. FALSE */
gboolean   bv_db_source_fail     (GError *problem, GError **error);
/* Makes the connection when there is none. */
gboolean   bv_db_source_connect  (BvDbSource *self, GCancellable *cancellable, GError **error);

/* --- bv-database-streams.c */

GPtrArray *bv_db_source_discover (BvSourceContext *context, GError **error);
gboolean   bv_db_source_find     (BvSourceContext *context, const char *stream, BvDbOrigin *origin, GError **error);

/* --- bv-database-segment.c */

/* Makes a table of a Segment warehouse of @stream, which has its fields; FALSE when it is none. */
gboolean   bv_db_segment_dress   (BvSourceStream *stream, const char *table);

/* --- bv-database-fetch.c */

gboolean   bv_db_source_fetch    (BvFetch *fetch, GError **error);
/* Ends what is being read, and the query. */
void       bv_db_pass_free       (BvDbPass *pass);
/* For tests: pages end at the first batch that makes them this long; 0 as usual. */
void       bv_db_source_set_page_rows (guint n_rows);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvDbOrigin, bv_db_origin_clear)

G_END_DECLS
