/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sidebar is one flat list: section rows, and after each the rows of its objects, which the section's arrow shows and hides.
 * Tables stand under captions with their source's name. The rows are made anew when the model says something else than they do;
 * most changes (a moved tile) leave them alone.
 */
#include "config.h"
#include "bv-sidebar.h"

#include "bv-preparing.h"
#include "bv-util.h"

#include <glib/gi18n.h>

enum
{
  SECTION_HOME,
  SECTION_SOURCES,
  SECTION_TABLES,
  SECTION_EXPLORATIONS,
  SECTION_REPORTS,
  N_SECTIONS
};

static const struct
{
  const char *kind;
  const char *object_kind; /* (nullable): of the rows below it */
  const char *title;
  const char *icon;
} sections[N_SECTIONS] = {
  { "home", NULL, N_("Home"), "go-home-symbolic" },
  { "sources", NULL, N_("Sources"), "bv-source-symbolic" },
  { "tables", "table", N_("Tables"), "bv-table-symbolic" },
  { "explorations", "exploration", N_("Explorations"), "bv-exploration-symbolic" },
  { "reports", "report", N_("Reports"), "bv-report-symbolic" },
};

#define BV_TYPE_SIDEBAR_ROW (bv_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (BvSidebarRow, bv_sidebar_row, BV, SIDEBAR_ROW, GtkListBoxRow)

struct _BvSidebarRow
{
  GtkListBoxRow parent_instance;

  char *kind; /* (nullable): of captions */
  char *id;
  char *label;
  int section;
  GtkWidget *arrow; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BvSidebarRow, bv_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

struct _BvSidebar
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  GtkListBox *list;
  GtkWidget *preparing;
  gboolean collapsed[N_SECTIONS];
  char *kind; /* what is selected */
  char *id;
};

G_DEFINE_FINAL_TYPE (BvSidebar, bv_sidebar, ADW_TYPE_BIN)

enum
{
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bv_sidebar_row_finalize (GObject *object)
{
  BvSidebarRow *self = BV_SIDEBAR_ROW (object);

  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->label, g_free);

  G_OBJECT_CLASS (bv_sidebar_row_parent_class)->finalize (object);
}

static void
bv_sidebar_row_class_init (BvSidebarRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_sidebar_row_finalize;
}

static void
bv_sidebar_row_init (BvSidebarRow *self)
{
}

static BvSidebarRow *
get_row (BvSidebar *self,
         int        i)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

  return row != NULL ? BV_SIDEBAR_ROW (row) : NULL;
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  BvSidebar *self = user_data;
  BvSidebarRow *item = BV_SIDEBAR_ROW (row);
  gboolean is_section = g_strcmp0 (item->kind, sections[item->section].kind) == 0;

  return is_section || !self->collapsed[item->section];
}

static void
set_collapsed (BvSidebar *self,
               int        section,
               gboolean   collapsed)
{
  BvSidebarRow *row;

  self->collapsed[section] = collapsed;
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (row->section != section || row->arrow == NULL)
        continue;
      gtk_button_set_icon_name (GTK_BUTTON (row->arrow), collapsed ? "pan-end-symbolic" : "pan-down-symbolic");
      gtk_widget_set_tooltip_text (row->arrow, collapsed ? C_("section", "Show") : C_("section", "Hide"));
      gtk_accessible_update_state (GTK_ACCESSIBLE (row->arrow), GTK_ACCESSIBLE_STATE_EXPANDED, !collapsed, -1);
    }
  gtk_list_box_invalidate_filter (self->list);
}

static void
arrow_cb (GtkWidget *arrow,
          BvSidebar *self)
{
  BvSidebarRow *row = BV_SIDEBAR_ROW (gtk_widget_get_ancestor (arrow, BV_TYPE_SIDEBAR_ROW));

  set_collapsed (self, row->section, !self->collapsed[row->section]);
}

static gboolean
key_cb (BvSidebar       *self,
        guint            keyval,
        guint            keycode,
        GdkModifierType  state)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, BV_TYPE_SIDEBAR_ROW) : NULL;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (row == NULL || BV_SIDEBAR_ROW (row)->arrow == NULL)
    return GDK_EVENT_PROPAGATE;
  if (keyval == (rtl ? GDK_KEY_Left : GDK_KEY_Right))
    set_collapsed (self, BV_SIDEBAR_ROW (row)->section, FALSE);
  else if (keyval == (rtl ? GDK_KEY_Right : GDK_KEY_Left))
    set_collapsed (self, BV_SIDEBAR_ROW (row)->section, TRUE);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static GtkWidget *
add_row (BvSidebar  *self,
         int         section,
         const char *kind,
         const char *id,
         const char *label)
{
  BvSidebarRow *row = g_object_new (BV_TYPE_SIDEBAR_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *text = gtk_label_new (label);
  gboolean is_section = kind != NULL && id == NULL;

  row->section = section;
  row->kind = g_strdup (kind);
  row->id = g_strdup (id);
  row->label = g_strdup (label);

  if (is_section)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (sections[section].icon));
  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), text);

  if (is_section && sections[section].object_kind != NULL)
    {
      row->arrow = bv_icon_button_new ("pan-down-symbolic", _("Hide"), NULL);
      gtk_widget_add_css_class (row->arrow, "flat");
      gtk_widget_add_css_class (row->arrow, "circular");
      gtk_widget_set_valign (row->arrow, GTK_ALIGN_CENTER);
      g_signal_connect_object (row->arrow, "clicked", G_CALLBACK (arrow_cb), self, 0);
      gtk_box_append (GTK_BOX (box), row->arrow);
    }
  else if (kind == NULL)
    {
      gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_widget_set_focusable (GTK_WIDGET (row), FALSE);
      gtk_widget_add_css_class (GTK_WIDGET (row), "caption-row");
      gtk_widget_add_css_class (text, "dim-label");
      gtk_widget_add_css_class (text, "caption-heading");
    }
  if (id != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "object-row");
      gtk_widget_set_tooltip_text (GTK_WIDGET (row), label);
    }
  bv_set_name (GTK_WIDGET (row), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_append (self->list, GTK_WIDGET (row));
  return GTK_WIDGET (row);
}

/* What the list should hold: (kind, id, label) triples; a caption has no kind. */
typedef struct
{
  int section;
  const char *kind;
  const char *id;
  const char *label;
} Wanted;

static GArray *
list_wanted (BvSidebar *self)
{
  GArray *wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  BvModel *model = bv_workspace_get_model (self->workspace);

  for (int section = 0; section < N_SECTIONS; section++)
    {
      const char *source = NULL;

      g_array_append_val (wanted, ((Wanted) { section, sections[section].kind, NULL, _(sections[section].title) }));
      for (guint i = 0; section == SECTION_TABLES && i < model->tables->len; i++)
        {
          BvTable *table = g_ptr_array_index (model->tables, i);

          if (table->hidden)
            continue;
          if (g_strcmp0 (source, table->source) != 0)
            g_array_append_val (wanted, ((Wanted) { section, NULL, NULL, bv_source_label (table->source) }));
          source = table->source;
          g_array_append_val (wanted, ((Wanted) { section, "table", table->name, table->label != NULL ? table->label : table->name }));
        }
      for (guint i = 0; section == SECTION_EXPLORATIONS && i < model->explorations->len; i++)
        {
          BvExploration *exploration = g_ptr_array_index (model->explorations, i);

          g_array_append_val (wanted, ((Wanted) { section, "exploration", exploration->uuid, exploration->name }));
        }
      for (guint i = 0; section == SECTION_REPORTS && i < model->reports->len; i++)
        {
          BvReport *report = g_ptr_array_index (model->reports, i);

          g_array_append_val (wanted, ((Wanted) { section, "report", report->uuid, report->name }));
        }
    }
  return wanted;
}

static gboolean
is_as_wanted (BvSidebar *self,
              GArray    *wanted)
{
  for (guint i = 0; i < wanted->len; i++)
    {
      Wanted *want = &g_array_index (wanted, Wanted, i);
      BvSidebarRow *row = get_row (self, i);

      if (row == NULL || g_strcmp0 (row->kind, want->kind) != 0 || g_strcmp0 (row->id, want->id) != 0 ||
          g_strcmp0 (row->label, want->label) != 0)
        return FALSE;
    }
  return get_row (self, wanted->len) == NULL;
}

static void
select_row (BvSidebar *self)
{
  BvSidebarRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (row->kind == NULL || g_strcmp0 (row->kind, self->kind) != 0 || g_strcmp0 (row->id, self->id) != 0)
        continue;
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
      return;
    }
  gtk_list_box_unselect_all (self->list);
}

static void
changed_cb (BvSidebar *self)
{
  g_autoptr(GArray) wanted = NULL;
  BvSidebarRow *row;

  if (self->workspace == NULL)
    return;
  wanted = list_wanted (self);
  if (is_as_wanted (self, wanted))
    return;
  while ((row = get_row (self, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < wanted->len; i++)
    {
      Wanted *want = &g_array_index (wanted, Wanted, i);

      add_row (self, want->section, want->kind, want->id, want->label);
    }
  /* A section without objects has nothing to show or hide. */
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      BvSidebarRow *following = get_row (self, i + 1);

      if (row->arrow != NULL)
        gtk_widget_set_visible (row->arrow, following != NULL && following->section == row->section);
    }
  for (int section = 0; section < N_SECTIONS; section++)
    if (self->collapsed[section])
      set_collapsed (self, section, TRUE);
  select_row (self);
}

static void
row_activated_cb (BvSidebar     *self,
                  GtkListBoxRow *row)
{
  BvSidebarRow *item = BV_SIDEBAR_ROW (row);
  g_autofree char *kind = g_strdup (item->kind);
  g_autofree char *id = g_strdup (item->id);

  if (kind != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, kind, id);
}

static void
bv_sidebar_dispose (GObject *object)
{
  BvSidebar *self = BV_SIDEBAR (object);

  bv_sidebar_set_workspace (self, NULL);
  self->preparing = NULL;

  G_OBJECT_CLASS (bv_sidebar_parent_class)->dispose (object);
}

static void
bv_sidebar_finalize (GObject *object)
{
  BvSidebar *self = BV_SIDEBAR (object);

  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (bv_sidebar_parent_class)->finalize (object);
}

static void
bv_sidebar_class_init (BvSidebarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_sidebar_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_sidebar_finalize;
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", BV_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
bv_sidebar_init (BvSidebar *self)
{
  GtkWidget *scrolled = bv_scrolled_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
  bv_set_name (GTK_WIDGET (self->list), _("Project"));

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->preparing = bv_preparing_new ();
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->preparing);
  adw_bin_set_child (ADW_BIN (self), box);
}

void
bv_sidebar_set_workspace (BvSidebar   *self,
                          BvWorkspace *workspace)
{
  g_return_if_fail (BV_IS_SIDEBAR (self));

  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_func (self->workspace, changed_cb, self);
  g_set_object (&self->workspace, workspace);
  if (self->preparing != NULL)
    bv_preparing_set_workspace (BV_PREPARING (self->preparing), workspace);
  if (workspace == NULL)
    return;
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
}

void
bv_sidebar_select (BvSidebar  *self,
                   const char *kind,
                   const char *id)
{
  g_return_if_fail (BV_IS_SIDEBAR (self));

  g_free (self->kind);
  g_free (self->id);
  self->kind = g_strdup (kind);
  self->id = g_strdup (id);
  for (int section = 0; section < N_SECTIONS; section++)
    if (self->collapsed[section] && g_strcmp0 (sections[section].object_kind, kind) == 0)
      set_collapsed (self, section, FALSE);
  select_row (self);
}
