/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BvType:
 *
 * The type of a column or a value. Dates and timestamps as in bv-time.h.
 */
typedef enum
{
  BV_TYPE_NULL,
  BV_TYPE_BOOL,
  BV_TYPE_INT,
  BV_TYPE_DOUBLE,
  BV_TYPE_TEXT,
  BV_TYPE_DATE,
  BV_TYPE_TIMESTAMP,
} BvType;

/* "null", "bool", "int", "double", "text", "date", "timestamp": the names of the definitions JSON. */
const char *bv_type_to_name   (BvType type);
gboolean    bv_type_from_name (const char *name, BvType *type);
/* A translated name for people ("Whole number", "Date and time"…). */
const char *bv_type_to_label  (BvType type);

/* Whether two names of tables or columns are the same: as in SQLite, whatever the case of their ASCII letters. */
static inline gboolean
bv_names_equal (const char *a, const char *b)
{
  return (*a | 0x20) == (*b | 0x20) && g_ascii_strcasecmp (a, b) == 0; /* most differ in their first letter */
}

static inline gboolean
bv_type_is_numeric (BvType type)
{
  return type == BV_TYPE_INT || type == BV_TYPE_DOUBLE;
}

static inline gboolean
bv_type_is_time (BvType type)
{
  return type == BV_TYPE_DATE || type == BV_TYPE_TIMESTAMP;
}

/**
 * BvValue:
 *
 * One value. Text is owned. An all-zero BvValue is null; clear with bv_value_clear().
 */
typedef struct
{
  BvType type;
  union
  {
    gint64 i; /* bool (0, 1), int, date (days), timestamp (µs) */
    double d;
    char *s;
  };
} BvValue;

#define BV_VALUE_NULL ((BvValue){ BV_TYPE_NULL, { 0 } })

BvValue  bv_value_bool      (gboolean b);
BvValue  bv_value_int       (gint64 i);
BvValue  bv_value_double    (double d);
BvValue  bv_value_text      (const char *s); /* copies; NULL gives null */
BvValue  bv_value_date      (gint64 days);
BvValue  bv_value_timestamp (gint64 us);
void     bv_values_clear    (BvValue *values, gsize n);

static inline BvValue
bv_value_copy (const BvValue *value)
{
  return value->type == BV_TYPE_TEXT ? bv_value_text (value->s) : *value;
}

static inline void
bv_value_clear (BvValue *value)
{
  if (value->type == BV_TYPE_TEXT)
    g_free (value->s);
  *value = BV_VALUE_NULL;
}

gboolean bv_value_equal     (const BvValue *a, const BvValue *b);
guint    bv_value_hash      (const BvValue *value);

/**
 * bv_value_compare:
 *
 * A total order: null first, then numbers and bools by value (int and double mixed), times, then text by bytes.
 */
int      bv_value_compare   (const BvValue *a, const BvValue *b);

/**
 * bv_value_to_plain:
 *
 * The text of the project file and of CSV: "" for null, "true"/"false", the shortest digits that read back
 * equal, ISO dates, UTC timestamps. Independent of the locale.
 *
 * Returns: (transfer full)
 */
char    *bv_value_to_plain  (const BvValue *value);

/**
 * bv_value_from_plain:
 * @text: as bv_value_to_plain() writes it; surrounding blanks are ignored except for text
 * @type: the type wanted
 *
 * Returns: whether @text reads as @type; @value is set (empty text gives null for types other than text)
 */
gboolean bv_value_from_plain (const char *text, BvType type, BvValue *value);

/* The number of an int, double or bool; NAN for anything else. */
double   bv_value_as_double (const BvValue *value);

/* Shortest decimal digits that read back as @d ("1e+300", "0.1", "2"); @buf of G_ASCII_DTOSTR_BUF_SIZE. */
const char *bv_double_to_plain (double d, char *buf);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvValue, bv_value_clear)

G_END_DECLS
