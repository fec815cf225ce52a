/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the project room share. Nobody outside the room (and its tests) includes this. */
#pragma once

#include "bv-project.h"

G_BEGIN_DECLS

typedef sqlite3_stmt BvStmt;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvStmt, sqlite3_finalize)
typedef sqlite3 BvDb;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDb, sqlite3_close_v2)

/* How many undo steps keep the rows they replaced, and how many steps there are at all. */
#define BV_JOURNAL_TABLE_STEPS 50
#define BV_JOURNAL_STEPS 1000
#define BV_USAGE_ROWS 10000
#define BV_COALESCE_US (2 * G_USEC_PER_SEC)
/* How long a commit waits for a writer in another thread before it says so. */
#define BV_COMMIT_WAIT_US (5 * G_USEC_PER_SEC)
/* How long the sweeper keeps the writer. */
#define BV_SWEEP_PIECE_US 4000

/* The name that a table bears while it is swapped with another. */
#define BV_SWAP_TABLE "bv_swap"

typedef struct
{
  gint64 seq;       /* 0 for none */
  const char *name; /* interned */
} BvStepName;

struct _BvProject
{
  gatomicrefcount refs;
  char *path;      /* as given, absolute */
  char *db_path;   /* the file that SQLite opens: links resolved, or a private copy */
  char *copy_dir;  /* (nullable): holds the private copy */
  gboolean immutable;
  char *uuid;
  gboolean read_only;
  char *reason;
  int lock_fd;
  char *lock_path;

  /* The writer connection, held by one thread at a time. */
  GMutex mutex;
  GCond cond;
  gboolean busy;
  guint n_waiting; /* threads that wait for the writer; the sweeper is not one of them */
  GThread *busy_thread;
  sqlite3 *writer;
  gboolean bulk;
  guint64 version;
  BvStepName undo;
  BvStepName redo;
  char *coalesce_key; /* of the newest step, NULL after an undo */
  gint64 coalesce_time;
  gint64 coalesce_window;

  /* With the mutex. */
  GThread *sweeper; /* (nullable): from the first garbage on */
  gboolean sweep_wanted;
  gboolean sweep_stop;

  GMutex pool_mutex;
  GPtrArray *idle;  /* BvReader */
  GHashTable *lent; /* sqlite3 → BvReader */

  GMutex unique_mutex;
  GHashTable *unique; /* key text → BvUnique */
};

/* --- bv-sql.c */

/* Prepares @sql and binds one argument per letter of @types: t (const char *, may be NULL), i (gint64), d (double). */
sqlite3_stmt *bv_sql_prepare (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
/* The same, and runs it to its end. */
gboolean      bv_sql_run     (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
gboolean      bv_sql_exec    (sqlite3 *db, GError **error, const char *sql);
/* The first column of the first row as an integer; 0 when there is no row. FALSE only on an error. */
gboolean      bv_sql_get_int (sqlite3 *db, GError **error, gint64 *value, const char *sql, const char *types, ...);
/* Steps @stmt; *row says whether there is one. */
gboolean      bv_sql_step    (sqlite3_stmt *stmt, gboolean *row, GError **error);
char         *bv_sql_dup     (sqlite3_stmt *stmt, int column);
/* ["a","b"] (transfer full) */
char         *bv_sql_json_array (const char *const *strv);
/* The name by which row numbers of @table, and of @other (nullable), are to be had: columns may have taken "rowid". NULL with UNSUPPORTED when they have taken
 * all its names. */
const char   *bv_sql_rowid    (sqlite3 *db, const char *table, const char *other, GError **error);
/* The type that SQLite is told for a column. */
const char   *bv_sql_storage  (BvType type);
void          bv_sql_rollback (sqlite3 *db);
void          bv_sql_close   (sqlite3 *db);

/* --- bv-project-lock.c */

/* Takes the lock file of @db_path. Returns its descriptor, or -1 with a translated @reason. */
int           bv_lock_take    (const char *db_path, char **lock_path, char **reason);
void          bv_lock_release (int fd, const char *lock_path);

/* --- bv-schema.c */

/* Reads the first bytes without SQLite and says whether this can be a project that we may open. */
gboolean      bv_schema_check_header (const char *path, gboolean has_wal, GError **error);
/* The same through SQLite: version, our tables, and a look for damage. */
gboolean      bv_schema_check        (sqlite3 *db, const char *path, int *version, GError **error);
gboolean      bv_schema_migrate      (sqlite3 *db, int from, GError **error);
/* The bytes of an empty project. */
GBytes       *bv_schema_new_file     (GError **error);

/* --- bv-readers.c */

void          bv_readers_init  (BvProject *self);
void          bv_readers_clear (BvProject *self);
/* A read-only connection of its own for @path. */
sqlite3      *bv_readers_open  (const char *path, gboolean immutable, GError **error);

/* --- bv-append.c */

/* Before rows are added to a table: what is to be noted then. FALSE when nothing can be. */
gboolean      bv_append_start  (sqlite3 *db, const BvTableInfo *info, BvTableAncestor *before);
/* Says that @version of @table has all rows of @before unchanged, and else only rows with greater row numbers. Within the transaction that makes it. */
gboolean      bv_append_note   (sqlite3 *db, const char *table, const BvTableAncestor *before, guint64 version, GError **error);
gboolean      bv_append_forget (sqlite3 *db, const char *table, GError **error);

/* --- bv-catalogue.c */

void          bv_catalogue_init  (BvProject *self);
void          bv_catalogue_clear (BvProject *self);
GPtrArray    *bv_catalogue_list  (sqlite3 *db, const char *name, GError **error);
/* Whether the name may be given to a data table. */
gboolean      bv_catalogue_check_name (const char *name, GError **error);
/* JSON of a table's catalogue rows, NULL without an error when there is no such table. */
gboolean      bv_catalogue_get_state  (sqlite3 *db, const char *name, char **state, GError **error);
gboolean      bv_catalogue_set_state  (sqlite3 *db, const char *name, const char *state, GError **error);

/* --- bv-journal.c */

/* A step under way: the writer is ours and a transaction is open. */
typedef struct
{
  BvProject *project;
  sqlite3 *db;
  gint64 seq;  /* of the journal entry, and the version that changed tables get */
  int n_ops;
  gboolean large; /* many pages were written, which nobody will read by this connection */
} BvStep;

gboolean      bv_step_begin    (BvStep *step, BvProject *project, gint64 wait_us, GError **error);
/* Does one operation and notes it. @before and @after are states as the kind writes them; NULL where nothing is. */
gboolean      bv_step_do       (BvStep *step, const char *kind, const char *subject, const char *before, const char *after,
                                GError **error);
/* Where the operation that comes next keeps the table that is not in use. (transfer full) */
char         *bv_step_hidden   (BvStep *step);
/* Ends the step; on an error all of it is undone. */
gboolean      bv_step_commit   (BvStep *step, const char *name, const char *coalesce, GError **error);
void          bv_step_rollback (BvStep *step);
gboolean      bv_journal_load_names (BvProject *self, sqlite3 *db, GError **error);
/* Ends the transaction under @version and publishes it. */
gboolean      bv_journal_finish (BvProject *self, sqlite3 *db, gint64 version, GError **error);
/* The writer is ours and a transaction is open. */
gboolean      bv_journal_forget_undone (BvProject *self, GError **error);
gboolean      bv_journal_forget_step (BvProject *self, gint64 seq, GError **error);
gboolean      bv_journal_trim   (BvProject *self, GError **error);
gboolean      bv_definition_get_state (sqlite3 *db, const char *uuid, char **state, GError **error);

/* --- bv-row-step.c and bv-row-undo.c: steps written in pages (bv-row-step.h) */

gboolean      bv_step_close      (BvProject *project, gint64 seq, GError **error);
gboolean      bv_step_close_all  (sqlite3 *db, GError **error);
/* Whether no open step is writing @table. */
gboolean      bv_step_check_free (sqlite3 *db, const char *table, GError **error);
gboolean      bv_state_apply     (sqlite3 *db, const char *name, const char *value, GError **error);
/* Exchanges the rows of @table with those kept in @hidden. */
gboolean      bv_rows_apply      (sqlite3 *db, const char *table, const char *hidden, const char *to, GError **error);

/* --- bv-sweep.c */

/* Takes away a hidden table, if it is there, that the journal needs no more: at once, or later where it is large. The writer is ours, and the
 * transaction that is open takes the operation out of the journal. */
gboolean      bv_sweep_leave   (BvProject *self, const char *table, GError **error);
/* Goes on with what was left when the project was last open. */
gboolean      bv_sweep_resume  (BvProject *self, GError **error);
/* Takes some garbage away, at least a step's worth; *more says whether it has met any. */
gboolean      bv_sweep_piece   (sqlite3 *db, gint64 budget_us, gboolean *more, GError **error);
/* Until there is no more garbage, or none can be taken away. */
void          bv_sweep_wait    (BvProject *self);
/* Ends the thread, between two pieces. */
void          bv_sweep_stop    (BvProject *self);

/* --- bv-change.c */

gboolean      bv_change_apply  (BvChange *change, BvStep *step, GError **error);

/* --- bv-project.c */

gboolean      bv_project_lock_writer   (BvProject *self, gint64 wait_us, GError **error);
void          bv_project_unlock_writer (BvProject *self);

G_END_DECLS
