/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project, a source and a fake HubSpot with its clock: what the tests of syncs share. */
#pragma once

#include "bv-source.h"
#include "fake-hubspot.h"

typedef struct
{
  char *dir;
  char *path;
  BvProject *project;
  FakeClock time;
  BvClock clock;
  FakeHubspot *hubspot;
  BvSource *source;
  GHashTable *secrets;
  gint64 run;
} SyncTest;

void     sync_test_set_up    (SyncTest *t, gconstpointer data);
void     sync_test_tear_down (SyncTest *t, gconstpointer data);
void     sync_test_reopen    (SyncTest *t);
/* Syncs and returns whether it was a success; @error (nullable) gets the message. */
gboolean sync_test_sync      (SyncTest *t, BvSyncFlags flags, guint max_pages, GError **error);
void     sync_test_sync_ok   (SyncTest *t, BvSyncFlags flags);
/* The first column of all rows, joined with "|"; NULL as "-". (transfer full) */
char    *sync_test_query     (SyncTest *t, const char *sql);
/* What is wrong with the tables against the fake's truth; NULL when nothing. (transfer full) */
char    *sync_test_compare   (SyncTest *t);
BvRunStream *sync_test_stream (BvRun *run, const char *name);
#define assert_query(t, sql, expected) \
  G_STMT_START { g_autofree char *got_ = sync_test_query (t, sql); g_assert_cmpstr (got_, ==, expected); } G_STMT_END
#define assert_true_to_fake(t) \
  G_STMT_START { g_autofree char *wrong_ = sync_test_compare (t); g_assert_cmpstr (wrong_, ==, NULL); } G_STMT_END
