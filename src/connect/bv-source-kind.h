/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kind of source implements, and what the engine gives it.
 *
 * A kind ("hubspot", "postgresql") is one static BvSourceKind: words for people, a table of settings, and a few functions that
 * read. A kind never writes to the project, never loops over pages, never retries and never keeps a cursor of its own: the
 * engine asks for ONE PAGE of one stream in one pass, writes its rows together with the state in one transaction, and asks
 * again until the pass is done. A kill therefore loses at most a page, and every page must be able to follow from the state
 * that was kept with the page before it, in another process, days later.
 *
 * Protocol of a run: open, then fetch for each page of each stream, then close; all from one worker thread, never the UI's.
 * test and discover have their own open and close around them.
 *
 * The passes of a stream, in this order:
 *   FIRST    everything, when nothing was loaded yet; and in each run for streams without BV_STREAM_UPDATE, whose rows that a
 *            whole FIRST pass did not bring are marked as deleted
 *   UPDATE   (BV_STREAM_UPDATE) what changed since the cursor, with a look-back
 *   DELETED  (BV_STREAM_DELETED) the vendor's own list of deleted records, in each run
 *   SWEEP    (BV_STREAM_SWEEP) all ids that exist, once a day: what is not among them is marked as deleted
 *   LINKS    (streams with links) once for all rows after FIRST and weekly, else for the rows that UPDATE brought in a new form
 *
 * Two JSON objects hold where a stream is. @cursor lives until the source is reset: what UPDATE starts from. @page is the
 * position inside the pass: empty at its start, emptied by the engine at its end. Both are stored with each page; a kind may put
 * any members into them. A cursor that must only count once a whole window is written goes into @page first, and into
 * @cursor with the last page.
 */
#pragma once

#include "bv-http.h"
#include "bv-project.h"

G_BEGIN_DECLS

/* --- Settings ------------------------------------------------------------------------------------------------------------ */

typedef enum
{
  BV_SETTING_TEXT,
  BV_SETTING_SECRET,    /* kept in the keyring, never in the project */
  BV_SETTING_CHOICE,
  BV_SETTING_BOOL,      /* "true", "false" */
  BV_SETTING_INT,
  BV_SETTING_FILE,      /* a path */
  BV_SETTING_FOLDER,    /* a path */
  BV_SETTING_LONG_TEXT, /* SQL, a list of lines */
} BvSettingType;

typedef struct
{
  const char *value;
  const char *label; /* N_() */
} BvSettingChoice;

typedef struct
{
  const char *name;     /* the member of the definition's "settings" */
  const char *label;    /* N_(): the row's title */
  const char *hint;     /* N_() (nullable): one sentence below it */
  BvSettingType type;
  const BvSettingChoice *choices; /* (nullable): of CHOICE, ends with { NULL } */
  const char *fallback; /* (nullable): the value when none is given */
  gboolean required;
  gboolean advanced;    /* shown under "Advanced" */
} BvSetting;

/* --- Streams and fields ---------------------------------------------------------------------------------------------------- */

typedef enum
{
  BV_FIELD_DEFAULT = 1 << 0,  /* selected when nothing was chosen */
  BV_FIELD_ALWAYS = 1 << 1,   /* cannot be left out (the key, the cursor) */
  BV_FIELD_CUSTOM = 1 << 2,   /* made by the customer */
  BV_FIELD_LINKED = 1 << 3,   /* filled by the engine from a link, not by fetch (see BvStreamLink.foreign_key) */
} BvFieldFlags;

typedef struct
{
  char *name;     /* the vendor's name, unique in the stream */
  char *column;   /* the table's column; the name, when it reads well */
  char *label;    /* for people */
  char *group;    /* (nullable): for long lists */
  BvType type;
  char *vendor_type; /* (nullable): as the vendor calls the type; a change of it alone is no drift */
  BvFieldFlags flags;
} BvSourceField;

typedef enum
{
  BV_STREAM_DEFAULT = 1 << 0, /* selected when nothing was chosen */
  BV_STREAM_UPDATE = 1 << 1,
  BV_STREAM_DELETED = 1 << 2,
  BV_STREAM_SWEEP = 1 << 3,
  BV_STREAM_COSTLY = 1 << 4,  /* many requests: says so before it is chosen */
  BV_STREAM_APPEND = 1 << 5,  /* rows never change: what is known already is left alone, without comparing */
} BvStreamFlags;

/* An association of a stream's rows with those of another stream, kept in a link table (_source, from, to, type). */
typedef struct
{
  char *stream;      /* the stream linked to */
  char *table;       /* suffix of the link table: "deal_contacts" becomes hubspot_deal_contacts */
  char *from_column; /* "deal_id" */
  char *to_column;   /* "contact_id" */
  char *foreign_key; /* (nullable): column of the stream's own table that holds the first (primary, else lowest) id linked to */
  guint batch;       /* how many ids one fetch takes */
} BvStreamLink;

typedef struct
{
  char *name;        /* the vendor's name: "contacts", "public.orders" */
  char *label;       /* for people */
  char *table;       /* suffix of the table: "contacts" becomes hubspot_contacts */
  char *description; /* (nullable) */
  char **key;        /* names of the key fields; NULL where rows have none: such a stream is replaced as a whole by FIRST */
  char *cursor;      /* (nullable): name of the field that UPDATE goes by, for people */
  char *parent;      /* (nullable): the field that holds the record each row belongs to. The ids that bv_batch_delete() and bv_batch_see() are given
                      * are then those of such records, and stand for all of their rows; FIRST sees them, too. */
  BvStreamFlags flags;
  GPtrArray *fields; /* BvSourceField */
  GPtrArray *links;  /* BvStreamLink */
  gint64 n_rows;     /* about how many rows there are; -1 when not known */
  GError *error;     /* (nullable): why it cannot be read, found out with the others */
} BvSourceStream;

BvSourceField  *bv_source_field_new   (const char *name, const char *column, const char *label, BvType type, BvFieldFlags flags);
void            bv_source_field_free  (BvSourceField *field);
BvSourceStream *bv_source_stream_new  (const char *name, const char *table, const char *label, BvStreamFlags flags);
void            bv_source_stream_free (BvSourceStream *stream);
/* Takes @field. (transfer full) */
BvSourceField  *bv_source_stream_add  (BvSourceStream *stream, BvSourceField *field);
BvStreamLink   *bv_source_stream_add_link (BvSourceStream *stream, const char *to_stream, const char *table, const char *from_column,
                                           const char *to_column, const char *foreign_key, guint batch);
BvSourceField  *bv_source_stream_find (const BvSourceStream *stream, const char *name); /* NULL when there is none */
/* "Deal Stage (old)" → "deal_stage_old": a column or table name that reads well. (transfer full) */
char           *bv_source_slug        (const char *name);

/* --- What a kind is given ---------------------------------------------------------------------------------------------------- */

typedef struct _BvSourceContext BvSourceContext;

/* The value of a setting, its fallback, or NULL. Secrets come from the keyring. */
const char     *bv_source_context_get      (BvSourceContext *context, const char *name);
gint64          bv_source_context_get_int  (BvSourceContext *context, const char *name);
gboolean        bv_source_context_get_bool (BvSourceContext *context, const char *name);
/* The client of this run; made at the first call. */
BvHttp         *bv_source_context_get_http (BvSourceContext *context);
GCancellable   *bv_source_context_get_cancellable (BvSourceContext *context); /* (nullable) */
const BvClock  *bv_source_context_get_clock (BvSourceContext *context);
/* For kinds that do not speak HTTP: counts for the run's record, and a wait to show ("waiting for the lock, 6 s"). */
void            bv_source_context_count    (BvSourceContext *context, guint64 requests, guint64 bytes);
/* In discover: whether @stream is going to be read. Where it is not, its fields need not be asked for. */
gboolean        bv_source_context_wants    (BvSourceContext *context, const BvSourceStream *stream);
/* In discover: whether the streams are going to be read now, and not only looked at by a person. */
gboolean        bv_source_context_is_sync  (BvSourceContext *context);
/* What open returned. */
gpointer        bv_source_context_get_data (BvSourceContext *context);
/* A small JSON object of the source as a whole, kept between runs (a change of version, an account's number). */
JsonObject     *bv_source_context_get_memory (BvSourceContext *context);

typedef enum { BV_PASS_FIRST, BV_PASS_UPDATE, BV_PASS_DELETED, BV_PASS_SWEEP, BV_PASS_LINKS } BvSourcePass;

/* "first", "update", "deleted", "sweep", "links" */
const char     *bv_source_pass_to_name     (BvSourcePass pass);
const char     *bv_source_pass_to_label    (BvSourcePass pass); /* translated */

typedef struct _BvBatch BvBatch;

/* One page wanted. The kind reads the first group, writes the second. */
typedef struct
{
  BvSourceContext *context;
  const BvSourceStream *stream;
  BvSourcePass pass;
  GPtrArray *fields;   /* BvSourceField: the chosen ones, in the order of a row's values; those of BV_FIELD_LINKED are left out */
  gint64 run_start;    /* instant (µs) at which this pass began, also when it began in an earlier run */
  const BvStreamLink *link; /* of LINKS */
  const char *const *ids;   /* of LINKS: the rows whose links are wanted; at most link->batch, NULL-terminated */

  JsonObject *cursor;
  JsonObject *page;
  BvBatch *batch;
  gboolean done;       /* the pass is complete with this page; LINKS: ignored, the engine counts the ids */
  gint64 total;        /* how many rows the pass will bring, where known; else 0 */
} BvFetch;

/**
 * bv_batch_add_row:
 * @values: one per field of the fetch, null or of the field's type (int is taken for double); texts are copied. A value of another type
 *   is kept as text in a column beside the typed one
 * @extra: (nullable): JSON object of what no field holds
 *
 * For UPDATE and FIRST, also for DELETED rows that come whole: bv_batch_delete() says that they are.
 */
void            bv_batch_add_row     (BvBatch *batch, const BvValue *values, const char *extra);
/* The quick way for databases: begin, then one call per field in order, then end. */
void            bv_batch_begin_row   (BvBatch *batch);
void            bv_batch_put_null    (BvBatch *batch);
void            bv_batch_put_int     (BvBatch *batch, gint64 i);  /* int, bool; date in days, timestamp in µs by the field's type */
void            bv_batch_put_double  (BvBatch *batch, double d);
void            bv_batch_put_text    (BvBatch *batch, const char *s, gsize length); /* as it is: dates and timestamps in the project's form */
void            bv_batch_end_row     (BvBatch *batch, const char *extra);
/* The record with this id was deleted at @when (0: not known). Ids are the key's texts, several key fields joined with "\x1f". */
void            bv_batch_delete      (BvBatch *batch, const char *id, gint64 when);
/* SWEEP: this id exists. */
void            bv_batch_see         (BvBatch *batch, const char *id);
/* SWEEP: whether the row of @id is here, not deleted, and its cursor field has this value (as the project stores it; NULL: any). What is
 * not should be read and added as a row. */
gboolean        bv_batch_is_current  (BvBatch *batch, const char *id, const char *cursor);
/* Streams with a parent, and a key of it and an order: the vendor tells of the rows of @parent from @from on, and this page has all of these. Others from
 * there on are gone; what is before stays, or is there again, whether or not the vendor still tells of it. */
void            bv_batch_cover       (BvBatch *batch, const char *parent, const char *from);
/* The same: the last row of @parent before @before, as it is here. @values: one per field, to be cleared. FALSE when there is none. */
gboolean        bv_batch_look_before (BvBatch *batch, const char *parent, const char *before, BvValue *values);
/* @loser was merged into @survivor: its row is marked, links and foreign keys follow the survivor. */
void            bv_batch_merge       (BvBatch *batch, const char *loser, const char *survivor);
/* LINKS: replaces all links of the ids asked for by those added. @type: (nullable): the label; @primary: comes first as foreign key. */
void            bv_batch_link        (BvBatch *batch, const char *from, const char *to, const char *type, gboolean primary);
/* Something of this page was left out; @why is a translated sentence. A stream with such a note is not a success. */
void            bv_batch_skip        (BvBatch *batch, const char *why);
/* A record of this page needs no row. Pages without anything, one after the other, are taken for a list without an end. */
void            bv_batch_pass_over   (BvBatch *batch);
guint           bv_batch_get_n_rows  (const BvBatch *batch);
/* Pages of about this many rows suit the engine, where the kind may choose. */
#define BV_BATCH_ROWS 10000

/* --- A kind -------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *id;        /* "hubspot" */
  const char *name;      /* "HubSpot": also the group in the sidebar */
  const char *summary;   /* N_(): one sentence */
  const char *icon;      /* icon name */
  const char *category;  /* N_(): "Applications", "Databases", "Files" */
  const BvSetting *settings; /* ends with { NULL } */

  /* (optional): connects; what it returns is bv_source_context_get_data(). NULL with @error. */
  gpointer   (*open)     (BvSourceContext *context, GError **error);
  void       (*close)    (BvSourceContext *context, gpointer data);
  /* Tries the connection and adds a translated line for each thing found ("Account 12345, Europe/Paris") to @lines (utf8). FALSE
   * with an @error that names what is missing: the key, the scope, the version. */
  gboolean   (*test)     (BvSourceContext *context, GPtrArray *lines, GError **error);
  /* (transfer full) (element-type BvSourceStream): what there is to read. */
  GPtrArray *(*discover) (BvSourceContext *context, GError **error);
  /* One page. On an error nothing of it is kept. BV_HTTP_ERROR_FORBIDDEN and NOT_FOUND end the stream, UNAUTHORIZED and QUOTA
   * the run, everything else the stream until the next run. */
  gboolean   (*fetch)    (BvFetch *fetch, GError **error);
} BvSourceKind;

/* NULL when there is none. */
const BvSourceKind        *bv_source_kind_find (const char *id);
/* All of them, in the order of the gallery; ends with NULL. */
const BvSourceKind *const *bv_source_kind_list (void);
const BvSetting           *bv_source_kind_find_setting (const BvSourceKind *kind, const char *name);
/* For tests: a kind of their own, found before all others; NULL takes it away. */
void                       bv_source_kind_set_test (const BvSourceKind *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSourceField, bv_source_field_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSourceStream, bv_source_stream_free)

G_END_DECLS
