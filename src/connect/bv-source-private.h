/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the sync engine share. */
#pragma once

#include "bv-row-step.h"
#include "bv-source.h"

G_BEGIN_DECLS

/* --- bv-source-sql.c: SQLite in one line */

typedef sqlite3_stmt BvSourceStmt;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSourceStmt, sqlite3_finalize)

/* Prepares @sql with one argument per letter of @types: t (const char *, may be NULL), i (gint64). */
sqlite3_stmt *bv_source_sql      (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
gboolean      bv_source_sql_run  (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
gboolean      bv_source_sql_int  (sqlite3 *db, GError **error, gint64 *value, const char *sql, const char *types, ...);
gboolean      bv_source_sql_step (sqlite3_stmt *stmt, gboolean *row, GError **error);
char         *bv_source_sql_text (sqlite3_stmt *stmt, int column);
void          bv_source_sql_bind (sqlite3_stmt *stmt, int parameter, const BvRowCell *cell);

/* --- bv-source-json.c */

gint64        bv_source_json_int    (JsonObject *object, const char *name, gint64 fallback);
const char   *bv_source_json_text   (JsonObject *object, const char *name); /* NULL when absent or no text */
JsonObject   *bv_source_json_object (JsonObject *object, const char *name); /* made when absent */
/* (transfer full); an empty object for NULL or what is none. */
JsonObject   *bv_source_json_parse  (const char *text);
char         *bv_source_json_print  (JsonObject *object);
void          bv_source_json_clear  (JsonObject *object);
char         *bv_sync_counts_to_json   (const BvSyncCounts *counts);
void          bv_sync_counts_from_json (const char *text, BvSyncCounts *counts);
void          bv_sync_counts_add       (BvSyncCounts *sum, const BvSyncCounts *counts);

/* --- bv-secret.c */

/* A copy of a table of secrets, for a thread. (transfer full) (nullable) */
GHashTable      *bv_source_copy_secrets (GHashTable *secrets);

/* The task data of work on a source in a thread: copies, because the dialog's own change while it is typed in. */
typedef struct
{
  BvSource *source;
  GHashTable *secrets;    /* (nullable) */
  GPtrArray *lines;       /* (nullable): what a test found, for its end */
  char *fingerprint;      /* (nullable) */
} BvSourceJob;

void             bv_source_start_job    (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data, gpointer tag, GTaskThreadFunc run);

/* --- bv-source-context.c */

/* @secrets and @clock, @limits may be NULL. @source must outlive it. */
BvSourceContext *bv_source_context_new  (const BvSource *source, const BvSourceKind *kind, GHashTable *secrets, const BvClock *clock,
                                         const BvHttpLimits *limits, GCancellable *cancellable);
void             bv_source_context_free (BvSourceContext *context);
/* Looks up all secrets and calls the kind's open. */
gboolean         bv_source_context_open (BvSourceContext *context, GError **error);
void             bv_source_context_set_wait_func (BvSourceContext *context, void (*waiting) (gint64 left_us, gpointer data), gpointer data);
void             bv_source_context_set_memory (BvSourceContext *context, JsonObject *memory);
/* Only these streams are going to be read (NULL: all). */
void             bv_source_context_set_wanted (BvSourceContext *context, const char *const *streams, gboolean all);
void             bv_source_context_get_counts (BvSourceContext *context, BvHttpCounts *counts);
void             bv_source_context_set_refused (BvSourceContext *context, const char *fingerprint);
const char      *bv_source_context_get_refused (BvSourceContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSourceContext, bv_source_context_free)

/* --- bv-source.c */

/* Without name and kind; the rest as for a new one. (transfer full) */
BvSource        *bv_source_new_empty    (void);
/* What begins the names of a source's tables; never "sqlite", which is SQLite's own. (transfer full) */
char            *bv_source_make_prefix  (const char *name);
/* The short connection id that rows carry in _source. (transfer full) */
char            *bv_source_short_id     (const BvSource *source);
/* The kind of @source, or an error that names it. */
const BvSourceKind *bv_source_require_kind (const BvSource *source, GError **error);

/* --- bv-batch.c */

typedef struct
{
  BvRowCell *cells;   /* of the batch's fields; texts point into the batch */
  const char *extra;  /* (nullable) */
} BvBatchRow;

typedef struct { guint row, field; const char *text; } BvBatchBeside;
typedef struct { char *id; gint64 when; } BvBatchDelete;
typedef struct { char *parent, *from; } BvBatchCover;
typedef struct { char *loser, *survivor; } BvBatchMerge;
typedef struct { char *from, *to, *type; gboolean primary; } BvBatchLink;

struct _BvBatch
{
  guint n_fields;
  BvType *types;      /* of the fields */
  guint at;           /* the field that comes next */
  BvRowCell *cells;   /* n_fields per row; texts are offsets into the arena until sealed */
  gsize n_cells, cells_size;
  GArray *extras;     /* gssize: offset, or -1 */
  GArray *besides;    /* BvBatchBeside; text is an offset until sealed */
  char *arena;
  gsize n_arena, arena_size;
  gboolean sealed;
  GArray *deletes, *covers, *merges, *links;
  GPtrArray *seen;    /* utf8 */
  GPtrArray *skips;   /* utf8 */
  guint n_passed_over;
  /* For bv_batch_is_current() and bv_batch_look_before(). */
  gboolean (*is_current) (gpointer data, const char *id, const char *cursor);
  gboolean (*look_before) (gpointer data, const char *parent, const char *before, BvValue *values);
  gpointer look_data;
};

BvBatch   *bv_batch_new       (GPtrArray *fields);
void       bv_batch_free      (BvBatch *batch);
/* Exchanges what the two hold; of the same fields. */
void       bv_batch_swap      (BvBatch *batch, BvBatch *other);
/* Ends the adding: rows can be read from now on. */
void       bv_batch_seal      (BvBatch *batch);
BvBatchRow bv_batch_get_row   (BvBatch *batch, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvBatch, bv_batch_free)

/* --- bv-sync.c and its parts */

/* How a chosen field reaches its table. */
typedef struct
{
  BvSourceField *field; /* as discovered */
  char *column;
  BvType type;          /* of the column */
  gboolean changed;     /* the vendor's type is another now: its text is kept beside */
  char *beside;         /* (nullable): name of the column beside, once there is one */
} BvSyncColumn;

typedef struct
{
  BvProject *project;
  const BvSource *source;
  const BvSourceKind *kind;
  char *short_id;
  BvSourceContext *context;
  const BvClock *clock;
  GCancellable *cancellable;
  BvSyncFlags flags;
  BvRowStep *step;
  gint64 run;
  guint max_pages, n_pages;
  gboolean killed;      /* max_pages were written */
  GPtrArray *streams;   /* BvSourceStream: all discovered */
  JsonObject *memory;
  char *memory_text;    /* as stored */

  BvSyncProgressFunc progress;
  gpointer progress_data;
  BvSyncProgress report;
  gint64 rate_time, rate_rows;
  BvSyncCounts total;   /* of streams that are done */
} BvSync;

typedef struct
{
  BvSync *sync;
  const BvSourceStream *stream;
  guint position;       /* in the run */
  char *table;
  GPtrArray *columns;   /* BvSyncColumn: in the order of fetch->fields first, linked ones after */
  GPtrArray *fields;    /* BvSourceField: given to fetch */
  guint n_key;          /* key columns without _source; 0: rows have none */
  JsonObject *state;
  char *state_name;
  BvSyncCounts counts;
  BvHttpCounts http_start;
  gint64 started;
  BvRunStatus status;
  GPtrArray *notes;     /* utf8: what was left out */
  gboolean gained;      /* a field was chosen that old rows lack */
  gint64 pass_read;
} BvSyncStream;

/* bv-sync.c: a page's bookkeeping, around what @write does. */
gboolean   bv_sync_page        (BvSyncStream *self, gboolean (*write) (BvSyncStream *self, gpointer data, GError **error), gpointer data,
                                GError **error);
void       bv_sync_tell        (BvSyncStream *self, BvSourcePass pass, gint64 total);
char      *bv_sync_table_name  (const BvSource *source, const BvSourceStream *stream);
char      *bv_sync_link_table  (const BvSource *source, const BvStreamLink *link);

/* bv-sync-stream.c: all passes of a stream. */
gboolean   bv_sync_stream_run  (BvSyncStream *self, GError **error);

/* bv-sync-fields.c: chosen fields and drift. In a page. */
gboolean   bv_sync_resolve     (BvSyncStream *self, GError **error);
gboolean   bv_sync_note_beside (BvSyncStream *self, BvSyncColumn *column, GError **error);

/* bv-sync-write.c: the rows of a page. In a page. */
gboolean   bv_sync_write_rows  (BvSyncStream *self, BvFetch *fetch, gboolean track, GError **error);
/* Makes the key's index of a new table. */
gboolean   bv_sync_finish_rows (BvSyncStream *self, GError **error);

/* Sets one column of the rows @ids (NULL-terminated) to @cells. */
gboolean   bv_sync_set_column  (BvSyncStream *self, const char *column, const char *const *ids, const BvRowCell *cells, GError **error);
gboolean   bv_sync_mark_merged (BvSyncStream *self, const char *loser, const char *survivor, gboolean *changed, GError **error);
/* INT or TEXT: what ids of the stream are kept as. @stream may be NULL. */
BvType     bv_sync_key_type    (const BvSourceStream *stream);

/* bv-sync-gone.c */
/* Marks the rows that the pass has not seen. */
gboolean   bv_sync_mark_unseen (BvSyncStream *self, gint64 pass_started, GError **error);
/* Removes rows of a keyless stream from @n on. */
gboolean   bv_sync_cut_rows    (BvSyncStream *self, gint64 n, GError **error);

/* bv-sync-links.c */
gboolean   bv_sync_write_links (BvSyncStream *self, BvFetch *fetch, GError **error);
/* Takes away the links of a row that is gone. */
gboolean   bv_sync_drop_links  (BvSyncStream *self, const char *id, GError **error);
gboolean   bv_sync_write_merges(BvSyncStream *self, BvBatch *batch, GError **error);
/* The id that @id goes by after all merges. (transfer full) */
char      *bv_sync_survivor    (BvSync *sync, sqlite3 *db, const char *stream, const char *id);

/* A key text as a cell of @type. FALSE when it is none. */
gboolean   bv_sync_key_cell    (const char *text, BvType type, BvRowCell *cell);
/* The cell of an instant; @buf of BV_TIME_TEXT_MAX. */
BvRowCell  bv_sync_instant     (gint64 us, char *buf);
BvRowCell  bv_sync_text        (const char *text);

/* --- bv-run.c */

gboolean   bv_run_begin        (BvSync *sync, GError **error);
gboolean   bv_run_note_stream  (sqlite3 *db, BvSyncStream *stream, const char *error_text, GError **error);
gboolean   bv_run_finish       (BvSync *sync, BvRunStatus status, const char *error_text);

G_END_DECLS
