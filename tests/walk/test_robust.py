# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that cannot be opened, a project that another program holds, and a kill in the middle of an import."""
import os
import re
import sqlite3
import subprocess
import tempfile
import threading
import time

from walk import APP, App, check, cli, sql, step, wait

DATA = os.environ['BV_TEST_DATA']


def content(path):
    with open(path, 'rb') as file:
        return file.read()


def bad_files(folder):
    broken = os.path.join(folder, 'broken.belvedere')
    with open(broken, 'wb') as file:
        file.write(b'This is no project.\n' * 100)
    newer = os.path.join(folder, 'newer.belvedere')
    cli('new', newer)
    database = sqlite3.connect(newer)
    database.execute('PRAGMA user_version = 9999')
    database.commit()
    database.close()
    for path in (broken, newer):
        step('open ' + os.path.basename(path))
        before = content(path)
        with App(path) as app:
            app.click('button', 'Back to the Start')
            app.get('button', 'Open the Sample')
            app.close()
        check(content(path) == before, True, 'it stays as it was')


def held(folder):
    step('open what another program holds')
    path = os.path.join(folder, 'held.belvedere')
    cli('new', path)
    cli('import', path, os.path.join(DATA, 'contacts.csv'))
    # Without a session bus it is a program of its own, not the first one's window.
    with App(path, env={'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent', 'GTK_A11Y': 'none'}) as holder:
        wait(lambda: os.path.exists(path + '-lock') and str(holder.process.pid) in content(path + '-lock').decode(), 'its lock')
        with App(path) as app:
            app.click('list item', 'contacts')
            check(len(app.grid()), 8, 'lines of the table that are read')
            app.get('label', re.compile(r'\(process %d\) has the project open: it can only be read' % holder.process.pid))
            app.screenshot('held')
            window = app.frame('held')
            check('win.import' in window.actions(), False, 'something can be imported')
            app.close()
        holder.kill()
    check(sql(path, 'SELECT count(*) FROM contacts'), [(7,)], 'contacts in the file')


def kill_after_writing(app, log):
    """Kills the program once rows go to the disk, which is long before the end: the file is twice what SQLite holds in memory."""
    before = os.path.getsize(log)
    end = time.monotonic() + 60
    while os.path.getsize(log) <= before and time.monotonic() < end:
        time.sleep(0.002)
    app.kill()


def killed(folder):
    step('kill it in the middle of an import')
    path = os.path.join(folder, 'killed.belvedere')
    big = os.path.join(folder, 'big.csv')
    cli('new', path)
    cli('import', path, os.path.join(DATA, 'contacts.csv'))
    with open(big, 'w') as file:
        file.write('id,name,amount,day\n')
        for i in range(2500000):
            file.write('%d,Somebody number %d,%d.%02d,2026-0%d-11\n' % (i, i, i % 977, i % 100, i % 9 + 1))
    with App(path) as app:
        app.get('list item', 'contacts')
        app.action('win.import')
        app.choose('Import Files', big, 'Choose')
        dialog = app.in_window('Import Files')
        killer = threading.Thread(target=kill_after_writing, args=(app, path + '-wal'))
        killer.start()
        app.click('button', 'Import', dialog)
        killer.join()
    check(sql(path, "SELECT name FROM bv_table WHERE name = 'big'"), [], 'the table in the file')
    with App(path) as app:
        app.click('list item', 'contacts')
        check(len(app.grid()), 8, 'lines of the table from before')
        check(app.find('list item', 'big'), None, 'half a table')
        app.action('win.import')
        app.choose('Import Files', os.path.join(DATA, 'deals.csv'), 'Choose')
        app.click('button', 'Import', app.in_window('Import Files'))
        app.get('list item', 'deals')
        app.close('killed')
    check(sql(path, 'PRAGMA integrity_check'), [('ok',)], 'the file')
    check(cli('check', path), '', 'problems that are found')


def ended(folder):
    """A program that ends by itself leaves one file behind, queries under way or not."""
    path = os.path.join(folder, 'ended.belvedere')
    cli('demo', path)
    for arguments in (['--exit-after-startup'], ['--screenshot', os.path.join(folder, 'ended.png'), '--page', 'report:Customer report']):
        step('end after ' + arguments[0])
        subprocess.run([APP, *arguments, path], check=True, timeout=300)
        check([name for name in os.listdir(folder) if name.startswith('ended.belvedere')], ['ended.belvedere'], 'the files')


def main():
    folder = tempfile.mkdtemp()
    ended(folder)
    bad_files(folder)
    held(folder)
    killed(folder)


if __name__ == '__main__':
    main()
