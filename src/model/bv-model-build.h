/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a snapshot: new, then the tables, then the definitions, then finish. */
#pragma once

#include "bv-model.h"

G_BEGIN_DECLS

BvModel  *bv_model_new            (void);
/* (transfer full) table */
void      bv_model_take_table     (BvModel *model, BvTable *table);
BvTable  *bv_table_new            (const char *name, const char *source);
BvField  *bv_table_add_field      (BvTable *table, const char *name, BvType type);
/* Reads one definition's body. A broken body is noted in the problems and left out. @kind: "settings", "table", "relationship",
 * "exploration", "report", "source". */
void      bv_model_add_definition (BvModel *model, const char *kind, const char *uuid, const char *name, const char *body);
/* Validates all references; the model is immutable from here on. */
void      bv_model_finish         (BvModel *model);

/* The metadata part of a table (label, description, hidden, fields' metadata). */
JsonObject *bv_table_to_json      (BvTable *table);
/* Checks the metadata's form without a table to put it on. */
gboolean    bv_table_check_json   (JsonObject *object, GError **error);
/* @as_of: (nullable): the ISO day that “today” is; NULL is the clock's */
JsonObject *bv_settings_to_json   (const char *time_zone, const char *currency, int week_start, const char *as_of);
gboolean    bv_settings_from_json (JsonObject *object, char **time_zone, char **currency, int *week_start, char **as_of, GError **error);

/* bv-validate.c */
void      bv_model_validate       (BvModel *model);
void      bv_model_add_problem    (BvModel *model, const char *path, const char *message);

G_END_DECLS
