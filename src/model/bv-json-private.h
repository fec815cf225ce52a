/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON objects member by member with the first error kept, its path named, and unknown members refused: a misspelt "where"
 * must not silently measure more rows. '-' and '_' in member names are the same. */
#pragma once

#include "bv-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  JsonObject *object;
  const char *path;  /* of the object, for messages */
  GHashTable *seen;
  GError *error;     /* the first one */
} BvJsonReader;

void        bv_json_reader_init  (BvJsonReader *self, JsonObject *object, const char *path);
/* Refuses members nobody asked for, moves the error out and clears. */
gboolean    bv_json_reader_end   (BvJsonReader *self, GError **error);
void        bv_json_reader_fail  (BvJsonReader *self, const char *member, const char *message);
JsonNode   *bv_json_read_node    (BvJsonReader *self, const char *member); /* NULL when absent or null */
char       *bv_json_read_string  (BvJsonReader *self, const char *member); /* copy; NULL when absent */
char       *bv_json_require_string (BvJsonReader *self, const char *member);
gboolean    bv_json_read_bool    (BvJsonReader *self, const char *member, gboolean fallback);
gint64      bv_json_read_int     (BvJsonReader *self, const char *member, gint64 fallback);
double      bv_json_read_double  (BvJsonReader *self, const char *member, double fallback);
JsonArray  *bv_json_read_array   (BvJsonReader *self, const char *member); /* NULL when absent */
JsonObject *bv_json_read_object  (BvJsonReader *self, const char *member); /* NULL when absent */
char      **bv_json_read_strings (BvJsonReader *self, const char *member); /* NULL when absent; a single string is a list of one */

/* Writing: members with NULL values are left out. */
void        bv_json_put_string   (JsonObject *object, const char *member, const char *value);
void        bv_json_put_strings  (JsonObject *object, const char *member, char **values);
void        bv_json_put_true     (JsonObject *object, const char *member, gboolean value);

G_END_DECLS
