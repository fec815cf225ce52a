/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded tables in files: written whole, read by mapping. */
#pragma once

#include "bv-encoded.h"

G_BEGIN_DECLS

/**
 * bv_encoded_table_save:
 * @identity: what the table was made from; a file is only read for the very same
 *
 * Writes beside @path and renames, so that readers see the old file or the new one.
 */
gboolean        bv_encoded_table_save (BvEncodedTable *self, const char *path, const char *identity, GError **error);

/**
 * bv_encoded_table_load:
 *
 * Returns: (nullable): the table, of which nothing may be read before bv_encoded_table_verify() has said so; NULL when there is no such file, or it is
 *   another version's, foreign, torn, or damaged in what says where things are
 */
BvEncodedTable *bv_encoded_table_load (const char *path, const char *identity);

G_END_DECLS
