/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suggesting relationships: a column "contact_id" points at the "id" of a table named like "contacts" when the types agree, the target is
 * unique, and the values are found there. E-mail columns point at tables whose e-mails are unique. At most SAMPLE distinct values are looked
 * up per candidate, so a suggestion costs the same on any size of table. Nothing is related without the author.
 */
#include "config.h"

#include "bv-select-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SAMPLE 500
#define MIN_OVERLAP 0.5

void
bv_suggestion_free (BvSuggestion *suggestion)
{
  if (suggestion == NULL)
    return;
  bv_relationship_free (suggestion->relationship);
  g_free (suggestion->evidence);
  g_free (suggestion);
}

/* Whether the table's last words are @stem, or its plural as most languages make it, by one or two letters more: "contacts", "boxes",
 * "kunden"; and "companies" of "company". */
static gboolean
table_fits (const char *table, const char *stem)
{
  g_autofree char *name = g_ascii_strdown (table, -1);
  g_autofree char *ies = g_str_has_suffix (stem, "y") ? g_strdup_printf ("%.*sie", (int) strlen (stem) - 1, stem) : NULL;
  const char *forms[] = { stem, ies };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    for (gsize more = 0; forms[i] != NULL && *forms[i] != '\0' && more <= 2; more++)
      {
        gsize n = strlen (forms[i]) + more, rest;

        if (n > strlen (name))
          break;
        rest = strlen (name) - n;
        if (g_str_has_prefix (name + rest, forms[i]) && (rest == 0 || strchr ("_ .", name[rest - 1]) != NULL))
          return TRUE;
      }
  return FALSE;
}

/* The thing that a column's name says it points at: "contact" of "contact_id", "contactId"; NULL for other names. (transfer full) */
static char *
stem_of (const char *column)
{
  gsize n = strlen (column);
  g_autofree char *lower = g_ascii_strdown (column, -1);

  if (n > 3 && g_str_has_suffix (lower, "_id"))
    return g_strndup (lower, n - 3);
  if (n > 2 && g_str_has_suffix (column, "Id"))
    return g_strndup (lower, n - 2);
  return NULL;
}

static gboolean
is_email (const BvField *field)
{
  g_autofree char *lower = g_ascii_strdown (field->name, -1);

  return g_strcmp0 (field->semantic, "email") == 0 || strcmp (lower, "email") == 0 || g_str_has_suffix (lower, "_email");
}

static gboolean
types_agree (BvType a, BvType b)
{
  return a == b || (bv_type_is_numeric (a) && bv_type_is_numeric (b));
}

static gboolean
exists (BvModel *model, const char *from_table, const char *from_column, const char *to_table)
{
  for (guint i = 0; i < model->relationships->len; i++)
    {
      BvRelationship *r = model->relationships->pdata[i];

      if (strcmp (r->from_table, from_table) == 0 && strcmp (r->from_column, from_column) == 0 && strcmp (r->to_table, to_table) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Share of up to SAMPLE distinct from-values found among the to-values; @n: how many were looked up. */
static gboolean
overlap (sqlite3 *db, BvTable *from, BvField *from_field, BvTable *to, BvField *to_field, double *share, gint64 *n,
         GCancellable *cancellable, GError **error)
{
  g_autofree char *a = bv_sql_quote (from->name);
  g_autofree char *ac = bv_sql_quote (from_field->name);
  g_autofree char *b = bv_sql_quote (to->name);
  g_autofree char *bc = bv_sql_quote (to_field->name);
  g_autofree char *text = g_strdup_printf ("SELECT count (*), coalesce (sum (v IN (SELECT %s FROM %s)), 0) FROM (SELECT DISTINCT %s AS v FROM %s WHERE %s IS NOT NULL LIMIT %d)",
                                           bc, b, ac, a, ac, SAMPLE);
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, text, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW;

  if (ok)
    {
      *n = sqlite3_column_int64 (statement, 0);
      *share = *n > 0 ? (double) sqlite3_column_int64 (statement, 1) / (double) *n : 0;
    }
  else
    bv_sqlite_set_error (error, db, cancellable, _("The values could not be compared"));
  sqlite3_finalize (statement);
  return ok;
}

static int
compare_suggestions (gconstpointer a, gconstpointer b)
{
  const BvSuggestion *x = *(BvSuggestion *const *) a, *y = *(BvSuggestion *const *) b;

  return x->overlap > y->overlap ? -1 : x->overlap < y->overlap ? 1 : strcmp (x->relationship->from_table, y->relationship->from_table);
}

static gboolean
try_pair (const BvQueryContext *context, sqlite3 *db, BvTable *from, BvField *from_field, BvTable *to, BvField *to_field, GPtrArray *found,
          GCancellable *cancellable, GError **error)
{
  const char *columns[] = { to_field->name, NULL };
  BvSuggestion *suggestion;
  gboolean unique;
  gint64 n_repeating, n = 0;
  double share = 0;

  if (from == to || !types_agree (from_field->type, to_field->type) || exists (context->model, from->name, from_field->name, to->name) ||
      exists (context->model, to->name, to_field->name, from->name))
    return TRUE;
  if (!bv_project_is_unique (context->project, to->name, columns, cancellable, &unique, &n_repeating, error))
    return FALSE;
  if (!unique || !overlap (db, from, from_field, to, to_field, &share, &n, cancellable, error))
    return !unique;
  if (n == 0 || share < MIN_OVERLAP)
    return TRUE;
  suggestion = g_new0 (BvSuggestion, 1);
  suggestion->overlap = share;
  suggestion->relationship = g_new0 (BvRelationship, 1);
  suggestion->relationship->from_table = g_strdup (from->name);
  suggestion->relationship->from_column = g_strdup (from_field->name);
  suggestion->relationship->to_table = g_strdup (to->name);
  suggestion->relationship->to_column = g_strdup (to_field->name);
  suggestion->relationship->type = BV_RELATIONSHIP_BELONGS_TO;
  suggestion->evidence = g_strdup_printf (_("%.0f %% of the values looked up (%d) are found in %s.%s, which has no repeating values"),
                                          share * 100, (int) n, to->name, to_field->name);
  g_ptr_array_add (found, suggestion);
  return TRUE;
}

GPtrArray *
bv_query_suggest_relationships (const BvQueryContext *context, GCancellable *cancellable, GError **error)
{
  GPtrArray *tables = context->model->tables;
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_suggestion_free);
  sqlite3 *db = bv_reader_open (context, cancellable, error);
  gboolean ok = db != NULL;

  for (guint i = 0; ok && i < tables->len; i++)
    {
      BvTable *from = tables->pdata[i];

      for (guint f = 0; ok && f < from->fields->len; f++)
        {
          BvField *from_field = from->fields->pdata[f];
          g_autofree char *stem = stem_of (from_field->name);

          for (guint k = 0; ok && k < tables->len; k++)
            {
              BvTable *to = tables->pdata[k];
              BvField *id = bv_table_find_field (to, "id");

              if (stem != NULL && table_fits (to->name, stem))
                {
                  BvField *same = bv_table_find_field (to, from_field->name);

                  if (id != NULL)
                    ok = try_pair (context, db, from, from_field, to, id, found, cancellable, error);
                  else if (same != NULL)
                    ok = try_pair (context, db, from, from_field, to, same, found, cancellable, error);
                }
              else if (stem != NULL && id == NULL)
                {
                  BvField *same = bv_table_find_field (to, from_field->name);

                  if (same != NULL)
                    ok = try_pair (context, db, from, from_field, to, same, found, cancellable, error);
                }
              if (ok && is_email (from_field))
                for (guint t = 0; ok && t < to->fields->len; t++)
                  if (is_email (to->fields->pdata[t]))
                    ok = try_pair (context, db, from, from_field, to, to->fields->pdata[t], found, cancellable, error);
            }
        }
    }
  bv_reader_close (context, db);
  if (!ok)
    return NULL;
  g_ptr_array_sort (found, compare_suggestions);
  return g_steal_pointer (&found);
}
