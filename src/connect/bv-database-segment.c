/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that Segment writes into a warehouse.
 *
 * The schema is a source's slug. In it: identifies, tracks, pages, screens, groups, aliases, users, accounts, and a table per event. Of
 * all of them "id" is the key (the message's, so that an event that was delivered twice is one row; of users the user's), "received_at"
 * grows as rows arrive and is the cursor, "timestamp" is when it happened. Events do not change; users and accounts do. Tables without
 * these two columns are not Segment's. New events are new tables, found with the next discovery.
 */
#include "config.h"

#include "bv-database-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *table, *label, *description;
  gboolean changes;
} known[] = {
  { "identifies", N_("Identify calls"), N_("Who an anonymous visitor is, with traits"), FALSE },
  { "users", N_("Users"), N_("The latest traits of each user"), TRUE },
  { "groups", N_("Group calls"), N_("Which account a user belongs to, with traits"), FALSE },
  { "accounts", N_("Accounts"), N_("The latest traits of each account"), TRUE },
  { "pages", N_("Page views"), N_("Pages of the website that were looked at"), FALSE },
  { "screens", N_("Screen views"), N_("Screens of the app that were looked at"), FALSE },
  { "tracks", N_("All events"), N_("Every event with its name, without its properties"), FALSE },
  { "aliases", N_("Alias calls"), N_("Which former id a user had"), FALSE },
};

/* "signed_up" → "Signed up" (transfer full) */
static char *
event_label (const char *table)
{
  char *label = g_strdup (table);

  g_strdelimit (label, "_", ' ');
  label[0] = g_ascii_toupper (label[0]);
  return label;
}

gboolean
bv_db_segment_dress (BvSourceStream *stream, const char *table)
{
  static const char *const left_out[] = { "uuid", "uuid_ts", "original_timestamp", NULL };
  BvSourceField *id = bv_source_stream_find (stream, "id");
  BvSourceField *received = bv_source_stream_find (stream, "received_at");
  gboolean changes = FALSE;
  guint k;

  if (id == NULL || received == NULL || received->type != BV_TYPE_TIMESTAMP)
    return FALSE;
  for (k = 0; k < G_N_ELEMENTS (known); k++)
    if (strcmp (known[k].table, table) == 0)
      break;
  if (k == G_N_ELEMENTS (known) && bv_source_stream_find (stream, "event") == NULL)
    return FALSE;
  g_strfreev (stream->key);
  stream->key = g_strdupv ((char *[]){ (char *) "id", NULL });
  g_free (stream->cursor);
  stream->cursor = g_strdup ("received_at");
  g_free (stream->label);
  if (k < G_N_ELEMENTS (known))
    {
      changes = known[k].changes;
      stream->label = g_strdup (_(known[k].label));
      stream->description = g_strdup (_(known[k].description));
    }
  else
    {
      stream->label = event_label (table);
      stream->description = g_strdup_printf (_("The event “%s” with its properties"), stream->label);
    }
  stream->flags = BV_STREAM_DEFAULT | BV_STREAM_UPDATE | (changes ? 0 : BV_STREAM_APPEND);
  for (guint i = 0; i < stream->fields->len; i++)
    {
      BvSourceField *field = stream->fields->pdata[i];

      if (g_strv_contains (left_out, field->name))
        field->flags = 0;
      if (g_str_has_prefix (field->name, "context_"))
        {
          g_free (field->group);
          field->group = g_strdup (_("Context"));
        }
    }
  id->flags = received->flags = BV_FIELD_DEFAULT | BV_FIELD_ALWAYS;
  return TRUE;
}
