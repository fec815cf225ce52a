/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQL functions of plans, on a borrowed reader.
 *
 * bv_sum and bv_average add as bv-sum-private.h says. bv_percentile (x, p) interpolates linearly between the closest ranks of the sorted
 * values: rank p · (n − 1); the median is p = 0.5. All leave nulls out and give null for nothing.
 */
#include "config.h"

#include "bv-select-private.h"
#include "bv-sum-private.h"

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

typedef struct
{
  BvSum sum;
  gint64 n_rows; /* stepped over, nulls among them */
} Sum;

static void
sum_step (sqlite3_context *sql, int argc, sqlite3_value **argv)
{
  Sum *self = sqlite3_aggregate_context (sql, sizeof *self);
  int type = sqlite3_value_numeric_type (argv[0]);

  if (self == NULL)
    return;
  self->n_rows++;
  if (type == SQLITE_INTEGER)
    bv_sum_add_int (&self->sum, sqlite3_value_int64 (argv[0]));
  else if (type == SQLITE_FLOAT)
    bv_sum_add_double (&self->sum, sqlite3_value_double (argv[0]));
}

/* No row at all is told from rows without a value: the empty text, see bv_reader_is_gap(). */
static void
sum_final (sqlite3_context *sql)
{
  Sum *self = sqlite3_aggregate_context (sql, 0);
  BvValue value = self != NULL ? bv_sum_get (&self->sum) : BV_VALUE_NULL;

  if (self == NULL || self->n_rows == 0)
    sqlite3_result_text (sql, "", 0, SQLITE_STATIC);
  else if (value.type == BV_TYPE_INT)
    sqlite3_result_int64 (sql, value.i);
  else if (value.type == BV_TYPE_DOUBLE)
    sqlite3_result_double (sql, value.d);
}

static void
average_final (sqlite3_context *sql)
{
  Sum *self = sqlite3_aggregate_context (sql, 0);

  if (self != NULL && self->sum.n > 0)
    sqlite3_result_double (sql, bv_sum_get_double (&self->sum) / (double) self->sum.n);
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
