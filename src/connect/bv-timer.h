/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scheduled syncs without a window: a systemd user timer per project.
 *
 * The units are belvedere-sync-UUID.service and .timer in $XDG_CONFIG_HOME/systemd/user. The service runs "belvedere-cli sync --due FILE",
 * which syncs the sources whose time has come; the timer fires at every time that one of the schedules names, and once after a
 * time that was slept through. Whoever has the project open meanwhile does the syncs himself: the service then leaves it alone.
 */
#pragma once

#include "bv-source.h"

G_BEGIN_DECLS

/* "belvedere-sync-UUID", without the ending of a unit. (transfer full) */
char     *bv_timer_get_unit     (BvProject *project);
/* The text of the service: @program is the path of belvedere-cli. (transfer full) */
char     *bv_timer_service_text (const char *path, const char *program);
/* The text of the timer. NULL when none of @sources (element-type BvSource) has a schedule. (transfer full) */
char     *bv_timer_timer_text   (GPtrArray *sources, const char *path);
/* Whether the project's timer unit is there. */
gboolean  bv_timer_is_installed (BvProject *project);

/**
 * bv_timer_install:
 * @program: (nullable): the path of belvedere-cli; NULL looks for it in PATH
 * @hint: (out) (optional) (transfer full) (nullable): where systemd could not be asked: a translated sentence with the command that starts the timer
 *
 * Writes the units, or takes them away when no source has a schedule, and has systemd read them. Blocks for a moment.
 */
gboolean  bv_timer_install      (BvProject *project, const char *program, char **hint, GError **error);
/* Stops the timer and takes the units away; no error when there are none. */
gboolean  bv_timer_remove       (BvProject *project, char **hint, GError **error);
/* One of the two in a thread, for a user interface. @hint as above. */
void      bv_timer_set_async    (BvProject *project, gboolean wanted, GAsyncReadyCallback callback, gpointer user_data);
gboolean  bv_timer_set_finish   (GAsyncResult *result, char **hint, GError **error);

G_END_DECLS
