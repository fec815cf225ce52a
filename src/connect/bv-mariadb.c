/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MariaDB and MySQL: connections, errors, what is there.
 *
 * libmariadb's calls block, so two things are done beside them. Connecting runs in a thread of its own, which is left to itself when
 * the caller gives up: it ends with its time-out. While a statement runs, a watch waits for the cancellable; when that is
 * cancelled, a thread opens a second connection and says KILL QUERY, and if the statement does not end within seconds it cuts the
 * connection. The thread is joined before the connection is used again, so that it can never kill the next statement.
 */
#include "config.h"

#include "bv-fingerprint.h"
#include "bv-mariadb-private.h"

#include <errmsg.h>
#include <glib/gi18n-lib.h>
#include <mysqld_error.h>
#include <string.h>
#include <sys/socket.h>

#define DEFAULT_PORT 3306
/* What opening the second connection, and what the statement's end after KILL, may take. */
#define KILL_TIMEOUT 5
#define STOP_US (5 * G_USEC_PER_SEC)

/* --- Errors */

static BvDbError
code_of (guint number)
{
  switch (number)
    {
    case ER_ACCESS_DENIED_ERROR:
    case 1698: /* the socket's own users */
    case ER_MUST_CHANGE_PASSWORD:
      return BV_DB_ERROR_LOGIN;
    case ER_BAD_DB_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
      return BV_DB_ERROR_DATABASE;
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
    case ER_PROCACCESS_DENIED_ERROR:
    case ER_SPECIFIC_ACCESS_DENIED_ERROR:
      return BV_DB_ERROR_PERMISSION;
    case ER_NO_SUCH_TABLE:
    case ER_BAD_FIELD_ERROR:
      return BV_DB_ERROR_NOT_FOUND;
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_UNKNOWN_HOST:
    case CR_SOCKET_CREATE_ERROR:
      return BV_DB_ERROR_UNREACHABLE;
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case ER_SERVER_SHUTDOWN:
    case ER_CONNECTION_KILLED:
    case 4031: /* closed because it was idle */
      return BV_DB_ERROR_LOST;
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_LOCK_DEADLOCK:
    case ER_QUERY_INTERRUPTED:
    case 1969: /* max_statement_time */
    case 3024: /* MySQL's */
      return BV_DB_ERROR_BUSY;
    case CR_SSL_CONNECTION_ERROR:
    case 3159: /* require_secure_transport */
      return BV_DB_ERROR_TLS;
    default:
      return number >= 1000 && number < 2000 ? BV_DB_ERROR_SQL : BV_DB_ERROR_FAILED;
    }
}

static void
set_error (const BvDbSettings *settings, guint number, const char *message, GError **error)
{
  g_autofree char *words = g_utf8_make_valid (message, -1);

  bv_db_set_error (settings, code_of (number), words, error);
}

gboolean
bv_mariadb_fail (BvMariadb *self, GCancellable *cancellable, GError **error)
{
  guint number = mysql_errno (self->conn);

  if (code_of (number) == BV_DB_ERROR_LOST)
    self->parent.broken = TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    set_error (&self->parent.settings, number, mysql_error (self->conn), error);
  return FALSE;
}

/* --- Connecting */

/* The library tells the certificate by its SHA-1: that of the one that is accepted. (transfer full) */
static char *
expect_certificate (const BvDbSettings *settings, guint timeout, GError **error)
{
  BvDbSettings limited = *settings;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GByteArray) der = NULL;
  g_autofree char *found = NULL;

  limited.timeout = timeout;
  certificate = bv_db_find_certificate (&limited, NULL, error);
  if (certificate == NULL)
    return NULL;
  found = bv_fingerprint_of (certificate);
  der = bv_certificate_get_der (certificate);
  return bv_db_check_fingerprint (settings, found, error) ? g_compute_checksum_for_data (G_CHECKSUM_SHA1, der->data, der->len) : NULL;
}

static MYSQL *
connect_now (const BvDbSettings *settings, guint timeout, GError **error)
{
  static gsize initialised = 0;
  const BvDbSettings *s = settings;
  g_autofree char *expected = NULL;
  MYSQL *conn;
  const char *ca;
  unsigned int tcp = MYSQL_PROTOCOL_TCP, no = 0, seconds = timeout;
  unsigned long packet = 0x40000000;
  my_bool yes = 1;

  if (g_once_init_enter (&initialised))
    {
      mysql_library_init (0, NULL, NULL);
      g_once_init_leave (&initialised, 1);
    }
  if (!bv_db_get_authorities (settings, &ca, error))
    return NULL;
  if (s->fingerprint != NULL && s->tls != BV_TLS_OFF && s->socket == NULL)
    {
      expected = expect_certificate (settings, timeout, error);
      if (expected == NULL)
        return NULL;
    }
  conn = mysql_init (NULL);
  if (conn == NULL)
    g_error ("out of memory");
  mysql_options (conn, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options (conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options (conn, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  /* A server may otherwise ask for files of this machine. */
  mysql_options (conn, MYSQL_OPT_LOCAL_INFILE, &no);
  if (s->socket == NULL)
    mysql_options (conn, MYSQL_OPT_PROTOCOL, &tcp);
  if (s->socket == NULL && s->tls != BV_TLS_OFF)
    {
      mysql_options (conn, MYSQL_OPT_SSL_ENFORCE, &yes);
      if (s->fingerprint != NULL)
        mysql_options (conn, MARIADB_OPT_TLS_PEER_FP, expected);
      else if (s->tls == BV_TLS_VERIFIED)
        {
          mysql_options (conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
          mysql_options (conn, MYSQL_OPT_SSL_CA, ca);
        }
    }
  mysql_options4 (conn, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "belvedere");
  if (mysql_real_connect (conn, s->socket != NULL ? "localhost" : s->host != NULL ? s->host : "localhost", s->user, s->password,
                          s->database != NULL && *s->database != '\0' ? s->database : NULL, s->port != 0 ? s->port : DEFAULT_PORT, s->socket,
                          0) == NULL)
    {
      set_error (settings, mysql_errno (conn), mysql_error (conn), error);
      mysql_close (conn);
      return NULL;
    }
  return conn;
}

/* A connection being made; shared by the thread that makes it and the one that waits for it. */
typedef struct
{
  gatomicrefcount refs;
  GMutex lock;
  GCond changed;
  BvDbSettings settings;
  gboolean done;
  MYSQL *conn;
  GError *error;
} BvMyAttempt;

static void
attempt_unref (BvMyAttempt *attempt)
{
  if (!g_atomic_ref_count_dec (&attempt->refs))
    return;
  if (attempt->conn != NULL)
    mysql_close (attempt->conn);
  g_clear_error (&attempt->error);
  bv_db_settings_clear (&attempt->settings);
  g_mutex_clear (&attempt->lock);
  g_cond_clear (&attempt->changed);
  g_free (attempt);
}

static gpointer
attempt_main (gpointer data)
{
  BvMyAttempt *attempt = data;
  guint timeout = attempt->settings.timeout != 0 ? attempt->settings.timeout : BV_DB_TIMEOUT;
  MYSQL *conn = connect_now (&attempt->settings, timeout, &attempt->error);

  g_mutex_lock (&attempt->lock);
  attempt->conn = conn;
  attempt->done = TRUE;
  g_cond_signal (&attempt->changed);
  g_mutex_unlock (&attempt->lock);
  attempt_unref (attempt);
  mysql_thread_end ();
  return NULL;
}

static void
attempt_cancelled (GCancellable *cancellable, gpointer data)
{
  BvMyAttempt *attempt = data;

  g_mutex_lock (&attempt->lock);
  g_cond_signal (&attempt->changed);
  g_mutex_unlock (&attempt->lock);
}

static MYSQL *
connect_cancellably (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  BvMyAttempt *attempt = g_new0 (BvMyAttempt, 1);
  MYSQL *conn = NULL;
  gulong handler = 0;

  g_atomic_ref_count_init (&attempt->refs);
  g_atomic_ref_count_inc (&attempt->refs);
  g_mutex_init (&attempt->lock);
  g_cond_init (&attempt->changed);
  bv_db_settings_copy (settings, &attempt->settings);
  g_thread_unref (g_thread_new ("bv-mariadb", attempt_main, attempt));
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (attempt_cancelled), attempt, NULL);
  g_mutex_lock (&attempt->lock);
  while (!attempt->done && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&attempt->changed, &attempt->lock);
  if (attempt->done)
    conn = g_steal_pointer (&attempt->conn);
  g_mutex_unlock (&attempt->lock);
  g_cancellable_disconnect (cancellable, handler);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      if (conn != NULL)
        mysql_close (conn);
      conn = NULL;
    }
  else if (conn == NULL)
    g_propagate_error (error, g_steal_pointer (&attempt->error));
  attempt_unref (attempt);
  return conn;
}

/* --- Stopping a statement */

struct _BvMyWatch
{
  GMutex lock;
  GCond changed;
  gboolean ended;
  BvDbSettings settings;
  unsigned long id;
  int fd;
  GThread *killer;
  GCancellable *cancellable;
  gulong handler;
};

static gboolean
kill_query (const BvDbSettings *settings, unsigned long id)
{
  MYSQL *conn = connect_now (settings, KILL_TIMEOUT, NULL);
  g_autofree char *sql = g_strdup_printf ("KILL QUERY %lu", id);
  gboolean ok;

  if (conn == NULL)
    return FALSE;
  ok = mysql_query (conn, sql) == 0;
  mysql_close (conn);
  return ok;
}

static gpointer
killer_main (gpointer data)
{
  BvMyWatch *watch = data;
  gboolean told = kill_query (&watch->settings, watch->id);
  gint64 end = g_get_monotonic_time () + (told ? STOP_US : 0);

  g_mutex_lock (&watch->lock);
  while (!watch->ended && g_cond_wait_until (&watch->changed, &watch->lock, end))
    ;
  if (!watch->ended)
    shutdown (watch->fd, SHUT_RDWR);
  g_mutex_unlock (&watch->lock);
  mysql_thread_end ();
  return NULL;
}

static void
watch_cancelled (GCancellable *cancellable, gpointer data)
{
  BvMyWatch *watch = data;

  g_mutex_lock (&watch->lock);
  if (watch->killer == NULL && !watch->ended)
    watch->killer = g_thread_new ("bv-mariadb-kill", killer_main, watch);
  g_mutex_unlock (&watch->lock);
}

BvMyWatch *
bv_mariadb_watch (BvMariadb *self, GCancellable *cancellable)
{
  BvMyWatch *watch;

  if (cancellable == NULL)
    return NULL;
  watch = g_new0 (BvMyWatch, 1);
  g_mutex_init (&watch->lock);
  g_cond_init (&watch->changed);
  bv_db_settings_copy (&self->parent.settings, &watch->settings);
  watch->id = mysql_thread_id (self->conn);
  watch->fd = (int) mysql_get_socket (self->conn);
  watch->cancellable = g_object_ref (cancellable);
  watch->handler = g_cancellable_connect (cancellable, G_CALLBACK (watch_cancelled), watch, NULL);
  return watch;
}

void
bv_mariadb_unwatch (BvMyWatch *watch)
{
  if (watch == NULL)
    return;
  g_cancellable_disconnect (watch->cancellable, watch->handler);
  g_mutex_lock (&watch->lock);
  watch->ended = TRUE;
  g_cond_signal (&watch->changed);
  g_mutex_unlock (&watch->lock);
  if (watch->killer != NULL)
    g_thread_join (watch->killer);
  g_object_unref (watch->cancellable);
  bv_db_settings_clear (&watch->settings);
  g_mutex_clear (&watch->lock);
  g_cond_clear (&watch->changed);
  g_free (watch);
}

void
bv_mariadb_kill (BvMariadb *self)
{
  if (!kill_query (&self->parent.settings, mysql_thread_id (self->conn)))
    {
      shutdown ((int) mysql_get_socket (self->conn), SHUT_RDWR);
      self->parent.broken = TRUE;
    }
}

/* The whole result, for small ones. */
static MYSQL_RES *
ask (BvMariadb *self, const char *sql, GCancellable *cancellable, GError **error)
{
  BvMyWatch *watch = bv_mariadb_watch (self, cancellable);
  MYSQL_RES *result = NULL;

  if (mysql_real_query (self->conn, sql, strlen (sql)) == 0)
    result = mysql_store_result (self->conn);
  if (result == NULL)
    bv_mariadb_fail (self, cancellable, error);
  bv_mariadb_unwatch (watch);
  return result;
}

gboolean
bv_mariadb_do (BvMariadb *self, const char *sql, GCancellable *cancellable, GError **error)
{
  BvMyWatch *watch = bv_mariadb_watch (self, cancellable);
  gboolean ok = mysql_real_query (self->conn, sql, strlen (sql)) == 0 || bv_mariadb_fail (self, cancellable, error);

  if (ok)
    mysql_free_result (mysql_store_result (self->conn));
  bv_mariadb_unwatch (watch);
  return ok;
}

/* --- The session */

static void
mariadb_close (BvDatabase *db)
{
  BvMariadb *self = (BvMariadb *) db;

  if (self->conn != NULL)
    mysql_close (self->conn);
  bv_database_clear (db);
  g_free (self);
}

static BvDatabase *
mariadb_open (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  /* What one of the servers or versions lacks is no harm. */
  static const char *const wishes[] = {
    "SET SESSION net_write_timeout = 3600", "SET SESSION max_statement_time = 0", "SET SESSION max_execution_time = 0",
    "SET SESSION sql_select_limit = DEFAULT",
  };
  BvMariadb *self = g_new0 (BvMariadb, 1);
  const char *version, *name = "MySQL";
  const char *start;

  bv_database_init (&self->parent, &bv_mariadb_class, settings);
  self->conn = connect_cancellably (settings, cancellable, error);
  if (self->conn == NULL || !bv_mariadb_do (self, "SET SESSION TRANSACTION READ ONLY", cancellable, error) ||
      !bv_mariadb_do (self, "SET SESSION time_zone = '+00:00'", cancellable, error))
    {
      mariadb_close (&self->parent);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    if (mysql_query (self->conn, wishes[i]) != 0 && code_of (mysql_errno (self->conn)) == BV_DB_ERROR_LOST)
      self->parent.broken = TRUE;
  /* "5.5.5-10.11.6-MariaDB-1": the front is for old replicas. */
  version = mysql_get_server_info (self->conn);
  if (strstr (version, "MariaDB") != NULL)
    name = "MariaDB";
  start = g_str_has_prefix (version, "5.5.5-") ? version + 6 : version;
  self->parent.version = g_strdup_printf ("%s %.*s", name, (int) strspn (start, "0123456789."), start);
  return &self->parent;
}

static void
mariadb_check (BvDatabase *db, GPtrArray *lines, GCancellable *cancellable)
{
  BvMariadb *self = (BvMariadb *) db;

  bv_db_add_tls_line (db, lines, mysql_get_ssl_cipher (self->conn) != NULL);
}

/* --- What is there */

/* Without @schema: the database of the connection, or when it has none every one that is not the server's own. */
static void
append_scope (BvDatabase *db, GString *sql, const char *column, const char *schema)
{
  if (schema == NULL && db->settings.database != NULL && *db->settings.database != '\0')
    schema = db->settings.database;
  g_string_append_printf (sql, " WHERE %s", column);
  if (schema != NULL)
    {
      g_string_append (sql, " = ");
      bv_mariadb_append_text (sql, schema);
    }
  else
    g_string_append (sql, " NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')");
}

static GPtrArray *
mariadb_list_tables (BvDatabase *db, const char *schema, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) sql = g_string_new (
    "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_TYPE LIKE '%VIEW', t.TABLE_ROWS, c.open FROM information_schema.TABLES t LEFT JOIN (SELECT "
    "TABLE_SCHEMA AS s, TABLE_NAME AS n, MAX(FIND_IN_SET('select', PRIVILEGES) > 0) AS open FROM information_schema.COLUMNS");
  GPtrArray *tables;
  MYSQL_RES *result;
  MYSQL_ROW row;

  append_scope (db, sql, "TABLE_SCHEMA", schema);
  g_string_append (sql, " GROUP BY 1, 2) c ON c.s = t.TABLE_SCHEMA AND c.n = t.TABLE_NAME");
  append_scope (db, sql, "t.TABLE_SCHEMA", schema);
  g_string_append (sql, " AND t.TABLE_TYPE <> 'SEQUENCE' ORDER BY 1, 2");
  result = ask ((BvMariadb *) db, sql->str, cancellable, error);
  if (result == NULL)
    return NULL;
  tables = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_table_free);
  while ((row = mysql_fetch_row (result)) != NULL)
    {
      BvDbTable *table = g_new0 (BvDbTable, 1);

      table->schema = g_strdup (row[0]);
      table->name = g_strdup (row[1]);
      table->kind = g_strcmp0 (row[2], "1") == 0 ? BV_DB_VIEW : BV_DB_TABLE;
      table->n_rows = row[3] != NULL && table->kind == BV_DB_TABLE ? g_ascii_strtoll (row[3], NULL, 10) : -1;
      table->readable = g_strcmp0 (row[4], "1") == 0;
      g_ptr_array_add (tables, table);
    }
  mysql_free_result (result);
  return tables;
}

static GPtrArray *
mariadb_describe (BvDatabase *db, const char *sql, GCancellable *cancellable, GError **error)
{
  BvMariadb *self = (BvMariadb *) db;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  MYSQL_STMT *stmt = mysql_stmt_init (self->conn);
  MYSQL_RES *result;
  BvMyWatch *watch = bv_mariadb_watch (self, cancellable);
  gboolean ok = mysql_stmt_prepare (stmt, sql, strlen (sql)) == 0;

  bv_mariadb_unwatch (watch);
  if (!ok)
    {
      if (code_of (mysql_stmt_errno (stmt)) == BV_DB_ERROR_LOST)
        self->parent.broken = TRUE;
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        set_error (&db->settings, mysql_stmt_errno (stmt), mysql_stmt_error (stmt), error);
      mysql_stmt_close (stmt);
      return NULL;
    }
  result = mysql_stmt_result_metadata (stmt);
  for (guint i = 0; result != NULL && i < mysql_num_fields (result); i++)
    {
      const MYSQL_FIELD *field = mysql_fetch_field_direct (result, i);
      g_autofree char *name = bv_db_unique_name (names, field->name);

      g_ptr_array_add (columns, bv_mariadb_map (field, name));
    }
  mysql_free_result (result);
  mysql_stmt_close (stmt);
  return g_steal_pointer (&columns);
}

/* The primary key, or the first unique index that no null can be in. */
static gboolean
find_key (BvMariadb *self, GPtrArray *columns, const char *where, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS%s AND NON_UNIQUE = 0 AND SUB_PART IS NULL "
                                          "ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX", where);
  MYSQL_RES *result = ask (self, sql, cancellable, error);
  g_autoptr (GPtrArray) key = g_ptr_array_new ();
  g_autofree char *index = NULL;
  gboolean usable = TRUE;
  MYSQL_ROW row;

  if (result == NULL)
    return FALSE;
  while ((row = mysql_fetch_row (result)) != NULL)
    {
      BvDbColumn *column = row[1] != NULL ? bv_db_find_column (columns, row[1]) : NULL;

      if (g_strcmp0 (index, row[0]) != 0)
        {
          if (key->len > 0 && usable)
            break;
          g_ptr_array_set_size (key, 0);
          usable = TRUE;
          g_free (index);
          index = g_strdup (row[0]);
        }
      if (column == NULL || column->nullable)
        usable = FALSE;
      else
        g_ptr_array_add (key, column);
    }
  mysql_free_result (result);
  for (guint i = 0; usable && i < key->len; i++)
    ((BvDbColumn *) key->pdata[i])->key = i + 1;
  return TRUE;
}

static GPtrArray *
mariadb_list_columns (BvDatabase *db, const char *schema, const char *table, GCancellable *cancellable, GError **error)
{
  BvMariadb *self = (BvMariadb *) db;
  BvDbQuery query = { .schema = schema, .table = table };
  g_autoptr (GString) where = g_string_new (NULL);
  g_autoptr (GString) sql = g_string_new ("SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, FIND_IN_SET('select', PRIVILEGES) FROM information_schema.COLUMNS");
  g_autoptr (GString) select = g_string_new ("SELECT ");
  g_autoptr (GPtrArray) natives = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  g_autoptr (GPtrArray) columns = NULL;
  MYSQL_RES *result;
  MYSQL_ROW row;
  gboolean any = FALSE;

  append_scope (db, where, "TABLE_SCHEMA", schema);
  g_string_append (where, " AND TABLE_NAME = ");
  bv_mariadb_append_text (where, table);
  g_string_append_printf (sql, "%s ORDER BY ORDINAL_POSITION", where->str);
  result = ask (self, sql->str, cancellable, error);
  if (result == NULL)
    return NULL;
  while ((row = mysql_fetch_row (result)) != NULL)
    {
      any = TRUE;
      if (g_strcmp0 (row[3], "0") == 0)
        continue;
      g_string_append (select, natives->len > 0 ? ", " : "");
      bv_db_append_name (db, select, row[0]);
      g_ptr_array_add (natives, bv_db_column_new (row[0], row[1], BV_TYPE_TEXT, g_strcmp0 (row[2], "NO") != 0));
    }
  mysql_free_result (result);
  if (natives->len == 0)
    {
      if (any)
        g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_PERMISSION, _("The user may not read table “%s”: grant SELECT"), table);
      else
        g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND, _("There is no table “%s” for this user: check the name and the user’s rights"),
                     table);
      return NULL;
    }
  g_string_append (select, " FROM ");
  bv_db_append_from (db, select, &query, "q");
  columns = mariadb_describe (db, select->str, cancellable, error);
  if (columns == NULL)
    return NULL;
  for (guint i = 0; i < columns->len && i < natives->len; i++)
    {
      BvDbColumn *column = columns->pdata[i];
      BvDbColumn *native = natives->pdata[i];
      char *text = column->native;

      column->native = g_steal_pointer (&native->native);
      native->native = text;
      column->nullable = native->nullable;
    }
  return find_key (self, columns, where->str, cancellable, error) ? g_steal_pointer (&columns) : NULL;
}

const BvDbClass bv_mariadb_class = {
  .open = mariadb_open,
  .close = mariadb_close,
  .check = mariadb_check,
  .list_tables = mariadb_list_tables,
  .list_columns = mariadb_list_columns,
  .describe = mariadb_describe,
  .query = bv_mariadb_query,
  .next = bv_mariadb_next,
  .end = bv_mariadb_end,
  .quote = '`',
  .nulls_first = TRUE,
  .literal = bv_mariadb_literal,
  .append_key = bv_mariadb_append_key,
};
