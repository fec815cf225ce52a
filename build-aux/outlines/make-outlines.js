// SPDX-License-Identifier: GPL-3.0-or-later
// Makes data/maps/world.txt, the country outlines of the map charts.
//
//   npm install world-atlas@2.0.2 topojson-client@3 topojson-simplify@3 d3-geo@3
//   node build-aux/outlines/make-outlines.js /usr/share/iso-codes/json/iso_3166-1.json > data/maps/world.txt
//
// From: Natural Earth 4.1.0, "Admin 0 – Countries", 1:50m (public domain), in the packaging of world-atlas; the pairs of numeric and
// letter codes are those of ISO 3166-1. Borders that two countries share are one arc, so that they stay the same when points are dropped.
'use strict';
const fs = require ('fs');
const topojson = require ('topojson-client');
const simplify = require ('topojson-simplify');
const geo = require ('d3-geo');

const UNIT = 50; // of a degree
const POINTS = 15000;
const WEST = -169; // degrees; where the maps begin
const RING_LEAST = 0.12; // square degrees: islands smaller than this are left out

const iso = {};
for (const entry of JSON.parse (fs.readFileSync (process.argv[2], 'utf8'))['3166-1'])
  iso[entry.numeric] = entry;
// Natural Earth knows these, ISO does not (XK is in common use), or has them as part of another country: lon, lat.
const own = { Kosovo: ['XK', 'XKX'], Somaliland: null, 'N. Cyprus': null, 'Siachen Glacier': null, 'Indian Ocean Ter.': null };
const extra = {
  GF: [-53, 4], GP: [-61.5, 16.2], MQ: [-61, 14.65], RE: [55.5, -21.1], YT: [45.15, -12.8], GI: [-5.35, 36.14], CC: [96.85, -12.15],
  CX: [105.65, -10.5], TK: [-171.8, -9.2], SJ: [16, 78.5], BQ: [-68.27, 12.18], TV: [179.2, -8.52], BV: [3.4, -54.4], UM: [-169.5, 16.7],
};

const source = JSON.parse (fs.readFileSync (require.resolve ('world-atlas/countries-50m.json'), 'utf8'));
const spots = new Map (topojson.feature (source, source.objects.countries).features.map (f => {
  // The middle of the largest part: the centroid of France is in France.
  const parts = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
  const largest = parts.map (c => ({ type: 'Polygon', coordinates: c })).sort ((a, b) => geo.geoArea (b) - geo.geoArea (a))[0];
  return [f.properties.name, geo.geoCentroid (largest)];
}));

delete source.objects.land;
let topology = simplify.presimplify (topojson.quantize ? source : source);
const weights = topology.arcs.flatMap (a => a.map (p => p[2])).sort ((a, b) => b - a);
topology = simplify.simplify (topology, weights[POINTS]);

// The maps are cut in the Bering Strait, where no country lies on both sides but by islands.
const arcs = topology.arcs.map (arc => {
  const out = [];
  for (const [lon, y] of arc)
    {
      const x = lon < WEST ? lon + 360 : lon;
      const p = [Math.round (x * UNIT), Math.round (y * UNIT)];
      const last = out[out.length - 1];
      if (last === undefined || last[0] !== p[0] || last[1] !== p[1])
        out.push (p);
    }
  return out;
});

function ringArea (ring)
{
  const points = ring.flatMap (i => (i < 0 ? arcs[~i].slice ().reverse () : arcs[i]).slice (0, -1));
  let sum = 0;
  points.forEach ((p, i) => {
    const q = points[(i + 1) % points.length];
    sum += p[0] * q[1] - q[0] * p[1];
  });
  return points.length < 3 ? 0 : Math.abs (sum) / 2 / UNIT / UNIT;
}

const countries = [];
const cut = new Set (arcs.flatMap ((arc, i) => (arc.some ((p, k) => k > 0 && Math.abs (p[0] - arc[k - 1][0]) > 90 * UNIT) ? [i] : [])));
for (const g of topology.objects.countries.geometries)
  {
    const name = g.properties.name;
    const entry = g.id !== undefined ? iso[g.id] : undefined;
    const codes = entry !== undefined ? [entry.alpha_2, entry.alpha_3] : own[name];
    const polygons = g.type === 'Polygon' ? [g.arcs] : g.type === 'MultiPolygon' ? g.arcs : [];
    const areas = polygons.map (p => ringArea (p[0]));
    const most = Math.max (0, ...areas);
    const rings = [];
    polygons.forEach ((p, i) => {
      // Antarctica and the pole cannot be drawn flat: it is left to its point.
      if (codes?.[0] === 'AQ' || p.flat ().some (a => cut.has (a < 0 ? ~a : a)))
        return;
      if (areas[i] > 0 && (areas[i] >= RING_LEAST || (areas[i] === most && most > 0.02)))
        rings.push (p.filter (r => ringArea (r) > 0.02));
    });
    // Some dependencies carry the code of the country they belong to.
    const same = codes !== undefined && codes !== null ? countries.find (c => c.codes[0] === codes[0]) : undefined;
    if (same === undefined)
      countries.push ({ codes: codes ?? ['-', '-'], name, spot: spots.get (name), rings, most });
    else
      {
        same.rings.push (...rings);
        if (most > same.most)
          Object.assign (same, { name, spot: spots.get (name), most });
      }
  }
for (let i = countries.length - 1; i >= 0; i--)
  if (countries[i].codes[0] === '-' && countries[i].rings.length === 0)
    countries.splice (i, 1);
const known = new Set (countries.map (c => c.codes[0]));
for (const [code, spot] of Object.entries (extra))
  if (!known.has (code))
    {
      const entry = Object.values (iso).find (e => e.alpha_2 === code);
      countries.push ({ codes: [code, entry.alpha_3], name: entry.common_name ?? entry.name, spot, rings: [] });
    }
countries.sort ((a, b) => (a.codes[0] < b.codes[0] ? -1 : a.codes[0] > b.codes[0] ? 1 : a.name < b.name ? -1 : 1));

// Only arcs that are used, renumbered.
const used = new Map ();
for (const c of countries)
  for (const p of c.rings)
    for (const ring of p)
      for (const i of ring)
        {
          const at = i < 0 ? ~i : i;
          if (!used.has (at))
            used.set (at, used.size);
        }
const lines = [
  '# SPDX-License-Identifier: CC0-1.0',
  '# Country outlines for maps, made by build-aux/outlines/make-outlines.js from Natural Earth 4.1.0, "Admin 0 - Countries" at 1:50m',
  '# (naturalearthdata.com, public domain), with points and small islands left out. Boundaries are those of Natural Earth.',
  `# unit: 1/${UNIT} degree`,
  '# a: an arc, its first point and then steps; c: a country, ISO 3166-1 codes, a point in its middle, its name;',
  '# p: a part of the country above, its outer ring and after "/" its lakes, as arcs counted from 1, negative ones backwards.',
];
for (const i of used.keys ())
  {
    let x = 0, y = 0;
    lines.push ('a ' + arcs[i].map (p => {
      const step = `${p[0] - x} ${p[1] - y}`;
      [x, y] = p;
      return step;
    }).join (' '));
  }
for (const c of countries)
  {
    lines.push (`c ${c.codes[0]} ${c.codes[1]} ${Math.round (c.spot[0] * UNIT)} ${Math.round (c.spot[1] * UNIT)} ${c.name}`);
    for (const p of c.rings)
      lines.push ('p ' + p.map (ring => ring.map (i => (i < 0 ? -(used.get (~i) + 1) : used.get (i) + 1)).join (' ')).join (' / '));
  }
process.stdout.write (lines.join ('\n') + '\n');
