/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-format-rows.h"

#include "bv-choice.h"
#include "bv-form.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

struct _BvFormatRows
{
  BvWorkspace *workspace;
  double sample;
  GtkWidget *kind, *decimals, *currency, *prefix, *suffix, *abbreviate, *preview;
};

static const struct
{
  BvFormatKind kind;
  const char *label;
} kinds[] = {
  { BV_FORMAT_AUTO, NC_("format", "Automatic") },
  { BV_FORMAT_NUMBER, NC_("format", "Number") },
  { BV_FORMAT_CURRENCY, NC_("format", "Currency") },
  { BV_FORMAT_PERCENT, NC_("format", "Percent") },
  { BV_FORMAT_DURATION_SECONDS, NC_("format", "Duration in seconds") },
  { BV_FORMAT_DURATION_MS, NC_("format", "Duration in milliseconds") },
  { BV_FORMAT_PLAIN, NC_("format", "Plain digits") },
};

static void
show_preview (BvFormatRows *self)
{
  g_auto(BvFormat) format = bv_format_rows_get (self);
  BvLocale *locale = bv_workspace_get_locale (self->workspace);
  g_autofree char *shown = bv_locale_format_double (locale, self->sample, &format);
  g_autofree char *subtitle = NULL;
  char raw[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean is_currency = format.kind == BV_FORMAT_CURRENCY;

  /* Translators: a number as it is and as it is written: "1234.5 is shown as €1,234.50" */
  subtitle = g_strdup_printf (_("%s is shown as %s"), isnan (self->sample) ? "–" : bv_double_to_plain (self->sample, raw), shown);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->preview), subtitle);
  gtk_widget_set_visible (gtk_widget_get_ancestor (self->currency, ADW_TYPE_ENTRY_ROW), is_currency);
}

BvFormatRows *
bv_format_rows_new (GtkWidget      *group,
                    BvWorkspace    *workspace,
                    const BvFormat *format,
                    double          sample)
{
  BvFormatRows *self = g_new0 (BvFormatRows, 1);
  g_autofree char *decimals = g_strdup_printf ("%d", format->decimals);

  self->workspace = workspace;
  self->sample = sample;
  self->kind = bv_form_add_choice (group, _("Format"), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    bv_choice_add (self->kind, bv_format_kind_to_name (kinds[i].kind), g_dpgettext2 (NULL, "format", kinds[i].label));
  bv_choice_select (self->kind, bv_format_kind_to_name (format->kind));
  self->decimals = bv_form_add_choice (group, _("Decimals"), NULL);
  bv_choice_add (self->decimals, "-1", _("Automatic"));
  for (int i = 0; i <= MAX (6, format->decimals); i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i);

      bv_choice_add (self->decimals, text, text);
    }
  bv_choice_select (self->decimals, decimals);
  self->currency = bv_form_add_entry (group, _("Currency (the project's when empty)"), format->currency);
  self->abbreviate = bv_form_add_switch (group, _("Abbreviate"), _("12.3k instead of 12,345"), format->abbreviate);
  self->prefix = bv_form_add_entry (group, _("Text before"), format->prefix);
  self->suffix = bv_form_add_entry (group, _("Text after"), format->suffix);
  self->preview = bv_row_new (_("Preview"), "", NULL, NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->preview);

  g_signal_connect_swapped (self->kind, "notify::selected", G_CALLBACK (show_preview), self);
  g_signal_connect_swapped (self->decimals, "notify::selected", G_CALLBACK (show_preview), self);
  g_signal_connect_swapped (self->currency, "changed", G_CALLBACK (show_preview), self);
  g_signal_connect_swapped (self->abbreviate, "notify::active", G_CALLBACK (show_preview), self);
  g_signal_connect_swapped (self->prefix, "changed", G_CALLBACK (show_preview), self);
  g_signal_connect_swapped (self->suffix, "changed", G_CALLBACK (show_preview), self);
  g_object_set_data_full (G_OBJECT (group), "bv-format-rows", self, g_free);
  show_preview (self);
  return self;
}

void
bv_format_rows_set_sample (BvFormatRows *self,
                           double        sample)
{
  self->sample = sample;
  show_preview (self);
}

BvFormat
bv_format_rows_get (BvFormatRows *self)
{
  BvFormat format = BV_FORMAT_INIT;
  const char *kind = bv_choice_get (self->kind);
  const char *decimals = bv_choice_get (self->decimals);

  if (kind != NULL)
    bv_format_kind_from_name (kind, &format.kind);
  format.decimals = decimals != NULL ? atoi (decimals) : -1;
  format.currency = format.kind == BV_FORMAT_CURRENCY ? bv_form_get_text (self->currency) : NULL;
  format.abbreviate = gtk_switch_get_active (GTK_SWITCH (self->abbreviate));
  /* Blanks around these are meant. */
  if (*gtk_editable_get_text (GTK_EDITABLE (self->prefix)) != '\0')
    format.prefix = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->prefix)));
  if (*gtk_editable_get_text (GTK_EDITABLE (self->suffix)) != '\0')
    format.suffix = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->suffix)));
  return format;
}
