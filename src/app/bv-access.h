/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for those who hear the program: widgets of GTK made so that each part that takes the focus says what it is. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* An accessible name for a control without a visible label; drop-downs and colour buttons pass it on to the button inside. */
void       bv_set_name            (GtkWidget *widget, const char *name);
/* The name of a row of a list view, from its factory's "bind". */
void       bv_list_item_set_name  (GtkListItem *item, const char *name);
/* A scrolled window with a name, for where nothing in it takes the focus. */
GtkWidget *bv_scrolled_new        (void);
/* A preferences group; @name is what its list is called, @title: (nullable): the heading that is seen. Neither is markup. */
GtkWidget *bv_group_new           (const char *name, const char *title);
/* An expander row, unlike libadwaita's with a name for the row and the lists in it. @title is no markup. */
GtkWidget *bv_expander_new        (const char *title);
/* A calendar whose arrows say what they do. */
GtkWidget *bv_month_new           (void);

G_END_DECLS
