/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predicates as tests of codes.
 *
 * On the table's own columns, intervals and single values are ranges of codes, found by bisection; lists and searches are a table with an entry per
 * code. A predicate on a related table is evaluated over that table's rows and carried along the key: a table again, with an entry per key code. What
 * a predicate selects of a large table is kept under a text that says all it depends on, so that the second tile, and the next step of another
 * filter, need not look at the rows.
 *
 * Cost: O(log codes) for ranges; O(codes) for searches and related tables; O(rows) once for what is kept, or O(rows selected) where the column has
 * lists of rows by code.
 */
#include "config.h"

#include "bv-column-private.h"
#include "bv-postings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
passes_null (const BvPredicate *p)
{
  gboolean passes = p->kind == BV_PREDICATE_EMPTY;

  for (guint i = 0; p->kind == BV_PREDICATE_IN && i < p->values->len; i++)
    passes = passes || g_array_index (p->values, BvValue, i).type == BV_TYPE_NULL;
  return passes != p->negate;
}

static BvTest *
new_range (const BvEncodedColumn *column, guint64 first, guint64 end)
{
  BvTest *test = bv_test_new (BV_TEST_RANGE);

  test->column = column;
  test->first = first;
  test->end = MAX (first, end);
  return test;
}

static BvTest *
test_in (BvColumnSession *self, const BvEncodedColumn *column, const BvPredicate *p)
{
  BvTest *any = bv_test_new (BV_TEST_ANY);
  guint8 *accept;

  for (guint i = 0; i < p->values->len; i++)
    {
      const BvValue *value = &g_array_index (p->values, BvValue, i);
      guint64 first = 0, end = 1;

      if (value->type != BV_TYPE_NULL)
        {
          first = bv_encoded_bound (column, value, FALSE);
          end = bv_encoded_bound (column, value, TRUE);
        }
      if (first < end)
        g_ptr_array_add (any->children, new_range (column, first, end));
    }
  if (any->children->len == 0)
    {
      bv_test_free (any);
      return bv_test_new (BV_TEST_CONSTANT);
    }
  if (any->children->len == 1 || column->n_codes > BV_COLUMN_MAX_TABLE)
    return any;
  accept = g_malloc0 (column->n_codes);
  for (guint i = 0; i < any->children->len; i++)
    accept[((BvTest *) any->children->pdata[i])->first] = 1;
  bv_test_free (any);
  any = bv_test_new (BV_TEST_ACCEPT);
  any->column = column;
  any->accept = g_bytes_new_take (accept, column->n_codes);
  return any;
}

/* An instant as the first place in the order of day and time that is not before it. */
static void
place_instant (const BvEncodedColumn *column, gint64 us, guint64 *day, guint64 *time)
{
  guint64 low = 1, high = column->n_codes;

  *time = 0;
  while (low < high)
    {
      guint64 middle = (low + high) / 2;

      if (column->day_starts[middle + 1] <= us)
        low = middle + 1;
      else
        high = middle;
    }
  *day = low;
  if (low < column->n_codes && us > column->day_starts[low])
    *time = (guint64) (us - column->day_starts[low] + column->time_unit - 1) / (guint64) column->time_unit;
}

/* NULL after a refusal. */
static BvTest *
new_since (BvColumnSession *self, int node, const BvEncodedColumn *column, gint64 us)
{
  guint64 day, time;
  BvTest *test;

  place_instant (column, us, &day, &time);
  if (time == 0)
    return new_range (column, day, column->n_codes);
  if (!bv_encoded_table_verify_times (self->tables[node], column))
    {
      bv_column_refuse_damage (self);
      return NULL;
    }
  test = bv_test_new (BV_TEST_SINCE);
  test->column = column;
  test->first = day;
  test->time = time;
  return test;
}

static BvTest *
test_interval (BvColumnSession *self, const BvEncodedColumn *column, const BvPredicate *p)
{
  gboolean time = bv_type_is_time (column->type);
  g_autoptr(BvTest) all = NULL;
  BvTest *start;

  if (time && ((p->low.type != BV_TYPE_NULL && p->low.type != column->type) || (p->high.type != BV_TYPE_NULL && p->high.type != column->type)))
    {
      bv_column_refuse (self, _("A date is compared with a time"));
      return NULL;
    }
  if (column->coding != BV_CODING_INSTANTS)
    return new_range (column, p->low.type == BV_TYPE_NULL ? 1 : bv_encoded_bound (column, &p->low, p->low_open),
                      p->high.type == BV_TYPE_NULL ? column->n_codes : bv_encoded_bound (column, &p->high, !p->high_open));
  start = p->low.type == BV_TYPE_NULL ? new_range (column, 1, column->n_codes) : new_since (self, p->node, column, p->low.i + (p->low_open ? 1 : 0));
  if (start == NULL)
    return NULL;
  all = bv_test_new (BV_TEST_ALL);
  g_ptr_array_add (all->children, start);
  if (p->high.type != BV_TYPE_NULL)
    {
      BvTest *end = new_since (self, p->node, column, p->high.i + (p->high_open ? 0 : 1));

      if (end == NULL)
        return NULL;
      /* Whole days are one range of codes. */
      if (end->kind == BV_TEST_RANGE && start->kind == BV_TEST_RANGE)
        {
          start->end = MAX (start->first, end->first);
          bv_test_free (end);
        }
      else
        {
          end->negate = TRUE;
          g_ptr_array_add (all->children, end);
        }
    }
  return g_steal_pointer (&all);
}

static gboolean
matches (const char *text, const BvPredicate *p)
{
  g_autofree char *folded = NULL;
  char small[256];
  gsize length = strlen (text);
  gboolean ascii = length < sizeof small;

  for (gsize i = 0; ascii && i < length; i++)
    {
      ascii = (text[i] & 0x80) == 0;
      small[i] = g_ascii_tolower (text[i]);
    }
  if (ascii)
    {
      small[length] = '\0';
      text = small;
    }
  else
    text = folded = g_utf8_casefold (text, (gssize) length);
  for (guint i = 0; i < p->values->len; i++)
    {
      const char *needle = g_array_index (p->values, BvValue, i).s;

      if (p->match == BV_MATCH_CONTAINS ? strstr (text, needle) != NULL
          : p->match == BV_MATCH_STARTS ? g_str_has_prefix (text, needle)
                                        : g_str_has_suffix (text, needle))
        return TRUE;
    }
  return FALSE;
}

static BvTest *
new_accept (const BvEncodedColumn *column, GBytes *accept)
{
  BvTest *test = bv_test_new (BV_TEST_ACCEPT);

  test->column = column;
  test->accept = accept;
  return test;
}

static BvTest *
test_match (BvColumnSession *self, const BvEncodedColumn *column, const BvPredicate *p)
{
  BvEncodedTable *table = self->tables[p->node];
  const char *key = bv_column_predicate_key (p);
  GBytes *known = bv_encoded_table_get_derived (table, key);
  guint8 *accept;

  if (known != NULL)
    return new_accept (column, known);
  if (column->coding != BV_CODING_TEXTS)
    {
      bv_column_refuse (self, _("A number is searched as text"));
      return NULL;
    }
  accept = g_malloc0 (column->n_codes);
  for (guint64 code = 1; code < column->n_codes; code++)
    accept[code] = matches (bv_encoded_text (column, (guint32) code), p) ? 1 : 0;
  return new_accept (column, bv_encoded_table_put_derived (table, key, g_bytes_new_take (accept, column->n_codes)));
}

/* The test of a leaf on rows of its own table. */
static BvTest *
test_leaf (BvColumnSession *self, const BvPredicate *p)
{
  const BvEncodedColumn *column = bv_column_find (self, p->node, p->field->name);
  BvTest *test = NULL;

  if (column == NULL)
    return NULL;
  switch (p->kind)
    {
    case BV_PREDICATE_IN:
      if (column->coding == BV_CODING_INSTANTS && p->values->len > 0)
        bv_column_refuse (self, _("A list of single instants"));
      else
        test = test_in (self, column, p);
      break;
    case BV_PREDICATE_INTERVAL:
      test = test_interval (self, column, p);
      break;
    case BV_PREDICATE_MATCH:
      test = test_match (self, column, p);
      break;
    case BV_PREDICATE_EMPTY:
    case BV_PREDICATE_ALL:
    case BV_PREDICATE_ANY:
    default:
      test = new_range (column, 0, column->coding == BV_CODING_TEXTS && column->n_codes > 1 && *bv_encoded_text (column, 1) == '\0' ? 2 : 1);
      break;
    }
  if (test != NULL && p->negate)
    test->negate = !test->negate;
  return test;
}

static BvTest *
test_related (BvColumnPass *pass, const BvPredicate *p)
{
  BvColumnSession *self = pass->session;
  BvEncodedTable *table = self->tables[pass->driver];
  g_autofree char *way = NULL;
  g_autofree char *key = NULL;
  g_autoptr(BvTest) own = NULL;
  g_autoptr(GBytes) passing = NULL;
  const guint64 *bits;
  BvSource rows;
  guint8 *accept;
  guint8 null = passes_null (p) ? 1 : 0;
  GBytes *known;

  if (!bv_column_way (pass, p->node, &rows, &way))
    return NULL;
  key = g_strconcat (way, " ?", bv_column_predicate_key (p), NULL);
  known = bv_encoded_table_get_derived (table, key);
  if (known != NULL)
    return new_accept (rows.column, known);
  own = test_leaf (self, p);
  if (own == NULL)
    return NULL;
  passing = bv_test_rows (own, self->tables[p->node]);
  bits = g_bytes_get_data (passing, NULL);
  accept = g_malloc (rows.column->n_codes);
  for (guint64 code = 0; code < rows.column->n_codes; code++)
    {
      guint32 row = rows.table[code];

      accept[code] = row == 0 ? null : (guint8) (bits[(row - 1) / 64] >> ((row - 1) % 64) & 1);
    }
  return new_accept (rows.column, bv_encoded_table_put_derived (table, key, g_bytes_new_take (accept, rows.column->n_codes)));
}

/* Whether it pays to keep what a predicate selects. Times are stretches of rows, and ranges of numbers move with every step of a slider. */
static gboolean
is_kept (BvColumnPass *pass, const BvPredicate *p)
{
  return p->node != pass->driver || p->kind == BV_PREDICATE_IN ||
         bv_table_find_field (((BvPlanNode *) pass->session->plan->nodes->pdata[p->node])->table, p->field->name)->type == BV_TYPE_TEXT;
}

/* The rows that a predicate selects are noted as bits or as a list, for the other tiles and queries that share the filter. */
static BvTest *
test_kept (BvColumnPass *pass, const BvPredicate *p)
{
  BvEncodedTable *table = pass->session->tables[pass->driver];
  gboolean own = p->node == pass->driver;
  g_autofree char *way = NULL;
  g_autofree char *key = NULL;
  BvTest *test, *kept;
  BvSource source;

  if (table == NULL || table->n_rows < bv_tuning.kept_rows || !is_kept (pass, p))
    return own ? test_leaf (pass->session, p) : test_related (pass, p);
  if (!own && !bv_column_way (pass, p->node, &source, &way))
    return NULL;
  key = g_strconcat (way != NULL ? way : "", " #", bv_column_predicate_key (p), NULL);
  kept = bv_test_find_kept (table, key);
  if (kept != NULL)
    return kept;
  test = own ? test_leaf (pass->session, p) : test_related (pass, p);
  if (test == NULL || test->kind == BV_TEST_CONSTANT)
    return test;
  kept = bv_postings_find (table, test);
  if (kept == NULL)
    {
      kept = bv_test_new_kept (bv_test_rows (test, table), table->n_rows);
      if (kept->kind == BV_TEST_ROWS && (test->kind == BV_TEST_RANGE || test->kind == BV_TEST_ACCEPT))
        bv_postings_request (table, test->column);
    }
  bv_test_free (test);
  return bv_test_keep (table, key, kept);
}

BvTest *
bv_column_test (BvColumnPass *pass, const BvPredicate *p)
{
  if (p->kind == BV_PREDICATE_ALL || p->kind == BV_PREDICATE_ANY)
    {
      g_autoptr(BvTest) list = bv_test_new (p->kind == BV_PREDICATE_ALL ? BV_TEST_ALL : BV_TEST_ANY);

      for (guint i = 0; i < p->children->len; i++)
        {
          BvTest *child = bv_column_test (pass, p->children->pdata[i]);

          if (child == NULL)
            return NULL;
          g_ptr_array_add (list->children, child);
        }
      return g_steal_pointer (&list);
    }
  if (pass->null != NULL && pass->null[p->node])
    {
      BvTest *test = bv_test_new (BV_TEST_CONSTANT);

      test->value = passes_null (p);
      return test;
    }
  return test_kept (pass, p);
}
