/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workspace says when work begins and ends; how far it is, is looked up now and then while it lasts. What takes less than the first look is never
 * shown, so that small tables do not make the sidebar blink. When what was made could not be saved, a line stays that says so.
 *
 * Assistive technology hears the name of each table once, as a status; the bar's value moves in steps of five percent, which it may ask for.
 */
#include "config.h"
#include "bv-preparing.h"

#include "bv-util.h"

#include <glib/gi18n.h>
#include <math.h>

#define LOOK_MS 400
#define STEP 0.05

struct _BvPreparing
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  GtkWidget *revealer;
  GtkWidget *box;
  GtkWidget *label;
  GtkWidget *percent;
  GtkWidget *bar;
  guint look; /* source */
};

G_DEFINE_FINAL_TYPE (BvPreparing, bv_preparing, ADW_TYPE_BIN)

void
bv_preparing_show (BvPreparing *self,
                   const char  *table,
                   double       fraction)
{
  g_autofree char *text = NULL;
  g_autofree char *percent = NULL;

  g_return_if_fail (BV_IS_PREPARING (self));

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), table != NULL);
  if (table == NULL)
    return;
  gtk_widget_set_visible (self->percent, TRUE);
  gtk_widget_set_visible (self->bar, TRUE);
  gtk_widget_set_tooltip_text (self->box, _("Until its rows are prepared, charts of this table take longer"));
  fraction = floor (fraction / STEP) * STEP;
  text = g_strdup_printf (_("Preparing “%s”"), table);
  /* Translators: a share of the work that is done, as in “45 %”. */
  percent = g_strdup_printf (C_("progress", "%d%%"), (int) lround (fraction * 100));
  if (g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->label)), text) != 0)
    {
      gtk_label_set_label (GTK_LABEL (self->label), text);
      bv_set_name (self->bar, text);
    }
  gtk_label_set_label (GTK_LABEL (self->percent), percent);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), fraction);
}

/* There is no work: whether the last one was in vain. */
static void
show_end (BvPreparing *self)
{
  g_autofree char *problem = self->workspace != NULL ? bv_workspace_get_cache_problem (self->workspace) : NULL;

  bv_preparing_show (self, NULL, 0);
  if (problem == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (self->label), _("Prepared tables could not be saved"));
  gtk_widget_set_visible (self->percent, FALSE);
  gtk_widget_set_visible (self->bar, FALSE);
  gtk_widget_set_tooltip_text (self->box, problem);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

/* Whether there is work, which is shown then. */
static gboolean
look_cb (gpointer user_data)
{
  BvPreparing *self = user_data;
  double fraction = 0;
  g_autofree char *name = self->workspace != NULL ? bv_workspace_get_preparing (self->workspace, &fraction) : NULL;
  BvTable *table = name != NULL ? bv_model_find_table (bv_workspace_get_model (self->workspace), name) : NULL;

  if (name != NULL)
    {
      bv_preparing_show (self, table != NULL && table->label != NULL ? table->label : name, fraction);
      return G_SOURCE_CONTINUE;
    }
  show_end (self);
  self->look = 0;
  return G_SOURCE_REMOVE;
}

static void
preparing_cb (BvPreparing *self)
{
  double fraction;
  g_autofree char *name = bv_workspace_get_preparing (self->workspace, &fraction);

  if (name == NULL)
    show_end (self);
  else if (self->look == 0)
    self->look = g_timeout_add (LOOK_MS, look_cb, self);
}

static void
bv_preparing_dispose (GObject *object)
{
  BvPreparing *self = BV_PREPARING (object);

  bv_preparing_set_workspace (self, NULL);

  G_OBJECT_CLASS (bv_preparing_parent_class)->dispose (object);
}

static void
bv_preparing_class_init (BvPreparingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_preparing_dispose;
}

static void
bv_preparing_init (BvPreparing *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "xalign", 0.0,
                              "hexpand", TRUE, NULL);
  self->percent = gtk_label_new (NULL);
  self->bar = gtk_progress_bar_new ();
  self->revealer = gtk_revealer_new ();
  gtk_widget_add_css_class (self->percent, "numeric");
  gtk_widget_add_css_class (self->bar, "osd");
  gtk_widget_add_css_class (line, "caption");
  gtk_widget_add_css_class (line, "dim-label");
  gtk_box_append (GTK_BOX (line), self->label);
  gtk_box_append (GTK_BOX (line), self->percent);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->bar);
  gtk_widget_set_margin_start (self->box, 12);
  gtk_widget_set_margin_end (self->box, 12);
  gtk_widget_set_margin_top (self->box, 6);
  gtk_widget_set_margin_bottom (self->box, 12);
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->box);
  adw_bin_set_child (ADW_BIN (self), self->revealer);
}

GtkWidget *
bv_preparing_new (void)
{
  return g_object_new (BV_TYPE_PREPARING, NULL);
}

void
bv_preparing_set_workspace (BvPreparing *self,
                            BvWorkspace *workspace)
{
  g_return_if_fail (BV_IS_PREPARING (self));

  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_func (self->workspace, preparing_cb, self);
  g_clear_handle_id (&self->look, g_source_remove);
  g_set_object (&self->workspace, workspace);
  if (workspace == NULL)
    return;
  g_signal_connect_object (workspace, "preparing", G_CALLBACK (preparing_cb), self, G_CONNECT_SWAPPED);
  preparing_cb (self);
}
