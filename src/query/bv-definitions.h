/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Definitions as one JSON text (data/schemas/definitions.schema.json): dump and apply. */
#pragma once

#include "bv-model.h"
#include "bv-project.h"

G_BEGIN_DECLS

/* The current snapshot of a project. Broken parts are listed in its problems and left out. */
BvModel  *bv_model_load           (BvProject *project, GError **error);
/* Settings, table metadata, relationships, explorations and reports, pretty-printed. (transfer full) */
char     *bv_definitions_dump     (BvModel *model);
/* Puts the definitions of @json into the project in one step named @what: objects are matched by "id", else by name; others stay.
 * A definition equal to what is there changes nothing. Two of a kind with one name are refused. Errors name the path; nothing is changed then. */
gboolean  bv_definitions_apply    (BvProject *project, const char *json, const char *what, guint *n_changed, GError **error);

G_END_DECLS
