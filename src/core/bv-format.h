/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a value is written for people: numbers, currencies, durations and dates by locale (ICU). */
#pragma once

#include "bv-calendar.h"
#include "bv-value.h"

G_BEGIN_DECLS

typedef enum
{
  BV_FORMAT_AUTO,             /* by type: grouped numbers, up to 2 decimals */
  BV_FORMAT_NUMBER,
  BV_FORMAT_CURRENCY,         /* with @currency, or the project's */
  BV_FORMAT_PERCENT,          /* a ratio: 0.25 is 25 % */
  BV_FORMAT_DURATION_SECONDS, /* 3 h 25 min */
  BV_FORMAT_DURATION_MS,
  BV_FORMAT_PLAIN,            /* digits without grouping: ids, years */
} BvFormatKind;

/* "auto", "number", "currency", "percent", "duration-s", "duration-ms", "plain". */
const char *bv_format_kind_to_name   (BvFormatKind kind);
gboolean    bv_format_kind_from_name (const char *name, BvFormatKind *kind);

/**
 * BvFormat:
 *
 * The format of a metric or a column; plain data, all strings owned. An all-zero struct with decimals -1 is "auto";
 * initialise with BV_FORMAT_INIT.
 */
typedef struct
{
  BvFormatKind kind;
  int decimals;        /* digits after the point, or -1: up to 2 as needed (currency: the currency's own) */
  gboolean abbreviate; /* 12.3k, 4M (lakh and crore where the locale says) */
  char *currency;      /* (nullable): ISO 4217; NULL is the project's */
  char *prefix;        /* (nullable) */
  char *suffix;        /* (nullable) */
} BvFormat;

#define BV_FORMAT_INIT ((BvFormat){ BV_FORMAT_AUTO, -1, FALSE, NULL, NULL, NULL })

void      bv_format_clear (BvFormat *format);
BvFormat  bv_format_copy  (const BvFormat *format);
gboolean  bv_format_equal (const BvFormat *a, const BvFormat *b);

/**
 * BvLocale:
 *
 * How a language and region write numbers and dates; reference counted, usable from one thread at a time.
 */
typedef struct _BvLocale BvLocale;

/**
 * bv_locale_new:
 * @name: (nullable): "de_DE", "fr_FR.UTF-8"…; NULL takes LC_ALL, LC_NUMERIC, LANG in this order; "C" writes as en_US
 * @currency: (nullable): the project's ISO 4217 currency
 * @calendar: the project's calendar, for timestamps
 */
BvLocale   *bv_locale_new          (const char *name, const char *currency, BvCalendar *calendar);
/* One that says the same, for another thread: a locale keeps formatters, which two threads must not use at once. */
BvLocale   *bv_locale_copy         (BvLocale *self);
BvLocale   *bv_locale_ref          (BvLocale *self);
void        bv_locale_unref        (BvLocale *self);
BvCalendar *bv_locale_get_calendar (BvLocale *self);

/**
 * bv_locale_format:
 * @format: (nullable): NULL is auto
 * @grain: for dates and timestamps the bucket that the value starts, BV_GRAIN_NONE for a plain value
 *
 * Null is "–". Buckets: "14:00, 3 Mar 2026", "3 Mar 2026", week "3 Mar 2026" (its first day), "Mar 2026", "Q1 2026", "2026".
 *
 * Returns: (transfer full): text for people
 */
char       *bv_locale_format       (BvLocale *self, const BvValue *value, const BvFormat *format, BvGrain grain);

/* Shortcuts. (transfer full) */
char       *bv_locale_format_double   (BvLocale *self, double d, const BvFormat *format);
char       *bv_locale_format_count    (BvLocale *self, gint64 n);
/* The locale's own name, "de_DE". */
const char *bv_locale_get_name        (BvLocale *self);
/* A country's name by its two-letter code of ISO 3166-1 in a locale (NULL: this one; "": the country's own); NULL when it is not known. (transfer full) */
char       *bv_locale_country_name    (BvLocale *self, const char *code, const char *locale);
char       *bv_locale_format_date     (BvLocale *self, gint64 day);       /* 3 Mar 2026 */
char       *bv_locale_format_instant  (BvLocale *self, gint64 us);        /* 3 Mar 2026, 14:05 in the project's zone */

/* A range in words, its days as people write them: "Last 7 days", "1 Mar 2026 – 31 Mar 2026", "Since 1 Mar 2026". (transfer full) */
char       *bv_locale_format_range    (BvLocale *self, const char *spec);
/* A day as people write it ("3 Mar 2026", "3.3.26", "03/03/2026", by the locale) or as ISO 8601; FALSE when @text is neither. */
gboolean    bv_locale_parse_date      (BvLocale *self, const char *text, gint64 *day);

/* A number with all its digits, ungrouped, as it stands in an entry ("1234,5"); other values as bv_value_to_plain(). (transfer full) */
char       *bv_locale_write_number    (BvLocale *self, const BvValue *value);
/**
 * bv_locale_parse_number:
 * @type: BV_TYPE_INT or BV_TYPE_DOUBLE; INT takes fractions too, as doubles
 *
 * Reads what bv_locale_write_number() writes, grouped numbers ("1.234,5" in German, "1,234.5" in English), and plain ones where the
 * locale has no other reading of them. An empty text is null.
 *
 * Returns: FALSE when @text is no number
 */
gboolean    bv_locale_parse_number    (BvLocale *self, const char *text, BvType type, BvValue *value);

/**
 * bv_locale_format_skeleton:
 * @skeleton: an ICU date skeleton ("MMMd", "yMMM", "Hm", "EEEd"…), put in the locale's order
 *
 * Used for axis labels. @us is an instant; dates pass their day's start by @is_date TRUE and @us = days.
 */
char       *bv_locale_format_skeleton (BvLocale *self, const char *skeleton, gint64 value, gboolean is_date);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvFormat, bv_format_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvLocale, bv_locale_unref)

G_END_DECLS
