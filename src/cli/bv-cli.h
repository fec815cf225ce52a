/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-query.h"
#include "bv-source.h"

G_BEGIN_DECLS

/* The verbs; argv[0] is the verb itself. Each returns the exit status: 0, 1 on failure, 2 for wrong usage. */
int bv_cli_demo   (int argc, char **argv);
int bv_cli_new    (int argc, char **argv);
int bv_cli_import (int argc, char **argv);
int bv_cli_source (int argc, char **argv);
int bv_cli_sync   (int argc, char **argv);
int bv_cli_apply  (int argc, char **argv);
int bv_cli_dump   (int argc, char **argv);
int bv_cli_query  (int argc, char **argv);
int bv_cli_export (int argc, char **argv);
int bv_cli_check  (int argc, char **argv);
/* What "source" leaves to bv-cli-sync.c: runs, diff, drift, decide. argv[0] is "source runs" and so on. */
int bv_cli_source_runs   (int argc, char **argv);
int bv_cli_source_diff   (int argc, char **argv);
int bv_cli_source_drift  (int argc, char **argv);
int bv_cli_source_decide (int argc, char **argv);

/* Prints "belvedere-cli: message" and returns 1. Takes @error. */
int bv_cli_fail   (GError *error);
/* The same for wrong usage: returns 2. */
int bv_cli_usage  (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Parses options; the other arguments are put into @rest (transfer full). Returns FALSE after having printed what is wrong. */
gboolean bv_cli_parse (int argc, char **argv, const char *parameters, const char *summary, GOptionEntry *entries, int min, int max, char ***rest);
/* Opens a project for changes: a project that another process holds is an error. */
BvProject *bv_cli_open_writable (const char *path, BvOpenFlags flags, GError **error);
/* --format: FALSE after having said that @format (nullable) is none of table, csv and json. */
gboolean bv_cli_check_format (const char *format);
/* Prints a frame to standard output as a table (also when @format is NULL), CSV or JSON, and its notes to standard error. @model: (nullable):
 * NULL prints times in UTC. */
void bv_cli_print_frame (BvFrame *frame, BvModel *model, const char *format);
/* --as-of: a day to the "now" that it means; NULL is the clock. */
gboolean bv_cli_now (BvModel *model, const char *as_of, gint64 *now, GError **error);
/* Prints broken parts to standard error, a line each. */
void bv_cli_warn_problems (BvModel *model);

/* A borrowed view of a text for bv_frame_append(): do not clear it. NULL is null. */
static inline BvValue
bv_cli_text (const char *s)
{
  BvValue value = BV_VALUE_NULL;

  if (s != NULL)
    {
      value.type = BV_TYPE_TEXT;
      value.s = (char *) s;
    }
  return value;
}

G_END_DECLS
