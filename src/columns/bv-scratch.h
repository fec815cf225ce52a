/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Working memory that is kept from one scan to the next, because memory fresh from the system costs more than the scan that fills it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @size bytes, aligned to a cache line; new0 sets them to 0. Any thread may free what another has made. */
gpointer bv_scratch_new   (gsize size);
gpointer bv_scratch_new0  (gsize size);
void     bv_scratch_free  (gpointer memory); /* (nullable) */
/* Gives back to the system what nothing uses. */
void     bv_scratch_trim  (void);

G_END_DECLS
