/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL: connections, errors, what is there.
 *
 * Nothing of libpq that waits is called without a look at the cancellable: the connection is made with PQconnectPoll, answers are
 * awaited with poll on the socket and on the cancellable's descriptor. Names are resolved by GLib, because libpq would block. When
 * a statement is to stop, PQcancel asks the server, and what it still sends is read, so that the connection can be used again; a
 * server that keeps sending for some seconds is left.
 *
 * The session is set to what the decoders expect (UTF-8, UTC, ISO intervals) after connecting, not in the start packet, which
 * poolers refuse.
 */
#include "config.h"

#include "bv-postgres-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <openssl/ssl.h>
#include <string.h>

#define DEFAULT_PORT 5432
/* What a cancelled statement may take to end. */
#define STOP_US (5 * G_USEC_PER_SEC)

/* --- Errors */

/* Where "28P01: password…" begins in a line, or NULL. */
static const char *
find_state (const char *line)
{
  for (const char *p = line; (p = strstr (p, ":  ")) != NULL; p += 3)
    if (strspn (p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 && p[8] == ':')
      return p + 3;
  return NULL;
}

/* The line of a message that says most: libpq reports on every address of a host. *state gets the server's code. (transfer full) */
static char *
server_words (const char *message, char state[6])
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);
  const char *best = lines[0] != NULL ? lines[0] : "";

  state[0] = '\0';
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *found = find_state (lines[i]);

      if (found != NULL)
        {
          memcpy (state, found, 5);
          state[5] = '\0';
          best = found + 6;
          break;
        }
      if (strstr (best, "SSL") == NULL && (strstr (lines[i], "SSL") != NULL || strstr (lines[i], "ertificate") != NULL ||
                                           strstr (lines[i], "no password") != NULL))
        best = lines[i];
    }
  while (g_ascii_isspace (*best))
    best++;
  return g_utf8_make_valid (best, -1);
}

static BvDbError
code_of_state (const char *state)
{
  static const struct { const char *start; BvDbError code; } codes[] = {
    { "28", BV_DB_ERROR_LOGIN },      { "3D", BV_DB_ERROR_DATABASE },    { "42501", BV_DB_ERROR_PERMISSION },
    { "42P01", BV_DB_ERROR_NOT_FOUND }, { "42703", BV_DB_ERROR_NOT_FOUND }, { "3F", BV_DB_ERROR_NOT_FOUND },
    { "40", BV_DB_ERROR_BUSY },       { "53", BV_DB_ERROR_BUSY },        { "57P03", BV_DB_ERROR_BUSY },
    { "57014", BV_DB_ERROR_BUSY },    { "55P03", BV_DB_ERROR_BUSY },     { "57", BV_DB_ERROR_LOST },
    { "08", BV_DB_ERROR_LOST },       { "42", BV_DB_ERROR_SQL },         { "22", BV_DB_ERROR_SQL },
    { "25", BV_DB_ERROR_SQL },        { "0A", BV_DB_ERROR_SQL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_has_prefix (state, codes[i].start))
      return codes[i].code;
  return BV_DB_ERROR_FAILED;
}

gboolean
bv_postgres_fail (BvPostgres *self, const PGresult *result, GError **error)
{
  char state[6];
  g_autofree char *words = server_words (result != NULL ? PQresultErrorMessage (result) : PQerrorMessage (self->conn), state);
  BvDbError code;

  if (*state == '\0' && result != NULL && PQresultErrorField (result, PG_DIAG_SQLSTATE) != NULL)
    g_strlcpy (state, PQresultErrorField (result, PG_DIAG_SQLSTATE), sizeof state);
  code = *state != '\0' ? code_of_state (state) : BV_DB_ERROR_LOST;
  if (PQstatus (self->conn) == CONNECTION_BAD)
    {
      self->parent.broken = TRUE;
      if (code == BV_DB_ERROR_FAILED)
        code = BV_DB_ERROR_LOST;
    }
  if (code == BV_DB_ERROR_LOGIN && !g_str_equal (state, "28P01"))
    g_set_error (error, BV_DB_ERROR, code, _("PostgreSQL lets nobody in like this (“%s”): check user, TLS and the server’s rules"), words);
  else
    bv_db_set_error (&self->parent.settings, code, words, error);
  return FALSE;
}

/* Why no connection came about. */
static void
fail_connect (BvPostgres *self, GError **error)
{
  const BvDbSettings *settings = &self->parent.settings;
  char state[6];
  g_autofree char *words = server_words (PQerrorMessage (self->conn), state);

  if (*state != '\0')
    bv_postgres_fail (self, NULL, error);
  else if (strstr (words, "no password") != NULL)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_LOGIN, _("PostgreSQL asks for a password: enter one"));
  else if (strstr (words, "not support SSL") != NULL)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS, _("“%s” does not encrypt (“%s”): turn TLS on there, or off here"), settings->host, words);
  /* SYSCALL: a connection that broke */
  else if (strstr (words, "SYSCALL") == NULL && (strstr (words, "SSL") != NULL || (strstr (words, "ertificate") != NULL && bv_db_trusts_authorities (settings))))
    bv_db_set_error (settings, BV_DB_ERROR_TLS, words, error);
  else
    bv_db_set_error (settings, BV_DB_ERROR_UNREACHABLE, words, error);
}

/* --- Waiting */

/* Waits for @events; *timed_out when @deadline (monotonic µs, 0 for none) passed first. */
static gboolean
wait_for (BvPostgres *self, int events, gint64 deadline, gboolean *timed_out, GCancellable *cancellable, GError **error)
{
  GPollFD fds[2] = { { PQsocket (self->conn), (gushort) (events | G_IO_ERR | G_IO_HUP), 0 } };
  guint n = 1;
  int ready;

  *timed_out = FALSE;
  if (g_cancellable_make_pollfd (cancellable, &fds[1]))
    n = 2;
  do
    {
      gint64 left = deadline != 0 ? MAX (deadline - g_get_monotonic_time (), 0) / 1000 + 1 : -1;

      ready = g_poll (fds, n, (int) left);
    }
  while (ready < 0 && errno == EINTR);
  if (n == 2)
    g_cancellable_release_fd (cancellable);
  *timed_out = ready == 0;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
bv_postgres_wait (BvPostgres *self, GCancellable *cancellable, GError **error)
{
  gboolean timed_out;

  if (!wait_for (self, G_IO_IN, 0, &timed_out, cancellable, error))
    return FALSE;
  return PQconsumeInput (self->conn) != 0 || bv_postgres_fail (self, NULL, error);
}

void
bv_postgres_stop (BvPostgres *self)
{
  PGcancel *cancel = PQgetCancel (self->conn);
  gint64 deadline = g_get_monotonic_time () + STOP_US;
  char why[256];

  if (cancel != NULL)
    PQcancel (cancel, why, sizeof why);
  PQfreeCancel (cancel);
  while (PQstatus (self->conn) == CONNECTION_OK)
    {
      PGresult *result;
      gboolean timed_out = FALSE;

      if (!PQisBusy (self->conn))
        {
          result = PQgetResult (self->conn);
          if (result == NULL)
            return;
          if (PQresultStatus (result) == PGRES_COPY_OUT)
            {
              char *data;
              int n;

              while ((n = PQgetCopyData (self->conn, &data, 1)) > 0)
                PQfreemem (data);
              if (n == 0)
                timed_out = !wait_for (self, G_IO_IN, deadline, &timed_out, NULL, NULL) || timed_out ||
                            g_get_monotonic_time () > deadline || PQconsumeInput (self->conn) == 0;
            }
          PQclear (result);
        }
      else
        timed_out = !wait_for (self, G_IO_IN, deadline, &timed_out, NULL, NULL) || timed_out || PQconsumeInput (self->conn) == 0;
      if (timed_out)
        break;
    }
  self->parent.broken = TRUE;
}

/* The last result of what was sent, where @sent says that it was. */
static PGresult *
await_result (BvPostgres *self, int sent, GCancellable *cancellable, GError **error)
{
  g_autoptr (PGresult) last = NULL;

  if (sent == 0)
    {
      bv_postgres_fail (self, NULL, error);
      return NULL;
    }
  while (TRUE)
    {
      PGresult *result;

      while (PQisBusy (self->conn))
        if (!bv_postgres_wait (self, cancellable, error))
          {
            bv_postgres_stop (self);
            return NULL;
          }
      result = PQgetResult (self->conn);
      if (result == NULL)
        break;
      PQclear (last);
      last = result;
      /* COPY's data is read by the caller. */
      if (PQresultStatus (result) == PGRES_COPY_OUT)
        return g_steal_pointer (&last);
    }
  if (last == NULL || (PQresultStatus (last) != PGRES_TUPLES_OK && PQresultStatus (last) != PGRES_COMMAND_OK))
    {
      bv_postgres_fail (self, last, error);
      return NULL;
    }
  return g_steal_pointer (&last);
}

PGresult *
bv_postgres_exec (BvPostgres *self, const char *sql, const char *const *params, guint n_params, GCancellable *cancellable, GError **error)
{
  return await_result (self, PQsendQueryParams (self->conn, sql, (int) n_params, NULL, params, NULL, NULL, 0), cancellable, error);
}

/* --- Connections */

static void
ignore_notice (void *data, const char *message)
{
}

/* "h,h" and "10.0.0.1,10.0.0.2" for a host of two addresses, so that libpq need not resolve. */
static gboolean
resolve (const char *host, char **hosts, char **addresses, GCancellable *cancellable, GError **error)
{
  g_autoptr (GResolver) resolver = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) numbers = g_string_new (NULL);
  GList *found;

  if (g_hostname_is_ip_address (host))
    {
      *hosts = g_strdup (host);
      return TRUE;
    }
  resolver = g_resolver_get_default ();
  found = g_resolver_lookup_by_name (resolver, host, cancellable, NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      g_resolver_free_addresses (found);
      return FALSE;
    }
  if (found == NULL)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_UNREACHABLE, _("There is no computer “%s”: check the address"), host);
      return FALSE;
    }
  for (GList *l = found; l != NULL; l = l->next)
    {
      g_autofree char *number = g_inet_address_to_string (l->data);

      g_string_append_printf (names, "%s%s", l != found ? "," : "", host);
      g_string_append_printf (numbers, "%s%s", l != found ? "," : "", number);
    }
  g_resolver_free_addresses (found);
  *hosts = g_strdup (names->str);
  *addresses = g_strdup (numbers->str);
  return TRUE;
}

static gboolean
start_connection (BvPostgres *self, GCancellable *cancellable, GError **error)
{
  static const char *const modes[] = { "disable", "require", "verify-full" };
  const BvDbSettings *settings = &self->parent.settings;
  g_autofree char *hosts = NULL;
  g_autofree char *addresses = NULL;
  g_autofree char *port = g_strdup_printf ("%u", settings->port != 0 ? settings->port : DEFAULT_PORT);
  const char *ca;
  const char *keys[20];
  const char *values[20];
  guint n = 0;

  if (settings->socket == NULL &&
      !resolve (settings->host != NULL && *settings->host != '\0' ? settings->host : "localhost", &hosts, &addresses, cancellable, error))
    return FALSE;
  if (!bv_db_get_authorities (settings, &ca, error))
    return FALSE;
#define ADD(key, value) (keys[n] = (key), values[n] = (value), n++)
  ADD ("host", settings->socket != NULL ? settings->socket : hosts);
  if (addresses != NULL)
    ADD ("hostaddr", addresses);
  ADD ("port", port);
  ADD ("dbname", settings->database != NULL && *settings->database != '\0' ? settings->database : "postgres");
  ADD ("user", settings->user);
  ADD ("password", settings->password);
  ADD ("sslmode", settings->socket != NULL ? "disable" : modes[settings->fingerprint != NULL && settings->tls != BV_TLS_OFF ? BV_TLS_REQUIRED : CLAMP ((int) settings->tls, 0, 2)]);
  if (bv_db_trusts_authorities (settings))
    ADD ("sslrootcert", ca);
  ADD ("gssencmode", "disable");
  ADD ("client_encoding", "UTF8");
  ADD ("application_name", "belvedere");
  ADD ("keepalives_idle", "30");
  ADD ("keepalives_interval", "10");
  ADD ("keepalives_count", "3");
#undef ADD
  keys[n] = values[n] = NULL;
  self->conn = PQconnectStartParams (keys, values, 0);
  if (self->conn == NULL)
    g_error ("out of memory");
  /* For the codes in messages. */
  PQsetErrorVerbosity (self->conn, PQERRORS_VERBOSE);
  PQsetNoticeProcessor (self->conn, ignore_notice, NULL);
  return TRUE;
}

/* Before anything is said to a server that shows a certificate. */
static gboolean
check_certificate (BvPostgres *self, GError **error)
{
  SSL *ssl = PQsslStruct (self->conn, "OpenSSL");
  X509 *certificate = ssl != NULL ? SSL_get1_peer_certificate (ssl) : NULL;
  unsigned char *der = NULL;
  int length = certificate != NULL ? i2d_X509 (certificate, &der) : 0;
  g_autofree char *found = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, (gsize) MAX (length, 0));

  OPENSSL_free (der);
  X509_free (certificate);
  return bv_db_check_fingerprint (&self->parent.settings, found, error);
}

static gboolean
finish_connection (BvPostgres *self, GCancellable *cancellable, GError **error)
{
  const BvDbSettings *settings = &self->parent.settings;
  guint timeout = settings->timeout != 0 ? settings->timeout : BV_DB_TIMEOUT;
  gint64 deadline = g_get_monotonic_time () + timeout * G_USEC_PER_SEC;
  gboolean unknown = settings->fingerprint != NULL && settings->tls != BV_TLS_OFF && settings->socket == NULL;
  PostgresPollingStatusType state = PQstatus (self->conn) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;

  while (state != PGRES_POLLING_OK)
    {
      gboolean timed_out;

      if (state == PGRES_POLLING_FAILED)
        {
          fail_connect (self, error);
          return FALSE;
        }
      if (!wait_for (self, state == PGRES_POLLING_READING ? G_IO_IN : G_IO_OUT, deadline, &timed_out, cancellable, error))
        return FALSE;
      if (timed_out)
        {
          g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_UNREACHABLE,
                       ngettext ("“%s” did not answer for %u second: check address and port", "“%s” did not answer for %u seconds: check address and port", timeout),
                       settings->socket != NULL ? settings->socket : settings->host, timeout);
          return FALSE;
        }
      state = PQconnectPoll (self->conn);
      /* TLS stands, and the next call would begin to log in. */
      if (unknown && PQsslInUse (self->conn) && PQstatus (self->conn) == CONNECTION_MADE)
        {
          if (!check_certificate (self, error))
            return FALSE;
          unknown = FALSE;
        }
    }
  /* Whatever way the library took */
  return !unknown || check_certificate (self, error);
}

static void
postgres_close (BvDatabase *db)
{
  BvPostgres *self = (BvPostgres *) db;

  PQfinish (self->conn);
  bv_database_clear (db);
  g_free (self);
}

static BvDatabase *
postgres_open (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  BvPostgres *self = g_new0 (BvPostgres, 1);
  g_autoptr (PGresult) set = NULL;
  const char *encoding;
  int number;

  bv_database_init (&self->parent, &bv_postgres_class, settings);
  if (!start_connection (self, cancellable, error) || !finish_connection (self, cancellable, error) ||
      (set = bv_postgres_exec (self,
                               "SELECT set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), "
                               "set_config('intervalstyle', 'iso_8601', false), set_config('extra_float_digits', '1', false), "
                               "set_config('standard_conforming_strings', 'on', false), set_config('bytea_output', 'hex', false), "
                               "set_config('xmlbinary', 'base64', false), set_config('default_transaction_read_only', 'on', false), "
                               "set_config('statement_timeout', '0', false), "
                               "set_config('idle_in_transaction_session_timeout', '0', false)",
                               NULL, 0, cancellable, error)) == NULL)
    {
      postgres_close (&self->parent);
      return NULL;
    }
  encoding = PQparameterStatus (self->conn, "server_encoding");
  self->checks_text = g_strcmp0 (encoding, "UTF8") != 0;
  number = PQserverVersion (self->conn);
  self->parent.version = g_strdup_printf ("PostgreSQL %d.%d", number / 10000, number >= 100000 ? number % 10000 : number / 100 % 100);
  return &self->parent;
}

static void
postgres_check (BvDatabase *db, GPtrArray *lines, GCancellable *cancellable)
{
  BvPostgres *self = (BvPostgres *) db;

  bv_db_add_tls_line (db, lines, PQsslInUse (self->conn) != 0);
}

/* --- What is there */

static GPtrArray *
postgres_list_tables (BvDatabase *db, const char *schema, GCancellable *cancellable, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  GPtrArray *tables;

  /* Partitions are read through their table. An estimate of -1 is "never analysed". */
  result = bv_postgres_exec ((BvPostgres *) db,
                             "SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), CASE WHEN c.relkind = 'v' THEN -1 ELSE c.reltuples::bigint END, "
                             "pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') "
                             "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                             "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname !~ '^pg_' "
                             "AND n.nspname <> 'information_schema' AND ($1::text IS NULL OR n.nspname = $1) ORDER BY 1, 2",
                             &schema, 1, cancellable, error);
  if (result == NULL)
    return NULL;
  tables = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_table_free);
  for (int i = 0; i < PQntuples (result); i++)
    {
      BvDbTable *table = g_new0 (BvDbTable, 1);

      table->schema = g_strdup (PQgetvalue (result, i, 0));
      table->name = g_strdup (PQgetvalue (result, i, 1));
      table->kind = *PQgetvalue (result, i, 2) == 't' ? BV_DB_VIEW : BV_DB_TABLE;
      table->n_rows = g_ascii_strtoll (PQgetvalue (result, i, 3), NULL, 10);
      table->readable = *PQgetvalue (result, i, 4) == 't';
      g_ptr_array_add (tables, table);
    }
  return tables;
}

static GPtrArray *
postgres_describe (BvDatabase *db, const char *sql, GCancellable *cancellable, GError **error)
{
  BvPostgres *self = (BvPostgres *) db;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  g_autoptr (PGresult) prepared = NULL;
  g_autoptr (PGresult) described = NULL;
  g_autoptr (PGresult) types = NULL;
  g_autoptr (GString) oids = g_string_new ("{");
  g_autoptr (GString) modifiers = g_string_new ("{");
  int n;

  /* The extended protocol takes one statement only. Somebody who alters the table keeps this waiting. */
  prepared = await_result (self, PQsendPrepare (self->conn, "", sql, 0, NULL), cancellable, error);
  described = prepared != NULL ? await_result (self, PQsendDescribePrepared (self->conn, ""), cancellable, error) : NULL;
  if (described == NULL)
    return NULL;
  n = PQnfields (described);
  for (int i = 0; i < n; i++)
    {
      g_string_append_printf (oids, "%s%u", i > 0 ? "," : "", PQftype (described, i));
      g_string_append_printf (modifiers, "%s%d", i > 0 ? "," : "", PQfmod (described, i));
    }
  g_string_append_c (oids, '}');
  g_string_append_c (modifiers, '}');
  types = bv_postgres_exec (self,
                            "SELECT pg_catalog.format_type(o, m) FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS t(o, m, n) ORDER BY n",
                            (const char *const[]){ oids->str, modifiers->str }, 2, cancellable, error);
  if (types == NULL)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = bv_db_unique_name (names, PQfname (described, i));
      BvPgForm form;
      const char *before, *after;
      BvType type = bv_postgres_map (PQftype (described, i), PQfmod (described, i), &form, &before, &after);
      BvDbColumn *column = bv_db_column_new (name, PQgetvalue (types, i, 0), type, TRUE);

      column->native_id = PQftype (described, i);
      column->native_modifier = PQfmod (described, i);
      g_ptr_array_add (columns, column);
    }
  return g_steal_pointer (&columns);
}

static GPtrArray *
postgres_list_columns (BvDatabase *db, const char *schema, const char *table, GCancellable *cancellable, GError **error)
{
  BvDbQuery query = { .schema = schema, .table = table };
  g_autoptr (GString) sql = g_string_new ("SELECT * FROM ");
  g_autoptr (GPtrArray) columns = NULL;
  g_autoptr (PGresult) keys = NULL;

  bv_db_append_from (db, sql, &query, "q");
  columns = postgres_describe (db, sql->str, cancellable, error);
  if (columns == NULL)
    return NULL;
  /* The primary key, or the first unique index that no null can be in. */
  keys = bv_postgres_exec ((BvPostgres *) db,
                           "WITH t AS (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                           "WHERE c.relname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END), "
                           "i AS (SELECT x.indkey::int2[] AS k, x.indnkeyatts AS n FROM pg_catalog.pg_index x JOIN t ON x.indrelid = t.oid "
                           "WHERE x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL AND NOT EXISTS (SELECT 1 "
                           "FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey::int2[]) AND NOT a.attnotnull) "
                           "ORDER BY x.indisprimary DESC, x.indnkeyatts, x.indexrelid LIMIT 1) "
                           "SELECT a.attname, a.attnotnull, coalesce((SELECT u.place FROM i, unnest(i.k) WITH ORDINALITY AS u(attnum, place) "
                           "WHERE u.attnum = a.attnum AND u.place <= i.n), 0), pg_catalog.has_column_privilege(t.oid, a.attnum, 'SELECT') "
                           "FROM pg_catalog.pg_attribute a JOIN t ON a.attrelid = t.oid WHERE a.attnum > 0 AND NOT a.attisdropped",
                           (const char *const[]){ schema, table }, 2, cancellable, error);
  if (keys == NULL)
    return NULL;
  for (int i = 0; i < PQntuples (keys); i++)
    {
      BvDbColumn *column = bv_db_find_column (columns, PQgetvalue (keys, i, 0));

      if (column == NULL)
        continue;
      column->nullable = *PQgetvalue (keys, i, 1) != 't';
      column->key = (guint) g_ascii_strtoull (PQgetvalue (keys, i, 2), NULL, 10);
      if (*PQgetvalue (keys, i, 3) != 't')
        g_ptr_array_remove (columns, column);
    }
  if (columns->len == 0 && PQntuples (keys) > 0)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_PERMISSION, _("The user may not read table “%s”: grant SELECT"), table);
      return NULL;
    }
  return g_steal_pointer (&columns);
}

/* In quotes a value is read by the column's type: no float of 32 bits is compared with a decimal. The session is in UTC, so times read right with
 * and without a zone. A whole number less a look-back may be none of the column's. */
static char *
postgres_literal (BvDatabase *db, const BvDbColumn *column, const BvValue *value)
{
  g_autofree char *text = bv_value_to_plain (value);
  g_autofree char *quoted = bv_db_quote_text (text, FALSE);

  if (value->type == BV_TYPE_NULL)
    return g_strdup ("NULL");
  if (value->type == BV_TYPE_INT)
    return g_steal_pointer (&text);
  if (column->native_id == BV_PG_BYTEA)
    return g_strdup_printf ("decode(%s, 'hex')", quoted);
  if (column->native_id == BV_PG_MONEY) /* whose text depends on the server's locale */
    return g_strdup_printf ("%s::numeric::money", quoted);
  return g_steal_pointer (&quoted);
}

const BvDbClass bv_postgres_class = {
  .open = postgres_open,
  .close = postgres_close,
  .check = postgres_check,
  .list_tables = postgres_list_tables,
  .list_columns = postgres_list_columns,
  .describe = postgres_describe,
  .query = bv_postgres_query,
  .next = bv_postgres_next,
  .end = bv_postgres_end,
  .quote = '"',
  .literal = postgres_literal,
};
