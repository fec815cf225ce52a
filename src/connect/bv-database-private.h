/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds of databases share: the table of their functions, the making of batches, the reading of cells, the writing of SQL. */
#pragma once

#include "bv-database.h"
#include "bv-time.h"

G_BEGIN_DECLS

/* --- A kind of database (bv-database.c) */

typedef struct
{
  BvDatabase *(*open)         (const BvDbSettings *settings, GCancellable *cancellable, GError **error);
  void        (*close)        (BvDatabase *self);
  /* Adds lines about a connection that stands. */
  void        (*check)        (BvDatabase *self, GPtrArray *lines, GCancellable *cancellable);
  GPtrArray  *(*list_tables)  (BvDatabase *self, const char *schema, GCancellable *cancellable, GError **error);
  /* Columns of "SELECT * FROM @from"; with @table also its keys. */
  GPtrArray  *(*list_columns) (BvDatabase *self, const char *schema, const char *table, GCancellable *cancellable, GError **error);
  GPtrArray  *(*describe)     (BvDatabase *self, const char *sql, GCancellable *cancellable, GError **error);
  /* Starts @query; @all are the columns of what is asked, @picked those that are wanted. */
  BvDbRows   *(*query)        (BvDatabase *self, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable,
                               GError **error);
  /* Fills the rows' builder; *more is FALSE when nothing comes after it. */
  gboolean    (*next)         (BvDbRows *rows, gboolean *more, GError **error);
  /* Ends the query, whatever its state, and frees what the kind added. */
  void        (*end)          (BvDbRows *rows);
  char        quote;          /* of names */
  gboolean    nulls_first;    /* in ORDER BY */
  /* @value as SQL text that compares with @column. (transfer full) */
  char       *(*literal)      (BvDatabase *self, const BvDbColumn *column, const BvValue *value);
  /* (nullable): appends what orders by @column, whose name is @name, and what a literal compares with */
  void        (*append_key)   (GString *sql, const BvDbColumn *column, const char *name);
} BvDbClass;

extern const BvDbClass bv_postgres_class;
extern const BvDbClass bv_mariadb_class;
extern const BvDbClass bv_clickhouse_class;
extern const BvDbClass bv_sqlite_file_class;

struct _BvDatabase
{
  const BvDbClass *klass;
  BvDbSettings settings;
  char *version;
  BvDbRows *rows;    /* the query that runs */
  gboolean broken;   /* the connection is of no more use */
};

void        bv_database_init  (BvDatabase *self, const BvDbClass *klass, const BvDbSettings *settings);
/* Frees the members; for the kinds' close. */
void        bv_database_clear (BvDatabase *self);

/* Two columns of one name get different ones. (transfer full) */
char       *bv_db_unique_name (GHashTable *names, const char *name);
/* The file of authorities to verify a server by: the settings', the system's, or NULL when nothing is to be verified. */
gboolean    bv_db_get_authorities (const BvDbSettings *settings, const char **file, GError **error);
void        bv_db_add_line    (GPtrArray *lines, gboolean ok, char *text);
BvDbColumn *bv_db_column_new  (const char *name, const char *native, BvType type, gboolean nullable);
/* Guesses from names, types and keys which columns could be cursors. */
void        bv_db_rank_cursors (GPtrArray *columns);

/* --- What went wrong (bv-database-error.c) */

/* The message for @code; @words are the server's or the library's. */
void        bv_db_set_error   (const BvDbSettings *settings, BvDbError code, const char *words, GError **error);

/* --- Who the server is (bv-database-certificate.c) */

/* Seconds that connecting may take when the settings do not say. */
#define BV_DB_TIMEOUT 15

/* Whether @found, a fingerprint, is the accepted one; an error otherwise. */
gboolean    bv_db_check_fingerprint  (const BvDbSettings *settings, const char *found, GError **error);
/* Whether the certificate must lead to a known authority and name the host. */
gboolean    bv_db_trusts_authorities (const BvDbSettings *settings);
/* For the kinds' check. */
void        bv_db_add_tls_line       (BvDatabase *db, GPtrArray *lines, gboolean encrypted);

/* --- Writing SQL (bv-database-sql.c) */

void        bv_db_append_name (BvDatabase *self, GString *sql, const char *name);
/* Appends "schema.table", or "(the analyst's SELECT) alias"; a closing semicolon of it is dropped. */
void        bv_db_append_from (BvDatabase *self, GString *sql, const BvDbQuery *query, const char *alias);
/* Appends " WHERE … ORDER BY … LIMIT …". @alias is put before names. */
void        bv_db_append_tail (BvDatabase *self, GString *sql, const BvDbQuery *query, GPtrArray *all, const char *alias);
/* @sql without blanks, comments and semicolons at its end; BV_DB_ERROR_SQL when it is empty or does not begin as a query. (transfer full) */
char       *bv_db_clean_sql   (BvDbKind db_kind, const char *sql, GError **error);
/* 'text' with its quotes doubled, and with @backslashes its backslashes too. (transfer full) */
char       *bv_db_quote_text  (const char *text, gboolean backslashes);
BvDbColumn *bv_db_find_column (GPtrArray *columns, const char *name);

/* --- Batches (bv-database-batch.c) */

typedef struct
{
  BvDbBatch batch;
  BvValue *values;
  guint max_rows;
  GArray *exact;       /* BvDbExact */
  GPtrArray *blocks;   /* of text */
  guint block;
  gsize used, size;    /* of the current block */
  gsize n_text;
} BvDbBuilder;

struct _BvDbRows
{
  BvDatabase *db;
  GPtrArray *columns;
  BvType *types;       /* per column */
  guint *forms;        /* per column: how the kind reads its cells; BvDbColumn.native_id unless it says otherwise */
  BvDbBuilder builder;
  GCancellable *cancellable;
  gboolean ended;      /* nothing is left, or an error was met */
};

/* For the kinds' query: fills the common members of @rows, of which the kind has allocated its own form. */
void        bv_db_rows_init     (BvDbRows *rows, BvDatabase *db, GPtrArray *columns, GCancellable *cancellable);

void        bv_db_builder_reset (BvDbBuilder *self);
gboolean    bv_db_builder_is_full (const BvDbBuilder *self);
/* Room for @length bytes that lives as long as the batch. */
char       *bv_db_builder_alloc (BvDbBuilder *self, gsize length);

/* The next row's cells, all null. */
static inline BvValue *
bv_db_builder_add_row (BvDbBuilder *self)
{
  return &self->values[(gsize) self->batch.n_columns * self->batch.n_rows++];
}

/* For the cells of the newest row. @length bytes, which need no NUL at their end. */
void        bv_db_add_exact     (BvDbBuilder *self, guint column, const char *text, gssize length);
/* Text that is known to be UTF-8 without NUL. */
void        bv_db_cell_text     (BvDbBuilder *self, BvValue *cell, const char *text, gsize length);
/* Any bytes that ought to be text. */
void        bv_db_cell_checked  (BvDbBuilder *self, guint column, BvValue *cell, const char *text, gsize length);
void        bv_db_cell_bytes    (BvDbBuilder *self, BvValue *cell, const guint8 *bytes, gsize length);
/* A float of 32 bits: the double of its shortest decimal, 0.1 and not 0.10000000149011612. */
void        bv_db_cell_float    (BvDbBuilder *self, guint column, BvValue *cell, float f);
void        bv_db_cell_double   (BvDbBuilder *self, guint column, BvValue *cell, double d);
void        bv_db_cell_date     (BvDbBuilder *self, guint column, BvValue *cell, gint64 days, const char *text, gssize length);
void        bv_db_cell_instant  (BvDbBuilder *self, guint column, BvValue *cell, gint64 us, const char *text, gssize length);
/* Digits as @type says (bool, int, double, date, timestamp, text), in the form that servers write them. */
void        bv_db_cell_parse    (BvDbBuilder *self, guint column, BvType type, BvValue *cell, const char *text, gsize length);
/* "-12.340" or "1e30" as int or double. */
void        bv_db_cell_decimal  (BvDbBuilder *self, guint column, BvType type, BvValue *cell, const char *text, gsize length);

G_END_DECLS
