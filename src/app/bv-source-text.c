/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-source-text.h"

#include "bv-util.h"

#include <glib/gi18n.h>

static void
append (GString *text,
        char    *part) /* (transfer full) */
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
  g_free (part);
}

/* @format: with a "%s" for the number, in the right form for it */
static void
append_count (GString    *text,
              gint64      n,
              const char *format,
              BvLocale   *locale)
{
  g_autofree char *number = bv_locale_format_count (locale, n);
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

  if (n != 0)
    append (text, g_strjoinv (number, parts));
}

char *
bv_source_counts_text (const BvSyncCounts *counts,
                       BvLocale           *locale)
{
  GString *text = g_string_new (NULL);

  append_count (text, counts->added, ngettext ("%s new", "%s new", (gulong) counts->added), locale);
  append_count (text, counts->changed, ngettext ("%s changed", "%s changed", (gulong) counts->changed), locale);
  append_count (text, counts->deleted, ngettext ("%s deleted", "%s deleted", (gulong) counts->deleted), locale);
  append_count (text, counts->merged, ngettext ("%s merged", "%s merged", (gulong) counts->merged), locale);
  if (text->len == 0)
    g_string_append (text, _("nothing changed"));
  return g_string_free (text, FALSE);
}

char *
bv_source_effort_text (const BvSyncCounts *counts,
                       BvLocale           *locale)
{
  GString *text = g_string_new (NULL);

  append_count (text, (gint64) counts->requests, ngettext ("%s request", "%s requests", (gulong) counts->requests), locale);
  append_count (text, (gint64) counts->retries, ngettext ("%s retry", "%s retries", (gulong) counts->retries), locale);
  if (counts->bytes > 0)
    append (text, g_format_size (counts->bytes));
  /* Translators: a duration in seconds */
  append (text, g_strdup_printf (_("%.1f s"), (double) counts->duration_us / G_USEC_PER_SEC));
  return g_string_free (text, FALSE);
}

char *
bv_source_state_text (const BvRun *run,
                      gint64       now,
                      BvLocale    *locale)
{
  g_autofree char *ago = NULL;
  g_autofree char *counts = NULL;

  if (run == NULL)
    return g_strdup (_("Not synced yet"));
  ago = bv_ago (run->finished != 0 ? run->finished : run->started, now, locale);
  if (run->status == BV_RUN_DONE)
    {
      counts = bv_source_counts_text (&run->counts, locale);
      return g_strdup_printf ("%s · %s", ago, counts);
    }
  return g_strdup_printf ("%s · %s", ago, bv_run_status_to_label (run->status));
}
