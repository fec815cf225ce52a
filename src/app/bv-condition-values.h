/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controls for the values of one test of a condition. */
#pragma once

#include "bv-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Appends the controls to @box, a BvWrapBox that is empty or has had its earlier ones removed. They change @test in place, which
 * outlives them, and then call @changed with it. @type: of the test's field */
void bv_condition_values_append (GtkWidget *box, BvWorkspace *workspace, const char *exploration, BvCondition *test, BvType type,
                                 GFunc changed, gpointer user_data);

G_END_DECLS
