/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "intercom": contacts, companies, conversations and tickets of an Intercom workspace (API 2.16). */
#pragma once

#include "bv-source-kind.h"

extern const BvSourceKind bv_intercom_kind;
