/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts.
 *
 * Each feed interns the texts of a column: an open hash table gives every distinct text a number in order of appearance. In a large table each look-up
 * would wait for memory three times (slot, place, text), so texts wait instead, WAITING at a time, and are looked up in rounds: each round touches what the
 * next one needs, and the misses of all overlap.
 *
 * At the end each feed's texts are sorted, the lists merged, and the numbers of each piece replaced by the places in the merged list, which are the codes.
 * Sorting compares eight bytes of a text at a time, as one big-endian number (a multikey quicksort with words for characters): texts that begin alike, as
 * addresses do, are not compared from their beginnings again and again.
 *
 * Cost: 10 to 30 ns a cell; O(d log d) words compared for d distinct texts; O(d · feeds) to merge.
 */
#include "bv-encoder-private.h"

#include <string.h>

#define MIN_SLOTS 64
#define WAITING 64
#define MAX_WAITING_LENGTH 128
/* Tables of fewer texts are in the cache. */
#define SMALL 4096
/* Long texts that begin alike are compared as a whole beyond this many bytes, for the sake of the stack. */
#define MAX_DEPTH 1024

typedef struct
{
  guint32 hash;
  guint32 number; /* 0: empty */
} Slot;

typedef struct
{
  guint32 hash, cell;
  guint32 place; /* candidate's */
  guint16 length;
  char text[MAX_WAITING_LENGTH];
} Waiting;

struct _BvTexts
{
  Slot *slots;
  guint64 n_slots;
  guint64 *places;   /* of text number − 1 in the arena; one more for the end */
  guint32 n, capacity;
  char *arena;       /* each text with a NUL */
  gsize arena_size;
  guint n_waiting;
  Waiting *waiting;
  /* at the end */
  guint32 *sorted;   /* numbers − 1 */
  guint32 *codes;    /* by number */
};

BvTexts *
bv_texts_new (void)
{
  BvTexts *self = g_new0 (BvTexts, 1);

  self->n_slots = MIN_SLOTS;
  self->slots = g_new0 (Slot, self->n_slots);
  self->capacity = MIN_SLOTS;
  self->places = g_new0 (guint64, self->capacity + 1);
  self->waiting = g_new (Waiting, WAITING);
  return self;
}

void
bv_texts_free (BvTexts *self)
{
  if (self == NULL)
    return;
  g_free (self->slots);
  g_free (self->places);
  g_free (self->arena);
  g_free (self->waiting);
  g_free (self->sorted);
  g_free (self->codes);
  g_free (self);
}

gsize
bv_texts_get_size (const BvTexts *self)
{
  return self->n_slots * sizeof *self->slots + (gsize) self->capacity * sizeof *self->places + self->arena_size + WAITING * sizeof *self->waiting;
}

static inline guint64
load8 (const char *text)
{
  guint64 word;

  memcpy (&word, text, 8);
  return word;
}

static inline guint32
load4 (const char *text)
{
  guint32 word;

  memcpy (&word, text, 4);
  return word;
}

/* A text of up to eight bytes as a number, no two of one length alike. */
static inline guint64
load_short (const char *text, gsize length)
{
  if (length >= 4)
    return (guint64) load4 (text) << 32 | load4 (text + length - 4);
  if (length == 0)
    return 0;
  return (guint64) (guchar) text[0] << 16 | (guint64) (guchar) text[length / 2] << 8 | (guchar) text[length - 1];
}

/* Eight bytes at a time, the last of them again where there are fewer left, mixed by a multiplication and a fold. */
static inline guint32
hash_text (const char *text, gsize length)
{
  guint64 h = length * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 word;

  if (length < 8)
    word = load_short (text, length);
  else
    {
      for (gsize i = 0; i + 8 < length; i += 8)
        {
          h = (h ^ load8 (text + i)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
          h ^= h >> 29;
        }
      word = load8 (text + length - 8);
    }
  h = (h ^ word) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  h ^= h >> 31;
  return (guint32) (h ^ (h >> 32));
}

static inline gboolean
is_equal (const char *a, const char *b, gsize length)
{
  if (length < 8)
    return load_short (a, length) == load_short (b, length);
  for (gsize i = 0; i + 8 < length; i += 8)
    if (load8 (a + i) != load8 (b + i))
      return FALSE;
  return load8 (a + length - 8) == load8 (b + length - 8);
}

static void
grow_slots (BvTexts *self)
{
  guint64 n_slots = self->n_slots * 2;
  Slot *slots = g_new0 (Slot, n_slots);

  for (guint64 i = 0; i < self->n_slots; i++)
    if (self->slots[i].number != 0)
      {
        guint64 slot = self->slots[i].hash & (n_slots - 1);

        while (slots[slot].number != 0)
          slot = (slot + 1) & (n_slots - 1);
        slots[slot] = self->slots[i];
      }
  g_free (self->slots);
  self->slots = slots;
  self->n_slots = n_slots;
}

/* The number of a text, which gets one when it is new; 0 when it cannot. */
static guint32
intern (BvTexts *self, const char *text, gsize length, guint32 hash)
{
  guint64 slot = hash & (self->n_slots - 1);
  guint64 place;

  for (; self->slots[slot].number != 0; slot = (slot + 1) & (self->n_slots - 1))
    if (self->slots[slot].hash == hash)
      {
        guint32 number = self->slots[slot].number;

        place = self->places[number - 1];
        if (self->places[number] - place - 1 == length && is_equal (self->arena + place, text, length))
          return number;
      }
  if (!g_utf8_validate_len (text, length, NULL) || self->n >= G_MAXUINT32 - 2)
    return 0;
  if (self->n == self->capacity)
    {
      self->capacity = self->capacity < G_MAXUINT32 / 2 ? self->capacity * 2 : G_MAXUINT32 - 1;
      self->places = g_realloc_n (self->places, (gsize) self->capacity + 1, sizeof *self->places);
    }
  place = self->places[self->n];
  if (place + length + 1 > self->arena_size)
    {
      self->arena_size = MAX (self->arena_size * 3 / 2, place + length + 4096);
      self->arena = g_realloc (self->arena, self->arena_size);
    }
  memcpy (self->arena + place, text, length);
  self->arena[place + length] = '\0';
  self->slots[slot] = (Slot){ hash, ++self->n };
  self->places[self->n] = place + length + 1;
  if ((guint64) self->n * 3 > self->n_slots * 2)
    grow_slots (self);
  return self->n;
}

gboolean
bv_texts_settle (BvTexts *self, guint32 *cells)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < self->n_waiting; i++)
    {
      const Slot *slot = &self->slots[self->waiting[i].hash & (self->n_slots - 1)];

      self->waiting[i].place = slot->number;
      if (slot->number != 0)
        __builtin_prefetch (&self->places[slot->number - 1]);
    }
  for (guint i = 0; i < self->n_waiting; i++)
    if (self->waiting[i].place != 0)
      __builtin_prefetch (self->arena + self->places[self->waiting[i].place - 1]);
  for (guint i = 0; i < self->n_waiting; i++)
    {
      const Waiting *waiting = &self->waiting[i];
      guint32 number = intern (self, waiting->text, waiting->length, waiting->hash);

      cells[waiting->cell] = number;
      ok = ok && number != 0;
    }
  self->n_waiting = 0;
  return ok;
}

gboolean
bv_texts_put (BvTexts *self, const char *text, gsize length, guint32 *cells, guint32 cell)
{
  guint32 hash = hash_text (text, length);
  Waiting *waiting;

  if (self->n < SMALL || length > MAX_WAITING_LENGTH)
    {
      cells[cell] = intern (self, text, length, hash);
      return cells[cell] != 0;
    }
  __builtin_prefetch (&self->slots[hash & (self->n_slots - 1)]);
  waiting = &self->waiting[self->n_waiting++];
  waiting->hash = hash;
  waiting->cell = cell;
  waiting->length = (guint16) length;
  memcpy (waiting->text, text, length);
  return self->n_waiting < WAITING || bv_texts_settle (self, cells);
}

/* --- Sorting ---------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint64 word;
  guint32 text;
} Key;

/* The eight bytes of a text from @depth on, zeros beyond its end, so that words compare as the bytes do. Texts hold no NUL. */
static inline guint64
word_at (const BvTexts *self, guint32 text, gsize depth)
{
  gsize length = self->places[text + 1] - self->places[text] - 1;
  guint64 word = 0;

  if (depth < length)
    memcpy (&word, self->arena + self->places[text] + depth, MIN (length - depth, 8));
  return GUINT64_FROM_BE (word);
}

static int
compare_keys (const void *a, const void *b)
{
  guint64 x = ((const Key *) a)->word, y = ((const Key *) b)->word;

  return x < y ? -1 : x > y;
}

static int
compare_texts (const void *a, const void *b, gpointer data)
{
  const BvTexts *self = data;

  return strcmp (self->arena + self->places[((const Key *) a)->text], self->arena + self->places[((const Key *) b)->text]);
}

/* Keys hold the words at @depth. */
static void
sort_keys (const BvTexts *self, Key *keys, guint32 n, gsize depth)
{
  if (depth > MAX_DEPTH)
    {
      g_qsort_with_data (keys, (int) n, sizeof *keys, compare_texts, (gpointer) self);
      return;
    }
  qsort (keys, n, sizeof *keys, compare_keys);
  for (guint32 start = 0, end; start < n; start = end)
    {
      end = start + 1;
      while (end < n && keys[end].word == keys[start].word)
        end++;
      if (end - start == 1)
        continue;
      /* Distinct texts that agree so far all go on: only one could end here, and its next word is 0. */
      for (guint32 i = start; i < end; i++)
        keys[i].word = word_at (self, keys[i].text, depth + 8);
      sort_keys (self, keys + start, end - start, depth + 8);
    }
}

static void
sort_texts (gpointer data, guint64 i)
{
  BvTexts *self = ((BvTexts **) data)[i];
  g_autofree Key *keys = g_new (Key, (gsize) self->n + 1);

  for (guint32 k = 0; k < self->n; k++)
    keys[k] = (Key){ word_at (self, k, 0), k };
  sort_keys (self, keys, self->n, 0);
  self->sorted = g_new (guint32, (gsize) self->n + 1);
  for (guint32 k = 0; k < self->n; k++)
    self->sorted[k] = keys[k].text;
  self->codes = g_new0 (guint32, (gsize) self->n + 1);
}

/* --- Merging ---------------------------------------------------------------------------------------------------------------------- */

static const char *
text_at (const BvTexts *self, guint32 place)
{
  return self->arena + self->places[self->sorted[place]];
}

/* Walks the sorted lists side by side. @out: (nullable): gets the texts. Returns how many there are. */
static guint64
merge (BvTexts **lists, guint n_lists, BvEncodedColumn *out, gsize *size)
{
  g_autofree guint32 *next = g_new0 (guint32, n_lists);
  guint64 n = 0;

  *size = 0;
  for (;;)
    {
      const char *least = NULL;
      gsize length = 0;
      int c;

      for (guint l = 0; l < n_lists; l++)
        if (next[l] < lists[l]->n && (least == NULL || strcmp (text_at (lists[l], next[l]), least) < 0))
          least = text_at (lists[l], next[l]);
      if (least == NULL)
        return n;
      n++;
      for (guint l = 0; l < n_lists; l++)
        {
          BvTexts *list = lists[l];
          guint32 text;

          if (next[l] == list->n)
            continue;
          text = list->sorted[next[l]];
          c = strcmp (list->arena + list->places[text], least);
          if (c != 0)
            continue;
          length = list->places[text + 1] - list->places[text];
          list->codes[text + 1] = (guint32) n;
          next[l]++;
        }
      if (out != NULL)
        {
          out->offsets[n - 1] = *size;
          memcpy (out->texts + *size, least, length);
        }
      *size += length;
    }
}

typedef struct
{
  BvEncoder *encoder;
  guint index;
  BvEncodedColumn *out;
} Texts;

static void
encode_piece (gpointer data, guint64 i)
{
  Texts *self = data;
  const BvPiece *piece = self->encoder->pieces->pdata[i];
  BvPacked in = bv_packed_open (self->encoder, piece, self->index);
  const guint32 *codes = ((BvEncoderFeed *) self->encoder->feeds->pdata[piece->feed])->columns[self->index].texts->codes;

  for (guint32 row = 0; row < piece->n_rows; row++)
    bv_encode_store (self->out->codes, self->out->width, piece->first + row, codes[bv_encode_read (in.cells, in.width, row)]);
  bv_packed_close (self->encoder, &in);
}

gboolean
bv_encode_texts (BvEncoder *self, guint index, BvEncodedColumn *out)
{
  g_autofree BvTexts **lists = g_new (BvTexts *, self->feeds->len + 1);
  Texts texts = { self, index, out };
  guint64 most = 0;
  gsize size = 0;

  for (guint f = 0; f < self->feeds->len; f++)
    {
      lists[f] = ((BvEncoderFeed *) self->feeds->pdata[f])->columns[index].texts;
      g_clear_pointer (&lists[f]->slots, g_free);
      most += lists[f]->n;
      size += lists[f]->places[lists[f]->n];
    }
  bv_encode_parallel (self->n_threads, self->feeds->len, sort_texts, lists);
  out->coding = BV_CODING_TEXTS;
  out->offsets = g_new (guint64, most + 1);
  out->texts = g_malloc (size + 1);
  out->n_codes = merge (lists, self->feeds->len, out, &size) + 1;
  if (out->n_codes > G_MAXUINT32)
    return FALSE;
  out->offsets[out->n_codes - 1] = size;
  out->offsets = g_renew (guint64, out->offsets, out->n_codes);
  out->texts = g_realloc (out->texts, size + 1);
  out->width = bv_encode_width (out->n_codes);
  out->codes = g_malloc (MAX (self->n_rows * out->width, 1));
  bv_encode_parallel (self->n_threads, self->pieces->len, encode_piece, &texts);
  for (guint f = 0; f < self->feeds->len; f++)
    {
      g_clear_pointer (&lists[f]->arena, g_free);
      g_clear_pointer (&lists[f]->places, g_free);
      g_clear_pointer (&lists[f]->sorted, g_free);
      g_clear_pointer (&lists[f]->codes, g_free);
      lists[f]->n = 0;
    }
  return TRUE;
}
