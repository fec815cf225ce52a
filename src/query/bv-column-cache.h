/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded tables on disk. */
#pragma once

#include "bv-encoded.h"
#include "bv-project.h"

G_BEGIN_DECLS

/* The file of a table's version; NULL when there is none, or it does not say @identity. */
BvEncodedTable *bv_column_cache_load (BvProject *project, const char *table, guint64 version, const char *identity);
/* Writes the file and removes those of the table's other versions. That it cannot be written is only logged: it is a cache. */
void            bv_column_cache_save (BvProject *project, const char *table, guint64 version, const char *identity, BvEncodedTable *encoded);

G_END_DECLS
