/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the project tests. Each test has a folder of its own, "new.belvedere" in it, and both are gone afterwards. */
#pragma once

#include "bv-project-private.h"

typedef struct
{
  char *dir;
  char *path;
  BvProject *project;
} Fixture;

void     fixture_set_up    (Fixture *f, gconstpointer data);
void     fixture_tear_down (Fixture *f, gconstpointer data);
void     fixture_reopen    (Fixture *f);
char    *fixture_file      (Fixture *f, const char *name);

/* The first column of all rows, joined with "|"; values as text, NULL as "-". */
char    *query             (BvProject *project, const char *sql);
#define assert_query(project, sql, expected) \
  G_STMT_START { g_autofree char *got_ = query (project, sql); g_assert_cmpstr (got_, ==, expected); } G_STMT_END

void     put               (BvProject *project, const char *uuid, const char *name, const char *body);
/* The names in @dir, sorted, joined with " ". */
char    *list_dir          (const char *dir);
void     assert_sound      (BvProject *project);
/* Fills table @name with integer rows from..to-1 in column "n" and their texts in "t". */
void     fill              (BvProject *project, const char *name, int from, int to, const char *const *key);
