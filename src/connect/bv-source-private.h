/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the sync engine share. */
#pragma once

#include "bv-source.h"

G_BEGIN_DECLS

G_END_DECLS
