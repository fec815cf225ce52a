/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tables, written as CSV and JSON in all allowed ways, come back as they were. */
#include "import-test.h"

typedef struct
{
  const char *data;
  gsize left;
  GRand *rand;
} Drip;

/* Chunks of any size, so that every state meets a chunk's end. */
static gssize
drip_read (gpointer data, char *buf, gsize size, GError **error)
{
  Drip *drip = data;
  gsize some = (gsize) g_rand_int_range (drip->rand, 1, 6);
  gsize n = MIN (drip->left, some);

  memcpy (buf, drip->data, n);
  drip->data += n;
  drip->left -= n;
  return (gssize) n;
}

static char *
random_text (GRand *rand)
{
  static const char *const parts[] = { "a", "7", ",", ";", "\"", "\n", "\r\n", "\r", " ", "é", "漢", "\t", "|", "''", "\\", "x" };
  GString *s = g_string_new (NULL);

  for (int i = g_rand_int_range (rand, 0, 6); i > 0; i--)
    g_string_append (s, parts[g_rand_int_range (rand, 0, G_N_ELEMENTS (parts))]);
  return g_string_free (s, FALSE);
}

static void
append_csv (GString *s, const char *cell, char separator, GRand *rand)
{
  gboolean needed = strpbrk (cell, "\"\r\n") != NULL || strchr (cell, separator) != NULL;

  if (!needed && g_rand_boolean (rand))
    {
      g_string_append (s, cell);
      return;
    }
  g_string_append_c (s, '"');
  for (const char *p = cell; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (s, '"');
      g_string_append_c (s, *p);
    }
  g_string_append_c (s, '"');
}

static void
test_csv (void)
{
  static const char separators[] = ",;\t|";
  static const char *const ends[] = { "\n", "\r\n", "\r" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (int round = 0; round < 1500; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
      g_autoptr (GError) error = NULL;
      char separator = separators[g_rand_int_range (rand, 0, 4)];
      const char *end = ends[g_rand_int_range (rand, 0, 3)];
      int n_rows = g_rand_int_range (rand, 1, 8);
      Drip drip;

      for (int i = 0; i < n_rows; i++)
        {
          GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
          int n_fields = g_rand_int_range (rand, 2, 6);

          for (int j = 0; j < n_fields; j++)
            {
              g_ptr_array_add (row, random_text (rand));
              if (j > 0)
                g_string_append_c (text, separator);
              append_csv (text, row->pdata[j], separator, rand);
            }
          if (i + 1 < n_rows || g_rand_boolean (rand))
            g_string_append (text, end);
          g_ptr_array_add (rows, row);
        }
      drip = (Drip){ text->str, text->len, rand };
      {
        g_autoptr (BvCsv) csv = bv_csv_new (drip_read, &drip, separator, '"');
        gboolean more;

        for (guint i = 0; i < rows->len; i++)
          {
            GPtrArray *row = rows->pdata[i];

            g_assert_true (bv_csv_next (csv, &more, &error));
            g_assert_true (more);
            g_assert_cmpuint (bv_csv_n_fields (csv), ==, row->len);
            for (guint j = 0; j < row->len; j++)
              {
                gsize length;
                const char *field = bv_csv_field (csv, j, &length);

                g_assert_cmpstr (field, ==, row->pdata[j]);
                g_assert_cmpuint (length, ==, strlen (row->pdata[j]));
              }
          }
        g_assert_true (bv_csv_next (csv, &more, &error));
        if (more)
          g_error ("a row too many in %s", text->str);
      }
    }
}

/* --- JSON */

static void
append_string (GString *s, const char *text, GRand *rand)
{
  g_string_append_c (s, '"');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_printf (s, "\\%c", (char) c);
      else if (c < 0x20 || g_rand_int_range (rand, 0, 5) == 0)
        g_string_append_printf (s, "\\u%04x", c);
      else
        g_string_append_unichar (s, c);
    }
  g_string_append_c (s, '"');
}

static gboolean
collect (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  g_string_append_printf (data, "%s %d %.*s\n", key, kind, (int) length, text);
  return TRUE;
}

static void
append_object (GString *s, GString *expected, const char *path, int depth, GRand *rand)
{
  static const char *const blanks[] = { "", " ", "\n", "\t \r\n" };
  int n = g_rand_int_range (rand, depth == 0 ? 1 : 0, 4);

#define BLANK() g_string_append (s, blanks[g_rand_int_range (rand, 0, 4)])
  g_string_append_c (s, '{');
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = random_text (rand);
      g_autofree char *value = random_text (rand);
      g_autofree char *key = *path != '\0' ? g_strconcat (path, "\x1f", name, NULL) : g_strdup (name);
      g_autofree char *number = g_strdup_printf ("%d.5e1", g_rand_int_range (rand, -100, 100));

      BLANK ();
      append_string (s, name, rand);
      BLANK ();
      g_string_append_c (s, ':');
      BLANK ();
      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
          g_string_append (s, number);
          g_string_append_printf (expected, "%s %d %s\n", key, BV_JSON_NUMBER, number);
          break;
        case 1:
          g_string_append (s, "null");
          g_string_append_printf (expected, "%s %d null\n", key, BV_JSON_NULL);
          break;
        case 2:
          g_string_append (s, "[1,{\"x\":[]}, \"]}\"]");
          g_string_append_printf (expected, "%s %d [1,{\"x\":[]}, \"]}\"]\n", key, BV_JSON_NESTED);
          break;
        case 3:
          if (depth < 4 && *key != '\0')
            {
              append_object (s, expected, key, depth + 1, rand);
              break;
            }
          G_GNUC_FALLTHROUGH;
        default:
          append_string (s, value, rand);
          g_string_append_printf (expected, "%s %d %s\n", key, BV_JSON_STRING, value);
          break;
        }
      BLANK ();
      g_string_append (s, i + 1 < n ? "," : "");
    }
  g_string_append_c (s, '}');
#undef BLANK
}

static void
test_json (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (43);

  for (int round = 0; round < 1500; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autoptr (GString) got = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      gboolean array = g_rand_boolean (rand);
      int n = g_rand_int_range (rand, 0, 4);
      gboolean row = TRUE;
      int n_rows = 0;
      Drip drip;

      g_string_append (text, array ? " [" : "");
      for (int i = 0; i < n; i++)
        {
          g_string_append (text, i == 0 ? "" : array ? " ," : "\n");
          append_object (text, expected, "", 0, rand);
        }
      g_string_append (text, array ? "]\n" : "\n");
      drip = (Drip){ text->str, text->len, rand };
      {
        g_autoptr (BvJson) json = bv_json_new (drip_read, &drip);

        while (TRUE)
          {
            if (!bv_json_next (json, &row, collect, got, &error))
              g_error ("%s in %s", error->message, text->str);
            if (!row)
              break;
            n_rows++;
          }
      }
      g_assert_cmpint (n_rows, ==, n);
      g_assert_cmpstr (got->str, ==, expected->str);

      /* cut off anywhere, it is an error or a shorter file, never a crash */
      drip = (Drip){ text->str, (gsize) g_rand_int_range (rand, 0, (gint32) text->len + 1), rand };
      {
        g_autoptr (BvJson) json = bv_json_new (drip_read, &drip);
        gboolean ok = TRUE;

        for (row = TRUE; ok && row;)
          ok = bv_json_next (json, &row, collect, got, NULL);
      }
    }
}

/* A frame written as CSV comes back through the whole import. */
static void
test_frame (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (44);
  g_autoptr (BvCalendar) utc = bv_calendar_new (NULL, 1, NULL);

  for (int round = 0; round < 12; round++)
    {
      static const BvType types[] = { BV_TYPE_BOOL, BV_TYPE_INT, BV_TYPE_DOUBLE, BV_TYPE_TEXT, BV_TYPE_DATE, BV_TYPE_TIMESTAMP };
      g_autoptr (BvFrame) frame = bv_frame_new ();
      g_autofree char *csv = NULL;
      g_autofree char *path = NULL;
      g_autoptr (BvImportPlan) plan = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (BvImportResult) result = { 0 };
      sqlite3 *db;
      sqlite3_stmt *stmt = NULL;
      int n_rows = g_rand_int_range (rand, 1, 60);

      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        bv_frame_add_column (frame, bv_type_to_name (types[j]), types[j], BV_ROLE_FIELD);
      for (int i = 0; i < n_rows; i++)
        {
          g_autofree char *noise = random_text (rand);
          g_autofree char *text = g_strconcat ("t", noise, NULL);
          BvValue row[] = { bv_value_bool (g_rand_boolean (rand)), bv_value_int (g_rand_int_range (rand, -1000000, 1000000)),
                            bv_value_double (g_rand_double (rand) * 1e6), { BV_TYPE_TEXT, { .s = text } },
                            bv_value_date (g_rand_int_range (rand, 0, 30000)),
                            bv_value_timestamp ((gint64) g_rand_int_range (rand, 0, 2000000000) * 1000000 + 250000) };

          if (g_rand_int_range (rand, 0, 5) == 0)
            row[g_rand_int_range (rand, 0, G_N_ELEMENTS (row))].type = BV_TYPE_NULL;
          bv_frame_append (frame, row);
        }
      csv = bv_frame_to_csv (frame, utc);
      path = write_file (f, "frame.csv", csv, -1);
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_no_error (error);
      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        ((BvImportColumn *) plan->columns->pdata[j])->type = types[j];
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      g_assert_cmpint (result.n_unreadable, ==, 0);
      g_assert_cmpint (result.n_rows, ==, n_rows);
      db = bv_project_borrow_reader (f->project, NULL, NULL);
      g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT * FROM frame ORDER BY rowid", -1, &stmt, NULL), ==, SQLITE_OK);
      for (int i = 0; i < n_rows; i++)
        {
          g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
          for (guint j = 0; j < G_N_ELEMENTS (types); j++)
            {
              g_auto (BvValue) value = BV_VALUE_NULL;
              BvValue wanted = bv_frame_peek (frame, j, (guint) i);

              if (sqlite3_column_type (stmt, (int) j) == SQLITE_FLOAT)
                value = bv_value_double (sqlite3_column_double (stmt, (int) j));
              else if (sqlite3_column_type (stmt, (int) j) != SQLITE_NULL)
                g_assert_true (bv_value_from_plain ((const char *) sqlite3_column_text (stmt, (int) j), types[j], &value));
              g_assert_true (bv_value_equal (&value, &wanted));
            }
        }
      sqlite3_finalize (stmt);
      bv_project_return_reader (f->project, db);
    }
}

/* Columns and rows of a file of @head rows that are equal and the rows of @tail behind them; a row that comes again counts once. */
static char *
import_rows (Fixture *f, const char *name, const char *heading, const char *first, int head, const char *tail)
{
  g_autoptr (GString) text = g_string_new (heading);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  g_auto (BvImportResult) result = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *columns = NULL;
  g_autofree char *rows = NULL;
  BvChange *change = bv_change_new ("Drop");

  for (int i = 0; i < head; i++)
    g_string_append (text, first);
  g_string_append (text, tail);
  path = write_file (f, name, text->str, (gssize) text->len);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_unreadable, ==, 0);
  columns = columns_of (plan);
  rows = dump (f->project, "SELECT DISTINCT * FROM t");
  bv_change_drop_table (change, "t");
  g_assert_true (bv_project_commit (f->project, change, NULL));
  return g_strconcat (columns, "\n", rows, NULL);
}

/* What stands behind the sample decides of a column's type as what stands in it. */
static void
test_late (Fixture *f, gconstpointer data)
{
  static const char *const cells[] = { "", "5", "-3", "0.5", "2026-01-02", "2026-01-02 10:00:00", "yes", "x", "007", "9007199254740993", "1e300" };
  static const char *const values[] = { "null", "5", "-3", "0.5", "\"2026-01-02\"", "\"2026-01-02T10:00:00Z\"", "true", "\"x\"", "\"007\"",
                                        "9007199254740993", "[1]", "{\"k\": 1}", "{\"k\": \"x\"}", "\"\"" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (45);
  g_autofree char *wide = g_strnfill (20000, 'w');

  for (int round = 0; round < 60; round++)
    {
      gboolean json = round % 2 != 0;
      g_autofree char *first = NULL;
      g_autoptr (GString) tail = g_string_new (NULL);
      g_autofree char *late = NULL;
      g_autofree char *early = NULL;

      for (int i = -1; i < g_rand_int_range (rand, 1, 5); i++)
        {
          g_autoptr (GString) row = g_string_new (json ? "{" : NULL);

          /* Mostly of the same kind, so that few columns are text from the start. */
          for (int c = 0; c < 3; c++)
            {
              guint which = g_rand_int_range (rand, 0, 3) > 0 ? 1 : (guint) g_rand_int_range (rand, 0, json ? G_N_ELEMENTS (values) : G_N_ELEMENTS (cells));

              if (json)
                g_string_append_printf (row, "\"%c\": %s, ", 'a' + c, values[which]);
              else
                g_string_append_printf (row, "%s,", cells[which]);
            }
          g_string_append_printf (row, json ? "\"w\": \"%s\"}\n" : "%s\n", wide);
          if (i < 0)
            first = g_strdup (row->str);
          else
            g_string_append (tail, row->str);
        }
      late = import_rows (f, json ? "t.json" : "t.csv", json ? "" : "a,b,c,w\n", first, 60, tail->str);
      early = import_rows (f, json ? "t.json" : "t.csv", json ? "" : "a,b,c,w\n", first, 1, tail->str);
      g_assert_cmpstr (late, ==, early);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/property/csv", test_csv);
  g_test_add_func ("/connect/property/json", test_json);
  g_test_add ("/connect/property/frame", Fixture, NULL, fixture_set_up, test_frame, fixture_tear_down);
  g_test_add ("/connect/property/late", Fixture, NULL, fixture_set_up, test_late, fixture_tear_down);
  return g_test_run ();
}
