/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases with a certificate that nobody signed: refused, its fingerprint told, accepted by it; and nothing is said to a server
 * that shows another one. The servers are made here, and know no more than the beginning of their protocols. */
#include "bv-database.h"
#include "bv-fingerprint.h"
#include "bv-source.h"
#include "fake-certificate.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  BvDbKind kind;
  GSocketListener *listener;
  guint16 port;
  GTlsCertificate *certificate;
  GCancellable *stop;
  GThread *thread;
  gint n_said; /* bytes that came after TLS: atomic */
} Fake;

/* What a server says before TLS, and how many bytes it waits for then. */
static gboolean
begin (Fake *self, GIOStream *stream)
{
  static const char greeting[] = "\n10.11.0-fake\0\1\0\0\0abcdefgh\0\xfe\xff\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0mysql_native_password";
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  guint8 head[] = { sizeof greeting, 0, 0, 0 }, buf[36];
  gsize n;

  switch (self->kind)
    {
    case BV_DB_POSTGRESQL:
      return g_input_stream_read_all (in, buf, 8, &n, self->stop, NULL) && n == 8 && g_output_stream_write_all (out, "S", 1, NULL, self->stop, NULL);
    case BV_DB_MARIADB:
      return g_output_stream_write_all (out, head, sizeof head, NULL, self->stop, NULL) &&
             g_output_stream_write_all (out, greeting, sizeof greeting, NULL, self->stop, NULL) &&
             g_input_stream_read_all (in, buf, sizeof buf, &n, self->stop, NULL) && n == sizeof buf;
    case BV_DB_CLICKHOUSE:
    case BV_DB_SQLITE:
    default:
      return TRUE;
    }
}

static gpointer
serve (gpointer data)
{
  Fake *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stop, NULL)) != NULL)
    {
      g_autoptr (GIOStream) tls = NULL;
      char buf[256];
      gssize n;

      if (begin (self, G_IO_STREAM (connection)))
        tls = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
      if (tls != NULL && g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->stop, NULL))
        {
          n = g_input_stream_read (g_io_stream_get_input_stream (tls), buf, sizeof buf, self->stop, NULL);
          if (n > 0)
            g_atomic_int_add (&self->n_said, (gint) n);
        }
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      g_object_unref (connection);
    }
  return NULL;
}

static void
test_kind (gconstpointer data)
{
  static const char *const ids[] = { "postgresql", "mariadb", "clickhouse" };
  Fake fake = { .kind = GPOINTER_TO_UINT (data), .listener = g_socket_listener_new (), .stop = g_cancellable_new () };
  BvDbSettings settings = { .kind = fake.kind, .host = (char *) "127.0.0.1", .user = (char *) "ada", .password = (char *) "secret",
                            .database = (char *) "d", .tls = BV_TLS_VERIFIED, .timeout = 60 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *found = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *other = NULL;

  fake.certificate = g_tls_certificate_new_from_pem (fake_certificate, -1, &error);
  g_assert_no_error (error);
  expected = bv_fingerprint_of (fake.certificate);
  other = g_strdup (expected);
  other[10] = other[10] == '0' ? '1' : '0';
  settings.port = fake.port = g_socket_listener_add_any_inet_port (fake.listener, NULL, &error);
  g_assert_no_error (error);
  fake.thread = g_thread_new ("fake", serve, &fake);

  certificate = bv_db_find_certificate (&settings, NULL, &error);
  g_assert_no_error (error);
  found = bv_fingerprint_of (certificate);
  g_assert_cmpstr (found, ==, expected);

  g_assert_null (bv_database_open (&settings, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS);
  g_clear_error (&error);
  settings.fingerprint = other;
  g_assert_null (bv_database_open (&settings, NULL, &error));
  g_assert_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, expected));
  g_clear_error (&error);

  /* As a source: the first contact tells what to accept. */
  {
    g_autofree char *dir = g_dir_make_tmp ("bv-certificate-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (dir, "p.belvedere", NULL);
    g_autoptr (BvProject) project = bv_project_create (path, NULL);
    g_autoptr (BvSource) source = bv_source_new (project, ids[fake.kind], NULL);
    g_autoptr (GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
    g_autofree char *port = g_strdup_printf ("%u", settings.port);
    const char *const pairs[] = { "host", "127.0.0.1", "port", port, "user", "ada", "database", "d" };

    g_hash_table_insert (secrets, (gpointer) "password", (gpointer) "secret");
    for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2)
      g_assert_true (bv_source_set_setting (source, pairs[i], pairs[i + 1], NULL));
    g_assert_false (bv_source_test (source, secrets, NULL, NULL, &error));
    g_test_message ("%s", error->message);
    g_assert_error (error, BV_HTTP_ERROR, BV_HTTP_ERROR_TLS);
    g_assert_nonnull (strstr (error->message, expected));
    g_clear_error (&error);
    g_assert_cmpint (g_atomic_int_get (&fake.n_said), ==, 0);
    g_assert_true (bv_source_set_setting (source, "fingerprint", expected, NULL));
    g_assert_false (bv_source_test (source, secrets, NULL, NULL, &error));
    g_test_message ("%s", error->message);
    g_clear_error (&error);
    /* Now it logs in. */
    g_assert_cmpint (g_atomic_int_get (&fake.n_said), >, 0);
    g_clear_pointer (&project, bv_project_unref);
    g_assert_cmpint (g_remove (path), ==, 0);
    g_assert_cmpint (g_rmdir (dir), ==, 0);
  }
  g_cancellable_cancel (fake.stop);
  g_thread_join (fake.thread);
  g_object_unref (fake.listener);
  g_object_unref (fake.certificate);
  g_object_unref (fake.stop);
}

typedef struct
{
  GSocketListener *listener;
  const char *words;
  gsize length;
} Brief;

static gpointer
say_and_hang_up (gpointer data)
{
  Brief *brief = data;
  g_autoptr (GSocketConnection) connection = g_socket_listener_accept (brief->listener, NULL, NULL, NULL);

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), brief->words, brief->length, NULL, NULL, NULL);
  /* Not while bytes of the other side are unread, which would reset the connection and take the words along. */
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  g_input_stream_skip (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 100, NULL, NULL);
  return NULL;
}

/* A server that is full, or that hangs up, is not one without encryption. */
static void
test_brief (void)
{
  static const char full[] = "\x17\0\0\0\xff\x10\x04Too many connections";
  static const struct { BvDbKind kind; const char *words; gsize length; int code; const char *in_message; } cases[] = {
    { BV_DB_POSTGRESQL, "", 0, BV_DB_ERROR_UNREACHABLE, "hung up" },
    { BV_DB_POSTGRESQL, "N", 1, BV_DB_ERROR_TLS, "does not encrypt" },
    { BV_DB_MARIADB, "", 0, BV_DB_ERROR_UNREACHABLE, "hung up" },
    { BV_DB_MARIADB, full, sizeof full - 1, BV_DB_ERROR_UNREACHABLE, "Too many connections" },
    { BV_DB_MARIADB, "\1\0\0\0\n", 5, BV_DB_ERROR_TLS, "does not encrypt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      Brief brief = { g_socket_listener_new (), cases[i].words, cases[i].length };
      BvDbSettings settings = { .kind = cases[i].kind, .host = (char *) "127.0.0.1", .tls = BV_TLS_REQUIRED, .timeout = 60 };
      GThread *thread;

      settings.port = g_socket_listener_add_any_inet_port (brief.listener, NULL, &error);
      g_assert_no_error (error);
      thread = g_thread_new ("brief", say_and_hang_up, &brief);
      g_assert_null (bv_db_find_certificate (&settings, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, BV_DB_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].in_message));
      g_thread_join (thread);
      g_object_unref (brief.listener);
    }
}

static void
test_text (void)
{
  g_assert_true (bv_fingerprint_is ("AB:cd 01", "abcd01"));
  g_assert_false (bv_fingerprint_is ("AB:cd", "abcd01"));
  g_assert_false (bv_fingerprint_is ("", ""));
  g_assert_false (bv_fingerprint_is (NULL, "ab"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/database-certificate/text", test_text);
  g_test_add_func ("/database-certificate/brief", test_brief);
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_add_data_func ("/database-certificate/postgresql", GUINT_TO_POINTER (BV_DB_POSTGRESQL), test_kind);
      g_test_add_data_func ("/database-certificate/mariadb", GUINT_TO_POINTER (BV_DB_MARIADB), test_kind);
      g_test_add_data_func ("/database-certificate/clickhouse", GUINT_TO_POINTER (BV_DB_CLICKHOUSE), test_kind);
    }
  return g_test_run ();
}
