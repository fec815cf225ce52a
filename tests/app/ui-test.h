/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the tests that open windows. */
#pragma once

#include "bv-window.h"

G_BEGIN_DECLS

void       ui_test_init        (int *argc, char ***argv);
/* Runs the main loop until @done says TRUE; fails the test after 20 seconds. */
typedef gboolean (*UiTestFunc) (gpointer user_data);
void       ui_test_wait        (UiTestFunc done, gpointer user_data);
/* Until the window has painted once more and nothing is being loaded. */
void       ui_test_settle      (GtkWidget *window);
/* A path in a directory of this test program's own, which is removed at its end. (transfer full) */
char      *ui_test_path        (const char *name);
/* (transfer full): its path */
char      *ui_test_write       (const char *name, const char *text);
/* A small project: two tables, a relationship, an exploration and a report. (transfer full): its path */
char      *ui_test_make_project (const char *name);
/* A presented window with the project open (or failed to open). */
BvWindow  *ui_test_open        (const char *path);
/* Closes it and checks that nothing keeps it. */
void       ui_test_close       (BvWindow *window);
/* Depth first: the first visible widget of @type, or with a label, title or accessible text @text; NULL. */
GtkWidget *ui_test_find_type   (GtkWidget *root, GType type);
GtkWidget *ui_test_find_text   (GtkWidget *root, const char *text);
/* What the first text view below @root says, as soon as that is anything. (transfer full) */
char      *ui_test_wait_text   (GtkWidget *root);
/* The dialog over @window; NULL. */
GtkWidget *ui_test_dialog      (BvWindow *window);
/* Saves a picture when TEST_OUTPUT_DIR is set. */
void       ui_test_picture     (GtkWidget *widget, const char *name);

G_END_DECLS
