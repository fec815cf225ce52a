/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine with a kind of the test's own: what the vendors' fakes have no occasion for. */
#include "vendor-test.h"

#define PAGE 10

typedef struct
{
  VendorTest test;
  BvType key_type;
  double keys[100];
  guint n;
  gboolean update;  /* the stream knows what changed; else it is read as a whole each time */
  guint hole;       /* this record has no key; 0: none */
  gboolean twice;   /* a second stream has a name that makes the same table */
} Fixture;

static Fixture *fixture;

static GPtrArray *
discover (BvSourceContext *context, GError **error)
{
  GPtrArray *streams = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_stream_free);

  for (int i = 0; i < (fixture->twice ? 2 : 1); i++)
    {
      BvSourceStream *stream = bv_source_stream_new (i == 0 ? "things" : "Things!", NULL, NULL, BV_STREAM_DEFAULT | (fixture->update ? BV_STREAM_UPDATE : 0));

      stream->key = g_strsplit ("id", ",", -1);
      bv_source_stream_add (stream, bv_source_field_new ("id", NULL, NULL, fixture->key_type, BV_FIELD_ALWAYS));
      bv_source_stream_add (stream, bv_source_field_new ("a", NULL, NULL, BV_TYPE_TEXT, BV_FIELD_DEFAULT));
      bv_source_stream_add (stream, bv_source_field_new ("b", NULL, NULL, BV_TYPE_TEXT, 0));
      g_ptr_array_add (streams, stream);
    }
  return streams;
}

static gboolean
fetch (BvFetch *fetch, GError **error)
{
  guint at = (guint) bv_source_json_int (fetch->page, "at", 0);
  guint end = fetch->pass == BV_PASS_UPDATE ? 0 : MIN (at + PAGE, fixture->n);

  for (guint i = at; i < end; i++)
    {
      BvValue values[3];

      for (guint k = 0; k < fetch->fields->len; k++)
        values[k] = strcmp (((BvSourceField *) fetch->fields->pdata[k])->name, "id") != 0 ? bv_value_text (((BvSourceField *) fetch->fields->pdata[k])->name)
                    : fixture->hole == i + 1 ? BV_VALUE_NULL
                    : fixture->key_type == BV_TYPE_DOUBLE ? bv_value_double (fixture->keys[i]) : bv_value_int ((gint64) fixture->keys[i]);
      bv_batch_add_row (fetch->batch, values, NULL);
      for (guint k = 0; k < fetch->fields->len; k++)
        bv_value_clear (&values[k]);
    }
  json_object_set_int_member (fetch->page, "at", end);
  fetch->done = end == fixture->n || fetch->pass == BV_PASS_UPDATE;
  return TRUE;
}

static const BvSourceKind kind = {
  .id = "test-kind", .name = "Things", .summary = "", .icon = "", .category = "Files", .discover = discover, .fetch = fetch,
};

static void
set_up (Fixture *f, gconstpointer data)
{
  fixture = f;
  bv_source_kind_set_test (&kind);
  vendor_test_init (&f->test, "test-kind", "t");
  vendor_test_put (&f->test);
  f->key_type = BV_TYPE_INT;
  f->n = 35;
  for (guint i = 0; i < G_N_ELEMENTS (f->keys); i++)
    f->keys[i] = i + 1;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  vendor_test_clear (&f->test);
  bv_source_kind_set_test (NULL);
}

/* A record is the same one however its key is written. */
static void
test_double_key (Fixture *f, gconstpointer data)
{
  static const double keys[] = { 5, 0.1, 0.2 + 0.1, 1e20, -7, 1.0 / 3, 123456789.25, 1e-300, 9007199254740993.0 };

  f->key_type = BV_TYPE_DOUBLE;
  f->n = G_N_ELEMENTS (keys);
  memcpy (f->keys, keys, sizeof keys);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (BvRun) run = NULL;

      f->test.fake.now += G_USEC_PER_SEC;
      run = vendor_test_sync (&f->test);
      g_assert_cmpint (run->counts.deleted, ==, 0);
      g_assert_cmpint (run->counts.added, ==, i == 0 ? f->n : 0);
    }
  f->n--;
  f->test.fake.now += G_USEC_PER_SEC;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*), count(_deleted_at), sum(id > 9e15 AND _deleted_at) FROM t_things", "9|1|1\n");
}

/* A field that is chosen while the first load is under way comes for all rows, wherever that was left off. */
static void
test_chosen_meanwhile (Fixture *f, gconstpointer data)
{
  f->update = TRUE;
  for (guint kill = 1; kill < 9; kill++)
    for (guint again = 0; again < 4; again++)
      {
        g_test_message ("%u, %u", kill, again);
        f->test.max_pages = kill;
        vendor_test_try (&f->test, NULL, NULL);
        bv_source_choose (f->test.source, "things", (const char *const[]){ "a", "b", NULL });
        vendor_test_put (&f->test);
        f->test.max_pages = again;
        if (again > 0)
          vendor_test_try (&f->test, NULL, NULL);
        f->test.max_pages = 0;
        bv_run_free (vendor_test_sync (&f->test));
        vendor_assert (&f->test, "SELECT count(*), count(a), count(b) FROM t_things", "35|35|35\n");
        tear_down (f, NULL);
        set_up (f, NULL);
        f->update = TRUE;
      }
}

/* A page that fails in its middle is taken back, and not counted. */
static void
test_counts (Fixture *f, gconstpointer data)
{
  g_autoptr (BvRun) run = NULL;

  f->hole = 16;
  g_assert_false (vendor_test_try (&f->test, &run, NULL));
  vendor_assert (&f->test, "SELECT count(*) FROM t_things", "10\n");
  g_assert_cmpint (run->counts.added, ==, 10);
  g_assert_cmpint (run->counts.read, ==, 10);
}

/* Two streams never share a table: each would delete the other's rows. */
static void
test_same_table (Fixture *f, gconstpointer data)
{
  g_autoptr (BvRun) run = NULL;

  f->twice = TRUE;
  g_assert_false (vendor_test_try (&f->test, &run, NULL));
  g_assert_cmpint (run->status, ==, BV_RUN_PARTLY);
  g_assert_nonnull (strstr (run->error, "the same table “t_things”"));
  bv_source_choose (f->test.source, "Things!", NULL);
  vendor_test_put (&f->test);
  bv_run_free (vendor_test_sync (&f->test));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/connect/sync-engine/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("double-key", test_double_key);
  ADD ("chosen-meanwhile", test_chosen_meanwhile);
  ADD ("counts", test_counts);
  ADD ("same-table", test_same_table);
#undef ADD
  return g_test_run ();
}
