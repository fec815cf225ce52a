/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample's random numbers: xoshiro256** (Blackman and Vigna's construction), its state filled by a SplitMix64 walk over seed and
 * stream. Neither GLib's generator nor the clock is asked, so that a sample made today equals one made next year. */

#include "bv-sample-private.h"

#include <math.h>

static guint64
split_mix (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
bv_sample_random_init (BvSampleRandom *self, guint seed, guint64 stream)
{
  guint64 state = (guint64) seed * G_GUINT64_CONSTANT (0x2545f4914f6cdd1d) + stream;

  for (guint i = 0; i < G_N_ELEMENTS (self->s); i++)
    self->s[i] = split_mix (&state);
}

static guint64
rotate (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

guint64
bv_sample_random_next (BvSampleRandom *self)
{
  guint64 *s = self->s;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

double
bv_sample_random_unit (BvSampleRandom *self)
{
  return (double) (bv_sample_random_next (self) >> 11) * 0x1.0p-53;
}

guint
bv_sample_random_below (BvSampleRandom *self, guint n)
{
  g_assert (n > 0);
  return (guint) (((bv_sample_random_next (self) >> 32) * (guint64) n) >> 32);
}

gboolean
bv_sample_random_chance (BvSampleRandom *self, double p)
{
  return bv_sample_random_unit (self) < p;
}

/* The sum of twelve uniform draws: near enough to the bell for made-up people, and without libm's last-digit differences. */
double
bv_sample_random_normal (BvSampleRandom *self)
{
  double sum = -6.0;

  for (int i = 0; i < 12; i++)
    sum += bv_sample_random_unit (self);
  return sum;
}

guint
bv_sample_random_poisson (BvSampleRandom *self, double mean)
{
  guint n = 0;

  /* Large means as a sum of small ones, so that exp() does not vanish. */
  while (mean > 8)
    {
      n += bv_sample_random_poisson (self, 8);
      mean -= 8;
    }
  if (mean > 0)
    {
      double limit = exp (-mean), product = bv_sample_random_unit (self);

      while (product > limit)
        {
          n++;
          product *= bv_sample_random_unit (self);
        }
    }
  return n;
}

void
bv_sample_random_hex (BvSampleRandom *self, char *out, guint n)
{
  static const char digits[] = "0123456789abcdef";
  guint64 bits = 0;

  for (guint i = 0; i < n; i++, bits >>= 4)
    {
      if (i % 16 == 0)
        bits = bv_sample_random_next (self);
      out[i] = digits[bits & 15];
    }
  out[n] = '\0';
}
