/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a workbook: XML in a zip archive.
 *
 * A part is inflated as libxml2's reader asks for it, so that memory does not follow its size. Documents come from anywhere:
 * nothing is fetched, entities are not expanded, and libxml2's limits on texts, names and depth stay on.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-xlsx-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define BLOCK (64 * 1024)
#define MAX_ENTRIES 100000

struct _BvXlsxPart
{
  char *name;            /* of the file */
  struct archive *archive;
  xmlTextReaderPtr reader;
  GCancellable *cancellable;
  guint64 n_read, size;
  gboolean broken_zip;
};

static gboolean
set_damaged (const char *name, GError **error)
{
  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is damaged or cut off: get the file again"), name);
  return FALSE;
}

void
bv_xlsx_part_free (BvXlsxPart *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->reader, xmlFreeTextReader);
  g_clear_pointer (&self->archive, archive_read_free);
  g_free (self->name);
  g_free (self);
}

static int
read_bytes (void *data, char *buf, int size)
{
  BvXlsxPart *self = data;
  la_ssize_t n;

  if (g_cancellable_is_cancelled (self->cancellable))
    return -1;
  n = archive_read_data (self->archive, buf, (gsize) size);
  if (n < 0)
    {
      self->broken_zip = TRUE;
      return -1;
    }
  self->n_read += (guint64) n;
  return (int) n;
}

static void
ignore_error (void *data, xmlErrorPtr problem)
{
}

/* The entry's name without "./" and "/". */
static const char *
plain_name (const char *name)
{
  while (*name == '/' || (name[0] == '.' && name[1] == '/'))
    name++;
  return name;
}

static gboolean
find_entry (BvXlsxPart *self, const char *path, const char *name, gboolean *found, GError **error)
{
  struct archive_entry *entry;
  int status;

  *found = FALSE;
  self->archive = archive_read_new ();
  archive_read_support_format_zip (self->archive);
  if (archive_read_open_filename (self->archive, path, BLOCK) != ARCHIVE_OK)
    return set_damaged (self->name, error);
  for (guint n = 0; (status = archive_read_next_header (self->archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN; n++)
    {
      const char *entry_name = archive_entry_pathname_utf8 (entry);

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (n > MAX_ENTRIES)
        return set_damaged (self->name, error);
      if (entry_name == NULL || g_ascii_strcasecmp (plain_name (entry_name), plain_name (name)) != 0)
        continue;
      if (archive_entry_is_data_encrypted (entry))
        {
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("“%s” has a password: save it without one"), self->name);
          return FALSE;
        }
      self->size = archive_entry_size_is_set (entry) ? (guint64) MAX (archive_entry_size (entry), 0) : 0;
      *found = TRUE;
      return TRUE;
    }
  return status == ARCHIVE_EOF || set_damaged (self->name, error);
}

BvXlsxPart *
bv_xlsx_part_open (const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvXlsxPart) self = g_new0 (BvXlsxPart, 1);
  gboolean found;

  self->name = g_filename_display_basename (path);
  self->cancellable = cancellable;
  if (!find_entry (self, path, name, &found, error) || !found)
    return NULL;
  self->reader = xmlReaderForIO (read_bytes, NULL, self, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
  if (self->reader == NULL)
    {
      set_damaged (self->name, error);
      return NULL;
    }
  xmlTextReaderSetStructuredErrorHandler (self->reader, ignore_error, NULL);
  return g_steal_pointer (&self);
}

gboolean
bv_xlsx_part_read (BvXlsxPart *self, gboolean *more, GError **error)
{
  int status = xmlTextReaderRead (self->reader);

  *more = status == 1;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  return (status >= 0 && !self->broken_zip) || set_damaged (self->name, error);
}

xmlTextReaderPtr
bv_xlsx_part_reader (BvXlsxPart *self)
{
  return self->reader;
}

guint64
bv_xlsx_part_tell (BvXlsxPart *self)
{
  return self->n_read;
}

guint64
bv_xlsx_part_size (BvXlsxPart *self)
{
  return self->size;
}

gboolean
bv_xlsx_is_start (xmlTextReaderPtr reader, const char *name)
{
  const char *space;

  if (xmlTextReaderNodeType (reader) != XML_READER_TYPE_ELEMENT || strcmp ((const char *) xmlTextReaderConstLocalName (reader), name) != 0)
    return FALSE;
  /* Extensions use the format's own names again, in namespaces of their maker. */
  space = (const char *) xmlTextReaderConstNamespaceUri (reader);
  return space == NULL || !g_str_has_prefix (space, "http://schemas.microsoft.com/");
}

/* An element that is empty ends where it starts. */
gboolean
bv_xlsx_is_end (xmlTextReaderPtr reader, const char *name)
{
  int type = xmlTextReaderNodeType (reader);

  return (type == XML_READER_TYPE_END_ELEMENT || (type == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement (reader) == 1)) &&
         strcmp ((const char *) xmlTextReaderConstLocalName (reader), name) == 0;
}

char *
bv_xlsx_attribute (xmlTextReaderPtr reader, const char *name)
{
  char *value = NULL;

  for (int more = xmlTextReaderMoveToFirstAttribute (reader); more == 1; more = xmlTextReaderMoveToNextAttribute (reader))
    if (strcmp ((const char *) xmlTextReaderConstLocalName (reader), name) == 0)
      {
        value = g_strdup ((const char *) xmlTextReaderConstValue (reader));
        break;
      }
  xmlTextReaderMoveToElement (reader);
  return value;
}
