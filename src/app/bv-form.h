/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialog with Cancel and one accepting button over groups of rows. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_FORM (bv_form_get_type ())
G_DECLARE_FINAL_TYPE (BvForm, bv_form, BV, FORM, AdwWindow)

/* Signal "accepted" (): the button; the handler closes the form, or shows why it cannot. */
GtkWidget *bv_form_new            (GtkWidget *over, const char *title, const char *accept_label);
/* (transfer none): a new group of rows, appended */
GtkWidget *bv_form_add_group      (BvForm *self, const char *title, const char *description);
void       bv_form_show_error     (BvForm *self, const GError *error);
/* A further button in the header, before the accepting one; @tooltip says in full what it does. (transfer none) */
GtkWidget *bv_form_add_button     (BvForm *self, const char *label, const char *tooltip);
/* NULL takes away what is shown, errors too. */
void       bv_form_show_text      (BvForm *self, const char *text);
void       bv_form_set_acceptable (BvForm *self, gboolean acceptable);

/* Rows, appended to a group. */
GtkWidget *bv_form_add_entry      (GtkWidget *group, const char *title, const char *text);
/* A row with a drop-down (bv-choice.h). @row_out: (out) (optional) */
GtkWidget *bv_form_add_choice     (GtkWidget *group, const char *title, GtkWidget **row_out);
GtkWidget *bv_form_add_combo      (GtkWidget *group, const char *title, const char *const *labels, guint selected);
GtkWidget *bv_form_add_switch     (GtkWidget *group, const char *title, const char *subtitle, gboolean active); /* the GtkSwitch */
/* An entry row's text without surrounding blanks; NULL when empty. (transfer full) */
char      *bv_form_get_text       (GtkWidget *entry_row);

G_END_DECLS
