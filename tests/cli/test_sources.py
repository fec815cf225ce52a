#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources on the command line, against the fake HubSpot: from adding one to the rows that a sync changed.

Usage: test_sources.py BELVEDERE_CLI SERVE_HUBSPOT; prints TAP.
"""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

CLI, SERVER = sys.argv[1:3]
TOKEN = "pat-eu1-secret-token"
failures = 0
done = 0


def run(*args, token=TOKEN):
    environment = dict(os.environ, BELVEDERE_SECRET_HUBSPOT_TOKEN=token, BELVEDERE_SECRET_CRM_TOKEN=token)
    return subprocess.run([CLI, *args], capture_output=True, text=True, env=environment)


def rows(*args):
    r = run(*args, "--format", "json")
    return json.loads(r.stdout) if r.stdout else r.stderr


def check(condition, what, detail=""):
    global failures, done
    done += 1
    print(f"{'ok' if condition else 'not ok'} {done} - {what}")
    if not condition:
        failures += 1
        print("# " + str(detail).replace("\n", "\n# "))


def test(folder, server):
    path = os.path.join(folder, "crm.belvedere")
    url = server.stdout.readline().strip()

    def tell(line):
        server.stdin.write(line + "\n")
        server.stdin.flush()
        return server.stdout.readline().strip() == "ok"

    run("new", path)
    kinds = {r["kind"] for r in rows("source", "kinds")}
    check({"hubspot", "intercom", "postgresql", "mariadb", "rest"} <= kinds, "the kinds", kinds)
    r = run("sync", path)
    check(r.returncode == 1 and "source add" in r.stderr, "nothing to sync", r.stderr)
    for what, args, part in (("an unknown kind", ["source", "add", path, "teapot"], "teapot"),
                             ("no action", ["source", "brew", path], "brew")):
        r = run(*args)
        check(r.returncode == 2 and part in r.stderr, what, r.stderr)
    r = run("source", "add", path, "hubspot", "--set", "colour=red")
    check(r.returncode == 1 and "colour" in r.stderr and rows("source", "list", path) == [], "an unknown setting adds nothing", r.stderr)
    r = run("source", "add", path, "hubspot", "--set", "url=" + url, "--schedule", "daily@25:00")
    check(r.returncode == 1 and "06:30" in r.stderr, "a bad schedule", r.stderr)
    r = run("source", "add", path, "hubspot", "--set", "url=" + url, "--schedule", "daily@06:30:mon,fri")
    check(r.returncode == 0, "a source", r.stderr)
    r = run("source", "test", path, "HubSpot")
    check(r.returncode == 0 and "Account" in r.stdout, "its connection", r.stdout + r.stderr)
    r = run("source", "test", path, "HubSpot", token="wrong")
    check(r.returncode == 1 and "key" in r.stderr and "wrong" not in r.stderr, "a wrong key, which is not shown", r.stderr)
    streams = {r["stream"]: r["chosen"] for r in rows("source", "streams", path, "HubSpot")}
    check(streams.get("deals") is True, "its streams", streams)

    synced = {r["stream"]: r for r in rows("sync", path)}
    check(synced["deals"]["status"] == "done" and synced["deals"]["new"] == 30, "the first sync", synced)
    check(tell("change"), "something changes")
    second = {r["stream"]: r for r in rows("sync", path)}
    check([second["deals"][k] for k in ("new", "changed", "deleted")] == [1, 1, 1], "the second sync", second["deals"])
    runs = rows("source", "runs", path, "HubSpot")
    check([r["status"] for r in runs] == ["done", "done"], "the syncs so far", runs)
    diff = rows("source", "diff", path, str(runs[0]["run"]), "hubspot_deals")
    check(sorted(r["_change"] for r in diff) == ["changed", "deleted", "new"], "what the second one changed", diff)
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    check(db.execute("SELECT count(*), sum(_deleted_at IS NOT NULL) FROM hubspot_deals").fetchone() == (31, 1), "the rows in the file")
    db.close()

    check(tell("forbid tickets"), "something is forbidden")
    r = run("sync", path)
    check(r.returncode == 3 and "tickets" in r.stderr + r.stdout, "a stream that fails", r.stdout + r.stderr)
    r = run("sync", path, "--due")
    check(r.returncode == 0, "nothing is due", r.stderr)
    r = run("source", "timer", path, "--print")
    check("OnCalendar=Mon,Fri *-*-* 06:30:00" in r.stdout and "sync --due" in r.stdout, "the units of the timer", r.stdout)
    dump = run("dump", path).stdout
    check(json.loads(dump)["sources"][0]["kind"] == "hubspot" and TOKEN not in dump, "the dump holds the source, not its key", dump[:400])
    run("source", "set", path, "HubSpot", "--name", "CRM", "--stream", "contacts=email")
    check([r["name"] for r in rows("source", "list", path)] == ["CRM"], "another name")
    run("source", "add", path, "hubspot", "--name", "Keyless", "--prefix", "keyless", "--set", "url=" + url)
    for names, status in ((["CRM"], 0), (["Keyless"], 1), (["CRM", "Keyless"], 3), (["Keyless", "CRM"], 3)):
        r = run("sync", path, *names)
        check(r.returncode == status, "synced " + " and ".join(names), f"status {r.returncode} {r.stderr}")
    run("source", "remove", path, "Keyless")
    r = run("source", "remove", path, "CRM")
    check(rows("source", "list", path) == [], "removed", r.stderr)
    r = run("check", path)
    check(r.returncode == 0 and r.stdout == "", "the file is sound", r.stdout + r.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([SERVER, "20", "30"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            test(folder, server)
        finally:
            server.stdin.close()
            server.wait(timeout=60)
    print(f"1..{done}")
    return 1 if failures else 0


sys.exit(main())
