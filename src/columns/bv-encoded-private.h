/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache file's layout, and what is known of one that is open; see bv-encoded-file.c. */
#pragma once

#include "bv-encoded.h"

G_BEGIN_DECLS

#define BV_FILE_MAGIC "BvCodes\n"
#define BV_FILE_FORMAT 3
#define BV_FILE_ORDER 0x01020304u
#define BV_FILE_ALIGN 64
#define BV_FILE_BLOCK (G_GUINT64_CONSTANT (256) << 10)
#define BV_FILE_MAX_COLUMNS 32767
#define BV_FILE_MAX_DAY 4000000 /* beyond all days that can be written */

typedef struct
{
  char magic[8];
  guint32 format, order;
  guint64 zero;
  guint64 checksum;  /* of all that follows, up to the first array */
  guint64 size;      /* of the file */
  guint64 n_rows;
  guint64 names_size;
  guint32 n_columns;
  guint32 unused;
} BvFileHeader;

G_STATIC_ASSERT (sizeof (BvFileHeader) == BV_FILE_ALIGN && offsetof (BvFileHeader, size) == 32);

enum { BV_ARRAY_CODES, BV_ARRAY_TIMES, BV_ARRAY_INTS, BV_ARRAY_OFFSETS, BV_ARRAY_TEXTS, BV_ARRAY_DAY_STARTS, BV_ARRAY_ZONE_MIN, BV_ARRAY_ZONE_MAX, BV_N_ARRAYS };

typedef struct
{
  guint32 type, coding, sound, width, scale, time_width;
  guint64 n_codes;
  gint64 base, time_unit;
  struct
  {
    guint64 place, size;
  } arrays[BV_N_ARRAYS];
  guint64 unused[2];
} BvFileRecord;

G_STATIC_ASSERT (sizeof (BvFileRecord) % BV_FILE_ALIGN == 0);

/* The record before those of the columns is about the order of rows: type is 1 + the index of the column that they are sorted by, or 0; width is that of
 * the row numbers, n_codes the number of runs, base what numbers are above. */
enum { BV_ARRAY_ROW_IDS = BV_ARRAY_CODES, BV_ARRAY_RUN_IDS = BV_ARRAY_INTS, BV_ARRAY_RUN_ROWS = BV_ARRAY_ZONE_MIN };

struct _BvEncodedFile
{
  char *path;
  GMappedFile *map;
  guint64 size;
  char *directory;          /* a copy of what stands before the arrays */
  guint64 data;             /* where the arrays begin */
  guint n_records;
  const BvFileRecord *records;
  const guint64 *sums;      /* of each block from @data on */
  guint8 *block_states;     /* 0 not looked at, 1 sound, 2 damaged */
  guint8 *record_states;    /* the same of the order and the columns, */
  guint8 *time_states;      /* and of the columns' times */
  int damaged;
  GMutex mutex;             /* one thread verifies a record */
};

typedef struct
{
  guint64 lanes[4];
} BvFileChecksum;

#define BV_FILE_CHECKSUM_INIT { { 1, 2, 3, 4 } }

/* @size: a multiple of 32 */
void    bv_file_checksum_add (BvFileChecksum *self, const void *data, gsize size);
guint64 bv_file_checksum_end (const BvFileChecksum *self);
void    bv_encoded_file_free (BvEncodedFile *file);

G_END_DECLS
