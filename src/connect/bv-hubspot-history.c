/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When HubSpot's records came into a stage and left it: one row per record and stay, so that "how many days in each stage" is a plain sum.
 *
 * HubSpot keeps what a property was ("propertiesWithHistory"), newest first, with the instant of each change. From that list come the stays: each from
 * its change until the next one, the last one open (left_at and seconds_in_stage are empty). Changes to the same value join the stay that they
 * are in, and of several changes in one instant the last one counts. The key is the record and the instant of entering, so a stay that ends
 * is updated in place.
 *
 * HubSpot may keep the newest changes only (some twenty). Stays from before the oldest change that it tells of are left as they are; where that change
 * falls into the last of them, it says nothing new, and where that one had no end yet, its end is not known: it is no longer the present stay.
 *
 * The passes are those of the record's type: FIRST lists all records; UPDATE searches what was modified, like the type's own stream, and reads their
 * histories in batches (the search has none); DELETED goes through the archived ones; SWEEP is FIRST once more, so that stays of records
 * that are gone for good or were merged are found out. HubSpot gives histories of 50 records at a time.
 */
#include "config.h"

#include "bv-hubspot-private.h"
#include "bv-json-value.h"
#include "bv-source-private.h"
#include "bv-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

const BvHubspotHistory bv_hubspot_histories[] = {
  { "history/deals", "deals", "dealstage", "deal_stage_changes", "deal_id", N_("Stages of deals over time"),
    N_("When each deal came into a stage and left it; two requests for every hundred deals") },
  { "history/tickets", "tickets", "hs_pipeline_stage", "ticket_stage_changes", "ticket_id", N_("Stages of tickets over time"),
    N_("When each ticket came into a stage and left it; two requests for every hundred tickets") },
  { "history/contacts", "contacts", "lifecyclestage", "contact_stage_changes", "contact_id", N_("Lifecycle stages of contacts over time"),
    N_("When each contact came into a lifecycle stage and left it; two requests for every hundred contacts") },
  { NULL },
};

const BvHubspotHistory *
bv_hubspot_history_find (const char *stream)
{
  for (guint i = 0; bv_hubspot_histories[i].stream != NULL; i++)
    if (strcmp (bv_hubspot_histories[i].stream, stream) == 0)
      return &bv_hubspot_histories[i];
  return NULL;
}

BvSourceStream *
bv_hubspot_history_stream (const BvHubspotHistory *history)
{
  BvSourceStream *stream = bv_source_stream_new (history->stream, history->table, _(history->label),
                                                 BV_STREAM_UPDATE | BV_STREAM_DELETED | BV_STREAM_SWEEP);
  const struct { const char *name; BvType type; BvFieldFlags flags; } fields[] = {
    { history->id, BV_TYPE_INT, BV_FIELD_ALWAYS }, { "entered_at", BV_TYPE_TIMESTAMP, BV_FIELD_ALWAYS },
    { "left_at", BV_TYPE_TIMESTAMP, BV_FIELD_ALWAYS }, { "seconds_in_stage", BV_TYPE_INT, 0 }, { "stage", BV_TYPE_TEXT, BV_FIELD_ALWAYS },
    { "stage_label", BV_TYPE_TEXT, 0 }, { "is_current", BV_TYPE_BOOL, BV_FIELD_ALWAYS },
    { "changed_by", BV_TYPE_TEXT, 0 }, { "user_id", BV_TYPE_INT, 0 },
  };

  stream->description = g_strdup (_(history->description));
  stream->key = g_strdupv ((char *[]){ (char *) history->id, (char *) "entered_at", NULL });
  stream->cursor = g_strdup (bv_hubspot_modified (history->type));
  stream->parent = g_strdup (history->id);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    bv_source_stream_add (stream, bv_source_field_new (fields[i].name, NULL, NULL, fields[i].type, fields[i].flags | BV_FIELD_DEFAULT));
  return stream;
}

/* --- Stays ------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  gint64 at;           /* instant (µs) */
  guint position;      /* in HubSpot's list */
  const char *value;   /* (nullable) */
  JsonObject *change;
} Change;

/* Oldest first; of one instant, what HubSpot lists further down is older. */
static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *left = a, *right = b;

  if (left->at != right->at)
    return left->at < right->at ? -1 : 1;
  return left->position > right->position ? -1 : left->position < right->position;
}

/* The changes of @record that begin a stay, by time; NULL with an error when they cannot be read. */
static GArray *
read_changes (JsonObject *record, const char *property, GError **error)
{
  JsonArray *entries = bv_json_get_array (bv_json_get_object (record, "propertiesWithHistory"), property);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  guint n = 0;

  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    {
      Change change = { 0, i, NULL, bv_json_get_element (entries, i) };
      g_autofree char *when = bv_hubspot_text (change.change, "timestamp");

      if (when == NULL || !bv_hubspot_read_time (when, &change.at))
        {
          bv_hubspot_malformed (error);
          return NULL;
        }
      change.value = bv_source_json_text (change.change, "value");
      if (change.value != NULL && *change.value == '\0')
        change.value = NULL;
      g_array_append_val (changes, change);
    }
  g_array_sort (changes, compare_changes);
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);

      if (i + 1 < changes->len && g_array_index (changes, Change, i + 1).at == change->at)
        continue;
      if (n > 0 ? g_strcmp0 (g_array_index (changes, Change, n - 1).value, change->value) == 0 : change->value == NULL)
        continue;
      g_array_index (changes, Change, n++) = *change;
    }
  g_array_set_size (changes, n);
  return g_steal_pointer (&changes);
}

static BvValue
borrow (const char *text)
{
  return bv_hubspot_read_value (text, BV_TYPE_TEXT);
}

/* The place of a field among those of the fetch, which has it always. */
static guint
place_of (BvFetch *fetch, const char *name)
{
  guint i = 0;

  while (strcmp (((BvSourceField *) fetch->fields->pdata[i])->name, name) != 0)
    i++;
  return i;
}

static void
clear_values (BvValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    bv_value_clear (&values[i]);
  g_free (values);
}

/* Whether the stay that is here in @before, and began before the oldest change that HubSpot tells of, goes on into that change. Where it had no end and does
 * not, it is not the present one any more. */
static gboolean
goes_on (BvFetch *fetch, BvValue *before, const Change *first)
{
  const BvValue *stage = &before[place_of (fetch, "stage")], *left = &before[place_of (fetch, "left_at")];

  if (left->type == BV_TYPE_TIMESTAMP ? left->i <= first->at : !before[place_of (fetch, "is_current")].i)
    return FALSE;
  if (g_strcmp0 (stage->type == BV_TYPE_TEXT ? stage->s : NULL, first->value) == 0)
    return TRUE;
  for (guint f = 0; f < fetch->fields->len; f++)
    {
      const char *name = ((BvSourceField *) fetch->fields->pdata[f])->name;

      if (strcmp (name, "is_current") == 0)
        before[f] = bv_value_bool (FALSE);
      else if (strcmp (name, "left_at") == 0 || strcmp (name, "seconds_in_stage") == 0)
        before[f] = BV_VALUE_NULL;
    }
  bv_batch_add_row (fetch->batch, before, NULL);
  return FALSE;
}

static gboolean
add_stays (BvHubspot *self, BvFetch *fetch, const BvHubspotHistory *history, JsonObject *record, GError **error)
{
  g_autofree char *id = bv_hubspot_text (record, "id");
  g_autofree char *labels_key = g_strconcat (history->type, "/", history->property, NULL);
  GHashTable *labels = g_hash_table_lookup (self->labels, labels_key);
  g_autoptr (GArray) changes = read_changes (record, history->property, error);
  g_autofree BvValue *values = g_new0 (BvValue, fetch->fields->len);
  BvValue *before = g_new0 (BvValue, fetch->fields->len);
  gboolean joins = FALSE;

  if (changes == NULL || id == NULL)
    {
      g_free (before);
      return changes != NULL && bv_hubspot_malformed (error);
    }
  bv_batch_see (fetch->batch, id);
  if (changes->len == 0)
    bv_batch_pass_over (fetch->batch);
  else
    {
      char buf[BV_TIME_TEXT_MAX];
      const Change *first = &g_array_index (changes, Change, 0);
      const char *from = bv_timestamp_to_text (first->at, buf);

      bv_batch_cover (fetch->batch, id, from);
      joins = bv_batch_look_before (fetch->batch, id, from, before) && goes_on (fetch, before, first);
    }
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      const Change *next = i + 1 < changes->len ? &g_array_index (changes, Change, i + 1) : NULL;
      g_autofree char *label = labels != NULL ? bv_hubspot_label (labels, change->value) : NULL;
      g_autofree char *user = bv_hubspot_text (change->change, "updatedByUserId");
      gboolean old = i == 0 && joins;
      gint64 at = old ? before[place_of (fetch, "entered_at")].i : change->at;

      for (guint f = 0; f < fetch->fields->len; f++)
        {
          const BvSourceField *field = fetch->fields->pdata[f];
          const char *name = field->name;

          values[f] = strcmp (name, "entered_at") == 0 ? bv_value_timestamp (at)
                      : strcmp (name, "left_at") == 0 ? next != NULL ? bv_value_timestamp (next->at) : BV_VALUE_NULL
                      : strcmp (name, "seconds_in_stage") == 0 ? next != NULL ? bv_value_int ((next->at - at) / BV_SECOND_US) : BV_VALUE_NULL
                      : strcmp (name, "stage") == 0 ? borrow (change->value)
                      : strcmp (name, "stage_label") == 0 ? borrow (label)
                      : strcmp (name, "is_current") == 0 ? bv_value_bool (next == NULL)
                      : strcmp (name, "changed_by") == 0 ? old ? before[f] : borrow (bv_source_json_text (change->change, "sourceType"))
                      : strcmp (name, "user_id") == 0 ? old ? before[f] : bv_hubspot_read_value (user, field->type)
                      : bv_hubspot_read_value (id, field->type);
        }
      bv_batch_add_row (fetch->batch, values, NULL);
    }
  clear_values (before, fetch->fields->len);
  return TRUE;
}

static gboolean
add_all (BvHubspot *self, BvFetch *fetch, const BvHubspotHistory *history, JsonObject *answer, GError **error)
{
  JsonArray *results = bv_hubspot_results (answer);

  if (results == NULL)
    return bv_hubspot_malformed (error);
  for (guint i = 0; i < json_array_get_length (results); i++)
    if (!add_stays (self, fetch, history, bv_json_get_element (results, i), error))
      return FALSE;
  return TRUE;
}

/* --- The passes --------------------------------------------------------------------------------------------------------------------- */

static gboolean
fetch_list (BvHubspot *self, BvFetch *fetch, const BvHubspotHistory *history, GError **error)
{
  const char *const only[] = { fetch->stream->cursor, NULL };
  gint64 start = bv_hubspot_pass_start_ms (self, fetch);
  g_autoptr (JsonObject) answer = bv_hubspot_list_page (self, fetch, history->type, only, history->property, FALSE, NULL, error);

  if (answer == NULL || !add_all (self, fetch, history, answer, error))
    return FALSE;
  bv_hubspot_move_on (fetch, answer);
  if (fetch->done && fetch->pass == BV_PASS_FIRST)
    json_object_set_int_member (fetch->cursor, "modified_ms", start);
  return TRUE;
}

static gboolean
read_batch (BvHubspot *self, BvFetch *fetch, const BvHubspotHistory *history, const char *const *ids, GError **error)
{
  g_autoptr (BvHttpRequest) request = bv_hubspot_request (self, "POST", BV_HUBSPOT_BATCH, history->type, NULL);
  const char *const only[] = { fetch->stream->cursor, NULL };
  const char *const histories[] = { history->property, NULL };
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *body = json_object_new ();

  json_object_set_array_member (body, "inputs", bv_hubspot_inputs (ids));
  json_object_set_array_member (body, "properties", bv_hubspot_names (only));
  json_object_set_array_member (body, "propertiesWithHistory", bv_hubspot_names (histories));
  bv_hubspot_set_body (request, body);
  answer = bv_hubspot_send (self, request, error);
  return answer != NULL && add_all (self, fetch, history, answer, error);
}

static gboolean
fetch_update (BvHubspot *self, BvFetch *fetch, const BvHubspotHistory *history, GError **error)
{
  const char *const only[] = { fetch->stream->cursor, NULL };
  g_autoptr (JsonObject) answer = bv_hubspot_search_page (self, fetch, history->type, only, error);
  g_autoptr (GPtrArray) ids = answer != NULL ? bv_hubspot_search_move_on (self, fetch, answer, error) : NULL;

  if (ids == NULL)
    return FALSE;
  for (guint at = 0; at < ids->len; at += BV_HUBSPOT_HISTORY_PAGE)
    {
      const char *some[BV_HUBSPOT_HISTORY_PAGE + 1] = { NULL };

      for (guint i = 0; i < BV_HUBSPOT_HISTORY_PAGE && at + i < ids->len; i++)
        some[i] = ids->pdata[at + i];
      if (!read_batch (self, fetch, history, some, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bv_hubspot_history_fetch (BvHubspot *self, BvFetch *fetch, GError **error)
{
  const BvHubspotHistory *history = bv_hubspot_history_find (fetch->stream->name);

  if (fetch->pass == BV_PASS_DELETED)
    return bv_hubspot_fetch_deleted (self, fetch, history->type, error);
  return fetch->pass == BV_PASS_UPDATE ? fetch_update (self, fetch, history, error) : fetch_list (self, fetch, history, error);
}
