/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "rest": each way to sign in and to turn pages, lists found and not found, cursors, services that never end, keys that stay at home. */
#include "bv-rest.h"
#include "vendor-test.h"

#include <stdlib.h>

#define MAX_ITEMS 2000

typedef struct
{
  VendorTest test;
  FakeServer *server;
  FakeServer *other;  /* another host: what reaches it is noted */
  guint n;            /* items */
  gint64 changed[MAX_ITEMS]; /* unix seconds; -1 deleted */
  const char *paging; /* how the service pages */
  const char *expect_header, *expect_value; /* what a request must carry */
  const char *expect_query;
  gboolean stuck;     /* the same page for ever */
  gboolean leak_key;  /* repeats the key in its links */
  gboolean elsewhere; /* the next page is on the other host */
  guint cap;          /* the longest page */
  guint renamed;      /* this one has another name, which does not touch its time; 0: none */
} Fixture;

static void
append_item (Fixture *f, GString *s, guint i)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (f->changed[i]);
  g_autofree char *iso = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  g_string_append_printf (s, "{\"id\":%u,\"name\":\"%s %u\",\"_price\":%u.5,\"ok\":%s,\"address\":{\"city\":\"Graz\",\"zipCode\":\"0%u\"},\"tags\":[1,2],\"none\":null,\"updated_at\":\"%s\"}", i,
                          i > 0 && i == f->renamed ? "Thing" : "Item", i, i, i % 2 ? "true" : "false", i, iso);
}

static guint
number (const FakeRequest *request, const char *name, guint fallback)
{
  const char *text = fake_request_query (request, name);

  return text != NULL ? (guint) strtoul (text, NULL, 10) : fallback;
}

static void
handle_other (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  gboolean *leaked = data;
  const char *query = fake_request_query (request, "api_key");

  *leaked = *leaked || query != NULL || soup_message_headers_get_one (request->headers, "Authorization") != NULL
            || soup_message_headers_get_one (request->headers, "X-Key") != NULL;
  fake_reply_text (reply, 200, "[{\"id\":1}]");
}

static void
handle (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  Fixture *f = data;
  guint size = MIN (number (request, "limit", 100), f->cap), start = 0, n = 0, end;
  const char *since = fake_request_query (request, "since");
  gint64 from = G_MININT64, us;
  g_autoptr (GString) items = g_string_new (NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *next = NULL;
  g_autofree char *suffix = NULL;

  if (f->expect_header != NULL && g_strcmp0 (soup_message_headers_get_one (request->headers, f->expect_header), f->expect_value) != 0)
    {
      fake_reply_text (reply, 401, "{\"message\":\"who are you\"}");
      return;
    }
  if (f->expect_query != NULL && g_strcmp0 (fake_request_query (request, "api_key"), f->expect_query) != 0)
    {
      fake_reply_text (reply, 401, "{\"error\":{\"message\":\"no key\"}}");
      return;
    }
  if (g_str_has_suffix (request->path, "/single"))
    {
      fake_reply_text (reply, 200, "{\"id\":7,\"name\":\"only\"}");
      return;
    }
  if (g_str_has_suffix (request->path, "/two"))
    {
      fake_reply_text (reply, 200, "{\"a\":[{\"id\":1}],\"b\":[{\"id\":2}]}");
      return;
    }
  if (g_str_has_suffix (request->path, "/html"))
    {
      reply->content_type = "text/html";
      fake_reply_text (reply, 200, "<html>Sign in</html>");
      return;
    }
  if (g_str_has_suffix (request->path, "/redirect"))
    {
      soup_message_headers_append (reply->headers, "Location", fake_server_url (f->other));
      fake_reply_text (reply, 302, "");
      return;
    }
  if (since != NULL && bv_timestamp_parse (since, -1, &us, NULL))
    from = us / G_USEC_PER_SEC;
  for (guint i = 0; i < f->n; i++)
    if (f->changed[i] >= 0 && f->changed[i] >= from)
      g_ptr_array_add (ids, GUINT_TO_POINTER (i));
  if (strcmp (f->paging, "page") == 0)
    start = (number (request, "page", 1) - 1) * size;
  else if (strcmp (f->paging, "offset") == 0)
    start = number (request, "offset", 0);
  else if (strcmp (f->paging, "none") != 0)
    start = number (request, "after", 0);
  else
    size = f->n;
  if (f->stuck)
    start = 0;
  end = MIN (ids->len, start + size);
  for (guint i = start; i < end; i++)
    {
      if (n++ > 0)
        g_string_append_c (items, ',');
      append_item (f, items, GPOINTER_TO_UINT (ids->pdata[i]));
    }
  suffix = since != NULL ? g_strconcat ("&since=", since, NULL) : g_strdup ("");
  if (end < ids->len || f->stuck)
    next = g_strdup_printf ("%s%s?limit=%u&after=%u%s%s", f->elsewhere ? fake_server_url (f->other) : "", request->path, size, f->stuck ? 100 : end, suffix,
                            f->leak_key ? "&api_key=s3cret" : "");
  if (strcmp (f->paging, "link") == 0)
    {
      g_autofree char *link = next != NULL ? g_strdup_printf ("</first>; rel=\"first\", <%s>; title=\"a, b\"; rel=\"next\"", next) : g_strdup ("</first>; rel=first");

      soup_message_headers_append (reply->headers, "Link", link);
      g_string_printf (reply->body, "[%s]", items->str);
    }
  else if (strcmp (f->paging, "cursor") == 0 && next != NULL)
    g_string_printf (reply->body, "{\"meta\":{\"next\":\"%u\"},\"data\":{\"items\":[%s]}}", f->stuck ? 100 : end, items->str);
  else if (strcmp (f->paging, "next_url") == 0 && next != NULL)
    g_string_printf (reply->body, "{\"meta\":{\"next\":\"%s\"},\"data\":{\"items\":[%s]}}", next, items->str);
  else
    g_string_printf (reply->body, "{\"meta\":{\"next\":null},\"data\":{\"items\":[%s]}}", items->str);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *url = NULL;

  memset (f, 0, sizeof *f);
  vendor_test_init (&f->test, "rest", "shop");
  f->server = fake_server_new (handle, f);
  f->paging = "page";
  f->cap = 100;
  f->n = 250;
  for (guint i = 0; i < MAX_ITEMS; i++)
    f->changed[i] = VENDOR_NOW / G_USEC_PER_SEC - 100 * 86400 + i * 3600;
  url = g_strconcat (fake_server_url (f->server), "/v1/", NULL);
  vendor_test_set (&f->test, "url", url);
  vendor_test_set (&f->test, "streams", "items /items key=id");
  vendor_test_set (&f->test, "pagination", "page");
  vendor_test_set (&f->test, "size_parameter", "limit");
  vendor_test_put (&f->test);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  vendor_test_clear (&f->test);
  fake_server_free (f->server);
  fake_server_free (f->other);
}

static void
put (Fixture *f)
{
  vendor_test_put (&f->test);
}

/* An error of a sync, or of the test of the connection, must say this and never the key. */
static void
assert_fails (Fixture *f, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvRun) run = NULL;
  g_autofree char *notes = NULL;

  g_assert_false (vendor_test_try (&f->test, &run, &error));
  notes = vendor_test_notes (run);
  if (strstr (notes, says) == NULL && strstr (error->message, says) == NULL)
    g_error ("“%s” is neither in “%s” nor in “%s”", says, error->message, notes);
  g_assert_null (strstr (notes, "s3cret"));
  g_assert_null (strstr (error->message, "s3cret"));
}

/* --- Pages ------------------------------------------------------------------------------------------------------------------------------ */

static void
test_paging (Fixture *f, gconstpointer data)
{
  static const struct { const char *setting, *paging, *path; guint requests; } ways[] = {
    { "page", "page", NULL, 4 }, { "offset", "offset", NULL, 4 }, { "link", "link", NULL, 3 }, { "cursor", "cursor", "meta.next", 3 },
    { "next_url", "next_url", "meta.next", 3 }, { "none", "none", NULL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_test_message ("%s", ways[i].setting);
      f->paging = ways[i].paging;
      vendor_test_set (&f->test, "pagination", ways[i].setting);
      vendor_test_set (&f->test, "next_path", ways[i].path);
      vendor_test_set (&f->test, "page_parameter", strcmp (ways[i].paging, "cursor") == 0 ? "after" : NULL);
      put (f);
      f->test.flags = BV_SYNC_RELOAD;
      f->n = 250 - i;
      f->test.fake.now += 60 * (gint64) G_USEC_PER_SEC;
      bv_run_free (vendor_test_sync (&f->test));
      fake_server_clear_log (f->server);
      bv_run_free (vendor_test_sync (&f->test));
      /* One more is the first page of the discovery. */
      g_assert_cmpuint (fake_server_count (f->server, NULL), ==, ways[i].requests + 1);
      {
        g_autofree char *expected = g_strdup_printf ("%u|%u\n", f->n, (f->n - 1) * f->n / 2);

        vendor_assert (&f->test, "SELECT count(*), sum(id) FROM shop_items WHERE _deleted_at IS NULL", expected);
      }
    }
}

static void
test_fields (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (BvFrame) frame = NULL;

  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT name, price, typeof(price), ok, address_city, \"address_zipCode\", tags, updated_at FROM shop_items WHERE id = 5",
                 "Item 5|5.5|real|1|Graz|05|[1,2]|2026-02-21 17:00:00\n");
  g_assert_true (bv_source_test (f->test.source, NULL, &lines, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (lines->pdata[0], ==, "items: 100 records with 8 fields on the first page");
  frame = bv_rest_preview (f->test.source, NULL, NULL, 20, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bv_frame_get_n_rows (frame), ==, 20);
  g_assert_cmpint (bv_frame_get_column (frame, 0)->type, ==, BV_TYPE_INT);
  g_assert_cmpint (bv_frame_get_int (frame, (guint) bv_frame_find_column (frame, "id"), 3), ==, 3);
  g_assert_cmpstr (bv_frame_get_text (frame, (guint) bv_frame_find_column (frame, "address_zipCode"), 3), ==, "03");
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_TRUNCATED));
}

/* --- Changes ---------------------------------------------------------------------------------------------------------------------------- */

static void
test_cursor (Fixture *f, gconstpointer data)
{
  g_autofree char *line = NULL;

  vendor_test_set (&f->test, "streams", "items /items key=id cursor=updated_at parameter=since");
  put (f);
  bv_run_free (vendor_test_sync (&f->test));
  fake_server_clear_log (f->server);
  f->test.fake.now += 3600 * (gint64) G_USEC_PER_SEC;
  f->changed[17] = f->test.fake.now / G_USEC_PER_SEC;
  {
    g_autoptr (BvRun) run = vendor_test_sync (&f->test);

    g_assert_cmpint (run->counts.changed, ==, 1);
    /* The first page for the fields, what is newer, and the empty page behind it. */
    g_assert_cmpuint (fake_server_count (f->server, NULL), ==, 3);
  }
  line = fake_server_nth (f->server, "since=", 0);
  g_assert_nonnull (strstr (line, "2026-03-03T20"));
  /* Deleted: seen by the daily look. */
  f->changed[18] = -1;
  f->test.fake.now += 25 * 3600 * (gint64) G_USEC_PER_SEC;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id FROM shop_items WHERE _deleted_at IS NOT NULL", "18\n");
  /* A record from the year 2099 must not end all updates. */
  f->changed[19] = G_GINT64_CONSTANT (4080000000);
  bv_run_free (vendor_test_sync (&f->test));
  f->test.fake.now += 3600 * (gint64) G_USEC_PER_SEC;
  f->changed[20] = f->test.fake.now / G_USEC_PER_SEC;
  {
    g_autoptr (BvRun) run = vendor_test_sync (&f->test);

    g_assert_cmpint (run->counts.changed, ==, 1);
  }
}

/* The daily look takes what the service did not call newer; it knows a record by a time as well, however that is written. */
static void
test_sweep (Fixture *f, gconstpointer data)
{
  vendor_test_set (&f->test, "streams", "items /items key=id,updated_at cursor=updated_at parameter=since");
  put (f);
  bv_run_free (vendor_test_sync (&f->test));
  f->renamed = 30;
  f->test.fake.now += 25 * 3600 * (gint64) G_USEC_PER_SEC;
  {
    g_autoptr (BvRun) run = vendor_test_sync (&f->test);

    g_assert_cmpint (run->counts.changed, ==, 1);
    g_assert_cmpint (run->counts.deleted, ==, 0);
  }
  vendor_assert (&f->test, "SELECT name, (SELECT count(*) FROM shop_items WHERE _deleted_at IS NULL) FROM shop_items WHERE id = 30", "Thing 30|250\n");
}

static void
test_no_key (Fixture *f, gconstpointer data)
{
  vendor_test_set (&f->test, "streams", "items /items");
  put (f);
  bv_run_free (vendor_test_sync (&f->test));
  f->n = 120;
  f->test.fake.now += 60 * (gint64) G_USEC_PER_SEC;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM shop_items", "120\n");
}

/* A list that is still empty has no fields to be the key; it is read all the same, and its table is there with the first record. */
static void
test_empty (Fixture *f, gconstpointer data)
{
  guint n = f->n;

  f->n = 0;
  for (guint i = 0; i < 2; i++)
    bv_run_free (vendor_test_sync (&f->test));
  f->n = n;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM shop_items", "250\n");
}

/* --- Keys --------------------------------------------------------------------------------------------------------------------------------- */

static void
test_auth (Fixture *f, gconstpointer data)
{
  static const struct { const char *auth, *name, *header, *value, *query; } ways[] = {
    { "bearer", NULL, "Authorization", "Bearer s3cret", NULL },
    { "basic", NULL, "Authorization", "Basic bWU6czNjcmV0", NULL },
    { "header", "X-Key", "X-Key", "s3cret", NULL },
    { "query", "api_key", NULL, NULL, "s3cret" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      f->expect_header = ways[i].header;
      f->expect_value = ways[i].value;
      f->expect_query = ways[i].query;
      vendor_test_set (&f->test, "auth", ways[i].auth);
      vendor_test_set (&f->test, "user", "me");
      vendor_test_set (&f->test, "auth_name", ways[i].name);
      vendor_test_set (&f->test, "secret", "s3cret");
      put (f);
      bv_run_free (vendor_test_sync (&f->test));
      vendor_test_set (&f->test, "secret", "wrong");
      assert_fails (f, strcmp (ways[i].auth, "query") == 0 ? "no key" : "who are you");
    }
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* A server that no authority knows is refused; its fingerprint is offered, and accepts it once it is a setting. */
static void
test_own_certificate (Fixture *f, gconstpointer data)
{
  FakeServer *tls = fake_server_new_tls (handle, f);
  g_autofree char *url = g_strconcat (fake_server_url (tls), "/v1/", NULL);
  g_autofree char *fingerprint = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  vendor_test_set (&f->test, "url", url);
  put (f);
  bv_source_test_async (f->test.source, f->test.secrets, NULL, tested_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bv_source_test_finish (result, NULL, &fingerprint, &error));
  g_assert_nonnull (error);
  if (fingerprint == NULL)
    g_test_skip ("no TLS here");
  else
    {
      assert_fails (f, "certificate");
      vendor_test_set (&f->test, "fingerprint", fingerprint);
      put (f);
      bv_run_free (vendor_test_sync (&f->test));
      vendor_test_set (&f->test, "fingerprint", "00:11:22");
      assert_fails (f, "certificate");
    }
  fake_server_free (tls);
}

/* The service repeats the key in its links; it must be neither in the project's file nor sent to another host. */
static void
test_key_stays (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->test.dir, "p.belvedere", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  const char *files[] = { path, wal };
  gboolean leaked = FALSE;

  f->other = fake_server_new (handle_other, &leaked);
  f->paging = "next_url";
  f->expect_query = "s3cret";
  f->leak_key = TRUE;
  vendor_test_set (&f->test, "pagination", "next_url");
  vendor_test_set (&f->test, "next_path", "meta.next");
  vendor_test_set (&f->test, "auth", "query");
  vendor_test_set (&f->test, "auth_name", "api_key");
  vendor_test_set (&f->test, "secret", "s3cret");
  put (f);
  f->test.max_pages = 3;
  vendor_test_try (&f->test, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length = 0;

      if (g_file_get_contents (files[i], &bytes, &length, NULL))
        g_assert_null (memmem (bytes, length, "s3cret", 6));
    }
  f->test.max_pages = 0;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*) FROM shop_items", "250\n");

  f->elsewhere = TRUE;
  assert_fails (f, "another host");
  f->expect_query = NULL;
  f->expect_header = "Authorization";
  f->expect_value = "Bearer s3cret";
  vendor_test_set (&f->test, "auth", "bearer");
  vendor_test_set (&f->test, "streams", "items /redirect key=id");
  put (f);
  vendor_test_try (&f->test, NULL, NULL);
  g_assert_false (leaked);
}

/* --- Wrong answers -------------------------------------------------------------------------------------------------------------------------- */

static void
test_endless (Fixture *f, gconstpointer data)
{
  static const char *const ways[] = { "page", "offset", "link", "cursor", "next_url" };

  f->stuck = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      f->paging = ways[i];
      vendor_test_set (&f->test, "pagination", ways[i]);
      vendor_test_set (&f->test, "next_path", "meta.next");
      vendor_test_set (&f->test, "page_parameter", strcmp (ways[i], "cursor") == 0 ? "after" : NULL);
      put (f);
      fake_server_clear_log (f->server);
      assert_fails (f, "again and again");
      g_assert_cmpuint (fake_server_count (f->server, NULL), <=, 4);
    }
  f->stuck = FALSE;
  f->paging = "page";
  f->cap = 10;
  vendor_test_set (&f->test, "pagination", "page");
  vendor_test_set (&f->test, "page_parameter", NULL);
  vendor_test_set (&f->test, "max_pages", "5");
  put (f);
  assert_fails (f, "more than 5 pages");
}

static void
test_wrong (Fixture *f, gconstpointer data)
{
  static const struct { const char *streams, *says; } wrong[] = {
    { "x /two key=id", "several lists (a, b)" },
    { "x /items records=data.rows key=id", "data.rows" },
    { "x /items key=uuid", "no field “uuid”" },
    { "x /html key=id", "web page" },
    { "x", "no path" },
    { "x /items colour=red", "colour" },
    { "x /items\nx /single", "two streams" },
    { "Big-Orders /items\nbig_orders /single", "the same table" },
    { "x https://example.com/items", "another host" },
  };
  static const FakeFault down = { NULL, 0, 0, FAKE_STATUS, 400, NULL, NULL, "{\"message\":\"bad limit\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i].streams);
      vendor_test_set (&f->test, "streams", wrong[i].streams);
      put (f);
      assert_fails (f, wrong[i].says);
    }
  vendor_test_set (&f->test, "streams", "x /single key=id");
  vendor_test_set (&f->test, "pagination", "none");
  put (f);
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT id, name FROM shop_x", "7|only\n");
  fake_server_add_fault (f->server, &down);
  assert_fails (f, "bad limit");
}

/* What is wrong with one stream keeps none of the others from being read, and one that is not chosen is not asked for. */
static void
test_one_fails (Fixture *f, gconstpointer data)
{
  static const FakeFault forbidden = { "/secret", 0, 0, FAKE_STATUS, 403, NULL, NULL, "{\"message\":\"not you\"}" };
  g_autoptr (BvRun) run = NULL;

  fake_server_add_fault (f->server, &forbidden);
  vendor_test_set (&f->test, "streams", "a /secret key=id\nb /items key=id\nc /two key=id\nd /items key=id");
  bv_source_choose (f->test.source, "a", NULL);
  bv_source_choose (f->test.source, "b", NULL);
  bv_source_choose (f->test.source, "c", NULL);
  put (f);
  g_assert_false (vendor_test_try (&f->test, &run, NULL));
  g_assert_cmpint (run->status, ==, BV_RUN_PARTLY);
  g_assert_nonnull (strstr (run->error, "not you"));
  g_assert_nonnull (strstr (run->error, "several lists"));
  vendor_assert (&f->test, "SELECT count(*) FROM shop_b", "250\n");
  g_assert_cmpuint (fake_server_count (f->server, "/items"), ==, 5);
}

/* What cannot go into a header is said, and not sent. */
static void
test_headers (Fixture *f, gconstpointer data)
{
  static const struct { const char *setting, *value, *says; } wrong[] = {
    { "headers", "X Key: 1", "a header is a name" },
    { "auth_name", "X Key", "cannot be the name of a header" },
    { "secret", "one\ntwo", "several lines" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      vendor_test_set (&f->test, "auth", "header");
      vendor_test_set (&f->test, "auth_name", "X-Key");
      vendor_test_set (&f->test, "headers", "X-Other: 1");
      vendor_test_set (&f->test, "secret", "s3cret");
      vendor_test_set (&f->test, wrong[i].setting, wrong[i].value);
      put (f);
      assert_fails (f, wrong[i].says);
    }
}

/* Killed after each page, and another time: the rest is read, nothing twice. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  f->cap = 20;
  for (guint i = 1; i < 25; i += 3)
    {
      f->test.max_pages = i;
      vendor_test_try (&f->test, NULL, NULL);
    }
  f->test.max_pages = 0;
  bv_run_free (vendor_test_sync (&f->test));
  vendor_assert (&f->test, "SELECT count(*), count(DISTINCT id) FROM shop_items WHERE _deleted_at IS NULL", "250|250\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/rest/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("paging", test_paging);
  ADD ("fields", test_fields);
  ADD ("cursor", test_cursor);
  ADD ("sweep", test_sweep);
  ADD ("no-key", test_no_key);
  ADD ("empty", test_empty);
  ADD ("auth", test_auth);
  ADD ("own-certificate", test_own_certificate);
  ADD ("key-stays", test_key_stays);
  ADD ("endless", test_endless);
  ADD ("wrong", test_wrong);
  ADD ("one-fails", test_one_fails);
  ADD ("headers", test_headers);
  ADD ("killed", test_killed);
#undef ADD
  return g_test_run ();
}
