/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source at work: its state, tables, decisions and history. */
#pragma once

#include "bv-page.h"

G_BEGIN_DECLS

#define BV_TYPE_SOURCE_PAGE (bv_source_page_get_type ())
G_DECLARE_FINAL_TYPE (BvSourcePage, bv_source_page, BV, SOURCE_PAGE, BvPage)

GtkWidget *bv_source_page_new (BvWorkspace *workspace, const char *uuid);

G_END_DECLS
