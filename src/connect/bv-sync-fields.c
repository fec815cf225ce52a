/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fields of a stream become which columns, and what happened to them at the vendor since the last run.
 *
 * bv_source_column remembers every field that was ever discovered. Its status: active (a column), beside (a column, with the vendor's
 * text in a second one), unchosen (known, left out by choice), ignored (appeared later and was left out), dropped (gone at the vendor; the
 * column is frozen). A difference to it is a drift: it is handled at once by the rule of its kind, and noted for the analyst.
 *
 * A field that appears later becomes a column when the source says so and the field is one that would be chosen by default, or one
 * that the customer made; others are known from then on and left out.
 *
 * That memory is not undone with a sync, but the rows are, and the stream's state with them: "fields" there is a digest of the fields that the
 * rows have. Where it is not the one of the memory, a sync that brought fields was undone, and they are read again.
 */
#include "config.h"

#include "bv-source-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char *column;
  char *status;
  BvType type;      /* of the column */
  BvType seen;      /* of the field, when it was looked at last */
} Known;

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->column);
  g_free (known->status);
  g_free (known);
}

static void
column_free (gpointer data)
{
  BvSyncColumn *column = data;

  g_free (column->column);
  g_free (column->beside);
  g_free (column);
}

static GHashTable *
load_known (BvSyncStream *self, sqlite3 *db, GError **error)
{
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, error, "SELECT field, column_name, status, type, vendor_type FROM bv_source_column"
                                                            " WHERE source = ? AND stream = ?", "tt", self->sync->source->uuid, self->stream->name);
  gboolean row = TRUE;

  if (stmt == NULL)
    return NULL;
  while (bv_source_sql_step (stmt, &row, error) && row)
    {
      Known *known = g_new0 (Known, 1);

      known->column = bv_source_sql_text (stmt, 1);
      known->status = bv_source_sql_text (stmt, 2);
      bv_type_from_name ((const char *) sqlite3_column_text (stmt, 3), &known->type);
      known->seen = known->type;
      if (sqlite3_column_type (stmt, 4) == SQLITE_TEXT)
        bv_type_from_name ((const char *) sqlite3_column_text (stmt, 4), &known->seen);
      g_hash_table_insert (all, bv_source_sql_text (stmt, 0), known);
    }
  return row ? NULL : g_steal_pointer (&all);
}

static gboolean
note_drift (BvSyncStream *self, sqlite3 *db, const char *field, const char *column, const char *kind, const char *detail, const char *decision,
            GError **error)
{
  return bv_source_sql_run (db, error,
                            "INSERT INTO bv_source_drift (source, stream, field, table_name, column_name, kind, detail, found_at, decision)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "tttttttit", self->sync->source->uuid, self->stream->name, field, self->table,
                            column, kind, detail, bv_clock_now (self->sync->clock), decision);
}

static gboolean
store (BvSyncStream *self, sqlite3 *db, const BvSourceField *field, const char *column, BvType type, const char *status, GError **error)
{
  return bv_source_sql_run (db, error,
                            "INSERT OR REPLACE INTO bv_source_column (source, stream, field, column_name, label, type, vendor_type, status)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "tttttttt", self->sync->source->uuid, self->stream->name, field->name, column,
                            field->label, bv_type_to_name (type), bv_type_to_name (field->type), status);
}

static gboolean
is_key (const BvSourceStream *stream, const char *name)
{
  return stream->key != NULL && g_strv_contains ((const char *const *) stream->key, name);
}

/* Needed, or named by the analyst. */
static gboolean
is_named (BvSyncStream *self, const BvSourceField *field)
{
  BvSourceChoice *choice = bv_source_find_choice (self->sync->source, self->stream->name);

  return is_key (self->stream, field->name) || (field->flags & BV_FIELD_ALWAYS) ||
         (choice != NULL && choice->fields != NULL && g_strv_contains ((const char *const *) choice->fields, field->name));
}

static gboolean
is_wanted (BvSyncStream *self, const BvSourceField *field)
{
  BvSourceChoice *choice = bv_source_find_choice (self->sync->source, self->stream->name);

  if (is_named (self, field) || (choice != NULL && choice->fields != NULL))
    return is_named (self, field);
  return (field->flags & (BV_FIELD_DEFAULT | BV_FIELD_LINKED)) != 0;
}

/* A column's name that no other field has, and none of the engine's. */
static char *
free_column (GHashTable *taken, const char *wanted)
{
  static const char *const own[] = { "_source", "_row", "_extra", "_synced_at", "_first_seen_at", "_deleted_at", "_merged_into", NULL };
  g_autofree char *name = g_strdup (wanted);

  for (guint n = 2;; n++)
    {
      g_autofree char *folded = g_ascii_strdown (name, -1);

      if (!g_hash_table_contains (taken, folded) && !g_strv_contains (own, folded))
        {
          g_hash_table_add (taken, g_steal_pointer (&folded));
          return g_steal_pointer (&name);
        }
      g_free (name);
      name = g_strdup_printf ("%s_%u", wanted, n);
    }
}

/* The type that the table's column has already, when another source made it. */
static BvType
column_type (BvSyncStream *self, sqlite3 *db, const char *column, BvType fallback)
{
  g_autoptr (BvSourceStmt) stmt = bv_source_sql (db, NULL, "SELECT type FROM bv_column WHERE table_name = ? AND name = ? COLLATE NOCASE", "tt",
                                                 self->table, column);
  gboolean row;
  BvType type = fallback;

  if (stmt != NULL && bv_source_sql_step (stmt, &row, NULL) && row)
    bv_type_from_name ((const char *) sqlite3_column_text (stmt, 0), &type);
  return type;
}

static gboolean
is_compatible (BvType column, BvType field)
{
  return column == field || (column == BV_TYPE_DOUBLE && field == BV_TYPE_INT) || column == BV_TYPE_TEXT;
}

/* The column for the texts beside @column: one that no field has. */
static char *
beside_name (BvSyncStream *self, sqlite3 *db, const char *column, GError **error)
{
  g_autofree char *name = g_strconcat (column, "_text", NULL);

  for (guint n = 2;; n++)
    {
      gint64 taken;

      if (!bv_source_sql_int (db, error, &taken, "SELECT count(*) FROM bv_source_column WHERE source = ? AND stream = ? AND column_name = ? COLLATE NOCASE",
                              "ttt", self->sync->source->uuid, self->stream->name, name))
        return NULL;
      if (taken == 0)
        return g_steal_pointer (&name);
      g_free (name);
      name = g_strdup_printf ("%s_text_%u", column, n);
    }
}

static gboolean
add_column (BvSyncStream *self, sqlite3 *db, BvSourceField *field, const char *column, BvType type, gboolean beside, GHashTable *taken, GError **error)
{
  BvSyncColumn *added = g_new0 (BvSyncColumn, 1);

  added->field = field;
  added->column = g_strdup (column);
  added->type = type;
  added->changed = !is_compatible (type, field->type);
  g_ptr_array_add (self->columns, added);
  if (!(field->flags & BV_FIELD_LINKED))
    g_ptr_array_add (self->fields, field);
  if (!beside && !added->changed)
    return TRUE;
  added->beside = beside_name (self, db, column, error);
  if (added->beside != NULL)
    g_hash_table_add (taken, g_ascii_strdown (added->beside, -1));
  return added->beside != NULL;
}

/* A field that is not known yet. */
static gboolean
meet (BvSyncStream *self, sqlite3 *db, BvSourceField *field, GHashTable *taken, gboolean first_time, GError **error)
{
  g_autofree char *column = free_column (taken, field->column);
  BvType type = field->type == BV_TYPE_NULL ? BV_TYPE_TEXT : field->type;
  gboolean wanted = is_wanted (self, field);
  gboolean worth_it = wanted || (field->flags & (BV_FIELD_DEFAULT | BV_FIELD_CUSTOM)) != 0;

  type = column_type (self, db, column, type);
  if (!first_time && worth_it)
    {
      gboolean add = is_named (self, field) || self->sync->source->add_fields;

      if (!store (self, db, field, column, type, add ? "active" : "ignored", error) ||
          !note_drift (self, db, field->name, column, "added", bv_type_to_name (field->type), add ? "add" : "none", error))
        return FALSE;
      wanted = add;
    }
  else if (!store (self, db, field, column, type, wanted ? "active" : "unchosen", error))
    return FALSE;
  return !wanted || add_column (self, db, field, column, type, FALSE, taken, error);
}

static gboolean
meet_again (BvSyncStream *self, sqlite3 *db, BvSourceField *field, Known *known, GHashTable *taken, GError **error)
{
  gboolean was_in = strcmp (known->status, "active") == 0 || strcmp (known->status, "beside") == 0;
  gboolean dropped = strcmp (known->status, "dropped") == 0;
  gboolean ignored = strcmp (known->status, "ignored") == 0;
  gboolean wanted = ignored ? is_named (self, field) : is_wanted (self, field);
  gboolean beside = strcmp (known->status, "beside") == 0;

  /* What came in by a drift is beyond the choice, and stays. */
  if (!wanted)
    {
      gint64 n;

      if (!bv_source_sql_int (db, error, &n, "SELECT count(*) FROM bv_source_drift WHERE source = ? AND stream = ? AND field = ? AND kind = 'added'"
                                             " AND decision = 'add'", "ttt", self->sync->source->uuid, self->stream->name, field->name))
        return FALSE;
      wanted = n > 0;
    }
  if (dropped && !note_drift (self, db, field->name, known->column, "returned", NULL, "keep", error))
    return FALSE;
  if (field->type != known->seen)
    {
      g_autofree char *detail = g_strdup_printf ("%s %s", bv_type_to_name (known->seen), bv_type_to_name (field->type));

      beside = beside || !is_compatible (known->type, field->type);
      if ((was_in || wanted) && !note_drift (self, db, field->name, known->column, "changed", detail, "keep", error))
        return FALSE;
    }
  if (!store (self, db, field, known->column, known->type, !wanted ? (ignored ? "ignored" : "unchosen")
                                                           : beside ? "beside" : "active", error))
    return FALSE;
  if (!wanted)
    return TRUE;
  if (!was_in && !dropped && !(field->flags & BV_FIELD_LINKED))
    self->gained = TRUE;
  return add_column (self, db, field, known->column, known->type, beside, taken, error);
}

/* Fields of the table that are not read any more: their columns stay as they are. */
static gboolean
freeze (BvSyncStream *self, sqlite3 *db, GHashTable *known, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      Known *entry = value;

      if (bv_source_stream_find (self->stream, name) != NULL)
        continue;
      if (strcmp (entry->status, "active") == 0 || strcmp (entry->status, "beside") == 0)
        {
          if (!note_drift (self, db, name, entry->column, "dropped", NULL, "keep", error) ||
              !bv_source_sql_run (db, error, "UPDATE bv_source_column SET status = 'dropped' WHERE source = ? AND stream = ? AND field = ?", "ttt",
                                  self->sync->source->uuid, self->stream->name, (const char *) name))
            return FALSE;
        }
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Of the field names @names, which are sorted for it. */
static char *
digest_of (GPtrArray *names)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_checksum_update (checksum, names->pdata[i], (gssize) strlen (names->pdata[i]) + 1);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Whether a sync that brought fields was undone. */
static gboolean
was_undone (BvSyncStream *self, GHashTable *known)
{
  const char *digest = bv_source_json_text (self->state, "fields");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *remembered = NULL;
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (strcmp (((Known *) value)->status, "active") == 0 || strcmp (((Known *) value)->status, "beside") == 0)
      g_ptr_array_add (names, name);
  remembered = digest_of (names);
  return digest != NULL && strcmp (digest, remembered) != 0;
}

static void
note_fields (BvSyncStream *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *digest = NULL;

  for (guint i = 0; i < self->columns->len; i++)
    g_ptr_array_add (names, ((BvSyncColumn *) self->columns->pdata[i])->field->name);
  digest = digest_of (names);
  json_object_set_string_member (self->state, "fields", digest);
}

gboolean
bv_sync_resolve (BvSyncStream *self, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  g_autoptr (GHashTable) known = load_known (self, db, error);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) ordered = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;
  gboolean first_time;

  if (known == NULL)
    return FALSE;
  first_time = g_hash_table_size (known) == 0;
  self->gained = was_undone (self, known);
  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Known *entry = value;
      g_autofree char *beside = NULL;

      g_hash_table_add (taken, g_ascii_strdown (entry->column, -1));
      if (strcmp (entry->status, "beside") != 0)
        continue;
      beside = beside_name (self, db, entry->column, error);
      if (beside == NULL)
        return FALSE;
      g_hash_table_add (taken, g_ascii_strdown (beside, -1));
    }
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  self->columns = g_ptr_array_new_with_free_func (column_free);
  self->fields = g_ptr_array_new ();
  /* The key first, what the engine fills last. */
  for (guint k = 0; self->stream->key != NULL && self->stream->key[k] != NULL; k++)
    g_ptr_array_add (ordered, bv_source_stream_find (self->stream, self->stream->key[k]));
  self->n_key = ordered->len;
  for (int linked = 0; linked < 2; linked++)
    for (guint i = 0; i < self->stream->fields->len; i++)
      {
        BvSourceField *field = self->stream->fields->pdata[i];

        if (!is_key (self->stream, field->name) && ((field->flags & BV_FIELD_LINKED) != 0) == (linked == 1))
          g_ptr_array_add (ordered, field);
      }
  for (guint i = 0; i < ordered->len; i++)
    {
      BvSourceField *field = ordered->pdata[i];
      Known *entry = g_hash_table_lookup (known, field->name);

      if (entry != NULL ? !meet_again (self, db, field, entry, taken, error) : !meet (self, db, field, taken, first_time, error))
        return FALSE;
    }
  note_fields (self);
  return freeze (self, db, known, error);
}

gboolean
bv_sync_note_beside (BvSyncStream *self, BvSyncColumn *column, GError **error)
{
  sqlite3 *db = bv_row_step_get_db (self->sync->step);
  g_autofree char *detail = g_strdup_printf ("%s text", bv_type_to_name (column->type));

  if (column->beside != NULL)
    return TRUE;
  column->beside = beside_name (self, db, column->column, error);
  return column->beside != NULL && note_drift (self, db, column->field->name, column->column, "changed", detail, "keep", error) &&
         bv_source_sql_run (db, error, "UPDATE bv_source_column SET status = 'beside' WHERE source = ? AND stream = ? AND field = ?", "ttt",
                            self->sync->source->uuid, self->stream->name, column->field->name);
}
