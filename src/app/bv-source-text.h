/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences about sources and their syncs. */
#pragma once

#include "bv-source.h"

G_BEGIN_DECLS

/* "120 new, 4 changed, 1 deleted" or "nothing changed" (transfer full) */
char *bv_source_counts_text (const BvSyncCounts *counts, BvLocale *locale);
/* "12 requests, 2 retries, 1.2 MB, 6 s" (transfer full) */
char *bv_source_effort_text (const BvSyncCounts *counts, BvLocale *locale);
/* "Synced 3 minutes ago · 120 new" for a list of sources; @run: (nullable): the newest. (transfer full) */
char *bv_source_state_text  (const BvRun *run, gint64 now, BvLocale *locale);

G_END_DECLS
