/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbooks: made part by part here, written by libxlsxwriter, and those of readxl where they are installed; hostile ones. */
#include "import-test.h"

#include "bv-xlsx-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <xlsxwriter.h>

/* --- Workbooks by hand */

#define NS " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define RELS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define REL(id, type, target) \
  "<Relationship Id=\"" id "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" type "\" Target=\"" target "\"/>"

static const char root_rels[] = RELS REL ("rId1", "officeDocument", "xl/workbook.xml") "</Relationships>";
static const char book_rels[] = RELS REL ("rId1", "worksheet", "worksheets/sheet1.xml") REL ("rId2", "chartsheet", "chartsheets/sheet1.xml")
    REL ("rId3", "worksheet", "/xl/worksheets/second.xml") REL ("rId4", "styles", "styles.xml") REL ("rId5", "sharedStrings", "sharedStrings.xml")
    "</Relationships>";
static const char styles[] = "<styleSheet" NS "><numFmts count=\"3\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd;@\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"[$-409]d/m/yy h:mm AM/PM\"/><numFmt numFmtId=\"166\" formatCode=\"[h]:mm\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"20\"/><xf numFmtId=\"166\"/>"
    "<xf numFmtId=\"4\"/></cellXfs></styleSheet>";
static const char strings[] = "<sst" NS "><si><t>name</t></si><si><r><t>ri</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">ch </t></r>"
    "<rPh sb=\"0\" eb=\"1\"><t>PHON</t></rPh></si><si><t>line_x000A_two_x005F_</t></si><si><t/></si></sst>";

typedef struct
{
  const char *book;   /* what is in <workbook> */
  const char *sheet;  /* what is in <sheetData> */
  const char *second; /* the same of the second sheet */
} Book;

static void
add_part (struct archive *archive, const char *name, const char *content)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) strlen (content));
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, content, strlen (content)), ==, strlen (content));
  archive_entry_free (entry);
}

static char *
write_book (Fixture *f, const char *name, const Book *book)
{
  char *path = g_build_filename (f->dir, name, NULL);
  struct archive *archive = archive_write_new ();
  g_autofree char *workbook = g_strdup_printf ("<workbook" NS ">%s<sheets><sheet name=\"First\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Chart\""
                                               " sheetId=\"2\" r:id=\"rId2\"/><sheet name=\"Zweites &amp; Blatt\" sheetId=\"3\" r:id=\"rId3\"/>"
                                               "</sheets></workbook>", book->book != NULL ? book->book : "");
  g_autofree char *sheet = g_strdup_printf ("<worksheet" NS "><dimension ref=\"A1\"/><sheetData>%s</sheetData></worksheet>", book->sheet);
  g_autofree char *second = g_strdup_printf ("<worksheet" NS "><sheetData>%s</sheetData></worksheet>", book->second != NULL ? book->second : "");

  archive_write_set_format_zip (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  add_part (archive, "_rels/.rels", root_rels);
  add_part (archive, "xl/worksheets/sheet1.xml", sheet);
  add_part (archive, "xl/workbook.xml", workbook);
  add_part (archive, "xl/_rels/workbook.xml.rels", book_rels);
  add_part (archive, "xl/styles.xml", styles);
  add_part (archive, "xl/sharedStrings.xml", strings);
  add_part (archive, "xl/worksheets/second.xml", second);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  return path;
}

typedef struct
{
  const char *name;
  Book book;
  const char *columns;
  const char *rows;
  const char *problem;
} Case;

static const Case cases[] = {
  /* sparse rows and cells, without places, with gaps */
  { "sparse", { NULL, "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\"><is><t>x</t></is></c></row>"
                      "<row r=\"3\"/><row r=\"5\"><c r=\"C5\"><v>3</v></c></row><row><c t=\"s\"><v>1</v></c><c/><c><v>2.5</v></c></row>" },
    "name:text,column_2:text,x:double", "-|-|3.0/rich |-|2.5", NULL },
  /* dates by built-in and own formats; a time of day; elapsed time and money stay numbers */
  { "dates", { NULL, "<row r=\"1\"><c t=\"str\"><v>a</v></c><c t=\"str\"><v>b</v></c><c t=\"str\"><v>c</v></c><c t=\"str\"><v>d</v></c>"
                     "<c t=\"str\"><v>e</v></c><c t=\"str\"><v>f</v></c></row>"
                     "<row r=\"2\"><c s=\"1\"><v>46203</v></c><c s=\"2\"><v>59</v></c><c s=\"3\"><v>46203.5</v></c><c s=\"4\"><v>0.25</v></c>"
                     "<c s=\"5\"><v>1.5</v></c><c s=\"6\"><v>1234.5</v></c></row>"
                     "<row r=\"3\"><c s=\"1\"><v>1</v></c><c s=\"2\"><v>61</v></c><c s=\"3\"><v>46203.999999999</v></c><c s=\"4\"><v>0.75</v></c>"
                     "<c s=\"5\"><v>2</v></c><c s=\"6\"><v>7</v></c></row>" },
    "a:date,b:date,c:timestamp,d:text,e:double,f:double",
    "2026-06-30|1900-02-28|2026-06-30 12:00:00|06:00:00|1.5|1234.5/1900-01-01|1900-03-01|2026-07-01 00:00:00|18:00:00|2.0|7.0", NULL },
  { "1904", { "<workbookPr date1904=\"1\"/>", "<row r=\"1\"><c t=\"str\"><v>a</v></c></row><row><c s=\"1\"><v>0</v></c></row><row><c s=\"1\"><v>44741</v></c></row>" },
    "a:date", "1904-01-01/2026-06-30", NULL },
  /* what an extension calls by the same name says nothing of dates */
  { "1904, extended", { "<workbookPr date1904=\"1\"/><extLst><ext><x14:workbookPr xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\""
                        " defaultImageDpi=\"32767\"/></ext></extLst>", "<row r=\"1\"><c t=\"str\"><v>a</v></c></row><row><c s=\"1\"><v>44741</v></c></row>" },
    "a:date", "2026-06-30", NULL },
  /* the day that there was not */
  { "leap", { NULL, "<row><c t=\"str\"><v>a</v></c></row><row><c s=\"1\"><v>60</v></c></row><row><c s=\"1\"><v>61</v></c></row>" }, "a:date", "-/1900-03-01",
    "row 2, a: “60” is not a date" },
  { "errors", { NULL, "<row><c t=\"str\"><v>a</v></c><c t=\"str\"><v>b</v></c></row><row><c t=\"e\"><v>#N/A</v></c><c t=\"b\"><v>1</v></c></row>"
                      "<row><c><f>1/0</f><v>4</v></c><c t=\"b\"><v>0</v></c></row>" },
    "a:int,b:bool", "-|1/4|0", "row 2, a: the cell holds the error #N/A" },
  { "texts", { NULL, "<row><c t=\"s\"><v>0</v></c></row><row><c t=\"s\"><v>2</v></c></row><row><c t=\"str\"><v>007</v></c></row>"
                     "<row><c t=\"inlineStr\"><is><r><t>a</t></r><r><t>&lt;b</t></r></is></c></row><row><c t=\"s\"><v>99</v></c></row>" },
    "name:text", "line\ntwo_/007/a<b/-", "row 5, name: the cell's text is missing from the workbook" },
  { "iso", { NULL, "<row><c t=\"str\"><v>a</v></c></row><row><c t=\"d\"><v>2026-06-30T01:02:03Z</v></c></row><row><c t=\"str\"><v>2026-07-01</v></c></row>" },
    "a:timestamp", "2026-06-30 01:02:03/2026-07-01 00:00:00", NULL },
  { "numbers", { NULL, "<row><c t=\"str\"><v>a</v></c></row><row><c><v>1E3</v></c></row><row><c><v>-0.1</v></c></row><row><c><v>1e300</v></c></row>" },
    "a:double", "1000.0/-0.1/1.0e+300", NULL },
  { "none", { NULL, "<row><c><v>1</v></c><c t=\"str\"><v>x</v></c></row><row><c><v>2</v></c><c t=\"str\"><v>y</v></c></row>" }, "column_1:int,column_2:text",
    "1|x/2|y", NULL },
};

static void
test_cells (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_book (f, "t.xlsx", &cases[i].book);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
      g_auto (BvImportResult) result = { 0 };
      g_autofree char *columns = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_no_error (error);
      g_assert_cmpint (plan->kind, ==, BV_FILE_XLSX);
      g_assert_cmpuint (g_strv_length (plan->parts), ==, 2);
      g_assert_cmpstr (plan->table, ==, "t_first");
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, cases[i].columns);
      bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (result.first_problem, ==, cases[i].problem);
      assert_dump (f->project, "SELECT * FROM t_first", cases[i].rows);
      {
        BvChange *change = bv_change_new ("Drop");

        bv_change_drop_table (change, "t_first");
        g_assert_true (bv_project_commit (f->project, change, NULL));
      }
    }
}

static void
test_sheets (Fixture *f, gconstpointer data)
{
  static const Book book = { NULL, "<row><c><v>1</v></c></row>", "<row><c t=\"str\"><v>n</v></c></row><row><c><v>7</v></c></row>" };
  g_autofree char *path = write_book (f, "Budget 2026.xlsx", &book);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->parts[1], ==, "Zweites & Blatt");
  g_assert_true (bv_import_plan_set_part (plan, "ZWEITES & blatt", &error));
  g_assert_cmpstr (plan->table, ==, "budget_2026_zweites_blatt");
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_true (plan->has_header); /* which the first sheet has not */
  plan->has_header = FALSE;
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_false (plan->has_header);
  g_assert_cmpstr (((BvImportColumn *) plan->columns->pdata[0])->name, ==, "column_1");
  plan->has_header = TRUE;
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT n FROM budget_2026_zweites_blatt", "7");
  g_assert_false (bv_import_plan_set_part (plan, "Chart", &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
}

static void
test_formats (void)
{
  static const struct { const char *code; BvXlsxFormat format; } formats[] = {
    { "General", BV_XLSX_NUMBER },      { "0.00E+00", BV_XLSX_NUMBER },       { "#,##0 \"days\"", BV_XLSX_NUMBER }, { "yyyy-mm-dd", BV_XLSX_DATE },
    { "d. mmmm yyyy", BV_XLSX_DATE },   { "mmm", BV_XLSX_DATE },              { "h:mm", BV_XLSX_TIME },             { "mm:ss.0", BV_XLSX_TIME },
    { "d/m/yy h:mm", BV_XLSX_DATE_TIME }, { "[Red]0;[Blue]-0", BV_XLSX_NUMBER }, { "[h]:mm:ss", BV_XLSX_NUMBER },   { "[$-F800]dddd", BV_XLSX_DATE },
    { "\"d\"0", BV_XLSX_NUMBER },       { "\\d0", BV_XLSX_NUMBER },           { "@", BV_XLSX_NUMBER },              { "0;yyyy", BV_XLSX_NUMBER },
    { "\"", BV_XLSX_NUMBER },           { "[", BV_XLSX_NUMBER },              { "", BV_XLSX_NUMBER },               { "\\", BV_XLSX_NUMBER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (bv_xlsx_format_of_code (formats[i].code) != formats[i].format)
      g_error ("%s", formats[i].code);
}

/* What another program's library writes. */
static void
test_written (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "w.xlsx", NULL);
  lxw_workbook *book = workbook_new (path);
  lxw_worksheet *sheet = workbook_add_worksheet (book, "Deals");
  lxw_format *day = workbook_add_format (book);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  g_autofree char *columns = NULL;
  const char *const headings[] = { "id", "name", "day", "won", "sum" };

  format_set_num_format (day, "dd/mm/yyyy");
  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    worksheet_write_string (sheet, 0, (lxw_col_t) i, headings[i], NULL);
  for (guint i = 1; i <= 3000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name %u", i % 100);
      lxw_datetime date = { 2026, 1 + (int) i % 12, 1 + (int) i % 28, 0, 0, 0 };

      worksheet_write_number (sheet, i, 0, i, NULL);
      if (i % 10 != 0)
        worksheet_write_string (sheet, i, 1, name, NULL);
      worksheet_write_datetime (sheet, i, 2, &date, day);
      worksheet_write_boolean (sheet, i, 3, i % 2, NULL);
      worksheet_write_formula_num (sheet, i, 4, "=A1*2", NULL, i * 0.5);
    }
  g_assert_cmpint (workbook_close (book), ==, LXW_NO_ERROR);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plan->table, ==, "w");
  columns = columns_of (plan);
  g_assert_cmpstr (columns, ==, "id:int,name:text,day:date,won:bool,sum:double");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT count(*), count(name), sum(id), sum(won), sum(sum), min(day), max(day) FROM w",
               "3000|2700|4501500|1500|2250750.0|2026-01-01|2026-12-28");
  assert_dump (f->project, "SELECT * FROM w WHERE id = 13", "13|Name 13|2026-02-14|1|6.5");
}

/* What comes only after the rows that are looked at first. */
static void
test_late_cells (Fixture *f, gconstpointer data)
{
  static const struct { gboolean chosen; const char *columns, *rows; guint n_unreadable, n_texts; const char *text; } late[] = {
    { FALSE, "n:text,share:double,id:text,late:int,day:text", "12|7.0|123|-|2026-01-01/n/a|0.5|00123|3|soon", 0, 3, "row 60002, n: “n/a” is not a whole number" },
    { TRUE, "n:int,share:int,id:int,late:text,day:date", "12|7|123|-|2026-01-01/-|-|123|3|-", 3, 0, NULL },
  };
  g_autofree char *path = g_build_filename (f->dir, "late.xlsx", NULL);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE };
  lxw_workbook *book = workbook_new_opt (path, &options);
  lxw_worksheet *sheet = workbook_add_worksheet (book, "Deals");
  lxw_format *format = workbook_add_format (book);
  lxw_datetime date = { 2026, 1, 1, 0, 0, 0 };
  const char *const headings[] = { "n", "share", "id", "late", "day" };
  lxw_row_t i;

  format_set_num_format (format, "dd/mm/yyyy");
  for (guint c = 0; c < G_N_ELEMENTS (headings); c++)
    worksheet_write_string (sheet, 0, (lxw_col_t) c, headings[c], NULL);
  for (i = 1; i <= 60000; i++)
    {
      worksheet_write_number (sheet, i, 0, 12, NULL);
      worksheet_write_number (sheet, i, 1, 7, NULL);
      worksheet_write_number (sheet, i, 2, 123, NULL);
      worksheet_write_datetime (sheet, i, 4, &date, format);
    }
  worksheet_write_string (sheet, i, 0, "n/a", NULL);
  worksheet_write_number (sheet, i, 1, 0.5, NULL);
  worksheet_write_string (sheet, i, 2, "00123", NULL);
  worksheet_write_number (sheet, i, 3, 3, NULL);
  worksheet_write_string (sheet, i, 4, "soon", NULL);
  g_assert_cmpint (workbook_close (book), ==, LXW_NO_ERROR);
  for (guint k = 0; k < G_N_ELEMENTS (late); k++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
      g_auto (BvImportResult) result = { 0 };
      g_autofree char *sniffed = NULL;
      g_autofree char *columns = NULL;
      BvChange *change;

      g_assert_no_error (error);
      sniffed = columns_of (plan);
      g_assert_cmpstr (sniffed, ==, late[1].columns);
      for (guint c = 0; late[k].chosen && c < plan->columns->len; c++)
        ((BvImportColumn *) plan->columns->pdata[c])->chosen = TRUE;
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, late[k].columns);
      g_assert_cmpint (result.n_rows, ==, 60001);
      g_assert_cmpint (result.n_unreadable, ==, late[k].n_unreadable);
      g_assert_cmpuint (result.n_texts, ==, late[k].n_texts);
      g_assert_cmpstr (result.first_text, ==, late[k].text);
      assert_dump (f->project, "SELECT * FROM late WHERE rowid IN (1, 60001) ORDER BY rowid", late[k].rows);
      change = bv_change_new ("Drop");
      bv_change_drop_table (change, "late");
      g_assert_true (bv_project_commit (f->project, change, NULL));
    }
}

/* Files that other people made. */
static void
test_readxl (Fixture *f, gconstpointer data)
{
  static const struct { const char *file; const char *sheet; const char *columns; const char *sql; const char *rows; } sheets[] = {
    { "datasets.xlsx", "iris", "Sepal.Length:double,Sepal.Width:double,Petal.Length:double,Petal.Width:double,Species:text",
      "SELECT count(*), round(sum(\"Sepal.Length\"), 6), round(sum(\"Petal.Width\"), 6), count(DISTINCT Species) FROM t", "150|876.5|179.9|3" },
    { "datasets.xlsx", "quakes", "lat:double,long:double,depth:int,mag:double,stations:int", "SELECT count(*), sum(depth), sum(stations) FROM t",
      "1000|311371|33418" },
    { "datasets.xlsx", "mtcars", NULL, "SELECT count(*), round(sum(mpg), 6), sum(hp), round(sum(qsec), 6) FROM t", "32|642.9|4694|571.16" },
    { "datasets.xlsx", "chickwts", "weight:int,feed:text", "SELECT count(*), sum(weight), count(DISTINCT feed) FROM t", "71|18553|6" },
    { "type-me.xlsx", "date_coercion", NULL, "SELECT * FROM t LIMIT 3", "-|empty/2016-05-23|date only format/2016-04-28 11:30:00|date and time format" },
    { "type-me.xlsx", "logical_coercion", NULL, "SELECT * FROM t LIMIT 1 OFFSET 3", "2016-01-01|datetime" },
    { "type-me.xlsx", "numeric_coercion", NULL, "SELECT count(*), max(\"maybe numeric?\") FROM t WHERE \"maybe numeric?\" LIKE '20%'", "1|2014-12-23" },
    { "type-me.xlsx", "text_coercion", NULL, "SELECT count(*) FROM t WHERE text = '2016-09-24'", "1" },
    { "deaths.xlsx", "other", NULL, "SELECT count(*) FROM t", "18" },
    { "deaths.xlsx", "arts", NULL, "SELECT * FROM t LIMIT 1 OFFSET 4", "David Bowie|musician|69|true|1947-01-08|2016-01-10" },
    { "clippy.xlsx", "list-column", NULL, "SELECT * FROM t", "Name|Clippy/Species|paperclip/Approx date of death|2007-01-01/Weight in grams|0.9" },
    { "clippy.xlsx", "two-row-header", NULL, "SELECT * FROM t LIMIT 1 OFFSET 1", "Clippy|paperclip|2007-01-01|0.9" },
    { "geometry.xlsx", "Sheet1", NULL, "SELECT * FROM t", "-|B4|C4|D4/-|B5|C5|D5/-|B6|C6|D6" },
  };
  /* BV_READXL: the folder of r-cran-readxl's examples where the package is unpacked and not installed. */
  const char *folder = g_getenv ("BV_READXL") != NULL ? g_getenv ("BV_READXL") : "/usr/lib/R/site-library/readxl/extdata";

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("readxl is not installed");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (sheets); i++)
    {
      g_autofree char *path = g_build_filename (folder, sheets[i].file, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (bv_import_plan_set_part (plan, sheets[i].sheet, &error));
      g_assert_true (bv_import_resniff (plan, NULL, &error));
      g_free (plan->table);
      plan->table = g_strdup ("t");
      if (sheets[i].columns != NULL)
        {
          g_autofree char *columns = columns_of (plan);

          g_assert_cmpstr (columns, ==, sheets[i].columns);
        }
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
      assert_dump (f->project, sheets[i].sql, sheets[i].rows);
      {
        BvChange *change = bv_change_new ("Drop");

        bv_change_drop_table (change, "t");
        g_assert_true (bv_project_commit (f->project, change, NULL));
      }
    }
}

static void
test_hostile (Fixture *f, gconstpointer data)
{
  static const struct { Book book; const char *word; } books[] = {
    { { NULL, "<row><c r=\"ZZZZ1\"><v>1</v></c></row>" }, "beyond column" },
    { { NULL, "<row><c><v>1</v></row>" }, "damaged" },
    { { NULL, "" }, "empty" },
    /* entities are not expanded: the book's text is not what it claims */
    { { "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>", "<row/>" }, "damaged" },
  };
  static const Book good = { NULL, "<row><c t=\"s\"><v>0</v></c><c><v>1</v></c></row><row><c t=\"s\"><v>1</v></c><c s=\"1\"><v>2</v></c></row>" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (books); i++)
    {
      g_autofree char *bad = write_book (f, "bad.xlsx", &books[i].book);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (bad, NULL, &error);

      g_assert_null (plan);
      g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
      if (strstr (error->message, books[i].word) == NULL)
        g_error ("%s: %s", books[i].word, error->message);
    }
  path = write_book (f, "good.xlsx", &good);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (int round = 0; round < 300; round++)
    {
      g_autofree char *copy = g_memdup2 (content, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;

      for (int n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        copy[g_rand_int_range (rand, 4, (gint32) length)] = (char) g_rand_int_range (rand, 0, 256);
      g_assert_true (g_file_set_contents_full (path, copy, round % 5 == 0 ? g_rand_int_range (rand, 30, (gint32) length) : (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_true (plan != NULL || error != NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/connect/xlsx/cells", Fixture, NULL, fixture_set_up, test_cells, fixture_tear_down);
  g_test_add ("/connect/xlsx/sheets", Fixture, NULL, fixture_set_up, test_sheets, fixture_tear_down);
  g_test_add_func ("/connect/xlsx/formats", test_formats);
  g_test_add ("/connect/xlsx/written", Fixture, NULL, fixture_set_up, test_written, fixture_tear_down);
  g_test_add ("/connect/xlsx/late-cells", Fixture, NULL, fixture_set_up, test_late_cells, fixture_tear_down);
  g_test_add ("/connect/xlsx/readxl", Fixture, NULL, fixture_set_up, test_readxl, fixture_tear_down);
  g_test_add ("/connect/xlsx/hostile", Fixture, NULL, fixture_set_up, test_hostile, fixture_tear_down);
  return g_test_run ();
}
