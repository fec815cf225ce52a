/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parquet's footer: the schema as a tree with its levels, and where each row group keeps each column; and page headers.
 *
 * The schema is a list in depth-first order that says how many children each element has. A node's definition level grows with
 * each optional or repeated node on the way to it, its repetition level with each repeated one.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-parquet-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DEPTH 50

static void
node_free (gpointer data)
{
  BvPqNode *node = data;

  g_free (node->name);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_free (node);
}

void
bv_pq_meta_free (BvPqMeta *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    g_free (g_array_index (self->groups, BvPqGroup, i).chunks);
  g_clear_pointer (&self->groups, g_array_unref);
  g_clear_pointer (&self->leaves, g_ptr_array_unref);
  g_clear_pointer (&self->root, node_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvPqMeta, bv_pq_meta_free)

static gint64
take_clamped (BvThrift *thrift, gint64 least, gint64 most)
{
  gint64 value = bv_thrift_int (thrift);

  return CLAMP (value, least, most);
}

/* --- What values mean */

static void
set_time (BvPqNode *node, BvPqMeaning meaning, int unit)
{
  node->meaning = meaning;
  node->unit = unit;
}

/* ConvertedType, of older files and beside the logical type. */
static void
set_converted (BvPqNode *node, gint64 type)
{
  static const BvPqMeaning meanings[] = {
    BV_PQ_STRING, BV_PQ_MAP, BV_PQ_NONE, BV_PQ_LIST, BV_PQ_STRING, BV_PQ_DECIMAL, BV_PQ_DATE,
  };

  if (type >= 0 && type < (gint64) G_N_ELEMENTS (meanings))
    node->meaning = meanings[type];
  else if (type == 7 || type == 8)
    set_time (node, BV_PQ_TIME, type == 7 ? 1000 : 1000000);
  else if (type == 9 || type == 10)
    set_time (node, BV_PQ_TIMESTAMP, type == 9 ? 1000 : 1000000);
  else if (type >= 11 && type <= 18)
    node->meaning = type >= 15 ? BV_PQ_SIGNED : BV_PQ_UNSIGNED;
  else if (type == 19)
    node->meaning = BV_PQ_JSON;
  else if (type == 21)
    node->meaning = BV_PQ_INTERVAL;
}

static void
parse_time_type (BvThrift *thrift, BvPqNode *node, BvPqMeaning meaning)
{
  static const int units[] = { 0, 1000, 1000000, 1000000000 };
  BvThriftType type;
  int id = 0;

  set_time (node, meaning, 1000);
  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    {
      int unit = 0;

      if (id == 2 && type == BV_THRIFT_STRUCT)
        while ((type = bv_thrift_field (thrift, &unit)) != BV_THRIFT_STOP)
          {
            if (unit >= 1 && unit <= 3)
              node->unit = units[unit];
            bv_thrift_skip (thrift, type);
          }
      else
        bv_thrift_skip (thrift, type);
    }
}

static void
parse_int_type (BvThrift *thrift, BvPqNode *node)
{
  BvThriftType type;
  int id = 0;

  node->meaning = BV_PQ_SIGNED;
  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    {
      if (id == 2 && type == BV_THRIFT_FALSE)
        node->meaning = BV_PQ_UNSIGNED;
      bv_thrift_skip (thrift, type);
    }
}

static void
parse_decimal_type (BvThrift *thrift, BvPqNode *node)
{
  BvThriftType type;
  int id = 0;

  node->meaning = BV_PQ_DECIMAL;
  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (type == BV_THRIFT_I32 && id == 1)
      node->scale = (int) take_clamped (thrift, -1, 10000);
    else
      bv_thrift_skip (thrift, type);
}

/* LogicalType, a union. */
static void
parse_logical (BvThrift *thrift, BvPqNode *node)
{
  static const BvPqMeaning meanings[] = {
    BV_PQ_NONE, BV_PQ_STRING, BV_PQ_MAP, BV_PQ_LIST, BV_PQ_STRING, BV_PQ_DECIMAL, BV_PQ_DATE, BV_PQ_TIME, BV_PQ_TIMESTAMP, BV_PQ_NONE,
    BV_PQ_SIGNED, BV_PQ_UNKNOWN, BV_PQ_JSON, BV_PQ_NONE, BV_PQ_UUID, BV_PQ_FLOAT16,
  };
  BvThriftType type;
  int id = 0;

  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    {
      /* Each is a struct; what is not has no unit to divide by. */
      if (type == BV_THRIFT_STRUCT && id > 0 && id < (int) G_N_ELEMENTS (meanings))
        node->meaning = meanings[id];
      if (type != BV_THRIFT_STRUCT)
        bv_thrift_skip (thrift, type);
      else if (id == 5)
        parse_decimal_type (thrift, node);
      else if (id == 7 || id == 8)
        parse_time_type (thrift, node, id == 7 ? BV_PQ_TIME : BV_PQ_TIMESTAMP);
      else if (id == 10)
        parse_int_type (thrift, node);
      else
        bv_thrift_skip (thrift, type);
    }
}

/* --- The schema */

static BvPqNode *
parse_element (BvThrift *thrift, gint64 *n_children)
{
  BvPqNode *node = g_new0 (BvPqNode, 1);
  BvPqNode logical = { .meaning = BV_PQ_NONE };
  BvThriftType type;
  int id = 0;

  node->type = BV_PQ_GROUP;
  *n_children = 0;
  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (id == 4 && type == BV_THRIFT_BINARY)
      {
        g_free (node->name);
        node->name = bv_thrift_string (thrift);
      }
    else if (id == 10 && type == BV_THRIFT_STRUCT)
      parse_logical (thrift, &logical);
    else if (type == BV_THRIFT_I32)
      {
        gint64 value = bv_thrift_int (thrift);

        if (id == 1 && value >= 0 && value < BV_PQ_GROUP)
          node->type = (BvPqType) value;
        else if (id == 1)
          thrift->failed = TRUE;
        else if (id == 2)
          node->fixed_length = (guint) CLAMP (value, 0, BV_IMPORT_MAX_ROW);
        else if (id == 3)
          node->repetition = (BvPqRepetition) CLAMP (value, 0, 2);
        else if (id == 5)
          *n_children = value;
        else if (id == 6)
          set_converted (node, value);
        else if (id == 7)
          node->scale = (int) CLAMP (value, -1, 10000);
      }
    else
      bv_thrift_skip (thrift, type);
  if (logical.meaning != BV_PQ_NONE)
    {
      node->meaning = logical.meaning;
      node->unit = logical.unit;
      if (logical.meaning == BV_PQ_DECIMAL)
        node->scale = logical.scale;
    }
  if (node->name == NULL)
    node->name = g_strdup ("");
  /* An element without a type and with children is a group; one without both is nothing that has values. */
  if (node->type == BV_PQ_GROUP)
    node->children = g_ptr_array_new_with_free_func (node_free);
  else if (node->type == BV_PQ_FIXED && node->fixed_length == 0)
    thrift->failed = TRUE;
  return node;
}

/* The element at hand and those below it, *left of which are to come. */
static BvPqNode *
parse_tree (BvThrift *thrift, BvPqMeta *meta, BvPqNode *parent, guint *left, int depth)
{
  gint64 n_children;
  BvPqNode *node;

  if (*left == 0 || depth > MAX_DEPTH)
    {
      thrift->failed = TRUE;
      return NULL;
    }
  (*left)--;
  node = parse_element (thrift, &n_children);
  node->parent = parent;
  if (parent == NULL)
    node->repetition = BV_PQ_REQUIRED;
  else
    {
      node->max_def = parent->max_def + (node->repetition != BV_PQ_REQUIRED);
      node->max_rep = parent->max_rep + (node->repetition == BV_PQ_REPEATED);
    }
  if (node->children == NULL)
    {
      node->leaf = meta->leaves->len;
      g_ptr_array_add (meta->leaves, node);
      return node;
    }
  if (n_children < 0 || n_children > *left || (n_children == 0 && parent != NULL))
    thrift->failed = TRUE;
  for (gint64 i = 0; i < n_children && !thrift->failed; i++)
    {
      BvPqNode *child = parse_tree (thrift, meta, node, left, depth + 1);

      if (child != NULL)
        g_ptr_array_add (node->children, child);
    }
  return node;
}

static void
parse_schema (BvThrift *thrift, BvPqMeta *meta)
{
  BvThriftType element;
  guint n = bv_thrift_list (thrift, &element);

  if (element != BV_THRIFT_STRUCT || meta->root != NULL)
    {
      thrift->failed = TRUE;
      return;
    }
  meta->leaves = g_ptr_array_new ();
  meta->root = parse_tree (thrift, meta, NULL, &n, 0);
  if (n > 0)
    thrift->failed = TRUE;
}

/* --- Row groups */

static void
parse_column_meta (BvThrift *thrift, BvPqChunk *chunk)
{
  gint64 data = 0, dictionary = 0;
  BvThriftType type;
  int id = 0;

  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (type == BV_THRIFT_I32 && id == 1)
      chunk->type = (BvPqType) take_clamped (thrift, 0, BV_PQ_GROUP);
    else if (type == BV_THRIFT_I32 && id == 4)
      chunk->codec = (int) take_clamped (thrift, -1, 100);
    else if (type == BV_THRIFT_I64 && id == 5)
      chunk->n_values = bv_thrift_int (thrift);
    else if (type == BV_THRIFT_I64 && id == 7)
      chunk->size = bv_thrift_int (thrift);
    else if (type == BV_THRIFT_I64 && id == 9)
      data = bv_thrift_int (thrift);
    else if (type == BV_THRIFT_I64 && id == 11)
      dictionary = bv_thrift_int (thrift);
    else
      bv_thrift_skip (thrift, type);
  chunk->start = dictionary > 0 && dictionary < data ? dictionary : data;
}

static void
parse_chunk (BvThrift *thrift, BvPqChunk *chunk)
{
  BvThriftType type;
  int id = 0;

  chunk->type = BV_PQ_GROUP;
  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (id == 3 && type == BV_THRIFT_STRUCT)
      parse_column_meta (thrift, chunk);
    else
      {
        chunk->external |= id == 1;
        bv_thrift_skip (thrift, type);
      }
}

static void
parse_group (BvThrift *thrift, BvPqMeta *meta)
{
  BvPqGroup group = { 0, NULL };
  BvThriftType type, element;
  int id = 0;

  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (id == 1 && type == BV_THRIFT_LIST && group.chunks == NULL)
      {
        guint n = bv_thrift_list (thrift, &element);

        if (element != BV_THRIFT_STRUCT || meta->leaves == NULL || n != meta->leaves->len)
          {
            thrift->failed = TRUE;
            return;
          }
        group.chunks = g_new0 (BvPqChunk, n + 1);
        for (guint i = 0; i < n && !thrift->failed; i++)
          parse_chunk (thrift, &group.chunks[i]);
      }
    else if (id == 3 && type == BV_THRIFT_I64)
      group.n_rows = bv_thrift_int (thrift);
    else
      bv_thrift_skip (thrift, type);
  if (group.chunks == NULL || group.n_rows < 0)
    thrift->failed = TRUE;
  g_array_append_val (meta->groups, group);
}

BvPqMeta *
bv_pq_meta_parse (const guint8 *data, gsize length, const char *name, GError **error)
{
  g_autoptr (BvPqMeta) self = g_new0 (BvPqMeta, 1);
  BvThrift thrift = { data, data + length };
  BvThriftType type, element;
  int id = 0;

  self->groups = g_array_new (FALSE, FALSE, sizeof (BvPqGroup));
  while ((type = bv_thrift_field (&thrift, &id)) != BV_THRIFT_STOP)
    if (id == 2 && type == BV_THRIFT_LIST)
      parse_schema (&thrift, self);
    else if (id == 4 && type == BV_THRIFT_LIST)
      {
        guint n = bv_thrift_list (&thrift, &element);

        thrift.failed |= n > 0 && element != BV_THRIFT_STRUCT;
        for (guint i = 0; i < n && !thrift.failed; i++)
          parse_group (&thrift, self);
      }
    else
      bv_thrift_skip (&thrift, type);
  for (guint i = 0; i < self->groups->len && !thrift.failed && self->leaves != NULL; i++)
    for (guint j = 0; j < self->leaves->len; j++)
      if (g_array_index (self->groups, BvPqGroup, i).chunks[j].type != ((BvPqNode *) self->leaves->pdata[j])->type)
        thrift.failed = TRUE;
  if (thrift.failed || self->root == NULL || self->root->children == NULL)
    {
      bv_pq_file_set_damaged (name, _("its footer makes no sense"), error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* --- Page headers */

/* The i32 fields of the struct at hand go into @targets, by their ids from 1. */
static void
parse_ints (BvThrift *thrift, gint64 *const *targets, int n_targets, gboolean *flag, int flag_id)
{
  BvThriftType type;
  int id = 0;

  while ((type = bv_thrift_field (thrift, &id)) != BV_THRIFT_STOP)
    if (type == BV_THRIFT_I32 && id >= 1 && id <= n_targets && targets[id - 1] != NULL)
      *targets[id - 1] = bv_thrift_int (thrift);
    else
      {
        if (flag != NULL && id == flag_id)
          *flag = type == BV_THRIFT_TRUE;
        bv_thrift_skip (thrift, type);
      }
}

gboolean
bv_pq_page_parse (const guint8 *data, gsize length, BvPqPage *page, gsize *used)
{
  BvThrift thrift = { data, data + length };
  gint64 page_type = -1, encoding = -1, def = BV_PQ_RLE, rep = BV_PQ_RLE;
  BvThriftType type;
  int id = 0;

  memset (page, 0, sizeof *page);
  page->is_compressed = TRUE;
  page->size = page->compressed_size = page->n_values = -1;
  while ((type = bv_thrift_field (&thrift, &id)) != BV_THRIFT_STOP)
    if (type == BV_THRIFT_I32 && id == 1)
      page_type = bv_thrift_int (&thrift);
    else if (type == BV_THRIFT_I32 && id == 2)
      page->size = bv_thrift_int (&thrift);
    else if (type == BV_THRIFT_I32 && id == 3)
      page->compressed_size = bv_thrift_int (&thrift);
    else if (type == BV_THRIFT_STRUCT && (id == 5 || id == 7))
      parse_ints (&thrift, (gint64 *const[]) { &page->n_values, &encoding, id == 5 ? &def : NULL, id == 5 ? &rep : NULL }, 4, NULL, 0);
    else if (type == BV_THRIFT_STRUCT && id == 8)
      parse_ints (&thrift, (gint64 *const[]) { &page->n_values, &page->n_nulls, NULL, &encoding, &page->def_length, &page->rep_length },
                  6, &page->is_compressed, 7);
    else
      bv_thrift_skip (&thrift, type);
  page->type = (int) CLAMP (page_type, -1, 100);
  page->encoding = (int) CLAMP (encoding, -1, 100);
  page->def_encoding = (int) CLAMP (def, -1, 100);
  page->rep_encoding = (int) CLAMP (rep, -1, 100);
  *used = (gsize) (thrift.p - data);
  return !thrift.failed;
}
