/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plans-world.h"
#include "bv-definitions.h"
#include "bv-model-build.h"

#include <string.h>

guint
world_pick (World *w, guint n)
{
  return (guint) g_rand_int_range (w->rand, 0, (gint32) n);
}

gboolean
world_chance (World *w, guint percent)
{
  return world_pick (w, 100) < percent;
}

static const char *const texts[] = { "", "a", "B", "b", "ab", "Ärger", "zoo", "100", "Straße", "x y" };
static const char *const emails[] = { "ana@acme.com", "bo@acme.com", "Cy@blue.org", "di@x.io", "eve@acme.com", "fay@zed.net" };

static BvValue
text_of (World *w)
{
  return world_chance (w, 10) ? BV_VALUE_NULL : bv_value_text (texts[world_pick (w, G_N_ELEMENTS (texts))]);
}

static BvValue
email_of (World *w, guint n)
{
  g_autofree char *text = NULL;

  if (world_chance (w, 5))
    return BV_VALUE_NULL;
  text = g_strdup_printf ("%u%s", world_pick (w, n), emails[world_pick (w, G_N_ELEMENTS (emails))]);
  return bv_value_text (text);
}

static BvValue
date_of (World *w)
{
  return world_chance (w, 10) ? BV_VALUE_NULL : bv_value_date (20500 + world_pick (w, world_chance (w, 80) ? 60 : 900));
}

static BvValue
time_of (World *w)
{
  gint64 us;

  if (world_chance (w, 10))
    return BV_VALUE_NULL;
  us = (20500 + (gint64) world_pick (w, 60)) * BV_DAY_US + world_pick (w, 96) * 900 * BV_SECOND_US;
  if (world_chance (w, 30))
    us += world_pick (w, 900) * BV_SECOND_US;
  return bv_value_timestamp (us);
}

typedef struct
{
  const char *name;
  const char *columns;
} TableSpec;

static const TableSpec tables[] = {
  { "companies", "id:int name:text region:text size:int founded:date" },
  { "contacts", "id:int company_id:int email:text plan:text score:double created:timestamp vip:bool _source:text _deleted_at:timestamp" },
  { "deals", "id:int contact_id:int amount:double weight:double stage:text close_date:date qty:int big:int _source:text _deleted_at:timestamp" },
  { "events", "email:text name:text ts:timestamp n:int" },
};

static BvValue
cell_of (World *w, guint table, const char *column, guint row)
{
  guint n_keys = table == 1 ? w->n_companies : w->n_contacts;

  if (strcmp (column, "id") == 0)
    return w->repeats && world_chance (w, 5) ? bv_value_int (1) : bv_value_int (row + 1);
  if (g_str_has_suffix (column, "_id"))
    return world_chance (w, 8) ? BV_VALUE_NULL : bv_value_int (world_pick (w, n_keys + 3));
  if (strcmp (column, "email") == 0)
    {
      g_autofree char *text = g_strdup_printf ("%u%s", table == 1 && !w->repeats ? row : world_pick (w, n_keys + 2), emails[row % G_N_ELEMENTS (emails)]);

      return table == 1 ? bv_value_text (text) : world_chance (w, 80) ? bv_value_text (text) : email_of (w, n_keys + 2);
    }
  if (strcmp (column, "amount") == 0)
    return world_chance (w, 5) ? BV_VALUE_NULL : bv_value_double ((world_pick (w, 200000) - 50000.0) / 100);
  if (strcmp (column, "weight") == 0)
    return world_chance (w, 5) ? BV_VALUE_NULL : world_chance (w, 20) ? bv_value_double (world_pick (w, 9) / 4.0) : bv_value_double (g_rand_double_range (w->rand, -10, 1000));
  if (strcmp (column, "score") == 0)
    return world_chance (w, 20) ? BV_VALUE_NULL : bv_value_double (world_pick (w, 40) / 8.0);
  if (strcmp (column, "big") == 0)
    return world_chance (w, 5) ? BV_VALUE_NULL : bv_value_int ((gint64) world_pick (w, 50) * G_GINT64_CONSTANT (123456789012345) - 5);
  if (strcmp (column, "qty") == 0 || strcmp (column, "n") == 0 || strcmp (column, "size") == 0)
    return world_chance (w, 10) ? BV_VALUE_NULL : bv_value_int ((gint64) world_pick (w, 12) - 4);
  if (strcmp (column, "founded") == 0 || strcmp (column, "close_date") == 0)
    return date_of (w);
  if (strcmp (column, "_source") == 0)
    return bv_value_text ("a");
  if (strcmp (column, "_deleted_at") == 0 && world_chance (w, 70))
    return BV_VALUE_NULL;
  if (strcmp (column, "_deleted_at") == 0 || strcmp (column, "created") == 0 || strcmp (column, "ts") == 0)
    return time_of (w);
  if (strcmp (column, "vip") == 0)
    return world_chance (w, 10) ? BV_VALUE_NULL : bv_value_bool (world_chance (w, 40));
  return text_of (w);
}

void
world_put_rows (World *w, guint table, guint first, guint n_rows, const char *const *key)
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
  bv_table_writer_begin_table (writer, tables[table].name, "Test", NULL, columns, n, key, &error);
  g_assert_no_error (error);
  for (guint r = first; r < first + n_rows; r++)
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

void
world_fill_table (World *w, guint table, guint n_rows)
{
  world_put_rows (w, table, 0, n_rows, NULL);
}


const Tree world_trees[WORLD_N_TREES] = {
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
char *
world_random_field (World *w, const Tree *tree, const Role *role, BvType *type)
{
  g_auto(GStrv) specs = NULL;
  char *colon;
  guint i;

  if (role == NULL)
    role = &tree->roles[world_pick (w, tree->n_roles)];
  specs = g_strsplit (tables[role->table].columns, " ", -1);
  i = world_pick (w, g_strv_length (specs));
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
      g_string_append (out, world_chance (w, 50) ? "true" : "false");
      break;
    case BV_TYPE_INT:
      g_string_append_printf (out, "%d", (int) world_pick (w, 14) - 4);
      break;
    case BV_TYPE_DOUBLE:
      g_string_append (out, g_ascii_dtostr (digits, sizeof digits, world_chance (w, 50) ? world_pick (w, 40) / 8.0 : (world_pick (w, 200000) - 50000.0) / 100));
      break;
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      if (world_chance (w, 30))
        {
          char *text = (char *) bv_timestamp_to_text ((20500 + (gint64) world_pick (w, 60)) * BV_DAY_US + world_pick (w, 96) * 900 * BV_SECOND_US, buf);

          *strchr (text, ' ') = 'T';
          g_string_append_printf (out, "'%sZ'", text);
        }
      else
        g_string_append_printf (out, "'%s'", bv_date_to_text (20500 + world_pick (w, 70) - 5, buf));
      break;
    case BV_TYPE_TEXT:
    case BV_TYPE_NULL:
    default:
      if (g_str_has_suffix (field, "email"))
        g_string_append_printf (out, "'%u%s'", world_pick (w, w->n_contacts + 1), emails[world_pick (w, G_N_ELEMENTS (emails))]);
      else
        g_string_append_printf (out, "'%s'", texts[world_pick (w, G_N_ELEMENTS (texts))]);
      break;
    }
}

/* The field is one of some values. */
void
world_append_list (World *w, GString *out, const char *field, BvType type, guint n)
{
  g_string_append_printf (out, "{'field':'%s','is':[", field);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (world_chance (w, 12))
        g_string_append (out, "null");
      else
        append_value (w, out, type, field);
    }
  g_string_append (out, "]}");
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
  if (world_chance (w, 15))
    {
      g_string_append_printf (out, "'%s':true}", world_chance (w, 50) ? "is-set" : "is-not-set");
      return;
    }
  op = type == BV_TYPE_TEXT ? text_ops[world_pick (w, 6)] : type == BV_TYPE_BOOL ? text_ops[world_pick (w, 2)] : bv_type_is_time (type) ? time_ops[world_pick (w, 7)] : number_ops[world_pick (w, 7)];
  if (strstr (op, "in-range") != NULL)
    {
      static const char *const ranges[] = { "last-7-days", "this-month", "2026-02-20..2026-03-10", "..2026-03-01", "previous-week" };

      g_string_append_printf (out, "'%s':'%s'}", op, ranges[world_pick (w, 5)]);
      return;
    }
  g_string_append_printf (out, "'%s':[", op);
  if (strcmp (op, "between") == 0)
    n = 2;
  else if (g_str_has_prefix (op, "is"))
    n = world_pick (w, 4);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (g_str_has_prefix (op, "is") && world_chance (w, 12))
        g_string_append (out, "null");
      else
        append_value (w, out, type, field);
    }
  g_string_append (out, "]}");
}

void
world_append_condition (World *w, GString *out, const Tree *tree, const Role *role, guint depth)
{
  BvType type;

  if (depth > 0 && world_chance (w, 45))
    {
      guint n = 1 + world_pick (w, 3);

      g_string_append_printf (out, "{'%s':[", world_chance (w, 60) ? "all" : "any");
      for (guint i = 0; i < n; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          world_append_condition (w, out, tree, role, depth - 1);
        }
      g_string_append (out, "]}");
      return;
    }
  {
    g_autofree char *field = world_random_field (w, tree, role, &type);

    append_test (w, out, field, type);
  }
}

static void
append_metric (World *w, GString *out, const Tree *tree, guint index)
{
  static const char *const aggregates[] = { "count", "sum", "average", "median", "min", "max", "percentile", "count-distinct" };
  const Role *role = &tree->roles[world_pick (w, tree->n_roles)];
  const char *aggregate = aggregates[world_pick (w, G_N_ELEMENTS (aggregates))];
  gboolean numeric = g_strv_contains ((const char *const[]) { "sum", "average", "median", "percentile", NULL }, aggregate);
  BvType type = BV_TYPE_NULL;
  g_autofree char *field = world_random_field (w, tree, role, &type);

  while (numeric && !bv_type_is_numeric (type))
    {
      g_free (field);
      role = &tree->roles[world_pick (w, tree->n_roles)];
      field = world_random_field (w, tree, role, &type);
    }
  g_string_append_printf (out, "%s{'name':'m%u','aggregate':'%s'", index > 0 ? "," : "", index, aggregate);
  if (strcmp (aggregate, "count") == 0 && world_chance (w, 70))
    g_string_append_printf (out, ",'table':'%s'", role->role);
  else
    g_string_append_printf (out, ",'field':'%s'", field);
  if (strcmp (aggregate, "percentile") == 0)
    g_string_append_printf (out, ",'percentile':0.%u", world_pick (w, 100));
  if (world_chance (w, 40))
    {
      g_string_append (out, ",'where':");
      world_append_condition (w, out, tree, world_chance (w, 80) ? role : NULL, 1);
    }
  g_string_append_c (out, '}');
}

char *
world_quotes (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

/* Makes some worlds' contacts and deals tables of a source, whose marked rows are gone there. */
static void
mark (World *w)
{
  static const char *const key[] = { "_source", "id", NULL };

  for (guint table = 1; table <= 2 && w->marks && !w->repeats; table++)
    {
      BvChange *change = bv_change_new ("Keys");
      g_autoptr(GError) error = NULL;

      bv_change_set_key (change, tables[table].name, key);
      bv_project_commit (w->project, change, &error);
      g_assert_no_error (error);
    }
}

void
world_define (World *w)
{
  g_autoptr(GString) out = g_string_new ("{'belvedere':1,'settings':{'time_zone':");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_string_append_printf (out, "'%s','week_start':'%s'},", world_chance (w, 50) ? "Europe/Paris" : world_chance (w, 50) ? "Asia/Kolkata" : "UTC", world_chance (w, 50) ? "monday" : "sunday");
  g_string_append (out, "'relationships':[{'from':'deals.contact_id','to':'contacts.id','type':'belongs-to'},"
                        "{'from':'contacts.company_id','to':'companies.id','type':'belongs-to'},"
                        "{'from':'events.email','to':'contacts.email','type':'belongs-to'}],'explorations':[");
  for (guint t = 0; t < WORLD_N_TREES; t++)
    {
      g_string_append_printf (out, "%s{'name':'%s','root':'%s','related':%s,'metrics':[", t > 0 ? "," : "", world_trees[t].name, world_trees[t].roles[0].role, world_trees[t].related);
      for (guint m = 0; m < N_METRICS; m++)
        append_metric (w, out, &world_trees[t], m);
      g_string_append (out, "]}");
    }
  g_string_append (out, "]}");
  mark (w);
  text = world_quotes (out->str);
  bv_definitions_apply (w->project, text, "Define", NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&w->model, bv_model_unref);
  w->model = bv_model_load (w->project, &error);
  g_assert_no_error (error);
}

void
world_fill (World *w)
{
  w->repeats = world_chance (w, 15);
  w->marks = world_chance (w, 40);
  w->n_companies = world_pick (w, 12);
  w->n_contacts = world_pick (w, 40);
  w->n_deals = world_chance (w, 10) ? 0 : world_pick (w, 200);
  w->n_events = world_chance (w, 10) ? 9000 : world_pick (w, 300);
  world_fill_table (w, 0, w->n_companies);
  world_fill_table (w, 1, w->n_contacts);
  world_fill_table (w, 2, w->n_deals);
  world_fill_table (w, 3, w->n_events);
}

char *
world_random_chart (World *w, const Tree *tree)
{
  static const char *const grains[] = { "day", "week", "month", "quarter", "year", "hour" };
  static const char *const ranges[] = { "last-28-days", "2026-02-16..2026-03-20", "2026-02-16T05:00..2026-03-01", "..2026-03-05", "all-time", "previous-month", "no-time" };
  static const char *const past[] = { "period", "week", "month", "year" };
  g_autoptr(GString) out = g_string_new (NULL);
  guint n_metrics = 1 + world_pick (w, 4), n_by = world_pick (w, 3);
  gboolean grouped = FALSE, compares = FALSE;
  BvType type;

  g_string_append_printf (out, "{'exploration':'%s','type':'table','metrics':[", tree->name);
  for (guint i = 0; i < n_metrics; i++)
    g_string_append_printf (out, "%s'm%u'", i > 0 ? "," : "", world_pick (w, N_METRICS));
  g_string_append (out, "]");
  if (world_chance (w, 50))
    {
      g_autofree char *field = world_random_field (w, tree, NULL, &type);

      while (!bv_type_is_time (type))
        {
          g_free (field);
          field = world_random_field (w, tree, NULL, &type);
        }
      g_string_append_printf (out, ",'time':{'field':'%s'", field);
      if (world_chance (w, 70))
        g_string_append_printf (out, ",'grain':'%s'", grains[world_pick (w, world_chance (w, 5) ? 6 : 5)]);
      if (world_chance (w, 60))
        {
          g_string_append_printf (out, ",'range':'%s'", ranges[world_pick (w, G_N_ELEMENTS (ranges))]);
          compares = strstr (out->str, "'range':'..") == NULL && strstr (out->str, "all-time") == NULL && world_chance (w, 20);
        }
      g_string_append (out, "}");
      if (compares)
        g_string_append_printf (out, ",'compare':'previous-%s'", past[world_pick (w, G_N_ELEMENTS (past))]);
    }
  g_string_append (out, ",'by':[");
  for (guint i = 0; i < n_by; i++)
    {
      g_autofree char *field = world_random_field (w, tree, NULL, &type);

      g_string_append_printf (out, "%s'%s%s%s'", i > 0 ? "," : "", field, bv_type_is_time (type) && world_chance (w, 85) ? ":" : "",
                              bv_type_is_time (type) && out->str[out->len - 1] != ':' ? "" : "");
      grouped = TRUE;
      if (strchr (out->str + out->len - 2, ':') != NULL)
        {
          g_string_truncate (out, out->len - 2);
          g_string_append_printf (out, ":%s'", grains[world_pick (w, 5)]);
        }
    }
  g_string_append (out, "]");
  if (grouped && world_chance (w, 25))
    g_string_append_printf (out, ",'top':%u,'others':%s", 1 + world_pick (w, 4), world_chance (w, 60) ? "true" : "false");
  if (world_chance (w, 55))
    {
      g_string_append (out, ",'where':");
      world_append_condition (w, out, tree, NULL, 2);
    }
  if (n_by > 1 && world_chance (w, 30))
    g_string_append (out, ",'options':{'subtotals':true}");
  g_string_append (out, "}");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
