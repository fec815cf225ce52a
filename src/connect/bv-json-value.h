/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds that speak JSON share: values by type, members by path, flattened records. */
#pragma once

#include "bv-value.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * bv_json_value:
 * @node: (nullable)
 * @texts: owns the texts that are made up; @value borrows from it or from @node and must not be cleared
 *
 * @node as @type. Null, a missing member and an empty text are null. A number is an instant in unix seconds (ms from 10^11 on) where a time
 * is wanted; lists and objects are their JSON text. What does not fit comes as text, so that nothing is lost.
 */
void         bv_json_value        (JsonNode *node, BvType type, GStringChunk *texts, BvValue *value);

/* The member of @object at @path, a list of names that ends with NULL; NULL when there is none. */
JsonNode    *bv_json_get          (JsonObject *object, const char *const *path);
/* The same for names joined with "." */
JsonNode    *bv_json_get_dotted   (JsonObject *object, const char *path);
JsonObject  *bv_json_get_object   (JsonObject *object, const char *path); /* NULL when it is none */
JsonArray   *bv_json_get_array    (JsonObject *object, const char *path);
JsonObject  *bv_json_get_element  (JsonArray *array, guint i); /* likewise */
const char  *bv_json_get_text     (JsonObject *object, const char *path); /* NULL when it is no text or empty */
gint64       bv_json_get_int      (JsonObject *object, const char *path, gint64 fallback);
gboolean     bv_json_get_bool     (JsonObject *object, const char *path);
/* An id: a text, or a whole number as text. (transfer full) (nullable) */
char        *bv_json_dup_id       (JsonObject *object, const char *path);

/* Called for each member that is no object, with the names on the way to it joined with "." */
typedef void (*BvJsonFlatFunc)    (const char *path, JsonNode *node, gpointer data);
/* Enters objects to a depth of 100; what is deeper, and lists, are reported as they are. Empty objects are not reported. */
void         bv_json_flatten      (JsonObject *object, BvJsonFlatFunc func, gpointer data);
/* As bv_json_types(): a bit (1 << BvType) for each type that @node can be read as. */
guint        bv_json_node_types   (JsonNode *node);

/* A column's name for a path: "context.page.userId" → "context_page_user_id". (transfer full) */
char        *bv_json_column_name  (const char *path);
/* A label for people: "time_to_admin_reply" → "Time to admin reply". (transfer full) */
char        *bv_json_label        (const char *name);

G_END_DECLS
