/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources of a project: what the application and the command line use.
 *
 * A source is a definition of kind "source" (so it is undone, dumped and applied like any other) without its secrets, which are
 * in the keyring under the source's uuid. A sync is one step of the journal, written page by page: while it runs the tables grow
 * (bv_project_get_version() does too), afterwards one undo takes all of it back, cursors included.
 *
 * Threads: functions that return at once may be called anywhere; test, discover and sync block and have _async pairs. Progress is
 * reported from the thread that works.
 */
#pragma once

#include "bv-frame.h"
#include "bv-source-kind.h"

G_BEGIN_DECLS

/* --- The definition ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  char *name;       /* the stream's */
  char **fields;    /* (nullable): names of the fields chosen; NULL for the kind's default */
  char *table;      /* (nullable): the table's whole name, when it is not prefix_suffix */
} BvSourceChoice;

typedef enum
{
  BV_SCHEDULE_OFF,
  BV_SCHEDULE_HOURLY, /* each @every hours, from midnight on, in the machine's time zone */
  BV_SCHEDULE_DAILY,  /* at @minute of the day in the machine's time zone, on @weekdays */
} BvScheduleKind;

typedef struct
{
  BvScheduleKind kind;
  guint every;     /* hours, 1 … 24 */
  guint minute;    /* 0 … 1439 */
  guint weekdays;  /* bit 1 << 1 Monday … 1 << 7 Sunday; 0 is every day */
} BvSchedule;

typedef struct
{
  char *uuid;            /* (nullable): NULL until it was put */
  char *name;            /* unique among the project's sources */
  char *kind;
  char *prefix;          /* of the tables: "hubspot" gives hubspot_contacts */
  GHashTable *settings;  /* name → text, without secrets */
  GPtrArray *streams;    /* (nullable): BvSourceChoice; NULL for the kind's default */
  BvSchedule schedule;
  gboolean add_fields;   /* fields that appear at the vendor become columns (else they are noted only) */
} BvSource;

/* @name NULL is the kind's. The prefix is the kind's name, or made from the name where that is taken. */
BvSource   *bv_source_new            (BvProject *project, const char *kind, const char *name);
BvSource   *bv_source_copy           (const BvSource *source);
void        bv_source_free           (BvSource *source);
const char *bv_source_get_setting    (const BvSource *source, const char *name); /* or its fallback, or NULL */
/* NULL takes the value away. Unknown names are refused, secrets too: bv_source_set_secret(). */
gboolean    bv_source_set_setting    (BvSource *source, const char *name, const char *value, GError **error);
BvSourceChoice *bv_source_find_choice (const BvSource *source, const char *stream);
/* Chooses a stream, with fields or NULL for the default. The first choice replaces the kind's default selection. */
void        bv_source_choose         (BvSource *source, const char *stream, const char *const *fields);

/* (transfer full) (element-type BvSource): by position, then name */
GPtrArray  *bv_source_list           (BvProject *project, GError **error);
/* By uuid or name; BV_ERROR_NOT_FOUND. (transfer full) */
BvSource   *bv_source_find           (BvProject *project, const char *name, GError **error);
/* Checks and stores @source as one undoable step, sets its uuid when it is new. */
gboolean    bv_source_put            (BvProject *project, BvSource *source, const char *what, GError **error);
/* Removes the definition; @drop_tables also its tables. One undoable step; secrets stay until bv_source_forget_secrets(). */
gboolean    bv_source_remove         (BvProject *project, const char *uuid, gboolean drop_tables, GError **error);
/* The JSON of the definition as the project keeps it, and back. Unknown members are refused. */
JsonObject *bv_source_to_json        (const BvSource *source);
BvSource   *bv_source_from_json      (JsonObject *object, const char *uuid, GError **error);

/* --- Secrets --------------------------------------------------------------------------------------------------------------- */

/* They are kept by the Secret Service; each of them can be given by the environment instead, as BELVEDERE_SECRET_<SOURCE>_<SETTING> with
 * the source's name and the setting's name in capitals and "_" for all else ("BELVEDERE_SECRET_HUBSPOT_TOKEN"). These calls may block
 * while the keyring asks for its password. A source needs a uuid for them. */
gboolean    bv_source_set_secret     (const BvSource *source, const char *setting, const char *value, GError **error);
/* *value is NULL when there is none. (transfer full) */
gboolean    bv_source_get_secret     (const BvSource *source, const char *setting, char **value, GError **error);
gboolean    bv_source_forget_secrets (const BvSource *source, GError **error);
/* Whether a secret is set, and whether the environment gives it (then it cannot be changed here). */
gboolean    bv_source_has_secret     (const BvSource *source, const char *setting, gboolean *from_environment, GError **error);
/* For the UI's thread, which must not wait for the keyring: the first asks the environment only; the others work in a thread. */
gboolean    bv_source_is_secret_given (const BvSource *source, const char *setting);
void        bv_source_find_secrets_async  (const BvSource *source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): the settings whose secrets the keyring holds, as a set; NULL when it cannot be asked. */
GHashTable *bv_source_find_secrets_finish (GAsyncResult *result, GError **error);
/* @secrets: setting → value. */
void        bv_source_store_secrets_async (const BvSource *source, GHashTable *secrets, GAsyncReadyCallback callback, gpointer user_data);
gboolean    bv_source_store_secrets_finish (GAsyncResult *result, GError **error);
/* A table of secrets (setting → value) that wipes them. (transfer full) */
GHashTable *bv_source_secrets_new     (void);

/* --- Test and discover ------------------------------------------------------------------------------------------------------- */

/* @secrets: (nullable): setting → value, used before those of the keyring: a dialog tests what is typed. */
gboolean    bv_source_test           (const BvSource *source, GHashTable *secrets, GPtrArray **lines, GCancellable *cancellable, GError **error);
void        bv_source_test_async     (const BvSource *source, GHashTable *secrets, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
/* @lines: (out) (optional) (transfer full) (element-type utf8). On a certificate that is not trusted, *fingerprint (nullable) is what the
 * setting "fingerprint" must be to accept it. */
gboolean    bv_source_test_finish    (GAsyncResult *result, GPtrArray **lines, char **fingerprint, GError **error);
/* (transfer full) (element-type BvSourceStream) */
GPtrArray  *bv_source_discover       (const BvSource *source, GHashTable *secrets, GCancellable *cancellable, GError **error);
void        bv_source_discover_async (const BvSource *source, GHashTable *secrets, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
GPtrArray  *bv_source_discover_finish(GAsyncResult *result, GError **error);

/* --- Sync ---------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  gint64 read, added, changed, unchanged, deleted, merged;
  gint64 links;              /* links added or taken away */
  guint64 requests, retries, waits, bytes;
  gint64 waited_us, duration_us;
} BvSyncCounts;

typedef struct
{
  const char *source;   /* its name */
  const char *stream;   /* (nullable): the one at work */
  const char *table;    /* (nullable) */
  BvSourcePass pass;
  guint n_streams, n_done;
  gint64 total;         /* rows expected of the pass, or 0 */
  gint64 pass_read;     /* rows of the pass so far */
  BvSyncCounts counts;  /* of the run so far */
  double rate;          /* rows read per second, over the last seconds */
  const char *text;     /* translated: "HubSpot contacts: 12,400 rows", "waiting for HubSpot, 6 s" */
} BvSyncProgress;

typedef void (*BvSyncProgressFunc) (const BvSyncProgress *progress, gpointer user_data);

typedef enum
{
  BV_SYNC_DEFAULT = 0,
  BV_SYNC_SWEEP = 1 << 0,     /* sweep now, though it is not due */
  BV_SYNC_LINKS = 1 << 1,     /* read all links anew */
  BV_SYNC_RELOAD = 1 << 2,    /* forget the cursors and read everything again; rows stay and are compared */
  BV_SYNC_SCHEDULED = 1 << 3, /* noted in the run: nobody asked for it */
} BvSyncFlags;

typedef struct
{
  BvSyncFlags flags;
  const char *const *streams; /* (nullable): only these */
  GHashTable *secrets;        /* (nullable): as for bv_source_test() */
  const BvClock *clock;       /* (nullable): the machine's */
  const BvHttpLimits *limits; /* (nullable) */
  guint max_pages;            /* for tests: leaves off after so many pages as if the process had been killed; 0 never */
} BvSyncOptions;

/**
 * bv_source_sync:
 * @run: (out) (optional): the run's number, set also on an error
 *
 * Brings the tables up to date. TRUE only when every stream was read to its end and nothing was left out. On FALSE the tables are
 * as of the last good page, the run's record says what happened per stream, and the next sync goes on from there. BV_ERROR_EXISTS
 * when the source is being synced already. Cancelling is G_IO_ERROR_CANCELLED.
 */
gboolean    bv_source_sync           (BvProject *project, const BvSource *source, const BvSyncOptions *options,
                                      BvSyncProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                                      gint64 *run, GError **error);
void        bv_source_sync_async     (BvProject *project, const BvSource *source, const BvSyncOptions *options,
                                      BvSyncProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean    bv_source_sync_finish    (GAsyncResult *result, gint64 *run, GError **error);
/* Whether a sync of the source is under way in this process. */
gboolean    bv_source_is_syncing     (BvProject *project, const char *uuid);

/* --- History -------------------------------------------------------------------------------------------------------------------- */

typedef enum
{
  BV_RUN_RUNNING,
  BV_RUN_DONE,        /* every stream to its end */
  BV_RUN_PARTLY,      /* some streams failed or something was left out */
  BV_RUN_FAILED,
  BV_RUN_CANCELLED,
  BV_RUN_INTERRUPTED, /* the process ended; the next run goes on */
} BvRunStatus;

/* "running", "done", "partly", "failed", "cancelled", "interrupted" */
const char *bv_run_status_to_name  (BvRunStatus status);
const char *bv_run_status_to_label (BvRunStatus status); /* translated */

typedef struct
{
  char *stream;
  char *table;
  BvRunStatus status;
  BvSyncCounts counts;
  char *error;      /* (nullable): what happened and what to do */
} BvRunStream;

typedef struct
{
  gint64 id;
  char *source;     /* uuid */
  gint64 started, finished; /* instants (µs); finished 0 while running */
  BvRunStatus status;
  gboolean scheduled;
  gboolean undone;  /* it was taken back */
  gboolean has_diff; /* the history still holds what it replaced */
  BvSyncCounts counts;
  char *error;      /* (nullable) */
  GPtrArray *streams; /* BvRunStream */
} BvRun;

void        bv_run_free              (BvRun *run);
/* (transfer full) (element-type BvRun): newest first; @uuid NULL for all sources; @limit 0 for all */
GPtrArray  *bv_source_list_runs      (BvProject *project, const char *uuid, guint limit, GError **error);
BvRun      *bv_source_get_run        (BvProject *project, gint64 id, GError **error);

/**
 * bv_source_run_diff:
 * @limit: rows at most; the frame has BV_NOTE_TRUNCATED when there are more
 *
 * The rows of @table that the run touched: "_change" ("new", "changed", "deleted", "merged"), the key, then every column that
 * differs in one of the rows, before and after ("amount before", "amount"). BV_ERROR_NOT_FOUND when the history is too old.
 */
BvFrame    *bv_source_run_diff       (BvProject *project, gint64 run, const char *table, guint limit, GCancellable *cancellable, GError **error);

typedef struct
{
  char *source;       /* uuid */
  char *source_name;
  char *stream;
  char *table;
  gint64 n_rows;      /* that are not deleted */
  gint64 n_deleted;
  gint64 synced_at;   /* end of the last whole read of the stream; 0 never */
  gint64 swept_at;    /* the last look for records that are gone; 0 never */
  BvRunStatus last;   /* of its last run */
  char *error;        /* (nullable): of its last run */
} BvFreshness;

void        bv_freshness_free        (BvFreshness *freshness);
/* (transfer full) (element-type BvFreshness); @uuid NULL for all sources. Counts all rows, which takes a second for a million. */
GPtrArray  *bv_source_list_freshness (BvProject *project, const char *uuid, GCancellable *cancellable, GError **error);
void        bv_source_list_freshness_async  (BvProject *project, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer user_data);
GPtrArray  *bv_source_list_freshness_finish (GAsyncResult *result, GError **error);

typedef enum
{
  BV_DRIFT_ADDED,    /* a field appeared: it became a column, or waits for a decision */
  BV_DRIFT_CHANGED,  /* a type changed: new values are kept as text beside */
  BV_DRIFT_DROPPED,  /* a field is gone: its column stays as it was */
  BV_DRIFT_RETURNED, /* it came back */
} BvDriftKind;

typedef enum { BV_DECISION_NONE, BV_DECISION_ADD, BV_DECISION_IGNORE, BV_DECISION_KEEP } BvDriftDecision;

typedef struct
{
  gint64 id;
  char *source;    /* uuid */
  char *stream;
  char *field;
  char *table;
  char *column;    /* (nullable) */
  BvDriftKind kind;
  char *text;      /* one translated sentence: what was found and what was done */
  gint64 found_at;
  BvDriftDecision decision;
  gboolean open;   /* the analyst may still decide */
} BvDrift;

void        bv_drift_free            (BvDrift *drift);
/* (transfer full) (element-type BvDrift): newest first */
GPtrArray  *bv_source_list_drifts    (BvProject *project, const char *uuid, GError **error);
/* ADD: the field becomes a column with the next sync; IGNORE: it is left out; KEEP: seen, nothing to do. */
gboolean    bv_source_decide         (BvProject *project, gint64 drift, BvDriftDecision decision, GError **error);

/* --- Schedule -------------------------------------------------------------------------------------------------------------------- */

/* The instant at which the source is due next after its last run; 0 when it has no schedule. A source that never ran is due now. */
gint64      bv_source_next_due       (const BvSource *source, gint64 last_started, gint64 now);
/* "Every 6 hours", "Every day at 06:30" (transfer full) */
char       *bv_schedule_describe     (const BvSchedule *schedule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSource, bv_source_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvRun, bv_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvFreshness, bv_freshness_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDrift, bv_drift_free)

G_END_DECLS
