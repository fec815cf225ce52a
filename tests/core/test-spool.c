/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes set aside are read back as they were, whether memory or the file holds them. */
#include "bv-spool.h"

#include <string.h>

typedef struct
{
  guint64 place;
  gsize size;
  guint8 first;
} Written;

static void
test_round_trip (gconstpointer data)
{
  g_autoptr (BvSpool) spool = bv_spool_new (GPOINTER_TO_SIZE (data));
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Written));
  guint8 buf[5000];

  for (guint i = 0; i < 500; i++)
    {
      Written written = { 0, (gsize) g_rand_int_range (random, 0, sizeof buf), (guint8) i };

      for (gsize k = 0; k < written.size; k++)
        buf[k] = (guint8) (written.first + k);
      written.place = bv_spool_write (spool, buf, written.size);
      g_assert_cmpuint (written.place, !=, BV_SPOOL_NONE);
      g_array_append_val (all, written);
    }
  for (guint n = 0; n < 2000; n++)
    {
      const Written *written = &g_array_index (all, Written, g_rand_int_range (random, 0, (gint32) all->len));
      gsize from = written->size > 0 ? (gsize) g_rand_int_range (random, 0, (gint32) written->size) : 0;

      memset (buf, 0, sizeof buf);
      g_assert_true (bv_spool_read (spool, written->place + from, buf, written->size - from));
      for (gsize k = 0; k < written->size - from; k++)
        g_assert_cmpuint (buf[k], ==, (guint8) (written->first + from + k));
    }
  /* What was never written is not there. */
  g_assert_false (bv_spool_read (spool, 1 << 30, buf, 1));
}

static void
test_empty (void)
{
  g_autoptr (BvSpool) spool = bv_spool_new (100);
  char c;

  g_assert_false (bv_spool_read (spool, 0, &c, 1));
  g_assert_false (bv_spool_read (spool, 200, &c, 1));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/spool/file", GSIZE_TO_POINTER (0), test_round_trip);
  g_test_add_data_func ("/spool/both", GSIZE_TO_POINTER (100000), test_round_trip);
  g_test_add_data_func ("/spool/memory", GSIZE_TO_POINTER (1 << 24), test_round_trip);
  g_test_add_func ("/spool/empty", test_empty);
  return g_test_run ();
}
