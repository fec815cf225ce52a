/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters' values: set, reset, read from text, told in words, and turned into what a tile is queried with. */
#include "config.h"

#include "bv-pager-private.h"
#include "bv-report-run-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

GArray *
bv_value_array_new (void)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (BvValue));

  g_array_set_clear_func (values, clear_value);
  return values;
}

GArray *
bv_value_array_copy (const GArray *values)
{
  GArray *copy = bv_value_array_new ();

  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (values, BvValue, i));

      g_array_append_val (copy, value);
    }
  return copy;
}

gboolean
bv_value_array_equal (const GArray *a, const GArray *b)
{
  guint n_a = a != NULL ? a->len : 0, n_b = b != NULL ? b->len : 0;

  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    if (!bv_value_equal (&g_array_index (a, BvValue, i), &g_array_index (b, BvValue, i)))
      return FALSE;
  return TRUE;
}

static gboolean
is_single (BvFilter *filter)
{
  return bv_filter_is_time (filter) || g_strcmp0 (filter->control, "single") == 0 || g_strcmp0 (filter->control, "text") == 0
         || g_strcmp0 (filter->control, "date") == 0 || g_strcmp0 (filter->control, "boolean") == 0;
}

void
bv_report_run_adopt_values (BvReportRun *self, BvReport *old)
{
  g_autoptr(GHashTable) before = g_steal_pointer (&self->values);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  for (guint i = 0; self->report != NULL && i < self->report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (self->report->filters, i);
      BvFilter *former = old != NULL ? bv_report_find_filter (old, filter->id) : NULL;
      GArray *values = before != NULL ? g_hash_table_lookup (before, filter->id) : NULL;
      gboolean keep = values != NULL && former != NULL && g_strcmp0 (former->field, filter->field) == 0;

      /* A filter that stood at its default follows the default. */
      if (keep && bv_value_array_equal (values, former->defaults))
        keep = FALSE;
      if (keep && is_single (filter) && values->len > 1)
        keep = FALSE;
      g_hash_table_insert (self->values, g_strdup (filter->id), bv_value_array_copy (keep ? values : filter->defaults));
    }
}

GArray *
bv_report_run_get_values (BvReportRun *self, const char *filter_id)
{
  GArray *values = filter_id != NULL ? g_hash_table_lookup (self->values, filter_id) : NULL;

  return values != NULL ? values : self->no_values;
}

void
bv_report_run_set_values (BvReportRun *self, const char *filter_id, const BvValue *values, guint n)
{
  g_autoptr(GArray) array = bv_value_array_new ();
  BvFilter *filter = self->report != NULL ? bv_report_find_filter (self->report, filter_id) : NULL;

  if (filter == NULL)
    return;
  if (is_single (filter))
    n = MIN (n, 1);
  for (guint i = 0; i < n; i++)
    {
      BvValue value = bv_value_copy (&values[i]);

      g_array_append_val (array, value);
    }
  /* A filter that requires a value falls back on its default. */
  if (n == 0 && filter->required && filter->defaults->len > 0)
    {
      g_array_unref (array);
      array = bv_value_array_copy (filter->defaults);
    }
  if (bv_value_array_equal (array, bv_report_run_get_values (self, filter->id)))
    return;

  g_hash_table_insert (self->values, g_strdup (filter->id), g_steal_pointer (&array));
  g_signal_emit (self, bv_report_run_signals[BV_RUN_STATE_CHANGED], 0);
  bv_tile_refresh_update (self, FALSE);
}

gboolean
bv_report_run_is_default (BvReportRun *self)
{
  for (guint i = 0; self->report != NULL && i < self->report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (self->report->filters, i);

      if (!bv_value_array_equal (bv_report_run_get_values (self, filter->id), filter->defaults))
        return FALSE;
    }
  return TRUE;
}

void
bv_report_run_reset (BvReportRun *self)
{
  if (bv_report_run_is_default (self))
    return;
  g_clear_pointer (&self->values, g_hash_table_unref);
  bv_report_run_adopt_values (self, NULL);
  g_signal_emit (self, bv_report_run_signals[BV_RUN_STATE_CHANGED], 0);
  bv_tile_refresh_update (self, FALSE);
}

/* --- In words ------------------------------------------------------------------------------------------------------------ */

char *
bv_label_key (const char *filter_id, const BvValue *value)
{
  g_autofree char *plain = bv_value_to_plain (value);

  return g_strconcat (filter_id, "\n", plain, NULL);
}

static char *
value_to_words (BvReportRun *self, BvFilter *filter, const BvValue *value)
{
  if (filter->label_field != NULL)
    {
      g_autofree char *key = bv_label_key (filter->id, value);
      const char *label = g_hash_table_lookup (self->labels, key);

      if (label != NULL)
        return g_strdup (label);
    }
  if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && *value->s == '\0'))
    return g_strdup (_("(empty)"));
  if (value->type == BV_TYPE_TEXT && (bv_filter_is_time (filter) || g_strcmp0 (filter->control, "date") == 0))
    return bv_locale_format_range (bv_workspace_get_locale (self->workspace), value->s);
  if (value->type == BV_TYPE_BOOL)
    return g_strdup (value->i ? _("Yes") : _("No"));
  return bv_locale_format (bv_workspace_get_locale (self->workspace), value, NULL, BV_GRAIN_NONE);
}

/* As many values as @most are named, more are counted. */
static char *
describe (BvReportRun *self, BvFilter *filter, guint most)
{
  GArray *values = bv_report_run_get_values (self, filter->id);
  g_autofree char *words = NULL;

  if (values->len == 0)
    words = g_strdup (_("No filter"));
  else if (g_strcmp0 (filter->control, "range") == 0 && values->len == 2)
    {
      const BvValue *low = &g_array_index (values, BvValue, 0), *high = &g_array_index (values, BvValue, 1);
      g_autofree char *from = low->type != BV_TYPE_NULL ? value_to_words (self, filter, low) : NULL;
      g_autofree char *to = high->type != BV_TYPE_NULL ? value_to_words (self, filter, high) : NULL;

      if (from != NULL && to != NULL)
        words = g_strdup_printf (_("%s – %s"), from, to);
      else if (from != NULL)
        words = g_strdup_printf (_("%s or more"), from);
      else if (to != NULL)
        words = g_strdup_printf (_("%s or less"), to);
      else
        words = g_strdup (_("No filter"));
    }
  else if (values->len == 1)
    {
      g_autofree char *value = value_to_words (self, filter, &g_array_index (values, BvValue, 0));

      words = g_strcmp0 (filter->control, "text") == 0 ? g_strdup_printf (_("contains “%s”"), value) : g_steal_pointer (&value);
    }
  else if (most <= 1)
    words = g_strdup_printf (ngettext ("%u value", "%u values", values->len), values->len);
  else
    {
      GString *list = g_string_new (NULL);
      guint n = values->len <= most ? values->len : most;

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *value = value_to_words (self, filter, &g_array_index (values, BvValue, i));

          g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", value);
        }
      if (n < values->len)
        {
          g_string_append (list, " ");
          g_string_append_printf (list, ngettext ("and %u more", "and %u more", values->len - n), values->len - n);
        }
      words = g_string_free (list, FALSE);
    }
  /* Translators: a filter's name and its value, "Customer: ada@example.com" */
  return g_strdup_printf (_("%s: %s"), filter->name, words);
}

char *
bv_report_run_describe (BvReportRun *self, BvFilter *filter)
{
  return describe (self, filter, 1);
}

char *
bv_report_run_describe_fully (BvReportRun *self, BvFilter *filter)
{
  return describe (self, filter, 12);
}

/* --- From text --------------------------------------------------------------------------------------------------------------- */

/* "Last 28 days" as well as "last-28-days". (transfer full) (nullable) */
static char *
read_range (BvModel *model, gint64 now, const char *text, GError **error)
{
  g_autofree char *preset = g_ascii_strdown (text, -1);
  BvRange range;

  if (bv_calendar_range (model->calendar, text, now, &range, NULL))
    return g_strdup (text);
  g_strdelimit (preset, " _", '-');
  if (bv_calendar_range (model->calendar, preset, now, &range, error))
    return g_steal_pointer (&preset);
  return NULL;
}

/* Splits at commas outside double quotes; doubled quotes stand for one. */
static GPtrArray *
split_values (const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) part = g_string_new (NULL);
  gboolean quoted = FALSE, was_quoted = FALSE;

  for (const char *p = text;; p++)
    {
      if (*p == '"' && quoted && p[1] == '"')
        g_string_append_c (part, *p++);
      else if (*p == '"' && (quoted || strspn (part->str, " ") == part->len))
        {
          if (!quoted)
            g_string_truncate (part, 0);
          quoted = !quoted;
          was_quoted = TRUE;
        }
      else if (*p == '\0' || (*p == ',' && !quoted))
        {
          g_autofree char *item = g_strdup (part->str);

          if (!was_quoted)
            g_strstrip (item);
          if (was_quoted || *item != '\0')
            g_ptr_array_add (parts, g_steal_pointer (&item));
          g_string_truncate (part, 0);
          was_quoted = FALSE;
          if (*p == '\0')
            break;
        }
      else if (!was_quoted || quoted)
        g_string_append_c (part, *p);
    }
  return parts;
}

static gboolean
read_value (BvFilter *filter, BvType type, const char *text, BvValue *value, GError **error)
{
  if (type == BV_TYPE_BOOL)
    {
      g_autofree char *lower = g_ascii_strdown (text, -1);

      if (g_str_equal (lower, "yes") || g_str_equal (lower, "1"))
        text = "true";
      else if (g_str_equal (lower, "no") || g_str_equal (lower, "0"))
        text = "false";
    }
  if (bv_value_from_plain (text, type == BV_TYPE_NULL ? BV_TYPE_TEXT : type, value))
    return TRUE;
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” does not fit the filter “%s”: give a value of the kind %s"), text, filter->name,
               bv_type_to_label (type));
  return FALSE;
}

static gboolean
read_values (BvReportRun *self, BvFilter *filter, const char *text, GArray *values, GError **error)
{
  BvExploration *exploration;
  const char *field;
  BvType type = BV_TYPE_TEXT;
  g_autoptr(GPtrArray) parts = NULL;

  if (bv_filter_is_time (filter) || g_strcmp0 (filter->control, "date") == 0)
    {
      char *range = read_range (self->model, bv_workspace_get_now (self->workspace), text, error);
      BvValue value = { .type = BV_TYPE_TEXT };

      if (range == NULL)
        return FALSE;
      value.s = range;
      g_array_append_val (values, value);
      return TRUE;
    }
  if (bv_filter_source (self->model, filter, &exploration, &field))
    type = bv_field_type (self->model, exploration, field);
  if (g_strcmp0 (filter->control, "text") == 0)
    {
      BvValue value = bv_value_text (text);

      g_array_append_val (values, value);
      return TRUE;
    }
  if (g_strcmp0 (filter->control, "range") == 0)
    {
      const char *dots = strstr (text, "..");
      g_autofree char *low = dots != NULL ? g_strndup (text, dots - text) : g_strdup (text);
      const char *high = dots != NULL ? dots + 2 : text;
      BvValue from = BV_VALUE_NULL, to = BV_VALUE_NULL;

      g_strstrip (low);
      if ((*low != '\0' && !read_value (filter, type, low, &from, error))
          || (*high != '\0' && !read_value (filter, type, high, &to, error)))
        {
          bv_value_clear (&from);
          return FALSE;
        }
      g_array_append_val (values, from);
      g_array_append_val (values, to);
      return TRUE;
    }

  parts = split_values (text);
  if (is_single (filter) && parts->len > 1)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The filter “%s” takes one value: put it in double quotes if it holds a comma"),
                   filter->name);
      return FALSE;
    }
  for (guint i = 0; i < parts->len; i++)
    {
      BvValue value = BV_VALUE_NULL;

      if (!read_value (filter, type, g_ptr_array_index (parts, i), &value, error))
        return FALSE;
      g_array_append_val (values, value);
    }
  return TRUE;
}

gboolean
bv_report_run_set_text (BvReportRun *self, const char *filter_name, const char *text, GError **error)
{
  g_autoptr(GArray) values = bv_value_array_new ();
  BvFilter *filter = self->report != NULL ? bv_report_find_filter (self->report, filter_name) : NULL;

  if (filter == NULL)
    {
      g_autoptr(GString) names = g_string_new (NULL);

      for (guint i = 0; self->report != NULL && i < self->report->filters->len; i++)
        g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "", ((BvFilter *) g_ptr_array_index (self->report->filters, i))->name);
      if (names->len > 0)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no filter “%s”: choose from %s"), filter_name, names->str);
      else
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The report has no filter “%s”: it has no filters at all"), filter_name);
      return FALSE;
    }
  if (text != NULL && strspn (text, " \t\n") < strlen (text) && !read_values (self, filter, text, values, error))
    return FALSE;
  if (values->len == 0 && filter->required)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The filter “%s” requires a value: give one"), filter->name);
      return FALSE;
    }
  bv_report_run_set_values (self, filter->id, values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL, values->len);
  return TRUE;
}

/* --- To queries ----------------------------------------------------------------------------------------------------------------- */

static BvCondition *
one_value_test (const char *field, BvOp op, const BvValue *value)
{
  BvCondition *test = bv_condition_new_test (field, op);

  bv_condition_add_value (test, value);
  return test;
}

BvCondition *
bv_filter_to_condition (BvModel *model, BvFilter *filter, const char *field, const GArray *values)
{
  const BvValue *first = values->len > 0 ? &g_array_index (values, BvValue, 0) : NULL;
  gboolean null_wanted = FALSE;
  g_autoptr(BvCondition) test = NULL;

  if (first == NULL)
    return NULL;
  if (g_strcmp0 (filter->control, "text") == 0 && first->type == BV_TYPE_TEXT)
    return *first->s != '\0' ? one_value_test (field, BV_OP_CONTAINS, first) : NULL;
  if (g_strcmp0 (filter->control, "date") == 0 && first->type == BV_TYPE_TEXT)
    return one_value_test (field, BV_OP_IN_RANGE, first);
  if (g_strcmp0 (filter->control, "range") == 0 && values->len == 2)
    {
      const BvValue *second = first + 1;

      if (first->type == BV_TYPE_NULL && second->type == BV_TYPE_NULL)
        return NULL;
      if (first->type == BV_TYPE_NULL)
        return one_value_test (field, BV_OP_LE, second);
      if (second->type == BV_TYPE_NULL)
        return one_value_test (field, BV_OP_GE, first);
      test = one_value_test (field, BV_OP_BETWEEN, first);
      bv_condition_add_value (test, second);
      return g_steal_pointer (&test);
    }

  test = bv_condition_new_test (field, BV_OP_IS);
  for (guint i = 0; i < values->len; i++)
    {
      const BvValue *value = &g_array_index (values, BvValue, i);

      if (value->type == BV_TYPE_NULL)
        null_wanted = TRUE;
      else
        bv_condition_add_value (test, value);
    }
  if (null_wanted)
    {
      /* "(empty)" among the chosen values. */
      BvCondition *any = bv_condition_new_list (BV_CONDITION_ANY);

      if (test->values != NULL && test->values->len > 0)
        bv_condition_add (any, g_steal_pointer (&test));
      bv_condition_add (any, bv_condition_new_test (field, BV_OP_IS_NOT_SET));
      return any;
    }
  return g_steal_pointer (&test);
}

void
bv_report_run_overlay (BvReportRun *self, BvTile *tile, BvOverlay *overlay)
{
  memset (overlay, 0, sizeof *overlay);
  for (guint i = 0; self->report != NULL && i < self->report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (self->report->filters, i);
      GArray *values = bv_report_run_get_values (self, filter->id);
      const char *target = values->len > 0 ? bv_filter_target (self->model, self->report, filter, tile) : NULL;
      BvCondition *test;

      if (target == NULL)
        continue;
      if (bv_filter_is_time (filter))
        {
          const BvValue *value = &g_array_index (values, BvValue, 0);
          g_autofree char *former = NULL;

          if (value->type != BV_TYPE_TEXT || *value->s == '\0')
            continue;
          /* Each replaces the saved range; together they leave what all of them hold. */
          former = g_steal_pointer (&overlay->range);
          overlay->range = former == NULL ? g_strdup (value->s)
                                          : bv_calendar_intersect (self->model->calendar, former, value->s, bv_workspace_get_now (self->workspace));
          continue;
        }
      test = bv_filter_to_condition (self->model, filter, target, values);
      if (test == NULL)
        continue;
      if (overlay->where == NULL)
        overlay->where = bv_condition_new_list (BV_CONDITION_ALL);
      bv_condition_add (overlay->where, test);
    }
}
