/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-filter-chip.h"

#include "bv-filter-control.h"
#include "bv-util.h"

#include <glib/gi18n.h>

/* Pixels, of what is said below a filter's values, which have as many (bv-value-list.c). */
#define TEXT_WIDTH 300

struct _BvFilterChip
{
  GtkWidget parent_instance;

  BvReportRun *run;
  char *id;
  char *made_for;        /* (nullable): what the control was made for */
  gboolean editing;
  gboolean mine;         /* the change of state comes from here */

  GtkWidget *box;
  GtkWidget *button;
  GtkLabel *text;
  GtkLabel *reach;
  GtkWidget *edit;
  GtkWidget *popover;
  GtkWidget *content;
  GtkWidget *control;    /* (nullable): BvFilterControl */
  GtkWidget *clear;
  GtkLabel *tiles;
};

G_DEFINE_FINAL_TYPE (BvFilterChip, bv_filter_chip, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_MOVE,
  SIGNAL_EDIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static BvFilter *
find_filter (BvFilterChip *self)
{
  BvReport *report = bv_report_run_get_report (self->run);

  return report != NULL ? bv_report_find_filter (report, self->id) : NULL;
}

static BvModel *
get_model (BvFilterChip *self)
{
  return bv_workspace_get_model (bv_report_run_get_workspace (self->run));
}

/* --- Popover ---------------------------------------------------------------------------------------------------------- */

static void
control_changed_cb (BvFilterChip *self)
{
  g_autoptr(GArray) values = bv_filter_control_dup_values (BV_FILTER_CONTROL (self->control));

  self->mine = TRUE;
  bv_report_run_set_values (self->run, self->id, values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL, values->len);
  self->mine = FALSE;
}

static void
clear_cb (BvFilterChip *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  bv_report_run_set_values (self->run, self->id, NULL, 0);
}

static void
edit_cb (BvFilterChip *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_signal_emit (self, signals[SIGNAL_EDIT], 0);
}

/* "Filters Revenue, Deals. Not: Logins." */
static void
show_tiles (BvFilterChip *self,
            BvFilter     *filter)
{
  BvReport *report = bv_report_run_get_report (self->run);
  g_autoptr(GString) reached = g_string_new (NULL);
  g_autoptr(GString) others = g_string_new (NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  BvLocale *locale = bv_workspace_get_locale (bv_report_run_get_workspace (self->run));

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      GString *list = bv_filter_target (get_model (self), report, filter, tile) != NULL ? reached : others;
      g_autofree char *title = NULL;

      if (tile->kind != BV_TILE_CHART || tile->chart == NULL)
        continue;
      title = tile->title != NULL ? g_strdup (tile->title) : bv_chart_to_title (tile->chart, locale);
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", title);
    }
  if (reached->len > 0)
    g_string_append_printf (text, _("Filters: %s"), reached->str);
  if (others->len > 0)
    {
      g_string_append (text, text->len > 0 ? "\n" : "");
      g_string_append_printf (text, _("Leaves as they are: %s"), others->str);
    }
  if (filter->controlled_by != NULL && filter->controlled_by[0] != NULL)
    {
      g_autofree char *names = g_strjoinv (", ", filter->controlled_by);

      g_string_append (text, text->len > 0 ? "\n" : "");
      g_string_append_printf (text, _("Its values are narrowed by: %s"), names);
    }
  gtk_label_set_text (self->tiles, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->tiles), text->len > 0);
}

/* Before the popover is measured: what is put in later would be cut off at its edge. */
static void
fill_popover (GtkMenuButton *button,
              gpointer       user_data)
{
  BvFilterChip *self = user_data;
  BvFilter *filter = find_filter (self);
  g_autofree char *controllers = filter != NULL && filter->controlled_by != NULL ? g_strjoinv ("\n", filter->controlled_by) : NULL;
  g_autofree char *wanted = NULL;

  if (filter == NULL)
    return;
  wanted = g_strdup_printf ("%s\n%s\n%s\n%d\n%d\n%s", filter->field, filter->control, filter->label_field != NULL ? filter->label_field : "",
                            filter->required, filter->limit, controllers != NULL ? controllers : "");
  if (self->control == NULL || g_strcmp0 (wanted, self->made_for) != 0)
    {
      if (self->control != NULL)
        gtk_box_remove (GTK_BOX (self->content), self->control);
      self->control = bv_filter_control_new (self->run, filter);
      g_signal_connect_swapped (self->control, "changed", G_CALLBACK (control_changed_cb), self);
      gtk_box_prepend (GTK_BOX (self->content), self->control);
      g_free (self->made_for);
      self->made_for = g_steal_pointer (&wanted);
    }
  bv_filter_control_set_values (BV_FILTER_CONTROL (self->control), bv_report_run_get_values (self->run, self->id));
  bv_filter_control_load (BV_FILTER_CONTROL (self->control));
  gtk_widget_set_visible (self->clear, bv_filter_is_date (filter) && !filter->required);
  show_tiles (self, filter);
}

static void
show_cb (BvFilterChip *self)
{
  if (self->control != NULL)
    bv_filter_control_focus (BV_FILTER_CONTROL (self->control));
}

static void
make_popover (BvFilterChip *self)
{
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *clamp = adw_clamp_new ();

  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->clear = gtk_button_new_with_mnemonic (_("_No Filter"));
  gtk_widget_add_css_class (self->clear, "flat");
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  self->tiles = GTK_LABEL (label);
  gtk_label_set_wrap (self->tiles, TRUE);
  gtk_label_set_max_width_chars (self->tiles, 36);
  gtk_label_set_xalign (self->tiles, 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (self->content), self->clear);
  /* A popover asks for its height at a width that counts its shadow: text that wraps needs one of its own. */
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), TEXT_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), TEXT_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), label);
  gtk_box_append (GTK_BOX (self->content), clamp);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->content);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (show_cb), self);
}

/* --- Showing ------------------------------------------------------------------------------------------------------------- */

/* A mapping that names a dimension which is gone. */
static gboolean
has_broken_mapping (BvFilterChip *self,
                    BvFilter     *filter)
{
  BvReport *report = bv_report_run_get_report (self->run);

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      const char *mapped = g_hash_table_lookup (filter->tiles, tile->id);

      if (mapped != NULL && *mapped != '\0' && tile->kind == BV_TILE_CHART && g_strcmp0 (filter->field, BV_FILTER_TIME) != 0
          && bv_filter_target (get_model (self), report, filter, tile) == NULL)
        return TRUE;
    }
  return FALSE;
}

void
bv_filter_chip_update (BvFilterChip *self)
{
  BvFilter *filter;
  g_autofree char *text = NULL;
  g_autofree char *reach = NULL;
  g_autofree char *name = NULL;
  gboolean broken;
  guint n, n_tiles;

  g_return_if_fail (BV_IS_FILTER_CHIP (self));

  filter = find_filter (self);
  if (filter == NULL)
    return;
  text = bv_report_run_describe (self->run, filter);
  bv_filter_reach (get_model (self), bv_report_run_get_report (self->run), filter, &n, &n_tiles);
  /* Translators: how many of a report's tiles a filter acts on */
  reach = g_strdup_printf (ngettext ("%u of %u tile", "%u of %u tiles", n_tiles), n, n_tiles);
  broken = (bv_filter_type (get_model (self), filter) == BV_TYPE_NULL) || has_broken_mapping (self, filter);
  gtk_label_set_text (self->text, text);
  gtk_label_set_text (self->reach, reach);
  gtk_widget_set_tooltip_text (self->button, broken ? _("A field that this filter uses is gone: choose another one in its settings") : text);
  if (broken)
    gtk_widget_add_css_class (GTK_WIDGET (self), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "warning");
  if (bv_report_run_get_values (self->run, self->id)->len > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "active");

  /* Translators: a filter with its value, then its reach: "Customer: 3 values, 4 of 6 tiles" */
  name = g_strdup_printf (_("%s, %s"), text, reach);
  bv_set_name (self->button, name);
  bv_set_name (gtk_widget_get_first_child (self->button), name);
  /* A hidden filter still works; its author sees it while editing. */
  gtk_widget_set_visible (GTK_WIDGET (self), self->editing || !filter->hidden);
  if (filter->hidden)
    gtk_widget_add_css_class (GTK_WIDGET (self), "hidden-filter");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "hidden-filter");
  if (self->control != NULL && !self->mine && gtk_widget_get_mapped (self->popover))
    bv_filter_control_set_values (BV_FILTER_CONTROL (self->control), bv_report_run_get_values (self->run, self->id));
}

void
bv_filter_chip_set_editing (BvFilterChip *self,
                            gboolean      editing)
{
  g_return_if_fail (BV_IS_FILTER_CHIP (self));

  self->editing = editing;
  gtk_widget_set_visible (self->edit, editing);
  bv_filter_chip_update (self);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BvFilterChip *self = BV_FILTER_CHIP (widget);

  if (!self->editing)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[SIGNAL_MOVE], 0, (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? -1 : 1) * g_variant_get_int32 (args));
  return GDK_EVENT_STOP;
}

/* --- Object ----------------------------------------------------------------------------------------------------------------- */

static void
bv_filter_chip_dispose (GObject *object)
{
  BvFilterChip *self = BV_FILTER_CHIP (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (bv_filter_chip_parent_class)->dispose (object);
}

static void
bv_filter_chip_finalize (GObject *object)
{
  BvFilterChip *self = BV_FILTER_CHIP (object);

  g_clear_object (&self->run);
  g_free (self->id);
  g_free (self->made_for);

  G_OBJECT_CLASS (bv_filter_chip_parent_class)->finalize (object);
}

static void
bv_filter_chip_class_init (BvFilterChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bv_filter_chip_dispose;
  object_class->finalize = bv_filter_chip_finalize;
  signals[SIGNAL_MOVE] = g_signal_new ("move", BV_TYPE_FILTER_CHIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_EDIT] = g_signal_new ("edit", BV_TYPE_FILTER_CHIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "filterchip");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_ALT_MASK, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_ALT_MASK, move_cb, "i", 1);
}

static void
bv_filter_chip_init (BvFilterChip *self)
{
  GtkWidget *label = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->text = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->text, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->text, 40);
  self->reach = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->reach), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->reach), "dim-label");
  gtk_box_append (GTK_BOX (label), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (label), GTK_WIDGET (self->reach));
  gtk_box_append (GTK_BOX (label), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  make_popover (self);
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), label);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), self->popover);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), fill_popover, self, NULL);
  self->edit = bv_icon_button_new ("document-edit-symbolic", _("Filter Settings"), NULL);
  g_signal_connect_swapped (self->edit, "clicked", G_CALLBACK (edit_cb), self);
  gtk_widget_set_visible (self->edit, FALSE);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->box, "linked");
  gtk_box_append (GTK_BOX (self->box), self->button);
  gtk_box_append (GTK_BOX (self->box), self->edit);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
bv_filter_chip_new (BvReportRun *run,
                    const char  *filter_id)
{
  BvFilterChip *self = g_object_new (BV_TYPE_FILTER_CHIP, NULL);

  self->run = g_object_ref (run);
  self->id = g_strdup (filter_id);
  bv_filter_chip_update (self);
  return GTK_WIDGET (self);
}

const char *
bv_filter_chip_get_id (BvFilterChip *self)
{
  g_return_val_if_fail (BV_IS_FILTER_CHIP (self), NULL);
  return self->id;
}

const char *
bv_filter_chip_get_text (BvFilterChip *self)
{
  g_return_val_if_fail (BV_IS_FILTER_CHIP (self), NULL);
  return gtk_label_get_text (self->text);
}

const char *
bv_filter_chip_get_reach (BvFilterChip *self)
{
  g_return_val_if_fail (BV_IS_FILTER_CHIP (self), NULL);
  return gtk_label_get_text (self->reach);
}

void
bv_filter_chip_popup (BvFilterChip *self)
{
  g_return_if_fail (BV_IS_FILTER_CHIP (self));
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
}

gboolean
bv_filter_chip_is_busy (BvFilterChip *self)
{
  return self->control != NULL && bv_filter_control_is_busy (BV_FILTER_CONTROL (self->control));
}
