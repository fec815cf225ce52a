/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet files as rows.
 *
 * The file ends with its footer (bv-parquet-meta.c), which says where each row group keeps each column; row groups are read one
 * after another, each column through a reader of its own (bv-parquet-column.c), so that memory follows the pages and not the file.
 * Columns that are not wanted are not read.
 *
 * Structs are flattened as in JSON files: a field "b" in "a" is the column "a_b". A field that repeats (a list, a map, or
 * anything within) is one column of JSON text, put together from the levels of its leaves as the Dremel paper has it: a
 * repetition level says which list goes on, a definition level how far down there is something.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-parquet-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FOOTER (256 * 1024 * 1024)

typedef struct
{
  BvRows rows;
  BvPqFile file;
  BvPqMeta *meta;
  GPtrArray *nodes;     /* BvPqNode per column: a leaf, or what is put together as JSON */
  BvPqColumn *leaves;
  GString **scratch;    /* per column */
  guint group;          /* the one at hand, counted from 1 */
  gint64 left;          /* rows of it to come */
  guint64 n_rows;
} BvParquet;

static void
parquet_free (BvRows *rows)
{
  BvParquet *self = (BvParquet *) rows;

  for (guint i = 0; self->leaves != NULL && i < self->meta->leaves->len; i++)
    bv_pq_column_clear (&self->leaves[i]);
  g_free (self->leaves);
  for (guint i = 0; self->scratch != NULL && i < self->nodes->len; i++)
    g_string_free (self->scratch[i], TRUE);
  g_free (self->scratch);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_clear_pointer (&self->meta, bv_pq_meta_free);
  if (self->file.fd >= 0)
    close (self->file.fd);
  g_free (self->file.name);
  bv_rows_clear (rows);
  g_free (self);
}

/* --- Columns */

static gboolean
has_repeated (const BvPqNode *node)
{
  if (node->repetition == BV_PQ_REPEATED)
    return TRUE;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    if (has_repeated (node->children->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
add_columns (BvParquet *self, BvPqNode *node)
{
  gboolean is_list = node->meaning == BV_PQ_LIST || node->meaning == BV_PQ_MAP;

  if (node->children == NULL || node->repetition == BV_PQ_REPEATED || (is_list && has_repeated (node)))
    g_ptr_array_add (self->nodes, node);
  else
    for (guint i = 0; i < node->children->len; i++)
      add_columns (self, node->children->pdata[i]);
}

static char *
column_name (const BvPqNode *node)
{
  GString *s = g_string_new (node->name);

  for (node = node->parent; node != NULL && node->parent != NULL; node = node->parent)
    {
      g_string_prepend_c (s, '_');
      g_string_prepend (s, node->name);
    }
  return g_string_free (s, FALSE);
}

static const BvPqNode *
first_leaf (const BvPqNode *node)
{
  while (node->children != NULL)
    node = node->children->pdata[0];
  return node;
}

/* --- Values */

static gboolean
set_uneven (BvParquet *self, const BvPqNode *node, GError **error)
{
  g_autofree char *what = g_strdup_printf (_("the values of “%s” make no sense"), node->name);

  return bv_pq_file_set_damaged (self->file.name, what, error);
}

static gboolean
peek (BvParquet *self, const BvPqNode *node, BvPqColumn **leaf, gboolean needed, gboolean *any, GError **error)
{
  *leaf = &self->leaves[first_leaf (node)->leaf];
  if (!bv_pq_column_peek (*leaf, any, error))
    return FALSE;
  return *any || !needed || set_uneven (self, node, error);
}

/* Takes the one entry that each leaf below has for something that is not there. */
static gboolean
skip_entry (BvParquet *self, const BvPqNode *node, GError **error)
{
  BvPqColumn *leaf;
  BvPqRaw raw;
  gboolean any;

  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    if (!skip_entry (self, node->children->pdata[i], error))
      return FALSE;
  return node->children != NULL || (peek (self, node, &leaf, TRUE, &any, error) && bv_pq_column_take (leaf, &raw, error));
}

static gboolean append_node (BvParquet *self, const BvPqNode *node, GString *scratch, GString *json, GError **error);

/* The middle one of the three levels of a list ("list", "array", "key_value"): it has no name of its own in JSON. */
static const BvPqNode *
middle_of (const BvPqNode *node)
{
  const BvPqNode *middle;

  if (node->children == NULL || node->children->len != 1 || (node->meaning != BV_PQ_LIST && node->meaning != BV_PQ_MAP))
    return NULL;
  middle = node->children->pdata[0];
  return middle->repetition == BV_PQ_REPEATED && middle->children != NULL &&
                 middle->children->len == (node->meaning == BV_PQ_LIST ? 1 : 2)
             ? middle
             : NULL;
}

/* What is there, once. */
static gboolean
append_content (BvParquet *self, const BvPqNode *node, GString *scratch, GString *json, GError **error)
{
  const BvPqNode *parent = node->parent;
  gboolean bare = node->repetition == BV_PQ_REPEATED && parent != NULL && middle_of (parent) == node;

  if (node->children == NULL)
    {
      BvPqColumn *leaf;
      BvPqRaw raw;
      gboolean any;

      if (!peek (self, node, &leaf, TRUE, &any, error))
        return FALSE;
      if (!bv_pq_column_take (leaf, &raw, error))
        return FALSE;
      if (leaf->def == node->max_def)
        bv_pq_append_json (node, &raw, scratch, json);
      else
        g_string_append (json, "null");
    }
  else if (bare && parent->meaning == BV_PQ_LIST)
    return append_node (self, node->children->pdata[0], scratch, json, error);
  else if (bare)
    {
      gsize start = json->len;

      if (!append_node (self, node->children->pdata[0], scratch, json, error))
        return FALSE;
      if (json->str[start] != '"')
        {
          /* a key is a text in JSON */
          g_autofree char *key = g_strdup (json->str + start);

          g_string_truncate (json, start);
          bv_pq_append_quoted (json, key, strlen (key));
        }
      g_string_append_c (json, ':');
      return append_node (self, node->children->pdata[1], scratch, json, error);
    }
  else if ((node->meaning == BV_PQ_LIST || node->meaning == BV_PQ_MAP) && node->children->len == 1 &&
           ((const BvPqNode *) node->children->pdata[0])->repetition == BV_PQ_REPEATED)
    return append_node (self, node->children->pdata[0], scratch, json, error);
  else
    {
      g_string_append_c (json, '{');
      for (guint i = 0; i < node->children->len; i++)
        {
          const BvPqNode *child = node->children->pdata[i];

          if (i > 0)
            g_string_append_c (json, ',');
          bv_pq_append_quoted (json, child->name, strlen (child->name));
          g_string_append_c (json, ':');
          if (!append_node (self, child, scratch, json, error))
            return FALSE;
        }
      g_string_append_c (json, '}');
    }
  return TRUE;
}

/* The parent is there; this may be missing, or be there several times. */
static gboolean
append_node (BvParquet *self, const BvPqNode *node, GString *scratch, GString *json, GError **error)
{
  gboolean is_map = node->parent != NULL && node->parent->meaning == BV_PQ_MAP && middle_of (node->parent) == node;
  gboolean repeated = node->repetition == BV_PQ_REPEATED;
  BvPqColumn *leaf;
  gboolean any;

  if (!peek (self, node, &leaf, TRUE, &any, error))
    return FALSE;
  if (leaf->def < node->max_def)
    {
      g_string_append (json, !repeated ? "null" : is_map ? "{}" : "[]");
      return skip_entry (self, node, error);
    }
  if (!repeated)
    return append_content (self, node, scratch, json, error);
  g_string_append_c (json, is_map ? '{' : '[');
  for (gboolean first = TRUE;; first = FALSE)
    {
      if (!first)
        g_string_append_c (json, ',');
      if (!append_content (self, node, scratch, json, error) || !peek (self, node, &leaf, FALSE, &any, error))
        return FALSE;
      if (!any || leaf->rep < node->max_rep)
        break;
      if (leaf->rep > node->max_rep || leaf->def < node->max_def)
        return set_uneven (self, node, error);
      if (json->len > BV_IMPORT_MAX_ROW)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” holds a list larger than 64 MB in “%s”: leave the column out"),
                       self->file.name, node->name);
          return FALSE;
        }
    }
  g_string_append_c (json, is_map ? '}' : ']');
  return TRUE;
}

static gboolean
read_column (BvParquet *self, guint c, GError **error)
{
  const BvPqNode *node = self->nodes->pdata[c];
  BvValue *value = &self->rows.values[c];
  g_autofree char *problem = NULL;
  BvPqColumn *leaf;
  BvPqRaw raw;
  gboolean any;

  value->type = BV_TYPE_NULL;
  if (!peek (self, node, &leaf, TRUE, &any, error))
    return FALSE;
  if (leaf->rep != 0)
    return set_uneven (self, node, error);
  if (node->children == NULL && node->repetition != BV_PQ_REPEATED)
    {
      if (!bv_pq_column_take (leaf, &raw, error))
        return FALSE;
      if (leaf->def < node->max_def)
        return TRUE;
      bv_pq_value (node, &raw, self->scratch[c], value, &problem);
      if (G_UNLIKELY (problem != NULL))
        bv_rows_note (&self->rows, c, g_steal_pointer (&problem));
      return TRUE;
    }
  if (leaf->def < node->parent->max_def || (node->repetition == BV_PQ_OPTIONAL && leaf->def < node->max_def))
    return skip_entry (self, node, error);
  {
    g_autoptr (GString) scratch = g_string_new (NULL);

    g_string_truncate (self->scratch[c], 0);
    if (!append_node (self, node, scratch, self->scratch[c], error))
      return FALSE;
  }
  value->type = BV_TYPE_TEXT;
  value->s = self->scratch[c]->str;
  return TRUE;
}

static gboolean
begin_leaves (BvParquet *self, const BvPqNode *node, const BvPqGroup *group, GError **error)
{
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    if (!begin_leaves (self, node->children->pdata[i], group, error))
      return FALSE;
  return node->children != NULL || bv_pq_column_begin (&self->leaves[node->leaf], &group->chunks[node->leaf], error);
}

static gboolean
parquet_next (BvRows *rows, gboolean *row, GError **error)
{
  BvParquet *self = (BvParquet *) rows;

  *row = FALSE;
  while (self->left == 0)
    {
      const BvPqGroup *group;

      if (self->group == self->meta->groups->len)
        return TRUE;
      group = &g_array_index (self->meta->groups, BvPqGroup, self->group++);
      self->left = group->n_rows;
      for (guint c = 0; c < self->nodes->len && self->left > 0; c++)
        if (bv_rows_is_wanted (rows, c) && !begin_leaves (self, self->nodes->pdata[c], group, error))
          return FALSE;
    }
  rows->line++;
  for (guint c = 0; c < self->nodes->len; c++)
    if (bv_rows_is_wanted (rows, c) && !read_column (self, c, error))
      return FALSE;
  self->left--;
  rows->done++;
  *row = TRUE;
  return TRUE;
}

/* --- Opening */

static gboolean
read_footer (BvParquet *self, GError **error)
{
  g_autofree guint8 *footer = NULL;
  guint8 tail[8];
  guint32 length;

  if (self->file.size < 12)
    return bv_pq_file_set_damaged (self->file.name, _("it ends too early"), error);
  if (!bv_pq_file_read (&self->file, self->file.size - 8, tail, 8, error))
    return FALSE;
  if (memcmp (tail + 4, "PARE", 4) == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” is encrypted: write it without encryption"), self->file.name);
      return FALSE;
    }
  memcpy (&length, tail, 4);
  length = GUINT32_FROM_LE (length);
  if (memcmp (tail + 4, "PAR1", 4) != 0 || length > self->file.size - 12 || length > MAX_FOOTER)
    return bv_pq_file_set_damaged (self->file.name, _("it ends too early"), error);
  footer = g_malloc (length + 1);
  if (!bv_pq_file_read (&self->file, self->file.size - 8 - length, footer, length, error))
    return FALSE;
  self->meta = bv_pq_meta_parse (footer, length, self->file.name, error);
  return self->meta != NULL;
}

BvRows *
bv_parquet_open (const char *path, GCancellable *cancellable, GError **error)
{
  BvParquet *self = g_new0 (BvParquet, 1);
  g_autoptr (BvRows) rows = &self->rows;
  struct stat st;

  rows->next = parquet_next;
  rows->free = parquet_free;
  rows->cancellable = cancellable;
  self->file.name = g_filename_display_basename (path);
  self->file.cancellable = cancellable;
  self->file.fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (self->file.fd < 0 || fstat (self->file.fd, &st) != 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_FAILED, _("“%s” cannot be read (%s): check its permissions"), self->file.name,
                   g_strerror (errno));
      return NULL;
    }
  self->file.size = (guint64) st.st_size;
  if (!read_footer (self, error))
    return NULL;
  self->nodes = g_ptr_array_new ();
  for (guint i = 0; i < self->meta->root->children->len; i++)
    add_columns (self, self->meta->root->children->pdata[i]);
  if (self->nodes->len == 0 || self->nodes->len > BV_IMPORT_MAX_COLUMNS)
    {
      if (self->nodes->len == 0)
        g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” has no columns: choose another file"), self->file.name);
      else
        g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The file has %u columns and a table can have at most %d: take some out"),
                     self->nodes->len, BV_IMPORT_MAX_COLUMNS);
      return NULL;
    }
  bv_rows_set_columns (rows, self->nodes->len, TRUE);
  self->scratch = g_new0 (GString *, self->nodes->len);
  for (guint c = 0; c < self->nodes->len; c++)
    {
      const BvPqNode *node = self->nodes->pdata[c];

      rows->names[c] = column_name (node);
      rows->types[c] = node->children == NULL && node->repetition != BV_PQ_REPEATED ? bv_pq_node_type (node) : BV_TYPE_TEXT;
      self->scratch[c] = g_string_new (NULL);
    }
  self->leaves = g_new0 (BvPqColumn, self->meta->leaves->len);
  for (guint i = 0; i < self->meta->leaves->len; i++)
    bv_pq_column_init (&self->leaves[i], self->meta->leaves->pdata[i], &self->file);
  for (guint i = 0; i < self->meta->groups->len; i++)
    rows->total += (guint64) g_array_index (self->meta->groups, BvPqGroup, i).n_rows;
  return g_steal_pointer (&rows);
}
