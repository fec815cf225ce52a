/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the import share: input, CSV, JSON, cells, sniffing. */
#pragma once

#include "bv-import.h"
#include "bv-rows.h"

G_BEGIN_DECLS

#define BV_SAMPLE_SIZE (1024 * 1024)
#define BV_PREVIEW_ROWS 100
/* SQLite's limit, which is the writer's too. */
#define BV_IMPORT_MAX_COLUMNS 2000
#define BV_IMPORT_MAX_PARTS 1000
/* A single row, cell or JSON value longer than this is taken for a mistake in the file. */
#define BV_IMPORT_MAX_ROW (64 * 1024 * 1024)

/* --- bv-input.c: the bytes of a file, inflated and as UTF-8 */

typedef struct _BvInput BvInput;

typedef gssize (*BvReadFunc) (gpointer data, char *buf, gsize size, GError **error);

/* @encoding NULL gives the bytes as they are (inflated); else UTF-8 without a byte order mark. */
BvInput *bv_input_open  (const char *path, const char *encoding, GCancellable *cancellable, GError **error);
/* At most @size bytes; 0 at the end, -1 on an error. A BvReadFunc. */
gssize   bv_input_read  (gpointer self, char *buf, gsize size, GError **error);
/* Bytes of the file read so far, and its size. */
guint64  bv_input_tell  (BvInput *self);
guint64  bv_input_size  (BvInput *self);
void     bv_input_close (BvInput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvInput, bv_input_close)

/* --- bv-csv.c */

typedef struct _BvCsv BvCsv;

BvCsv      *bv_csv_new      (BvReadFunc read, gpointer data, char separator, char quote);
void        bv_csv_free     (BvCsv *self);
/* Reads the next row that is not blank; *row is FALSE at the end. */
gboolean    bv_csv_next     (BvCsv *self, gboolean *row, GError **error);
guint       bv_csv_n_fields (BvCsv *self);
/* Valid until the next row; NUL-terminated, though it may hold a NUL. */
const char *bv_csv_field    (BvCsv *self, guint i, gsize *length);
/* Line on which the row starts, from 1. */
gint64      bv_csv_line     (BvCsv *self);
/* The separator that the first line tells, "sep=;"; NUL when @text does not begin with such a line. */
char        bv_csv_told_separator (const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvCsv, bv_csv_free)

/* --- bv-cell.c: what a text can be read as */

typedef enum { BV_ORDER_YMD, BV_ORDER_DMY, BV_ORDER_MDY } BvDateOrder;

typedef struct
{
  char decimal;
  BvDateOrder order;
  gboolean exact;  /* a text of which a number keeps less is none: leading zeros, a plus, digits that a double would round */
} BvCellStyle;

const char *bv_date_order_to_name   (BvDateOrder order);
BvDateOrder bv_date_order_from_name (const char *name);

/* A bit (1 << BvType) for every type that fits; all bits for an empty cell, none for what only is text. */
guint       bv_cell_types (const char *text, gsize length, const BvCellStyle *style);
#define BV_CELL_ANY (~0u)
/* The type for a column whose cells' bits have been and-ed. */
BvType      bv_cell_type_from_bits (guint bits);
/* Reads the text as @type. Text is borrowed: @value must not be cleared. Empty is null. As the null type nothing but an empty text can be read. */
gboolean    bv_cell_parse (const char *text, gsize length, BvType type, const BvCellStyle *style, BvValue *value);
/* Whether a double is the same number. */
gboolean    bv_cell_is_exact (gint64 i);
/* Evidence for the style of numbers and dates, gathered over many cells. */
typedef struct
{
  guint comma, point, maybe_comma, maybe_point;
  guint day_first, month_first, slashes, dots;
} BvCellEvidence;
void        bv_cell_gather (BvCellEvidence *evidence, const char *text, gsize length);
BvCellStyle bv_cell_style  (const BvCellEvidence *evidence, char separator);
/* "“n/a” is not a number" (transfer full) */
char       *bv_cell_problem (const char *text, gsize length, BvType type);

/* --- bv-json-import.c */

typedef enum { BV_JSON_NULL, BV_JSON_BOOL, BV_JSON_NUMBER, BV_JSON_STRING, BV_JSON_NESTED } BvJsonKind;

/* @key: the path, parts separated by "\x1f"; @text as in the file, strings unescaped. */
typedef gboolean (*BvJsonCell) (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error);

typedef struct _BvJson BvJson;

BvJson     *bv_json_new   (BvReadFunc read, gpointer data);
void        bv_json_free  (BvJson *self);
/* Before the first row: the rows are the objects of an array that is a member of the file's one object. */
void        bv_json_set_part (BvJson *self, const char *part);
/* The names of such arrays, where the file is one object that has some; NULL otherwise. (transfer full) */
char      **bv_json_list_parts (BvReadFunc read, gpointer data);
/* Reads the next object and calls @cell for its members. */
gboolean    bv_json_next  (BvJson *self, gboolean *row, BvJsonCell cell, gpointer data, GError **error);
gint64      bv_json_line  (BvJson *self);
/* Parses one object that is in memory, the line @line of a file; reads nothing (@read of bv_json_new() may be NULL). */
gboolean    bv_json_line_parse (BvJson *self, const char *text, gsize length, gint64 line, BvJsonCell cell, gpointer data, GError **error);
guint       bv_json_types (BvJsonKind kind, const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvJson, bv_json_free)

/* --- bv-sniff.c */

/* A column with what the file calls it. */
typedef struct
{
  BvImportColumn column;
  BvType type;  /* as sniffed: the analyst's own choice differs */
  guint bits;   /* what all cells so far can be read as; 0: text, or the file declares the type */
  char *key;    /* JSON path */
} BvSniffedColumn;

void        bv_sniffed_column_free (gpointer column);
/* Adds a column under a name that no other has. */
BvSniffedColumn *bv_sniff_add_column (GPtrArray *columns, GHashTable *names, const char *name, gsize length, const char *key);
/* "My Deals (2).csv.gz" → "my_deals_2"; with a @part "Q1 2026": "my_deals_2_q1_2026" (transfer full) */
char       *bv_sniff_table_name    (const char *path, const char *part);
/* "deals.csv: the file is empty: choose another". Always FALSE. */
gboolean    bv_sniff_set_error     (BvImportPlan *plan, const char *advice, GError **error);
/* What reads @plan's file and part. */
BvRows     *bv_rows_open           (BvImportPlan *plan, GCancellable *cancellable, GError **error);
/* Columns, types and preview from the first rows; with @keep the header stays as the analyst has it. */
gboolean    bv_sniff_rows          (BvImportPlan *plan, gboolean keep, GCancellable *cancellable, GError **error);
/* The value as @type: borrowed from @value or from @scratch. FALSE when it cannot be one. */
gboolean    bv_rows_convert        (const BvValue *value, BvType type, const BvCellStyle *style, GString *scratch, BvValue *result);
/* As bv_cell_types(): what the value can be read as. */
guint       bv_rows_types          (const BvValue *value);
/* Whether the first bytes are those of a kind that is not text. */
gboolean    bv_sniff_magic         (const char *sample, gsize length, BvFileKind *kind);
gboolean    bv_sniff_encoding      (BvImportPlan *plan, const char *sample, gsize length, gboolean whole, GError **error);
gboolean    bv_sniff_csv           (BvImportPlan *plan, const char *sample, gsize length, gboolean whole, gboolean keep, GError **error);
/* @read: gives the sample, or, where the plan has a part, the file. @whole: what it gives is not cut off. */
gboolean    bv_sniff_json          (BvImportPlan *plan, BvReadFunc read, gpointer data, gboolean whole, GError **error);

/* A BvReadFunc over memory. */
typedef struct
{
  const char *data;
  gsize left;
} BvMemory;
gssize      bv_memory_read (gpointer data, char *buf, gsize size, GError **error);

G_END_DECLS
