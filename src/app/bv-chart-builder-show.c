/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Showing a chart in the shelves: chips for its metrics and groups, choices for its time, filter and order. */
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
#include "bv-type-gallery.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>

BvModel *
bv_chart_builder_get_model (BvChartBuilder *self)
{
  return bv_workspace_get_model (self->workspace);
}

BvExploration *
bv_chart_builder_get_exploration (BvChartBuilder *self)
{
  return self->chart != NULL ? bv_model_find_exploration (bv_chart_builder_get_model (self), self->chart->exploration) : NULL;
}

BvType
bv_chart_builder_get_type_of (BvChartBuilder *self,
                const char     *name)
{
  BvExploration *exploration = bv_chart_builder_get_exploration (self);
  BvField *field = exploration != NULL && name != NULL
                   ? bv_exploration_resolve_field (exploration, bv_chart_builder_get_model (self), name, NULL, NULL, NULL) : NULL;

  return field != NULL ? field->type : BV_TYPE_NULL;
}

/* --- Chips ------------------------------------------------------------------------------------------------------------------------ */

static void
show_metrics (BvChartBuilder *self,
              BvExploration  *exploration)
{
  guint n = self->chart->metrics != NULL ? g_strv_length (self->chart->metrics) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *name = self->chart->metrics[i];
      g_autoptr(GMenuModel) menu = bv_chip_menu (name, TRUE, i == 0, i + 1 == n, BV_GRAIN_NONE);
      g_autofree char *problem = bv_measure_problem (bv_chart_builder_get_model (self), exploration, name);

      bv_wrap_box_append (BV_WRAP_BOX (self->metrics), bv_chip_new (name, "metric", menu, "builder.remove-metric", name, problem));
    }
}

static void
show_groups (BvChartBuilder *self,
             BvExploration  *exploration)
{
  GArray *by = self->chart->by;

  for (guint i = 0; i < by->len; i++)
    {
      BvGroup *group = &g_array_index (by, BvGroup, i);
      g_autoptr(GMenuModel) menu = bv_chip_menu (group->dimension, FALSE, i == 0, i + 1 == by->len, group->grain);
      g_autofree char *problem = bv_measure_problem (bv_chart_builder_get_model (self), exploration, group->dimension);
      /* Translators: a time dimension and its buckets: "Created by month" */
      g_autofree char *label = group->grain != BV_GRAIN_NONE
                               ? g_strdup_printf (_("%s by %s"), group->dimension, bv_grain_to_noun (group->grain))
                               : g_strdup (group->dimension);

      bv_wrap_box_append (BV_WRAP_BOX (self->groups),
                          bv_chip_new (label, "dimension", menu, "builder.remove-group", group->dimension, problem));
    }
}

/* --- Choices ------------------------------------------------------------------------------------------------------------------------ */

static void
fill_pickers (BvChartBuilder *self,
              BvExploration  *exploration)
{
  bv_picker_clear (BV_PICKER (self->metric_picker));
  bv_picker_clear (BV_PICKER (self->group_picker));
  for (guint i = 0; i < exploration->metrics->len; i++)
    {
      BvMetric *metric = g_ptr_array_index (exploration->metrics, i);

      if (!metric->hidden && !bv_chart_has_metric (self->chart, metric->name))
        bv_picker_add (BV_PICKER (self->metric_picker), metric->name, metric->name, bv_aggregate_to_label (metric->aggregate),
                       bv_metric_icon (metric));
    }
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (exploration->dimensions, i);

      if (!dimension->hidden && bv_chart_find_group (self->chart, dimension->name) < 0
          && g_strcmp0 (self->chart->pivot, dimension->name) != 0)
        bv_picker_add (BV_PICKER (self->group_picker), dimension->name, dimension->name, NULL,
                       bv_dimension_icon (bv_chart_builder_get_type_of (self, dimension->name)));
    }
}

static void
show_time (BvChartBuilder *self,
           BvExploration  *exploration)
{
  const char *time = bv_chart_effective_time (self->chart, exploration);
  gboolean ranged = time != NULL && self->chart->range != NULL && !g_str_equal (self->chart->range, "all-time");

  bv_choice_clear (self->time);
  bv_choice_add (self->time, "", _("No time"));
  bv_choice_clear (self->pivot);
  bv_choice_add (self->pivot, "", _("No pivot"));
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (exploration->dimensions, i);

      if (dimension->hidden && g_strcmp0 (time, dimension->name) != 0 && g_strcmp0 (self->chart->pivot, dimension->name) != 0)
        continue;
      if (bv_type_is_time (bv_chart_builder_get_type_of (self, dimension->name)))
        bv_choice_add (self->time, dimension->name, dimension->name);
      bv_choice_add (self->pivot, dimension->name, dimension->name);
    }
  if (!bv_choice_select (self->time, time))
    {
      bv_choice_add (self->time, time, time);
      bv_choice_select (self->time, time);
    }
  if (!bv_choice_select (self->pivot, self->chart->pivot))
    {
      bv_choice_add (self->pivot, self->chart->pivot, self->chart->pivot);
      bv_choice_select (self->pivot, self->chart->pivot);
    }
  gtk_widget_set_visible (self->pivot_grain, bv_type_is_time (bv_chart_builder_get_type_of (self, self->chart->pivot)));
  bv_choice_select (self->pivot_grain, bv_grain_to_name (self->chart->pivot_grain));
  bv_choice_select (self->grain, bv_grain_to_name (self->chart->grain));
  bv_range_button_set_locale (self->range, bv_workspace_get_locale (self->workspace), bv_workspace_get_now (self->workspace));
  bv_range_button_set_range (self->range, self->chart->range);
  bv_choice_select (self->compare, self->chart->compare);
  gtk_widget_set_visible (self->grain, time != NULL);
  gtk_widget_set_visible (self->range, time != NULL);
  gtk_widget_set_visible (self->compare, time != NULL);
  gtk_widget_set_sensitive (self->compare, ranged);
  gtk_widget_set_tooltip_text (self->compare, ranged ? _("Compare to the past") : _("Choose a range of time to compare it with the past"));
}

static void
show_filter (BvChartBuilder *self)
{
  g_autofree char *sentence = bv_condition_to_sentence (self->chart->where, bv_workspace_get_locale (self->workspace));
  GtkWidget *label = gtk_menu_button_get_child (GTK_MENU_BUTTON (self->filter_button));

  gtk_label_set_text (GTK_LABEL (label), sentence != NULL ? sentence : _("Add a filter…"));
  gtk_widget_set_tooltip_text (self->filter_button, sentence != NULL ? sentence : _("Filter the rows"));
  bv_set_name (self->filter_button, sentence != NULL ? sentence : _("Add a filter"));
  gtk_widget_set_visible (self->clear_filter, sentence != NULL);
}

static void
show_sort (BvChartBuilder *self,
           BvExploration  *exploration)
{
  BvSort *sort = self->chart->sort->len > 0 ? &g_array_index (self->chart->sort, BvSort, 0) : NULL;
  const char *time = self->chart->grain != BV_GRAIN_NONE ? bv_chart_effective_time (self->chart, exploration) : NULL;

  bv_choice_clear (self->sort);
  bv_choice_add (self->sort, "", _("Automatic"));
  if (time != NULL)
    bv_choice_add (self->sort, time, time);
  for (guint i = 0; i < self->chart->by->len; i++)
    {
      const char *name = g_array_index (self->chart->by, BvGroup, i).dimension;

      bv_choice_add (self->sort, name, name);
    }
  for (guint i = 0; self->chart->metrics != NULL && self->chart->metrics[i] != NULL; i++)
    bv_choice_add (self->sort, self->chart->metrics[i], self->chart->metrics[i]);
  if (!bv_choice_select (self->sort, sort != NULL ? sort->name : NULL) && sort != NULL)
    {
      bv_choice_add (self->sort, sort->name, sort->name);
      bv_choice_select (self->sort, sort->name);
    }
  gtk_widget_set_visible (self->direction, sort != NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->direction), sort != NULL && sort->descending);
  gtk_button_set_icon_name (GTK_BUTTON (self->direction),
                            sort != NULL && sort->descending ? "view-sort-descending-symbolic" : "view-sort-ascending-symbolic");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->top), self->chart->top);
  gtk_widget_set_sensitive (self->top, self->chart->by->len > 0 || self->chart->pivot != NULL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->others), self->chart->top_others);
  gtk_widget_set_visible (self->others, self->chart->top > 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->limit), self->chart->limit);
}

void
bv_chart_builder_show (BvChartBuilder *self)
{
  BvExploration *exploration = bv_chart_builder_get_exploration (self);

  g_clear_handle_id (&self->update_id, g_source_remove);
  gtk_widget_set_sensitive (GTK_WIDGET (self), exploration != NULL);
  if (exploration == NULL)
    return;
  self->updating = TRUE;
  bv_wrap_box_clear (BV_WRAP_BOX (self->metrics));
  bv_wrap_box_clear (BV_WRAP_BOX (self->groups));
  bv_type_gallery_set_chart (BV_TYPE_GALLERY (self->types), self->chart);
  show_metrics (self, exploration);
  bv_wrap_box_append (BV_WRAP_BOX (self->metrics), self->add_metric);
  show_groups (self, exploration);
  bv_wrap_box_append (BV_WRAP_BOX (self->groups), self->add_group);
  bv_wrap_box_append (BV_WRAP_BOX (self->groups), self->pivot_label);
  bv_wrap_box_append (BV_WRAP_BOX (self->groups), self->pivot);
  bv_wrap_box_append (BV_WRAP_BOX (self->groups), self->pivot_grain);
  fill_pickers (self, exploration);
  show_time (self, exploration);
  show_filter (self);
  show_sort (self, exploration);
  self->updating = FALSE;
}
