/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps: names of countries, areas, what the marks stand for, and what is said about places that cannot be shown. */
#include "bv-chart-private.h"
#include "bv-geo.h"
#include "chart-samples.h"
#include "scene-check.h"

static BvLocale *locale;

static void
test_names (void)
{
  static const char *const same[][2] = {
    { "DE", "Germany" }, { "deu", "Germany" }, { "Deutschland", "Germany" }, { "UK", "GB" }, { "Great Britain", "GB" }, { "u.s.a.", "US" },
    { "United States of America", "US" }, { "Côte d'Ivoire", "CI" }, { "Cote d’Ivoire", "CI" }, { "IVORY COAST", "CI" },
    { "Korea, Republic of", "KR" }, { "South Korea", "KR" }, { "Korea (Democratic People's Republic of)", "KP" }, { "Czech Republic", "CZ" },
    { "Česko", "CZ" }, { "Holland", "NL" }, { "The Netherlands", "NL" }, { "Bosnia & Herzegovina", "BA" }, { "Bosnia and Herzegovina", "BA" },
    { "Congo", "CG" }, { "Democratic Republic of the Congo", "CD" }, { "DRC", "CD" }, { "Türkiye", "TR" }, { "turkey", "TR" },
    { "St. Lucia", "LC" }, { "Saint Lucia", "LC" }, { "São Tomé & Príncipe", "ST" }, { "Kosovo", "XK" }, { "Russian Federation", "RU" },
    { "Viet Nam", "VN" }, { "日本", "JP" }, { "España", "ES" }, { "Brasil", "BR" }, { " france ", "FR" }, { "EL", "GR" }, { "Niger", "NE" },
    { "Nigeria", "NG" }, { "Guinea", "GN" }, { "Guinea-Bissau", "GW" }, { "Equatorial Guinea", "GQ" }, { "Dominica", "DM" },
    { "Dominican Republic", "DO" }, { "Hong Kong", "HK" }, { "Isle of Man", "IM" }, { "French Guiana", "GF" }, { "Georgia", "GE" },
  };
  static const char *const none[] = { "", "-", "Atlantis", "Yugoslavia", "EU", "Europe", "ZZ", "Paris", "12", "the", "👩‍👩‍👧‍👦", "Kore" };
  const BvGeo *geo = bv_geo_get ();

  g_assert_cmpuint (geo->n_countries, >, 245);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      int a = bv_geo_find (geo, locale, same[i][0]);
      int b = bv_geo_find (geo, locale, same[i][1]);

      if (a < 0 || a != b)
        g_error ("“%s” is %s, not %s", same[i][0], a < 0 ? "no country" : geo->countries[a].name, same[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    if (bv_geo_find (geo, locale, none[i]) >= 0)
      g_error ("“%s” is taken for %s", none[i], geo->countries[bv_geo_find (geo, locale, none[i])].name);
  /* Every country is found by its codes and its name, and no two by the same code. */
  for (guint i = 0; i < geo->n_countries; i++)
    if (*geo->countries[i].code != '-')
      {
        g_assert_cmpint (bv_geo_find (geo, locale, geo->countries[i].code), ==, (int) i);
        g_assert_cmpint (bv_geo_find (geo, locale, geo->countries[i].code3), ==, (int) i);
        g_assert_cmpint (bv_geo_find (geo, locale, geo->countries[i].name), ==, (int) i);
      }
}

static void
test_locale_names (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new ("UTC", 1, NULL);
  g_autoptr(BvLocale) german = bv_locale_new ("de_DE", NULL, calendar);
  const BvGeo *geo = bv_geo_get ();

  g_assert_cmpint (bv_geo_find (geo, german, "Vereinigte Staaten"), ==, bv_geo_find (geo, locale, "US"));
  g_assert_cmpint (bv_geo_find (geo, german, "Vereinigtes Königreich"), ==, bv_geo_find (geo, locale, "GB"));
  g_assert_cmpint (bv_geo_find (geo, locale, "Vereinigte Staaten"), ==, -1);
}

/* The projection keeps areas: a small square covers what it covers on the globe, wherever it lies. */
static void
test_areas (void)
{
  for (double lat = -80; lat <= 80; lat += 7.3)
    for (double lon = -165; lon <= 185; lon += 23)
      {
        const double d = 0.01;
        double x0, y0, x1, y1, x2, y2;

        bv_geo_project (lon, lat, &x0, &y0);
        bv_geo_project (lon + d, lat, &x1, &y1);
        bv_geo_project (lon, lat + d, &x2, &y2);
        g_assert_cmpfloat_with_epsilon (((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / (cos ((lat + d / 2) * G_PI / 180) * pow (d * G_PI / 180, 2)),
                                        1, 0.001);
      }
  {
    double x, y;

    /* As the authors of the projection give it: a half turn of the equator, and the pole. */
    bv_geo_project (11 - 179.9999999, 0, &x, &y);
    g_assert_cmpfloat_with_epsilon (x, -2.70663, 1e-4);
    bv_geo_project (11, 90, &x, &y);
    g_assert_cmpfloat_with_epsilon (y, 1.31736, 1e-4);
  }
}

static double
outline_area (const BvGeo *geo, const char *code)
{
  const BvGeoCountry *country = &geo->countries[bv_geo_find (geo, locale, code)];
  double sum = 0;

  for (guint p = country->first; p < country->first + country->n; p++)
    for (guint r = geo->parts[p].first; r < geo->parts[p].first + geo->parts[p].n; r++)
      {
        const BvGeoRing *ring = &geo->rings[r];
        double last_x = NAN, last_y = NAN;

        for (guint a = ring->first; a < ring->first + ring->n; a++)
          {
            const BvGeoArc *arc = &geo->arcs[ABS (geo->refs[a]) - 1];

            for (guint i = 0; i < arc->n; i++)
              {
                guint at = arc->first + (geo->refs[a] > 0 ? i : arc->n - 1 - i);
                double x = (double) geo->points[2 * at], y = (double) geo->points[2 * at + 1];

                if (!isnan (last_x))
                  sum += (x * last_y - last_x * y) / 2;
                last_x = x;
                last_y = y;
              }
          }
      }
  return sum;
}

/* Rings close and run one way round, so areas come out as in the atlas (million km², on a globe of 6371 km). */
static void
test_outlines (void)
{
  static const struct { const char *code; double area; } known[] = {
    { "RU", 16.9 }, { "CA", 9.9 }, { "US", 9.5 }, { "CN", 9.4 }, { "BR", 8.5 }, { "AU", 7.7 }, { "DE", 0.357 }, { "NZ", 0.268 }, { "IT", 0.30 },
    { "ZA", 1.22 },
  };
  const BvGeo *geo = bv_geo_get ();

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      double area = outline_area (geo, known[i].code) * 6.371 * 6.371;

      if (fabs (area / known[i].area - 1) > 0.06)
        g_error ("%s: %.3f instead of %.3f", known[i].code, area, known[i].area);
    }
}

static gboolean
says (BvScene *scene, const char *part)
{
  for (guint i = 0; i < scene->texts->len; i++)
    if (strstr (bv_scene_text (scene, i)->text, part) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_countries (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("map-world");
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("map");
  g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 900, 500, NULL);
  guint n_rows = bv_frame_get_n_rows (frame);
  guint n_hatched = 0;

  /* One mark for each country; the second row of the United States has none, and is named. */
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, n_rows - 1);
  g_assert_true (says (scene, "U.S.A."));
  g_assert_true (says (scene, "No value"));
  for (guint m = 0; m < bv_scene_get_n_marks (scene); m++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, m);
      guint hits = 0;

      g_assert_nonnull (strstr (bv_scene_get_mark (scene, m)->text, bv_frame_get_text (frame, 0, mark->mark.row)));
      /* Whatever point of the plot hits it is in its bounds. */
      for (double y = mark->mark.y + 0.5; y < mark->mark.y + mark->mark.height; y += 1)
        for (double x = mark->mark.x + 0.5; x < mark->mark.x + mark->mark.width; x += 1)
          hits += bv_scene_hit (scene, x, y) == (int) m;
      if (hits < 4)
        g_error ("%s cannot be pointed at", bv_frame_get_text (frame, 0, mark->mark.row));
      n_hatched += bv_frame_is_null (frame, 1, mark->mark.row);
    }
  g_assert_cmpuint (n_hatched, ==, 1);
  g_assert_nonnull (strstr (bv_scene_get_alternative (scene), "Map of 13 countries"));
}

static void
test_unknown (void)
{
  g_autoptr(BvFrame) frame = sample_frame ("map");
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("map");
  g_autoptr(BvScene) scene = bv_chart_build (spec, frame, NULL, locale, 900, 500, NULL);
  g_autoptr(BvFrame) nowhere = bv_frame_new ();
  g_autoptr(BvScene) empty = NULL;

  g_assert_true (says (scene, "Atlantis"));
  bv_frame_add_column (nowhere, "Team", BV_TYPE_TEXT, BV_ROLE_DIMENSION);
  bv_frame_add_column (nowhere, "N", BV_TYPE_INT, BV_ROLE_METRIC);
  bv_frame_append_text (nowhere, 0, "Blue", -1);
  bv_frame_append_int (nowhere, 1, 3);
  empty = bv_chart_build (spec, nowhere, NULL, locale, 900, 500, NULL);
  g_assert_cmpuint (bv_scene_get_n_marks (empty), ==, 0);
  g_assert_true (says (empty, "None of the groups is a country"));
}

/* Areas of circles are in proportion, and the longitude is told from the latitude by its name. */
static void
test_points (void)
{
  g_autoptr(BvFrame) frame = bv_frame_new ();
  g_autoptr(BvChartSpec) spec = bv_chart_spec_new ("map");
  g_autoptr(BvScene) scene = NULL;
  static const double places[][3] = { { 2.35, 48.86, 400 }, { 13.4, 52.5, 100 }, { -3.7, 40.4, 25 }, { 200, 95, 7 } };

  bv_frame_add_column (frame, "Lon", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "Lat", BV_TYPE_DOUBLE, BV_ROLE_DIMENSION);
  bv_frame_add_column (frame, "N", BV_TYPE_DOUBLE, BV_ROLE_METRIC);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint c = 0; c < 3; c++)
      bv_frame_append_double (frame, c, places[i][c]);
  scene = bv_chart_build (spec, frame, NULL, locale, 900, 500, NULL);
  g_assert_cmpuint (bv_scene_get_n_marks (scene), ==, 3);
  g_assert_true (says (scene, "1 place has no latitude"));
  for (guint m = 0; m < 3; m++)
    {
      const BvSceneMark *mark = bv_scene_mark (scene, m);

      g_assert_cmpuint (mark->mark.row, ==, m);
      g_assert_cmpfloat_with_epsilon (mark->mark.width / bv_scene_mark (scene, 0)->mark.width, sqrt (places[m][2] / 400), 0.001);
      g_assert_cmpint (bv_scene_hit (scene, mark->x, mark->y), ==, (int) m);
    }
  /* Berlin lies north-east of Paris, Madrid south-west. */
  g_assert_cmpfloat (bv_scene_mark (scene, 1)->x, >, bv_scene_mark (scene, 0)->x + 20);
  g_assert_cmpfloat (bv_scene_mark (scene, 1)->y, <, bv_scene_mark (scene, 0)->y - 10);
  g_assert_cmpfloat (bv_scene_mark (scene, 2)->x, <, bv_scene_mark (scene, 0)->x - 20);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  locale = fixture_locale ();
  g_test_add_func ("/chart/map/names", test_names);
  g_test_add_func ("/chart/map/locale-names", test_locale_names);
  g_test_add_func ("/chart/map/areas", test_areas);
  g_test_add_func ("/chart/map/outlines", test_outlines);
  g_test_add_func ("/chart/map/countries", test_countries);
  g_test_add_func ("/chart/map/unknown", test_unknown);
  g_test_add_func ("/chart/map/points", test_points);
  result = g_test_run ();
  bv_locale_unref (locale);
  return result;
}
