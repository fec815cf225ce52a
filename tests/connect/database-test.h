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
/* Rows of @table in the order of @column, which is never null: going on behind any of them gives the others. At least @n rows. */
void assert_goes_on (BvDatabase *db, const char *schema, const char *table, const char *column, guint n);
/* Whether the server is not here: the test is skipped then. */
gboolean server_skips (Server *server);
