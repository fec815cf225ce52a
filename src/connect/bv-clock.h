/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time that a sync lives in: tests give it one of their own, so that no test waits. */
#pragma once

#include "bv-error.h"

G_BEGIN_DECLS

typedef struct
{
  /* The instant (µs since 1970-01-01 UTC). */
  gint64   (*now)    (gpointer data);
  /* Lets @us microseconds pass; FALSE with G_IO_ERROR_CANCELLED when @cancellable ends it earlier. */
  gboolean (*sleep)  (gint64 us, GCancellable *cancellable, gpointer data, GError **error);
  /* 0 ≤ x < 1 */
  double   (*random) (gpointer data);
  gpointer data;
} BvClock;

/* The machine's clock. */
extern const BvClock bv_clock_system;

static inline gint64
bv_clock_now (const BvClock *clock)
{
  return clock->now (clock->data);
}

static inline gboolean
bv_clock_sleep (const BvClock *clock, gint64 us, GCancellable *cancellable, GError **error)
{
  return clock->sleep (us, cancellable, clock->data, error);
}

G_END_DECLS
