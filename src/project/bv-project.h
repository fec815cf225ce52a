/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file: one SQLite database with plain data tables, definitions and the undo journal.
 *
 * Data tables carry the names people gave them; the product's own tables start with "bv_". Cells are stored as SQLite
 * INTEGER (bool 0/1, int), REAL (double) and TEXT (text, date, timestamp as bv-time.h writes them, timestamps in UTC).
 *
 * Every change is a #BvChange: a named set of definition and table operations, committed in one transaction together with
 * its inverse in the journal. Undo and redo walk the journal and survive a restart.
 *
 * Threads: one thread at a time commits (an internal lock serialises); any thread may borrow readers.
 */
#pragma once

#include "bv-error.h"
#include "bv-frame.h"
#include "bv-value.h"

#include <sqlite3.h>

G_BEGIN_DECLS

#define BV_PROJECT_APPLICATION_ID 0x42656c76 /* "Belv" */
#define BV_PROJECT_SCHEMA_VERSION 2          /* user_version */

typedef struct _BvProject BvProject;

typedef enum
{
  BV_OPEN_DEFAULT = 0,
  BV_OPEN_READ_ONLY = 1 << 0,
  /* Writes go to the file at once, under a rollback journal, and not by way of a WAL: a large load takes half the time, but others
   * can read only when it is done, and this process must borrow no reader while it fills tables. */
  BV_OPEN_BULK = 1 << 1,
} BvOpenFlags;

/**
 * bv_project_create:
 * @path: a file that must not exist yet
 * @error: BV_ERROR_EXISTS when it does; BV_ERROR_FAILED with the reason when it cannot be written
 */
BvProject  *bv_project_create           (const char *path, GError **error);

/**
 * bv_project_open:
 * @error: BV_ERROR_NOT_FOUND; BV_ERROR_CORRUPT (not a project, truncated, damaged); BV_ERROR_NEWER. Such files are never written.
 *
 * When another process holds the project, or the file cannot be written, it is opened read-only:
 * see bv_project_is_read_only() and bv_project_get_read_only_reason().
 */
BvProject  *bv_project_open             (const char *path, BvOpenFlags flags, GError **error);
BvProject  *bv_project_ref              (BvProject *self);
/* The last reference checkpoints the WAL into the one file and lets go of the lock. */
void        bv_project_unref            (BvProject *self);

/* How many projects this process has open: a program that ends waits for none, so that each file is closed as one file. Any thread. */
guint       bv_project_get_n_open       (void);

const char *bv_project_get_path         (BvProject *self);
const char *bv_project_get_uuid         (BvProject *self);
gboolean    bv_project_is_read_only     (BvProject *self);
/* (nullable): one translated sentence: who holds it (user, host, process), or why it cannot be written */
const char *bv_project_get_read_only_reason (BvProject *self);

/* Grows with every commit, undo and redo; table versions change only with the table's rows. */
guint64     bv_project_get_version      (BvProject *self);

/* --- Definitions: rows with a JSON body and a stable UUID ------------------------------------------------------- */

typedef struct
{
  char *uuid;
  char *kind;      /* "settings", "table", "relationship", "exploration", "report", "source" */
  char *name;
  char *body;      /* JSON text */
  gint64 position; /* order within the kind */
} BvDefinition;

void          bv_definition_free          (BvDefinition *definition);
/* (transfer full) (element-type BvDefinition): ordered by kind, position, name; @kind NULL for all */
GPtrArray    *bv_project_list_definitions (BvProject *self, const char *kind, GError **error);

/* --- Data tables -------------------------------------------------------------------------------------------------- */

typedef struct
{
  char *name;
  BvType type;
} BvTableColumn;

/* The source of imported files: an id that is stored, the same in every language. */
#define BV_SOURCE_FILES "Files"

/* What people read for a source: its name, translated where it is an id. */
const char   *bv_source_label             (const char *source);

typedef struct
{
  char *name;        /* the SQLite table */
  char *source;      /* BV_SOURCE_FILES, "HubSpot"…: the group in the sidebar */
  char *origin;      /* (nullable): the path or address the rows came from */
  char **key;        /* (nullable): key columns declared unique, NULL-terminated */
  GArray *columns;   /* BvTableColumn */
  gint64 n_rows;
  gint64 loaded_at;  /* instant (µs) of the last load */
  guint64 version;   /* changes whenever the rows may have */
} BvTableInfo;

void          bv_table_info_free          (BvTableInfo *info);
/* (transfer full) (element-type BvTableInfo): by source, then name */
GPtrArray    *bv_project_list_tables      (BvProject *self, GError **error);
BvTableInfo  *bv_project_get_table        (BvProject *self, const char *name, GError **error);

/* Whether the columns together are unique over all rows in which none of them is null; cached by table version.
 * @n_repeating: (out) (optional): how many values occur more than once */
gboolean      bv_project_is_unique        (BvProject *self, const char *table, const char *const *columns, GCancellable *cancellable,
                                           gboolean *unique, gint64 *n_repeating, GError **error);

/* A version of a table that the present rows begin with. */
typedef struct
{
  guint64 version;
  gint64 last_row;  /* the present rows with row numbers up to this are all that it had, unchanged */
  gint64 loaded_at;
  gint64 n_rows;
} BvTableAncestor;

/* The known versions that the rows of @version begin with, newest first; empty where none is known. @db: a reader, in a transaction that sees @version.
 * (transfer full) (element-type BvTableAncestor) */
GArray       *bv_table_list_ancestors     (sqlite3 *db, const char *table, guint64 version);

/* --- Changes ------------------------------------------------------------------------------------------------------- */

typedef struct _BvChange BvChange;

/* @name: the translated name that the menu shows after "Undo" ("Move tile"). */
BvChange   *bv_change_new               (const char *name);
void        bv_change_free              (BvChange *change);
/* @uuid NULL makes a new definition. @position < 0 keeps the position, or puts a new one last. Returns the uuid. */
const char *bv_change_put               (BvChange *change, const char *uuid, const char *kind, const char *name,
                                         const char *body, gint64 position);
void        bv_change_delete            (BvChange *change, const char *uuid);
void        bv_change_drop_table        (BvChange *change, const char *table);
/* Sets or clears (NULL) a table's key columns. */
void        bv_change_set_key           (BvChange *change, const char *table, const char *const *key);
/* Changes of equal @coalesce_key committed within two seconds of each other are one undo step (dragging, typing). */
void        bv_change_set_coalesce      (BvChange *change, const char *coalesce_key);

/* Commits in one transaction and frees @change (also on error, when nothing has changed). A change that changes nothing makes
 * no step. While another thread fills tables this waits for a few seconds, then fails. */
gboolean    bv_project_commit           (BvProject *self, BvChange *change, GError **error);

const char *bv_project_get_undo_name    (BvProject *self); /* (nullable) */
const char *bv_project_get_redo_name    (BvProject *self); /* (nullable) */
/* The step that undo takes back, and its name; 0 and NULL when there is none. Steps of one project never share a number. */
gint64      bv_project_get_undo_step    (BvProject *self, const char **name);
gboolean    bv_project_undo             (BvProject *self, GError **error);
/* Undoes @step, or fails and changes nothing when that is not the newest step any more. */
gboolean    bv_project_undo_step        (BvProject *self, gint64 step, GError **error);
gboolean    bv_project_redo             (BvProject *self, GError **error);

/* --- Writing rows ---------------------------------------------------------------------------------------------------- */

/**
 * BvTableWriter:
 *
 * Fills tables inside one transaction: begin, any number of tables with rows, then commit (one undo step) or abort.
 * Nothing is visible to others, and nothing is left behind, before the commit. Runs on any one thread.
 */
typedef struct _BvTableWriter BvTableWriter;

BvTableWriter *bv_table_writer_new      (BvProject *project, GError **error);
/**
 * bv_table_writer_begin_table:
 * @key: (nullable): with a key, rows of an existing table with equal keys are replaced and others kept (re-import);
 *   without, an existing table's rows are replaced as a whole. Rows with a null key part are always added.
 *
 * Columns that an existing table has and @columns lacks stay, null for new rows. Where old rows stay, a changed type follows
 * the wider of both (int→double, anything→text) and a replaced row keeps its cells of the columns that @columns lacks; where
 * all rows are replaced, the new type counts, except that a double stays one when ints come. Names of tables and columns are
 * equal when they differ in ASCII case only; the existing spelling stays. Of rows with equal keys the last one counts.
 */
gboolean       bv_table_writer_begin_table (BvTableWriter *self, const char *name, const char *source, const char *origin,
                                            const BvTableColumn *columns, guint n_columns, const char *const *key, GError **error);
/* @values: one per column of begin_table, null or of the column's type (int is taken for double). */
gboolean       bv_table_writer_append   (BvTableWriter *self, const BvValue *values, GError **error);
/* Drops the table that was begun, with the rows it was given, as if it had not been; it may be begun again. */
gboolean       bv_table_writer_drop_table (BvTableWriter *self, GError **error);
gboolean       bv_table_writer_end_table (BvTableWriter *self, gint64 *n_added, gint64 *n_replaced, GError **error);
/* Definition operations that belong to the same step are taken from @extra (nullable, freed). Frees @self. */
gboolean       bv_table_writer_commit   (BvTableWriter *self, const char *change_name, BvChange *extra, GError **error);
void           bv_table_writer_abort    (BvTableWriter *self);

/* --- Reading ------------------------------------------------------------------------------------------------------------ */

/**
 * bv_project_borrow_reader:
 * @cancellable: (nullable): polled by SQLite's progress handler while the reader is out
 *
 * A read-only connection for the calling thread; give it back with bv_project_return_reader().
 */
sqlite3    *bv_project_borrow_reader    (BvProject *self, GCancellable *cancellable, GError **error);
void        bv_project_return_reader    (BvProject *self, sqlite3 *reader);

/* An SQLite error of @db as a GError; G_IO_ERROR_CANCELLED when @cancellable, or the one that the reader was borrowed with, did it. Returns FALSE. */
gboolean    bv_sqlite_set_error         (GError **error, sqlite3 *db, GCancellable *cancellable, const char *what);

/* "name" with its quotes doubled, for SQL text. (transfer full) */
char       *bv_sql_quote                (const char *name);

/* --- Log and check -------------------------------------------------------------------------------------------------------- */

/* Notes that something was used ("open", "report", "export"…); silently does nothing when read-only or while another thread writes. Waits for
 * the disk: not for the UI's thread. */
void        bv_project_log_usage        (BvProject *self, const char *what, const char *subject);

/* Integrity problems of the file, a sentence each; empty when sound. (transfer full) (element-type utf8) */
GPtrArray  *bv_project_check            (BvProject *self, GCancellable *cancellable, GError **error);

/* Flushes the WAL into the file, so that copying the file copies everything. */
gboolean    bv_project_checkpoint       (BvProject *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvProject, bv_project_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvChange, bv_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTableInfo, bv_table_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTableWriter, bv_table_writer_abort)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDefinition, bv_definition_free)

G_END_DECLS
