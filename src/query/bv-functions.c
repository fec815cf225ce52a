/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQL functions of plans, on a borrowed reader.
 *
 * bv_sum and bv_average add decimals of up to four places, money among them, exactly as scaled integers of 128 bits, and anything else
 * with Neumaier's compensation (a running error term): the digits do not depend on the order of the rows, and 100.10 + 200.20 is 300.30.
 * bv_percentile (x, p) interpolates linearly between the closest ranks of the sorted
 * values: rank p · (n − 1); the median is p = 0.5. All leave nulls out and give null for nothing.
 */
#include "config.h"

#include "bv-select-private.h"

#include <math.h>
#include <string.h>

/* --- Scalars -------------------------------------------------------------------------------------------------------------------- */

/* bv_bucket (date or timestamp text, grain): the bucket's first day, or first instant for hours. */
static void
bucket (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  BvCalendar *calendar = sqlite3_user_data (sql);
  BvGrain grain = (BvGrain) sqlite3_value_int (argv[1]);
  const char *text;
  int length;
  char buf[BV_TIME_TEXT_MAX];
  gint64 day, us;

  if (sqlite3_value_type (argv[0]) != SQLITE_TEXT)
    return;
  text = (const char *) sqlite3_value_text (argv[0]);
  length = sqlite3_value_bytes (argv[0]);
  if (!bv_date_parse (text, length, &day))
    {
      if (!bv_timestamp_parse (text, length, &us, NULL))
        return;
      if (grain == BV_GRAIN_HOUR)
        {
          sqlite3_result_text (sql, bv_timestamp_to_text (bv_calendar_floor_hour (calendar, us), buf), -1, SQLITE_TRANSIENT);
          return;
        }
      day = bv_calendar_day (calendar, us);
    }
  sqlite3_result_text (sql, bv_date_to_text (bv_calendar_floor_day (calendar, day, grain), buf), -1, SQLITE_TRANSIENT);
}

typedef gboolean (*Match) (const char *text, const char *needle);

static gboolean
match_contains (const char *text, const char *needle)
{
  return strstr (text, needle) != NULL;
}

static gboolean
match_starts (const char *text, const char *needle)
{
  return g_str_has_prefix (text, needle);
}

static gboolean
match_ends (const char *text, const char *needle)
{
  return g_str_has_suffix (text, needle);
}

/* (text, folded needle): ignoring case. */
static void
match_text (sqlite3_context *sql, sqlite3_value **argv, Match match)
{
  const char *text = (const char *) sqlite3_value_text (argv[0]);
  const char *needle = (const char *) sqlite3_value_text (argv[1]);
  int length = sqlite3_value_bytes (argv[0]);
  char small[256];
  gboolean ascii = length < (int) sizeof small;

  if (text == NULL || needle == NULL)
    {
      sqlite3_result_int (sql, 0);
      return;
    }
  for (int i = 0; ascii && i < length; i++)
    {
      ascii = (text[i] & 0x80) == 0;
      small[i] = g_ascii_tolower (text[i]);
    }
  if (ascii)
    {
      small[length] = '\0';
      sqlite3_result_int (sql, match (small, needle));
    }
  else
    {
      g_autofree char *folded = g_utf8_casefold (text, length);

      sqlite3_result_int (sql, match (folded, needle));
    }
}

static void
contains (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  match_text (sql, argv, match_contains);
}

static void
starts (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  match_text (sql, argv, match_starts);
}

static void
ends (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  match_text (sql, argv, match_ends);
}

/* --- Sums ------------------------------------------------------------------------------------------------------------------------ */

/* SQLite hands out memory aligned to 8 bytes. */
typedef __int128 int128 __attribute__ ((aligned (8)));

#define DECIMAL_SCALE 10000

typedef struct
{
  int128 scaled;       /* sum of value · DECIMAL_SCALE while every value is such a decimal */
  double sum, error;   /* of all values, compensated */
  gint64 n_rows, n;    /* stepped over; of them not null */
  gboolean inexact;    /* a value had more decimals */
  gboolean fractional; /* a double was among the values */
} Sum;

static void
sum_step (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  Sum *self = sqlite3_aggregate_context (sql, sizeof *self);
  int type = sqlite3_value_numeric_type (argv[0]);
  double x, t, rounded;

  if (self == NULL)
    return;
  self->n_rows++;
  if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
    return;
  self->n++;
  x = sqlite3_value_double (argv[0]);
  if (type == SQLITE_INTEGER)
    self->scaled += (int128) sqlite3_value_int64 (argv[0]) * DECIMAL_SCALE;
  else
    {
      self->fractional = TRUE;
      rounded = nearbyint (x * DECIMAL_SCALE);
      if (fabs (rounded) < 9007199254740992.0 && !(rounded / DECIMAL_SCALE < x) && !(rounded / DECIMAL_SCALE > x))
        self->scaled += (int128) rounded;
      else
        self->inexact = TRUE;
    }
  t = self->sum + x;
  if (fabs (self->sum) >= fabs (x))
    self->error += (self->sum - t) + x;
  else
    self->error += (x - t) + self->sum;
  self->sum = t;
}

static double
sum_total (const Sum *self)
{
  if (!self->inexact)
    return (double) self->scaled / DECIMAL_SCALE;
  /* An overflown sum is infinite or NaN, and its error term means nothing. */
  return isfinite (self->sum) ? self->sum + self->error : self->sum;
}

/* No row at all is told from rows without a value: the empty text, see bv_reader_is_gap(). */
static void
sum_final (sqlite3_context *sql)
{
  Sum *self = sqlite3_aggregate_context (sql, 0);

  if (self == NULL || self->n_rows == 0)
    sqlite3_result_text (sql, "", 0, SQLITE_STATIC);
  else if (self->n == 0)
    sqlite3_result_null (sql);
  else if (!self->fractional && self->scaled / DECIMAL_SCALE <= G_MAXINT64 && self->scaled / DECIMAL_SCALE >= G_MININT64)
    sqlite3_result_int64 (sql, (gint64) (self->scaled / DECIMAL_SCALE));
  else
    sqlite3_result_double (sql, sum_total (self));
}

static void
average_final (sqlite3_context *sql)
{
  Sum *self = sqlite3_aggregate_context (sql, 0);

  if (self != NULL && self->n > 0)
    sqlite3_result_double (sql, sum_total (self) / (double) self->n);
}

/* --- Percentiles ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  GArray *values;
  double p;
} Percentile;

static void
percentile_step (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  Percentile *self = sqlite3_aggregate_context (sql, sizeof *self);
  int type = sqlite3_value_numeric_type (argv[0]);
  double x;

  if (self == NULL || (type != SQLITE_INTEGER && type != SQLITE_FLOAT))
    return;
  if (self->values == NULL)
    {
      self->values = g_array_new (FALSE, FALSE, sizeof (double));
      self->p = sqlite3_value_double (argv[1]);
    }
  x = sqlite3_value_double (argv[0]);
  g_array_append_val (self->values, x);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
percentile_final (sqlite3_context *sql)
{
  Percentile *self = sqlite3_aggregate_context (sql, 0);

  if (self == NULL || self->values == NULL)
    return;
  g_array_sort (self->values, compare_doubles);
  {
    double rank = self->p * (self->values->len - 1);
    guint low = (guint) floor (rank);
    guint high = MIN (low + 1, self->values->len - 1);
    double a = g_array_index (self->values, double, low);
    double b = g_array_index (self->values, double, high);

    sqlite3_result_double (sql, a + (b - a) * (rank - low));
  }
  g_clear_pointer (&self->values, g_array_unref);
}

sqlite3 *
bv_reader_open (const BvQueryContext *context, GCancellable *cancellable, GError **error)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  sqlite3 *db = bv_project_borrow_reader (context->project, cancellable, error);

  if (db == NULL)
    return NULL;
  sqlite3_create_function_v2 (db, "bv_bucket", 2, flags, bv_calendar_ref (context->model->calendar), bucket, NULL, NULL,
                              (void (*) (void *)) bv_calendar_unref);
  sqlite3_create_function_v2 (db, "bv_contains", 2, flags, NULL, contains, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "bv_starts", 2, flags, NULL, starts, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "bv_ends", 2, flags, NULL, ends, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "bv_sum", 1, flags, NULL, NULL, sum_step, sum_final, NULL);
  sqlite3_create_function_v2 (db, "bv_average", 1, flags, NULL, NULL, sum_step, average_final, NULL);
  sqlite3_create_function_v2 (db, "bv_percentile", 2, flags, NULL, NULL, percentile_step, percentile_final, NULL);
  return db;
}

void
bv_reader_close (const BvQueryContext *context, sqlite3 *db)
{
  if (db != NULL)
    bv_project_return_reader (context->project, db);
}
