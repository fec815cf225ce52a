/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed at the vendor, for the analyst: the list in words, and the decisions. */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const decisions[] = { [BV_DECISION_NONE] = "none", [BV_DECISION_ADD] = "add", [BV_DECISION_IGNORE] = "ignore",
                                         [BV_DECISION_KEEP] = "keep" };

void
bv_drift_free (BvDrift *drift)
{
  if (drift == NULL)
    return;
  g_free (drift->source);
  g_free (drift->stream);
  g_free (drift->field);
  g_free (drift->table);
  g_free (drift->column);
  g_free (drift->text);
  g_free (drift);
}

static const char *
label_of (const char *type_name)
{
  BvType type;

  return type_name != NULL && bv_type_from_name (type_name, &type) ? bv_type_to_label (type) : "?";
}

static void
describe (BvDrift *drift, const char *kind, const char *detail)
{
  if (g_strcmp0 (kind, "added") == 0)
    {
      drift->kind = BV_DRIFT_ADDED;
      if (drift->decision == BV_DECISION_ADD)
        drift->text = g_strdup_printf (_("The field “%s” is new; it was added to “%s” as column “%s”"), drift->field, drift->table, drift->column);
      else if (drift->decision == BV_DECISION_IGNORE)
        drift->text = g_strdup_printf (_("The field “%s” is new; it is left out"), drift->field);
      else
        drift->text = g_strdup_printf (_("The field “%s” is new; it is left out until you add it"), drift->field);
    }
  else if (g_strcmp0 (kind, "changed") == 0)
    {
      g_auto (GStrv) types = g_strsplit (detail != NULL ? detail : "", " ", 2);

      drift->kind = BV_DRIFT_CHANGED;
      if (g_strv_length (types) == 2)
        drift->text = g_strdup_printf (_("The field “%s” was “%s” and brings “%s” now; values that do not fit column “%s” are kept as text beside it"),
                                       drift->field, label_of (types[0]), label_of (types[1]), drift->column);
      else
        drift->text = g_strdup_printf (_("The type of the field “%s” changed"), drift->field);
    }
  else if (g_strcmp0 (kind, "dropped") == 0)
    {
      drift->kind = BV_DRIFT_DROPPED;
      drift->text = g_strdup_printf (_("The field “%s” is gone; column “%s” stays as it was"), drift->field, drift->column);
    }
  else
    {
      drift->kind = BV_DRIFT_RETURNED;
      drift->text = g_strdup_printf (_("The field “%s” came back; column “%s” is filled again"), drift->field, drift->column);
    }
  drift->open = drift->kind == BV_DRIFT_ADDED && drift->decision == BV_DECISION_NONE;
}

GPtrArray *
bv_source_list_drifts (BvProject *project, const char *uuid, GError **error)
{
  sqlite3 *db = bv_project_borrow_reader (project, NULL, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_drift_free);
  g_autoptr (BvSourceStmt) stmt = NULL;
  gboolean row = TRUE;

  if (db == NULL)
    return NULL;
  stmt = bv_source_sql (db, error, "SELECT id, source, stream, field, table_name, column_name, kind, detail, found_at, decision FROM bv_source_drift"
                                   " WHERE ?1 IS NULL OR source = ?1 ORDER BY id DESC", "t", uuid);
  if (stmt != NULL)
    while (bv_source_sql_step (stmt, &row, error) && row)
      {
        BvDrift *drift = g_new0 (BvDrift, 1);

        drift->id = sqlite3_column_int64 (stmt, 0);
        drift->source = bv_source_sql_text (stmt, 1);
        drift->stream = bv_source_sql_text (stmt, 2);
        drift->field = bv_source_sql_text (stmt, 3);
        drift->table = bv_source_sql_text (stmt, 4);
        drift->column = bv_source_sql_text (stmt, 5);
        drift->found_at = sqlite3_column_int64 (stmt, 8);
        for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
          if (g_strcmp0 ((const char *) sqlite3_column_text (stmt, 9), decisions[i]) == 0)
            drift->decision = (BvDriftDecision) i;
        describe (drift, (const char *) sqlite3_column_text (stmt, 6), (const char *) sqlite3_column_text (stmt, 7));
        g_ptr_array_add (list, drift);
      }
  g_clear_pointer (&stmt, sqlite3_finalize);
  bv_project_return_reader (project, db);
  return row ? NULL : g_steal_pointer (&list);
}

typedef struct
{
  gint64 id;
  BvDriftDecision decision;
} Decide;

/* A field that is added becomes one that was known and is chosen now, so that the next sync reads old rows again for it. */
static gboolean
write_decision (sqlite3 *db, gpointer data, GError **error)
{
  Decide *decide = data;
  gint64 n;

  if (!bv_source_sql_int (db, error, &n, "SELECT count(*) FROM bv_source_drift WHERE id = ?", "i", decide->id))
    return FALSE;
  if (n == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_NOT_FOUND, _("This change is not noted any more: refresh the list"));
      return FALSE;
    }
  if (!bv_source_sql_run (db, error, "UPDATE bv_source_drift SET decision = ? WHERE id = ?", "ti", decisions[decide->decision], decide->id))
    return FALSE;
  if (decide->decision == BV_DECISION_ADD)
    return bv_source_sql_run (db, error,
                              "UPDATE bv_source_column SET status = 'unchosen' WHERE status = 'ignored' AND (source, stream, field) ="
                              " (SELECT source, stream, field FROM bv_source_drift WHERE id = ?)", "i", decide->id);
  return TRUE;
}

gboolean
bv_source_decide (BvProject *project, gint64 drift, BvDriftDecision decision, GError **error)
{
  Decide decide = { drift, decision };

  return bv_project_bookkeep (project, write_decision, &decide, error);
}
