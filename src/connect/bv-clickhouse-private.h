/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of ClickHouse share. */
#pragma once

#include "bv-database-private.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  BvDatabase parent;
  SoupSession *session;
  GThread *thread;       /* the session's */
  GSocket *socket;       /* (nullable): of the connection that is being made */
  GTlsDatabase *authorities; /* (nullable) */
  GError *refused;       /* (nullable): a certificate that is not the accepted one */
  guint n_wishes;        /* how many of the settings that are asked for the server takes */
} BvClickhouse;

/* How a column's cells are read and asked for; kept in BvDbColumn.native_id. */
typedef enum
{
  BV_CH_PARSE,   /* by the column's type */
  BV_CH_DECIMAL,
  BV_CH_INSTANT, /* asked for in UTC */
  BV_CH_FIXED,   /* filled up with NULs */
  BV_CH_NESTED,  /* arrays and the like: their backslashes belong to the strings inside */
} BvChForm;

/* --- bv-clickhouse.c */

/* Sends a statement; the answer's body is a stream when the status is 200. */
GInputStream *bv_clickhouse_send (BvClickhouse *self, const char *sql, const char *query_id, GCancellable *cancellable, GError **error);
/* The error that ClickHouse describes in @text. FALSE */
gboolean      bv_clickhouse_fail (BvClickhouse *self, guint status, const char *text, GError **error);
/* The error of a connection, made one of a database. FALSE */
gboolean      bv_clickhouse_fail_network (BvClickhouse *self, GError *problem, GError **error);
/* Stops a query, and what is still under way on the connections. */
void          bv_clickhouse_kill (BvClickhouse *self, const char *query_id);

/* --- bv-clickhouse-rows.c */

/* The column of a name and a type as ClickHouse writes it. */
BvDbColumn   *bv_clickhouse_map   (const char *name, const char *type);
/* Takes the backslashes out of a cell of TabSeparated, in place; returns the length. */
gsize         bv_clickhouse_unescape (char *text, gsize length);
BvDbRows     *bv_clickhouse_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable,
                                   GError **error);
gboolean      bv_clickhouse_next  (BvDbRows *rows, gboolean *more, GError **error);
void          bv_clickhouse_end   (BvDbRows *rows);

G_END_DECLS
