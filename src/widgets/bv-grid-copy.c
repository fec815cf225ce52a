/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is copied of a table. The clipboard belongs to the copy at once, but its text is made when somebody asks for it, by a thread: the text of a
 * million rows takes a second. Until then the copy holds the frames, which never change, and which of their rows are meant.
 */
#include "config.h"

#include "bv-grid-copy.h"

/* A row of a group has its cells in several frames. */
typedef struct
{
  BvFrame *frame; /* (nullable): for an empty cell */
  guint column, row;
} Place;

/* Not changed once it is made, and counted. */
typedef struct
{
  BvFrame *frame;
  BvCalendar *calendar;
  GArray *columns; /* guint, of @frame */
  GArray *rows;    /* guint, of @frame; G_MAXUINT: the next of @places, one for each column */
  GArray *places;
} Copy;

static void
place_clear (gpointer place)
{
  g_clear_pointer (&((Place *) place)->frame, bv_frame_unref);
}

static Copy *
copy_new (BvFrame *frame, BvCalendar *calendar, guint n_rows)
{
  Copy *copy = g_atomic_rc_box_new0 (Copy);

  copy->frame = bv_frame_ref (frame);
  copy->calendar = bv_calendar_ref (calendar);
  copy->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  copy->rows = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_rows);
  copy->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (copy->places, place_clear);
  return copy;
}

static void
copy_clear (gpointer data)
{
  Copy *copy = data;

  bv_frame_unref (copy->frame);
  bv_calendar_unref (copy->calendar);
  g_array_unref (copy->columns);
  g_array_unref (copy->rows);
  g_array_unref (copy->places);
}

static void
copy_unref (gpointer copy)
{
  g_atomic_rc_box_release_full (copy, copy_clear);
}

static void
add_row (Copy *copy, const BvTableRows *rows, guint position)
{
  const guint group = G_MAXUINT;
  BvTableRow row;

  bv_table_rows_get (rows, position, &row);
  if (row.group == G_MAXUINT)
    {
      g_array_append_val (copy->rows, row.row);
      return;
    }
  g_array_append_val (copy->rows, group);
  for (guint c = 0; c < copy->columns->len; c++)
    {
      Place place = { 0 };

      if (bv_table_rows_cell (rows, &row, g_array_index (copy->columns, guint, c), &place.frame, &place.row, &place.column))
        bv_frame_ref (place.frame);
      else
        place.frame = NULL;
      g_array_append_val (copy->places, place);
    }
}

static void
append_field (GString *out, const char *text, gboolean first)
{
  if (!first)
    g_string_append_c (out, '\t');
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_c (out, (guchar) *p < ' ' ? ' ' : *p);
}

static void
append_cell (GString *out, const Copy *copy, const Place *place, gboolean first)
{
  g_autofree char *cell = place->frame != NULL ? bv_frame_to_iso (place->frame, place->column, place->row, copy->calendar) : NULL;

  append_field (out, cell != NULL ? cell : "", first);
}

static void
text_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Copy *copy = data;
  GString *out = g_string_new (NULL);
  guint next = 0;

  for (guint c = 0; c < copy->columns->len; c++)
    append_field (out, bv_frame_get_column (copy->frame, g_array_index (copy->columns, guint, c))->name, c == 0);
  g_string_append_c (out, '\n');
  for (guint r = 0; r < copy->rows->len && !g_cancellable_is_cancelled (cancellable); r++)
    {
      guint row = g_array_index (copy->rows, guint, r);

      for (guint c = 0; c < copy->columns->len; c++)
        {
          Place plain = { copy->frame, g_array_index (copy->columns, guint, c), row };

          append_cell (out, copy, row != G_MAXUINT ? &plain : &g_array_index (copy->places, Place, next++), c == 0);
        }
      g_string_append_c (out, '\n');
    }
  g_task_return_pointer (task, g_string_free_to_bytes (out), (GDestroyNotify) g_bytes_unref);
}

/* --- On the clipboard ------------------------------------------------------------------------------------------------------------------- */

#define BV_TYPE_GRID_CONTENT (bv_grid_content_get_type ())
G_DECLARE_FINAL_TYPE (BvGridContent, bv_grid_content, BV, GRID_CONTENT, GdkContentProvider)

struct _BvGridContent
{
  GdkContentProvider parent_instance;

  Copy *copy;    /* (nullable): until its text is made */
  GBytes *text;  /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BvGridContent, bv_grid_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
bv_grid_content_ref_formats (GdkContentProvider *provider)
{
  static const char *const types[] = { "text/plain;charset=utf-8", "text/plain" };

  return gdk_content_formats_new ((const char **) types, G_N_ELEMENTS (types));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The stream's task holds the content, and the content its text. */
static void
write_text (BvGridContent *self, GTask *task)
{
  gsize size;
  const char *text = g_bytes_get_data (self->text, &size);

  g_output_stream_write_all_async (g_task_get_task_data (task), text, size, g_task_get_priority (task), g_task_get_cancellable (task), written_cb, task);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BvGridContent *self = BV_GRID_CONTENT (source);
  GTask *task = data;
  GError *error = NULL;
  GBytes *text = g_task_propagate_pointer (G_TASK (result), &error);

  if (text == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  /* Two may have asked at once: what is being written stays. */
  if (self->text == NULL)
    self->text = g_steal_pointer (&text);
  g_clear_pointer (&text, g_bytes_unref);
  g_clear_pointer (&self->copy, copy_unref);
  write_text (self, task);
}

static void
bv_grid_content_write_mime_type_async (GdkContentProvider *provider, const char *mime_type, GOutputStream *stream, int io_priority,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  BvGridContent *self = BV_GRID_CONTENT (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_priority (task, io_priority);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  if (self->text != NULL)
    write_text (self, task);
  else
    {
      g_autoptr(GTask) making = g_task_new (self, cancellable, made_cb, task);

      g_task_set_task_data (making, g_atomic_rc_box_acquire (self->copy), copy_unref);
      g_task_run_in_thread (making, text_thread);
    }
}

static gboolean
bv_grid_content_write_mime_type_finish (GdkContentProvider *provider, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
bv_grid_content_finalize (GObject *object)
{
  BvGridContent *self = BV_GRID_CONTENT (object);

  g_clear_pointer (&self->copy, copy_unref);
  g_clear_pointer (&self->text, g_bytes_unref);

  G_OBJECT_CLASS (bv_grid_content_parent_class)->finalize (object);
}

static void
bv_grid_content_class_init (BvGridContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bv_grid_content_finalize;
  provider_class->ref_formats = bv_grid_content_ref_formats;
  provider_class->write_mime_type_async = bv_grid_content_write_mime_type_async;
  provider_class->write_mime_type_finish = bv_grid_content_write_mime_type_finish;
}

static void
bv_grid_content_init (BvGridContent *self)
{
}

/* @copy: (transfer full) */
static void
put (GdkClipboard *clipboard, Copy *copy)
{
  g_autoptr(BvGridContent) content = g_object_new (BV_TYPE_GRID_CONTENT, NULL);

  content->copy = copy;
  gdk_clipboard_set_content (clipboard, GDK_CONTENT_PROVIDER (content));
}

void
bv_grid_copy_rows (GdkClipboard *clipboard, const BvTableRows *rows, BvFrame *frame, const guint *columns, guint n_columns, GtkBitset *selected,
                   BvCalendar *calendar)
{
  guint n = bv_table_rows_get_n (rows);
  Copy *copy = copy_new (frame, calendar, gtk_bitset_is_empty (selected) ? n : (guint) gtk_bitset_get_size (selected));
  GtkBitsetIter iter;
  guint position;

  g_array_append_vals (copy->columns, columns, n_columns);
  if (!gtk_bitset_iter_init_first (&iter, selected, &position))
    for (guint i = 0; i < n; i++)
      add_row (copy, rows, i);
  else
    do
      if (position < n)
        add_row (copy, rows, position);
    while (gtk_bitset_iter_next (&iter, &position));
  put (clipboard, copy);
}

void
bv_grid_copy_frame (GdkClipboard *clipboard, BvFrame *frame, BvCalendar *calendar)
{
  guint n_rows = bv_frame_get_n_rows (frame);
  Copy *copy = copy_new (frame, calendar, n_rows);

  for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
    g_array_append_val (copy->columns, c);
  for (guint r = 0; r < n_rows; r++)
    g_array_append_val (copy->rows, r);
  put (clipboard, copy);
}
