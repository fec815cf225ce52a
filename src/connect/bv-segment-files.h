/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kind "segment-files": a folder of Segment's raw logs. */
#pragma once

#include "bv-source-kind.h"

extern const BvSourceKind bv_segment_files_kind;
