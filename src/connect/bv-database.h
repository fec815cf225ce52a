/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases as places to read from: PostgreSQL, MariaDB and MySQL, ClickHouse, SQLite files.
 *
 * Protocol: open with settings; list what is there; run a query, which is a stream of batches of typed rows; free the rows,
 * then close. All calls block and belong to one thread at a time (not the one of the windows); a cancellable ends any of them,
 * also in the middle of a stream, and then the server is told to stop too. The whole result is never in memory: one batch is.
 * Sessions read only: what they send runs in a read-only transaction on one snapshot wherever the server has these.
 *
 * Types. A column has one BvType, known before the first row:
 *
 *   whole numbers, decimals without fraction    int
 *   float, double, decimals, money              double
 *   yes/no, one bit, TINYINT(1)                 bool
 *   date                                        date
 *   timestamps                                  timestamp; with a zone as the instant, without one as if in UTC
 *   everything else                             text: strings, times of day, intervals (ISO 8601), uuid, JSON, arrays, enums, bit
 *                                               strings, addresses as the server writes them; bytes as hexadecimal digits
 *
 * No value is changed in silence. A cell that its column's type cannot hold has, beside the typed value, its exact text in the
 * batch (BvDbExact): a decimal with more digits than a double keeps (the typed value is then the nearest double); and, with null
 * as typed value, whole numbers beyond 64 bits, infinite or not-a-number values, dates outside the years 1 to 9999, the zero dates
 * of MySQL, a TINYINT(1) other than 0 and 1. Text with a NUL or with bytes that are no UTF-8 arrives readable (U+2400 for NUL, U+FFFD
 * for a stray byte) and exact as hexadecimal digits. Bytes beyond BV_DB_MAX_BYTES are cut: the text says how many there were.
 * A decimal is exact as a double when it has at most 15 significant digits, or when the double's shortest text is the decimal.
 */
#pragma once

#include "bv-error.h"
#include "bv-value.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BV_DB_MAX_BYTES 16384

typedef enum
{
  BV_DB_POSTGRESQL,
  BV_DB_MARIADB,
  BV_DB_CLICKHOUSE,
  BV_DB_SQLITE,
} BvDbKind;

typedef enum
{
  BV_TLS_OFF,
  BV_TLS_REQUIRED, /* encrypted; the server's name is not checked */
  BV_TLS_VERIFIED, /* encrypted; the certificate leads to a known authority and names the host */
} BvTlsMode;

/* "off", "required", "verified": the names of the settings JSON. */
gboolean    bv_tls_mode_from_name (const char *name, BvTlsMode *mode);

typedef struct
{
  BvDbKind kind;
  char *host;
  guint port;      /* 0: the kind's usual port */
  char *socket;    /* (nullable): a Unix socket (PostgreSQL: the folder it is in) in the place of host and port */
  char *database;  /* SQLite: the path of the file */
  char *user;
  char *password;  /* (nullable) */
  BvTlsMode tls;
  char *ca_file;   /* (nullable): PEM file of the authorities to trust in the place of the system's */
  char *fingerprint; /* (nullable): SHA-256 of the only certificate that is accepted, whoever signed it; hexadecimal digits */
  guint timeout;   /* seconds without an answer to a connection attempt; 0: 15 */
} BvDbSettings;

void          bv_db_settings_clear (BvDbSettings *settings);
void          bv_db_settings_copy  (const BvDbSettings *from, BvDbSettings *to);
/* "PostgreSQL" */
const char   *bv_db_kind_to_label  (BvDbKind kind);

/* The certificate that the server shows; nobody logs in. */
GTlsCertificate *bv_db_find_certificate (const BvDbSettings *settings, GCancellable *cancellable, GError **error);

/* What went wrong, for those who decide whether trying again helps. Messages are made as those of BV_ERROR. */
typedef enum
{
  BV_DB_ERROR_FAILED,
  BV_DB_ERROR_UNREACHABLE, /* no connection: name, port, network, server down. Later may help */
  BV_DB_ERROR_LOST,        /* the connection broke. Again may help */
  BV_DB_ERROR_BUSY,        /* too many connections, deadlock, time-out, out of memory. Later may help */
  BV_DB_ERROR_LOGIN,       /* user or password */
  BV_DB_ERROR_TLS,         /* certificate, or no TLS where it is required */
  BV_DB_ERROR_DATABASE,    /* no such database */
  BV_DB_ERROR_PERMISSION,  /* the user may not read this */
  BV_DB_ERROR_NOT_FOUND,   /* no such table or column */
  BV_DB_ERROR_SQL,         /* the statement is not one, or does not read */
} BvDbError;

#define BV_DB_ERROR (bv_db_error_quark ())
GQuark        bv_db_error_quark    (void);
/* Whether trying again, now or later, may help. */
gboolean      bv_db_error_is_transient (const GError *error);

typedef enum
{
  BV_DB_TABLE,
  BV_DB_VIEW,
} BvDbTableKind;

typedef struct
{
  char *schema;    /* (nullable): SQLite has none */
  char *name;
  BvDbTableKind kind;
  gint64 n_rows;   /* the server's estimate, -1 when it has none */
  gboolean readable;
} BvDbTable;

/* How good a column is for asking "what is new?". */
typedef enum
{
  BV_DB_CURSOR_NONE,
  BV_DB_CURSOR_ANY,      /* ordered; only the analyst knows */
  BV_DB_CURSOR_KEY,      /* an ascending key: finds new rows */
  BV_DB_CURSOR_CREATED,  /* time of creation or arrival: finds new rows */
  BV_DB_CURSOR_CHANGED,  /* time of the last change: finds new and changed rows */
} BvDbCursor;

typedef struct
{
  char *name;
  char *native;    /* "numeric(10,2)", "Nullable(DateTime)" */
  BvType type;
  gboolean nullable;
  guint key;       /* place in the primary key from 1, or 0 */
  BvDbCursor cursor;

  /* private */
  guint native_id;
  int native_modifier;
} BvDbColumn;

/* A line of a connection's check. */
typedef struct
{
  gboolean ok;
  char *text;      /* one translated sentence */
} BvDbLine;

typedef struct _BvDatabase BvDatabase;
typedef struct _BvDbRows BvDbRows;

BvDatabase   *bv_database_open         (const BvDbSettings *settings, GCancellable *cancellable, GError **error);
void          bv_database_close        (BvDatabase *self);
/* Says what is found and what is missing, in the order of looking; all @lines (of BvDbLine) are ok when the database can be used. */
void          bv_database_look_around  (BvDatabase *self, GPtrArray *lines, GCancellable *cancellable);

/* @schema NULL for all. (transfer full) (element-type BvDbTable): by schema, then name */
GPtrArray    *bv_database_list_tables  (BvDatabase *self, const char *schema, GCancellable *cancellable, GError **error);
/* (transfer full) (element-type BvDbColumn): in the table's order */
GPtrArray    *bv_database_list_columns (BvDatabase *self, const char *schema, const char *table, GCancellable *cancellable,
                                        GError **error);
/* The columns of a SELECT, without running it. (transfer full) (element-type BvDbColumn) */
GPtrArray    *bv_database_describe_sql (BvDatabase *self, const char *sql, GCancellable *cancellable, GError **error);
/* The column that tells best what is new, or NULL. A first guess: the analyst decides. */
const BvDbColumn *bv_db_pick_cursor    (GPtrArray *columns);

/**
 * BvDbQuery:
 *
 * Which rows to read. Values are written as literals of the column's type by the server's own rules; names are quoted.
 */
typedef struct
{
  const char *schema;
  const char *table;
  const char *sql;            /* in the place of a table: one SELECT of the analyst's, without parameters */
  const char *const *columns; /* (nullable): only these, NULL-terminated */
  const char *cursor;         /* (nullable): with @from the column that must not be less; rows in which it is null come too */
  BvValue from;               /* null for all */
  const char *const *order;   /* (nullable): rows rise by these columns, NULL-terminated; where null is, the server says */
  const BvValue *after;       /* (nullable): one value per column of @order: only rows that come after these */
  gint64 limit;               /* 0 for all */
} BvDbQuery;

/* @value reduced by a look-back: seconds for timestamps, whole days (rounded up) for dates, units for whole numbers. */
BvValue       bv_db_look_back          (const BvValue *value, gint64 look_back);

BvDbRows     *bv_database_query        (BvDatabase *self, const BvDbQuery *query, GCancellable *cancellable, GError **error);

/* A cell whose exact value its column's type cannot hold. */
typedef struct
{
  guint row;
  guint column;
  const char *text;
} BvDbExact;

typedef struct
{
  guint n_rows;
  guint n_columns;
  const BvValue *values;   /* row by row; text is borrowed */
  const BvDbExact *exact;  /* by row */
  guint n_exact;
  gsize n_bytes;           /* what the server sent for these rows, as far as known */
} BvDbBatch;

/* (element-type BvDbColumn): known before the first batch */
GPtrArray    *bv_db_rows_get_columns   (BvDbRows *self);
/* The next rows, which are the caller's until the next call; *batch is NULL after the last one. After an error only free. */
gboolean      bv_db_rows_next          (BvDbRows *self, const BvDbBatch **batch, GError **error);
/* Ends the query; when rows are left, the server is told to stop. The database can be asked again. */
void          bv_db_rows_free          (BvDbRows *self);

void          bv_db_table_free         (BvDbTable *table);
void          bv_db_column_free        (BvDbColumn *column);
void          bv_db_line_free          (BvDbLine *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvDbSettings, bv_db_settings_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDatabase, bv_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDbRows, bv_db_rows_free)

G_END_DECLS
