/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drop-down whose entries have ids: what is shown may be translated or ambiguous, the id is not. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkDropDown; @name is its accessible name. Connect to "notify::selected". */
GtkWidget  *bv_choice_new      (const char *name);
void        bv_choice_clear    (GtkWidget *choice);
/* NULL and "" are the same id. */
void        bv_choice_add      (GtkWidget *choice, const char *id, const char *label);
/* FALSE and nothing selected when there is no such id. */
gboolean    bv_choice_select   (GtkWidget *choice, const char *id);
const char *bv_choice_get      (GtkWidget *choice); /* (nullable): the id; NULL for "" and when nothing is selected */
/* Lets the user type to find an entry: for long lists. */
void        bv_choice_set_searchable (GtkWidget *choice, gboolean searchable);

G_END_DECLS
