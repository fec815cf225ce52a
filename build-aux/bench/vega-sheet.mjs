#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
/* Charts of the sample's gallery beside the same data drawn by Vega-Lite, as one page to look at:
 *
 *   npm install --prefix FOLDER vega vega-lite [@resvg/resvg-js]
 *   NODE_PATH=FOLDER/node_modules build-aux/bench/vega-sheet.mjs PROJECT OUT.html [_build]
 *
 * PROJECT is made by `belvedere-cli demo PROJECT`. With @resvg/resvg-js each picture is written as PNG too, beside OUT.html. Vega-Lite's pictures have its
 * default look: the question is what its labels, ticks, legends and margins do better. Ends with 77 where the packages are missing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [project, out, build = '_build'] = process.argv.slice(2);
const require = createRequire(path.join(process.env.NODE_PATH ?? '.', 'x.js'));
let vega, vegaLite, resvg = null;

if (!out) {
  console.error('usage: vega-sheet.mjs PROJECT OUT.html [BUILD FOLDER]');
  process.exit(2);
}
try {
  const load = async (name) => { const m = await import(require.resolve(name)); return m.default?.parse || m.default?.compile ? m.default : m; };
  vega = await load('vega');
  vegaLite = await load('vega-lite');
} catch (error) {
  console.error(`skipped: ${error.message}`);
  process.exit(77);
}
try {
  resvg = require('@resvg/resvg-js');
} catch { /* only for PNG */ }

const time = (field, unit) => ({ field, type: 'temporal', timeUnit: unit, title: null });
const money = (field, more = {}) => ({ field, type: 'quantitative', axis: { format: '$,.0f' }, ...more });
/* Tile of the gallery, height in cells of half the page's width, Vega-Lite's marks and scales. */
const charts = [
  ['combo', { layer: [{ mark: 'bar', encoding: { y: money('Won revenue') } },
                      { mark: { type: 'line', point: true, color: '#c48600' }, encoding: { y: { field: 'Win rate', type: 'quantitative', axis: { format: '%' } } } }],
              encoding: { x: time('Close date', 'yearmonth') }, resolve: { scale: { y: 'independent' } } }],
  ['area', { mark: { type: 'area', line: true }, encoding: { x: time('Created'), y: { field: 'Conversations', type: 'quantitative' }, color: { field: 'Team' } } }],
  ['line', { mark: 'line', encoding: { x: time('Created'), y: { field: 'Median first reply', type: 'quantitative' } } }],
  ['bar', { mark: 'bar', encoding: { y: { field: 'Industry', sort: '-x' }, x: money('Won revenue'), color: { field: 'Deal type' } } }],
  ['waterfall', { mark: 'bar', encoding: { x: time('Close date', 'yearquarter'), y: money('Won revenue') } }],
  ['heatmap', { mark: 'rect', encoding: { y: { field: 'Topic' }, x: { field: 'Team', axis: { labelAngle: 0 } }, color: { field: 'Conversations', type: 'quantitative' } } }],
  ['histogram', { mark: 'bar', encoding: { x: { field: 'Deals', bin: { maxbins: 20 } }, y: { aggregate: 'count' } } }],
  ['box', { mark: 'boxplot', transform: [{ filter: 'datum["Won revenue"] > 0' }],
            encoding: { x: { field: 'Industry' }, y: money('Won revenue', { scale: { type: 'log' } }) } }],
  ['scatter', { mark: 'point', transform: [{ filter: 'datum["Average won deal"] > 0' }],
                encoding: { x: { field: 'Deals', type: 'quantitative', scale: { type: 'log' } }, y: money('Average won deal', { scale: { type: 'log' } }),
                            size: { field: 'Won revenue', type: 'quantitative' } } }],
  ['small-multiples', { mark: { type: 'area', line: true }, width: 120, height: 70, columns: 5,
                        encoding: { x: time('Close date', 'yearmonth'), y: money('Won revenue'), facet: { field: 'Industry', columns: 5 } },
                        resolve: { scale: { y: 'independent' } } }],
];
const folder = mkdtempSync(path.join(tmpdir(), 'vega-sheet-'));
const cells = [];

for (const [tile, spec] of charts) {
  const ours = path.join(folder, `${tile}.svg`), data = path.join(folder, `${tile}.json`);

  for (const file of [ours, data])
    execFileSync(path.join(build, 'src/cli/belvedere-cli'), ['export', project, 'Chart gallery', '--tile', tile, '-o', file]);
  const compiled = vegaLite.compile({ width: 520, height: 300, background: 'white', ...spec, data: { values: JSON.parse(readFileSync(data, 'utf8')) } });
  const theirs = await new vega.View(vega.parse(compiled.spec), { renderer: 'none' }).toSVG();
  const pictures = [readFileSync(ours, 'utf8').replace(/<\?xml[^>]*>\s*/, ''), theirs];

  if (resvg)
    pictures.forEach((svg, i) => writeFileSync(out.replace(/\.html$/, `-${tile}-${i ? 'vega' : 'ours'}.png`),
                                               new resvg.Resvg(svg, { fitTo: { mode: 'width', value: 800 }, background: 'white' }).render().asPng()));
  cells.push(`<h2>${tile}</h2><div>${pictures.map((svg) => `<section><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></section>`).join('')}</div>`);
}
rmSync(folder, { recursive: true });
writeFileSync(out, `<!doctype html><meta charset="utf-8"><title>Belvedere and Vega-Lite</title>
<style>body { font: 14px sans-serif; margin: 2em } div { display: flex; gap: 2em; align-items: start } section { flex: 1 } img { width: 100% }</style>
<h1>Ours at the left, Vega-Lite at the right</h1>${cells.join('\n')}\n`);
console.log(out);
