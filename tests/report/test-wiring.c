/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filter wiring: the same-dimension rule, "Do not filter", deleted dimensions, suggestions, reach; no project needed. */

#include "bv-model-build.h"
#include "bv-report-run.h"
#include "bv-sample.h"

#include <string.h>

static void
add_table (BvModel *model, const char *name, ...)
{
  BvTable *table = bv_table_new (name, "Files");
  const char *column;
  va_list args;

  va_start (args, name);
  while ((column = va_arg (args, const char *)) != NULL)
    bv_table_add_field (table, column, (BvType) va_arg (args, int));
  va_end (args);
  bv_model_take_table (model, table);
}

static void
add_objects (BvModel *model, JsonObject *root, const char *member, const char *kind)
{
  JsonArray *array = json_object_get_array_member (root, member);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      g_autofree char *body = bv_json_object_to_text (object, FALSE);
      g_autofree char *uuid = g_strdup_printf ("%s-%u", kind, i);

      bv_model_add_definition (model, kind, uuid,
                               json_object_has_member (object, "name") ? json_object_get_string_member (object, "name") : "", body);
    }
}

/* The sample's definitions over its tables, with some changes of their text. */
static BvModel *
make_model (const char *find, const char *replace)
{
  g_autofree char *json = bv_sample_definitions ();
  g_autoptr(GString) text = g_string_new (json);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;
  BvModel *model = bv_model_new ();
  g_autofree char *settings = NULL;
  JsonObject *root;

  if (find != NULL)
    g_assert_cmpuint (g_string_replace (text, find, replace, 0), >, 0);
  json_parser_load_from_data (parser, text->str, -1, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));

  add_table (model, "hubspot_companies", "id", BV_TYPE_INT, "name", BV_TYPE_TEXT, "industry", BV_TYPE_TEXT, "country", BV_TYPE_TEXT, "city", BV_TYPE_TEXT,
             "latitude", BV_TYPE_DOUBLE, "longitude", BV_TYPE_DOUBLE, NULL);
  add_table (model, "hubspot_contacts", "id", BV_TYPE_INT, "email", BV_TYPE_TEXT, "jobtitle", BV_TYPE_TEXT, "lifecyclestage", BV_TYPE_TEXT,
             "company_id", BV_TYPE_INT, NULL);
  add_table (model, "hubspot_deals", "id", BV_TYPE_INT, "dealname", BV_TYPE_TEXT, "pipeline", BV_TYPE_TEXT, "dealstage", BV_TYPE_TEXT,
             "amount", BV_TYPE_DOUBLE, "contact_id", BV_TYPE_INT, "company_id", BV_TYPE_INT, "hubspot_owner", BV_TYPE_TEXT,
             "dealtype", BV_TYPE_TEXT, "is_closed", BV_TYPE_BOOL, "is_won", BV_TYPE_BOOL, "createdate", BV_TYPE_TIMESTAMP,
             "close_date", BV_TYPE_DATE, NULL);
  add_table (model, "hubspot_deal_contacts", "deal_id", BV_TYPE_INT, "contact_id", BV_TYPE_INT, NULL);
  add_table (model, "intercom_contacts", "id", BV_TYPE_TEXT, "external_id", BV_TYPE_TEXT, "email", BV_TYPE_TEXT, "name", BV_TYPE_TEXT,
             "plan", BV_TYPE_TEXT, "created_at", BV_TYPE_TIMESTAMP, NULL);
  add_table (model, "intercom_conversations", "id", BV_TYPE_INT, "contact_id", BV_TYPE_TEXT, "user_email", BV_TYPE_TEXT,
             "state", BV_TYPE_TEXT, "priority", BV_TYPE_TEXT, "topic", BV_TYPE_TEXT, "created_at", BV_TYPE_TIMESTAMP,
             "time_to_admin_reply", BV_TYPE_INT, "time_to_first_close", BV_TYPE_INT, "rating", BV_TYPE_INT, "team", BV_TYPE_TEXT, NULL);
  add_table (model, "segment_tracks", "id", BV_TYPE_TEXT, "event", BV_TYPE_TEXT, "user_id", BV_TYPE_TEXT, "user_email", BV_TYPE_TEXT,
             "timestamp", BV_TYPE_TIMESTAMP, "context_page_path", BV_TYPE_TEXT, "context_app", BV_TYPE_TEXT, NULL);

  settings = bv_json_object_to_text (json_object_get_object_member (root, "settings"), FALSE);
  bv_model_add_definition (model, "settings", "settings", "settings", settings);
  add_objects (model, root, "relationships", "relationship");
  add_objects (model, root, "explorations", "exploration");
  add_objects (model, root, "reports", "report");
  bv_model_finish (model);
  return model;
}

/* The sample's own definitions are sound. */
static void
test_sample_sound (void)
{
  g_autoptr(BvModel) model = make_model (NULL, NULL);
  BvReport *report = bv_model_find_report (model, "Customer report");
  guint reached, tiles;

  for (guint i = 0; i < model->problems->len; i++)
    {
      BvProblem *problem = g_ptr_array_index (model->problems, i);

      g_test_message ("%s: %s", problem->path, problem->message);
    }
  g_assert_cmpuint (model->problems->len, ==, 0);
  g_assert_nonnull (report);
  g_assert_cmpuint (report->tiles->len, ==, 6);
  for (guint i = 0; i < report->filters->len; i++)
    {
      bv_filter_reach (model, report, g_ptr_array_index (report->filters, i), &reached, &tiles);
      g_assert_cmpuint (reached, ==, 5);
      g_assert_cmpuint (tiles, ==, 5);
    }
  g_assert_nonnull (bv_model_find_report (model, "Support overview"));
}

#define ALL_MAPPED "\"tiles\": { \"conversations\": \"User email\", \"logins\": \"User email\", \"revenue\": \"Email\", \"industry\": \"Email\",\n" \
                   "                     \"breakdown\": \"Email\" }"

static const struct
{
  const char *name;
  const char *find, *replace;      /* in the definitions */
  const char *filter, *tile;
  const char *target;              /* NULL: do not filter */
  guint reached;                   /* of 5 */
} targets[] = {
  { "mapped to another exploration", NULL, NULL, "Customer", "logins", "User email", 5 },
  { "no map: the filter's own dimension", ALL_MAPPED, "\"tiles\": {}", "Customer", "revenue", "Email", 3 },
  { "no map: not another exploration's, however alike", ALL_MAPPED, "\"tiles\": {}", "Customer", "logins", NULL, 3 },
  { "do not filter is kept", "\"revenue\": \"Email\"", "\"revenue\": \"\"", "Customer", "revenue", NULL, 4 },
  { "deleted mapped dimension", "\"logins\": \"User email\"", "\"logins\": \"Mail address\"", "Customer", "logins", NULL, 4 },
  { "mapped to a different dimension of its own", "\"revenue\": \"Email\"", "\"revenue\": \"Job title\"", "Customer", "revenue", "Job title", 5 },
  { "mapped to a field that is no dimension", "\"logins\": \"User email\"", "\"logins\": \"segment_tracks.event\"", "Customer", "logins",
    "segment_tracks.event", 5 },
  { "text tiles are not filtered", NULL, NULL, "Customer", "title", NULL, 5 },
  { "time: the tile's own field", NULL, NULL, "Date", "logins", "Date", 5 },
  { "time: of a date", NULL, NULL, "Date", "revenue", "Close date", 5 },
  { "time: the exploration's when the tile has none", "\"metrics\": [\"Logins\"],\n                     \"time\": { \"field\": \"Date\" }",
    "\"metrics\": [\"Logins\"]", "Date", "logins", "Date", 5 },
  { "time: a grain takes the exploration's field", "\"metrics\": [\"Logins\"],\n                     \"time\": { \"field\": \"Date\" }",
    "\"metrics\": [\"Logins\"], \"time\": { \"grain\": \"day\" }", "Date", "logins", "Date", 5 },
  { "time: a range does too", "\"metrics\": [\"Logins\"],\n                     \"time\": { \"field\": \"Date\" }",
    "\"metrics\": [\"Logins\"], \"time\": { \"range\": \"last-7-days\" }", "Date", "logins", "Date", 5 },
  { "time: a tile taken out", "\"field\": \"default-time\", \"default\": \"last-28-days\"",
    "\"field\": \"default-time\", \"tiles\": { \"logins\": \"\" }, \"default\": \"last-28-days\"", "Date", "logins", NULL, 4 },
};

static void
test_targets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(BvModel) model = make_model (targets[i].find, targets[i].replace);
      BvReport *report = bv_model_find_report (model, "Customer report");
      BvFilter *filter = bv_report_find_filter (report, targets[i].filter);
      guint reached, tiles;

      g_test_message ("%s", targets[i].name);
      g_assert_cmpstr (bv_filter_target (model, report, filter, bv_report_find_tile (report, targets[i].tile)), ==, targets[i].target);
      bv_filter_reach (model, report, filter, &reached, &tiles);
      g_assert_cmpuint (reached, ==, targets[i].reached);
      g_assert_cmpuint (tiles, ==, 5);
    }
  {
    g_autoptr(BvModel) model = make_model ("\"time_field\": \"Date\",", "");
    BvReport *report = bv_model_find_report (model, "Customer report");
    BvTile *tile = bv_report_find_tile (report, "logins");

    g_clear_pointer (&tile->chart->time_field, g_free); /* neither the tile nor its exploration has a time */
    g_assert_null (bv_filter_target (model, report, bv_report_find_filter (report, "Date"), tile));
  }
}

static void
test_map_same_dimension (void)
{
  g_autoptr(BvModel) model = make_model (NULL, NULL);
  g_autoptr(BvReport) report = bv_report_copy (bv_model_find_report (model, "Customer report"));
  g_autoptr(BvFilter) filter = bv_filter_new ("Stage", "HubSpot deals/Stage");
  g_autoptr(BvFilter) broken = bv_filter_new ("Gone", "HubSpot deals/Gone");
  g_autoptr(BvFilter) time = bv_filter_new ("Date", BV_FILTER_TIME);

  g_hash_table_insert (filter->tiles, g_strdup ("breakdown"), g_strdup (""));
  bv_filter_map_same_dimension (model, report, filter);
  g_assert_cmpuint (g_hash_table_size (filter->tiles), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (filter->tiles, "revenue"), ==, "Stage");
  g_assert_cmpstr (g_hash_table_lookup (filter->tiles, "industry"), ==, "Stage");
  g_assert_cmpstr (g_hash_table_lookup (filter->tiles, "breakdown"), ==, "");

  bv_filter_map_same_dimension (model, report, broken);
  g_assert_cmpuint (g_hash_table_size (broken->tiles), ==, 0);
  g_assert_null (bv_filter_target (model, report, broken, bv_report_find_tile (report, "revenue")));
  bv_filter_map_same_dimension (model, report, time);
  g_assert_cmpuint (g_hash_table_size (time->tiles), ==, 0);
}

static const struct { const char *field, *tile, *suggestion; } suggestions[] = {
  { "HubSpot deals/Email", "logins", "User email" },
  { "HubSpot deals/Email", "conversations", "User email" },
  { "HubSpot deals/Email", "revenue", "Email" },             /* its own */
  { "Intercom conversations/Plan", "logins", "Plan" },        /* the same column through another exploration */
  { "Intercom conversations/User email", "revenue", "Email" },
  { "HubSpot deals/Close date", "logins", "Date" },
  { "HubSpot deals/Stage", "logins", NULL },
  { "HubSpot deals/Owner", "conversations", NULL },
  { "Intercom conversations/Rating", "logins", NULL },        /* no number there */
  { "HubSpot deals/Email", "title", NULL },
  { "default-time", "logins", NULL },
};

static void
test_suggestions (void)
{
  g_autoptr(BvModel) model = make_model (NULL, NULL);
  BvReport *report = bv_model_find_report (model, "Customer report");

  for (guint i = 0; i < G_N_ELEMENTS (suggestions); i++)
    {
      g_autoptr(BvFilter) filter = bv_filter_new ("Filter", suggestions[i].field);

      g_test_message ("%s for %s", suggestions[i].field, suggestions[i].tile);
      g_assert_cmpstr (bv_filter_suggest (model, report, filter, bv_report_find_tile (report, suggestions[i].tile)), ==,
                       suggestions[i].suggestion);
      /* Suggesting changes nothing. */
      g_assert_cmpuint (g_hash_table_size (filter->tiles), ==, 0);
    }
}

static const struct { const char *type, *json, *title; } titles[] = {
  { "line", "{\"exploration\":\"E\",\"metrics\":[\"Won revenue\"],\"time\":{\"grain\":\"month\",\"range\":\"last-28-days\"}}",
    "Won revenue by month, last 28 days" },
  { "line", "{\"exploration\":\"E\",\"metrics\":[\"Won revenue\"],\"time\":{\"grain\":\"month\",\"range\":\"2026-03-01..2026-03-31\"}}",
    "Won revenue by month, Mar 1, 2026 – Mar 31, 2026" },
  { "number", "{\"exploration\":\"E\",\"metrics\":[\"Logins\"]}", "Logins" },
  { "bar", "{\"exploration\":\"E\",\"metrics\":[\"A\",\"B\",\"C\"],\"by\":[\"Industry\",\"Country\"]}", "A, B and C by Industry and Country" },
  { "table", "{\"exploration\":\"E\",\"by\":[\"Industry\"]}", "Industry" },
  { "table", "{\"exploration\":\"E\"}", "E" },
};

static void
test_titles (void)
{
  g_autoptr(BvCalendar) calendar = bv_calendar_new (NULL, 1, NULL);
  g_autoptr(BvLocale) locale = bv_locale_new ("en_US", NULL, calendar);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr(JsonNode) node = json_from_string (titles[i].json, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(BvChart) chart = bv_chart_from_json (json_node_get_object (node), &error);
      g_autofree char *title = NULL;

      g_assert_no_error (error);
      title = bv_chart_to_title (chart, locale);
      g_assert_cmpstr (title, ==, titles[i].title);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wiring/sample-sound", test_sample_sound);
  g_test_add_func ("/wiring/targets", test_targets);
  g_test_add_func ("/wiring/map-same-dimension", test_map_same_dimension);
  g_test_add_func ("/wiring/suggestions", test_suggestions);
  g_test_add_func ("/wiring/titles", test_titles);
  return g_test_run ();
}
