/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Following keys, by code.
 *
 * A foreign key's codes are few compared with the rows that hold them, so joins are made once per code: an edge map says for every code of the
 * key column which row of the related table has that value (its dictionary and the other's are both sorted, so the two are merged). Everything
 * about a related row, however far along to-one edges, then becomes a table over the key's codes: an attribute's code, a group, whether a
 * condition holds. Scanning reads that table instead of joining.
 *
 * Cost: O(codes) per table made; they are kept with the encoded table for later queries. A key that repeats on its unique side, or whose sides differ in type, is refused.
 */
#include "config.h"

#include "bv-column-private.h"
#include "bv-key-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Tables over codes beyond this are not made. */
#define MAX_TABLE BV_COLUMN_MAX_TABLE

gboolean
bv_column_refuse (BvColumnSession *self, const char *reason)
{
  g_free (self->refusal);
  self->refusal = g_strdup (reason);
  return FALSE;
}

gboolean
bv_column_refuse_damage (BvColumnSession *self)
{
  return bv_column_refuse (self, _("The encoded table was damaged on the disk, and is made again"));
}

BvEncodedColumn *
bv_column_find (BvColumnSession *self, int node, const char *field)
{
  BvEncodedColumn *column = self->tables[node] != NULL ? bv_encoded_table_find (self->tables[node], field) : NULL;
  BvField *known = bv_table_find_field (((BvPlanNode *) self->plan->nodes->pdata[node])->table, field);

  if (column == NULL || known == NULL || known->type != column->type)
    {
      bv_column_refuse (self, _("A table has changed since it was encoded"));
      return NULL;
    }
  if (!column->sound)
    {
      bv_column_refuse (self, _("A column holds cells that are not of its type"));
      return NULL;
    }
  if (!bv_encoded_table_verify (self->tables[node], column))
    {
      bv_column_refuse_damage (self);
      return NULL;
    }
  return column;
}

/* --- Edges ------------------------------------------------------------------------------------------------------------------------ */

/* How the value of a code of @a stands to that of a code of @b, both not null. */
static int
compare_codes (const BvEncodedColumn *a, guint32 x, const BvEncodedColumn *b, guint32 y)
{
  gint64 i, k;

  if (a->coding == BV_CODING_TEXTS)
    return strcmp (bv_encoded_text (a, x), bv_encoded_text (b, y));
  i = a->coding == BV_CODING_INTS ? a->ints[x - 1] : a->base + (gint64) x - 1;
  k = b->coding == BV_CODING_INTS ? b->ints[y - 1] : b->base + (gint64) y - 1;
  return i < k ? -1 : i > k;
}

#define CODES_AT_ONCE 16384

typedef struct
{
  const BvEncodedColumn *from, *to;
  const guint32 *row_of; /* by code of @to */
  guint32 *map;          /* by code of @from */
  guint64 next;          /* of those */
} Edge;

/* Both dictionaries are in order: a stretch of one is met with the stretch of the other that begins where it does. */
static void
meet_codes (void *data)
{
  Edge *self = data;
  guint64 x, n = self->to->n_codes;

  while ((x = __atomic_fetch_add (&self->next, CODES_AT_ONCE, __ATOMIC_RELAXED)) < self->from->n_codes)
    {
      guint64 end = MIN (x + CODES_AT_ONCE, self->from->n_codes), y = 1, high = n;

      while (y < high)
        {
          guint64 middle = (y + high) / 2;

          if (compare_codes (self->to, (guint32) middle, self->from, (guint32) x) < 0)
            y = middle + 1;
          else
            high = middle;
        }
      for (; x < end; x++)
        {
          int c = -1;

          while (y < n && (c = compare_codes (self->to, (guint32) y, self->from, (guint32) x)) < 0)
            y++;
          if (y < n && c == 0)
            self->map[x] = self->row_of[y++];
        }
    }
}

/* By code of @from's column: the row + 1 of @to whose column has the same value. */
static guint32 *
make_edge (BvColumnSession *self, int from, const char *from_name, int to, const char *to_name)
{
  BvEncodedColumn *a = bv_column_find (self, from, from_name);
  BvEncodedColumn *b = a != NULL ? bv_column_find (self, to, to_name) : NULL;
  g_autofree guint32 *row_of = NULL;
  Edge edge = { a, b, NULL, NULL, 1 };

  if (b == NULL)
    return NULL;
  if (a->type != b->type || a->type == BV_TYPE_DOUBLE || a->type == BV_TYPE_TIMESTAMP || a->n_codes > MAX_TABLE || b->n_codes > MAX_TABLE)
    {
      bv_column_refuse (self, _("The tables are joined on columns of different or unsuitable types"));
      return NULL;
    }
  row_of = g_new0 (guint32, b->n_codes);
  for (guint64 row = 0; row < self->tables[to]->n_rows; row++)
    {
      guint32 code = bv_encoded_code (b, row);

      if (code != 0 && row_of[code] != 0)
        {
          bv_column_refuse (self, _("A key repeats where it should be unique"));
          return NULL;
        }
      row_of[code] = (guint32) row + 1;
    }
  edge.row_of = row_of;
  edge.map = g_new0 (guint32, a->n_codes);
  bv_scan_share (meet_codes, &edge, a->n_codes / CODES_AT_ONCE + 1);
  return edge.map;
}

/* The neighbours on the way between two nodes: @path gets the nodes from @from to @to, both included. */
static guint
find_path (BvPlan *plan, int from, int to, int *path)
{
  g_autofree int *down = g_new (int, plan->nodes->len);
  guint n = 0, n_down = 0;

  for (int a = from; ; a = ((BvPlanNode *) plan->nodes->pdata[a])->parent)
    {
      gboolean found = FALSE;

      path[n++] = a;
      for (int b = to; b >= 0 && !found; b = ((BvPlanNode *) plan->nodes->pdata[b])->parent)
        found = b == a;
      if (!found)
        continue;
      for (int b = to; b != a; b = ((BvPlanNode *) plan->nodes->pdata[b])->parent)
        down[n_down++] = b;
      while (n_down > 0)
        path[n++] = down[--n_down];
      return n;
    }
}

static void
edge_columns (BvPlan *plan, int from, int to, const char **from_name, const char **to_name)
{
  BvPlanNode *a = plan->nodes->pdata[from], *b = plan->nodes->pdata[to];

  if (b->parent == from)
    {
      *from_name = b->parent_column;
      *to_name = b->column;
    }
  else
    {
      *from_name = a->column;
      *to_name = a->parent_column;
    }
}

/* Puts an array under a key (nullable) of the pass's driver, and holds it for the session. (transfer full) @array */
static GBytes *
keep_array (BvColumnPass *pass, const char *key, guint32 *array, gsize size)
{
  BvColumnSession *self = pass->session;
  GBytes *bytes = g_bytes_new_take (array, size);

  if (key != NULL)
    bytes = bv_encoded_table_put_derived (self->tables[pass->driver], key, bytes);
  g_ptr_array_add (self->held, bytes);
  return bytes;
}

/* The same for one that is there. */
static GBytes *
find_array (BvColumnPass *pass, const char *key)
{
  GBytes *bytes = bv_encoded_table_get_derived (pass->session->tables[pass->driver], key);

  if (bytes != NULL)
    g_ptr_array_add (pass->session->held, bytes);
  return bytes;
}

/* What a way along keys depends on: the versions of its tables and the columns that join them. */
static char *
path_key (BvColumnPass *pass, const int *path, guint n)
{
  GString *key = g_string_new (NULL);

  for (guint i = 1; i < n; i++)
    {
      const char *from_name, *to_name;

      edge_columns (pass->session->plan, path[i - 1], path[i], &from_name, &to_name);
      bv_key_add_text (key, from_name);
      bv_key_add_number (key, (gint64) pass->session->tables[path[i]]->serial);
      bv_key_add_text (key, to_name);
    }
  return g_string_free (key, FALSE);
}

static guint32 *
make_path (BvColumnPass *pass, const int *path, guint n, const BvEncodedColumn *first)
{
  BvColumnSession *self = pass->session;
  const char *from_name, *to_name;
  guint32 *map;

  edge_columns (self->plan, path[0], path[1], &from_name, &to_name);
  map = make_edge (self, path[0], from_name, path[1], to_name);
  for (guint i = 2; map != NULL && i < n; i++)
    {
      const BvEncodedColumn *column;
      g_autofree guint32 *next = NULL;

      edge_columns (self->plan, path[i - 1], path[i], &from_name, &to_name);
      column = bv_column_find (self, path[i - 1], from_name);
      next = column != NULL ? make_edge (self, path[i - 1], from_name, path[i], to_name) : NULL;
      if (next == NULL)
        g_clear_pointer (&map, g_free);
      for (guint64 code = 0; next != NULL && code < first->n_codes; code++)
        map[code] = map[code] == 0 ? 0 : next[bv_encoded_code (column, map[code] - 1)];
    }
  return map;
}

gboolean
bv_column_way (BvColumnPass *pass, int node, BvSource *source, char **key)
{
  BvColumnSession *self = pass->session;
  BvPlan *plan = self->plan;
  g_autofree int *path = g_new (int, plan->nodes->len * 2);
  g_autofree char *way = NULL;
  const char *from_name, *to_name;
  GBytes *known;
  guint n;

  *source = (BvSource){ NULL, NULL, 1 };
  if (node == pass->driver)
    return TRUE;
  n = find_path (plan, pass->driver, node, path);
  edge_columns (plan, path[0], path[1], &from_name, &to_name);
  source->column = bv_column_find (self, path[0], from_name);
  for (guint i = 0; i < n; i++)
    if (self->tables[path[i]] == NULL)
      return bv_column_refuse (self, _("A table has changed since it was encoded"));
  if (source->column == NULL)
    return FALSE;
  way = path_key (pass, path, n);
  known = find_array (pass, way);
  if (known == NULL)
    {
      guint32 *map = make_path (pass, path, n, source->column);

      if (map == NULL)
        return FALSE;
      known = keep_array (pass, way, map, source->column->n_codes * sizeof *map);
    }
  source->table = g_bytes_get_data (known, NULL);
  if (key != NULL)
    *key = g_steal_pointer (&way);
  return TRUE;
}

gboolean
bv_column_row_source (BvColumnPass *pass, int node, BvSource *source)
{
  return bv_column_way (pass, node, source, NULL);
}

/* @bytes: a number for each of @n codes, and perhaps the same in bytes. */
static void
set_table (BvSource *source, GBytes *bytes, guint64 n)
{
  gsize size;

  source->table = g_bytes_get_data (bytes, &size);
  source->bytes = size > n * sizeof *source->table ? (const guint8 *) (source->table + n) : NULL;
}

gboolean
bv_column_source (BvColumnPass *pass, int node, const BvEncodedColumn *column, const guint32 *table, const char *table_key, guint32 stride,
                  BvSource *source)
{
  const guint32 *rows = NULL;
  g_autofree char *way = NULL;
  g_autofree char *key = NULL;
  gboolean is_narrow;
  GBytes *known;
  guint64 n;
  guint32 *out, all = 0;
  guint8 *bytes;

  if (node == pass->driver)
    {
      *source = (BvSource){ column, NULL, stride };
      if (table == NULL)
        return TRUE;
      n = column->n_codes;
    }
  else
    {
      if (!bv_column_way (pass, node, source, &way))
        return FALSE;
      n = source->column->n_codes;
      rows = source->table;
    }
  if (n > MAX_TABLE)
    return bv_column_refuse (pass->session, _("A column has too many values for a table of them"));
  if (table == NULL || table_key != NULL)
    {
      GString *text = g_string_new (way);

      g_string_append_c (text, '=');
      bv_key_add_text (text, table != NULL ? table_key : NULL);
      bv_key_add_number (text, stride);
      bv_key_add_text (text, column->name);
      key = g_string_free (text, FALSE);
    }
  source->stride = 1;
  if (key != NULL && (known = find_array (pass, key)) != NULL)
    {
      set_table (source, known, n);
      return TRUE;
    }
  out = g_malloc (n * (sizeof *out + 1));
  for (guint64 code = 0; code < n; code++)
    {
      guint32 value = rows == NULL ? (guint32) code : rows[code] == 0 ? 0 : bv_encoded_code (column, rows[code] - 1);

      out[code] = (table != NULL ? table[value] : value) * stride;
      all |= out[code];
    }
  /* Bytes stand behind the numbers. They pay where there are more rows than codes. */
  is_narrow = n >= bv_tuning.narrow_codes && all <= G_MAXUINT8 && pass->session->tables[pass->driver]->n_rows >= 2 * n;
  bytes = (guint8 *) (out + n);
  for (guint64 code = 0; is_narrow && code < n; code++)
    bytes[code] = (guint8) out[code];
  set_table (source, keep_array (pass, key, out, n * (sizeof *out + (is_narrow ? 1 : 0))), n);
  return TRUE;
}
