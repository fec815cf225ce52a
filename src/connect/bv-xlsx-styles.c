/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a workbook's numbers are: its number formats, and serial numbers as dates.
 *
 * A workbook has no dates; a date is a number of days whose cell is formatted as one. Of a format code the first section counts,
 * without what is quoted, escaped or in brackets: years and days make a date, hours and seconds a time, months either. Elapsed
 * hours ("[h]:mm") are durations and stay numbers of days.
 *
 * In the usual date system day 1 is 1900-01-01, and day 60 is the 29th of February 1900, which there was not: it is nothing.
 * In the other one day 0 is 1904-01-01. Instants are rounded to milliseconds, the precision of the program that wrote them.
 */
#include "config.h"

#include "bv-time.h"
#include "bv-xlsx-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

BvXlsxFormat
bv_xlsx_format_of_code (const char *code)
{
  gboolean day = FALSE, month = FALSE, clock = FALSE;

  for (const char *p = code; *p != '\0' && *p != ';'; p++)
    switch (*p)
      {
      case '"':
        for (p++; *p != '\0' && *p != '"';)
          p++;
        if (*p == '\0')
          p--;
        break;
      case '\\':
      case '_':
      case '*':
        if (p[1] != '\0')
          p++;
        break;
      case '[':
        /* [h], [mm], [ss]: elapsed; [Red], [$-409], [>100]: not ours */
        if (strchr ("hHmMsS", p[1]) != NULL && p[1] != '\0' && (p[2] == ']' || (p[1] == p[2] && p[3] == ']')))
          return BV_XLSX_NUMBER;
        while (*p != '\0' && *p != ']')
          p++;
        if (*p == '\0')
          p--;
        break;
      case 'y':
      case 'Y':
      case 'd':
      case 'D':
        day = TRUE;
        break;
      case 'm':
      case 'M':
        month = TRUE;
        break;
      case 'h':
      case 'H':
      case 's':
      case 'S':
        clock = TRUE;
        break;
      case 'G': /* General, also with what stands around it */
      case 'g':
        if (g_ascii_strncasecmp (p, "General", 7) == 0)
          return BV_XLSX_NUMBER;
        break;
      case 'A':
      case 'a':
        if (g_ascii_strncasecmp (p, "AM/PM", 5) == 0)
          p += 4;
        else if (g_ascii_strncasecmp (p, "A/P", 3) == 0)
          p += 2;
        break;
      case '0':
      case '#':
      case '?':
        /* digits: fractions of a second only follow a point */
        if (!clock)
          return BV_XLSX_NUMBER;
        break;
      default:
        break;
      }
  if (day || (month && !clock))
    return clock ? BV_XLSX_DATE_TIME : BV_XLSX_DATE;
  return clock ? BV_XLSX_TIME : BV_XLSX_NUMBER;
}

/* The formats that every workbook has without saying so. */
static BvXlsxFormat
format_of_id (long id)
{
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return BV_XLSX_DATE;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
    return BV_XLSX_TIME;
  return id == 22 ? BV_XLSX_DATE_TIME : BV_XLSX_NUMBER;
}

GByteArray *
bv_xlsx_styles_read (const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) styles = g_byte_array_new ();
  g_autoptr (GHashTable) codes = g_hash_table_new (NULL, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (BvXlsxPart) part = name != NULL ? bv_xlsx_part_open (path, name, cancellable, &local) : NULL;
  gboolean in_cells = FALSE, more = TRUE;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  while (part != NULL && more)
    {
      xmlTextReaderPtr reader = bv_xlsx_part_reader (part);

      if (!bv_xlsx_part_read (part, &more, error))
        return NULL;
      if (!more)
        break;
      if (bv_xlsx_is_start (reader, "numFmt"))
        {
          g_autofree char *id = bv_xlsx_attribute (reader, "numFmtId");
          g_autofree char *code = bv_xlsx_attribute (reader, "formatCode");

          /* Other formats may be told in other parts of the file. */
          if (id != NULL && code != NULL)
            g_hash_table_insert (codes, GINT_TO_POINTER (atoi (id)), GUINT_TO_POINTER (bv_xlsx_format_of_code (code) + 1));
        }
      else if (in_cells && bv_xlsx_is_start (reader, "xf"))
        {
          g_autofree char *id = bv_xlsx_attribute (reader, "numFmtId");
          guint known = id != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (codes, GINT_TO_POINTER (atoi (id)))) : 0;
          guint8 format = (guint8) (known > 0 ? known - 1 : format_of_id (id != NULL ? atoi (id) : 0));

          if (styles->len < G_MAXUINT16 * 2)
            g_byte_array_append (styles, &format, 1);
        }
      if (bv_xlsx_is_start (reader, "cellXfs"))
        in_cells = TRUE;
      if (bv_xlsx_is_end (reader, "cellXfs"))
        in_cells = FALSE;
    }
  return g_steal_pointer (&styles);
}

gboolean
bv_xlsx_serial (double serial, BvXlsxFormat format, gboolean date_1904, GString *scratch, BvValue *value)
{
  gint64 base = date_1904 ? bv_days_from_civil (1904, 1, 1) : bv_days_from_civil (1899, 12, serial < 60 ? 31 : 30);
  gint64 ms, day, second;

  if (!(serial >= 0 && serial < 2958466))
    return FALSE;
  ms = llround (serial * (double) (BV_DAY_SECONDS * 1000));
  day = ms / (BV_DAY_SECONDS * 1000);
  ms -= day * BV_DAY_SECONDS * 1000;
  if (day == 0 && format == BV_XLSX_TIME)
    {
      second = ms / 1000;
      g_string_printf (scratch, "%02d:%02d:%02d", (int) (second / 3600), (int) (second / 60 % 60), (int) (second % 60));
      if (ms % 1000 != 0)
        g_string_append_printf (scratch, ".%03d", (int) (ms % 1000));
      value->type = BV_TYPE_TEXT;
      value->s = scratch->str;
      return TRUE;
    }
  if (!date_1904 && (day == 60 || day == 0))
    return FALSE;
  /* Rounding may have carried day 59 to 60, which is caught above, and no other border moves. */
  if (format == BV_XLSX_DATE && ms == 0)
    {
      value->type = BV_TYPE_DATE;
      value->i = base + day;
    }
  else
    {
      value->type = BV_TYPE_TIMESTAMP;
      value->i = (base + day) * BV_DAY_US + ms * 1000;
    }
  return TRUE;
}
