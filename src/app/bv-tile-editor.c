/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Works on a copy of the tile. Charts and texts are shown as they will look while they are edited; saving puts the tile into the
 * report as one step. */
#include "config.h"
#include "bv-tile-editor.h"

#include "bv-chart-builder.h"
#include "bv-chart-view.h"
#include "bv-choice.h"
#include "bv-form.h"
#include "bv-notice.h"
#include "bv-report-edit.h"
#include "bv-report-run.h"
#include "bv-tile-content.h"
#include "bv-util.h"

#include <glib/gi18n.h>

struct _BvTileEditor
{
  AdwWindow parent_instance;

  BvWorkspace *workspace;
  char *report;
  BvTile *tile;
  GCancellable *cancellable;
  GtkFileChooserNative *chooser;

  GtkWidget *notice;
  GtkWidget *title;
  GtkWidget *description;
  GtkWidget *exploration;   /* of charts: a choice */
  GtkWidget *builder;
  GtkWidget *chart;
  GtkWidget *chart_error;
  GtkWidget *text;          /* GtkTextView, or an entry row for links */
  GtkWidget *text_preview;
  GtkWidget *target;        /* of links: a choice of reports */
  GtkWidget *address;
  GtkWidget *picture;
};

G_DEFINE_FINAL_TYPE (BvTileEditor, bv_tile_editor, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Only the newest work counts. */
static GCancellable *
start_work (BvTileEditor *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  return self->cancellable = g_cancellable_new ();
}

/* --- Charts ------------------------------------------------------------------------------------------------------------- */

static void
show_frame (BvTileEditor *self,
            BvFrame      *frame,
            const GError *error)
{
  g_autoptr(BvChart) chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));
  g_autoptr(BvChartSpec) spec = chart != NULL ? bv_chart_to_spec (chart) : NULL;

  bv_chart_builder_set_result (BV_CHART_BUILDER (self->builder), frame);
  bv_chart_view_set_chart (BV_CHART_VIEW (self->chart), spec, frame, bv_workspace_get_locale (self->workspace));
  gtk_label_set_text (GTK_LABEL (self->chart_error), error != NULL ? error->message : "");
  gtk_widget_set_visible (self->chart_error, error != NULL);
}

static void
frame_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BvTileEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  show_frame (self, frame, error);
}

static void
run_chart (BvTileEditor *self)
{
  g_autoptr(BvChart) chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));

  if (chart == NULL)
    return;
  start_work (self);
  if (chart->metrics == NULL || chart->metrics[0] == NULL)
    {
      show_frame (self, NULL, NULL);
      return;
    }
  bv_workspace_run_async (self->workspace, chart, NULL, self->cancellable, frame_cb, g_object_ref (self));
}

/* A chart to begin with: the exploration's first metric as a number. */
static BvChart *
first_chart (BvTileEditor *self,
             const char   *exploration_name)
{
  BvExploration *exploration = bv_model_find_exploration (bv_workspace_get_model (self->workspace), exploration_name);
  BvChart *chart = bv_chart_new (exploration_name, "number");
  g_autoptr(GStrvBuilder) metrics = g_strv_builder_new ();

  for (guint i = 0; exploration != NULL && i < exploration->metrics->len; i++)
    {
      BvMetric *metric = g_ptr_array_index (exploration->metrics, i);

      if (metric->hidden)
        continue;
      g_strv_builder_add (metrics, metric->name);
      break;
    }
  g_strfreev (chart->metrics);
  chart->metrics = g_strv_builder_end (metrics);
  return chart;
}

static void
exploration_selected_cb (BvTileEditor *self)
{
  const char *name = bv_choice_get (self->exploration);
  g_autoptr(BvChart) now = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));
  g_autoptr(BvChart) chart = NULL;

  if (name == NULL || (now != NULL && g_strcmp0 (now->exploration, name) == 0))
    return;
  chart = first_chart (self, name);
  bv_chart_builder_set_chart (BV_CHART_BUILDER (self->builder), chart);
  run_chart (self);
}

static GtkWidget *
make_chart (BvTileEditor *self,
            GtkWidget    *group)
{
  BvModel *model = bv_workspace_get_model (self->workspace);
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *scroller = bv_scrolled_new ();
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *preview = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *row = adw_action_row_new ();
  BvExploration *first = model->explorations->len > 0 ? g_ptr_array_index (model->explorations, 0) : NULL;

  bv_set_name (paned, _("Divider"));
  self->exploration = bv_choice_new (_("Exploration"));
  for (guint i = 0; i < model->explorations->len; i++)
    {
      BvExploration *exploration = g_ptr_array_index (model->explorations, i);

      bv_choice_add (self->exploration, exploration->name, exploration->name);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Exploration"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->exploration);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  self->builder = bv_chart_builder_new (self->workspace);
  self->chart = bv_chart_view_new ();
  self->chart_error = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->chart_error), TRUE);
  gtk_widget_add_css_class (self->chart_error, "error");
  gtk_widget_set_visible (self->chart_error, FALSE);
  gtk_widget_set_vexpand (self->chart, TRUE);
  gtk_widget_set_hexpand (self->chart, TRUE);
  gtk_widget_set_size_request (self->chart, 220, 200);
  if (self->tile->chart == NULL)
    self->tile->chart = first_chart (self, first != NULL ? first->name : "");
  bv_choice_select (self->exploration, self->tile->chart->exploration);
  bv_chart_builder_set_chart (BV_CHART_BUILDER (self->builder), self->tile->chart);
  g_signal_connect_object (self->exploration, "notify::selected", G_CALLBACK (exploration_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->builder, "changed", G_CALLBACK (run_chart), self, G_CONNECT_SWAPPED);

  gtk_box_append (GTK_BOX (side), group);
  gtk_box_append (GTK_BOX (side), self->builder);
  gtk_widget_set_margin_start (side, 12);
  gtk_widget_set_margin_end (side, 12);
  gtk_widget_set_margin_top (side, 12);
  gtk_widget_set_margin_bottom (side, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), side);
  gtk_widget_set_size_request (scroller, 340, -1);
  gtk_box_append (GTK_BOX (preview), self->chart_error);
  gtk_box_append (GTK_BOX (preview), self->chart);
  gtk_widget_set_margin_start (preview, 12);
  gtk_widget_set_margin_end (preview, 12);
  gtk_widget_set_margin_top (preview, 12);
  gtk_widget_set_margin_bottom (preview, 12);
  gtk_paned_set_start_child (GTK_PANED (paned), scroller);
  gtk_paned_set_end_child (GTK_PANED (paned), preview);
  gtk_paned_set_resize_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_position (GTK_PANED (paned), 380);
  run_chart (self);
  return paned;
}

/* --- Texts, links, images ------------------------------------------------------------------------------------------------- */

static char *
dup_text (BvTileEditor *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  if (!GTK_IS_TEXT_VIEW (self->text))
    return bv_form_get_text (self->text);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
text_changed_cb (BvTileEditor *self)
{
  g_autofree char *text = dup_text (self);

  bv_text_view_set_text (self->text_preview, text);
}

static GtkWidget *
make_text (BvTileEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *hint = gtk_label_new (_("# Heading, ## smaller heading, - list; an empty line starts a new paragraph"));
  GtkWidget *editor = bv_scrolled_new ();
  GtkWidget *shown = bv_scrolled_new ();

  self->text = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->text), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->text), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->text), 8);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (self->text), 8);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (self->text), 8);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (self->text), 8);
  bv_set_name (self->text, _("Text"));
  self->text_preview = bv_text_view_new (self->tile->text);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), self->tile->text != NULL ? self->tile->text : "", -1);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), "changed", G_CALLBACK (text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_widget_add_css_class (hint, "caption");
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (editor), self->text);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (shown), self->text_preview);
  gtk_widget_set_vexpand (editor, TRUE);
  gtk_widget_set_vexpand (shown, TRUE);
  gtk_widget_add_css_class (editor, "card");
  gtk_widget_set_overflow (editor, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_box_append (GTK_BOX (box), editor);
  gtk_box_append (GTK_BOX (box), hint);
  gtk_box_append (GTK_BOX (box), shown);
  return box;
}

static void
target_selected_cb (BvTileEditor *self)
{
  gtk_widget_set_visible (self->address, bv_choice_get (self->target) == NULL);
}

static void
make_link (BvTileEditor *self,
           GtkWidget    *group)
{
  BvModel *model = bv_workspace_get_model (self->workspace);
  GtkWidget *row = adw_action_row_new ();
  BvReport *present = self->tile->target != NULL ? bv_model_find_report (model, self->tile->target) : NULL;

  self->text = bv_form_add_entry (group, _("Label"), self->tile->text);
  self->target = bv_choice_new (_("Goes to"));
  for (guint i = 0; i < model->reports->len; i++)
    {
      BvReport *report = g_ptr_array_index (model->reports, i);

      /* A link to the report that it is on leads nowhere. One that is there already stays until another goal is chosen. */
      if (g_strcmp0 (report->uuid, self->report) != 0 || report == present)
        bv_choice_add (self->target, report->name, report->name);
    }
  bv_choice_add (self->target, NULL, _("An address on the web"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Goes to"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->target);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  self->address = bv_form_add_entry (group, _("Address"), present != NULL ? NULL : self->tile->target);
  g_signal_connect_object (self->target, "notify::selected", G_CALLBACK (target_selected_cb), self, G_CONNECT_SWAPPED);
  if (present != NULL)
    bv_choice_select (self->target, present->name);
  else if (self->tile->target != NULL)
    bv_choice_select (self->target, NULL);
  target_selected_cb (self);
}

static void
picture_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BvTileEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = bv_tile_load_image_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->picture, texture != NULL);
}

static void
show_picture (BvTileEditor *self)
{
  bv_tile_load_image_async (self->workspace, self->tile->target, start_work (self), picture_cb, g_object_ref (self));
}

static void
file_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BvTileEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *data = bv_tile_image_from_file_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", TRUE);
  if (data == NULL)
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  bv_notice_hide (BV_NOTICE (self->notice));
  g_free (self->tile->target);
  self->tile->target = g_steal_pointer (&data);
  show_picture (self);
}

/* Until the file is read there is nothing to save. */
static void
image_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  BvTileEditor *self = BV_TILE_EDITOR (widget);

  gtk_widget_action_set_enabled (widget, "editor.save", FALSE);
  bv_tile_image_from_file_async (g_variant_get_string (parameter, NULL), start_work (self), file_read_cb, g_object_ref (self));
}

static void
chooser_response_cb (BvTileEditor *self,
                     int           response)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "editor.image-path", "s", path);
  g_clear_object (&self->chooser);
}

static void
choose_image_cb (BvTileEditor *self)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose Image"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"),
                                               _("_Cancel"));
  gtk_file_filter_set_name (filter, _("Images"));
  gtk_file_filter_add_pixbuf_formats (filter);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
make_image (BvTileEditor *self,
            GtkWidget    *group)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Choose _File…"));

  self->picture = gtk_picture_new ();
  gtk_widget_set_size_request (self->picture, -1, 160);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 12);
  gtk_widget_set_margin_bottom (button, 12);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose_image_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->picture);
  show_picture (self);
}

/* --- Saving ------------------------------------------------------------------------------------------------------------------ */

BvTile *
bv_tile_editor_dup_tile (BvTileEditor *self)
{
  BvTile *tile;

  g_return_val_if_fail (BV_IS_TILE_EDITOR (self), NULL);

  tile = bv_tile_copy (self->tile);
  if (self->title != NULL)
    {
      g_free (tile->title);
      tile->title = bv_form_get_text (self->title);
      g_free (tile->description);
      tile->description = bv_form_get_text (self->description);
    }
  if (self->text != NULL)
    {
      g_free (tile->text);
      tile->text = dup_text (self);
    }
  if (self->target != NULL)
    {
      const char *report = bv_choice_get (self->target);

      g_free (tile->target);
      tile->target = report != NULL ? g_strdup (report) : bv_form_get_text (self->address);
    }
  if (self->builder != NULL)
    {
      bv_chart_free (tile->chart);
      tile->chart = bv_chart_builder_dup_chart (BV_CHART_BUILDER (self->builder));
    }
  return tile;
}

static gboolean
check (BvTileEditor  *self,
       BvTile        *tile,
       GError       **error)
{
  BvModel *model = bv_workspace_get_model (self->workspace);

  if (tile->kind == BV_TILE_CHART && (tile->chart == NULL || tile->chart->metrics == NULL || tile->chart->metrics[0] == NULL))
    g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The chart shows nothing yet: choose a metric"));
  else if (tile->kind == BV_TILE_NAVIGATION && tile->target == NULL)
    g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("The link goes nowhere yet: choose a report or type an address"));
  else if (tile->kind == BV_TILE_NAVIGATION && bv_model_find_report (model, tile->target) == NULL && !bv_is_web_address (tile->target))
    g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no address on the web: begin it with https://"), tile->target);
  else if (tile->kind == BV_TILE_IMAGE && tile->target == NULL)
    g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID, _("There is no image yet: choose a file"));
  else
    return TRUE;
  return FALSE;
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BvTileEditor *self = BV_TILE_EDITOR (widget);
  g_autoptr(BvTile) tile = bv_tile_editor_dup_tile (self);
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;

  if (!check (self, tile, &error) || !bv_report_put_tile (self->workspace, self->report, tile, &id, &error))
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  g_object_ref (self);
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, id);
  g_object_unref (self);
}

/* --- Object ----------------------------------------------------------------------------------------------------------------- */

static void
bv_tile_editor_dispose (GObject *object)
{
  BvTileEditor *self = BV_TILE_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (bv_tile_editor_parent_class)->dispose (object);
}

static void
bv_tile_editor_finalize (GObject *object)
{
  BvTileEditor *self = BV_TILE_EDITOR (object);

  g_clear_pointer (&self->tile, bv_tile_free);
  g_clear_object (&self->workspace);
  g_free (self->report);

  G_OBJECT_CLASS (bv_tile_editor_parent_class)->finalize (object);
}

static void
bv_tile_editor_class_init (BvTileEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bv_tile_editor_dispose;
  object_class->finalize = bv_tile_editor_finalize;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", BV_TYPE_TILE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.image-path", "s", image_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bv_tile_editor_init (BvTileEditor *self)
{
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
}

static GtkWidget *
make_content (BvTileEditor *self)
{
  BvTile *tile = self->tile;
  GtkWidget *group = bv_group_new (_("Tile"), NULL);
  GtkWidget *page;

  if (tile->kind == BV_TILE_TEXT)
    return make_text (self);
  if (tile->kind != BV_TILE_NAVIGATION)
    {
      self->title = bv_form_add_entry (group, _("Title"), tile->title);
      self->description = bv_form_add_entry (group, _("Description"), tile->description);
    }
  if (tile->kind == BV_TILE_CHART)
    return make_chart (self, group);
  if (tile->kind == BV_TILE_NAVIGATION)
    make_link (self, group);
  else
    make_image (self, group);
  page = adw_preferences_page_new ();
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  return page;
}

GtkWidget *
bv_tile_editor_new (GtkWidget   *over,
                    BvWorkspace *workspace,
                    const char  *report_uuid,
                    const char  *tile_id,
                    BvTileKind   kind)
{
  static const struct { int w, h; } sizes[] = { { 6, 6 }, { 6, 2 }, { 3, 3 }, { 3, 1 } };
  BvTileEditor *self = g_object_new (BV_TYPE_TILE_EDITOR, "title", tile_id != NULL ? _("Edit Tile") : _("Add Tile"), NULL);
  BvReport *report = bv_model_find_report (bv_workspace_get_model (workspace), report_uuid);
  BvTile *tile = report != NULL && tile_id != NULL ? bv_report_find_tile (report, tile_id) : NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *accept = gtk_button_new_with_mnemonic (tile_id != NULL ? _("_Save") : _("_Add"));
  GtkRoot *root = over != NULL ? gtk_widget_get_root (over) : NULL;
  GtkWidget *content;

  self->workspace = g_object_ref (workspace);
  self->report = g_strdup (report_uuid);
  self->tile = tile != NULL ? bv_tile_copy (tile) : bv_tile_new ("", kind);
  if (tile == NULL)
    {
      /* The order of BvTileKind: chart, text, image, link. */
      self->tile->w = sizes[kind].w;
      self->tile->h = sizes[kind].h;
    }
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  gtk_widget_add_css_class (accept, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (accept), "editor.save");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), accept);
  self->notice = bv_notice_new ();
  content = make_content (self);
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), self->notice);
  gtk_box_append (GTK_BOX (box), content);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_widget (GTK_WINDOW (self), accept);
  if (self->tile->kind == BV_TILE_CHART)
    gtk_window_set_default_size (GTK_WINDOW (self), 780, 560);
  else
    gtk_window_set_default_size (GTK_WINDOW (self), 520, 480);
  return GTK_WIDGET (self);
}
