/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fake HubSpot as a program, for tests from outside. Usage: serve-hubspot CONTACTS DEALS
 *
 * Prints its address, then obeys a line of standard input each, answering "ok": "change" (a deal changes, one comes, one is archived),
 * "forbid TYPE", "allow TYPE", "field" (the customer makes a field), "hold" (deals are never answered), "release". Ends with standard input.
 */
#include "fake-hubspot.h"

#include <stdio.h>
#include <string.h>

static void
keep_time (FakeHubspot *self, const FakeRequest *request, gpointer data)
{
  self->clock->now = g_get_real_time ();
}

static FakeRecord *
add_deal (FakeHubspot *hubspot, int i, gint64 contact)
{
  static const char *const stages[] = { "appointmentscheduled", "closedwon", "closedlost" };
  FakeRecord *deal = fake_hubspot_add (hubspot, "deals");
  g_autofree char *name = g_strdup_printf ("Deal %d", i);
  g_autofree char *amount = g_strdup_printf ("%d.50", 100 + i % 977);

  fake_hubspot_set (hubspot, "deals", deal, "dealname", name);
  fake_hubspot_set (hubspot, "deals", deal, "amount", amount);
  fake_hubspot_set (hubspot, "deals", deal, "dealstage", stages[i % 3]);
  fake_hubspot_set (hubspot, "deals", deal, "hs_is_closed_won", i % 3 == 1 ? "true" : "false");
  fake_hubspot_link (hubspot, "deals", deal->id, "contacts", contact, NULL);
  return deal;
}

static void
obey (FakeHubspot *hubspot, const char *line)
{
  GPtrArray *deals = fake_hubspot_type (hubspot, "deals")->records;

  if (strcmp (line, "change") == 0)
    {
      FakeRecord *contact = g_ptr_array_index (fake_hubspot_type (hubspot, "contacts")->records, 0);

      fake_hubspot_set (hubspot, "deals", g_ptr_array_index (deals, 0), "amount", "4242");
      fake_hubspot_archive (hubspot, "deals", g_ptr_array_index (deals, 1));
      add_deal (hubspot, (int) deals->len, contact->id);
    }
  else if (g_str_has_prefix (line, "forbid "))
    g_hash_table_add (hubspot->forbidden, (char *) g_intern_string (line + 7));
  else if (g_str_has_prefix (line, "allow "))
    g_hash_table_remove (hubspot->forbidden, line + 6);
  else if (strcmp (line, "field") == 0)
    fake_hubspot_add_property (hubspot, "deals", "favourite_colour", "string", TRUE);
}

int
main (int argc, char *argv[])
{
  FakeClock clock = { .now = g_get_real_time () };
  FakeHubspot *hubspot = fake_hubspot_new (&clock);
  int n_contacts = argc > 1 ? atoi (argv[1]) : 100;
  int n_deals = argc > 2 ? atoi (argv[2]) : 100;
  gint64 first = 0;
  char line[256];

  hubspot->on_request = keep_time;
  for (int i = 0; i < n_contacts; i++)
    {
      FakeRecord *contact = fake_hubspot_add (hubspot, "contacts");
      g_autofree char *email = g_strdup_printf ("person%d@example.org", i);

      fake_hubspot_set (hubspot, "contacts", contact, "email", email);
      fake_hubspot_set (hubspot, "contacts", contact, "lifecyclestage", i % 2 ? "lead" : "customer");
      first = i == 0 ? contact->id : first;
    }
  for (int i = 0; i < n_deals; i++)
    add_deal (hubspot, i, first + i % MAX (n_contacts, 1));
  printf ("%s\n", fake_server_url (hubspot->server));
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_strchomp (line);
      /* These two take the lock themselves. */
      if (strcmp (line, "hold") == 0)
        fake_server_add_fault (hubspot->server, &(FakeFault){ .match = "/deals", .kind = FAKE_HANG });
      else if (strcmp (line, "release") == 0)
        fake_server_clear_faults (hubspot->server);
      fake_server_lock (hubspot->server);
      clock.now = g_get_real_time ();
      obey (hubspot, line);
      fake_server_unlock (hubspot->server);
      puts ("ok");
      fflush (stdout);
    }
  fake_hubspot_free (hubspot);
  return 0;
}
