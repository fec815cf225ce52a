/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tile: a header with its title over a chart, a text, a picture or a button.
 *
 * The widget lives as long as its tile. On every change it compares what it shows with what there is now, so that a chart is built
 * again only when its frame or its definition is another one.
 */
#include "config.h"
#include "bv-tile-widget.h"

#include "bv-chart-view.h"
#include "bv-tile-content.h"
#include "bv-util.h"

#include <glib/gi18n.h>

/* A spinner that shows for less time than this would only flicker. */
#define SPINNER_DELAY_MS 250

struct _BvTileWidget
{
  GtkWidget parent_instance;

  BvReportRun *run;
  char *id;
  char *title;
  char *definition;    /* JSON of the chart that is shown */
  char *content;       /* text or target that is shown */
  GCancellable *loading; /* (nullable): while an image is being read */
  BvFrame *frame;
  guint n_paints;
  gboolean editing;
  guint spinner_id;
  gboolean has_mark;   /* the menu was opened on a mark */
  guint mark_row;
  int mark_column;

  GtkWidget *overlay;
  GtkWidget *header;
  GtkLabel *title_label;
  GtkWidget *spinner;
  GtkWidget *info;
  GtkWidget *menu;
  GtkWidget *handle;
  GtkStack *stack;
  GtkWidget *chart;
  GtkWidget *text;
  GtkWidget *picture;
  GtkWidget *button;
  GtkLabel *error_label;
  GtkWidget *notes;
  GtkLabel *notes_label;
  GtkWidget *mark_popover;
};

G_DEFINE_FINAL_TYPE (BvTileWidget, bv_tile_widget, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_COMMAND,
  SIGNAL_MARK_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static BvTile *
find_tile (BvTileWidget *self)
{
  BvReport *report = bv_report_run_get_report (self->run);

  return report != NULL ? bv_report_find_tile (report, self->id) : NULL;
}

static void
command (BvTileWidget *self,
         const char   *name)
{
  g_signal_emit (self, signals[SIGNAL_COMMAND], 0, name);
}

/* --- What is there to know about it ------------------------------------------------------------------------------------ */

static void
add_line (GtkWidget  *box,
          const char *text,
          const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
}

static void
fill_info_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  BvTileWidget *self = user_data;
  BvWorkspace *workspace = bv_report_run_get_workspace (self->run);
  BvModel *model = bv_workspace_get_model (workspace);
  BvReport *report = bv_report_run_get_report (self->run);
  BvTile *tile = find_tile (self);
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  BvExploration *exploration;
  gint64 fresh;

  if (tile == NULL)
    return;
  add_line (box, self->title, "heading");
  if (tile->description != NULL)
    add_line (box, tile->description, NULL);
  exploration = tile->chart != NULL ? bv_model_find_exploration (model, tile->chart->exploration) : NULL;
  for (guint i = 0; exploration != NULL && tile->chart->metrics != NULL && tile->chart->metrics[i] != NULL; i++)
    {
      BvMetric *metric = bv_exploration_find_metric (exploration, tile->chart->metrics[i]);
      g_autofree char *line = NULL;

      if (metric == NULL || metric->description == NULL)
        continue;
      /* Translators: a metric's name and its description */
      line = g_strdup_printf (_("%s: %s"), metric->name, metric->description);
      add_line (box, line, NULL);
    }
  for (guint i = 0; i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);
      const char *target = bv_filter_target (model, report, filter, tile);
      g_autofree char *described = bv_report_run_describe (self->run, filter);
      g_autofree char *line = NULL;

      if (target == NULL || bv_report_run_get_values (self->run, filter->id)->len == 0)
        continue;
      /* Translators: a filter with its value, and the field of the tile that it filters */
      line = g_strdup_printf (_("%s (on “%s”)"), described, target);
      add_line (box, line, "caption");
    }
  fresh = bv_report_run_get_freshness (self->run, self->id);
  if (fresh != 0)
    {
      g_autofree char *when = bv_locale_format_instant (bv_workspace_get_locale (workspace), fresh);
      g_autofree char *line = g_strdup_printf (_("Data of %s"), when);

      add_line (box, line, "caption");
    }
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (button, popover);
}

/* --- Menu ----------------------------------------------------------------------------------------------------------------- */

static GMenuModel *
make_menu (BvTileWidget *self,
           BvTile       *tile)
{
  GMenu *menu = g_menu_new ();

  if (tile->kind == BV_TILE_CHART)
    {
      g_autoptr(GMenu) look = g_menu_new ();
      g_autoptr(GMenu) copy = g_menu_new ();
      g_autoptr(GMenu) export = g_menu_new ();

      g_menu_append (look, _("Show _Rows…"), "tile.command::rows");
      g_menu_append (look, _("_Explore From Here"), "tile.command::explore");
      g_menu_append (look, _("_Why This Number…"), "tile.command::explain");
      g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
      g_menu_append (export, _("CSV…"), "tile.command::export-csv");
      g_menu_append (export, _("Spreadsheet (XLSX)…"), "tile.command::export-xlsx");
      g_menu_append (export, _("Image (PNG)…"), "tile.command::export-png");
      g_menu_append (export, _("Drawing (SVG)…"), "tile.command::export-svg");
      g_menu_append (copy, _("_Copy Data"), "tile.command::copy");
      g_menu_append_submenu (copy, _("E_xport This Tile"), G_MENU_MODEL (export));
      g_menu_append_section (menu, NULL, G_MENU_MODEL (copy));
    }
  if (self->editing)
    {
      g_autoptr(GMenu) edit = g_menu_new ();

      g_menu_append (edit, _("E_dit Tile…"), "tile.command::edit");
      g_menu_append (edit, _("D_uplicate"), "tile.command::duplicate");
      g_menu_append (edit, _("Re_move"), "tile.command::remove");
      g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
    }
  return G_MENU_MODEL (menu);
}

static void
fill_menu_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  BvTileWidget *self = user_data;
  BvTile *tile = find_tile (self);
  g_autoptr(GMenuModel) menu = tile != NULL ? make_menu (self, tile) : NULL;

  self->has_mark = FALSE;
  gtk_menu_button_set_menu_model (button, menu);
}

static void
mark_menu_cb (BvTileWidget *self,
              guint         row,
              int           column,
              double        x,
              double        y)
{
  BvTile *tile = find_tile (self);
  g_autoptr(GMenuModel) menu = NULL;
  double at_x = 0, at_y = 0;

  if (tile == NULL)
    return;
  menu = make_menu (self, tile);
  self->has_mark = TRUE;
  self->mark_row = row;
  self->mark_column = column;
  if (self->mark_popover == NULL)
    {
      self->mark_popover = gtk_popover_menu_new_from_model (menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->mark_popover), FALSE);
      gtk_widget_set_halign (self->mark_popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->mark_popover, GTK_WIDGET (self));
    }
  else
    gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->mark_popover), menu);
  gtk_widget_translate_coordinates (self->chart, GTK_WIDGET (self), x, y, &at_x, &at_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->mark_popover), &(GdkRectangle){ (int) at_x, (int) at_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->mark_popover));
}

static void
command_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  command (BV_TILE_WIDGET (widget), g_variant_get_string (parameter, NULL));
}

static void
mark_activated_cb (BvTileWidget *self,
                   guint         row,
                   int           column,
                   guint         modifiers)
{
  g_signal_emit (self, signals[SIGNAL_MARK_ACTIVATED], 0, row, column, modifiers);
}

static void
navigate_cb (BvTileWidget *self)
{
  command (self, "navigate");
}

/* Keys that change the tile: only while editing, and only when the tile itself has the focus. */
static gboolean
key_cb (GtkWidget *widget,
        GVariant  *args,
        gpointer   user_data)
{
  BvTileWidget *self = BV_TILE_WIDGET (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (!self->editing || root == NULL || gtk_root_get_focus (root) != widget)
    return GDK_EVENT_PROPAGATE;
  command (self, g_variant_get_string (args, NULL));
  return GDK_EVENT_STOP;
}

/* --- Showing ---------------------------------------------------------------------------------------------------------------- */

static gboolean
spinner_cb (gpointer user_data)
{
  BvTileWidget *self = user_data;

  self->spinner_id = 0;
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  return G_SOURCE_REMOVE;
}

static void
set_busy (BvTileWidget *self,
          gboolean      busy)
{
  gboolean shown = gtk_widget_get_visible (self->spinner);

  if (busy && !shown && self->spinner_id == 0)
    self->spinner_id = g_timeout_add (SPINNER_DELAY_MS, spinner_cb, self);
  if (!busy)
    {
      g_clear_handle_id (&self->spinner_id, g_source_remove);
      if (shown)
        {
          gtk_spinner_stop (GTK_SPINNER (self->spinner));
          gtk_widget_set_visible (self->spinner, FALSE);
        }
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
}

static void
show_notes (BvTileWidget *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean warning = FALSE;

  for (guint i = 0; self->frame != NULL && i < bv_frame_get_n_notes (self->frame); i++)
    {
      const BvNote *note = bv_frame_get_note (self->frame, i);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", note->text);
      warning |= note->kind != BV_NOTE_INFO;
    }
  gtk_label_set_text (self->notes_label, text->str);
  gtk_widget_set_tooltip_text (self->notes, text->len > 0 ? text->str : NULL);
  gtk_widget_set_visible (self->notes, text->len > 0);
  gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (self->notes)),
                                warning ? "dialog-warning-symbolic" : "dialog-information-symbolic");
}

static void
show_error (BvTileWidget *self,
            const GError *error)
{
  gtk_label_set_text (self->error_label, error->message);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
update_chart (BvTileWidget *self,
              BvTile       *tile)
{
  BvWorkspace *workspace = bv_report_run_get_workspace (self->run);
  BvFrame *frame = bv_report_run_get_frame (self->run, self->id);
  const GError *error = bv_report_run_get_error (self->run, self->id);
  g_autoptr(JsonObject) json = bv_chart_to_json (tile->chart);
  g_autofree char *definition = bv_json_object_to_text (json, FALSE);
  gboolean busy = bv_report_run_is_busy (self->run, self->id);

  set_busy (self, busy);
  if (error != NULL && !busy)
    {
      show_error (self, error);
      g_clear_pointer (&self->frame, bv_frame_unref);
      show_notes (self);
      return;
    }
  if (frame != NULL)
    gtk_stack_set_visible_child_name (self->stack, "chart");
  /* A new definition is shown with its own frame, not with the one before. */
  if (frame == NULL || (frame == self->frame && (busy || g_strcmp0 (definition, self->definition) == 0)))
    return;

  g_clear_pointer (&self->frame, bv_frame_unref);
  self->frame = bv_frame_ref (frame);
  g_free (self->definition);
  self->definition = g_steal_pointer (&definition);
  {
    g_autoptr(BvChartSpec) spec = bv_chart_to_spec (tile->chart);

    bv_chart_view_set_chart (BV_CHART_VIEW (self->chart), spec, frame, bv_workspace_get_locale (workspace));
    self->n_paints++;
  }
  show_notes (self);
}

static void
image_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BvTileWidget) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = bv_tile_load_image_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (texture == NULL)
    {
      show_error (self, error);
      return;
    }
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (self->stack, "image");
}

static void
stop_loading (BvTileWidget *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
update_other (BvTileWidget *self,
              BvTile       *tile)
{
  const char *text = tile->text != NULL ? tile->text : "";
  g_autofree char *content = g_strdup_printf ("%d\n%s\n%s", (int) tile->kind, text, tile->target != NULL ? tile->target : "");

  if (tile->kind == BV_TILE_IMAGE)
    gtk_picture_set_alternative_text (GTK_PICTURE (self->picture), tile->description != NULL ? tile->description : self->title);
  if (g_strcmp0 (content, self->content) == 0)
    return;
  g_free (self->content);
  self->content = g_steal_pointer (&content);
  stop_loading (self);
  if (tile->kind == BV_TILE_TEXT)
    {
      bv_text_view_set_text (self->text, text);
      gtk_stack_set_visible_child_name (self->stack, "text");
    }
  else if (tile->kind == BV_TILE_IMAGE)
    {
      self->loading = g_cancellable_new ();
      bv_tile_load_image_async (bv_report_run_get_workspace (self->run), tile->target, self->loading, image_cb, g_object_ref (self));
    }
  else
    {
      const char *label = *text != '\0' ? text : tile->title != NULL ? tile->title : tile->target;

      gtk_button_set_label (GTK_BUTTON (self->button), label != NULL ? label : _("Go"));
      gtk_widget_set_tooltip_text (self->button, tile->target);
      gtk_stack_set_visible_child_name (self->stack, "navigation");
    }
}

static char *
make_title (BvReportRun *run, BvTile *tile)
{
  if (tile->title != NULL && *tile->title != '\0')
    return g_strdup (tile->title);
  switch (tile->kind)
    {
    case BV_TILE_CHART:
      return tile->chart != NULL ? bv_report_run_title (run, tile) : g_strdup (_("Chart"));
    case BV_TILE_TEXT:
      return g_strdup (_("Text"));
    case BV_TILE_IMAGE:
      return g_strdup (_("Image"));
    case BV_TILE_NAVIGATION:
    default:
      return g_strdup (_("Link"));
    }
}

void
bv_tile_widget_update (BvTileWidget *self)
{
  BvTile *tile;
  gboolean chart;

  g_return_if_fail (BV_IS_TILE_WIDGET (self));

  tile = find_tile (self);
  if (tile == NULL)
    return;
  chart = tile->kind == BV_TILE_CHART;
  g_free (self->title);
  self->title = make_title (self->run, tile);
  if (g_strcmp0 (gtk_label_get_text (self->title_label), self->title) != 0)
    {
      gtk_label_set_text (self->title_label, self->title);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), self->title);
      bv_set_name (GTK_WIDGET (self), self->title);
    }
  gtk_widget_set_visible (self->header, chart || (tile->kind == BV_TILE_IMAGE && tile->title != NULL));
  gtk_widget_set_visible (self->info, chart);
  gtk_widget_set_visible (self->menu, chart || self->editing);
  if (chart)
    gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "card");

  if (chart && tile->chart != NULL)
    update_chart (self, tile);
  else if (!chart)
    update_other (self, tile);
}

void
bv_tile_widget_set_editing (BvTileWidget *self,
                            gboolean      editing)
{
  g_return_if_fail (BV_IS_TILE_WIDGET (self));

  if (self->editing == editing)
    return;
  self->editing = editing;
  gtk_widget_set_focusable (GTK_WIDGET (self), editing);
  /* While editing the content is a picture of itself: clicks and keys are the tile's. */
  gtk_widget_set_can_target (GTK_WIDGET (self->stack), !editing);
  gtk_widget_set_can_focus (GTK_WIDGET (self->stack), !editing);
  gtk_widget_set_visible (self->handle, editing);
  if (editing)
    gtk_widget_add_css_class (GTK_WIDGET (self), "editing");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "editing");
  bv_tile_widget_update (self);
}

/* --- Object ------------------------------------------------------------------------------------------------------------------- */

static void
bv_tile_widget_dispose (GObject *object)
{
  BvTileWidget *self = BV_TILE_WIDGET (object);

  g_clear_handle_id (&self->spinner_id, g_source_remove);
  stop_loading (self);
  g_clear_pointer (&self->mark_popover, gtk_widget_unparent);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (bv_tile_widget_parent_class)->dispose (object);
}

static void
bv_tile_widget_finalize (GObject *object)
{
  BvTileWidget *self = BV_TILE_WIDGET (object);

  g_clear_pointer (&self->frame, bv_frame_unref);
  g_free (self->id);
  g_free (self->title);
  g_free (self->definition);
  g_free (self->content);

  G_OBJECT_CLASS (bv_tile_widget_parent_class)->finalize (object);
}

static void
bv_tile_widget_class_init (BvTileWidgetClass *klass)
{
  static const struct { guint key; GdkModifierType modifiers; const char *command; } keys[] = {
    { GDK_KEY_Left, 0, "left" }, { GDK_KEY_Right, 0, "right" }, { GDK_KEY_Up, 0, "up" }, { GDK_KEY_Down, 0, "down" },
    { GDK_KEY_Left, GDK_SHIFT_MASK, "narrower" }, { GDK_KEY_Right, GDK_SHIFT_MASK, "wider" },
    { GDK_KEY_Up, GDK_SHIFT_MASK, "shorter" }, { GDK_KEY_Down, GDK_SHIFT_MASK, "taller" },
    { GDK_KEY_Delete, 0, "remove" }, { GDK_KEY_KP_Delete, 0, "remove" }, { GDK_KEY_d, GDK_CONTROL_MASK, "duplicate" },
    { GDK_KEY_Return, 0, "edit" }, { GDK_KEY_KP_Enter, 0, "edit" },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bv_tile_widget_dispose;
  object_class->finalize = bv_tile_widget_finalize;
  signals[SIGNAL_COMMAND] = g_signal_new ("command", BV_TYPE_TILE_WIDGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_STRING);
  signals[SIGNAL_MARK_ACTIVATED] = g_signal_new ("mark-activated", BV_TYPE_TILE_WIDGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_INT, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "tile");
  gtk_widget_class_install_action (widget_class, "tile.command", "s", command_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, keys[i].modifiers, key_cb, "s", keys[i].command);
}

static GtkWidget *
make_header (BvTileWidget *self)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->title_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title_label, 0);
  gtk_label_set_ellipsize (self->title_label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title_label), "heading");
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  bv_set_name (self->spinner, _("Loading"));
  self->info = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->info), "help-about-symbolic");
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (self->info), FALSE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->info), fill_info_cb, self, NULL);
  gtk_widget_set_tooltip_text (self->info, _("About This Tile"));
  bv_set_name (self->info, _("About This Tile"));
  gtk_widget_add_css_class (header, "tile-header");
  gtk_box_append (GTK_BOX (header), GTK_WIDGET (self->title_label));
  gtk_box_append (GTK_BOX (header), self->spinner);
  gtk_box_append (GTK_BOX (header), self->info);
  return header;
}

static GtkWidget *
make_error (BvTileWidget *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  self->error_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->error_label, TRUE);
  gtk_label_set_wrap_mode (self->error_label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (self->error_label, GTK_JUSTIFY_CENTER);
  gtk_label_set_selectable (self->error_label, TRUE);
  gtk_widget_add_css_class (icon, "warning");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->error_label));
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  return box;
}

static GtkWidget *
scrolled (GtkWidget  *child,
          const char *name)
{
  /* Nothing in it takes the focus: it does, so that keys can scroll it. */
  GtkWidget *window = gtk_scrolled_window_new ();

  bv_set_name (window, name);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (window), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), child);
  return window;
}

static void
make_stack (BvTileWidget *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->chart = bv_chart_view_new ();
  self->text = bv_text_view_new ("");
  self->picture = gtk_picture_new ();
  self->button = gtk_button_new ();
  gtk_widget_set_margin_start (self->chart, 6);
  gtk_widget_set_margin_end (self->chart, 6);
  gtk_widget_set_margin_bottom (self->chart, 6);
  gtk_widget_set_halign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "pill");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, adw_bin_new (), "empty");
  gtk_stack_add_named (self->stack, self->chart, "chart");
  gtk_stack_add_named (self->stack, scrolled (self->text, _("Text of the tile")), "text");
  gtk_stack_add_named (self->stack, self->picture, "image");
  gtk_stack_add_named (self->stack, self->button, "navigation");
  gtk_stack_add_named (self->stack, make_error (self), "error");
  g_signal_connect_swapped (self->chart, "mark-activated", G_CALLBACK (mark_activated_cb), self);
  g_signal_connect_swapped (self->chart, "mark-menu", G_CALLBACK (mark_menu_cb), self);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (navigate_cb), self);
}

static void
bv_tile_widget_init (BvTileWidget *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-information-symbolic");

  self->header = make_header (self);
  make_stack (self);
  self->notes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->notes_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->notes_label, 0);
  gtk_label_set_wrap (self->notes_label, TRUE);
  gtk_label_set_lines (self->notes_label, 2);
  gtk_label_set_ellipsize (self->notes_label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->notes_label), TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->notes, "tile-notes");
  gtk_widget_add_css_class (self->notes, "caption");
  gtk_widget_set_visible (self->notes, FALSE);
  gtk_box_append (GTK_BOX (self->notes), icon);
  gtk_box_append (GTK_BOX (self->notes), GTK_WIDGET (self->notes_label));
  gtk_box_append (GTK_BOX (box), self->header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  gtk_box_append (GTK_BOX (box), self->notes);

  self->menu = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->menu), "view-more-symbolic");
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (self->menu), FALSE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->menu), fill_menu_cb, self, NULL);
  gtk_widget_set_tooltip_text (self->menu, _("Tile Menu"));
  bv_set_name (self->menu, _("Tile Menu"));
  gtk_widget_set_halign (self->menu, GTK_ALIGN_END);
  gtk_widget_set_valign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->menu, 3);
  gtk_widget_set_margin_end (self->menu, 3);
  self->handle = adw_bin_new ();
  gtk_widget_add_css_class (self->handle, "tile-handle");
  gtk_widget_set_halign (self->handle, GTK_ALIGN_END);
  gtk_widget_set_valign (self->handle, GTK_ALIGN_END);
  gtk_widget_set_can_target (self->handle, FALSE);
  gtk_widget_set_visible (self->handle, FALSE);

  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), box);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->menu);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->handle);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
}

GtkWidget *
bv_tile_widget_new (BvReportRun *run,
                    const char  *tile_id)
{
  BvTileWidget *self;

  g_return_val_if_fail (BV_IS_REPORT_RUN (run), NULL);
  g_return_val_if_fail (tile_id != NULL, NULL);

  self = g_object_new (BV_TYPE_TILE_WIDGET, NULL);
  self->run = g_object_ref (run);
  self->id = g_strdup (tile_id);
  bv_tile_widget_update (self);
  return GTK_WIDGET (self);
}

const char *
bv_tile_widget_get_id (BvTileWidget *self)
{
  g_return_val_if_fail (BV_IS_TILE_WIDGET (self), NULL);
  return self->id;
}

const char *
bv_tile_widget_get_title (BvTileWidget *self)
{
  g_return_val_if_fail (BV_IS_TILE_WIDGET (self), NULL);
  return self->title;
}

gboolean
bv_tile_widget_is_loading (BvTileWidget *self)
{
  g_return_val_if_fail (BV_IS_TILE_WIDGET (self), FALSE);

  return self->loading != NULL;
}

gboolean
bv_tile_widget_get_menu_mark (BvTileWidget *self,
                              guint        *row,
                              int          *column)
{
  g_return_val_if_fail (BV_IS_TILE_WIDGET (self), FALSE);

  if (!self->has_mark)
    return FALSE;
  *row = self->mark_row;
  *column = self->mark_column;
  return TRUE;
}

guint
bv_tile_widget_get_n_paints (BvTileWidget *self)
{
  g_return_val_if_fail (BV_IS_TILE_WIDGET (self), 0);
  return self->n_paints;
}
