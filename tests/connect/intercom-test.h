/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project with a source over a fake workspace, and the comparison of its tables with the workspace. */
#pragma once

#include "fake-intercom.h"
#include "vendor-test.h"

#include "bv-time.h"

#include <inttypes.h>
#include <stdlib.h>

typedef struct
{
  VendorTest test;
  FakeIntercom *fake;
} Fixture;

static inline void
set_up_sized (Fixture *f, guint64 seed, guint contacts, guint companies, guint conversations)
{
  vendor_test_init (&f->test, "intercom", "intercom");
  f->fake = fake_intercom_new (&f->test.fake, seed, contacts, companies, conversations);
  vendor_test_set (&f->test, "token", f->fake->token);
  vendor_test_set (&f->test, "base_url", fake_server_url (f->fake->server));
  vendor_test_put (&f->test);
}

static inline void
set_up (Fixture *f, gconstpointer data)
{
  set_up_sized (f, 1, 400, 130, 700);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  vendor_test_clear (&f->test);
  fake_intercom_free (f->fake);
}

static inline void
pass_time (Fixture *f, gint64 seconds)
{
  f->test.fake.now += seconds * G_USEC_PER_SEC;
}

/* --- The truth as text, and the tables as the same text ------------------------------------------------------------------------------------ */

static inline void
append_time (GString *s, gint64 seconds)
{
  char buf[BV_TIME_TEXT_MAX];

  g_string_append_printf (s, "|%s", bv_timestamp_to_text (seconds * BV_SECOND_US, buf));
}

static inline int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static inline char *
sort_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  qsort (lines, g_strv_length (lines), sizeof (char *), compare_lines);
  return g_strjoinv ("\n", lines);
}

static inline FakeContact *
survivor_of (FakeIntercom *fake, FakeContact *contact)
{
  while (contact->merged_into != NULL)
    contact = fake->contacts->pdata[strtoul (contact->merged_into + 2, NULL, 16)];
  return contact;
}

static inline void
assert_same (Fixture *f, const char *what, const char *truth, const char *sql)
{
  g_autofree char *got = vendor_test_dump (&f->test, sql);
  g_autofree char *a = sort_lines (truth);
  g_autofree char *b = sort_lines (got);

  if (strcmp (a, b) != 0)
    {
      g_auto (GStrv) x = g_strsplit (a, "\n", -1);
      g_auto (GStrv) y = g_strsplit (b, "\n", -1);
      guint i;

      for (i = 0; x[i] != NULL && y[i] != NULL && strcmp (x[i], y[i]) == 0; i++)
        ;
      g_error ("%s differ at line %u: truth “%s”, table “%s” (%u and %u lines)", what, i, x[i] != NULL ? x[i] : "", y[i] != NULL ? y[i] : "",
               g_strv_length (x), g_strv_length (y));
    }
}

static inline void
assert_truth (Fixture *f)
{
  static const char *const states[] = { "open", "closed", "snoozed" };
  FakeIntercom *fake = f->fake;
  g_autoptr (GString) contacts = g_string_new (NULL);
  g_autoptr (GString) companies = g_string_new (NULL);
  g_autoptr (GString) talks = g_string_new (NULL);
  g_autoptr (GString) links = g_string_new (NULL);
  g_autoptr (GString) members = g_string_new (NULL);
  g_autoptr (GString) tickets = g_string_new (NULL);

  for (guint i = 0; i < fake->contacts->len; i++)
    {
      const FakeContact *contact = fake->contacts->pdata[i];

      if (!fake_contact_exists (contact))
        continue;
      g_string_append_printf (contacts, "%s|%s|%s|%s|%s", contact->id, contact->external_id != NULL ? contact->external_id : "-", contact->email,
                              contact->name, contact->plan);
      append_time (contacts, contact->updated_at);
      g_string_append_c (contacts, '\n');
      for (guint k = 0; k < contact->companies->len; k++)
        {
          const FakeCompany *company = fake->companies->pdata[g_array_index (contact->companies, guint, k)];

          if (!company->deleted)
            g_string_append_printf (members, "%s|%s\n", contact->id, company->id);
        }
    }
  for (guint i = 0; i < fake->companies->len; i++)
    {
      const FakeCompany *company = fake->companies->pdata[i];

      if (!company->deleted)
        g_string_append_printf (companies, "%s|%s|%d\n", company->id, company->name, company->size);
    }
  for (guint i = 0; i < fake->conversations->len; i++)
    {
      const FakeConversation *talk = &g_array_index (fake->conversations, FakeConversation, i);

      if (talk->deleted_at != 0)
        continue;
      g_string_append_printf (talks, "%" PRId64 "|%s|", talk->id, states[talk->state]);
      if (talk->rating > 0)
        g_string_append_printf (talks, "%d|", talk->rating);
      else
        g_string_append (talks, "-|");
      if (talk->reply > 0)
        g_string_append_printf (talks, "%d|", talk->reply);
      else
        g_string_append (talks, "-|");
      if (talk->team > 0)
        g_string_append_printf (talks, "Team %d|", 500 + talk->team);
      else
        g_string_append (talks, "-|");
      if (talk->id % 7 != 0)
        g_string_append_printf (talks, "person%u@example.com", talk->contact);
      else
        g_string_append_c (talks, '-');
      append_time (talks, talk->updated_at);
      g_string_append_c (talks, '\n');
      for (guint k = 0; k <= talk->more_contacts; k++)
        {
          FakeContact *contact = survivor_of (fake, fake->contacts->pdata[(talk->contact + k) % talk->of_contacts]);
          gboolean again = FALSE;

          for (guint j = 0; j < k; j++)
            again = again || survivor_of (fake, fake->contacts->pdata[(talk->contact + j) % talk->of_contacts]) == contact;
          if (!contact->deleted && !again)
            g_string_append_printf (links, "%" PRId64 "|%s\n", talk->id, contact->id);
        }
    }
  for (guint i = 0; i < fake->tickets->len; i++)
    {
      const FakeTicket *ticket = &g_array_index (fake->tickets, FakeTicket, i);

      if (!ticket->deleted)
        g_string_append_printf (tickets, "%" PRId64 "|%d|high\n", ticket->id, ticket->state);
    }
  assert_same (f, "contacts", contacts->str, "SELECT id, external_id, email, name, plan, updated_at FROM intercom_contacts WHERE _deleted_at IS NULL");
  assert_same (f, "companies", companies->str, "SELECT id, name, size FROM intercom_companies WHERE _deleted_at IS NULL");
  assert_same (f, "conversations", talks->str,
               "SELECT id, state, rating, time_to_admin_reply, team, user_email, updated_at FROM intercom_conversations WHERE _deleted_at IS NULL");
  assert_same (f, "tickets", tickets->str,
               "SELECT id, CASE state WHEN 'submitted' THEN 0 WHEN 'in_progress' THEN 1 WHEN 'waiting_on_customer' THEN 2 ELSE 3 END, severity"
               " FROM intercom_tickets WHERE _deleted_at IS NULL");
  assert_same (f, "links of contacts", members->str,
               "SELECT l.contact_id, l.company_id FROM intercom_contact_companies l JOIN intercom_contacts c ON c.id = l.contact_id"
               " JOIN intercom_companies o ON o.id = l.company_id WHERE c._deleted_at IS NULL AND o._deleted_at IS NULL");
  assert_same (f, "links of conversations", links->str,
               "SELECT DISTINCT l.conversation_id, l.contact_id FROM intercom_conversation_contacts l JOIN intercom_conversations v ON v.id = l.conversation_id"
               " JOIN intercom_contacts c ON c.id = l.contact_id WHERE v._deleted_at IS NULL AND c._deleted_at IS NULL");
}
