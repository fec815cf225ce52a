# SPDX-License-Identifier: GPL-3.0-or-later
"""By keys alone: to the sidebar, into the report, into its edit mode; a tile moved, made wider, and all of it undone."""
import os
import tempfile

from walk import App, Failure, check, cli, step, wait

TILE = 'Number of logins'


def focused(app):
    """The deepest node with the focus."""
    found = app.find_all(None, None, state='focused')
    return found[-1] if found else None


def press_until(app, key, reached, what, most=40):
    seen = []
    for _ in range(most):
        node = focused(app)
        if node is not None and reached(node):
            return node
        seen.append(node)
        app.keys(key)
    raise Failure('%s never has the focus: %s' % (what, seen))


def main():
    path = os.path.join(tempfile.mkdtemp(), 'sample.belvedere')
    cli('demo', path, '--as-of', '2026-06-30', '--customers', '40')
    with App(path) as app:
        app.get('button', 'Customer report')
        app.focus('sample')

        step('reach the sidebar')
        press_until(app, 'Tab', lambda n: n.role == 'list item' and any(p.name == 'Project' for p in n.up()), 'the sidebar')
        press_until(app, 'Down', lambda n: n.name == 'Customer report', 'the report in the sidebar')
        app.keys('Return')
        app.get('group', TILE)

        step('edit the report')
        press_until(app, 'Tab', lambda n: n.name == 'Edit the Report', 'the edit button')
        app.keys('space')
        wait(lambda: app.find('button', 'Edit the Report', state='pressed'), 'the edit mode')
        press_until(app, 'Tab', lambda n: n.role == 'group' and n.name == TILE, 'the tile')

        def place():
            return app.get('group', TILE).settled()

        step('move it')
        before = place()
        app.keys('Right')
        wait(lambda: place()[0] > before[0], 'the tile to move to the right')
        moved = place()
        check(moved[2] == before[2], True, 'it keeps its width')

        step('make it wider')
        app.keys('shift+Right')
        wait(lambda: place()[2] > moved[2], 'the tile to be wider')
        app.screenshot('keyboard-wider')

        step('undo both')
        app.keys('ctrl+z')
        wait(lambda: place() == moved, 'the tile to have its width again')
        app.keys('ctrl+z')
        wait(lambda: place() == before, 'the tile to be back')
        app.close('sample')


if __name__ == '__main__':
    main()
