# SPDX-License-Identifier: GPL-3.0-or-later
"""By keys alone: to the sidebar, into the report, into its edit mode; a tile moved, made wider, and all of it undone. Then a drag."""
import os
import subprocess
import sys
import tempfile

from walk import App, Failure, check, cli, page, step, wait, xdotool

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

        step('drag it to the lower edge: the page scrolls')
        frame = app.focus('sample')
        wx, wy = app.window_place(frame)
        x, y, w, _h = place()
        xdotool('mousemove', str(int(wx + x + w // 3)), str(int(wy + y + 14)), 'mousedown', '1')
        try:
            # The first motion begins the drag, and there is none while the pointer rests.
            xdotool('mousemove_relative', '0', '20', 'mousemove', str(int(wx + x + w // 3)), str(int(wy + frame.extents()[3] - 8)))
            wait(lambda: app.find('group', 'Number of conversations').extents()[1] < 0, 'the first tile to scroll away')
            app.keys('Escape')
        finally:
            xdotool('mouseup', '1')

        def column():
            x, _y, w, h = app.find('group', TILE).extents()
            return x, w, h
        wait(lambda: column() == (before[0], before[2], before[3]), 'the tile to be where it was')

        step('views of a page, and the places of the project from every page')
        app.keys('alt+4')
        app.click('list item', 'HubSpot deals')
        app.get('tab', 'Chart', state='selected')
        app.keys('ctrl+Next')
        app.get('tab', 'Breakdown', state='selected')
        breakdown = app.grid()
        app.find_all('row', None, shown=True)[1].point()
        wait(lambda: focused(app).role in ('row', 'grid cell', 'table cell'), 'the focus to be in the breakdown')
        app.keys('ctrl+c')
        pasted = subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), 'paste.py')], stdout=subprocess.PIPE, check=True)
        lines = pasted.stdout.decode().split('\n')
        check((len(lines), lines[0].split('\t')), (3, breakdown[0]), 'what another program pastes')
        app.keys('ctrl+Next')
        app.get('tab', 'Why', state='selected')
        app.keys('ctrl+Prior')
        app.get('tab', 'Breakdown', state='selected')
        app.keys('alt+3')
        wait(lambda: app.find('label', 'Tables', page, True), 'the page of tables')
        app.keys('alt+1')
        wait(lambda: app.find('label', 'Home', page, True), 'the home page')
        app.close('sample')


if __name__ == '__main__':
    main()
