/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two years of a software house, drawn from fixed seeds: users by a Zipf law with exponent 0.9, traffic that grows and rests at weekends, amounts and
 * response times log-normal, and the dirt of real tables: missing values, addresses that belong to no contact, events that arrive late.
 *
 * Weighted choices use Walker's alias tables (O(1) a draw after O(n) to make); the generator is SplitMix64.
 */
#include "bench-data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_DAYS 731
#define FIRST_DAY 19539 /* 2023-07-01, a Saturday */

static guint64 state;

static guint64
draw (void)
{
  guint64 z = state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ z >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ z >> 31;
}

static double
draw_double (void)
{
  return (double) (draw () >> 11) / 9007199254740992.0;
}

static guint
draw_below (guint n)
{
  return (guint) ((draw () >> 32) * n >> 32);
}

static double
draw_normal (void)
{
  double u = draw_double () + 1e-18;

  return sqrt (-2 * log (u)) * cos (2 * G_PI * draw_double ());
}

typedef struct
{
  guint n;
  guint *other;
  double *keep;
} Alias;

static Alias
alias_new (const double *weights, guint n)
{
  Alias self = { n, g_new (guint, n), g_new (double, n) };
  g_autofree guint *small = g_new (guint, n);
  g_autofree guint *large = g_new (guint, n);
  guint n_small = 0, n_large = 0;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += weights[i];
  for (guint i = 0; i < n; i++)
    {
      self.keep[i] = weights[i] * n / sum;
      self.other[i] = i;
      if (self.keep[i] < 1)
        small[n_small++] = i;
      else
        large[n_large++] = i;
    }
  while (n_small > 0 && n_large > 0)
    {
      guint s = small[--n_small], l = large[n_large - 1];

      self.other[s] = l;
      self.keep[l] -= 1 - self.keep[s];
      if (self.keep[l] < 1)
        {
          n_large--;
          small[n_small++] = l;
        }
    }
  while (n_large > 0)
    self.keep[large[--n_large]] = 1;
  while (n_small > 0)
    self.keep[small[--n_small]] = 1;
  return self;
}

static guint
alias_draw (const Alias *self)
{
  guint i = draw_below (self->n);

  return draw_double () < self->keep[i] ? i : self->other[i];
}

static void
alias_clear (Alias *self)
{
  g_free (self->other);
  g_free (self->keep);
}

static const char *const first_names[] = { "ana", "bruno", "carla", "david", "elena", "felix", "gita", "hugo", "ines", "jonas", "kira", "liam", "mara", "nils", "olga" };
static const char *const last_names[] = { "silva", "meyer", "rossi", "novak", "jensen", "okafor", "tanaka", "khan", "garcia", "dubois", "kowalski", "smith" };
static const char *const company_words[] = { "harbor", "acme", "systems", "foods", "logic", "garden", "motors", "labs", "media", "bank", "energy", "health", "travel", "retail" };
static const char *const industries[] = { "Software", "Retail", "Healthcare", "Finance", "Manufacturing", "Education", "Media", "Logistics", "Energy", "Hospitality",
                                          "Insurance", "Telecom", "Government", "Construction", "Agriculture", "Legal", "Real Estate", "Automotive", "Aerospace", "Nonprofit" };
static const char *const plans[] = { "free", "starter", "pro", "business", "enterprise" };
static const char *const stages[] = { "won", "lost", "lead", "qualified", "proposal", "negotiation" };
static const char *const devices[] = { "web", "ios", "android", "desktop" };
static const char *const names[] = { "page_view", "login", "search", "click", "view_item", "add_to_cart", "logout", "export_report", "share", "comment",
                                     "upload", "download", "invite_sent", "settings_changed", "signup", "activate", "purchase", "upgrade", "downgrade", "error_shown",
                                     "api_call", "webhook_fired", "email_opened", "email_clicked", "push_opened", "video_play", "feedback_given", "plan_viewed",
                                     "integration_added", "delete_item" };
static const double stage_weights[] = { 28, 22, 15, 15, 12, 8 }, plan_weights[] = { 50, 20, 15, 10, 5 }, device_weights[] = { 55, 20, 18, 7 },
                    csat_weights[] = { 6, 5, 12, 30, 47 };

typedef struct
{
  guint n_contacts;
  char **emails;
  guint8 *plans;
  Alias users, days;
  double day_share[N_DAYS]; /* cumulative */
} Crowd;

static BvValue
borrowed (const char *text)
{
  return (BvValue){ BV_TYPE_TEXT, { .s = (char *) text } };
}

static BvTableWriter *
begin (BvProject *project, const char *name, const char *spec, GError **error)
{
  g_auto(GStrv) specs = g_strsplit (spec, " ", -1);
  guint n = g_strv_length (specs);
  g_autofree BvTableColumn *columns = g_new0 (BvTableColumn, n);
  BvTableWriter *writer = bv_table_writer_new (project, error);

  if (writer == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      char *colon = strchr (specs[i], ':');

      bv_type_from_name (colon + 1, &columns[i].type);
      *colon = '\0';
      columns[i].name = specs[i];
    }
  if (bv_table_writer_begin_table (writer, name, "Benchmark", NULL, columns, n, NULL, error))
    return writer;
  bv_table_writer_abort (writer);
  return NULL;
}

static gboolean
end (BvTableWriter *writer, GError **error)
{
  if (bv_table_writer_end_table (writer, NULL, NULL, error))
    return bv_table_writer_commit (writer, "Benchmark", NULL, error);
  bv_table_writer_abort (writer);
  return FALSE;
}

static gboolean
fill_contacts (BvProject *project, Crowd *crowd, GError **error)
{
  BvTableWriter *writer = begin (project, "contacts", "id:int email:text industry:text plan:text created:date", error);
  double industry_weights[G_N_ELEMENTS (industries)];
  Alias industry, plan = alias_new (plan_weights, G_N_ELEMENTS (plan_weights));
  gboolean ok = writer != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (industries); i++)
    industry_weights[i] = 1.0 / (i + 2);
  industry = alias_new (industry_weights, G_N_ELEMENTS (industries));
  state = 2;
  for (guint i = 0; ok && i < crowd->n_contacts; i++)
    {
      guint company = (guint) (pow (draw_double (), 3) * (crowd->n_contacts / 5.0 + 1));
      guint drawn = alias_draw (&industry);
      BvValue cells[5];

      crowd->emails[i] = g_strdup_printf ("%s.%s%u@%s%u.com", first_names[draw_below (G_N_ELEMENTS (first_names))],
                                          last_names[draw_below (G_N_ELEMENTS (last_names))], i + 1,
                                          company_words[company * 5 % G_N_ELEMENTS (company_words)], company);
      crowd->plans[i] = (guint8) alias_draw (&plan);
      cells[0] = bv_value_int (i + 1);
      cells[1] = borrowed (crowd->emails[i]);
      cells[2] = draw_below (100) < 3 ? BV_VALUE_NULL : borrowed (industries[drawn]);
      cells[3] = borrowed (plans[crowd->plans[i]]);
      cells[4] = bv_value_date (FIRST_DAY + draw_below (N_DAYS));
      ok = bv_table_writer_append (writer, cells, error);
    }
  alias_clear (&industry);
  alias_clear (&plan);
  if (ok)
    return end (writer, error);
  bv_table_writer_abort (writer);
  return FALSE;
}

static void
make_crowd (Crowd *crowd)
{
  g_autofree double *weights = g_new (double, crowd->n_contacts);
  g_autofree guint *ranks = g_new (guint, crowd->n_contacts);
  double day_weights[N_DAYS], sum = 0, share = 0;

  state = 3;
  for (guint i = 0; i < crowd->n_contacts; i++)
    ranks[i] = i;
  for (guint i = crowd->n_contacts - 1; i > 0; i--)
    {
      guint k = draw_below (i + 1), swap = ranks[i];

      ranks[i] = ranks[k];
      ranks[k] = swap;
    }
  for (guint r = 0; r < crowd->n_contacts; r++)
    weights[ranks[r]] = pow (r + 8.0, -0.9);
  crowd->users = alias_new (weights, crowd->n_contacts);
  for (guint d = 0; d < N_DAYS; d++)
    {
      day_weights[d] = (1 + 1.5 * d / N_DAYS) * (bv_weekday (FIRST_DAY + d) >= 6 ? 0.45 : 1);
      sum += day_weights[d];
    }
  for (guint d = 0; d < N_DAYS; d++)
    crowd->day_share[d] = (share += day_weights[d]) / sum;
  crowd->days = alias_new (day_weights, N_DAYS);
}

static gboolean
fill_deals (BvProject *project, Crowd *crowd, guint n, GError **error)
{
  BvTableWriter *writer = begin (project, "deals", "id:int contact_id:int amount:double stage:text close_date:date", error);
  Alias stage = alias_new (stage_weights, G_N_ELEMENTS (stage_weights));
  gboolean ok = writer != NULL;

  state = 4;
  for (guint i = 0; ok && i < n; i++)
    {
      guint user = alias_draw (&crowd->users), drawn = alias_draw (&stage);
      double amount = MIN (exp (7.5 + 1.3 * draw_normal ()), 2e6);
      BvValue cells[5] = { bv_value_int (i + 1), BV_VALUE_NULL, BV_VALUE_NULL, borrowed (stages[drawn]), BV_VALUE_NULL };

      if (draw_below (200) != 0)
        cells[1] = bv_value_int (user + 1);
      if (draw_below (100) != 0)
        cells[2] = bv_value_double (floor (amount * 100) / 100);
      if (drawn < 2 || draw_below (10) < 6)
        cells[4] = bv_value_date (FIRST_DAY + alias_draw (&crowd->days));
      ok = bv_table_writer_append (writer, cells, error);
    }
  alias_clear (&stage);
  if (ok)
    return end (writer, error);
  bv_table_writer_abort (writer);
  return FALSE;
}

/* The address of a row: most often a contact's, now and then nobody's or none. */
static BvValue
address (Crowd *crowd, guint user, char *guest)
{
  guint x = draw_below (1000);

  if (x < 5)
    return BV_VALUE_NULL;
  if (x >= 8)
    return borrowed (crowd->emails[user]);
  g_snprintf (guest, 40, "guest%u@unknown.example", draw_below (crowd->n_contacts + 1));
  return borrowed (guest);
}

static gboolean
fill_times (BvProject *project, Crowd *crowd, guint n, gboolean events, GError **error)
{
  BvTableWriter *writer = begin (project, events ? "events" : "conversations",
                                 events ? "user_email:text event:text ts:timestamp plan:text device:text"
                                        : "user_email:text opened_at:timestamp first_response_min:int csat:int", error);
  double name_weights[G_N_ELEMENTS (names)];
  Alias name, device = alias_new (device_weights, G_N_ELEMENTS (device_weights)), csat = alias_new (csat_weights, G_N_ELEMENTS (csat_weights));
  gboolean ok = writer != NULL;
  guint day = 0, first = 0;
  char guest[40];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    name_weights[i] = i == 1 ? 1.0 : 1.0 / (i + 1.5);
  name = alias_new (name_weights, G_N_ELEMENTS (names));
  state = events ? 6 : 5;
  for (guint i = 0; ok && i < n; i++)
    {
      guint user = alias_draw (&crowd->users), past = i, last;
      gint64 us;
      BvValue cells[5];

      while (day + 1 < N_DAYS && i >= crowd->day_share[day] * n)
        {
          day++;
          first = i;
        }
      last = MAX ((guint) (crowd->day_share[day] * n), first + 1);
      us = (FIRST_DAY + (gint64) day) * BV_DAY_US + (gint64) ((double) (past - first) / (last - first + 1) * 86400) * BV_SECOND_US;
      if (draw_below (1000) >= 998)
        us -= (gint64) draw_below (4 * 86400) * BV_SECOND_US;
      us = MAX (us, FIRST_DAY * BV_DAY_US);
      cells[0] = address (crowd, user, guest);
      if (events)
        {
          cells[1] = draw_below (1000) == 0 ? BV_VALUE_NULL : borrowed (names[alias_draw (&name)]);
          cells[2] = bv_value_timestamp (us);
          cells[3] = borrowed (plans[draw_below (20) != 0 ? crowd->plans[user] : draw_below (G_N_ELEMENTS (plans))]);
          cells[4] = draw_below (100) < 2 ? BV_VALUE_NULL : borrowed (devices[alias_draw (&device)]);
        }
      else
        {
          double minutes = MIN (exp (3.2 + 1.4 * draw_normal ()), 10080);

          cells[1] = bv_value_timestamp (us);
          cells[2] = draw_below (100) < 8 ? BV_VALUE_NULL : bv_value_int ((gint64) minutes);
          cells[3] = draw_below (100) < 35 ? bv_value_int (1 + alias_draw (&csat)) : BV_VALUE_NULL;
        }
      ok = bv_table_writer_append (writer, cells, error);
    }
  alias_clear (&name);
  alias_clear (&device);
  alias_clear (&csat);
  if (ok)
    return end (writer, error);
  bv_table_writer_abort (writer);
  return FALSE;
}

gboolean
bench_fill (BvProject *project, guint n_events, BenchMeta *meta, GError **error)
{
  Crowd crowd = { MAX (n_events / 50, 10) };
  gboolean ok;

  crowd.emails = g_new0 (char *, crowd.n_contacts + 1);
  crowd.plans = g_new0 (guint8, crowd.n_contacts);
  make_crowd (&crowd);
  ok = fill_contacts (project, &crowd, error) && fill_deals (project, &crowd, n_events / 10, error) &&
       fill_times (project, &crowd, n_events / 5, FALSE, error) && fill_times (project, &crowd, n_events, TRUE, error);
  meta->email = g_strdup (crowd.emails[crowd.n_contacts / 3]);
  meta->industry = g_strdup (industries[2]);
  alias_clear (&crowd.users);
  alias_clear (&crowd.days);
  g_strfreev (crowd.emails);
  g_free (crowd.plans);
  return ok;
}

char *
bench_definitions (void)
{
  return g_strdelimit (g_strdup (
    "{'belvedere':1,'settings':{'time_zone':'UTC','week_start':'monday'},"
    "'relationships':[{'from':'deals.contact_id','to':'contacts.id','type':'belongs-to'},"
    "{'from':'conversations.user_email','to':'contacts.email','type':'belongs-to'},"
    "{'from':'events.user_email','to':'contacts.email','type':'belongs-to'}],"
    "'explorations':["
    "{'name':'Deals','root':'deals','related':[{'table':'contacts','as':'Contact','through':'deals.contact_id'}],"
    "'dimensions':[{'name':'Date','field':'deals.close_date'}],'time_field':'Date',"
    "'metrics':[{'name':'Won','aggregate':'sum','field':'deals.amount','where':{'field':'deals.stage','is':'won'}},"
    "{'name':'Won so far','aggregate':'cumulative-sum','of':'Won'}]},"
    "{'name':'Conversations','root':'conversations','related':[{'table':'contacts','as':'Contact','through':'conversations.user_email'}],"
    "'dimensions':[{'name':'Date','field':'conversations.opened_at'}],'time_field':'Date',"
    "'metrics':[{'name':'Count','aggregate':'count'},{'name':'Response','aggregate':'average','field':'conversations.first_response_min'},"
    "{'name':'Median','aggregate':'median','field':'conversations.first_response_min'},"
    "{'name':'CSAT','aggregate':'average','field':'conversations.csat'},{'name':'Rated','aggregate':'count','field':'conversations.csat'}]},"
    "{'name':'Events','root':'events','related':[{'table':'contacts','as':'Contact','through':'events.user_email'}],"
    "'dimensions':[{'name':'Date','field':'events.ts'}],'time_field':'Date',"
    "'metrics':[{'name':'Count','aggregate':'count'},{'name':'Users','aggregate':'count-distinct','field':'events.user_email'},"
    "{'name':'Logins','aggregate':'count','where':{'field':'events.event','is':'login'}}]}]}"), "'", '"');
}
