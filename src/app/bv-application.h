/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BV_TYPE_APPLICATION (bv_application_get_type ())
G_DECLARE_FINAL_TYPE (BvApplication, bv_application, BV, APPLICATION, AdwApplication)

BvApplication *bv_application_new          (void);
/* The exit status of a run that makes a screenshot: 1 when that has failed. */
int            bv_application_get_status   (BvApplication *self);
/* (nullable) (transfer none): NULL when the schema is not installed; defaults hold then */
GSettings     *bv_application_get_settings (void);

G_END_DECLS
