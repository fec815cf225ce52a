/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of what is kept: texts that are equal only when all that was added is. */
#pragma once

#include "bv-query.h"

G_BEGIN_DECLS

void bv_key_add_number (GString *out, gint64 n);
void bv_key_add_text   (GString *out, const char *text); /* (nullable) */
void bv_key_add_value  (GString *out, const BvValue *value);

G_END_DECLS
