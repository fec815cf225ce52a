/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions of the model to typed tests.
 *
 * A date against a timestamp means the whole local day: "is 3 March" is an interval, "is after 3 March" begins with the fourth. A timestamp
 * against a date field means the day it falls in. Everything else is read as the field's type or refused.
 */
#include "config.h"

#include "bv-plan-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

BvPredicate *
bv_predicate_new (BvPredicateKind kind)
{
  BvPredicate *self = g_new0 (BvPredicate, 1);

  self->ref_count = 1;
  self->kind = kind;
  if (kind == BV_PREDICATE_ALL || kind == BV_PREDICATE_ANY)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_predicate_free);
  self->values = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (self->values, clear_value);
  return self;
}

void
bv_predicate_free (BvPredicate *predicate)
{
  if (predicate == NULL || !g_atomic_int_dec_and_test (&predicate->ref_count))
    return;
  g_clear_pointer (&predicate->children, g_ptr_array_unref);
  g_array_unref (predicate->values);
  bv_value_clear (&predicate->low);
  bv_value_clear (&predicate->high);
  g_free (predicate->key);
  g_free (predicate);
}

BvPredicate *
bv_predicate_ref (const BvPredicate *predicate)
{
  BvPredicate *self = (BvPredicate *) predicate;

  if (self != NULL)
    g_atomic_int_inc (&self->ref_count);
  return self;
}

BvPredicate *
bv_predicate_and (BvPredicate *a, BvPredicate *b)
{
  BvPredicate *both;

  if (a == NULL || b == NULL)
    return a != NULL ? a : b;
  both = bv_predicate_new (BV_PREDICATE_ALL);
  g_ptr_array_add (both->children, a);
  g_ptr_array_add (both->children, b);
  return both;
}

void
bv_predicate_mark (const BvPredicate *predicate, gboolean *nodes)
{
  if (predicate == NULL)
    return;
  if (predicate->children == NULL)
    nodes[predicate->node] = TRUE;
  else
    for (guint i = 0; i < predicate->children->len; i++)
      bv_predicate_mark (predicate->children->pdata[i], nodes);
}

BvPredicate *
bv_predicate_new_range (int node, BvField *field, const BvRange *range)
{
  BvPredicate *self = bv_predicate_new (BV_PREDICATE_INTERVAL);

  self->node = node;
  self->field = field;
  self->high_open = TRUE;
  if (range->has_from)
    self->low = field->type == BV_TYPE_DATE ? bv_value_date (range->from_day) : bv_value_timestamp (range->from_us);
  if (range->has_to)
    self->high = field->type == BV_TYPE_DATE ? bv_value_date (range->to_day) : bv_value_timestamp (range->to_us);
  return self;
}

typedef struct
{
  BvPlan *plan;
  gint64 now;
  const BvCondition *test;
  BvField *field;
  GError **error;
} Reader;

static gboolean
fail_value (Reader *self, const BvValue *value)
{
  g_autofree char *text = bv_value_to_plain (value);

  g_set_error (self->error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be compared with “%s”, which is of type %s: change the value"),
               text, self->test->field, bv_type_to_label (self->field->type));
  return FALSE;
}

/* Blank text would be read as null, and an interval with a null end has no end. */
static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* A value as the field's type. */
static gboolean
convert (Reader *self, const BvValue *value, BvValue *out)
{
  g_autofree char *text = NULL;

  if (value->type == BV_TYPE_NULL || value->type == self->field->type)
    {
      *out = bv_value_copy (value);
      return TRUE;
    }
  switch (self->field->type)
    {
    case BV_TYPE_TEXT:
      text = bv_value_to_plain (value);
      *out = bv_value_text (text);
      return TRUE;
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
      if (value->type == BV_TYPE_INT || value->type == BV_TYPE_DOUBLE || value->type == BV_TYPE_BOOL)
        {
          *out = value->type == BV_TYPE_BOOL ? bv_value_int (value->i) : *value;
          return TRUE;
        }
      if (value->type == BV_TYPE_TEXT && !is_blank (value->s) &&
          (bv_value_from_plain (value->s, BV_TYPE_INT, out) || bv_value_from_plain (value->s, BV_TYPE_DOUBLE, out)))
        return TRUE;
      return fail_value (self, value);
    case BV_TYPE_BOOL:
      if (value->type == BV_TYPE_INT && (value->i == 0 || value->i == 1))
        {
          *out = bv_value_bool (value->i != 0);
          return TRUE;
        }
      if (value->type == BV_TYPE_TEXT && !is_blank (value->s))
        {
          if (bv_value_from_plain (value->s, BV_TYPE_BOOL, out))
            return TRUE;
          if (g_ascii_strcasecmp (value->s, "yes") == 0 || g_ascii_strcasecmp (value->s, "no") == 0)
            {
              *out = bv_value_bool (g_ascii_strcasecmp (value->s, "yes") == 0);
              return TRUE;
            }
        }
      return fail_value (self, value);
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    case BV_TYPE_NULL:
    default:
      return fail_value (self, value);
    }
}

/* A time value as the half-open span [low, high) that it means on the field: a day, or the instant itself (high = low + 1 µs). */
static gboolean
time_span (Reader *self, const BvValue *value, BvValue *low, BvValue *high)
{
  BvCalendar *calendar = self->plan->model->calendar;
  gint64 day, us;
  gboolean local = FALSE;

  if (value->type == BV_TYPE_DATE)
    day = value->i;
  else if (value->type == BV_TYPE_TIMESTAMP)
    {
      us = value->i;
      goto instant;
    }
  else if (value->type != BV_TYPE_TEXT)
    return fail_value (self, value);
  else if (!bv_date_parse (value->s, -1, &day))
    {
      if (!bv_timestamp_parse (value->s, -1, &us, &local))
        return fail_value (self, value);
      if (local)
        us = bv_calendar_from_local (calendar, us);
      goto instant;
    }
  if (self->field->type == BV_TYPE_DATE)
    {
      *low = bv_value_date (day);
      *high = bv_value_date (day + 1);
    }
  else
    {
      *low = bv_value_timestamp (bv_calendar_day_start (calendar, day));
      *high = bv_value_timestamp (bv_calendar_day_start (calendar, day + 1));
    }
  return TRUE;

instant:
  if (self->field->type == BV_TYPE_DATE)
    {
      *low = bv_value_date (bv_calendar_day (calendar, us));
      *high = bv_value_date (low->i + 1);
    }
  else
    {
      *low = bv_value_timestamp (us);
      *high = bv_value_timestamp (us + 1);
    }
  return TRUE;
}

static BvPredicate *
new_test (Reader *self, int node, BvPredicateKind kind)
{
  BvPredicate *predicate = bv_predicate_new (kind);

  predicate->node = node;
  predicate->field = self->field;
  return predicate;
}

/* "is" and "is not" of time values: any of spans. */
static BvPredicate *
time_is (Reader *self, int node, gboolean negate)
{
  g_autoptr(BvPredicate) list = bv_predicate_new (negate ? BV_PREDICATE_ALL : BV_PREDICATE_ANY);

  for (guint i = 0; i < self->test->values->len; i++)
    {
      const BvValue *value = &g_array_index (self->test->values, BvValue, i);
      BvPredicate *test;

      if (value->type == BV_TYPE_NULL)
        test = new_test (self, node, BV_PREDICATE_EMPTY);
      else
        {
          test = new_test (self, node, BV_PREDICATE_INTERVAL);
          test->high_open = TRUE;
        }
      test->negate = negate;
      g_ptr_array_add (list->children, test);
      if (value->type != BV_TYPE_NULL && !time_span (self, value, &test->low, &test->high))
        return NULL;
    }
  if (list->children->len == 0 && !negate)
    g_ptr_array_add (list->children, new_test (self, node, BV_PREDICATE_IN)); /* one of nothing: never */
  return g_steal_pointer (&list);
}

static BvPredicate *
time_compare (Reader *self, int node)
{
  g_autoptr(BvPredicate) test = new_test (self, node, BV_PREDICATE_INTERVAL);
  g_auto(BvValue) low = BV_VALUE_NULL;
  g_auto(BvValue) high = BV_VALUE_NULL;

  test->high_open = TRUE;
  if (!time_span (self, &g_array_index (self->test->values, BvValue, 0), &low, &high))
    return NULL;
  if (self->test->op == BV_OP_AFTER || self->test->op == BV_OP_GT)
    test->low = high;
  else if (self->test->op == BV_OP_GE || self->test->op == BV_OP_BETWEEN)
    test->low = low;
  else if (self->test->op == BV_OP_BEFORE || self->test->op == BV_OP_LT)
    test->high = low;
  else
    test->high = high;
  if (self->test->op == BV_OP_BETWEEN &&
      !time_span (self, &g_array_index (self->test->values, BvValue, 1), &low, &test->high))
    return NULL;
  return g_steal_pointer (&test);
}

static BvPredicate *
resolve_test (Reader *self, int node)
{
  const BvCondition *test = self->test;
  g_autoptr(BvPredicate) predicate = NULL;
  gboolean is_time = bv_type_is_time (self->field->type);
  gboolean missing = FALSE;
  guint needed = 0;

  if (!bv_op_fits (test->op, self->field->type))
    {
      g_set_error (self->error, BV_ERROR, BV_ERROR_INVALID, _("“%s” cannot be used on “%s”, which is of type %s: choose another operator"),
                   bv_op_to_label (test->op), test->field, bv_type_to_label (self->field->type));
      return NULL;
    }
  switch (test->op)
    {
    case BV_OP_GT:
    case BV_OP_GE:
    case BV_OP_LT:
    case BV_OP_LE:
    case BV_OP_BEFORE:
    case BV_OP_AFTER:
    case BV_OP_IN_RANGE:
    case BV_OP_NOT_IN_RANGE:
      needed = 1;
      break;
    case BV_OP_BETWEEN:
      needed = 2;
      break;
    case BV_OP_IS:
    case BV_OP_IS_NOT:
    case BV_OP_CONTAINS:
    case BV_OP_NOT_CONTAINS:
    case BV_OP_STARTS_WITH:
    case BV_OP_ENDS_WITH:
    case BV_OP_IS_SET:
    case BV_OP_IS_NOT_SET:
    default:
      break;
    }
  for (guint i = 0; needed > 0 && i < test->values->len; i++)
    missing = missing || g_array_index (test->values, BvValue, i).type == BV_TYPE_NULL;
  if (needed > 0 && (test->values->len != needed || missing))
    {
      g_set_error (self->error, BV_ERROR, BV_ERROR_INVALID, ngettext ("“%s” on “%s” needs %u value", "“%s” on “%s” needs %u values", needed),
                   bv_op_to_label (test->op), test->field, needed);
      return NULL;
    }
  switch (test->op)
    {
    case BV_OP_IS:
    case BV_OP_IS_NOT:
      if (is_time)
        return time_is (self, node, test->op == BV_OP_IS_NOT);
      predicate = new_test (self, node, BV_PREDICATE_IN);
      predicate->negate = test->op == BV_OP_IS_NOT;
      for (guint i = 0; i < test->values->len; i++)
        {
          BvValue value = BV_VALUE_NULL;

          if (!convert (self, &g_array_index (test->values, BvValue, i), &value))
            return NULL;
          g_array_append_val (predicate->values, value);
        }
      return g_steal_pointer (&predicate);

    case BV_OP_CONTAINS:
    case BV_OP_NOT_CONTAINS:
    case BV_OP_STARTS_WITH:
    case BV_OP_ENDS_WITH:
      predicate = new_test (self, node, BV_PREDICATE_MATCH);
      predicate->negate = test->op == BV_OP_NOT_CONTAINS;
      predicate->match = test->op == BV_OP_STARTS_WITH ? BV_MATCH_STARTS : test->op == BV_OP_ENDS_WITH ? BV_MATCH_ENDS : BV_MATCH_CONTAINS;
      for (guint i = 0; i < test->values->len; i++)
        {
          g_auto(BvValue) value = BV_VALUE_NULL;
          g_autofree char *folded = NULL;
          BvValue needle;

          if (!convert (self, &g_array_index (test->values, BvValue, i), &value) || value.type != BV_TYPE_TEXT)
            continue;
          folded = g_utf8_casefold (value.s, -1);
          needle = bv_value_text (folded);
          g_array_append_val (predicate->values, needle);
        }
      return g_steal_pointer (&predicate);

    case BV_OP_GT:
    case BV_OP_GE:
    case BV_OP_LT:
    case BV_OP_LE:
    case BV_OP_BETWEEN:
      if (is_time)
        return time_compare (self, node);
      predicate = new_test (self, node, BV_PREDICATE_INTERVAL);
      predicate->low_open = test->op == BV_OP_GT;
      predicate->high_open = test->op == BV_OP_LT;
      if (test->op == BV_OP_GT || test->op == BV_OP_GE || test->op == BV_OP_BETWEEN)
        {
          if (!convert (self, &g_array_index (test->values, BvValue, 0), &predicate->low))
            return NULL;
        }
      else if (!convert (self, &g_array_index (test->values, BvValue, 0), &predicate->high))
        return NULL;
      if (test->op == BV_OP_BETWEEN && !convert (self, &g_array_index (test->values, BvValue, 1), &predicate->high))
        return NULL;
      return g_steal_pointer (&predicate);

    case BV_OP_BEFORE:
    case BV_OP_AFTER:
      return time_compare (self, node);

    case BV_OP_IN_RANGE:
    case BV_OP_NOT_IN_RANGE:
      {
        g_autofree char *spec = bv_value_to_plain (&g_array_index (test->values, BvValue, 0));
        BvRange range;

        if (!bv_calendar_range (self->plan->model->calendar, spec, self->now, &range, self->error))
          return NULL;
        predicate = bv_predicate_new_range (node, self->field, &range);
        predicate->negate = test->op == BV_OP_NOT_IN_RANGE;
        return g_steal_pointer (&predicate);
      }

    case BV_OP_IS_SET:
    case BV_OP_IS_NOT_SET:
    default:
      predicate = new_test (self, node, BV_PREDICATE_EMPTY);
      predicate->negate = test->op == BV_OP_IS_SET;
      return g_steal_pointer (&predicate);
    }
}

gboolean
bv_plan_resolve_condition (BvPlan *plan, gint64 now, const BvCondition *condition, BvPredicate **predicate, GError **error)
{
  *predicate = NULL;
  if (bv_condition_is_empty (condition))
    return TRUE;
  if (condition->kind == BV_CONDITION_TEST)
    {
      Reader reader = { plan, now, condition, NULL, error };
      int node;

      if (!bv_plan_resolve_field (plan, condition->field, &node, &reader.field, error))
        return FALSE;
      *predicate = resolve_test (&reader, node);
      return *predicate != NULL;
    }
  {
    g_autoptr(BvPredicate) list = bv_predicate_new (condition->kind == BV_CONDITION_ALL ? BV_PREDICATE_ALL : BV_PREDICATE_ANY);

    for (guint i = 0; i < condition->children->len; i++)
      {
        BvPredicate *child;

        if (!bv_plan_resolve_condition (plan, now, condition->children->pdata[i], &child, error))
          return FALSE;
        if (child != NULL)
          g_ptr_array_add (list->children, child);
      }
    *predicate = g_steal_pointer (&list);
    return TRUE;
  }
}
