/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HubSpot's deals and their links to contacts.
 *
 * Every company has the deal that made (or would have made) it a customer; big ones buy again and again. A deal whose close date has
 * come is won or lost, later ones are open; deals that close just before a month's end are more than their share. A few links
 * are missing, as they are in every CRM, and one deal in eight has two contacts.
 */

#include "bv-sample-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  gint64 created, modified, close_day;
  double amount;         /* NAN for none */
  int contact, company;  /* indexes, or -1 */
  int second_contact;    /* index, or -1 */
  gint64 contact_id;
  gboolean existing, closed, won;
  guint owner, stage;
  guint sequence;        /* keeps the order of equal instants */
} Deal;

static const char *const open_stages[] = {
  "Appointment scheduled", "Qualified to buy", "Presentation scheduled", "Decision maker bought-in", "Contract sent", NULL
};

static int
compare_deals (gconstpointer a, gconstpointer b)
{
  const Deal *x = a, *y = b;

  if (x->created != y->created)
    return x->created < y->created ? -1 : 1;
  return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static gint64
to_weekday (gint64 day)
{
  int weekday = bv_weekday (day);

  return weekday > 5 ? day - (weekday - 5) : day;
}

static gint64
to_month_end (gint64 day)
{
  int y, m, d;

  bv_civil_from_days (day, &y, &m, &d);
  return to_weekday (bv_days_from_civil (y, m, bv_days_in_month (y, m)));
}

static double
make_amount (const BvSampleCompany *company, gboolean existing, BvSampleRandom *random)
{
  static const double yearly[] = { 348, 1188, 3480, 10800 };
  double seats = 1 + company->employees / 60.0;
  double amount = yearly[company->plan] * seats * exp (0.35 * bv_sample_random_normal (random));

  if (existing)
    amount *= 0.35 + 0.5 * bv_sample_random_unit (random);
  /* Half the offers are round sums, the rest carry a discount to the cent. */
  return bv_sample_random_chance (random, 0.5) ? round (amount / 10) * 10 : round (amount * 100) / 100;
}

static void
make_deal (BvSampleWorld *world, GArray *deals, guint company_index, gboolean existing, gint64 created_day, BvSampleRandom *random)
{
  const BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, company_index);
  Deal deal = { .second_contact = -1, .sequence = deals->len };
  gint64 end = bv_sample_end (world);

  deal.existing = existing;
  deal.created = bv_sample_instant (CLAMP (created_day, world->first_day, world->as_of), random);
  deal.close_day = to_weekday (MAX (created_day, world->first_day) + 6 + (gint64) (55 * pow (bv_sample_random_unit (random), 1.4)));
  if (bv_sample_random_chance (random, 0.28))
    deal.close_day = to_month_end (deal.close_day);
  deal.close_day = MAX (deal.close_day, deal.created / BV_DAY_US);

  deal.closed = deal.close_day <= world->as_of && !bv_sample_random_chance (random, 0.015);
  deal.won = deal.closed && bv_sample_random_chance (random, !company->customer ? 0.0 : existing ? 0.72 : 0.97);
  deal.amount = make_amount (company, existing, random);
  if (!deal.closed && bv_sample_random_chance (random, 0.12))
    deal.amount = NAN;
  deal.stage = bv_sample_random_below (random, g_strv_length ((char **) open_stages));
  deal.owner = (company_index + (bv_sample_random_chance (random, 0.1) ? 1 : 0)) % g_strv_length ((char **) bv_sample_owners);
  deal.modified = deal.closed ? MIN (end, bv_sample_instant (deal.close_day, random)) : MIN (end, deal.created + 5 * BV_DAY_US);
  deal.modified = MAX (deal.modified, deal.created);

  deal.company = bv_sample_random_chance (random, 0.03) ? -1 : (int) company_index;
  deal.contact = (int) (company->first_contact + (bv_sample_random_chance (random, 0.7) ? 0 : bv_sample_random_below (random, company->n_contacts)));
  deal.contact_id = g_array_index (world->contacts, BvSampleContact, deal.contact).id;
  if (company->n_contacts > 1 && bv_sample_random_chance (random, 0.3))
    {
      guint other = company->first_contact + bv_sample_random_below (random, company->n_contacts);

      deal.second_contact = other == (guint) deal.contact ? -1 : (int) other;
    }
  if (bv_sample_random_chance (random, 0.04))
    deal.contact = deal.second_contact = -1;
  g_array_append_val (deals, deal);
}

/* The first deals of the two people met twice still point at the record that lost the merge. */
static void
point_at_merged (BvSampleWorld *world, GArray *deals)
{
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);

      if (contact->merged_into == 0)
        continue;
      for (guint k = 0; k < deals->len; k++)
        {
          Deal *deal = &g_array_index (deals, Deal, k);

          if (deal->contact >= 0 && deal->contact_id == contact->merged_into)
            {
              deal->contact_id = contact->id;
              break;
            }
        }
    }
}

static GArray *
make_deals (BvSampleWorld *world)
{
  GArray *deals = g_array_new (FALSE, FALSE, sizeof (Deal));
  double total_weight = 0;
  BvSampleRandom random;

  for (guint i = 0; i < world->companies->len; i++)
    total_weight += sqrt (g_array_index (world->companies, BvSampleCompany, i).weight);

  bv_sample_random_init (&random, world->seed, 5);
  for (guint i = 0; i < world->companies->len; i++)
    {
      const BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, i);
      double share = sqrt (company->weight) / total_weight * world->companies->len;
      guint more = bv_sample_random_poisson (&random, (company->customer ? 2.35 : 0.5) * share);

      make_deal (world, deals, i, FALSE, company->start_day - 10 - (gint64) bv_sample_random_below (&random, 35), &random);
      for (guint k = 0; k < more; k++)
        {
          gint64 span = MIN (company->end_day, world->as_of + 1) - company->start_day;
          gint64 day = company->start_day + (span > 0 ? (gint64) (bv_sample_random_unit (&random) * (double) span) : 0);

          make_deal (world, deals, i, company->customer, to_weekday (day), &random);
        }
    }
  g_array_sort (deals, compare_deals);
  point_at_merged (world, deals);
  return deals;
}

static gboolean
write_deals (BvSampleWorld *world, GArray *deals, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "dealname", BV_TYPE_TEXT }, { (char *) "pipeline", BV_TYPE_TEXT },
    { (char *) "dealstage", BV_TYPE_TEXT }, { (char *) "amount", BV_TYPE_DOUBLE }, { (char *) "deal_currency_code", BV_TYPE_TEXT },
    { (char *) "contact_id", BV_TYPE_INT }, { (char *) "company_id", BV_TYPE_INT }, { (char *) "hubspot_owner", BV_TYPE_TEXT },
    { (char *) "dealtype", BV_TYPE_TEXT }, { (char *) "is_closed", BV_TYPE_BOOL }, { (char *) "is_won", BV_TYPE_BOOL },
    { (char *) "createdate", BV_TYPE_TIMESTAMP }, { (char *) "close_date", BV_TYPE_DATE },
    { (char *) "hs_lastmodifieddate", BV_TYPE_TIMESTAMP },
  };
  static const char *const key[] = { "id", NULL };

  if (!bv_table_writer_begin_table (world->writer, "hubspot_deals", "HubSpot", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  for (guint i = 0; i < deals->len; i++)
    {
      const Deal *deal = &g_array_index (deals, Deal, i);
      const char *company = deal->company < 0 ? NULL : g_array_index (world->companies, BvSampleCompany, deal->company).name;
      g_autofree char *name = g_strdup_printf ("%s – %s", company != NULL ? company : "Walk-in",
                                               deal->existing ? "expansion" : "new subscription");
      BvValue row[] = {
        bv_value_int (900001 + 7 * (gint64) i), bv_sample_text (name),
        bv_sample_text (deal->existing ? "Expansion" : "Sales"),
        bv_sample_text (deal->won ? "Closed won" : deal->closed ? "Closed lost" : open_stages[deal->stage]),
        isnan (deal->amount) ? BV_VALUE_NULL : bv_value_double (deal->amount), bv_sample_text ("EUR"),
        deal->contact < 0 ? BV_VALUE_NULL : bv_value_int (deal->contact_id),
        deal->company < 0 ? BV_VALUE_NULL : bv_value_int (5001 + 10 * (gint64) deal->company),
        bv_sample_text (bv_sample_owners[deal->owner]), bv_sample_text (deal->existing ? "existingbusiness" : "newbusiness"),
        bv_value_bool (deal->closed), bv_value_bool (deal->won), bv_value_timestamp (deal->created),
        bv_value_date (deal->close_day), bv_value_timestamp (deal->modified),
      };

      if (!bv_table_writer_append (world->writer, row, error))
        return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

static gboolean
write_links (BvSampleWorld *world, GArray *deals, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "deal_id", BV_TYPE_INT }, { (char *) "contact_id", BV_TYPE_INT }, { (char *) "type", BV_TYPE_TEXT },
  };
  static const char *const key[] = { "deal_id", "contact_id", NULL };

  if (!bv_table_writer_begin_table (world->writer, "hubspot_deal_contacts", "HubSpot", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  for (guint i = 0; i < deals->len; i++)
    {
      const Deal *deal = &g_array_index (deals, Deal, i);
      BvValue row[] = { bv_value_int (900001 + 7 * (gint64) i), bv_value_int (deal->contact_id), bv_sample_text ("Primary") };

      if (deal->contact < 0)
        continue;
      if (!bv_table_writer_append (world->writer, row, error))
        return FALSE;
      if (deal->second_contact < 0)
        continue;
      row[1] = bv_value_int (g_array_index (world->contacts, BvSampleContact, deal->second_contact).id);
      row[2] = bv_sample_text ("Secondary");
      if (!bv_table_writer_append (world->writer, row, error))
        return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

gboolean
bv_sample_write_deals (BvSampleWorld *world, GError **error)
{
  g_autoptr(GArray) deals = make_deals (world);

  return write_deals (world, deals, error) && write_links (world, deals, error);
}
