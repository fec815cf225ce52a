/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the XLSX reader share. */
#pragma once

#include "bv-rows.h"

#include <libxml/xmlreader.h>

G_BEGIN_DECLS

/* --- bv-xlsx-zip.c: an XML file in the archive, read as it is inflated */

typedef struct _BvXlsxPart BvXlsxPart;

/* NULL without an error when there is no such part. @name is taken without a leading "/". */
BvXlsxPart      *bv_xlsx_part_open   (const char *path, const char *name, GCancellable *cancellable, GError **error);
void             bv_xlsx_part_free   (BvXlsxPart *self);
/* The next node. *more is FALSE at the end. */
gboolean         bv_xlsx_part_read   (BvXlsxPart *self, gboolean *more, GError **error);
xmlTextReaderPtr bv_xlsx_part_reader (BvXlsxPart *self);
/* Bytes read and in all, inflated; 0 when not known. */
guint64          bv_xlsx_part_tell   (BvXlsxPart *self);
guint64          bv_xlsx_part_size   (BvXlsxPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvXlsxPart, bv_xlsx_part_free)

/* Whether the node at hand starts (or is all of) an element of the local name. */
gboolean         bv_xlsx_is_start    (xmlTextReaderPtr reader, const char *name);
gboolean         bv_xlsx_is_end      (xmlTextReaderPtr reader, const char *name);
/* (nullable) (transfer full): by local name, whatever the prefix */
char            *bv_xlsx_attribute   (xmlTextReaderPtr reader, const char *name);

/* --- bv-xlsx-styles.c */

typedef enum { BV_XLSX_NUMBER, BV_XLSX_DATE, BV_XLSX_DATE_TIME, BV_XLSX_TIME } BvXlsxFormat;

/* What numbers of a format code ("yyyy-mm-dd", "0.00") are. */
BvXlsxFormat     bv_xlsx_format_of_code (const char *code);
/* (element-type guint8 of BvXlsxFormat): per cell style; empty where the workbook has no styles */
GByteArray      *bv_xlsx_styles_read (const char *path, const char *name, GCancellable *cancellable, GError **error);
/* A serial number of days as a date, an instant or a time of day, which is written to @scratch. FALSE when it is none. */
gboolean         bv_xlsx_serial      (double serial, BvXlsxFormat format, gboolean date_1904, GString *scratch, BvValue *value);

/* --- bv-xlsx-book.c: the workbook around its sheets */

typedef struct
{
  GPtrArray *names;     /* of the worksheets, in their order */
  GPtrArray *targets;   /* their parts */
  char *strings;        /* (nullable): the part of the shared strings */
  char *styles;         /* (nullable) */
  gboolean date_1904;
} BvXlsxBook;

BvXlsxBook      *bv_xlsx_book_read   (const char *path, GCancellable *cancellable, GError **error);
void             bv_xlsx_book_free   (BvXlsxBook *self);

typedef struct
{
  GString *texts;       /* each with its NUL */
  GArray *offsets;      /* guint32 */
} BvXlsxStrings;

gboolean         bv_xlsx_strings_read  (BvXlsxStrings *self, const char *path, const char *name, GCancellable *cancellable, GError **error);
void             bv_xlsx_strings_clear (BvXlsxStrings *self);
/* Appends the text of the element at hand (si, is, t, v), up to its end: of runs all, of phonetic hints none. */
gboolean         bv_xlsx_append_text (BvXlsxPart *part, GString *text, GError **error);
/* "_x000D_" as the character it stands for, in place from @start. */
void             bv_xlsx_unescape    (GString *text, gsize start);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvXlsxBook, bv_xlsx_book_free)

G_END_DECLS
