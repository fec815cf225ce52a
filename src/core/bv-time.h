/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days and instants as integers, and their ISO 8601 text.
 *
 * A date is a number of days since 1970-01-01 in the proleptic Gregorian calendar; an instant is a number of
 * microseconds since 1970-01-01 00:00 UTC. Both are gint64. The text forms are those of the project file:
 * "2026-06-30" and, in UTC, "2026-06-30 12:34:56" with an optional fraction without trailing zeros, so that
 * the order of the texts is the order of the instants and SQLite's date functions read them.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BV_DAY_SECONDS G_GINT64_CONSTANT (86400)
#define BV_SECOND_US G_GINT64_CONSTANT (1000000)
#define BV_DAY_US (BV_DAY_SECONDS * BV_SECOND_US)

/* The longest text that bv_date_to_text() and bv_timestamp_to_text() write, with its NUL. */
#define BV_TIME_TEXT_MAX 40

gint64   bv_days_from_civil   (int year, int month, int day);
void     bv_civil_from_days   (gint64 days, int *year, int *month, int *day);
int      bv_weekday           (gint64 days); /* 1 Monday … 7 Sunday */
int      bv_days_in_month     (int year, int month);

/* Write the text into @buf and return it. Years outside 0…9999 are written with a sign and more digits. */
const char *bv_date_to_text      (gint64 days, char buf[BV_TIME_TEXT_MAX]);
const char *bv_timestamp_to_text (gint64 us, char buf[BV_TIME_TEXT_MAX]);

/**
 * bv_date_parse:
 * @text: "YYYY-MM-DD", the whole string (@len bytes, or -1 when NUL-terminated)
 *
 * Returns: whether @text is a valid date of the years 0001…9999
 */
gboolean bv_date_parse        (const char *text, gssize len, gint64 *days);

/**
 * bv_timestamp_parse:
 * @text: "YYYY-MM-DD[T ]HH:MM[:SS[.fraction]][Z|±HH[:MM]]"
 * @local: (out) (optional): whether the text carries no zone; @us is then its wall-clock time read as UTC
 *
 * Fractions beyond microseconds are cut. A second of 60 is taken as the next minute's start.
 *
 * Returns: whether @text is a valid instant
 */
gboolean bv_timestamp_parse   (const char *text, gssize len, gint64 *us, gboolean *local);

static inline gint64
bv_floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

G_END_DECLS
