/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies on the shelves of a chart builder: chips with menus, buttons to add to them, limits. */
#pragma once

#include "bv-calendar.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A label with a menu and a button that activates @remove_action with @name. @style: "metric" or "dimension"; @problem: (nullable): why
 * it is broken. */
GtkWidget  *bv_chip_new             (const char *label, const char *style, GMenuModel *menu, const char *remove_action, const char *name,
                                     const char *problem);
/* The steps of a chip as "builder." actions; @grain: of a time dimension. (transfer full) */
GMenuModel *bv_chip_menu            (const char *name, gboolean metric, gboolean first, gboolean last, BvGrain grain);
/* (transfer full): shelves are emptied and filled again around it */
GtkWidget  *bv_shelf_add_button_new (const char *name, GtkWidget *picker);
/* A number from 0 to @maximum, 0 shown as @word (which must outlive it). */
GtkWidget  *bv_shelf_spin_new       (const char *name, const char *word, double maximum);
GtkWidget  *bv_shelf_caption_new    (const char *text);
/* Adds the time buckets to a drop-down; @none: (nullable): the label of no buckets, which come first */
void        bv_shelf_fill_grains    (GtkWidget *choice, const char *none);

G_END_DECLS
