/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people did: Intercom's contacts and conversations, Segment's identifies and tracks.
 *
 * Activity is drawn day by day: on each day each active person has a Poisson number of sessions (or conversations) whose mean
 * is the person's weight times the day's season, scaled so that the expected total is what was asked for. A day's rows are sorted
 * and written before the next day is drawn, so a large sample needs no more memory than a small one.
 */

#include "bv-sample-private.h"

#include <math.h>
#include <string.h>

#define SESSIONS_PER_CUSTOMER 30.0
#define CONVERSATIONS_PER_CUSTOMER 6.25

/* The factor that makes the sum of weight × season over all people and days equal @total. */
static double
activity_rate (BvSampleWorld *world, double total)
{
  g_autofree double *delta = g_new0 (double, BV_SAMPLE_DAYS + 2);
  double weight = 0, sum = 0;

  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);

      if (contact->has_user && contact->end_day > contact->start_day)
        {
          delta[CLAMP (contact->start_day - world->first_day, 0, BV_SAMPLE_DAYS)] += contact->weight;
          delta[CLAMP (contact->end_day - world->first_day, 0, BV_SAMPLE_DAYS)] -= contact->weight;
        }
    }
  for (gint64 d = 0; d < BV_SAMPLE_DAYS; d++)
    {
      weight += delta[d];
      sum += weight * bv_sample_season (world->first_day + d);
    }
  return sum > 0 ? total / sum : 0;
}

/* --- Intercom ------------------------------------------------------------------------------------------------------ */

static gboolean
write_intercom_contacts (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_TEXT }, { (char *) "external_id", BV_TYPE_TEXT }, { (char *) "email", BV_TYPE_TEXT },
    { (char *) "name", BV_TYPE_TEXT }, { (char *) "role", BV_TYPE_TEXT }, { (char *) "created_at", BV_TYPE_TIMESTAMP },
    { (char *) "last_seen_at", BV_TYPE_TIMESTAMP }, { (char *) "plan", BV_TYPE_TEXT },
  };
  static const char *const key[] = { "id", NULL };
  BvSampleRandom random;

  if (!bv_table_writer_begin_table (world->writer, "intercom_contacts", "Intercom", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&random, world->seed, 6);
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);
      g_autofree char *name = NULL;
      gint64 created, last_day;
      gboolean never;

      if (!contact->has_user)
        continue;
      name = g_strconcat (contact->first_name, " ", contact->last_name, NULL);
      created = bv_sample_instant (contact->start_day, &random);
      last_day = MIN (contact->end_day - 1, world->as_of);
      last_day = MAX (contact->start_day, last_day - (gint64) bv_sample_random_below (&random, 20));
      never = bv_sample_random_chance (&random, 0.03);
      {
        BvValue row[] = {
          bv_sample_text (contact->intercom_id), bv_sample_text (contact->user_id), bv_sample_text (contact->email),
          bv_sample_text (name), bv_sample_text ("user"), bv_value_timestamp (created),
          never ? BV_VALUE_NULL : bv_value_timestamp (MAX (created, bv_sample_instant (last_day, &random))),
          bv_sample_text (bv_sample_plan_names[contact->plan]),
        };

        if (!bv_table_writer_append (world->writer, row, error))
          return FALSE;
      }
    }
  /* Leads: visitors who wrote before they had an account. */
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);
      char id[25];

      if (contact->company >= 0 || i % 4 != 0)
        continue;
      bv_sample_random_hex (&random, id, 24);
      {
        BvValue row[] = {
          bv_sample_text (id), BV_VALUE_NULL, bv_sample_text (contact->email), BV_VALUE_NULL, bv_sample_text ("lead"),
          bv_value_timestamp (contact->created), BV_VALUE_NULL, BV_VALUE_NULL,
        };

        if (!bv_table_writer_append (world->writer, row, error))
          return FALSE;
      }
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

typedef struct
{
  gint64 at;
  guint contact;
  guint sequence;
} Occurrence;

static int
compare_occurrences (gconstpointer a, gconstpointer b)
{
  const Occurrence *x = a, *y = b;

  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static void
draw_day (BvSampleWorld *world, gint64 day, double rate, BvSampleRandom *random, GArray *occurrences)
{
  double season = bv_sample_season (day) * rate;

  g_array_set_size (occurrences, 0);
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);
      guint n;

      if (!contact->has_user || day < contact->start_day || day >= contact->end_day)
        continue;
      n = bv_sample_random_poisson (random, contact->weight * season);
      for (guint k = 0; k < n; k++)
        {
          Occurrence occurrence = { bv_sample_instant (day, random), i, occurrences->len };

          g_array_append_val (occurrences, occurrence);
        }
    }
  g_array_sort (occurrences, compare_occurrences);
}

static gboolean
write_conversation (BvSampleWorld *world, const Occurrence *occurrence, gint64 id, BvSampleRandom *random, GError **error)
{
  static const char *const teams[] = { "Support", "Support", "Support", "Billing", "Onboarding", NULL };
  const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, occurrence->contact);
  gint64 end = bv_sample_end (world), replied = 0, closed = 0, updated = occurrence->at;
  gint64 to_reply = (gint64) (1500 * exp (1.0 * bv_sample_random_normal (random)));
  gint64 to_close = to_reply + (gint64) (14400 * exp (1.1 * bv_sample_random_normal (random)));
  guint n_topics = g_strv_length ((char **) bv_sample_topics);
  double skew = bv_sample_random_unit (random);
  guint topic = MIN ((guint) (skew * skew * n_topics), n_topics - 1), reopens = 0;
  gboolean weekend = bv_weekday (occurrence->at / BV_DAY_US) > 5;
  const char *state = "open", *team;
  gboolean never_closed = bv_sample_random_chance (random, 0.02), snoozed = bv_sample_random_chance (random, 0.04);
  gboolean ignored = bv_sample_random_chance (random, 0.015); /* a thank-you that needs no answer */
  gboolean rated = bv_sample_random_chance (random, 0.22), no_email = bv_sample_random_chance (random, 0.012);
  int rating = 5 - (int) (3.2 * pow (bv_sample_random_unit (random), 2.2) + (to_reply > 7200 ? 1 : 0));
  char untidy[128];
  const char *email = bv_sample_untidy (contact->email, random, 0.008, untidy);
  gboolean priority = bv_sample_random_chance (random, contact->plan == BV_PLAN_CHAIN ? 0.3 : 0.08);

  team = topic == 0 ? "Billing" : teams[bv_sample_strv_pick (teams, random)];
  /* Nobody answers on a Sunday: such messages wait for the week to begin. */
  if (weekend)
    {
      to_reply += 20 * 3600;
      to_close += 20 * 3600;
    }
  if (!ignored && occurrence->at + to_reply * BV_SECOND_US <= end)
    {
      replied = occurrence->at + to_reply * BV_SECOND_US;
      updated = replied;
    }
  if (replied != 0 && !never_closed && occurrence->at + to_close * BV_SECOND_US <= end)
    {
      closed = occurrence->at + to_close * BV_SECOND_US;
      updated = closed;
      state = "closed";
      reopens = bv_sample_random_chance (random, 0.12) ? 1 + bv_sample_random_poisson (random, 0.3) : 0;
    }
  else if (replied != 0 && snoozed)
    state = "snoozed";

  {
    BvValue row[] = {
      bv_value_int (id), bv_sample_text (contact->intercom_id), bv_sample_text (no_email ? NULL : email), bv_sample_text (state),
      bv_sample_text (priority ? "priority" : "not_priority"), bv_sample_text (bv_sample_topics[topic]),
      bv_value_timestamp (occurrence->at), bv_sample_instant_or_null (replied),
      replied != 0 ? bv_value_int (to_reply) : BV_VALUE_NULL, closed != 0 ? bv_value_int (to_close) : BV_VALUE_NULL,
      bv_value_int (reopens), closed != 0 && rated ? bv_value_int (CLAMP (rating, 1, 5)) : BV_VALUE_NULL,
      bv_sample_text (team), bv_value_timestamp (updated),
    };

    return bv_table_writer_append (world->writer, row, error);
  }
}

gboolean
bv_sample_write_intercom (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "contact_id", BV_TYPE_TEXT }, { (char *) "user_email", BV_TYPE_TEXT },
    { (char *) "state", BV_TYPE_TEXT }, { (char *) "priority", BV_TYPE_TEXT }, { (char *) "topic", BV_TYPE_TEXT },
    { (char *) "created_at", BV_TYPE_TIMESTAMP }, { (char *) "first_admin_reply_at", BV_TYPE_TIMESTAMP },
    { (char *) "time_to_admin_reply", BV_TYPE_INT }, { (char *) "time_to_first_close", BV_TYPE_INT },
    { (char *) "count_reopens", BV_TYPE_INT }, { (char *) "rating", BV_TYPE_INT }, { (char *) "team", BV_TYPE_TEXT },
    { (char *) "updated_at", BV_TYPE_TIMESTAMP },
  };
  static const char *const key[] = { "id", NULL };
  g_autoptr(GArray) day_rows = g_array_new (FALSE, FALSE, sizeof (Occurrence));
  double rate = activity_rate (world, CONVERSATIONS_PER_CUSTOMER * world->customers);
  gint64 id = 215400001;
  BvSampleRandom draw, detail;

  if (!write_intercom_contacts (world, error))
    return FALSE;
  if (!bv_table_writer_begin_table (world->writer, "intercom_conversations", "Intercom", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&draw, world->seed, 7);
  bv_sample_random_init (&detail, world->seed, 8);
  for (gint64 day = world->first_day; day <= world->as_of; day++)
    {
      if (g_cancellable_set_error_if_cancelled (world->cancellable, error))
        return FALSE;
      draw_day (world, day, rate, &draw, day_rows);
      for (guint i = 0; i < day_rows->len; i++)
        if (!write_conversation (world, &g_array_index (day_rows, Occurrence, i), id++, &detail, error))
          return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

/* --- Segment --------------------------------------------------------------------------------------------------------- */

gboolean
bv_sample_write_identifies (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_TEXT }, { (char *) "user_id", BV_TYPE_TEXT }, { (char *) "anonymous_id", BV_TYPE_TEXT },
    { (char *) "email", BV_TYPE_TEXT }, { (char *) "plan", BV_TYPE_TEXT }, { (char *) "received_at", BV_TYPE_TIMESTAMP },
    { (char *) "timestamp", BV_TYPE_TIMESTAMP },
  };
  static const char *const key[] = { "id", NULL };
  BvSampleRandom random;

  if (!bv_table_writer_begin_table (world->writer, "segment_identifies", "Segment", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&random, world->seed, 9);
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);
      guint n = 1 + bv_sample_random_below (&random, 3);
      gint64 day = contact->start_day;

      if (!contact->has_user)
        continue;
      for (guint k = 0; k < n && day <= world->as_of; k++)
        {
          gint64 at = bv_sample_instant (day, &random);
          /* People begin on a smaller plan. */
          BvSamplePlan plan = k == 0 && n > 1 && contact->plan > BV_PLAN_STARTER ? contact->plan - 1 : contact->plan;
          char id[40], untidy[128];

          memcpy (id, "id-", 3);
          bv_sample_random_hex (&random, id + 3, 24);
          {
            BvValue row[] = {
              bv_sample_text (id), bv_sample_text (contact->user_id), bv_sample_text (contact->anonymous_id),
              bv_sample_text (bv_sample_untidy (contact->email, &random, 0.01, untidy)), bv_sample_text (bv_sample_plan_names[plan]),
              bv_value_timestamp (at + (1 + (gint64) bv_sample_random_below (&random, 9)) * BV_SECOND_US), bv_value_timestamp (at),
            };

            if (!bv_table_writer_append (world->writer, row, error))
              return FALSE;
          }
          day += 40 + (gint64) bv_sample_random_below (&random, 200);
        }
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

typedef struct
{
  const char *slug, *text, *page;
  guint weight; /* of 1000 */
} EventKind;

/* What follows a login, most frequent first. */
static const EventKind event_kinds[] = {
  { "order_imported", "Order Imported", "/orders/import", 330 },
  { "report_created", "Report Created", "/reports/new", 190 },
  { "stock_updated", "Stock Updated", "/stock", 170 },
  { "recipe_edited", "Recipe Edited", "/recipes", 120 },
  { "invoice_sent", "Invoice Sent", "/invoices", 100 },
  { "invite_sent", "Invite Sent", "/settings/team", 60 },
  { "settings_changed", "Settings Changed", "/settings", 24 },
  { "plan_upgraded", "Plan Upgraded", "/settings/plan", 6 },
};
static const EventKind login_kind = { "logged_in", "Logged In", "/login", 0 };
static const EventKind visit_kind = { "pricing_viewed", "Pricing Viewed", "/pricing", 0 };

static const EventKind *
pick_event (BvSampleRandom *random)
{
  int left = (int) bv_sample_random_below (random, 1000);

  for (guint i = 0; i < G_N_ELEMENTS (event_kinds); i++)
    if ((left -= (int) event_kinds[i].weight) < 0)
      return &event_kinds[i];
  return &event_kinds[0];
}

typedef struct
{
  gint64 at;
  const EventKind *kind;
  int contact;        /* index; -1 a visitor nobody knows, -2 a user that no other table knows */
  guint sequence;
  const char *app;
} Event;

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *x = a, *y = b;

  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static void
add_event (GArray *events, gint64 at, const EventKind *kind, int contact, const char *app)
{
  Event event = { at, kind, contact, events->len, app };

  g_array_append_val (events, event);
}

/* A session: the login, then what it was for, minutes apart. */
static void
add_session (BvSampleWorld *world, GArray *events, const Occurrence *session, BvSampleRandom *random)
{
  const char *app = bv_sample_random_chance (random, 0.71) ? "Jaffle Web" : "Jaffle Mobile";
  guint n = bv_sample_random_poisson (random, 1.5);
  gint64 at = session->at, last = (session->at / BV_DAY_US) * BV_DAY_US + (gint64) 75900 * BV_SECOND_US;

  add_event (events, at, &login_kind, (int) session->contact, app);
  for (guint i = 0; i < n; i++)
    {
      at = MIN (last, at + (20 + (gint64) bv_sample_random_below (random, 900)) * BV_SECOND_US);
      add_event (events, at, pick_event (random), (int) session->contact, app);
    }
  if (bv_sample_random_chance (random, 0.03))
    {
      gboolean ghost = bv_sample_random_chance (random, 0.3);

      add_event (events, session->at, ghost ? pick_event (random) : &visit_kind, ghost ? -2 : -1, "Jaffle Web");
    }
}

static gboolean
write_event (BvSampleWorld *world, const Event *event, BvSampleRandom *random, GError **error)
{
  const BvSampleContact *contact = event->contact < 0 ? NULL : &g_array_index (world->contacts, BvSampleContact, event->contact);
  char id[40], anonymous[33], ghost_id[16], ghost_email[48], untidy[128];
  const char *user_id = NULL, *email = NULL, *anonymous_id = anonymous;
  gint64 delay = 1 + (gint64) bv_sample_random_below (random, 6);
  gboolean no_email = bv_sample_random_chance (random, 0.02), late = bv_sample_random_chance (random, 0.01);

  memcpy (id, "ajs-", 4);
  bv_sample_random_hex (random, id + 4, 24);
  if (contact != NULL)
    {
      user_id = contact->user_id;
      anonymous_id = contact->anonymous_id;
      email = no_email ? NULL : bv_sample_untidy (contact->email, random, 0.004, untidy);
    }
  else
    {
      bv_sample_random_hex (random, anonymous, 32);
      if (event->contact == -2)
        {
          guint n = bv_sample_random_below (random, 12);

          g_snprintf (ghost_id, sizeof ghost_id, "tst_%03u", n);
          g_snprintf (ghost_email, sizeof ghost_email, "test+%u@jaffle.example", n);
          user_id = ghost_id;
          email = ghost_email;
        }
    }
  /* A phone without signal delivers when it is back on line, but within the day. */
  if (late && event->app[7] == 'M')
    delay += bv_sample_random_below (random, 1800);
  {
    BvValue row[] = {
      bv_sample_text (id), bv_sample_text (event->kind->slug), bv_sample_text (event->kind->text), bv_sample_text (user_id),
      bv_sample_text (anonymous_id), bv_sample_text (email), bv_value_timestamp (event->at),
      bv_value_timestamp (MIN (event->at + delay * BV_SECOND_US, MAX (event->at, bv_sample_end (world) + 600 * BV_SECOND_US))),
      bv_sample_text (event->kind->page), bv_sample_text (event->app),
    };

    return bv_table_writer_append (world->writer, row, error);
  }
}

gboolean
bv_sample_write_tracks (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_TEXT }, { (char *) "event", BV_TYPE_TEXT }, { (char *) "event_text", BV_TYPE_TEXT },
    { (char *) "user_id", BV_TYPE_TEXT }, { (char *) "anonymous_id", BV_TYPE_TEXT }, { (char *) "user_email", BV_TYPE_TEXT },
    { (char *) "timestamp", BV_TYPE_TIMESTAMP }, { (char *) "received_at", BV_TYPE_TIMESTAMP },
    { (char *) "context_page_path", BV_TYPE_TEXT }, { (char *) "context_app", BV_TYPE_TEXT },
  };
  static const char *const key[] = { "id", NULL };
  g_autoptr(GArray) sessions = g_array_new (FALSE, FALSE, sizeof (Occurrence));
  g_autoptr(GArray) events = g_array_new (FALSE, FALSE, sizeof (Event));
  double rate = activity_rate (world, SESSIONS_PER_CUSTOMER * world->customers);
  BvSampleRandom draw, detail;

  if (!bv_table_writer_begin_table (world->writer, "segment_tracks", "Segment", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&draw, world->seed, 10);
  bv_sample_random_init (&detail, world->seed, 11);
  for (gint64 day = world->first_day; day <= world->as_of; day++)
    {
      if (g_cancellable_set_error_if_cancelled (world->cancellable, error))
        return FALSE;
      draw_day (world, day, rate, &draw, sessions);
      g_array_set_size (events, 0);
      for (guint i = 0; i < sessions->len; i++)
        add_session (world, events, &g_array_index (sessions, Occurrence, i), &detail);
      g_array_sort (events, compare_events);
      for (guint i = 0; i < events->len; i++)
        if (!write_event (world, &g_array_index (events, Event, i), &detail, error))
          return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}
