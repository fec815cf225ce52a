/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-util.h"

#include <glib/gi18n.h>

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

void
bv_show_error (GtkWidget    *widget,
               const char   *title,
               const GError *error)
{
  GtkWidget *dialog;

  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  dialog = adw_message_dialog_new (window_of (widget), title, error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  BvConfirmFunc callback;
  gpointer user_data;
  GDestroyNotify notify;
} Confirm;

static void
confirm_free (gpointer  data,
              GClosure *closure)
{
  Confirm *confirm = data;

  if (confirm->notify != NULL)
    confirm->notify (confirm->user_data);
  g_free (confirm);
}

static void
confirm_cb (AdwMessageDialog *dialog,
            const char       *response,
            Confirm          *confirm)
{
  if (g_str_equal (response, "accept"))
    confirm->callback (confirm->user_data);
}

void
bv_confirm (GtkWidget      *widget,
            const char     *title,
            const char     *body,
            const char     *accept_label,
            gboolean        destructive,
            BvConfirmFunc   callback,
            gpointer        user_data,
            GDestroyNotify  notify)
{
  GtkWidget *dialog = adw_message_dialog_new (window_of (widget), title, body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  Confirm *confirm = g_new0 (Confirm, 1);

  confirm->callback = callback;
  confirm->user_data = user_data;
  confirm->notify = notify;
  adw_message_dialog_add_response (message, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (message, "accept", accept_label);
  adw_message_dialog_set_response_appearance (message, "accept", destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (message, destructive ? "cancel" : "accept");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (confirm_cb), confirm, confirm_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Asking for a name ------------------------------------------------------------------------------------------------ */

typedef struct
{
  GtkWidget *entry;
  BvTextFunc callback;
  gpointer user_data;
  GDestroyNotify notify;
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  if (question->notify != NULL)
    question->notify (question->user_data);
  g_free (question);
}

static void
question_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (question->entry))));

  if (g_str_equal (response, "accept") && *text != '\0')
    question->callback (text, question->user_data);
}

static void
question_changed_cb (GtkWidget        *entry,
                     AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  adw_message_dialog_set_response_enabled (dialog, "accept", *text != '\0');
}

GtkWidget *
bv_ask_text (GtkWidget      *widget,
             const char     *title,
             const char     *body,
             const char     *label,
             const char     *text,
             const char     *accept_label,
             GtkWidget      *extra,
             BvTextFunc      callback,
             gpointer        user_data,
             GDestroyNotify  notify)
{
  GtkWidget *dialog = adw_message_dialog_new (window_of (widget), title, body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  GtkWidget *list = gtk_list_box_new ();
  Question *question = g_new0 (Question, 1);

  question->entry = adw_entry_row_new ();
  question->callback = callback;
  question->user_data = user_data;
  question->notify = notify;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (question->entry), label);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (question->entry), TRUE);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  bv_set_name (list, title);
  gtk_list_box_append (GTK_LIST_BOX (list), question->entry);
  if (extra != NULL)
    gtk_list_box_append (GTK_LIST_BOX (list), extra);
  adw_message_dialog_set_extra_child (message, list);
  adw_message_dialog_add_response (message, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (message, "accept", accept_label);
  adw_message_dialog_set_response_appearance (message, "accept", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (message, "accept");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect (question->entry, "changed", G_CALLBACK (question_changed_cb), dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (question_cb), question, question_free, 0);
  gtk_editable_set_text (GTK_EDITABLE (question->entry), text != NULL ? text : "");
  question_changed_cb (question->entry, message);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (question->entry);
  gtk_editable_select_region (GTK_EDITABLE (question->entry), 0, -1);
  return question->entry;
}

/* --- Rows and sections -------------------------------------------------------------------------------------------------- */

GtkWidget *
bv_row_new (const char *title,
            const char *subtitle,
            const char *kind,
            const char *id)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (kind != NULL)
    {
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)", kind, id != NULL ? id : "");
    }
  return row;
}

void
bv_group_set_description (GtkWidget  *group,
                          const char *text)
{
  g_autofree char *markup = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), markup);
}

AdwToast *
bv_toast_new (const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  return adw_toast_new (markup);
}

GtkWidget *
bv_section_new (const char  *title,
                const char  *description,
                GtkWidget  **list)
{
  GtkWidget *section = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (section), heading);
  if (description != NULL)
    {
      GtkWidget *text = gtk_label_new (description);

      gtk_label_set_xalign (GTK_LABEL (text), 0);
      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_widget_add_css_class (text, "dim-label");
      gtk_box_append (GTK_BOX (section), text);
    }
  if (list != NULL)
    {
      *list = gtk_list_box_new ();
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (*list), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (*list, "boxed-list");
      gtk_widget_set_margin_top (*list, 6);
      bv_set_name (*list, title);
      gtk_box_append (GTK_BOX (section), *list);
    }
  return section;
}

GtkWidget *
bv_column_new (int         maximum_width,
               GtkWidget **box)
{
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *clamp = adw_clamp_new ();

  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_set_margin_top (*box, 24);
  gtk_widget_set_margin_bottom (*box, 24);
  gtk_widget_set_margin_start (*box, 12);
  gtk_widget_set_margin_end (*box, 12);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), maximum_width);
  adw_clamp_set_child (ADW_CLAMP (clamp), *box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

GtkWidget *
bv_empty_page_new (const char *icon_name,
                   const char *title,
                   const char *description,
                   const char *button_label,
                   const char *action_name)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon_name);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), description);
  if (button_label != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (button_label);

      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "pill");
      gtk_widget_add_css_class (button, "suggested-action");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
      adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
    }
  return page;
}

void
bv_box_clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    {
      if (GTK_IS_LIST_BOX (box))
        gtk_list_box_remove (GTK_LIST_BOX (box), child);
      else if (GTK_IS_FLOW_BOX (box))
        gtk_flow_box_remove (GTK_FLOW_BOX (box), child);
      else
        gtk_box_remove (GTK_BOX (box), child);
    }
}

void
bv_menu_append (GMenu      *menu,
                const char *label,
                const char *action,
                GVariant   *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

static void
search_stopped_cb (GtkWidget *search)
{
  GtkWidget *popover = gtk_widget_get_ancestor (search, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  else
    gtk_editable_set_text (GTK_EDITABLE (search), "");
}

GtkWidget *
bv_search_new (const char *placeholder)
{
  GtkWidget *search = gtk_search_entry_new ();

  g_object_set (search, "placeholder-text", placeholder, NULL);
  bv_set_name (search, placeholder);
  g_signal_connect (search, "stop-search", G_CALLBACK (search_stopped_cb), NULL);
  return search;
}

GtkWidget *
bv_icon_button_new (const char *icon_name,
                    const char *tooltip,
                    const char *action_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, tooltip);
  bv_set_name (button, tooltip);
  if (action_name != NULL)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  return button;
}

char *
bv_ago (gint64    us,
        gint64    now,
        BvLocale *locale)
{
  BvCalendar *calendar = bv_locale_get_calendar (locale);
  gint64 minutes = (now - us) / BV_SECOND_US / 60;

  if (us == 0)
    return g_strdup (_("Never"));
  /* Where "today" is a day of the past, all loads come later. */
  if (minutes >= -1 && minutes < 1)
    return g_strdup (_("Just now"));
  if (minutes >= 1 && minutes < 60)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", minutes), (int) minutes);
  if (minutes >= 60 && minutes < 24 * 60)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", minutes / 60), (int) (minutes / 60));
  if (minutes > 0 && bv_calendar_day (calendar, us) == bv_calendar_day (calendar, now) - 1)
    return g_strdup (_("Yesterday"));
  return bv_locale_format_date (locale, bv_calendar_day (calendar, us));
}

char *
bv_rows_text (gint64    n,
              BvLocale *locale)
{
  g_autofree char *count = bv_locale_format_count (locale, n);

  /* Translators: %s is a number with its thousands separated */
  return g_strdup_printf (ngettext ("%s row", "%s rows", n), count);
}

BvFrame *
bv_frame_limit_columns (BvFrame *frame,
                        guint    limit)
{
  g_autofree BvValue *row = NULL;
  BvFrame *limited;

  if (bv_frame_get_n_columns (frame) <= limit)
    return bv_frame_ref (frame);
  limited = bv_frame_new ();
  row = g_new0 (BvValue, limit);
  for (guint i = 0; i < limit; i++)
    {
      BvColumn *from = bv_frame_get_column (frame, i);
      BvColumn *to = bv_frame_add_column (limited, from->name, from->type, from->role);

      to->format = bv_format_copy (&from->format);
    }
  for (guint i = 0; i < bv_frame_get_n_rows (frame); i++)
    {
      for (guint j = 0; j < limit; j++)
        row[j] = bv_frame_peek (frame, j, i);
      bv_frame_append (limited, row);
    }
  return limited;
}

void
bv_closure_free (gpointer  data,
                 GClosure *closure)
{
  g_free (data);
}
