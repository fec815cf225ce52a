/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controls for the values of one test: by its operator and the type of its field a range, yes or no, a picker of the values that
 * the data has, days, or entries. They live as long as the box that they are in and write into the test.
 */
#include "config.h"
#include "bv-condition-values.h"

#include "bv-choice.h"
#include "bv-date-entry.h"
#include "bv-range-chooser.h"
#include "bv-util.h"
#include "bv-value-picker.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>

typedef struct
{
  BvWorkspace *workspace; /* the editor's */
  BvCondition *test;      /* the line's */
  BvType type;
  GtkWidget *box;
  GtkWidget *entries[2];  /* (nullable) */
  GFunc changed;          /* (test, user_data) */
  gpointer user_data;
} Values;

static void
changed (Values *self)
{
  self->changed (self->test, self->user_data);
}

static const BvValue *
get_value (Values *self,
           guint   i)
{
  return self->test->values != NULL && i < self->test->values->len ? &g_array_index (self->test->values, BvValue, i) : NULL;
}

static void
clear_values (Values *self)
{
  if (self->test->values != NULL)
    g_array_set_size (self->test->values, 0);
}

static void
picked_cb (BvValuePicker *picker,
           Values        *self)
{
  GArray *values = bv_value_picker_get_values (picker);

  clear_values (self);
  for (guint i = 0; i < values->len; i++)
    bv_condition_add_value (self->test, &g_array_index (values, BvValue, i));
  changed (self);
}

/* Entries are read together: a "between" needs both. */
static void
entry_changed_cb (GtkWidget *entry,
                  Values    *self)
{
  BvType type = self->type;
  BvValue values[2] = { BV_VALUE_NULL, BV_VALUE_NULL };
  guint n = self->entries[1] != NULL ? 2 : 1;
  guint n_read = 0;

  for (guint i = 0; i < n; i++)
    {
      const char *text;
      gboolean fine;

      if (bv_type_is_time (type))
        {
          g_autofree char *day = bv_date_entry_dup_day (BV_DATE_ENTRY (self->entries[i]));

          if (day != NULL)
            values[i] = bv_value_text (day);
          n_read += day != NULL;
          continue;
        }
      text = gtk_editable_get_text (GTK_EDITABLE (self->entries[i]));
      if (type == BV_TYPE_TEXT)
        {
          fine = *text != '\0';
          if (fine)
            values[i] = bv_value_text (text);
        }
      else
        fine = bv_locale_parse_number (bv_workspace_get_locale (self->workspace), text, BV_TYPE_DOUBLE, &values[i])
               && values[i].type != BV_TYPE_NULL;
      if (fine || *text == '\0')
        gtk_widget_remove_css_class (self->entries[i], "error");
      else
        gtk_widget_add_css_class (self->entries[i], "error");
      n_read += fine;
    }
  clear_values (self);
  if (n_read == n)
    for (guint i = 0; i < n; i++)
      bv_condition_add_value (self->test, &values[i]);
  bv_value_clear (&values[0]);
  bv_value_clear (&values[1]);
  changed (self);
}

static void
yes_no_cb (GObject    *choice,
           GParamSpec *pspec,
           Values     *self)
{
  BvValue value = bv_value_bool (g_strcmp0 (bv_choice_get (GTK_WIDGET (choice)), "true") == 0);

  clear_values (self);
  bv_condition_add_value (self->test, &value);
  changed (self);
}

static void
range_cb (Values     *self,
          const char *spec)
{
  g_auto(BvValue) value = bv_value_text (spec);

  clear_values (self);
  bv_condition_add_value (self->test, &value);
  changed (self);
}

static void
add_entry (Values *self,
           guint   i,
           BvType  type)
{
  const BvValue *value = get_value (self, i);
  g_autofree char *text = value != NULL ? bv_locale_write_number (bv_workspace_get_locale (self->workspace), value) : g_strdup ("");
  const char *name = i == 0 ? _("Value") : _("Second value");
  GtkWidget *entry;

  if (bv_type_is_time (type))
    {
      entry = bv_date_entry_new (bv_workspace_get_locale (self->workspace), name);
      bv_date_entry_set_text (BV_DATE_ENTRY (entry), text);
    }
  else
    {
      entry = gtk_entry_new ();
      gtk_editable_set_text (GTK_EDITABLE (entry), text);
      gtk_editable_set_width_chars (GTK_EDITABLE (entry), type == BV_TYPE_TEXT ? 16 : 11);
      gtk_entry_set_placeholder_text (GTK_ENTRY (entry), type == BV_TYPE_TEXT ? C_("value", "Text") : C_("value", "Number"));
      bv_set_name (entry, name);
    }
  self->entries[i] = entry;
  bv_wrap_box_append (BV_WRAP_BOX (self->box), entry);
}

void
bv_condition_values_append (GtkWidget   *box,
                            BvWorkspace *workspace,
                            const char  *exploration,
                            BvCondition *test,
                            BvType       type,
                            GFunc        changed_func,
                            gpointer     user_data)
{
  Values *self = g_new0 (Values, 1);

  *self = (Values) { workspace, test, type, box, { NULL, NULL }, changed_func, user_data };
  g_object_set_data_full (G_OBJECT (box), "bv-values", self, g_free);
  if (test->op == BV_OP_IS_SET || test->op == BV_OP_IS_NOT_SET || type == BV_TYPE_NULL)
    return;
  if (test->op == BV_OP_IN_RANGE || test->op == BV_OP_NOT_IN_RANGE)
    {
      GtkWidget *button = bv_range_button_new ();
      BvRangeChooser *chooser = bv_range_button_get_chooser (button);
      const BvValue *value = get_value (self, 0);

      bv_range_button_set_locale (button, bv_workspace_get_locale (workspace), bv_workspace_get_now (workspace));
      if (value == NULL || value->type != BV_TYPE_TEXT)
        {
          g_auto(BvValue) first = bv_value_text ("last-28-days");

          clear_values (self);
          bv_condition_add_value (test, &first);
          value = get_value (self, 0);
        }
      bv_range_button_set_range (button, value->s);
      g_signal_connect_swapped (chooser, "changed", G_CALLBACK (range_cb), self);
      bv_wrap_box_append (BV_WRAP_BOX (self->box), button);
      return;
    }
  if (type == BV_TYPE_BOOL)
    {
      GtkWidget *choice = bv_choice_new (_("Value"));
      const BvValue *value = get_value (self, 0);

      if (value == NULL)
        {
          BvValue yes = bv_value_bool (TRUE);

          bv_condition_add_value (test, &yes);
          value = get_value (self, 0);
        }
      bv_choice_add (choice, "true", _("Yes"));
      bv_choice_add (choice, "false", _("No"));
      bv_choice_select (choice, value->i != 0 ? "true" : "false");
      g_signal_connect (choice, "notify::selected", G_CALLBACK (yes_no_cb), self);
      bv_wrap_box_append (BV_WRAP_BOX (self->box), choice);
      return;
    }
  /* Equality is chosen from the data; so is what has several values already. */
  if (!bv_type_is_time (type) && test->op != BV_OP_BETWEEN
      && (test->op == BV_OP_IS || test->op == BV_OP_IS_NOT || (test->values != NULL && test->values->len > 1)))
    {
      GtkWidget *picker = bv_value_picker_new (workspace, exploration, test->field, type);

      if (test->values != NULL)
        bv_value_picker_set_values (BV_VALUE_PICKER (picker), (const BvValue *) test->values->data, test->values->len);
      g_signal_connect (picker, "changed", G_CALLBACK (picked_cb), self);
      bv_wrap_box_append (BV_WRAP_BOX (self->box), picker);
      return;
    }
  add_entry (self, 0, type);
  if (test->op == BV_OP_BETWEEN)
    {
      bv_wrap_box_append (BV_WRAP_BOX (self->box), gtk_label_new (C_("between", "and")));
      add_entry (self, 1, type);
    }
  for (guint i = 0; i < 2; i++)
    if (self->entries[i] != NULL)
      g_signal_connect (self->entries[i], "changed", G_CALLBACK (entry_changed_cb), self);
}

