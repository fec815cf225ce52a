/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which dimension of a tile a filter acts on.
 *
 * Each filter keeps a map from tile to dimension ("Tiles to update"). An entry may be empty, which says "Do not filter". A tile
 * that has no entry falls under the same-dimension rule: when its exploration is the one that the filter's field is of, the filter
 * acts on that very dimension; otherwise it does not act. Where a dimension is named a field may be ("Contact.email"), as in charts. An entry
 * that names what its exploration no longer has means "Do not filter". Nothing else is ever inferred here: bv_filter_suggest() only proposes, and what it proposes counts once the author has
 * put it into the map.
 *
 * A default-time filter acts on the tile's own time field and asks the map only whether the tile is taken out.
 */
#include "config.h"

#include "bv-report-run-private.h"

#include <string.h>

gboolean
bv_filter_is_time (BvFilter *filter)
{
  return g_strcmp0 (filter->field, BV_FILTER_TIME) == 0;
}

/* A dimension, or a field by its reference; NULL when there is neither. */
static const char *
find_target (BvModel *model, BvExploration *exploration, const char *name)
{
  return bv_exploration_resolve_field (exploration, model, name, NULL, NULL, NULL) != NULL ? name : NULL;
}

gboolean
bv_filter_source (BvModel *model, BvFilter *filter, BvExploration **exploration, const char **field)
{
  if (filter->field == NULL || bv_filter_is_time (filter))
    return FALSE;
  *exploration = bv_model_split_filter_field (model, filter->field, field);
  return *exploration != NULL && find_target (model, *exploration, *field) != NULL;
}

BvType
bv_field_type (BvModel *model, BvExploration *exploration, const char *ref)
{
  BvField *field = bv_exploration_resolve_field (exploration, model, ref, NULL, NULL, NULL);

  return field != NULL ? field->type : BV_TYPE_NULL;
}

BvType
bv_filter_type (BvModel *model, BvFilter *filter)
{
  BvExploration *exploration;
  const char *field;

  if (bv_filter_is_time (filter))
    return BV_TYPE_TIMESTAMP;
  return bv_filter_source (model, filter, &exploration, &field) ? bv_field_type (model, exploration, field) : BV_TYPE_NULL;
}

const char *
bv_tile_time_field (BvModel *model, BvTile *tile)
{
  BvChart *chart = tile->chart;
  BvExploration *exploration = chart != NULL && chart->exploration != NULL ? bv_model_find_exploration (model, chart->exploration) : NULL;
  const char *name;

  if (exploration == NULL)
    return NULL;
  name = chart->time_field != NULL ? chart->time_field : exploration->time_field;
  return name != NULL && bv_type_is_time (bv_field_type (model, exploration, name)) ? name : NULL;
}

const char *
bv_filter_target (BvModel *model, BvReport *report, BvFilter *filter, BvTile *tile)
{
  BvExploration *exploration, *source;
  const char *mapped, *field;

  if (tile->kind != BV_TILE_CHART || tile->chart == NULL || tile->chart->exploration == NULL)
    return NULL;
  exploration = bv_model_find_exploration (model, tile->chart->exploration);
  if (exploration == NULL)
    return NULL;

  mapped = filter->tiles != NULL ? g_hash_table_lookup (filter->tiles, tile->id) : NULL;
  if (mapped != NULL && *mapped == '\0')
    return NULL;
  if (bv_filter_is_time (filter))
    return bv_tile_time_field (model, tile);
  if (mapped != NULL)
    return find_target (model, exploration, mapped);
  return bv_filter_source (model, filter, &source, &field) && source == exploration ? field : NULL;
}

void
bv_filter_reach (BvModel *model, BvReport *report, BvFilter *filter, guint *n_reached, guint *n_tiles)
{
  guint reached = 0, tiles = 0;

  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      if (tile->kind != BV_TILE_CHART)
        continue;
      tiles++;
      reached += bv_filter_target (model, report, filter, tile) != NULL;
    }
  if (n_reached != NULL)
    *n_reached = reached;
  if (n_tiles != NULL)
    *n_tiles = tiles;
}

void
bv_filter_map_same_dimension (BvModel *model, BvReport *report, BvFilter *filter)
{
  BvExploration *source;
  const char *field;

  if (!bv_filter_source (model, filter, &source, &field))
    return;
  for (guint i = 0; i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      if (tile->kind != BV_TILE_CHART || tile->chart == NULL || tile->chart->exploration == NULL
          || g_hash_table_contains (filter->tiles, tile->id))
        continue;
      if (bv_model_find_exploration (model, tile->chart->exploration) == source)
        g_hash_table_insert (filter->tiles, g_strdup (tile->id), g_strdup (field));
    }
}

/* --- Suggestions ------------------------------------------------------------------------------------------------------ */

typedef enum { FAMILY_NONE, FAMILY_TEXT, FAMILY_NUMBER, FAMILY_TIME, FAMILY_BOOL } Family;

static Family
type_family (BvType type)
{
  switch (type)
    {
    case BV_TYPE_TEXT:
      return FAMILY_TEXT;
    case BV_TYPE_INT:
    case BV_TYPE_DOUBLE:
      return FAMILY_NUMBER;
    case BV_TYPE_DATE:
    case BV_TYPE_TIMESTAMP:
      return FAMILY_TIME;
    case BV_TYPE_BOOL:
      return FAMILY_BOOL;
    case BV_TYPE_NULL:
    default:
      return FAMILY_NONE;
    }
}

/* The table and column behind a dimension or field. */
static BvField *
resolve (BvModel *model, BvExploration *exploration, const char *ref, char **table, char **column)
{
  g_autofree char *role = NULL;
  BvField *field = bv_exploration_resolve_field (exploration, model, ref, &role, column, NULL);
  BvTable *found = field != NULL && role != NULL ? bv_exploration_find_role (exploration, model, role) : NULL;

  *table = found != NULL ? g_strdup (found->name) : NULL;
  return field;
}

static gboolean
are_related (BvModel *model, const char *table_a, const char *column_a, const char *table_b, const char *column_b)
{
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *r = g_ptr_array_index (model->relationships, i);

      for (int turn = 0; turn < 2; turn++)
        {
          const char *t1 = turn ? table_b : table_a, *c1 = turn ? column_b : column_a;
          const char *t2 = turn ? table_a : table_b, *c2 = turn ? column_a : column_b;

          if (g_strcmp0 (r->from_table, t1) == 0 && g_strcmp0 (r->from_column, c1) == 0
              && g_strcmp0 (r->to_table, t2) == 0 && g_strcmp0 (r->to_column, c2) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/* Lower-case words: "User e-mail", "user_email" and "userEmail" are alike. */
static char **
words_of (const char *name)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *ascii = g_str_to_ascii (name != NULL ? name : "", "C");
  char **words;

  for (const char *p = ascii; *p != '\0'; p++)
    {
      if (*p == '-' && p > ascii && (p[-1] == 'e' || p[-1] == 'E') && (p - 1 == ascii || !g_ascii_isalnum (p[-2])))
        continue; /* "e-mail" is one word */
      if (p > ascii && g_ascii_isupper (*p) && g_ascii_islower (p[-1]))
        g_string_append_c (text, ' ');
      g_string_append_c (text, g_ascii_isalnum (*p) ? g_ascii_tolower (*p) : ' ');
    }
  g_strstrip (text->str);
  words = g_strsplit_set (text->str, " ", -1);
  return words;
}

/* 0 … 40: equal names 40, the one within the other less, and less the more else they say. */
static int
name_likeness (const char *a, const char *b)
{
  g_auto(GStrv) words_a = words_of (a);
  g_auto(GStrv) words_b = words_of (b);
  int common = 0, n_a = 0, n_b = 0;

  for (guint i = 0; words_a[i] != NULL; i++)
    if (*words_a[i] != '\0')
      {
        n_a++;
        common += g_strv_contains ((const char *const *) words_b, words_a[i]);
      }
  for (guint i = 0; words_b[i] != NULL; i++)
    n_b += *words_b[i] != '\0';
  return n_a + n_b > 0 ? 80 * common / (n_a + n_b) : 0;
}

static const char *
semantic_of (BvField *field, const char *name)
{
  static const char *const known[] = { "email", "phone", "country", "company", NULL };
  g_auto(GStrv) words = NULL;

  if (field->semantic != NULL)
    return field->semantic;
  words = words_of (name);
  for (guint i = 0; known[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) words, known[i]))
      return known[i];
  return NULL;
}

const char *
bv_filter_suggest (BvModel *model, BvReport *report, BvFilter *filter, BvTile *tile)
{
  g_autofree char *table = NULL, *column = NULL;
  BvExploration *source, *exploration;
  BvDimension *best = NULL;
  const char *semantic, *name;
  BvField *field;
  int best_score = 0;

  if (tile->kind != BV_TILE_CHART || tile->chart == NULL || tile->chart->exploration == NULL
      || !bv_filter_source (model, filter, &source, &name)
      || (exploration = bv_model_find_exploration (model, tile->chart->exploration)) == NULL)
    return NULL;
  if (exploration == source)
    return name;
  field = resolve (model, source, name, &table, &column);
  if (field == NULL)
    return NULL;
  semantic = semantic_of (field, name);

  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *other = g_ptr_array_index (exploration->dimensions, i);
      g_autofree char *other_table = NULL, *other_column = NULL;
      BvField *other_field = resolve (model, exploration, other->name, &other_table, &other_column);
      const char *other_semantic;
      int likeness, score = 0;

      if (other_field == NULL || other->hidden || type_family (other_field->type) != type_family (field->type))
        continue;
      likeness = MAX (name_likeness (name, other->name), name_likeness (column, other_column));
      other_semantic = semantic_of (other_field, other->name);
      if (table != NULL && g_strcmp0 (table, other_table) == 0 && g_strcmp0 (column, other_column) == 0)
        score = 1000;
      else if (are_related (model, table, column, other_table, other_column))
        score = 500;
      else if (semantic != NULL && g_strcmp0 (semantic, other_semantic) == 0)
        score = 100;
      else if (likeness < 30 && !(type_family (field->type) == FAMILY_TIME && g_strcmp0 (exploration->time_field, other->name) == 0))
        continue;
      score += MAX (likeness, 1);
      if (score > best_score)
        {
          best_score = score;
          best = other;
        }
    }
  return best != NULL ? best->name : NULL;
}

/* --- Tables behind a tile ------------------------------------------------------------------------------------------------ */

static void
use_role (BvModel *model, BvExploration *exploration, const char *role, GHashTable *tables)
{
  BvTable *table = bv_exploration_find_role (exploration, model, role);

  if (table == NULL || !g_hash_table_add (tables, table->name))
    return;
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = g_ptr_array_index (exploration->related, i);

      if (related->as != NULL && related->parent != NULL && strcmp (related->as, role) == 0)
        use_role (model, exploration, related->parent, tables);
    }
}

static void
use_field (BvModel *model, BvExploration *exploration, const char *ref, GHashTable *tables)
{
  g_autofree char *role = NULL;

  if (ref != NULL && bv_exploration_resolve_field (exploration, model, ref, &role, NULL, NULL) != NULL && role != NULL)
    use_role (model, exploration, role, tables);
}

static void
use_condition (BvModel *model, BvExploration *exploration, const BvCondition *condition, GHashTable *tables)
{
  if (condition == NULL)
    return;
  use_field (model, exploration, condition->field, tables);
  for (guint i = 0; condition->children != NULL && i < condition->children->len; i++)
    use_condition (model, exploration, g_ptr_array_index (condition->children, i), tables);
}

static void
use_metric (BvModel *model, BvExploration *exploration, const char *name, guint depth, GHashTable *tables)
{
  BvMetric *metric = bv_exploration_find_metric (exploration, name);

  if (metric == NULL || depth > 16)
    return;
  if (metric->table != NULL)
    use_role (model, exploration, metric->table, tables);
  use_field (model, exploration, metric->field, tables);
  use_condition (model, exploration, metric->where, tables);
  if (metric->of != NULL)
    use_metric (model, exploration, metric->of, depth + 1, tables);
  for (const char *open = metric->formula != NULL ? strchr (metric->formula, '[') : NULL; open != NULL; open = strchr (open + 1, '['))
    {
      const char *end = strchr (open, ']');
      g_autofree char *named = end != NULL ? g_strndup (open + 1, end - open - 1) : NULL;

      if (named != NULL)
        use_metric (model, exploration, named, depth + 1, tables);
    }
}

GPtrArray *
bv_tile_tables (BvModel *model, BvReport *report, BvTile *tile)
{
  g_autoptr(GHashTable) tables = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();
  BvChart *chart = tile->kind == BV_TILE_CHART ? tile->chart : NULL;
  BvExploration *exploration = chart != NULL && chart->exploration != NULL ? bv_model_find_exploration (model, chart->exploration) : NULL;

  if (exploration == NULL)
    return names;
  use_role (model, exploration, exploration->root, tables);
  for (guint i = 0; chart->metrics != NULL && chart->metrics[i] != NULL; i++)
    use_metric (model, exploration, chart->metrics[i], 0, tables);
  for (guint i = 0; i < chart->by->len; i++)
    use_field (model, exploration, g_array_index (chart->by, BvGroup, i).dimension, tables);
  use_field (model, exploration, chart->pivot, tables);
  use_field (model, exploration, bv_tile_time_field (model, tile), tables);
  use_condition (model, exploration, chart->where, tables);
  for (guint i = 0; i < report->filters->len; i++)
    use_field (model, exploration, bv_filter_target (model, report, g_ptr_array_index (report->filters, i), tile), tables);

  /* In the model's order, so that keys made of the names are stable. */
  for (guint i = 0; i < model->tables->len; i++)
    {
      BvTable *table = g_ptr_array_index (model->tables, i);

      if (g_hash_table_contains (tables, table->name))
        g_ptr_array_add (names, table->name);
    }
  return names;
}
