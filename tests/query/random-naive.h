/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The naive evaluator of test-random.c, in the same translation unit: nested loops over joined rows, distinct pairs of group and row. */

#define MAX_TABLES 4
#define MAX_NODES 5
#define MAX_ROWS 8
#define MAX_COLUMNS 20
#define MAX_GROUPS 4
#define CHARTS_PER_WORLD 6

enum { RID, ID, N, D, S, B, DAY, TS, BASE_COLUMNS };

static const struct { const char *name; BvType type; } base[] = {
  { "rid", BV_TYPE_INT }, { "id", BV_TYPE_INT }, { "n", BV_TYPE_INT }, { "d", BV_TYPE_DOUBLE },
  { "s", BV_TYPE_TEXT }, { "b", BV_TYPE_BOOL }, { "day", BV_TYPE_DATE }, { "ts", BV_TYPE_TIMESTAMP },
};
static const char *const texts[] = { "a", "B", "b", "", "é", "Others", "x, y", "Éa" };
static const char *const zones[] = { "UTC", "Europe/Paris", "Asia/Kathmandu", "America/New_York" };

typedef struct
{
  char name[8];
  guint n_columns, n_rows;
  char columns[MAX_COLUMNS][12];
  BvType types[MAX_COLUMNS];
  BvValue cells[MAX_ROWS][MAX_COLUMNS];
} Table;

typedef struct
{
  char role[8];
  int table, parent;
  int parent_column, column;
} Node;

typedef struct
{
  GRand *rand;
  Fixture f;
  GTimeZone *zone;
  int week_start;
  guint n_tables, n_nodes;
  Table tables[MAX_TABLES];
  Node nodes[MAX_NODES];
  gint64 base_day;
} World;

static int
pick (World *w, int n)
{
  return g_rand_int_range (w->rand, 0, n);
}

static gboolean
chance (World *w, int percent)
{
  return pick (w, 100) < percent;
}

/* --- Time, from GLib ------------------------------------------------------------------------------------------------------------------ */

static gint64
local_day (World *w, gint64 us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (us / BV_SECOND_US);
  g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, w->zone);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (local), g_date_time_get_month (local), g_date_time_get_year (local));
  return (gint64) g_date_get_julian (&date) - 719163;
}

static gint64
floor_hour (World *w, gint64 us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (us / BV_SECOND_US);
  g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, w->zone);

  return us - (g_date_time_get_minute (local) * 60 + g_date_time_get_second (local)) * BV_SECOND_US - us % BV_SECOND_US;
}

static gint64
floor_day (World *w, gint64 day, BvGrain grain)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (day + 719163));
  if (grain == BV_GRAIN_WEEK)
    while ((int) g_date_get_weekday (&date) != w->week_start)
      g_date_subtract_days (&date, 1);
  if (grain == BV_GRAIN_MONTH || grain == BV_GRAIN_QUARTER || grain == BV_GRAIN_YEAR)
    g_date_set_day (&date, 1);
  if (grain == BV_GRAIN_QUARTER)
    while (g_date_get_month (&date) % 3 != 1)
      g_date_subtract_months (&date, 1);
  if (grain == BV_GRAIN_YEAR)
    g_date_set_month (&date, G_DATE_JANUARY);
  return (gint64) g_date_get_julian (&date) - 719163;
}

static BvValue
bucket_of (World *w, const BvValue *value, BvGrain grain)
{
  if (value->type == BV_TYPE_NULL || grain == BV_GRAIN_NONE)
    return *value;
  if (value->type == BV_TYPE_TIMESTAMP && grain == BV_GRAIN_HOUR)
    return bv_value_timestamp (floor_hour (w, value->i));
  return bv_value_date (floor_day (w, value->type == BV_TYPE_DATE ? value->i : local_day (w, value->i), grain));
}

/* A range: days from…to, both included; @before: an instant that ends it too (G_MAXINT64: none). */
typedef struct
{
  gboolean from_open, to_open;
  gint64 from, to, before;
} Span;

static Span
span_of (World *w, const char *spec)
{
  Span span = { FALSE, FALSE, 0, 0, G_MAXINT64 };
  const char *dots = strstr (spec, "..");
  int n;

  if (strcmp (spec, "all-time") == 0)
    return (Span){ TRUE, TRUE, 0, 0, G_MAXINT64 };
  if (sscanf (spec, "last-%d-days", &n) == 1)
    {
      span.to = local_day (w, w->f.now - 1);
      span.from = span.to - n;
      span.before = w->f.now;
      return span;
    }
  span.from_open = !bv_date_parse (spec, dots - spec, &span.from);
  span.to_open = !bv_date_parse (dots + 2, -1, &span.to);
  return span;
}

static gboolean
in_span (World *w, const Span *span, const BvValue *value)
{
  gint64 day;

  if (value->type == BV_TYPE_NULL)
    return FALSE;
  day = value->type == BV_TYPE_DATE ? value->i : local_day (w, value->i);
  return (span->from_open || day >= span->from) && (span->to_open || day <= span->to) &&
         (value->type == BV_TYPE_DATE || value->i < span->before);
}

/* --- Conditions ----------------------------------------------------------------------------------------------------------------------- */

/* One row of each node; -1 for none. */
typedef struct
{
  int rows[MAX_NODES];
} Joined;

static const BvValue *
cell_at (World *w, const Joined *j, int node, int column)
{
  static const BvValue null = { BV_TYPE_NULL, { 0 } };

  return j->rows[node] < 0 ? &null : &w->tables[w->nodes[node].table].cells[j->rows[node]][column];
}

static void
find_field (World *w, const char *ref, int *node, int *column)
{
  const char *dot = strchr (ref, '.');

  for (guint i = 0; i < w->n_nodes; i++)
    if (strlen (w->nodes[i].role) == (gsize) (dot - ref) && strncmp (w->nodes[i].role, ref, dot - ref) == 0)
      {
        Table *table = &w->tables[w->nodes[i].table];

        for (guint c = 0; c < table->n_columns; c++)
          if (strcmp (table->columns[c], dot + 1) == 0)
            {
              *node = (int) i;
              *column = (int) c;
              return;
            }
      }
  g_error ("no field %s", ref);
}

static int
sign (double x)
{
  return (x > 0) - (x < 0);
}

/* cell ? value: -1, 0, 1 on the scale of the value (days for dates). */
static int
compare_to (World *w, const BvValue *cell, const BvValue *value)
{
  gint64 day, us;

  if (cell->type == BV_TYPE_TEXT)
    return strcmp (cell->s, value->s);
  if (!bv_type_is_time (cell->type))
    return sign (bv_value_as_double (cell) - bv_value_as_double (value));
  if (bv_date_parse (value->s, -1, &day))
    {
      gint64 of_cell = cell->type == BV_TYPE_DATE ? cell->i : local_day (w, cell->i);

      return (of_cell > day) - (of_cell < day);
    }
  g_assert_true (bv_timestamp_parse (value->s, -1, &us, NULL));
  if (cell->type == BV_TYPE_DATE)
    us = local_day (w, us);
  return (cell->i > us) - (cell->i < us);
}

static gboolean
text_matches (const char *text, const char *needle, BvOp op)
{
  g_autofree char *a = g_utf8_casefold (text, -1);
  g_autofree char *b = g_utf8_casefold (needle, -1);

  return op == BV_OP_STARTS_WITH ? g_str_has_prefix (a, b) : op == BV_OP_ENDS_WITH ? g_str_has_suffix (a, b) : strstr (a, b) != NULL;
}

static gboolean
test_holds (World *w, const BvCondition *test, const BvValue *cell)
{
  gboolean null = cell->type == BV_TYPE_NULL;
  gboolean any = FALSE;
  Span span;

  for (guint i = 0; i < test->values->len; i++)
    {
      const BvValue *value = &g_array_index (test->values, BvValue, i);

      if (test->op == BV_OP_IS || test->op == BV_OP_IS_NOT)
        any = any || (value->type == BV_TYPE_NULL ? null : !null && compare_to (w, cell, value) == 0);
      else if (test->op == BV_OP_CONTAINS || test->op == BV_OP_NOT_CONTAINS || test->op == BV_OP_STARTS_WITH || test->op == BV_OP_ENDS_WITH)
        any = any || (!null && text_matches (cell->s, value->s, test->op));
    }
  switch (test->op)
    {
    case BV_OP_IS:
    case BV_OP_CONTAINS:
    case BV_OP_STARTS_WITH:
    case BV_OP_ENDS_WITH:
      return any;
    case BV_OP_IS_NOT:
    case BV_OP_NOT_CONTAINS:
      return !any;
    case BV_OP_GT:
    case BV_OP_AFTER:
      return !null && compare_to (w, cell, &g_array_index (test->values, BvValue, 0)) > 0;
    case BV_OP_GE:
      return !null && compare_to (w, cell, &g_array_index (test->values, BvValue, 0)) >= 0;
    case BV_OP_LT:
    case BV_OP_BEFORE:
      return !null && compare_to (w, cell, &g_array_index (test->values, BvValue, 0)) < 0;
    case BV_OP_LE:
      return !null && compare_to (w, cell, &g_array_index (test->values, BvValue, 0)) <= 0;
    case BV_OP_BETWEEN:
      return !null && compare_to (w, cell, &g_array_index (test->values, BvValue, 0)) >= 0 &&
             compare_to (w, cell, &g_array_index (test->values, BvValue, 1)) <= 0;
    case BV_OP_IN_RANGE:
    case BV_OP_NOT_IN_RANGE:
      span = span_of (w, g_array_index (test->values, BvValue, 0).s);
      return in_span (w, &span, cell) == (test->op == BV_OP_IN_RANGE);
    case BV_OP_IS_SET:
      return !null && !(cell->type == BV_TYPE_TEXT && *cell->s == '\0');
    case BV_OP_IS_NOT_SET:
    default:
      return null || (cell->type == BV_TYPE_TEXT && *cell->s == '\0');
    }
}

static gboolean
holds (World *w, const BvCondition *condition, const Joined *j)
{
  int node = 0, column = 0;

  if (condition == NULL)
    return TRUE;
  if (condition->kind == BV_CONDITION_TEST)
    {
      find_field (w, condition->field, &node, &column);
      return test_holds (w, condition, cell_at (w, j, node, column));
    }
  for (guint i = 0; i < condition->children->len; i++)
    if (holds (w, condition->children->pdata[i], j) != (condition->kind == BV_CONDITION_ALL))
      return condition->kind == BV_CONDITION_ANY;
  return condition->kind == BV_CONDITION_ALL || condition->children->len == 0;
}

/* --- Joined rows ------------------------------------------------------------------------------------------------------------------------ */

typedef void (*Visit) (World *w, const Joined *j, gpointer data);

static void
join_next (World *w, Joined *j, gboolean *done, Visit visit, gpointer data)
{
  for (guint i = 1; i < w->n_nodes; i++)
    {
      Node *node = &w->nodes[i];
      int known = done[i] ? (int) i : node->parent, target = done[i] ? node->parent : (int) i;
      const BvValue *key;
      Table *table;
      int column;
      gboolean found = FALSE;

      if (done[i] == done[node->parent])
        continue;
      key = cell_at (w, j, known, known == (int) i ? node->column : node->parent_column);
      column = target == (int) i ? node->column : node->parent_column;
      table = &w->tables[w->nodes[target].table];
      done[target] = TRUE;
      for (guint r = 0; r < table->n_rows; r++)
        if (key->type != BV_TYPE_NULL && table->cells[r][column].type != BV_TYPE_NULL && table->cells[r][column].i == key->i)
          {
            j->rows[target] = (int) r;
            join_next (w, j, done, visit, data);
            found = TRUE;
          }
      if (!found)
        {
          j->rows[target] = -1;
          join_next (w, j, done, visit, data);
        }
      done[target] = FALSE;
      return;
    }
  visit (w, j, data);
}

static void
for_each_joined (World *w, int node, int row, Visit visit, gpointer data)
{
  Joined j;
  gboolean done[MAX_NODES] = { FALSE };

  memset (&j, -1, sizeof j);
  j.rows[node] = row;
  done[node] = TRUE;
  join_next (w, &j, done, visit, data);
}

/* --- Measuring --------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  int node, column;
  BvGrain grain;
  char name[40];
} Group;

typedef struct
{
  Group groups[MAX_GROUPS];
  guint n_groups;
  gboolean timed;        /* the first group is the time axis */
  int time_node, time_column; /* -1 without */
  char *range;           /* (nullable) */
  BvCondition *where[2]; /* (nullable) each */
  int top_group;         /* -1: none */
  GPtrArray *top;        /* key texts kept */
  char *others;          /* (nullable) */
  char *overlay_range;   /* (nullable): replaces the chart's */
} Query;

static char *
key_text (const BvValue *value)
{
  return value->type == BV_TYPE_NULL ? g_strdup ("\x01null") : bv_value_to_plain (value);
}

static gboolean
kept (const Query *q, const char *text)
{
  for (guint i = 0; i < q->top->len; i++)
    if (strcmp (q->top->pdata[i], text) == 0)
      return TRUE;
  return FALSE;
}

static char *
group_text (World *w, const Query *q, guint g, const Joined *j)
{
  const Group *group = &q->groups[g];
  BvValue value = bucket_of (w, cell_at (w, j, group->node, group->column), group->grain);
  g_autofree char *text = key_text (&value);

  if ((int) g == q->top_group && q->others != NULL && !kept (q, text))
    return g_strdup (q->others);
  return g_steal_pointer (&text);
}

/* The distinct (group, row) pairs of a measure: key text -> (row -> value). */
typedef struct
{
  const Query *q;
  const Span *span; /* (nullable) */
  guint first_group, n_groups;
  BvMetric *metric;
  int node, field_node, column;
  int row;
  GHashTable *pairs;
} Collect;

static void
collect_joined (World *w, const Joined *j, gpointer data)
{
  Collect *c = data;
  g_autoptr(GString) key = g_string_new (NULL);
  GHashTable *rows;

  if (!holds (w, c->q->where[0], j) || !holds (w, c->q->where[1], j))
    return;
  if (c->span != NULL && !in_span (w, c->span, cell_at (w, j, c->q->time_node, c->q->time_column)))
    return;
  for (guint g = c->first_group; g < c->first_group + c->n_groups; g++)
    {
      g_autofree char *text = group_text (w, c->q, g, j);

      g_string_append (key, text);
      g_string_append_c (key, '\x1f');
    }
  rows = g_hash_table_lookup (c->pairs, key->str);
  if (rows == NULL)
    {
      rows = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (c->pairs, g_strdup (key->str), rows);
    }
  /* A metric's own condition leaves the groups as they are. */
  if (holds (w, c->metric->where, j))
    g_hash_table_insert (rows, GINT_TO_POINTER (c->row + 1), (gpointer) cell_at (w, j, c->field_node, c->column));
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return sign (*(const double *) a - *(const double *) b);
}

static BvValue
aggregate (BvMetric *metric, BvAggregate kind, GHashTable *rows)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;
  long double sum = 0;
  gboolean integer = TRUE;
  const BvValue *least = NULL, *most = NULL;
  g_autoptr(GHashTable) distinct = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));

  if (kind == BV_AGG_COUNT && metric->field == NULL)
    return bv_value_int (g_hash_table_size (rows));
  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const BvValue *v = value;
      double number = bv_value_as_double (v);

      if (v->type == BV_TYPE_NULL)
        continue;
      n++;
      g_hash_table_add (distinct, bv_value_to_plain (v));
      integer = integer && v->type == BV_TYPE_INT;
      if (bv_type_is_numeric (v->type))
        sum += v->type == BV_TYPE_INT ? (long double) v->i : (long double) v->d;
      g_array_append_val (numbers, number);
      if (least == NULL || bv_value_compare (v, least) < 0)
        least = v;
      if (most == NULL || bv_value_compare (v, most) > 0)
        most = v;
    }
  if (kind == BV_AGG_COUNT)
    return bv_value_int (n);
  if (kind == BV_AGG_COUNT_DISTINCT)
    return bv_value_int (g_hash_table_size (distinct));
  if (n == 0)
    return BV_VALUE_NULL;
  if (kind == BV_AGG_SUM)
    return bv_value_double ((double) sum);
  if (kind == BV_AGG_AVERAGE)
    return bv_value_double ((double) (sum / n));
  if (kind == BV_AGG_MIN)
    return *least;
  if (kind == BV_AGG_MAX)
    return *most;
  {
    double p = kind == BV_AGG_MEDIAN ? 0.5 : metric->percentile;
    double rank = p * (n - 1);
    guint low = (guint) rank;

    g_array_sort (numbers, compare_numbers);
    if (low + 1 >= n)
      return bv_value_double (g_array_index (numbers, double, n - 1));
    return bv_value_double (g_array_index (numbers, double, low) * (1 - (rank - low)) + g_array_index (numbers, double, low + 1) * (rank - low));
  }
}

/* The metric whose rows are measured and how. */
static BvMetric *
base_of (World *w, BvMetric *metric, BvAggregate *kind)
{
  if (metric->of != NULL)
    metric = bv_exploration_find_metric (w->f.model->explorations->pdata[0], metric->of);
  *kind = metric->aggregate == BV_AGG_CUMULATIVE_COUNT ? BV_AGG_COUNT : metric->aggregate == BV_AGG_CUMULATIVE_SUM ? BV_AGG_SUM : metric->aggregate;
  return metric;
}

static GHashTable *
pairs_of (World *w, const Query *q, BvMetric *metric, const Span *span, guint first_group, guint n_groups)
{
  BvAggregate kind;
  Collect c = { q, span, first_group, n_groups, base_of (w, metric, &kind), 0, 0, RID, 0, NULL };
  GHashTable *pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);

  c.pairs = pairs;
  if (c.metric->field != NULL)
    {
      find_field (w, c.metric->field, &c.field_node, &c.column);
      c.node = c.field_node;
    }
  if (c.metric->table != NULL)
    for (guint i = 0; i < w->n_nodes; i++)
      if (strcmp (w->nodes[i].role, c.metric->table) == 0)
        c.node = (int) i;
  if (c.metric->field == NULL)
    c.field_node = c.node;
  for (c.row = 0; c.row < (int) w->tables[w->nodes[c.node].table].n_rows; c.row++)
    for_each_joined (w, c.node, c.row, collect_joined, &c);
  return pairs;
}

/* Values of a metric that is no formula, by group key. */
static GHashTable *
values_of (World *w, const Query *q, BvMetric *metric, const Span *span, guint first_group, guint n_groups)
{
  g_autoptr(GHashTable) pairs = pairs_of (w, q, metric, span, first_group, n_groups);
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, rows;
  BvAggregate kind;
  BvMetric *of = base_of (w, metric, &kind);

  g_hash_table_iter_init (&iter, pairs);
  while (g_hash_table_iter_next (&iter, &key, &rows))
    {
      BvValue value = aggregate (of, kind, rows);

      /* Nothing where no row meets the metric's own condition, null where none has a value. */
      g_hash_table_insert (values, g_strdup (key), g_hash_table_size (rows) > 0 ? g_memdup2 (&value, sizeof value) : NULL);
    }
  return values;
}

/* --- One period: the rows of all metrics of a chart -------------------------------------------------------------------------------------------- */

static gboolean
is_cumulative (const BvMetric *metric)
{
  return metric->aggregate == BV_AGG_CUMULATIVE_COUNT || metric->aggregate == BV_AGG_CUMULATIVE_SUM;
}

static BvMetric *
metric_named (World *w, const char *name)
{
  return bv_exploration_find_metric (w->f.model->explorations->pdata[0], name);
}

/* The metrics that have rows, of a chart's metrics and the parts of its formulas ("Ratio" is M0 / M1). */
static GPtrArray *
leaves (World *w, char **names)
{
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *parts[] = { strcmp (names[i], "Ratio") == 0 ? "M0" : names[i], strcmp (names[i], "Ratio") == 0 ? "M1" : names[i] };

      for (guint k = 0; k < 2; k++)
        if (!g_ptr_array_find (all, metric_named (w, parts[k]), NULL))
          g_ptr_array_add (all, metric_named (w, parts[k]));
    }
  return all;
}

static BvValue
plus (BvValue a, BvValue b)
{
  if (a.type == BV_TYPE_NULL || b.type == BV_TYPE_NULL)
    return a.type == BV_TYPE_NULL ? b : a;
  return bv_value_double (bv_value_as_double (&a) + bv_value_as_double (&b));
}

static BvValue
empty_of (World *w, BvMetric *metric, gboolean timed)
{
  BvAggregate kind;

  base_of (w, metric, &kind);
  return kind == BV_AGG_COUNT || kind == BV_AGG_COUNT_DISTINCT || (timed && kind == BV_AGG_SUM) ? bv_value_int (0) : BV_VALUE_NULL;
}

static BvValue
lookup (World *w, GHashTable *values, const char *key, BvMetric *metric, gboolean timed)
{
  BvValue *found = g_hash_table_lookup (values, key);

  return found != NULL ? *found : empty_of (w, metric, timed);
}

/* The bucket texts in order: of the range, or between the first and last of the data. */
static GPtrArray *
buckets_of (World *w, const Query *q, const Span *span, GHashTable *times)
{
  GPtrArray *buckets = g_ptr_array_new_with_free_func (g_free);
  const Group *group = &q->groups[0];
  gboolean hours = group->grain == BV_GRAIN_HOUR && w->tables[w->nodes[group->node].table].types[group->column] == BV_TYPE_TIMESTAMP;
  gint64 first = G_MAXINT64, last = G_MININT64;
  GHashTableIter iter;
  gpointer key;
  gint64 step = hours ? 900 * BV_SECOND_US : 1;

  g_hash_table_iter_init (&iter, times);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      BvValue v = BV_VALUE_NULL;

      g_assert_true (bv_value_from_plain (key, hours ? BV_TYPE_TIMESTAMP : BV_TYPE_DATE, &v));
      first = MIN (first, v.i);
      last = MAX (last, v.i);
    }
  if (span != NULL && !span->from_open)
    first = hours ? (span->from - 1) * BV_DAY_US : floor_day (w, span->from, group->grain);
  if (span != NULL && !span->to_open)
    last = hours ? (span->to + 2) * BV_DAY_US : span->to;
  if (first == G_MAXINT64 || last == G_MININT64)
    return buckets;
  for (gint64 at = first; at <= last; at += step)
    {
      BvValue v = hours ? bv_value_timestamp (at) : bv_value_date (at);
      BvValue bucket = hours ? bv_value_timestamp (floor_hour (w, at)) : bv_value_date (floor_day (w, at, group->grain));
      g_autofree char *text = bv_value_to_plain (&bucket);

      if (hours && span != NULL && !in_span (w, span, &v))
        continue;
      if (buckets->len == 0 || strcmp (buckets->pdata[buckets->len - 1], text) != 0)
        g_ptr_array_add (buckets, g_steal_pointer (&text));
    }
  return buckets;
}

typedef struct
{
  GHashTable *rows;     /* key text -> BvValue[], one per chart metric */
  GPtrArray *buckets;   /* (nullable) */
} Period;

static BvValue *
outputs_of (World *w, char **names, GPtrArray *of, const BvValue *values)
{
  BvValue *outputs = g_new0 (BvValue, g_strv_length (names) + 1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      guint a = 0, b = 0;

      if (strcmp (names[i], "Ratio") == 0)
        {
          double x, y;

          g_ptr_array_find (of, metric_named (w, "M0"), &a);
          g_ptr_array_find (of, metric_named (w, "M1"), &b);
          x = bv_value_as_double (&values[a]);
          y = bv_value_as_double (&values[b]);
          outputs[i] = isfinite (x) && isfinite (y) && (y < 0 || y > 0) ? bv_value_double (x / y) : BV_VALUE_NULL;
        }
      else
        {
          g_ptr_array_find (of, metric_named (w, names[i]), &a);
          outputs[i] = values[a];
        }
    }
  return outputs;
}

/* @plain: only the groups from @first_group on, without the time axis. */
static Period
period_of (World *w, const Query *q, char **names, const Span *span, guint first_group, guint n_groups, gboolean plain)
{
  g_autoptr(GPtrArray) of = leaves (w, names);
  gboolean timed = q->timed && !plain;
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autoptr(GPtrArray) histories = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autoptr(GHashTable) series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree BvValue *now = g_new0 (BvValue, of->len);
  Period period = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), NULL };
  GHashTableIter iter, keys;
  gpointer key;

  for (guint m = 0; m < of->len; m++)
    {
      BvMetric *metric = of->pdata[m];
      GHashTable *history = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

      g_ptr_array_add (values, values_of (w, q, metric, span, first_group, n_groups));
      if (is_cumulative (metric) && metric->from == BV_FROM_ALL && span != NULL && !span->from_open)
        {
          Span before = { TRUE, FALSE, 0, span->from - 1, G_MAXINT64 };

          g_hash_table_unref (history);
          history = values_of (w, q, metric, &before, first_group + timed, n_groups - timed);
        }
      g_ptr_array_add (histories, history);
      g_hash_table_iter_init (&keys, history);
      while (g_hash_table_iter_next (&keys, &key, NULL))
        g_hash_table_add (series, g_strdup (key));
      g_hash_table_iter_init (&keys, values->pdata[m]);
      while (g_hash_table_iter_next (&keys, &key, NULL))
        {
          char *rest = timed ? strchr (key, '\x1f') + 1 : key;

          if (timed && strncmp (key, "\x01null", 5) == 0)
            continue;
          g_hash_table_add (series, g_strdup (rest));
          if (timed)
            g_hash_table_add (times, g_strndup (key, rest - (char *) key - 1));
        }
    }
  if (n_groups == timed)
    g_hash_table_add (series, g_strdup (""));
  if (timed)
    period.buckets = buckets_of (w, q, q->groups[0].node == q->time_node && q->groups[0].column == q->time_column ? span : NULL, times);
  g_hash_table_iter_init (&iter, series);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree BvValue *running = g_new0 (BvValue, of->len);

      for (guint m = 0; m < of->len; m++)
        {
          BvValue *before = g_hash_table_lookup (histories->pdata[m], key);

          running[m] = before != NULL ? *before : BV_VALUE_NULL;
        }
      for (guint b = 0; b < (timed ? period.buckets->len : 1); b++)
        {
          g_autofree char *full = timed ? g_strdup_printf ("%s\x1f%s", (char *) period.buckets->pdata[b], (char *) key) : g_strdup (key);

          for (guint m = 0; m < of->len; m++)
            {
              now[m] = lookup (w, values->pdata[m], full, of->pdata[m], timed);
              if (is_cumulative (of->pdata[m]))
                now[m] = running[m] = plus (running[m], now[m]);
            }
          g_hash_table_insert (period.rows, g_steal_pointer (&full), outputs_of (w, names, of, now));
        }
    }
  return period;
}

static void
period_clear (Period *period)
{
  g_clear_pointer (&period->rows, g_hash_table_unref);
  g_clear_pointer (&period->buckets, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Period, period_clear)
