/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The benchmark's customers: a seeded project of contacts, deals, conversations and events. */
#pragma once

#include "bv-project.h"

G_BEGIN_DECLS

typedef struct
{
  char *email;    /* of a contact in the middle of the crowd */
  char *industry;
} BenchMeta;

/* Fills @project with @n_events events, n/5 conversations, n/10 deals and n/50 contacts of two years. */
gboolean bench_fill        (BvProject *project, guint n_events, BenchMeta *meta, GError **error);
/* The definitions of its three explorations as JSON. (transfer full) */
char    *bench_definitions (void);

G_END_DECLS
