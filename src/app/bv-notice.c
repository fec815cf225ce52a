/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-notice.h"

struct _BvNotice
{
  GtkWidget parent_instance;

  GtkWidget *revealer;
  GtkWidget *box;
  GtkWidget *label;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (BvNotice, bv_notice, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CLICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (BvNotice *self)
{
  g_signal_emit (self, signals[SIGNAL_CLICKED], 0);
}

static void
bv_notice_dispose (GObject *object)
{
  BvNotice *self = BV_NOTICE (object);

  g_clear_pointer (&self->revealer, gtk_widget_unparent);

  G_OBJECT_CLASS (bv_notice_parent_class)->dispose (object);
}

static void
bv_notice_class_init (BvNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bv_notice_dispose;
  signals[SIGNAL_CLICKED] = g_signal_new ("clicked", BV_TYPE_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "notice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
bv_notice_init (BvNotice *self)
{
  self->revealer = gtk_revealer_new ();
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "notice");
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->box);

  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_selectable (GTK_LABEL (self->label), FALSE);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_box_append (GTK_BOX (self->box), self->label);

  self->button = gtk_button_new ();
  gtk_widget_set_visible (self->button, FALSE);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_box_append (GTK_BOX (self->box), self->button);
}

GtkWidget *
bv_notice_new (void)
{
  return g_object_new (BV_TYPE_NOTICE, NULL);
}

static void
show_text (BvNotice   *self,
           const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

void
bv_notice_show (BvNotice   *self,
                const char *text)
{
  g_return_if_fail (BV_IS_NOTICE (self));
  g_return_if_fail (text != NULL);

  gtk_widget_remove_css_class (self->box, "error");
  show_text (self, text);
}

void
bv_notice_show_error (BvNotice     *self,
                      const GError *error)
{
  g_return_if_fail (BV_IS_NOTICE (self));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_add_css_class (self->box, "error");
  show_text (self, error->message);
}

void
bv_notice_hide (BvNotice *self)
{
  g_return_if_fail (BV_IS_NOTICE (self));

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bv_notice_set_button (BvNotice   *self,
                      const char *label)
{
  g_return_if_fail (BV_IS_NOTICE (self));

  gtk_widget_set_visible (self->button, label != NULL);
  gtk_button_set_label (GTK_BUTTON (self->button), label != NULL ? label : "");
  gtk_button_set_use_underline (GTK_BUTTON (self->button), TRUE);
}
