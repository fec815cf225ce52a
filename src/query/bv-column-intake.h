/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes tables while an import writes them, so that their encoded copies are there with the rows. */
#pragma once

#include "bv-column-store.h"
#include "bv-table-sink.h"

G_BEGIN_DECLS

typedef struct _BvColumnIntake BvColumnIntake;

/* For one table writer of @project. @calendar: the model's, whose days are the days of instants. @store: (nullable): gets the tables; larger ones go into
 * the cache's folder, too. */
BvColumnIntake    *bv_column_intake_new      (BvProject *project, BvCalendar *calendar, BvColumnStore *store);
/* To be freed after the writer. */
void               bv_column_intake_free     (BvColumnIntake *self);
const BvTableSink *bv_column_intake_get_sink (BvColumnIntake *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvColumnIntake, bv_column_intake_free)

G_END_DECLS
