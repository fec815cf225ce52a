/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-clock.h"

static gint64
system_now (gpointer data)
{
  return g_get_real_time ();
}

static gboolean
system_sleep (gint64 us, GCancellable *cancellable, gpointer data, GError **error)
{
  gint64 end = g_get_monotonic_time () + us;
  GPollFD fd;
  gboolean has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fd);

  while (!g_cancellable_is_cancelled (cancellable))
    {
      gint64 left = end - g_get_monotonic_time ();

      if (left <= 0)
        break;
      if (has_fd)
        g_poll (&fd, 1, (gint) MIN (left / 1000 + 1, 3600 * 1000));
      else
        g_usleep ((gulong) MIN (left, cancellable != NULL ? 50000 : left));
    }
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static double
system_random (gpointer data)
{
  return g_random_double ();
}

const BvClock bv_clock_system = { system_now, system_sleep, system_random, NULL };
