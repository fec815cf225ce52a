/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model: what tables mean, and what explorations and reports are made of.
 *
 * A #BvModel is an immutable, reference-counted snapshot of all definitions, safe to read from any thread. Its objects are plain
 * structs with JSON both ways; editing copies one, changes it and puts its JSON back into the project, from which the next
 * snapshot is made. References are names: a rename rewrites them (see bv_model_rename_…).
 *
 * Names of fields: "table.column", where table is a table's name or, in an exploration, the role name ("as") of a related table.
 */
#pragma once

#include "bv-condition.h"
#include "bv-format.h"

G_BEGIN_DECLS

/* --- Tables, fields, relationships ---------------------------------------------------------------------------------- */

typedef struct
{
  char *name;        /* the column */
  BvType type;
  char *label;       /* (nullable): shown instead of the name */
  char *description; /* (nullable) */
  char *semantic;    /* (nullable): "email", "person", "company", "country", "url", "phone", "id", "money" */
  gboolean hidden;
  BvFormat format;
} BvField;

typedef struct
{
  char *uuid;        /* (nullable): of the metadata's definition, when there is one */
  char *name;
  char *label;       /* (nullable) */
  char *description; /* (nullable) */
  char *source;
  gboolean hidden;
  char **key;        /* (nullable) */
  gint64 n_rows;
  gint64 loaded_at;
  GPtrArray *fields; /* BvField, in column order */
} BvTable;

typedef enum { BV_RELATIONSHIP_BELONGS_TO, BV_RELATIONSHIP_HAS_MANY, BV_RELATIONSHIP_HAS_ONE } BvRelationshipType;

/* Always kept as from belongs-to to (has-many is turned round; has-one keeps its sides). The mirror is implied. */
typedef struct
{
  char *uuid;
  char *from_table, *from_column;
  char *to_table, *to_column;
  BvRelationshipType type;
} BvRelationship;

/* --- Explorations ------------------------------------------------------------------------------------------------------- */

/* A related table in its role. */
typedef struct
{
  char *table;
  char *as;       /* role name, unique in the exploration; the table's name when not given */
  char *parent;   /* role of the table it hangs under; found from @through when not given */
  char *through;  /* "table.column" of the relationship's from side */
} BvRelated;

typedef struct
{
  char *name;
  char *field;       /* "role.column" */
  char *description; /* (nullable) */
  gboolean hidden;
  BvFormat format;
} BvDimension;

typedef enum
{
  BV_AGG_COUNT,
  BV_AGG_COUNT_DISTINCT,
  BV_AGG_SUM,
  BV_AGG_AVERAGE,
  BV_AGG_MEDIAN,
  BV_AGG_MIN,
  BV_AGG_MAX,
  BV_AGG_PERCENTILE,       /* @percentile in 0…1; linear interpolation between closest ranks */
  BV_AGG_CUMULATIVE_COUNT, /* @of another metric, or its own rows */
  BV_AGG_CUMULATIVE_SUM,   /* @of another metric, or of @field */
  BV_AGG_FORMULA,
} BvAggregate;

/* "count", "count-distinct", "sum", "average", "median", "min", "max", "percentile", "cumulative-count", "cumulative-sum", "formula". */
const char *bv_aggregate_to_name   (BvAggregate aggregate);
gboolean    bv_aggregate_from_name (const char *name, BvAggregate *aggregate);
const char *bv_aggregate_to_label  (BvAggregate aggregate);

typedef enum { BV_FROM_RANGE, BV_FROM_ALL } BvCumulativeFrom; /* "range" (default), "all" */

typedef struct
{
  char *name;
  BvAggregate aggregate;
  char *table;        /* (nullable): role whose rows are measured; that of @field, or the root, when not given */
  char *field;        /* (nullable): "role.column" */
  char *of;           /* (nullable): the metric that a cumulative one runs over */
  BvCumulativeFrom from;
  double percentile;
  char *formula;      /* (nullable): "[Won revenue] / [Won deals]" with + - * / ( ) and numbers */
  BvCondition *where; /* (nullable): on columns of the metric's own table and of those it belongs to */
  char *description;  /* (nullable) */
  gboolean hidden;
  gboolean down_is_good;
  BvFormat format;
} BvMetric;

typedef struct
{
  char *uuid;
  char *name;
  char *description;     /* (nullable) */
  char *root;            /* table name, also its role name */
  GPtrArray *related;    /* BvRelated */
  GPtrArray *dimensions; /* BvDimension */
  GPtrArray *metrics;    /* BvMetric */
  char *time_field;      /* (nullable): a dimension's name: the default time of its charts */
} BvExploration;

/* --- Charts ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  char *dimension;
  BvGrain grain;   /* of time dimensions, else NONE */
} BvGroup;

typedef struct
{
  char *name;      /* a metric, or a dimension of the chart */
  gboolean descending;
} BvSort;

typedef struct
{
  char *uuid;            /* unused in tiles */
  char *exploration;
  char *type;            /* "number", "line", "area", "bar", "pie", "table"… as the chart room names them */
  char **metrics;        /* names, NULL-terminated */
  GArray *by;            /* BvGroup */
  char *pivot;           /* (nullable): dimension whose values become series */
  BvGrain pivot_grain;
  char *time_field;      /* (nullable): dimension; NULL is the exploration's time field */
  BvGrain grain;         /* NONE: not grouped by time */
  char *range;           /* (nullable): preset or FROM..TO */
  BvCondition *where;    /* (nullable): on dimensions or fields */
  GArray *sort;          /* BvSort */
  int limit;             /* rows; 0 is the default of the chart's type */
  int top;               /* groups kept by the first metric; 0 is all */
  gboolean top_others;   /* the rest is one row "Others" */
  char *compare;         /* (nullable): "previous-period", "previous-week|month|quarter|year" */
  JsonObject *options;   /* (nullable): the chart room's options, kept as they are */
} BvChart;

/* --- Reports ------------------------------------------------------------------------------------------------------------------- */

typedef enum { BV_TILE_CHART, BV_TILE_TEXT, BV_TILE_IMAGE, BV_TILE_NAVIGATION } BvTileKind;

#define BV_GRID_COLUMNS 12

typedef struct
{
  char *id;          /* unique in the report */
  BvTileKind kind;
  char *title;       /* (nullable): the chart's metrics in words when not given */
  char *description; /* (nullable) */
  int x, y, w, h;    /* cells of a grid with BV_GRID_COLUMNS columns */
  BvChart *chart;    /* of CHART */
  char *text;        /* of TEXT: "# Heading", paragraphs, "- lists"; of NAVIGATION the label */
  char *target;      /* of IMAGE the file's data URI or path, of NAVIGATION a report's name or an address */
} BvTile;

#define BV_FILTER_TIME "default-time"

typedef struct
{
  char *id;
  char *name;
  char *field;           /* "Exploration/Dimension", or BV_FILTER_TIME */
  char *control;         /* "multi", "single", "search", "text", "range", "date", "boolean" */
  char *label_field;     /* (nullable): dimension shown for the values */
  GArray *defaults;      /* BvValue: default values; of a time filter one text (preset or FROM..TO); empty is no filter */
  gboolean required;
  gboolean hidden;
  int limit;             /* of the value list; 5000 when not given */
  GHashTable *tiles;     /* tile id -> dimension name of the tile's exploration, or "" for "Do not filter" */
  char **controlled_by;  /* (nullable): names of filters that narrow this one's values */
} BvFilter;

typedef struct
{
  char *uuid;
  char *name;
  char *description;   /* (nullable) */
  GPtrArray *tiles;    /* BvTile */
  GPtrArray *filters;  /* BvFilter */
} BvReport;

/* --- Sources --------------------------------------------------------------------------------------------------------------------- */

/* What a source is, as JSON: name, kind, prefix, settings without secrets, streams, schedule. The connect room reads it. */
typedef struct
{
  char *uuid;
  char *name;
  char *kind;
  JsonObject *json;
} BvSourceDefinition;

/* --- The snapshot ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  char *path;    /* "explorations/HubSpot deals/metrics/Won revenue" */
  char *message; /* one translated sentence */
} BvProblem;

typedef struct _BvModel BvModel;
struct _BvModel
{
  char *time_zone;          /* IANA; "UTC" when not set */
  char *currency;           /* (nullable): ISO 4217 */
  char *as_of;              /* (nullable): the day that "today" is, ISO; NULL: the clock's */
  int week_start;           /* 1 Monday … 7 Sunday */
  BvCalendar *calendar;
  GPtrArray *tables;        /* BvTable */
  GPtrArray *relationships; /* BvRelationship */
  GPtrArray *explorations;  /* BvExploration */
  GPtrArray *reports;       /* BvReport */
  GPtrArray *sources;       /* BvSourceDefinition */
  GPtrArray *problems;      /* BvProblem: broken parts; everything else keeps working */
};

BvModel        *bv_model_ref               (BvModel *self);
void            bv_model_unref             (BvModel *self);
BvTable        *bv_model_find_table        (BvModel *self, const char *name);
BvField        *bv_table_find_field        (BvTable *table, const char *name);
/* How a field's values are written: its own format, or digits without grouping for ids that have none. (transfer full) */
BvFormat        bv_field_get_format        (const BvField *field);
BvExploration  *bv_model_find_exploration  (BvModel *self, const char *name); /* by name or uuid */
BvReport       *bv_model_find_report       (BvModel *self, const char *name); /* by name or uuid */
BvDimension    *bv_exploration_find_dimension (BvExploration *exploration, const char *name);
BvMetric       *bv_exploration_find_metric (BvExploration *exploration, const char *name);
BvTile         *bv_report_find_tile        (BvReport *report, const char *id);
BvFilter       *bv_report_find_filter      (BvReport *report, const char *name); /* by name or id */
/* Of a filter's "Exploration/Dimension" the exploration, and as @name the dimension (or field). Names may hold slashes themselves: the first split of which both
 * halves exist is meant, else the first of which the exploration does. NULL when no exploration is named. */
BvExploration  *bv_model_split_filter_field (BvModel *self, const char *field, const char **name);

/* The table a related table hangs under and the relationship between them. @parent: (out) (transfer none): the parent's role.
 * @belongs_to: (out): whether a parent row has at most one row of @related (seen from the parent it is the one side).
 * NULL with NOT_FOUND or AMBIGUOUS, saying what to pick. */
BvRelationship *bv_exploration_resolve_related (BvExploration *exploration, BvModel *model, BvRelated *related,
                                                const char **parent, gboolean *belongs_to, GError **error);
BvRelated      *bv_exploration_find_related (BvExploration *exploration, const char *role); /* NULL for the root */

/**
 * bv_exploration_resolve_field:
 * @ref: "role.column", a dimension's name, or a column of the root
 * @role: (out) (optional) (transfer full)
 * @column: (out) (optional) (transfer full)
 *
 * Returns: (nullable) (transfer none): the field; NULL with BV_ERROR_NOT_FOUND naming the missing part
 */
BvField        *bv_exploration_resolve_field (BvExploration *exploration, BvModel *model, const char *ref,
                                              char **role, char **column, GError **error);
/* The table of a role (the root's name, or an "as"); NULL when there is none. */
BvTable        *bv_exploration_find_role   (BvExploration *exploration, BvModel *model, const char *role);

/**
 * bv_exploration_new_for_table:
 *
 * An exploration made by the automatic rule: sum and average for every numeric column that is no id, one count named
 * "Number of <table>", every other column a dimension; the time field is the first time column whose name suggests it.
 */
BvExploration  *bv_exploration_new_for_table (BvModel *model, BvTable *table);
/* Adds the automatic measures of a related table to an exploration that has the role. */
void            bv_exploration_add_measures (BvExploration *exploration, BvModel *model, const char *role);

/* --- Problems by object, for inline display ---------------------------------------------------------------------------------------- */
/* The first problem whose path is @path or below it; NULL when sound. */
const BvProblem *bv_model_find_problem     (BvModel *self, const char *path);

/* --- JSON ----------------------------------------------------------------------------------------------------------------------------- */

BvExploration  *bv_exploration_from_json   (JsonObject *object, GError **error);
JsonObject     *bv_exploration_to_json     (BvExploration *exploration);
BvReport       *bv_report_from_json        (JsonObject *object, GError **error);
JsonObject     *bv_report_to_json          (BvReport *report);
BvChart        *bv_chart_from_json         (JsonObject *object, GError **error);
JsonObject     *bv_chart_to_json           (BvChart *chart);
/* The form is checked; secrets among the settings are refused. */
BvSourceDefinition *bv_source_definition_from_json (JsonObject *object, GError **error);
void            bv_source_definition_free  (BvSourceDefinition *source);
BvRelationship *bv_relationship_from_json  (JsonObject *object, GError **error);
JsonObject     *bv_relationship_to_json    (BvRelationship *relationship);
BvFormat        bv_format_from_json        (JsonObject *object); /* NULL gives auto */
JsonObject     *bv_format_to_json          (const BvFormat *format); /* NULL for auto */
/* A definition's body as text, the way the project keeps it. (transfer full) */
char           *bv_json_object_to_text     (JsonObject *object, gboolean pretty);
/* A copy all the way down. JSON-GLib's own shares what lies below, and counts references without atomics: threads may not share an object. (transfer full) */
JsonObject     *bv_json_object_copy        (JsonObject *object);

/* Copies and frees; every *_free takes NULL. */
BvExploration  *bv_exploration_copy        (BvExploration *exploration);
BvReport       *bv_report_copy             (BvReport *report);
/* Whether it is a table whose option "subtotals" is on. */
gboolean        bv_chart_has_subtotals     (const BvChart *chart);
BvChart        *bv_chart_copy              (BvChart *chart);
BvTile         *bv_tile_copy               (BvTile *tile);
BvFilter       *bv_filter_copy             (BvFilter *filter);
BvMetric       *bv_metric_copy             (BvMetric *metric);
BvDimension    *bv_dimension_copy          (BvDimension *dimension);
void            bv_table_free              (BvTable *table);
void            bv_field_free              (BvField *field);
void            bv_relationship_free       (BvRelationship *relationship);
void            bv_related_free            (BvRelated *related);
void            bv_dimension_free          (BvDimension *dimension);
void            bv_metric_free             (BvMetric *metric);
void            bv_exploration_free        (BvExploration *exploration);
void            bv_chart_free              (BvChart *chart);
void            bv_tile_free               (BvTile *tile);
void            bv_filter_free             (BvFilter *filter);
void            bv_report_free             (BvReport *report);
/* Empty objects with their arrays made. */
BvExploration  *bv_exploration_new         (const char *name, const char *root);
BvChart        *bv_chart_new               (const char *exploration, const char *type);
BvTile         *bv_tile_new                (const char *id, BvTileKind kind);
BvFilter       *bv_filter_new              (const char *name, const char *field);
BvReport       *bv_report_new              (const char *name);
BvMetric       *bv_metric_new              (const char *name, BvAggregate aggregate);
BvDimension    *bv_dimension_new           (const char *name, const char *field);
BvRelated      *bv_related_new             (const char *table, const char *as, const char *through);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvModel, bv_model_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvExploration, bv_exploration_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvReport, bv_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvChart, bv_chart_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTile, bv_tile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvFilter, bv_filter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvMetric, bv_metric_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvDimension, bv_dimension_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvRelationship, bv_relationship_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvTable, bv_table_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvField, bv_field_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvRelated, bv_related_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvSourceDefinition, bv_source_definition_free)

G_END_DECLS
