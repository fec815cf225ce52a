// SPDX-License-Identifier: GPL-3.0-or-later
// node arrow-to-csv.mjs FILE CSV: an Arrow file as CSV, by the libraries apache-arrow and lz4js, which are looked for where NODE_PATH says.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const { tableFromIPC, compressionRegistry, CompressionType, DataType } = require('apache-arrow');
const lz4 = require('lz4js');

compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: (data) => lz4.compress(data), decode: (data) => lz4.decompress(data) });
const table = tableFromIPC(readFileSync(process.argv[2]));
const quote = (text) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const lines = [table.schema.fields.map((field) => quote(field.name)).join(',')];
for (const row of table)
  lines.push(table.schema.fields.map((field) => {
    const value = row[field.name];
    if (value === null || value === undefined)
      return '';
    if (DataType.isDate(field.type))
      return new Date(Number(value)).toISOString().slice(0, 10);
    if (DataType.isTimestamp(field.type))
      return new Date(Number(value)).toISOString();
    return quote(String(value));
  }).join(','));
writeFileSync(process.argv[3], lines.join('\n') + '\n');
