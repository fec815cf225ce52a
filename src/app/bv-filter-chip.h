/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter in the bar: its name, value and reach; a click opens its control. */
#pragma once

#include "bv-report-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_FILTER_CHIP (bv_filter_chip_get_type ())
G_DECLARE_FINAL_TYPE (BvFilterChip, bv_filter_chip, BV, FILTER_CHIP, GtkWidget)

/* Signal "move" (int by): Alt+Left (-1) or Alt+Right (1) while editing. Signal "edit" (): the filter's settings are asked for. */

GtkWidget  *bv_filter_chip_new         (BvReportRun *run, const char *filter_id);
const char *bv_filter_chip_get_id      (BvFilterChip *self);
void        bv_filter_chip_update      (BvFilterChip *self);
void        bv_filter_chip_set_editing (BvFilterChip *self, gboolean editing);
/* "Customer: No filter" and "4 of 6 tiles", as they are shown. (transfer none) */
const char *bv_filter_chip_get_text    (BvFilterChip *self);
const char *bv_filter_chip_get_reach   (BvFilterChip *self);
void        bv_filter_chip_popup       (BvFilterChip *self);
/* Whether the values of its list are being loaded. */
gboolean    bv_filter_chip_is_busy     (BvFilterChip *self);

G_END_DECLS
