/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses a range of time: a list of presets, or a first and a last day. The content of a popover, or a part of a form. */
#pragma once

#include "bv-format.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_RANGE_CHOOSER (bv_range_chooser_get_type ())
G_DECLARE_FINAL_TYPE (BvRangeChooser, bv_range_chooser, BV, RANGE_CHOOSER, AdwBin)

/* Signal "changed" (char *spec): the user chose this preset, or "FROM..TO" (an end may be open). Not emitted by set_range(). */

GtkWidget  *bv_range_chooser_new         (void);
/* NULL or "": no range ("All time" is shown as chosen). */
void        bv_range_chooser_set_range   (BvRangeChooser *self, const char *spec);
const char *bv_range_chooser_get_range   (BvRangeChooser *self); /* never NULL; "all-time" when none */
/* How days are written, and the calendar whose today the chooser shows; @now: the instant that is now. */
void        bv_range_chooser_set_locale  (BvRangeChooser *self, BvLocale *locale, gint64 now);

/* A menu button that shows the range's label and opens a chooser; the chooser is its "bv-range-chooser" data. Choosing a preset closes
 * the popover. */
GtkWidget      *bv_range_button_new         (void);
BvRangeChooser *bv_range_button_get_chooser (GtkWidget *button); /* (transfer none) */
void            bv_range_button_set_locale  (GtkWidget *button, BvLocale *locale, gint64 now);
void            bv_range_button_set_range   (GtkWidget *button, const char *spec); /* the chooser's and the label */

G_END_DECLS
