/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions: any/all lists of predicates on fields, as filters of metrics, charts and reports. */
#pragma once

#include "bv-calendar.h"
#include "bv-error.h"
#include "bv-value.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BV_OP_IS,             /* equals any of the values */
  BV_OP_IS_NOT,         /* equals none of the values; null rows match */
  BV_OP_CONTAINS,       /* text contains any of the values, ignoring case */
  BV_OP_NOT_CONTAINS,   /* contains none; null rows match */
  BV_OP_STARTS_WITH,
  BV_OP_ENDS_WITH,
  BV_OP_GT,
  BV_OP_GE,
  BV_OP_LT,
  BV_OP_LE,
  BV_OP_BETWEEN,        /* two values, both ends included */
  BV_OP_BEFORE,         /* time: earlier than the date's start */
  BV_OP_AFTER,          /* time: later than the date's end */
  BV_OP_IN_RANGE,       /* time: one text value, a preset or FROM..TO */
  BV_OP_NOT_IN_RANGE,   /* null rows match */
  BV_OP_IS_SET,         /* not null and not the empty text */
  BV_OP_IS_NOT_SET,
} BvOp;

/* "is", "is-not", "contains", "not-contains", "starts-with", "ends-with", "gt", "ge", "lt", "le", "between", "before", "after",
 * "in-range", "not-in-range", "is-set", "is-not-set": the keys of the JSON. from_name also takes "=", "!=", ">", ">=", "<", "<=",
 * "equals", "does not equal", "is not", "does not contain", "in range", "not in range", "is set", "is not set", and so on, with
 * blanks or hyphens. */
const char *bv_op_to_name   (BvOp op);
gboolean    bv_op_from_name (const char *name, BvOp *op);
const char *bv_op_to_label  (BvOp op); /* translated */
/* Whether the operator can be used on a field of @type. */
gboolean    bv_op_fits      (BvOp op, BvType type);

typedef enum { BV_CONDITION_ALL, BV_CONDITION_ANY, BV_CONDITION_TEST } BvConditionKind;

/**
 * BvCondition:
 *
 * A tree: lists (all, any) over tests. Plain data, owned by its parent. JSON: {"all": […]}, {"any": […]}, or
 * {"field": REF, OP: VALUE or [VALUES]}; an empty list is always true, and inside another list it is as if it were not there.
 */
typedef struct _BvCondition BvCondition;
struct _BvCondition
{
  BvConditionKind kind;
  GPtrArray *children; /* BvCondition, of ALL and ANY */
  char *field;         /* of TEST: a dimension's name, or "table.column" with a table or its role name */
  BvOp op;
  GArray *values;      /* BvValue; dates and timestamps may be text, they are read by the field's type */
};

BvCondition *bv_condition_new_list (BvConditionKind kind);
BvCondition *bv_condition_new_test (const char *field, BvOp op);
void         bv_condition_add      (BvCondition *list, BvCondition *child);   /* (transfer full) child */
void         bv_condition_add_value(BvCondition *test, const BvValue *value); /* copies */
BvCondition *bv_condition_copy     (const BvCondition *condition);            /* NULL gives NULL */
void         bv_condition_free     (BvCondition *condition);
gboolean     bv_condition_is_empty (const BvCondition *condition);            /* NULL or only empty lists */
BvCondition *bv_condition_from_json(JsonNode *node, GError **error);
JsonNode    *bv_condition_to_json  (const BvCondition *condition);            /* (transfer full) */
/* "FIELD OP VALUE[, VALUE…]" of the command line; the field may hold blanks; field and values may be in double quotes (doubled inside), and
 * the empty text must be. The leftmost operator outside a quoted field counts. */
BvCondition *bv_condition_parse    (const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvCondition, bv_condition_free)

G_END_DECLS
