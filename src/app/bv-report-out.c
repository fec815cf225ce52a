/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and pages are made in a thread. Meanwhile the main loop runs on; after SHOW_MS a window says how far the work is and lets it be cancelled. */
#include "config.h"
#include "bv-report-out.h"

#include "bv-export.h"
#include "bv-util.h"

#include <glib/gi18n.h>

#define SHOW_MS 400

/* --- Waiting -------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *parent;         /* (transfer full) */
  const char *title;
  GCancellable *cancellable;
  GAsyncResult *result;      /* (nullable): when it is done */
  GtkWindow *window;         /* (nullable): when it takes long */
  GtkLabel *label;
  GtkProgressBar *bar;
  GtkWidget *cancel;
  guint show_id;
} Wait;

static gboolean
close_request_cb (Wait *wait)
{
  g_cancellable_cancel (wait->cancellable);
  gtk_label_set_label (wait->label, _("Stopping…"));
  gtk_widget_set_sensitive (wait->cancel, FALSE);
  return TRUE; /* it closes when the work has ended */
}

static void
add_escape (GtkWindow *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
}

static gboolean
show_cb (gpointer data)
{
  Wait *wait = data;
  GtkRoot *root = gtk_widget_get_root (wait->parent);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  wait->show_id = 0;
  wait->label = GTK_LABEL (gtk_label_new (wait->title));
  wait->cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  wait->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  wait->window = g_object_new (ADW_TYPE_WINDOW, "title", wait->title, "modal", TRUE, "resizable", FALSE, "default-width", 320,
                               "transient-for", GTK_IS_WINDOW (root) ? root : NULL, NULL);
  bv_set_name (GTK_WIDGET (wait->bar), wait->title);
  gtk_widget_add_css_class (GTK_WIDGET (wait->label), "heading");
  gtk_widget_set_halign (wait->cancel, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (wait->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (wait->bar));
  gtk_box_append (GTK_BOX (box), wait->cancel);
  adw_window_set_content (ADW_WINDOW (wait->window), box);
  g_signal_connect_swapped (wait->cancel, "clicked", G_CALLBACK (gtk_window_close), wait->window);
  g_signal_connect_swapped (wait->window, "close-request", G_CALLBACK (close_request_cb), wait);
  add_escape (wait->window);
  gtk_window_present (wait->window);
  return G_SOURCE_REMOVE;
}

static void
wait_init (Wait       *wait,
           GtkWidget  *parent,
           const char *title)
{
  *wait = (Wait){ .parent = g_object_ref (parent), .title = title, .cancellable = g_cancellable_new () };
  wait->show_id = g_timeout_add (SHOW_MS, show_cb, wait);
}

static void
wait_clear (Wait *wait)
{
  g_clear_handle_id (&wait->show_id, g_source_remove);
  g_clear_pointer (&wait->window, gtk_window_destroy);
  g_clear_object (&wait->result);
  g_clear_object (&wait->cancellable);
  g_clear_object (&wait->parent);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wait, wait_clear)

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer data)
{
  Wait *wait = data;

  if (wait->bar != NULL && total > 0)
    gtk_progress_bar_set_fraction (wait->bar, (double) done / (double) total);
}

static void
ready_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  ((Wait *) data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return wait->result;
}

/* --- Files ------------------------------------------------------------------------------------------------------------------ */

gboolean
bv_report_write (GtkWidget    *parent,
                 BvReportRun  *run,
                 const char   *path,
                 const char   *tile_id,
                 GError      **error)
{
  /* Waiting runs the main loop, in which the page may be closed. */
  g_autoptr(BvReportRun) kept = g_object_ref (run);
  g_auto(Wait) wait = { NULL };
  BvExportKind kind;

  if (!bv_export_kind_from_path (path, &kind))
    {
      g_set_error_literal (error, BV_ERROR, BV_ERROR_INVALID,
                           _("The file's ending is not known: use .pdf, .png, .svg, .xlsx, .csv or .json"));
      return FALSE;
    }
  wait_init (&wait, parent, _("Exporting"));
  if (!bv_report_run_wait (run, wait.cancellable, error))
    return FALSE;
  bv_report_export_async (run, path, kind, tile_id, NULL, progress_cb, &wait, wait.cancellable, ready_cb, &wait);
  return bv_report_export_finish (wait_for_result (&wait), error);
}

/* --- Printing --------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *parent;
  BvReportRun *run;
  GPtrArray *pages; /* cairo_surface_t */
} Print;

static void
print_free (gpointer  data,
            GClosure *closure)
{
  Print *print = data;

  g_clear_pointer (&print->pages, g_ptr_array_unref);
  g_object_unref (print->parent);
  g_object_unref (print->run);
  g_free (print);
}

/* The paper is known now. */
static void
begin_print_cb (GtkPrintOperation *operation,
                GtkPrintContext   *context,
                Print             *print)
{
  BvPaper paper = { gtk_print_context_get_width (context), gtk_print_context_get_height (context), 0 };
  g_autoptr(GError) error = NULL;
  g_auto(Wait) wait = { NULL };

  wait_init (&wait, print->parent, _("Printing"));
  g_clear_pointer (&print->pages, g_ptr_array_unref);
  bv_report_paint_async (print->run, &paper, progress_cb, &wait, wait.cancellable, ready_cb, &wait);
  print->pages = bv_report_paint_finish (wait_for_result (&wait), &error);
  if (print->pages != NULL)
    {
      gtk_print_operation_set_n_pages (operation, (int) print->pages->len);
      return;
    }
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_cancel (operation);
  bv_show_error (print->parent, _("Could Not Print"), error);
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext   *context,
              int                page,
              Print             *print)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);

  if (print->pages == NULL || (guint) page >= print->pages->len)
    return;
  cairo_set_source_surface (cr, g_ptr_array_index (print->pages, page), 0, 0);
  cairo_paint (cr);
}

void
bv_report_print (GtkWidget   *parent,
                 BvReportRun *run)
{
  g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr(GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BvReportRun) kept = g_object_ref (run);
  g_autoptr(GtkWidget) kept_parent = g_object_ref (parent);
  BvReport *report;
  GtkRoot *root;
  Print *print;
  {
    g_auto(Wait) wait = { NULL };

    wait_init (&wait, parent, _("Printing"));
    if (!bv_report_run_wait (run, wait.cancellable, &error))
      {
        bv_show_error (parent, _("Could Not Print"), error);
        return;
      }
  }
  /* Meanwhile the page may have been closed. */
  report = bv_report_run_get_report (run);
  root = gtk_widget_get_root (parent);
  if (report == NULL || root == NULL)
    return;
  print = g_new0 (Print, 1);
  print->parent = g_object_ref (parent);
  print->run = g_object_ref (run);
  gtk_page_setup_set_orientation (setup, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_job_name (operation, report->name);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print_cb), print);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb), print, print_free, 0);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    bv_show_error (parent, _("Could Not Print"), error);
}
