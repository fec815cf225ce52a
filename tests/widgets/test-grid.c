/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid of the canvas: tiles make room, close gaps and never overlap. */
#include "config.h"
#include "bv-grid.h"

#define COLUMNS 12

typedef struct
{
  const char *name;
  guint n;
  BvCell before[5];
  guint index;
  BvCell wanted;
  BvCell after[5];
} Case;

static const Case cases[] = {
  { "push down", 2, { { 0, 0, 6, 3 }, { 6, 0, 6, 3 } }, 1, { 0, 0, 6, 3 }, { { 0, 3, 6, 3 }, { 0, 0, 6, 3 } } },
  { "close the gap", 3, { { 0, 0, 12, 2 }, { 0, 2, 6, 3 }, { 0, 5, 6, 3 } }, 1, { 6, 2, 6, 3 }, { { 0, 0, 12, 2 }, { 6, 2, 6, 3 }, { 0, 2, 6, 3 } } },
  { "swap when moved past the middle", 2, { { 0, 0, 6, 3 }, { 0, 3, 6, 3 } }, 0, { 0, 2, 6, 3 }, { { 0, 3, 6, 3 }, { 0, 0, 6, 3 } } },
  { "stay when not past the middle", 2, { { 0, 0, 6, 3 }, { 0, 3, 6, 3 } }, 0, { 0, 1, 6, 3 }, { { 0, 0, 6, 3 }, { 0, 3, 6, 3 } } },
  { "up past another", 2, { { 0, 0, 6, 3 }, { 0, 3, 6, 3 } }, 1, { 0, 1, 6, 3 }, { { 0, 3, 6, 3 }, { 0, 0, 6, 3 } } },
  { "no floating", 1, { { 0, 0, 4, 2 } }, 0, { 3, 9, 4, 2 }, { { 3, 0, 4, 2 } } },
  { "within the columns", 1, { { 0, 0, 4, 2 } }, 0, { 40, -3, 4, 2 }, { { 8, 0, 4, 2 } } },
  { "grow over a neighbour", 2, { { 0, 0, 6, 3 }, { 6, 0, 6, 3 } }, 0, { 0, 0, 8, 3 }, { { 0, 0, 8, 3 }, { 6, 3, 6, 3 } } },
  { "shrink lets others up", 2, { { 0, 0, 6, 6 }, { 0, 6, 6, 3 } }, 0, { 0, 0, 6, 2 }, { { 0, 0, 6, 2 }, { 0, 2, 6, 3 } } },
};

static void
assert_cell (const BvCell *cell,
             const BvCell *expected)
{
  g_assert_cmpint (cell->x, ==, expected->x);
  g_assert_cmpint (cell->y, ==, expected->y);
  g_assert_cmpint (cell->w, ==, expected->w);
  g_assert_cmpint (cell->h, ==, expected->h);
}

static void
test_place (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree BvCell *cells = g_memdup2 (cases[i].before, sizeof cases[i].before);

      g_test_message ("%s", cases[i].name);
      bv_grid_place (cells, cases[i].n, cases[i].index, cases[i].wanted, COLUMNS);
      for (guint k = 0; k < cases[i].n; k++)
        assert_cell (&cells[k], &cases[i].after[k]);
    }
}

static void
assert_sound (const BvCell *cells,
              guint         n)
{
  for (guint i = 0; i < n; i++)
    {
      gboolean held = cells[i].y == 0;

      g_assert_cmpint (cells[i].x, >=, 0);
      g_assert_cmpint (cells[i].w, >=, 1);
      g_assert_cmpint (cells[i].h, >=, 1);
      g_assert_cmpint (cells[i].x + cells[i].w, <=, COLUMNS);
      for (guint k = 0; k < n; k++)
        {
          BvCell above = cells[i];

          g_assert_true (i == k || !bv_cell_overlaps (&cells[i], &cells[k]));
          above.y--;
          held |= i != k && bv_cell_overlaps (&above, &cells[k]);
        }
      /* Nothing floats. */
      g_assert_true (held);
    }
}

/* Whatever is done, the layout is sound, sizes of the others stay, and the moved tile gets the column it was given. */
static void
test_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n = (guint) g_test_rand_int_range (1, 12), index = (guint) g_test_rand_int_range (0, (int) n);
      BvCell cells[12], before[12], wanted;

      for (guint i = 0; i < n; i++)
        cells[i] = (BvCell){ g_test_rand_int_range (-2, 14), g_test_rand_int_range (-2, 20), g_test_rand_int_range (0, 14), g_test_rand_int_range (0, 6) };
      bv_grid_compact (cells, n, COLUMNS);
      assert_sound (cells, n);
      memcpy (before, cells, sizeof cells);
      wanted = (BvCell){ g_test_rand_int_range (-2, 14), g_test_rand_int_range (-2, 20), g_test_rand_int_range (1, 13), g_test_rand_int_range (1, 6) };
      bv_grid_place (cells, n, index, wanted, COLUMNS);
      assert_sound (cells, n);
      wanted = bv_cell_clamp (wanted, COLUMNS);
      g_assert_cmpint (cells[index].x, ==, wanted.x);
      for (guint i = 0; i < n; i++)
        if (i != index)
          {
            g_assert_cmpint (cells[i].x, ==, before[i].x);
            g_assert_cmpint (cells[i].w, ==, before[i].w);
            g_assert_cmpint (cells[i].h, ==, before[i].h);
          }
      /* Compacting what is compact changes nothing. */
      memcpy (before, cells, sizeof cells);
      bv_grid_compact (cells, n, COLUMNS);
      g_assert_cmpmem (cells, n * sizeof *cells, before, n * sizeof *cells);
    }
}

static void
test_step (void)
{
  BvCell cells[] = { { 0, 0, 6, 3 }, { 0, 3, 6, 5 }, { 6, 0, 6, 8 } };

  /* One press is enough to get past a neighbour, however high it is. */
  g_assert_true (bv_grid_step (cells, 3, 0, 0, 1, COLUMNS));
  assert_cell (&cells[0], &(BvCell){ 0, 5, 6, 3 });
  assert_cell (&cells[1], &(BvCell){ 0, 0, 6, 5 });
  g_assert_false (bv_grid_step (cells, 3, 0, 0, 1, COLUMNS));
  g_assert_true (bv_grid_step (cells, 3, 0, 0, -1, COLUMNS));
  assert_cell (&cells[0], &(BvCell){ 0, 0, 6, 3 });
  g_assert_false (bv_grid_step (cells, 3, 0, 0, -1, COLUMNS));
  g_assert_false (bv_grid_step (cells, 3, 0, -1, 0, COLUMNS));
  g_assert_true (bv_grid_step (cells, 3, 0, 1, 0, COLUMNS));
  g_assert_cmpint (cells[0].x, ==, 1);
  assert_sound (cells, 3);
}

static void
test_find_free (void)
{
  const BvCell cells[] = { { 0, 0, 8, 2 }, { 0, 2, 4, 4 } };
  BvCell cell = bv_grid_find_free (cells, 2, 4, 3, COLUMNS);

  assert_cell (&cell, &(BvCell){ 8, 0, 4, 3 });
  cell = bv_grid_find_free (cells, 2, 8, 3, COLUMNS);
  assert_cell (&cell, &(BvCell){ 4, 2, 8, 3 });
  cell = bv_grid_find_free (cells, 2, 12, 1, COLUMNS);
  assert_cell (&cell, &(BvCell){ 0, 6, 12, 1 });
  cell = bv_grid_find_free (NULL, 0, 40, 0, COLUMNS);
  assert_cell (&cell, &(BvCell){ 0, 0, 12, 1 });
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grid/place", test_place);
  g_test_add_func ("/grid/random", test_random);
  g_test_add_func ("/grid/step", test_step);
  g_test_add_func ("/grid/find-free", test_find_free);
  return g_test_run ();
}
