/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases as kinds of sources: their settings, connecting, testing.
 *
 * Each table that the user may read is a stream, and so is each query of the analyst's. See bv-database-streams.c for how key and cursor are
 * found, bv-database-fetch.c for how pages are read.
 */
#include "config.h"

#include "bv-database-source.h"
#include "bv-fingerprint.h"
#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
bv_db_source_fail (GError *problem, GError **error)
{
  static const BvHttpError codes[] = {
    [BV_DB_ERROR_FAILED] = BV_HTTP_ERROR_REFUSED,         [BV_DB_ERROR_UNREACHABLE] = BV_HTTP_ERROR_NETWORK,
    [BV_DB_ERROR_LOST] = BV_HTTP_ERROR_NETWORK,           [BV_DB_ERROR_BUSY] = BV_HTTP_ERROR_BUSY,
    [BV_DB_ERROR_LOGIN] = BV_HTTP_ERROR_UNAUTHORIZED,     [BV_DB_ERROR_TLS] = BV_HTTP_ERROR_TLS,
    [BV_DB_ERROR_DATABASE] = BV_HTTP_ERROR_UNAUTHORIZED,  [BV_DB_ERROR_PERMISSION] = BV_HTTP_ERROR_FORBIDDEN,
    [BV_DB_ERROR_NOT_FOUND] = BV_HTTP_ERROR_NOT_FOUND,    [BV_DB_ERROR_SQL] = BV_HTTP_ERROR_REFUSED,
  };

  if (problem->domain == BV_DB_ERROR && problem->code >= 0 && problem->code < (int) G_N_ELEMENTS (codes))
    {
      problem->code = (int) codes[problem->code];
      problem->domain = BV_HTTP_ERROR;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

gboolean
bv_db_source_connect (BvDbSource *self, GCancellable *cancellable, GError **error)
{
  if (self->db == NULL)
    self->db = bv_database_open (&self->settings, cancellable, error);
  return self->db != NULL;
}

static char *
setting (BvSourceContext *context, const char *name)
{
  const char *value = bv_source_context_get (context, name);

  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

static void
source_close (BvSourceContext *context, gpointer data)
{
  BvDbSource *self = data;

  if (self == NULL)
    return;
  bv_db_pass_free (self->pass);
  bv_database_close (self->db);
  bv_db_settings_clear (&self->settings);
  g_free (self);
}

/* After a certificate was refused: says by which fingerprint it can be accepted. */
static void
offer_fingerprint (BvSourceContext *context, const BvDbSettings *settings, GError **problem)
{
  g_autoptr (GTlsCertificate) certificate = bv_db_find_certificate (settings, bv_source_context_get_cancellable (context), NULL);
  g_autofree char *found = certificate != NULL ? bv_fingerprint_of (certificate) : NULL;

  if (found == NULL)
    return;
  bv_source_context_set_refused (context, found);
  if (settings->fingerprint != NULL)
    return;
  g_clear_error (problem);
  g_set_error (problem, BV_DB_ERROR, BV_DB_ERROR_TLS,
               _("“%s” cannot prove who it is: choose the file of its certificate authority, or, when it is yours, accept its fingerprint, %s"),
               settings->host, found);
}

static gpointer
open_kind (BvSourceContext *context, BvDbKind kind, gboolean segment, GError **error)
{
  BvDbSource *self = g_new0 (BvDbSource, 1);
  BvDbSettings *settings = &self->settings;
  GError *problem = NULL;

  self->kind = settings->kind = kind;
  self->segment = segment;
  if (kind == BV_DB_SQLITE)
    settings->database = setting (context, "file");
  else
    {
      settings->host = setting (context, "host");
      settings->port = (guint) CLAMP (bv_source_context_get_int (context, "port"), 0, 65535);
      settings->socket = kind != BV_DB_CLICKHOUSE ? setting (context, "socket") : NULL;
      settings->database = setting (context, "database");
      settings->user = setting (context, "user");
      settings->password = setting (context, "password");
      settings->ca_file = setting (context, "ca_file");
      settings->fingerprint = setting (context, "fingerprint");
      if (!bv_tls_mode_from_name (bv_source_context_get (context, "tls"), &settings->tls))
        settings->tls = BV_TLS_VERIFIED;
    }
  if (bv_db_source_connect (self, bv_source_context_get_cancellable (context), &problem))
    return self;
  if (g_error_matches (problem, BV_DB_ERROR, BV_DB_ERROR_TLS))
    offer_fingerprint (context, settings, &problem);
  source_close (context, self);
  bv_db_source_fail (problem, error);
  return NULL;
}

static gpointer
postgresql_open (BvSourceContext *context, GError **error)
{
  return open_kind (context, BV_DB_POSTGRESQL, FALSE, error);
}

static gpointer
mariadb_open (BvSourceContext *context, GError **error)
{
  return open_kind (context, BV_DB_MARIADB, FALSE, error);
}

static gpointer
clickhouse_open (BvSourceContext *context, GError **error)
{
  return open_kind (context, BV_DB_CLICKHOUSE, FALSE, error);
}

static gpointer
sqlite_open (BvSourceContext *context, GError **error)
{
  return open_kind (context, BV_DB_SQLITE, FALSE, error);
}

static gpointer
segment_open (BvSourceContext *context, GError **error)
{
  const char *warehouse = bv_source_context_get (context, "warehouse");
  BvDbKind kind = g_strcmp0 (warehouse, "mariadb") == 0      ? BV_DB_MARIADB
                  : g_strcmp0 (warehouse, "clickhouse") == 0 ? BV_DB_CLICKHOUSE
                                                             : BV_DB_POSTGRESQL;

  return open_kind (context, kind, TRUE, error);
}

static gboolean
source_test (BvSourceContext *context, GPtrArray *lines, GError **error)
{
  BvDbSource *self = bv_source_context_get_data (context);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_db_line_free);
  g_autoptr (GPtrArray) streams = NULL;

  bv_database_look_around (self->db, found, bv_source_context_get_cancellable (context));
  for (guint i = 0; i < found->len; i++)
    {
      BvDbLine *line = found->pdata[i];

      if (!line->ok)
        {
          g_set_error_literal (error, BV_HTTP_ERROR, BV_HTTP_ERROR_FORBIDDEN, line->text);
          return FALSE;
        }
      g_ptr_array_add (lines, g_strdup (line->text));
    }
  /* The analyst's queries and keys are tried too. */
  streams = bv_db_source_discover (context, error);
  if (streams == NULL)
    return FALSE;
  if (self->segment)
    g_ptr_array_add (lines, g_strdup_printf (ngettext ("%u table of Segment", "%u tables of Segment", streams->len), streams->len));
  return TRUE;
}

/* --- Settings */

static const BvSettingChoice tls_choices[] = {
  { "verified", N_("Encrypted, server verified") },
  { "required", N_("Encrypted, server not verified") },
  { "off", N_("Not encrypted") },
  { NULL },
};

static const BvSettingChoice warehouse_choices[] = {
  { "postgresql", "PostgreSQL" }, { "mariadb", "MariaDB" }, { "clickhouse", "ClickHouse" }, { NULL },
};

#define SERVER(usual_port) \
  { "host", N_("Host"), NULL, BV_SETTING_TEXT, NULL, "localhost", TRUE, FALSE }, \
  { "port", N_("Port"), NULL, BV_SETTING_INT, NULL, usual_port, FALSE, FALSE }
#define LOGIN(needs_database) \
  { "database", N_("Database"), NULL, BV_SETTING_TEXT, NULL, NULL, needs_database, FALSE }, \
  { "user", N_("User"), N_("One that may only read is enough"), BV_SETTING_TEXT, NULL, NULL, TRUE, FALSE }, \
  { "password", N_("Password"), NULL, BV_SETTING_SECRET, NULL, NULL, FALSE, FALSE }, \
  { "tls", N_("Encryption"), NULL, BV_SETTING_CHOICE, tls_choices, "verified", FALSE, FALSE }, \
  { "ca_file", N_("Certificate authority"), N_("A file of the server’s authority, when the system does not know it"), BV_SETTING_FILE, NULL, NULL, \
    FALSE, TRUE }, \
  { "fingerprint", N_("Accepted certificate"), N_("SHA-256 fingerprint of the certificate of a server that no authority knows"), BV_SETTING_TEXT, NULL, \
    NULL, FALSE, TRUE }
#define SOCKET \
  { "socket", N_("Socket"), N_("A Unix socket in the place of host and port"), BV_SETTING_TEXT, NULL, NULL, FALSE, TRUE }
#define SCHEMA \
  { "schema", N_("Schema"), N_("Only its tables; all schemas when empty"), BV_SETTING_TEXT, NULL, NULL, FALSE, FALSE }
#define TABLES \
  { "tables", N_("Keys and cursors"), \
    N_("One table a line: “public.orders key id cursor updated_at”; “cursor -” reads the whole table each time"), BV_SETTING_LONG_TEXT, NULL, NULL, \
    FALSE, TRUE }, \
  { "queries", N_("Queries"), \
    N_("Each begins with a line “-- name key id cursor updated_at”; the SELECT follows"), BV_SETTING_LONG_TEXT, NULL, NULL, FALSE, TRUE }, \
  { "look_back", N_("Look back"), N_("Seconds before the newest change that are read again, for what was committed late"), BV_SETTING_INT, NULL, "600", \
    FALSE, TRUE }

static const BvSetting postgresql_settings[] = { SERVER ("5432"), LOGIN (TRUE), SCHEMA, SOCKET, TABLES, { NULL } };
static const BvSetting mariadb_settings[] = { SERVER ("3306"), LOGIN (TRUE), SOCKET, TABLES, { NULL } };
static const BvSetting clickhouse_settings[] = { SERVER (NULL), LOGIN (TRUE), TABLES, { NULL } };
static const BvSetting sqlite_settings[] = {
  { "file", N_("File"), NULL, BV_SETTING_FILE, NULL, NULL, TRUE, FALSE },
  TABLES,
  { NULL },
};
static const BvSetting segment_settings[] = {
  { "warehouse", N_("Warehouse"), NULL, BV_SETTING_CHOICE, warehouse_choices, "postgresql", TRUE, FALSE },
  SERVER (NULL),
  LOGIN (TRUE),
  { "schema", N_("Schema"), N_("The source’s slug in Segment; in MariaDB and ClickHouse a database"), BV_SETTING_TEXT, NULL, NULL, TRUE, FALSE },
  SOCKET,
  { "look_back", N_("Look back"), N_("Seconds before the newest event that are read again, for those that came late"), BV_SETTING_INT, NULL, "3600", FALSE,
    TRUE },
  { NULL },
};

#define DATABASE(id, name, summary, icon, category, settings, open) \
  { id, name, summary, icon, category, settings, open, source_close, source_test, bv_db_source_discover, bv_db_source_fetch }

const BvSourceKind bv_source_kind_postgresql = DATABASE ("postgresql", "PostgreSQL", N_("Tables, views and queries of a PostgreSQL database"),
                                                  "network-server-symbolic", N_("Databases"), postgresql_settings, postgresql_open);
const BvSourceKind bv_source_kind_mariadb = DATABASE ("mariadb", "MariaDB", N_("Tables, views and queries of a MariaDB or MySQL database"),
                                               "network-server-symbolic", N_("Databases"), mariadb_settings, mariadb_open);
const BvSourceKind bv_source_kind_clickhouse = DATABASE ("clickhouse", "ClickHouse", N_("Tables, views and queries of a ClickHouse database"),
                                                  "network-server-symbolic", N_("Databases"), clickhouse_settings, clickhouse_open);
const BvSourceKind bv_source_kind_sqlite = DATABASE ("sqlite", "SQLite", N_("Tables and queries of a SQLite file, kept up to date"), "drive-harddisk-symbolic",
                                              N_("Databases"), sqlite_settings, sqlite_open);
const BvSourceKind bv_source_kind_segment_warehouse = DATABASE ("segment-warehouse", "Segment", N_("Events and users from a warehouse that Segment fills"),
                                                         "network-workgroup-symbolic", N_("Applications"), segment_settings, segment_open);
