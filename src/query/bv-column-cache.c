/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of encoded tables.
 *
 *   $XDG_CACHE_HOME/belvedere/<project uuid>/<table>-<version>.bvc    what it was made from is written in it; its time of change is that of its last use
 *                                           /projects                 the paths of the project files, one a line: copies have the same uuid
 *
 * Of each table the newest file stays. Whenever a file is added, the whole cache is trimmed: folders go whose project files are all gone, then the files
 * that were used longest ago, of whatever project, until the rest fits. Nothing but such files and folders is ever touched, and all of them can be made again.
 * Another process may do the same at the same time: what is removed under it stays readable while it is mapped.
 *
 * Cost: one look at every file of the cache for a file written.
 */
#include "config.h"

#include "bv-column-cache.h"
#include "bv-encoded-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define ENDING ".bvc"
#define PATHS "projects"
#define MAX_PATHS 16
/* A file that is being written is younger than this. */
#define LEFT_BEHIND_SECONDS 3600

static gint64 min_rows = BV_COLUMN_CACHE_MIN_ROWS;

void
bv_column_cache_set_min_rows (gint64 n_rows)
{
  min_rows = n_rows;
}

gint64
bv_column_cache_get_min_rows (void)
{
  return min_rows;
}

static char *
cache_root (void)
{
  return g_build_filename (g_get_user_cache_dir (), "belvedere", NULL);
}

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
file_name (const char *table, guint64 version)
{
  g_autofree char *stem = file_stem (table);

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ENDING, stem, version);
}

/* The stem of "<stem><number>.bvc"; NULL where a name is none. @rest: (out): what follows, as a file that is being written has. (transfer full) */
static char *
stem_of (const char *name, const char **rest)
{
  const char *ending = strstr (name, ENDING), *digits = ending;

  while (digits != NULL && digits > name && g_ascii_isdigit (digits[-1]))
    digits--;
  if (digits == NULL || digits == ending || digits == name || digits[-1] != '-')
    return NULL;
  *rest = ending + strlen (ENDING);
  return g_strndup (name, (gsize) (digits - name));
}

char *
bv_column_cache_identity (BvProject *project, const char *table, guint64 version, gint64 loaded_at, gint64 n_rows, BvCalendar *calendar,
                          const char *columns)
{
  return g_strdup_printf ("%s\n%s\n%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n%s\n%s", bv_project_get_uuid (project), table, version,
                          loaded_at, n_rows, bv_calendar_get_time_zone (calendar), columns);
}

BvEncodedTable *
bv_column_cache_load (BvProject *project, const char *table, guint64 version, const char *identity)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *name = file_name (table, version);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  BvEncodedTable *encoded = bv_encoded_table_load (path, identity);

  if (encoded != NULL)
    utime (path, NULL);
  return encoded;
}

/* --- Trimming --------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  guint64 size;
  gint64 used; /* seconds */
} CacheFile;

static void
cache_file_clear (gpointer data)
{
  g_free (((CacheFile *) data)->path);
}

static int
compare_uses (const void *a, const void *b)
{
  const CacheFile *x = a, *y = b;

  return x->used < y->used ? -1 : x->used > y->used ? 1 : strcmp (x->path, y->path);
}

/* Whether one of the projects that the folder is of exists. Without the list, nobody knows. */
static gboolean
has_project (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, PATHS, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) paths = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  paths = g_strsplit (text, "\n", -1);
  for (guint i = 0; paths[i] != NULL; i++)
    if (*paths[i] != '\0' && g_file_test (paths[i], G_FILE_TEST_EXISTS))
      return TRUE;
  return FALSE;
}

/* Notes the files of a folder; those that nobody will read again are removed. @gone: all of them. Returns how many stay. */
static guint
look_at_folder (const char *folder, gboolean gone, GArray *files)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      const char *rest = NULL;
      g_autofree char *stem = stem_of (name, &rest);
      CacheFile file = { g_build_filename (folder, name, NULL) };
      GStatBuf info;

      if (stem == NULL || g_lstat (file.path, &info) != 0 || !S_ISREG (info.st_mode))
        {
          n += strcmp (name, PATHS) != 0;
          g_free (file.path);
          continue;
        }
      file.size = (guint64) info.st_size;
      file.used = info.st_mtime;
      if (gone || (*rest != '\0' && file.used < now - LEFT_BEHIND_SECONDS))
        {
          g_unlink (file.path);
          g_free (file.path);
          continue;
        }
      n++;
      if (*rest == '\0')
        g_array_append_val (files, file);
      else
        g_free (file.path); /* somebody is writing it */
    }
  return n;
}

void
bv_column_cache_trim (guint64 max_bytes)
{
  g_autofree char *root = cache_root ();
  g_autoptr(GDir) dir = g_dir_open (root, 0, NULL);
  g_autoptr(GArray) files = g_array_new (FALSE, FALSE, sizeof (CacheFile));
  guint64 bytes = 0;
  const char *name;

  g_array_set_clear_func (files, cache_file_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);

      if (!g_uuid_string_is_valid (name) || !g_file_test (folder, G_FILE_TEST_IS_DIR))
        continue;
      if (look_at_folder (folder, !has_project (folder), files) == 0)
        {
          g_autofree char *paths = g_build_filename (folder, PATHS, NULL);

          g_unlink (paths);
          g_rmdir (folder);
        }
    }
  for (guint i = 0; i < files->len; i++)
    bytes += g_array_index (files, CacheFile, i).size;
  g_array_sort (files, compare_uses);
  for (guint i = 0; i < files->len && bytes > max_bytes; i++)
    {
      const CacheFile *file = &g_array_index (files, CacheFile, i);

      g_debug ("%s makes room for other encoded tables", file->path);
      if (g_unlink (file->path) == 0)
        bytes -= file->size;
    }
}

/* --- Saving ----------------------------------------------------------------------------------------------------------------------- */

/* Adds the project's path to the folder's list, in front. */
static void
note_project (BvProject *project, const char *folder)
{
  g_autofree char *list = g_build_filename (folder, PATHS, NULL);
  g_autofree char *path = g_canonicalize_filename (bv_project_get_path (project), NULL);
  g_autofree char *old = NULL;
  g_auto(GStrv) paths = NULL;
  GString *text;

  if (strchr (path, '\n') != NULL)
    return;
  if (g_file_get_contents (list, &old, NULL, NULL) && g_str_has_prefix (old, path) && old[strlen (path)] == '\n')
    return;
  text = g_string_new (path);
  g_string_append_c (text, '\n');
  paths = g_strsplit (old != NULL ? old : "", "\n", MAX_PATHS);
  for (guint i = 0; paths[i] != NULL; i++)
    if (*paths[i] != '\0' && strchr (paths[i], '\n') == NULL && strcmp (paths[i], path) != 0)
      g_string_append_printf (text, "%s\n", paths[i]);
  g_file_set_contents_full (list, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
  g_string_free (text, TRUE);
}

/* The files of the folder that are of no table of the project, or of another version of @table. */
static void
remove_stale (BvProject *project, const char *folder, const char *table, const char *present)
{
  g_autoptr(GPtrArray) tables = bv_project_list_tables (project, NULL);
  g_autoptr(GHashTable) stems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *own = file_stem (table);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (guint i = 0; tables != NULL && i < tables->len; i++)
    g_hash_table_add (stems, file_stem (((BvTableInfo *) tables->pdata[i])->name));
  while (dir != NULL && tables != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      const char *rest = NULL;
      g_autofree char *stem = stem_of (name, &rest);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (stem != NULL && *rest == '\0' && ((strcmp (stem, own) == 0 && strcmp (name, present) != 0) || !g_hash_table_contains (stems, stem)))
        g_unlink (path);
    }
}

gboolean
bv_column_cache_save (BvProject *project, const char *table, guint64 version, const char *identity, BvEncodedTable *encoded, GError **error)
{
  g_autofree char *folder = cache_folder (project);
  g_autofree char *name = file_name (table, version);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gboolean ok;

  g_mkdir_with_parents (folder, 0700);
  note_project (project, folder);
  ok = bv_encoded_table_save (encoded, path, identity, error);
  remove_stale (project, folder, table, name);
  bv_column_cache_trim (BV_COLUMN_CACHE_BYTES);
  return ok;
}
