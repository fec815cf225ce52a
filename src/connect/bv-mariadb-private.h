/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of MariaDB share. */
#pragma once

#include "bv-database-private.h"

#include <mysql.h>

G_BEGIN_DECLS

typedef struct
{
  BvDatabase parent;
  MYSQL *conn;
} BvMariadb;

/* How a column's cells are read; kept in BvDbColumn.native_id. */
typedef enum
{
  BV_MY_PARSE,   /* by the column's type */
  BV_MY_DECIMAL,
  BV_MY_FLOAT,   /* asked for as a double, because the server writes six digits only */
  BV_MY_BITS,    /* BvDbColumn.native_modifier is how many */
  BV_MY_BYTES,
  BV_MY_CHOICE,  /* ENUM, SET: in the order of their declaration */
} BvMyForm;

/* While a statement runs: ends it on the server when the cancellable is cancelled. */
typedef struct _BvMyWatch BvMyWatch;

/* --- bv-mariadb.c */

BvMyWatch *bv_mariadb_watch    (BvMariadb *self, GCancellable *cancellable);
/* The statement has ended. */
void       bv_mariadb_unwatch  (BvMyWatch *watch);
/* Runs a statement; its result is thrown away. */
gboolean   bv_mariadb_do       (BvMariadb *self, const char *sql, GCancellable *cancellable, GError **error);
/* The error of the connection; G_IO_ERROR_CANCELLED when @cancellable did it. FALSE */
gboolean   bv_mariadb_fail     (BvMariadb *self, GCancellable *cancellable, GError **error);
/* Stops what the connection is doing, from outside. */
void       bv_mariadb_kill     (BvMariadb *self);

/* --- bv-mariadb-rows.c */

/* @value as SQL that compares with @column. (transfer full) */
char      *bv_mariadb_literal  (BvDatabase *db, const BvDbColumn *column, const BvValue *value);
/* What @name, a column, is ordered by. */
void       bv_mariadb_append_key (GString *sql, const BvDbColumn *column, const char *name);
/* A literal for any text. */
void       bv_mariadb_append_text (GString *sql, const char *text);
/* The column of a field of a result. */
BvDbColumn *bv_mariadb_map     (const MYSQL_FIELD *field, const char *name);
BvDbRows  *bv_mariadb_query    (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable,
                                GError **error);
gboolean   bv_mariadb_next     (BvDbRows *rows, gboolean *more, GError **error);
void       bv_mariadb_end      (BvDbRows *rows);

G_END_DECLS
