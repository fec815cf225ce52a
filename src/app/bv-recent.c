/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-recent.h"

#include <string.h>

void
bv_recent_add (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkRecentData data = {
    .mime_type = (char *) BV_MIME_TYPE,
    .app_name = (char *) "Belvedere",
    .app_exec = (char *) "belvedere %u",
  };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b), gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

GPtrArray *
bv_recent_list (guint limit)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  GList *items = g_list_sort (gtk_recent_manager_get_items (gtk_recent_manager_get_default ()), compare_newest);

  for (GList *l = items; l != NULL && paths->len < limit; l = l->next)
    {
      GtkRecentInfo *info = l->data;
      const char *mime = gtk_recent_info_get_mime_type (info);
      char *path;

      if (g_strcmp0 (mime, BV_MIME_TYPE) != 0 || !gtk_recent_info_is_local (info) || !gtk_recent_info_exists (info))
        continue;
      path = g_filename_from_uri (gtk_recent_info_get_uri (info), NULL, NULL);
      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  return paths;
}

char *
bv_recent_title (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  if (g_str_has_suffix (name, ".belvedere") && strlen (name) > strlen (".belvedere"))
    name[strlen (name) - strlen (".belvedere")] = '\0';
  return g_steal_pointer (&name);
}

char *
bv_recent_folder_text (const char *directory)
{
  g_autofree char *name = g_filename_display_name (directory);
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (name, home) && (name[strlen (home)] == '/' || name[strlen (home)] == '\0') && strlen (home) > 1)
    return g_strconcat ("~", name + strlen (home), NULL);
  return g_steal_pointer (&name);
}
