/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The random half of test-random.c: worlds (tables, relationships, one exploration), charts, and what a top list and a compared period mean. */

static void
query_clear (Query *q)
{
  g_free (q->range);
  g_free (q->overlay_range);
  bv_condition_free (q->where[0]);
  bv_condition_free (q->where[1]);
  g_clear_pointer (&q->top, g_ptr_array_unref);
  g_free (q->others);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvOverlay, bv_overlay_clear)

/* --- Worlds ---------------------------------------------------------------------------------------------------------------------------- */

static BvValue
random_cell (World *w, int column, guint row)
{
  if (column == RID)
    return bv_value_int (row);
  if (chance (w, 15) && column != ID)
    return BV_VALUE_NULL;
  switch (column)
    {
    case ID:
      return chance (w, 6) ? BV_VALUE_NULL : bv_value_int (chance (w, 6) ? 1 : (gint64) row + 1);
    case N:
      return bv_value_int (pick (w, 7) - 3);
    case D:
      return bv_value_double ((pick (w, 17) - 8) * 0.25);
    case S:
      return bv_value_text (texts[pick (w, G_N_ELEMENTS (texts))]);
    case B:
      return bv_value_bool (chance (w, 50));
    case DAY:
      return bv_value_date (w->base_day + pick (w, chance (w, 70) ? 9 : 80) - 4);
    case TS:
      return bv_value_timestamp ((w->base_day - 2) * BV_DAY_US + pick (w, 5 * 96) * 900 * BV_SECOND_US + (chance (w, 20) ? pick (w, 900) * BV_SECOND_US : 0) +
                                 (chance (w, 10) ? 500000 : 0));
    default:
      return bv_value_int (1 + pick (w, MAX_ROWS + 1));
    }
}

static int
add_column (Table *table, const char *prefix, guint node)
{
  g_snprintf (table->columns[table->n_columns], sizeof table->columns[0], "%s%u", prefix, node);
  table->types[table->n_columns] = BV_TYPE_INT;
  return (int) table->n_columns++;
}

static void
append_field (World *w, GString *out, int node, int column)
{
  g_string_append_printf (out, "'%s.%s'", w->nodes[node].role, w->tables[w->nodes[node].table].columns[column]);
}

static void
append_time (World *w, GString *out, gboolean may_be_instant)
{
  char buf[BV_TIME_TEXT_MAX];
  char *text;

  if (!may_be_instant || chance (w, 60))
    {
      g_string_append_printf (out, "'%s'", bv_date_to_text (w->base_day + pick (w, 7) - 3, buf));
      return;
    }
  text = (char *) bv_timestamp_to_text ((w->base_day - 2) * BV_DAY_US + pick (w, 5 * 96) * 900 * BV_SECOND_US, buf);
  *strchr (text, ' ') = 'T';
  g_string_append_printf (out, "'%sZ'", text);
}

static char *
random_range (World *w)
{
  char a[BV_TIME_TEXT_MAX], b[BV_TIME_TEXT_MAX];
  gint64 from = w->base_day + pick (w, 8) - 5;

  bv_date_to_text (from, a);
  bv_date_to_text (from + pick (w, 5), b);
  switch (pick (w, 8))
    {
    case 0:
      return g_strdup_printf ("%s..", a);
    case 1:
      return g_strdup_printf ("..%s", b);
    case 2:
      return g_strdup_printf ("last-%d-days", 1 + pick (w, 5));
    case 3:
      return g_strdup ("all-time");
    default:
      return g_strdup_printf ("%s..%s", a, b);
    }
}

static void
append_value (World *w, GString *out, BvType type)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == BV_TYPE_TEXT)
    g_string_append_printf (out, "'%s'", texts[pick (w, G_N_ELEMENTS (texts))]);
  else if (type == BV_TYPE_BOOL)
    g_string_append (out, chance (w, 50) ? "true" : "false");
  else if (type == BV_TYPE_INT)
    g_string_append_printf (out, "%d", pick (w, 7) - 3);
  else if (type == BV_TYPE_DOUBLE)
    g_string_append (out, g_ascii_dtostr (buf, sizeof buf, (pick (w, 17) - 8) * 0.25));
  else
    append_time (w, out, TRUE);
}

static void
append_condition (World *w, GString *out, int depth)
{
  static const char *const by_type[][12] = {
    [BV_TYPE_TEXT] = { "is", "is-not", "contains", "not-contains", "starts-with", "ends-with", "is-set", "is-not-set", NULL },
    [BV_TYPE_BOOL] = { "is", "is-not", "is-set", "is-not-set", NULL },
    [BV_TYPE_INT] = { "is", "is-not", "gt", "ge", "lt", "le", "between", "is-set", "is-not-set", NULL },
    [BV_TYPE_DOUBLE] = { "is", "is-not", "gt", "ge", "lt", "le", "between", "is-set", "is-not-set", NULL },
    [BV_TYPE_DATE] = { "is", "is-not", "gt", "ge", "before", "after", "between", "in-range", "not-in-range", "is-set", "is-not-set", NULL },
    [BV_TYPE_TIMESTAMP] = { "is", "is-not", "lt", "le", "before", "after", "between", "in-range", "not-in-range", "is-set", "is-not-set", NULL },
  };
  int node = pick (w, (int) w->n_nodes), column = ID + pick (w, BASE_COLUMNS - ID);
  BvType type = base[column].type;
  const char *op;

  if (depth > 0 && chance (w, 40))
    {
      int n = 1 + pick (w, 3);

      g_string_append (out, chance (w, 50) ? "{'all':[" : "{'any':[");
      for (int i = 0; i < n; i++)
        {
          g_string_append (out, i > 0 ? "," : "");
          append_condition (w, out, depth - 1);
        }
      g_string_append (out, "]}");
      return;
    }
  op = by_type[type][pick (w, (int) g_strv_length ((char **) by_type[type]))];
  g_string_append (out, "{'field':");
  append_field (w, out, node, column);
  g_string_append_printf (out, ",'%s':", op);
  if (g_str_has_suffix (op, "-set"))
    g_string_append (out, "true");
  else if (g_str_has_suffix (op, "range"))
    {
      g_autofree char *range = NULL;

      do
        {
          g_free (range);
          range = random_range (w);
        }
      while (strcmp (range, "all-time") == 0);
      g_string_append_printf (out, "'%s'", range);
    }
  else if (strcmp (op, "between") == 0 || chance (w, 30))
    {
      gboolean several = strcmp (op, "between") != 0 && strstr ("is is-not contains not-contains starts-with ends-with", op) != NULL;

      g_string_append_c (out, '[');
      append_value (w, out, type);
      if (several && chance (w, 30))
        g_string_append (out, strncmp (op, "is", 2) == 0 ? ",null" : "");
      if (several || strcmp (op, "between") == 0)
        {
          g_string_append_c (out, ',');
          append_value (w, out, type);
        }
      g_string_append_c (out, ']');
    }
  else
    append_value (w, out, type);
  g_string_append_c (out, '}');
}

static void
append_metric (World *w, GString *out, const char *name, const char *forced)
{
  static const char *const kinds[] = { "count", "count", "count-distinct", "sum", "sum", "average", "median", "percentile", "min", "max" };
  const char *kind = forced != NULL ? forced : kinds[pick (w, G_N_ELEMENTS (kinds))];
  gboolean counts = strstr (kind, "count") != NULL && strcmp (kind, "count-distinct") != 0;
  gboolean numeric = strstr ("sum average median percentile cumulative-sum", kind) != NULL;
  int node = pick (w, (int) w->n_nodes);

  g_string_append_printf (out, ",{'name':'%s','aggregate':'%s'", name, kind);
  if (chance (w, 40))
    g_string_append_printf (out, ",'table':'%s'", w->nodes[node].role);
  if (!counts || chance (w, 20))
    {
      g_string_append (out, ",'field':");
      append_field (w, out, chance (w, 90) ? node : pick (w, (int) w->n_nodes), numeric ? (chance (w, 50) ? N : D) : ID + pick (w, BASE_COLUMNS - ID));
    }
  if (strcmp (kind, "percentile") == 0)
    g_string_append_printf (out, ",'percentile':%s", chance (w, 50) ? "0.25" : chance (w, 50) ? "0.75" : "1");
  if (chance (w, 30))
    {
      g_string_append (out, ",'where':");
      append_condition (w, out, 1);
    }
  if (g_str_has_prefix (kind, "cumulative"))
    g_string_append_printf (out, ",'from':'%s'", chance (w, 50) ? "all" : "range");
  g_string_append_c (out, '}');
}

static void
fill_tables (World *w)
{
  g_autoptr(GError) error = NULL;
  BvTableWriter *writer = bv_table_writer_new (w->f.project, &error);

  g_assert_no_error (error);
  for (guint t = 0; t < w->n_tables; t++)
    {
      Table *table = &w->tables[t];
      BvTableColumn columns[MAX_COLUMNS];

      table->n_rows = (guint) pick (w, MAX_ROWS + 1);
      for (guint c = 0; c < table->n_columns; c++)
        columns[c] = (BvTableColumn){ table->columns[c], table->types[c] };
      bv_table_writer_begin_table (writer, table->name, "Test", NULL, columns, table->n_columns, NULL, &error);
      g_assert_no_error (error);
      for (guint r = 0; r < table->n_rows; r++)
        {
          for (guint c = 0; c < table->n_columns; c++)
            table->cells[r][c] = random_cell (w, (int) c, r);
          bv_table_writer_append (writer, table->cells[r], &error);
          g_assert_no_error (error);
        }
      bv_table_writer_end_table (writer, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  bv_table_writer_commit (writer, "Fill", NULL, &error);
  g_assert_no_error (error);
}

static World *
world_new (guint seed)
{
  static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
  World *w = g_new0 (World, 1);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GString) related = g_string_new (NULL);
  const char *zone;

  w->rand = g_rand_new_with_seed (seed);
  fixture_set_up (&w->f, NULL);
  zone = zones[pick (w, G_N_ELEMENTS (zones))];
  w->zone = g_time_zone_new_identifier (zone);
  w->week_start = 1 + pick (w, 7);
  g_assert_true (bv_date_parse (strcmp (zone, "America/New_York") == 0 ? (chance (w, 50) ? "2026-03-08" : "2025-11-02")
                                                                       : (chance (w, 50) ? "2026-03-29" : "2025-10-26"), -1, &w->base_day));
  w->f.now = (w->base_day + 1) * BV_DAY_US + 10 * 3600 * BV_SECOND_US;
  w->n_tables = 1 + (guint) pick (w, MAX_TABLES);
  w->n_nodes = 1 + (guint) pick (w, MAX_NODES);
  for (guint t = 0; t < w->n_tables; t++)
    {
      Table *table = &w->tables[t];

      g_snprintf (table->name, sizeof table->name, "t%u", t);
      for (guint c = 0; c < BASE_COLUMNS; c++)
        {
          g_strlcpy (table->columns[c], base[c].name, sizeof table->columns[0]);
          table->types[c] = base[c].type;
        }
      table->n_columns = BASE_COLUMNS;
    }
  g_string_append_printf (json, "{'belvedere':1,'settings':{'time_zone':'%s','week_start':'%s'},'relationships':[", zone, weekdays[w->week_start - 1]);
  g_strlcpy (w->nodes[0].role, "t0", sizeof w->nodes[0].role);
  w->nodes[0].parent = -1;
  for (guint i = 1; i < w->n_nodes; i++)
    {
      Node *node = &w->nodes[i];
      Table *parent, *child;
      gboolean one = chance (w, 50);

      node->table = pick (w, (int) w->n_tables);
      node->parent = pick (w, (int) i);
      g_snprintf (node->role, sizeof node->role, "r%u", i);
      parent = &w->tables[w->nodes[node->parent].table];
      child = &w->tables[node->table];
      if (one)
        {
          node->parent_column = add_column (parent, "p", i);
          node->column = ID;
          g_string_append_printf (json, "%s{'from':'%s.p%u','to':'%s.id','type':'%s'}", i > 1 ? "," : "", parent->name, i, child->name,
                                  chance (w, 20) ? "has-one" : "belongs-to");
        }
      else
        {
          node->column = add_column (child, "u", i);
          node->parent_column = ID;
          if (chance (w, 50))
            g_string_append_printf (json, "%s{'from':'%s.u%u','to':'%s.id'}", i > 1 ? "," : "", child->name, i, parent->name);
          else
            g_string_append_printf (json, "%s{'from':'%s.id','to':'%s.u%u','type':'has-many'}", i > 1 ? "," : "", parent->name, child->name, i);
        }
      g_string_append_printf (related, "%s{'table':'%s','as':'%s','parent':'%s','through':'%s.%s%u'}", i > 1 ? "," : "", child->name, node->role,
                              w->nodes[node->parent].role, one ? w->nodes[node->parent].role : node->role, one ? "p" : "u", i);
    }
  fill_tables (w);
  g_string_append_printf (json, "],'explorations':[{'name':'E','root':'t0','related':[%s],'metrics':[{'name':'Ratio','formula':'[M0] / [M1]'}", related->str);
  append_metric (w, json, "M0", chance (w, 50) ? "sum" : "count");
  for (guint m = 1; m < 6; m++)
    {
      char name[8];

      g_snprintf (name, sizeof name, "M%u", m);
      append_metric (w, json, name, NULL);
    }
  append_metric (w, json, "C0", "cumulative-sum");
  append_metric (w, json, "C1", "cumulative-count");
  g_string_append_printf (json, ",{'name':'C2','aggregate':'cumulative-sum','of':'M0','from':'%s'}]}]}", chance (w, 50) ? "all" : "range");
  define (&w->f, json->str);
  return w;
}

static void
world_free (World *w)
{
  fixture_tear_down (&w->f, NULL);
  for (guint t = 0; t < w->n_tables; t++)
    for (guint r = 0; r < w->tables[t].n_rows; r++)
      for (guint c = 0; c < w->tables[t].n_columns; c++)
        bv_value_clear (&w->tables[t].cells[r][c]);
  g_time_zone_unref (w->zone);
  g_rand_free (w->rand);
  g_free (w);
}

/* --- Charts ---------------------------------------------------------------------------------------------------------------------------- */

/* Adds a group by a field that no group has; FALSE when the pick is taken. */
static gboolean
add_group (World *w, Query *q, GString *out, gboolean grained)
{
  Group group = { pick (w, (int) w->n_nodes), N + pick (w, BASE_COLUMNS - N), BV_GRAIN_NONE, "" };

  for (guint g = 0; g < q->n_groups; g++)
    if (q->groups[g].node == group.node && q->groups[g].column == group.column)
      return FALSE;
  if (q->n_groups == MAX_GROUPS || (q->time_node == group.node && q->time_column == group.column))
    return FALSE;
  if (grained && group.column >= DAY && chance (w, 70))
    group.grain = (BvGrain) (BV_GRAIN_HOUR + pick (w, 6));
  append_field (w, out, group.node, group.column);
  if (group.grain != BV_GRAIN_NONE)
    {
      g_string_truncate (out, out->len - 1);
      g_string_append_printf (out, ":%s'", bv_grain_to_name (group.grain));
    }
  q->groups[q->n_groups++] = group;
  return TRUE;
}

static gboolean
is_closed (const char *range)
{
  return range != NULL && strstr (range, "..") != NULL && !g_str_has_prefix (range, "..") && !g_str_has_suffix (range, "..");
}

static BvCondition *
random_condition (World *w, char **text)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *json = NULL;
  g_autoptr(JsonNode) node = NULL;

  append_condition (w, out, 2);
  json = json_text (out->str);
  node = json_from_string (json, NULL);
  *text = g_strdup (out->str);
  return bv_condition_from_json (node, NULL);
}

static BvChart *
random_chart (World *w, Query *q, char **text)
{
  static const char *const names[] = { "M0", "M1", "M2", "M3", "M4", "M5", "C0", "C1", "C2", "Ratio" };
  g_autoptr(GString) out = g_string_new ("{'exploration':'E','metrics':[");
  g_autofree char *range = NULL;
  int first = pick (w, G_N_ELEMENTS (names)), n = 1 + pick (w, 3);
  int n_by = pick (w, 3), n_listed = 0;

  for (int i = 0; i < n; i++)
    g_string_append_printf (out, "%s'%s'", i > 0 ? "," : "", names[(first + i * 3) % G_N_ELEMENTS (names)]);
  g_string_append_c (out, ']');
  if (chance (w, 65))
    {
      q->time_node = pick (w, (int) w->n_nodes);
      q->time_column = chance (w, 50) ? DAY : TS;
      g_string_append (out, ",'time':{'field':");
      append_field (w, out, q->time_node, q->time_column);
      if (chance (w, 70))
        {
          q->groups[0] = (Group){ q->time_node, q->time_column, (BvGrain) (BV_GRAIN_HOUR + pick (w, 6)), "" };
          q->n_groups = 1;
          q->timed = TRUE;
          g_string_append_printf (out, ",'grain':'%s'", bv_grain_to_name (q->groups[0].grain));
        }
      if (chance (w, 70))
        {
          range = random_range (w);
          g_string_append_printf (out, ",'range':'%s'", range);
        }
      g_string_append_c (out, '}');
    }
  g_string_append (out, ",'by':[");
  for (int i = 0; i < n_by; i++)
    {
      gsize before = out->len;

      g_string_append (out, n_listed > 0 ? "," : "");
      if (add_group (w, q, out, TRUE))
        n_listed++;
      else
        g_string_truncate (out, before);
      /* A grain on the first group makes it the time axis, and the time field when there is none. */
      if (n_listed == 1 && q->n_groups == 1 && !q->timed && q->groups[0].grain != BV_GRAIN_NONE)
        {
          q->timed = TRUE;
          if (q->time_node < 0)
            {
              q->time_node = q->groups[0].node;
              q->time_column = q->groups[0].column;
            }
        }
    }
  g_string_append_c (out, ']');
  if (chance (w, 30))
    {
      gsize before = out->len;

      g_string_append (out, ",'pivot':");
      if (!add_group (w, q, out, TRUE))
        g_string_truncate (out, before);
    }
  if (chance (w, 40))
    {
      g_autofree char *condition = NULL;

      q->where[0] = random_condition (w, &condition);
      g_string_append_printf (out, ",'where':%s", condition);
    }
  if (chance (w, 15))
    q->overlay_range = random_range (w);
  q->range = q->time_node < 0 ? NULL : g_strdup (q->overlay_range != NULL ? q->overlay_range : range);
  if (is_closed (q->range) && chance (w, 30))
    {
      static const char *const kinds[] = { "period", "period", "week", "month", "quarter", "year" };

      g_string_append_printf (out, ",'compare':'previous-%s'", kinds[pick (w, G_N_ELEMENTS (kinds))]);
    }
  if (q->n_groups > (guint) q->timed && chance (w, 30))
    g_string_append_printf (out, ",'top':%d,'others':%s", 1 + pick (w, 2), chance (w, 60) ? "true" : "false");
  g_string_append_c (out, '}');
  *text = json_text (out->str);
  if (chance (w, 25))
    {
      g_autofree char *condition = NULL;
      g_autofree char *more = NULL;

      q->where[1] = random_condition (w, &condition);
      more = g_strdup_printf ("%s with %s", *text, condition);
      g_free (*text);
      *text = g_steal_pointer (&more);
    }
  if (q->overlay_range != NULL)
    {
      char *more = g_strdup_printf ("%s over %s", *text, q->overlay_range);

      g_free (*text);
      *text = more;
    }
  return chart_of (out->str);
}

/* --- Top lists and compared periods -------------------------------------------------------------------------------------------------------- */

typedef struct
{
  char *text;
  BvValue key, value;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  int c;

  if ((x->value.type == BV_TYPE_NULL) != (y->value.type == BV_TYPE_NULL))
    return x->value.type == BV_TYPE_NULL ? 1 : -1;
  c = x->value.type == BV_TYPE_TEXT ? strcmp (y->value.s, x->value.s) : bv_value_compare (&y->value, &x->value);
  return c != 0 ? c : bv_value_compare (&x->key, &y->key);
}

static void
find_top (World *w, Query *q, BvChart *chart, const Span *span)
{
  g_auto(Period) groups = { NULL, NULL };
  g_autoptr(GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  Group *group = &q->groups[q->timed];
  BvType type = group->grain == BV_GRAIN_NONE || (group->grain == BV_GRAIN_HOUR && group->column == TS) ? base[group->column].type : BV_TYPE_DATE;
  GHashTableIter iter;
  gpointer key, outputs;

  groups = period_of (w, q, chart->metrics, span, q->timed, 1, TRUE);
  g_hash_table_iter_init (&iter, groups.rows);
  while (g_hash_table_iter_next (&iter, &key, &outputs))
    {
      Ranked item = { g_strndup (key, strlen (key) - 1), BV_VALUE_NULL, ((BvValue *) outputs)[0] };

      if (strcmp (item.text, "\x01null") != 0)
        g_assert_true (bv_value_from_plain (item.text, type, &item.key));
      g_array_append_val (ranked, item);
    }
  g_array_sort (ranked, compare_ranked);
  q->top = g_ptr_array_new_with_free_func (g_free);
  q->top_group = q->timed;
  for (guint i = 0; i < ranked->len; i++)
    {
      Ranked *item = &g_array_index (ranked, Ranked, i);

      if (i < (guint) chart->top)
        g_ptr_array_add (q->top, g_strdup (item->text));
      bv_value_clear (&item->key);
      g_free (item->text);
    }
  if (!chart->top_others || ranked->len <= (guint) chart->top)
    return;
  q->others = g_strdup ("Others");
  while (kept (q, q->others))
    {
      char *longer = g_strconcat (q->others, "…", NULL);

      g_free (q->others);
      q->others = longer;
    }
}

static void
drop_others (const Query *q, GHashTable *rows)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_auto(GStrv) parts = g_strsplit (key, "\x1f", -1);

      if (!kept (q, parts[q->top_group]))
        g_hash_table_iter_remove (&iter);
    }
}

/* @day as many calendar days, weeks, months or years earlier as @compare says; the end of a longer month is that of a shorter one. */
static gint64
day_before (const char *compare, gint64 day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (day + 719163));
  if (g_str_has_suffix (compare, "week"))
    g_date_subtract_days (&date, 7);
  else
    g_date_subtract_months (&date, g_str_has_suffix (compare, "month") ? 1 : g_str_has_suffix (compare, "quarter") ? 3 : 12);
  return (gint64) g_date_get_julian (&date) - 719163;
}

/* The days that a closed range is compared with. */
static Span
span_before (const char *compare, const Span *span)
{
  if (g_str_has_suffix (compare, "period"))
    return (Span){ FALSE, FALSE, span->from - (span->to - span->from + 1), span->from - 1, G_MAXINT64 };
  return (Span){ FALSE, FALSE, day_before (compare, span->from), day_before (compare, span->to), G_MAXINT64 };
}

/* The key of the compared period that stands beside @key: buckets of the range's own field by position, others by value. */
static char *
past_key (const Query *q, const Period *now, const Period *past, const char *key)
{
  const char *rest;

  if (!q->timed || q->groups[0].node != q->time_node || q->groups[0].column != q->time_column)
    return g_strdup (key);
  rest = strchr (key, '\x1f');
  for (guint i = 0; i < now->buckets->len && i < past->buckets->len; i++)
    if (strncmp (now->buckets->pdata[i], key, rest - key) == 0 && strlen (now->buckets->pdata[i]) == (gsize) (rest - key))
      return g_strconcat (past->buckets->pdata[i], rest, NULL);
  return NULL;
}
