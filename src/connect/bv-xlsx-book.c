/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workbook around its sheets: which sheets there are and where, the date system, and the texts that the sheets share.
 *
 * The archive's "_rels/.rels" names the workbook, the workbook names its sheets, and its own ".rels" say which part each is.
 * Kinds of relations are told by the end of their address, which is the same in the strict and in the usual dialect.
 */
#include "config.h"

#include "bv-import-private.h"
#include "bv-xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHEETS 10000
/* Of shared texts; offsets are 32 bits. */
#define MAX_STRINGS (512 * 1024 * 1024)

void
bv_xlsx_book_free (BvXlsxBook *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->targets);
  g_free (self->strings);
  g_free (self->styles);
  g_free (self);
}

/* The path of @target as seen from the folder of @base: "xl/workbook.xml" and "worksheets/sheet1.xml". */
static char *
resolve (const char *base, const char *target)
{
  g_autofree char *folder = g_path_get_dirname (base);
  g_autofree char *absolute = NULL;

  if (*target == '/')
    return g_strdup (target + 1);
  {
    g_autofree char *joined = g_build_filename ("/", strcmp (folder, ".") == 0 ? "" : folder, target, NULL);

    absolute = g_canonicalize_filename (joined, "/");
  }
  return g_strdup (absolute + 1);
}

typedef struct
{
  char *id, *type, *target;
} BvRelation;

static void
relation_clear (gpointer data)
{
  BvRelation *relation = data;

  g_free (relation->id);
  g_free (relation->type);
  g_free (relation->target);
}

/* The relations of the part @base ("" for the archive's own). */
static GArray *
read_relations (const char *path, const char *base, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) relations = g_array_new (FALSE, FALSE, sizeof (BvRelation));
  g_autofree char *folder = g_path_get_dirname (base);
  g_autofree char *file = *base != '\0' ? g_path_get_basename (base) : g_strdup ("");
  g_autofree char *name = g_strdup_printf ("%s%s_rels/%s.rels", strcmp (folder, ".") == 0 ? "" : folder, strcmp (folder, ".") == 0 ? "" : "/", file);
  g_autoptr (GError) local = NULL;
  g_autoptr (BvXlsxPart) part = bv_xlsx_part_open (path, name, cancellable, &local);
  gboolean more = TRUE;

  g_array_set_clear_func (relations, relation_clear);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  while (part != NULL)
    {
      xmlTextReaderPtr reader = bv_xlsx_part_reader (part);

      if (!bv_xlsx_part_read (part, &more, error))
        return NULL;
      if (!more)
        break;
      if (bv_xlsx_is_start (reader, "Relationship") && relations->len < MAX_SHEETS * 2)
        {
          g_autofree char *target = bv_xlsx_attribute (reader, "Target");
          BvRelation relation = { bv_xlsx_attribute (reader, "Id"), bv_xlsx_attribute (reader, "Type"), NULL };

          relation.target = resolve (base, target != NULL ? target : "");
          g_array_append_val (relations, relation);
        }
    }
  return g_steal_pointer (&relations);
}

static const BvRelation *
find_relation (GArray *relations, const char *id, const char *ending)
{
  for (guint i = 0; i < relations->len; i++)
    {
      const BvRelation *relation = &g_array_index (relations, BvRelation, i);

      if ((id == NULL || g_strcmp0 (relation->id, id) == 0) && relation->type != NULL && g_str_has_suffix (relation->type, ending))
        return relation;
    }
  return NULL;
}

static gboolean
is_true (const char *text)
{
  return text != NULL && (strcmp (text, "1") == 0 || g_ascii_strcasecmp (text, "true") == 0);
}

BvXlsxBook *
bv_xlsx_book_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (BvXlsxBook) self = g_new0 (BvXlsxBook, 1);
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GArray) roots = NULL;
  g_autoptr (GArray) relations = NULL;
  g_autoptr (BvXlsxPart) part = NULL;
  const BvRelation *relation;
  g_autofree char *workbook = NULL;
  gboolean more = TRUE;

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->targets = g_ptr_array_new_with_free_func (g_free);
  roots = read_relations (path, "", cancellable, error);
  if (roots == NULL)
    return NULL;
  relation = find_relation (roots, NULL, "/officeDocument");
  workbook = g_strdup (relation != NULL ? relation->target : "xl/workbook.xml");
  {
    g_autoptr (GError) local = NULL;

    part = bv_xlsx_part_open (path, workbook, cancellable, &local);
    if (local != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&local));
        return NULL;
      }
  }
  if (part == NULL || g_str_has_suffix (workbook, ".bin"))
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” is no XLSX workbook: save the sheet as XLSX or CSV, or unpack the archive"), name);
      return NULL;
    }
  relations = read_relations (path, workbook, cancellable, error);
  if (relations == NULL)
    return NULL;
  if ((relation = find_relation (relations, NULL, "/sharedStrings")) != NULL)
    self->strings = g_strdup (relation->target);
  if ((relation = find_relation (relations, NULL, "/styles")) != NULL)
    self->styles = g_strdup (relation->target);
  while (TRUE)
    {
      xmlTextReaderPtr reader = bv_xlsx_part_reader (part);

      if (!bv_xlsx_part_read (part, &more, error))
        return NULL;
      if (!more)
        break;
      if (bv_xlsx_is_start (reader, "workbookPr"))
        {
          g_autofree char *system = bv_xlsx_attribute (reader, "date1904");

          self->date_1904 = is_true (system);
        }
      else if (bv_xlsx_is_start (reader, "sheet") && self->names->len < MAX_SHEETS)
        {
          g_autofree char *sheet = bv_xlsx_attribute (reader, "name");
          g_autofree char *id = bv_xlsx_attribute (reader, "id");

          /* Sheets of charts and macros have no cells. */
          if (sheet != NULL && id != NULL && (relation = find_relation (relations, id, "/worksheet")) != NULL)
            {
              g_ptr_array_add (self->names, g_steal_pointer (&sheet));
              g_ptr_array_add (self->targets, g_strdup (relation->target));
            }
        }
    }
  if (self->names->len == 0)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("“%s” holds no sheets with cells: choose another file"), name);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* --- Texts */

void
bv_xlsx_unescape (GString *text, gsize start)
{
  char *p = text->str + start, *out = p, *end = text->str + text->len;

  if (memchr (p, '_', (gsize) (end - p)) == NULL)
    return;
  while (p < end)
    {
      gunichar c = 0;
      gboolean escape = end - p >= 7 && p[0] == '_' && p[1] == 'x' && p[6] == '_';

      for (int i = 2; escape && i < 6; i++)
        {
          escape = g_ascii_isxdigit (p[i]);
          c = c << 4 | (guint) MAX (g_ascii_xdigit_value (p[i]), 0);
        }
      /* Half of a pair is left as it is written, and so is what no text can hold. */
      if (escape && c > 0 && (c < 0xd800 || c > 0xdfff))
        {
          out += g_unichar_to_utf8 (c, out);
          p += 7;
        }
      else
        *out++ = *p++;
    }
  g_string_truncate (text, (gsize) (out - text->str));
}

gboolean
bv_xlsx_append_text (BvXlsxPart *part, GString *text, GError **error)
{
  xmlTextReaderPtr reader = bv_xlsx_part_reader (part);
  int depth = xmlTextReaderDepth (reader);
  gboolean bare = strcmp ((const char *) xmlTextReaderConstLocalName (reader), "si") != 0 &&
                  strcmp ((const char *) xmlTextReaderConstLocalName (reader), "is") != 0;
  gboolean in_text = bare, more;
  int phonetic = -1;
  gsize start = text->len;

  if (xmlTextReaderIsEmptyElement (reader) == 1)
    return TRUE;
  while (TRUE)
    {
      int type, at;

      if (!bv_xlsx_part_read (part, &more, error))
        return FALSE;
      if (!more)
        return TRUE;
      type = xmlTextReaderNodeType (reader);
      at = xmlTextReaderDepth (reader);
      if (type == XML_READER_TYPE_END_ELEMENT && at <= depth)
        break;
      if (type == XML_READER_TYPE_ELEMENT && phonetic < 0 && xmlTextReaderIsEmptyElement (reader) != 1)
        {
          if (bv_xlsx_is_start (reader, "rPh"))
            phonetic = at;
          else if (bv_xlsx_is_start (reader, "t"))
            in_text = TRUE;
        }
      else if (type == XML_READER_TYPE_END_ELEMENT)
        {
          if (at == phonetic)
            phonetic = -1;
          in_text = bare;
        }
      else if ((type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE ||
                type == XML_READER_TYPE_WHITESPACE) && in_text && phonetic < 0)
        g_string_append (text, (const char *) xmlTextReaderConstValue (reader));
      if (text->len - start > BV_IMPORT_MAX_ROW)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_INVALID, _("The workbook holds a cell larger than 64 MB: correct the file"));
          return FALSE;
        }
    }
  bv_xlsx_unescape (text, start);
  return TRUE;
}

void
bv_xlsx_strings_clear (BvXlsxStrings *self)
{
  if (self->texts != NULL)
    g_string_free (self->texts, TRUE);
  g_clear_pointer (&self->offsets, g_array_unref);
}

gboolean
bv_xlsx_strings_read (BvXlsxStrings *self, const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (BvXlsxPart) part = name != NULL ? bv_xlsx_part_open (path, name, cancellable, &local) : NULL;
  gboolean more = TRUE;

  self->texts = g_string_new (NULL);
  self->offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  while (part != NULL)
    {
      guint32 offset = (guint32) self->texts->len;

      if (!bv_xlsx_part_read (part, &more, error))
        return FALSE;
      if (!more)
        break;
      if (!bv_xlsx_is_start (bv_xlsx_part_reader (part), "si"))
        continue;
      if (!bv_xlsx_append_text (part, self->texts, error))
        return FALSE;
      g_string_append_c (self->texts, '\0');
      g_array_append_val (self->offsets, offset);
      if (self->texts->len > MAX_STRINGS || self->offsets->len > MAX_STRINGS / 8)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED, _("The workbook's texts take more than 512 MB: save its sheets as CSV"));
          return FALSE;
        }
    }
  return TRUE;
}
