/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-frame.h"

static BvFrame *
sample (void)
{
  BvFrame *frame = bv_frame_new ();
  BvValue rows[][4] = {
    { { BV_TYPE_TEXT, { .s = (char *) "a, \"b\"" } }, bv_value_int (3), bv_value_timestamp (0), bv_value_date (0) },
    { BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL },
    { { BV_TYPE_TEXT, { .s = (char *) "x" } }, bv_value_double (0.5), bv_value_timestamp (1500000), bv_value_date (-1) },
  };

  bv_frame_add_column (frame, "Name", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Value", BV_TYPE_DOUBLE, BV_ROLE_METRIC)->total = bv_value_double (7);
  bv_frame_add_column (frame, "At", BV_TYPE_TIMESTAMP, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_FIELD);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    bv_frame_append (frame, rows[i]);
  return frame;
}

static void
test_csv (void)
{
  g_autoptr(BvFrame) frame = sample ();
  g_autoptr(BvCalendar) paris = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autofree char *csv = bv_frame_to_csv (frame, paris);

  g_assert_cmpstr (csv, ==,
                   "Name,Value,At,Day\n"
                   "\"a, \"\"b\"\"\",3,1970-01-01T01:00:00+01:00,1970-01-01\n"
                   ",,,\n"
                   "x,0.5,1970-01-01T01:00:01.5+01:00,1969-12-31\n");
}

static void
test_pick (void)
{
  g_autoptr(BvFrame) frame = sample ();
  guint order[] = { 2, 0, 2 };
  g_autoptr(BvFrame) picked = bv_frame_pick (frame, order, G_N_ELEMENTS (order));

  g_assert_cmpuint (bv_frame_get_n_rows (picked), ==, 3);
  g_assert_cmpstr (bv_frame_get_text (picked, 0, 0), ==, "x");
  g_assert_cmpstr (bv_frame_get_text (picked, 0, 1), ==, "a, \"b\"");
  g_assert_cmpfloat_with_epsilon (bv_frame_get_double (picked, 1, 2), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (bv_frame_get_column (picked, 1)->total.d, 7, 1e-12);
  g_assert_true (bv_frame_is_null (frame, 0, 1));
}

static void
test_repeat (void)
{
  static const gint64 days[] = { 0, 1, 2, 3 };
  g_autoptr(BvFrame) frame = bv_frame_new ();
  BvValue one = bv_value_int (1), null = BV_VALUE_NULL;
  g_autofree char *csv = NULL;

  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME);
  bv_frame_add_column (frame, "Double", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Int", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_add_column (frame, "Text", BV_TYPE_TEXT, BV_ROLE_METRIC);
  bv_frame_set_n_rows (frame, 5);
  bv_frame_set_times (frame, 0, 1, 4, days);
  bv_frame_set_times (frame, 0, 5, 0, days);
  bv_frame_repeat (frame, 1, 1, 3, &one);
  bv_frame_repeat (frame, 2, 0, 2, &one);
  bv_frame_repeat (frame, 2, 3, 2, &one);
  bv_frame_repeat (frame, 3, 0, 5, &null);
  csv = bv_frame_to_csv (frame, NULL);
  g_assert_cmpstr (csv, ==, "Day,Double,Int,Text\n,,1,\n1970-01-01,1,1,\n1970-01-02,1,,\n1970-01-03,1,1,\n1970-01-04,,1,\n");
}

static void
test_null (void)
{
  g_autoptr(BvFrame) frame = sample ();
  g_autoptr(BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("C", NULL, utc);
  g_autofree char *group = bv_frame_format (frame, 0, 1, locale);
  g_autofree char *metric = bv_frame_format (frame, 1, 1, locale);

  g_assert_cmpstr (group, ==, "(empty)");
  g_assert_cmpstr (metric, ==, "–");
}

/* Equal texts are at one address, however they came. */
static void
test_interned (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  BvValue value = { BV_TYPE_TEXT, { .s = (char *) "North" } };

  bv_frame_add_column (frame, "Region", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_append_text (frame, 0, "North", -1);
  bv_frame_append_text (frame, 0, "Northern", 5);
  bv_frame_append (frame, &value);
  g_assert_cmpstr (bv_frame_get_text (frame, 0, 1), ==, "North");
  for (guint row = 1; row < 3; row++)
    g_assert_true (bv_frame_get_text (frame, 0, row) == bv_frame_get_text (frame, 0, 0));
}

static void
test_notes (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();

  bv_frame_add_note (frame, BV_NOTE_TRUNCATED, "First 10 of 20 rows");
  bv_frame_add_note (frame, BV_NOTE_TRUNCATED, "First 10 of 20 rows");
  g_assert_cmpuint (bv_frame_get_n_notes (frame), ==, 1);
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_TRUNCATED));
  g_assert_false (bv_frame_has_note (frame, BV_NOTE_OVERLAPS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/csv", test_csv);
  g_test_add_func ("/frame/pick", test_pick);
  g_test_add_func ("/frame/null", test_null);
  g_test_add_func ("/frame/repeat", test_repeat);
  g_test_add_func ("/frame/interned", test_interned);
  g_test_add_func ("/frame/notes", test_notes);
  return g_test_run ();
}
