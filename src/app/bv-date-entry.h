/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry for one day: typed as people write days, or chosen in a calendar. */
#pragma once

#include "bv-format.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_DATE_ENTRY (bv_date_entry_get_type ())
G_DECLARE_FINAL_TYPE (BvDateEntry, bv_date_entry, BV, DATE_ENTRY, AdwBin)

/* Signal "changed" (): the user changed the text. Not emitted by set_text(). */

/* @name: what it is called for those who do not see it */
GtkWidget *bv_date_entry_new      (BvLocale *locale, const char *name);
/* An ISO day is shown as the locale writes it, any other text as it is. */
void       bv_date_entry_set_text (BvDateEntry *self, const char *text);
/* The day as ISO 8601 (transfer full); NULL when there is none or the text is no day, which is then marked as an error. */
char      *bv_date_entry_dup_day  (BvDateEntry *self);

G_END_DECLS
