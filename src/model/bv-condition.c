/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-condition.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { const char *name, *label; } ops[] = {
  [BV_OP_IS] = { "is", N_("is") },
  [BV_OP_IS_NOT] = { "is-not", N_("is not") },
  [BV_OP_CONTAINS] = { "contains", N_("contains") },
  [BV_OP_NOT_CONTAINS] = { "not-contains", N_("does not contain") },
  [BV_OP_STARTS_WITH] = { "starts-with", N_("starts with") },
  [BV_OP_ENDS_WITH] = { "ends-with", N_("ends with") },
  [BV_OP_GT] = { "gt", N_("is greater than") },
  [BV_OP_GE] = { "ge", N_("is at least") },
  [BV_OP_LT] = { "lt", N_("is less than") },
  [BV_OP_LE] = { "le", N_("is at most") },
  [BV_OP_BETWEEN] = { "between", N_("is between") },
  [BV_OP_BEFORE] = { "before", N_("is before") },
  [BV_OP_AFTER] = { "after", N_("is after") },
  [BV_OP_IN_RANGE] = { "in-range", N_("is in the range") },
  [BV_OP_NOT_IN_RANGE] = { "not-in-range", N_("is not in the range") },
  [BV_OP_IS_SET] = { "is-set", N_("is set") },
  [BV_OP_IS_NOT_SET] = { "is-not-set", N_("is not set") },
};

/* Other spellings, with blanks and underscores as hyphens; longer ones before their beginnings matters to bv_condition_parse(). */
static const struct { const char *name; BvOp op; } aliases[] = {
  { "does-not-equal", BV_OP_IS_NOT }, { "not-equals", BV_OP_IS_NOT }, { "is-not-in", BV_OP_IS_NOT }, { "not-in", BV_OP_IS_NOT },
  { "isnt", BV_OP_IS_NOT }, { "not", BV_OP_IS_NOT }, { "!=", BV_OP_IS_NOT }, { "<>", BV_OP_IS_NOT },
  { "equals", BV_OP_IS }, { "equal", BV_OP_IS }, { "is-in", BV_OP_IS }, { "in", BV_OP_IS }, { "==", BV_OP_IS }, { "=", BV_OP_IS }, { "eq", BV_OP_IS },
  { "does-not-contain", BV_OP_NOT_CONTAINS }, { "doesnt-contain", BV_OP_NOT_CONTAINS },
  { "greater-or-equal", BV_OP_GE }, { "gte", BV_OP_GE }, { ">=", BV_OP_GE }, { "at-least", BV_OP_GE },
  { "greater-than", BV_OP_GT }, { "greater", BV_OP_GT }, { ">", BV_OP_GT },
  { "lower-or-equal", BV_OP_LE }, { "less-or-equal", BV_OP_LE }, { "lte", BV_OP_LE }, { "<=", BV_OP_LE }, { "at-most", BV_OP_LE },
  { "lower-than", BV_OP_LT }, { "less-than", BV_OP_LT }, { "lower", BV_OP_LT }, { "less", BV_OP_LT }, { "<", BV_OP_LT },
  { "is-between", BV_OP_BETWEEN }, { "is-before", BV_OP_BEFORE }, { "is-after", BV_OP_AFTER },
  { "is-not-in-date-range", BV_OP_NOT_IN_RANGE }, { "is-not-in-range", BV_OP_NOT_IN_RANGE }, { "not-in-date-range", BV_OP_NOT_IN_RANGE },
  { "is-in-date-range", BV_OP_IN_RANGE }, { "is-in-range", BV_OP_IN_RANGE }, { "in-date-range", BV_OP_IN_RANGE },
  { "is-empty", BV_OP_IS_NOT_SET }, { "is-null", BV_OP_IS_NOT_SET }, { "not-set", BV_OP_IS_NOT_SET },
  { "is-not-empty", BV_OP_IS_SET }, { "is-not-null", BV_OP_IS_SET }, { "set", BV_OP_IS_SET },
};

const char *
bv_op_to_name (BvOp op)
{
  return ops[op].name;
}

const char *
bv_op_to_label (BvOp op)
{
  return _(ops[op].label);
}

gboolean
bv_op_from_name (const char *name, BvOp *op)
{
  g_autofree char *key = g_ascii_strdown (name, -1);

  g_strdelimit (g_strstrip (key), " _", '-');
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (strcmp (key, ops[i].name) == 0)
      {
        *op = (BvOp) i;
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (key, aliases[i].name) == 0)
      {
        *op = aliases[i].op;
        return TRUE;
      }
  return FALSE;
}

gboolean
bv_op_fits (BvOp op, BvType type)
{
  switch (op)
    {
    case BV_OP_CONTAINS:
    case BV_OP_NOT_CONTAINS:
    case BV_OP_STARTS_WITH:
    case BV_OP_ENDS_WITH:
      return type == BV_TYPE_TEXT;
    case BV_OP_GT:
    case BV_OP_GE:
    case BV_OP_LT:
    case BV_OP_LE:
    case BV_OP_BETWEEN:
      return bv_type_is_numeric (type) || bv_type_is_time (type);
    case BV_OP_BEFORE:
    case BV_OP_AFTER:
    case BV_OP_IN_RANGE:
    case BV_OP_NOT_IN_RANGE:
      return bv_type_is_time (type);
    case BV_OP_IS:
    case BV_OP_IS_NOT:
    case BV_OP_IS_SET:
    case BV_OP_IS_NOT_SET:
    default:
      return TRUE;
    }
}

static void
clear_value (gpointer value)
{
  bv_value_clear (value);
}

BvCondition *
bv_condition_new_list (BvConditionKind kind)
{
  BvCondition *self = g_new0 (BvCondition, 1);

  self->kind = kind;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_condition_free);
  return self;
}

BvCondition *
bv_condition_new_test (const char *field, BvOp op)
{
  BvCondition *self = g_new0 (BvCondition, 1);

  self->kind = BV_CONDITION_TEST;
  self->field = g_strdup (field);
  self->op = op;
  self->values = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (self->values, clear_value);
  return self;
}

void
bv_condition_add (BvCondition *list, BvCondition *child)
{
  g_ptr_array_add (list->children, child);
}

void
bv_condition_add_value (BvCondition *test, const BvValue *value)
{
  BvValue copy = bv_value_copy (value);

  g_array_append_val (test->values, copy);
}

BvCondition *
bv_condition_copy (const BvCondition *condition)
{
  BvCondition *copy;

  if (condition == NULL)
    return NULL;
  if (condition->kind == BV_CONDITION_TEST)
    {
      copy = bv_condition_new_test (condition->field, condition->op);
      for (guint i = 0; i < condition->values->len; i++)
        bv_condition_add_value (copy, &g_array_index (condition->values, BvValue, i));
      return copy;
    }
  copy = bv_condition_new_list (condition->kind);
  for (guint i = 0; i < condition->children->len; i++)
    bv_condition_add (copy, bv_condition_copy (condition->children->pdata[i]));
  return copy;
}

void
bv_condition_free (BvCondition *condition)
{
  if (condition == NULL)
    return;
  g_clear_pointer (&condition->children, g_ptr_array_unref);
  g_clear_pointer (&condition->values, g_array_unref);
  g_free (condition->field);
  g_free (condition);
}

gboolean
bv_condition_is_empty (const BvCondition *condition)
{
  if (condition == NULL)
    return TRUE;
  if (condition->kind == BV_CONDITION_TEST)
    return FALSE;
  for (guint i = 0; i < condition->children->len; i++)
    if (!bv_condition_is_empty (condition->children->pdata[i]))
      return FALSE;
  return TRUE;
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------ */

static gboolean
read_value (JsonNode *node, BvValue *value)
{
  GType type;

  if (JSON_NODE_HOLDS_NULL (node))
    {
      *value = BV_VALUE_NULL;
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    *value = bv_value_text (json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    *value = bv_value_bool (json_node_get_boolean (node));
  else if (type == G_TYPE_INT64)
    *value = bv_value_int (json_node_get_int (node));
  else
    *value = bv_value_double (json_node_get_double (node));
  return TRUE;
}

static BvCondition *
list_from_json (JsonNode *node, BvConditionKind kind, GError **error)
{
  g_autoptr(BvCondition) list = bv_condition_new_list (kind);
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” must be a list of conditions"), kind == BV_CONDITION_ALL ? "all" : "any");
      return NULL;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      BvCondition *child = bv_condition_from_json (json_array_get_element (array, i), error);

      if (child == NULL)
        return NULL;
      bv_condition_add (list, child);
    }
  return g_steal_pointer (&list);
}

static BvCondition *
test_from_json (JsonObject *object, GError **error)
{
  g_autoptr(BvCondition) test = NULL;
  JsonNode *field = json_object_get_member (object, "field");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (field == NULL || !JSON_NODE_HOLDS_VALUE (field) || json_node_get_value_type (field) != G_TYPE_STRING ||
      json_object_get_size (object) != 2)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("A condition must be {\"field\": NAME, OPERATOR: VALUE}, {\"all\": […]} or {\"any\": […]}"));
      return NULL;
    }
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      BvOp op;

      if (strcmp (name, "field") == 0)
        continue;
      if (!bv_op_from_name (name, &op))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no operator: use “is”, “is-not”, “contains”, “gt”, “in-range”, “is-set”…"), name);
          return NULL;
        }
      test = bv_condition_new_test (json_node_get_string (field), op);
      if (op == BV_OP_IS_SET || op == BV_OP_IS_NOT_SET)
        {
          if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” on “%s” must be true or false"), name, test->field);
              return NULL;
            }
          if (!json_node_get_boolean (node))
            test->op = op == BV_OP_IS_SET ? BV_OP_IS_NOT_SET : BV_OP_IS_SET;
          continue;
        }
      if (JSON_NODE_HOLDS_NULL (node) && (op == BV_OP_IS || op == BV_OP_IS_NOT))
        {
          test->op = op == BV_OP_IS ? BV_OP_IS_NOT_SET : BV_OP_IS_SET;
          continue;
        }
      if (JSON_NODE_HOLDS_ARRAY (node))
        {
          JsonArray *array = json_node_get_array (node);

          for (guint i = 0; i < json_array_get_length (array); i++)
            {
              g_auto(BvValue) value = BV_VALUE_NULL;

              if (!read_value (json_array_get_element (array, i), &value))
                goto bad_value;
              bv_condition_add_value (test, &value);
            }
        }
      else
        {
          g_auto(BvValue) value = BV_VALUE_NULL;

          if (!read_value (node, &value))
            goto bad_value;
          bv_condition_add_value (test, &value);
        }
      if (op == BV_OP_BETWEEN && test->values->len != 2)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“between” on “%s” needs two values"), test->field);
          return NULL;
        }
      continue;

    bad_value:
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The value of “%s” on “%s” must be a string, a number, true, false or a list of these"),
                   name, test->field);
      return NULL;
    }
  return g_steal_pointer (&test);
}

BvCondition *
bv_condition_from_json (JsonNode *node, GError **error)
{
  JsonObject *object;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return list_from_json (node, BV_CONDITION_ALL, error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID,
                   _("A condition must be {\"field\": NAME, OPERATOR: VALUE}, {\"all\": […]} or {\"any\": […]}"));
      return NULL;
    }
  object = json_node_get_object (node);
  if (json_object_get_size (object) == 1 && json_object_has_member (object, "all"))
    return list_from_json (json_object_get_member (object, "all"), BV_CONDITION_ALL, error);
  if (json_object_get_size (object) == 1 && json_object_has_member (object, "any"))
    return list_from_json (json_object_get_member (object, "any"), BV_CONDITION_ANY, error);
  return test_from_json (object, error);
}

static JsonNode *
value_to_json (const BvValue *value)
{
  JsonNode *node = json_node_alloc ();
  g_autofree char *text = NULL;

  switch (value->type)
    {
    case BV_TYPE_NULL:
      return json_node_init_null (node);
    case BV_TYPE_BOOL:
      return json_node_init_boolean (node, value->i != 0);
    case BV_TYPE_INT:
      return json_node_init_int (node, value->i);
    case BV_TYPE_DOUBLE:
      return json_node_init_double (node, value->d);
    case BV_TYPE_TEXT:
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
    default:
      text = bv_value_to_plain (value);
      return json_node_init_string (node, text);
    }
}

JsonNode *
bv_condition_to_json (const BvCondition *condition)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_node_init_object (node, object);
  json_object_unref (object);
  if (condition->kind != BV_CONDITION_TEST)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < condition->children->len; i++)
        json_array_add_element (array, bv_condition_to_json (condition->children->pdata[i]));
      json_object_set_array_member (object, condition->kind == BV_CONDITION_ALL ? "all" : "any", array);
      return node;
    }
  json_object_set_string_member (object, "field", condition->field);
  if (condition->op == BV_OP_IS_SET || condition->op == BV_OP_IS_NOT_SET)
    json_object_set_boolean_member (object, bv_op_to_name (condition->op), TRUE);
  else if (condition->values->len == 1 && g_array_index (condition->values, BvValue, 0).type != BV_TYPE_NULL)
    json_object_set_member (object, bv_op_to_name (condition->op), value_to_json (&g_array_index (condition->values, BvValue, 0)));
  else
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < condition->values->len; i++)
        json_array_add_element (array, value_to_json (&g_array_index (condition->values, BvValue, i)));
      json_object_set_array_member (object, bv_op_to_name (condition->op), array);
    }
  return node;
}

/* --- Command line ------------------------------------------------------------------------------------------------------------- */

/* The end of the quoted text at @p, behind its closing quote; NULL when there is none. A doubled quote is one inside. */
static const char *
skip_quoted (const char *p)
{
  for (p++; *p != '\0'; p++)
    if (*p == '"' && *++p != '"')
      return p;
  return NULL;
}

/* Text without its quotes. (transfer full) */
static char *
unquote (const char *start, const char *end)
{
  GString *text = g_string_new (NULL);

  for (const char *p = start + 1; p < end - 1; p++)
    {
      g_string_append_c (text, *p);
      if (*p == '"')
        p++;
    }
  return g_string_free (text, FALSE);
}

/* Splits 'a, "b, c", d' at commas outside quotes. A value that is nothing at all is a slip: the empty text is written "". */
static gboolean
add_texts (BvCondition *test, const char *text, GError **error)
{
  const char *p = text;

  for (;;)
    {
      g_autofree char *item = NULL;
      g_auto(BvValue) value = BV_VALUE_NULL;

      while (*p == ' ')
        p++;
      if (*p == '"')
        {
          const char *end = skip_quoted (p);

          if (end == NULL)
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A closing quote is missing in the value of “%s”: add it"), test->field);
              return FALSE;
            }
          item = unquote (p, end);
          for (p = end; *p == ' '; p++)
            ;
          if (*p != '\0' && *p != ',')
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” follows a quoted value of “%s”: separate values by commas"), p, test->field);
              return FALSE;
            }
        }
      else
        {
          const char *comma = strchrnul (p, ',');

          item = g_strstrip (g_strndup (p, comma - p));
          p = comma;
          if (*item == '\0')
            {
              g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("A value of “%s” is missing: write it, or \"\" for the empty text"), test->field);
              return FALSE;
            }
        }
      value = bv_value_text (item);
      bv_condition_add_value (test, &value);
      if (*p != ',')
        return TRUE;
      p++;
    }
}

BvCondition *
bv_condition_parse (const char *text, GError **error)
{
  gsize n = strlen (text);
  const char *best_start = NULL;
  const char *best_end = NULL;
  BvOp best = BV_OP_IS;
  const char *field_end = NULL;

  /* A quoted field may hold what looks like an operator. */
  if (*text == '"')
    field_end = skip_quoted (text);
  /* The operator is the leftmost run of words (or signs) that names one, the longest there. */
  for (const char *start = field_end != NULL ? field_end : text + 1; best_start == NULL && start < text + n; start++)
    {
      gboolean sign = strchr ("=!<>", *start) != NULL;

      if (!sign && start[-1] != ' ')
        continue;
      for (const char *end = text + n; end > start; end--)
        {
          g_autofree char *word = NULL;
          BvOp op;

          if (end - start > 24)
            continue;
          if (sign ? (end < text + n && strchr ("=!<>", *end) != NULL) || strchr ("=!<>", end[-1]) == NULL : *end != ' ' && *end != '\0')
            continue;
          word = g_strndup (start, end - start);
          if (g_strstrip (word)[0] != '\0' && bv_op_from_name (word, &op))
            {
              best_start = start;
              best_end = end;
              best = op;
              break;
            }
        }
    }
  if (best_start == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no condition: write FIELD OPERATOR VALUE, for example “Email is ada@example.com”"), text);
      return NULL;
    }
  {
    g_autofree char *field = field_end != NULL ? unquote (text, field_end) : g_strstrip (g_strndup (text, best_start - text));
    g_autofree char *rest = g_strstrip (g_strdup (best_end));
    g_autoptr(BvCondition) test = NULL;

    test = bv_condition_new_test (field, best);
    if (best == BV_OP_IS_SET || best == BV_OP_IS_NOT_SET)
      {
        if (*rest != '\0')
          {
            g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” after “%s” takes no value: remove “%s”"), bv_op_to_label (best), field, rest);
            return NULL;
          }
      }
    else if (!add_texts (test, rest, error))
      return NULL;
    if (best == BV_OP_BETWEEN && test->values->len != 2)
      {
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“between” on “%s” needs two values, separated by a comma"), field);
        return NULL;
      }
    return g_steal_pointer (&test);
  }
}
