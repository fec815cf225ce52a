/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding out what a file is, from its first MiB.
 *
 * Encoding: a byte order mark; else a zero in every other byte is UTF-16; else UTF-8 where it is valid, and WINDOWS-1252
 * where it is not. Separator: the one that the first line tells ("sep=;"), or that of tab ; | , that splits the sample's rows most
 * evenly. Header: there is one unless the first row looks like the rows below it. Types: what all cells of a column can be read as
 * (bv-cell.c); an empty column and a file of a header only are text.
 */
#include "config.h"

#include "bv-import-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows that are looked at to choose the separator. */
#define SEPARATOR_ROWS 200
#define MAX_NAME 200
/* Objects that are looked at in an array that is a part of its file. */
#define PART_ROWS 5000

void
bv_sniffed_column_free (gpointer data)
{
  BvSniffedColumn *sniffed = data;

  g_free (sniffed->column.name);
  g_free (sniffed->key);
  g_free (sniffed);
}

BvSniffedColumn *
bv_sniff_add_column (GPtrArray *columns, GHashTable *names, const char *name, gsize length, const char *key)
{
  BvSniffedColumn *sniffed = g_new0 (BvSniffedColumn, 1);
  g_autoptr (GString) base = g_string_new (NULL);
  g_autofree char *valid = NULL;
  char *folded;

  /* One heading is one line of readable text. */
  for (gsize i = 0; i < length; i++)
    g_string_append_c (base, (guchar) name[i] < 0x20 ? ' ' : name[i]);
  valid = g_strstrip (g_utf8_make_valid (base->str, -1));
  if (g_utf8_strlen (valid, -1) > MAX_NAME)
    *g_utf8_offset_to_pointer (valid, MAX_NAME) = '\0';
  if (*valid == '\0')
    {
      g_free (valid);
      valid = g_strdup_printf ("column_%u", columns->len + 1);
    }
  sniffed->column.name = g_strdup (valid);
  folded = g_ascii_strdown (valid, -1);
  for (guint n = 2; g_hash_table_contains (names, folded); n++)
    {
      g_free (sniffed->column.name);
      sniffed->column.name = g_strdup_printf ("%s %u", valid, n);
      g_free (folded);
      folded = g_ascii_strdown (sniffed->column.name, -1);
    }
  g_hash_table_add (names, folded);
  sniffed->column.type = BV_TYPE_TEXT;
  sniffed->key = g_strdup (key);
  g_ptr_array_add (columns, sniffed);
  return sniffed;
}

/* Appends the letters and digits of @text, what is between them as "_". */
static void
append_name (GString *s, const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_ismark (c))
        g_string_append_unichar (s, c);
      else if (s->len > 0 && s->str[s->len - 1] != '_')
        g_string_append_c (s, '_');
    }
  while (s->len > 0 && s->str[s->len - 1] == '_')
    g_string_truncate (s, s->len - 1);
}

char *
bv_sniff_table_name (const char *path, const char *part)
{
  static const char *const endings[] = { ".gz", ".csv", ".tsv", ".txt", ".tab", ".json", ".ndjson", ".jsonl", ".xlsx", ".xlsm", ".parquet",
                                         ".sqlite", ".sqlite3", ".db" };
  g_autofree char *display = g_filename_display_basename (path);
  g_autofree char *name = g_utf8_strdown (display, -1);
  GString *s = g_string_new (NULL);
  gboolean again = TRUE;

  while (again)
    {
      again = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        if (g_str_has_suffix (name, endings[i]) && strlen (name) > strlen (endings[i]))
          {
            name[strlen (name) - strlen (endings[i])] = '\0';
            again = TRUE;
          }
    }
  append_name (s, name);
  if (part != NULL)
    {
      g_autofree char *lower = g_utf8_strdown (part, -1);

      if (s->len > 0)
        g_string_append_c (s, '_');
      append_name (s, lower);
    }
  if (s->len == 0)
    g_string_assign (s, "data");
  if (g_str_has_prefix (s->str, "bv_") || g_str_has_prefix (s->str, "sqlite_"))
    g_string_prepend (s, "data_");
  return g_string_free (s, FALSE);
}

/* --- Encoding */

gboolean
bv_sniff_set_error (BvImportPlan *plan, const char *advice, GError **error)
{
  g_autofree char *name = g_filename_display_basename (plan->path);

  g_set_error (error, BV_ERROR, BV_ERROR_INVALID, "%s: %s", name, advice);
  return FALSE;
}

gboolean
bv_sniff_magic (const char *sample, gsize length, BvFileKind *kind)
{
  if (length >= 4 && memcmp (sample, "PK\003\004", 4) == 0)
    *kind = BV_FILE_XLSX;
  else if (length >= 4 && (memcmp (sample, "PAR1", 4) == 0 || memcmp (sample, "PARE", 4) == 0))
    *kind = BV_FILE_PARQUET;
  else if (length >= 16 && memcmp (sample, "SQLite format 3", 16) == 0)
    *kind = BV_FILE_SQLITE;
  else
    return FALSE;
  return TRUE;
}

static gboolean
check_magic (BvImportPlan *plan, const char *sample, gsize length, GError **error)
{
  static const struct { const char *magic; gsize length; gboolean sheet; } magics[] = {
    { "\xd0\xcf\x11\xe0", 4, TRUE }, { "%PDF", 4, FALSE }, { "\x89PNG", 4, FALSE }, { "\xff\xd8\xff", 3, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (length >= magics[i].length && memcmp (sample, magics[i].magic, magics[i].length) == 0)
      return bv_sniff_set_error (plan, magics[i].sheet ? _("this is an old Excel workbook, or one with a password: save it as XLSX without one")
                                               : _("this is not a text file: export it as CSV or JSON"), error);
  return TRUE;
}

/* Text has hardly any control characters; a stray NUL is a cell's problem and not the file's. */
static gboolean
looks_binary (const char *sample, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    n += (guchar) sample[i] < 0x20 && memchr ("\t\n\r\f\v\x1a\x1b", sample[i], 7) == NULL;
  return n > 4 + length / 50;
}

gboolean
bv_sniff_encoding (BvImportPlan *plan, const char *sample, gsize length, gboolean whole, GError **error)
{
  const char *encoding = "WINDOWS-1252";
  const guchar *bytes = (const guchar *) sample;
  gsize zeros[2] = { 0, 0 };
  const char *end;

  if (!check_magic (plan, sample, length, error))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    zeros[i % 2] += sample[i] == 0;
  if (length >= 3 && memcmp (sample, "\xef\xbb\xbf", 3) == 0)
    encoding = "UTF-8";
  else if (length >= 4 && memcmp (sample, "\xff\xfe\0\0", 4) == 0)
    encoding = "UTF-32LE";
  else if (length >= 4 && memcmp (sample, "\0\0\xfe\xff", 4) == 0)
    encoding = "UTF-32BE";
  else if (length >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
    encoding = "UTF-16LE";
  else if (length >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
    encoding = "UTF-16BE";
  else if (length >= 4 && zeros[1] > length / 5 && zeros[0] * 20 < zeros[1])
    encoding = "UTF-16LE";
  else if (length >= 4 && zeros[0] > length / 5 && zeros[1] * 20 < zeros[0])
    encoding = "UTF-16BE";
  else
    {
      g_autofree char *text = g_memdup2 (sample, length);

      /* A NUL would end the validation. */
      for (gsize i = 0; i < length; i++)
        if (text[i] == 0)
          text[i] = ' ';
      if (g_utf8_validate (text, (gssize) length, &end) || (!whole && (gsize) (end - text) + 4 > length))
        encoding = "UTF-8";
      if (looks_binary (sample, length))
        return bv_sniff_set_error (plan, _("this is not a text file: export it as CSV or JSON"), error);
    }
  g_free (plan->encoding);
  plan->encoding = g_strdup (encoding);
  return TRUE;
}

/* --- CSV */

typedef struct
{
  char *text;
  gsize length;
} BvText;

static void
row_free (gpointer data)
{
  GArray *row = data;

  for (guint i = 0; i < row->len; i++)
    g_free (g_array_index (row, BvText, i).text);
  g_array_unref (row);
}

/* The sample's rows. One that the sample's end may have cut is left out, unless there is no other. */
static GPtrArray *
read_rows (BvImportPlan *plan, const char *sample, gsize length, gboolean whole, char separator, guint max_rows, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  BvMemory memory = { sample, length };
  g_autoptr (BvCsv) csv = bv_csv_new (bv_memory_read, &memory, separator, plan->quote);
  g_autoptr (GError) local = NULL;
  gboolean more = TRUE;

  while (rows->len < max_rows)
    {
      GArray *row;

      if (!bv_csv_next (csv, &more, &local))
        {
          if (whole || rows->len == 0)
            {
              g_propagate_error (error, g_steal_pointer (&local));
              return NULL;
            }
          return g_steal_pointer (&rows);
        }
      if (!more)
        break;
      row = g_array_new (FALSE, FALSE, sizeof (BvText));
      for (guint i = 0; i < bv_csv_n_fields (csv); i++)
        {
          BvText text;
          const char *field = bv_csv_field (csv, i, &text.length);

          text.text = g_memdup2 (field, text.length + 1);
          g_array_append_val (row, text);
        }
      g_ptr_array_add (rows, row);
    }
  if (!more && !whole && rows->len > 1)
    g_ptr_array_set_size (rows, (int) rows->len - 1);
  return g_steal_pointer (&rows);
}

/* The number of fields that most rows have, and the share of rows that do. */
static guint
modal_fields (GPtrArray *rows, double *share)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint best = 0, best_count = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      gpointer fields = GUINT_TO_POINTER (((GArray *) rows->pdata[i])->len);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, fields)) + 1;

      g_hash_table_insert (counts, fields, GUINT_TO_POINTER (count));
      if (count > best_count)
        {
          best = GPOINTER_TO_UINT (fields);
          best_count = count;
        }
    }
  *share = rows->len > 0 ? (double) best_count / rows->len : 0;
  return best;
}

static char
choose_separator (BvImportPlan *plan, const char *sample, gsize length, gboolean whole)
{
  static const char candidates[] = { '\t', ';', '|', ',' };
  char best = ',', told = bv_csv_told_separator (sample, length);
  double best_share = 0;

  if (told != '\0')
    return told;

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      g_autoptr (GPtrArray) rows = read_rows (plan, sample, length, whole, candidates[i], SEPARATOR_ROWS, NULL);
      double share;

      if (rows == NULL || modal_fields (rows, &share) < 2)
        continue;
      /* the heading must be split as well */
      if (((GArray *) rows->pdata[0])->len < 2)
        share *= 0.5;
      if (share > best_share + 1e-9)
        {
          best = candidates[i];
          best_share = share;
        }
    }
  return best;
}

static BvCellStyle
gather_style (GPtrArray *rows, guint from, char separator)
{
  BvCellEvidence evidence = { 0 };

  for (guint i = from; i < rows->len; i++)
    {
      GArray *row = rows->pdata[i];

      for (guint j = 0; j < row->len; j++)
        {
          BvText *cell = &g_array_index (row, BvText, j);

          bv_cell_gather (&evidence, cell->text, cell->length);
        }
    }
  return bv_cell_style (&evidence, separator);
}

static guint
column_bits (GPtrArray *rows, guint from, guint column, const BvCellStyle *style)
{
  guint bits = BV_CELL_ANY;

  for (guint i = from; i < rows->len && bits != 0; i++)
    {
      GArray *row = rows->pdata[i];

      if (column < row->len)
        {
          BvText *cell = &g_array_index (row, BvText, column);

          bits &= bv_cell_types (cell->text, cell->length, style);
        }
    }
  return bits;
}

static gboolean
is_year (const BvText *cell)
{
  return cell->length == 4 && (g_str_has_prefix (cell->text, "19") || g_str_has_prefix (cell->text, "20")) &&
         g_ascii_isdigit (cell->text[2]) && g_ascii_isdigit (cell->text[3]);
}

/* "2025" over sales figures is a heading, over years it is not. */
static gboolean
is_year_heading (GPtrArray *rows, guint column)
{
  if (!is_year (&g_array_index ((GArray *) rows->pdata[0], BvText, column)))
    return FALSE;
  for (guint i = 1; i < rows->len; i++)
    {
      GArray *row = rows->pdata[i];

      if (column < row->len && g_array_index (row, BvText, column).length > 0 && !is_year (&g_array_index (row, BvText, column)))
        return TRUE;
    }
  return FALSE;
}

/* A column whose cells are typed and whose first cell is not speaks for a header, the reverse against it. */
static gboolean
has_header (GPtrArray *rows, const BvCellStyle *style)
{
  GArray *first = rows->pdata[0];
  int votes = 0;
  guint n_typed = 0;

  for (guint j = 0; j < first->len; j++)
    {
      BvText *cell = &g_array_index (first, BvText, j);
      guint own = bv_cell_types (cell->text, cell->length, style);
      guint bits = column_bits (rows, 1, j, style);

      if (cell->length == 0 || is_year_heading (rows, j))
        continue;
      n_typed += own != 0;
      if (bits != 0 && bits != BV_CELL_ANY)
        votes += (own & bits) != 0 ? -1 : 1;
    }
  return votes != 0 ? votes > 0 : n_typed == 0;
}

static void
fill_preview (BvImportPlan *plan, GPtrArray *rows, guint from)
{
  g_clear_pointer (&plan->preview, g_ptr_array_unref);
  plan->preview = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = from; i < rows->len && plan->preview->len < BV_PREVIEW_ROWS; i++)
    {
      GArray *row = rows->pdata[i];
      char **cells = g_new0 (char *, plan->columns->len + 1);

      for (guint j = 0; j < plan->columns->len; j++)
        cells[j] = j < row->len ? g_utf8_make_valid (g_array_index (row, BvText, j).text, -1) : g_strdup ("");
      g_ptr_array_add (plan->preview, cells);
    }
}

/* With @keep the analyst's separator and header stay as they are. */
gboolean
bv_sniff_csv (BvImportPlan *plan, const char *sample, gsize length, gboolean whole, gboolean keep, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BvCellStyle style;
  guint n_columns, from;

  if (!keep)
    plan->separator = choose_separator (plan, sample, length, whole);
  rows = read_rows (plan, sample, length, whole, plan->separator, G_MAXUINT, error);
  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    return bv_sniff_set_error (plan, _("the file is empty: choose another"), error);
  style = gather_style (rows, rows->len > 1 ? 1 : 0, plan->separator);
  if (!keep)
    plan->has_header = has_header (rows, &style);
  from = plan->has_header ? 1 : 0;
  n_columns = ((GArray *) rows->pdata[0])->len;
  for (guint i = 0; !plan->has_header && i < rows->len; i++)
    n_columns = MAX (n_columns, ((GArray *) rows->pdata[i])->len);
  if (n_columns > BV_IMPORT_MAX_COLUMNS)
    {
      g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                   _("The file has %u columns and a table can have at most %d: take some out"), n_columns, BV_IMPORT_MAX_COLUMNS);
      return FALSE;
    }
  plan->decimal = style.decimal;
  g_free (plan->date_order);
  plan->date_order = g_strdup (bv_date_order_to_name (style.order));
  g_clear_pointer (&plan->columns, g_ptr_array_unref);
  plan->columns = g_ptr_array_new_with_free_func (bv_sniffed_column_free);
  for (guint j = 0; j < n_columns; j++)
    {
      BvText *heading = plan->has_header ? &g_array_index ((GArray *) rows->pdata[0], BvText, j) : NULL;
      BvSniffedColumn *sniffed = bv_sniff_add_column (plan->columns, names, heading != NULL ? heading->text : "",
                                                      heading != NULL ? heading->length : 0, NULL);

      sniffed->bits = column_bits (rows, from, j, &style);
      sniffed->column.type = sniffed->type = bv_cell_type_from_bits (sniffed->bits);
    }
  fill_preview (plan, rows, from);
  return TRUE;
}

/* --- JSON */

typedef struct
{
  BvImportPlan *plan;
  GHashTable *names;
  GHashTable *by_key; /* path → index + 1 */
  char **preview;     /* cells of the row, NULL beyond the preview */
} BvJsonSniff;

static gboolean
sniff_json_cell (const char *key, BvJsonKind kind, const char *text, gsize length, gpointer data, GError **error)
{
  BvJsonSniff *sniff = data;
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (sniff->by_key, key));

  if (index == 0)
    {
      g_autofree char *name = g_strdelimit (g_strdup (key), "\x1f", '_');
      BvSniffedColumn *sniffed;

      if (sniff->plan->columns->len == BV_IMPORT_MAX_COLUMNS)
        {
          g_set_error (error, BV_ERROR, BV_ERROR_UNSUPPORTED,
                       _("The file has more than %d different fields, the most that a table can have: take some out"),
                       BV_IMPORT_MAX_COLUMNS);
          return FALSE;
        }
      sniffed = bv_sniff_add_column (sniff->plan->columns, sniff->names, name, strlen (name), key);
      index = sniff->plan->columns->len;
      g_hash_table_insert (sniff->by_key, sniffed->key, GUINT_TO_POINTER (index));
      sniffed->bits = BV_CELL_ANY;
    }
  index--;
  ((BvSniffedColumn *) sniff->plan->columns->pdata[index])->bits &= bv_json_types (kind, text, length);
  if (sniff->preview != NULL)
    {
      g_free (sniff->preview[index]);
      sniff->preview[index] = kind == BV_JSON_NULL ? NULL : g_utf8_make_valid (text, (gssize) length);
    }
  return TRUE;
}

gboolean
bv_sniff_json (BvImportPlan *plan, BvReadFunc read, gpointer data, gboolean whole, GError **error)
{
  g_autoptr (BvJson) json = bv_json_new (read, data);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);
  BvJsonSniff sniff = { plan, names, by_key, NULL };
  guint n_rows = 0;
  gboolean ok = TRUE;

  if (plan->part != NULL)
    bv_json_set_part (json, plan->part);
  g_clear_pointer (&plan->columns, g_ptr_array_unref);
  plan->columns = g_ptr_array_new_with_free_func (bv_sniffed_column_free);
  g_clear_pointer (&plan->preview, g_ptr_array_unref);
  plan->preview = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  while (plan->part == NULL || n_rows < PART_ROWS)
    {
      g_autoptr (GError) local = NULL;
      gboolean row;
      char **cells = n_rows < BV_PREVIEW_ROWS ? g_new0 (char *, BV_IMPORT_MAX_COLUMNS + 1) : NULL;

      sniff.preview = cells;
      ok = bv_json_next (json, &row, sniff_json_cell, &sniff, &local);
      if (cells != NULL && ok && row)
        g_ptr_array_add (plan->preview, cells);
      else if (cells != NULL)
        {
          for (guint i = 0; i < BV_IMPORT_MAX_COLUMNS; i++)
            g_free (cells[i]);
          g_free (cells);
        }
      /* The sample's end may cut an object in two; the import will find what else is wrong. */
      if (!ok && (whole || n_rows == 0 || g_error_matches (local, BV_ERROR, BV_ERROR_UNSUPPORTED)))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!ok || !row)
        break;
      n_rows++;
    }
  if (plan->columns->len == 0)
    return bv_sniff_set_error (plan, _("the file holds no objects with fields: choose another"), error);
  for (guint i = 0; i < plan->columns->len; i++)
    {
      BvSniffedColumn *sniffed = plan->columns->pdata[i];

      sniffed->column.type = sniffed->type = bv_cell_type_from_bits (sniffed->bits);
    }
  for (guint i = 0; i < plan->preview->len; i++)
    {
      char **cells = plan->preview->pdata[i];
      char **filled = g_new0 (char *, plan->columns->len + 1);

      for (guint j = 0; j < plan->columns->len; j++)
        filled[j] = cells[j] != NULL ? cells[j] : g_strdup ("");
      g_free (cells);
      plan->preview->pdata[i] = filled;
    }
  return TRUE;
}
