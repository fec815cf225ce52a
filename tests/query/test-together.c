/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts that are asked for together through a workspace: each gets its own answer, its own error or its own cancelling, and what was answered once is answered
 * anew when the data change. */
#include "bv-workspace.h"
#include "query-test.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define N_CHARTS 6

static const char *const charts[N_CHARTS] = {
  "{'exploration':'Sales','metrics':['Amount'],'by':['City'],'type':'bar','options':{'labels':true,'colors':['#123456']}}",
  "{'exploration':'Sales','metrics':['Rows','Amount']}",
  "{'exploration':'Sales','metrics':['Amount'],'time':{'field':'Date','grain':'month'}}",
  "{'exploration':'Sales','metrics':['Nothing']}",
  "{'exploration':'Sales','metrics':['Amount'],'by':['City'],'top':1,'others':true}",
  "{'exploration':'Sales','metrics':['Rows'],'by':['City']}",
};

static void
shop (Fixture *f)
{
  add_table (f, "sales", "id:int city:text amount:double day:date", "1|Oslo|10|2026-01-03\n2|Rome|20|2026-01-04\n3|Oslo|5|2026-03-05\n4||1|\n");
  define (f, "{'belvedere':1,'explorations':[{'name':'Sales','root':'sales','time_field':'Date','dimensions':[{'name':'City','field':'sales.city'},"
             "{'name':'Date','field':'sales.day'}],'metrics':[{'name':'Rows','aggregate':'count'},{'name':'Amount','aggregate':'sum','field':'sales.amount'}]}]}");
}

typedef struct
{
  BvFrame *frame;
  GError *error;
  guint *n_left;
} Answer;

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, &answer->error);
  --*answer->n_left;
}

static void
ask_all (BvWorkspace *workspace, Answer *answers, int cancelled)
{
  guint n_left = N_CHARTS;

  for (guint i = 0; i < N_CHARTS; i++)
    {
      g_autoptr(BvChart) chart = chart_of (charts[i]);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();

      answers[i] = (Answer){ NULL, NULL, &n_left };
      bv_workspace_run_async (workspace, chart, NULL, cancellable, answered, &answers[i]);
      if ((int) i == cancelled)
        g_cancellable_cancel (cancellable);
    }
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_all (Fixture *f, Answer *answers, int cancelled)
{
  for (guint i = 0; i < N_CHARTS; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BvFrame) expected = run_chart (f, charts[i], NULL, NULL, &error);

      if ((int) i == cancelled)
        g_assert_error (answers[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else if (expected == NULL)
        g_assert_cmpstr (answers[i].error->message, ==, error->message);
      else
        {
          g_autofree char *a = rows_of (f, expected);
          g_autofree char *b = rows_of (f, answers[i].frame);

          g_assert_no_error (answers[i].error);
          g_assert_cmpstr (a, ==, b);
        }
      g_clear_pointer (&answers[i].frame, bv_frame_unref);
      g_clear_error (&answers[i].error);
    }
}

static void
test_together (Fixture *f, gconstpointer data)
{
  BvWorkspace *workspace;
  Answer answers[N_CHARTS];
  g_autoptr(GError) error = NULL;

  shop (f);
  workspace = bv_workspace_new (f->project, &error);
  g_assert_no_error (error);
  bv_workspace_set_now (workspace, f->now);
  for (int round = 0; round < 8; round++)
    {
      int cancelled = round % 3 == 1 ? round % N_CHARTS : -1;

      if (round == 4)
        {
          add_table (f, "sales", "id:int city:text amount:double day:date", "1|Oslo|11|2026-01-03\n2|Rome|20|2026-02-04\n");
          g_assert_true (bv_workspace_reload (workspace, &error));
          g_clear_pointer (&f->model, bv_model_unref);
          f->model = bv_model_ref (bv_workspace_get_model (workspace));
        }
      ask_all (workspace, answers, cancelled);
      check_all (f, answers, cancelled);
    }
  g_object_unref (workspace);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
gone (gpointer data, GObject *where_it_was)
{
  GThread **thread = data;

  *thread = g_thread_self ();
}

static void
counted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(BvFrame) frame = bv_workspace_run_finish (BV_WORKSPACE (source), result, NULL);

  --*(guint *) data;
}

/* A workspace that is let go while its charts are answered and its tables encoded ends in the thread that it was made for, whoever comes last. The charts,
 * of which each question has a copy, stay, as a page's do. */
static void
test_closing (Fixture *f, gconstpointer data)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (6);
  const char *longer = g_getenv ("BV_LONG");
  int n_rounds = longer != NULL ? MAX (atoi (longer), 200) : 200;
  BvChart *asked[N_CHARTS];

  shop (f);
  for (guint i = 0; i < N_CHARTS; i++)
    asked[i] = chart_of (charts[i]);
  for (int round = 0; round < n_rounds; round++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      BvWorkspace *workspace = bv_workspace_new (f->project, &error);
      GThread *thread = NULL;
      guint n_left = N_CHARTS;

      g_assert_no_error (error);
      g_object_weak_ref (G_OBJECT (workspace), gone, &thread);
      for (guint i = 0; i < N_CHARTS; i++)
        {
          bv_workspace_run_async (workspace, asked[i], NULL, cancellable, counted, &n_left);
          if (g_rand_int_range (random, 0, 3) == 0)
            g_main_context_iteration (NULL, FALSE);
        }
      if (g_rand_boolean (random))
        g_usleep ((gulong) g_rand_int_range (random, 0, 300));
      if (g_rand_int_range (random, 0, 4) == 0)
        g_cancellable_cancel (cancellable);
      g_object_unref (workspace);
      while (n_left > 0 || thread == NULL)
        g_main_context_iteration (NULL, n_left > 0);
      g_assert_true (thread == g_thread_self ());
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < N_CHARTS; i++)
    bv_chart_free (asked[i]);
}

/* Equal questions have equal keys, and every part of one shows in it. */
static void
test_keys (void)
{
  static const char *const different[] = {
    "{'exploration':'Sales','metrics':['A']}", "{'exploration':'Sale','metrics':['A']}", "{'exploration':'Sales','metrics':['A','B']}", "{'exploration':'Sales','metrics':['AB']}",
    "{'exploration':'Sales','metrics':['A'],'by':['B']}", "{'exploration':'Sales','metrics':['A'],'by':['B:month']}", "{'exploration':'Sales','metrics':['A'],'pivot':'B'}",
    "{'exploration':'Sales','metrics':['A'],'time':{'field':'B'}}", "{'exploration':'Sales','metrics':['A'],'time':{'field':'B','grain':'day'}}",
    "{'exploration':'Sales','metrics':['A'],'time':{'field':'B','range':'today'}}", "{'exploration':'Sales','metrics':['A'],'where':{'field':'B','is':'x'}}",
    "{'exploration':'Sales','metrics':['A'],'where':{'field':'B','is':['x','y']}}", "{'exploration':'Sales','metrics':['A'],'where':{'field':'B','is-not':'x'}}",
    "{'exploration':'Sales','metrics':['A'],'where':{'field':'B','is':1}}", "{'exploration':'Sales','metrics':['A'],'where':{'field':'B','is':1.5}}",
    "{'exploration':'Sales','metrics':['A'],'where':{'any':[{'field':'B','is':'x'},{'field':'C','is':'x'}]}}", "{'exploration':'Sales','metrics':['A'],'sort':['A']}",
    "{'exploration':'Sales','metrics':['A'],'limit':5}", "{'exploration':'Sales','metrics':['A'],'by':['B'],'top':5}",
    "{'exploration':'Sales','metrics':['A'],'by':['B'],'top':5,'others':true}", "{'exploration':'Sales','metrics':['A'],'time':{'field':'B','range':'today'},'compare':'previous-period'}",
  };
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autoptr(BvChart) chart = chart_of (different[i]);
      g_autoptr(BvChart) same = chart_of (different[i]);
      BvOverlay overlay = { NULL, (char *) "today" };
      char *key = bv_query_key (chart, NULL);
      g_autofree char *again = bv_query_key (same, NULL);

      g_assert_cmpstr (key, ==, again);
      if (!g_hash_table_add (keys, key))
        g_error ("%s has the key of another chart", different[i]);
      if (!g_hash_table_add (keys, bv_query_key (chart, &overlay)))
        g_error ("%s with a range has the key of another chart", different[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/query/together", Fixture, NULL, fixture_set_up, test_together, fixture_tear_down);
  g_test_add ("/query/closing", Fixture, NULL, fixture_set_up, test_closing, fixture_tear_down);
  g_test_add_func ("/query/keys", test_keys);
  return g_test_run ();
}
