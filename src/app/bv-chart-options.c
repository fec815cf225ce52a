/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options are flat keys of one JSON object ("stack", "axis-title-left", "series.Won revenue.colour"). What equals the type's default is
 * left out, so that an untouched chart has no options at all. */
#include "config.h"
#include "bv-chart-options.h"

#include "bv-chart.h"
#include "bv-choice.h"
#include "bv-access.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <math.h>

struct _BvChartOptions
{
  AdwBin parent_instance;

  JsonObject *options;
  BvChart *chart;    /* (nullable): shown */
  BvLocale *locale;  /* (nullable): until a chart is shown */
  char **series;     /* (nullable): of the chart's result */
  GtkWidget *box;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (BvChartOptions, bv_chart_options, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const series_types[] = { "auto", "line", "area", "bar", NULL };
static const char *const series_labels[] = { N_("Automatic"), N_("Line"), N_("Area"), N_("Bar"), NULL };

static const char *const series_axes[] = { "auto", "left", "right", NULL };
static const char *const series_axis_labels[] = { N_("Automatic"), N_("Left"), N_("Right"), NULL };

static void
changed (BvChartOptions *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static const char *
get_key (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "bv-key");
}

static void
set_text (BvChartOptions *self,
          const char     *key,
          const char     *text)
{
  if (self->updating)
    return;
  if (text == NULL || *text == '\0')
    json_object_remove_member (self->options, key);
  else
    json_object_set_string_member (self->options, key, text);
  changed (self);
}

static const char *
get_text (BvChartOptions *self,
          const char     *key)
{
  return json_object_get_string_member_with_default (self->options, key, NULL);
}

static void
switched_cb (GObject        *toggle,
             GParamSpec     *pspec,
             BvChartOptions *self)
{
  if (self->updating)
    return;
  if (gtk_switch_get_active (GTK_SWITCH (toggle)))
    json_object_set_boolean_member (self->options, get_key (toggle), TRUE);
  else
    json_object_remove_member (self->options, get_key (toggle));
  changed (self);
}

static void
chosen_cb (GObject        *choice,
           GParamSpec     *pspec,
           BvChartOptions *self)
{
  const char *fallback = g_object_get_data (choice, "bv-default");
  const char *value = bv_choice_get (GTK_WIDGET (choice));

  set_text (self, get_key (choice), g_strcmp0 (value, fallback) == 0 ? NULL : value);
}

static void
text_cb (GtkWidget      *entry,
         BvChartOptions *self)
{
  set_text (self, get_key (entry), gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
number_cb (GtkWidget      *entry,
           BvChartOptions *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_auto(BvValue) value = BV_VALUE_NULL;

  if (self->updating)
    return;
  if (bv_locale_parse_number (self->locale, text, BV_TYPE_DOUBLE, &value) && value.type == BV_TYPE_DOUBLE)
    {
      gtk_widget_remove_css_class (entry, "error");
      json_object_set_double_member (self->options, get_key (entry), value.d);
    }
  else
    {
      if (*text != '\0')
        gtk_widget_add_css_class (entry, "error");
      else
        gtk_widget_remove_css_class (entry, "error");
      json_object_remove_member (self->options, get_key (entry));
    }
  changed (self);
}

static void
colour_cb (GtkColorButton *button,
           BvChartOptions *self)
{
  GdkRGBA rgba;
  g_autofree char *text = NULL;

  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (button), &rgba);
  text = g_strdup_printf ("#%02x%02x%02x", (int) lround (rgba.red * 255), (int) lround (rgba.green * 255), (int) lround (rgba.blue * 255));
  set_text (self, get_key (button), text);
}

static void
no_colour_cb (GtkWidget      *button,
              BvChartOptions *self)
{
  set_text (self, get_key (button), NULL);
  gtk_widget_set_visible (button, FALSE);
}

static void
add_control (GtkWidget  *group,
             const char *title,
             GtkWidget  *control,
             const char *key)
{
  GtkWidget *row = bv_row_new (title, NULL, NULL, NULL);

  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  bv_set_name (control, title);
  g_object_set_data_full (G_OBJECT (control), "bv-key", g_strdup (key), g_free);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  if (!GTK_IS_BOX (control))
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  if (ADW_IS_EXPANDER_ROW (group))
    adw_expander_row_add_row (ADW_EXPANDER_ROW (group), row);
  else
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

static void
add_option (BvChartOptions     *self,
            GtkWidget          *group,
            const BvOptionInfo *option,
            const char         *title)
{
  GtkWidget *control = NULL;

  switch (option->kind)
    {
    case BV_OPTION_BOOL:
      control = gtk_switch_new ();
      gtk_switch_set_active (GTK_SWITCH (control), json_object_get_boolean_member_with_default (self->options, option->key, FALSE));
      g_signal_connect (control, "notify::active", G_CALLBACK (switched_cb), self);
      break;
    case BV_OPTION_CHOICE:
      {
        const char *value = get_text (self, option->key);

        control = bv_choice_new (title);
        for (guint i = 0; option->choices[i] != NULL; i++)
          bv_choice_add (control, option->choices[i], option->labels != NULL ? _(option->labels[i]) : option->choices[i]);
        if (value == NULL || !bv_choice_select (control, value))
          bv_choice_select (control, option->choices[0]);
        g_object_set_data (G_OBJECT (control), "bv-default", (gpointer) option->choices[0]);
        g_signal_connect (control, "notify::selected", G_CALLBACK (chosen_cb), self);
        break;
      }
    case BV_OPTION_COLOUR:
      {
        const char *value = get_text (self, option->key);
        GtkWidget *button = gtk_color_button_new ();
        GtkWidget *automatic = bv_icon_button_new ("edit-clear-symbolic", _("Use the palette's colour"), NULL);
        GdkRGBA rgba = { 0.5f, 0.5f, 0.5f, 1 };

        control = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
        if (value != NULL)
          gdk_rgba_parse (&rgba, value);
        gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (button), &rgba);
        gtk_color_chooser_set_use_alpha (GTK_COLOR_CHOOSER (button), FALSE);
        gtk_widget_set_visible (automatic, value != NULL);
        bv_set_name (button, title);
        g_object_set_data_full (G_OBJECT (button), "bv-key", g_strdup (option->key), g_free);
        g_object_set_data_full (G_OBJECT (automatic), "bv-key", g_strdup (option->key), g_free);
        g_signal_connect (button, "color-set", G_CALLBACK (colour_cb), self);
        g_signal_connect (automatic, "clicked", G_CALLBACK (no_colour_cb), self);
        gtk_widget_add_css_class (control, "linked");
        gtk_box_append (GTK_BOX (control), button);
        gtk_box_append (GTK_BOX (control), automatic);
        break;
      }
    case BV_OPTION_NUMBER:
    case BV_OPTION_TEXT:
    default:
      {
        JsonNode *node = json_object_get_member (self->options, option->key);

        control = gtk_entry_new ();
        gtk_editable_set_width_chars (GTK_EDITABLE (control), option->kind == BV_OPTION_NUMBER ? 8 : 16);
        if (node != NULL && option->kind == BV_OPTION_NUMBER)
          {
            BvValue number = bv_value_double (json_node_get_double (node));
            g_autofree char *text = bv_locale_write_number (self->locale, &number);

            gtk_editable_set_text (GTK_EDITABLE (control), text);
          }
        else if (node != NULL && get_text (self, option->key) != NULL)
          gtk_editable_set_text (GTK_EDITABLE (control), get_text (self, option->key));
        gtk_entry_set_placeholder_text (GTK_ENTRY (control), _("Automatic"));
        g_signal_connect (control, "changed", option->kind == BV_OPTION_NUMBER ? G_CALLBACK (number_cb) : G_CALLBACK (text_cb), self);
        break;
      }
    }
  add_control (group, title, control, option->key);
}

/* --- Series -------------------------------------------------------------------------------------------------------------------- */

static double
get_order (BvChartOptions *self,
           const char     *name)
{
  g_autofree char *key = g_strdup_printf ("series.%s.order", name);

  return json_object_get_double_member_with_default (self->options, key, G_MAXDOUBLE);
}

/* The names in the order that the options give them, those without one after. */
static char **
sorted_series (BvChartOptions *self,
               char          **names)
{
  char **sorted = g_strdupv (names);
  guint n = g_strv_length (sorted);

  for (guint i = 1; i < n; i++)
    for (guint k = i; k > 0 && get_order (self, sorted[k]) < get_order (self, sorted[k - 1]); k--)
      {
        char *swap = sorted[k];

        sorted[k] = sorted[k - 1];
        sorted[k - 1] = swap;
      }
  return sorted;
}

static void show_options (BvChartOptions *self);

static gboolean
show_idle_cb (gpointer user_data)
{
  show_options (user_data);
  return G_SOURCE_REMOVE;
}

/* Moves a series one place towards the front and writes the whole order down. */
static void
move_cb (GtkWidget      *button,
         BvChartOptions *self)
{
  g_auto(GStrv) names = g_strdupv (g_object_get_data (G_OBJECT (button), "bv-names"));
  guint at = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "bv-at"));
  char *swap = names[at];

  names[at] = names[at - 1];
  names[at - 1] = swap;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *key = g_strdup_printf ("series.%s.order", names[i]);

      json_object_set_int_member (self->options, key, i + 1);
    }
  changed (self);
  /* The button lies in what is remade. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_idle_cb, g_object_ref (self), g_object_unref);
}

static void
add_series (BvChartOptions *self,
            GtkWidget      *group,
            char          **names,
            guint           i)
{
  const char *type_name = self->chart->type;
  GtkWidget *row = bv_expander_new (names[i]);
  g_autofree char *colour = g_strdup_printf ("series.%s.colour", names[i]);
  g_autofree char *label = g_strdup_printf ("series.%s.label", names[i]);
  g_autofree char *type = g_strdup_printf ("series.%s.type", names[i]);
  g_autofree char *axis = g_strdup_printf ("series.%s.axis", names[i]);
  g_autofree char *hidden = g_strdup_printf ("series.%s.hidden", names[i]);

  add_option (self, row, &(BvOptionInfo) { label, NULL, BV_OPTION_TEXT, NULL, NULL }, _("Label"));
  add_option (self, row, &(BvOptionInfo) { colour, NULL, BV_OPTION_COLOUR, NULL, NULL }, _("Colour"));
  if (g_str_equal (type_name, "line") || g_str_equal (type_name, "area") || g_str_equal (type_name, "bar") ||
      g_str_equal (type_name, "combo"))
    {
      add_option (self, row, &(BvOptionInfo) { type, NULL, BV_OPTION_CHOICE, series_types, series_labels }, _("Drawn as"));
      add_option (self, row, &(BvOptionInfo) { axis, NULL, BV_OPTION_CHOICE, series_axes, series_axis_labels }, _("Axis"));
      add_option (self, row, &(BvOptionInfo) { hidden, NULL, BV_OPTION_BOOL, NULL, NULL }, _("Hidden at first"));
      if (i > 0)
        {
          g_autofree char *tip = g_strdup_printf (_("Move “%s” before the one above"), names[i]);
          GtkWidget *up = bv_icon_button_new ("go-up-symbolic", tip, NULL);

          gtk_widget_add_css_class (up, "flat");
          gtk_widget_set_valign (up, GTK_ALIGN_CENTER);
          g_object_set_data_full (G_OBJECT (up), "bv-names", g_strdupv (names), (GDestroyNotify) g_strfreev);
          g_object_set_data (G_OBJECT (up), "bv-at", GUINT_TO_POINTER (i));
          g_signal_connect (up, "clicked", G_CALLBACK (move_cb), self);
          adw_expander_row_add_action (ADW_EXPANDER_ROW (row), up);
        }
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

/* The group that makes small charts: one of those that the chart has. */
static void
add_facet (BvChartOptions     *self,
           GtkWidget          *group,
           const BvOptionInfo *option)
{
  GtkWidget *control = bv_choice_new (_(option->label));
  const char *value = get_text (self, option->key);

  bv_choice_add (control, "", _("None"));
  for (guint i = 0; i < self->chart->by->len; i++)
    {
      const BvGroup *by = &g_array_index (self->chart->by, BvGroup, i);

      bv_choice_add (control, by->dimension, by->dimension);
    }
  if (self->chart->pivot != NULL)
    bv_choice_add (control, self->chart->pivot, self->chart->pivot);
  if (value != NULL && !bv_choice_select (control, value))
    {
      bv_choice_add (control, value, value);
      bv_choice_select (control, value);
    }
  else if (value == NULL)
    bv_choice_select (control, "");
  g_object_set_data (G_OBJECT (control), "bv-default", (gpointer) "");
  g_signal_connect (control, "notify::selected", G_CALLBACK (chosen_cb), self);
  add_control (group, _(option->label), control, option->key);
}

/* Where small charts make no sense, why. */
static void
add_no_facets (GtkWidget         *group,
               const BvChartType *type)
{
  const char *why = NULL;
  GtkWidget *row;

  if (bv_chart_type_has_facets (type, &why) || why == NULL)
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Small charts by"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(why));
  gtk_widget_set_sensitive (row, FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

static void
bv_chart_options_finalize (GObject *object)
{
  BvChartOptions *self = BV_CHART_OPTIONS (object);

  g_clear_pointer (&self->options, json_object_unref);
  g_clear_pointer (&self->chart, bv_chart_free);
  g_clear_pointer (&self->series, g_strfreev);
  g_clear_pointer (&self->locale, bv_locale_unref);

  G_OBJECT_CLASS (bv_chart_options_parent_class)->finalize (object);
}

static void
bv_chart_options_class_init (BvChartOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_chart_options_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_CHART_OPTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_chart_options_init (BvChartOptions *self)
{
  self->options = json_object_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

GtkWidget *
bv_chart_options_new (void)
{
  return g_object_new (BV_TYPE_CHART_OPTIONS, NULL);
}

static JsonObject *
dup_object (JsonObject *object)
{
  return object != NULL ? bv_json_object_copy (object) : json_object_new ();
}

/* Whether an option can change anything about this chart. */
static gboolean
applies (const BvOptionInfo *option,
         BvChart            *chart)
{
  /* One group has no groups above it. */
  if (g_str_equal (option->key, "subtotals"))
    return chart->by->len + (chart->grain != BV_GRAIN_NONE ? 1 : 0) > 1;
  return TRUE;
}

#define SERIES_MAX 40

static void
show_options (BvChartOptions *self)
{
  BvChart *chart = self->chart;
  const BvChartType *type = chart != NULL ? bv_chart_type_find (chart->type) : NULL;
  char **names = self->series != NULL && self->series[0] != NULL ? self->series : chart != NULL ? chart->metrics : NULL;
  GtkWidget *group;

  if (chart == NULL)
    return;
  self->updating = TRUE;
  bv_box_clear (self->box);
  if (type != NULL && type->options != NULL && type->options[0].key != NULL)
    {
      group = bv_group_new (_("Options of the chart"), NULL);
      for (const BvOptionInfo *option = type->options; option->key != NULL; option++)
        if (!applies (option, chart))
          continue;
        else if (g_str_equal (option->key, "facet"))
          add_facet (self, group, option);
        else
          add_option (self, group, option, _(option->label));
      add_no_facets (group, type);
      gtk_box_append (GTK_BOX (self->box), group);
    }
  if (names != NULL && names[0] != NULL && !g_str_equal (chart->type, "pie") && !g_str_equal (chart->type, "table"))
    {
      g_auto(GStrv) sorted = sorted_series (self, names);

      group = bv_group_new (_("Series"), _("Series"));
      for (guint i = 0; sorted[i] != NULL && i < SERIES_MAX; i++)
        add_series (self, group, sorted, i);
      gtk_box_append (GTK_BOX (self->box), group);
    }
  if (gtk_widget_get_first_child (self->box) == NULL)
    {
      GtkWidget *nothing = gtk_label_new (_("This type of chart has no options"));

      gtk_widget_add_css_class (nothing, "dim-label");
      gtk_box_append (GTK_BOX (self->box), nothing);
    }
  self->updating = FALSE;
}

void
bv_chart_options_set_chart (BvChartOptions *self,
                            BvChart        *chart,
                            BvLocale       *locale)
{
  g_return_if_fail (BV_IS_CHART_OPTIONS (self));

  bv_locale_ref (locale);
  g_clear_pointer (&self->locale, bv_locale_unref);
  self->locale = locale;

  json_object_unref (self->options);
  self->options = dup_object (chart->options);
  if (chart != self->chart)
    {
      bv_chart_free (self->chart);
      self->chart = bv_chart_copy (chart);
    }
  show_options (self);
}

void
bv_chart_options_set_series (BvChartOptions     *self,
                             const char *const  *names)
{
  g_return_if_fail (BV_IS_CHART_OPTIONS (self));

  if (self->series != NULL && names != NULL && g_strv_equal ((const char *const *) self->series, names))
    return;
  g_strfreev (self->series);
  self->series = g_strdupv ((char **) names);
}

JsonObject *
bv_chart_options_dup (BvChartOptions *self)
{
  g_return_val_if_fail (BV_IS_CHART_OPTIONS (self), NULL);

  return json_object_get_size (self->options) > 0 ? dup_object (self->options) : NULL;
}
