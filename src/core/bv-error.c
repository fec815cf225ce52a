/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bv-error.h"

G_DEFINE_QUARK (bv-error-quark, bv_error)
