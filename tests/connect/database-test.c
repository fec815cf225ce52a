/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "database-test.h"

void
server_spawn (Server *server, const char *kind)
{
  g_autofree char *script = g_build_filename (g_getenv ("BV_TEST_SOURCES"), "connect", "database-server", NULL);
  g_autoptr (GError) error = NULL;

  server->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  server->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/usr/bin/python3", script, kind, NULL);
  g_assert_no_error (error);
}

void
server_await (Server *server)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server->process));
  g_autoptr (GError) error = NULL;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
      char *blank;

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("the server's script failed");
      if (g_str_equal (line, "ready"))
        return;
      blank = strchr (line, ' ');
      g_assert_nonnull (blank);
      *blank = '\0';
      if (g_str_equal (line, "skip"))
        {
          server->why_not = g_strdup (blank + 1);
          return;
        }
      g_hash_table_insert (server->facts, g_strdup (line), g_strdup (blank + 1));
    }
}

void
server_start (Server *server, const char *kind)
{
  server_spawn (server, kind);
  server_await (server);
}

void
server_stop (Server *server)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (server->process), NULL, NULL);
  g_subprocess_wait (server->process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&server->process);
  g_hash_table_unref (server->facts);
  g_free (server->why_not);
}

const char *
server_fact (Server *server, const char *key)
{
  return g_hash_table_lookup (server->facts, key);
}

BvDbSettings
server_settings (Server *server, BvDbKind kind, const char *user, const char *database)
{
  BvDbSettings settings = { .kind = kind };

  settings.host = g_strdup ("127.0.0.1");
  settings.port = (guint) g_ascii_strtoull (server_fact (server, "port"), NULL, 10);
  settings.user = g_strdup (user);
  settings.password = g_strdup ("secret");
  settings.database = g_strdup (database);
  settings.timeout = 60; /* for slow machines */
  return settings;
}

BvDatabase *
open_database (const BvDbSettings *settings)
{
  g_autoptr (GError) error = NULL;
  BvDatabase *db = bv_database_open (settings, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

BvDatabase *
server_open (Server *server, BvDbKind kind, const char *user, const char *database)
{
  g_auto (BvDbSettings) settings = { 0 };

  if (server_skips (server))
    return NULL;
  settings = server_settings (server, kind, user, database);
  return open_database (&settings);
}

char *
read_all (BvDatabase *db, const BvDbQuery *query, GError **error)
{
  g_autoptr (BvDbRows) rows = bv_database_query (db, query, NULL, error);
  g_autoptr (GString) text = g_string_new (NULL);
  const BvDbBatch *batch;
  guint n = 0;

  if (rows == NULL)
    return NULL;
  while (TRUE)
    {
      guint e = 0;

      if (!bv_db_rows_next (rows, &batch, error))
        return NULL;
      if (batch == NULL)
        return g_string_free (g_steal_pointer (&text), FALSE);
      for (guint r = 0; r < batch->n_rows; r++)
        {
          if (n++ > 0)
            g_string_append_c (text, '\n');
          for (guint c = 0; c < batch->n_columns; c++)
            {
              const BvValue *value = &batch->values[(gsize) r * batch->n_columns + c];
              g_autofree char *plain = bv_value_to_plain (value);
              BvDbColumn *column = bv_db_rows_get_columns (rows)->pdata[c];

              g_assert_true (value->type == BV_TYPE_NULL || value->type == column->type);
              g_string_append_printf (text, "%s%s", c > 0 ? "|" : "", value->type == BV_TYPE_NULL ? "-" : plain);
              for (; e < batch->n_exact && batch->exact[e].row == r && batch->exact[e].column == c; e++)
                g_string_append_printf (text, "~%s", batch->exact[e].text);
            }
        }
      g_assert_cmpuint (e, ==, batch->n_exact);
    }
}

char *
read_sql (BvDatabase *db, const char *sql)
{
  BvDbQuery query = { .sql = sql };
  g_autoptr (GError) error = NULL;
  char *text = read_all (db, &query, &error);

  g_assert_no_error (error);
  return text;
}

void
assert_rows (BvDatabase *db, const char *sql, const char *expected)
{
  g_autofree char *text = read_sql (db, sql);

  g_assert_cmpstr (text, ==, expected);
}

char *
check_text (const BvDbSettings *settings)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_line_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvDatabase) db = bv_database_open (settings, NULL, &error);
  GString *text = g_string_new (NULL);

  if (db == NULL)
    g_string_printf (text, "-%s", error->message);
  else
    bv_database_look_around (db, lines, NULL);
  for (guint i = 0; i < lines->len; i++)
    {
      BvDbLine *line = lines->pdata[i];

      g_string_append_printf (text, "%s%c%s", i > 0 ? "\n" : "", line->ok ? '+' : '-', line->text);
    }
  return g_string_free (text, FALSE);
}

void
assert_refuses (BvDatabase *db, const char *sql, int code)
{
  BvDbQuery query = { .sql = sql };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = read_all (db, &query, &error);

  g_test_message ("%s: %s", sql, error != NULL ? error->message : text);
  g_assert_error (error, BV_DB_ERROR, code);
}

static void
assert_closed (const BvDbSettings *settings, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bv_database_open (settings, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, code);
  g_assert_true (settings->password == NULL || strstr (error->message, settings->password) == NULL);
  g_assert_cmpint (bv_db_error_is_transient (error), ==, code == BV_DB_ERROR_UNREACHABLE);
}

void
assert_login (Server *server, BvDbSettings settings)
{
  BvDbSettings other = settings;
  g_autofree char *connected = g_strdup_printf ("+Connected to %s ", bv_db_kind_to_label (settings.kind));
  g_autofree char *text = NULL;

  other.password = (char *) "not-this-one";
  assert_closed (&other, BV_DB_ERROR_LOGIN);
  other.password = NULL;
  assert_closed (&other, BV_DB_ERROR_LOGIN);
  other = settings;
  other.port = 1;
  assert_closed (&other, BV_DB_ERROR_UNREACHABLE);
  other = settings;
  other.database = (char *) "nowhere";
  text = check_text (&other);
  g_assert_cmpstr (text, ==, "-The server has no database “nowhere” for this user: check the name and the user’s rights");
  other = settings;
  other.socket = (char *) server_fact (server, "socket");
  g_free (text);
  text = check_text (&other);
  g_assert_true (g_str_has_prefix (text, connected));
  g_assert_true (other.socket == NULL || strstr (text, "encrypt") == NULL);
  bv_db_settings_clear (&settings);
}

void
assert_tls (Server *server, BvDbSettings settings)
{
  static const struct { BvTlsMode mode; const char *host, *ca; gboolean ok; const char *line; } cases[] = {
    { BV_TLS_REQUIRED, "127.0.0.1", NULL, TRUE, "\n+The connection is encrypted; who the server is was not verified\n" },
    { BV_TLS_VERIFIED, "127.0.0.1", "ca", FALSE, NULL }, /* another name */
    { BV_TLS_VERIFIED, "localhost", "ca", TRUE, "\n+The connection is encrypted and the server is verified\n" },
    { BV_TLS_VERIFIED, "localhost", "other-ca", FALSE, NULL },
    { BV_TLS_VERIFIED, "localhost", NULL, FALSE, NULL }, /* the system's authorities do not know it */
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *found = NULL;

  if (server_fact (server, "ca") == NULL || !g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("there is no TLS");
      bv_db_settings_clear (&settings);
      return;
    }
  for (guint i = 0; i <= G_N_ELEMENTS (cases); i++)
    {
      gboolean pinned = i == G_N_ELEMENTS (cases);
      const char *host = pinned ? "127.0.0.1" : cases[i].host;
      g_autofree char *text = NULL;

      g_free (settings.host);
      settings.host = g_strdup (host);
      g_free (settings.ca_file);
      settings.ca_file = pinned || cases[i].ca == NULL ? NULL : g_strdup (server_fact (server, cases[i].ca));
      settings.tls = pinned ? BV_TLS_VERIFIED : cases[i].mode;
      if (pinned)
        {
          certificate = bv_db_find_certificate (&settings, NULL, &error);
          g_assert_no_error (error);
          found = bv_fingerprint_of (certificate);
          settings.fingerprint = g_ascii_strup (found, -1);
        }
      if (pinned || cases[i].ok)
        {
          text = check_text (&settings);
          g_test_message ("%s", text);
          g_assert_nonnull (strstr (text, pinned ? "\n+The connection is encrypted and the server has the certificate that was accepted\n" : cases[i].line));
        }
      else
        {
          g_assert_null (bv_database_open (&settings, NULL, &error));
          g_test_message ("%s", error->message);
          g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS);
          g_clear_error (&error);
        }
    }
  /* Another one, also where nothing else is asked for. */
  settings.fingerprint[3] = settings.fingerprint[3] == 'A' ? 'B' : 'A';
  for (settings.tls = BV_TLS_REQUIRED; settings.tls <= BV_TLS_VERIFIED; settings.tls++)
    {
      g_assert_null (bv_database_open (&settings, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS);
      g_assert_nonnull (strstr (error->message, found));
      g_clear_error (&error);
    }
  bv_db_settings_clear (&settings);
}

gpointer
cancel_soon (gpointer data)
{
  g_usleep (50 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

/* A server may note the end of a statement a moment after it has told it, and ClickHouse looks at KILL between blocks only. */
static void
assert_nothing_runs (const BvDbSettings *settings, const char *count)
{
  g_autoptr (BvDatabase) db = open_database (settings);

  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *n = read_sql (db, count);

      if (g_str_equal (n, "0"))
        return;
      g_usleep (50 * 1000);
    }
  g_assert_not_reached ();
}

void
assert_cancels (BvDbSettings settings, const char *endless, const char *long_sql, const char *count)
{
  g_autoptr (BvDatabase) db = open_database (&settings);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GCancellable) cancellable = i < 2 ? g_cancellable_new () : NULL;
      GThread *thread = i < 2 ? g_thread_new ("cancel", cancel_soon, cancellable) : NULL;
      BvDbQuery query = { .sql = i == 0 ? endless : long_sql };
      BvDbRows *rows = bv_database_query (db, &query, cancellable, &error);
      const BvDbBatch *batch;

      while (rows != NULL && bv_db_rows_next (rows, &batch, &error) && batch != NULL && i < 2)
        ;
      if (i < 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_no_error (error);
      g_clear_error (&error);
      bv_db_rows_free (rows);
      if (thread != NULL)
        g_thread_join (thread);
      assert_nothing_runs (&settings, count);
      assert_rows (db, "SELECT 1", "1");
    }
  bv_db_settings_clear (&settings);
}

char *
tables_text (BvDatabase *db, const char *schema, gboolean counted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = bv_database_list_tables (db, schema, NULL, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < tables->len; i++)
    {
      const BvDbTable *table = tables->pdata[i];

      g_assert_true (table->kind != BV_DB_VIEW || table->n_rows == -1);
      g_string_append_printf (text, "%s %s ", table->name, table->kind == BV_DB_VIEW ? "view" : "table");
      if (counted)
        g_string_append_printf (text, "%d ", (int) table->n_rows);
      g_string_append (text, table->readable ? "open;" : "closed;");
    }
  return g_string_free (text, FALSE);
}

char *
columns_text (BvDatabase *db, const char *schema, const char *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) columns = bv_database_list_columns (db, schema, table, NULL, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < columns->len; i++)
    {
      const BvDbColumn *column = columns->pdata[i];

      g_string_append_printf (text, "%s %s %u %d %d;", column->name, column->native, column->key, column->nullable, column->cursor);
    }
  return g_string_free (text, FALSE);
}

void
assert_types (BvDatabase *db, const char *schema, const TypeCase *cases, guint n, const char *ending, RunFunc run)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *create = g_strdup_printf ("CREATE TABLE type_%u (c %s)%s", i, cases[i].native, ending);
      g_autofree char *insert = g_strdup_printf ("INSERT INTO type_%u VALUES (%s)", i, cases[i].value);
      g_autofree char *table = g_strdup_printf ("type_%u", i);
      g_autofree char *sql = g_strdup_printf ("SELECT c FROM type_%u", i);
      BvDbQuery query = { .schema = schema, .table = table };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) columns = NULL;
      g_autofree char *got = NULL;
      const BvDbColumn *column;

      run (create, insert);
      columns = bv_database_list_columns (db, schema, table, NULL, &error);
      g_assert_no_error (error);
      got = read_all (db, &query, &error);
      g_assert_no_error (error);
      column = columns->pdata[0];
      g_test_message ("%s %s", cases[i].native, cases[i].value);
      g_assert_cmpstr (got, ==, cases[i].expected);
      g_assert_cmpstr (bv_type_to_name (column->type), ==, cases[i].type);
      /* Escapes in it the server writes in its own way. */
      g_assert_true (strchr (cases[i].native, '\\') != NULL || g_str_has_prefix (cases[i].native, column->native));
      assert_rows (db, sql, cases[i].expected);
    }
}

static void
assert_goes_on (BvDatabase *db, const char *schema, const char *table, const char *column, guint n)
{
  const char *const names[] = { column, NULL };
  BvDbQuery query = { .schema = schema, .table = table, .columns = names, .order = names };
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_all (db, &query, &error);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (BvValue));
  const char *rest = all;
  const BvDbBatch *batch;
  BvDbRows *rows;

  g_assert_no_error (error);
  rows = bv_database_query (db, &query, NULL, &error);
  g_assert_true (bv_db_rows_next (rows, &batch, &error) && batch != NULL);
  for (guint i = 0; i < batch->n_rows; i++)
    {
      BvValue value = bv_value_copy (&batch->values[i]);

      g_array_append_val (values, value);
    }
  bv_db_rows_free (rows);
  g_assert_cmpuint (values->len, >=, n);
  for (guint i = 0; i < values->len; i++)
    {
      BvValue *value = &g_array_index (values, BvValue, i);
      g_autofree char *got = NULL;

      query.after = value;
      got = read_all (db, &query, &error);
      g_assert_no_error (error);
      rest = strchr (rest, '\n') != NULL ? strchr (rest, '\n') + 1 : "";
      if (g_strcmp0 (got, rest) != 0)
        g_error ("%s: of\n%s\nbehind row %u come\n%s", table, all, i + 1, got);
      bv_value_clear (value);
    }
}

void
assert_keys (BvDatabase *db, const char *schema, const KeyCase *cases, guint n, const char *ending, RunFunc run)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *create = g_strdup_printf ("CREATE TABLE key_%u (k %s%s", i, cases[i].native, ending);
      g_autofree char *insert = g_strdup_printf ("INSERT INTO key_%u VALUES %s", i, cases[i].values);
      g_autofree char *table = g_strdup_printf ("key_%u", i);

      g_test_message ("%s", cases[i].native);
      run (create, insert);
      assert_goes_on (db, schema, table, "k", 2);
    }
}

static char *
read_after (BvDatabase *db, BvDbQuery *query, BvValue at, const char *id)
{
  BvValue after[2] = { at, { BV_TYPE_TEXT, { .s = (char *) id } } };
  g_autoptr (GError) error = NULL;
  char *text;

  query->after = after;
  text = read_all (db, query, &error);
  query->after = NULL;
  g_assert_no_error (error);
  return text;
}

void
assert_cursor (BvDatabase *db, const char *schema, const char *fraction, gboolean nulls_first, const char *hostile)
{
  const char *const columns[] = { "id", "at", NULL };
  const char *const order[] = { "at", "id", NULL };
  BvDbQuery query = { .schema = schema, .table = "changes", .columns = columns, .cursor = "at", .order = order };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) later = g_string_new (NULL);
  g_autofree char *from = g_strconcat ("2024-05-02 12:00:00", fraction, NULL);
  g_autofree char *all = NULL;
  g_autofree char *text = NULL;
  g_autofree char *middle = NULL;
  g_autofree char *behind = NULL;
  g_autofree char *quoted = NULL;

  for (guint i = 3; i <= 8; i++)
    g_string_append_printf (later, "%sk%u|2024-05-0%u 12:00:00%s", i > 3 ? "\n" : "", i, 1 + i / 3, fraction);
  all = nulls_first ? g_strconcat ("k9|-\n", later->str, NULL) : g_strconcat (later->str, "\nk9|-", NULL);
  g_assert_true (bv_timestamp_parse (from, -1, &query.from.i, NULL));
  query.from.type = BV_TYPE_TIMESTAMP;
  text = read_all (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, all);
  /* From the middle of equal values on, among the rows without a time, and with a literal that cannot leave its quotes. */
  middle = read_after (db, &query, query.from, "k4");
  g_assert_cmpstr (middle, ==, strstr (all, "k5|"));
  behind = read_after (db, &query, BV_VALUE_NULL, "k8");
  g_assert_cmpstr (behind, ==, nulls_first ? all : "k9|-");
  quoted = read_after (db, &query, BV_VALUE_NULL, hostile);
  g_assert_cmpstr (quoted, ==, nulls_first ? later->str : "k9|-");
}

void
assert_lost (BvDatabase *db, const char *sql, void (*kill) (const BvDbBatch *batch))
{
  BvDbQuery query = { .sql = sql };
  g_autoptr (GError) error = NULL;
  BvDbRows *rows = bv_database_query (db, &query, NULL, &error);
  const BvDbBatch *batch;

  g_assert_no_error (error);
  g_assert_true (bv_db_rows_next (rows, &batch, &error));
  kill (batch);
  while (bv_db_rows_next (rows, &batch, &error))
    g_assert_nonnull (batch);
  g_test_message ("%s", error->message);
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST);
  g_assert_true (bv_db_error_is_transient (error));
  g_clear_error (&error);
  bv_db_rows_free (rows);
  g_assert_null (bv_database_list_tables (db, NULL, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST);
}

gboolean
server_skips (Server *server)
{
  if (server->why_not != NULL)
    g_test_skip (server->why_not);
  return server->why_not != NULL;
}
