/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements of the owner of a test's database server, by the vendors' own libraries and not by the code that is tested. */
#pragma once

#include "database-test.h"

#include <libpq-fe.h>

/* A connection of the user postgres. (transfer full): PQfinish() */
PGconn *postgres_connect (Server *server, const char *database);
/* Runs statements with semicolons between them. */
void    postgres_do      (Server *server, const char *database, const char *sql);
/* Each runs one statement after the other, NULL at the end. MariaDB's are in the database "shop". */
void    mariadb_do       (Server *server, ...) G_GNUC_NULL_TERMINATED;
void    clickhouse_do    (Server *server, ...) G_GNUC_NULL_TERMINATED;
