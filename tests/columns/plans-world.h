/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tables, explorations, charts and conditions, the same for the same seed. */
#pragma once

#include "bv-column-store.h"
#include "bv-frame-cache.h"

typedef struct
{
  GRand *rand;
  char *dir;
  BvProject *project;
  BvModel *model;
  BvColumnStore *store;
  BvFrameCache *frames;
  guint n_companies, n_contacts, n_deals, n_events;
  gboolean repeats; /* keys that should be unique are not */
  gboolean marks;   /* rows may be marked as gone at their source */
  guint n_done, n_undone; /* steps since the world was made, and steps that can be redone */
  guint n_columns, n_sqlite;
  guint n_moves, n_cubes; /* charts that moved on columns, and those that came out of a cube in the end */
} World;

typedef struct
{
  const char *role;
  guint table;
} Role;

typedef struct
{
  const char *name;
  const char *related;
  Role roles[5];
  guint n_roles;
} Tree;

#define WORLD_N_TREES 4
extern const Tree world_trees[WORLD_N_TREES];

guint world_pick (World *w, guint n);
gboolean world_chance (World *w, guint percent);
void world_put_rows (World *w, guint table, guint first, guint n_rows, const char *const *key);
void world_fill_table (World *w, guint table, guint n_rows);
char *world_random_field (World *w, const Tree *tree, const Role *role, BvType *type);
void world_append_condition (World *w, GString *out, const Tree *tree, const Role *role, guint depth);
void world_append_list (World *w, GString *out, const char *field, BvType type, guint n);
char *world_quotes (const char *text);
void world_define (World *w);
void world_fill (World *w);
char *world_random_chart (World *w, const Tree *tree);
