/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a workspace holds, and how it grows. */
#include "fake-intercom.h"

void
fake_intercom_touch (FakeIntercom *self)
{
  self->dirty = TRUE;
}

gboolean
fake_contact_exists (const FakeContact *contact)
{
  return !contact->deleted && contact->merged_into == NULL;
}

FakeContact *
fake_intercom_add_contact (FakeIntercom *self, const char *role, gint64 when)
{
  static const char *const plans[] = { "starter", "pro", "chain" };
  FakeContact *contact = g_new0 (FakeContact, 1);
  guint n = self->contacts->len;

  contact->id = g_strdup_printf ("65%022x", n);
  contact->external_id = n % 3 != 0 ? g_strdup_printf ("u-%u", n) : NULL;
  contact->email = g_strdup_printf ("person%u@example.com", n);
  contact->name = g_strdup_printf ("Person \"%u\"", n);
  contact->role = g_strdup (role);
  contact->plan = g_strdup (plans[n % 3]);
  contact->created_at = contact->updated_at = when;
  contact->indexed_at = when + self->lag;
  contact->companies = g_array_new (FALSE, FALSE, sizeof (guint));
  contact->merged = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->contacts, contact);
  self->dirty = TRUE;
  return contact;
}

FakeCompany *
fake_intercom_add_company (FakeIntercom *self, gint64 when)
{
  FakeCompany *company = g_new0 (FakeCompany, 1);

  company->id = g_strdup_printf ("66%022x", self->companies->len);
  company->name = g_strdup_printf ("Company %u", self->companies->len);
  company->created_at = company->updated_at = when;
  company->size = (int) self->companies->len;
  g_ptr_array_add (self->companies, company);
  return company;
}

FakeConversation *
fake_intercom_add_conversation (FakeIntercom *self, guint contact, gint64 when)
{
  FakeConversation conversation = { 215400001 + self->conversations->len, when, when, 0, contact };

  conversation.n_parts = 1 + self->conversations->len % 4;
  conversation.team = (int) (self->conversations->len % (self->n_teams + 1));
  conversation.of_contacts = MAX (self->contacts->len, 1);
  conversation.more_contacts = self->conversations->len % 29 == 0 ? 2 : 0;
  g_array_append_val (self->conversations, conversation);
  self->dirty = TRUE;
  return &g_array_index (self->conversations, FakeConversation, self->conversations->len - 1);
}

FakeTicket *
fake_intercom_add_ticket (FakeIntercom *self, guint contact, gint64 when)
{
  FakeTicket ticket = { 9001 + self->tickets->len, when, when, contact };

  g_array_append_val (self->tickets, ticket);
  return &g_array_index (self->tickets, FakeTicket, self->tickets->len - 1);
}

void
fake_intercom_merge (FakeIntercom *self, FakeContact *loser, FakeContact *survivor)
{
  loser->merged_into = g_strdup (survivor->id);
  g_ptr_array_add (survivor->merged, g_strdup (loser->id));
  for (guint i = 0; i < loser->merged->len; i++)
    g_ptr_array_add (survivor->merged, g_strdup (loser->merged->pdata[i]));
  survivor->updated_at = fake_intercom_now (self);
  self->dirty = TRUE;
}
