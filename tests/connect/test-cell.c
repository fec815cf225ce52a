/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text of a cell is taken for, and what it reads as. */
#include "import-test.h"

#include "bv-time.h"

typedef struct
{
  const char *text;
  char decimal;
  BvDateOrder order;
  const char *types; /* what fits, as initials: b i d D(ate) T(imestamp); "*" for all */
  BvType type;       /* read as */
  const char *plain; /* gives, NULL when unreadable */
} Case;

static const Case cases[] = {
  { "", '.', 0, "*", BV_TYPE_INT, "" },
  { "  ", '.', 0, "*", BV_TYPE_DATE, "" },
  { "0", '.', 0, "id", BV_TYPE_INT, "0" },
  { "-17", '.', 0, "id", BV_TYPE_INT, "-17" },
  { " 17 ", '.', 0, "id", BV_TYPE_INT, "17" },
  { "007", '.', 0, "", BV_TYPE_INT, "7" },
  { "00", '.', 0, "", BV_TYPE_INT, "0" },
  { "+33123456789", '.', 0, "", BV_TYPE_INT, "33123456789" },
  { "9223372036854775807", '.', 0, "id", BV_TYPE_INT, "9223372036854775807" },
  { "-9223372036854775808", '.', 0, "id", BV_TYPE_INT, "-9223372036854775808" },
  { "9223372036854775808", '.', 0, "", BV_TYPE_INT, NULL },
  { "99999999999999999999999", '.', 0, "", BV_TYPE_DOUBLE, "1e+23" },
  { "1.5", '.', 0, "d", BV_TYPE_DOUBLE, "1.5" },
  { ".5", '.', 0, "d", BV_TYPE_DOUBLE, "0.5" },
  { "-0.1", '.', 0, "d", BV_TYPE_DOUBLE, "-0.1" },
  { "12.0", '.', 0, "d", BV_TYPE_INT, "12" },
  { "12.5", '.', 0, "d", BV_TYPE_INT, NULL },
  { "1e3", '.', 0, "d", BV_TYPE_DOUBLE, "1000" },
  { "1E-3", '.', 0, "d", BV_TYPE_DOUBLE, "0.001" },
  { "1e999", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "0.1234567890123456789012345", '.', 0, "d", BV_TYPE_DOUBLE, "0.12345678901234568" },
  { "123456789.123456789", '.', 0, "d", BV_TYPE_DOUBLE, "123456789.12345679" },
  { "1,234", '.', 0, "id", BV_TYPE_INT, "1234" },
  { "1,234,567.5", '.', 0, "d", BV_TYPE_DOUBLE, "1234567.5" },
  { "1,23", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "1,2345", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "1234,567", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { ",123", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "0,123", '.', 0, "", BV_TYPE_DOUBLE, "123" },
  { "1,23", ',', 0, "d", BV_TYPE_DOUBLE, "1.23" },
  { "1.234,5", ',', 0, "d", BV_TYPE_DOUBLE, "1234.5" },
  { "1.234", ',', 0, "id", BV_TYPE_INT, "1234" },
  { "1.5", ',', 0, "", BV_TYPE_DOUBLE, NULL },
  { "12%", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "$12", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "nan", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "inf", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "0x10", '.', 0, "", BV_TYPE_INT, NULL },
  { "-", '.', 0, "", BV_TYPE_INT, NULL },
  { ".", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "1e", '.', 0, "", BV_TYPE_DOUBLE, NULL },
  { "12 34", '.', 0, "", BV_TYPE_INT, NULL },
  { "a@b.org", '.', 0, "", BV_TYPE_TEXT, "a@b.org" },
  { "TRUE", '.', 0, "b", BV_TYPE_BOOL, "true" },
  { "no", '.', 0, "b", BV_TYPE_BOOL, "false" },
  { "1", '.', 0, "id", BV_TYPE_BOOL, "true" },
  { "maybe", '.', 0, "", BV_TYPE_BOOL, NULL },
  { "2026-02-28", '.', 0, "DT", BV_TYPE_DATE, "2026-02-28" },
  { "2026-02-29", '.', 0, "", BV_TYPE_DATE, NULL },
  { "2026/2/8", '.', 0, "DT", BV_TYPE_DATE, "2026-02-08" },
  { "31.12.2025", '.', BV_ORDER_DMY, "DT", BV_TYPE_DATE, "2025-12-31" },
  { "31.12.2025", '.', BV_ORDER_MDY, "", BV_TYPE_DATE, NULL },
  { "1/2/2026", '.', BV_ORDER_DMY, "DT", BV_TYPE_DATE, "2026-02-01" },
  { "1/2/2026", '.', BV_ORDER_MDY, "DT", BV_TYPE_DATE, "2026-01-02" },
  { "1/2/2026", '.', BV_ORDER_YMD, "", BV_TYPE_DATE, NULL },
  { "1/2/26", '.', BV_ORDER_MDY, "DT", BV_TYPE_DATE, "2026-01-02" },
  { "1/2/69", '.', BV_ORDER_MDY, "DT", BV_TYPE_DATE, "1969-01-02" },
  { "1.2.10", '.', BV_ORDER_DMY, "", BV_TYPE_DATE, NULL },
  { "1-2/2026", '.', BV_ORDER_DMY, "", BV_TYPE_DATE, NULL },
  { "12-34-56", '.', BV_ORDER_DMY, "", BV_TYPE_DATE, NULL },
  { "2026-02-28", '.', 0, "DT", BV_TYPE_TIMESTAMP, "2026-02-28 00:00:00" },
  { "2026-02-28T10:00:00Z", '.', 0, "T", BV_TYPE_TIMESTAMP, "2026-02-28 10:00:00" },
  { "2026-02-28 10:00", '.', 0, "T", BV_TYPE_TIMESTAMP, "2026-02-28 10:00:00" },
  { "2026-02-28 10:00:00.250 UTC", '.', 0, "T", BV_TYPE_TIMESTAMP, "2026-02-28 10:00:00.25" },
  { "2026-02-28 00:30:00+02:00", '.', 0, "T", BV_TYPE_TIMESTAMP, "2026-02-27 22:30:00" },
  { "2026-02-28 23:30:00 -0130", '.', 0, "T", BV_TYPE_TIMESTAMP, "2026-03-01 01:00:00" },
  { "2/28/2026 2:05 PM", '.', BV_ORDER_MDY, "T", BV_TYPE_TIMESTAMP, "2026-02-28 14:05:00" },
  { "2/28/2026 12:05:01 am", '.', BV_ORDER_MDY, "T", BV_TYPE_TIMESTAMP, "2026-02-28 00:05:01" },
  { "2026-02-28 25:00", '.', 0, "", BV_TYPE_TIMESTAMP, NULL },
  { "2026-02-28 10:00 soon", '.', 0, "", BV_TYPE_TIMESTAMP, NULL },
  { "2026-02-28 00:00:00", '.', 0, "T", BV_TYPE_DATE, "2026-02-28" },
  { "2026-02-28 00:00:01", '.', 0, "T", BV_TYPE_DATE, NULL },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      BvCellStyle style = { c->decimal, c->order };
      guint bits = bv_cell_types (c->text, strlen (c->text), &style);
      g_autoptr (GString) types = g_string_new (NULL);
      BvValue value;
      gboolean ok = bv_cell_parse (c->text, strlen (c->text), c->type, &style, &value);

      g_test_message ("“%s”", c->text);
      if (bits == BV_CELL_ANY)
        g_string_assign (types, "*");
      else
        {
          g_string_append (types, bits & 1u << BV_TYPE_BOOL ? "b" : "");
          g_string_append (types, bits & 1u << BV_TYPE_INT ? "i" : "");
          g_string_append (types, bits & 1u << BV_TYPE_DOUBLE ? "d" : "");
          g_string_append (types, bits & 1u << BV_TYPE_DATE ? "D" : "");
          g_string_append (types, bits & 1u << BV_TYPE_TIMESTAMP ? "T" : "");
        }
      g_assert_cmpstr (types->str, ==, c->types);
      g_assert_cmpint (ok, ==, c->plain != NULL);
      if (ok)
        {
          g_autofree char *plain = bv_value_to_plain (&value);

          g_assert_cmpstr (plain, ==, c->plain);
        }
      else
        g_assert_cmpint (value.type, ==, BV_TYPE_NULL);
    }
}

/* Numbers as we write them come back equal. */
static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  BvCellStyle style = { '.', BV_ORDER_YMD };

  for (int i = 0; i < 20000; i++)
    {
      gint64 whole = (gint64) ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)) >> g_rand_int_range (rand, 0, 60);
      BvValue values[] = { bv_value_int (whole), bv_value_double ((double) whole / g_rand_int_range (rand, 1, 100000)),
                           bv_value_date (g_rand_int_range (rand, -700000, 2900000)),
                           bv_value_timestamp (whole % (BV_DAY_US * 100000)) };

      for (guint j = 0; j < G_N_ELEMENTS (values); j++)
        {
          g_autofree char *plain = bv_value_to_plain (&values[j]);
          BvValue back;

          if (!bv_cell_parse (plain, strlen (plain), values[j].type, &style, &back) || !bv_value_equal (&back, &values[j]))
            g_error ("“%s” does not come back", plain);
        }
    }
}

/* A long text is shown by its beginning, in whole characters. */
static void
test_problem (void)
{
  static const struct { const char *text, *shown; } texts[] = {
    { "n/a", "“n/a” is not a number" },
    { "a123456789b123456789c123456789d123456789e", "“a123456789b123456789c123456789d123456789…” is not a number" },
    { "a123456789b123456789c123456789d12345678ée", "“a123456789b123456789c123456789d12345678…” is not a number" },
    { "a123456789b123456789c123456789d1234567é", "“a123456789b123456789c123456789d1234567é” is not a number" },
    { "caf\xe9", "“caf\xef\xbf\xbd” is not a number" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = bv_cell_problem (texts[i].text, strlen (texts[i].text), BV_TYPE_DOUBLE);

      g_assert_cmpstr (text, ==, texts[i].shown);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/cell/cases", test_cases);
  g_test_add_func ("/connect/cell/round-trip", test_round_trip);
  g_test_add_func ("/connect/cell/problem", test_problem);
  return g_test_run ();
}
