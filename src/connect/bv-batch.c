/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page's rows on their way from a kind to the writer: cells in one array, texts in one arena, nothing allocated per row. */
#include "config.h"

#include "bv-source-private.h"
#include "bv-time.h"

#include <string.h>

#define FIRST_CELLS 1024
#define FIRST_ARENA (64 * 1024)

static void
delete_clear (gpointer data)
{
  g_free (((BvBatchDelete *) data)->id);
}

static void
cover_clear (gpointer data)
{
  BvBatchCover *cover = data;

  g_free (cover->parent);
  g_free (cover->from);
}

static void
merge_clear (gpointer data)
{
  BvBatchMerge *merge = data;

  g_free (merge->loser);
  g_free (merge->survivor);
}

static void
link_clear (gpointer data)
{
  BvBatchLink *link = data;

  g_free (link->from);
  g_free (link->to);
  g_free (link->type);
}

BvBatch *
bv_batch_new (GPtrArray *fields)
{
  BvBatch *self = g_new0 (BvBatch, 1);

  self->n_fields = fields->len;
  self->types = g_new (BvType, MAX (fields->len, 1));
  for (guint i = 0; i < fields->len; i++)
    self->types[i] = ((BvSourceField *) fields->pdata[i])->type;
  self->extras = g_array_new (FALSE, FALSE, sizeof (gssize));
  self->besides = g_array_new (FALSE, FALSE, sizeof (BvBatchBeside));
  self->deletes = g_array_new (FALSE, FALSE, sizeof (BvBatchDelete));
  g_array_set_clear_func (self->deletes, delete_clear);
  self->covers = g_array_new (FALSE, FALSE, sizeof (BvBatchCover));
  g_array_set_clear_func (self->covers, cover_clear);
  self->merges = g_array_new (FALSE, FALSE, sizeof (BvBatchMerge));
  g_array_set_clear_func (self->merges, merge_clear);
  self->links = g_array_new (FALSE, FALSE, sizeof (BvBatchLink));
  g_array_set_clear_func (self->links, link_clear);
  self->seen = g_ptr_array_new_with_free_func (g_free);
  self->skips = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
bv_batch_free (BvBatch *self)
{
  if (self == NULL)
    return;
  g_free (self->types);
  g_free (self->cells);
  g_array_unref (self->extras);
  g_array_unref (self->besides);
  g_free (self->arena);
  g_array_unref (self->deletes);
  g_array_unref (self->covers);
  g_array_unref (self->merges);
  g_array_unref (self->links);
  g_ptr_array_unref (self->seen);
  g_ptr_array_unref (self->skips);
  g_free (self);
}

void
bv_batch_swap (BvBatch *self, BvBatch *other)
{
  BvBatch was = *self;

  *self = *other;
  *other = was;
  other->is_current = self->is_current;
  other->look_before = self->look_before;
  other->look_data = self->look_data;
  self->is_current = was.is_current;
  self->look_before = was.look_before;
  self->look_data = was.look_data;
}

guint
bv_batch_get_n_rows (const BvBatch *self)
{
  return self->extras->len;
}

/* Room for @length bytes and a NUL, at the offset returned. */
static gsize
reserve (BvBatch *self, gsize length)
{
  gsize offset = self->n_arena;

  if (G_UNLIKELY (offset + length + 1 > self->arena_size))
    {
      self->arena_size = MAX (2 * self->arena_size, MAX (offset + length + 1, FIRST_ARENA));
      self->arena = g_realloc (self->arena, self->arena_size);
    }
  self->n_arena = offset + length + 1;
  return offset;
}

static gsize
keep (BvBatch *self, const char *s, gsize length)
{
  gsize offset = reserve (self, length);

  memcpy (self->arena + offset, s, length);
  self->arena[offset + length] = '\0';
  return offset;
}

static BvRowCell *
next_cell (BvBatch *self)
{
  g_return_val_if_fail (self->at < self->n_fields, NULL);

  if (G_UNLIKELY (self->n_cells == self->cells_size))
    {
      self->cells_size = MAX (2 * self->cells_size, FIRST_CELLS);
      self->cells = g_renew (BvRowCell, self->cells, self->cells_size);
    }
  self->at++;
  return &self->cells[self->n_cells++];
}

void
bv_batch_begin_row (BvBatch *self)
{
  g_return_if_fail (!self->sealed);

  self->at = 0;
}

void
bv_batch_put_null (BvBatch *self)
{
  BvRowCell *cell = next_cell (self);

  if (cell != NULL)
    *cell = (BvRowCell){ BV_TYPE_NULL, 0, { 0 } };
}

void
bv_batch_put_text (BvBatch *self, const char *s, gsize length)
{
  BvRowCell *cell = next_cell (self);

  if (cell != NULL)
    *cell = (BvRowCell){ BV_TYPE_TEXT, (int) length, { .i = (gint64) keep (self, s, length) } };
}

void
bv_batch_put_int (BvBatch *self, gint64 i)
{
  BvType type = self->at < self->n_fields ? self->types[self->at] : BV_TYPE_INT;
  char buf[BV_TIME_TEXT_MAX];
  BvRowCell *cell;

  if (type == BV_TYPE_DATE || type == BV_TYPE_TIMESTAMP)
    {
      const char *text = type == BV_TYPE_DATE ? bv_date_to_text (i, buf) : bv_timestamp_to_text (i, buf);

      bv_batch_put_text (self, text, strlen (text));
      return;
    }
  cell = next_cell (self);
  if (cell == NULL)
    return;
  if (type == BV_TYPE_DOUBLE)
    *cell = (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = (double) i } };
  else
    *cell = (BvRowCell){ BV_TYPE_INT, 0, { .i = i } };
}

void
bv_batch_put_double (BvBatch *self, double d)
{
  BvRowCell *cell = next_cell (self);

  if (cell != NULL)
    *cell = (BvRowCell){ BV_TYPE_DOUBLE, 0, { .d = d } };
}

void
bv_batch_end_row (BvBatch *self, const char *extra)
{
  gssize offset = extra != NULL ? (gssize) keep (self, extra, strlen (extra)) : -1;

  g_return_if_fail (self->at == self->n_fields);

  g_array_append_val (self->extras, offset);
}

void
bv_batch_add_row (BvBatch *self, const BvValue *values, const char *extra)
{
  bv_batch_begin_row (self);
  for (guint i = 0; i < self->n_fields; i++)
    {
      const BvValue *value = &values[i];
      BvType type = self->types[i];

      if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && value->s == NULL))
        bv_batch_put_null (self);
      else if (value->type == BV_TYPE_TEXT && type == BV_TYPE_TEXT)
        bv_batch_put_text (self, value->s, strlen (value->s));
      else if (value->type == BV_TYPE_DOUBLE && type == BV_TYPE_DOUBLE)
        bv_batch_put_double (self, value->d);
      else if (value->type == type || (value->type == BV_TYPE_INT && type == BV_TYPE_DOUBLE))
        bv_batch_put_int (self, value->i);
      else
        {
          g_autofree char *plain = bv_value_to_plain (value);

          if (type == BV_TYPE_TEXT)
            bv_batch_put_text (self, plain, strlen (plain));
          else
            {
              BvBatchBeside beside = { self->extras->len, i, GSIZE_TO_POINTER (keep (self, plain, strlen (plain))) };

              bv_batch_put_null (self);
              g_array_append_val (self->besides, beside);
            }
        }
    }
  bv_batch_end_row (self, extra);
}

void
bv_batch_seal (BvBatch *self)
{
  const char *base = self->arena;

  if (self->sealed)
    return;
  self->sealed = TRUE;
  for (gsize i = 0; i < self->n_cells; i++)
    {
      BvRowCell *cell = &self->cells[i];

      if (cell->type == BV_TYPE_TEXT)
        cell->s = base + cell->i;
    }
  for (guint i = 0; i < self->besides->len; i++)
    {
      BvBatchBeside *beside = &g_array_index (self->besides, BvBatchBeside, i);

      beside->text = base + GPOINTER_TO_SIZE (beside->text);
    }
}

BvBatchRow
bv_batch_get_row (BvBatch *self, guint i)
{
  gssize extra = g_array_index (self->extras, gssize, i);

  return (BvBatchRow){ self->cells + (gsize) i * self->n_fields, extra >= 0 ? self->arena + extra : NULL };
}

void
bv_batch_delete (BvBatch *self, const char *id, gint64 when)
{
  BvBatchDelete item = { g_strdup (id), when };

  g_array_append_val (self->deletes, item);
}

void
bv_batch_see (BvBatch *self, const char *id)
{
  g_ptr_array_add (self->seen, g_strdup (id));
}

void
bv_batch_merge (BvBatch *self, const char *loser, const char *survivor)
{
  BvBatchMerge merge = { g_strdup (loser), g_strdup (survivor) };

  g_array_append_val (self->merges, merge);
}

void
bv_batch_link (BvBatch *self, const char *from, const char *to, const char *type, gboolean primary)
{
  BvBatchLink link = { g_strdup (from), g_strdup (to), g_strdup (type), primary };

  g_array_append_val (self->links, link);
}

void
bv_batch_pass_over (BvBatch *self)
{
  self->n_passed_over++;
}

void
bv_batch_skip (BvBatch *self, const char *why)
{
  g_ptr_array_add (self->skips, g_strdup (why));
}

gboolean
bv_batch_is_current (BvBatch *self, const char *id, const char *cursor)
{
  return self->is_current != NULL && self->is_current (self->look_data, id, cursor);
}

gboolean
bv_batch_look_before (BvBatch *self, const char *parent, const char *before, BvValue *values)
{
  return self->look_before != NULL && self->look_before (self->look_data, parent, before, values);
}

void
bv_batch_cover (BvBatch *self, const char *parent, const char *from)
{
  BvBatchCover cover = { g_strdup (parent), g_strdup (from) };

  g_array_append_val (self->covers, cover);
}
