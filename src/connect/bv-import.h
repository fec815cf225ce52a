/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files into tables: CSV/TSV and JSON/NDJSON (also gzipped), XLSX, Parquet and SQLite, sniffed first, then imported in one transaction.
 * A workbook's sheet, a database's table, or an array of objects in a JSON file that is one object is a part; each is imported with a plan of its own.
 *
 * An empty cell is null for every type. A time without a zone is taken as UTC. A row with too few cells is filled with nulls;
 * filled cells beyond the last column count as unreadable. JSON objects are flattened ("a": {"b": 1} is a column "a_b"), arrays
 * in them are kept as JSON text; fields that the sample did not show are found by the import and get columns of their own.
 */
#pragma once

#include "bv-table-sink.h"

G_BEGIN_DECLS

typedef enum { BV_FILE_CSV, BV_FILE_JSON, BV_FILE_XLSX, BV_FILE_PARQUET, BV_FILE_SQLITE } BvFileKind;

typedef struct
{
  char *name;      /* the file's heading, or "column_3" */
  BvType type;     /* sniffed; may be edited before the import */
  gboolean chosen; /* the type is the analyst's: it stays whatever the cells are */
  gboolean skip;
} BvImportColumn;

/* What sniffing found and the analyst may change. */
typedef struct
{
  char *path;
  BvFileKind kind;
  char **parts;        /* (nullable): names of a workbook's sheets, a database's tables, or the arrays of a JSON file that is one object */
  char *part;          /* (nullable): the one that is imported, one of @parts */
  gboolean part_is_new; /* the next resniff finds out about the heading, too */
  char *table;         /* proposed table name, from the file's name, and the part's where there are several */
  char *source;        /* BV_SOURCE_FILES unless told */
  char *encoding;      /* "UTF-8", "UTF-16LE", "WINDOWS-1252"… */
  char separator;      /* of CSV */
  char quote;
  gboolean has_header;
  char decimal;        /* '.' or ',' */
  char *date_order;    /* "YMD", "DMY" or "MDY": how dates that are not ISO are read */
  GPtrArray *columns;  /* BvImportColumn */
  char **key;          /* (nullable): key columns for a re-import */
  GPtrArray *preview;  /* GStrv per row (NULL-terminated, "" for empty), at most 100 rows */
  guint64 size;        /* bytes of the file */
} BvImportPlan;

/* Reads at most the first MiB. Errors (BV_ERROR_INVALID) say what the file is not: empty, binary, no columns… */
BvImportPlan *bv_import_sniff     (const char *path, GCancellable *cancellable, GError **error);
/* After encoding, separator, quote, header or part were changed: columns and preview anew. */
gboolean      bv_import_resniff   (BvImportPlan *plan, GCancellable *cancellable, GError **error);
void          bv_import_plan_free (BvImportPlan *plan);
/* Another part of the file; its name for the table too, unless that was changed. bv_import_resniff() then finds its columns.
 * Error when there is no such part. Names are equal when they differ in case only. */
gboolean      bv_import_plan_set_part (BvImportPlan *plan, const char *part, GError **error);
BvImportColumn *bv_import_plan_find_column (BvImportPlan *plan, const char *name);

typedef struct
{
  gint64 n_rows;      /* read */
  gint64 n_added;
  gint64 n_replaced;
  gint64 n_unreadable; /* cells that did not fit the column's type and became null */
  char *first_problem; /* (nullable): "line 17, amount: “n/a” is not a number" */
  guint n_texts;      /* columns that are text for cells behind the sample */
  char *first_text;   /* (nullable): the first of them, as @first_problem */
} BvImportResult;
void          bv_import_result_clear (BvImportResult *result);

/* Imports into @writer (see bv_table_writer_*), so that several files can be one step. After an error @writer is to be aborted.
 * The plan of a JSON file may gain columns, and types that are as they were sniffed become wider, up to text, where rows behind the sample say so. */
gboolean      bv_import_into      (BvImportPlan *plan, BvTableWriter *writer, BvProgress progress, gpointer user_data,
                                   GCancellable *cancellable, BvImportResult *result, GError **error);
/* One file, one step: writer, bv_import_into(), commit as "Import FILE". */
gboolean      bv_import_run       (BvImportPlan *plan, BvProject *project, BvProgress progress, gpointer user_data,
                                   GCancellable *cancellable, BvImportResult *result, GError **error);
/* @plan stays the caller's and is left alone until the callback; @progress is called in the worker thread. @sink: (nullable): is shown the rows; it must
 * stay until the callback. */
void          bv_import_run_async (BvImportPlan *plan, BvProject *project, const BvTableSink *sink, BvProgress progress, gpointer user_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data);
gboolean      bv_import_run_finish(GAsyncResult *result, BvImportResult *import_result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvImportPlan, bv_import_plan_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BvImportResult, bv_import_result_clear)

G_END_DECLS
