/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-window.h"

G_BEGIN_DECLS

/* The program's: its style. @parent: (nullable) */
void bv_preferences_show      (GtkWindow *parent);
/* The project's: time zone, currency, week. Each change is one step of undo. */
void bv_project_settings_show (BvWindow *window);

G_END_DECLS
