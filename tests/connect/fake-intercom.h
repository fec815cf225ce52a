/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An Intercom workspace that keeps its data, over fake-server: searches, scrolls, lists, merges and deletes as the API 2.16 does.
 *
 * It is strict: a request that the API would refuse (no version, an operator that dates do not have, a page that is too long) is
 * refused. Its time is the FakeClock's. A test changes the data while it holds the server's lock, or from the hook that runs before each
 * request.
 */
#pragma once

#include "fake-server.h"

typedef struct
{
  char *id;
  char *external_id, *email, *name, *role, *plan;
  gint64 created_at, updated_at; /* unix seconds */
  gint64 indexed_at;             /* the search knows it from then on */
  gboolean deleted;
  char *merged_into;             /* (nullable) */
  GArray *companies;             /* guint: numbers of the companies */
  GPtrArray *merged;             /* ids of those merged into it */
} FakeContact;

typedef struct
{
  char *id;
  char *name;
  gint64 created_at, updated_at;
  int size;
  gboolean deleted;
} FakeCompany;

typedef struct
{
  gint64 id;
  gint64 created_at, updated_at, deleted_at; /* 0: it is there */
  guint contact;      /* number of the first contact */
  guint more_contacts; /* how many follow it, of those that there were */
  guint of_contacts;
  int state;          /* 0 open, 1 closed, 2 snoozed */
  int rating;         /* 0 none */
  int reply;          /* seconds; 0 none */
  int team;           /* number; 0 none */
  guint n_parts;
} FakeConversation;

typedef struct
{
  gint64 id;
  gint64 created_at, updated_at;
  guint contact;
  int state;
  gboolean deleted;
} FakeTicket;

typedef struct _FakeIntercom FakeIntercom;

struct _FakeIntercom
{
  FakeServer *server;
  FakeClock *clock;
  GPtrArray *contacts;      /* FakeContact */
  GPtrArray *companies;     /* FakeCompany */
  GArray *conversations;    /* FakeConversation */
  GArray *tickets;          /* FakeTicket */
  guint n_tags, n_teams;
  const char *token;
  const char *region;       /* of the workspace: "US" */
  int zone;                 /* the workspace's: seconds east of UTC */
  gint64 lag;               /* seconds until the search knows a new contact */
  gboolean plan_is_number;  /* the custom attribute "plan" changed its type */
  gboolean has_score;       /* a custom attribute "score" exists */
  guint break_scroll_after; /* pages of a scroll after which it breaks, once; 0 never */
  guint scroll_page;        /* companies on a page of a scroll */
  /* Called before each request, with the lock held. */
  void (*between) (FakeIntercom *self, gpointer data);
  gpointer between_data;
  /* Changed by others only with fake_intercom_touch(). */
  gboolean dirty;

  /* private */
  char *scroll_id;
  gint64 scroll_used;
  guint scroll_at, scroll_n, scroll_count;
  GPtrArray *order[2];      /* contacts by created_at, updated_at */
  GArray *talk_order[2];    /* guint: conversations */
};

FakeIntercom     *fake_intercom_new        (FakeClock *clock, guint64 seed, guint contacts, guint companies, guint conversations);
void              fake_intercom_free       (FakeIntercom *self);
gint64            fake_intercom_now        (FakeIntercom *self); /* unix seconds */
/* The data was changed: sorted lists are made anew. */
void              fake_intercom_touch      (FakeIntercom *self);
FakeContact      *fake_intercom_add_contact (FakeIntercom *self, const char *role, gint64 when);
FakeCompany      *fake_intercom_add_company (FakeIntercom *self, gint64 when);
FakeConversation *fake_intercom_add_conversation (FakeIntercom *self, guint contact, gint64 when); /* valid until the next is added */
FakeTicket       *fake_intercom_add_ticket (FakeIntercom *self, guint contact, gint64 when);
void              fake_intercom_merge      (FakeIntercom *self, FakeContact *loser, FakeContact *survivor);
/* A contact that is neither deleted nor merged. */
gboolean          fake_contact_exists      (const FakeContact *contact);
