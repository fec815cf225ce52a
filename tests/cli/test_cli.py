#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""belvedere-cli from outside: exit statuses, formats, and numbers against SQL over the plain tables.

Usage: test_cli.py BELVEDERE_CLI; prints TAP.
"""
import csv
import filecmp
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

CLI = sys.argv[1]
AS_OF = "2026-06-30"
failures = 0
done = 0


def run(*args, text_in=None):
    return subprocess.run([CLI, *args], input=text_in, capture_output=True, text=True)


def check(condition, what, detail=""):
    global failures, done
    done += 1
    print(f"{'ok' if condition else 'not ok'} {done} - {what}")
    if not condition:
        failures += 1
        print("# " + str(detail).replace("\n", "\n# "))


def fails(what, *args, status=1, part="", text_in=None):
    r = run(*args, text_in=text_in)
    lines = r.stderr.splitlines()
    check(r.returncode == status and r.stdout == "" and len(lines) == 1 and lines[0].startswith("belvedere-cli: ") and part in lines[0],
          what, f"status {r.returncode}\n{r.stdout}{r.stderr}")


def tables(path):
    """All data tables as {name: sorted rows}."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'bv\\_%' ESCAPE '\\' "
                                      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")]
    result = {n: db.execute(f'SELECT * FROM "{n}" ORDER BY rowid').fetchall() for n in names}
    db.close()
    return result


def query(path, exploration, metrics, *more):
    args = ["query", path, "--exploration", exploration, "--as-of", AS_OF, "--format", "json"]
    for metric in metrics:
        args += ["--metric", metric]
    r = run(*args, *more)
    return json.loads(r.stdout) if r.returncode == 0 else r.stderr


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def test_sample(folder):
    one, two = (os.path.join(folder, n) for n in ("one.belvedere", "two.belvedere"))
    for path in (one, two):
        r = run("demo", path, "--as-of", AS_OF, "--customers", "60")
        check(r.returncode == 0, "demo", r.stderr)
    check(tables(one) == tables(two) and len(tables(one)) > 3, "two samples have equal rows")
    fails("demo does not overwrite", "demo", one)
    r = run("check", one)
    check(r.returncode == 0 and r.stdout == "", "the sample is sound", r.stdout + r.stderr)

    # Dump and apply.
    with open("/dev/full", "w") as full:
        r = subprocess.run([CLI, "dump", one], stdout=full, stderr=subprocess.PIPE, text=True)
    check(r.returncode == 1 and "could not be written" in r.stderr, "what was cut off does not pass for all", f"status {r.returncode} {r.stderr}")
    dump = run("dump", one).stdout
    definitions = json.loads(dump)
    for report in definitions["reports"]:
        cells = [(x, y) for t in report["tiles"] for x in range(t["at"][0], t["at"][0] + t["at"][2]) for y in range(t["at"][1], t["at"][1] + t["at"][3])]
        check(len(cells) == len(set(cells)), "the tiles of “%s” do not cover each other" % report["name"])
    r = run("apply", one, "-", text_in=dump)
    check(r.returncode == 0 and r.stdout.startswith("0 "), "apply of a dump changes nothing", r.stdout + r.stderr)
    check(run("dump", one).stdout == dump, "and the next dump is equal")
    fails("apply refuses what is no JSON", "apply", one, "-", text_in="{")
    check(run("dump", one).stdout == dump, "a failed apply changes nothing")

    # Every exploration's plain counts and sums against SQL.
    db = sqlite3.connect(f"file:{one}?mode=ro", uri=True)
    compared = 0
    for e in definitions["explorations"]:
        for m in e["metrics"]:
            sql = None
            if "where" in m or m.get("table", e["root"]) != e["root"]:
                continue
            if m.get("aggregate") == "count" and "field" not in m:
                sql = f'SELECT count (*) FROM "{e["root"]}"'
            elif m.get("aggregate") in ("sum", "average", "min", "max", "count-distinct") and m["field"].startswith(e["root"] + "."):
                column = '"' + m["field"][len(e["root"]) + 1:] + '"'
                function = {"average": "avg", "count-distinct": "count (DISTINCT"}.get(m["aggregate"], m["aggregate"])
                sql = f'SELECT {function} ({column}) FROM "{e["root"]}"' if "DISTINCT" not in function else f'SELECT {function} {column}) FROM "{e["root"]}"'
            if sql is None:
                continue
            expected = db.execute(sql).fetchone()[0]
            got = query(one, e["name"], [m["name"]])
            value = got[0][m["name"]] if isinstance(got, list) and got else got
            equal = value == expected or (isinstance(value, (int, float)) and expected is not None and abs(value - expected) <= 1e-9 * max(1, abs(expected)))
            compared += 1
            check(equal, f'{e["name"]}: {m["name"]}', f"{value} instead of {expected}")
    check(compared >= 3, "several metrics were compared", compared)
    db.close()

    # Exports are equal byte for byte, run for run.
    report = definitions["reports"][0]["name"]
    for ending in ("csv", "json", "png", "pdf"):
        files = [os.path.join(folder, f"{n}.{ending}") for n in ("a", "b")]
        for path, project in zip(files, (one, two)):
            r = run("export", project, report, "-o", path, "--as-of", AS_OF)
            check(r.returncode == 0, f"export {ending}", r.stderr)
        if all(os.path.isfile(f) for f in files):
            check(os.path.getsize(files[0]) > 0 and filecmp.cmp(*files, shallow=False), f"two exports as {ending} are equal")
        elif all(os.path.isdir(f) for f in files):
            check(not filecmp.dircmp(*files).diff_files, f"two exports as {ending} are equal")
    fails("no such report", "export", one, "Nothing", "-o", os.path.join(folder, "x.csv"), part="Nothing")


def test_query(folder):
    path = os.path.join(folder, "q.belvedere")
    deals = os.path.join(folder, "deals.csv")
    people = os.path.join(folder, "people.csv")
    write(deals, "id,person,amount,won,closed\n1,1,100.10,true,2026-01-05\n2,1,200.20,false,2026-01-06\n3,2,50,true,2026-03-01\n4,,7,false,\n")
    write(people, 'id,name\n1,"Ada ""A"", x"\n2,Bob\n3,Cy\n')
    check(run("new", path).returncode == 0, "new")
    r = run("import", path, deals, people)
    check(r.returncode == 0, "import", r.stderr)
    definitions = {
        "belvedere": 1, "relationships": [{"from": "deals.person", "to": "people.id"}],
        "explorations": [{
            "name": "Deals", "root": "deals", "time_field": "Closed", "related": [{"table": "people"}],
            "dimensions": [{"name": "Closed", "field": "deals.closed"}, {"name": "Who", "field": "people.name"}],
            "metrics": [{"name": "Deals", "aggregate": "count"}, {"name": "Amount", "aggregate": "sum", "field": "deals.amount"},
                        {"name": "People", "aggregate": "count", "table": "people"},
                        {"name": "Share", "formula": "[Deals] / [Amount]"}]}]}
    r = run("apply", path, "-", text_in=json.dumps(definitions))
    check(r.returncode == 0 and r.stderr == "", "apply", r.stdout + r.stderr)
    base = ["query", path, "--exploration", "Deals", "--as-of", AS_OF]
    check(query(path, "Deals", ["Deals", "Amount", "People"]) == [{"Deals": 4, "Amount": 357.3, "People": 3}], "numbers as JSON",
          query(path, "Deals", ["Deals", "Amount", "People"]))
    got = query(path, "Deals", ["Deals", "People"], "--by", "Who", "--sort", "Who")
    check(got == [{"Who": 'Ada "A", x', "Deals": 2, "People": 1}, {"Who": "Bob", "Deals": 1, "People": 1}, {"Who": "Cy", "Deals": 0, "People": 1},
                  {"Who": None, "Deals": 1, "People": 0}], "groups of two tables", got)
    r = run(*base, "--metric", "Amount", "--by", "Who", "--sort", "Amount:desc", "--format", "csv", "--limit", "2")
    check(list(csv.reader(io.StringIO(r.stdout))) == [["Who", "Amount"], ['Ada "A", x', "300.3"], ["Bob", "50"]] and "2 of 3" in r.stderr,
          "CSV, sorted and cut with a note", r.stdout + r.stderr)
    got = query(path, "Deals", ["Deals"], "--by", "Closed:month", "--range", "2026-01-01..2026-03-31")
    check(got == [{"Closed": "2026-01-01", "Deals": 2}, {"Closed": "2026-02-01", "Deals": 0}, {"Closed": "2026-03-01", "Deals": 1}], "months with a gap", got)
    got = query(path, "Deals", ["Deals"], "--where", "deals.won is true", "--where", "Who is not Bob")
    check(got == [{"Deals": 1}], "conditions", got)
    r = run(*base, "--metric", "Amount", "--by", "Who")
    check(r.returncode == 0 and "357" not in r.stdout.splitlines()[0] and "Bob" in r.stdout, "a table", r.stdout)
    r = run(*base, "--metric", "Amount", "--by", "Who", "--explain")
    check(r.returncode == 0 and "LEFT JOIN" in r.stdout, "the plan", r.stdout + r.stderr)

    fails("an unknown metric", *base, "--metric", "Nope", part="Nope")
    fails("an unknown field", *base, "--metric", "Deals", "--where", "Nope is 1", part="Nope")
    fails("a half-quoted value", *base, "--metric", "Deals", "--where", 'Who is "Ada', part="quote")
    fails("no range", *base, "--metric", "Deals", "--range", "whenever", part="whenever")
    fails("no exploration", "query", path, "--exploration", "X", "--metric", "Deals", part="X")
    for what, args in (("no verb", ["frobnicate"]), ("no option", ["query", path, "--frob"]), ("no file", ["query"]), ("a bad format", [*base, "--metric", "Deals", "--format", "xml"]),
                       ("no metric", base), ("a bad ending", ["export", path, "R", "-o", "x.doc"])):
        fails("usage: " + what, *args, status=2)


def test_broken(folder):
    path = os.path.join(folder, "broken.belvedere")
    fails("check of no file", "check", path)
    write(path, "this is no project")
    fails("check of another file", "check", path)
    check(open(path, encoding="utf-8").read() == "this is no project", "which is left alone")
    good = os.path.join(folder, "good.belvedere")
    run("new", good)
    write(os.path.join(folder, "t.csv"), "id,x\n" + "".join(f"{i},{i * i}\n" for i in range(5000)))
    run("import", good, os.path.join(folder, "t.csv"))
    cut = os.path.join(folder, "cut.belvedere")
    shutil.copy(good, cut)
    with open(cut, "r+b") as f:
        f.truncate(os.path.getsize(cut) // 2)
    r = run("check", cut)
    check(r.returncode == 1 and (r.stdout or r.stderr), "a cut file is found out", r.stdout + r.stderr)
    r = run("apply", good, "-", text_in='{"belvedere":1,"explorations":[{"name":"E","root":"gone"}]}')
    check(r.returncode == 0 and "gone" in r.stderr, "a broken reference is kept and reported", r.stdout + r.stderr)
    r = run("check", good)
    check(r.returncode == 1 and "explorations/E" in r.stdout, "and found by check", r.stdout + r.stderr)


def main():
    os.environ.pop("BV_TEST_DATA", None)
    with tempfile.TemporaryDirectory() as folder:
        test_sample(folder)
        test_query(folder)
        test_broken(folder)
    print(f"1..{done}")
    return 1 if failures else 0


sys.exit(main())
