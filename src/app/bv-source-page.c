/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page is made anew when a sync begins or ends and when the project changes; while a sync runs only its line and bar move.
 *
 * Actions: "page.sync", "page.cancel", "page.sweep", "page.reload", "page.connection", "page.streams", "page.schedule", "page.rename",
 * "page.remove".
 */
#include "config.h"
#include "bv-source-page.h"

#include "bv-access.h"
#include "bv-notice.h"
#include "bv-source-dialogs.h"
#include "bv-source-text.h"
#include "bv-syncs.h"
#include "bv-util.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define N_RUNS 20

struct _BvSourcePage
{
  BvPage parent_instance;

  BvSyncs *syncs; /* the workspace's */
  GtkWidget *notice;
  GtkWidget *box;
  GtkWidget *tables;
  GPtrArray *freshness;   /* (nullable): of the tables, as they were counted last */
  GCancellable *counting; /* (nullable) */
  GtkWidget *sync_button;
  GtkWidget *cancel_button;
  GtkWidget *working;
  GtkWidget *text;
  GtkWidget *bar;
};

G_DEFINE_FINAL_TYPE (BvSourcePage, bv_source_page, BV_TYPE_PAGE)

/* (transfer full) (nullable) */
static BvSource *
get_source (BvSourcePage *self)
{
  return bv_source_find (bv_workspace_get_project (bv_page_get_workspace (BV_PAGE (self))), bv_page_get_object_id (BV_PAGE (self)), NULL);
}

/* --- Tables --------------------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
new_table_row (BvSourcePage      *self,
               const BvFreshness *freshness)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvLocale *locale = bv_workspace_get_locale (workspace);
  BvTable *table = bv_model_find_table (bv_workspace_get_model (workspace), freshness->table);
  g_autofree char *rows = bv_rows_text (freshness->n_rows, locale);
  g_autofree char *deleted = NULL;
  g_autofree char *text = NULL;
  GtkWidget *row, *label;

  if (freshness->n_deleted > 0)
    {
      g_autofree char *number = bv_locale_format_count (locale, freshness->n_deleted);
      /* Translators: %s is a number of rows */
      deleted = g_strdup_printf (_(" · %s deleted at the source"), number);
    }
  text = g_strconcat (rows, deleted, NULL);
  if (freshness->error != NULL)
    {
      g_autofree char *both = g_strconcat (text, "\n", freshness->error, NULL);

      g_free (text);
      text = g_steal_pointer (&both);
    }
  row = bv_row_new (table != NULL && table->label != NULL ? table->label : freshness->table, text, table != NULL ? "table" : NULL, freshness->table);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (freshness->error != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  if (freshness->synced_at != 0)
    {
      g_autofree char *ago = bv_ago (freshness->synced_at, g_get_real_time (), locale);
      g_autofree char *when = bv_locale_format_instant (locale, freshness->synced_at);

      label = gtk_label_new (ago);
      gtk_widget_set_tooltip_text (label, when);
    }
  else
    label = gtk_label_new (_("not complete yet"));
  gtk_widget_add_css_class (label, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  if (table != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

/* --- Decisions ------------------------------------------------------------------------------------------------------------------------ */

static void
decide_cb (GtkWidget *button)
{
  BvSourcePage *self = BV_SOURCE_PAGE (gtk_widget_get_ancestor (button, BV_TYPE_SOURCE_PAGE));
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  gint64 *id = g_object_get_data (G_OBJECT (button), "bv-drift");
  BvDriftDecision decision = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "bv-decision"));
  g_autoptr(GError) error = NULL;

  if (!bv_source_decide (bv_workspace_get_project (workspace), *id, decision, &error) || !bv_workspace_reload (workspace, &error))
    bv_show_error (GTK_WIDGET (self), _("Could Not Decide"), error);
}

static void
add_decision (GtkWidget       *row,
              const BvDrift   *drift,
              const char      *label,
              BvDriftDecision  decision)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "bv-drift", g_memdup2 (&drift->id, sizeof drift->id), g_free);
  g_object_set_data (G_OBJECT (button), "bv-decision", GINT_TO_POINTER (decision));
  g_signal_connect (button, "clicked", G_CALLBACK (decide_cb), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_drifts (BvSourcePage *self,
            GPtrArray    *drifts)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  GtkWidget *list = NULL;

  for (guint i = 0; i < drifts->len; i++)
    {
      BvDrift *drift = g_ptr_array_index (drifts, i);
      g_autofree char *ago = bv_ago (drift->found_at, g_get_real_time (), bv_workspace_get_locale (workspace));
      GtkWidget *row;

      if (!drift->open)
        continue;
      if (list == NULL)
        gtk_box_append (GTK_BOX (self->box), bv_section_new (_("What Changed at the Source"), NULL, &list));
      row = bv_row_new (drift->text, ago, NULL, NULL);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      if (bv_page_can_edit (BV_PAGE (self)) && drift->kind == BV_DRIFT_ADDED)
        {
          add_decision (row, drift, _("Add"), BV_DECISION_ADD);
          add_decision (row, drift, _("Ignore"), BV_DECISION_IGNORE);
        }
      else if (bv_page_can_edit (BV_PAGE (self)))
        add_decision (row, drift, C_("decision", "Understood"), BV_DECISION_KEEP);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
}

/* --- History -------------------------------------------------------------------------------------------------------------------------- */

static void
diff_cb (GtkWidget *button)
{
  BvPage *self = BV_PAGE (gtk_widget_get_ancestor (button, BV_TYPE_SOURCE_PAGE));
  gint64 *run = g_object_get_data (G_OBJECT (button), "bv-run");

  bv_source_diff_show (GTK_WIDGET (self), bv_page_get_workspace (self), *run, g_object_get_data (G_OBJECT (button), "bv-table"));
}

static GtkWidget *
new_stream_row (BvSourcePage      *self,
                const BvRun       *run,
                const BvRunStream *stream)
{
  BvLocale *locale = bv_workspace_get_locale (bv_page_get_workspace (BV_PAGE (self)));
  g_autofree char *counts = bv_source_counts_text (&stream->counts, locale);
  g_autofree char *effort = bv_source_effort_text (&stream->counts, locale);
  g_autofree char *text = stream->error != NULL ? g_strdup_printf ("%s · %s\n%s", counts, effort, stream->error)
                                                : g_strdup_printf ("%s · %s", counts, effort);
  GtkWidget *row = bv_row_new (stream->stream, text, NULL, NULL);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (stream->error != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  if (stream->table != NULL && run->has_diff && (stream->counts.added | stream->counts.changed | stream->counts.deleted | stream->counts.merged) != 0)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Show Changes"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "bv-run", g_memdup2 (&run->id, sizeof run->id), g_free);
      g_object_set_data_full (G_OBJECT (button), "bv-table", g_strdup (stream->table), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (diff_cb), NULL);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static GtkWidget *
new_run_row (BvSourcePage *self,
             const BvRun  *run)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  BvLocale *locale = bv_workspace_get_locale (workspace);
  GtkWidget *row;
  g_autofree char *when = bv_locale_format_instant (locale, run->started);
  g_autofree char *title = g_strdup_printf ("%s · %s", when, run->undone ? _("undone") : bv_run_status_to_label (run->status));
  g_autofree char *counts = bv_source_counts_text (&run->counts, locale);
  g_autofree char *effort = bv_source_effort_text (&run->counts, locale);
  g_autofree char *text = run->error != NULL ? g_strdup (run->error) : g_strdup_printf ("%s · %s", counts, effort);

  row = bv_expander_new (title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), text);
  if (run->status != BV_RUN_DONE && run->status != BV_RUN_RUNNING)
    adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  for (guint i = 0; i < run->streams->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), new_stream_row (self, run, g_ptr_array_index (run->streams, i)));
  return row;
}

/* --- The page ------------------------------------------------------------------------------------------------------------------------- */

static void
show_progress (BvSourcePage *self)
{
  const char *uuid = bv_page_get_object_id (BV_PAGE (self));
  gboolean running = bv_syncs_is_running (self->syncs, uuid);
  double fraction = bv_syncs_get_fraction (self->syncs, uuid);

  gtk_widget_set_visible (self->working, running);
  gtk_widget_set_visible (self->cancel_button, running);
  gtk_widget_set_visible (self->sync_button, !running && bv_page_can_edit (BV_PAGE (self)));
  if (!running)
    return;
  gtk_label_set_text (GTK_LABEL (self->text), bv_syncs_get_text (self->syncs, uuid));
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), fraction);
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->bar));
}

static void
show_tables (BvSourcePage *self)
{
  GtkWidget *list;

  bv_box_clear (self->tables);
  gtk_widget_set_visible (self->tables, self->freshness != NULL && self->freshness->len > 0);
  if (!gtk_widget_get_visible (self->tables))
    return;
  gtk_box_append (GTK_BOX (self->tables), bv_section_new (_("Tables"), NULL, &list));
  for (guint i = 0; i < self->freshness->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_table_row (self, g_ptr_array_index (self->freshness, i)));
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *freshness = bv_source_list_freshness_finish (result, &error);
  BvSourcePage *self = data;

  /* The page may be gone, or counts anew. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (freshness == NULL)
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  g_clear_pointer (&self->freshness, g_ptr_array_unref);
  self->freshness = freshness;
  show_tables (self);
}

static void
stop_counting (BvSourcePage *self)
{
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
}

static void
bv_source_page_refresh (BvPage *page)
{
  BvSourcePage *self = BV_SOURCE_PAGE (page);
  BvWorkspace *workspace = bv_page_get_workspace (page);
  BvProject *project = bv_workspace_get_project (workspace);
  g_autoptr(BvSource) source = get_source (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) drifts = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autofree char *schedule = NULL;
  g_autofree char *subtitle = NULL;
  GtkWidget *list = NULL;

  if (source == NULL)
    return;
  schedule = bv_schedule_describe (&source->schedule);
  subtitle = g_strdup_printf ("%s · %s", bv_source_kind_find (source->kind)->name, schedule);
  bv_page_set_title (page, source->name);
  bv_page_set_subtitle (page, subtitle);
  bv_box_clear (self->box);
  bv_notice_hide (BV_NOTICE (self->notice));
  show_progress (self);

  stop_counting (self);
  drifts = bv_source_list_drifts (project, source->uuid, &error);
  runs = error == NULL ? bv_source_list_runs (project, source->uuid, N_RUNS, &error) : NULL;
  if (error != NULL)
    {
      bv_notice_show_error (BV_NOTICE (self->notice), error);
      return;
    }
  if (runs->len > 0)
    {
      BvRun *last = g_ptr_array_index (runs, 0);

      if (last->error != NULL && !bv_syncs_is_running (self->syncs, source->uuid))
        {
          g_autoptr(GError) problem = g_error_new_literal (BV_ERROR, BV_ERROR_FAILED, last->error);

          bv_notice_show_error (BV_NOTICE (self->notice), problem);
        }
    }
  add_drifts (self, drifts);
  self->tables = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), self->tables);
  show_tables (self);
  self->counting = g_cancellable_new ();
  bv_source_list_freshness_async (project, source->uuid, self->counting, counted_cb, self);
  gtk_box_append (GTK_BOX (self->box), bv_section_new (_("History"), runs->len == 0 ? _("This source has not been synced yet.") : NULL,
                                                       runs->len > 0 ? &list : NULL));
  for (guint i = 0; i < runs->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_run_row (self, g_ptr_array_index (runs, i)));
}

static gboolean
bv_source_page_is_alive (BvPage *page)
{
  g_autoptr(BvSource) source = get_source (BV_SOURCE_PAGE (page));

  return source != NULL;
}

static void
progress_cb (BvSourcePage *self,
             const char   *uuid)
{
  if (g_strcmp0 (uuid, bv_page_get_object_id (BV_PAGE (self))) == 0)
    show_progress (self);
}

static void
changed_cb (BvSourcePage *self,
            const char   *uuid)
{
  if (g_strcmp0 (uuid, bv_page_get_object_id (BV_PAGE (self))) == 0)
    bv_page_refresh (BV_PAGE (self));
}

/* --- Actions -------------------------------------------------------------------------------------------------------------------------- */

static void
sync_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  BvSourcePage *self = BV_SOURCE_PAGE (widget);
  g_autoptr(BvSource) source = get_source (self);

  if (source != NULL)
    bv_syncs_start (self->syncs, source,
                    g_str_equal (action, "page.sweep") ? BV_SYNC_SWEEP | BV_SYNC_LINKS
                    : g_str_equal (action, "page.reload") ? BV_SYNC_RELOAD | BV_SYNC_SWEEP | BV_SYNC_LINKS
                                                          : BV_SYNC_DEFAULT);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  BvSourcePage *self = BV_SOURCE_PAGE (widget);

  bv_syncs_cancel (self->syncs, bv_page_get_object_id (BV_PAGE (self)));
}

static void
dialog_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (widget));
  BvSource *source = get_source (BV_SOURCE_PAGE (widget));

  if (source == NULL)
    return;
  if (g_str_equal (action, "page.connection"))
    bv_source_dialog_show (widget, workspace, source);
  else if (g_str_equal (action, "page.streams"))
    bv_source_streams_show (widget, workspace, source, NULL, NULL);
  else
    bv_source_schedule_show (widget, workspace, source);
}

static void
renamed (const char *text,
         gpointer    data)
{
  BvSourcePage *self = data;
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  g_autoptr(BvSource) source = get_source (self);
  g_autoptr(GError) error = NULL;

  if (source == NULL)
    return;
  g_free (source->name);
  source->name = g_strdup (text);
  if (!bv_source_put (bv_workspace_get_project (workspace), source, _("Rename Source"), &error) || !bv_workspace_reload (workspace, &error))
    bv_show_error (GTK_WIDGET (self), _("Could Not Rename the Source"), error);
}

static void
rename_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  g_autoptr(BvSource) source = get_source (BV_SOURCE_PAGE (widget));

  if (source != NULL)
    bv_ask_text (widget, _("Rename Source"), NULL, _("Name"), source->name, _("_Rename"), NULL, renamed, g_object_ref (widget), g_object_unref);
}

static void
remove_cb (AdwMessageDialog *dialog,
           const char       *response,
           BvSourcePage     *self)
{
  BvWorkspace *workspace = bv_page_get_workspace (BV_PAGE (self));
  g_autoptr(BvSource) source = get_source (self);
  g_autoptr(GError) error = NULL;

  if (g_str_equal (response, "cancel") || source == NULL)
    return;
  bv_syncs_cancel (self->syncs, source->uuid);
  if (!bv_source_remove (bv_workspace_get_project (workspace), source->uuid, g_str_equal (response, "all"), &error))
    {
      bv_show_error (GTK_WIDGET (self), _("Could Not Remove the Source"), error);
      return;
    }
  /* The secrets stay in the keyring, so that the removal can be undone; adding the source again overwrites them. */
  bv_workspace_reload (workspace, NULL);
}

static void
remove_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  g_autoptr(BvSource) source = get_source (BV_SOURCE_PAGE (widget));
  g_autofree char *title = NULL;
  GtkWidget *dialog;
  AdwMessageDialog *message;

  if (source == NULL)
    return;
  title = g_strdup_printf (_("Remove “%s”?"), source->name);
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), title,
                                   _("Its tables can stay as they are now: explorations and reports go on working. Either way it can be undone."));
  message = ADW_MESSAGE_DIALOG (dialog);
  adw_message_dialog_add_response (message, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (message, "keep", _("_Keep Tables"));
  adw_message_dialog_add_response (message, "all", _("Remove _All"));
  adw_message_dialog_set_response_appearance (message, "all", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "keep");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_cb), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
bv_source_page_dispose (GObject *object)
{
  BvSourcePage *self = BV_SOURCE_PAGE (object);

  stop_counting (self);
  g_clear_pointer (&self->freshness, g_ptr_array_unref);
  G_OBJECT_CLASS (bv_source_page_parent_class)->dispose (object);
}

static void
bv_source_page_class_init (BvSourcePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const dialogs[] = { "page.connection", "page.streams", "page.schedule" };
  static const char *const syncs[] = { "page.sync", "page.sweep", "page.reload" };

  G_OBJECT_CLASS (klass)->dispose = bv_source_page_dispose;
  BV_PAGE_CLASS (klass)->refresh = bv_source_page_refresh;
  BV_PAGE_CLASS (klass)->is_alive = bv_source_page_is_alive;
  for (guint i = 0; i < G_N_ELEMENTS (syncs); i++)
    gtk_widget_class_install_action (widget_class, syncs[i], NULL, sync_action);
  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    gtk_widget_class_install_action (widget_class, dialogs[i], NULL, dialog_action);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "page.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "page.remove", NULL, remove_action);
}

static GMenuModel *
new_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) more = g_menu_new ();
  g_autoptr(GMenu) edit = g_menu_new ();
  g_autoptr(GMenu) end = g_menu_new ();

  g_menu_append (more, _("Look for _Deleted Records"), "page.sweep");
  g_menu_append (more, _("Read _Everything Again"), "page.reload");
  g_menu_append (edit, _("Edit _Connection…"), "page.connection");
  g_menu_append (edit, _("Choose _Streams…"), "page.streams");
  g_menu_append (edit, _("Sc_hedule…"), "page.schedule");
  g_menu_append (edit, _("Re_name…"), "page.rename");
  g_menu_append (end, _("_Remove…"), "page.remove");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

static void
bv_source_page_init (BvSourcePage *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *menu_button = gtk_menu_button_new ();
  g_autoptr(GMenuModel) menu = new_menu ();

  /* The title is a source's name, which may be long: icons leave it the room. */
  self->sync_button = bv_icon_button_new ("view-refresh-symbolic", _("Sync Now"), "page.sync");
  self->cancel_button = bv_icon_button_new ("process-stop-symbolic", _("Stop"), "page.cancel");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (menu_button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (menu_button), menu);
  gtk_widget_set_tooltip_text (menu_button, _("More Actions"));
  bv_set_name (menu_button, _("More Actions"));
  bv_page_pack_start (BV_PAGE (self), self->sync_button);
  bv_page_pack_start (BV_PAGE (self), self->cancel_button);
  bv_page_pack_end (BV_PAGE (self), menu_button);

  self->working = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_margin_start (self->working, 18);
  gtk_widget_set_margin_end (self->working, 18);
  gtk_widget_set_margin_top (self->working, 12);
  self->text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->text), PANGO_ELLIPSIZE_END);
  self->bar = gtk_progress_bar_new ();
  bv_set_name (self->bar, _("Sync progress"));
  gtk_box_append (GTK_BOX (self->working), self->text);
  gtk_box_append (GTK_BOX (self->working), self->bar);

  self->notice = bv_notice_new ();
  gtk_box_append (GTK_BOX (content), self->notice);
  gtk_box_append (GTK_BOX (content), self->working);
  gtk_box_append (GTK_BOX (content), bv_column_new (760, &self->box));
  bv_page_set_content (BV_PAGE (self), content);
}

GtkWidget *
bv_source_page_new (BvWorkspace *workspace,
                    const char  *uuid)
{
  BvSourcePage *self = g_object_new (BV_TYPE_SOURCE_PAGE, "workspace", workspace, "object-id", uuid, NULL);
  static const char *const changing[] = { "page.sync", "page.sweep", "page.reload", "page.connection", "page.streams", "page.schedule", "page.rename",
                                          "page.remove" };

  self->syncs = bv_syncs_of (workspace);
  g_signal_connect_object (self->syncs, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->syncs, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (changing); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), changing[i], bv_page_can_edit (BV_PAGE (self)));
  bv_page_refresh (BV_PAGE (self));
  return GTK_WIDGET (self);
}
