// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmark against DuckDB: node duckdb.js FOLDER EVENTS THREADS ROUNDS FIGURES.json BENCH-DASHBOARD OPTION…
//
// The tables are those that bench-dashboard --csv wrote to FOLDER. DuckDB has them twice: as they are ("natural"), and handed what Belvedere's engine
// works on ("encoded"): users as small numbers, texts of few values as enums, instants as dates, amounts as cents. In each round Belvedere, natural and
// encoded take turns, and in its turn each runs one dashboard after the other, so that whatever else the machine does hits all three; medians count.
// Before that, every frame is compared with both of DuckDB's answers, value by value.
const fs = require("fs");
const { spawn } = require("child_process");
const readline = require("readline");
const { DuckDBInstance } = require("@duckdb/node-api");
const [folder, events, threads, rounds, figures, program, ...options] = process.argv.slice(2);

// --- Belvedere, told what to do line by line

function start() {
  const child = spawn(program, [...options, "--serve", "--csv", folder], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  readline.createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) waiting.shift().resolve(JSON.parse(line));
    else console.log(line);
  });
  child.on("exit", (code) => waiting.forEach((w) => w.reject(new Error(`bench-dashboard ended with ${code}`))));
  const answer = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  return {
    ready: answer(),
    ask(command) {
      const promise = answer();
      child.stdin.write(command + "\n");
      return promise;
    },
    end: () => child.stdin.end(),
  };
}

// --- The same questions

const funnel = "'signup','activate','invite_sent','purchase'";
const schemas = {
  natural: {
    tables: { deals: "deals", conversations: "conversations", events: "events", contacts: "contacts" },
    time: { deals: "r.close_date", conversations: "r.opened_at", events: "r.ts" },
    join: (root) => (root === "deals" ? "c.id = r.contact_id" : "c.email = r.user_email"),
    user: "r.user_email",
    amount: "amount",
    email: (root, email) => (root === "deals" ? `c.email = '${email}'` : `r.user_email = '${email}'`),
    like: (root) => `contains(${root === "deals" ? "c.email" : "r.user_email"}, 'acme')`,
    joins: (root, filter) => root === "deals" && (filter.email || filter.like),
    day: "ts::DATE",
  },
  encoded: {
    tables: { deals: "deals_e", conversations: "conversations_e", events: "events_e", contacts: "contacts_e" },
    time: { deals: "r.d", conversations: "r.d", events: "r.d" },
    join: () => "c.u = r.u",
    user: "r.u",
    amount: "cents",
    email: (root, email) => `r.u = (SELECT u FROM users WHERE email = '${email}')`,
    like: () => "r.u IN (SELECT u FROM users WHERE contains(email, 'acme'))",
    joins: () => false,
    day: "r.d",
  },
};

function dashboard(schema, f, names) {
  const from = (root, joined) =>
    ` FROM ${schema.tables[root]} r` + (joined || f.industry || schema.joins(root, f) ? ` LEFT JOIN ${schema.tables.contacts} c ON ${schema.join(root)}` : "");
  const where = (root, more) => {
    const tests = more ? [more] : [];
    if (f.from) tests.push(`${schema.time[root]} >= '${f.from}' AND ${schema.time[root]} < '${f.to}'`);
    if (f.email) tests.push(schema.email(root, names.email));
    if (f.like) tests.push(schema.like(root));
    if (f.industry) tests.push(`c.industry = '${names.industry}'`);
    return tests.length ? " WHERE " + tests.join(" AND ") : "";
  };
  const won = "r.stage = 'won'";
  const { time, amount, user, day } = schema;
  return [
    `SELECT date_trunc('month', ${time.deals}) k, sum(${amount})${from("deals")}${where("deals", won)} GROUP BY 1 ORDER BY 1`,
    `SELECT k, sum(v) OVER (ORDER BY k) FROM (SELECT date_trunc('week', ${time.deals}) k, sum(${amount}) v${from("deals")}${where("deals", won)} GROUP BY 1) ORDER BY 1`,
    `SELECT c.industry, sum(${amount})${from("deals", true)}${where("deals", won)} GROUP BY 1 ORDER BY 2 DESC`,
    `SELECT c.email, sum(${amount})${from("deals", true)}${where("deals", won)} GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 10`,
    `SELECT date_trunc('week', ${time.conversations}) k, count(*)${from("conversations")}${where("conversations")} GROUP BY 1 ORDER BY 1`,
    `SELECT date_trunc('month', ${time.conversations}) k, avg(first_response_min), median(first_response_min)${from("conversations")}${where("conversations")} GROUP BY 1 ORDER BY 1`,
    `SELECT c.plan, avg(csat), count(csat)${from("conversations", true)}${where("conversations")} GROUP BY 1 ORDER BY 1`,
    `SELECT ${day} k, count(*)${from("events")}${where("events", "r.event = 'login'")} GROUP BY 1 ORDER BY 1`,
    `SELECT date_trunc('week', ${time.events}) k, count(DISTINCT ${user})${from("events")}${where("events")} GROUP BY 1 ORDER BY 1`,
    `SELECT event, count(*)${from("events")}${where("events")} GROUP BY 1 ORDER BY 2 DESC`,
    `SELECT event, count(DISTINCT ${user})${from("events")}${where("events", `r.event IN (${funnel})`)} GROUP BY 1 ORDER BY 1`,
    `SELECT count(*), count(DISTINCT ${user})${from("events")}${where("events")}`,
  ];
}

async function load(db) {
  for (const table of ["contacts", "deals", "conversations", "events"])
    await db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${folder}/${table}.csv', header = true)`);
  for (const [name, table, column] of [["industry_e", "contacts", "industry"], ["plan_e", "contacts", "plan"], ["stage_e", "deals", "stage"], ["event_e", "events", "event"]])
    await db.run(`CREATE TYPE ${name} AS ENUM (SELECT DISTINCT ${column} FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1)`);
  // Contacts are users 0, 1, …; addresses of nobody follow.
  await db.run(`CREATE TABLE users AS SELECT (id - 1)::INTEGER u, email FROM contacts UNION ALL
    SELECT ((SELECT count(*) FROM contacts) + row_number() OVER (ORDER BY e) - 1)::INTEGER, e FROM (SELECT DISTINCT e FROM
    (SELECT user_email e FROM events UNION ALL SELECT user_email FROM conversations) WHERE e IS NOT NULL AND e NOT IN (SELECT email FROM contacts))`);
  await db.run("CREATE TABLE contacts_e AS SELECT (id - 1)::INTEGER u, email, industry::industry_e AS industry, plan::plan_e AS plan FROM contacts ORDER BY id");
  await db.run("CREATE TABLE deals_e AS SELECT (contact_id - 1)::INTEGER u, round(amount * 100)::INTEGER cents, stage::stage_e AS stage, close_date AS d FROM deals");
  await db.run(`CREATE TABLE conversations_e AS SELECT users.u, opened_at::DATE AS d, first_response_min::SMALLINT AS first_response_min, csat::TINYINT AS csat
    FROM conversations LEFT JOIN users ON email = user_email ORDER BY opened_at`);
  await db.run("CREATE TABLE events_e AS SELECT users.u, event::event_e AS event, ts::DATE AS d FROM events LEFT JOIN users ON email = user_email ORDER BY ts");
}

// --- Comparing

const isTime = [true, true, false, false, true, true, false, true, true, false, false, false];
const isMoney = [true, true, true, true];
const near = (a, b) => a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
const number = (x) => (x === null || x === "" || x === undefined ? null : Number(x));

function compare(tile, csv, reader, cents) {
  const mine = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
  const theirs = reader.getRowsJson().map((row) => {
    const cells = row.map((x) => (x === null ? "" : String(x)));
    return cents && isMoney[tile] ? [cells[0], ...cells.slice(1).map((x) => (x === "" ? "" : String(Number(x) / 100)))] : cells;
  });
  const differ = (name, row, values) => {
    console.error(`T${tile + 1}, “${name}”: ${row} here, ${values} there`);
    return false;
  };
  if (tile === 11) return theirs[0].every((x, i) => near(number(x), number(mine[0][i]))) || differ("", mine[0], theirs[0]);
  const known = new Map(mine.map((row) => [row[0], row.slice(1)]));
  for (const [key, ...values] of theirs) {
    const name = isTime[tile] ? key.slice(0, 10) : key;
    if (isTime[tile] && name === "") continue; // rows without a date are not shown along time
    const row = known.get(name);
    if (!row || !values.every((x, i) => near(number(x), number(row[i])) || (number(x) === null && number(row[i]) === 0))) return differ(name, row, values);
    known.delete(name);
  }
  // What only Belvedere shows are points in time without rows; a running total goes on there.
  for (const [name, row] of known)
    if (tile !== 1 && (tile === 3 || row.some((x) => number(x)))) return differ(name, row, "nothing");
  return true;
}

// --- The run

const day = (text, back) => new Date(Date.parse(text) - back * 86400000).toISOString().slice(0, 10);
const range = (back) => ({ from: day("2025-04-02", back), to: day("2025-07-01", back) });
const scenarios = {
  S0: [{}], S1: [range(0)], S2: [{ email: true }], S3: [{ industry: true }], S4: [{ ...range(0), industry: true }],
  S5: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(range), S6: [{ like: true }],
};
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

(async () => {
  const belvedere = start();
  const made = await belvedere.ready;
  const [email, industry] = fs.readFileSync(`${folder}/meta.txt`, "utf8").split("\n");
  const names = { email, industry };
  const db = await (await DuckDBInstance.create(":memory:", { threads })).connect();
  const out = { events: Number(events), threads: Number(threads), scenarios: {} };
  await load(db);
  const check = async (scenario) => {
    let equal = true;
    for (let step = 0; step < scenarios[scenario].length; step++) {
      const { frames } = await belvedere.ask(`frames ${scenario} ${step}`);
      for (const which of ["natural", "encoded"]) {
        const queries = dashboard(schemas[which], scenarios[scenario][step], names);
        for (let tile = 0; tile < queries.length; tile++)
          if (!compare(tile, frames[tile], await db.runAndReadAll(queries[tile]), which === "encoded")) equal = false;
      }
    }
    return equal;
  };
  // An engine's turn: the milliseconds of each dashboard, one after the other.
  const turns = {
    belvedere: async (dashboards) => (await belvedere.ask("run " + dashboards.map(([scenario, step]) => `${scenario} ${step}`).join(" "))).ms,
  };
  for (const which of ["natural", "encoded"])
    turns[which] = async (dashboards) => {
      const times = [];
      for (const [scenario, step] of dashboards) {
        const queries = dashboard(schemas[which], scenarios[scenario][step], names);
        const begin = process.hrtime.bigint();
        for (const sql of queries) await db.runAndReadAll(sql);
        times.push(Number(process.hrtime.bigint() - begin) / 1e6);
      }
      return times;
    };
  // The window that moves has turns of its own: what the engine keeps for it would answer S1 too.
  const times = {};
  const equal = {};
  const still = Object.keys(scenarios).filter((scenario) => scenario !== "S5");
  for (const some of [still, ["S5"]]) {
    const dashboards = some.flatMap((scenario) => scenarios[scenario].map((_, step) => [scenario, step]));
    for (const scenario of some) equal[scenario] = await check(scenario);
    for (let round = 0; round < rounds; round++)
      for (const engine of Object.keys(turns))
        (await turns[engine](dashboards)).forEach((ms, i) => ((times[dashboards[i][0]] ??= {})[engine] ??= []).push(ms));
  }
  for (const scenario of Object.keys(scenarios)) {
    const least = Math.min(...times[scenario].belvedere);
    const [own, natural, encoded] = Object.keys(turns).map((engine) => median(times[scenario][engine]));
    out.scenarios[scenario] = { belvedere_ms: own, duckdb_ms: natural, duckdb_encoded_ms: encoded, equal: equal[scenario] };
    console.log(`${scenario} ${own.toFixed(3)} ms (least ${least.toFixed(3)}); DuckDB ${natural.toFixed(1)} ms, ${(natural / own).toFixed(0)} times; ` +
      `with codes ${encoded.toFixed(1)} ms, ${(encoded / own).toFixed(0)} times; ${equal[scenario] ? "equal" : "DIFFERENT"}`);
  }
  belvedere.end();
  Object.assign(out, made);
  fs.writeFileSync(figures, JSON.stringify(out) + "\n");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
