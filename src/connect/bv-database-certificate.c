/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a database server is, where no authority says so: its certificate, remembered by its fingerprint.
 *
 * bv_db_find_certificate() goes as far as the server's certificate and no further: the greeting of its protocol, TLS, good-bye. No user and no password is
 * sent. That is how a person learns the fingerprint to accept, and how MariaDB's library, which knows fingerprints by SHA-1 only, is told which
 * certificate to expect. PostgreSQL's shows the certificate before it logs in, ClickHouse's comes from GIO.
 *
 * With a fingerprint the certificate is that one, and neither authorities nor names are asked.
 */
#include "config.h"

#include "bv-database-private.h"
#include "bv-fingerprint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* PostgreSQL: a length, then the number that asks for TLS. */
static const guint8 pg_request[] = { 0, 0, 0, 8, 4, 210, 22, 47 };
/* MariaDB: 32 bytes, the second packet; protocol 4.1, TLS, secure passwords; the longest packet; utf8mb4; 23 times 0. */
static const guint8 my_request[36] = { 32, 0, 0, 1, 0x05, 0x8a, 0, 0, 0, 0, 0, 1, 45 };
#define MY_TLS 0x0800

static gboolean
refuse (const BvDbSettings *settings, GError **error)
{
  g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS, _("“%s” does not encrypt: turn TLS on there, or off here"), settings->host);
  return FALSE;
}

/* A server that would not talk to us at all says so in the place of its greeting: a byte of 255, a number, words. */
static gboolean
fail_greeting (const BvDbSettings *settings, const guint8 *greeting, gsize length, GError **error)
{
  g_autofree char *words = g_utf8_make_valid ((const char *) greeting + 3, (gssize) length - 3);

  bv_db_set_error (settings, BV_DB_ERROR_UNREACHABLE, words, error);
  return FALSE;
}

/* What comes before TLS. FALSE also without an error, when the connection broke or was closed. */
static gboolean
greet (const BvDbSettings *settings, GIOStream *stream, GCancellable *cancellable, GError **error)
{
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  guint8 head[4] = { 0 };
  g_autofree guint8 *greeting = NULL;
  gsize length, at;

  if (settings->kind == BV_DB_POSTGRESQL)
    return g_output_stream_write_all (out, pg_request, sizeof pg_request, NULL, cancellable, error) &&
           g_input_stream_read_all (in, head, 1, &length, cancellable, error) && length == 1 && (head[0] == 'S' || refuse (settings, error));
  if (settings->kind != BV_DB_MARIADB)
    return TRUE;
  if (!g_input_stream_read_all (in, head, 4, &length, cancellable, error) || length < 4)
    return FALSE;
  length = head[0] | (gsize) head[1] << 8 | (gsize) head[2] << 16;
  greeting = g_malloc0 (length + 1);
  if (!g_input_stream_read_all (in, greeting, length, &length, cancellable, error))
    return FALSE;
  if (length > 3 && greeting[0] == 255)
    return fail_greeting (settings, greeting, length, error);
  /* The number of the protocol, the version and its NUL, 4 bytes, 8 bytes, a NUL, then what the server can. */
  at = length > 0 ? 1 + strnlen ((const char *) greeting + 1, length - 1) + 1 + 4 + 8 + 1 : 0;
  if (at + 2 > length || greeting[0] != 10 || ((greeting[at] | greeting[at + 1] << 8) & MY_TLS) == 0)
    return refuse (settings, error);
  return g_output_stream_write_all (out, my_request, sizeof my_request, NULL, cancellable, error);
}

static gboolean
take_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer data)
{
  return g_set_object ((GTlsCertificate **) data, certificate) || TRUE;
}

GTlsCertificate *
bv_db_find_certificate (const BvDbSettings *settings, GCancellable *cancellable, GError **error)
{
  static const guint ports[] = { [BV_DB_POSTGRESQL] = 5432, [BV_DB_MARIADB] = 3306, [BV_DB_CLICKHOUSE] = 8443, [BV_DB_SQLITE] = 0 };
  const char *host = settings->host != NULL && *settings->host != '\0' ? settings->host : "localhost";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) problem = NULL;

  g_socket_client_set_timeout (client, settings->timeout != 0 ? settings->timeout : BV_DB_TIMEOUT);
  connection = g_socket_client_connect_to_host (client, host, (guint16) (settings->port != 0 ? settings->port : ports[settings->kind]),
                                                cancellable, &problem);
  if (connection == NULL || !greet (settings, G_IO_STREAM (connection), cancellable, &problem))
    {
      if (problem != NULL && (problem->domain == BV_DB_ERROR || g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
        g_propagate_error (error, g_steal_pointer (&problem));
      else
        bv_db_set_error (settings, BV_DB_ERROR_UNREACHABLE, problem != NULL ? problem->message : _("it hung up"), error);
      return NULL;
    }
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, error);
  if (tls == NULL)
    return NULL;
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (take_certificate), &certificate);
  /* A server may want a certificate of ours in the end; its own is here by then. */
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), cancellable, &problem);
  if (certificate == NULL)
    g_set_object (&certificate, g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (tls)));
  if (certificate == NULL)
    {
      if (problem != NULL && g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&problem));
      else
        refuse (settings, error);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return g_steal_pointer (&certificate);
}

gboolean
bv_db_check_fingerprint (const BvDbSettings *settings, const char *found, GError **error)
{
  if (bv_fingerprint_is (settings->fingerprint, found))
    return TRUE;
  g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_TLS,
               _("“%s” shows another certificate than the one that was accepted: find out why, and only then accept the new one, %s"), settings->host,
               found);
  return FALSE;
}

gboolean
bv_db_trusts_authorities (const BvDbSettings *settings)
{
  return settings->tls == BV_TLS_VERIFIED && settings->fingerprint == NULL;
}

void
bv_db_add_tls_line (BvDatabase *db, GPtrArray *lines, gboolean encrypted)
{
  if (encrypted && db->settings.fingerprint != NULL)
    bv_db_add_line (lines, TRUE, g_strdup (_("The connection is encrypted and the server has the certificate that was accepted")));
  else if (encrypted && db->settings.tls == BV_TLS_VERIFIED)
    bv_db_add_line (lines, TRUE, g_strdup (_("The connection is encrypted and the server is verified")));
  else if (encrypted)
    bv_db_add_line (lines, TRUE, g_strdup (_("The connection is encrypted; who the server is was not verified")));
  else if (db->settings.socket == NULL)
    bv_db_add_line (lines, TRUE, g_strdup (_("The connection is not encrypted")));
}
