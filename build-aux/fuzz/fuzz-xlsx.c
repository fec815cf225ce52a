/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XLSX: the bytes as an archive; or, since an archive's checksums stop most of what is changed in it, as the XML of its parts, one
 * after another with a line of "--" between them, which are then archived. */
#include "bv-import-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char seed[] =
    "X<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><r><t>x</t></r></is></c><c><v>1.5</v></c></row>"
    "<row><c t=\"b\"><v>1</v></c><c s=\"1\"><v>46203.25</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"d\"><v>2026-06-30T01:02:03</v></c></row></sheetData>\n--\n"
    "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" r:id=\"1\"/><sheet name=\"b\" r:id=\"2\"/></sheets></workbook>\n--\n"
    "<Relationships><Relationship Id=\"1\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"2\" Type=\"x/worksheet\" Target=\"/xl/s.xml\"/>"
    "<Relationship Id=\"3\" Type=\"x/styles\" Target=\"styles.xml\"/><Relationship Id=\"4\" Type=\"x/sharedStrings\" Target=\"t.xml\"/></Relationships>\n--\n"
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[Red]yyyy\\-mm &quot;x&quot;h:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/>"
    "<xf numFmtId=\"20\"/></cellXfs></styleSheet>\n--\n"
    "<sst><si><t>a_x000A_b</t></si><si><r><t>c</t></r><rPh><t>d</t></rPh></si></sst>";

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_autofree char *path = g_strdup_printf ("%s/seed", (*argv)[*argc - 1]);

  g_file_set_contents (path, seed, sizeof seed - 1, NULL);
  return 0;
}

static void
archive_parts (int fd, const char *data, gsize size)
{
  static const char *const names[] = { "xl/s.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/t.xml" };
  struct archive *archive = archive_write_new ();

  archive_write_set_format_zip (archive);
  archive_write_zip_set_compression_store (archive);
  archive_write_open_fd (archive, fd);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *end = memmem (data, size, "\n--\n", 4);
      gsize n = end != NULL && i + 1 < G_N_ELEMENTS (names) ? (gsize) (end - data) : size;
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, names[i]);
      archive_entry_set_size (entry, (la_int64_t) n);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_write_header (archive, entry);
      archive_write_data (archive, data, n);
      archive_entry_free (entry);
      data += MIN (size, n + 4);
      size -= MIN (size, n + 4);
    }
  archive_write_close (archive);
  archive_write_free (archive);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *path = NULL;
  g_auto (GStrv) parts = NULL;
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  if (size > 0 && data[0] == 'X')
    archive_parts (fd, (const char *) data + 1, size - 1);
  else if (write (fd, data, size) != (ssize_t) size)
    abort ();
  path = g_strdup_printf ("/proc/self/fd/%d", fd);
  parts = bv_xlsx_list_parts (path, NULL, NULL);
  for (guint p = 0; parts != NULL && parts[p] != NULL && p < 2; p++)
    {
      g_autoptr (BvRows) rows = bv_xlsx_open (path, parts[p], NULL, NULL);
      gboolean row = TRUE;

      while (rows != NULL && row && bv_rows_next (rows, &row, NULL))
        for (guint i = 0; row && i < rows->n_columns; i++)
          if (rows->values[i].type == BV_TYPE_TEXT && !g_utf8_validate (rows->values[i].s, -1, NULL))
            abort ();
    }
  close (fd);
  return 0;
}
