/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small tables whose right numbers can be counted by hand: fan-out, chasms, times, gaps, running totals, top lists, drills. */
#include "query-test.h"

#include <inttypes.h>
#include <string.h>

/* --- Sales: deals with several contacts each ------------------------------------------------------------------------------------------ */

static void
sales (Fixture *f)
{
  add_table (f, "contacts", "id:int email:text city:text boss:int",
             "1|ada@x.org|Paris|\n2|bob@x.org|Rome|1\n3|cy@x.org|Paris|1\n4||''|2\n");
  add_table (f, "deals", "id:int amount:double stage:text won:bool close:date owner:int",
             "1|100|won|true|2026-01-05|1\n2|50|won|true|2026-01-20|2\n3|30|lost|false|2026-03-02|2\n4||open|||\n5|20|lost|false|2026-03-02|1\n");
  add_table (f, "links", "deal:int contact:int", "1|1\n1|2\n2|2\n3|1\n3|\n|3\n");
  add_table (f, "tickets", "id:int contact:int minutes:int", "1|1|10\n2|1|20\n3|2|40\n4|9|80\n");
  define (f,
          "{'belvedere':1,'settings':{'time_zone':'Europe/Paris'},'relationships':["
          "{'from':'links.deal','to':'deals.id'},{'from':'links.contact','to':'contacts.id'},{'from':'deals.owner','to':'contacts.id'},"
          "{'from':'tickets.contact','to':'contacts.id'},{'from':'contacts.boss','to':'contacts.id'}],"
          "'explorations':[{'name':'Deals','root':'deals','time_field':'Close','related':["
          "{'table':'links'},{'table':'contacts','as':'Contact','parent':'links'},"
          "{'table':'contacts','as':'Owner','parent':'deals','through':'deals.owner'},"
          "{'table':'contacts','as':'Boss','parent':'Owner','through':'Owner.boss'},"
          "{'table':'tickets','as':'Ticket','parent':'Owner'}],"
          "'dimensions':[{'name':'Close','field':'deals.close'},{'name':'Stage','field':'deals.stage'},{'name':'E-mail','field':'Contact.email'},"
          "{'name':'Owner','field':'Owner.email'}],"
          "'metrics':[{'name':'Deals','aggregate':'count'},{'name':'Amount','aggregate':'sum','field':'deals.amount'},"
          "{'name':'Won','aggregate':'sum','field':'deals.amount','where':{'field':'deals.won','is':true}},"
          "{'name':'Average','aggregate':'average','field':'deals.amount'},{'name':'Median','aggregate':'median','field':'deals.amount'},"
          "{'name':'P90','aggregate':'percentile','percentile':0.9,'field':'deals.amount'},"
          "{'name':'Owners','aggregate':'count-distinct','field':'deals.owner'},"
          "{'name':'Contacts','aggregate':'count','table':'Contact'},"
          "{'name':'Minutes','aggregate':'sum','field':'Ticket.minutes'},"
          "{'name':'With Ada','aggregate':'sum','field':'deals.amount','where':{'field':'Contact.email','is':'ada@x.org'}},"
          "{'name':'With amount','aggregate':'count','field':'deals.amount'},"
          "{'name':'Share won','formula':'[Won] / [Amount]'},"
          "{'name':'Running','aggregate':'cumulative-sum','of':'Amount'},"
          "{'name':'Running all','aggregate':'cumulative-sum','of':'Amount','from':'all'}]},"
          "{'name':'People','root':'contacts','related':[{'table':'links','parent':'contacts'},{'table':'deals','as':'Deal','parent':'links'},{'table':'tickets','as':'Ticket','parent':'contacts'},"
          "{'table':'contacts','as':'Report','parent':'contacts','through':'Report.boss'}],"
          "'metrics':[{'name':'People','aggregate':'count'},{'name':'Amount','aggregate':'sum','field':'Deal.amount'},"
          "{'name':'Minutes','aggregate':'sum','field':'Ticket.minutes'},{'name':'Reports','aggregate':'count','table':'Report'}]}]}");
}

/* The values of a field with their rows; @where: (nullable): a field, an amount below 60 or one that is set or not, as its filter. */
static void
assert_values (Fixture *f, const char *field, const char *where, const char *expected)
{
  BvQueryContext context = context_of (f);
  g_autofree char *json = where == NULL ? NULL
                          : g_str_has_suffix (where, "amount") ? g_strdup_printf ("{\"field\":\"%s\",\"lt\":[60]}", where)
                                                               : g_strdup_printf ("{\"any\":[{\"field\":\"%s\",\"is-set\":true},{\"field\":\"%s\",\"is-not-set\":true}]}", where, where);
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr(BvCondition) condition = node != NULL ? bv_condition_from_json (node, NULL) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_query_values (&context, "Sales", field, NULL, condition, NULL, 10, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = rows_of (f, frame);
  g_assert_cmpstr (text, ==, expected);
}

/* Rows that are gone at the vendor stay in a synced table: they are looked up, but not measured. */
static void
test_deleted (Fixture *f, gconstpointer data)
{
  static const char *const key[] = { "_source", "id", NULL };
  BvChange *change;
  g_autoptr(GError) error = NULL;

  add_table (f, "people", "_source:text id:int email:text _deleted_at:timestamp", "a|1|ada@x.org|2026-01-05 00:00:00\na|2|bob@x.org|\n");
  add_table (f, "sales", "_source:text id:int person:int amount:double _deleted_at:timestamp",
             "a|1|1|100|\na|2|2|50|2026-02-01 00:00:00\na|3|2|7|\n");
  change = bv_change_new ("Keys");
  bv_change_set_key (change, "people", key);
  bv_change_set_key (change, "sales", key);
  bv_project_commit (f->project, change, &error);
  g_assert_no_error (error);
  define (f, "{'belvedere':1,'relationships':[{'from':'sales.person','to':'people.id'}],'explorations':[{'name':'Sales','root':'sales',"
             "'related':[{'table':'people','as':'Person'}],'dimensions':[{'name':'E-mail','field':'Person.email'}],"
             "'metrics':[{'name':'Sales','aggregate':'count'},{'name':'Amount','aggregate':'sum','field':'sales.amount'},"
             "{'name':'People','aggregate':'count','table':'Person'},"
             "{'name':'Gone','aggregate':'count','where':{'field':'sales._deleted_at','is-set':true}}]}]}");
  assert_totals (f, "{'exploration':'Sales','metrics':['Sales','Amount','People']}", "2|107|1");
  /* Who names the mark decides himself. */
  assert_totals (f, "{'exploration':'Sales','metrics':['Sales','Gone']}", "2|1");
  assert_totals (f, "{'exploration':'Sales','metrics':['Sales','Amount'],'where':{'field':'sales._deleted_at','is-set':true}}", "1|50");
  /* Rows without metrics: sale 2 was Bob's too, sale 3 still is. */
  assert_chart (f, "{'exploration':'Sales','metrics':[],'by':['E-mail'],'where':{'field':'sales.amount','gt':20}}", "ada@x.org\n");
  assert_chart (f, "{'exploration':'Sales','metrics':['Sales','Amount'],'by':['E-mail'],'sort':['E-mail']}", "ada@x.org,1,100\nbob@x.org,1,7\n");
  /* Lists of values: Ada is gone, but a sale is hers; without it, nobody would find her. */
  assert_values (f, "E-mail", NULL, "ada@x.org,1\nbob@x.org,1\n");
  assert_values (f, "sales.amount", NULL, "7,1\n100,1\n");
  assert_values (f, "E-mail", "sales.amount", "bob@x.org,1\n");
  assert_values (f, "sales._deleted_at", NULL, "2026-02-01T00:00:00Z,1\n,2\n");
  assert_values (f, "sales.amount", "sales._deleted_at", "7,1\n50,1\n100,1\n");
}

static void
test_fan_out (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = NULL;

  sales (f);
  /* The link table doubles deal 1; its amount counts once in the total and once for each contact. */
  assert_totals (f, "{'exploration':'Deals','metrics':['Amount','Deals','Average']}", "200|5|50");
  assert_chart (f, "{'exploration':'Deals','metrics':['Amount','Deals'],'by':['E-mail'],'sort':['E-mail']}",
                "ada@x.org,130,2\nbob@x.org,150,2\n,50,3\n");
  assert_totals (f, "{'exploration':'Deals','metrics':['Amount','Deals'],'by':['E-mail']}", "200|5");
  frame = run_chart (f, "{'exploration':'Deals','metrics':['Amount'],'by':['E-mail']}", NULL, NULL, NULL);
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_OVERLAPS));
  g_assert_false (bv_frame_has_note (frame, BV_NOTE_KEY));
  bv_frame_unref (frame);
  frame = run_chart (f, "{'exploration':'Deals','metrics':['Amount'],'by':['Owner']}", NULL, NULL, NULL);
  g_assert_false (bv_frame_has_note (frame, BV_NOTE_OVERLAPS));
  /* A filter on the many side takes the deals it reaches, once each. */
  assert_totals (f, "{'exploration':'Deals','metrics':['Amount','Deals'],'where':{'field':'Contact.city','is':['Paris','Rome']}}", "180|3");
  /* Group and filter meet on the same contact: Bob's group must not appear through Ada. */
  assert_chart (f, "{'exploration':'Deals','metrics':['Deals'],'by':['E-mail'],'where':{'field':'Contact.email','is':'ada@x.org'}}", "ada@x.org,2\n");
  /* The metric's own condition on the many side, beside one without it. */
  assert_totals (f, "{'exploration':'Deals','metrics':['With Ada','Amount','Won']}", "130|200|150");
  assert_chart (f, "{'exploration':'Deals','metrics':['With Ada','Deals'],'by':['Stage'],'sort':['Stage']}", "lost,30,2\nopen,,1\nwon,100,2\n");
}

static void
test_chasm (Fixture *f, gconstpointer data)
{
  sales (f);
  /* Deals and tickets hang under people: each is measured on its own rows. Contact 9 does not exist; its ticket counts all the same. */
  assert_totals (f, "{'exploration':'People','metrics':['People','Amount','Minutes','Reports']}", "4|200|150|4");
  assert_chart (f, "{'exploration':'People','metrics':['People','Amount','Minutes'],'by':['email'],'sort':['email']}",
                "ada@x.org,1,130,30\nbob@x.org,1,150,40\ncy@x.org,1,,\n,1,50,80\n");
  /* One to many, to many, to one. */
  assert_chart (f, "{'exploration':'People','metrics':['Amount'],'by':['city'],'where':{'field':'Deal.stage','is':'won'},'sort':['city']}", "Paris,100\nRome,150\n");
  /* The same table in three roles. */
  assert_chart (f, "{'exploration':'Deals','metrics':['Amount'],'by':['Owner','Boss.email'],'sort':['Owner']}", "ada@x.org,,120\nbob@x.org,ada@x.org,80\n,,\n");
  assert_totals (f, "{'exploration':'Deals','metrics':['Minutes','Amount'],'where':{'field':'Stage','is':'won'}}", "70|150");
  assert_chart (f, "{'exploration':'People','metrics':['Reports','People'],'by':['contacts.email'],'sort':['contacts.email']}",
                "ada@x.org,2,1\nbob@x.org,1,1\ncy@x.org,0,1\n,1,1\n");
}

static void
test_bad_key (Fixture *f, gconstpointer data)
{
  const char *by = "{'exploration':'E','metrics':['N','Sum'],'by':['b.name'],'sort':['b.name']}";
  g_autoptr(BvFrame) frame = NULL;

  add_table (f, "a", "id:int b:int x:int", "1|1|10\n2|1|20\n3|2|40\n4||80\n");
  add_table (f, "b", "id:int name:text", "1|one\n1|uno\n2|two\n|none\n");
  define (f, "{'belvedere':1,'relationships':[{'from':'a.b','to':'b.id'}],'explorations':[{'name':'E','root':'a','related':[{'table':'b'}],"
             "'metrics':[{'name':'N','aggregate':'count'},{'name':'Sum','aggregate':'sum','field':'a.x'}]}]}");
  assert_chart (f, by, "one,2,30\ntwo,1,40\nuno,2,30\n,1,80\n");
  assert_totals (f, by, "4|150");
  frame = run_chart (f, by, NULL, NULL, NULL);
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_KEY));
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_OVERLAPS));
  bv_frame_unref (frame);
  /* A key that is not joined through is nobody's trouble. */
  frame = run_chart (f, "{'exploration':'E','metrics':['N']}", NULL, NULL, NULL);
  g_assert_false (bv_frame_has_note (frame, BV_NOTE_KEY));
}

/* --- Conditions ------------------------------------------------------------------------------------------------------------------------ */

static void
test_operators (Fixture *f, gconstpointer data)
{
  static const struct { const char *where, *ids; } cases[] = {
    { "{'field':'t','is':'a'}", "1" },
    { "{'field':'t','is':['a','B']}", "1 2" },
    { "{'field':'t','is':''}", "3" },
    { "{'field':'t','is':[null]}", "4" },
    { "{'field':'t','is':['a',null]}", "1 4" },
    { "{'field':'t','is':[]}", "" },
    { "{'field':'t','is-not':'a'}", "2 3 4" },
    { "{'field':'t','is-not':['a','B']}", "3 4" },
    { "{'field':'t','is-not':['a',null]}", "2 3" },
    { "{'field':'t','contains':'b'}", "2" },
    { "{'field':'t','not-contains':'b'}", "1 3 4" },
    { "{'field':'t','starts-with':'A'}", "1" },
    { "{'field':'t','ends-with':'A'}", "1" },
    { "{'field':'t','is-set':true}", "1 2" },
    { "{'field':'t','is-set':false}", "3 4" },
    { "{'field':'i','is':1}", "1" },
    { "{'field':'i','is':'1'}", "1" },
    { "{'field':'i','is-not':1}", "2 3 4" },
    { "{'field':'i','gt':1}", "2" },
    { "{'field':'i','ge':1}", "1 2" },
    { "{'field':'i','lt':1}", "3" },
    { "{'field':'i','le':1}", "1 3" },
    { "{'field':'i','between':[0,1]}", "1 3" },
    { "{'field':'i','between':[1,0]}", "" },
    { "{'field':'i','is-set':true}", "1 2 3" },
    { "{'field':'i','gt':0.5}", "1 2" },
    { "{'field':'d','is':0.1}", "2" },
    { "{'field':'d','lt':0.1}", "3" },
    { "{'field':'b','is':true}", "1 3" },
    { "{'field':'b','is':'no'}", "2" },
    { "{'field':'b','is-not':true}", "2 4" },
    { "{'field':'day','is':'2026-03-28'}", "1" },
    { "{'field':'day','is':'2026-03-28T23:30:00Z'}", "2" }, /* it is the 29th in Paris */
    { "{'field':'day','after':'2026-03-28'}", "2 3" },
    { "{'field':'day','before':'2026-03-29'}", "1" },
    { "{'field':'day','le':'2026-03-29'}", "1 2" },
    { "{'field':'day','between':['2026-03-28','2026-03-29']}", "1 2" },
    { "{'field':'day','not-in-range':'2026-03-29..2026-03-30'}", "1 4" },
    { "{'field':'at','is':'2026-03-29'}", "1 2 3" },
    { "{'field':'at','is':'2026-03-29T21:59:59Z'}", "3" },
    { "{'field':'at','is':'2026-03-29T23:59:59'}", "3" }, /* local */
    { "{'field':'at','is-not':'2026-03-29'}", "4" },
    { "{'field':'at','ge':'2026-03-29'}", "1 2 3" },
    { "{'field':'at','gt':'2026-03-29'}", "" },
    { "{'field':'at','before':'2026-03-29T03:30:00'}", "1" },
    { "{'field':'at','in-range':'2026-03-29..2026-03-29'}", "1 2 3" },
    { "{'field':'at','in-range':'..2026-03-28'}", "" },
    { "{'field':'at','is-not-set':true}", "4" },
    { "{'all':[]}", "1 2 3 4" },
    { "{'any':[{'field':'i','is':1},{'all':[{'field':'b','is':true},{'field':'t','is':''}]}]}", "1 3" },
    { "{'any':[{'all':[]},{'field':'i','is':1}]}", "1" },
  };
  static const struct { const char *where, *part; } bad[] = {
    { "{'field':'i','is':'x'}", "cannot be compared" },
    { "{'field':'i','gt':' '}", "cannot be compared" },
    { "{'field':'i','gt':null}", "needs 1 value" },
    { "{'field':'i','between':[1,null]}", "needs 2 values" },
    { "{'field':'i','gt':[1,2]}", "needs 1 value" },
    { "{'field':'i','contains':'x'}", "cannot be used" },
    { "{'field':'t','gt':'x'}", "cannot be used" },
    { "{'field':'day','is':'yesterday'}", "cannot be compared" },
    { "{'field':'day','in-range':'sometime'}", "no range" },
    { "{'field':'nothing','is':1}", "no dimension" },
    { "{'field':'nobody.x','is':1}", "names no table" },
  };

  add_table (f, "x", "id:int t:text i:int d:double b:bool day:date at:timestamp",
             "1|a|1|1.5|true|2026-03-28|2026-03-28 23:30:00\n2|B|2|0.1|false|2026-03-29|2026-03-29 01:30:00\n"
             "3|''|0|-1|true|2026-03-30|2026-03-29 21:59:59\n4||||||\n");
  define (f, "{'belvedere':1,'settings':{'time_zone':'Europe/Paris'},'explorations':[{'name':'E','root':'x','metrics':[{'name':'N','aggregate':'count'}]}]}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *chart = g_strdup_printf ("{'exploration':'E','by':['id'],'where':%s}", cases[i].where);
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) frame = run_chart (f, chart, NULL, NULL, &error);
      g_autofree char *rows = NULL;

      g_test_message ("%s", cases[i].where);
      g_assert_no_error (error);
      rows = g_strchomp (g_strdelimit (rows_of (f, frame), "\n", ' '));
      g_assert_cmpstr (rows, ==, cases[i].ids);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *chart = g_strdup_printf ("{'exploration':'E','metrics':['N'],'where':%s}", bad[i].where);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].where);
      g_assert_null (run_chart (f, chart, NULL, NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, bad[i].part));
    }
}
/* Behind each number of the period before lie as many rows as it counts, and they add up to what it sums. */
static void
check_before (Fixture *f, const char *time, const char *by, const char *compare)
{
  g_autofree char *json = g_strdup_printf ("{'exploration':'E','metrics':['N','V','RunN','AllN'],'by':[%s],'time':{%s},'compare':'previous-%s'}", by, time, compare);
  g_autoptr(BvChart) chart = chart_of (json);
  BvQueryContext context = context_of (f);
  g_autoptr(GError) error = NULL;
  g_autoptr(BvFrame) frame = bv_query_run (&context, chart, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint r = 0; r <= bv_frame_get_n_rows (frame); r++)
    for (guint c = 0; c < bv_frame_get_n_columns (frame); c++)
      {
        BvColumn *column = bv_frame_get_column (frame, c);
        gboolean is_total = r == bv_frame_get_n_rows (frame);
        BvValue value = is_total ? column->total : bv_frame_peek (frame, c, r);
        const char *metric = column->role == BV_ROLE_COMPARE ? bv_frame_get_column (frame, (guint) column->of)->name : NULL;
        gint64 expected = value.type == BV_TYPE_NULL ? 0 : value.i, n = -1, sum = 0;
        g_autoptr(BvFrame) rows = NULL;

        /* Of many rows a few, among them the first and the last. */
        if (metric == NULL || (r > 1 && r + 2 < bv_frame_get_n_rows (frame) && r % 7 != 3))
          continue;
        rows = bv_query_rows (&context, chart, NULL, metric, frame, is_total ? G_MAXUINT : r, TRUE, 10000, &n, NULL, &error);
        g_assert_no_error (error);
        for (guint i = 0; i < bv_frame_get_n_rows (rows); i++)
          sum += bv_frame_get_int (rows, (guint) bv_frame_find_column (rows, "v"), i);
        if ((strcmp (metric, "V") == 0 ? sum : n) != expected)
          g_error ("%s: row %u of %s: %" PRId64 " rows with %" PRId64 " behind %" PRId64, json, r, column->name, n, sum, expected);
      }
}

static void
test_rows_before (Fixture *f, gconstpointer data)
{
  static const char *const times[] = {
    "'grain':'day','range':'2026-03-01..2026-03-31'", /* longer than the month before, and an hour short */
    "'grain':'day','range':'2026-02-10..2026-03-01'",
    "'grain':'week','range':'2026-03-05..2026-03-27'",
    "'grain':'month','range':'2026-02-01..2026-03-31'",
    "'grain':'hour','range':'2026-03-28T12:00..2026-03-30'",
    "'range':'2026-03-01..2026-03-31'",
    "'range':'this-month'",
    "'grain':'day','range':'this-month'",
    "'grain':'day','range':'2026-03-01..'",
    "'field':'due','grain':'day','range':'2026-03-02..2026-03-15'",
    "'field':'due','range':'2026-03-02..2026-03-15'",
  };
  static const char *const groups[] = { "", "'k'", "{'dimension':'at','grain':'month'}", "'due'" };
  static const char *const kinds[] = { "period", "week", "month", "year" };
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 300; i++)
    {
      gint64 day = 20454 - (i % 10 == 0 ? 365 : 0) + g_rand_int_range (rand, 0, 92); /* from 1 January 2026 */
      char date[BV_TIME_TEXT_MAX], due[BV_TIME_TEXT_MAX];

      bv_date_to_text (day, date);
      bv_date_to_text (day + g_rand_int_range (rand, 0, 5), due);
      g_string_append_printf (rows, "%s %02d:30:00|%s|%d|%c\n", date, g_rand_int_range (rand, 0, 24), due, g_rand_int_range (rand, 0, 100), 'a' + i % 3);
    }
  add_table (f, "e", "at:timestamp due:date v:int k:text", rows->str);
  define (f, "{'belvedere':1,'settings':{'time_zone':'Europe/Paris','as_of':'2026-03-20'},'explorations':[{'name':'E','root':'e','time_field':'at',"
             "'dimensions':[{'name':'at','field':'e.at'},{'name':'due','field':'e.due'},{'name':'k','field':'e.k'}],"
             "'metrics':[{'name':'N','aggregate':'count'},{'name':'V','aggregate':'sum','field':'e.v'},{'name':'RunN','aggregate':'cumulative-count','from':'range'},"
             "{'name':'AllN','aggregate':'cumulative-count','from':'all'}]}]}");
  for (guint t = 0; t < G_N_ELEMENTS (times); t++)
    for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
      check_before (f, times[t], groups[g], kinds[(t + g) % G_N_ELEMENTS (kinds)]);
  {
    g_autoptr(BvChart) chart = chart_of ("{'exploration':'E','metrics':['N']}");
    BvQueryContext context = context_of (f);
    g_autoptr(GError) error = NULL;
    gint64 n;

    g_assert_null (bv_query_rows (&context, chart, NULL, "N", NULL, G_MAXUINT, TRUE, 10, &n, NULL, &error));
    g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  }
}


/* --- Time ------------------------------------------------------------------------------------------------------------------------------- */

static void
test_time (Fixture *f, gconstpointer data)
{
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvFrame) hours = NULL;

  add_table (f, "e", "id:int at:timestamp v:int",
             "1|2026-03-28 22:59:59|1\n2|2026-03-28 23:00:00|2\n3|2026-03-29 21:59:59|4\n4|2026-03-29 22:00:00|8\n5|2025-10-26 00:30:00|16\n"
             "6|2025-10-26 01:30:00|32\n7||64\n");
  define (f, "{'belvedere':1,'settings':{'time_zone':'Europe/Paris','week_start':'sunday'},'explorations':[{'name':'E','root':'e','time_field':'at',"
             "'metrics':[{'name':'N','aggregate':'count'},{'name':'V','aggregate':'sum','field':'v'},{'name':'Avg','aggregate':'average','field':'v'},"
             "{'name':'Run','aggregate':'cumulative-sum','of':'V'},{'name':'RunAll','aggregate':'cumulative-sum','of':'V','from':'all'}]}]}");
  assert_chart (f, "{'exploration':'E','metrics':['N','V','Avg','Run','RunAll'],'time':{'grain':'day','range':'2026-03-27..2026-03-31'}}",
                "2026-03-27,0,0,,0,48\n2026-03-28,1,1,1,1,49\n2026-03-29,2,6,3,7,55\n2026-03-30,1,8,8,15,63\n2026-03-31,0,0,,15,63\n");
  assert_totals (f, "{'exploration':'E','metrics':['N','V','Run','RunAll'],'time':{'grain':'day','range':'2026-03-27..2026-03-31'}}", "4|15|15|63");
  /* Weeks from Sunday. */
  assert_chart (f, "{'exploration':'E','metrics':['N'],'time':{'grain':'week','range':'2026-03-28..2026-03-30'}}", "2026-03-22,1\n2026-03-29,3\n");
  /* 23 hours, then 25. */
  hours = run_chart (f, "{'exploration':'E','metrics':['N'],'time':{'grain':'hour','range':'2026-03-29..2026-03-29'}}", NULL, NULL, NULL);
  g_assert_cmpuint (bv_frame_get_n_rows (hours), ==, 23);
  bv_frame_unref (hours);
  hours = run_chart (f, "{'exploration':'E','metrics':['N'],'time':{'grain':'hour','range':'2025-10-26..2025-10-26'}}", NULL, NULL, NULL);
  g_assert_cmpuint (bv_frame_get_n_rows (hours), ==, 25);
  g_assert_cmpint (bv_frame_get_int (hours, 1, 2), ==, 1);
  g_assert_cmpint (bv_frame_get_int (hours, 1, 3), ==, 1);
  /* Rows without a date are said, and counted in the total. */
  frame = run_chart (f, "{'exploration':'E','metrics':['V'],'time':{'grain':'year'}}", NULL, NULL, NULL);
  g_assert_true (bv_frame_has_note (frame, BV_NOTE_GAP));
  assert_totals (f, "{'exploration':'E','metrics':['V'],'time':{'grain':'year'}}", "127");
  assert_chart (f, "{'exploration':'E','metrics':['V'],'time':{'grain':'year'}}", "2025-01-01,48\n2026-01-01,15\n");
  /* Nothing at all, and nothing but history. */
  assert_chart (f, "{'exploration':'E','metrics':['N','V','Avg','RunAll'],'time':{'grain':'month','range':'2027-01-01..2027-02-28'}}",
                "2027-01-01,0,0,,63\n2027-02-01,0,0,,63\n");
  /* The report's range replaces the chart's; a condition intersects. */
  {
    g_autoptr(BvFrame) replaced = run_chart (f, "{'exploration':'E','metrics':['N'],'time':{'grain':'day','range':'2026-03-27..2026-03-31'}}",
                                             "{'field':'v','gt':1}", "2026-03-28..2026-03-29", NULL);
    g_autofree char *rows = rows_of (f, replaced);

    g_assert_cmpstr (rows, ==, "2026-03-28,0\n2026-03-29,2\n");
  }
  assert_fails (f, "{'exploration':'E','metrics':['N'],'by':['v:day']}", BV_ERROR_INVALID, "is no date");
}

static void
test_presets (Fixture *f, gconstpointer data)
{
  static const struct { const char *range, *n; } cases[] = {
    { "today", "1" }, { "yesterday", "2" }, { "last-7-days", "7" }, { "this-week", "3" }, { "this-month", "7" }, { "previous-month", "8" },
    { "this-year", "31" }, { "previous-year", "32" }, { "all-time", "127" },
  };

  /* Tuesday 30 June 2026. */
  add_table (f, "e", "day:date v:int", "2026-06-30|1\n2026-06-29|2\n2026-06-23|4\n2026-05-31|8\n2026-01-01|16\n2025-12-31|32\n2027-01-01|64\n");
  define (f, "{'belvedere':1,'explorations':[{'name':'E','root':'e','time_field':'day','metrics':[{'name':'V','aggregate':'sum','field':'v'}]}]}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *chart = g_strdup_printf ("{'exploration':'E','metrics':['V'],'time':{'range':'%s'}}", cases[i].range);

      g_test_message ("%s", cases[i].range);
      assert_totals (f, chart, cases[i].n);
    }
}

/* --- Running totals and comparing --------------------------------------------------------------------------------------------------------- */

static void
test_cumulative (Fixture *f, gconstpointer data)
{
  sales (f);
  /* Per series; a series that only has a past runs on; each starts at the range's start unless it runs over all history. */
  assert_chart (f, "{'exploration':'Deals','metrics':['Amount','Running','Running all'],'by':['Stage'],'time':{'grain':'month','range':'2026-02-01..2026-03-31'},'sort':['Stage','Close']}",
                "2026-02-01,lost,0,0,0\n2026-03-01,lost,50,50,50\n2026-02-01,won,0,0,150\n2026-03-01,won,0,0,150\n");
  assert_chart (f, "{'exploration':'Deals','metrics':['Running all'],'by':['Stage'],'time':{'range':'2026-02-01..2026-03-31'},'sort':['Stage']}", "lost,50\nwon,150\n");
  /* Compared: the past starts at its own start. */
  assert_chart (f, "{'exploration':'Deals','metrics':['Amount','Running'],'time':{'grain':'month','range':'2026-03-01..2026-03-31'},'compare':'previous-month'}",
                "2026-03-01,50,0,50,0\n");
  assert_chart (f, "{'exploration':'Deals','metrics':['Deals'],'by':['Stage'],'time':{'range':'2026-03-01..2026-03-31'},'compare':'previous-quarter','sort':['Stage']}", "lost,2,\n");
  assert_totals (f, "{'exploration':'Deals','metrics':['Amount'],'time':{'range':'2026-03-01..2026-04-30'},'compare':'previous-period'}", "50|150");
  assert_fails (f, "{'exploration':'Deals','metrics':['Amount'],'compare':'previous-period'}", BV_ERROR_INVALID, "needs a range");
  {
    g_autoptr(GError) error = NULL;
    g_autoptr(BvFrame) open = run_chart (f, "{'exploration':'Deals','metrics':['Amount'],'time':{'range':'this-month'},'compare':'previous-period'}", NULL,
                                         "all-time", &error);

    /* The viewer's "all time" leaves nothing to compare, which is no error. */
    g_assert_no_error (error);
    g_assert_cmpuint (bv_frame_get_n_columns (open), ==, 1);
    g_assert_true (bv_frame_has_note (open, BV_NOTE_INFO));
  }
}

/* A metric that is called as another one's compared column would be: each has its column, name, numbers and rows. */
static void
test_compare_names (Fixture *f, gconstpointer data)
{
  static const struct { const char *metrics, *columns, *values; } cases[] = {
    { "'V','V (before)'", "V,V (before) (2),V (before),V (before) (before)", "1,20,300,4000\n" },
    { "'V (before)','V'", "V (before),V (before) (before),V,V (before) (2)", "300,4000,1,20\n" },
    { "'V','V (before)','V (before) (2)'", "V,V (before) (3),V (before),V (before) (before),V (before) (2),V (before) (2) (before)", "1,20,300,4000,301,4020\n" },
  };

  add_table (f, "e", "day:date v:int w:int", "2026-06-29|20|4000\n2026-06-30|1|300\n");
  define (f, "{'belvedere':1,'settings':{'as_of':'2026-06-30'},'explorations':[{'name':'E','root':'e','time_field':'day',"
             "'metrics':[{'name':'V','aggregate':'sum','field':'v'},{'name':'V (before)','aggregate':'sum','field':'w'},"
             "{'name':'V (before) (2)','aggregate':'formula','formula':'[V] + [V (before)]'}]}]}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{'exploration':'E','metrics':[%s],'time':{'range':'2026-06-30..2026-06-30'},'compare':'previous-period'}", cases[i].metrics);
      g_auto(GStrv) columns = g_strsplit (cases[i].columns, ",", -1);
      g_autoptr(BvFrame) frame = run_chart (f, json, NULL, NULL, NULL);
      g_autoptr(BvChart) chart = chart_of (json);
      BvQueryContext context = context_of (f);

      assert_chart (f, json, cases[i].values);
      g_assert_cmpuint (bv_frame_get_n_columns (frame), ==, g_strv_length (columns));
      for (guint c = 0; columns[c] != NULL; c++)
        {
          BvColumn *column = bv_frame_get_column (frame, c);
          g_autoptr(BvFrame) rows = NULL;
          gint64 n;

          g_assert_cmpstr (column->name, ==, columns[c]);
          g_assert_cmpint (column->role, ==, c % 2 == 0 ? BV_ROLE_METRIC : BV_ROLE_COMPARE);
          g_assert_cmpint (column->of, ==, c % 2 == 0 ? -1 : (int) c - 1);
          rows = bv_query_rows (&context, chart, NULL, columns[c & ~1u], frame, 0, c % 2 != 0, 10, &n, NULL, NULL);
          g_assert_cmpint (n, ==, 1);
          g_assert_cmpint (bv_frame_get_int (rows, 1, 0), ==, c % 2 == 0 ? 1 : 20);
        }
    }
}

/* A range that ends with a day of 25 or 23 hours is compared with whole days too. */
static void
test_compare_clocks (Fixture *f, gconstpointer data)
{
  /* Half an hour before and after the ends of 25 September and 28 February in Paris */
  add_table (f, "e", "at:timestamp v:int", "2026-09-25 21:30:00|1\n2026-09-25 22:30:00|2\n2026-02-28 22:30:00|4\n2026-02-28 23:30:00|8\n"
                                           "2026-10-20 12:00:00|16\n2026-03-20 12:00:00|32\n");
  define (f, "{'belvedere':1,'settings':{'time_zone':'Europe/Paris'},'explorations':[{'name':'E','root':'e','time_field':'at','dimensions':[{'name':'at','field':'e.at'}],"
             "'metrics':[{'name':'V','aggregate':'sum','field':'e.v'}]}]}");
  assert_totals (f, "{'exploration':'E','metrics':['V'],'time':{'range':'2026-10-02..2026-10-25'},'compare':'previous-month'}", "16|1");
  assert_totals (f, "{'exploration':'E','metrics':['V'],'time':{'range':'2026-03-15..2026-03-29'},'compare':'previous-month'}", "32|4");
}

/* --- Top lists, limits, sorting, totals ---------------------------------------------------------------------------------------------------- */

static void
test_top (Fixture *f, gconstpointer data)
{
  const char *top = "{'exploration':'E','metrics':['V','Avg','K'],'by':['name'],'top':2,'others':true}";
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvFrame) sevens = NULL;

  add_table (f, "e", "name:text n:int v:int k:int day:date",
             "Others|7|10|1|2026-01-01\nOthers & Co|7|8|1|2026-01-01\nc|8|3|1|2026-01-02\nd|9|2|1|2026-01-02\nd|9|1|2|\n|9|4|3|\n");
  define (f, "{'belvedere':1,'explorations':[{'name':'E','root':'e','metrics':[{'name':'V','aggregate':'sum','field':'v'},"
             "{'name':'Avg','aggregate':'average','field':'v'},{'name':'K','aggregate':'count-distinct','field':'k'}]}]}");
  /* The rest is evaluated, not added up, stands last, and has a name of its own. */
  assert_chart (f, top, "Others,10,10,1\nOthers & Co,8,8,1\nOthers…,10,2.5,3\n");
  frame = run_chart (f, top, NULL, NULL, NULL);
  g_assert_cmpint (drill (f, top, frame, "V", 0), ==, 1);
  g_assert_cmpint (drill (f, top, frame, "V", 1), ==, 1);
  g_assert_cmpint (drill (f, top, frame, "V", 2), ==, 4);
  g_assert_cmpint (drill (f, top, frame, "V", G_MAXUINT), ==, 6);
  assert_chart (f, "{'exploration':'E','metrics':['V'],'by':['name'],'top':2}", "Others,10\nOthers & Co,8\n");
  assert_totals (f, "{'exploration':'E','metrics':['V','Avg'],'by':['name'],'top':2}", "28|4.666666666666667");
  /* A list of numbers names them as they are. */
  assert_chart (f, "{'exploration':'E','metrics':['V'],'by':['n'],'top':1,'others':true}", "7,18\nOthers,10\n");
  sevens = run_chart (f, "{'exploration':'E','metrics':['V'],'by':['n'],'top':1,'others':true}", NULL, NULL, NULL);
  g_assert_cmpint (drill (f, "{'exploration':'E','metrics':['V'],'by':['n'],'top':1,'others':true}", sevens, "V", 0), ==, 2);
  g_assert_cmpint (drill (f, "{'exploration':'E','metrics':['V'],'by':['n'],'top':1,'others':true,'limit':1}", sevens, "V", 1), ==, 4);
  /* Null sorts last both ways; a cut list says so. */
  assert_chart (f, "{'exploration':'E','metrics':['V'],'by':['name'],'sort':['name:desc']}", "Others & Co,8\nOthers,10\nd,3\nc,3\n,4\n");
  assert_chart (f, "{'exploration':'E','metrics':['V'],'by':['day'],'sort':['day:desc']}", "2026-01-02,5\n2026-01-01,18\n,5\n");
  {
    g_autoptr(BvFrame) cut = run_chart (f, "{'exploration':'E','metrics':['V'],'by':['name'],'limit':2}", NULL, NULL, NULL);

    g_assert_cmpuint (bv_frame_get_n_rows (cut), ==, 2);
    g_assert_true (bv_frame_has_note (cut, BV_NOTE_TRUNCATED));
  }
  assert_fails (f, "{'exploration':'E','metrics':['V'],'sort':['K']}", BV_ERROR_NOT_FOUND, "Cannot sort");
  assert_fails (f, "{'exploration':'E'}", BV_ERROR_INVALID, "measures nothing");
  assert_fails (f, "{'exploration':'E','metrics':['X']}", BV_ERROR_NOT_FOUND, "no metric");
  assert_fails (f, "{'exploration':'F','metrics':['X']}", BV_ERROR_NOT_FOUND, "does not exist");
}

/* Days without rows lie before, between and behind those that have some: each is a row, in whatever order and however many are asked for. */
static void
test_days_between (Fixture *f, gconstpointer data)
{
  static const char *const days[] = {
    "2026-01-01,0,0,,,0,0", "2026-01-02,0,0,,,0,0", "2026-01-03,2,1,2,2,2,20", "2026-01-04,0,0,,,2,20", "2026-01-05,0,0,,,2,20",
    "2026-01-06,0,0,,,2,20", "2026-01-07,12,2,5,6,14,140", "2026-01-08,1,1,1,1,15,150", "2026-01-09,0,0,,,15,150", "2026-01-10,0,0,,,15,150",
  };
  static const guint by_value[] = { 6, 2, 7, 0, 1, 3, 4, 5, 8, 9 };
  static const struct { const char *sort; const guint *order; gboolean back; } sorts[] = {
    { "", NULL, FALSE }, { ",'sort':['day']", NULL, FALSE }, { ",'sort':['day:desc']", NULL, TRUE }, { ",'sort':['V:desc','day']", by_value, FALSE },
  };

  add_table (f, "e", "day:date v:int", "2026-01-03|2\n2026-01-07|7\n2026-01-07|5\n2026-01-08|1\n");
  define (f, "{'belvedere':1,'explorations':[{'name':'E','root':'e','time_field':'day','metrics':[{'name':'V','aggregate':'sum','field':'v'},"
             "{'name':'N','aggregate':'count'},{'name':'Least','aggregate':'min','field':'v'},{'name':'Mean','aggregate':'formula','formula':'V / N'},"
             "{'name':'So far','aggregate':'cumulative-sum','of':'V'},{'name':'Tens','aggregate':'formula','formula':'[So far] * 10'}]}]}");
  for (guint s = 0; s < G_N_ELEMENTS (sorts); s++)
    for (guint limit = 1; limit <= G_N_ELEMENTS (days) + 1; limit++)
      {
        g_autofree char *chart = g_strdup_printf ("{'exploration':'E','metrics':['V','N','Least','Mean','So far','Tens'],'limit':%u,"
                                                  "'time':{'grain':'day','range':'2026-01-01..2026-01-10'}%s}", limit, sorts[s].sort);
        g_autoptr(GString) expected = g_string_new (NULL);

        for (guint i = 0; i < MIN (limit, G_N_ELEMENTS (days)); i++)
          g_string_append_printf (expected, "%s\n", days[sorts[s].order != NULL ? sorts[s].order[i] : sorts[s].back ? G_N_ELEMENTS (days) - 1 - i : i]);
        assert_chart (f, chart, expected->str);
      }
  /* Beside a period of as many days with other gaps. */
  assert_chart (f, "{'exploration':'E','metrics':['V'],'compare':'previous-period','time':{'grain':'day','range':'2026-01-06..2026-01-08'}}",
                "2026-01-06,0,2\n2026-01-07,12,0\n2026-01-08,1,0\n");
  assert_chart (f, "{'exploration':'E','metrics':['V'],'time':{'grain':'day','range':'2026-02-01..2026-02-02'}}", "2026-02-01,0\n2026-02-02,0\n");
}

static void
test_totals (Fixture *f, gconstpointer data)
{
  sales (f);
  assert_totals (f, "{'exploration':'Deals','metrics':['Share won','Average','Owners','Median','P90','With amount'],'by':['Stage']}", "0.75|50|2|40|85|4");
  assert_chart (f, "{'exploration':'Deals','metrics':['Share won'],'by':['Stage'],'sort':['Stage']}", "lost,\nopen,\nwon,1\n");
}

static void
test_digits (Fixture *f, gconstpointer data)
{
  add_table (f, "x", "k:int d:double i:int day:date",
             "1|1e16|9223372036854775807|2026-01-01\n1|1|1|2026-01-02\n1|-1e16|-5|2026-01-03\n2|0.1|1|2026-01-01\n2|0.2|2|2026-01-01\n2|-0.3|3|2026-01-01\n");
  define (f, "{'belvedere':1,'explorations':[{'name':'E','root':'x','time_field':'day','metrics':[{'name':'D','aggregate':'sum','field':'d'},"
             "{'name':'I','aggregate':'sum','field':'i'},{'name':'A','aggregate':'average','field':'d'},{'name':'C','aggregate':'cumulative-sum','of':'D'},"
             "{'name':'CI','aggregate':'cumulative-sum','of':'I'}]}]}");
  assert_chart (f, "{'exploration':'E','metrics':['D','I'],'by':['k'],'where':{'field':'k','is':1}}", "1,1,9223372036854775803\n");
  /* What leaves 64 bits is a double, never a wrapped integer. */
  assert_chart (f, "{'exploration':'E','metrics':['I'],'where':{'field':'i','gt':0}}", "9.223372036854776e+18\n");
  /* A running sum ends where the sum does. */
  assert_chart (f, "{'exploration':'E','metrics':['C'],'time':{'grain':'day'},'where':{'field':'k','is':1}}",
                "2026-01-01,1e+16\n2026-01-02,1e+16\n2026-01-03,1\n");
}

/* --- Drill ---------------------------------------------------------------------------------------------------------------------------------- */

static void
test_drill (Fixture *f, gconstpointer data)
{
  const char *by_mail = "{'exploration':'Deals','metrics':['Deals','Amount','With Ada','With amount','Contacts','Share won'],'by':['E-mail'],'sort':['E-mail']}";
  const char *running = "{'exploration':'Deals','metrics':['Running','Running all'],'time':{'grain':'month','range':'2026-01-10..2026-03-31'}}";
  g_autoptr(BvFrame) frame = NULL;
  g_autoptr(BvFrame) months = NULL;

  sales (f);
  frame = run_chart (f, by_mail, NULL, NULL, NULL);
  /* ada, bob, null */
  g_assert_cmpint (drill (f, by_mail, frame, "Deals", 0), ==, 2);
  g_assert_cmpint (drill (f, by_mail, frame, "Deals", 1), ==, 2);
  g_assert_cmpint (drill (f, by_mail, frame, "With Ada", 0), ==, 2);
  g_assert_cmpint (drill (f, by_mail, frame, "With Ada", 1), ==, 0);
  g_assert_cmpint (drill (f, by_mail, frame, "Contacts", 1), ==, 1);
  g_assert_cmpint (drill (f, by_mail, frame, "Share won", 1), ==, 2);
  g_assert_cmpint (drill (f, by_mail, frame, "Deals", G_MAXUINT), ==, 5);
  g_assert_cmpint (drill (f, by_mail, frame, "With amount", G_MAXUINT), ==, 4);
  /* A running total's rows are those up to the point. */
  months = run_chart (f, running, NULL, NULL, NULL);
  g_assert_cmpint (drill (f, running, months, "Running", 0), ==, 1);
  g_assert_cmpint (drill (f, running, months, "Running", 2), ==, 3);
  g_assert_cmpint (drill (f, running, months, "Running all", 0), ==, 2);
  g_assert_cmpint (drill (f, running, months, "Running all", 2), ==, 4);
}

/* --- Values, preview, profile, suggestions ------------------------------------------------------------------------------------------------- */

static void
test_values (Fixture *f, gconstpointer data)
{
  BvQueryContext context;
  g_autoptr(BvFrame) all = NULL;
  g_autoptr(BvFrame) found = NULL;
  g_autoptr(BvFrame) labelled = NULL;
  g_autoptr(BvFrame) few = NULL;
  g_autoptr(BvFrame) narrowed = NULL;
  g_autoptr(BvFrame) preview = NULL;
  g_autoptr(BvFrame) profile = NULL;
  g_autoptr(BvCondition) paris = NULL;
  g_autoptr(GPtrArray) suggestions = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) text = g_new0 (char *, 6);
  BvValue city = { BV_TYPE_TEXT, { .s = (char *) "Paris" } };

  sales (f);
  context = context_of (f);
  all = bv_query_values (&context, "Deals", "E-mail", NULL, NULL, NULL, G_MAXUINT, NULL, &error);
  g_assert_no_error (error);
  text[0] = rows_of (f, all);
  g_assert_cmpstr (text[0], ==, "ada@x.org,2\nbob@x.org,2\ncy@x.org,0\n,0\n");
  g_assert_false (bv_frame_has_note (all, BV_NOTE_TRUNCATED));
  found = bv_query_values (&context, "Deals", "E-mail", NULL, NULL, "BO", 10, NULL, &error);
  text[1] = rows_of (f, found);
  g_assert_cmpstr (text[1], ==, "bob@x.org,2\n");
  labelled = bv_query_values (&context, "Deals", "Contact.id", "E-mail", NULL, NULL, 10, NULL, &error);
  text[2] = rows_of (f, labelled);
  g_assert_cmpstr (text[2], ==, "1,ada@x.org,2\n2,bob@x.org,2\n3,cy@x.org,0\n4,,0\n");
  few = bv_query_values (&context, "Deals", "E-mail", NULL, NULL, NULL, 2, NULL, &error);
  g_assert_cmpuint (bv_frame_get_n_rows (few), ==, 2);
  g_assert_true (bv_frame_has_note (few, BV_NOTE_TRUNCATED));
  paris = bv_condition_new_test ("Contact.city", BV_OP_IS);
  bv_condition_add_value (paris, &city);
  narrowed = bv_query_values (&context, "Deals", "E-mail", NULL, paris, NULL, 10, NULL, &error);
  text[3] = rows_of (f, narrowed);
  g_assert_cmpstr (text[3], ==, "ada@x.org,2\ncy@x.org,0\n");
  preview = bv_query_preview (&context, "deals", "amount:desc", 1, 3, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bv_frame_get_int (preview, 0, 0), ==, 2);
  g_assert_cmpuint (bv_frame_get_n_rows (preview), ==, 3);
  g_assert_null (bv_query_preview (&context, "deals", "nothing", 0, 3, NULL, NULL));
  profile = bv_query_profile (&context, "contacts", NULL, &error);
  g_assert_no_error (error);
  text[4] = rows_of (f, profile);
  g_assert_cmpstr (text[4], ==, "id,Whole number,4,0,4,1,4,2.5,1,1\nemail,Text,3,1,3,ada@x.org,cy@x.org,,ada@x.org,1\n"
                                "city,Text,3,1,2,Paris,Rome,,Paris,2\nboss,Whole number,3,1,2,1,2,1.33,1,2\n");
  suggestions = bv_query_suggest_relationships (&context, NULL, &error);
  g_assert_no_error (error);
}

static void
test_suggestions (Fixture *f, gconstpointer data)
{
  BvQueryContext context;
  g_autoptr(GPtrArray) found = NULL;
  BvSuggestion *first = NULL;

  add_table (f, "crm_companies", "id:int name:text", "1|a\n2|b\n");
  add_table (f, "people", "id:int company_id:int", "1|1\n2|2\n3|2\n4|7\n");
  /* "kunde" is no "box", and only in the end of a name. */
  add_table (f, "kunden", "id:int kunde_nr:text", "1|x\n2|y\n");
  add_table (f, "kundenkarten", "id:int box_id:int kunde_id:int", "1|1|1\n2|2|2\n");
  add_table (f, "boxes", "id:int", "1\n2\n");
  define (f, "{'belvedere':1}");
  context = context_of (f);
  found = bv_query_suggest_relationships (&context, NULL, NULL);
  g_assert_cmpuint (found->len, ==, 3);
  for (guint i = 0; i < found->len; i++)
    {
      BvRelationship *r = ((BvSuggestion *) found->pdata[i])->relationship;

      g_assert_cmpstr (r->to_table, ==, g_str_equal (r->from_column, "company_id") ? "crm_companies"
                                        : g_str_equal (r->from_column, "box_id")   ? "boxes"
                                                                                    : "kunden");
      if (g_str_equal (r->from_column, "company_id"))
        first = found->pdata[i];
    }
  g_assert_cmpstr (first->relationship->from_column, ==, "company_id");
  g_assert_cmpstr (first->relationship->to_table, ==, "crm_companies");
  g_assert_cmpfloat_with_epsilon (first->overlap, 2.0 / 3, 1e-9);
}

/* A related table that is broken breaks what uses it, and nothing else. */
static void
test_broken_part (Fixture *f, gconstpointer data)
{
  g_autofree char *json = json_text ("{'belvedere':1,'explorations':[{'name':'E','root':'a','related':[{'table':'b'}],'metrics':[{'name':'N','aggregate':'count'},"
                                     "{'name':'B','aggregate':'count','table':'b'},{'name':'C','aggregate':'cumulative-count','of':'N','where':{'field':'id','is':1}}]}]}");
  g_autoptr(GError) error = NULL;

  add_table (f, "a", "id:int", "1\n2\n");
  add_table (f, "b", "id:int", "1\n");
  g_assert_true (bv_definitions_apply (f->project, json, "Define", NULL, &error));
  f->model = bv_model_load (f->project, &error);
  g_assert_nonnull (bv_model_find_problem (f->model, "explorations/E/related/b"));
  g_assert_nonnull (bv_model_find_problem (f->model, "explorations/E/metrics/C"));
  assert_totals (f, "{'exploration':'E','metrics':['N']}", "2");
  assert_fails (f, "{'exploration':'E','metrics':['B']}", BV_ERROR_NOT_FOUND, "b");
  assert_fails (f, "{'exploration':'E','metrics':['N'],'where':{'field':'b.id','is':1}}", BV_ERROR_NOT_FOUND, "b");
  assert_fails (f, "{'exploration':'E','metrics':['N'],'by':['b.id']}", BV_ERROR_NOT_FOUND, "b");
  assert_fails (f, "{'exploration':'E','metrics':['C']}", BV_ERROR_INVALID, "condition of its own");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/query/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("deleted", test_deleted);
  ADD ("fan-out", test_fan_out);
  ADD ("chasm", test_chasm);
  ADD ("bad-key", test_bad_key);
  ADD ("operators", test_operators);
  ADD ("time", test_time);
  ADD ("presets", test_presets);
  ADD ("cumulative", test_cumulative);
  ADD ("rows-before", test_rows_before);
  ADD ("compare-names", test_compare_names);
  ADD ("compare-clocks", test_compare_clocks);
  ADD ("top", test_top);
  ADD ("days-between", test_days_between);
  ADD ("totals", test_totals);
  ADD ("digits", test_digits);
  ADD ("drill", test_drill);
  ADD ("values", test_values);
  ADD ("suggestions", test_suggestions);
  ADD ("broken-part", test_broken_part);
  return g_test_run ();
}
