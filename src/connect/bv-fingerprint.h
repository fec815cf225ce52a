/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints of certificates: the SHA-256 of the whole, as hexadecimal digits. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The certificate's bytes (DER). (transfer full) (nullable) */
GByteArray *bv_certificate_get_der (GTlsCertificate *certificate);
/* (transfer full) */
char       *bv_fingerprint_of      (GTlsCertificate *certificate);
/* Whether @known, as a person may have written it (capitals, colons, blanks), is @found. */
gboolean    bv_fingerprint_is      (const char *known, const char *found);

G_END_DECLS
