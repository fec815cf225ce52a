/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on standard output. */
#include "config.h"

#include "bv-cli.h"
#include "bv-export.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

gboolean
bv_cli_check_format (const char *format)
{
  if (format == NULL || g_strv_contains ((const char *const[]) { "table", "csv", "json", NULL }, format))
    return TRUE;
  bv_cli_usage (_("“%s” is no format: use table, csv or json"), format);
  return FALSE;
}

void
bv_cli_print_frame (BvFrame *frame, BvModel *model, const char *format)
{
  g_autoptr(BvCalendar) calendar = model != NULL ? bv_calendar_ref (model->calendar) : bv_calendar_new (NULL, 1, NULL);
  g_autofree char *text = NULL;

  if (g_strcmp0 (format, "json") == 0)
    text = bv_frame_to_json (frame, calendar);
  else if (g_strcmp0 (format, "csv") == 0)
    text = bv_frame_to_csv (frame, calendar);
  else
    {
      g_autoptr(BvLocale) locale = bv_locale_new (NULL, model != NULL ? model->currency : NULL, calendar);

      text = bv_frame_to_table (frame, locale);
    }
  fputs (text, stdout);
  if (*text != '\0' && text[strlen (text) - 1] != '\n')
    fputc ('\n', stdout);
  for (guint i = 0; i < bv_frame_get_n_notes (frame); i++)
    g_printerr ("%s\n", bv_frame_get_note (frame, i)->text);
}
