/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sniffing and importing files, the hostile ones among them. */
#include "import-test.h"

#include <gio/gio.h>

/* --- Sniffing */

typedef struct
{
  const char *name;
  const char *content;
  const char *columns;
  char separator;
  gboolean header;
  const char *rows; /* what SELECT * gives after the import */
} Sniff;

static const Sniff sniffs[] = {
  { "a.csv", "id,name,amount\n1,x,1.5\n2,y,2\n", "id:int,name:text,amount:double", ',', TRUE, "1|x|1.5/2|y|2.0" },
  { "My Deals (2).csv", "a;b\r\n1;\"x;y\"\r\n2;\"he said \"\"hi\"\"\"\r\n", "a:int,b:text", ';', TRUE, "1|x;y/2|he said \"hi\"" },
  { "t.tsv", "a\tb\n1\t2026-01-02\n\t2026-01-03\n", "a:int,b:date", '\t', TRUE, "1|2026-01-02/-|2026-01-03" },
  { "p.txt", "a|b|c\n1|2|3\n", "a:int,b:int,c:int", '|', TRUE, "1|2|3" },
  { "one.csv", "name\nAda\nBob\n", "name:text", ',', TRUE, "Ada/Bob" },
  { "none.csv", "1,2026-01-01,x\n2,2026-01-02,y\n", "column_1:int,column_2:date,column_3:text", ',', FALSE,
    "1|2026-01-01|x/2|2026-01-02|y" },
  { "header.csv", "a,b,c\n", "a:text,b:text,c:text", ',', TRUE, "" },
  { "header-no-eol.csv", "a,b,c", "a:text,b:text,c:text", ',', TRUE, "" },
  { "cr.csv", "a,b\r1,2\r3,4\r", "a:int,b:int", ',', TRUE, "1|2/3|4" },
  { "lines.csv", "a,b\n1,\"x\ny\r\nz\"\n2,w\n", "a:int,b:text", ',', TRUE, "1|x\ny\r\nz/2|w" },
  { "blank.csv", "\n\na,b\n\n1,2\n\n\n3,4\n\n", "a:int,b:int", ',', TRUE, "1|2/3|4" },
  { "zeros.csv", "zip,phone,big\n01234,+331234,12345678901234567890\n90210,+4412,1\n", "zip:text,phone:text,big:text", ',', TRUE,
    "01234|+331234|12345678901234567890/90210|+4412|1" },
  { "german.csv", "Betrag;Datum\n1.234,50;31.12.2025\n-7,25;01.02.2026\n", "Betrag:double,Datum:date", ';', TRUE,
    "1234.5|2025-12-31/-7.25|2026-02-01" },
  { "german2.csv", "Betrag;n\n1,250;1\n2,500;2\n", "Betrag:double,n:int", ';', TRUE, "1.25|1/2.5|2" },
  { "thousands.csv", "amount,n\n\"1,234.5\",1\n\"12,000\",2\n", "amount:double,n:int", ',', TRUE, "1234.5|1/12000.0|2" },
  { "signs.csv", "share,price\n12%,$5\n13%,$6\n", "share:text,price:text", ',', TRUE, "12%|$5/13%|$6" },
  { "us.csv", "day,at\n1/31/2026,1/31/2026 2:05 PM\n2/1/2026,2/1/2026 9:00 AM\n", "day:date,at:timestamp", ',', TRUE,
    "2026-01-31|2026-01-31 14:05:00/2026-02-01|2026-02-01 09:00:00" },
  { "mixed.csv", "at\n2026-01-02\n2026-01-02 10:00:00\n", "at:timestamp", ',', TRUE, "2026-01-02 00:00:00/2026-01-02 10:00:00" },
  { "bool.csv", "won,n\ntrue,1\nFALSE,2\n,3\n", "won:bool,n:int", ',', TRUE, "1|1/0|2/-|3" },
  { "twice.csv", "a,A,,b,a,\n1,2,3,4,5,6\n", "a:int,A 2:int,column_3:int,b:int,a 3:int,column_6:int", ',', TRUE, "1|2|3|4|5|6" },
  { "taken.csv", "column_2,,Column_2\n1,2,3\n", "column_2:int,column_2 2:int,Column_2 3:int", ',', TRUE, "1|2|3" },
  { "told.csv", "sep=;\r\nname;n\r\nx,y;1\r\nz;2\r\n", "name:text,n:int", ';', TRUE, "x,y|1/z|2" },
  { "told-bom.csv", "\xef\xbb\xbfsep=^\na^b\n1^2\n", "a:int,b:int", '^', TRUE, "1|2" },
  { "not-told.csv", "sep=x,n\n1,2\n", "sep=x:int,n:int", ',', TRUE, "1|2" },
  { "told-later.csv", "a;b\nsep=;\n", "a:text,b:text", ';', TRUE, "sep=|-" },
  { "bom.csv", "\xef\xbb\xbf\"id\",b\n1,2\n", "id:int,b:int", ',', TRUE, "1|2" },
  { "latin.csv", "name,city\nJos\xe9,M\xfcnchen \x80\n", "name:text,city:text", ',', TRUE, "José|München €" },
  { "short.csv", "a,b,c\n1\n1,2\n1,2,3,,\n", "a:int,b:int,c:int", ',', TRUE, "1|-|-/1|2|-/1|2|3" },
  { "after.csv", "a,b\n\"x\"y,1\nz\"w,2\n", "a:text,b:int", ',', TRUE, "xy|1/z\"w|2" },
  { "years.csv", "region,2024,2025\nNorth,1,2\nSouth,3,4\n", "region:text,2024:int,2025:int", ',', TRUE, "North|1|2/South|3|4" },
  { "empty.csv", "a,b\n,1\n,2\n", "a:text,b:int", ',', TRUE, "-|1/-|2" },
  { "mail.csv", "e,n\nada@example.org,1\n,2\n", "e:text,n:int", ',', TRUE, "ada@example.org|1/-|2" },
  { "j.json", "[{\"a\":1,\"b\":{\"c\":\"x\",\"d\":[1, 2]},\"z\":null},\n{\"a\":2.5,\"e\":true}]", "a:double,b_c:text,b_d:text,z:text,e:bool",
    0, TRUE, "1.0|x|[1, 2]|-|-/2.5|-|-|-|1" },
  { "n.ndjson", "{\"at\":\"2026-01-02T03:04:05Z\",\"id\":\"007\"}\n\n{\"at\":null,\"id\":\"8\"}\n", "at:timestamp,id:text", 0, TRUE,
    "2026-01-02 03:04:05|007/-|8" },
  { "guess.txt", "{\"a\": \"\\u00e9\\ud83d\\ude00\\n\"} {\"a\": \"\"}", "a:text", 0, TRUE, "é😀\n/-" },
  { "same.json", "[{\"a_b\":1,\"a\":{\"b\":2},\"A_B\":3}]", "a_b:int,a_b 2:int,A_B 3:int", 0, TRUE, "1|2|3" },
  { "big.json", "[{\"n\":12345678901234567890},{\"n\":1}]", "n:text", 0, TRUE, "12345678901234567890/1" },
};

static void
test_sniff (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (sniffs); i++)
    {
      const Sniff *s = &sniffs[i];
      g_autofree char *path = write_file (f, s->name, s->content, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
      g_auto (BvImportResult) result = { 0 };
      g_autofree char *columns = NULL;

      g_test_message ("%s", s->name);
      g_assert_no_error (error);
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, s->columns);
      if (s->separator != 0)
        {
          g_assert_cmpint (plan->kind, ==, BV_FILE_CSV);
          g_assert_cmpint (plan->separator, ==, s->separator);
          g_assert_cmpint (plan->has_header, ==, s->header);
        }
      else
        g_assert_cmpint (plan->kind, ==, BV_FILE_JSON);
      g_free (plan->table);
      plan->table = g_strdup ("t");
      bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (result.first_problem, ==, NULL);
      g_assert_cmpint (result.n_rows, ==, result.n_added);
      g_assert_cmpint (result.n_rows, ==, plan->preview->len);
      assert_dump (f->project, "SELECT * FROM t", s->rows);
      {
        BvChange *change = bv_change_new ("Drop");

        bv_change_drop_table (change, "t");
        g_assert_true (bv_project_commit (f->project, change, NULL));
      }
    }
}

static void
test_names (void)
{
  static const char *const names[][2] = {
    { "/a/My Deals (2).csv", "my_deals_2" }, { "deals.CSV.gz", "deals" },       { "Été-2026.json", "été_2026" }, { "bv_x.csv", "data_bv_x" },
    { "---.csv", "data" },                   { "sqlite_a.tsv", "data_sqlite_a" }, { ".csv", "csv" },             { "a.b.csv", "a_b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = bv_sniff_table_name (names[i][0], NULL);

      g_assert_cmpstr (name, ==, names[i][1]);
    }
}

static void
test_utf16 (Fixture *f, gconstpointer data)
{
  /* with a byte order mark and without */
  static const struct { const char *encoding; const char *mark; } files[] = {
    { "UTF-16LE", "" }, { "UTF-16BE", "" }, { "UTF-16LE", "\xef\xbb\xbf" }, { "UTF-16BE", "\xef\xbb\xbf" }, { "UTF-32LE", "\xef\xbb\xbf" },
    { "UTF-32BE", "\xef\xbb\xbf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *text = g_strconcat (files[i].mark, "name;n\nÄrzte und ein längerer lateinischer Text;1\n", NULL);
      gsize length;
      g_autofree char *converted = g_convert (text, -1, files[i].encoding, "UTF-8", NULL, &length, NULL);
      g_autofree char *path = write_file (f, "u.csv", converted, (gssize) length);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (plan->encoding, ==, files[i].encoding);
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
      assert_dump (f->project, "SELECT * FROM u", "Ärzte und ein längerer lateinischer Text|1");
    }
}

/* Programs that cut texts after so many units halve pairs: that costs the one character and not the rest of the file. */
static void
test_broken_utf16 (Fixture *f, gconstpointer data)
{
  static const char *const encodings[] = { "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      gsize length;
      g_autofree char *converted = g_convert ("name;n\nan emoji cut ?;1\nthe next row;2\n", -1, encodings[i], "UTF-8", NULL, &length, NULL);
      char *half = memchr (converted, '?', length);
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;

      /* U+D83D, the first half of many emoji */
      memcpy (half - i, i == 0 ? "\x3d\xd8" : "\xd8\x3d", 2);
      path = write_file (f, "h.csv", converted, (gssize) length);
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
      assert_dump (f->project, "SELECT * FROM h", "an emoji cut \xef\xbf\xbd|1/the next row|2");
    }
}

/* Of few characters not one in twenty need be other than ASCII. */
static void
test_short_utf16 (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_file (f, "s.csv", "a\0;\0b\0\n\0" "1\0;\0" "2\0\n\0", 16);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->encoding, ==, "UTF-16LE");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT * FROM s", "1|2");
}

/* An object of arrays is a file of several tables; what stands around them is passed over, and must be sound. */
static void
test_json_parts (Fixture *f, gconstpointer data)
{
  static const struct { const char *text; const char *parts; } files[] = {
    { "{\"count\":2,\"a\":[{\"x\":1},{\"x\":\"]\"}],\"note\":\"\\\"[{\",\"none\":[],\"n\":[1,2],\"b c\":[ {\"y\":{\"z\":[{}]}} ],\"a\":[{}]}\n", "a,b c" },
    { " {\"data\":[{\"x\":1}]} ", "data" },
    { "{\"data\":[{\"x\":1}]}\n{\"data\":[{\"x\":2}]}", NULL }, /* rows, one a line */
    { "{\"x\":1,\"y\":[1]}", NULL },
    { "[{\"data\":[{\"x\":1}]}]", NULL },
    { "{\"data\":[{\"x\":1}]", NULL },
  };
  g_autofree char *path = write_file (f, "p.json", files[0].text, -1);
  g_autofree char *broken = write_file (f, "q.json", "{\"a\":[{\"x\":1}],\"b\":[{\"y\":2}]}", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_autoptr (BvImportPlan) other = bv_import_sniff (broken, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      BvMemory memory = { files[i].text, strlen (files[i].text) };
      g_auto (GStrv) parts = bv_json_list_parts (bv_memory_read, &memory);
      g_autofree char *list = parts != NULL ? g_strjoinv (",", parts) : NULL;

      g_assert_cmpstr (list, ==, files[i].parts);
    }
  g_assert_no_error (error);
  g_assert_cmpstr (plan->table, ==, "p_a");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT * FROM p_a", "1/]");
  g_assert_true (bv_import_plan_set_part (plan, "B C", &error));
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_cmpstr (plan->table, ==, "p_b_c");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT * FROM p_b_c", "[{}]");

  /* What is broken behind the array breaks the file, and an array may have gone. */
  g_assert_true (g_file_set_contents (broken, "{\"a\":[{\"x\":1}],\"b\":[{\"y\":2}]", -1, NULL));
  g_assert_false (bv_import_run (other, f->project, NULL, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "bracket"));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (broken, "{\"b\":[{\"y\":2}]}", -1, NULL));
  g_assert_false (bv_import_run (other, f->project, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
}

/* Arrays that begin behind the sample and are longer than it, in chunks of the reader's. */
static void
test_long_json_parts (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;

  for (guint p = 0; p < 3; p++)
    {
      g_string_append_printf (text, "%s\"part%u\":[", p > 0 ? "," : "", p);
      for (guint i = 0; i < 40000; i++)
        g_string_append_printf (text, "%s{\"id\":%u,\"text\":\"a text ]} of %u\"%s}", i > 0 ? ",\n" : "", i, p, i == 39999 ? ",\"late\":true" : "");
      g_string_append_c (text, ']');
    }
  g_string_append_c (text, '}');
  path = write_file (f, "l.json", text->str, -1);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bv_import_plan_set_part (plan, "part2", &error));
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  assert_dump (f->project, "SELECT count(*), sum(id), count(DISTINCT text), sum(late) FROM l_part2", "40000|799980000|1|1");
}

static void
test_resniff (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_file (f, "r.csv", "a;b\n'x;y';2\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_autofree char *columns = NULL;

  plan->quote = '\'';
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  g_assert_cmpstr (((char **) plan->preview->pdata[0])[0], ==, "x;y");
  plan->has_header = FALSE;
  plan->separator = '|';
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  columns = columns_of (plan);
  g_assert_cmpstr (columns, ==, "column_1:text");
  g_assert_cmpuint (plan->preview->len, ==, 2);
}

/* --- What is refused */

static void
assert_refused (Fixture *f, const char *path, BvError code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);

  /* Some things show in the sample, others only to the import. */
  if (plan != NULL)
    g_assert_false (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, BV_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_false (g_str_has_suffix (error->message, "."));
  assert_dump (f->project, "SELECT count(*) FROM bv_table", "0");
  assert_dump (f->project, "SELECT count(*) FROM bv_journal", "0");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const struct { const char *name; const char *content; gssize length; BvError code; const char *word; } files[] = {
    { "empty.csv", "", 0, BV_ERROR_INVALID, "empty" },
    { "blank.csv", "\n \n\t\n", -1, BV_ERROR_INVALID, "empty" },
    { "bom.csv", "\xef\xbb\xbf", -1, BV_ERROR_INVALID, "empty" },
    { "quote.csv", "a,b\n1,2\n3,\"open\n5,6\n", -1, BV_ERROR_INVALID, "line 3" },
    { "zeros.csv", "\0\0\0\0\0\0\0\0\0\0", 10, BV_ERROR_INVALID, "not a text file" },
    { "sheet.csv", "PK\003\004xxxxxxxx", -1, BV_ERROR_INVALID, "damaged or cut off" },
    { "old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", -1, BV_ERROR_INVALID, "old Excel workbook" },
    { "p.csv", "PAR1\1\2\3", -1, BV_ERROR_INVALID, "damaged or cut off" },
    { "t.db", "SQLite format 3\0garbage", 23, BV_ERROR_INVALID, "damaged" },
    { "control.csv", "\1\2\3\4\5\6a,b\n\1\2\3\4", -1, BV_ERROR_INVALID, "not a text file" },
    { "cut.json", "[{\"a\":1},{\"a\":", -1, BV_ERROR_INVALID, "Line 1" },
    { "open.json", "[{\"a\":1}", -1, BV_ERROR_INVALID, "does not close" },
    { "scalars.json", "[1,2,3]", -1, BV_ERROR_INVALID, "does not hold a JSON object" },
    { "mixed.json", "{\"a\":1}\n[2]\n", -1, BV_ERROR_INVALID, "Line 2" },
    { "comma.json", "[{\"a\":1,},{\"a\":2}]", -1, BV_ERROR_INVALID, "a name is missing" },
    { "trailing.json", "[{\"a\":1},]", -1, BV_ERROR_INVALID, "JSON" },
    { "no-fields.json", "[{},{}]", -1, BV_ERROR_INVALID, "no objects" },
    { "nothing.json", "[]", -1, BV_ERROR_INVALID, "no objects" },
    { "number.json", "{\"a\":01}", -1, BV_ERROR_INVALID, "number" },
    { "word.json", "{\"a\":nul}", -1, BV_ERROR_INVALID, "word" },
    { "brackets.json", "{\"a\":[}]}", -1, BV_ERROR_INVALID, "Line 1" },
    { "gz.csv", "\x1f\x8b\x08\0\0\0\0\0\0\3garbage", 17, BV_ERROR_INVALID, "damaged or cut off" },
  };
  g_autofree char *missing = g_build_filename (f->dir, "missing.csv", NULL);
  g_autoptr (GString) wide = g_string_new ("c0");
  g_autoptr (GString) deep = g_string_new ("{\"a\":");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = write_file (f, files[i].name, files[i].content, files[i].length);

      assert_refused (f, path, files[i].code, files[i].word);
    }
  assert_refused (f, missing, BV_ERROR_NOT_FOUND, "missing.csv");
  assert_refused (f, f->dir, BV_ERROR_INVALID, "folder");
  assert_refused (f, "/dev/null", BV_ERROR_INVALID, "regular file");
  for (int i = 1; i < 5000; i++)
    g_string_append_printf (wide, ",c%d", i);
  {
    g_autofree char *path = write_file (f, "wide.csv", wide->str, -1);

    assert_refused (f, path, BV_ERROR_UNSUPPORTED, "5000 columns");
  }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  {
    g_autofree char *path = write_file (f, "deep.json", deep->str, -1);

    assert_refused (f, path, BV_ERROR_INVALID, "nested too deeply");
  }
}

/* A quote that opens far behind the sample: found by the import, which keeps nothing. */
static void
test_late_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) s = g_string_new ("a,b\n");
  g_autofree char *path = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append (s, "12,some text\n");
  g_string_append (s, "12,\"some text\n13,x\n");
  path = write_file (f, "late.csv", s->str, (gssize) s->len);
  assert_refused (f, path, BV_ERROR_INVALID, "line 200002");
}

/* --- What is imported all the same */

static void
test_hostile (Fixture *f, gconstpointer data)
{
  g_autofree char *cell = g_strnfill (100000, 'q');
  g_autofree char *big = g_strdup_printf ("a,b\n1,%s\n2,\"%s\n%s\"\n", cell, cell, cell);
  g_autofree char *big_path = write_file (f, "big.csv", big, -1);
  g_autofree char *nul_path = write_file (f, "nul.csv", "a,b,c\n1,x\0y,z\n\0002,p,q\n", 21);
  g_autofree char *bad_path = write_file (f, "bad.csv", "n,day,t\n1,2026-01-01,x\nfour,2026-13-01,y\n5,,z,extra,more\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (big_path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };

  g_assert_no_error (error);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  assert_dump (f->project, "SELECT a, length(b) FROM big", "1|100000/2|200001");

  /* a NUL does not cut the cell short: the cell is unreadable, the others are kept */
  g_clear_pointer (&plan, bv_import_plan_free);
  plan = bv_import_sniff (nul_path, NULL, &error);
  g_assert_no_error (error);
  bv_import_result_clear (&result);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_unreadable, ==, 2);
  assert_dump (f->project, "SELECT * FROM nul", "1|-|z/-|p|q");

  g_clear_pointer (&plan, bv_import_plan_free);
  plan = bv_import_sniff (bad_path, NULL, &error);
  bv_import_plan_find_column (plan, "N")->type = BV_TYPE_INT;
  bv_import_plan_find_column (plan, "day")->type = BV_TYPE_DATE;
  bv_import_result_clear (&result);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_unreadable, ==, 4);
  g_assert_cmpstr (result.first_problem, ==, "line 3, n: “four” is not a whole number");
  assert_dump (f->project, "SELECT * FROM bad", "1|2026-01-01|x/-|-|y/5|-|z");
}

/* Bytes that the sample's encoding does not have, far behind it. */
static void
test_late_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) s = g_string_new ("a,b\n");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  g_auto (BvImportResult) result = { 0 };

  for (int i = 0; i < 100000; i++)
    g_string_append (s, "12,some text\n");
  g_string_append (s, "13,Jos\xe9\n");
  path = write_file (f, "late.csv", s->str, (gssize) s->len);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_cmpstr (plan->encoding, ==, "UTF-8");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_unreadable, ==, 1);
  g_assert_true (g_str_has_prefix (result.first_problem, "line 100002, b: "));
  assert_dump (f->project, "SELECT b FROM late WHERE a = 13", "-");
  /* the analyst picks the encoding */
  g_free (plan->encoding);
  plan->encoding = g_strdup ("WINDOWS-1252");
  g_assert_true (bv_import_resniff (plan, NULL, &error));
  bv_import_result_clear (&result);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  assert_dump (f->project, "SELECT b FROM late WHERE a = 13", "José");
}

static void
test_reimport (Fixture *f, gconstpointer data)
{
  const char *key[] = { "id", NULL };
  g_autofree char *path = write_file (f, "c.csv", "id,name\n1,a\n2,b\n2,c\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };
  g_autofree char *again = NULL;

  plan->key = g_strdupv ((char **) key);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_rows, ==, 3);
  g_assert_cmpint (result.n_added, ==, 2);
  bv_import_result_clear (&result);
  again = write_file (f, "c.csv", "id,name\n2,B\n3,C\n", -1);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_added, ==, 1);
  g_assert_cmpint (result.n_replaced, ==, 1);
  assert_dump (f->project, "SELECT * FROM c", "1|a/2|B/3|C");
  g_assert_cmpstr (bv_project_get_undo_name (f->project), ==, "Import c.csv");
  g_assert_true (bv_project_undo (f->project, NULL));
  assert_dump (f->project, "SELECT * FROM c", "1|a/2|c");
  /* skipped columns, and a key among them */
  bv_import_plan_find_column (plan, "id")->skip = TRUE;
  g_assert_false (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_NOT_FOUND);
  g_clear_error (&error);
  bv_import_plan_find_column (plan, "name")->skip = TRUE;
  g_assert_false (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  assert_dump (f->project, "SELECT * FROM c", "1|a/2|c");
}

static char *
many_rows (Fixture *f, const char *name, int n)
{
  g_autoptr (GString) s = g_string_new ("id,name,amount,day,won,email\n");

  for (int i = 0; i < n; i++)
    g_string_append_printf (s, "%d,\"Name, %d\",%d.%02d,2026-%02d-%02d,%s,user%d@example.org\n", i, i % 1000, i % 5000, i % 100,
                            i % 12 + 1, i % 28 + 1, i % 3 ? "true" : "false", i % 777);
  return write_file (f, name, s->str, (gssize) s->len);
}

static void
cancel_on_progress (guint64 done, guint64 total, const char *what, gpointer data)
{
  if (done > total / 3)
    g_cancellable_cancel (data);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autofree char *path = many_rows (f, "many.csv", 300000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };

  g_assert_false (bv_import_run (plan, f->project, cancel_on_progress, cancellable, cancellable, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (result.n_rows, ==, 0);
  assert_dump (f->project, "SELECT count(*) FROM bv_table", "0");
  assert_dump (f->project, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'bv\\_old%' ESCAPE '\\'", "0");
  g_clear_error (&error);
  g_assert_null (bv_import_sniff (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_async (Fixture *f, gconstpointer data)
{
  g_autofree char *path = many_rows (f, "many.csv", 1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  g_auto (BvImportResult) result = { 0 };
  g_autoptr (GAsyncResult) async = NULL;

  bv_import_run_async (plan, f->project, NULL, NULL, NULL, NULL, keep_result, &async);
  while (async == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bv_import_run_finish (async, &result, &error));
  g_assert_cmpint (result.n_added, ==, 1000);
  g_clear_object (&async);
  bv_import_result_clear (&result);

  g_free (plan->table);
  plan->table = g_strdup ("bv_no");
  bv_import_run_async (plan, f->project, NULL, NULL, NULL, NULL, keep_result, &async);
  while (async == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bv_import_run_finish (async, &result, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
}

static void
test_gzip (Fixture *f, gconstpointer data)
{
  g_autofree char *plain = many_rows (f, "many.csv", 20000);
  g_autofree char *packed = g_build_filename (f->dir, "Packed File.csv.gz", NULL);
  g_autofree char *cut = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GFile) from = g_file_new_for_path (plain);
  g_autoptr (GFile) to = g_file_new_for_path (packed);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  g_auto (BvImportResult) result = { 0 };
  gsize size;

  /* two members in a row, as log rotation makes them */
  for (int member = 0; member < 2; member++)
    {
      g_autoptr (GConverter) zip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
      g_autoptr (GFileInputStream) in = g_file_read (from, NULL, &error);
      g_autoptr (GFileOutputStream) out = g_file_append_to (to, G_FILE_CREATE_NONE, NULL, &error);
      g_autoptr (GOutputStream) stream = g_converter_output_stream_new (G_OUTPUT_STREAM (out), zip);

      g_output_stream_splice (stream, G_INPUT_STREAM (in), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
      g_assert_no_error (error);
    }
  plan = bv_import_sniff (packed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plan->table, ==, "packed_file");
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_rows, ==, 40001); /* the second heading is a row */
  g_assert_true (bv_project_undo (f->project, NULL));
  while (bv_project_get_redo_name (f->project) != NULL)
    {
      BvChange *change = bv_change_new ("x");

      bv_change_put (change, NULL, "report", "x", "{}", -1);
      g_assert_true (bv_project_commit (f->project, change, NULL));
    }
  g_assert_true (g_file_get_contents (packed, &bytes, &size, NULL));
  cut = write_file (f, "cut.csv.gz", bytes, (gssize) size - 100);
  g_clear_pointer (&plan, bv_import_plan_free);
  plan = bv_import_sniff (cut, NULL, &error);
  if (plan != NULL)
    g_assert_false (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, BV_ERROR, BV_ERROR_INVALID);
  assert_dump (f->project, "SELECT count(*) FROM bv_table", "0");
}

/* Fields that come only after the sample. */
static void
test_late_fields (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) s = g_string_new ("[");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = NULL;
  g_auto (BvImportResult) result = { 0 };

  for (int i = 0; i < 40000; i++)
    g_string_append_printf (s, "{\"id\": %d, \"text\": \"some text to fill the sample\"},\n", i);
  g_string_append (s, "{\"id\": \"x\", \"LATE\": {\"n\": 7}, \"late\": [true]}]");
  path = write_file (f, "late.json", s->str, (gssize) s->len);
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->columns->len, ==, 2);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
  g_assert_cmpint (result.n_rows, ==, 40001);
  g_assert_cmpint (result.n_unreadable, ==, 0);
  g_assert_cmpstr (result.first_text, ==, "line 40001, id: “x” is not a whole number");
  assert_dump (f->project, "SELECT * FROM late ORDER BY rowid DESC LIMIT 1", "x|-|7|[true]");
}

/* A small file may be a large one, compressed. */
static void
test_late_fields_in_gzip (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "small.ndjson.gz", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GConverter) zip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) out = g_file_create (file, G_FILE_CREATE_NONE, NULL, &error);
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (G_OUTPUT_STREAM (out), zip);
  g_autoptr (BvImportPlan) plan = NULL;

  for (int i = 0; i < 40000; i++)
    g_output_stream_printf (stream, NULL, NULL, NULL, "{\"id\": 1, \"text\": \"the same text in all of them\"}\n");
  g_output_stream_printf (stream, NULL, NULL, NULL, "{\"id\": 1, \"late\": 7}\n");
  g_assert_true (g_output_stream_close (stream, NULL, &error));
  plan = bv_import_sniff (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->size, <, 32 * 1024);
  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  assert_dump (f->project, "SELECT count(*), sum(late) FROM small", "40001|7");
}

/* What comes only after the sample: wider types, up to text; not where the analyst chose the type. */
static void
test_late_cells (Fixture *f, gconstpointer data)
{
#define SNIFFED "n:int,day:date,rate:double,won:bool,late:text,note:text"
#define DAY ",2026-01-02,0.5,yes,"
  static const struct { const char *last; gboolean chosen; const char *columns, *rows; guint n_unreadable, n_texts; const char *text; } cases[] = {
    { "7" DAY, FALSE, SNIFFED, "12|2026-01-01|0.25|1|-/7|2026-01-02|0.5|1|-", 0, 0, NULL },
    { "0.5,2026-01-02 10:00,7,no,1.5", FALSE, "n:double,day:timestamp,rate:double,won:bool,late:double,note:text",
      "12.0|2026-01-01 00:00:00|0.25|1|-/0.5|2026-01-02 10:00:00|7.0|0|1.5", 0, 0, NULL },
    { "0.5,2026-01-02 10:00,0.5,yes,", TRUE, SNIFFED, "12|2026-01-01|0.25|1|-/-|-|0.5|1|-", 2, 0, NULL },
    { "n/a,soon,#REF!,maybe,x", FALSE, "n:text,day:text,rate:text,won:text,late:text,note:text",
      "12|2026-01-01|0.25|yes|-/n/a|soon|#REF!|maybe|x", 0, 4, "line 6002, n: “n/a” is not a whole number" },
    { "n/a,soon,#REF!,maybe,x", TRUE, SNIFFED, "12|2026-01-01|0.25|1|-/-|-|-|-|x", 4, 0, NULL },
    /* What a number keeps less of */
    { "007" DAY, FALSE, "n:text,day:date,rate:double,won:bool,late:text,note:text", "12|2026-01-01|0.25|1|-/007|2026-01-02|0.5|1|-", 0, 1,
      "line 6002, n: “007” is not a whole number" },
    { "7,2026-01-02,00.5,yes,", FALSE, "n:int,day:date,rate:text,won:bool,late:text,note:text", "12|2026-01-01|0.25|1|-/7|2026-01-02|00.5|1|-", 0, 1,
      "line 6002, rate: “00.5” is not a number" },
    { "9007199254740993" DAY ",\n0.5" DAY, FALSE, "n:text,day:date,rate:double,won:bool,late:text,note:text",
      "12|2026-01-01|0.25|1|-/0.5|2026-01-02|0.5|1|-", 0, 1, "line 6002, n: “9007199254740993” is not a number" },
    { "7,2026-01-02,9007199254740993,yes,", FALSE, "n:int,day:date,rate:text,won:bool,late:text,note:text",
      "12|2026-01-01|0.25|1|-/7|2026-01-02|9007199254740993|1|-", 0, 1, "line 6002, rate: “9007199254740993” is not a number" },
    /* Where there was nothing: blanks, then a number, and then a word */
    { "7" DAY "  ", FALSE, SNIFFED, "12|2026-01-01|0.25|1|-/7|2026-01-02|0.5|1|  ", 0, 0, NULL },
    { "7" DAY "  ,\n7" DAY "3", FALSE, "n:int,day:date,rate:double,won:bool,late:int,note:text",
      "12|2026-01-01|0.25|1|-/7|2026-01-02|0.5|1|3", 0, 0, NULL },
    { "7" DAY "3,\n7" DAY "z", FALSE, SNIFFED, "12|2026-01-01|0.25|1|-/7|2026-01-02|0.5|1|z", 0, 1, "line 6003, late: “z” is not a whole number" },
  };
  g_autoptr (GString) rows = g_string_new ("n,day,rate,won,late,note\n");
  g_autofree char *note = g_strnfill (200, 'x');
  gsize length;

  for (int i = 0; i < 6000; i++)
    g_string_append_printf (rows, "12,2026-01-01,0.25,yes,,%s\n", note);
  length = rows->len;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = NULL;
      g_autofree char *sniffed = NULL;
      g_autofree char *columns = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;
      g_auto (BvImportResult) result = { 0 };
      BvChange *change;

      g_string_truncate (rows, length);
      g_string_append_printf (rows, "%s,\n", cases[i].last);
      path = write_file (f, "f.csv", rows->str, (gssize) rows->len);
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_no_error (error);
      sniffed = columns_of (plan);
      g_assert_cmpstr (sniffed, ==, SNIFFED);
      for (guint c = 0; cases[i].chosen && c < plan->columns->len; c++)
        ((BvImportColumn *) plan->columns->pdata[c])->chosen = TRUE;
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, cases[i].columns);
      g_assert_cmpint (result.n_unreadable, ==, cases[i].n_unreadable);
      g_assert_cmpuint (result.n_texts, ==, cases[i].n_texts);
      g_assert_cmpstr (result.first_text, ==, cases[i].text);
      g_assert_cmpint (result.n_rows, ==, strchr (cases[i].last, '\n') != NULL ? 6002 : 6001);
      g_assert_cmpint (result.n_added, ==, result.n_rows);
      assert_dump (f->project, "SELECT n, day, rate, won, late FROM f WHERE rowid IN (1, (SELECT max(rowid) FROM f)) ORDER BY rowid", cases[i].rows);
      change = bv_change_new ("Drop");
      bv_change_drop_table (change, "f");
      g_assert_true (bv_project_commit (f->project, change, NULL));
    }
#undef SNIFFED
#undef DAY
}

/* The same of JSON, whose fields say by themselves what they are. */
static void
test_late_json (Fixture *f, gconstpointer data)
{
  static const struct { const char *last, *columns, *row; guint n_texts; } cases[] = {
    { "\"n\": 7.5, \"day\": \"2026-01-02T10:00:00Z\", \"won\": false, \"empty\": \"x\"",
      "n:double,day:timestamp,won:bool,empty:text,text:text", "7.5|2026-01-02 10:00:00|0|x", 0 },
    { "\"n\": \"7 EUR\", \"day\": {\"a\": 1}, \"won\": [true], \"empty\": 3", "n:text,day:date,won:text,empty:int,text:text,day_a:int",
      "7 EUR|-|[true]|3", 2 },
    { "\"n\": \"007\", \"day\": 12, \"won\": \"no\", \"empty\": [1]", "n:text,day:text,won:bool,empty:text,text:text", "007|12|0|[1]", 2 },
  };
  g_autoptr (GString) s = g_string_new (NULL);
  gsize length;

  for (int i = 0; i < 20000; i++)
    g_string_append (s, "{\"n\": 12, \"day\": \"2026-01-01\", \"won\": true, \"empty\": null, \"text\": \"some text to fill the sample\"}\n");
  length = s->len;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("f%u.json", i);
      g_autofree char *path = NULL;
      g_autofree char *columns = NULL;
      g_autofree char *sql = g_strdup_printf ("SELECT n, day, won, empty FROM f%u ORDER BY rowid DESC LIMIT 1", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = NULL;
      g_auto (BvImportResult) result = { 0 };

      g_string_truncate (s, length);
      g_string_append_printf (s, "{%s}\n", cases[i].last);
      path = write_file (f, name, s->str, (gssize) s->len);
      plan = bv_import_sniff (path, NULL, &error);
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      columns = columns_of (plan);
      g_assert_cmpstr (columns, ==, cases[i].columns);
      g_assert_cmpint (result.n_unreadable, ==, 0);
      g_assert_cmpuint (result.n_texts, ==, cases[i].n_texts);
      g_assert_cmpint (result.n_rows, ==, 20001);
      assert_dump (f->project, sql, cases[i].row);
    }
}

/* A table that is there already, by its key, and another file of the same step before it: neither is touched by what is read twice. */
static void
test_late_merge (Fixture *f, gconstpointer data)
{
  g_autofree char *old = write_file (f, "t.csv", "id,n\n1,10\n2,20\n", -1);
  g_autofree char *first = write_file (f, "first.csv", "x\n1\n", -1);
  g_autofree char *path = NULL;
  g_autoptr (GString) rows = g_string_new ("id,n,note\n");
  g_autofree char *note = g_strnfill (200, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (old, NULL, &error);
  g_autoptr (BvImportPlan) other = bv_import_sniff (first, NULL, &error);
  g_autoptr (BvTableWriter) writer = NULL;
  g_auto (BvImportResult) result = { 0 };

  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  g_clear_pointer (&plan, bv_import_plan_free);
  for (int i = 2; i < 6000; i++)
    g_string_append_printf (rows, "%d,%d,%s\n", i, i, note);
  g_string_append (rows, "6000,n/a,\n");
  path = write_file (f, "t.csv", rows->str, (gssize) rows->len);
  plan = bv_import_sniff (path, NULL, &error);
  plan->key = g_strsplit ("id", ",", -1);
  writer = bv_table_writer_new (f->project, &error);
  g_assert_true (bv_import_into (other, writer, NULL, NULL, NULL, NULL, &error));
  g_assert_true (bv_import_into (plan, writer, NULL, NULL, NULL, &result, &error));
  g_assert_true (bv_table_writer_commit (g_steal_pointer (&writer), "Import", NULL, &error));
  g_assert_cmpint (result.n_added, ==, 5998);
  g_assert_cmpint (result.n_replaced, ==, 1);
  assert_dump (f->project, "SELECT count(*), (SELECT n FROM t WHERE id = 1), (SELECT n FROM t WHERE id = 2), (SELECT n FROM t WHERE id = 6000),"
                           " (SELECT count(*) FROM first) FROM t", "6000|10|2|n/a|1");
  g_assert_true (bv_project_undo (f->project, &error));
  assert_dump (f->project, "SELECT * FROM t", "1|10/2|20");
  g_assert_true (bv_project_redo (f->project, &error));
  assert_dump (f->project, "SELECT count(*) FROM t", "6000");
}

/* Files nobody here wrote, where they are at hand. */
static void
test_real (Fixture *f, gconstpointer data)
{
  const char *shared = g_getenv ("BV_SHARED");
  g_autofree char *superstore = g_build_filename (shared != NULL ? shared : "", "data/superstore/superstore.csv", NULL);
  g_autofree char *tickets = g_build_filename (shared != NULL ? shared : "", "data/support_tickets/customer_support_tickets.csv", NULL);
  const char *paths[] = { superstore, tickets };

  if (!g_file_test (superstore, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the shared data is not here");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BvImportPlan) plan = bv_import_sniff (paths[i], NULL, &error);
      g_auto (BvImportResult) result = { 0 };
      g_autofree char *columns = NULL;

      g_assert_no_error (error);
      columns = columns_of (plan);
      g_test_message ("%s", columns);
      g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, &result, &error));
      g_assert_cmpint (result.n_unreadable, ==, 0);
    }
  assert_dump (f->project, "SELECT count(*), printf('%.2f', sum(Sales)), printf('%.2f', sum(Profit)), count(DISTINCT \"Customer ID\"),"
                           " count(DISTINCT \"Order ID\"), min(\"Order Date\"), max(\"Order Date\") FROM superstore",
               "9994|2297200.86|286397.02|793|5009|2014-01-03|2017-12-30");
  assert_dump (f->project, "SELECT (SELECT count(*) FROM pragma_table_info('superstore')),"
                           " (SELECT count(*) FROM pragma_table_info('customer_support_tickets'))", "21|17");
  assert_dump (f->project, "SELECT count(*), sum(\"Ticket Description\" LIKE '%' || char(10) || '%'), sum(\"First Response Time\" IS NULL)"
                           " FROM customer_support_tickets", "8469|6150|2819");
}

static void
test_speed (Fixture *f, gconstpointer data)
{
  int n = g_test_perf () ? 3000000 : 60000;
  g_autofree char *path = many_rows (f, "speed.csv", n);
  g_autoptr (GError) error = NULL;
  g_autoptr (BvImportPlan) plan = bv_import_sniff (path, NULL, &error);
  gint64 start = g_get_monotonic_time ();
  double seconds;

  g_assert_true (bv_import_run (plan, f->project, NULL, NULL, NULL, NULL, &error));
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_message ("%.0f rows of 6 columns a second, %.0f MB/s", n / seconds, (double) plan->size / seconds / 1e6);
  g_test_maximized_result (n / seconds, "rows/s");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/import/names", test_names);
#define ADD(name, function) g_test_add ("/connect/import/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("sniff", test_sniff);
  ADD ("utf16", test_utf16);
  ADD ("broken-utf16", test_broken_utf16);
  ADD ("short-utf16", test_short_utf16);
  ADD ("json-parts", test_json_parts);
  ADD ("long-json-parts", test_long_json_parts);
  ADD ("resniff", test_resniff);
  ADD ("refused", test_refused);
  ADD ("late-error", test_late_error);
  ADD ("hostile", test_hostile);
  ADD ("late-bytes", test_late_bytes);
  ADD ("reimport", test_reimport);
  ADD ("cancel", test_cancel);
  ADD ("async", test_async);
  ADD ("gzip", test_gzip);
  ADD ("late-fields", test_late_fields);
  ADD ("late-fields-in-gzip", test_late_fields_in_gzip);
  ADD ("late-cells", test_late_cells);
  ADD ("late-json", test_late_json);
  ADD ("late-merge", test_late_merge);
  ADD ("real", test_real);
  ADD ("speed", test_speed);
#undef ADD
  return g_test_run ();
}
