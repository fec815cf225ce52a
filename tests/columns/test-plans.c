/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column engine against SQLite: random tables, random charts, the same frames.
 *
 * 2,000 charts in every run; BV_LONG=N runs N of them, BV_SEED=N begins elsewhere. Now and then the tables are filled anew, a step is undone, or
 * rows are replaced, while the store of encoded tables lives on.
 */
#include "bv-column-store.h"
#include "bv-definitions.h"
#include "bv-model-build.h"
#include "bv-scan.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* What sums of doubles that are no decimals may differ by, in units of 2⁻⁵² of the largest sum of absolute values that can occur. */
#define BV_SUM_TOLERANCE 4
#define CHARTS_PER_WORLD 100

typedef struct
{
  GRand *rand;
  char *dir;
  BvProject *project;
  BvModel *model;
  BvColumnStore *store;
  guint n_companies, n_contacts, n_deals, n_events;
  gboolean repeats; /* keys that should be unique are not */
  guint n_columns, n_sqlite;
} World;

static guint
pick (World *w, guint n)
{
  return (guint) g_rand_int_range (w->rand, 0, (gint32) n);
}

static gboolean
chance (World *w, guint percent)
{
  return pick (w, 100) < percent;
}

static const char *const texts[] = { "", "a", "B", "b", "ab", "Ärger", "zoo", "100", "Straße", "x y" };
static const char *const emails[] = { "ana@acme.com", "bo@acme.com", "Cy@blue.org", "di@x.io", "eve@acme.com", "fay@zed.net" };

static BvValue
text_of (World *w)
{
  return chance (w, 10) ? BV_VALUE_NULL : bv_value_text (texts[pick (w, G_N_ELEMENTS (texts))]);
}

static BvValue
email_of (World *w, guint n)
{
  g_autofree char *text = NULL;

  if (chance (w, 5))
    return BV_VALUE_NULL;
  text = g_strdup_printf ("%u%s", pick (w, n), emails[pick (w, G_N_ELEMENTS (emails))]);
  return bv_value_text (text);
}

static BvValue
date_of (World *w)
{
  return chance (w, 10) ? BV_VALUE_NULL : bv_value_date (20500 + pick (w, chance (w, 80) ? 60 : 900));
}

static BvValue
time_of (World *w)
{
  gint64 us;

  if (chance (w, 10))
    return BV_VALUE_NULL;
  us = (20500 + (gint64) pick (w, 60)) * BV_DAY_US + pick (w, 96) * 900 * BV_SECOND_US;
  if (chance (w, 30))
    us += pick (w, 900) * BV_SECOND_US;
  return bv_value_timestamp (us);
}

typedef struct
{
  const char *name;
  const char *columns;
} TableSpec;

static const TableSpec tables[] = {
  { "companies", "id:int name:text region:text size:int founded:date" },
  { "contacts", "id:int company_id:int email:text plan:text score:double created:timestamp vip:bool" },
  { "deals", "id:int contact_id:int amount:double weight:double stage:text close_date:date qty:int big:int" },
  { "events", "email:text name:text ts:timestamp n:int" },
};

static BvValue
cell_of (World *w, guint table, const char *column, guint row)
{
  guint n_keys = table == 1 ? w->n_companies : w->n_contacts;

  if (strcmp (column, "id") == 0)
    return w->repeats && chance (w, 5) ? bv_value_int (1) : bv_value_int (row + 1);
  if (g_str_has_suffix (column, "_id"))
    return chance (w, 8) ? BV_VALUE_NULL : bv_value_int (pick (w, n_keys + 3));
  if (strcmp (column, "email") == 0)
    {
      g_autofree char *text = g_strdup_printf ("%u%s", table == 1 && !w->repeats ? row : pick (w, n_keys + 2), emails[row % G_N_ELEMENTS (emails)]);

      return table == 1 ? bv_value_text (text) : chance (w, 80) ? bv_value_text (text) : email_of (w, n_keys + 2);
    }
  if (strcmp (column, "amount") == 0)
    return chance (w, 5) ? BV_VALUE_NULL : bv_value_double ((pick (w, 200000) - 50000.0) / 100);
  if (strcmp (column, "weight") == 0)
    return chance (w, 5) ? BV_VALUE_NULL : chance (w, 20) ? bv_value_double (pick (w, 9) / 4.0) : bv_value_double (g_rand_double_range (w->rand, -10, 1000));
  if (strcmp (column, "score") == 0)
    return chance (w, 20) ? BV_VALUE_NULL : bv_value_double (pick (w, 40) / 8.0);
  if (strcmp (column, "big") == 0)
    return chance (w, 5) ? BV_VALUE_NULL : bv_value_int ((gint64) pick (w, 50) * G_GINT64_CONSTANT (123456789012345) - 5);
  if (strcmp (column, "qty") == 0 || strcmp (column, "n") == 0 || strcmp (column, "size") == 0)
    return chance (w, 10) ? BV_VALUE_NULL : bv_value_int ((gint64) pick (w, 12) - 4);
  if (strcmp (column, "founded") == 0 || strcmp (column, "close_date") == 0)
    return date_of (w);
  if (strcmp (column, "created") == 0 || strcmp (column, "ts") == 0)
    return time_of (w);
  if (strcmp (column, "vip") == 0)
    return chance (w, 10) ? BV_VALUE_NULL : bv_value_bool (chance (w, 40));
  return text_of (w);
}

static void
fill_table (World *w, guint table, guint n_rows)
{
  g_auto(GStrv) specs = g_strsplit (tables[table].columns, " ", -1);
  guint n = g_strv_length (specs);
  g_autofree BvTableColumn *columns = g_new0 (BvTableColumn, n);
  g_autofree BvValue *cells = g_new0 (BvValue, n);
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (w->project, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      char *colon = strchr (specs[i], ':');

      g_assert_true (bv_type_from_name (colon + 1, &columns[i].type));
      *colon = '\0';
      columns[i].name = specs[i];
    }
  bv_table_writer_begin_table (writer, tables[table].name, "Test", NULL, columns, n, NULL, &error);
  g_assert_no_error (error);
  for (guint r = 0; r < n_rows; r++)
    {
      for (guint i = 0; i < n; i++)
        cells[i] = cell_of (w, table, specs[i], r);
      bv_table_writer_append (writer, cells, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < n; i++)
        bv_value_clear (&cells[i]);
    }
  bv_table_writer_end_table (writer, NULL, NULL, &error);
  g_assert_no_error (error);
  bv_table_writer_commit (writer, "Fill", NULL, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *role;
  guint table;
} Role;

typedef struct
{
  const char *name;
  const char *related;
  Role roles[5];
  guint n_roles;
} Tree;

static const Tree trees[] = {
  { "Deals",
    "[{'table':'contacts','as':'Contact','through':'deals.contact_id'},{'table':'companies','as':'Company','through':'contacts.company_id','parent':'Contact'}]",
    { { "deals", 2 }, { "Contact", 1 }, { "Company", 0 } }, 3 },
  { "Companies",
    "[{'table':'contacts','as':'Contact','through':'contacts.company_id'},{'table':'deals','as':'Deal','through':'deals.contact_id','parent':'Contact'}]",
    { { "companies", 0 }, { "Contact", 1 }, { "Deal", 2 } }, 3 },
  { "Contacts",
    "[{'table':'companies','as':'Company','through':'contacts.company_id'},{'table':'deals','as':'Deal','through':'deals.contact_id'},"
    "{'table':'events','as':'Event','through':'events.email'}]",
    { { "contacts", 1 }, { "Company", 0 }, { "Deal", 2 }, { "Event", 3 } }, 4 },
  { "Events",
    "[{'table':'contacts','as':'Contact','through':'events.email'},{'table':'deals','as':'Deal','through':'deals.contact_id','parent':'Contact'}]",
    { { "events", 3 }, { "Contact", 1 }, { "Deal", 2 } }, 3 },
};

#define N_METRICS 24

/* "role.column" of a random field, and its type. */
static char *
random_field (World *w, const Tree *tree, const Role *role, BvType *type)
{
  g_auto(GStrv) specs = NULL;
  char *colon;
  guint i;

  if (role == NULL)
    role = &tree->roles[pick (w, tree->n_roles)];
  specs = g_strsplit (tables[role->table].columns, " ", -1);
  i = pick (w, g_strv_length (specs));
  colon = strchr (specs[i], ':');
  bv_type_from_name (colon + 1, type);
  *colon = '\0';
  return g_strdup_printf ("%s.%s", role->role, specs[i]);
}

static void
append_value (World *w, GString *out, BvType type, const char *field)
{
  char buf[BV_TIME_TEXT_MAX];
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  switch (type)
    {
    case BV_TYPE_BOOL:
      g_string_append (out, chance (w, 50) ? "true" : "false");
      break;
    case BV_TYPE_INT:
      g_string_append_printf (out, "%d", (int) pick (w, 14) - 4);
      break;
    case BV_TYPE_DOUBLE:
      g_string_append (out, g_ascii_dtostr (digits, sizeof digits, chance (w, 50) ? pick (w, 40) / 8.0 : (pick (w, 200000) - 50000.0) / 100));
      break;
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      if (chance (w, 30))
        {
          char *text = (char *) bv_timestamp_to_text ((20500 + (gint64) pick (w, 60)) * BV_DAY_US + pick (w, 96) * 900 * BV_SECOND_US, buf);

          *strchr (text, ' ') = 'T';
          g_string_append_printf (out, "'%sZ'", text);
        }
      else
        g_string_append_printf (out, "'%s'", bv_date_to_text (20500 + pick (w, 70) - 5, buf));
      break;
    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      if (g_str_has_suffix (field, "email"))
        g_string_append_printf (out, "'%u%s'", pick (w, w->n_contacts + 1), emails[pick (w, G_N_ELEMENTS (emails))]);
      else
        g_string_append_printf (out, "'%s'", texts[pick (w, G_N_ELEMENTS (texts))]);
      break;
    }
}

static void
append_test (World *w, GString *out, const char *field, BvType type)
{
  static const char *const text_ops[] = { "is", "is-not", "contains", "not-contains", "starts-with", "ends-with" };
  static const char *const number_ops[] = { "is", "is-not", "gt", "ge", "lt", "le", "between" };
  static const char *const time_ops[] = { "is", "is-not", "before", "after", "between", "in-range", "not-in-range" };
  const char *op;
  guint n = 1;

  g_string_append_printf (out, "{'field':'%s',", field);
  if (chance (w, 15))
    {
      g_string_append_printf (out, "'%s':true}", chance (w, 50) ? "is-set" : "is-not-set");
      return;
    }
  op = type == BV_TYPE_TEXT ? text_ops[pick (w, 6)] : type == BV_TYPE_BOOL ? text_ops[pick (w, 2)] : bv_type_is_time (type) ? time_ops[pick (w, 7)] : number_ops[pick (w, 7)];
  if (strstr (op, "in-range") != NULL)
    {
      static const char *const ranges[] = { "last-7-days", "this-month", "2026-02-20..2026-03-10", "..2026-03-01", "previous-week" };

      g_string_append_printf (out, "'%s':'%s'}", op, ranges[pick (w, 5)]);
      return;
    }
  g_string_append_printf (out, "'%s':[", op);
  if (strcmp (op, "between") == 0)
    n = 2;
  else if (g_str_has_prefix (op, "is"))
    n = pick (w, 4);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (g_str_has_prefix (op, "is") && chance (w, 12))
        g_string_append (out, "null");
      else
        append_value (w, out, type, field);
    }
  g_string_append (out, "]}");
}

static void
append_condition (World *w, GString *out, const Tree *tree, const Role *role, guint depth)
{
  BvType type;

  if (depth > 0 && chance (w, 45))
    {
      guint n = 1 + pick (w, 3);

      g_string_append_printf (out, "{'%s':[", chance (w, 60) ? "all" : "any");
      for (guint i = 0; i < n; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          append_condition (w, out, tree, role, depth - 1);
        }
      g_string_append (out, "]}");
      return;
    }
  {
    g_autofree char *field = random_field (w, tree, role, &type);

    append_test (w, out, field, type);
  }
}

static void
append_metric (World *w, GString *out, const Tree *tree, guint index)
{
  static const char *const aggregates[] = { "count", "sum", "average", "median", "min", "max", "percentile", "count-distinct" };
  const Role *role = &tree->roles[pick (w, tree->n_roles)];
  const char *aggregate = aggregates[pick (w, G_N_ELEMENTS (aggregates))];
  gboolean numeric = g_strv_contains ((const char *const[]) { "sum", "average", "median", "percentile", NULL }, aggregate);
  BvType type = BV_TYPE_NULL;
  g_autofree char *field = random_field (w, tree, role, &type);

  while (numeric && !bv_type_is_numeric (type))
    {
      g_free (field);
      role = &tree->roles[pick (w, tree->n_roles)];
      field = random_field (w, tree, role, &type);
    }
  g_string_append_printf (out, "%s{'name':'m%u','aggregate':'%s'", index > 0 ? "," : "", index, aggregate);
  if (strcmp (aggregate, "count") == 0 && chance (w, 70))
    g_string_append_printf (out, ",'table':'%s'", role->role);
  else
    g_string_append_printf (out, ",'field':'%s'", field);
  if (strcmp (aggregate, "percentile") == 0)
    g_string_append_printf (out, ",'percentile':0.%u", pick (w, 100));
  if (chance (w, 40))
    {
      g_string_append (out, ",'where':");
      append_condition (w, out, tree, chance (w, 80) ? role : NULL, 1);
    }
  g_string_append_c (out, '}');
}

static char *
quotes (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static void
define_world (World *w)
{
  g_autoptr(GString) out = g_string_new ("{'belvedere':1,'settings':{'time_zone':");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_string_append_printf (out, "'%s','week_start':'%s'},", chance (w, 50) ? "Europe/Paris" : chance (w, 50) ? "Asia/Kolkata" : "UTC", chance (w, 50) ? "monday" : "sunday");
  g_string_append (out, "'relationships':[{'from':'deals.contact_id','to':'contacts.id','type':'belongs-to'},"
                        "{'from':'contacts.company_id','to':'companies.id','type':'belongs-to'},"
                        "{'from':'events.email','to':'contacts.email','type':'belongs-to'}],'explorations':[");
  for (guint t = 0; t < G_N_ELEMENTS (trees); t++)
    {
      g_string_append_printf (out, "%s{'name':'%s','root':'%s','related':%s,'metrics':[", t > 0 ? "," : "", trees[t].name, trees[t].roles[0].role, trees[t].related);
      for (guint m = 0; m < N_METRICS; m++)
        append_metric (w, out, &trees[t], m);
      g_string_append (out, "]}");
    }
  g_string_append (out, "]}");
  text = quotes (out->str);
  bv_definitions_apply (w->project, text, "Define", NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&w->model, bv_model_unref);
  w->model = bv_model_load (w->project, &error);
  g_assert_no_error (error);
}

static void
fill_world (World *w)
{
  w->repeats = chance (w, 15);
  w->n_companies = pick (w, 12);
  w->n_contacts = pick (w, 40);
  w->n_deals = chance (w, 10) ? 0 : pick (w, 200);
  w->n_events = chance (w, 10) ? 9000 : pick (w, 300);
  fill_table (w, 0, w->n_companies);
  fill_table (w, 1, w->n_contacts);
  fill_table (w, 2, w->n_deals);
  fill_table (w, 3, w->n_events);
}

static char *
random_chart (World *w, const Tree *tree)
{
  static const char *const grains[] = { "day", "week", "month", "quarter", "year", "hour" };
  static const char *const ranges[] = { "last-28-days", "2026-02-16..2026-03-20", "2026-02-16T05:00..2026-03-01", "..2026-03-05", "all-time", "previous-month" };
  g_autoptr(GString) out = g_string_new (NULL);
  guint n_metrics = 1 + pick (w, 4), n_by = pick (w, 3);
  gboolean grouped = FALSE;
  BvType type;

  g_string_append_printf (out, "{'exploration':'%s','type':'table','metrics':[", tree->name);
  for (guint i = 0; i < n_metrics; i++)
    g_string_append_printf (out, "%s'm%u'", i > 0 ? "," : "", pick (w, N_METRICS));
  g_string_append (out, "]");
  if (chance (w, 50))
    {
      g_autofree char *field = random_field (w, tree, NULL, &type);

      while (!bv_type_is_time (type))
        {
          g_free (field);
          field = random_field (w, tree, NULL, &type);
        }
      g_string_append_printf (out, ",'time':{'field':'%s'", field);
      if (chance (w, 70))
        g_string_append_printf (out, ",'grain':'%s'", grains[pick (w, chance (w, 5) ? 6 : 5)]);
      if (chance (w, 60))
        g_string_append_printf (out, ",'range':'%s'", ranges[pick (w, G_N_ELEMENTS (ranges))]);
      g_string_append (out, "}");
    }
  g_string_append (out, ",'by':[");
  for (guint i = 0; i < n_by; i++)
    {
      g_autofree char *field = random_field (w, tree, NULL, &type);

      g_string_append_printf (out, "%s'%s%s%s'", i > 0 ? "," : "", field, bv_type_is_time (type) && chance (w, 85) ? ":" : "",
                              bv_type_is_time (type) && out->str[out->len - 1] != ':' ? "" : "");
      grouped = TRUE;
      if (strchr (out->str + out->len - 2, ':') != NULL)
        {
          g_string_truncate (out, out->len - 2);
          g_string_append_printf (out, ":%s'", grains[pick (w, 5)]);
        }
    }
  g_string_append (out, "]");
  if (grouped && chance (w, 25))
    g_string_append_printf (out, ",'top':%u,'others':%s", 1 + pick (w, 4), chance (w, 60) ? "true" : "false");
  if (chance (w, 55))
    {
      g_string_append (out, ",'where':");
      append_condition (w, out, tree, NULL, 2);
    }
  if (n_by > 1 && chance (w, 30))
    g_string_append (out, ",'type':'table','options':{'subtotals':true}");
  g_string_append (out, "}");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
cells_agree (const BvValue *a, const BvValue *b)
{
  if (a->type == BV_TYPE_DOUBLE && b->type == BV_TYPE_DOUBLE)
    {
      /* 9000 rows of at most 1000. */
      double scale = MAX (fabs (a->d), fabs (b->d));

      return fabs (a->d - b->d) <= BV_SUM_TOLERANCE * ldexp (MAX (scale, 1e6), -52);
    }
  return a->type == b->type && bv_value_equal (a, b);
}

/* The frames and those of their sub-totals. */
static void
compare_frames (World *w, BvFrame *sqlite, BvFrame *columns, const char *chart, gint64 seed)
{
  BvFrame *part = bv_frame_get_subtotals (sqlite), *other = bv_frame_get_subtotals (columns);
  gboolean equal = bv_frame_get_n_rows (sqlite) == bv_frame_get_n_rows (columns) && bv_frame_get_n_columns (sqlite) == bv_frame_get_n_columns (columns) &&
                   bv_frame_get_n_notes (sqlite) == bv_frame_get_n_notes (columns);

  for (guint c = 0; equal && c < bv_frame_get_n_columns (sqlite); c++)
    {
      equal = cells_agree (&bv_frame_get_column (sqlite, c)->total, &bv_frame_get_column (columns, c)->total);
      for (guint r = 0; equal && r < bv_frame_get_n_rows (sqlite); r++)
        {
          BvValue x = bv_frame_peek (sqlite, c, r), y = bv_frame_peek (columns, c, r);

          equal = cells_agree (&x, &y);
        }
    }
  if (!equal)
    {
      g_autofree char *a = bv_frame_to_csv (sqlite, w->model->calendar);
      g_autofree char *b = bv_frame_to_csv (columns, w->model->calendar);

      g_error ("seed %" G_GINT64_FORMAT ": %s\nSQLite:\n%s\ncolumns:\n%s", seed, chart, a, b);
    }
  g_assert_true ((part == NULL) == (other == NULL));
  if (part != NULL)
    compare_frames (w, part, other, chart, seed);
}

static void
run_on (World *w, gint64 seed, const Tree *tree)
{
  g_autofree char *json = random_chart (w, tree);
  g_autofree char *text = quotes (json);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (text, &error);
  g_autoptr(BvChart) chart = NULL;
  g_autoptr(BvFrame) sqlite = NULL;
  g_autoptr(BvFrame) columns = NULL;
  BvQueryContext context = { w->project, w->model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_SQLITE, w->store };

  g_assert_no_error (error);
  chart = bv_chart_from_json (json_node_get_object (node), &error);
  g_assert_no_error (error);
  sqlite = bv_query_run (&context, chart, NULL, NULL, &error);
  if (sqlite == NULL)
    return; /* a chart that makes no sense makes none to either */
  context.executor = BV_EXECUTOR_COLUMNS;
  columns = bv_query_run (&context, chart, NULL, NULL, &error);
  if (columns == NULL && g_error_matches (error, BV_ERROR, BV_ERROR_UNSUPPORTED))
    {
      w->n_sqlite++;
      if (g_getenv ("BV_VERBOSE") != NULL)
        g_printerr ("%s\n", error->message);
      return;
    }
  g_assert_no_error (error);
  w->n_columns++;
  compare_frames (w, sqlite, columns, json, seed);
}

/* Other thresholds and kernels, so that small tables too are searched by lists, kept bits and postings, and by each build of the kernels. */
static void
tune (World *w)
{
  bv_scan_set_threads (1 + pick (w, 3));
  bv_tuning = (BvTuning){ .kept_rows = chance (w, 60) ? 0 : 65537, .list_share = chance (w, 60) ? 2 : 128, .posting_rows = chance (w, 70) ? 0 : 100000,
                          .cube_rows = chance (w, 70) ? 0 : 100000, .wait = TRUE };
  bv_kernels = chance (w, 50) && bv_kernels_can_avx2 () ? &bv_kernels_avx2 : &bv_kernels_plain;
}

/* Several charts of one tree at once, as a report asks for them. */
static void
run_together (World *w, gint64 seed, const Tree *tree)
{
  BvQuery queries[5] = { { NULL } };
  g_autoptr(GPtrArray) texts_of = g_ptr_array_new_with_free_func (g_free);
  BvQueryContext context = { w->project, w->model, (20560 + G_GINT64_CONSTANT (1)) * BV_DAY_US, BV_EXECUTOR_AUTO, w->store, NULL };
  BvOverlay overlay = { NULL, NULL };

  if (chance (w, 50))
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autofree char *json = NULL;
      g_autoptr(JsonNode) node = NULL;

      append_condition (w, out, tree, NULL, 1);
      json = quotes (out->str);
      node = json_from_string (json, NULL);
      overlay.where = bv_condition_from_json (node, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *json = random_chart (w, tree);
      g_autofree char *text = quotes (json);
      g_autoptr(JsonNode) node = json_from_string (text, NULL);

      queries[i].chart = bv_chart_from_json (json_node_get_object (node), NULL);
      queries[i].overlay = &overlay;
      g_ptr_array_add (texts_of, g_steal_pointer (&json));
    }
  bv_query_run_many (&context, queries, G_N_ELEMENTS (queries), NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      BvQueryContext other = context;
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) expected = NULL;

      other.executor = BV_EXECUTOR_SQLITE;
      expected = bv_query_run (&other, queries[i].chart, &overlay, NULL, &error);
      g_assert_true ((expected == NULL) == (queries[i].frame == NULL));
      if (expected != NULL)
        compare_frames (w, expected, queries[i].frame, texts_of->pdata[i], seed);
      g_clear_pointer (&queries[i].frame, bv_frame_unref);
      g_clear_error (&queries[i].error);
      bv_chart_free (queries[i].chart);
    }
  bv_overlay_clear (&overlay);
}

static void
close_world (World *w);

static void
open_world (World *w, gint64 seed)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  memset (w, 0, sizeof *w);
  w->rand = g_rand_new_with_seed ((guint32) seed);
  w->dir = g_dir_make_tmp ("bv-columns-XXXXXX", &error);
  path = g_build_filename (w->dir, "test.belvedere", NULL);
  w->project = bv_project_create (path, &error);
  g_assert_no_error (error);
  w->store = bv_column_store_new ();
}

static void
remove_dir (const char *dir)
{
  g_autoptr(GDir) list = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *file = g_build_filename (dir, name, NULL);

      g_unlink (file);
    }
  g_rmdir (dir);
}

static void
close_world (World *w)
{
  bv_column_store_close (w->store);
  bv_column_store_unref (w->store);
  bv_model_unref (w->model);
  bv_project_unref (w->project);
  g_rand_free (w->rand);
  remove_dir (w->dir);
  g_free (w->dir);
}

/* A table of several segments: threads share it, and filters are kept as bits. */
static void
test_segments (void)
{
  World w;

  open_world (&w, 77);
  w.n_companies = 10;
  w.n_contacts = 30;
  w.n_deals = 150000;
  fill_table (&w, 0, w.n_companies);
  fill_table (&w, 1, w.n_contacts);
  fill_table (&w, 2, w.n_deals);
  fill_table (&w, 3, 10);
  define_world (&w);
  bv_scan_set_threads (3);
  for (guint i = 0; i < (g_getenv ("BV_LONG") != NULL ? 300 : 8); i++)
    {
      tune (&w);
      bv_scan_set_threads (3);
      run_on (&w, 77, &trees[0]);
    }
  close_world (&w);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
test_plans (void)
{
  guint n_charts = g_getenv ("BV_LONG") != NULL ? (guint) atoi (g_getenv ("BV_LONG")) : 2000;
  gint64 seed = g_getenv ("BV_SEED") != NULL ? atoi (g_getenv ("BV_SEED")) : 1;
  guint n_columns = 0, n_sqlite = 0;

  for (guint n = 0; n < n_charts; n += CHARTS_PER_WORLD, seed++)
    {
      g_autoptr(GError) error = NULL;
      World w;

      open_world (&w, seed);
      fill_world (&w);
      define_world (&w);
      for (guint i = 0; i < CHARTS_PER_WORLD && n + i < n_charts; i++)
        {
          tune (&w);
          if (i == 40)
            {
              fill_table (&w, pick (&w, 4), pick (&w, 60));
              define_world (&w);
            }
          if (i == 70)
            {
              bv_project_undo (w.project, &error);
              bv_project_undo (w.project, &error);
              g_assert_no_error (error);
            }
          /* Run on columns before, most of the tables are encoded when they are asked for together. */
          if (i % 10 == 9)
            {
              run_together (&w, seed, &trees[pick (&w, G_N_ELEMENTS (trees))]);
              i += 4;
            }
          else
            run_on (&w, seed, &trees[pick (&w, G_N_ELEMENTS (trees))]);
        }
      n_columns += w.n_columns;
      n_sqlite += w.n_sqlite;
      close_world (&w);
    }
  g_test_message ("%u charts on columns, %u left to SQLite", n_columns, n_sqlite);
  /* The test must test something. */
  g_assert_cmpuint (n_columns, >, n_charts / 3);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("bv-cache-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/plans", test_plans);
  g_test_add_func ("/columns/segments", test_segments);
  result = g_test_run ();
  remove_tree (cache);
  return result;
}
