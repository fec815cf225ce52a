/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample's chart gallery: a tile for each chart type, each of which draws something. */

#include "bv-definitions.h"
#include "bv-export.h"
#include "bv-sample.h"
#include "bv-scene.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_gallery (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("bv-gallery-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "sample.belvedere", NULL);
  g_autofree char *json = bv_sample_definitions ();
  g_autoptr(BvProject) project = bv_project_create (path, &error);
  BvSampleOptions options = { bv_days_from_civil (2026, 6, 30), 0, 0 };
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("Europe/Paris", 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("en_GB", "EUR", calendar);

  g_assert_no_error (error);
  g_assert_true (bv_sample_fill (project, &options, NULL, &error));
  bv_definitions_apply (project, json, "Make", NULL, &error);
  g_assert_no_error (error);
  {
    g_autoptr(BvWorkspace) workspace = bv_workspace_new (project, &error);
    BvReport *report = bv_model_find_report (bv_workspace_get_model (workspace), "Chart gallery");
    g_autoptr(BvReportRun) run = NULL;

    bv_workspace_set_now (workspace, bv_query_now_for_day (bv_workspace_get_model (workspace), options.as_of));
    g_assert_nonnull (report);
    run = bv_report_run_new (workspace, report->uuid);
    g_assert_true (bv_report_run_wait (run, NULL, &error));
    g_assert_no_error (error);
    for (guint i = 0; i < report->tiles->len; i++)
      {
        BvTile *tile = g_ptr_array_index (report->tiles, i);
        g_autoptr(BvChartSpec) spec = NULL;
        g_autoptr(BvScene) scene = NULL;
        const GError *problem;

        if (tile->kind != BV_TILE_CHART)
          continue;
        problem = bv_report_run_get_error (run, tile->id);
        if (problem != NULL)
          g_error ("%s: %s", tile->id, problem->message);
        g_hash_table_add (seen, tile->chart->type);
        spec = bv_chart_to_spec (tile->chart);
        scene = bv_chart_build (spec, bv_report_run_get_frame (run, tile->id), NULL, locale, 500, 300, NULL);
        for (guint t = 0; t < scene->texts->len; t++)
          if (bv_scene_text (scene, t)->role == BV_TEXT_MESSAGE)
            g_error ("%s: %s", tile->id, bv_scene_text (scene, t)->text);
        g_assert_cmpuint (bv_scene_get_n_marks (scene), >, 0);
      }
    for (const BvChartType *type = bv_chart_types (); type->name != NULL; type++)
      if (!g_hash_table_contains (seen, type->name))
        g_error ("the gallery has no tile of type %s", type->name);
  }
  g_clear_pointer (&project, bv_project_unref);
  {
    g_autoptr(GDir) files = g_dir_open (dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (files)) != NULL)
      {
        g_autofree char *file = g_build_filename (dir, name, NULL);

        g_unlink (file);
      }
  }
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/gallery", test_gallery);
  return g_test_run ();
}
