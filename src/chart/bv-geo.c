/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the outlines (data/maps/world.txt says how they are written) and finding countries by what people call them. */
#include "config.h"

#include "bv-geo.h"

#include <gio/gio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTLINES "/io/github/belvedere_bi/Belvedere/maps/world.txt"
#define UNIT 50.0   /* of a degree: the file's */
#define MIDDLE 11.0 /* degrees east, of the map */

/* Made from data/maps/world.gresource.xml. */
GResource *bv_maps_get_resource (void);

void
bv_geo_project (double lon, double lat, double *x, double *y)
{
  static const double a1 = 1.340264, a2 = -0.081106, a3 = 0.000893, a4 = 0.003796;
  double t = asin (sqrt (3) / 2 * sin (CLAMP (lat, -90, 90) * G_PI / 180));
  double t2 = t * t, t6 = t2 * t2 * t2;

  lon -= MIDDLE;
  if (lon < -180)
    lon += 360;
  *x = 2 * sqrt (3) * (lon * G_PI / 180) * cos (t) / (3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1));
  *y = t * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1);
}

/* --- Reading ---------------------------------------------------------------------------------------------------------------- */

static void
read_arc (GArray *points, GArray *arcs, const char *line)
{
  BvGeoArc arc = { points->len / 2, 0 };
  long lon = 0, lat = 0;
  char *end;

  for (const char *p = line; *p != '\0'; arc.n++)
    {
      double x, y;
      float point[2];

      lon += strtol (p, &end, 10);
      lat += strtol (end, &end, 10);
      bv_geo_project ((double) lon / UNIT, (double) lat / UNIT, &x, &y);
      point[0] = (float) x;
      point[1] = (float) y;
      g_array_append_vals (points, point, 2);
      p = end;
      while (*p == ' ')
        p++;
    }
  g_array_append_val (arcs, arc);
}

static void
read_country (GArray *countries, char *line, guint n_parts)
{
  BvGeoCountry country = { .first = n_parts };
  g_auto(GStrv) words = g_strsplit (line, " ", 5);

  g_return_if_fail (g_strv_length (words) == 5);
  g_strlcpy (country.code, words[0], sizeof country.code);
  g_strlcpy (country.code3, words[1], sizeof country.code3);
  bv_geo_project (g_ascii_strtod (words[2], NULL) / UNIT, g_ascii_strtod (words[3], NULL) / UNIT, &country.x, &country.y);
  country.name = line + strlen (line) - strlen (words[4]);
  g_array_append_val (countries, country);
}

static void
bounds (BvGeoPart *part, const float *points, const BvGeoArc *arc)
{
  for (guint i = arc->first; i < arc->first + arc->n; i++)
    {
      part->x0 = MIN (part->x0, (double) points[2 * i]);
      part->x1 = MAX (part->x1, (double) points[2 * i]);
      part->y0 = MIN (part->y0, (double) points[2 * i + 1]);
      part->y1 = MAX (part->y1, (double) points[2 * i + 1]);
    }
}

static void
read_part (GArray *parts, GArray *rings, GArray *refs, GArray *arcs, GArray *points, const char *line)
{
  BvGeoPart part = { rings->len, 1, G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  BvGeoRing ring = { refs->len, 0 };

  for (const char *p = line; *p != '\0';)
    {
      if (*p == '/')
        {
          g_array_append_val (rings, ring);
          ring.first = refs->len;
          ring.n = 0;
          part.n++;
          p++;
        }
      else if (*p == ' ')
        p++;
      else
        {
          char *end;
          int ref = (int) strtol (p, &end, 10);

          g_return_if_fail (end != p && ref != 0 && ABS (ref) <= (int) arcs->len);
          bounds (&part, (const float *) (gpointer) points->data, &g_array_index (arcs, BvGeoArc, ABS (ref) - 1));
          g_array_append_val (refs, ref);
          ring.n++;
          p = end;
        }
    }
  g_array_append_val (rings, ring);
  g_array_append_val (parts, part);
}

static BvGeo *
read_outlines (void)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data (bv_maps_get_resource (), OUTLINES, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  BvGeo *geo = g_new0 (BvGeo, 1);
  GArray *points = g_array_new (FALSE, FALSE, sizeof (float));
  GArray *arcs = g_array_new (FALSE, FALSE, sizeof (BvGeoArc));
  GArray *refs = g_array_new (FALSE, FALSE, sizeof (int));
  GArray *rings = g_array_new (FALSE, FALSE, sizeof (BvGeoRing));
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (BvGeoPart));
  GArray *countries = g_array_new (FALSE, FALSE, sizeof (BvGeoCountry));
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : "";

  geo->text = g_strndup (data, size);
  for (char *line = geo->text; *line != '\0';)
    {
      char *end = strchr (line, '\n');

      if (end != NULL)
        *end = '\0';
      if (*line == 'a')
        read_arc (points, arcs, line + 2);
      else if (*line == 'c')
        read_country (countries, line + 2, parts->len);
      else if (*line == 'p' && countries->len > 0)
        {
          read_part (parts, rings, refs, arcs, points, line + 2);
          g_array_index (countries, BvGeoCountry, countries->len - 1).n++;
        }
      if (end == NULL)
        break;
      line = end + 1;
    }
  geo->n_points = points->len / 2;
  geo->n_arcs = arcs->len;
  geo->n_refs = refs->len;
  geo->n_rings = rings->len;
  geo->n_parts = parts->len;
  geo->n_countries = countries->len;
  geo->points = (float *) (gpointer) g_array_free (points, FALSE);
  geo->arcs = (BvGeoArc *) (gpointer) g_array_free (arcs, FALSE);
  geo->refs = (int *) (gpointer) g_array_free (refs, FALSE);
  geo->rings = (BvGeoRing *) (gpointer) g_array_free (rings, FALSE);
  geo->parts = (BvGeoPart *) (gpointer) g_array_free (parts, FALSE);
  geo->countries = (BvGeoCountry *) (gpointer) g_array_free (countries, FALSE);
  return geo;
}

const BvGeo *
bv_geo_get (void)
{
  static BvGeo *geo;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      geo = read_outlines ();
      g_once_init_leave (&once, 1);
    }
  return geo;
}

/* --- Names ------------------------------------------------------------------------------------------------------------------ */

/* What else countries are called, as fold() writes it. */
static const struct
{
  const char *name, *code;
} aliases[] = {
  { "america", "US" }, { "united states america", "US" }, { "u s", "US" }, { "u s a", "US" }, { "uk", "GB" }, { "u k", "GB" },
  { "great britain", "GB" }, { "britain", "GB" }, { "united kingdom great britain northern ireland", "GB" }, { "holland", "NL" },
  { "czech republic", "CZ" }, { "russian federation", "RU" }, { "south korea", "KR" }, { "korea", "KR" }, { "korea republic", "KR" },
  { "republic korea", "KR" }, { "korea south", "KR" }, { "north korea", "KP" }, { "korea north", "KP" },
  { "korea democratic peoples republic", "KP" }, { "democratic peoples republic korea", "KP" }, { "ivory coast", "CI" },
  { "cote d ivoire", "CI" }, { "burma", "MM" }, { "myanmar", "MM" }, { "macedonia", "MK" }, { "north macedonia", "MK" },
  { "republic north macedonia", "MK" }, { "swaziland", "SZ" }, { "eswatini", "SZ" }, { "cape verde", "CV" }, { "cabo verde", "CV" },
  { "vatican", "VA" }, { "vatican city", "VA" }, { "holy see", "VA" }, { "syrian arab republic", "SY" }, { "lao pdr", "LA" },
  { "lao peoples democratic republic", "LA" }, { "republic moldova", "MD" }, { "moldova republic", "MD" },
  { "bolivia plurinational state", "BO" }, { "plurinational state bolivia", "BO" }, { "venezuela bolivarian republic", "VE" },
  { "bolivarian republic venezuela", "VE" }, { "united republic tanzania", "TZ" }, { "tanzania united republic", "TZ" },
  { "iran islamic republic", "IR" }, { "islamic republic iran", "IR" }, { "viet nam", "VN" }, { "brunei darussalam", "BN" },
  { "dr congo", "CD" }, { "drc", "CD" }, { "congo kinshasa", "CD" }, { "democratic republic congo", "CD" },
  { "congo democratic republic", "CD" }, { "dem rep congo", "CD" }, { "zaire", "CD" }, { "congo", "CG" }, { "congo brazzaville", "CG" },
  { "republic congo", "CG" }, { "palestine", "PS" }, { "palestinian territories", "PS" }, { "state palestine", "PS" },
  { "palestine state", "PS" }, { "taiwan province china", "TW" }, { "hong kong", "HK" }, { "macau", "MO" }, { "macao", "MO" },
  { "uae", "AE" }, { "u a e", "AE" }, { "emirates", "AE" }, { "east timor", "TL" }, { "turkey", "TR" }, { "turkiye", "TR" },
  { "micronesia federated states", "FM" }, { "federated states micronesia", "FM" }, { "bosnia", "BA" }, { "ireland republic", "IE" },
  { "republic ireland", "IE" }, { "eire", "IE" }, { "el", "GR" }, { "china mainland", "CN" }, { "mainland china", "CN" },
  { "peoples republic china", "CN" }, { "ksa", "SA" }, { "car", "CF" }, { "png", "PG" },
};

/* A text as names are compared: no case, no accents, no punctuation, no small words. (transfer full) */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, MIN (strlen (text), 200));
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *cased = g_utf8_casefold (normal, -1);
  g_autoptr(GString) plain = g_string_new (NULL);
  g_auto(GStrv) words = NULL;
  GString *out = g_string_new (NULL);

  for (const char *p = cased; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_ismark (c) || c == '\'' || c == 0x2019)
        {
          /* "people's" is "peoples", but "d'ivoire" is two words. */
          if (!g_unichar_ismark (c) && plain->len > 0 && plain->str[plain->len - 1] == 'd' && (plain->len == 1 || plain->str[plain->len - 2] == ' '))
            g_string_append_c (plain, ' ');
          continue;
        }
      if (g_unichar_isalnum (c))
        g_string_append_unichar (plain, c);
      else
        g_string_append_c (plain, ' ');
    }
  words = g_strsplit (plain->str, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      static const char *const small[] = { "the", "of", "and", NULL };

      /* "AND" alone is Andorra. */
      if (*words[i] == '\0' || (g_strv_length (words) > 1 && g_strv_contains (small, words[i])))
        continue;
      if (out->len > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, strcmp (words[i], "saint") == 0 ? "st" : words[i]);
    }
  return g_string_free (out, FALSE);
}

static void
add_name (GHashTable *names, const char *name, guint country)
{
  char *folded = name != NULL ? fold (name) : NULL;

  if (folded == NULL || *folded == '\0' || g_hash_table_contains (names, folded))
    g_free (folded);
  else
    g_hash_table_insert (names, folded, GUINT_TO_POINTER (country));
}

static GHashTable *
make_names (const BvGeo *geo, BvLocale *locale)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < geo->n_countries; i++)
    if (*geo->countries[i].code != '-')
      {
        add_name (names, geo->countries[i].code, i);
        add_name (names, geo->countries[i].code3, i);
      }
  for (guint a = 0; a < G_N_ELEMENTS (aliases); a++)
    {
      g_autofree char *code = g_ascii_strdown (aliases[a].code, -1);
      gpointer country;

      if (g_hash_table_lookup_extended (names, code, NULL, &country))
        g_hash_table_insert (names, g_strdup (aliases[a].name), country);
    }
  for (guint i = 0; i < geo->n_countries; i++)
    {
      const BvGeoCountry *country = &geo->countries[i];
      g_autofree char *english = NULL;
      g_autofree char *local = NULL;
      g_autofree char *own = NULL;

      add_name (names, country->name, i);
      if (*country->code == '-')
        continue;
      english = bv_locale_country_name (locale, country->code, "en");
      local = bv_locale_country_name (locale, country->code, NULL);
      add_name (names, english, i);
      own = bv_locale_country_name (locale, country->code, "");
      add_name (names, local, i);
      add_name (names, own, i);
    }
  return names;
}

int
bv_geo_find (const BvGeo *geo, BvLocale *locale, const char *text)
{
  static GMutex mutex;
  static GHashTable *by_locale; /* name -> names */
  g_autofree char *folded = fold (text);
  GHashTable *names;
  gpointer found;
  int result = -1;

  g_mutex_lock (&mutex);
  if (by_locale == NULL)
    by_locale = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  names = g_hash_table_lookup (by_locale, bv_locale_get_name (locale));
  if (names == NULL)
    {
      names = make_names (geo, locale);
      g_hash_table_insert (by_locale, g_strdup (bv_locale_get_name (locale)), names);
    }
  if (g_hash_table_lookup_extended (names, folded, NULL, &found))
    result = (int) GPOINTER_TO_UINT (found);
  g_mutex_unlock (&mutex);
  return result;
}
