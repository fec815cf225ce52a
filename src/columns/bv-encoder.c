/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells to codes, in two steps.
 *
 * While rows come in, numbers and times are kept as they are (8 bytes) and texts are interned: an open hash table over the distinct texts
 * gives each a provisional number in order of appearance, kept in as few bytes as the largest needs. At the end every column gets its
 * coding: texts are sorted and the provisional numbers replaced; whole numbers in a span not much wider than the table become offsets, others
 * a sorted dictionary; doubles become scaled whole numbers when every one of them is exactly k / 10^s with s ≤ 4; instants become local day
 * and time of day in the coarsest unit that loses nothing.
 *
 * Cost: O(1) a cell, then O(d log d) for d distinct texts and O(n log n) only for dictionaries of numbers. A cell that is not of its column's
 * type, or not written the one way the project writes it, makes the column unsound, and the engine leaves it alone.
 */
#include "bv-encoder-private.h"

#include <math.h>
#include <string.h>

#define NULL_STAGED G_MININT64 /* of int and time columns; a real cell with it makes the column unsound */
#define MAX_SCALE 4
#define MAX_EXACT 9007199254740992.0 /* 2⁵³ */

typedef struct
{
  char *name;
  BvType type;
  gboolean sound;
  guint64 n;
  guint64 capacity;
  guint width;             /* of the staged cells */
  void *staged;            /* gint64, double (NaN for null), or provisional numbers of texts */
  /* texts */
  guint32 *slots;          /* number + 1, 0 empty */
  guint64 n_slots;
  GArray *hashes;          /* guint32 by number − 1 */
  GArray *offsets;         /* guint64 by number − 1 */
  GString *arena;
  /* the last date read */
  char last[10];
  gint64 last_day;
} Staging;

struct _BvEncoder
{
  BvCalendar *calendar;
  guint64 n_rows;
  GArray *columns; /* Staging */
  char *order;     /* (nullable): a column's name */
  guint64 n_begun;
  gint64 last_id;
  GArray *run_rows; /* guint32 */
  GArray *run_ids;  /* gint64 */
};

static void
staging_clear (gpointer data)
{
  Staging *self = data;

  g_free (self->name);
  g_free (self->staged);
  g_free (self->slots);
  g_clear_pointer (&self->hashes, g_array_unref);
  g_clear_pointer (&self->offsets, g_array_unref);
  if (self->arena != NULL)
    g_string_free (self->arena, TRUE);
}

BvEncoder *
bv_encoder_new (BvCalendar *calendar, guint64 n_rows)
{
  BvEncoder *self = g_new0 (BvEncoder, 1);

  self->calendar = bv_calendar_ref (calendar);
  self->n_rows = n_rows;
  self->columns = g_array_new (FALSE, TRUE, sizeof (Staging));
  g_array_set_clear_func (self->columns, staging_clear);
  self->run_rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->run_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
bv_encoder_free (BvEncoder *self)
{
  if (self == NULL)
    return;
  bv_calendar_unref (self->calendar);
  g_array_unref (self->columns);
  g_array_unref (self->run_rows);
  g_array_unref (self->run_ids);
  g_free (self->order);
  g_free (self);
}

void
bv_encoder_set_order (BvEncoder *self, const char *name)
{
  g_free (self->order);
  self->order = g_strdup (name);
}

void
bv_encoder_row (BvEncoder *self, gint64 rowid)
{
  if (self->n_begun == 0 || rowid != self->last_id + 1)
    {
      guint32 row = (guint32) self->n_begun;

      g_array_append_val (self->run_rows, row);
      g_array_append_val (self->run_ids, rowid);
    }
  self->last_id = rowid;
  self->n_begun++;
}

void
bv_encoder_add_column (BvEncoder *self, const char *name, BvType type)
{
  Staging column = { 0 };

  column.name = g_strdup (name);
  column.type = type;
  column.sound = type != BV_TYPE_NULL;
  column.width = type == BV_TYPE_TEXT ? 1 : 8;
  column.capacity = MAX (self->n_rows, 64);
  if (type == BV_TYPE_TEXT)
    {
      column.n_slots = 64;
      column.slots = g_new0 (guint32, column.n_slots);
      column.hashes = g_array_new (FALSE, FALSE, sizeof (guint32));
      column.offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
      column.arena = g_string_new (NULL);
    }
  column.staged = g_malloc (column.capacity * column.width);
  g_array_append_val (self->columns, column);
}

char *
bv_encoder_describe (BvEncoder *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->columns->len; i++)
    {
      const Staging *column = &g_array_index (self->columns, Staging, i);

      g_string_append_printf (out, "%s %s\n", bv_type_to_name (column->type), column->name);
    }
  g_string_append_printf (out, "by %s\n", self->order != NULL ? self->order : "");
  return g_string_free (out, FALSE);
}

static inline void *
next_cell (Staging *column)
{
  if (column->n == column->capacity)
    {
      column->capacity += column->capacity / 2;
      column->staged = g_realloc_n (column->staged, column->capacity, column->width);
    }
  return (char *) column->staged + column->n++ * column->width;
}

static inline void
put_int (Staging *column, gint64 value)
{
  *(gint64 *) next_cell (column) = value;
}

static void
put_double (Staging *column, double value)
{
  *(double *) next_cell (column) = value;
}

/* Doubles the bytes of a staged number when the numbers outgrow them. */
static void
widen (Staging *column)
{
  guint width = column->width * 2;
  void *wide = g_malloc (column->capacity * width);

  for (guint64 i = 0; i < column->n; i++)
    if (width == 2)
      ((guint16 *) wide)[i] = ((guint8 *) column->staged)[i];
    else
      ((guint32 *) wide)[i] = ((guint16 *) column->staged)[i];
  g_free (column->staged);
  column->staged = wide;
  column->width = width;
}

static void
put_number (Staging *column, guint32 number)
{
  if (column->width < 4 && number >> (8 * column->width) != 0)
    {
      widen (column);
      put_number (column, number);
      return;
    }
  {
    void *cell = next_cell (column);

    if (column->width == 1)
      *(guint8 *) cell = (guint8) number;
    else if (column->width == 2)
      *(guint16 *) cell = (guint16) number;
    else
      *(guint32 *) cell = number;
  }
}

void
bv_encoder_null (BvEncoder *self, guint index)
{
  Staging *column = &g_array_index (self->columns, Staging, index);

  if (column->type == BV_TYPE_TEXT)
    put_number (column, 0);
  else if (column->type == BV_TYPE_DOUBLE)
    put_double (column, NAN);
  else
    put_int (column, NULL_STAGED);
}

static void
odd (BvEncoder *self, guint index)
{
  g_array_index (self->columns, Staging, index).sound = FALSE;
  bv_encoder_null (self, index);
}

void
bv_encoder_int (BvEncoder *self, guint index, gint64 value)
{
  Staging *column = &g_array_index (self->columns, Staging, index);

  if (value == NULL_STAGED || !(column->type == BV_TYPE_INT || (column->type == BV_TYPE_BOOL && (value == 0 || value == 1))))
    odd (self, index);
  else
    put_int (column, value);
}

void
bv_encoder_double (BvEncoder *self, guint index, double value)
{
  Staging *column = &g_array_index (self->columns, Staging, index);

  if (column->type != BV_TYPE_DOUBLE || !isfinite (value))
    odd (self, index);
  else
    put_double (column, value + 0.0); /* −0 is 0 */
}

/* --- Texts -------------------------------------------------------------------------------------------------------------------- */

/* Eight bytes at a time, mixed by a multiplication and a fold. */
static guint32
hash_text (const char *text, gsize length)
{
  guint64 h = length * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 word;

  for (; length >= 8; text += 8, length -= 8)
    {
      memcpy (&word, text, 8);
      h = (h ^ word) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
      h ^= h >> 29;
    }
  word = 0;
  memcpy (&word, text, length);
  h = (h ^ word) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  h ^= h >> 31;
  return (guint32) (h ^ (h >> 32));
}

static void
grow_slots (Staging *column)
{
  g_free (column->slots);
  column->n_slots *= 2;
  column->slots = g_new0 (guint32, column->n_slots);
  for (guint32 i = 0; i < column->hashes->len; i++)
    {
      guint64 slot = g_array_index (column->hashes, guint32, i) & (column->n_slots - 1);

      while (column->slots[slot] != 0)
        slot = (slot + 1) & (column->n_slots - 1);
      column->slots[slot] = i + 1;
    }
}

static void
put_text (BvEncoder *self, guint index, const char *text, gsize length)
{
  Staging *column = &g_array_index (self->columns, Staging, index);
  guint32 hash = hash_text (text, length);
  guint64 slot = hash & (column->n_slots - 1);
  guint64 offset;

  for (; column->slots[slot] != 0; slot = (slot + 1) & (column->n_slots - 1))
    {
      guint32 number = column->slots[slot];
      guint64 start, end;

      if (g_array_index (column->hashes, guint32, number - 1) != hash)
        continue;
      start = g_array_index (column->offsets, guint64, number - 1);
      end = number < column->offsets->len ? g_array_index (column->offsets, guint64, number) : column->arena->len;
      if (end - start - 1 == length && memcmp (column->arena->str + start, text, length) == 0)
        {
          put_number (column, number);
          return;
        }
    }
  if (!g_utf8_validate_len (text, length, NULL) || column->hashes->len >= G_MAXUINT32 - 2)
    {
      odd (self, index);
      return;
    }
  offset = column->arena->len;
  g_string_append_len (column->arena, text, (gssize) length);
  g_string_append_c (column->arena, '\0');
  g_array_append_val (column->hashes, hash);
  g_array_append_val (column->offsets, offset);
  column->slots[slot] = column->hashes->len;
  put_number (column, column->hashes->len);
  if ((guint64) column->hashes->len * 2 > column->n_slots)
    grow_slots (column);
}

/* --- Times -------------------------------------------------------------------------------------------------------------------- */

static gboolean
read_day (Staging *column, const char *text, gint64 *day)
{
  if (memcmp (column->last, text, 10) != 0)
    {
      if (!bv_date_parse (text, 10, &column->last_day))
        {
          column->last[0] = '\0';
          return FALSE;
        }
      memcpy (column->last, text, 10);
    }
  *day = column->last_day;
  return TRUE;
}

static inline gboolean
two_digits (const char *text, guint *value)
{
  guint a = (guint) (guchar) text[0] - '0', b = (guint) (guchar) text[1] - '0';

  *value = a * 10 + b;
  return a < 10 && b < 10;
}

static gboolean
read_instant (Staging *column, const char *text, gsize length, gint64 *us)
{
  guint hour, minute, second;
  gint64 day;
  char buf[BV_TIME_TEXT_MAX];

  if (length == 19 && text[10] == ' ' && text[13] == ':' && text[16] == ':' && two_digits (text + 11, &hour) && two_digits (text + 14, &minute) &&
      two_digits (text + 17, &second) && hour < 24 && minute < 60 && second < 60 && read_day (column, text, &day))
    {
      *us = day * BV_DAY_US + (gint64) (hour * 3600 + minute * 60 + second) * BV_SECOND_US;
      return TRUE;
    }
  return length > 19 && length < sizeof buf && bv_timestamp_parse (text, (gssize) length, us, NULL) &&
         strncmp (bv_timestamp_to_text (*us, buf), text, length) == 0 && buf[length] == '\0';
}

void
bv_encoder_text (BvEncoder *self, guint index, const char *text, gsize length)
{
  Staging *column = &g_array_index (self->columns, Staging, index);
  gint64 value;

  if (column->type == BV_TYPE_TEXT)
    put_text (self, index, text, length);
  else if (column->type == BV_TYPE_DATE && length == 10 && read_day (column, text, &value))
    put_int (column, value);
  else if (column->type == BV_TYPE_TIMESTAMP && read_instant (column, text, length, &value))
    put_int (column, value);
  else
    odd (self, index);
}

/* --- The end: codings --------------------------------------------------------------------------------------------------------- */

static guint
width_of (guint64 n_codes)
{
  return n_codes <= 256 ? 1 : n_codes <= 65536 ? 2 : 4;
}

static inline void
store_code (void *codes, guint width, guint64 row, guint32 code)
{
  if (width == 1)
    ((guint8 *) codes)[row] = (guint8) code;
  else if (width == 2)
    ((guint16 *) codes)[row] = (guint16) code;
  else
    ((guint32 *) codes)[row] = code;
}

/* Codes take the place of the staged cells: never wider, written behind the reading. */
static void
shrink (BvEncodedColumn *out, Staging *in)
{
  out->codes = g_realloc (in->staged, MAX (in->n * out->width, 1));
  in->staged = NULL;
}

static int
compare_numbers (const void *a, const void *b, gpointer data)
{
  Staging *column = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return strcmp (column->arena->str + g_array_index (column->offsets, guint64, x),
                 column->arena->str + g_array_index (column->offsets, guint64, y));
}

static void
encode_texts (BvEncodedColumn *out, Staging *in)
{
  guint32 n = in->hashes->len;
  g_autofree guint32 *order = g_new (guint32, n + 1);
  g_autofree guint32 *codes = g_new (guint32, n + 1);
  gsize used = 0;

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) n, sizeof *order, compare_numbers, in);
  out->coding = BV_CODING_TEXTS;
  out->n_codes = (guint64) n + 1;
  out->width = width_of (out->n_codes);
  out->offsets = g_new (guint64, out->n_codes);
  out->texts = g_malloc (in->arena->len + 1);
  codes[0] = 0;
  for (guint32 i = 0; i < n; i++)
    {
      const char *text = in->arena->str + g_array_index (in->offsets, guint64, order[i]);
      gsize size = strlen (text) + 1;

      out->offsets[i] = used;
      memcpy (out->texts + used, text, size);
      used += size;
      codes[order[i] + 1] = i + 1;
    }
  out->offsets[n] = used;
  for (guint64 row = 0; row < in->n; row++)
    {
      guint32 number = in->width == 1 ? ((guint8 *) in->staged)[row] : in->width == 2 ? ((guint16 *) in->staged)[row] : ((guint32 *) in->staged)[row];

      store_code (in->staged, out->width, row, codes[number]);
    }
  shrink (out, in);
}

static int
compare_ints (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* A sorted dictionary of staged whole numbers or doubles; each cell is found in it by bisection. */
static gboolean
encode_sorted (BvEncodedColumn *out, Staging *in, gboolean doubles)
{
  gint64 *list = g_new (gint64, in->n + 1);
  const gint64 *cells = in->staged;
  const double *numbers = in->staged;
  guint64 n = 0, d = 0;

  for (guint64 row = 0; row < in->n; row++)
    if (doubles ? !isnan (numbers[row]) : cells[row] != NULL_STAGED)
      list[n++] = cells[row];
  qsort (list, n, sizeof *list, doubles ? compare_doubles : compare_ints);
  for (guint64 i = 0; i < n; i++)
    if (i == 0 || list[i] != list[d - 1])
      list[d++] = list[i];
  if (d >= G_MAXUINT32 - 1)
    {
      g_free (list);
      return FALSE;
    }
  list = g_renew (gint64, list, d + 1);
  out->coding = doubles ? BV_CODING_DOUBLES : BV_CODING_INTS;
  out->n_codes = d + 1;
  out->width = width_of (out->n_codes);
  for (guint64 row = 0; row < in->n; row++)
    {
      guint64 low = 0, high = d;
      gboolean null = doubles ? isnan (numbers[row]) : cells[row] == NULL_STAGED;

      while (!null && low < high)
        {
          guint64 middle = (low + high) / 2;

          if ((doubles ? compare_doubles : compare_ints) (&list[middle], &cells[row]) < 0)
            low = middle + 1;
          else
            high = middle;
        }
      store_code (in->staged, out->width, row, null ? 0 : (guint32) low + 1);
    }
  if (doubles)
    out->doubles = (double *) list;
  else
    out->ints = list;
  shrink (out, in);
  return TRUE;
}

static void
encode_offsets (BvEncodedColumn *out, Staging *in, gint64 min, gint64 max)
{
  const gint64 *cells = in->staged;

  out->coding = BV_CODING_OFFSET;
  out->base = min;
  out->n_codes = min > max ? 1 : (guint64) max - (guint64) min + 2;
  out->width = width_of (out->n_codes);
  for (guint64 row = 0; row < in->n; row++)
    store_code (in->staged, out->width, row, cells[row] == NULL_STAGED ? 0 : (guint32) ((guint64) cells[row] - (guint64) min + 1));
  shrink (out, in);
}

static void
bounds (const Staging *in, gint64 *min, gint64 *max)
{
  const gint64 *cells = in->staged;

  *min = G_MAXINT64;
  *max = G_MININT64;
  for (guint64 row = 0; row < in->n; row++)
    if (cells[row] != NULL_STAGED)
      {
        *min = MIN (*min, cells[row]);
        *max = MAX (*max, cells[row]);
      }
}

static gboolean
encode_ints (BvEncodedColumn *out, Staging *in)
{
  gint64 min, max;

  bounds (in, &min, &max);
  /* A table over the codes must stay affordable: it is what joins and groups are made of. */
  if (min > max || (guint64) max - (guint64) min < MIN (in->n * 8 + 65536, G_MAXUINT32 - 2))
    {
      encode_offsets (out, in, min, max);
      return TRUE;
    }
  return encode_sorted (out, in, FALSE);
}

/* Whether every number is k / 10^scale with a k that doubles hold exactly; the cells are then replaced by k. */
static gboolean
scale_doubles (Staging *in, guint *scale, gint64 *min, gint64 *max)
{
  static const double powers[] = { 1, 10, 100, 1000, 10000 };
  double *numbers = in->staged;
  guint s = 0;

  for (guint64 row = 0; row < in->n; row++)
    {
      double x = numbers[row];

      if (isnan (x))
        continue;
      while (s <= MAX_SCALE && !(fabs (x * powers[s]) < MAX_EXACT / 2 && !(rint (x * powers[s]) / powers[s] < x) && !(rint (x * powers[s]) / powers[s] > x)))
        s++;
      if (s > MAX_SCALE)
        return FALSE;
    }
  /* The scale grew on the way: what fitted a smaller one need not fit a larger one. */
  *min = G_MAXINT64;
  *max = G_MININT64;
  for (guint64 row = 0; row < in->n; row++)
    {
      double x = numbers[row], k = rint (x * powers[s]);

      if (isnan (x))
        continue;
      if (!(fabs (k) < MAX_EXACT) || k / powers[s] < x || k / powers[s] > x)
        return FALSE;
      *min = MIN (*min, (gint64) k);
      *max = MAX (*max, (gint64) k);
    }
  if (*min <= *max && (guint64) *max - (guint64) *min >= G_MAXUINT32 - 2)
    return FALSE;
  for (guint64 row = 0; row < in->n; row++)
    {
      gint64 k = isnan (numbers[row]) ? NULL_STAGED : (gint64) rint (numbers[row] * powers[s]);

      memcpy (&numbers[row], &k, sizeof k);
    }
  *scale = s;
  return TRUE;
}

/* The local day of instants by a list of day starts: the UTC day, or one of its neighbours. */
static gboolean
encode_instants (BvEncodedColumn *out, Staging *in, BvCalendar *calendar)
{
  static const gint64 units[] = { 60 * BV_SECOND_US, BV_SECOND_US, 1000, 1 };
  const gint64 *cells = in->staged;
  gint64 min, max, first, longest = 0;
  guint64 n_days;
  guint unit = 0;

  bounds (in, &min, &max);
  out->coding = BV_CODING_INSTANTS;
  if (min > max)
    min = max = 0;
  first = bv_floor_div (min, BV_DAY_US) - 2;
  n_days = (guint64) (bv_floor_div (max, BV_DAY_US) + 2 - first);
  out->base = first;
  out->n_codes = n_days + 1;
  out->width = width_of (out->n_codes);
  out->day_starts = g_new (gint64, out->n_codes + 1);
  out->day_starts[0] = G_MININT64;
  for (guint64 i = 1; i <= out->n_codes; i++)
    {
      out->day_starts[i] = bv_calendar_day_start (calendar, first + (gint64) i - 1);
      if (i > 1)
        longest = MAX (longest, out->day_starts[i] - out->day_starts[i - 1]);
    }
  out->codes = g_malloc (MAX (in->n * out->width, 1));
  for (guint64 row = 0; row < in->n; row++)
    {
      guint64 code;

      if (cells[row] == NULL_STAGED)
        {
          store_code (out->codes, out->width, row, 0);
          continue;
        }
      code = (guint64) (bv_floor_div (cells[row], BV_DAY_US) - first + 1);
      while (out->day_starts[code] > cells[row])
        code--;
      while (out->day_starts[code + 1] <= cells[row])
        code++;
      store_code (out->codes, out->width, row, (guint32) code);
      while ((cells[row] - out->day_starts[code]) % units[unit] != 0)
        unit++;
    }
  out->time_unit = units[unit];
  if (longest / out->time_unit > G_MAXUINT32)
    {
      /* Microseconds of a day take more than 32 bits: a third array would not pay for its rarity. */
      out->time_width = 8;
      return FALSE;
    }
  out->time_width = longest / out->time_unit <= 256 ? 1 : longest / out->time_unit <= 65536 ? 2 : 4;
  for (guint64 row = 0; row < in->n; row++)
    {
      gint64 value = cells[row];
      guint32 code = bv_encoded_code (out, row);

      store_code (in->staged, out->time_width, row, code == 0 ? 0 : (guint32) ((value - out->day_starts[code]) / out->time_unit));
    }
  out->times = g_realloc (in->staged, MAX (in->n * out->time_width, 1));
  in->staged = NULL;
  return TRUE;
}

static void
make_zones (BvEncodedTable *table, BvEncodedColumn *column)
{
  column->zone_min = g_new (guint32, table->n_segments + 1);
  column->zone_max = g_new (guint32, table->n_segments + 1);
  for (guint s = 0; s < table->n_segments; s++)
    {
      guint64 end = MIN ((guint64) (s + 1) * BV_SEGMENT_ROWS, table->n_rows);
      guint32 min = G_MAXUINT32, max = 0;

      for (guint64 row = (guint64) s * BV_SEGMENT_ROWS; row < end; row++)
        {
          guint32 code = bv_encoded_code (column, row);

          min = MIN (min, code);
          max = MAX (max, code);
        }
      column->zone_min[s] = min;
      column->zone_max[s] = max;
    }
}

static gboolean
encode (BvEncoder *self, BvEncodedColumn *out, Staging *in)
{
  gint64 min, max;

  if (!in->sound)
    return FALSE;
  switch (in->type)
    {
    case BV_TYPE_TEXT:
      encode_texts (out, in);
      return TRUE;
    case BV_TYPE_DOUBLE:
      if (!scale_doubles (in, &out->scale, &min, &max))
        return encode_sorted (out, in, TRUE);
      encode_offsets (out, in, min, max);
      return TRUE;
    case BV_TYPE_TIMESTAMP:
      return encode_instants (out, in, self->calendar);
    case BV_TYPE_BOOL:
    case BV_TYPE_INT:
    case BV_TYPE_DATE:
    case BV_TYPE_NULL:
    default:
      return encode_ints (out, in);
    }
}

static void
put_in_order (BvEncoder *self, BvEncodedTable *table)
{
  BvEncodedColumn *by = self->order != NULL ? bv_encoded_table_find (table, self->order) : NULL;
  g_autofree guint32 *order = NULL;

  if (by != NULL && by->sound && bv_type_is_time (by->type))
    {
      table->order = (int) (by - table->columns);
      order = bv_encode_order (by, table->n_rows);
    }
  for (guint i = 0; order != NULL && i < table->n_columns; i++)
    {
      BvEncodedColumn *column = &table->columns[i];

      if (column->sound)
        column->codes = bv_encode_gather (column->codes, column->width, order, table->n_rows);
      if (column->sound && column->times != NULL)
        column->times = bv_encode_gather (column->times, column->time_width, order, table->n_rows);
    }
  bv_encode_rowids (table, (guint32 *) (void *) self->run_rows->data, (gint64 *) (void *) self->run_ids->data, self->run_rows->len, order);
}

BvEncodedTable *
bv_encoder_finish (BvEncoder *self)
{
  BvEncodedTable *table = bv_encoded_table_new (self->columns->len);

  table->n_rows = table->n_columns > 0 ? g_array_index (self->columns, Staging, 0).n : 0;
  table->n_segments = (guint) ((table->n_rows + BV_SEGMENT_ROWS - 1) / BV_SEGMENT_ROWS);
  for (guint i = 0; i < table->n_columns; i++)
    {
      Staging *in = &g_array_index (self->columns, Staging, i);
      BvEncodedColumn *out = &table->columns[i];

      out->name = g_strdup (in->name);
      out->type = in->type;
      out->sound = encode (self, out, in);
      if (!out->sound)
        {
          g_clear_pointer (&out->codes, g_free);
          g_clear_pointer (&out->day_starts, g_free);
          out->width = out->time_width = 0;
          out->n_codes = 0;
        }
      g_clear_pointer (&in->staged, g_free);
    }
  put_in_order (self, table);
  for (guint i = 0; i < table->n_columns; i++)
    if (table->columns[i].sound)
      make_zones (table, &table->columns[i]);
  bv_encoder_free (self);
  return table;
}
