/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a form that say how a number is written, with a sample of it. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct _BvFormatRows BvFormatRows;

/* Appends the rows to @group, which owns them and the returned object. @sample: the number that the preview shows. */
BvFormatRows *bv_format_rows_new        (GtkWidget *group, BvWorkspace *workspace, const BvFormat *format, double sample);
void          bv_format_rows_set_sample (BvFormatRows *self, double sample);
BvFormat      bv_format_rows_get        (BvFormatRows *self); /* (bv_format_clear) */

G_END_DECLS
