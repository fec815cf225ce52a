/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits an any/all list of tests: field, operator by the field's type, values with completion from the data. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_CONDITION_EDITOR (bv_condition_editor_get_type ())
G_DECLARE_FINAL_TYPE (BvConditionEditor, bv_condition_editor, BV, CONDITION_EDITOR, AdwBin)

/* Signal "changed" (): the user changed the condition; tests whose value is still missing are left out of it. */

GtkWidget   *bv_condition_editor_new             (BvWorkspace *workspace);
/* What can be tested. @exploration: name or uuid. @role: NULL for the exploration's dimensions; a role (the root's name, or an "as")
 * for the columns of its table and of those it belongs to. Keeps the tests whose field still exists. */
void         bv_condition_editor_set_exploration (BvConditionEditor *self, const char *exploration, const char *role);
/* NULL is an empty list. Lists within the list are edited as groups; what is in a group's own lists is shown and kept. */
void         bv_condition_editor_set_condition   (BvConditionEditor *self, const BvCondition *condition);
/* (transfer full) (nullable): NULL when nothing is tested */
BvCondition *bv_condition_editor_dup_condition   (BvConditionEditor *self);
/* Appends an empty test and puts the focus there. @field: (nullable): the first one. */
void         bv_condition_editor_add_test        (BvConditionEditor *self, const char *field);

/* "Stage is won and Amount is greater than 100", for people; NULL for an empty condition. (transfer full) (nullable) */
char        *bv_condition_to_sentence            (const BvCondition *condition, BvLocale *locale);

G_END_DECLS
