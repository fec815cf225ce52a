/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dump, apply and rename: what is applied twice changes nothing, what fails changes nothing, and a rename changes no number. */
#include "query-test.h"
#include "bv-workspace.h"

#include <string.h>

/* The example of the documentation, as it stands there. */
static const char example[] =
  "{ 'belvedere': 1,"
  "  'settings': { 'time_zone': 'Europe/Paris', 'currency': 'EUR', 'week_start': 'monday' },"
  "  'relationships': [ { 'from': 'hubspot_deals.contact_id', 'to': 'hubspot_contacts.id', 'type': 'belongs-to' } ],"
  "  'explorations': [ { 'name': 'HubSpot deals', 'root': 'hubspot_deals',"
  "      'related': [ { 'table': 'hubspot_contacts', 'as': 'Contact', 'through': 'hubspot_deals.contact_id' } ],"
  "      'time_field': 'Close date',"
  "      'dimensions': [ { 'name': 'Close date', 'field': 'hubspot_deals.close_date' },"
  "                      { 'name': 'Email', 'field': 'Contact.email' } ],"
  "      'metrics': [ { 'name': 'Won revenue', 'aggregate': 'sum', 'field': 'hubspot_deals.amount',"
  "                     'where': { 'all': [ { 'field': 'hubspot_deals.is_won', 'is': true } ] },"
  "                     'format': { 'kind': 'currency', 'decimals': 0 } },"
  "                   { 'name': 'Cumulative revenue', 'aggregate': 'cumulative-sum', 'of': 'Won revenue', 'from': 'range' },"
  "                   { 'name': 'Deals', 'aggregate': 'count' },"
  "                   { 'name': 'Average won deal', 'formula': '[Won revenue] / [Won deals]' } ] } ],"
  "  'reports': [ { 'name': 'Customer report',"
  "      'tiles': [ { 'id': 'revenue', 'kind': 'chart', 'title': 'Cumulative revenue', 'at': [0, 0, 8, 6],"
  "                   'chart': { 'exploration': 'HubSpot deals', 'type': 'line', 'metrics': ['Cumulative revenue'],"
  "                              'time': { 'field': 'Close date', 'grain': 'day', 'range': 'last-28-days' } } },"
  "                 { 'id': 'logins', 'kind': 'chart', 'at': [8, 0, 4, 3],"
  "                   'chart': { 'exploration': 'Segment events', 'type': 'number', 'metrics': ['Logins'] } } ],"
  "      'filters': [ { 'name': 'Customer', 'field': 'HubSpot deals/Email', 'control': 'multi',"
  "                     'tiles': { 'revenue': 'Email', 'logins': 'User email' } },"
  "                   { 'name': 'Date', 'field': 'default-time', 'default': 'last-7-days' } ] } ] }";

static void
tables (Fixture *f)
{
  add_table (f, "hubspot_deals", "id:int contact_id:int amount:double is_won:bool close_date:date", "1|1|100|true|2026-06-29\n2|2|50|false|2026-06-30\n3|2|25|true|2026-06-30\n");
  add_table (f, "hubspot_contacts", "id:int email:text", "1|ada@x.org\n2|bob@x.org\n");
}

static guint
apply (Fixture *f, const char *json)
{
  g_autofree char *text = json_text (json);
  g_autoptr(GError) error = NULL;
  guint n = 99;

  bv_definitions_apply (f->project, text, "Apply", &n, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->model, bv_model_unref);
  f->model = bv_model_load (f->project, NULL);
  return n;
}

static void
test_example (Fixture *f, gconstpointer data)
{
  g_autofree char *dump = NULL;
  g_autofree char *again = NULL;

  tables (f);
  g_assert_cmpuint (apply (f, example), ==, 4);
  g_assert_cmpuint (apply (f, example), ==, 0);
  /* The example names a metric and an exploration that it leaves out. */
  g_assert_nonnull (bv_model_find_problem (f->model, "explorations/HubSpot deals/metrics/Average won deal"));
  g_assert_nonnull (bv_model_find_problem (f->model, "reports/Customer report/tiles/logins"));
  g_assert_cmpuint (f->model->problems->len, ==, 2);
  dump = bv_definitions_dump (f->model);
  g_assert_cmpuint (apply (f, dump), ==, 0);
  again = bv_definitions_dump (f->model);
  g_assert_cmpstr (dump, ==, again);
  assert_totals (f, "{'exploration':'HubSpot deals','metrics':['Won revenue','Cumulative revenue','Deals'],'time':{'grain':'day','range':'last-28-days'}}", "125|125|3");
}

static void
test_apply_dump (Fixture *f, gconstpointer data)
{
  g_autofree char *empty = NULL;
  g_autofree char *dump = NULL;

  tables (f);
  f->model = bv_model_load (f->project, NULL);
  /* A project without any definition. */
  empty = bv_definitions_dump (f->model);
  g_assert_cmpuint (apply (f, empty), ==, 0);
  /* Table metadata in any order and with nothing said about fields. */
  g_assert_cmpuint (apply (f, "{'belvedere':1,'tables':[{'name':'hubspot_deals','label':'Deals','fields':[{'name':'amount','label':'Sum'},{'name':'id','hidden':true},"
                              "{'name':'is_won'}]},{'name':'hubspot_contacts','label':'People'}]}"), ==, 2);
  dump = bv_definitions_dump (f->model);
  g_assert_cmpuint (apply (f, dump), ==, 0);
  g_assert_cmpstr (bv_model_find_table (f->model, "hubspot_contacts")->label, ==, "People");
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  static const struct { const char *json, *part; } cases[] = {
    { "", "JSON object" },
    { "{", "not valid JSON" },
    { "[]", "JSON object" },
    { "{}", "no definitions" },
    { "{'belvedere':'x'}", "no definitions" },
    { "{'belvedere':2}", "newer" },
    { "{'belvedere':1,'report':[]}", "report" },
    { "{'belvedere':1,'settings':5}", "settings" },
    { "{'belvedere':1,'settings':{'time_zone':'Mars/Base'}}", "Mars" },
    { "{'belvedere':1,'settings':{'week_start':'someday'}}", "weekday" },
    { "{'belvedere':1,'explorations':{}}", "must be a list" },
    { "{'belvedere':1,'explorations':[5]}", "must be an object" },
    { "{'belvedere':1,'explorations':[{'name':5,'root':'t'}]}", "explorations/0" },
    { "{'belvedere':1,'settings':{'currency':'USD'},'explorations':[{'name':'X','root':'t'},{'name':'Y','root':'t','metrics':[{'name':'M','aggregate':'no'}]}]}",
      "explorations/Y" },
    { "{'belvedere':1,'explorations':[{'name':'X','root':'t'},{'name':'X','root':'u'}]}", "defined twice" },
    { "{'belvedere':1,'explorations':[{'id':'new','name':'HubSpot deals','root':'t'}],'relationships':[{'id':'new','from':'nodot','to':'a.b'}]}", "table.column" },
    { "{'belvedere':1,'relationships':[{'from':'a.b','to':'c.d','type':'friends'}]}", "belongs-to" },
    { "{'belvedere':1,'tables':[{'name':'t','fields':[{'nam':'x'}]}]}", "fields" },
  };
  g_autofree char *before = NULL;

  tables (f);
  apply (f, example);
  before = bv_definitions_dump (f->model);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = json_text (cases[i].json);
      g_autofree char *after = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(BvModel) model = NULL;

      g_test_message ("%s", cases[i].json);
      g_assert_false (bv_definitions_apply (f->project, json, "Apply", NULL, &error));
      g_assert_nonnull (error);
      if (strstr (error->message, cases[i].part) == NULL)
        g_error ("“%s” is not in “%s”", cases[i].part, error->message);
      model = bv_model_load (f->project, NULL);
      after = bv_definitions_dump (model);
      g_assert_cmpstr (before, ==, after);
    }
  /* An id that gives its name to another's object. */
  apply (f, "{'belvedere':1,'explorations':[{'name':'Second','root':'hubspot_deals'}]}");
  {
    g_autofree char *clash = g_strdup_printf ("{\"belvedere\":1,\"explorations\":[{\"id\":\"%s\",\"name\":\"HubSpot deals\",\"root\":\"hubspot_deals\"}]}",
                                              bv_model_find_exploration (f->model, "Second")->uuid);
    g_autoptr(GError) error = NULL;

    g_assert_false (bv_definitions_apply (f->project, clash, "Apply", NULL, &error));
    g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  }
}

static char *
numbers (BvWorkspace *workspace, Fixture *f)
{
  GString *out = g_string_new (NULL);
  BvModel *model = bv_workspace_get_model (workspace);
  BvQueryContext context = { f->project, model, f->now, BV_EXECUTOR_AUTO };
  BvReport *report = model->reports->pdata[0];

  for (guint i = 0; i < report->tiles->len; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) frame = bv_query_run (&context, ((BvTile *) report->tiles->pdata[i])->chart, NULL, NULL, &error);
      g_autofree char *csv = NULL;

      g_assert_no_error (error);
      csv = bv_frame_to_csv (frame, model->calendar);
      g_string_append (out, strchr (csv, '\n'));
    }
  return g_string_free (out, FALSE);
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  static const struct { const char *kind, *owner, *from, *to; } renames[] = {
    { "metric", "E", "Won", "Won €" }, { "metric", "E", "1", "One" }, { "dimension", "E", "Mail", "E-mail" }, { "dimension", "E", "Day", "Closed on" },
    { "exploration", NULL, "E", "Deals" }, { "report", NULL, "R", "Report" },
  };
  g_autoptr(BvWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;

  tables (f);
  define (f, "{'belvedere':1,'relationships':[{'from':'hubspot_deals.contact_id','to':'hubspot_contacts.id'}],"
             "'explorations':[{'name':'E','root':'hubspot_deals','related':[{'table':'hubspot_contacts','as':'C'}],'time_field':'Day',"
             "'dimensions':[{'name':'Day','field':'hubspot_deals.close_date'},{'name':'Mail','field':'C.email'}],"
             "'metrics':[{'name':'Won','aggregate':'sum','field':'hubspot_deals.amount','where':{'field':'Mail','is':'bob@x.org'}},{'name':'1','aggregate':'count'},"
             "{'name':'Rate','formula':'Won * 1 / [1]'},{'name':'Run','aggregate':'cumulative-sum','of':'Won'}]}],"
             "'reports':[{'name':'R','tiles':[{'id':'a','kind':'chart','chart':{'exploration':'E','metrics':['Won','Rate','Run'],'by':['Mail'],'time':{'field':'Day','grain':'day'},"
             "'where':{'any':[{'field':'Mail','is-set':true}]},'sort':['Won:desc','Mail'],'options':{'series.Won.colour':1,'series.Won.dot.colour':2,'facet':'Mail'}}},"
             "{'id':'b','kind':'chart','chart':{'exploration':'E','metrics':['1'],'pivot':'Mail'}}],"
             "'filters':[{'name':'F','field':'E/Mail','tiles':{'a':'Mail','b':'Mail'}}]}]}");
  workspace = bv_workspace_new (f->project, &error);
  g_assert_no_error (error);
  before = numbers (workspace, f);
  for (guint i = 0; i < G_N_ELEMENTS (renames); i++)
    {
      g_autofree char *after = NULL;

      bv_workspace_rename (workspace, renames[i].kind, renames[i].owner, renames[i].from, renames[i].to, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (bv_workspace_get_model (workspace)->problems->len, ==, 0);
      after = numbers (workspace, f);
      g_assert_cmpstr (before, ==, after);
    }
  {
    BvReport *report = bv_model_find_report (bv_workspace_get_model (workspace), "Report");
    BvChart *chart = ((BvTile *) report->tiles->pdata[0])->chart;

    g_assert_true (json_object_has_member (chart->options, "series.Won €.colour"));
    g_assert_true (json_object_has_member (chart->options, "series.Won.dot.colour"));
    g_assert_cmpstr (json_object_get_string_member (chart->options, "facet"), ==, "E-mail");
    g_assert_cmpstr (((BvFilter *) report->filters->pdata[0])->field, ==, "Deals/E-mail");
  }
  /* What does not exist, or is taken, is refused with a reason. */
  g_assert_false (bv_workspace_rename (workspace, "exploration", NULL, "gone", "x", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bv_workspace_rename (workspace, "report", NULL, "gone", "x", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bv_workspace_rename (workspace, "metric", "Deals", "gone", "x", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bv_workspace_rename (workspace, "metric", "Deals", "Run", "Rate", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  g_clear_error (&error);
  /* One step each. */
  for (guint i = 0; i < G_N_ELEMENTS (renames); i++)
    g_assert_true (bv_workspace_undo (workspace, NULL));
  g_assert_nonnull (bv_model_find_exploration (bv_workspace_get_model (workspace), "E"));
  g_assert_nonnull (bv_exploration_find_metric (bv_model_find_exploration (bv_workspace_get_model (workspace), "E"), "Won"));
}

/* One exploration's name may begin another's: filters follow the one that they are on. */
static void
test_rename_slashes (Fixture *f, gconstpointer data)
{
  g_autoptr(BvWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *usage = NULL;
  BvReport *report;

  tables (f);
  define (f, "{'belvedere':1,'explorations':["
             "{'name':'A','root':'hubspot_deals','dimensions':[{'name':'Stage','field':'hubspot_deals.is_won'}],'metrics':[{'name':'N','aggregate':'count'}]},"
             "{'name':'A/B','root':'hubspot_deals','dimensions':[{'name':'Stage','field':'hubspot_deals.is_won'}],'metrics':[{'name':'N','aggregate':'count'}]}],"
             "'reports':[{'name':'R','tiles':[{'id':'a','kind':'chart','chart':{'exploration':'A','metrics':['N']}}],"
             "'filters':[{'name':'One','field':'A/Stage'},{'name':'Two','field':'A/B/Stage'}]}]}");
  workspace = bv_workspace_new (f->project, &error);
  g_assert_no_error (error);
  usage = bv_workspace_usage (workspace, "A/B", NULL);
  g_assert_cmpstr (usage, ==, "1 filter");
  g_assert_true (bv_workspace_rename (workspace, "exploration", NULL, "A", "Z", &error));
  g_assert_true (bv_workspace_rename (workspace, "dimension", "Z", "Stage", "Step", &error));
  g_assert_no_error (error);
  report = bv_model_find_report (bv_workspace_get_model (workspace), "R");
  g_assert_cmpstr (bv_report_find_filter (report, "One")->field, ==, "Z/Step");
  g_assert_cmpstr (bv_report_find_filter (report, "Two")->field, ==, "A/B/Stage");
  g_assert_cmpuint (bv_workspace_get_model (workspace)->problems->len, ==, 0);
}

/* A change and a new name are one step, which one undo takes back. */
static void
test_rename_with_change (Fixture *f, gconstpointer data)
{
  g_autoptr(BvWorkspace) workspace = NULL;
  g_autoptr(BvExploration) edited = NULL;
  g_autoptr(BvReport) report = NULL;
  g_autoptr(GError) error = NULL;
  BvExploration *now;

  tables (f);
  define (f, "{'belvedere':1,'explorations':[{'name':'E','root':'hubspot_deals',"
             "'metrics':[{'name':'Won','aggregate':'sum','field':'hubspot_deals.amount'},{'name':'Twice','formula':'Won * 2'}]}],"
             "'reports':[{'name':'R','tiles':[{'id':'a','kind':'chart','chart':{'exploration':'E','metrics':['Won']}}]}]}");
  workspace = bv_workspace_new (f->project, &error);
  g_assert_no_error (error);
  edited = bv_exploration_copy (bv_model_find_exploration (bv_workspace_get_model (workspace), "E"));
  bv_exploration_find_metric (edited, "Won")->description = g_strdup ("All of it");
  /* A name that is taken changes nothing. */
  g_assert_false (bv_workspace_put_exploration_as (workspace, "Change metric", edited, "metric", "Won", "Twice", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (bv_workspace_put_exploration_as (workspace, "Change metric", edited, "metric", "Won", "Sum", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bv_workspace_get_undo_name (workspace), ==, "Change metric");
  now = bv_model_find_exploration (bv_workspace_get_model (workspace), "E");
  g_assert_null (bv_exploration_find_metric (now, "Won"));
  g_assert_cmpstr (bv_exploration_find_metric (now, "Sum")->description, ==, "All of it");
  g_assert_cmpuint (bv_workspace_get_model (workspace)->problems->len, ==, 0);
  g_assert_true (bv_workspace_undo (workspace, &error));
  now = bv_model_find_exploration (bv_workspace_get_model (workspace), "E");
  g_assert_null (bv_exploration_find_metric (now, "Won")->description);
  g_assert_cmpstr (((BvTile *) bv_model_find_report (bv_workspace_get_model (workspace), "R")->tiles->pdata[0])->chart->metrics[0], ==, "Won");

  report = bv_report_copy (bv_model_find_report (bv_workspace_get_model (workspace), "R"));
  report->description = g_strdup ("For all");
  g_assert_true (bv_workspace_put_report_as (workspace, "Describe report", report, "All", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bv_model_find_report (bv_workspace_get_model (workspace), "All")->description, ==, "For all");
  g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "R"));
  g_assert_true (bv_workspace_undo (workspace, &error));
  g_assert_null (bv_model_find_report (bv_workspace_get_model (workspace), "R")->description);
}

/* A source goes through as it is, twice without a change, and never with a secret. */
static void
test_source (Fixture *f, gconstpointer data)
{
  static const char json[] =
    "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','settings':{'version':'2026-09','rate':190},"
    "'streams':[{'name':'contacts','fields':['email','firstname']}],'schedule':{'at':'06:30','weekdays':['monday']}}]}";
  static const struct { const char *json, *message; } bad[] = {
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','settings':{'token':'pat-1'}}]}", "keyring" },
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'rest','settings':{'API_Key':'x'}}]}", "keyring" },
    { "{'belvedere':1,'sources':[{'name':'CRM'}]}", "kind" },
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','setings':{}}]}", "setings" },
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','schedule':{'at':'25:00'}}]}", "06:30" },
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','schedule':{'every_hours':0}}]}", "every_hours" },
    { "{'belvedere':1,'sources':[{'name':'CRM','kind':'hubspot','streams':['contacts']}]}", "streams" },
  };
  g_autofree char *dump = NULL;

  g_assert_cmpuint (apply (f, json), ==, 1);
  g_assert_cmpuint (apply (f, json), ==, 0);
  g_assert_cmpuint (f->model->sources->len, ==, 1);
  dump = bv_definitions_dump (f->model);
  g_assert_nonnull (strstr (dump, "\"prefix\" : \"hubspot\""));
  {
    guint n = 99;

    g_assert_true (bv_definitions_apply (f->project, dump, "Apply", &n, NULL));
    g_assert_cmpuint (n, ==, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = json_text (bad[i].json);
      g_autoptr(GError) error = NULL;

      g_assert_false (bv_definitions_apply (f->project, text, "Apply", NULL, &error));
      g_assert_nonnull (strstr (error->message, bad[i].message));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/definitions/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("example", test_example);
  ADD ("apply-dump", test_apply_dump);
  ADD ("errors", test_errors);
  ADD ("rename", test_rename);
  ADD ("rename-slashes", test_rename_slashes);
  ADD ("rename-with-change", test_rename_with_change);
  ADD ("source", test_source);
  return g_test_run ();
}
