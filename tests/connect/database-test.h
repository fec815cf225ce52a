/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database server for a test program, and reading from it as text. */
#pragma once

#include "bv-database.h"
#include "bv-fingerprint.h"
#include "bv-time.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  GSubprocess *process;
  GHashTable *facts; /* port, socket, ca… */
  char *why_not;     /* (nullable): the server is not here */
} Server;

/* One of "postgresql", "mariadb", "clickhouse". */
void server_spawn (Server *server, const char *kind);
void server_await (Server *server);
void server_start (Server *server, const char *kind);
void server_stop (Server *server);
const char *server_fact (Server *server, const char *key);
BvDbSettings server_settings (Server *server, BvDbKind kind, const char *user, const char *database);
BvDatabase *open_database (const BvDbSettings *settings);
/* Rows as text: cells "type:value" of a batch's row joined with "|", rows with a line's end; after a cell "~text" when it has an exact text. */
char *read_all (BvDatabase *db, const BvDbQuery *query, GError **error);
char *read_sql (BvDatabase *db, const char *sql);
void assert_rows (BvDatabase *db, const char *sql, const char *expected);
/* The lines of a check, each with "+" or "-" before it. */
char *check_text (const BvDbSettings *settings);
/* NULL, and the test is skipped, where the server is not here. */
BvDatabase *server_open (Server *server, BvDbKind kind, const char *user, const char *database);
/* "name table 12 open;" for each table of @schema; the number only where they are @counted. */
char *tables_text (BvDatabase *db, const char *schema, gboolean counted);
/* "name native key nullable cursor;" for each column. */
char *columns_text (BvDatabase *db, const char *schema, const char *table);
/* @sql is an error with @code. */
void assert_refuses (BvDatabase *db, const char *sql, int code);
/* Wrong and no password, a database and a port that are not there; and by the socket, where the server has one. Takes @settings. */
void assert_login (Server *server, BvDbSettings settings);
/* TLS of a server whose certificate names localhost: by no proof, by its authority, by the certificate's fingerprint. Takes @settings. Skips where there
 * is no TLS. */
void assert_tls (Server *server, BvDbSettings settings);
/* A thread that cancels its cancellable a moment later. */
gpointer cancel_soon (gpointer cancellable);
/* Cancelling ends @endless, which never brings its first row, and @long_sql, which never brings its last; leaving that one early ends it too. The
 * server has stopped then, as @count says, and the connection is good for the next question. Takes @settings. */
void assert_cancels (BvDbSettings settings, const char *endless, const char *long_sql, const char *count);
/* The owner of the server runs two statements. */
typedef void (*RunFunc) (const char *create, const char *insert);
typedef struct { const char *native, *value, *type, *expected; } TypeCase;
/* A cell of each type and value, from a table of its own and from a query. @ending: of CREATE TABLE, behind the type. */
void assert_types (BvDatabase *db, const char *schema, const TypeCase *cases, guint n, const char *ending, RunFunc run);
typedef struct { const char *native, *values; } KeyCase;
/* Rows in the order of a key, which is never null, of each type: a pass that was broken off goes on behind any of them with the others. */
void assert_keys (BvDatabase *db, const char *schema, const KeyCase *cases, guint n, const char *ending, RunFunc run);
/* The table "changes" in @schema, of (id, at, …): k1 … k8, three on each day from noon of 2024-05-01 and @fraction of a second on, and k9 without a time,
 * which comes first or last. @hostile: an id behind k8 at the most, that would end its literal. */
void assert_cursor (BvDatabase *db, const char *schema, const char *fraction, gboolean nulls_first, const char *hostile);
/* @sql brings rows without an end until @kill breaks the connection off at the server. */
void assert_lost (BvDatabase *db, const char *sql, void (*kill) (const BvDbBatch *batch));
/* Whether the server is not here: the test is skipped then. */
gboolean server_skips (Server *server);
