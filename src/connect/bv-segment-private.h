/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the kind "segment-files" share. */
#pragma once

#include "bv-import-private.h"
#include "bv-source-kind.h"

G_BEGIN_DECLS

/* --- bv-segment-folder.c: which files there are, and their lines */

typedef struct
{
  char *path;  /* relative to the folder */
  gint64 size;
  char id[12]; /* of path, size and time of change: 11 characters */
} BvSegmentFile;

/* By path, which is by day in Segment's layout. (transfer full) (element-type BvSegmentFile) */
GPtrArray *bv_segment_list_files (const char *folder, GCancellable *cancellable, GError **error);

/* A set of files as text, 11 characters for each, and as hash table. */
GHashTable *bv_segment_set_read  (const char *text);
char       *bv_segment_set_write (GHashTable *set);

typedef struct _BvSegmentReader BvSegmentReader;

/* Begins @offset bytes into the inflated file, which is behind @line lines. */
BvSegmentReader *bv_segment_reader_open   (const char *path, gint64 offset, gint64 line, GCancellable *cancellable, GError **error);
void             bv_segment_reader_free   (BvSegmentReader *self);
/* The next line that is not blank, valid until the next call; *text is NULL at the end. */
gboolean         bv_segment_reader_next   (BvSegmentReader *self, const char **text, gsize *length, GError **error);
gint64           bv_segment_reader_offset (const BvSegmentReader *self); /* behind the line returned last */
gint64           bv_segment_reader_line   (const BvSegmentReader *self); /* of the line returned last, from 1 */

/* --- bv-segment-spool.c: the lines of new files by stream, for one sync */

typedef struct _BvSegmentSpool BvSegmentSpool;
typedef struct _BvSegmentSpoolReader BvSegmentSpoolReader;

/* At most @max_bytes on disk. NULL when there is no place for it. */
BvSegmentSpool *bv_segment_spool_new  (gint64 max_bytes);
void            bv_segment_spool_free (BvSegmentSpool *self);
/* A line of @stream in the file that is being looked at; @offset: behind it. */
void            bv_segment_spool_add  (BvSegmentSpool *self, const char *stream, const char *text, gsize length, gint64 offset, gint64 line);
/* The file @id was looked at to its end; where not @whole, none of its lines are kept. */
void            bv_segment_spool_end  (BvSegmentSpool *self, const char *id, gboolean whole);
/* The lines of @stream in the file @id behind @offset; NULL when the file is not in the spool, or @self is NULL. */
BvSegmentSpoolReader *bv_segment_spool_open (BvSegmentSpool *self, const char *stream, const char *id, gint64 offset);
void            bv_segment_spool_reader_free (BvSegmentSpoolReader *reader);
/* FALSE at the end; *broken: the spool cannot be read, and what it gave so far is all there is to have of it. */
gboolean        bv_segment_spool_next (BvSegmentSpoolReader *reader, const char **text, gsize *length, gboolean *broken);
gint64          bv_segment_spool_offset (const BvSegmentSpoolReader *reader);
gint64          bv_segment_spool_line (const BvSegmentSpoolReader *reader);

/* --- bv-segment-call.c: a line as a call */

typedef enum
{
  BV_SEGMENT_TRACK,
  BV_SEGMENT_IDENTIFY,
  BV_SEGMENT_PAGE,
  BV_SEGMENT_SCREEN,
  BV_SEGMENT_GROUP,
  BV_SEGMENT_ALIAS,
  BV_SEGMENT_N_TYPES
} BvSegmentType;

typedef struct
{
  gsize path, text; /* offsets in the call's texts */
  gsize length;
  BvJsonKind kind;
} BvSegmentCell;

typedef struct
{
  BvJson *json;
  GString *texts;
  GArray *cells; /* BvSegmentCell: the members that are no objects, flattened; names joined with "." */
  BvSegmentType type;
  const char *event; /* (nullable): of TRACK, as it was sent */
} BvSegmentCall;

void        bv_segment_call_init  (BvSegmentCall *self);
void        bv_segment_call_clear (BvSegmentCall *self);
/* Reads the line and checks that it is a call with type and messageId, and an event where it is a TRACK. */
gboolean    bv_segment_call_read  (BvSegmentCall *self, const char *text, gsize length, gint64 line, GError **error);
const char *bv_segment_call_path  (const BvSegmentCall *self, guint i);
/* The text of the member at @path that is a string or number and not empty; NULL when there is none. */
const char *bv_segment_call_find  (const BvSegmentCall *self, const char *path);
/* Cell @i as @type; what does not fit is text. Borrowed from the call. */
void        bv_segment_call_value (const BvSegmentCall *self, guint i, BvType type, BvValue *value);
/* "track" */
const char *bv_segment_type_name  (BvSegmentType type);

/* --- bv-segment-schema.c: what the calls hold */

#define BV_SEGMENT_EVENT "event:"

typedef struct
{
  GHashTable *streams; /* name → BvSegmentSchemaStream */
  GPtrArray *order;    /* of names, as they were met */
  GHashTable *files;   /* those that were looked at */
} BvSegmentSchema;

BvSegmentSchema *bv_segment_schema_load (JsonObject *memory);
void             bv_segment_schema_save (const BvSegmentSchema *self, JsonObject *memory);
void             bv_segment_schema_free (BvSegmentSchema *self);
void             bv_segment_schema_add  (BvSegmentSchema *self, const BvSegmentCall *call);
/* What is to be looked for in a line of the event stream @name: its events as sent. (nullable) */
GPtrArray       *bv_segment_schema_get_events (const BvSegmentSchema *self, const char *name);
/* (transfer full) (element-type BvSourceStream) */
GPtrArray       *bv_segment_schema_get_streams (const BvSegmentSchema *self);
/* "Signed Up" → "signed_up" (transfer full) */
char            *bv_segment_event_slug  (const char *event);
/* Whether @path is data of calls of @type for a stream; @event: for an event's own. */
gboolean         bv_segment_takes_path  (const char *path, BvSegmentType type, gboolean event);
/* The stream of @type ("tracks"), and the type of the stream @name. */
const char      *bv_segment_stream_name (BvSegmentType type);
gboolean         bv_segment_stream_type (const char *name, BvSegmentType *type, gboolean *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSegmentReader, bv_segment_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSegmentSpoolReader, bv_segment_spool_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSegmentSchema, bv_segment_schema_free)

G_END_DECLS
