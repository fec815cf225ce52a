/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of an exploration: roles, paths between them, fields; and the automatic measures of a table. */
#include "config.h"

#include "bv-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

BvRelated *
bv_exploration_find_related (BvExploration *exploration, const char *role)
{
  for (guint i = 0; role != NULL && i < exploration->related->len; i++)
    if (strcmp (((BvRelated *) exploration->related->pdata[i])->as, role) == 0)
      return exploration->related->pdata[i];
  return NULL;
}

BvTable *
bv_exploration_find_role (BvExploration *exploration, BvModel *model, const char *role)
{
  BvRelated *related;

  if (g_strcmp0 (role, exploration->root) == 0)
    return bv_model_find_table (model, exploration->root);
  related = bv_exploration_find_related (exploration, role);
  return related != NULL ? bv_model_find_table (model, related->table) : NULL;
}

/* Whether @through ("table.column" or "role.column") names the from side of @r; @role: the role of the from table. */
static gboolean
names_from_side (BvRelationship *r, const char *through, const char *role)
{
  gsize n;

  if (through == NULL)
    return TRUE;
  n = strlen (r->from_table);
  if (g_ascii_strncasecmp (through, r->from_table, n) == 0 && through[n] == '.' && bv_names_equal (through + n + 1, r->from_column))
    return TRUE;
  n = strlen (role);
  return strncmp (through, role, n) == 0 && through[n] == '.' && bv_names_equal (through + n + 1, r->from_column);
}

/* Counts the relationships between two tables that @through allows, keeping the first. */
static guint
find_between (BvModel *model, const char *parent_table, const char *parent_role, const char *child_table, const char *child_role,
              const char *through, BvRelationship **found, gboolean *belongs_to)
{
  guint n = 0;

  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *r = model->relationships->pdata[i];
      gboolean down = bv_names_equal (r->from_table, parent_table) && bv_names_equal (r->to_table, child_table) &&
                      names_from_side (r, through, parent_role);
      gboolean up = bv_names_equal (r->to_table, parent_table) && bv_names_equal (r->from_table, child_table) &&
                    names_from_side (r, through, child_role);

      if (!down && !up)
        continue;
      if (n++ == 0)
        {
          *found = r;
          *belongs_to = down;
        }
    }
  return n;
}

BvRelationship *
bv_exploration_resolve_related (BvExploration *exploration, BvModel *model, BvRelated *related,
                                const char **parent, gboolean *belongs_to, GError **error)
{
  const char *roles[2] = { NULL, NULL };
  BvRelationship *found = NULL;
  gboolean found_down = FALSE;
  guint n = 0;

  if (bv_model_find_table (model, related->table) == NULL)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist: import it, or choose another"), related->table);
      return NULL;
    }
  /* Candidates are the root and the roles declared before this one, so the tree cannot hold a cycle. */
  for (guint i = 0; i <= exploration->related->len; i++)
    {
      BvRelated *other = i > 0 ? exploration->related->pdata[i - 1] : NULL;
      const char *role = other != NULL ? other->as : exploration->root;
      const char *table = other != NULL ? other->table : exploration->root;
      BvRelationship *r = NULL;
      gboolean down = FALSE;
      guint k;

      if (other == related)
        break;
      if (related->parent != NULL && strcmp (related->parent, role) != 0)
        continue;
      k = find_between (model, table, role, related->table, related->as, related->through, &r, &down);
      if (k == 0)
        continue;
      if (n < 2)
        roles[n] = role;
      if (n == 0)
        {
          found = r;
          found_down = down;
        }
      n += k;
    }
  if (n == 0)
    {
      if (related->through != NULL)
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND,
                     _("“%s” has no relationship through “%s” with the tables it may hang under: add the relationship first"),
                     related->table, related->through);
      else
        g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND,
                     _("“%s” has no relationship with the tables it may hang under: add the relationship first"), related->table);
      return NULL;
    }
  if (n > 1)
    {
      if (roles[1] != NULL && g_strcmp0 (roles[0], roles[1]) != 0)
        g_set_error (error, BV_ERROR, BV_ERROR_AMBIGUOUS, _("“%s” can hang under “%s” or “%s”: say which with “parent”"),
                     related->as, roles[0], roles[1]);
      else
        g_set_error (error, BV_ERROR, BV_ERROR_AMBIGUOUS, _("“%s” is related to “%s” in several ways: say which with “through”"),
                     related->as, roles[0]);
      return NULL;
    }
  if (parent != NULL)
    *parent = roles[0];
  if (belongs_to != NULL)
    *belongs_to = found_down || found->type == BV_RELATIONSHIP_HAS_ONE;
  return found;
}

BvField *
bv_exploration_resolve_field (BvExploration *exploration, BvModel *model, const char *ref,
                              char **role, char **column, GError **error)
{
  BvDimension *dimension = bv_exploration_find_dimension (exploration, ref);
  const char *field_ref = dimension != NULL ? dimension->field : ref;
  gboolean role_known = FALSE;

  for (guint i = 0; i <= exploration->related->len + 1; i++)
    {
      /* The root, then the related roles; last a bare column of the root. */
      BvRelated *related = i > 0 && i <= exploration->related->len ? exploration->related->pdata[i - 1] : NULL;
      const char *name = related != NULL ? related->as : exploration->root;
      const char *table_name = related != NULL ? related->table : exploration->root;
      gboolean bare = i == exploration->related->len + 1;
      gsize n = strlen (name);
      BvTable *table;
      BvField *field;

      if (!bare && (strncmp (field_ref, name, n) != 0 || field_ref[n] != '.'))
        continue;
      table = bv_model_find_table (model, table_name);
      if (table == NULL)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The table “%s” does not exist: import it, or choose another"), table_name);
          return NULL;
        }
      role_known = role_known || !bare;
      field = bv_table_find_field (table, bare ? field_ref : field_ref + n + 1);
      if (field == NULL)
        continue;
      if (role != NULL)
        *role = g_strdup (name);
      if (column != NULL)
        *column = g_strdup (field->name);
      return field;
    }
  if (dimension == NULL && strchr (ref, '.') == NULL)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The exploration “%s” has no dimension “%s”: check the name, or add it"),
                 exploration->name, ref);
  else if (!role_known)
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("“%s” names no table of the exploration “%s”: add the related table, or check the name"),
                 field_ref, exploration->name);
  else
    g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("The field “%s” does not exist: choose another field"), field_ref);
  return NULL;
}

/* --- Automatic measures -------------------------------------------------------------------------------------------------------------- */

static gboolean
is_id (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return strcmp (lower, "id") == 0 || g_str_has_suffix (lower, "_id");
}

BvFormat
bv_field_get_format (const BvField *field)
{
  BvFormat format = bv_format_copy (&field->format);

  if (field->type == BV_TYPE_INT && format.kind == BV_FORMAT_AUTO && is_id (field->name))
    format.kind = BV_FORMAT_PLAIN;
  return format;
}

/* "close_date" becomes "Close date". */
static char *
humanise (const BvField *field)
{
  char *text = g_strdup (field->label != NULL ? field->label : field->name);

  if (field->label == NULL)
    {
      g_strdelimit (text, "_", ' ');
      text[0] = g_ascii_toupper (text[0]);
    }
  return text;
}

static char *
free_name (BvExploration *exploration, const char *base, const char *role)
{
  char *name = g_strdup (base);

  for (int i = 1; bv_exploration_find_dimension (exploration, name) != NULL || bv_exploration_find_metric (exploration, name) != NULL; i++)
    {
      g_free (name);
      name = i == 1 ? g_strdup_printf ("%s (%s)", base, role) : g_strdup_printf ("%s (%s) %d", base, role, i);
    }
  return name;
}

void
bv_exploration_add_measures (BvExploration *exploration, BvModel *model, const char *role)
{
  BvTable *table = bv_exploration_find_role (exploration, model, role);
  gboolean is_root = strcmp (role, exploration->root) == 0;
  g_autofree char *count_name = NULL;
  g_autofree char *count_free = NULL;
  BvMetric *count;

  if (table == NULL)
    return;
  count_name = g_strdup_printf (_("Number of %s"), table->label != NULL ? table->label : is_root ? table->name : role);
  count_free = free_name (exploration, count_name, role);
  count = bv_metric_new (count_free, BV_AGG_COUNT);
  if (!is_root)
    count->table = g_strdup (role);
  g_ptr_array_add (exploration->metrics, count);
  for (guint i = 0; i < table->fields->len; i++)
    {
      BvField *field = table->fields->pdata[i];
      g_autofree char *ref = g_strconcat (role, ".", field->name, NULL);
      g_autofree char *label = humanise (field);

      if (field->hidden)
        continue;
      if (bv_type_is_numeric (field->type) && !is_id (field->name))
        {
          static const BvAggregate kinds[] = { BV_AGG_SUM, BV_AGG_AVERAGE };

          for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
            {
              g_autofree char *base = g_strdup_printf (kinds[k] == BV_AGG_SUM ? _("Sum of %s") : _("Average of %s"), label);
              g_autofree char *name = free_name (exploration, base, role);
              BvMetric *metric = bv_metric_new (name, kinds[k]);

              metric->field = g_strdup (ref);
              metric->format = bv_format_copy (&field->format);
              g_ptr_array_add (exploration->metrics, metric);
            }
        }
      else
        {
          g_autofree char *name = free_name (exploration, label, role);

          g_ptr_array_add (exploration->dimensions, bv_dimension_new (name, ref));
        }
    }
}

/* How well a time column's name says that it is when the thing happened. */
static int
time_score (const BvField *field)
{
  static const char *const hints[] = { "timestamp", "date", "occurred_at", "created_at", "createdate", "created", "ordered_at", "close_date",
                                       "closedate", "issued_at", "paid_at", "time" };
  g_autofree char *lower = g_ascii_strdown (field->name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    if (strcmp (lower, hints[i]) == 0)
      return 100 - (int) i;
  return strstr (lower, "creat") != NULL || strstr (lower, "date") != NULL ? 10 : 1;
}

BvExploration *
bv_exploration_new_for_table (BvModel *model, BvTable *table)
{
  BvExploration *exploration = bv_exploration_new (table->label != NULL ? table->label : table->name, table->name);
  int best = 0;

  bv_exploration_add_measures (exploration, model, table->name);
  for (guint i = 0; i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = exploration->dimensions->pdata[i];
      BvField *field = bv_exploration_resolve_field (exploration, model, dimension->name, NULL, NULL, NULL);

      if (field != NULL && bv_type_is_time (field->type) && time_score (field) > best)
        {
          best = time_score (field);
          g_free (exploration->time_field);
          exploration->time_field = g_strdup (dimension->name);
        }
    }
  return exploration;
}
