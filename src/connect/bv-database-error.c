/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong with a database, in words: the kinds find out which of these it is, and add the server's own words. */
#include "config.h"

#include "bv-database-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (bv-db-error, bv_db_error)

gboolean
bv_db_error_is_transient (const GError *error)
{
  return error != NULL && error->domain == BV_DB_ERROR &&
         (error->code == BV_DB_ERROR_UNREACHABLE || error->code == BV_DB_ERROR_LOST || error->code == BV_DB_ERROR_BUSY);
}

void
bv_db_set_error (const BvDbSettings *settings, BvDbError code, const char *words, GError **error)
{
  const char *who = bv_db_kind_to_label (settings->kind);
  const char *where = settings->socket != NULL ? settings->socket : settings->host != NULL ? settings->host : "localhost";

  switch (code)
    {
    case BV_DB_ERROR_LOGIN:
      g_set_error (error, BV_DB_ERROR, code, _("%s does not accept user “%s” with this password: check both"), who,
                   settings->user != NULL ? settings->user : "");
      break;
    case BV_DB_ERROR_DATABASE:
      g_set_error (error, BV_DB_ERROR, code, _("The server has no database “%s” for this user: check the name and the user’s rights"),
                   settings->database != NULL ? settings->database : "");
      break;
    case BV_DB_ERROR_PERMISSION:
      g_set_error (error, BV_DB_ERROR, code, _("The user may not read this (“%s”): grant SELECT"), words);
      break;
    case BV_DB_ERROR_NOT_FOUND:
      g_set_error (error, BV_DB_ERROR, code, _("%s does not find what is asked for (“%s”): check the names"), who, words);
      break;
    case BV_DB_ERROR_UNREACHABLE:
      g_set_error (error, BV_DB_ERROR, code, _("“%s” cannot be reached (“%s”): check address and port, and that it runs"), where, words);
      break;
    case BV_DB_ERROR_BUSY:
      g_set_error (error, BV_DB_ERROR, code, _("%s cannot answer now (“%s”): try again later"), who, words);
      break;
    case BV_DB_ERROR_LOST:
      g_set_error (error, BV_DB_ERROR, code, _("The connection to %s was lost (“%s”): try again"), who, words);
      break;
    case BV_DB_ERROR_TLS:
      if (bv_db_trusts_authorities (settings))
        g_set_error (error, BV_DB_ERROR, code,
                     _("“%s” cannot prove who it is (“%s”): choose the file of its certificate authority, or another address"), where, words);
      else if (settings->tls == BV_TLS_OFF)
        g_set_error (error, BV_DB_ERROR, code, _("“%s” wants encryption (“%s”): turn TLS on"), where, words);
      else
        g_set_error (error, BV_DB_ERROR, code, _("“%s” does not encrypt (“%s”): turn TLS on there, or off here"), where, words);
      break;
    case BV_DB_ERROR_SQL:
      g_set_error (error, BV_DB_ERROR, code, _("%s does not take the SQL (“%s”): correct it"), who, words);
      break;
    case BV_DB_ERROR_FAILED:
    default:
      g_set_error (error, BV_DB_ERROR, code, _("%s failed (“%s”): try again, or ask the server’s owner"), who, words);
      break;
    }
}
