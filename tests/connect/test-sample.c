/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample: as many rows as promised, the same ones each time, none after its last day, and the faults that real data has. */

#include "bv-sample.h"
#include "bv-time.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

static const char *const tables[] = {
  "hubspot_companies", "hubspot_contacts", "hubspot_deals", "hubspot_deal_contacts",
  "intercom_contacts", "intercom_conversations", "segment_identifies", "segment_tracks",
};

typedef struct
{
  char *dir;
  char *path;
  BvProject *project;
  sqlite3 *db;
} Sample;

static void
sample_open (Sample *sample, int year, int month, int day, guint seed, guint customers)
{
  BvSampleOptions options = { bv_days_from_civil (year, month, day), seed, customers };
  g_autoptr(GError) error = NULL;

  sample->dir = g_dir_make_tmp ("bv-sample-XXXXXX", &error);
  g_assert_no_error (error);
  sample->path = g_build_filename (sample->dir, "sample.belvedere", NULL);
  sample->project = bv_project_create (sample->path, &error);
  g_assert_no_error (error);
  g_assert_true (bv_sample_fill (sample->project, &options, NULL, &error));
  g_assert_no_error (error);
  sample->db = bv_project_borrow_reader (sample->project, NULL, &error);
  g_assert_no_error (error);
}

static void
sample_close (Sample *sample)
{
  g_autoptr(GDir) dir = g_dir_open (sample->dir, 0, NULL);
  const char *name;

  bv_project_return_reader (sample->project, sample->db);
  bv_project_unref (sample->project);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (sample->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (sample->dir);
  g_free (sample->dir);
  g_free (sample->path);
}

static gint64
ask (Sample *sample, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 n;

  if (sqlite3_prepare_v2 (sample->db, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (sample->db));
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return n;
}

/* A digest over all cells of all tables. */
static char *
digest (Sample *sample)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", tables[t]);
      sqlite3_stmt *stmt = NULL;

      g_assert_cmpint (sqlite3_prepare_v2 (sample->db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
      while (sqlite3_step (stmt) == SQLITE_ROW)
        for (int c = 0; c < sqlite3_column_count (stmt); c++)
          {
            const char *text = (const char *) sqlite3_column_text (stmt, c);

            g_checksum_update (sum, (const guchar *) (text != NULL ? text : "\1"), text != NULL ? (gssize) strlen (text) + 1 : 2);
          }
      sqlite3_finalize (stmt);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
assert_about (gint64 n, gint64 wanted, double tolerance)
{
  g_assert_cmpint (n, >=, (gint64) ((double) wanted * (1 - tolerance)));
  g_assert_cmpint (n, <=, (gint64) ((double) wanted * (1 + tolerance)));
}

static void
test_default (void)
{
  Sample sample;
  gint64 start = g_get_monotonic_time ();

  sample_open (&sample, 2026, 6, 30, 0, 0);
  g_test_message ("filled in %.2f s", (double) (g_get_monotonic_time () - start) / 1e6);

  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_companies"), ==, 400);
  assert_about (ask (&sample, "SELECT count(*) FROM segment_tracks"), 30000, 0.05);
  assert_about (ask (&sample, "SELECT count(*) FROM intercom_conversations"), 2500, 0.08);
  assert_about (ask (&sample, "SELECT count(*) FROM hubspot_deals"), 1200, 0.1);
  /* About two events in five are logins. */
  assert_about (ask (&sample, "SELECT 1000 * sum(event = 'logged_in') / count(*) FROM segment_tracks"), 400, 0.05);

  /* Two years, the last day included. */
  g_assert_cmpint (ask (&sample, "SELECT min(createdate) >= '2024-07-01' AND max(createdate) < '2026-07-01' FROM hubspot_deals"), ==, 1);
  g_assert_cmpint (ask (&sample, "SELECT min(timestamp) >= '2024-07-01' AND max(timestamp) >= '2026-06-30' FROM segment_tracks"), ==, 1);
  g_assert_cmpint (ask (&sample, "SELECT min(timestamp) < '2024-07-15' FROM segment_tracks"), ==, 1);

  /* Keys are unique; every link leads somewhere. */
  g_assert_cmpint (ask (&sample, "SELECT count(*) - count(DISTINCT id) FROM segment_tracks"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) - count(DISTINCT lower(email)) FROM hubspot_contacts WHERE email IS NOT NULL"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals d LEFT JOIN hubspot_contacts c ON c.id = d.contact_id "
                                 "WHERE d.contact_id IS NOT NULL AND c.id IS NULL"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_contacts c LEFT JOIN hubspot_companies o ON o.id = c.company_id "
                                 "WHERE c.company_id IS NOT NULL AND o.id IS NULL"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM intercom_conversations v LEFT JOIN intercom_contacts c ON c.id = v.contact_id "
                                 "WHERE c.id IS NULL"), ==, 0);
  /* Addresses that can reach nobody. */
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_contacts WHERE trim(lower(email)) NOT LIKE '%.example' "
                                 "AND trim(lower(email)) NOT LIKE '%@example.___'"), ==, 0);
  sample_close (&sample);
}

static void
test_faults (void)
{
  static const char *const some[] = {
    "SELECT count(*) FROM hubspot_contacts WHERE email <> lower(email)",
    "SELECT count(*) FROM hubspot_contacts WHERE email <> trim(email)",
    "SELECT count(*) FROM hubspot_contacts WHERE phone IS NULL",
    "SELECT count(*) FROM hubspot_contacts c WHERE NOT EXISTS (SELECT 1 FROM hubspot_deals d WHERE d.contact_id = c.id)",
    "SELECT count(*) FROM hubspot_deals WHERE contact_id IS NULL",
    "SELECT count(*) FROM hubspot_deals WHERE company_id IS NULL",
    "SELECT count(*) FROM hubspot_deals WHERE amount IS NULL",
    "SELECT count(*) FROM hubspot_deals WHERE NOT is_closed AND close_date > '2026-06-30'",
    "SELECT count(*) FROM (SELECT 1 FROM hubspot_deal_contacts GROUP BY deal_id HAVING count(*) = 2)",
    "SELECT count(*) FROM hubspot_deals d JOIN hubspot_contacts c ON c.id = d.contact_id WHERE c.has_been_merged",
    "SELECT count(*) FROM intercom_conversations WHERE first_admin_reply_at IS NULL",
    "SELECT count(*) FROM intercom_conversations WHERE state = 'open'",
    "SELECT count(*) FROM intercom_contacts WHERE role = 'lead' AND external_id IS NULL",
    "SELECT count(*) FROM segment_tracks WHERE user_email IS NULL AND user_id IS NOT NULL",
    "SELECT count(*) FROM segment_tracks WHERE user_id IS NULL",
    "SELECT count(*) FROM segment_tracks WHERE user_id NOT IN (SELECT user_id FROM segment_identifies)",
    "SELECT count(*) FROM segment_tracks WHERE user_email <> trim(lower(user_email))",
    "SELECT count(*) FROM segment_tracks WHERE event = 'plan_upgraded'",
  };
  Sample sample;

  sample_open (&sample, 2026, 6, 30, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_test_message ("%s", some[i]);
      g_assert_cmpint (ask (&sample, some[i]), >, 0);
    }

  /* Two merged records, each pointing at a living one. */
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_contacts m JOIN hubspot_contacts s ON s.id = m.merged_into "
                                 "WHERE m.has_been_merged AND NOT s.has_been_merged"), ==, 2);
  g_assert_cmpint (ask (&sample, "SELECT sum(has_been_merged) FROM hubspot_contacts"), ==, 2);

  /* Facts that contradict each other would be faults of ours. */
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals WHERE is_won AND NOT is_closed"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals WHERE is_won <> (dealstage = 'Closed won')"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals WHERE is_closed AND close_date > '2026-06-30'"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals WHERE is_won AND amount IS NULL"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_deals WHERE abs(amount * 100 - round(amount * 100)) > 1e-6"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM intercom_conversations "
                                 "WHERE (first_admin_reply_at IS NULL) <> (time_to_admin_reply IS NULL)"), ==, 0);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM intercom_conversations WHERE first_admin_reply_at < created_at"), ==, 0);

  /* The busiest tenth of the people makes at least a third of the events; Sundays are quiet. */
  g_assert_cmpint (ask (&sample, "WITH n AS (SELECT count(*) AS c FROM segment_tracks WHERE user_id IS NOT NULL GROUP BY user_id) "
                                 "SELECT 100 * (SELECT sum(c) FROM (SELECT c FROM n ORDER BY c DESC LIMIT (SELECT count(*) / 10 FROM n))) "
                                 "/ sum(c) FROM n"), >=, 33);
  g_assert_cmpint (ask (&sample, "SELECT 5 * sum(strftime('%w', timestamp) = '0') < sum(strftime('%w', timestamp) = '2') "
                                 "FROM segment_tracks"), ==, 1);
  sample_close (&sample);
}

static void
test_deterministic (void)
{
  Sample a, b, c;
  g_autofree char *da = NULL, *db = NULL, *dc = NULL;

  sample_open (&a, 2026, 6, 30, 7, 60);
  sample_open (&b, 2026, 6, 30, 7, 60);
  sample_open (&c, 2026, 6, 30, 8, 60);
  da = digest (&a);
  db = digest (&b);
  dc = digest (&c);
  g_assert_cmpstr (da, ==, db);
  g_assert_cmpstr (da, !=, dc);
  sample_close (&a);
  sample_close (&b);
  sample_close (&c);
}

static void
test_as_of (void)
{
  static const struct { int year, month, day; guint customers; } cases[] = {
    { 2026, 6, 30, 30 }, { 2024, 2, 29, 30 }, { 2026, 1, 1, 5 }, { 2025, 10, 26, 1 }, { 2000, 3, 1, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *next = g_strdup_printf ("date('%04d-%02d-%02d', '+1 day')", cases[i].year, cases[i].month, cases[i].day);
      Sample sample;

      sample_open (&sample, cases[i].year, cases[i].month, cases[i].day, 0, cases[i].customers);
      g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_companies"), ==, cases[i].customers);
      for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(BvTableInfo) info = bv_project_get_table (sample.project, tables[t], &error);

          g_assert_no_error (error);
          for (guint c = 0; c < info->columns->len; c++)
            {
              BvTableColumn *column = &g_array_index (info->columns, BvTableColumn, c);
              g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s WHERE %s >= %s%s", tables[t], column->name, next,
                                                      g_str_equal (column->name, "close_date") ? " AND is_closed" : "");

              if (bv_type_is_time (column->type))
                g_assert_cmpint (ask (&sample, sql), ==, 0);
            }
        }
      sample_close (&sample);
    }
}

static void
test_refused (void)
{
  BvSampleOptions options = { bv_days_from_civil (2026, 6, 30), 0, 1000000 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Sample sample;

  sample_open (&sample, 2026, 6, 30, 0, 1);
  g_assert_false (bv_sample_fill (sample.project, &options, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  g_clear_error (&error);

  options.customers = 10;
  g_cancellable_cancel (cancellable);
  g_assert_false (bv_sample_fill (sample.project, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (ask (&sample, "SELECT count(*) FROM hubspot_companies"), ==, 1);
  sample_close (&sample);
}

/* The embedded definitions are read. */
static void
test_definitions (void)
{
  g_autofree char *json = bv_sample_definitions ();
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;
  JsonObject *root;
  JsonArray *reports;

  g_assert_true (json_parser_load_from_data (parser, json, -1, &error));
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpint (json_object_get_int_member (root, "belvedere"), ==, 1);
  reports = json_object_get_array_member (root, "reports");
  g_assert_cmpint (json_array_get_length (reports), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (reports, 0), "name"), ==, "Customer report");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/default", test_default);
  g_test_add_func ("/sample/faults", test_faults);
  g_test_add_func ("/sample/deterministic", test_deterministic);
  g_test_add_func ("/sample/as-of", test_as_of);
  g_test_add_func ("/sample/refused", test_refused);
  g_test_add_func ("/sample/definitions", test_definitions);
  return g_test_run ();
}
