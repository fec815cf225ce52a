/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bv-column-store.h"
#include "bv-frame-cache.h"
#include "bv-workspace.h"

G_BEGIN_DECLS

struct _BvWorkspace
{
  GObject parent_instance;

  BvProject *project;
  BvModel *model;
  BvLocale *locale;
  BvColumnStore *columns;
  BvFrameCache *frames;
  gpointer listener;   /* of the store of encoded tables */
  gint64 now;          /* 0: the clock */
  gboolean patient;
  GPtrArray *batch;    /* (nullable) jobs: runs that were asked for since the main loop last had its turn */
  GSource *batch_source; /* (nullable): that starts them */
};

/* When the workspace goes; nothing is under way then. */
void bv_workspace_queries_clear (BvWorkspace *self);

G_END_DECLS
