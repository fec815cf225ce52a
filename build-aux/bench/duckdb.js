// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmark's questions to DuckDB: node duckdb.js FOLDER THREADS ROUNDS FIGURES.json, over the CSV files that bench-dashboard --csv wrote. Adds
// "duckdb_ms" to each scenario: the median of a whole dashboard of twelve queries, prepared by nothing but a first run.
const fs = require("fs");
const { DuckDBInstance } = require("@duckdb/node-api");
const [folder, threads, rounds, figures] = process.argv.slice(2);
const [email, industry] = fs.readFileSync(`${folder}/meta.txt`, "utf8").split("\n");
const funnel = "'signup','activate','invite_sent','purchase'";

function where(root, filter, more) {
  const time = { deals: "r.close_date", conversations: "r.opened_at", events: "r.ts" }[root];
  const address = root === "deals" ? "c.email" : "r.user_email";
  const tests = more ? [more] : [];
  if (filter.from) tests.push(`${time} >= '${filter.from}' AND ${time} < '${filter.to}'`);
  if (filter.email) tests.push(`${address} = '${email}'`);
  if (filter.like) tests.push(`contains(${address}, 'acme')`);
  if (filter.industry) tests.push(`c.industry = '${industry}'`);
  return tests.length ? " WHERE " + tests.join(" AND ") : "";
}

function from(root, filter, joined) {
  const key = root === "deals" ? "c.id = r.contact_id" : "c.email = r.user_email";
  const join = joined || filter.industry || (root === "deals" && (filter.email || filter.like));
  return ` FROM ${root} r` + (join ? ` LEFT JOIN contacts c ON ${key}` : "");
}

function dashboard(f) {
  const won = "r.stage = 'won'";
  return [
    `SELECT date_trunc('month', close_date) k, sum(amount)${from("deals", f)}${where("deals", f, won)} GROUP BY 1 ORDER BY 1`,
    `SELECT k, sum(v) OVER (ORDER BY k) FROM (SELECT date_trunc('week', close_date) k, sum(amount) v${from("deals", f)}${where("deals", f, won)} GROUP BY 1) ORDER BY 1`,
    `SELECT c.industry, sum(amount)${from("deals", f, true)}${where("deals", f, won)} GROUP BY 1 ORDER BY 2 DESC`,
    `SELECT c.email, sum(amount)${from("deals", f, true)}${where("deals", f, won)} GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 10`,
    `SELECT date_trunc('week', opened_at) k, count(*)${from("conversations", f)}${where("conversations", f)} GROUP BY 1 ORDER BY 1`,
    `SELECT date_trunc('month', opened_at) k, avg(first_response_min), median(first_response_min)${from("conversations", f)}${where("conversations", f)} GROUP BY 1 ORDER BY 1`,
    `SELECT c.plan, avg(csat), count(csat)${from("conversations", f, true)}${where("conversations", f)} GROUP BY 1 ORDER BY 1`,
    `SELECT ts::DATE k, count(*)${from("events", f)}${where("events", f, "r.event = 'login'")} GROUP BY 1 ORDER BY 1`,
    `SELECT date_trunc('week', ts) k, count(DISTINCT user_email)${from("events", f)}${where("events", f)} GROUP BY 1 ORDER BY 1`,
    `SELECT event, count(*)${from("events", f)}${where("events", f)} GROUP BY 1 ORDER BY 2 DESC`,
    `SELECT event, count(DISTINCT user_email)${from("events", f)}${where("events", f, `r.event IN (${funnel})`)} GROUP BY 1 ORDER BY 1`,
    `SELECT count(*), count(DISTINCT user_email)${from("events", f)}${where("events", f)}`,
  ];
}

const day = (text, back) => new Date(Date.parse(text) - back * 86400000).toISOString().slice(0, 10);
const range = (back) => ({ from: day("2025-04-02", back), to: day("2025-07-01", back) });
const scenarios = {
  S0: [{}], S1: [range(0)], S2: [{ email: true }], S3: [{ industry: true }], S4: [{ ...range(0), industry: true }],
  S5: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(range), S6: [{ like: true }],
};

(async () => {
  const db = await (await DuckDBInstance.create(":memory:", { threads })).connect();
  const out = JSON.parse(fs.readFileSync(figures, "utf8"));
  for (const table of ["contacts", "deals", "conversations", "events"])
    await db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${folder}/${table}.csv', header = true)`);
  for (const [name, steps] of Object.entries(scenarios)) {
    const times = [];
    for (let round = 0; round <= rounds; round++)
      for (const filter of steps) {
        const start = process.hrtime.bigint();
        for (const sql of dashboard(filter)) await db.runAndReadAll(sql);
        if (round > 0) times.push(Number(process.hrtime.bigint() - start) / 1e6);
      }
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    if (!out.scenarios[name]) continue;
    out.scenarios[name].duckdb_ms = median;
    console.log(`${name} DuckDB ${median.toFixed(1)} ms: ${(median / out.scenarios[name].belvedere_ms).toFixed(1)} times as long`);
  }
  fs.writeFileSync(figures, JSON.stringify(out) + "\n");
})();
