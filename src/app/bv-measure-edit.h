/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs for the parts of an exploration. Each commits one named step (a change of name is a step of its own, because references
 * follow it) and shows an error where it was made.
 */
#pragma once

#include "bv-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @name: (nullable): NULL adds a new one to @role */
void bv_dimension_edit_show        (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *name, const char *role);
void bv_metric_edit_show           (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *name, const char *role);
void bv_formula_edit_show          (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *name);
void bv_related_edit_show          (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *parent_role);
void bv_exploration_settings_show  (GtkWidget *over, BvWorkspace *workspace, const char *exploration);

/* For the dialogs: puts @copy (an edited copy in which the member still has @old_name; NULL for a new one) as @what and then renames
 * the member to @new_name. @kind: "dimension" or "metric". */
gboolean bv_measure_commit         (BvWorkspace *workspace, BvExploration *copy, const char *what, const char *kind, const char *old_name,
                                    const char *new_name, GError **error);
/* Whether a new member may have this name. */
gboolean bv_measure_check_name     (BvExploration *exploration, const char *name, GError **error);

/* Asks, saying where the measure is used, and deletes it. */
void bv_measure_delete             (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *name);
gboolean bv_measure_duplicate      (BvWorkspace *workspace, const char *exploration, const char *name, GError **error);
/* Asks, saying what goes with it, and removes a related table, those under it and their measures. */
void bv_related_delete             (GtkWidget *over, BvWorkspace *workspace, const char *exploration, const char *role);

G_END_DECLS
