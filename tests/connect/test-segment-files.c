/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "segment-files": each file once, repeats once, schema growth, bad lines, pages in the middle of files, kills. */
#include "vendor-test.h"

#include "bv-segment-private.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct
{
  VendorTest test;
  char *logs;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  vendor_test_init (&f->test, "segment-files", "segment");
  f->logs = g_build_filename (f->test.dir, "segment-logs", NULL);
  g_assert_cmpint (g_mkdir (f->logs, 0700), ==, 0);
  vendor_test_set (&f->test, "folder", f->logs);
  vendor_test_put (&f->test);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  vendor_test_clear (&f->test);
  g_free (f->logs);
}

static GBytes *
gzip (const char *text, gsize length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, compressor);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* Writes a file, gzipped where its name says so. */
static void
put_file (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->logs, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = g_str_has_suffix (name, ".gz") ? gzip (text, strlen (text)) : g_bytes_new (text, strlen (text));

  g_mkdir_with_parents (dir, 0700);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
}

static void
remove_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->logs, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static const char day_one[] =
  "{\"type\":\"page\",\"messageId\":\"m-1\",\"anonymousId\":\"a-1\",\"name\":\"Pricing\",\"properties\":{\"url\":\"https://x.example/p\",\"path\":\"/p\"},"
  "\"context\":{\"page\":{\"path\":\"/p\"},\"ip\":\"192.0.2.1\"},\"timestamp\":\"2024-03-01T09:00:00.905Z\",\"originalTimestamp\":\"2024-03-01T09:00:00.600Z\","
  "\"sentAt\":\"2024-03-01T09:00:00.604Z\",\"receivedAt\":\"2024-03-01T09:00:00.909Z\",\"version\":2,\"writeKey\":\"secret\"}\n"
  "{\"type\":\"identify\",\"messageId\":\"m-2\",\"anonymousId\":\"a-1\",\"userId\":\"u-7\",\"traits\":{\"email\":\"Ada@x.example \",\"plan\":\"pro\",\"logins\":3,"
  "\"address\":{\"postalCode\":\"75001\"},\"tags\":[\"a\",\"b\"]},\"context\":{},\"timestamp\":\"2024-03-01T09:05:00Z\",\"receivedAt\":\"2024-03-01T09:05:01Z\"}\n"
  "\n"
  "{\"type\":\"track\",\"messageId\":\"m-3\",\"userId\":\"u-7\",\"event\":\"Signed In\",\"properties\":{\"method\":\"sso\",\"ok\":true,\"id\":\"own\"},"
  "\"context\":{\"app\":{\"name\":\"Web\"},\"traits\":{\"email\":\"ada@x.example\"}},\"timestamp\":\"2024-03-01T09:05:02Z\",\"receivedAt\":\"2024-03-01T09:05:03Z\"}\r\n"
  "{\"type\":\"track\",\"messageId\":\"m-3\",\"userId\":\"u-7\",\"event\":\"Signed In\",\"properties\":{\"method\":\"sso\",\"ok\":true,\"id\":\"own\"},"
  "\"context\":{\"app\":{\"name\":\"Web\"},\"traits\":{\"email\":\"ada@x.example\"}},\"timestamp\":\"2024-03-01T09:05:02Z\",\"receivedAt\":\"2024-03-01T09:06:03Z\"}\n"
  "{\"type\":\"group\",\"messageId\":\"m-4\",\"userId\":\"u-7\",\"groupId\":\"g-1\",\"traits\":{\"name\":\"Acme\",\"employees\":12},\"receivedAt\":\"2024-03-01T09:07:01Z\"}\n"
  "{\"type\":\"alias\",\"messageId\":\"m-5\",\"previousId\":\"old-7\",\"userId\":\"u-7\",\"receivedAt\":\"2024-03-01T09:08:01Z\"}";

static void
test_tables (Fixture *f, gconstpointer data)
{
  g_autoptr (BvRun) again = NULL;

  put_file (f, "src/1709251200000/a.gz", day_one);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id, anonymous_id, name, url, path, context_page_path, timestamp, original_timestamp, sent_at, received_at FROM segment_pages",
                 "m-1|a-1|Pricing|https://x.example/p|/p|/p|2024-03-01 09:00:00.905|2024-03-01 09:00:00.6|2024-03-01 09:00:00.604|2024-03-01 09:00:00.909\n");
  vendor_assert (&f->test, "SELECT id, user_id, anonymous_id, email, plan, logins, typeof(logins), address_postal_code, tags FROM segment_identifies",
                 "m-2|u-7|a-1|Ada@x.example |pro|3|integer|75001|[\"a\",\"b\"]\n");
  vendor_assert (&f->test, "SELECT id, event, event_text, user_id, user_email, context_app, count(*) FROM segment_tracks",
                 "m-3|signed_in|Signed In|u-7|ada@x.example|Web|1\n");
  vendor_assert (&f->test, "SELECT id, method, ok, count(*) FROM segment_signed_in", "m-3|sso|1|1\n");
  vendor_assert (&f->test, "SELECT group_id, name, employees FROM segment_groups", "g-1|Acme|12\n");
  vendor_assert (&f->test, "SELECT previous_id, user_id FROM segment_aliases", "old-7|u-7\n");
  /* What is in the way of a column is kept; a key of the account is not. */
  vendor_assert (&f->test, "SELECT count(*) FROM segment_pages WHERE ifnull(_extra, '') LIKE '%secret%'", "0\n");
  again = vendor_test_sync (&f->test);
  g_assert_cmpint (again->counts.read, ==, 0);
}

static void
test_incremental (Fixture *f, gconstpointer data)
{
  put_file (f, "src/1709251200000/a.gz", day_one);
  bv_run_free (vendor_test_sync (&f->test));
  /* A new file repeats a call, brings a new property, another type of a known one, and a new event. */
  put_file (f, "src/1709337600000/b.json",
            "{\"type\":\"track\",\"messageId\":\"m-3\",\"userId\":\"other\",\"event\":\"Signed In\",\"receivedAt\":\"2024-03-02T00:00:00Z\"}\n"
            "{\"type\":\"track\",\"messageId\":\"m-6\",\"userId\":\"u-8\",\"event\":\"Signed In\",\"properties\":{\"ok\":\"perhaps\",\"newOne\":5.5},\"receivedAt\":\"2024-03-02T00:00:01Z\"}\n"
            "{\"type\":\"track\",\"messageId\":\"m-7\",\"userId\":\"u-8\",\"event\":\"Größe geändert\",\"properties\":{\"to\":1},\"receivedAt\":\"2024-03-02T00:00:02Z\"}\n");
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id, user_id FROM segment_tracks ORDER BY id", "m-3|u-7\nm-6|u-8\nm-7|u-8\n");
  vendor_assert (&f->test, "SELECT id, method, new_one FROM segment_signed_in ORDER BY id", "m-3|sso|-\nm-6|-|5.5\n");
  vendor_assert (&f->test, "SELECT id, \"to\" FROM \"segment_größe_geändert\"", "m-7|1\n");
  /* A file that grows is read again; one that disappears takes nothing away. */
  remove_file (f, "src/1709251200000/a.gz");
  put_file (f, "src/1709337600000/b.json",
            "{\"type\":\"track\",\"messageId\":\"m-6\",\"userId\":\"u-8\",\"event\":\"Signed In\",\"properties\":{\"ok\":\"perhaps\",\"newOne\":5.5},\"receivedAt\":\"2024-03-02T00:00:01Z\"}\n"
            "{\"type\":\"track\",\"messageId\":\"m-8\",\"userId\":\"u-9\",\"event\":\"Signed In\",\"receivedAt\":\"2024-03-02T00:00:03Z\"}\n");
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id FROM segment_tracks WHERE _deleted_at IS NULL ORDER BY id", "m-3\nm-6\nm-7\nm-8\n");
}

/* A field that is chosen later comes for the calls that are here already, and a reload reads the files once more. */
static void
test_chosen_later (Fixture *f, gconstpointer data)
{
  put_file (f, "a.json",
            "{\"type\":\"track\",\"messageId\":\"m-1\",\"userId\":\"u-7\",\"event\":\"Signed In\",\"properties\":{\"method\":\"sso\"},\"receivedAt\":\"2024-03-02T00:00:00Z\"}\n");
  bv_source_choose (f->test.source, "event:signed_in", (const char *const[]){ "userId", NULL });
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
  bv_source_choose (f->test.source, "event:signed_in", (const char *const[]){ "userId", "properties.method", NULL });
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id, user_id, method FROM segment_signed_in", "m-1|u-7|sso\n");
  f->test.flags = BV_SYNC_RELOAD;
  {
    g_autoptr (BvRun) run = vendor_test_sync (&f->test);

    g_assert_cmpint (run->counts.read, ==, 1);
    g_assert_cmpint (run->counts.unchanged, ==, 1);
  }
}

static void
test_bad_lines (Fixture *f, gconstpointer data)
{
  g_autoptr (BvRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *notes = NULL;
  g_autoptr (GBytes) packed = gzip (day_one, strlen (day_one));
  g_autofree char *cut = g_build_filename (f->logs, "c.gz", NULL);

  put_file (f, "a.ndjson",
            "{\"type\":\"track\",\"messageId\":\"m-1\",\"event\":\"Seen\",\"receivedAt\":\"2024-03-01T00:00:00Z\"}\n"
            "{\"type\":\"track\",\"messageId\":\"m-2\",\"event\":\"Se\n"
            "nothing at all\n"
            "{\"type\":\"track\",\"messageId\":\"m-3\",\"event\":\"Seen\",\"receivedAt\":\"yesterday\",\"userId\":7,\"properties\":{\"bad\":\"\xff\xfe\",\"nul\":\"a\\u0000b\"}}\n"
            "{\"type\":\"track\",\"event\":\"Seen\"}\n"
            "{\"type\":\"track\",\"messageId\":\"m-4\"}\n"
            "{\"type\":\"delete\",\"messageId\":\"m-5\"}\n"
            "[[[[[[[[\n"
            "{\"type\":\"track\",\"messageId\":\"m-6\",\"event\":\"Seen\",\"receivedAt\":\"2024-03-01T00:00:00Z\"}");
  g_assert_true (g_file_set_contents (cut, g_bytes_get_data (packed, NULL), (gssize) g_bytes_get_size (packed) / 2, NULL));
  g_assert_false (vendor_test_try (&f->test, &run, &error));
  notes = vendor_test_notes (run);
  g_assert_cmpint (run->status, ==, BV_RUN_PARTLY);
  g_assert_nonnull (strstr (notes, "a.ndjson"));
  g_assert_nonnull (strstr (notes, "Line 2"));
  vendor_assert (&f->test, "SELECT id, user_id FROM segment_tracks WHERE event = 'seen' ORDER BY id", "m-1|-\nm-3|7\nm-6|-\n");
  vendor_assert (&f->test, "SELECT nul FROM segment_seen WHERE id = 'm-3'", "a\xef\xbf\xbd" "b\n");
  g_clear_error (&error);

  /* The file that was cut off is whole now. */
  remove_file (f, "a.ndjson");
  put_file (f, "c.gz", day_one);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM segment_groups", "1\n");
}

/* Reports made on the sample find their tables. */
static void
test_prefix (void)
{
  static const char *const kinds[][2] = { { "segment-files", "segment" }, { "intercom", "intercom" }, { "rest", "rest" } };
  VendorTest test;

  vendor_test_init (&test, "segment-files", "x");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (BvSource) source = bv_source_new (test.project, kinds[i][0], NULL);

      g_assert_cmpstr (source->prefix, ==, kinds[i][1]);
    }
  vendor_test_clear (&test);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *missing = g_build_filename (f->logs, "missing", NULL);

  g_assert_false (bv_source_test (f->test.source, NULL, NULL, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  put_file (f, "a.gz", day_one);
  g_assert_true (bv_source_test (f->test.source, NULL, &lines, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (lines->pdata[0], "1 file, "));
  vendor_test_set (&f->test, "folder", missing);
  g_assert_false (bv_source_test (f->test.source, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "missing"));
}

/* --- Random folders -------------------------------------------------------------------------------------------------------------------- */

/* One call; @truth gets what the table of events must hold of it, once. */
static void
append_call (GString *text, GRand *rand, GHashTable *truth, guint *next)
{
  gboolean repeat = *next > 0 && g_rand_int_range (rand, 0, 6) == 0;
  guint n = repeat ? (guint) g_rand_int_range (rand, 0, (gint32) *next) : (*next)++;
  guint event = n % 5;

  if (n % 4 == 3)
    g_string_append_printf (text, "{\"messageId\":\"x-%u\",\"type\":\"page\",\"anonymousId\":\"a\",\"context\":{\"page\":{\"path\":\"/track\"}},\"receivedAt\":\"2024-03-01T00:00:00Z\"}\n", n);
  else
    {
      g_string_append_printf (text, "{\"messageId\" : \"x-%u\", \"properties\":{\"p%u\":%u,\"big\":\"%0*u\"},\"event\":\"Event %u\",\"type\":\"track\",\"receivedAt\":\"2024-03-01T00:00:00Z\"}\n", n,
                              n % 7, n, (int) (n % 50), n, event);
      g_hash_table_insert (truth, g_strdup_printf ("x-%u|event_%u|%u", n, event, n), NULL);
    }
}

static void
run_round (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GHashTable) truth = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) expected = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autofree char *got = NULL;
  Fixture f;
  guint next = 0;

  g_test_message ("seed %u", seed);
  set_up (&f, NULL);
  for (int round = 0; round < 4; round++)
    {
      for (int i = g_rand_int_range (rand, 0, 4); i > 0; i--)
        {
          g_autofree char *name = g_strdup_printf ("%d/%u.%s", g_rand_int_range (rand, 0, 3), g_rand_int (rand), g_rand_boolean (rand) ? "gz" : "json");
          g_autoptr (GString) text = g_string_new (NULL);

          for (int k = g_rand_int_range (rand, 0, 400); k >= 0; k--)
            append_call (text, rand, truth, &next);
          put_file (&f, name, text->str);
        }
      f.test.max_pages = g_rand_boolean (rand) ? (guint) g_rand_int_range (rand, 1, 20) : 0;
      vendor_test_try (&f.test, NULL, NULL);
    }
  f.test.max_pages = 0;
  bv_run_free (vendor_test_sync (&f.test));
  expected = g_list_sort (g_hash_table_get_keys (truth), (GCompareFunc) strcmp);
  for (GList *l = expected; l != NULL; l = l->next)
    g_string_append_printf (all, "%s\n", (char *) l->data);
  if (expected != NULL)
    {
      for (guint event = 0; event < 5; event++)
        {
          g_autofree char *table = g_strdup_printf ("segment_event_%u", event);
          g_autofree char *exists = g_strdup_printf ("SELECT count(*) FROM pragma_table_info('%s') WHERE name = 'id'", table);
          g_autofree char *there = vendor_test_dump (&f.test, exists);

          if (strcmp (there, "1\n") == 0)
            g_string_append_printf (sql, "%sSELECT e.id AS i, t.event AS e, ifnull(CAST(e.big AS INTEGER), '') AS b FROM %s e JOIN segment_tracks t ON t.id = e.id", sql->len > 0 ? " UNION ALL " : "",
                                    table);
        }
      g_string_prepend (sql, "SELECT i || '|' || e || '|' || b FROM (");
      g_string_append (sql, ") ORDER BY 1");
      got = vendor_test_dump (&f.test, sql->str);
      g_assert_cmpstr (got, ==, all->str);
    }
  tear_down (&f, NULL);
}

static void
test_random (void)
{
  const char *seed = g_getenv ("BV_SEED"), *rounds = g_getenv ("BV_LONG");
  guint n = rounds != NULL ? MAX (10, (guint) atoi (rounds) / 100) : 6;

  for (guint i = 0; i < n; i++)
    run_round ((seed != NULL ? (guint32) atoi (seed) : 1) + i);
}

/* --- The spool ------------------------------------------------------------------------------------------------------------------------- */

/* Thirty events in two files: a sync reads each line for its two tables and to know the streams, not once for every table. */
static void
test_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (BvRun) run = NULL;
  g_autoptr (BvRun) again = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "{\"type\":\"track\",\"messageId\":\"m-%u\",\"event\":\"Event %u\",\"properties\":{\"n\":%u},"
                            "\"receivedAt\":\"2024-03-01T00:00:00Z\"}\n", i, i % 30, i);
  put_file (f, "1/a.gz", text->str);
  run = vendor_test_sync (&f->test);
  vendor_assert (&f->test, "SELECT count(*), count(DISTINCT event) FROM segment_tracks", "3000|30\n");
  vendor_assert (&f->test, "SELECT count(*), sum(n) FROM segment_event_7", "100|149200\n");
  g_assert_cmpuint (run->counts.bytes, <=, 2 * text->len);
  /* A line that is none takes its file from the spool: the tables read it themselves, and one of them says so. */
  g_string_append (text, "nothing at all\n");
  put_file (f, "2/b.gz", text->str);
  vendor_test_try (&f->test, &again, NULL);
  g_assert_cmpint (again->status, ==, BV_RUN_PARTLY);
  g_assert_cmpuint (again->counts.bytes, >, 30 * text->len);
  vendor_assert (&f->test, "SELECT count(*), count(DISTINCT event) FROM segment_tracks", "3000|30\n");
}

/* What goes in comes out, by stream and file, from any line on; lines longer than a block, files taken back, and no more than it may hold. */
static void
test_spool (void)
{
  static const char *const streams[] = { "tracks", "pages", "event:a" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);

  for (int round = 0; round < 30; round++)
    {
      BvSegmentSpool *spool = bv_segment_spool_new (round % 3 == 2 ? 200000 : 1 << 30);
      g_autoptr (GPtrArray) truth = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
      guint n_files = (guint) g_rand_int_range (rand, 1, 6), n_there = 0;

      g_assert_nonnull (spool);
      for (guint file = 0; file < n_files; file++)
        {
          g_autofree char *id = g_strdup_printf ("file-%u", file);
          gint64 offset = 0;

          for (guint s = 0; s < G_N_ELEMENTS (streams); s++)
            g_ptr_array_add (truth, g_ptr_array_new_with_free_func (g_free));
          for (int line = 1; line <= g_rand_int_range (rand, 1, 900); line++)
            {
              guint s = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (streams));
              g_autofree char *pad = g_strnfill (g_rand_int_range (rand, 0, 60) == 0 ? 150000 : (gsize) g_rand_int_range (rand, 0, 300), 'x');
              char *text = g_strdup_printf ("%d %s", line, pad);

              offset += (gint64) strlen (text) + 1;
              bv_segment_spool_add (spool, streams[s], text, strlen (text), offset, line);
              g_ptr_array_add (truth->pdata[file * G_N_ELEMENTS (streams) + s], text);
            }
          bv_segment_spool_end (spool, id, file % 4 != 3);
        }
      for (guint file = 0; file < n_files; file++)
        for (guint s = 0; s < G_N_ELEMENTS (streams); s++)
          {
            g_autofree char *id = g_strdup_printf ("file-%u", file);
            GPtrArray *lines = truth->pdata[file * G_N_ELEMENTS (streams) + s];
            guint turn = lines->len > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) lines->len) : 0;
            g_autoptr (BvSegmentSpoolReader) reader = bv_segment_spool_open (spool, streams[s], id, 0);
            const char *text;
            gboolean broken;
            gsize length;

            if (reader == NULL)
              {
                g_assert_true (file % 4 == 3 || round % 3 == 2);
                continue;
              }
            g_assert_cmpuint (file % 4, !=, 3);
            n_there++;
            for (guint i = 0; i < lines->len; i++)
              {
                g_assert_true (bv_segment_spool_next (reader, &text, &length, &broken));
                g_assert_cmpmem (text, length, lines->pdata[i], strlen (lines->pdata[i]));
                g_assert_cmpint (bv_segment_spool_line (reader), ==, atoi (lines->pdata[i]));
                /* On in another reader, from here. */
                if (i == turn)
                  {
                    gint64 offset = bv_segment_spool_offset (reader);

                    bv_segment_spool_reader_free (reader);
                    reader = bv_segment_spool_open (spool, streams[s], id, offset);
                  }
              }
            g_assert_false (bv_segment_spool_next (reader, &text, &length, &broken));
            g_assert_false (broken);
          }
      g_assert_true (n_there > 0 || round % 3 == 2);
      bv_segment_spool_free (spool);
    }
}

/* --- The sample that was written for the format ---------------------------------------------------------------------------------------------- */

static void
test_sample (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("BV_SHARED") != NULL ? g_getenv ("BV_SHARED") : "", "contracts/segment/sample.ndjson", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("the sample is not here");
      return;
    }
  put_file (f, "s/1709251200000/sample.gz", text);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test,
                 "SELECT (SELECT count(*) FROM segment_pages), (SELECT count(*) FROM segment_identifies), (SELECT count(*) FROM segment_tracks),"
                 " (SELECT count(*) FROM segment_signed_in), (SELECT count(*) FROM segment_groups), (SELECT count(*) FROM segment_aliases)",
                 "1|1|1|1|1|1\n");
  vendor_assert (&f->test, "SELECT email, address_city, logins FROM segment_identifies", "Ada@Acme.example |Paris|3\n");
  vendor_assert (&f->test, "SELECT context_campaign_source, context_library_name FROM segment_pages", "news|analytics.js\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/segment-files/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("tables", test_tables);
  ADD ("incremental", test_incremental);
  ADD ("chosen-later", test_chosen_later);
  ADD ("bad-lines", test_bad_lines);
  ADD ("empty", test_empty);
  ADD ("sample", test_sample);
  ADD ("once", test_once);
#undef ADD
  g_test_add_func ("/segment-files/prefix", test_prefix);
  g_test_add_func ("/segment-files/spool", test_spool);
  g_test_add_func ("/segment-files/random", test_random);
  return g_test_run ();
}
