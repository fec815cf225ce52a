/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in entries: written with all their digits and the locale's decimal sign, read as people of the locale type them.
 *
 * A sign that groups in one locale is a decimal sign in another, so a text is never guessed at. The locale's own reading comes first, and
 * signs group only where groups may end: "1.500" is fifteen hundred in German, "1,5" is no number in English. What the locale cannot read
 * may still be plain ("1.5" in German), as formulas and definitions write it. Blanks group in every locale.
 */
#include "config.h"

#include "bv-format.h"

#include <string.h>
#include <unicode/unum.h>

typedef struct
{
  gunichar decimal;
  gunichar group;
} Signs;

static gunichar
get_sign (UNumberFormat *format, UNumberFormatSymbol symbol, gunichar fallback)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar wide[8];
  int32_t length = unum_getSymbol (format, symbol, wide, G_N_ELEMENTS (wide), &status);
  g_autofree char *text = U_SUCCESS (status) && length > 0 ? g_utf16_to_utf8 (wide, length, NULL, NULL, NULL) : NULL;

  return text != NULL ? g_utf8_get_char (text) : fallback;
}

static Signs
get_signs (BvLocale *locale)
{
  UErrorCode status = U_ZERO_ERROR;
  UNumberFormat *format = unum_open (UNUM_DECIMAL, NULL, 0, bv_locale_get_name (locale), NULL, &status);
  Signs signs = { '.', ',' };

  if (U_SUCCESS (status))
    {
      signs.decimal = get_sign (format, UNUM_DECIMAL_SEPARATOR_SYMBOL, '.');
      signs.group = get_sign (format, UNUM_GROUPING_SEPARATOR_SYMBOL, ',');
    }
  if (format != NULL)
    unum_close (format);
  return signs;
}

static gboolean
is_apostrophe (gunichar c)
{
  return c == '\'' || c == 0x2019;
}

static gboolean
is_group (gunichar c, gunichar group)
{
  return c == group || g_unichar_isspace (c) || (is_apostrophe (c) && is_apostrophe (group));
}

/* Groups end three digits before the end of the whole part, and those before it hold two (in India) or three. */
static gboolean
are_groups (const guint *lengths, guint n)
{
  for (guint i = 0; i < n; i++)
    if (i == 0 ? lengths[i] < 1 || lengths[i] > 3 : i == n - 1 ? lengths[i] != 3 : lengths[i] != 2 && lengths[i] != 3)
      return FALSE;
  return TRUE;
}

/* @text with plain signs, read with these; NULL when it cannot be. */
static char *
to_plain (const char *text, gunichar decimal, gunichar group)
{
  g_autoptr(GString) plain = g_string_new (NULL);
  guint lengths[32] = { 0 };
  guint n = 1;
  gboolean whole = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c))
        {
          g_string_append_c (plain, (char) ('0' + g_unichar_digit_value (c)));
          lengths[n - 1] += whole;
        }
      else if (p == text && (c == '-' || c == '+' || c == 0x2212))
        g_string_append_c (plain, c == '+' ? '+' : '-');
      else if (c == decimal && whole)
        {
          g_string_append_c (plain, '.');
          whole = FALSE;
        }
      else if ((c == 'e' || c == 'E') && g_ascii_isdigit (p[1 + (p[1] == '-' || p[1] == '+')]) && plain->len > 0)
        {
          /* An exponent of plain digits ends the text. */
          if (strspn (p + 2, "0123456789") != strlen (p + 2))
            return NULL;
          g_string_append (plain, p);
          break;
        }
      else if (is_group (c, group) && whole && n < G_N_ELEMENTS (lengths))
        n++;
      else
        return NULL;
    }
  return n == 1 || are_groups (lengths, n) ? g_string_free (g_steal_pointer (&plain), FALSE) : NULL;
}

gboolean
bv_locale_parse_number (BvLocale *self, const char *text, BvType type, BvValue *value)
{
  Signs signs = get_signs (self);
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autofree char *plain = NULL;

  *value = BV_VALUE_NULL;
  if (*trimmed == '\0')
    return TRUE;
  plain = to_plain (trimmed, signs.decimal, signs.group);
  if (plain == NULL)
    plain = to_plain (trimmed, '.', 0);
  if (plain == NULL)
    return FALSE;
  if (type == BV_TYPE_INT && strpbrk (plain, ".eE") == NULL)
    return bv_value_from_plain (plain, BV_TYPE_INT, value);
  return bv_value_from_plain (plain, BV_TYPE_DOUBLE, value);
}

char *
bv_locale_write_number (BvLocale *self, const BvValue *value)
{
  g_autofree char *plain = bv_value_to_plain (value);
  const char *point = strchr (plain, '.');
  GString *text;

  if ((value->type != BV_TYPE_INT && value->type != BV_TYPE_DOUBLE) || point == NULL)
    return g_steal_pointer (&plain);
  text = g_string_new_len (plain, point - plain);
  g_string_append_unichar (text, get_signs (self).decimal);
  g_string_append (text, point + 1);
  return g_string_free (text, FALSE);
}
