# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page, popover and dialog for a person who hears them: what takes the focus or a click says what it is.

GTK calls what has no name by its type, as GtkMenuButton; that is no name.
"""
import os
import re
import tempfile

from walk import App, Failure, GLib, check, cli, step, wait

CONTROLS = {'button', 'check box', 'combo box', 'list item', 'menu item', 'radio button', 'spin button', 'tab', 'text box', 'column header'}
NAMELESS = re.compile('^$|^(Gtk|Adw|Bv|Gdk)[A-Z]')


def is_allowed(node):
    """What GTK 4.8 and libadwaita 1.2 build inside of their own widgets and give no way to name."""
    # Takes the focus where nothing inside does, to be scrolled by keys: in status and preferences pages.
    if node.role == 'scroll pane':
        return True
    # AdwComboRow shows its choice as a list of one row; the focus is the row's, which has a name.
    return node.role in ('list', 'list item') and any(up.role == 'combo box' and not NAMELESS.match(up.name) for up in node.up())


def is_nameless(node):
    if not NAMELESS.match(node.name) or not ('focusable' in node.states or node.role in CONTROLS) or is_allowed(node):
        return False
    try:
        return node.extents()[2] > 0 and node.is_mapped()
    except GLib.Error:  # it is gone, or a page without a place
        return False


def over(root):
    """The dialog over the project's window."""
    return next((w for w in root.children if w.name != 'sample'), None)


class Hearing:
    """Looks at what is shown, and remembers what has no name."""

    def __init__(self, app):
        self.app = app
        self.found = {}

    def hear(self, where, within=None):
        step(where)
        root = self.app.tree()
        for node in (within(root) if within else root).walk():
            if is_nameless(node):
                self.found.setdefault(' in '.join(repr(n) for n in list(node.up())[:5]), where)

    def dialog(self, *ready):
        """What opens over the project's window: waits until it holds what makes it complete, listens, and closes it."""
        title = wait(lambda: over(self.app.tree()), 'a dialog').name
        for role, name in ready:
            self.app.get(role, name, over)
        self.hear('the dialog ' + title, over)
        # A message dialog has no action to close it.
        cancel = self.app.find('button', 'Cancel', over)
        if cancel is not None:
            cancel.click()
        else:
            self.app.action('window.close', title)
        wait(lambda: over(self.app.tree()) is None, '%s to close' % title)


def pages(ear):
    app = ear.app
    app.get('button', re.compile('Customer report'))
    ear.hear('home')
    for name in ('Sources', 'Tables', 'Explorations', 'Reports'):
        app.click('list item', name)
        app.get('label', name)
        ear.hear(name)
        if name in ('Explorations', 'Reports'):
            app.click('button', 'New %s…' % name[:-1])
            ear.dialog(('text box', 'Name'))


def window(ear):
    app = ear.app
    app.click('button', 'Main Menu')
    app.get('menu item', 'Preferences')
    ear.hear('the menu')
    app.get('menu item', 'Preferences').click()
    ear.dialog()
    app.action('win.project-settings')
    ear.dialog()


def table(ear):
    app = ear.app
    app.click('list item', 'hubspot_deals')
    app.grid()
    ear.hear('rows')
    app.menu('Table Menu', 'Table Settings…')
    ear.dialog()
    app.click('tab', 'Columns')
    app.get('list item', 'Edit the column amount')
    ear.hear('columns')
    app.click('list item', 'Edit the column amount')
    ear.dialog()
    app.click('tab', 'Relationships')
    app.get('list item', re.compile('→'))
    ear.hear('relationships')
    app.click('button', 'New Relationship…')
    ear.dialog()


def exploration(ear):
    app = ear.app
    app.click('list item', 'HubSpot deals')
    app.get('check box', 'Deals')
    app.get('image', re.compile('^Line chart'))
    ear.hear('exploration')
    app.click('tab', 'Breakdown')
    app.grid()
    ear.hear('breakdown')
    app.click('tab', 'Why')
    ear.hear('why')
    app.click('tab', 'Chart')
    for button, role, name in (('Options', 'combo box', 'Legend'), ('Add a filter', 'combo box', 'Operator'),
                               ('Add Metric', 'text box', 'Find a metric'), ('Add Group', 'text box', 'Find a dimension')):
        app.click('button', button)
        app.get(role, name)
        ear.hear(button)
        app.focus('sample')
        app.keys('Escape')
        app.gone(role, name)
    for item, ready in (('Add Metric…', ('combo box', 'Aggregation')), ('Add Dimension…', ('combo box', 'Field')),
                               ('Add Calculated Metric…', ('text box', 'Formula')),
                               ('Add Related Data…', ('button', 'Cancel'))):
        app.menu('Add to “hubspot_deals”', item)
        ear.dialog(ready)
    app.menu('Exploration', 'Exploration Settings…')
    ear.dialog(('text box', 'Name'))
    app.click('button', 'Add to Report')
    ear.dialog(('text box', 'Title of the tile'))


def report(ear):
    app = ear.app
    app.click('list item', 'Customer report')
    customer = 'Customer: No filter, 5 of 5 tiles'
    app.get('button', customer)
    wait(lambda: not app.find(None, None, state='busy'), 'the tiles')
    ear.hear('report')
    app.click('button', customer)
    app.get('check box', re.compile('@'))
    ear.hear('values')
    app.click('button', customer)
    app.click('button', re.compile('^Date: '))
    app.get('button', 'Custom range…')
    ear.hear('ranges')
    app.click('button', 'Custom range…')
    app.get('text box', 'First day')
    ear.hear('custom range')
    app.click('button', 'No Filter')
    app.get('button', 'Date: No filter, 5 of 5 tiles')
    wait(lambda: not app.find(None, None, state='busy'), 'the tiles')
    app.menu('Tile Menu', 'Show Rows…', lambda root: root.find_all('group', 'Number of logins')[0])
    app.grid(over)
    ear.dialog(('button', 'Copy Rows'))


def edit_report(ear):
    app = ear.app
    app.click('button', 'Edit the Report')
    app.get('button', 'Filter Settings')
    ear.hear('editing')
    app.click('button', 'Filter Settings')
    app.click('tab', 'Tiles to Update', over)
    app.get('combo box', re.compile('^Field of'), over)
    ear.hear('tiles to update', over)
    app.click('tab', 'Settings', over)
    ear.dialog()
    for item in ('Chart…', 'Text…', 'Link…'):
        app.menu('Add to the Report', item)
        ear.dialog()
    app.click('button', 'Edit the Report')


def importing(ear, folder):
    app = ear.app
    csv = os.path.join(folder, 'people.csv')
    with open(csv, 'w') as file:
        file.write('id,name,born\n1,Ada,1815-12-10\n2,Grace,1906-12-09\n')
    app.action('win.import')
    app.choose('Import Files', csv, 'Choose')
    ear.dialog(('check box', 'born'))


def main():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, 'sample.belvedere')
    cli('demo', path, '--as-of', '2026-06-30', '--customers', '40')
    with App() as app:
        ear = Hearing(app)
        app.get('button', 'Open the Sample')
        ear.hear('welcome')
        check(ear.found, {}, 'nameless')
        app.close()
    with App(path) as app:
        ear = Hearing(app)
        pages(ear)
        window(ear)
        table(ear)
        exploration(ear)
        report(ear)
        edit_report(ear)
        importing(ear, folder)
        for node, where in ear.found.items():
            print('%s: %s' % (where, node))
        app.close('sample')
    if ear.found:
        raise Failure('%d things have no name' % len(ear.found))


if __name__ == '__main__':
    main()
