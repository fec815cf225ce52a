/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-value.h"

#include <math.h>

static void
test_plain (void)
{
  static const struct { BvType type; const char *text; const char *back; } cases[] = {
    { BV_TYPE_INT, " 42 ", "42" },
    { BV_TYPE_INT, "9223372036854775807", "9223372036854775807" },
    { BV_TYPE_INT, "9223372036854775808", NULL },
    { BV_TYPE_INT, "1.5", NULL },
    { BV_TYPE_DOUBLE, "0.1", "0.1" },
    { BV_TYPE_DOUBLE, "1e300", "1e+300" },
    { BV_TYPE_DOUBLE, "nan", NULL },
    { BV_TYPE_DOUBLE, "0x10", NULL },
    { BV_TYPE_DOUBLE, "1,5", NULL },
    { BV_TYPE_BOOL, "TRUE", "true" },
    { BV_TYPE_BOOL, "yes", NULL },
    { BV_TYPE_DATE, "2026-06-30", "2026-06-30" },
    { BV_TYPE_DATE, "2026-06-30T00:00:00Z", "2026-06-30" },
    { BV_TYPE_DATE, "30/06/2026", NULL },
    { BV_TYPE_TIMESTAMP, "2026-06-30", "2026-06-30 00:00:00" },
    { BV_TYPE_TEXT, " a ", " a " },
    { BV_TYPE_INT, "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(BvValue) value = BV_VALUE_NULL;
      g_autofree char *back = NULL;
      gboolean ok = bv_value_from_plain (cases[i].text, cases[i].type, &value);

      g_assert_cmpint (ok, ==, cases[i].back != NULL);
      if (ok)
        {
          back = bv_value_to_plain (&value);
          g_assert_cmpstr (back, ==, cases[i].back);
        }
    }
}

static void
test_doubles_round_trip (void)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < 50000; i++)
    {
      double d = ldexp (g_test_rand_double () - 0.5, g_test_rand_int_range (-200, 200));
      double back = g_ascii_strtod (bv_double_to_plain (d, buf), NULL);

      g_assert_true (back <= d && back >= d);
    }
}

/* The order is total and agrees with equality and hashes. */
static void
test_order (void)
{
  BvValue v[] = {
    BV_VALUE_NULL, bv_value_double (NAN), bv_value_int (G_MININT64), bv_value_double (-1e300), bv_value_int (-1), bv_value_bool (FALSE),
    bv_value_double (0.0), bv_value_double (-0.0), bv_value_int (1), bv_value_double (1.0), bv_value_bool (TRUE), bv_value_double (1.5),
    bv_value_int (9007199254740993), bv_value_double (9007199254740992.0), bv_value_int (G_MAXINT64),
    bv_value_double (9223372036854775808.0), bv_value_date (1), bv_value_timestamp (1), bv_value_text (""), bv_value_text ("a"), bv_value_text ("b"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (v); i++)
    for (guint j = 0; j < G_N_ELEMENTS (v); j++)
      {
        g_assert_cmpint (bv_value_compare (&v[i], &v[j]), ==, -bv_value_compare (&v[j], &v[i]));
        if (bv_value_equal (&v[i], &v[j]))
          g_assert_cmpuint (bv_value_hash (&v[i]), ==, bv_value_hash (&v[j]));
        for (guint k = 0; k < G_N_ELEMENTS (v); k++)
          if (bv_value_compare (&v[i], &v[j]) <= 0 && bv_value_compare (&v[j], &v[k]) <= 0)
            g_assert_cmpint (bv_value_compare (&v[i], &v[k]), <=, 0);
      }
  for (guint i = 0; i < G_N_ELEMENTS (v); i++)
    bv_value_clear (&v[i]);
}

/* Doubles that are near each other are apart in hash tables: groups by a price or a share would else be found one by one. */
static void
test_hashes (void)
{
  g_autoptr(GHashTable) places = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 4096; i++)
    {
      BvValue cents = bv_value_double (i / 4096.0);

      g_hash_table_add (places, GUINT_TO_POINTER (bv_value_hash (&cents)));
    }
  g_assert_cmpuint (g_hash_table_size (places), >, 3000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/plain", test_plain);
  g_test_add_func ("/value/doubles-round-trip", test_doubles_round_trip);
  g_test_add_func ("/value/order", test_order);
  g_test_add_func ("/value/hashes", test_hashes);
  return g_test_run ();
}
