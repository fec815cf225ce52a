/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a report: its filters above its tiles.
 *
 * The page owns the run (what is shown) and the tools around it; the filter bar and the canvas follow the run by themselves. While
 * editing, tiles and filters can be changed; the numbers stay live meanwhile.
 */
#include "config.h"
#include "bv-report-page.h"

#include "bv-click-filter.h"
#include "bv-exploration-page.h"
#include "bv-filter-bar.h"
#include "bv-filter-editor.h"
#include "bv-form.h"
#include "bv-report-canvas.h"
#include "bv-report-edit.h"
#include "bv-report-out.h"
#include "bv-tile-content.h"
#include "bv-tile-editor.h"
#include "bv-tile-tools.h"
#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>

struct _BvReportPage
{
  BvPage parent_instance;

  BvReportRun *run;
  BvClickFilter *clicks;
  gboolean editing;
  gboolean presenting;
  gboolean had_sidebar;

  GtkWidget *bar;       /* BvFilterBar */
  GtkWidget *canvas;    /* BvReportCanvas */
  GtkStack *stack;
  GtkWidget *add;
  GtkWidget *edit;
  GtkLabel *presented;  /* the title in full screen */
  GtkFileChooserNative *chooser;
  char *chooser_tile;
};

G_DEFINE_FINAL_TYPE (BvReportPage, bv_report_page, BV_TYPE_PAGE)

enum
{
  PROP_0,
  PROP_EDITING,
  PROP_PRESENTING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
get_uuid (BvReportPage *self)
{
  return bv_page_get_object_id (BV_PAGE (self));
}

/* --- What is shown --------------------------------------------------------------------------------------------------- */

static char *
describe_freshness (BvReportPage *self)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  gint64 fresh = bv_report_run_get_freshness (self->run, NULL);
  const char *zone = bv_workspace_get_model (workspace)->time_zone;
  g_autofree char *when = fresh != 0 ? bv_locale_format_instant (bv_workspace_get_locale (workspace), fresh) : NULL;

  if (when == NULL)
    return g_strdup (zone);
  /* Translators: when the data was loaded, and the time zone of the project: "Data of 12 Mar 2026, 14:05 · Europe/Paris" */
  return g_strdup_printf (_("Data of %s · %s"), when, zone);
}

/* The filter of the default time fields; NULL when the report has none. */
static BvFilter *
find_time_filter (BvReportPage *self)
{
  BvReport *report = self->run != NULL ? bv_report_run_get_report (self->run) : NULL;

  for (guint i = 0; report != NULL && i < report->filters->len; i++)
    {
      BvFilter *filter = g_ptr_array_index (report->filters, i);

      if (g_strcmp0 (filter->field, BV_FILTER_TIME) == 0)
        return filter;
    }
  return NULL;
}

static void
update (BvReportPage *self)
{
  BvModel *model = bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self)));
  BvReport *report = bv_report_run_get_report (self->run);
  gboolean can_edit = bv_page_can_edit (BV_PAGE (self));
  g_autofree char *freshness = NULL;

  if (report == NULL)
    return;
  freshness = describe_freshness (self);
  bv_page_set_title (BV_PAGE (self), report->name);
  bv_page_set_subtitle (BV_PAGE (self), report->description);
  bv_filter_bar_update (BV_FILTER_BAR (self->bar));
  bv_filter_bar_set_caption (BV_FILTER_BAR (self->bar), freshness);
  gtk_widget_set_tooltip_text (GTK_WIDGET (bv_page_get_header (BV_PAGE (self))), report->description);
  gtk_label_set_text (self->presented, report->name);
  gtk_stack_set_visible_child_name (self->stack, report->tiles->len > 0          ? "canvas"
                                                 : !can_edit                      ? "read-only"
                                                 : model->explorations->len == 0 ? "no-explorations"
                                                                                  : "no-tiles");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.set-range", find_time_filter (self) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.edit", can_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-chart", can_edit && model->explorations->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-text", can_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-link", can_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-image", can_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.add-filter", can_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.settings", can_edit);
}

static void
bv_report_page_refresh (BvPage *page)
{
  BvReportPage *self = BV_REPORT_PAGE (page);

  if (self->run != NULL)
    update (self);
}

static gboolean
bv_report_page_is_alive (BvPage *page)
{
  return bv_model_find_report (bv_workspace_get_model (bv_page_get_workspace (page)), bv_page_get_object_id (page)) != NULL;
}

static gboolean
bv_report_page_is_busy (BvPage *page)
{
  BvReportPage *self = BV_REPORT_PAGE (page);

  return bv_report_run_is_busy (self->run, NULL) || bv_filter_bar_is_busy (BV_FILTER_BAR (self->bar)) ||
         bv_report_canvas_is_loading (BV_REPORT_CANVAS (self->canvas));
}

static void
bv_report_page_shown (BvPage *page)
{
  BvReportPage *self = BV_REPORT_PAGE (page);

  /* The filters first; a report without any starts at its tiles. */
  if (!gtk_widget_child_focus (self->bar, GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static gboolean
bv_report_page_export_path (BvPage      *page,
                            const char  *path,
                            GError     **error)
{
  return bv_report_write (GTK_WIDGET (page), BV_REPORT_PAGE (page)->run, path, NULL, error);
}

static char *
bv_report_page_export_name (BvPage *page)
{
  return g_strdup_printf ("%s.pdf", bv_page_get_title (page));
}

/* --- Editing ------------------------------------------------------------------------------------------------------------ */

static void
set_editing (BvReportPage *self,
             gboolean      editing)
{
  editing = editing && bv_page_can_edit (BV_PAGE (self));
  if (self->editing == editing)
    return;
  self->editing = editing;
  bv_report_canvas_set_editing (BV_REPORT_CANVAS (self->canvas), editing);
  bv_filter_bar_set_editing (BV_FILTER_BAR (self->bar), editing);
  gtk_widget_set_visible (self->add, editing);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITING]);
}

static void
saved_cb (BvReportPage *self,
          const char   *tile_id)
{
  update (self);
  bv_report_canvas_focus_tile (BV_REPORT_CANVAS (self->canvas), tile_id);
}

static void
edit_tile (BvReportPage *self,
           const char   *tile_id,
           BvTileKind    kind)
{
  GtkWidget *editor = bv_tile_editor_new (GTK_WIDGET (self), bv_page_get_workspace (BV_PAGE (self)), get_uuid (self), tile_id, kind);

  set_editing (self, TRUE);
  g_signal_connect_object (editor, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  static const struct { const char *action; BvTileKind kind; } kinds[] = {
    { "page.add-chart", BV_TILE_CHART }, { "page.add-text", BV_TILE_TEXT }, { "page.add-link", BV_TILE_NAVIGATION },
    { "page.add-image", BV_TILE_IMAGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].action, name))
      edit_tile (BV_REPORT_PAGE (widget), NULL, kinds[i].kind);
}

static void
edit_filter_cb (BvReportPage *self,
                const char   *filter_id)
{
  gtk_window_present (GTK_WINDOW (bv_filter_editor_new (GTK_WIDGET (self), self->run, filter_id)));
}

static void
add_filter_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  set_editing (BV_REPORT_PAGE (widget), TRUE);
  edit_filter_cb (BV_REPORT_PAGE (widget), NULL);
}

static void
edit_filter_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  edit_filter_cb (BV_REPORT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
edit_tile_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  edit_tile (BV_REPORT_PAGE (widget), g_variant_get_string (parameter, NULL), BV_TILE_CHART);
}

/* --- Settings ------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  BvReportPage *page;
  GtkWidget *name;
  GtkWidget *description;
} Settings;

static void
settings_accepted_cb (BvForm   *form,
                      Settings *settings)
{
  BvReportPage *self = settings->page;
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvReport *report = bv_report_run_get_report (self->run);
  g_autofree char *name = bv_form_get_text (settings->name);
  g_autofree char *description = bv_form_get_text (settings->description);
  g_autoptr(GError) error = NULL;

  if (name == NULL)
    g_set_error_literal (&error, BV_ERROR, BV_ERROR_INVALID, _("The report has no name: type one"));
  else if (report != NULL && bv_report_describe (workspace, get_uuid (self), name, description, &error))
    {
      gtk_window_close (GTK_WINDOW (form));
      return;
    }
  if (error != NULL)
    bv_form_show_error (form, error);
}

/* The part of time that a tile was zoomed to becomes the value of the time filter. */
static void
set_range_action (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  BvReportPage *self = BV_REPORT_PAGE (widget);
  BvFilter *filter = find_time_filter (self);
  BvValue value = bv_value_text (g_variant_get_string (parameter, NULL));

  if (filter != NULL)
    bv_report_run_set_values (self->run, filter->id, &value, 1);
  bv_value_clear (&value);
}

static void
settings_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  BvReportPage *self = BV_REPORT_PAGE (widget);
  BvReport *report = bv_report_run_get_report (self->run);
  GtkWidget *form, *group;
  Settings *settings;

  if (report == NULL)
    return;
  form = bv_form_new (widget, _("Report Settings"), _("_Save"));
  settings = g_new0 (Settings, 1);
  settings->page = self;
  group = bv_form_add_group (BV_FORM (form), NULL, NULL);
  settings->name = bv_form_add_entry (group, _("Name"), report->name);
  settings->description = bv_form_add_entry (group, _("Description"), report->description);
  g_signal_connect_data (form, "accepted", G_CALLBACK (settings_accepted_cb), settings, bv_closure_free, 0);
  gtk_window_present (GTK_WINDOW (form));
}

/* --- Looking into tiles ------------------------------------------------------------------------------------------------------ */

static void
mark_activated_cb (BvReportPage *self,
                   BvTileWidget *tile,
                   guint         row,
                   int           column,
                   guint         modifiers)
{
  g_autofree char *id = g_strdup (bv_tile_widget_get_id (tile));

  if ((modifiers & GDK_CONTROL_MASK) == 0 && row != G_MAXUINT
      && bv_click_filter_apply (self->clicks, id, row, (modifiers & GDK_SHIFT_MASK) != 0))
    return;
  bv_tile_show_rows (GTK_WIDGET (self), self->run, id, row, column);
}

static void
explore (BvReportPage *self,
         const char   *tile_id)
{
  g_autoptr(BvChart) chart = bv_tile_filtered_chart (self->run, tile_id);
  BvExploration *exploration = NULL;
  BvWindow *window = bv_window_of (GTK_WIDGET (self));
  BvPage *page;

  if (chart != NULL)
    exploration = bv_model_find_exploration (bv_workspace_get_model (bv_page_get_workspace (BV_PAGE (self))), chart->exploration);
  if (exploration == NULL || window == NULL || !bv_window_show_object (window, "exploration", exploration->uuid))
    return;
  page = bv_window_get_page (window);
  if (BV_IS_EXPLORATION_PAGE (page))
    bv_exploration_page_set_chart (BV_EXPLORATION_PAGE (page), chart);
}

static void
navigate (BvReportPage *self,
          const char   *tile_id)
{
  BvReport *report = bv_report_run_get_report (self->run);
  BvTile *tile = report != NULL ? bv_report_find_tile (report, tile_id) : NULL;
  BvWindow *window = bv_window_of (GTK_WIDGET (self));

  if (tile == NULL || tile->target == NULL || window == NULL)
    return;
  if (bv_window_show_object (window, "report", tile->target))
    return;
  if (bv_is_web_address (tile->target))
    gtk_show_uri (GTK_WINDOW (window), tile->target, GDK_CURRENT_TIME);
  else
    {
      g_autofree char *text = g_strdup_printf (_("There is no report “%s”"), tile->target);

      bv_page_toast (BV_PAGE (self), text);
    }
}

static void
chooser_response_cb (BvReportPage *self,
                     int           response)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "page.export-tile", "(ss)", self->chooser_tile, path);
  g_clear_object (&self->chooser);
}

static void
choose_export (BvReportPage *self,
               const char   *tile_id,
               const char   *ending)
{
  BvTileWidget *tile = bv_report_canvas_get_tile (BV_REPORT_CANVAS (self->canvas), tile_id);
  g_autofree char *name = g_strdup_printf ("%s.%s", bv_tile_widget_get_title (tile), ending);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_strdelimit (name, "/", '-');
  g_clear_object (&self->chooser);
  g_free (self->chooser_tile);
  self->chooser_tile = g_strdup (tile_id);
  self->chooser = gtk_file_chooser_native_new (_("Export Tile"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_tile_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  g_autoptr(BvReportPage) self = g_object_ref (BV_REPORT_PAGE (widget)); /* writing waits for tiles */
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  const char *id, *path;

  g_variant_get (parameter, "(&s&s)", &id, &path);
  if (!bv_report_write (widget, self->run, path, id, &error))
    {
      bv_show_error (widget, _("Could Not Export"), error);
      return;
    }
  file = g_filename_display_basename (path);
  text = g_strdup_printf (_("Exported to “%s”"), file);
  bv_page_toast (BV_PAGE (self), text);
}

static void
tile_command_cb (BvReportPage *self,
                 BvTileWidget *tile,
                 const char   *command)
{
  g_autofree char *id = g_strdup (bv_tile_widget_get_id (tile));
  guint row = G_MAXUINT;
  int column = -1;

  if (g_str_equal (command, "rows"))
    {
      bv_tile_widget_get_menu_mark (tile, &row, &column);
      bv_tile_show_rows (GTK_WIDGET (self), self->run, id, row, column);
    }
  else if (g_str_equal (command, "explain"))
    bv_tile_explain (GTK_WIDGET (self), self->run, id);
  else if (g_str_equal (command, "explore"))
    explore (self, id);
  else if (g_str_equal (command, "navigate"))
    navigate (self, id);
  else if (g_str_equal (command, "edit"))
    edit_tile (self, id, BV_TILE_CHART);
  else if (g_str_has_prefix (command, "export-"))
    choose_export (self, id, command + strlen ("export-"));
  else if (g_str_equal (command, "copy") && bv_tile_copy_data (GTK_WIDGET (self), self->run, id))
    bv_page_toast (BV_PAGE (self), _("Data copied"));
}

/* --- The whole report ----------------------------------------------------------------------------------------------------------- */

static void
set_presenting (BvReportPage *self,
                gboolean      presenting)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->presenting == presenting || !GTK_IS_WINDOW (root))
    return;
  self->presenting = presenting;
  if (presenting)
    {
      set_editing (self, FALSE);
      g_object_get (root, "sidebar", &self->had_sidebar, NULL);
      gtk_window_fullscreen (GTK_WINDOW (root));
    }
  else
    gtk_window_unfullscreen (GTK_WINDOW (root));
  g_object_set (root, "sidebar", presenting ? FALSE : self->had_sidebar, NULL);
  gtk_widget_set_visible (GTK_WIDGET (bv_page_get_header (BV_PAGE (self))), !presenting);
  gtk_widget_set_visible (GTK_WIDGET (self->presented), presenting);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENTING]);
}

static void
refresh_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  bv_report_run_refresh (BV_REPORT_PAGE (widget)->run);
}

static void
print_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  bv_report_print (widget, BV_REPORT_PAGE (widget)->run);
}

/* Escape takes back the nearest thing: the full screen, then what clicking filtered, then the edit mode. */
static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  BvReportPage *self = BV_REPORT_PAGE (widget);

  if (self->presenting)
    set_presenting (self, FALSE);
  else if (bv_click_filter_clear (self->clicks))
    return GDK_EVENT_STOP;
  else if (self->editing)
    set_editing (self, FALSE);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
clear_clicks_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  bv_click_filter_clear (BV_REPORT_PAGE (widget)->clicks);
}

static void
bv_report_page_unmap (GtkWidget *widget)
{
  set_presenting (BV_REPORT_PAGE (widget), FALSE);

  GTK_WIDGET_CLASS (bv_report_page_parent_class)->unmap (widget);
}

/* --- Object --------------------------------------------------------------------------------------------------------------------- */

static void
bv_report_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BvReportPage *self = BV_REPORT_PAGE (object);

  switch (id)
    {
    case PROP_EDITING:
      g_value_set_boolean (value, self->editing);
      break;
    case PROP_PRESENTING:
      g_value_set_boolean (value, self->presenting);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bv_report_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BvReportPage *self = BV_REPORT_PAGE (object);

  switch (id)
    {
    case PROP_EDITING:
      set_editing (self, g_value_get_boolean (value));
      break;
    case PROP_PRESENTING:
      set_presenting (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bv_report_page_dispose (GObject *object)
{
  BvReportPage *self = BV_REPORT_PAGE (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->clicks, bv_click_filter_free);

  G_OBJECT_CLASS (bv_report_page_parent_class)->dispose (object);
}

static void
bv_report_page_finalize (GObject *object)
{
  BvReportPage *self = BV_REPORT_PAGE (object);

  g_clear_object (&self->run);
  g_free (self->chooser_tile);

  G_OBJECT_CLASS (bv_report_page_parent_class)->finalize (object);
}

static void
make_header (BvReportPage *self)
{
  GtkWidget *menu_button = gtk_menu_button_new ();
  GtkWidget *refresh = bv_icon_button_new ("view-refresh-symbolic", _("Refresh"), "page.refresh");
  g_autoptr(GMenu) add = g_menu_new ();
  g_autoptr(GMenu) filters = g_menu_new ();
  g_autoptr(GMenu) tiles = g_menu_new ();
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) show = g_menu_new ();
  g_autoptr(GMenu) settings = g_menu_new ();

  g_menu_append (tiles, _("_Chart…"), "page.add-chart");
  g_menu_append (tiles, _("_Text…"), "page.add-text");
  g_menu_append (tiles, _("_Link…"), "page.add-link");
  g_menu_append (tiles, _("_Image…"), "page.add-image");
  g_menu_append (filters, _("_Filter…"), "page.add-filter");
  g_menu_append_section (add, _("Tiles"), G_MENU_MODEL (tiles));
  g_menu_append_section (add, NULL, G_MENU_MODEL (filters));
  self->add = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->add), "list-add-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->add), G_MENU_MODEL (add));
  gtk_widget_set_tooltip_text (self->add, _("Add to the Report"));
  bv_set_name (self->add, _("Add to the Report"));
  gtk_widget_set_visible (self->add, FALSE);

  self->edit = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->edit), "document-edit-symbolic");
  gtk_widget_set_tooltip_text (self->edit, _("Edit the Report"));
  bv_set_name (self->edit, _("Edit the Report"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->edit), "page.edit");

  g_menu_append (show, _("Full _Screen"), "page.present");
  g_menu_append (show, _("_Export…"), "win.export");
  g_menu_append (show, _("_Print…"), "page.print");
  g_menu_append (settings, _("_Report Settings…"), "page.settings");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (show));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (settings));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (menu_button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (menu_button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (menu_button, _("Report Menu"));
  bv_set_name (menu_button, _("Report Menu"));

  bv_page_pack_start (BV_PAGE (self), self->edit);
  bv_page_pack_start (BV_PAGE (self), self->add);
  bv_page_pack_end (BV_PAGE (self), menu_button);
  bv_page_pack_end (BV_PAGE (self), refresh);
}

static void
bv_report_page_constructed (GObject *object)
{
  BvReportPage *self = BV_REPORT_PAGE (object);
  GtkWidget *box;

  G_OBJECT_CLASS (bv_report_page_parent_class)->constructed (object);

  if (bv_page_get_workspace (BV_PAGE (self)) == NULL)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->run = bv_report_run_new (bv_page_get_workspace (BV_PAGE (self)), get_uuid (self));
  self->clicks = bv_click_filter_new (self->run);
  self->bar = bv_filter_bar_new (self->run);
  self->canvas = bv_report_canvas_new (self->run);
  self->presented = GTK_LABEL (gtk_label_new (NULL));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_label_set_ellipsize (self->presented, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->presented), "presented");
  gtk_widget_add_css_class (GTK_WIDGET (self->presented), "title-2");
  gtk_widget_set_visible (GTK_WIDGET (self->presented), FALSE);
  gtk_stack_add_named (self->stack, self->canvas, "canvas");
  gtk_stack_add_named (self->stack,
                       bv_empty_page_new ("bv-report-symbolic", _("No Tiles Yet"),
                                          _("Add a chart; filters will reach every tile that you map them to"), _("Add a _Chart…"),
                                          "page.add-chart"),
                       "no-tiles");
  gtk_stack_add_named (self->stack,
                       bv_empty_page_new ("bv-exploration-symbolic", _("Make an Exploration First"),
                                          _("Charts show the metrics of explorations, and this project has none yet"),
                                          _("Go to _Explorations"), "page.explorations"),
                       "no-explorations");
  gtk_stack_add_named (self->stack,
                       bv_empty_page_new ("bv-report-symbolic", _("No Tiles"), _("This project is read-only: nothing can be added"), NULL,
                                          NULL),
                       "read-only");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  g_signal_connect_object (self->bar, "edit-filter", G_CALLBACK (edit_filter_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "tile-command", G_CALLBACK (tile_command_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "mark-activated", G_CALLBACK (mark_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->presented));
  gtk_box_append (GTK_BOX (box), self->bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  bv_page_set_content (BV_PAGE (self), box);
  make_header (self);
}

static void
explorations_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  bv_page_show_object (BV_PAGE (widget), "explorations", NULL);
}

static void
bv_report_page_class_init (BvReportPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  BvPageClass *page_class = BV_PAGE_CLASS (klass);

  object_class->constructed = bv_report_page_constructed;
  object_class->dispose = bv_report_page_dispose;
  object_class->finalize = bv_report_page_finalize;
  object_class->get_property = bv_report_page_get_property;
  object_class->set_property = bv_report_page_set_property;
  widget_class->unmap = bv_report_page_unmap;
  page_class->refresh = bv_report_page_refresh;
  page_class->is_alive = bv_report_page_is_alive;
  page_class->is_busy = bv_report_page_is_busy;
  page_class->shown = bv_report_page_shown;
  page_class->export_path = bv_report_page_export_path;
  page_class->export_name = bv_report_page_export_name;

  properties[PROP_EDITING] = g_param_spec_boolean ("editing", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_PRESENTING] = g_param_spec_boolean ("presenting", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "page.edit", "editing");
  gtk_widget_class_install_property_action (widget_class, "page.present", "presenting");
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "page.set-range", "s", set_range_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "page.settings", NULL, settings_action);
  gtk_widget_class_install_action (widget_class, "page.add-chart", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "page.add-text", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "page.add-link", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "page.add-image", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "page.add-filter", NULL, add_filter_action);
  gtk_widget_class_install_action (widget_class, "page.edit-filter", "s", edit_filter_action);
  gtk_widget_class_install_action (widget_class, "page.edit-tile", "s", edit_tile_action);
  gtk_widget_class_install_action (widget_class, "page.export-tile", "(ss)", export_tile_action);
  gtk_widget_class_install_action (widget_class, "page.clear-clicks", NULL, clear_clicks_action);
  gtk_widget_class_install_action (widget_class, "page.explorations", NULL, explorations_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "page.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "page.present", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "page.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "page.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "page.print", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
bv_report_page_init (BvReportPage *self)
{
}

GtkWidget *
bv_report_page_new (BvWorkspace *workspace,
                    const char  *uuid)
{
  BvPage *page = g_object_new (BV_TYPE_REPORT_PAGE, "workspace", workspace, "object-id", uuid, NULL);

  bv_page_refresh (page);
  return GTK_WIDGET (page);
}

BvReportRun *
bv_report_page_get_run (BvReportPage *self)
{
  g_return_val_if_fail (BV_IS_REPORT_PAGE (self), NULL);
  return self->run;
}
