/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jaffle Soft sells software to bakeries and coffee shops; its customers, deals, conversations and events are made here.
 *
 * The world (companies and people) is drawn first, then each table is written from it with random streams of its own
 * (bv-sample-random.c). Rows depend on the options only, never on the clock or the machine. Rows follow the shapes of the vendors'
 * tables; addresses use reserved domains, so nobody can be written to by mistake.
 */

#include "config.h"

#include "bv-sample-private.h"
#include "bv-sample-resources.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#define DEFAULT_SEED 2718
#define DEFAULT_CUSTOMERS 400
#define MAX_CUSTOMERS 200000

gboolean
bv_sample_fill (BvProject *project, const BvSampleOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr(BvTableWriter) writer = NULL;
  BvSampleWorld world = { 0 };
  gboolean ok;

  g_return_val_if_fail (project != NULL && options != NULL, FALSE);

  if (options->customers > MAX_CUSTOMERS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("%u customers are too many for the sample: ask for %u at most"),
                   options->customers, MAX_CUSTOMERS);
      return FALSE;
    }
  /* Dates must stay writable with four-digit years. */
  if (options->as_of < bv_days_from_civil (1, 1, 1) + 2 * BV_SAMPLE_DAYS || options->as_of > bv_days_from_civil (9998, 12, 31))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The sample cannot end on that day: give one between the years 5 and 9998"));
      return FALSE;
    }
  if ((writer = bv_table_writer_new (project, error)) == NULL)
    return FALSE;

  world.project = project;
  world.writer = writer;
  world.cancellable = cancellable;
  world.seed = options->seed != 0 ? options->seed : DEFAULT_SEED;
  world.customers = options->customers != 0 ? options->customers : DEFAULT_CUSTOMERS;
  world.as_of = options->as_of;
  world.first_day = options->as_of - BV_SAMPLE_DAYS + 1;

  bv_sample_world_populate (&world);
  ok = bv_sample_write_companies (&world, error)
       && bv_sample_write_contacts (&world, error)
       && bv_sample_write_deals (&world, error)
       && bv_sample_write_intercom (&world, error)
       && bv_sample_write_identifies (&world, error)
       && bv_sample_write_tracks (&world, error)
       && !g_cancellable_set_error_if_cancelled (cancellable, error);
  bv_sample_world_clear (&world);

  return ok && bv_table_writer_commit (g_steal_pointer (&writer), _("Generate sample"), NULL, error);
}

char *
bv_sample_definitions (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_resource_lookup_data (bv_sample_get_resource (),
                                                    "/io/github/belvedere_bi/Belvedere/sample/definitions.json",
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  gsize size;
  const char *data;

  /* The resource is compiled in: it cannot be missing. */
  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &size);
  return g_strndup (data, size);
}

char *
bv_sample_definitions_at (gint64 as_of)
{
  g_autofree char *text = bv_sample_definitions ();
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  char day[BV_TIME_TEXT_MAX];

  json_object_set_string_member (json_object_get_object_member (json_node_get_object (node), "settings"), "as_of", bv_date_to_text (as_of, day));
  return json_to_string (node, FALSE);
}
