/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search field over a list of values.
 *
 * The list is a GtkListView over the frame of values, so thousands of them cost nothing. "No filter" stands on top; then the values
 * that are chosen but not found (a search hides them, or the data no longer has them), so that what filters can always be seen and
 * taken back; then the values of the data. Searching asks the data again, since the list may be cut at the filter's limit.
 */
#include "config.h"
#include "bv-value-list.h"

#include "bv-util.h"

#include <glib/gi18n.h>

/* --- Item ------------------------------------------------------------------------------------------------------------ */

#define BV_TYPE_VALUE_ITEM (bv_value_item_get_type ())
G_DECLARE_FINAL_TYPE (BvValueItem, bv_value_item, BV, VALUE_ITEM, GObject)

struct _BvValueItem
{
  GObject parent_instance;

  gboolean none;   /* "No filter" */
  BvValue value;
  char *label;
  gint64 rows;     /* -1: not known */
  gboolean chosen;
  GtkWidget *row;  /* (nullable): that shows it now */
};

G_DEFINE_FINAL_TYPE (BvValueItem, bv_value_item, G_TYPE_OBJECT)

static void
bv_value_item_finalize (GObject *object)
{
  BvValueItem *self = BV_VALUE_ITEM (object);

  bv_value_clear (&self->value);
  g_free (self->label);

  G_OBJECT_CLASS (bv_value_item_parent_class)->finalize (object);
}

static void
bv_value_item_class_init (BvValueItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_value_item_finalize;
}

static void
bv_value_item_init (BvValueItem *self)
{
  self->rows = -1;
}

/* --- List ------------------------------------------------------------------------------------------------------------- */

struct _BvValueList
{
  AdwBin parent_instance;

  BvReportRun *run;
  BvFilter *filter;
  gboolean single;
  gboolean required;
  GArray *chosen;         /* BvValue */
  BvFrame *frame;         /* (nullable) */
  char *asked;            /* (nullable): the text that @frame answers, or will once @cancellable is gone */
  gboolean take_first;    /* Return was pressed before the answer was here */
  GCancellable *cancellable;

  GtkWidget *search;
  GtkWidget *spinner;
  GtkWidget *view;
  GtkWidget *message;
  GListStore *store;
};

G_DEFINE_FINAL_TYPE (BvValueList, bv_value_list, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clear_value (gpointer data)
{
  bv_value_clear (data);
}

static int
find_chosen (BvValueList   *self,
             const BvValue *value)
{
  for (guint i = 0; i < self->chosen->len; i++)
    if (bv_value_equal (&g_array_index (self->chosen, BvValue, i), value))
      return (int) i;
  return -1;
}

static char *
value_label (BvValueList   *self,
             const BvValue *value)
{
  if (value->type == BV_TYPE_NULL || (value->type == BV_TYPE_TEXT && *value->s == '\0'))
    return g_strdup (_("(empty)"));
  if (value->type == BV_TYPE_BOOL)
    return g_strdup (value->i ? _("Yes") : _("No"));
  return bv_locale_format (bv_workspace_get_locale (bv_report_run_get_workspace (self->run)), value, NULL, BV_GRAIN_NONE);
}

static BvValueItem *
append_item (GPtrArray     *items,
             BvValueList   *self,
             const BvValue *value)
{
  BvValueItem *item = g_object_new (BV_TYPE_VALUE_ITEM, NULL);

  item->none = value == NULL;
  if (value != NULL)
    {
      item->value = bv_value_copy (value);
      item->chosen = find_chosen (self, value) >= 0;
    }
  else
    item->chosen = self->chosen->len == 0;
  g_ptr_array_add (items, item);
  return item;
}

static void
fill (BvValueList *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  BvLocale *locale = bv_workspace_get_locale (bv_report_run_get_workspace (self->run));
  gboolean searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  guint n = self->frame != NULL ? bv_frame_get_n_rows (self->frame) : 0;
  int label = self->frame != NULL ? bv_frame_find_column (self->frame, "label") : -1;
  int rows = self->frame != NULL ? bv_frame_find_column (self->frame, "rows") : -1;
  g_autofree gboolean *found = g_new0 (gboolean, MAX (self->chosen->len, 1));
  guint at;

  if (!self->required && !searching)
    append_item (items, self, NULL)->label = g_strdup (_("No filter"));
  at = items->len;
  for (guint i = 0; i < n; i++)
    {
      BvValue value = bv_frame_peek (self->frame, 0, i);
      BvValueItem *item = append_item (items, self, &value);

      item->label = label >= 0 && !bv_frame_is_null (self->frame, (guint) label, i) ? bv_frame_format (self->frame, (guint) label, i, locale)
                                                                                     : value_label (self, &value);
      item->rows = rows >= 0 ? bv_frame_get_int (self->frame, (guint) rows, i) : -1;
      if (item->chosen)
        found[find_chosen (self, &value)] = TRUE;
    }
  for (guint i = 0; i < self->chosen->len; i++)
    {
      const BvValue *value = &g_array_index (self->chosen, BvValue, i);
      BvValueItem *item;

      if (found[i])
        continue;
      item = append_item (items, self, value);
      item->label = value_label (self, value);
      g_ptr_array_insert (items, (int) at++, g_ptr_array_steal_index (items, items->len - 1));
    }
  g_list_store_splice (self->store, 0, g_list_model_get_n_items (G_LIST_MODEL (self->store)), items->pdata, items->len);

  gtk_widget_set_visible (self->message, TRUE);
  if (n == 0)
    gtk_label_set_text (GTK_LABEL (self->message), searching ? _("Nothing found: try other letters") : _("There are no values"));
  else if (bv_frame_has_note (self->frame, BV_NOTE_TRUNCATED))
    {
      g_autofree char *count = bv_locale_format_count (locale, n);
      g_autofree char *text = g_strdup_printf (_("The first %s values: search to find others"), count);

      gtk_label_set_text (GTK_LABEL (self->message), text);
    }
  else
    gtk_widget_set_visible (self->message, FALSE);
}

/* --- Loading ------------------------------------------------------------------------------------------------------------ */

static void take_first (BvValueList *self);

static void
set_busy (BvValueList *self,
          gboolean     busy)
{
  gtk_widget_set_visible (self->spinner, busy);
  if (busy)
    gtk_spinner_start (GTK_SPINNER (self->spinner));
  else
    gtk_spinner_stop (GTK_SPINNER (self->spinner));
}

static void
values_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BvValueList) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_report_run_values_finish (BV_REPORT_RUN (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  set_busy (self, FALSE);
  g_clear_pointer (&self->frame, bv_frame_unref);
  self->frame = g_steal_pointer (&frame);
  fill (self);
  if (error != NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->message), error->message);
      gtk_widget_set_visible (self->message, TRUE);
    }
  if (self->take_first)
    take_first (self);
}

static void
load (BvValueList *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (self->filter == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_free (self->asked);
  self->asked = g_strdup (search);
  set_busy (self, TRUE);
  bv_report_run_values_async (self->run, self->filter, *search != '\0' ? search : NULL, self->cancellable, values_cb, g_object_ref (self));
}

static void
search_changed_cb (BvValueList *self)
{
  if (g_strcmp0 (self->asked, gtk_editable_get_text (GTK_EDITABLE (self->search))) == 0)
    return; /* Return was faster */
  self->take_first = FALSE;
  load (self);
}

/* --- Choosing ------------------------------------------------------------------------------------------------------------- */

static void
show_chosen (BvValueItem *item)
{
  GtkWidget *check = item->row != NULL ? gtk_widget_get_first_child (item->row) : NULL;

  if (check != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (check), item->chosen);
}

static void
update_chosen (BvValueList *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr(BvValueItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      item->chosen = item->none ? self->chosen->len == 0 : find_chosen (self, &item->value) >= 0;
      show_chosen (item);
    }
}

static void
activate_cb (BvValueList *self,
             guint        position)
{
  g_autoptr(BvValueItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), position);
  BvValue value;

  if (item == NULL)
    return;
  if (item->none)
    g_array_set_size (self->chosen, 0);
  else
    {
      int at = find_chosen (self, &item->value);

      if (self->single)
        g_array_set_size (self->chosen, 0);
      if (at >= 0 && !self->single)
        {
          if (self->required && self->chosen->len == 1)
            return;
          g_array_remove_index (self->chosen, (guint) at);
        }
      else
        {
          value = bv_value_copy (&item->value);
          g_array_append_val (self->chosen, value);
        }
    }
  update_chosen (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------- */

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *list_item,
          BvValueList        *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *count = gtk_label_new (NULL);

  if (self->single)
    {
      /* Of a group, so that it is drawn as a radio button. */
      GtkWidget *other = gtk_check_button_new ();

      gtk_check_button_set_group (GTK_CHECK_BUTTON (check), GTK_CHECK_BUTTON (other));
      g_object_set_data_full (G_OBJECT (check), "bv-group", g_object_ref_sink (other), g_object_unref);
    }
  /* The row is what is clicked and focused. */
  gtk_widget_set_can_target (check, FALSE);
  gtk_widget_set_can_focus (check, FALSE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "caption");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (row), check);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), count);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *list_item,
         BvValueList        *self)
{
  BvValueItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);
  GtkWidget *check = gtk_widget_get_first_child (row);
  GtkWidget *label = gtk_widget_get_next_sibling (check);
  GtkWidget *count = gtk_widget_get_next_sibling (label);
  g_autofree char *text = NULL;

  if (item->rows >= 0)
    text = bv_locale_format_count (bv_workspace_get_locale (bv_report_run_get_workspace (self->run)), item->rows);
  item->row = row;
  gtk_label_set_text (GTK_LABEL (label), item->label);
  gtk_label_set_text (GTK_LABEL (count), text != NULL ? text : "");
  bv_set_name (check, item->label);
  bv_list_item_set_name (list_item, item->label);
  show_chosen (item);
}

static void
unbind_cb (GtkListItemFactory *factory,
           GtkListItem        *list_item,
           BvValueList        *self)
{
  ((BvValueItem *) gtk_list_item_get_item (list_item))->row = NULL;
}

static void
search_down_cb (BvValueList *self)
{
  gtk_widget_child_focus (self->view, GTK_DIR_TAB_FORWARD);
}

static void
take_first (BvValueList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store)), found = self->frame != NULL ? bv_frame_get_n_rows (self->frame) : 0;

  self->take_first = FALSE;
  if (found > 0)
    activate_cb (self, n - found);
}

/* Return in the search field takes the first value that the text finds, which may not be here yet. */
static void
search_activate_cb (BvValueList *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (*text == '\0')
    return;
  if (g_strcmp0 (self->asked, text) != 0)
    load (self);
  if (self->cancellable != NULL)
    self->take_first = TRUE;
  else
    take_first (self);
}

static gboolean
space_cb (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  BvValueList *self = BV_VALUE_LIST (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->view))
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr(BvValueItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (item->row != NULL && (gtk_widget_get_parent (item->row) == focus))
        {
          activate_cb (self, i);
          return GDK_EVENT_STOP;
        }
    }
  return GDK_EVENT_PROPAGATE;
}

/* --- Object -------------------------------------------------------------------------------------------------------------------- */

static void
bv_value_list_dispose (GObject *object)
{
  BvValueList *self = BV_VALUE_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bv_value_list_parent_class)->dispose (object);
}

static void
bv_value_list_finalize (GObject *object)
{
  BvValueList *self = BV_VALUE_LIST (object);

  g_clear_object (&self->run);
  g_clear_object (&self->store);
  g_clear_pointer (&self->filter, bv_filter_free);
  g_clear_pointer (&self->chosen, g_array_unref);
  g_clear_pointer (&self->frame, bv_frame_unref);
  g_free (self->asked);

  G_OBJECT_CLASS (bv_value_list_parent_class)->finalize (object);
}

static void
bv_value_list_class_init (BvValueListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bv_value_list_dispose;
  object_class->finalize = bv_value_list_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_VALUE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_space, 0, space_cb, NULL);
}

static void
bv_value_list_init (BvValueList *self)
{
  self->chosen = g_array_new (FALSE, TRUE, sizeof (BvValue));
  g_array_set_clear_func (self->chosen, clear_value);
  self->store = g_list_store_new (BV_TYPE_VALUE_ITEM);
}

GtkWidget *
bv_value_list_new (BvReportRun *run,
                   gboolean     single,
                   gboolean     required)
{
  BvValueList *self = g_object_new (BV_TYPE_VALUE_LIST, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scroller = bv_scrolled_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->run = g_object_ref (run);
  self->single = single;
  self->required = required;
  self->search = bv_search_new (_("Search values"));
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (self->search), 150);
  gtk_widget_set_hexpand (self->search, TRUE);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect_swapped (self->search, "next-match", G_CALLBACK (search_down_cb), self);
  self->spinner = gtk_spinner_new ();
  bv_set_name (self->spinner, _("Loading"));
  gtk_widget_set_visible (self->spinner, FALSE);
  gtk_box_append (GTK_BOX (top), self->search);
  gtk_box_append (GTK_BOX (top), self->spinner);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->store)))), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->view), TRUE);
  gtk_widget_add_css_class (self->view, "value-list");
  bv_set_name (self->view, _("Values"));
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (activate_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  gtk_widget_set_size_request (scroller, 300, 260);
  gtk_widget_set_vexpand (scroller, TRUE);
  self->message = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->message), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->message), 34);
  gtk_label_set_xalign (GTK_LABEL (self->message), 0);
  gtk_widget_add_css_class (self->message, "dim-label");
  gtk_widget_add_css_class (self->message, "caption");
  gtk_widget_set_visible (self->message, FALSE);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), self->message);
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

void
bv_value_list_load (BvValueList *self,
                    BvFilter    *filter)
{
  BvFilter *copy;

  g_return_if_fail (BV_IS_VALUE_LIST (self));

  copy = bv_filter_copy (filter);
  g_clear_pointer (&self->filter, bv_filter_free);
  self->filter = copy;
  load (self);
}

void
bv_value_list_set_chosen (BvValueList  *self,
                          const GArray *values)
{
  g_return_if_fail (BV_IS_VALUE_LIST (self));

  if (values == self->chosen)
    return;
  g_array_set_size (self->chosen, 0);
  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      BvValue value = bv_value_copy (&g_array_index (values, BvValue, i));

      g_array_append_val (self->chosen, value);
    }
  update_chosen (self);
}

const GArray *
bv_value_list_get_chosen (BvValueList *self)
{
  g_return_val_if_fail (BV_IS_VALUE_LIST (self), NULL);
  return self->chosen;
}

void
bv_value_list_focus (BvValueList *self)
{
  gtk_widget_grab_focus (self->search);
}

gboolean
bv_value_list_is_busy (BvValueList *self)
{
  return self->cancellable != NULL;
}
