/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small helpers shared by pages and dialogs. */
#pragma once

#include "bv-access.h"
#include "bv-frame.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows an error over the window that @widget is in: @title says what was tried ("Could not delete the table"), the text is the
 * error's message. Cancellations are not shown. */
void       bv_show_error       (GtkWidget *widget, const char *title, const GError *error);

/* Asks before something that cannot be taken back at a glance; @callback runs only when the answer is yes. */
typedef void (*BvConfirmFunc) (gpointer user_data);
void       bv_confirm          (GtkWidget *widget, const char *title, const char *body, const char *accept_label, gboolean destructive,
                                BvConfirmFunc callback, gpointer user_data, GDestroyNotify notify);

/* Asks for a name; @callback gets it without surrounding blanks, never empty. @extra: (nullable): rows below the entry, which is returned. */
typedef void (*BvTextFunc) (const char *text, gpointer user_data);
GtkWidget *bv_ask_text         (GtkWidget *widget, const char *title, const char *body, const char *label, const char *text,
                                const char *accept_label, GtkWidget *extra, BvTextFunc callback, gpointer user_data,
                                GDestroyNotify notify);

/* Rows of plain text (no markup); @kind and @id: (nullable): where activating the row goes. */
GtkWidget *bv_row_new          (const char *title, const char *subtitle, const char *kind, const char *id);
/* Plain text in places that libadwaita reads as markup: what stands below a group's title, and a toast. */
void       bv_group_set_description (GtkWidget *group, const char *text); /* @text: (nullable) */
AdwToast  *bv_toast_new        (const char *text);
/* A heading over a boxed list; rows are appended to @list. */
GtkWidget *bv_section_new      (const char *title, const char *description, GtkWidget **list);
/* A scrolled column of sections as wide as reads well; @box: (out): where to append. */
GtkWidget *bv_column_new       (int maximum_width, GtkWidget **box);
/* A status page with at most one button. */
GtkWidget *bv_empty_page_new   (const char *icon_name, const char *title, const char *description, const char *button_label,
                                const char *action_name);
void       bv_box_clear        (GtkWidget *box);

/* A menu item with a target, of which a floating reference is taken. */
void       bv_menu_append      (GMenu *menu, const char *label, const char *action, GVariant *target);

/* A search entry that says what it searches. Escape closes the popover it is in, or else empties it. */
GtkWidget *bv_search_new      (const char *placeholder);
/* A flat button with an icon, its tooltip also its accessible name. */
GtkWidget *bv_icon_button_new  (const char *icon_name, const char *tooltip, const char *action_name);
/* "3 minutes ago", "yesterday", "3 Mar 2026" for an instant, seen from @now. (transfer full) */
char      *bv_ago              (gint64 us, gint64 now, BvLocale *locale);
/* "1,234 rows" (transfer full) */
char      *bv_rows_text        (gint64 n, BvLocale *locale);
/* The first @limit columns: @frame itself when it has no more. A grid of thousands of columns would not move. (transfer full) */
BvFrame   *bv_frame_limit_columns (BvFrame *frame, guint limit);
/* Frees callback data of g_signal_connect_data(). */
void       bv_closure_free     (gpointer data, GClosure *closure);

G_END_DECLS
