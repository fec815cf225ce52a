/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases: what is the same for every kind. */
#include "config.h"

#include "bv-database-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const tls_names[] = { "off", "required", "verified" };

gboolean
bv_tls_mode_from_name (const char *name, BvTlsMode *mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (tls_names); i++)
    if (g_strcmp0 (name, tls_names[i]) == 0)
      {
        *mode = (BvTlsMode) i;
        return TRUE;
      }
  return FALSE;
}

static void
clear_secret (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

void
bv_db_settings_clear (BvDbSettings *settings)
{
  g_free (settings->host);
  g_free (settings->socket);
  g_free (settings->database);
  g_free (settings->user);
  g_free (settings->ca_file);
  g_free (settings->fingerprint);
  clear_secret (&settings->password);
  memset (settings, 0, sizeof *settings);
}

void
bv_db_settings_copy (const BvDbSettings *from, BvDbSettings *to)
{
  *to = *from;
  to->host = g_strdup (from->host);
  to->socket = g_strdup (from->socket);
  to->database = g_strdup (from->database);
  to->user = g_strdup (from->user);
  to->password = g_strdup (from->password);
  to->ca_file = g_strdup (from->ca_file);
  to->fingerprint = g_strdup (from->fingerprint);
}

static const BvDbClass *const classes[] = { [BV_DB_POSTGRESQL] = &bv_postgres_class, [BV_DB_MARIADB] = &bv_mariadb_class,
                                            [BV_DB_CLICKHOUSE] = &bv_clickhouse_class, [BV_DB_SQLITE] = &bv_sqlite_file_class };

const char *
bv_db_kind_to_label (BvDbKind kind)
{
  static const char *const labels[] = { "PostgreSQL", "MariaDB", "ClickHouse", "SQLite" };

  return labels[CLAMP ((int) kind, 0, 3)];
}

void
bv_db_table_free (BvDbTable *table)
{
  if (table == NULL)
    return;
  g_free (table->schema);
  g_free (table->name);
  g_free (table);
}

void
bv_db_column_free (BvDbColumn *column)
{
  if (column == NULL)
    return;
  g_free (column->name);
  g_free (column->native);
  g_free (column);
}

void
bv_db_line_free (BvDbLine *line)
{
  if (line == NULL)
    return;
  g_free (line->text);
  g_free (line);
}

BvDbColumn *
bv_db_column_new (const char *name, const char *native, BvType type, gboolean nullable)
{
  BvDbColumn *column = g_new0 (BvDbColumn, 1);

  /* What people see must be UTF-8; a name that is none cannot be asked for either. */
  column->name = g_utf8_make_valid (name, -1);
  column->native = g_utf8_make_valid (native, -1);
  column->type = type;
  column->nullable = nullable;
  return column;
}

char *
bv_db_unique_name (GHashTable *names, const char *name)
{
  char *unique = g_strdup (name);

  for (guint i = 2; !g_hash_table_add (names, g_strdup (unique)); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s_%u", name, i);
    }
  return unique;
}

gboolean
bv_db_get_authorities (const BvDbSettings *settings, const char **file, GError **error)
{
  static const char *const bundles[] = { "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                         "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" };

  *file = NULL;
  if (!bv_db_trusts_authorities (settings))
    return TRUE;
  if (settings->ca_file != NULL && !g_file_test (settings->ca_file, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS, _("The file of certificate authorities “%s” is not there: choose another"),
                   settings->ca_file);
      return FALSE;
    }
  *file = settings->ca_file;
  for (guint i = 0; *file == NULL && i < G_N_ELEMENTS (bundles); i++)
    if (g_file_test (bundles[i], G_FILE_TEST_EXISTS))
      *file = bundles[i];
  return TRUE;
}

void
bv_db_add_line (GPtrArray *lines, gboolean ok, char *text)
{
  BvDbLine *line = g_new0 (BvDbLine, 1);

  line->ok = ok;
  line->text = text;
  g_ptr_array_add (lines, line);
}

/* --- Connections */

void
bv_database_init (BvDatabase *self, const BvDbClass *klass, const BvDbSettings *settings)
{
  self->klass = klass;
  bv_db_settings_copy (settings, &self->settings);
}

void
bv_database_clear (BvDatabase *self)
{
  bv_db_settings_clear (&self->settings);
  g_free (self->version);
}

BvDatabase *
bv_database_open (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (settings != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (settings->kind >= G_N_ELEMENTS (classes))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("This kind of database is not known: choose another"));
      return NULL;
    }
  return classes[settings->kind]->open (settings, cancellable, error);
}

void
bv_database_close (BvDatabase *self)
{
  if (self == NULL)
    return;
  g_warn_if_fail (self->rows == NULL);
  self->klass->close (self);
}

void
bv_database_look_around (BvDatabase *db, GPtrArray *lines, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GError) error = NULL;
  guint n_readable = 0;

  g_return_if_fail (db != NULL && lines != NULL);

  bv_db_add_line (lines, TRUE, g_strdup_printf (_("Connected to %s"), db->version));
  if (db->klass->check != NULL)
    db->klass->check (db, lines, cancellable);
  tables = bv_database_list_tables (db, NULL, cancellable, &error);
  if (tables == NULL)
    {
      bv_db_add_line (lines, FALSE, g_strdup (error->message));
      return;
    }
  for (guint i = 0; i < tables->len; i++)
    n_readable += ((BvDbTable *) tables->pdata[i])->readable;
  if (tables->len == 0)
    bv_db_add_line (lines, FALSE, g_strdup (_("The database shows no tables: check its name and the user’s rights")));
  else if (n_readable == 0)
    bv_db_add_line (lines, FALSE, g_strdup (_("The user may read none of the tables: grant SELECT on those to import")));
  else
    bv_db_add_line (lines, TRUE, g_strdup_printf (ngettext ("%u table can be read", "%u tables can be read", n_readable), n_readable));
  if (n_readable > 0 && n_readable < tables->len)
    bv_db_add_line (lines, TRUE,
                    g_strdup_printf (ngettext ("%u table is closed to the user", "%u tables are closed to the user",
                                               tables->len - n_readable), tables->len - n_readable));
}

/* FALSE with an error when nothing can be asked now. */
static gboolean
is_free (BvDatabase *self, GError **error)
{
  if (self->broken)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST, _("The connection to the database was lost: try again"));
  else if (self->rows != NULL)
    g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_FAILED, _("The connection is still reading rows: end that first"));
  return !self->broken && self->rows == NULL;
}

GPtrArray *
bv_database_list_tables (BvDatabase *self, const char *schema, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return is_free (self, error) ? self->klass->list_tables (self, schema, cancellable, error) : NULL;
}

GPtrArray *
bv_database_list_columns (BvDatabase *self, const char *schema, const char *table, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) columns = NULL;

  g_return_val_if_fail (self != NULL && table != NULL, NULL);

  columns = is_free (self, error) ? self->klass->list_columns (self, schema, table, cancellable, error) : NULL;
  if (columns != NULL)
    bv_db_rank_cursors (columns);
  return g_steal_pointer (&columns);
}

GPtrArray *
bv_database_describe_sql (BvDatabase *self, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) columns = NULL;
  g_autofree char *clean = NULL;

  g_return_val_if_fail (self != NULL && sql != NULL, NULL);

  clean = bv_db_clean_sql (self->settings.kind, sql, error);
  columns = clean != NULL && is_free (self, error) ? self->klass->describe (self, clean, cancellable, error) : NULL;
  if (columns != NULL)
    bv_db_rank_cursors (columns);
  return g_steal_pointer (&columns);
}

/* --- Cursors */

static gboolean
has_word (const char *name, const char *const *words)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

void
bv_db_rank_cursors (GPtrArray *columns)
{
  static const char *const changed[] = { "updat", "modif", "chang", "lastmod", "last_mod", "synced", "_version", NULL };
  static const char *const created[] = { "receiv", "insert", "creat", "loaded", "arriv", "added", "timestamp", "_at", "date", NULL };
  guint n_key = 0;

  for (guint i = 0; i < columns->len; i++)
    n_key += ((BvDbColumn *) columns->pdata[i])->key > 0;
  for (guint i = 0; i < columns->len; i++)
    {
      BvDbColumn *column = columns->pdata[i];

      if (column->type != BV_TYPE_INT && !bv_type_is_time (column->type))
        column->cursor = column->type == BV_TYPE_TEXT && column->key > 0 && n_key == 1 ? BV_DB_CURSOR_ANY : BV_DB_CURSOR_NONE;
      else if (bv_type_is_time (column->type) && has_word (column->name, changed))
        column->cursor = BV_DB_CURSOR_CHANGED;
      else if (bv_type_is_time (column->type) && has_word (column->name, created))
        column->cursor = BV_DB_CURSOR_CREATED;
      else if (column->type == BV_TYPE_INT && column->key > 0 && n_key == 1)
        column->cursor = BV_DB_CURSOR_KEY;
      else
        column->cursor = BV_DB_CURSOR_ANY;
    }
}

const BvDbColumn *
bv_db_pick_cursor (GPtrArray *columns)
{
  const BvDbColumn *best = NULL;

  g_return_val_if_fail (columns != NULL, NULL);

  for (guint i = 0; i < columns->len; i++)
    {
      const BvDbColumn *column = columns->pdata[i];

      if (column->cursor > BV_DB_CURSOR_ANY && (best == NULL || column->cursor > best->cursor))
        best = column;
    }
  return best;
}

BvValue
bv_db_look_back (const BvValue *value, gint64 look_back)
{
  gint64 amount = MAX (look_back, 0);
  gint64 from;

  g_return_val_if_fail (value != NULL, BV_VALUE_NULL);

  switch (value->type)
    {
    case BV_TYPE_TIMESTAMP:
      if (__builtin_mul_overflow (amount, BV_SECOND_US, &amount) || __builtin_sub_overflow (value->i, amount, &from))
        return BV_VALUE_NULL;
      return bv_value_timestamp (from);

    case BV_TYPE_DATE:
      return bv_value_date (value->i - (amount + BV_DAY_SECONDS - 1) / BV_DAY_SECONDS);

    case BV_TYPE_INT:
      return __builtin_sub_overflow (value->i, amount, &from) ? BV_VALUE_NULL : bv_value_int (from);

    case BV_TYPE_NULL:
    case BV_TYPE_BOOL:
    case BV_TYPE_DOUBLE:
    case BV_TYPE_TEXT:
    default:
      return bv_value_copy (value);
    }
}

/* --- Queries */

static GPtrArray *
pick_columns (const BvDbQuery *query, GPtrArray *all, GError **error)
{
  g_autoptr (GPtrArray) picked = NULL;

  if (query->columns == NULL)
    return g_ptr_array_ref (all);
  picked = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_column_free);
  for (guint i = 0; query->columns[i] != NULL; i++)
    {
      const BvDbColumn *column = bv_db_find_column (all, query->columns[i]);
      BvDbColumn *copy;

      if (column == NULL)
        {
          g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND, _("There is no column “%s” any more: choose the columns again"),
                       query->columns[i]);
          return NULL;
        }
      copy = bv_db_column_new (column->name, column->native, column->type, column->nullable);
      copy->key = column->key;
      copy->cursor = column->cursor;
      copy->native_id = column->native_id;
      copy->native_modifier = column->native_modifier;
      g_ptr_array_add (picked, copy);
    }
  return g_steal_pointer (&picked);
}

BvDbRows *
bv_database_query (BvDatabase *self, const BvDbQuery *query, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) picked = NULL;
  g_autofree char *clean = NULL;
  const char *missing = NULL;
  BvDbQuery cleaned;

  g_return_val_if_fail (self != NULL && query != NULL && (query->table != NULL) != (query->sql != NULL), NULL);

  if (!is_free (self, error))
    return NULL;
  cleaned = *query;
  if (query->sql != NULL)
    cleaned.sql = clean = bv_db_clean_sql (self->settings.kind, query->sql, error);
  if (query->table != NULL)
    all = self->klass->list_columns (self, query->schema, query->table, cancellable, error);
  else if (clean != NULL)
    all = self->klass->describe (self, clean, cancellable, error);
  picked = all != NULL ? pick_columns (query, all, error) : NULL;
  if (picked == NULL)
    return NULL;
  if (query->cursor != NULL && bv_db_find_column (all, query->cursor) == NULL)
    missing = query->cursor;
  for (guint i = 0; missing == NULL && query->order != NULL && query->order[i] != NULL; i++)
    if (bv_db_find_column (all, query->order[i]) == NULL)
      missing = query->order[i];
  if (missing != NULL)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_NOT_FOUND, _("There is no column “%s” to go by: choose another as key or cursor"), missing);
      return NULL;
    }
  if (picked->len == 0)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_SQL, _("The result has no columns: choose at least one"));
      return NULL;
    }
  self->rows = self->klass->query (self, &cleaned, all, picked, cancellable, error);
  return self->rows;
}

GPtrArray *
bv_db_rows_get_columns (BvDbRows *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->columns;
}

gboolean
bv_db_rows_next (BvDbRows *self, const BvDbBatch **batch, GError **error)
{
  BvDbBuilder *builder;
  gboolean more = TRUE;

  g_return_val_if_fail (self != NULL && batch != NULL, FALSE);

  *batch = NULL;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->ended)
    return TRUE;
  builder = &self->builder;
  bv_db_builder_reset (builder);
  if (!self->db->klass->next (self, &more, error))
    {
      self->ended = TRUE;
      return FALSE;
    }
  self->ended = !more;
  builder->batch.exact = (const BvDbExact *) (gpointer) builder->exact->data;
  builder->batch.n_exact = builder->exact->len;
  if (builder->batch.n_bytes == 0)
    builder->batch.n_bytes = builder->n_text + sizeof (double) * builder->batch.n_rows * builder->batch.n_columns;
  if (builder->batch.n_rows > 0)
    *batch = &builder->batch;
  return TRUE;
}

void
bv_db_rows_free (BvDbRows *self)
{
  if (self == NULL)
    return;
  self->db->rows = NULL;
  self->db->klass->end (self);
  g_ptr_array_unref (self->columns);
  g_clear_object (&self->cancellable);
  g_free (self->types);
  g_free (self->forms);
  g_free (self->builder.values);
  g_array_unref (self->builder.exact);
  g_ptr_array_unref (self->builder.blocks);
  g_free (self);
}
