/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the sample generator share. */
#pragma once

#include "bv-sample.h"
#include "bv-time.h"

G_BEGIN_DECLS

/* Two years of data: the as-of day is the last of them. */
#define BV_SAMPLE_DAYS 730

/* --- Randomness ------------------------------------------------------------------------------------------------- */

/* A small generator of its own (xoshiro256**), so that rows depend on nothing but the options. */
typedef struct
{
  guint64 s[4];
} BvSampleRandom;

/* Streams are independent: one table's draws do not move another's. */
void     bv_sample_random_init    (BvSampleRandom *self, guint seed, guint64 stream);
guint64  bv_sample_random_next    (BvSampleRandom *self);
double   bv_sample_random_unit    (BvSampleRandom *self);              /* 0 ≤ x < 1 */
guint    bv_sample_random_below   (BvSampleRandom *self, guint n);     /* 0 … n-1 */
gboolean bv_sample_random_chance  (BvSampleRandom *self, double p);
double   bv_sample_random_normal  (BvSampleRandom *self);
guint    bv_sample_random_poisson (BvSampleRandom *self, double mean);
void     bv_sample_random_hex     (BvSampleRandom *self, char *out, guint n); /* n digits and a NUL */

/* --- Word lists ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *phone_prefix;
  guint weight;
  const char *const *cities;
  const double (*places)[2]; /* of each city: latitude, longitude */
  const char *const *first_names;
  const char *const *last_names;
} BvSampleCountry;

extern const BvSampleCountry bv_sample_countries[];
extern const guint bv_sample_n_countries;

typedef struct
{
  const char *name;               /* "Bakery" */
  guint weight;
  const char *const *nouns;       /* "Bakery", "Boulangerie" */
} BvSampleIndustry;

extern const BvSampleIndustry bv_sample_industries[];
extern const guint bv_sample_n_industries;
extern const char *const bv_sample_company_words[];
extern const char *const bv_sample_job_titles[];
extern const char *const bv_sample_owners[];
extern const char *const bv_sample_topics[];

guint       bv_sample_strv_pick (const char *const *words, BvSampleRandom *random); /* an index, uniform */

/* --- The company's world -------------------------------------------------------------------------------------------- */

typedef enum { BV_PLAN_STARTER, BV_PLAN_TEAM, BV_PLAN_BUSINESS, BV_PLAN_CHAIN, BV_N_PLANS } BvSamplePlan;
extern const char *const bv_sample_plan_names[];

typedef struct
{
  char *name;
  char *domain;          /* without "@" */
  guint country, industry;
  gboolean no_industry;
  const char *city;
  const double *place; /* latitude, longitude */
  int employees;
  double revenue;
  double weight;         /* Zipf: the share of activity */
  BvSamplePlan plan;
  gint64 created;        /* instant */
  gint64 start_day;      /* first day as a customer */
  gint64 end_day;        /* the day after the last active one */
  gboolean customer;     /* else a prospect that never used the product */
  guint first_contact, n_contacts;
} BvSampleCompany;

typedef struct
{
  gint64 id;
  char *email;           /* tidy */
  const char *first_name, *last_name, *job_title;
  int company;           /* index, or -1 */
  guint country;
  gint64 created;
  gint64 start_day, end_day; /* of use; equal when never */
  double weight;
  BvSamplePlan plan;
  gint64 merged_into;    /* contact id, or 0 */
  gboolean has_user;     /* known to Intercom and Segment */
  char intercom_id[25];
  char user_id[16];
  char anonymous_id[37];
} BvSampleContact;

typedef struct
{
  BvProject *project;
  BvTableWriter *writer;
  GCancellable *cancellable;
  guint seed;
  guint customers;
  gint64 first_day, as_of;
  GArray *companies;     /* BvSampleCompany */
  GArray *contacts;      /* BvSampleContact */
} BvSampleWorld;

void     bv_sample_world_populate   (BvSampleWorld *world);
void     bv_sample_world_clear      (BvSampleWorld *world);

/* How busy a day is: week, month and public holidays; 1 is a normal weekday. */
double   bv_sample_season           (gint64 day);
/* An instant of business life on @day; never on another day, in UTC or in Paris. */
gint64   bv_sample_instant          (gint64 day, BvSampleRandom *random);
/* The instant up to which anything may have happened. */
gint64   bv_sample_end              (BvSampleWorld *world);
/* The address the way a hurried person typed it, now and then; @buf of 128 bytes. */
const char *bv_sample_untidy        (const char *email, BvSampleRandom *random, double chance, char *buf);

gboolean bv_sample_write_companies     (BvSampleWorld *world, GError **error);
gboolean bv_sample_write_contacts      (BvSampleWorld *world, GError **error);
gboolean bv_sample_write_deals         (BvSampleWorld *world, GError **error);
gboolean bv_sample_write_intercom      (BvSampleWorld *world, GError **error);
gboolean bv_sample_write_identifies    (BvSampleWorld *world, GError **error);
gboolean bv_sample_write_tracks        (BvSampleWorld *world, GError **error);

/* Borrowed views for one row: nothing is copied, nothing needs clearing. */
static inline BvValue
bv_sample_text (const char *s)
{
  BvValue value = BV_VALUE_NULL;

  if (s != NULL)
    {
      value.type = BV_TYPE_TEXT;
      value.s = (char *) s;
    }
  return value;
}

static inline BvValue
bv_sample_instant_or_null (gint64 us)
{
  return us == 0 ? BV_VALUE_NULL : bv_value_timestamp (us);
}

G_END_DECLS
