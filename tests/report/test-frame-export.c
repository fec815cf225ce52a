/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as JSON, as a table of text and as a workbook. */

#include "bv-export.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static BvFrame *
make_frame (void)
{
  BvFrame *frame = bv_frame_new ();
  BvColumn *revenue;

  bv_frame_add_column (frame, "Day", BV_TYPE_DATE, BV_ROLE_TIME)->grain = BV_GRAIN_DAY;
  bv_frame_add_column (frame, "At", BV_TYPE_TIMESTAMP, BV_ROLE_FIELD);
  bv_frame_add_column (frame, "Name \"x\"", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Open", BV_TYPE_BOOL, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Deals", BV_TYPE_INT, BV_ROLE_METRIC);
  revenue = bv_frame_add_column (frame, "Revenue", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  revenue->total = bv_value_double (0.3);
  for (int i = 0; i < 2; i++)
    {
      BvValue row[] = {
        bv_value_date (bv_days_from_civil (2026, 6, 30)), bv_value_timestamp (bv_days_from_civil (2026, 6, 30) * BV_DAY_US),
        bv_value_text (i == 0 ? "Zoé\t日本 \"q\" \\" : "=1+1"), bv_value_bool (i == 0),
        bv_value_int (i == 0 ? G_GINT64_CONSTANT (9007199254740993) : -7), bv_value_double (i == 0 ? 0.1 : 1e300),
      };

      bv_frame_append (frame, row);
      bv_value_clear (&row[2]);
    }
  {
    BvValue nulls[6] = { BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL, BV_VALUE_NULL };

    bv_frame_append (frame, nulls);
  }
  bv_frame_add_note (frame, BV_NOTE_TRUNCATED, "More rows exist");
  return frame;
}

static void
test_json (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvFrame) frame = make_frame ();
  g_autoptr(BvFrame) empty = bv_frame_new ();
  g_autofree char *json = bv_frame_to_json (frame, calendar);
  g_autofree char *none = bv_frame_to_json (empty, calendar);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  JsonObject *first, *last;

  g_assert_nonnull (node);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 3);
  first = json_array_get_object_element (json_node_get_array (node), 0);
  g_assert_cmpstr (json_object_get_string_member (first, "Day"), ==, "2026-06-30");
  g_assert_cmpstr (json_object_get_string_member (first, "At"), ==, "2026-06-30T02:00:00+02:00");
  g_assert_cmpstr (json_object_get_string_member (first, "Name \"x\""), ==, "Zoé\t日本 \"q\" \\");
  g_assert_true (json_object_get_boolean_member (first, "Open"));
  g_assert_cmpint (json_object_get_int_member (first, "Deals"), ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_nonnull (strstr (json, "\"Revenue\": 0.1}"));
  g_assert_nonnull (strstr (json, "\"Revenue\": 1e+300}"));
  last = json_array_get_object_element (json_node_get_array (node), 2);
  g_assert_true (json_object_get_null_member (last, "Deals"));
  g_assert_true (json_object_get_null_member (last, "Day"));
  g_assert_cmpstr (none, ==, "[]\n");
}

static void
test_table (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("en_US", "EUR", calendar);
  g_autoptr(BvFrame) frame = make_frame ();
  g_autofree char *table = bv_frame_to_table (frame, locale);
  g_auto(GStrv) lines = g_strsplit (table, "\n", -1);

  /* Header, rule, three rows, rule, total, note. */
  g_assert_cmpuint (g_strv_length (lines), ==, 9);
  g_assert_true (g_str_has_prefix (lines[0], "Day "));
  g_assert_nonnull (strstr (lines[6], "Total"));
  g_assert_cmpstr (lines[7], ==, "More rows exist");
  g_assert_null (strchr (table, '\t'));
  g_assert_nonnull (strstr (lines[4], "–"));
}

static void
test_xlsx (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvFrame) frame = make_frame ();
  g_autofree char *dir = g_dir_make_tmp ("bv-xlsx-XXXXXX", NULL);
  g_autofree char *a = g_build_filename (dir, "a.xlsx", NULL);
  g_autofree char *b = g_build_filename (dir, "b.xlsx", NULL);
  g_autofree char *missing = g_build_filename (dir, "no", "such", "c.xlsx", NULL);
  const BvFrame *frames[] = { frame, frame, frame };
  const char *titles[] = { "A title that is much longer than a sheet's name may be", "A/b:c*[d]?", "a/B:C*[D]?" };
  g_autofree char *bytes_a = NULL, *bytes_b = NULL;
  gsize size_a, size_b;
  g_autoptr(GError) error = NULL;

  g_assert_true (bv_frame_write_xlsx (frames, titles, 3, calendar, a, &error));
  g_assert_no_error (error);
  g_assert_true (bv_frame_write_xlsx (frames, titles, 3, calendar, b, &error));
  g_assert_true (g_file_get_contents (a, &bytes_a, &size_a, NULL));
  g_assert_true (g_file_get_contents (b, &bytes_b, &size_b, NULL));
  g_assert_cmpmem (bytes_a, size_a, bytes_b, size_b);
  g_assert_cmpmem (bytes_a, 2, "PK", 2);

  {
    /* The least whole number, and a text that is longer than a cell may be. */
    g_autoptr(BvFrame) odd = bv_frame_new ();
    g_autofree char *text = g_strnfill (40000, 'x');

    bv_frame_add_column (odd, "N", BV_TYPE_INT, BV_ROLE_METRIC);
    bv_frame_add_column (odd, "Text", BV_TYPE_TEXT, BV_ROLE_FIELD);
    bv_frame_append_int (odd, 0, G_MININT64);
    bv_frame_append_text (odd, 1, text, -1);
    frames[1] = odd;
    g_assert_true (bv_frame_write_xlsx (frames, titles, 3, calendar, b, &error));
    g_assert_no_error (error);
  }
  g_assert_false (bv_frame_write_xlsx (frames, titles, 3, calendar, missing, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_FAILED);
  g_unlink (a);
  g_unlink (b);
  g_assert_cmpint (g_rmdir (dir), ==, 0); /* and nothing half made is left */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame-export/json", test_json);
  g_test_add_func ("/frame-export/table", test_table);
  g_test_add_func ("/frame-export/xlsx", test_xlsx);
  return g_test_run ();
}
