/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-page.h"

#include "bv-notice.h"
#include "bv-util.h"
#include "bv-window.h"

#include <glib/gi18n.h>

typedef struct
{
  BvWorkspace *workspace;
  char *object_id;
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkWidget *box;
  GtkWidget *content;
  GtkStack *views; /* (nullable): weak */
  GtkWidget *toggle;
  GtkWidget *today; /* the notice of a "today" that is not the clock's */
  guint n_busy;
  gboolean stale; /* the project has changed while the page was not in sight */
} BvPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BvPage, bv_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_OBJECT_ID,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_CONTENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void update_today_notice (BvPage *self);

/* Pages that are kept out of sight would each make their lists and ask their queries anew with every step: they do so once, when they are
 * shown again. */
static void
changed_cb (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      priv->stale = TRUE;
      return;
    }
  update_today_notice (self);
  bv_page_refresh (self);
}

static void
bv_page_map (GtkWidget *widget)
{
  BvPage *self = BV_PAGE (widget);
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  if (priv->stale)
    {
      update_today_notice (self);
      bv_page_refresh (self);
    }
  GTK_WIDGET_CLASS (bv_page_parent_class)->map (widget);
}

/* The window makes the menu, with the names of the steps to undo and redo in it. */
static void
root_cb (GtkMenuButton *button)
{
  BvWindow *window = bv_window_of (GTK_WIDGET (button));

  gtk_menu_button_set_menu_model (button, window != NULL ? bv_window_get_menu (window) : NULL);
}

/* A project that cannot be changed says so, and why, on every page. */
static void
add_read_only_notice (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  BvProject *project = bv_workspace_get_project (priv->workspace);
  const char *reason = bv_project_get_read_only_reason (project);
  GtkWidget *notice;

  if (!bv_project_is_read_only (project))
    return;
  notice = bv_notice_new ();
  bv_notice_show (BV_NOTICE (notice), reason != NULL ? reason : _("This project was opened read-only"));
  gtk_box_insert_child_after (GTK_BOX (priv->box), notice, GTK_WIDGET (priv->header));
}

/* Takes the project's day away, as a step that can be undone. */
static void
use_clock_cb (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  BvModel *model = bv_workspace_get_model (priv->workspace);
  g_autoptr(GError) error = NULL;

  if (!bv_workspace_put_settings (priv->workspace, model->time_zone, model->currency, model->week_start, NULL, &error))
    bv_show_error (GTK_WIDGET (self), _("Could Not Change the Settings"), error);
}

/* Where "today" is not the clock's, as in a sample that was made some time ago, every page says so. */
static void
update_today_notice (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  BvModel *model = bv_workspace_get_model (priv->workspace);
  gint64 day;
  g_autofree char *date = NULL;
  g_autofree char *text = NULL;

  if (model->as_of == NULL || !bv_date_parse (model->as_of, -1, &day) || day == bv_calendar_day (model->calendar, g_get_real_time ()))
    {
      bv_notice_hide (BV_NOTICE (priv->today));
      return;
    }
  date = bv_locale_format_date (bv_workspace_get_locale (priv->workspace), day);
  text = g_strdup_printf (_("Today is %s in this project: its data end there"), date);
  bv_notice_set_button (BV_NOTICE (priv->today), bv_project_is_read_only (bv_workspace_get_project (priv->workspace)) ? NULL : _("_Use the Clock"));
  bv_notice_show (BV_NOTICE (priv->today), text);
}

static void
bv_page_constructed (GObject *object)
{
  BvPage *self = BV_PAGE (object);
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  G_OBJECT_CLASS (bv_page_parent_class)->constructed (object);

  if (priv->workspace == NULL)
    return;
  priv->today = bv_notice_new ();
  gtk_box_insert_child_after (GTK_BOX (priv->box), priv->today, GTK_WIDGET (priv->header));
  g_signal_connect_object (priv->today, "clicked", G_CALLBACK (use_clock_cb), self, G_CONNECT_SWAPPED);
  update_today_notice (self);
  add_read_only_notice (self);
  g_signal_connect_object (priv->workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

static void
bv_page_finalize (GObject *object)
{
  BvPagePrivate *priv = bv_page_get_instance_private (BV_PAGE (object));

  g_clear_weak_pointer (&priv->views);
  g_clear_object (&priv->workspace);
  g_clear_pointer (&priv->object_id, g_free);

  G_OBJECT_CLASS (bv_page_parent_class)->finalize (object);
}

static void
bv_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BvPage *self = BV_PAGE (object);
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  switch (id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, priv->workspace);
      break;
    case PROP_OBJECT_ID:
      g_value_set_string (value, priv->object_id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, bv_page_get_title (self));
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, adw_window_title_get_subtitle (priv->title));
      break;
    case PROP_CONTENT:
      g_value_set_object (value, priv->content);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bv_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BvPage *self = BV_PAGE (object);
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  switch (id)
    {
    case PROP_WORKSPACE:
      priv->workspace = g_value_dup_object (value);
      break;
    case PROP_OBJECT_ID:
      priv->object_id = g_value_dup_string (value);
      break;
    case PROP_TITLE:
      bv_page_set_title (self, g_value_get_string (value));
      break;
    case PROP_SUBTITLE:
      bv_page_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_CONTENT:
      bv_page_set_content (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bv_page_class_init (BvPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = bv_page_constructed;
  object_class->finalize = bv_page_finalize;
  object_class->get_property = bv_page_get_property;
  object_class->set_property = bv_page_set_property;
  GTK_WIDGET_CLASS (klass)->map = bv_page_map;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, BV_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_OBJECT_ID] = g_param_spec_string ("object-id", NULL, NULL, NULL,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, "",
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bv_page_init (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  GtkWidget *menu = gtk_menu_button_new ();

  priv->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  priv->header = ADW_HEADER_BAR (adw_header_bar_new ());
  priv->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  adw_header_bar_set_title_widget (priv->header, GTK_WIDGET (priv->title));

  priv->toggle = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (priv->toggle), "sidebar-show-symbolic");
  gtk_widget_set_tooltip_text (priv->toggle, _("Show Sidebar"));
  bv_set_name (priv->toggle, _("Show Sidebar"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (priv->toggle), "win.sidebar");
  adw_header_bar_pack_start (priv->header, priv->toggle);

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (menu), "open-menu-symbolic");
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (menu), TRUE);
  gtk_widget_set_tooltip_text (menu, _("Main Menu"));
  bv_set_name (menu, _("Main Menu"));
  g_signal_connect (menu, "notify::root", G_CALLBACK (root_cb), NULL);
  adw_header_bar_pack_end (priv->header, menu);

  gtk_box_append (GTK_BOX (priv->box), GTK_WIDGET (priv->header));
  adw_bin_set_child (ADW_BIN (self), priv->box);
}

BvWorkspace *
bv_page_get_workspace (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), NULL);

  return priv->workspace;
}

const char *
bv_page_get_object_id (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), NULL);

  return priv->object_id;
}

const char *
bv_page_get_title (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), NULL);

  return adw_window_title_get_title (priv->title);
}

void
bv_page_set_title (BvPage     *self,
                   const char *title)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));

  if (g_strcmp0 (title != NULL ? title : "", adw_window_title_get_title (priv->title)) == 0)
    return;
  adw_window_title_set_title (priv->title, title != NULL ? title : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

void
bv_page_set_subtitle (BvPage     *self,
                      const char *subtitle)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));

  if (g_strcmp0 (subtitle != NULL ? subtitle : "", adw_window_title_get_subtitle (priv->title)) == 0)
    return;
  adw_window_title_set_subtitle (priv->title, subtitle != NULL ? subtitle : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBTITLE]);
}

AdwHeaderBar *
bv_page_get_header (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), NULL);

  return priv->header;
}

void
bv_page_pack_start (BvPage    *self,
                    GtkWidget *widget)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));

  adw_header_bar_pack_start (priv->header, widget);
}

void
bv_page_pack_end (BvPage    *self,
                  GtkWidget *widget)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));

  adw_header_bar_pack_end (priv->header, widget);
}

GtkWidget *
bv_page_get_content (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), NULL);

  return priv->content;
}

void
bv_page_set_content (BvPage    *self,
                     GtkWidget *content)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));
  g_return_if_fail (content == NULL || GTK_IS_WIDGET (content));

  if (priv->content == content)
    return;
  if (priv->content != NULL)
    gtk_box_remove (GTK_BOX (priv->box), priv->content);
  priv->content = content;
  if (content != NULL)
    {
      gtk_widget_set_vexpand (content, TRUE);
      gtk_box_append (GTK_BOX (priv->box), content);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTENT]);
}

void
bv_page_set_views (BvPage   *self,
                   GtkStack *views)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));
  g_return_if_fail (GTK_IS_STACK (views));

  g_set_weak_pointer (&priv->views, views);
}

gboolean
bv_page_step_view (BvPage *self,
                   int     by)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  g_autoptr(GtkSelectionModel) views = NULL;
  guint n, i = 0;
  gint64 next;

  g_return_val_if_fail (BV_IS_PAGE (self), FALSE);

  if (priv->views == NULL)
    return FALSE;
  views = gtk_stack_get_pages (priv->views);
  n = g_list_model_get_n_items (G_LIST_MODEL (views));
  while (i < n && !gtk_selection_model_is_selected (views, i))
    i++;
  next = (gint64) i + by;
  if (next >= 0 && next < n)
    gtk_selection_model_select_item (views, (guint) next, TRUE);
  return TRUE;
}

void
bv_page_refresh (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  BvPageClass *klass;

  g_return_if_fail (BV_IS_PAGE (self));

  priv->stale = FALSE;
  /* A page whose object has just gone is about to be closed by the window. */
  klass = BV_PAGE_GET_CLASS (self);
  if (klass->refresh != NULL && bv_page_is_alive (self))
    klass->refresh (self);
}

gboolean
bv_page_is_busy (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);
  BvPageClass *klass;

  g_return_val_if_fail (BV_IS_PAGE (self), FALSE);

  klass = BV_PAGE_GET_CLASS (self);
  return priv->n_busy > 0 || (klass->is_busy != NULL && klass->is_busy (self));
}

gboolean
bv_page_is_alive (BvPage *self)
{
  BvPageClass *klass;

  g_return_val_if_fail (BV_IS_PAGE (self), FALSE);

  klass = BV_PAGE_GET_CLASS (self);
  return klass->is_alive == NULL || klass->is_alive (self);
}

void
bv_page_push_busy (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));

  priv->n_busy++;
}

void
bv_page_pop_busy (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_if_fail (BV_IS_PAGE (self));
  g_return_if_fail (priv->n_busy > 0);

  priv->n_busy--;
}

void
bv_page_show_object (BvPage     *self,
                     const char *kind,
                     const char *id)
{
  BvWindow *window = bv_window_of (GTK_WIDGET (self));

  if (window != NULL)
    bv_window_show_object (window, kind, id);
}

void
bv_page_toast (BvPage     *self,
               const char *text)
{
  BvWindow *window = bv_window_of (GTK_WIDGET (self));

  if (window != NULL)
    bv_window_toast (window, text);
}

gboolean
bv_page_can_edit (BvPage *self)
{
  BvPagePrivate *priv = bv_page_get_instance_private (self);

  g_return_val_if_fail (BV_IS_PAGE (self), FALSE);

  return priv->workspace != NULL && !bv_project_is_read_only (bv_workspace_get_project (priv->workspace));
}
