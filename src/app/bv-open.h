/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and making project files off the UI thread. */
#pragma once

#include "bv-project.h"

G_BEGIN_DECLS

typedef enum
{
  BV_OPEN_EXISTING, /* the file must be there */
  BV_OPEN_NEW,      /* an empty project; an existing file of that name is an error */
  BV_OPEN_SAMPLE,   /* the sample company, made when the file is not there yet */
} BvOpenHow;

void       bv_open_project_async  (const char *path, BvOpenHow how, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
BvProject *bv_open_project_finish (GAsyncResult *result, GError **error);

/* Where the sample lies: "Jaffle Soft.belvedere" in the user's data directory. (transfer full) */
char      *bv_open_sample_path    (void);

G_END_DECLS
