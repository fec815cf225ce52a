/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions as a sentence. */
#include "config.h"
#include "bv-condition-editor.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
value_to_text (const BvValue *value,
               BvOp           op,
               BvLocale      *locale)
{
  if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && *value->s == '\0'))
    return g_strdup (_("(empty)"));
  if (value->type == BV_TYPE_TEXT)
    return op == BV_OP_IN_RANGE || op == BV_OP_NOT_IN_RANGE ? bv_locale_format_range (locale, value->s) : g_strdup (value->s);
  if (value->type == BV_TYPE_BOOL)
    return g_strdup (value->i != 0 ? _("yes") : _("no"));
  if (value->type == BV_TYPE_INT || value->type == BV_TYPE_DOUBLE)
    return bv_locale_write_number (locale, value);
  return bv_locale_format (locale, value, NULL, BV_GRAIN_NONE);
}

/* Appends @part to what is there. */
static void
join (char       **text,
      gboolean     both,
      const char  *part)
{
  g_autofree char *before = g_steal_pointer (text);

  if (before == NULL)
    *text = g_strdup (part);
  else
    /* Translators: conditions or values one after the other: the first is one or more of them already */
    *text = g_strdup_printf (both ? C_("condition", "%s and %s") : C_("condition", "%s or %s"), before, part);
}

static char *
test_to_sentence (const BvCondition *test,
                  BvLocale          *locale)
{
  g_autofree char *values = NULL;
  const char *dot = strrchr (test->field, '.');

  for (guint i = 0; test->values != NULL && i < test->values->len; i++)
    {
      g_autofree char *text = value_to_text (&g_array_index (test->values, BvValue, i), test->op, locale);

      join (&values, test->op == BV_OP_BETWEEN, text);
    }
  if (values == NULL)
    /* Translators: a field and an operator without values: "Email is set" */
    return g_strdup_printf (C_("condition", "%s %s"), dot != NULL ? dot + 1 : test->field, bv_op_to_label (test->op));
  /* Translators: a field, an operator and values: "Stage is won or lost" */
  return g_strdup_printf (C_("condition", "%s %s %s"), dot != NULL ? dot + 1 : test->field, bv_op_to_label (test->op), values);
}

char *
bv_condition_to_sentence (const BvCondition *condition,
                          BvLocale          *locale)
{
  char *sentence = NULL;

  if (bv_condition_is_empty (condition))
    return NULL;
  if (condition->kind == BV_CONDITION_TEST)
    return test_to_sentence (condition, locale);
  for (guint i = 0; i < condition->children->len; i++)
    {
      const BvCondition *child = g_ptr_array_index (condition->children, i);
      g_autofree char *part = bv_condition_to_sentence (child, locale);

      if (part == NULL)
        continue;
      if (child->kind != BV_CONDITION_TEST && condition->children->len > 1)
        {
          g_autofree char *bare = g_steal_pointer (&part);

          part = g_strdup_printf ("(%s)", bare);
        }
      join (&sentence, condition->kind == BV_CONDITION_ALL, part);
    }
  return sentence;
}
