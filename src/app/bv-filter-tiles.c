/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per chart tile with the dimensions of that tile's own exploration. Nothing is mapped here but what the author picks: what
 * fits is offered on a button, one per tile and one for all. */
#include "config.h"
#include "bv-filter-tiles.h"

#include "bv-choice.h"
#include "bv-filter-control.h"
#include "bv-util.h"

#include <glib/gi18n.h>

typedef struct
{
  char *tile_id;
  GtkWidget *row;
  GtkWidget *choice;
  GtkWidget *suggestion;
  GtkWidget *warning;
} Row;

struct _BvFilterTiles
{
  AdwBin parent_instance;

  BvReportRun *run;
  BvFilter *filter;     /* not owned */
  gboolean setting;
  AdwPreferencesPage *page;
  AdwPreferencesGroup *group;
  GtkWidget *use_all;
  GPtrArray *rows;      /* Row */
};

G_DEFINE_FINAL_TYPE (BvFilterTiles, bv_filter_tiles, ADW_TYPE_BIN)

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->tile_id);
  g_free (row);
}

static BvModel *
get_model (BvFilterTiles *self)
{
  return bv_workspace_get_model (bv_report_run_get_workspace (self->run));
}

static gboolean
is_default_time (BvFilterTiles *self)
{
  return g_strcmp0 (self->filter->field, BV_FILTER_TIME) == 0;
}

static gboolean
is_compatible (BvType a,
               BvType b)
{
  return a == b || (bv_type_is_numeric (a) && bv_type_is_numeric (b)) || (bv_type_is_time (a) && bv_type_is_time (b));
}

/* --- State of the rows ------------------------------------------------------------------------------------------------ */

/* What would be used; NULL when the tile is filtered already or nothing fits. */
static const char *
suggest (BvFilterTiles *self,
         BvTile        *tile)
{
  BvReport *report = bv_report_run_get_report (self->run);

  if (bv_filter_target (get_model (self), report, self->filter, tile) != NULL)
    return NULL;
  return bv_filter_suggest (get_model (self), report, self->filter, tile);
}

static void
update (BvFilterTiles *self)
{
  BvModel *model = get_model (self);
  BvReport *report = bv_report_run_get_report (self->run);
  g_autofree char *reach = NULL;
  guint n, n_tiles, n_suggested = 0;

  if (report == NULL || self->filter == NULL)
    return;
  self->setting = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);
      BvTile *tile = bv_report_find_tile (report, row->tile_id);
      const char *target = tile != NULL ? bv_filter_target (model, report, self->filter, tile) : NULL;
      const char *mapped = g_hash_table_lookup (self->filter->tiles, row->tile_id);
      const char *suggestion = tile != NULL ? suggest (self, tile) : NULL;
      gboolean broken = mapped != NULL && *mapped != '\0' && target == NULL && !is_default_time (self);

      bv_choice_select (row->choice, target);
      gtk_widget_set_visible (row->warning, broken);
      if (broken)
        {
          g_autofree char *text = g_strdup_printf (_("“%s” is gone, so the tile is not filtered"), mapped);

          adw_action_row_set_subtitle (ADW_ACTION_ROW (row->row), text);
        }
      else
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row->row), tile != NULL ? tile->chart->exploration : "");
      gtk_widget_set_visible (row->suggestion, suggestion != NULL);
      if (suggestion != NULL)
        {
          g_autofree char *label = g_strdup_printf (_("Use “%s”"), suggestion);

          gtk_button_set_label (GTK_BUTTON (row->suggestion), label);
          n_suggested++;
        }
    }
  self->setting = FALSE;
  gtk_widget_set_visible (self->use_all, n_suggested > 0);
  bv_filter_reach (model, report, self->filter, &n, &n_tiles);
  reach = g_strdup_printf (ngettext ("The filter acts on %u of %u tile", "The filter acts on %u of %u tiles", n_tiles), n, n_tiles);
  adw_preferences_group_set_description (self->group, n_tiles > 0 ? reach : _("The report has no charts yet: new ones are offered here"));
}

void
bv_filter_tiles_map (BvFilterTiles *self,
                     const char    *tile_id,
                     const char    *dimension)
{
  g_return_if_fail (BV_IS_FILTER_TILES (self));

  if (is_default_time (self) && *dimension != '\0')
    g_hash_table_remove (self->filter->tiles, tile_id);
  else
    g_hash_table_insert (self->filter->tiles, g_strdup (tile_id), g_strdup (dimension));
  update (self);
}

void
bv_filter_tiles_use_suggestion (BvFilterTiles *self,
                                const char    *tile_id)
{
  BvReport *report = bv_report_run_get_report (self->run);

  g_return_if_fail (BV_IS_FILTER_TILES (self));

  for (guint i = 0; report != NULL && i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);
      const char *suggestion = tile_id == NULL || g_strcmp0 (tile->id, tile_id) == 0 ? suggest (self, tile) : NULL;

      if (suggestion != NULL)
        g_hash_table_insert (self->filter->tiles, g_strdup (tile->id), g_strdup (suggestion));
    }
  update (self);
}

/* --- Rows ------------------------------------------------------------------------------------------------------------------ */

static void
selected_cb (BvFilterTiles *self,
             GParamSpec    *pspec,
             GtkWidget     *choice)
{
  const char *dimension = bv_choice_get (choice);

  if (self->setting || gtk_drop_down_get_selected (GTK_DROP_DOWN (choice)) == GTK_INVALID_LIST_POSITION)
    return;
  bv_filter_tiles_map (self, g_object_get_data (G_OBJECT (choice), "bv-tile"), dimension != NULL ? dimension : "");
}

static void
use_cb (BvFilterTiles *self,
        GtkWidget     *button)
{
  bv_filter_tiles_use_suggestion (self, g_object_get_data (G_OBJECT (button), "bv-tile"));
}

static void
use_all_cb (BvFilterTiles *self)
{
  bv_filter_tiles_use_suggestion (self, NULL);
}

static void
fill_choice (BvFilterTiles *self,
             GtkWidget     *choice,
             BvTile        *tile)
{
  BvModel *model = get_model (self);
  BvExploration *exploration = bv_model_find_exploration (model, tile->chart->exploration);
  BvType type = bv_filter_type (model, self->filter);
  const char *target = bv_filter_target (model, bv_report_run_get_report (self->run), self->filter, tile);

  bv_choice_add (choice, NULL, _("Do not filter"));
  if (is_default_time (self))
    {
      g_autoptr(BvFilter) plain = bv_filter_new ("", BV_FILTER_TIME);
      const char *time_field = bv_filter_target (model, bv_report_run_get_report (self->run), plain, tile);

      if (time_field != NULL)
        bv_choice_add (choice, time_field, time_field);
      else
        {
          gtk_widget_set_sensitive (choice, FALSE);
          gtk_widget_set_tooltip_text (choice, _("The tile has no time field"));
        }
      return;
    }
  for (guint i = 0; exploration != NULL && i < exploration->dimensions->len; i++)
    {
      BvDimension *dimension = g_ptr_array_index (exploration->dimensions, i);
      BvField *field = bv_exploration_resolve_field (exploration, model, dimension->field, NULL, NULL, NULL);

      if (field != NULL && !dimension->hidden && is_compatible (type, field->type))
        bv_choice_add (choice, dimension->name, dimension->name);
    }
  /* What definitions name beside the dimensions: a field, or a hidden one. */
  if (target != NULL && !bv_choice_select (choice, target))
    bv_choice_add (choice, target, target);
}

static void
add_row (BvFilterTiles *self,
         BvTile        *tile)
{
  Row *row = g_new0 (Row, 1);
  g_autofree char *title = tile->title != NULL ? g_strdup (tile->title) : bv_chart_to_title (tile->chart, bv_workspace_get_locale (bv_report_run_get_workspace (self->run)));
  g_autofree char *name = g_strdup_printf (_("Field of “%s”"), title);

  row->tile_id = g_strdup (tile->id);
  row->row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), title);
  row->warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  gtk_widget_add_css_class (row->warning, "warning");
  bv_set_name (row->warning, _("Broken"));
  row->suggestion = gtk_button_new ();
  gtk_widget_set_valign (row->suggestion, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (row->suggestion), "bv-tile", g_strdup (tile->id), g_free);
  g_signal_connect_object (row->suggestion, "clicked", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
  row->choice = bv_choice_new (name);
  fill_choice (self, row->choice, tile);
  bv_choice_set_searchable (row->choice, TRUE);
  gtk_widget_set_size_request (row->choice, 150, -1);
  g_object_set_data_full (G_OBJECT (row->choice), "bv-tile", g_strdup (tile->id), g_free);
  g_signal_connect_object (row->choice, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row->row), row->warning);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row->row), row->suggestion);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row->row), row->choice);
  adw_preferences_group_add (self->group, row->row);
  g_ptr_array_add (self->rows, row);
}

void
bv_filter_tiles_set_filter (BvFilterTiles *self,
                            BvFilter      *filter)
{
  BvReport *report = bv_report_run_get_report (self->run);

  g_return_if_fail (BV_IS_FILTER_TILES (self));

  self->filter = filter;
  self->setting = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, ((Row *) g_ptr_array_index (self->rows, i))->row);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; report != NULL && filter->field != NULL && i < report->tiles->len; i++)
    {
      BvTile *tile = g_ptr_array_index (report->tiles, i);

      if (tile->kind == BV_TILE_CHART && tile->chart != NULL)
        add_row (self, tile);
    }
  self->setting = FALSE;
  update (self);
}

/* --- Object ------------------------------------------------------------------------------------------------------------------ */

static void
bv_filter_tiles_finalize (GObject *object)
{
  BvFilterTiles *self = BV_FILTER_TILES (object);

  g_clear_object (&self->run);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_filter_tiles_parent_class)->finalize (object);
}

static void
bv_filter_tiles_class_init (BvFilterTilesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bv_filter_tiles_finalize;
}

static void
bv_filter_tiles_init (BvFilterTiles *self)
{
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  self->group = ADW_PREFERENCES_GROUP (bv_group_new (_("Tiles to Update"), _("Tiles to Update")));
  self->use_all = gtk_button_new_with_mnemonic (_("Use All _Suggestions"));
  gtk_widget_set_valign (self->use_all, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->use_all, "clicked", G_CALLBACK (use_all_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (self->group, self->use_all);
  adw_preferences_page_add (self->page, self->group);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->page));
}

GtkWidget *
bv_filter_tiles_new (BvReportRun *run)
{
  BvFilterTiles *self = g_object_new (BV_TYPE_FILTER_TILES, NULL);

  self->run = g_object_ref (run);
  return GTK_WIDGET (self);
}
