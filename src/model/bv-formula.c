/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent into postfix code, evaluated on a stack.
 *
 *   sum     = product { ("+" | "-") product }
 *   product = unary { ("*" | "/") unary }
 *   unary   = "-" unary | number | name | "(" sum ")"
 *   name    = "[" any characters but "]" "]" | a word of letters, digits and "_"
 */
#include "config.h"

#include "bv-formula.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 200

typedef enum { OP_NUMBER, OP_NAME, OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_NEGATE } OpKind;

typedef struct
{
  OpKind kind;
  double number;
  guint name;
} Op;

struct _BvFormula
{
  GArray *code; /* Op */
  GPtrArray *names;
};

typedef struct
{
  const char *text;
  const char *p;
  BvFormula *formula;
  int depth;
  GError **error;
} Parser;

static gboolean parse_sum (Parser *self);

static void
skip_blanks (Parser *self)
{
  while (g_ascii_isspace (*self->p))
    self->p++;
}

static void
emit (Parser *self, OpKind kind, double number, guint name)
{
  Op op = { kind, number, name };

  g_array_append_val (self->formula->code, op);
}

static gboolean
fail (Parser *self, const char *what)
{
  g_set_error (self->error, BV_ERROR, BV_ERROR_INVALID, _("Formula, character %d: %s"),
               (int) g_utf8_strlen (self->text, self->p - self->text) + 1, what);
  return FALSE;
}

static void
emit_name (Parser *self, const char *start, gsize length)
{
  g_autofree char *name = g_strstrip (g_strndup (start, length));

  for (guint i = 0; i < self->formula->names->len; i++)
    if (strcmp (self->formula->names->pdata[i], name) == 0)
      {
        emit (self, OP_NAME, 0, i);
        return;
      }
  g_ptr_array_add (self->formula->names, g_steal_pointer (&name));
  emit (self, OP_NAME, 0, self->formula->names->len - 1);
}

static gboolean
is_word (const char *p)
{
  gunichar c = g_utf8_get_char (p);

  return c == '_' || g_unichar_isalnum (c);
}

static gboolean
parse_unary (Parser *self)
{
  skip_blanks (self);
  if (++self->depth > MAX_DEPTH)
    return fail (self, _("too many brackets"));
  if (*self->p == '-')
    {
      self->p++;
      if (!parse_unary (self))
        return FALSE;
      emit (self, OP_NEGATE, 0, 0);
    }
  else if (*self->p == '(')
    {
      self->p++;
      if (!parse_sum (self))
        return FALSE;
      skip_blanks (self);
      if (*self->p != ')')
        return fail (self, _("a closing bracket is missing"));
      self->p++;
    }
  else if (*self->p == '[')
    {
      const char *end = strchr (self->p, ']');

      if (end == NULL)
        return fail (self, _("a closing “]” is missing"));
      emit_name (self, self->p + 1, end - self->p - 1);
      self->p = end + 1;
    }
  else if (g_ascii_isdigit (*self->p) || *self->p == '.')
    {
      char *end;
      double number = g_ascii_strtod (self->p, &end);

      if (end == self->p || !isfinite (number))
        return fail (self, _("this is no number"));
      emit (self, OP_NUMBER, number, 0);
      self->p = end;
    }
  else if (*self->p != '\0' && is_word (self->p))
    {
      const char *start = self->p;

      while (*self->p != '\0' && is_word (self->p))
        self->p = g_utf8_next_char (self->p);
      emit_name (self, start, self->p - start);
    }
  else
    return fail (self, _("a number or a metric in [brackets] is expected"));
  self->depth--;
  return TRUE;
}

static gboolean
parse_product (Parser *self)
{
  if (!parse_unary (self))
    return FALSE;
  for (skip_blanks (self); *self->p == '*' || *self->p == '/'; skip_blanks (self))
    {
      char c = *self->p++;

      if (!parse_unary (self))
        return FALSE;
      emit (self, c == '*' ? OP_MULTIPLY : OP_DIVIDE, 0, 0);
    }
  return TRUE;
}

static gboolean
parse_sum (Parser *self)
{
  if (!parse_product (self))
    return FALSE;
  for (skip_blanks (self); *self->p == '+' || *self->p == '-'; skip_blanks (self))
    {
      char c = *self->p++;

      if (!parse_product (self))
        return FALSE;
      emit (self, c == '+' ? OP_ADD : OP_SUBTRACT, 0, 0);
    }
  return TRUE;
}

BvFormula *
bv_formula_parse (const char *text, GError **error)
{
  g_autoptr(BvFormula) formula = g_new0 (BvFormula, 1);
  Parser parser = { text, text, formula, 0, error };

  formula->code = g_array_new (FALSE, FALSE, sizeof (Op));
  formula->names = g_ptr_array_new_with_free_func (g_free);
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The formula is not valid text"));
      return NULL;
    }
  if (!parse_sum (&parser))
    return NULL;
  skip_blanks (&parser);
  if (*parser.p != '\0')
    {
      fail (&parser, _("an operator (+ - * /) is expected"));
      return NULL;
    }
  return g_steal_pointer (&formula);
}

void
bv_formula_free (BvFormula *formula)
{
  if (formula == NULL)
    return;
  g_array_unref (formula->code);
  g_ptr_array_unref (formula->names);
  g_free (formula);
}

GPtrArray *
bv_formula_get_names (BvFormula *formula)
{
  return formula->names;
}

double
bv_formula_evaluate (BvFormula *formula, const double *values)
{
  g_autofree double *stack = g_new (double, formula->code->len + 1);
  guint n = 0;

  for (guint i = 0; i < formula->code->len; i++)
    {
      const Op *op = &g_array_index (formula->code, Op, i);
      double b;

      switch (op->kind)
        {
        case OP_NUMBER:
          stack[n++] = op->number;
          continue;
        case OP_NAME:
          stack[n++] = values[op->name];
          continue;
        case OP_NEGATE:
          stack[n - 1] = -stack[n - 1];
          continue;
        case OP_ADD:
        case OP_SUBTRACT:
        case OP_MULTIPLY:
        case OP_DIVIDE:
        default:
          break;
        }
      b = stack[--n];
      if (op->kind == OP_ADD)
        stack[n - 1] += b;
      else if (op->kind == OP_SUBTRACT)
        stack[n - 1] -= b;
      else if (op->kind == OP_MULTIPLY)
        stack[n - 1] *= b;
      else
        stack[n - 1] = b < 0 || b > 0 ? stack[n - 1] / b : NAN;
    }
  return isfinite (stack[0]) ? stack[0] : NAN;
}

char *
bv_formula_rename (const char *text, const char *old_name, const char *new_name)
{
  GString *out = g_string_new (NULL);
  const char *p = text;

  while (*p != '\0')
    {
      const char *start = p;
      g_autofree char *name = NULL;

      if (*p == '[')
        {
          const char *end = strchr (p, ']');

          if (end == NULL)
            {
              g_string_append (out, p);
              break;
            }
          name = g_strstrip (g_strndup (p + 1, end - p - 1));
          p = end + 1;
        }
      else if (g_ascii_isdigit (*p) || *p == '.')
        {
          char *end;

          /* A number is one also where a metric is called like it. */
          g_ascii_strtod (p, &end);
          p = end > p ? end : p + 1;
        }
      else if (is_word (p))
        {
          while (*p != '\0' && is_word (p))
            p = g_utf8_next_char (p);
          name = g_strndup (start, p - start);
        }
      else
        p = g_utf8_next_char (p);
      if (name != NULL && strcmp (name, old_name) == 0)
        g_string_append_printf (out, "[%s]", new_name);
      else
        g_string_append_len (out, start, p - start);
    }
  return g_string_free (out, FALSE);
}
