/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of encoded tables: $XDG_CACHE_HOME/belvedere/<project uuid>/<table>-<version>.bvc. What such a file was made from is written in it. Of each
 * table the newest file stays.
 */
#include "config.h"

#include "bv-column-cache.h"
#include "bv-encoded-file.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
cache_folder (BvProject *project)
{
  return g_build_filename (g_get_user_cache_dir (), "belvedere", bv_project_get_uuid (project), NULL);
}

/* A table's name as the beginning of a file's. */
static char *
file_stem (const char *table)
{
  g_autofree char *lower = g_ascii_strdown (table, -1);
  g_autofree char *escaped = g_uri_escape_string (lower, " ", FALSE);
  g_autofree char *sum = NULL;

  if (strlen (escaped) <= 120)
    return g_strconcat (escaped, "-", NULL);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, lower, -1);
  return g_strconcat (sum, "-", NULL);
}

static char *
cache_path (BvProject *project, const char *table, guint64 version)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *stem = file_stem (table);
  g_autofree char *name = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".bvc", stem, version);

  return g_build_filename (folder, name, NULL);
}

/* Whether @name is the stem, a number and the ending: another version of the table. */
static gboolean
is_version_of (const char *name, const char *stem)
{
  gsize length = strlen (stem);
  gsize digits;

  if (strncmp (name, stem, length) != 0)
    return FALSE;
  digits = strspn (name + length, "0123456789");
  return digits > 0 && g_str_has_prefix (name + length + digits, ".bvc");
}

BvEncodedTable *
bv_column_cache_load (BvProject *project, const char *table, guint64 version, const char *identity)
{
  g_autofree char *path = cache_path (project, table, version);

  return bv_encoded_table_load (path, identity);
}

void
bv_column_cache_save (BvProject *project, const char *table, guint64 version, const char *identity, BvEncodedTable *encoded)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *path = cache_path (project, table, version);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *stem = file_stem (table);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (g_mkdir_with_parents (folder, 0700) != 0 || !bv_encoded_table_save (encoded, path, identity, &error))
    {
      g_debug ("%s", error != NULL ? error->message : folder);
      return;
    }
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *old = g_build_filename (folder, name, NULL);

      if (is_version_of (name, stem) && strcmp (name, base) != 0)
        g_unlink (old);
    }
}
