# SPDX-License-Identifier: GPL-3.0-or-later
"""A source from the gallery to its history: connect, choose, sync, see what changed, undo, and what a wrong key says."""
import os
import re
import subprocess
import tempfile

from walk import App, check, cli, sql, step, wait

TOKEN = 'pat-eu1-secret-token'
CONTACTS = 60
DEALS = 40


class Vendor:
    """The fake HubSpot beside the program."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ['BV_SERVE_HUBSPOT'], str(CONTACTS), str(DEALS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.url = self.process.stdout.readline().strip()

    def tell(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        check(self.process.stdout.readline().strip(), 'ok', line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def deals(path):
    return sql(path, "SELECT count(*), sum(_deleted_at IS NOT NULL) FROM hubspot_deals")


def connections(root):
    """The list of sources; the sidebar has a caption of the same name as the source."""
    return next((n for n in root.walk() if n.role == 'list' and n.name == 'Connections'), None)


def add(app, vendor):
    step('a source from the gallery')
    app.click('list item', 'Sources')
    app.click('button', 'Add Source…')
    app.get('list item', 'PostgreSQL', app.in_window('Add Source'), False)
    app.click('list item', 'HubSpot', app.in_window('Add Source'))
    dialog = app.in_window('Connect HubSpot')
    app.fill('Address', vendor.url, dialog)
    app.click('button', 'Next', dialog)
    app.get('label', re.compile('“Service key” is missing'), dialog)
    app.fill('Service key', 'wrong', dialog)
    app.click('button', 'Test', dialog)
    app.get('label', re.compile('does not accept the key'), dialog)
    app.fill('Service key', TOKEN, dialog)
    app.click('button', 'Next', dialog)
    streams = app.in_window('Choose Streams')
    app.get('label', 'Contacts', streams)
    app.screenshot('streams')
    app.click('button', 'Add and Sync', streams)
    app.get('list item', re.compile('^HubSpot'), connections)


def main():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, 'crm.belvedere')
    vendor = Vendor()
    keyring = {'SECRET_BACKEND': 'file', 'SECRET_FILE_TEST_PATH': os.path.join(folder, 'keyring'), 'SECRET_FILE_TEST_PASSWORD': 'test'}
    cli('new', path)
    with App(path, env=keyring) as app:
        add(app, vendor)
        app.get('label', re.compile('^Just now · '))
        check(deals(path), [(DEALS, 0)], 'deals')

        step('its page')
        app.click('list item', re.compile('^HubSpot'), connections)
        app.get('label', 'History', shown=False)
        app.screenshot('source')
        vendor.tell('change')
        vendor.tell('forbid tickets')
        app.click('button', 'Sync Now')
        wait(lambda: deals(path) == [(DEALS + 1, 1)], 'the deal that came and the one that went')
        app.get('label', re.compile('may not read|scope|403'), shown=False)
        app.screenshot('partly')

        step('undo')
        app.get('button', 'Sync Now')
        app.action('win.undo')
        wait(lambda: deals(path) == [(DEALS, 0)], 'the deals from before')
        vendor.tell('allow tickets')
        app.click('button', 'Sync Now')
        wait(lambda: deals(path) == [(DEALS + 1, 1)], 'the change once more')
        app.close('crm')
    check(b'secret-token' in open(path, 'rb').read(), False, 'the key in the project')
    check(cli('check', path), '', 'problems that are found')
    vendor.close()


if __name__ == '__main__':
    main()
