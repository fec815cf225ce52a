/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ClickHouse by HTTP: requests, errors, what is there.
 *
 * Each statement is one POST; the answer to a query is a stream of tab-separated lines, a form that all versions know. Statements run
 * with readonly=2 where the user may set that; a user whose profile is read-only may not set anything, and then nothing is.
 *
 * ClickHouse's keys sort, and most engines keep several rows with one key. Only those that merge such rows into one by their sorting key
 * (ReplacingMergeTree and its like) are taken at their word, and read with FINAL, as if all were merged; of other tables the analyst
 * names the key. Stopping a query is KILL QUERY by its id in a request of its own, and then the connection is dropped.
 */
#include "config.h"

#include "bv-clickhouse-private.h"
#include "bv-fingerprint.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define DEFAULT_PORT 8123
#define DEFAULT_TLS_PORT 8443
/* A server that sorts may be silent for long. */
#define SILENCE 3600
#define KILL_TIMEOUT 5
#define KILL_TRIES 10
#define KILL_PAUSE_US (50 * 1000)
#define MAX_ERROR 4096

/* Settings that are asked for, the dearest first; a server that does not take one does not get it and those after it. */
static const char *const wishes[] = { "readonly=2", "cancel_http_readonly_queries_on_client_close=1" };

/* --- Errors */

static BvDbError
code_of (guint status, int number)
{
  switch (number)
    {
    case 192: /* unknown user */
    case 193: /* wrong password */
    case 194: /* password required */
    case 195: /* address not allowed */
    case 516: /* authentication failed */
      return BV_DB_ERROR_LOGIN;
    case 81:
      return BV_DB_ERROR_DATABASE;
    case 291: /* database access denied */
    case 497: /* not enough privileges */
      return BV_DB_ERROR_PERMISSION;
    case 10:
    case 16:
    case 47:
    case 60:
      return BV_DB_ERROR_NOT_FOUND;
    case 159: /* timeout exceeded */
    case 202: /* too many simultaneous queries */
    case 241: /* memory limit */
    case 394: /* query was cancelled */
      return BV_DB_ERROR_BUSY;
    case 209:
    case 210:
    case 236: /* aborted */
      return BV_DB_ERROR_LOST;
    case 0:
      return status == 401 || status == 403 ? BV_DB_ERROR_LOGIN : status >= 500 ? BV_DB_ERROR_BUSY : BV_DB_ERROR_FAILED;
    default:
      return BV_DB_ERROR_SQL;
    }
}

/* "Code: 60, e.displayText() = DB::Exception: Table … doesn't exist., e.what() = DB::Exception" or
 * "Code: 60. DB::Exception: Table … does not exist. (UNKNOWN_TABLE) (version …)": the words in the middle. */
static char *
server_words (const char *text, int *number)
{
  const char *start = strstr (text, "Code: ");
  const char *words, *end;
  g_autofree char *cut = NULL;

  *number = start != NULL ? (int) g_ascii_strtoll (start + strlen ("Code: "), NULL, 10) : 0;
  words = start != NULL ? start : text;
  if (start != NULL && strstr (start, "DB::Exception: ") != NULL)
    words = strstr (start, "DB::Exception: ") + strlen ("DB::Exception: ");
  end = strstr (words, ", e.what()");
  if (end == NULL)
    end = strstr (words, " (version ");
  if (end == NULL)
    end = words + strlen (words);
  cut = g_strndup (words, (gsize) MIN (end - words, 300));
  g_strdelimit (g_strstrip (cut), "\r\n\t", ' ');
  return g_utf8_make_valid (cut, -1);
}

gboolean
bv_clickhouse_fail (BvClickhouse *self, guint status, const char *text, GError **error)
{
  int number;
  g_autofree char *words = server_words (text, &number);
  BvDbError code = code_of (status, number);

  if (code == BV_DB_ERROR_FAILED)
    g_set_error (error, BV_DB_ERROR, code, _("This does not answer like ClickHouse (HTTP %u): check address and port"), status);
  else
    bv_db_set_error (&self->parent.settings, code, words, error);
  return FALSE;
}

gboolean
bv_clickhouse_fail_network (BvClickhouse *self, GError *problem, GError **error)
{
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (problem));
  else if (self->refused != NULL)
    g_propagate_error (error, g_steal_pointer (&self->refused));
  else
    bv_db_set_error (&self->parent.settings,
                     problem->domain == G_TLS_ERROR                                                ? BV_DB_ERROR_TLS
                     : problem->domain == G_RESOLVER_ERROR || self->parent.version == NULL ||
                         g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
                         g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
                         g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
                         g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)     ? BV_DB_ERROR_UNREACHABLE
                                                                                                   : BV_DB_ERROR_LOST,
                     problem->message, error);
  return FALSE;
}

/* --- Requests */

/* Is asked for certificates that are not trusted, and with a fingerprint trusts none (new_session). */
static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, BvClickhouse *self)
{
  g_autofree char *found = NULL;

  if (self->parent.settings.fingerprint == NULL)
    return TRUE;
  found = bv_fingerprint_of (certificate);
  g_clear_error (&self->refused);
  return bv_db_check_fingerprint (&self->parent.settings, found, &self->refused);
}

static guint
connect_timeout (BvClickhouse *self)
{
  return self->parent.settings.timeout != 0 ? self->parent.settings.timeout : BV_DB_TIMEOUT;
}

/* A session's timeout is for connecting, TLS included: a server that does not expect TLS may take our greeting for the beginning of a
 * line, and wait for its end. Whoever is connected and known to be ClickHouse may be silent for longer. */
static void
on_network_event (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, BvClickhouse *self)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    g_set_object (&self->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  else if (event == G_SOCKET_CLIENT_COMPLETE && self->socket != NULL)
    {
      if (self->parent.version != NULL)
        g_socket_set_timeout (self->socket, SILENCE);
      /* So that the silence of a dead network is noticed. */
      g_socket_set_keepalive (self->socket, TRUE);
      g_socket_set_option (self->socket, IPPROTO_TCP, TCP_KEEPIDLE, 30, NULL);
      g_socket_set_option (self->socket, IPPROTO_TCP, TCP_KEEPINTVL, 10, NULL);
      g_socket_set_option (self->socket, IPPROTO_TCP, TCP_KEEPCNT, 3, NULL);
      g_clear_object (&self->socket);
    }
}

static SoupSession *
new_session (BvClickhouse *self, guint timeout)
{
  SoupSession *session = soup_session_new_with_options ("timeout", timeout, "user-agent", "belvedere", NULL);

  /* Without authorities no certificate is trusted, and each is asked for. */
  if (self->authorities != NULL || !bv_db_trusts_authorities (&self->parent.settings))
    soup_session_set_tls_database (session, self->authorities);
  return session;
}

static char *
make_url (BvClickhouse *self, const char *query_id, guint n_wishes)
{
  const BvDbSettings *settings = &self->parent.settings;
  gboolean tls = settings->tls != BV_TLS_OFF;
  g_autoptr (GString) query = g_string_new (NULL);
  const char *host = settings->host != NULL && *settings->host != '\0' ? settings->host : "localhost";
  int port = settings->port != 0 ? (int) settings->port : tls ? DEFAULT_TLS_PORT : DEFAULT_PORT;

  if (settings->database != NULL && *settings->database != '\0')
    {
      g_string_append (query, "database=");
      g_string_append_uri_escaped (query, settings->database, NULL, TRUE);
    }
  for (guint i = 0; i < n_wishes; i++)
    g_string_append_printf (query, "%s%s", query->len > 0 ? "&" : "", wishes[i]);
  if (query_id != NULL)
    g_string_append_printf (query, "%squery_id=%s", query->len > 0 ? "&" : "", query_id);
  return g_uri_join (G_URI_FLAGS_ENCODED_QUERY, tls ? "https" : "http", NULL, host, port, "/", query->len > 0 ? query->str : NULL, NULL);
}

static SoupMessage *
make_message (BvClickhouse *self, const char *sql, const char *query_id, guint n_wishes, GError **error)
{
  const BvDbSettings *settings = &self->parent.settings;
  g_autofree char *url = make_url (self, query_id, n_wishes);
  g_autofree char *login = g_strdup_printf ("%s:%s", settings->user != NULL && *settings->user != '\0' ? settings->user : "default",
                                            settings->password != NULL ? settings->password : "");
  g_autofree char *coded = g_base64_encode ((const guchar *) login, strlen (login));
  g_autofree char *header = g_strconcat ("Basic ", coded, NULL);
  g_autoptr (GBytes) body = g_bytes_new (sql, strlen (sql));
  SoupMessage *message = soup_message_new ("POST", url);

  explicit_bzero (login, strlen (login));
  if (message == NULL)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_UNREACHABLE, _("“%s” is no address: check it"), settings->host);
      return NULL;
    }
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", header);
  soup_message_set_request_body_from_bytes (message, "text/plain; charset=utf-8", body);
  /* A redirect would carry the password to another host. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (!bv_db_trusts_authorities (settings))
    g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  return message;
}

/* What an error's body says, at most a few lines. */
static char *
read_start (GInputStream *stream, GCancellable *cancellable)
{
  char *text = g_malloc0 (MAX_ERROR + 1);
  gsize n = 0;

  g_input_stream_read_all (stream, text, MAX_ERROR, &n, cancellable, NULL);
  return text;
}

GInputStream *
bv_clickhouse_send (BvClickhouse *self, const char *sql, const char *query_id, GCancellable *cancellable, GError **error)
{
  if (self->session == NULL || self->thread != g_thread_self ())
    {
      g_clear_object (&self->session);
      self->session = new_session (self, connect_timeout (self));
      self->thread = g_thread_self ();
    }
  while (TRUE)
    {
      g_autoptr (SoupMessage) message = make_message (self, sql, query_id, self->n_wishes, error);
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (GError) problem = NULL;
      g_autofree char *text = NULL;
      guint status;
      int number;

      if (message == NULL)
        return NULL;
      g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), self);
      stream = soup_session_send (self->session, message, cancellable, &problem);
      if (stream == NULL)
        {
          bv_clickhouse_fail_network (self, problem, error);
          return NULL;
        }
      status = soup_message_get_status (message);
      if (status == 200)
        return g_steal_pointer (&stream);
      text = read_start (stream, cancellable);
      g_free (server_words (text, &number));
      /* 115: no such setting; 164: this user may not set any, 452: not this one. */
      if (self->n_wishes > 0 && (number == 115 || number == 164 || number == 452) && self->parent.version == NULL)
        {
          self->n_wishes = number == 115 ? self->n_wishes - 1 : 0;
          continue;
        }
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        bv_clickhouse_fail (self, status, text, error);
      return NULL;
    }
}

void
bv_clickhouse_kill (BvClickhouse *self, const char *query_id)
{
  g_autoptr (SoupSession) session = new_session (self, KILL_TIMEOUT);
  g_autofree char *sql = g_strdup_printf ("KILL QUERY WHERE query_id = '%s' ASYNC", query_id);

  /* A query that was sent just now may not be known yet: the answer names those that were found. */
  for (guint i = 0; i < KILL_TRIES; i++)
    {
      g_autoptr (SoupMessage) message = make_message (self, sql, NULL, 0, NULL);
      g_autoptr (GBytes) answer = message != NULL ? soup_session_send_and_read (session, message, NULL, NULL) : NULL;

      if (answer == NULL || soup_message_get_status (message) != 200 || g_bytes_get_size (answer) > 0)
        break;
      g_usleep (KILL_PAUSE_US);
    }
  soup_session_abort (self->session);
}

/* The lines of a small answer, each a list of unescaped cells. */
static GPtrArray *
ask (BvClickhouse *self, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = bv_clickhouse_send (self, sql, NULL, cancellable, error);
  g_autoptr (GDataInputStream) data = NULL;
  GPtrArray *lines;

  if (stream == NULL)
    return NULL;
  data = g_data_input_stream_new (stream);
  lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  while (TRUE)
    {
      g_autoptr (GError) problem = NULL;
      g_autofree char *line = g_data_input_stream_read_line (data, NULL, cancellable, &problem);
      char **cells;

      if (problem != NULL)
        {
          g_ptr_array_unref (lines);
          bv_clickhouse_fail_network (self, problem, error);
          return NULL;
        }
      if (line == NULL)
        return lines;
      cells = g_strsplit (line, "\t", -1);
      for (guint i = 0; cells[i] != NULL; i++)
        cells[i][bv_clickhouse_unescape (cells[i], strlen (cells[i]))] = '\0';
      g_ptr_array_add (lines, cells);
    }
}

/* --- The session */

/* Whether somebody listens, with a time limit of its own. */
static gboolean
try_connection (BvClickhouse *self, GCancellable *cancellable, GError **error)
{
  const BvDbSettings *settings = &self->parent.settings;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) problem = NULL;
  int port = settings->port != 0 ? (int) settings->port : settings->tls != BV_TLS_OFF ? DEFAULT_TLS_PORT : DEFAULT_PORT;

  g_socket_client_set_timeout (client, connect_timeout (self));
  connection = g_socket_client_connect_to_host (client, settings->host != NULL && *settings->host != '\0' ? settings->host : "localhost",
                                                (guint16) port, cancellable, &problem);
  return connection != NULL || bv_clickhouse_fail_network (self, problem, error);
}

static void
clickhouse_close (BvDatabase *db)
{
  BvClickhouse *self = (BvClickhouse *) db;

  g_clear_object (&self->session);
  g_clear_object (&self->socket);
  g_clear_object (&self->authorities);
  g_clear_error (&self->refused);
  bv_database_clear (db);
  g_free (self);
}

static BvDatabase *
clickhouse_open (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  BvClickhouse *self = g_new0 (BvClickhouse, 1);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) problem = NULL;
  const char *ca;

  bv_database_init (&self->parent, &bv_clickhouse_class, settings);
  self->n_wishes = G_N_ELEMENTS (wishes);
  if (!bv_db_get_authorities (settings, &ca, error))
    goto failed;
  if (ca != NULL && settings->ca_file != NULL)
    {
      self->authorities = g_tls_file_database_new (ca, &problem);
      if (self->authorities == NULL)
        {
          g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS, _("“%s” holds no certificates (“%s”): choose another file"), ca, problem->message);
          goto failed;
        }
    }
  if (!try_connection (self, cancellable, error))
    goto failed;
  lines = ask (self, "SELECT version()", cancellable, error);
  if (lines == NULL)
    goto failed;
  if (lines->len != 1 || !g_ascii_isdigit (**(char **) lines->pdata[0]))
    {
      bv_clickhouse_fail (self, 200, "", error);
      goto failed;
    }
  self->parent.version = g_strdup_printf ("ClickHouse %s", *(char **) lines->pdata[0]);
  /* Its connection has the time limit of connecting. */
  g_clear_object (&self->session);
  return &self->parent;

failed:
  clickhouse_close (&self->parent);
  return NULL;
}

static void
clickhouse_check (BvDatabase *db, GPtrArray *lines, GCancellable *cancellable)
{
  bv_db_add_tls_line (db, lines, db->settings.tls != BV_TLS_OFF);
}

/* --- What is there */

static const char own_databases[] = "('system', 'INFORMATION_SCHEMA', 'information_schema', '_temporary_and_external_tables')";

static GPtrArray *
clickhouse_list_tables (BvDatabase *db, const char *schema, GCancellable *cancellable, GError **error)
{
  BvClickhouse *self = (BvClickhouse *) db;
  g_autoptr (GString) where = g_string_new (NULL);
  g_autofree char *sql = NULL;
  g_autofree char *old_sql = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) problem = NULL;
  GPtrArray *tables;

  if (schema == NULL && db->settings.database != NULL && *db->settings.database != '\0')
    schema = db->settings.database;
  if (schema != NULL)
    {
      g_autofree char *literal = bv_db_quote_text (schema, TRUE);

      g_string_printf (where, "database = %s", literal);
    }
  else
    g_string_printf (where, "database NOT IN %s", own_databases);
  sql = g_strdup_printf ("SELECT database, name, engine, total_rows FROM system.tables WHERE %s AND name NOT LIKE '.inner%%' ORDER BY database, name",
                         where->str);
  lines = ask (self, sql, cancellable, &problem);
  if (g_error_matches (problem, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND) || g_error_matches (problem, BV_DB_ERROR, BV_DB_ERROR_SQL))
    {
      /* Versions without total_rows. */
      g_clear_error (&problem);
      old_sql = g_strdup_printf ("SELECT database, name, engine, n FROM (SELECT database, name, engine FROM system.tables WHERE %s AND name NOT LIKE '.inner%%') "
                                 "ANY LEFT JOIN (SELECT database, table AS name, toString(sum(rows)) AS n FROM system.parts WHERE active AND %s "
                                 "GROUP BY database, table) USING (database, name) ORDER BY database, name", where->str, where->str);
      lines = ask (self, old_sql, cancellable, &problem);
    }
  if (lines == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  tables = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_table_free);
  for (guint i = 0; i < lines->len; i++)
    {
      char **cells = lines->pdata[i];
      BvDbTable *table;

      if (g_strv_length (cells) < 4)
        continue;
      table = g_new0 (BvDbTable, 1);
      table->schema = g_strdup (cells[0]);
      table->name = g_strdup (cells[1]);
      table->kind = g_str_has_suffix (cells[2], "View") ? BV_DB_VIEW : BV_DB_TABLE;
      table->n_rows = g_ascii_isdigit (*cells[3]) && table->kind == BV_DB_TABLE ? g_ascii_strtoll (cells[3], NULL, 10) : -1;
      table->readable = TRUE;
      g_ptr_array_add (tables, table);
    }
  return tables;
}

static GPtrArray *
describe (BvDatabase *db, const char *what, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DESCRIBE TABLE %s FORMAT TabSeparated", what);
  g_autoptr (GPtrArray) lines = ask ((BvClickhouse *) db, sql, cancellable, error);
  GPtrArray *columns;

  if (lines == NULL)
    return NULL;
  columns = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  for (guint i = 0; i < lines->len; i++)
    {
      char **cells = lines->pdata[i];

      /* Aliases are computed, and no SELECT * has them. */
      if (g_strv_length (cells) >= 2 && (cells[2] == NULL || !g_str_equal (cells[2], "ALIAS")))
        g_ptr_array_add (columns, bv_clickhouse_map (cells[0], cells[1]));
    }
  return columns;
}

/* "Replicated…MergeTree" of the engines that keep one row for each sorting key. */
static gboolean
keeps_one (const char *engine)
{
  static const char *const engines[] = { "ReplacingMergeTree", "CollapsingMergeTree", "VersionedCollapsingMergeTree", "CoalescingMergeTree", NULL };
  const char *rest = g_str_has_prefix (engine, "Replicated") ? engine + strlen ("Replicated") : g_str_has_prefix (engine, "Shared") ? engine + strlen ("Shared") : engine;

  return g_strv_contains (engines, rest);
}

/* Marks the columns of the sorting key, where it is one of plain columns and the engine keeps one row for each. */
static gboolean
find_key (BvDatabase *db, const char *schema, const char *table, GPtrArray *columns, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = bv_db_quote_text (table, TRUE);
  g_autofree char *database = schema != NULL ? bv_db_quote_text (schema, TRUE) : g_strdup ("currentDatabase()");
  g_autofree char *sql = g_strdup_printf ("SELECT engine, sorting_key FROM system.tables WHERE database = %s AND name = %s", database, name);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) lines = ask ((BvClickhouse *) db, sql, cancellable, &problem);
  g_auto (GStrv) parts = NULL;
  char **cells;

  if (lines == NULL)
    {
      /* Versions that do not say, and users who may not ask, name their keys. */
      if (!bv_db_error_is_transient (problem) && problem->domain == BV_DB_ERROR)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  cells = lines->len == 1 ? lines->pdata[0] : NULL;
  if (cells == NULL || g_strv_length (cells) != 2 || !keeps_one (cells[0]))
    return TRUE;
  parts = g_strsplit (cells[1], ", ", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const BvDbColumn *column = bv_db_find_column (columns, parts[i]);

      if (column == NULL || column->nullable)
        return TRUE;
    }
  for (guint i = 0; parts[i] != NULL; i++)
    bv_db_find_column (columns, parts[i])->key = i + 1;
  return TRUE;
}

static GPtrArray *
clickhouse_list_columns (BvDatabase *db, const char *schema, const char *table, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) what = g_string_new (NULL);
  g_autoptr (GPtrArray) columns = NULL;

  if (schema != NULL)
    {
      bv_db_append_name (db, what, schema);
      g_string_append_c (what, '.');
    }
  bv_db_append_name (db, what, table);
  columns = describe (db, what->str, cancellable, error);
  if (columns == NULL || !find_key (db, schema, table, columns, cancellable, error))
    return NULL;
  return g_steal_pointer (&columns);
}

static GPtrArray *
clickhouse_describe (BvDatabase *db, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autofree char *what = g_strdup_printf ("(%s\n)", sql);

  return describe (db, what, cancellable, error);
}

/* The number behind the last @sign of the column's type, "Nullable(FixedString(3))" or "Decimal(18, 4)". */
static int
type_number (const BvDbColumn *column, char sign)
{
  const char *found = strrchr (column->native, sign);

  return found != NULL ? (int) g_ascii_strtoll (found + 1, NULL, 10) : 0;
}

static char *
clickhouse_literal (BvDatabase *db, const BvDbColumn *column, const BvValue *value)
{
  g_autofree char *text = bv_value_to_plain (value);
  g_autofree char *quoted = bv_db_quote_text (text, TRUE);
  char buf[BV_TIME_TEXT_MAX];

  if (value->type == BV_TYPE_NULL)
    return g_strdup ("NULL");
  if (value->type == BV_TYPE_INT || value->type == BV_TYPE_BOOL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, value->i);
  if (value->type == BV_TYPE_DATE)
    return g_strdup_printf ("%s(%s)", strstr (column->native, "Date32") != NULL ? "toDate32" : "toDate", quoted);
  if (value->type == BV_TYPE_TIMESTAMP && strstr (column->native, "DateTime64") != NULL)
    return g_strdup_printf ("toDateTime64(%s, 6, 'UTC')", quoted);
  if (value->type == BV_TYPE_TIMESTAMP)
    return g_strdup_printf ("toDateTime('%s', 'UTC')", bv_timestamp_to_text (bv_floor_div (value->i, BV_SECOND_US) * BV_SECOND_US, buf));
  /* Decimals do not compare with floats, nor filled up texts with those that are not. */
  if (column->native_id == BV_CH_DECIMAL)
    return g_strdup_printf ("toDecimal128(%s, %d)", quoted, type_number (column, strchr (column->native, ',') != NULL ? ',' : '('));
  if (column->native_id == BV_CH_FIXED)
    return g_strdup_printf ("toFixedString(%s, %d)", quoted, type_number (column, '('));
  if (strstr (column->native, "UUID") != NULL)
    return g_strdup_printf ("toUUID(%s)", quoted);
  if (column->type == BV_TYPE_DOUBLE)
    return g_strdup_printf ("%s(%s)", strstr (column->native, "Float32") != NULL ? "toFloat32" : "toFloat64", quoted);
  return g_steal_pointer (&quoted);
}

const BvDbClass bv_clickhouse_class = {
  .open = clickhouse_open,
  .close = clickhouse_close,
  .check = clickhouse_check,
  .list_tables = clickhouse_list_tables,
  .list_columns = clickhouse_list_columns,
  .describe = clickhouse_describe,
  .query = bv_clickhouse_query,
  .next = bv_clickhouse_next,
  .end = bv_clickhouse_end,
  .quote = '`',
  .literal = clickhouse_literal,
};
