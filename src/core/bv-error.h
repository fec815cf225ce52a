/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BvError:
 *
 * What kind of failure a #GError of the domain BV_ERROR is. Messages are one translated sentence that says
 * what is wrong and, after a colon, what to do; they end without a full stop.
 */
typedef enum
{
  BV_ERROR_FAILED,      /* anything without a code of its own */
  BV_ERROR_INVALID,     /* the input breaks a rule */
  BV_ERROR_NOT_FOUND,   /* a name that does not exist */
  BV_ERROR_EXISTS,      /* a name that is taken */
  BV_ERROR_AMBIGUOUS,   /* several paths or names fit; the author must pick */
  BV_ERROR_CORRUPT,     /* a damaged project file or a file that is not a project */
  BV_ERROR_NEWER,       /* a project file from a newer version */
  BV_ERROR_READ_ONLY,   /* a change to a project opened read-only */
  BV_ERROR_UNSUPPORTED, /* understood, but not possible here */
} BvError;

#define BV_ERROR (bv_error_quark ())
GQuark bv_error_quark (void);

/**
 * BvProgress:
 * @done: units done so far
 * @total: units in all, or 0 when not known
 * @what: (nullable): what is being done, for people
 * @user_data: data given with the callback
 *
 * Called from the thread that does the work, at most some tens of times a second.
 */
typedef void (*BvProgress) (guint64 done, guint64 total, const char *what, gpointer user_data);

G_END_DECLS
