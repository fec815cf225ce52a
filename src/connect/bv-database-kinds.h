/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of sources that are databases. */
#pragma once

#include "bv-source-kind.h"

G_BEGIN_DECLS

extern const BvSourceKind bv_postgresql_kind;
extern const BvSourceKind bv_mariadb_kind;
extern const BvSourceKind bv_clickhouse_kind;
extern const BvSourceKind bv_sqlite_kind;
/* Segment's schema in a PostgreSQL, MariaDB or ClickHouse warehouse. */
extern const BvSourceKind bv_segment_warehouse_kind;

G_END_DECLS
