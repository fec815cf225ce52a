/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Definitions as text and back: conditions, formulas, explorations, reports, and what is refused. */
#include "bv-formula.h"
#include "bv-model-build.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse (const char *json)
{
  g_autofree char *text = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

static void
test_condition_text (void)
{
  static const struct { const char *text, *json; } cases[] = {
    { "Email is ada@example.com", "{'field':'Email','is':'ada@example.com'}" },
    { "Email = ada", "{'field':'Email','is':'ada'}" },
    { "Amount>=5", "{'field':'Amount','ge':'5'}" },
    { "Amount >5", "{'field':'Amount','gt':'5'}" },
    { "Amount <> 5", "{'field':'Amount','is-not':'5'}" },
    { "Close date between 2026-01-01, 2026-01-31", "{'field':'Close date','between':['2026-01-01','2026-01-31']}" },
    { "Close date in range last-7-days", "{'field':'Close date','in-range':'last-7-days'}" },
    { "Close date is not in range 2026-01-01..", "{'field':'Close date','not-in-range':'2026-01-01..'}" },
    { "Name is not a, b", "{'field':'Name','is-not':['a','b']}" },
    { "Name is not set", "{'field':'Name','is-not-set':true}" },
    { "Name is-set", "{'field':'Name','is-set':true}" },
    { "Name does not contain x", "{'field':'Name','not-contains':'x'}" },
    { "Name is \"a, b\", c", "{'field':'Name','is':['a, b','c']}" },
    { "Name is \"say \"\"hi\"\"\"", "{'field':'Name','is':'say \\\"hi\\\"'}" },
    { "Name is \"\"", "{'field':'Name','is':''}" },
    { "Name contains a=b is c", "{'field':'Name','contains':'a=b is c'}" },
    { "\"what is it\" is 5", "{'field':'what is it','is':'5'}" },
    { "\"a \"\"b\"\"\" > 1", "{'field':'a \\\"b\\\"','gt':'1'}" },
  };
  static const struct { const char *text, *part; } bad[] = {
    { "Email", "no condition" }, { "is 5", "no condition" }, { "", "no condition" }, { "Name is", "missing" }, { "Name is a,", "missing" },
    { "Name is \"a", "closing quote" }, { "Name is \"a\" b", "separate values" }, { "x between 1", "two values" }, { "Name is set yes", "no value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BvCondition) condition = bv_condition_parse (cases[i].text, &error);
      g_autofree char *expected = g_strdelimit (g_strdup (cases[i].json), "'", '"');
      g_autoptr(JsonNode) node = NULL;
      g_autofree char *got = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      node = bv_condition_to_json (condition);
      got = json_to_string (node, FALSE);
      g_assert_cmpstr (got, ==, expected);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].text);
      g_assert_null (bv_condition_parse (bad[i].text, &error));
      g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i].part));
    }
}

static void
test_condition_json (void)
{
  /* The second is what is written again; NULL: the same. */
  static const struct { const char *in, *out; } cases[] = {
    { "{'all':[{'field':'a','is':1},{'any':[{'field':'b','is-not':[1.5,'x',null,true]}]}]}", NULL },
    { "{'field':'a','is':[null]}", NULL },
    { "{'field':'a','is':[]}", NULL },
    { "{'field':'a','is':null}", "{'field':'a','is-not-set':true}" },
    { "{'field':'a','is-set':false}", "{'field':'a','is-not-set':true}" },
    { "{'field':'a','>=':3}", "{'field':'a','ge':3}" },
    { "[{'field':'a','does not equal':'x'}]", "{'all':[{'field':'a','is-not':'x'}]}" },
  };
  static const char *const bad[] = {
    "{'field':'a'}", "{'is':1}", "{'field':'a','is':1,'gt':2}", "{'field':'a','like':1}", "{'field':1,'is':1}", "{'field':'a','is':{}}", "{'all':1}",
    "{'all':[],'any':[]}", "5", "{'field':'a','between':1}", "{'field':'a','is-set':'yes'}", "{'any':[7]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) in = parse (cases[i].in);
      g_autoptr(JsonNode) out = parse (cases[i].out != NULL ? cases[i].out : cases[i].in);
      g_autoptr(GError) error = NULL;
      g_autoptr(BvCondition) condition = bv_condition_from_json (in, &error);
      g_autoptr(BvCondition) copy = NULL;
      g_autoptr(JsonNode) again = NULL;

      g_assert_no_error (error);
      copy = bv_condition_copy (condition);
      again = bv_condition_to_json (copy);
      g_assert_true (json_node_equal (again, out));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(JsonNode) node = parse (bad[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (bv_condition_from_json (node, &error));
      g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
    }
}

static void
test_formula (void)
{
  /* a = 6, b = 3, c = 0, n = null */
  static const struct { const char *text; double value; } cases[] = {
    { "1 + 2 * 3", 7 }, { "(1 + 2) * 3", 9 }, { "8 / 4 / 2", 1 }, { "8 - 4 - 2", 2 }, { "-[a] + [b]", -3 }, { "2 * -3", -6 }, { "--2", 2 },
    { "[a] / [b]", 2 }, { "a/b", 2 }, { "[a]/[c]", NAN }, { "[n] + 1", NAN }, { "0 * [n]", NAN }, { ".5 * 4", 2 }, { "1e3", 1000 }, { "[ a ]", 6 },
    { "1 / 0", NAN }, { "[c] / [a]", 0 },
  };
  static const struct { const char *text, *part; } bad[] = {
    { "", "character 1:" }, { "1 +", "character 4:" }, { "1 2", "character 3:" }, { "(1", "character 3:" }, { "[a", "character 1:" }, { "é ) ", "character 3:" },
    { "1 * * 2", "character 5:" },
  };
  static const struct { const char *text, *from, *to, *out; } renames[] = {
    { "[a] / [b]", "a", "x y", "[x y] / [b]" }, { "a + ab", "a", "c", "[c] + ab" }, { "[1] * 1 + 1.5", "1", "one", "[one] * 1 + 1.5" },
    { "2 * [ a ]", "a", "b", "2 * [b]" }, { "1e5 + e5", "e5", "z", "1e5 + [z]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFormula) formula = bv_formula_parse (cases[i].text, &error);
      double values[8], got;

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      for (guint k = 0; k < bv_formula_get_names (formula)->len; k++)
        {
          const char *name = bv_formula_get_names (formula)->pdata[k];

          values[k] = *name == 'a' ? 6 : *name == 'b' ? 3 : *name == 'c' ? 0 : NAN;
        }
      got = bv_formula_evaluate (formula, values);
      if (isnan (cases[i].value))
        g_assert_true (isnan (got));
      else
        g_assert_cmpfloat_with_epsilon (got, cases[i].value, 1e-12);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].text);
      g_assert_null (bv_formula_parse (bad[i].text, &error));
      g_assert_nonnull (strstr (error->message, bad[i].part));
    }
  for (guint i = 0; i < G_N_ELEMENTS (renames); i++)
    {
      g_autofree char *out = bv_formula_rename (renames[i].text, renames[i].from, renames[i].to);

      g_assert_cmpstr (out, ==, renames[i].out);
    }
}

/* --- Explorations and reports ------------------------------------------------------------------------------------------------------------ */

static const char exploration_json[] =
  "{ 'name': 'HubSpot deals', 'root': 'hubspot_deals',"
  "  'related': [ { 'table': 'hubspot_contacts', 'as': 'Contact', 'through': 'hubspot_deals.contact_id' } ], 'time_field': 'Close date',"
  "  'dimensions': [ { 'name': 'Close date', 'field': 'hubspot_deals.close_date' }, { 'name': 'Email', 'field': 'Contact.email' } ],"
  "  'metrics': [ { 'name': 'Won revenue', 'aggregate': 'sum', 'field': 'hubspot_deals.amount',"
  "                 'where': { 'all': [ { 'field': 'hubspot_deals.is_won', 'is': true } ] }, 'format': { 'kind': 'currency', 'decimals': 0 } },"
  "               { 'name': 'Cumulative revenue', 'aggregate': 'cumulative-sum', 'of': 'Won revenue', 'from': 'range' },"
  "               { 'name': 'Deals', 'aggregate': 'count' },"
  "               { 'name': 'Average deal', 'formula': '[Won revenue] / [Deals]' } ] }";

static const char report_json[] =
  "{ 'name': 'Customer report', 'tiles': ["
  "    { 'id': 'revenue', 'kind': 'chart', 'title': 'Cumulative revenue', 'at': [0, 0, 8, 6],"
  "      'chart': { 'exploration': 'HubSpot deals', 'type': 'line', 'metrics': ['Cumulative revenue'],"
  "                 'time': { 'field': 'Close date', 'grain': 'day', 'range': 'last-28-days' } } },"
  "    { 'id': 'deals', 'kind': 'chart', 'at': [8, 0, 4, 3], 'chart': { 'exploration': 'HubSpot deals', 'type': 'number', 'metrics': ['Deals'] } } ],"
  "  'filters': [ { 'name': 'Customer', 'field': 'HubSpot deals/Email', 'control': 'multi', 'tiles': { 'revenue': 'Email', 'deals': null } },"
  "               { 'name': 'Date', 'field': 'default-time', 'default': 'last-7-days' } ] }";

static BvModel *
make_model (const char *exploration, const char *report)
{
  BvModel *model = bv_model_new ();
  BvTable *deals = bv_table_new ("hubspot_deals", "HubSpot");
  BvTable *contacts = bv_table_new ("hubspot_contacts", "HubSpot");
  g_autofree char *e = g_strdelimit (g_strdup (exploration), "'", '"');
  g_autofree char *r = g_strdelimit (g_strdup (report != NULL ? report : report_json), "'", '"');

  bv_table_add_field (deals, "id", BV_TYPE_INT);
  bv_table_add_field (deals, "contact_id", BV_TYPE_INT);
  bv_table_add_field (deals, "amount", BV_TYPE_DOUBLE);
  bv_table_add_field (deals, "probability", BV_TYPE_INT);
  bv_table_add_field (deals, "is_won", BV_TYPE_BOOL);
  bv_table_add_field (deals, "stage", BV_TYPE_TEXT);
  bv_table_add_field (deals, "close_date", BV_TYPE_DATE);
  bv_table_add_field (contacts, "id", BV_TYPE_INT);
  bv_table_add_field (contacts, "email", BV_TYPE_TEXT);
  bv_model_take_table (model, deals);
  bv_model_take_table (model, contacts);
  bv_model_add_definition (model, "relationship", "u1", "r", "{\"from\":\"hubspot_deals.contact_id\",\"to\":\"hubspot_contacts.id\",\"type\":\"belongs-to\"}");
  bv_model_add_definition (model, "exploration", "u2", "HubSpot deals", e);
  bv_model_add_definition (model, "report", "u3", "Customer report", r);
  bv_model_finish (model);
  return model;
}

static void
test_round_trip (void)
{
  g_autoptr(JsonNode) e = parse (exploration_json);
  g_autoptr(JsonNode) r = parse (report_json);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvExploration) exploration = bv_exploration_from_json (json_node_get_object (e), &error);
  g_autoptr(BvReport) report = NULL;
  g_autoptr(BvExploration) copy = NULL;
  g_autoptr(BvReport) report_copy = NULL;
  g_autoptr(BvExploration) again = NULL;
  g_autoptr(JsonObject) first = NULL;
  g_autoptr(JsonObject) second = NULL;
  g_autoptr(JsonObject) third = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autoptr(BvModel) model = make_model (exploration_json, NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (model->problems->len, ==, 0);
  copy = bv_exploration_copy (exploration);
  first = bv_exploration_to_json (copy);
  again = bv_exploration_from_json (first, &error);
  g_assert_no_error (error);
  second = bv_exploration_to_json (again);
  a = bv_json_object_to_text (first, FALSE);
  b = bv_json_object_to_text (second, FALSE);
  g_assert_cmpstr (a, ==, b);
  g_assert_nonnull (strstr (a, "is_won"));
  report = bv_report_from_json (json_node_get_object (r), &error);
  g_assert_no_error (error);
  report_copy = bv_report_copy (report);
  third = bv_report_to_json (report_copy);
  {
    /* All that was said is written again. */
    JsonObject *tile = json_array_get_object_element (json_object_get_array_member (third, "tiles"), 0);
    JsonObject *filter = json_array_get_object_element (json_object_get_array_member (third, "filters"), 0);

    g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (json_object_get_object_member (tile, "chart"), "time"), "range"), ==, "last-28-days");
    g_assert_true (json_object_get_null_member (json_object_get_object_member (filter, "tiles"), "deals"));
  }
}

/* Copies say the same and share nothing: another thread may read what they were made of. */
static void
test_copies (void)
{
  static const char *const charts[] = {
    "{'exploration':'E','type':'bar','metrics':['A','B'],'by':['C:month','D'],'pivot':'E:day','time':{'field':'T','grain':'week','range':'last-7-days'},"
    "'where':{'all':[{'field':'C','is':['x',null]}]},'sort':['A:desc','D:asc'],'limit':3,'top':2,'others':true,'compare':'previous-year',"
    "'options':{'labels':true,'axis-min':1.5,'colors':['#123456',{'deep':null}],'series.A.colour':2}}",
    /* Names that end like grains */
    "{'exploration':'E','type':'table','metrics':['A'],'by':[{'dimension':'Sign-up:month'},'Sign-up:month:day'],'pivot':{'dimension':'Last:year'}}",
  };
  g_autoptr(BvExploration) unfinished = bv_exploration_new ("", "t");
  g_autoptr(BvExploration) copy = NULL;
  g_autoptr(BvChart) half = bv_chart_new ("E", "table");
  g_autoptr(BvChart) half_copy = NULL;
  BvValue value = bv_value_int (1);

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      g_autoptr(JsonNode) node = parse (charts[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(BvChart) chart = bv_chart_from_json (json_node_get_object (node), &error);
      g_autoptr(BvChart) other = bv_chart_copy (chart);
      g_autoptr(JsonObject) json = bv_chart_to_json (other);
      g_autoptr(BvChart) again = bv_chart_from_json (json, &error);
      g_autoptr(JsonObject) json_again = bv_chart_to_json (again);
      g_autofree char *first = bv_json_object_to_text (json_node_get_object (node), FALSE);
      g_autofree char *second = bv_json_object_to_text (json_again, FALSE);

      g_assert_no_error (error);
      g_assert_cmpstr (second, ==, first);
      if (chart->options == NULL)
        continue;
      g_assert_true (other->options != chart->options);
      g_assert_true (json_object_get_object_member (json, "options") != other->options);
      g_assert_true (json_object_get_array_member (other->options, "colors") != json_object_get_array_member (chart->options, "colors"));
      json_object_set_int_member (other->options, "labels", 7);
      g_assert_true (json_object_get_boolean_member (chart->options, "labels"));
    }
  /* What is half written can be copied too. */
  g_ptr_array_add (unfinished->metrics, bv_metric_new ("", BV_AGG_SUM));
  g_ptr_array_add (unfinished->related, bv_related_new ("other", "", "t.other_id"));
  copy = bv_exploration_copy (unfinished);
  g_assert_cmpuint (copy->metrics->len, ==, 1);
  g_assert_cmpstr (((BvRelated *) copy->related->pdata[0])->through, ==, "t.other_id");
  half->where = bv_condition_new_test ("x", BV_OP_BETWEEN);
  bv_condition_add_value (half->where, &value);
  half_copy = bv_chart_copy (half);
  g_assert_cmpuint (half_copy->where->values->len, ==, 1);
}

static void
test_strict (void)
{
  static const struct { const char *json, *part; } cases[] = {
    { "{'name':'E','root':'t','metric':[]}", "exploration/metric" },
    { "{'name':'E','root':'t','metrics':[{'name':'M','aggregate':'count','wher':{}}]}", "wher" },
    { "{'name':'E','root':'t','metrics':[{'name':'M','aggregate':'total'}]}", "aggregate" },
    { "{'name':'E','root':'t','metrics':[{'name':'M'}]}", "aggregate" },
    { "{'name':'E','root':'t','metrics':[{'name':'M','aggregate':'percentile','percentile':2}]}", "percentile" },
    { "{'name':'E'}", "root" },
    { "{'name':5,'root':'t'}", "name" },
    { "{'name':'E','root':'t','dimensions':[7]}", "dimensions" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) node = parse (cases[i].json);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].json);
      g_assert_null (bv_exploration_from_json (json_node_get_object (node), &error));
      g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_problems (void)
{
  static const struct { const char *exploration, *path; } cases[] = {
    { "{'name':'HubSpot deals','root':'gone'}", "explorations/HubSpot deals" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','metrics':[{'name':'Deals','aggregate':'sum','field':'hubspot_deals.stage'}]}",
      "explorations/HubSpot deals/metrics/Deals" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','metrics':[{'name':'A','formula':'[B]'},{'name':'B','formula':'[A]'}]}",
      "explorations/HubSpot deals/metrics/A" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','metrics':[{'name':'A','formula':'1 +'}]}", "explorations/HubSpot deals/metrics/A" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','dimensions':[{'name':'X','field':'hubspot_deals.gone'}]}",
      "explorations/HubSpot deals/dimensions/X" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','related':[{'table':'hubspot_contacts','through':'hubspot_deals.id'}]}",
      "explorations/HubSpot deals/related/hubspot_contacts" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','metrics':[{'name':'Deals','aggregate':'count'}]}", "reports/Customer report/tiles/revenue" },
    { "{'name':'HubSpot deals','root':'hubspot_deals','metrics':[{'name':'Deals','aggregate':'count'}]}", "reports/Customer report/filters/Customer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BvModel) model = make_model (cases[i].exploration, NULL);

      g_test_message ("%s", cases[i].path);
      g_assert_nonnull (bv_model_find_problem (model, cases[i].path));
    }
}

/* Tiles that lie over each other are a problem, and are set apart: what is above stays, what stands beside stays. */
static void
test_overlap (void)
{
  static const char report[] =
    "{ 'name': 'Customer report', 'tiles': ["
    "  { 'id': 'below', 'kind': 'text', 'text': 'd', 'at': [0, 5, 12, 2] },"
    "  { 'id': 'top', 'kind': 'text', 'text': 'a', 'at': [0, 0, 8, 4] },"
    "  { 'id': 'over', 'kind': 'text', 'text': 'b', 'at': [4, 1, 4, 4] },"
    "  { 'id': 'beside', 'kind': 'text', 'text': 'c', 'at': [8, 1, 4, 3] },"
    "  { 'id': 'same', 'kind': 'text', 'text': 'e', 'at': [4, 1, 4, 4] } ] }";
  static const struct { const char *id; int y; gboolean problem; } expected[] = {
    { "top", 0, FALSE }, { "beside", 1, FALSE }, { "over", 4, TRUE }, { "same", 8, TRUE }, { "below", 12, FALSE },
  };
  g_autoptr(BvModel) model = make_model (exploration_json, report);
  BvReport *r = bv_model_find_report (model, "Customer report");

  g_assert_cmpuint (model->problems->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *path = g_strdup_printf ("reports/Customer report/tiles/%s", expected[i].id);

      g_assert_cmpint (bv_report_find_tile (r, expected[i].id)->y, ==, expected[i].y);
      g_assert_cmpint (bv_model_find_problem (model, path) != NULL, ==, expected[i].problem);
    }
}

static void
test_automatic (void)
{
  g_autoptr(BvModel) model = make_model (exploration_json, NULL);
  g_autoptr(BvExploration) e = bv_exploration_new_for_table (model, bv_model_find_table (model, "hubspot_deals"));

  /* One count; sum and average of the two numbers that are no ids; everything else a dimension. */
  g_assert_cmpuint (e->metrics->len, ==, 5);
  g_assert_nonnull (bv_exploration_find_metric (e, "Number of hubspot_deals"));
  g_assert_nonnull (bv_exploration_find_metric (e, "Average of Probability"));
  g_assert_cmpuint (e->dimensions->len, ==, 5);
  g_assert_nonnull (bv_exploration_find_dimension (e, "Contact id"));
  g_assert_cmpstr (e->time_field, ==, "Close date");
}

static void
test_ambiguity (void)
{
  g_autoptr(BvModel) model = bv_model_new ();
  g_autoptr(BvExploration) e = bv_exploration_new ("E", "deals");
  g_autoptr(GError) error = NULL;
  BvTable *deals = bv_table_new ("deals", "x"), *people = bv_table_new ("people", "x");
  BvRelated *owner = bv_related_new ("people", "Owner", NULL);
  const char *parent = NULL;
  gboolean belongs = FALSE;

  bv_table_add_field (deals, "owner", BV_TYPE_INT);
  bv_table_add_field (deals, "creator", BV_TYPE_INT);
  bv_table_add_field (people, "id", BV_TYPE_INT);
  bv_table_add_field (people, "boss", BV_TYPE_INT);
  bv_model_take_table (model, deals);
  bv_model_take_table (model, people);
  bv_model_add_definition (model, "relationship", "1", "1", "{\"from\":\"deals.owner\",\"to\":\"people.id\"}");
  bv_model_add_definition (model, "relationship", "2", "2", "{\"from\":\"people.id\",\"to\":\"deals.creator\",\"type\":\"has-many\"}");
  bv_model_add_definition (model, "relationship", "3", "3", "{\"from\":\"people.boss\",\"to\":\"people.id\"}");
  bv_model_finish (model);
  g_ptr_array_add (e->related, owner);
  g_assert_null (bv_exploration_resolve_related (e, model, owner, &parent, &belongs, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_AMBIGUOUS);
  owner->through = g_strdup ("deals.creator");
  g_assert_nonnull (bv_exploration_resolve_related (e, model, owner, &parent, &belongs, NULL));
  g_assert_cmpstr (parent, ==, "deals");
  g_assert_true (belongs);
  {
    BvRelated *boss = bv_related_new ("people", "Boss", "Owner.boss");
    BvRelated *reports = bv_related_new ("people", "Report", "Report.boss");

    g_ptr_array_add (e->related, boss);
    reports->parent = g_strdup ("Owner");
    g_ptr_array_add (e->related, reports);
    g_assert_nonnull (bv_exploration_resolve_related (e, model, boss, &parent, &belongs, NULL));
    g_assert_cmpstr (parent, ==, "Owner");
    g_assert_true (belongs);
    g_assert_nonnull (bv_exploration_resolve_related (e, model, reports, &parent, &belongs, NULL));
    g_assert_false (belongs);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/condition-text", test_condition_text);
  g_test_add_func ("/model/condition-json", test_condition_json);
  g_test_add_func ("/model/formula", test_formula);
  g_test_add_func ("/model/round-trip", test_round_trip);
  g_test_add_func ("/model/copies", test_copies);
  g_test_add_func ("/model/strict", test_strict);
  g_test_add_func ("/model/problems", test_problems);
  g_test_add_func ("/model/overlap", test_overlap);
  g_test_add_func ("/model/automatic", test_automatic);
  g_test_add_func ("/model/ambiguity", test_ambiguity);
  return g_test_run ();
}
