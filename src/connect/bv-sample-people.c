/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample's companies and the people who work there, and HubSpot's tables of both.
 *
 * A "customer" of the options is a company in the CRM. Four in five of them use the product; a company's weight follows Zipf's law
 * over a shuffled rank, so that a few chains make most of the noise, as in life. People carry a share of their company's weight.
 * Beside them are leads (people of no company), and two people who were met twice: HubSpot keeps the losing records of a merge
 * with a pointer to the survivor, and so do we.
 */

#include "bv-sample-private.h"

#include <math.h>
#include <string.h>

double
bv_sample_season (gint64 day)
{
  /* From Monday; from January: the August holidays and the run-up to Christmas. */
  static const double week[] = { 1.08, 1.06, 1.0, 1.0, 0.92, 0.36, 0.16 };
  static const double year[] = { 0.92, 0.96, 1.0, 1.0, 1.02, 1.0, 0.86, 0.62, 1.04, 1.08, 1.14, 1.06 };
  int y, m, d;
  double season;

  bv_civil_from_days (day, &y, &m, &d);
  season = week[bv_weekday (day) - 1] * year[m - 1];
  if ((m == 12 && (d == 25 || d == 26)) || (m == 1 && d == 1) || (m == 5 && d == 1))
    season *= 0.1;
  return season;
}

gint64
bv_sample_instant (gint64 day, BvSampleRandom *random)
{
  /* Shops open early: two humps, the early morning's and the afternoon's. Hours are UTC and stay clear of midnight in Paris. */
  double hour = bv_sample_random_chance (random, 0.55) ? 8.3 + 1.4 * bv_sample_random_normal (random)
                                                       : 14.2 + 2.1 * bv_sample_random_normal (random);

  hour = CLAMP (hour, 4.0, 20.5);
  return day * BV_DAY_US + (gint64) (hour * 3600) * BV_SECOND_US + bv_sample_random_below (random, 1000) * 1000;
}

gint64
bv_sample_end (BvSampleWorld *world)
{
  return world->as_of * BV_DAY_US + (gint64) 21 * 3600 * BV_SECOND_US;
}

const char *
bv_sample_untidy (const char *email, BvSampleRandom *random, double chance, char *buf)
{
  if (email == NULL || !bv_sample_random_chance (random, chance))
    return email;

  g_strlcpy (buf, email, 126);
  switch (bv_sample_random_below (random, 3))
    {
    case 0: /* all capitals */
      for (char *p = buf; *p != '\0'; p++)
        *p = g_ascii_toupper (*p);
      break;
    case 1: /* as a phone's keyboard begins a sentence */
      for (char *p = buf; *p != '\0' && *p != '@'; p++)
        if (p == buf || p[-1] == '.')
          *p = g_ascii_toupper (*p);
      break;
    default: /* pasted with what came after */
      strcat (buf, " ");
      break;
    }
  return buf;
}

/* Latin letters of a name without accents, blanks and signs as @blank (or nothing). */
static char *
make_slug (const char *text, char blank)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");
  GString *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (slug, g_ascii_tolower (*p));
    else if (blank != '\0' && slug->len > 0 && slug->str[slug->len - 1] != blank)
      g_string_append_c (slug, blank);
  if (blank != '\0' && slug->len > 0 && slug->str[slug->len - 1] == blank)
    g_string_truncate (slug, slug->len - 1);
  return g_string_free (slug, FALSE);
}

static guint
pick_country (BvSampleRandom *random)
{
  int left = (int) bv_sample_random_below (random, 100);

  for (guint i = 0; i < bv_sample_n_countries; i++)
    if ((left -= (int) bv_sample_countries[i].weight) < 0)
      return i;
  return 0;
}

static guint
pick_industry (BvSampleRandom *random)
{
  int left = (int) bv_sample_random_below (random, 100);

  for (guint i = 0; i < bv_sample_n_industries; i++)
    if ((left -= (int) bv_sample_industries[i].weight) < 0)
      return i;
  return 0;
}

static void
make_company (BvSampleWorld *world, BvSampleCompany *company, guint rank, GHashTable *domains, BvSampleRandom *random)
{
  const BvSampleIndustry *industry;
  const BvSampleCountry *country;
  guint city;
  double spread;
  gint64 age;

  company->country = pick_country (random);
  company->industry = pick_industry (random);
  company->no_industry = bv_sample_random_chance (random, 0.04);
  country = &bv_sample_countries[company->country];
  industry = &bv_sample_industries[company->industry];
  city = bv_sample_strv_pick (country->cities, random);
  company->city = country->cities[city];
  company->place = country->places[city];

  company->name = g_strdup_printf ("%s %s", bv_sample_company_words[bv_sample_strv_pick (bv_sample_company_words, random)],
                                   industry->nouns[bv_sample_strv_pick (industry->nouns, random)]);
  company->domain = make_slug (company->name, '-');
  for (guint n = 0; g_hash_table_contains (domains, company->domain); n++)
    {
      g_autofree char *name = g_steal_pointer (&company->name);

      /* A namesake: the town tells them apart, then a number. */
      company->name = n == 0 ? g_strdup_printf ("%s %s", name, company->city) : g_strdup_printf ("%s %u", name, n + 1);
      g_free (company->domain);
      company->domain = make_slug (company->name, '-');
    }
  g_hash_table_add (domains, company->domain);

  company->weight = 1.0 / pow (rank + 4.0, 0.72);
  spread = exp (0.5 * bv_sample_random_normal (random));
  company->employees = (int) CLAMP (2 + 900.0 / (rank * 400.0 / MAX (world->customers, 1) + 5.0) * spread, 1, 4000);
  company->revenue = round (company->employees * (48000 + 9000 * bv_sample_random_normal (random)) / 1000) * 1000;
  company->plan = company->employees > 90 ? BV_PLAN_CHAIN : company->employees > 25 ? BV_PLAN_BUSINESS
                : company->employees > 8  ? BV_PLAN_TEAM  : BV_PLAN_STARTER;

  /* One in six was there from the first weeks on; the rest come ever faster. */
  age = bv_sample_random_chance (random, 0.16) ? (gint64) bv_sample_random_below (random, 40)
                                               : (gint64) (pow (bv_sample_random_unit (random), 0.78) * (BV_SAMPLE_DAYS - 1));
  company->start_day = world->first_day + age;
  company->created = bv_sample_instant (MAX (world->first_day, company->start_day - (gint64) bv_sample_random_below (random, 60)), random);
  company->customer = bv_sample_random_chance (random, 0.8);
  company->end_day = world->as_of + 1;
  if (bv_sample_random_chance (random, 0.14))
    company->end_day = MIN (company->end_day, company->start_day + 90 + (gint64) bv_sample_random_below (random, 500));
}

static void
make_contact (BvSampleWorld *world, int company_index, GHashTable *emails, BvSampleRandom *random)
{
  BvSampleCompany *company = company_index < 0 ? NULL : &g_array_index (world->companies, BvSampleCompany, company_index);
  BvSampleContact contact = { 0 };
  const BvSampleCountry *country;
  g_autofree char *first = NULL, *last = NULL;
  const char *domain;

  contact.country = company != NULL ? company->country : pick_country (random);
  country = &bv_sample_countries[contact.country];
  contact.first_name = country->first_names[bv_sample_strv_pick (country->first_names, random)];
  contact.last_name = country->last_names[bv_sample_strv_pick (country->last_names, random)];
  contact.job_title = bv_sample_random_chance (random, 0.12) ? NULL
                    : bv_sample_job_titles[bv_sample_strv_pick (bv_sample_job_titles, random)];
  contact.company = company_index;
  contact.id = 10001 + 50 * (gint64) world->contacts->len;

  first = make_slug (contact.first_name, '\0');
  last = make_slug (contact.last_name, '\0');
  /* Every tenth shop still uses a mailbox of a big provider. */
  domain = company != NULL && company->employees > 8 ? company->domain : NULL;
  if (domain == NULL && company != NULL && !bv_sample_random_chance (random, 0.35))
    domain = company->domain;
  for (guint n = 1;; n++)
    {
      g_autofree char *number = n > 1 ? g_strdup_printf ("%u", n) : g_strdup ("");

      contact.email = domain != NULL ? g_strdup_printf ("%s.%s%s@%s.example", first, last, number, domain)
                                     : g_strdup_printf ("%s.%s%s@example.%s", first, last, number,
                                                        (contact.id / 50) % 3 == 0 ? "org" : "com");
      if (!g_hash_table_contains (emails, contact.email))
        break;
      g_free (contact.email);
    }
  g_hash_table_add (emails, contact.email);

  if (company != NULL)
    {
      gint64 joined = company->start_day;

      /* The first contact signed the order; colleagues follow. */
      if (company->n_contacts > 0)
        joined += (gint64) bv_sample_random_below (random, 120);
      contact.created = MAX (company->created, bv_sample_instant (MIN (joined, world->as_of), random) - 20 * BV_DAY_US);
      contact.weight = company->weight / pow (company->n_contacts + 1.0, 0.9) * (0.5 + bv_sample_random_unit (random));
      contact.plan = company->plan;
      contact.has_user = company->customer && (company->n_contacts == 0 || bv_sample_random_chance (random, 0.85))
                         && joined <= world->as_of;
      contact.start_day = joined;
      contact.end_day = contact.has_user ? MAX (company->end_day, joined) : joined;
      if (company->n_contacts == 0)
        company->first_contact = world->contacts->len;
      company->n_contacts++;
    }
  else
    contact.created = bv_sample_instant (world->first_day + (gint64) (pow (bv_sample_random_unit (random), 0.8) * (BV_SAMPLE_DAYS - 1)), random);

  if (contact.has_user)
    {
      char hex[33];

      bv_sample_random_hex (random, hex, 24);
      memcpy (contact.intercom_id, hex, 25);
      g_snprintf (contact.user_id, sizeof contact.user_id, "usr_%06u", world->contacts->len + 1);
      bv_sample_random_hex (random, hex, 32);
      g_snprintf (contact.anonymous_id, sizeof contact.anonymous_id, "%.8s-%.4s-4%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15, hex + 18);
    }
  g_array_append_val (world->contacts, contact);
}

/* The losing side of a merge: the same person under an older address. */
static void
make_merged (BvSampleWorld *world, guint survivor, GHashTable *emails)
{
  BvSampleContact contact = g_array_index (world->contacts, BvSampleContact, survivor);
  g_autofree char *last = make_slug (contact.last_name, '\0');

  contact.merged_into = contact.id;
  contact.id = 10001 + 50 * (gint64) world->contacts->len;
  contact.email = g_strdup_printf ("%c.%s@example.net", g_ascii_tolower (contact.email[0]), last);
  g_hash_table_add (emails, contact.email);
  contact.has_user = FALSE;
  contact.end_day = contact.start_day;
  g_array_append_val (world->contacts, contact);
}

void
bv_sample_world_populate (BvSampleWorld *world)
{
  g_autoptr(GHashTable) domains = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) emails = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *ranks = g_new (guint, world->customers);
  guint n_merged = 0;
  BvSampleRandom random;

  world->companies = g_array_new (FALSE, TRUE, sizeof (BvSampleCompany));
  world->contacts = g_array_new (FALSE, TRUE, sizeof (BvSampleContact));
  g_array_set_size (world->companies, world->customers);

  bv_sample_random_init (&random, world->seed, 1);
  for (guint i = 0; i < world->customers; i++)
    {
      guint j = bv_sample_random_below (&random, i + 1);

      ranks[i] = ranks[j];
      ranks[j] = i;
    }
  for (guint i = 0; i < world->customers; i++)
    make_company (world, &g_array_index (world->companies, BvSampleCompany, i), ranks[i], domains, &random);

  bv_sample_random_init (&random, world->seed, 2);
  for (guint i = 0; i < world->customers; i++)
    {
      BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, i);
      guint n = 1 + bv_sample_random_poisson (&random, CLAMP (company->employees / 45.0, 0.25, 4.0));

      for (guint k = 0; k < n; k++)
        make_contact (world, (int) i, emails, &random);
      if (i % 3 == 0)
        make_contact (world, -1, emails, &random);
    }
  /* Two of the people who use the product were entered twice. */
  for (guint i = 0; i < world->customers && n_merged < 2; i++)
    {
      BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, i);
      BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, company->first_contact);

      if (!contact->has_user || company->start_day > world->as_of - 120)
        continue;
      make_merged (world, company->first_contact, emails);
      n_merged++;
    }
}

void
bv_sample_world_clear (BvSampleWorld *world)
{
  for (guint i = 0; world->companies != NULL && i < world->companies->len; i++)
    {
      BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, i);

      g_free (company->name);
      g_free (company->domain);
    }
  for (guint i = 0; world->contacts != NULL && i < world->contacts->len; i++)
    g_free (g_array_index (world->contacts, BvSampleContact, i).email);
  g_clear_pointer (&world->companies, g_array_unref);
  g_clear_pointer (&world->contacts, g_array_unref);
}

static gint64
later_instant (BvSampleWorld *world, gint64 from, BvSampleRandom *random)
{
  gint64 span = bv_sample_end (world) - from;

  return span <= 0 ? from : from + (gint64) (bv_sample_random_unit (random) * (double) span) / BV_SECOND_US * BV_SECOND_US;
}

gboolean
bv_sample_write_companies (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "name", BV_TYPE_TEXT }, { (char *) "domain", BV_TYPE_TEXT },
    { (char *) "industry", BV_TYPE_TEXT }, { (char *) "country", BV_TYPE_TEXT }, { (char *) "city", BV_TYPE_TEXT },
    { (char *) "numberofemployees", BV_TYPE_INT }, { (char *) "annualrevenue", BV_TYPE_DOUBLE },
    { (char *) "createdate", BV_TYPE_TIMESTAMP }, { (char *) "hs_lastmodifieddate", BV_TYPE_TIMESTAMP },
    { (char *) "latitude", BV_TYPE_DOUBLE }, { (char *) "longitude", BV_TYPE_DOUBLE },
  };
  static const char *const key[] = { "id", NULL };
  BvSampleRandom random;

  if (!bv_table_writer_begin_table (world->writer, "hubspot_companies", "HubSpot", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&random, world->seed, 3);
  for (guint i = 0; i < world->companies->len; i++)
    {
      const BvSampleCompany *company = &g_array_index (world->companies, BvSampleCompany, i);
      g_autofree char *domain = g_strconcat (company->domain, ".example", NULL);
      gboolean no_revenue = bv_sample_random_chance (&random, 0.18);
      BvValue row[] = {
        bv_value_int (5001 + 10 * (gint64) i), bv_sample_text (company->name), bv_sample_text (domain),
        bv_sample_text (company->no_industry ? NULL : bv_sample_industries[company->industry].name),
        bv_sample_text (bv_sample_countries[company->country].name), bv_sample_text (company->city),
        bv_value_int (company->employees), no_revenue ? BV_VALUE_NULL : bv_value_double (company->revenue),
        bv_value_timestamp (company->created), bv_value_timestamp (later_instant (world, company->created, &random)),
        bv_value_double (company->place[0]), bv_value_double (company->place[1]),
      };

      if (!bv_table_writer_append (world->writer, row, error))
        return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}

gboolean
bv_sample_write_contacts (BvSampleWorld *world, GError **error)
{
  static const BvTableColumn columns[] = {
    { (char *) "id", BV_TYPE_INT }, { (char *) "email", BV_TYPE_TEXT }, { (char *) "firstname", BV_TYPE_TEXT },
    { (char *) "lastname", BV_TYPE_TEXT }, { (char *) "jobtitle", BV_TYPE_TEXT }, { (char *) "phone", BV_TYPE_TEXT },
    { (char *) "country", BV_TYPE_TEXT }, { (char *) "lifecyclestage", BV_TYPE_TEXT }, { (char *) "company_id", BV_TYPE_INT },
    { (char *) "createdate", BV_TYPE_TIMESTAMP }, { (char *) "lastmodifieddate", BV_TYPE_TIMESTAMP },
    { (char *) "has_been_merged", BV_TYPE_BOOL }, { (char *) "merged_into", BV_TYPE_INT },
  };
  static const char *const key[] = { "id", NULL };
  static const char *const lead_stages[] = { "subscriber", "lead", "marketingqualifiedlead", NULL };
  BvSampleRandom random;

  if (!bv_table_writer_begin_table (world->writer, "hubspot_contacts", "HubSpot", NULL, columns, G_N_ELEMENTS (columns), key, error))
    return FALSE;
  bv_sample_random_init (&random, world->seed, 4);
  for (guint i = 0; i < world->contacts->len; i++)
    {
      const BvSampleContact *contact = &g_array_index (world->contacts, BvSampleContact, i);
      const BvSampleCountry *country = &bv_sample_countries[contact->country];
      gboolean customer = contact->company >= 0 && g_array_index (world->companies, BvSampleCompany, contact->company).customer;
      const char *stage = contact->company < 0 ? lead_stages[bv_sample_strv_pick (lead_stages, &random)]
                        : customer             ? "customer" : "opportunity";
      char phone[40], untidy[128];
      const char *email;
      BvValue row[13];

      g_snprintf (phone, sizeof phone, "%s %u %02u %02u %02u", country->phone_prefix, 1 + bv_sample_random_below (&random, 9),
                  bv_sample_random_below (&random, 100), bv_sample_random_below (&random, 100), bv_sample_random_below (&random, 100));
      email = bv_sample_untidy (contact->email, &random, 0.025, untidy);
      /* A lead from a trade fair may have left a phone number only. */
      if (contact->company < 0 && bv_sample_random_chance (&random, 0.06))
        email = NULL;
      row[0] = bv_value_int (contact->id);
      row[1] = bv_sample_text (email);
      row[2] = bv_sample_text (contact->first_name);
      row[3] = bv_sample_text (contact->last_name);
      row[4] = bv_sample_text (contact->job_title);
      row[5] = bv_sample_text (bv_sample_random_chance (&random, 0.3) ? NULL : phone);
      row[6] = bv_sample_text (bv_sample_random_chance (&random, 0.05) ? NULL : country->name);
      row[7] = bv_sample_text (stage);
      row[8] = contact->company < 0 ? BV_VALUE_NULL : bv_value_int (5001 + 10 * (gint64) contact->company);
      row[9] = bv_value_timestamp (contact->created);
      row[10] = bv_value_timestamp (later_instant (world, contact->created, &random));
      row[11] = bv_value_bool (contact->merged_into != 0);
      row[12] = contact->merged_into != 0 ? bv_value_int (contact->merged_into) : BV_VALUE_NULL;
      if (!bv_table_writer_append (world->writer, row, error))
        return FALSE;
    }
  return bv_table_writer_end_table (world->writer, NULL, NULL, error);
}
