/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "database-owner.h"

#include <libsoup/soup.h>
#include <mysql.h>

PGconn *
postgres_connect (Server *server, const char *database)
{
  g_autofree char *address = g_strdup_printf ("host=127.0.0.1 port=%s user=postgres password=secret dbname=%s client_encoding=UTF8",
                                              server_fact (server, "port"), database);

  return PQconnectdb (address);
}

void
postgres_do (Server *server, const char *database, const char *sql)
{
  PGconn *conn = postgres_connect (server, database);
  PGresult *result = PQexec (conn, sql);
  ExecStatusType status = PQresultStatus (result);

  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (conn));
  PQclear (result);
  PQfinish (conn);
}

void
mariadb_do (Server *server, ...)
{
  MYSQL *conn = mysql_init (NULL);
  const char *sql;
  va_list args;

  mysql_options (conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (mysql_real_connect (conn, "127.0.0.1", "boss", "secret", "shop", (guint) g_ascii_strtoull (server_fact (server, "port"), NULL, 10), NULL, 0) == NULL)
    g_error ("%s", mysql_error (conn));
  va_start (args, server);
  while ((sql = va_arg (args, const char *)) != NULL)
    {
      if (mysql_real_query (conn, sql, strlen (sql)) != 0)
        g_error ("%s: %s", sql, mysql_error (conn));
      mysql_free_result (mysql_store_result (conn));
    }
  va_end (args);
  mysql_close (conn);
}

void
clickhouse_do (Server *server, ...)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%s/?user=boss&password=secret&allow_experimental_low_cardinality_type=1",
                                          server_fact (server, "port"));
  const char *sql;
  va_list args;

  va_start (args, server);
  while ((sql = va_arg (args, const char *)) != NULL)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
      g_autoptr (GBytes) body = g_bytes_new (sql, strlen (sql));
      g_autoptr (GBytes) answer = NULL;
      g_autoptr (GError) error = NULL;

      soup_message_set_request_body_from_bytes (message, "text/plain", body);
      answer = soup_session_send_and_read (session, message, NULL, &error);
      g_assert_no_error (error);
      if (soup_message_get_status (message) != 200)
        g_error ("%s: %.*s", sql, (int) g_bytes_get_size (answer), (const char *) g_bytes_get_data (answer, NULL));
    }
  va_end (args);
}
