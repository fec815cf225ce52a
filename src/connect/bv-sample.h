/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jaffle Soft: the generated sample company. */
#pragma once

#include "bv-project.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 as_of;    /* the last day with data (days since 1970-01-01) */
  guint seed;      /* 0 is the default seed */
  guint customers; /* 0 is the default of 400 */
} BvSampleOptions;

/* Fills an empty project with the sample's tables (HubSpot, Intercom, Segment) in one step. Equal options give equal rows. The
 * definitions are in the resource file that bv_sample_definitions() returns. */
gboolean    bv_sample_fill        (BvProject *project, const BvSampleOptions *options, GCancellable *cancellable, GError **error);
/* The JSON of the sample's settings, relationships, explorations and reports. (transfer full) */
char       *bv_sample_definitions (void);
/* The same with a last day with data as the day that is "today" in the project. (transfer full) */
char       *bv_sample_definitions_at (gint64 as_of);

G_END_DECLS
