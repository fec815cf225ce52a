/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window shows without a project: recent projects, the sample, new and open. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_WELCOME (bv_welcome_get_type ())
G_DECLARE_FINAL_TYPE (BvWelcome, bv_welcome, BV, WELCOME, AdwBin)

G_END_DECLS
