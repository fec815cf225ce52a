/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shelves are rows of chips and drop-downs, all made from one BvChart: a step changes the chart, emits "changed" and queues an
 * update of the shelves. Updating waits for an idle moment, because a step often comes from a popover inside of what is remade.
 *
 * Each step on a chip is an action of the class ("builder.move-metric" …), so that menus, keys and tests take the same way.
 */
#include "config.h"
#include "bv-chart-builder-private.h"

#include "bv-chart-edit.h"
#include "bv-chart-options.h"
#include "bv-chart-shelf.h"
#include "bv-choice.h"
#include "bv-condition-editor.h"
#include "bv-measure.h"
#include "bv-picker.h"
#include "bv-range-chooser.h"
#include "bv-report-run.h"
#include "bv-type-gallery.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (BvChartBuilder, bv_chart_builder, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *id;
  const char *label;
} comparisons[] = {
  { "", N_("No comparison") },
  { "previous-period", N_("Previous period") },
  { "previous-week", N_("Previous week") },
  { "previous-month", N_("Previous month") },
  { "previous-quarter", N_("Previous quarter") },
  { "previous-year", N_("Previous year") },
};

static void queue_update (BvChartBuilder *self);

/* After every step of the user. */
static void
changed (BvChartBuilder *self)
{
  bv_chart_tidy (self->chart);
  queue_update (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- Update ------------------------------------------------------------------------------------------------------------------------- */

static void
type_chosen_cb (BvChartBuilder *self,
                const char     *type)
{
  if (self->updating || g_strcmp0 (type, self->chart->type) == 0)
    return;
  g_free (self->chart->type);
  self->chart->type = g_strdup (type);
  changed (self);
}

static gboolean
update_cb (gpointer user_data)
{
  BvChartBuilder *self = user_data;

  self->update_id = 0;
  bv_chart_builder_show (self);
  return G_SOURCE_REMOVE;
}

static void
queue_update (BvChartBuilder *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, self, NULL);
}

/* --- Steps --------------------------------------------------------------------------------------------------------------------------- */

static void
builder_action (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  BvChartBuilder *self = BV_CHART_BUILDER (widget);
  const char *name = NULL, *grain_name;
  gboolean descending;
  BvGrain grain;
  int delta;

  if (self->chart == NULL)
    return;
  if (g_variant_is_of_type (parameter, G_VARIANT_TYPE_STRING))
    name = g_variant_get_string (parameter, NULL);
  if (g_str_equal (action, "builder.remove-metric"))
    bv_chart_remove_metric (self->chart, name);
  else if (g_str_equal (action, "builder.remove-group"))
    bv_chart_remove_group (self->chart, name);
  else if (g_str_equal (action, "builder.toggle"))
    {
      bv_chart_builder_toggle_measure (self, name);
      return;
    }
  else if (g_str_equal (action, "builder.type"))
    {
      g_free (self->chart->type);
      self->chart->type = g_strdup (name);
    }
  else if (g_str_equal (action, "builder.range"))
    {
      g_free (self->chart->range);
      self->chart->range = g_strdup (name);
    }
  else if (g_str_equal (action, "builder.pivot"))
    {
      g_autofree char *dimension = g_strdup (name);

      bv_chart_remove_group (self->chart, dimension);
      if (self->chart->pivot != NULL)
        bv_chart_add_group (self->chart, self->chart->pivot, self->chart->pivot_grain);
      g_free (self->chart->pivot);
      self->chart->pivot = g_steal_pointer (&dimension);
      self->chart->pivot_grain = BV_GRAIN_NONE;
    }
  else if (g_str_equal (action, "builder.sort"))
    {
      BvSort sort = { NULL, FALSE };

      g_variant_get (parameter, "(&sb)", &name, &descending);
      sort.name = g_strdup (name);
      sort.descending = descending;
      g_array_set_size (self->chart->sort, 0);
      g_array_append_val (self->chart->sort, sort);
    }
  else if (g_str_equal (action, "builder.group-grain"))
    {
      int i;

      g_variant_get (parameter, "(&s&s)", &name, &grain_name);
      i = bv_chart_find_group (self->chart, name);
      if (i < 0 || !bv_grain_from_name (grain_name, &grain))
        return;
      g_array_index (self->chart->by, BvGroup, i).grain = grain;
    }
  else
    {
      g_variant_get (parameter, "(&si)", &name, &delta);
      if (g_str_equal (action, "builder.move-metric"))
        bv_chart_move_metric (self->chart, name, delta);
      else
        bv_chart_move_group (self->chart, name, delta);
    }
  changed (self);
}

static void
metric_picked_cb (BvChartBuilder *self,
                  const char     *name)
{
  bv_chart_add_metric (self->chart, name);
  changed (self);
}

static void
group_picked_cb (BvChartBuilder *self,
                 const char     *name)
{
  bv_chart_add_group (self->chart, name, bv_type_is_time (bv_chart_builder_get_type_of (self, name)) ? BV_GRAIN_MONTH : BV_GRAIN_NONE);
  changed (self);
}

static void
pivot_chosen_cb (BvChartBuilder *self)
{
  const char *name = bv_choice_get (self->pivot);

  if (self->updating || g_strcmp0 (name, self->chart->pivot) == 0)
    return;
  g_free (self->chart->pivot);
  self->chart->pivot = g_strdup (name);
  self->chart->pivot_grain = bv_type_is_time (bv_chart_builder_get_type_of (self, name)) ? BV_GRAIN_MONTH : BV_GRAIN_NONE;
  if (name != NULL)
    bv_chart_remove_group (self->chart, name);
  changed (self);
}

static void
pivot_grain_chosen_cb (BvChartBuilder *self)
{
  BvGrain grain;

  if (self->updating || !bv_grain_from_name (bv_choice_get (self->pivot_grain), &grain))
    return;
  self->chart->pivot_grain = grain;
  changed (self);
}

static void
time_chosen_cb (BvChartBuilder *self)
{
  const char *name = bv_choice_get (self->time);
  gboolean had_time = self->chart != NULL && bv_chart_effective_time (self->chart, bv_chart_builder_get_exploration (self)) != NULL;

  if (self->updating || g_strcmp0 (name, bv_chart_effective_time (self->chart, bv_chart_builder_get_exploration (self))) == 0)
    return;
  bv_chart_set_time (self->chart, name);
  if (name != NULL && !had_time)
    {
      self->chart->grain = BV_GRAIN_DAY;
      g_free (self->chart->range);
      self->chart->range = g_strdup ("last-7-days");
    }
  changed (self);
}

static void
grain_chosen_cb (BvChartBuilder *self)
{
  const char *name = bv_choice_get (self->grain);
  BvGrain grain;

  if (self->updating || name == NULL || !bv_grain_from_name (name, &grain) || grain == self->chart->grain)
    return;
  /* Without buckets the field stays: the range still needs it. */
  if (self->chart->time_field == NULL)
    self->chart->time_field = g_strdup (bv_chart_effective_time (self->chart, bv_chart_builder_get_exploration (self)));
  self->chart->grain = grain;
  changed (self);
}

static void
range_changed_cb (BvChartBuilder *self,
                  const char     *spec)
{
  g_free (self->chart->range);
  self->chart->range = g_strdup (spec);
  changed (self);
}

static void
compare_chosen_cb (BvChartBuilder *self)
{
  const char *id = bv_choice_get (self->compare);

  if (self->updating || g_strcmp0 (id, self->chart->compare) == 0)
    return;
  g_free (self->chart->compare);
  self->chart->compare = g_strdup (id);
  changed (self);
}

static void
filter_changed_cb (BvChartBuilder *self)
{
  bv_condition_free (self->chart->where);
  self->chart->where = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (self->filter));
  changed (self);
}

static void
filter_shown_cb (BvChartBuilder *self)
{
  if (self->chart == NULL)
    return;
  bv_condition_editor_set_exploration (BV_CONDITION_EDITOR (self->filter), self->chart->exploration, NULL);
  bv_condition_editor_set_condition (BV_CONDITION_EDITOR (self->filter), self->chart->where);
  if (bv_condition_is_empty (self->chart->where))
    bv_condition_editor_add_test (BV_CONDITION_EDITOR (self->filter), NULL);
}

static void
filter_cleared_cb (BvChartBuilder *self)
{
  g_clear_pointer (&self->chart->where, bv_condition_free);
  gtk_widget_grab_focus (self->filter_button);
  changed (self);
}

static void
sort_chosen_cb (BvChartBuilder *self)
{
  const char *name = bv_choice_get (self->sort);
  BvSort *old = self->chart != NULL && self->chart->sort->len > 0 ? &g_array_index (self->chart->sort, BvSort, 0) : NULL;
  BvSort sort = { NULL, FALSE };

  if (self->updating || g_strcmp0 (name, old != NULL ? old->name : NULL) == 0)
    return;
  g_array_set_size (self->chart->sort, 0);
  if (name != NULL)
    {
      sort.name = g_strdup (name);
      sort.descending = bv_chart_has_metric (self->chart, name);
      g_array_append_val (self->chart->sort, sort);
    }
  changed (self);
}

static void
direction_toggled_cb (BvChartBuilder *self)
{
  if (self->updating || self->chart->sort->len == 0)
    return;
  g_array_index (self->chart->sort, BvSort, 0).descending = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->direction));
  changed (self);
}

static void
limits_changed_cb (BvChartBuilder *self)
{
  int top = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->top));
  int limit = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->limit));

  if (self->updating || self->chart == NULL || (top == self->chart->top && limit == self->chart->limit))
    return;
  if (self->chart->top == 0 && top > 0)
    self->chart->top_others = TRUE;
  self->chart->top = top;
  self->chart->limit = limit;
  changed (self);
}

static void
others_toggled_cb (BvChartBuilder *self)
{
  if (self->updating)
    return;
  self->chart->top_others = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->others));
  changed (self);
}

static void
options_changed_cb (BvChartBuilder *self)
{
  g_clear_pointer (&self->chart->options, json_object_unref);
  self->chart->options = bv_chart_options_dup (BV_CHART_OPTIONS (self->options));
  changed (self);
}

/* Rows of options are many where a pivot makes series: they are made for whoever looks at them. */
static void
fill_options (GtkMenuButton *button,
              gpointer       user_data)
{
  BvChartBuilder *self = user_data;

  if (self->chart != NULL)
    bv_chart_options_set_chart (BV_CHART_OPTIONS (self->options), self->chart, bv_workspace_get_locale (self->workspace));
}

/* --- Construction --------------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
add_shelf (BvChartBuilder *self,
           GtkWidget      *box,
           const char     *caption)
{
  GtkWidget *label = bv_shelf_caption_new (caption);
  GtkWidget *shelf = bv_wrap_box_new (6);

  g_ptr_array_add (self->captions, g_object_ref_sink (label));
  bv_wrap_box_set_caption (BV_WRAP_BOX (shelf), label, self->captions);
  bv_set_name (shelf, caption);
  gtk_box_append (GTK_BOX (box), shelf);
  return shelf;
}

static void
make_types (BvChartBuilder *self,
            GtkWidget      *shelf)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled = bv_scrolled_new ();

  self->types = bv_type_gallery_new ();
  g_signal_connect_swapped (self->types, "chosen", G_CALLBACK (type_chosen_cb), self);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->types);

  self->options = bv_chart_options_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 420);
  gtk_widget_set_size_request (scrolled, 360, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->options);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  self->options_button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->options_button), _("Options"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->options_button), popover);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->options_button), fill_options, self, NULL);
  gtk_widget_set_tooltip_text (self->options_button, _("Options of the chart"));
  bv_set_name (self->options_button, _("Options of the chart"));
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->options_button);
  g_signal_connect_swapped (self->options, "changed", G_CALLBACK (options_changed_cb), self);
}

static void
make_filter (BvChartBuilder *self,
             GtkWidget      *shelf)
{
  GtkWidget *label = gtk_label_new (_("Add a filter…"));

  self->filter_button = gtk_menu_button_new ();
  self->filter_popover = gtk_popover_new ();
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 64);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->filter_button), label);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->filter_button), self->filter_popover);
  self->clear_filter = bv_icon_button_new ("edit-clear-symbolic", _("Remove all filters"), NULL);
  gtk_widget_add_css_class (self->clear_filter, "flat");
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->filter_button);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->clear_filter);
  g_signal_connect_swapped (self->clear_filter, "clicked", G_CALLBACK (filter_cleared_cb), self);
  g_signal_connect_swapped (self->filter_popover, "show", G_CALLBACK (filter_shown_cb), self);
}

static void
make_time (BvChartBuilder *self,
           GtkWidget      *shelf)
{
  self->time = bv_choice_new (_("Time field"));
  self->grain = bv_choice_new (_("Time buckets"));
  self->range = bv_range_button_new ();
  self->compare = bv_choice_new (_("Compare to the past"));
  bv_shelf_fill_grains (self->grain, _("in total"));
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    bv_choice_add (self->compare, comparisons[i].id, _(comparisons[i].label));
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->time);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->grain);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->range);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->compare);
  g_signal_connect_swapped (self->time, "notify::selected", G_CALLBACK (time_chosen_cb), self);
  g_signal_connect_swapped (self->grain, "notify::selected", G_CALLBACK (grain_chosen_cb), self);
  g_signal_connect_swapped (self->compare, "notify::selected", G_CALLBACK (compare_chosen_cb), self);
  g_signal_connect_swapped (bv_range_button_get_chooser (self->range), "changed", G_CALLBACK (range_changed_cb), self);
}

static void
make_sort (BvChartBuilder *self,
           GtkWidget      *shelf)
{
  self->sort = bv_choice_new (_("Sort by"));
  self->direction = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->direction), "view-sort-ascending-symbolic");
  gtk_widget_add_css_class (self->direction, "flat");
  gtk_widget_set_tooltip_text (self->direction, _("Descending"));
  bv_set_name (self->direction, _("Descending"));
  self->top = bv_shelf_spin_new (_("Keep the groups with the highest first metric"), C_("top", "All"), 1000);
  self->others = gtk_check_button_new_with_label (_("Others"));
  gtk_widget_set_tooltip_text (self->others, _("Put the other groups together as one"));
  self->limit = bv_shelf_spin_new (_("Most rows shown"), C_("limit", "Auto"), 50000);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->sort);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->direction);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), bv_shelf_caption_new (C_("shelf", "Top")));
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->top);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->others);
  bv_wrap_box_append (BV_WRAP_BOX (shelf), bv_shelf_caption_new (C_("shelf", "Rows")));
  bv_wrap_box_append (BV_WRAP_BOX (shelf), self->limit);
  g_signal_connect_swapped (self->sort, "notify::selected", G_CALLBACK (sort_chosen_cb), self);
  g_signal_connect_swapped (self->direction, "toggled", G_CALLBACK (direction_toggled_cb), self);
  g_signal_connect_swapped (self->top, "value-changed", G_CALLBACK (limits_changed_cb), self);
  g_signal_connect_swapped (self->limit, "value-changed", G_CALLBACK (limits_changed_cb), self);
  g_signal_connect_swapped (self->others, "toggled", G_CALLBACK (others_toggled_cb), self);
}

static void
bv_chart_builder_dispose (GObject *object)
{
  BvChartBuilder *self = BV_CHART_BUILDER (object);

  self->updating = TRUE;
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->add_metric);
  g_clear_object (&self->add_group);
  g_clear_object (&self->pivot_label);
  g_clear_object (&self->pivot);
  g_clear_object (&self->pivot_grain);
  g_clear_pointer (&self->captions, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_chart_builder_parent_class)->dispose (object);
}

static void
bv_chart_builder_finalize (GObject *object)
{
  BvChartBuilder *self = BV_CHART_BUILDER (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->chart, bv_chart_free);

  G_OBJECT_CLASS (bv_chart_builder_parent_class)->finalize (object);
}

static void
bv_chart_builder_class_init (BvChartBuilderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct
  {
    const char *name;
    const char *type;
  } actions[] = {
    { "builder.toggle", "s" }, { "builder.type", "s" }, { "builder.range", "s" }, { "builder.pivot", "s" }, { "builder.remove-metric", "s" },
    { "builder.remove-group", "s" }, { "builder.move-metric", "(si)" }, { "builder.move-group", "(si)" },
    { "builder.group-grain", "(ss)" }, { "builder.sort", "(sb)" },
  };

  G_OBJECT_CLASS (klass)->dispose = bv_chart_builder_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_chart_builder_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type, builder_action);

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_CHART_BUILDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_chart_builder_init (BvChartBuilder *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->captions = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chart-builder");
  make_types (self, add_shelf (self, box, C_("shelf", "Chart")));

  self->metric_picker = bv_picker_new (_("Find a metric"));
  self->add_metric = bv_shelf_add_button_new (_("Add Metric"), self->metric_picker);
  self->metrics = add_shelf (self, box, C_("shelf", "Metrics"));
  g_signal_connect_swapped (self->metric_picker, "picked", G_CALLBACK (metric_picked_cb), self);

  self->group_picker = bv_picker_new (_("Find a dimension"));
  self->add_group = bv_shelf_add_button_new (_("Add Group"), self->group_picker);
  self->groups = add_shelf (self, box, C_("shelf", "Group by"));
  g_signal_connect_swapped (self->group_picker, "picked", G_CALLBACK (group_picked_cb), self);
  self->pivot_label = g_object_ref_sink (bv_shelf_caption_new (C_("shelf", "Pivot")));
  self->pivot = g_object_ref_sink (bv_choice_new (_("Pivot: its values become series")));
  self->pivot_grain = g_object_ref_sink (bv_choice_new (_("Time buckets of the pivot")));
  bv_shelf_fill_grains (self->pivot_grain, NULL);
  g_signal_connect_swapped (self->pivot, "notify::selected", G_CALLBACK (pivot_chosen_cb), self);
  g_signal_connect_swapped (self->pivot_grain, "notify::selected", G_CALLBACK (pivot_grain_chosen_cb), self);

  self->updating = TRUE;
  make_time (self, add_shelf (self, box, C_("shelf", "Time")));
  make_filter (self, add_shelf (self, box, C_("shelf", "Filter")));
  make_sort (self, add_shelf (self, box, C_("shelf", "Sort")));
  self->updating = FALSE;
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
bv_chart_builder_new (BvWorkspace *workspace)
{
  BvChartBuilder *self;
  GtkWidget *scrolled;

  g_return_val_if_fail (BV_IS_WORKSPACE (workspace), NULL);

  self = g_object_new (BV_TYPE_CHART_BUILDER, NULL);
  self->workspace = g_object_ref (workspace);
  scrolled = bv_scrolled_new ();
  self->filter = bv_condition_editor_new (workspace);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 360);
  gtk_widget_set_size_request (scrolled, 460, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->filter);
  gtk_popover_set_child (GTK_POPOVER (self->filter_popover), scrolled);
  g_signal_connect_swapped (self->filter, "changed", G_CALLBACK (filter_changed_cb), self);
  return GTK_WIDGET (self);
}

void
bv_chart_builder_set_chart (BvChartBuilder *self,
                            BvChart        *chart)
{
  g_return_if_fail (BV_IS_CHART_BUILDER (self));
  g_return_if_fail (chart != NULL);

  if (chart != self->chart)
    {
      g_clear_pointer (&self->chart, bv_chart_free);
      self->chart = bv_chart_copy (chart);
    }
  bv_chart_builder_show (self);
}

BvChart *
bv_chart_builder_dup_chart (BvChartBuilder *self)
{
  g_return_val_if_fail (BV_IS_CHART_BUILDER (self), NULL);

  return self->chart != NULL ? bv_chart_copy (self->chart) : NULL;
}

void
bv_chart_builder_toggle_measure (BvChartBuilder *self,
                                 const char     *name)
{
  BvExploration *exploration;

  g_return_if_fail (BV_IS_CHART_BUILDER (self));

  exploration = bv_chart_builder_get_exploration (self);
  if (exploration == NULL)
    return;
  bv_chart_toggle (self->chart, bv_chart_builder_get_model (self), exploration, name);
  changed (self);
}

gboolean
bv_chart_builder_has_measure (BvChartBuilder *self,
                              const char     *name)
{
  BvExploration *exploration;

  g_return_val_if_fail (BV_IS_CHART_BUILDER (self), FALSE);

  exploration = bv_chart_builder_get_exploration (self);
  return exploration != NULL && (bv_chart_uses (self->chart, name)
                                 || g_strcmp0 (bv_chart_effective_time (self->chart, exploration), name) == 0);
}

void
bv_chart_builder_set_result (BvChartBuilder *self,
                             BvFrame        *frame)
{
  static const char *const with_series[] = { "line", "area", "bar", "combo", NULL };
  g_auto(GStrv) names = NULL;

  g_return_if_fail (BV_IS_CHART_BUILDER (self));

  if (frame != NULL && self->chart != NULL && g_strv_contains (with_series, self->chart->type))
    {
      g_autoptr(BvChartSpec) spec = bv_chart_to_spec (self->chart);

      names = bv_chart_list_series (spec, frame, bv_workspace_get_locale (self->workspace));
    }
  bv_chart_options_set_series (BV_CHART_OPTIONS (self->options), (const char *const *) names);
}
