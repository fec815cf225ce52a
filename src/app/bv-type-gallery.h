/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button with the chart's type that opens all types: their names, what each needs, and why those that do not fit do not. */
#pragma once

#include "bv-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_TYPE_GALLERY (bv_type_gallery_get_type ())
G_DECLARE_FINAL_TYPE (BvTypeGallery, bv_type_gallery, BV, TYPE_GALLERY, AdwBin)

/* Signal "chosen" (const char *type): the user chose a type that fits the chart. */

GtkWidget *bv_type_gallery_new       (void);
/* Shows the type of @chart and which others fit it; reads it, does not keep it. */
void       bv_type_gallery_set_chart (BvTypeGallery *self, BvChart *chart);

G_END_DECLS
