/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL: rows, by COPY … TO STDOUT in binary form.
 *
 * Numbers, times and text come as they are in memory and are decoded here; all other types are turned into text by the server
 * (::text), whose word on them counts. The query runs in a read-only transaction of its own on one snapshot.
 *
 * The stream is a header, then rows (16 bits with the number of cells, per cell 32 bits with the length, -1 for null, then the
 * bytes, all big-endian), then -1 in the place of a number of cells. Each message holds whole rows with all servers known; what is
 * left of a message is kept for the next one all the same.
 */
#include "config.h"

#include "bv-postgres-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* 2000-01-01, PostgreSQL's epoch */
#define EPOCH_DAYS 10957
#define EPOCH_US (EPOCH_DAYS * BV_DAY_US)

static const struct
{
  Oid oid;
  BvType type;
  BvPgForm form;
  const char *before, *after;
} pg_types[] = {
  { 16, BV_TYPE_BOOL, BV_PG_BOOL, "", "" },
  { BV_PG_BYTEA, BV_TYPE_TEXT, BV_PG_BYTES, "", "" },
  { 19, BV_TYPE_TEXT, BV_PG_TEXT, "", "" },          /* name */
  { 20, BV_TYPE_INT, BV_PG_INT8, "", "" },
  { 21, BV_TYPE_INT, BV_PG_INT2, "", "" },
  { 23, BV_TYPE_INT, BV_PG_INT4, "", "" },
  { 25, BV_TYPE_TEXT, BV_PG_TEXT, "", "" },
  { 26, BV_TYPE_INT, BV_PG_OID, "", "" },
  { 114, BV_TYPE_TEXT, BV_PG_TEXT, "", "" },         /* json */
  { 700, BV_TYPE_DOUBLE, BV_PG_FLOAT4, "", "" },
  { 701, BV_TYPE_DOUBLE, BV_PG_FLOAT8, "", "" },
  { BV_PG_MONEY, BV_TYPE_DOUBLE, BV_PG_NUMERIC, "", "::numeric" }, /* money: its text depends on the server's locale */
  { 869, BV_TYPE_TEXT, BV_PG_TEXT, "pg_catalog.abbrev(", ")" }, /* inet: without a mask that says nothing */
  { 1043, BV_TYPE_TEXT, BV_PG_TEXT, "", "" },        /* varchar */
  { 1082, BV_TYPE_DATE, BV_PG_DATE, "", "" },
  { 1114, BV_TYPE_TIMESTAMP, BV_PG_INSTANT, "", "" },
  { 1184, BV_TYPE_TIMESTAMP, BV_PG_INSTANT, "", "" },
  { 1700, BV_TYPE_DOUBLE, BV_PG_NUMERIC, "", "" },
  { 2950, BV_TYPE_TEXT, BV_PG_UUID, "", "" },
  { 3802, BV_TYPE_TEXT, BV_PG_JSONB, "", "" },
};

BvType
bv_postgres_map (Oid oid, int modifier, BvPgForm *form, const char **before, const char **after)
{
  for (guint i = 0; i < G_N_ELEMENTS (pg_types); i++)
    if (pg_types[i].oid == oid)
      {
        *form = pg_types[i].form;
        *before = pg_types[i].before;
        *after = pg_types[i].after;
        /* numeric(p) or numeric(p,0): 11 bits of signed scale below 16 of precision, after 4 */
        if (oid == 1700 && modifier >= 4 && ((((modifier - 4) & 0x7ff) ^ 1024) - 1024) <= 0)
          return BV_TYPE_INT;
        return pg_types[i].type;
      }
  *form = BV_PG_TEXT;
  *before = "";
  *after = "::text";
  return BV_TYPE_TEXT;
}

typedef struct
{
  BvDbRows parent;
  GByteArray *left;   /* the beginning of a row, of which the rest comes with the next message */
  gboolean header;    /* was read */
  gboolean trailer;
} BvPostgresRows;

/* --- Cells */

static inline guint16
get16 (const guint8 *p)
{
  guint16 v;

  memcpy (&v, p, 2);
  return GUINT16_FROM_BE (v);
}

static inline guint32
get32 (const guint8 *p)
{
  guint32 v;

  memcpy (&v, p, 4);
  return GUINT32_FROM_BE (v);
}

static inline guint64
get64 (const guint8 *p)
{
  guint64 v;

  memcpy (&v, p, 8);
  return GUINT64_FROM_BE (v);
}

/* Base 10000: count of digits, weight of the first, sign, decimals shown, digits. */
static gboolean
cell_numeric (BvDbBuilder *builder, guint column, BvType type, BvValue *cell, const guint8 *p, gsize length)
{
  static const double powers[] = { 1e0, 1e4, 1e8, 1e12 };
  guint n = length >= 8 ? get16 (p) : 0;
  int weight = length >= 8 ? (gint16) get16 (p + 2) : 0;
  guint sign = length >= 8 ? get16 (p + 4) : 1;
  int scale = length >= 8 ? get16 (p + 6) : 0;
  g_autoptr (GString) text = NULL;
  int fraction;

  if (length != 8 + 2 * (gsize) n)
    return FALSE;
  if (sign == 0xc000 || sign == 0xd000 || sign == 0xf000)
    {
      bv_db_add_exact (builder, column, sign == 0xc000 ? "NaN" : sign == 0xd000 ? "Infinity" : "-Infinity", -1);
      return TRUE;
    }
  fraction = (int) n - 1 - weight;
  /* Up to 12 decimal digits as a whole number over a power of ten: one division, so the nearest double. */
  if (n <= 3 && weight <= 2 && fraction <= 3 && (type == BV_TYPE_DOUBLE || fraction <= 0))
    {
      gint64 whole = 0;

      for (guint i = 0; i < n; i++)
        whole = whole * 10000 + get16 (p + 8 + 2 * i);
      for (int i = fraction; i < 0; i++)
        whole *= 10000;
      if (sign != 0)
        whole = -whole;
      if (type == BV_TYPE_INT)
        *cell = bv_value_int (whole);
      else
        *cell = bv_value_double ((double) whole / powers[MAX (fraction, 0)]);
      return TRUE;
    }
  text = g_string_new (sign != 0 ? "-" : "");
  if (weight < 0)
    g_string_append_c (text, '0');
  for (int i = 0; i <= weight; i++)
    g_string_append_printf (text, i == 0 ? "%u" : "%04u", i < (int) n ? get16 (p + 8 + 2 * i) : 0u);
  if (scale > 0)
    {
      gsize point = text->len;

      g_string_append_c (text, '.');
      for (int i = weight + 1; (int) (text->len - point) <= scale; i++)
        g_string_append_printf (text, "%04u", i >= 0 && i < (int) n ? get16 (p + 8 + 2 * i) : 0u);
      g_string_truncate (text, point + 1 + (gsize) scale);
    }
  bv_db_cell_decimal (builder, column, type, cell, text->str, text->len);
  return TRUE;
}

static gboolean
decode_cell (BvPostgresRows *self, guint column, BvValue *cell, const guint8 *p, gsize length)
{
  static const guint lengths[] = { [BV_PG_BOOL] = 1, [BV_PG_INT2] = 2, [BV_PG_INT4] = 4, [BV_PG_OID] = 4, [BV_PG_INT8] = 8,
                                   [BV_PG_FLOAT4] = 4, [BV_PG_FLOAT8] = 8, [BV_PG_DATE] = 4, [BV_PG_INSTANT] = 8, [BV_PG_UUID] = 16,
                                   [BV_PG_BYTES] = 0 };
  BvDbBuilder *builder = &self->parent.builder;
  BvPgForm form = (BvPgForm) self->parent.forms[column];
  union { guint64 i; double d; } eight;
  union { guint32 i; float f; } four;

  if (G_UNLIKELY (lengths[form] != 0 && length != lengths[form]))
    return FALSE;
  switch (form)
    {
    case BV_PG_BOOL:
      *cell = bv_value_bool (*p != 0);
      return TRUE;
    case BV_PG_INT2:
      *cell = bv_value_int ((gint16) get16 (p));
      return TRUE;
    case BV_PG_INT4:
      *cell = bv_value_int ((gint32) get32 (p));
      return TRUE;
    case BV_PG_OID:
      *cell = bv_value_int (get32 (p));
      return TRUE;
    case BV_PG_INT8:
      *cell = bv_value_int ((gint64) get64 (p));
      return TRUE;
    case BV_PG_FLOAT4:
      four.i = get32 (p);
      bv_db_cell_float (builder, column, cell, four.f);
      return TRUE;
    case BV_PG_FLOAT8:
      eight.i = get64 (p);
      bv_db_cell_double (builder, column, cell, eight.d);
      return TRUE;
    case BV_PG_NUMERIC:
      return cell_numeric (builder, column, self->parent.types[column], cell, p, length);
    case BV_PG_DATE:
      {
        gint32 days = (gint32) get32 (p);

        if (days == G_MAXINT32 || days == G_MININT32)
          bv_db_add_exact (builder, column, days > 0 ? "infinity" : "-infinity", -1);
        else
          bv_db_cell_date (builder, column, cell, (gint64) days + EPOCH_DAYS, NULL, 0);
        return TRUE;
      }
    case BV_PG_INSTANT:
      {
        gint64 us = (gint64) get64 (p);

        if (us == G_MAXINT64 || us == G_MININT64)
          bv_db_add_exact (builder, column, us > 0 ? "infinity" : "-infinity", -1);
        else if (G_LIKELY (us <= G_MAXINT64 - EPOCH_US))
          bv_db_cell_instant (builder, column, cell, us + EPOCH_US, NULL, 0);
        else
          {
            char day[BV_TIME_TEXT_MAX], time[BV_TIME_TEXT_MAX];
            g_autofree char *text = NULL;

            bv_date_to_text (us / BV_DAY_US + EPOCH_DAYS, day);
            bv_timestamp_to_text (us % BV_DAY_US, time);
            text = g_strconcat (day, time + strlen ("1970-01-01"), NULL);
            bv_db_add_exact (builder, column, text, -1);
          }
        return TRUE;
      }
    case BV_PG_UUID:
      {
        static const char digits[] = "0123456789abcdef";
        char *text = bv_db_builder_alloc (builder, 37);
        char *q = text;

        for (guint i = 0; i < 16; i++)
          {
            if (i == 4 || i == 6 || i == 8 || i == 10)
              *q++ = '-';
            *q++ = digits[p[i] >> 4];
            *q++ = digits[p[i] & 15];
          }
        *q = '\0';
        cell->type = BV_TYPE_TEXT;
        cell->s = text;
        return TRUE;
      }
    case BV_PG_BYTES:
      bv_db_cell_bytes (builder, cell, p, length);
      return TRUE;
    case BV_PG_JSONB:
      if (length < 1 || *p != 1)
        return FALSE;
      p++;
      length--;
      break;
    case BV_PG_TEXT:
    default:
      break;
    }
  if (((BvPostgres *) self->parent.db)->checks_text)
    bv_db_cell_checked (builder, column, cell, (const char *) p, length);
  else
    bv_db_cell_text (builder, cell, (const char *) p, length);
  return TRUE;
}

/* --- Rows */

/* Decodes whole rows of @data and returns how many bytes they took, or -1 when the data is not what it should be. */
static gssize
decode (BvPostgresRows *self, const guint8 *data, gsize length)
{
  static const char signature[11] = "PGCOPY\n\377\r\n";
  BvDbBuilder *builder = &self->parent.builder;
  guint n_columns = builder->batch.n_columns;
  gsize done = 0;

  if (!self->header)
    {
      gsize whole;

      if (length < 19)
        return 0;
      whole = 19 + (gsize) get32 (data + 15);
      if (memcmp (data, signature, 11) != 0 || (get32 (data + 11) & 0xffff0000u) != 0)
        return -1;
      if (length < whole)
        return 0;
      self->header = TRUE;
      done = whole;
    }
  while (length - done >= 2 && !self->trailer)
    {
      const guint8 *p = data + done;
      gsize left = length - done - 2;
      guint n = get16 (p);
      BvValue *row;

      p += 2;
      if (n == 0xffff)
        {
          self->trailer = TRUE;
          done += 2;
          break;
        }
      if (n != n_columns)
        return -1;
      row = bv_db_builder_add_row (builder);
      for (guint i = 0; i < n; i++)
        {
          guint32 size = left >= 4 ? get32 (p) : 0;

          if (left < 4 || (size != G_MAXUINT32 && size > left - 4))
            {
              /* Cut off: this row is decoded again when the rest is here. */
              builder->batch.n_rows--;
              memset (row, 0, sizeof (BvValue) * n_columns);
              while (builder->exact->len > 0 && g_array_index (builder->exact, BvDbExact, builder->exact->len - 1).row == builder->batch.n_rows)
                g_array_set_size (builder->exact, builder->exact->len - 1);
              return (gssize) done;
            }
          p += 4;
          left -= 4;
          if (size == G_MAXUINT32)
            continue;
          if (G_UNLIKELY (!decode_cell (self, i, &row[i], p, size)))
            return -1;
          p += size;
          left -= size;
        }
      done = (gsize) (p - data);
      if (G_UNLIKELY (bv_db_builder_is_full (builder)))
        break;
    }
  return (gssize) done;
}

/* Takes a message, or with NULL what was left of the last one. */
static gboolean
take (BvPostgresRows *self, const guint8 *data, gsize length, GError **error)
{
  gssize used;

  if (G_LIKELY (self->left->len == 0))
    used = decode (self, data, length);
  else
    {
      if (data != NULL)
        g_byte_array_append (self->left, data, (guint) length);
      data = NULL;
      used = decode (self, self->left->data, self->left->len);
      if (used > 0)
        g_byte_array_remove_range (self->left, 0, (guint) used);
    }
  if (used < 0)
    {
      g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_FAILED,
                   _("PostgreSQL sends rows in a form that is not known: ask for a newer version of this program"));
      return FALSE;
    }
  if (data != NULL && (gsize) used < length)
    g_byte_array_append (self->left, data + used, (guint) (length - (gsize) used));
  return TRUE;
}

gboolean
bv_postgres_next (BvDbRows *rows, gboolean *more, GError **error)
{
  BvPostgresRows *self = (BvPostgresRows *) rows;
  BvPostgres *db = (BvPostgres *) rows->db;
  BvDbBuilder *builder = &rows->builder;

  if (self->left->len > 0 && !take (self, NULL, 0, error))
    return FALSE;
  while (!bv_db_builder_is_full (builder))
    {
      g_autoptr (PGresult) result = NULL;
      char *data = NULL;
      int n = PQgetCopyData (db->conn, &data, 1);

      if (n > 0)
        {
          gboolean ok = take (self, (const guint8 *) data, (gsize) n, error);

          builder->batch.n_bytes += (gsize) n;
          PQfreemem (data);
          if (!ok)
            return FALSE;
          continue;
        }
      if (n == 0)
        {
          if (!bv_postgres_wait (db, rows->cancellable, error))
            return FALSE;
          continue;
        }
      if (n < -1)
        return bv_postgres_fail (db, NULL, error);
      result = PQgetResult (db->conn);
      if (PQresultStatus (result) != PGRES_COMMAND_OK)
        return bv_postgres_fail (db, result, error);
      if (!self->trailer)
        {
          g_set_error (error, BV_DB_ERROR, BV_DB_ERROR_LOST, _("PostgreSQL ended before the last row: try again"));
          return FALSE;
        }
      /* The connection is free when nothing comes after the last result. */
      PQclear (PQgetResult (db->conn));
      *more = FALSE;
      return TRUE;
    }
  return TRUE;
}

void
bv_postgres_end (BvDbRows *rows)
{
  BvPostgresRows *self = (BvPostgresRows *) rows;
  BvPostgres *db = (BvPostgres *) rows->db;

  if (PQtransactionStatus (db->conn) == PQTRANS_ACTIVE)
    bv_postgres_stop (db);
  if (!db->parent.broken && PQtransactionStatus (db->conn) != PQTRANS_IDLE)
    PQclear (bv_postgres_exec (db, "ROLLBACK", NULL, 0, NULL, NULL));
  g_byte_array_unref (self->left);
}

BvDbRows *
bv_postgres_query (BvDatabase *db, const BvDbQuery *query, GPtrArray *all, GPtrArray *picked, GCancellable *cancellable, GError **error)
{
  BvPostgres *self = (BvPostgres *) db;
  g_autoptr (GString) sql = g_string_new ("COPY (SELECT ");
  g_autoptr (PGresult) begun = NULL;
  g_autoptr (PGresult) copy = NULL;
  BvPostgresRows *rows = g_new0 (BvPostgresRows, 1);

  rows->left = g_byte_array_new ();
  bv_db_rows_init (&rows->parent, db, picked, cancellable);
  for (guint i = 0; i < picked->len; i++)
    {
      const BvDbColumn *column = picked->pdata[i];
      const char *before, *after;
      BvPgForm form;

      bv_postgres_map (column->native_id, column->native_modifier, &form, &before, &after);
      rows->parent.forms[i] = form;
      g_string_append_printf (sql, "%s%sq.", i > 0 ? ", " : "", before);
      bv_db_append_name (db, sql, column->name);
      g_string_append (sql, after);
    }
  g_string_append (sql, " FROM ");
  bv_db_append_from (db, sql, query, "q");
  if (query->table == NULL)
    for (guint i = 0; i < all->len; i++)
      {
        /* Names of its own: in a SELECT they may repeat. */
        g_string_append (sql, i == 0 ? " (" : ", ");
        bv_db_append_name (db, sql, ((BvDbColumn *) all->pdata[i])->name);
        g_string_append (sql, i + 1 == all->len ? ")" : "");
      }
  bv_db_append_tail (db, sql, query, all, "q");
  g_string_append (sql, ") TO STDOUT (FORMAT binary)");
  begun = bv_postgres_exec (self, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", NULL, 0, cancellable, error);
  copy = begun != NULL ? bv_postgres_exec (self, sql->str, NULL, 0, cancellable, error) : NULL;
  if (copy == NULL)
    {
      bv_db_rows_free (&rows->parent);
      return NULL;
    }
  return &rows->parent;
}
