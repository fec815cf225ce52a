/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-fingerprint.h"

#include <string.h>

GByteArray *
bv_certificate_get_der (GTlsCertificate *certificate)
{
  GByteArray *der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return der;
}

char *
bv_fingerprint_of (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = bv_certificate_get_der (certificate);

  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : g_strdup ("");
}

gboolean
bv_fingerprint_is (const char *known, const char *found)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  for (; known != NULL && *known != '\0'; known++)
    if (g_ascii_isxdigit (*known))
      g_string_append_c (digits, g_ascii_tolower (*known));
  return digits->len > 0 && strcmp (digits->str, found) == 0;
}
