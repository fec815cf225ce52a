/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of an import to the encoder.
 *
 * The writer shows its rows on a thread of their own (bv-table-sink.h); they are staged in pieces there, and set aside in a file. When all is committed,
 * the columns are made, in the writer's thread: it is then that the catalogue says which version the rows are, and the model by which column they are best
 * sorted. What comes out is the same to the byte as what bv-column-encode.c makes of the table, at none of the cost of reading it.
 *
 * Nobody has to take a table this way. The rows are let go, and the table is encoded when a query asks for it, where the writer ends up with other rows than
 * it was shown (rows merged by key), where distinct texts take more than MAX_MEMORY, and where the disk is full.
 *
 * Cost: 10 to 30 ns a cell, beside SQLite's thread; memory: that of the encoded table while columns are made, some 40 MB and distinct texts before.
 */
#include "config.h"

#include "bv-column-intake.h"

#include "bv-column-cache.h"
#include "bv-definitions.h"
#include "bv-encoder.h"
#include "bv-scan.h"

#include <math.h>

#define PIECE_ROWS 65536
/* Of wide tables pieces are shorter: a staged cell takes 8 bytes. */
#define PIECE_CELLS (2 * 1024 * 1024)
#define SPOOL_MEMORY (16 * 1024 * 1024)
#define MAX_MEMORY (64 * 1024 * 1024)

typedef struct
{
  char *name;
  int *cells;          /* per column: which of a row's cells it is, or -1 */
  guint n_columns;
  BvEncoder *encoder;  /* NULL once the rows were let go */
  BvEncoderFeed *feed;
  guint piece_rows;
  guint n_staged;      /* rows of the present piece */
  guint64 n_pieces;
  guint64 n_rows;
  gboolean whole;
} IntakeTable;

struct _BvColumnIntake
{
  BvTableSink sink;
  BvProject *project;
  BvColumnStore *store; /* (nullable) */
  BvCalendar *calendar;
  GPtrArray *tables;    /* IntakeTable; the last one may be at work */
};

static void
table_free (gpointer data)
{
  IntakeTable *table = data;

  bv_encoder_free (table->encoder);
  g_free (table->cells);
  g_free (table->name);
  g_free (table);
}

static IntakeTable *
present_table (BvColumnIntake *self)
{
  return self->tables->pdata[self->tables->len - 1];
}

static gboolean
intake_begin (gpointer data, const char *name, const BvSinkColumn *columns, guint n_columns)
{
  BvColumnIntake *self = data;
  IntakeTable *table;

  /* Filled twice in one import: what was seen before is no more. */
  for (guint i = self->tables->len; i > 0; i--)
    if (g_ascii_strcasecmp (((IntakeTable *) self->tables->pdata[i - 1])->name, name) == 0)
      g_ptr_array_remove_index (self->tables, i - 1);
  table = g_new0 (IntakeTable, 1);
  table->name = g_strdup (name);
  table->cells = g_new (int, n_columns);
  table->n_columns = n_columns;
  table->piece_rows = MAX (MIN (PIECE_ROWS, PIECE_CELLS / n_columns), 1);
  table->encoder = bv_encoder_new (self->calendar);
  for (guint i = 0; i < n_columns; i++)
    {
      bv_encoder_add_column (table->encoder, columns[i].name, columns[i].type);
      table->cells[i] = columns[i].cell;
    }
  bv_encoder_set_spool (table->encoder, SPOOL_MEMORY);
  table->feed = bv_encoder_new_feed (table->encoder);
  g_ptr_array_add (self->tables, table);
  return TRUE;
}

static void
let_go (IntakeTable *table)
{
  g_clear_pointer (&table->encoder, bv_encoder_free);
}

static void
stage_column (IntakeTable *table, guint column, const BvRowBlock *block, guint n_cells, guint first, guint end)
{
  const BvRowCell *cell;

  if (table->cells[column] < 0)
    {
      for (guint row = first; row < end; row++)
        bv_encoder_null (table->feed, column);
      return;
    }
  cell = block->cells + (gsize) first * n_cells + table->cells[column];
  for (guint row = first; row < end; row++, cell += n_cells)
    if (cell->type == BV_TYPE_TEXT)
      bv_encoder_text (table->feed, column, block->texts + cell->offset, (gsize) cell->length);
    else if (cell->type == BV_TYPE_INT)
      bv_encoder_int (table->feed, column, cell->i);
    else if (cell->type == BV_TYPE_DOUBLE && !isnan (cell->d))
      bv_encoder_double (table->feed, column, cell->d);
    else
      bv_encoder_null (table->feed, column);
}

static void
end_piece (IntakeTable *table)
{
  bv_encoder_end (table->feed);
  table->n_staged = 0;
  if (bv_encoder_get_memory (table->encoder) > MAX_MEMORY || table->n_rows >= G_MAXUINT32 - PIECE_ROWS)
    let_go (table);
}

static void
intake_rows (gpointer data, const BvRowBlock *block, guint n_cells, gint64 first)
{
  IntakeTable *table = present_table (data);

  for (guint row = 0, end; row < block->n_rows && table->encoder != NULL; row = end)
    {
      if (table->n_staged == 0)
        bv_encoder_begin (table->feed, table->n_pieces++, table->piece_rows);
      end = MIN (block->n_rows, row + table->piece_rows - table->n_staged);
      for (guint r = row; r < end; r++)
        bv_encoder_row (table->feed, first + r);
      for (guint i = 0; i < table->n_columns; i++)
        stage_column (table, i, block, n_cells, row, end);
      table->n_staged += end - row;
      table->n_rows += end - row;
      if (table->n_staged == table->piece_rows)
        end_piece (table);
    }
}

static void
intake_end (gpointer data, gboolean whole)
{
  IntakeTable *table = present_table (data);

  if (!whole)
    let_go (table);
  else if (table->encoder != NULL && table->n_staged > 0)
    end_piece (table);
  table->whole = whole;
}

/* Makes the columns, and puts the table where queries look for it. */
static void
finish_table (BvColumnIntake *self, IntakeTable *table, BvModel *model, guint64 version)
{
  g_autoptr(BvTableInfo) info = bv_project_get_table (self->project, table->name, NULL);
  gboolean large = table->n_rows >= (guint64) bv_column_cache_get_min_rows ();
  g_autofree char *order = NULL;
  g_autofree char *columns = NULL;
  g_autofree char *identity = NULL;
  g_autoptr(BvEncodedTable) encoded = NULL;

  /* Somebody else may have changed it since. */
  if (info == NULL || info->version != version || (guint64) info->n_rows != table->n_rows || (!large && self->store == NULL))
    return;
  order = bv_column_main_time (model, table->name);
  bv_encoder_set_order (table->encoder, order != NULL ? order : "");
  columns = bv_encoder_describe (table->encoder);
  encoded = bv_encoder_finish (g_steal_pointer (&table->encoder), bv_scan_get_threads (), NULL);
  if (encoded == NULL)
    return;
  identity = bv_column_cache_identity (self->project, table->name, version, info->loaded_at, info->n_rows, self->calendar, columns);
  if (large)
    bv_column_cache_save (self->project, table->name, version, identity, encoded, NULL);
  if (self->store != NULL)
    bv_column_store_put (self->store, table->name, self->calendar, order, version, encoded);
}

static void
intake_done (gpointer data, guint64 version)
{
  BvColumnIntake *self = data;
  g_autoptr(BvModel) model = version != 0 && self->tables->len > 0 ? bv_model_load (self->project, NULL) : NULL;

  /* Days are local: should the time zone have changed meanwhile, they are others. */
  if (model != NULL && g_str_equal (bv_calendar_get_time_zone (model->calendar), bv_calendar_get_time_zone (self->calendar)))
    for (guint i = 0; i < self->tables->len; i++)
      {
        IntakeTable *table = self->tables->pdata[i];

        if (table->whole && table->encoder != NULL)
          finish_table (self, table, model, version);
      }
  g_ptr_array_set_size (self->tables, 0);
}

BvColumnIntake *
bv_column_intake_new (BvProject *project, BvCalendar *calendar, BvColumnStore *store)
{
  BvColumnIntake *self = g_new0 (BvColumnIntake, 1);

  self->sink = (BvTableSink){ intake_begin, intake_rows, intake_end, intake_done, self };
  self->project = bv_project_ref (project);
  self->store = store != NULL ? bv_column_store_ref (store) : NULL;
  self->calendar = bv_calendar_ref (calendar);
  self->tables = g_ptr_array_new_with_free_func (table_free);
  return self;
}

void
bv_column_intake_free (BvColumnIntake *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->tables);
  bv_calendar_unref (self->calendar);
  bv_column_store_unref (self->store);
  bv_project_unref (self->project);
  g_free (self);
}

const BvTableSink *
bv_column_intake_get_sink (BvColumnIntake *self)
{
  return &self->sink;
}
