/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of PostgreSQL share. */
#pragma once

#include "bv-database-private.h"

#include <libpq-fe.h>

G_BEGIN_DECLS

typedef struct
{
  BvDatabase parent;
  PGconn *conn;
  gboolean checks_text; /* the database does not promise valid UTF-8 */
} BvPostgres;

/* How PostgreSQL sends a column's cells. */
typedef enum
{
  BV_PG_TEXT,      /* bytes of UTF-8, as they are, or after ::text */
  BV_PG_BOOL,
  BV_PG_INT2,
  BV_PG_INT4,
  BV_PG_OID,
  BV_PG_INT8,
  BV_PG_FLOAT4,
  BV_PG_FLOAT8,
  BV_PG_NUMERIC,
  BV_PG_DATE,
  BV_PG_INSTANT,
  BV_PG_UUID,
  BV_PG_JSONB,
  BV_PG_BYTES,
} BvPgForm;

/* Types that literals must know. */
#define BV_PG_BYTEA 17
#define BV_PG_MONEY 790

/* --- bv-postgres.c */

/* Runs one statement with text parameters to its end; NULL on an error. */
PGresult *bv_postgres_exec  (BvPostgres *self, const char *sql, const char *const *params, guint n_params, GCancellable *cancellable,
                             GError **error);
/* Waits until the server has sent something. */
gboolean  bv_postgres_wait  (BvPostgres *self, GCancellable *cancellable, GError **error);
/* Asks the server to stop, and reads what it still sends. */
void      bv_postgres_stop  (BvPostgres *self);
/* The error of @result, or of the connection when NULL. FALSE */
gboolean  bv_postgres_fail  (BvPostgres *self, const PGresult *result, GError **error);

/* --- bv-postgres-rows.c */

/* The type for a column of PostgreSQL's type @oid with @modifier. */
BvType    bv_postgres_map   (Oid oid, int modifier, BvPgForm *form, const char **before, const char **after);
BvDbRows *bv_postgres_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable,
                             GError **error);
gboolean  bv_postgres_next  (BvDbRows *rows, gboolean *more, GError **error);
void      bv_postgres_end   (BvDbRows *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

G_END_DECLS
