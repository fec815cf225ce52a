# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives Belvedere's windows as a person with a screen reader, a keyboard and a mouse does.

The accessibility bus is spoken directly. libatspi keeps a cache that goes stale under GTK 4.8, and a look at the whole window
is cheaper than keeping it right: find() reads the tree afresh, which takes less than a tenth of a second for a full window.

What is known of GTK's side, in the order in which it hurts:
  - GTK puts a node into what Cache.GetItems tells only when it was asked for by GetChildren. So a look takes all that is known with
    one GetItems, and asks GetChildren where the children are not all there.
  - No widget but the window ever has the state "showing"; hidden pages of a stack are listed like visible ones, with the place
    they had. But a widget that is not mapped contains no point, not even its middle (Node.is_shown).
  - Names of buttons repeat their text ("_Run Run"); they are tidied when read.
  - A menu button is a button that holds a button of the same name, which is the one that can be clicked.
  - A switch is a check box.
  - An action with a parameter cannot be run through the bus: files go through the file chooser, as a person's do.

Keys and clicks at a place are xdotool's. There is no window manager, so the focus is given to the window before keys are sent.
"""
import collections
import functools
import os
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time

try:
    from gi.repository import Gio, GLib
except ImportError:
    print('SKIP: no gi for Python')
    sys.exit(77)

if not shutil.which('xdotool'):
    print('SKIP: no xdotool')
    sys.exit(77)

APP = os.environ.get('BELVEDERE', 'belvedere')
CLI = os.environ.get('BELVEDERE_CLI', 'belvedere-cli')
SHOTS = os.environ.get('TEST_OUTPUT_DIR')
ROOT = '/org/a11y/atspi/accessible/root'
PATIENCE = 60.0  # no step takes that long, but a busy machine may
PARKED = ('1279', '899')  # below and beside the windows

STATES = ['invalid', 'active', 'armed', 'busy', 'checked', 'collapsed', 'defunct', 'editable', 'enabled', 'expandable', 'expanded',
          'focusable', 'focused', 'has-tooltip', 'horizontal', 'iconified', 'modal', 'multi-line', 'multiselectable', 'opaque',
          'pressed', 'resizable', 'selectable', 'selected', 'sensitive', 'showing', 'single-line', 'stale', 'transient', 'vertical',
          'visible', 'manages-descendants', 'indeterminate', 'required', 'truncated', 'animated', 'invalid-entry',
          'supports-autocompletion', 'selectable-text', 'is-default', 'visited', 'checkable', 'has-popup', 'read-only']
VISIBLE = STATES.index('visible')

# By the numbers of AT-SPI, which the versions of GTK name differently; all others are "widget".
ROLES = {2: 'alert', 7: 'check box', 11: 'combo box', 16: 'dialog', 23: 'window', 26: 'image', 27: 'image', 29: 'label', 31: 'list',
         32: 'list item', 33: 'menu', 35: 'menu item', 37: 'tab', 38: 'tab list', 39: 'group', 42: 'progress bar', 43: 'button',
         44: 'radio button', 48: 'scroll bar', 49: 'scroll pane', 52: 'spin button', 55: 'table', 56: 'cell',
         57: 'column header', 61: 'text box', 62: 'button', 64: 'tool tip', 66: 'tree grid', 69: 'window', 75: 'application', 79: 'text box', 90: 'row', 98: 'list',
         99: 'group', 101: 'alert', 116: 'label'}


class Failure(Exception):
    """Something on the screen is not as it should be."""


def skip(why):
    print('SKIP:', why)
    sys.exit(77)


def step(text):
    """Starts a step of a story: printed, so that a failing run shows how far it came."""
    print('%5.1f  %s' % (time.monotonic() - _started, text), flush=True)


def check(got, wanted, what):
    if got != wanted:
        raise Failure('%s: %r instead of %r' % (what, got, wanted))
    print('       %s: %r' % (what, got), flush=True)


def wait(look, what, timeout=PATIENCE):
    """The first true value of look(); nodes that vanish while it looks are no error."""
    end = time.monotonic() + timeout
    last = None
    while True:
        try:
            value = look()
            if value:
                return value
        except GLib.Error as error:
            last = error.message
        if time.monotonic() > end:
            raise Failure('waited %d s for %s%s' % (timeout, what, ' (%s)' % last if last else ''))
        time.sleep(0.04)


def matches(pattern, text):
    return pattern is None or (pattern == text if isinstance(pattern, str) else pattern.search(text or '') is not None)


def tidy(node):
    """GTK 4.8 strings a widget's label property, its text and the text of what labels it together: "_Run Run" is "Run",
    "Run the query Run" is "Run the query", "Field Field" is "Field"."""
    name = node.name
    half = len(name) // 2
    if len(name) % 2 and name[half] == ' ' and name[:half] == name[half + 1:]:
        return name[:half]
    for text in [n.name for n in node.walk() if n.role == 'label'] if node.role == 'button' else ():
        first = name[:-len(text) - 1]
        if first and name == first + ' ' + text:
            return text if first.replace('_', '', 1) == text else first
    return name


# --- A thousand cache items, for which unpack() takes half a second: read from the serialized variant, as GVariant's format says.

Item = collections.namedtuple('Item', 'path parent index n_children name role description states')


def variant_offsets(data, n):
    """The last n framing offsets: where parts of variable size end, the last one written first. And their size in bytes."""
    size = 1 if len(data) <= 0xff else 2 if len(data) <= 0xffff else 4
    return [int.from_bytes(data[len(data) - (i + 1) * size:len(data) - i * size or None], 'little') for i in range(n)], size


def variant_array(data):
    """The parts of an array whose elements have a variable size and an alignment of 4."""
    if not data:
        return []
    (end,), size = variant_offsets(data, 1)
    n = (len(data) - end) // size
    ends, _size = variant_offsets(data, n)
    parts, start = [], 0
    for stop in reversed(ends):
        start = (start + 3) & ~3
        parts.append(data[start:stop])
        start = stop
    return parts


def variant_path(data):
    """The path of a (so)."""
    (start,), size = variant_offsets(data, 1)
    return data[start:len(data) - size - 1].decode()


def cache_item(data):
    """((so)(so)(so)iiassusau): object, application, parent, index, number of children, interfaces, name, role, description, states"""
    (me, application, parent, interfaces, name, description), size = variant_offsets(data, 6)
    numbers = (parent + 3) & ~3
    role = (name + 3) & ~3
    states = (description + 3) & ~3
    index, n_children = struct.unpack_from('=ii', data, numbers)
    low, high = struct.unpack_from('=II', data, states)
    return Item(variant_path(data[:me]), variant_path(data[application:parent]), index, n_children,
                data[interfaces:name - 1].decode(), struct.unpack_from('=I', data, role)[0], data[role + 4:description - 1].decode(),
                low | high << 32)


@functools.lru_cache(None)
def item_states(bits):
    return frozenset(STATES[i] for i in range(len(STATES)) if bits >> i & 1)


class Node:
    """An accessible as it was when the tree was read; its methods ask the program."""

    def __init__(self, app, path, item, parent):
        self.app, self.path, self.parent = app, path, parent
        self.name = item.name
        self.role = ROLES.get(item.role, 'widget')
        self.description = item.description if item.description != item.name else ''
        self.states = item_states(item.states)
        self.children = []

    def __repr__(self):
        return '%s %r' % (self.role, self.name)

    def call(self, interface, method, arguments=None):
        return self.app.call(self.path, 'org.a11y.atspi.' + interface, method, arguments)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def up(self):
        node = self
        while node is not None:
            yield node
            node = node.parent

    def frame(self):
        return next((n for n in self.up() if n.parent is not None and n.parent.path == ROOT), None)

    def find_all(self, role=None, name=None, shown=False, state=None):
        return [n for n in self.walk() if matches(role, n.role) and matches(name, n.name) and (state is None or state in n.states)
                and (not shown or n.is_shown())]

    def texts(self):
        """All the words below, in reading order."""
        return [n.name for n in self.walk() if n.role == 'label' and n.name and n.name != 'GtkLabel']

    # --- Place

    def extents(self):
        """x, y, width, height in its window."""
        return self.call('Component', 'GetExtents', GLib.Variant('(u)', (1,)))[0]

    def popover(self):
        """The popover that it is in."""
        return next((n for n in self.up() if n.name.startswith(('GtkPopover', 'BvPicker')) and n.role in ('widget', 'menu')), None)

    def settled(self):
        """Its place once it no longer moves."""
        before = None
        for _ in range(100):
            place = self.extents()
            if place == before:
                return place
            before = place
            time.sleep(0.06)
        raise Failure('%r does not come to rest' % self)

    def is_shown(self):
        x, y, w, h = self.extents()
        if w <= 0 or h <= 0 or not self.is_mapped():
            return False
        _x, _y, fw, fh = self.frame().extents()
        inside = 0 <= x + w // 2 < fw and 0 <= y + h // 2 < fh  # not scrolled away
        return inside or self.popover() is not None

    def is_mapped(self):
        x, y, w, h = self.extents()
        return self.call('Component', 'Contains', GLib.Variant('(iiu)', (x + w // 2, y + h // 2, 1)))[0]

    # --- Doing

    def actions(self):
        count = self.app.property(self.path, 'org.a11y.atspi.Action', 'NActions')
        return [self.call('Action', 'GetName', GLib.Variant('(i)', (i,)))[0] for i in range(count)]

    def do(self, action):
        names = self.actions()
        if action not in names:
            raise Failure('%r has no action %r, only %s' % (self, action, ', '.join(names)))
        if not self.call('Action', 'DoAction', GLib.Variant('(i)', (names.index(action),)))[0]:
            raise Failure('the action %r of %r did nothing' % (action, self))

    def click(self):
        """Activates it as a screen reader does; what has no action of its own (a row of a list) gets the mouse."""
        if 'sensitive' not in self.states:
            raise Failure('%r is insensitive' % self)
        names = self.actions()
        for name in ('click', 'toggle'):
            if name in names:
                return self.do(name)
        return self.point()

    def point(self, dx=0.5, dy=0.5, button=1):
        """A click of the mouse within it."""
        x, y, w, h = self.settled()
        wx, wy = self.app.window_place(self.frame())
        # Away afterwards: a tooltip would catch the next click.
        xdotool('mousemove', str(int(wx + x + w * dx)), str(int(wy + y + h * dy)), 'click', str(button), 'mousemove', *PARKED)

    def set_text(self, text):
        if not self.call('EditableText', 'SetTextContents', GLib.Variant('(s)', (text,)))[0]:
            raise Failure('%r takes no text' % self)


def page(root):
    """What stands beside the sidebar, the page that is shown."""
    return next((n for n in root.walk() if n.name.startswith('Bv') and n.name.endswith('Page') and n.is_mapped()), None)


def xdotool(*arguments):
    result = subprocess.run(['xdotool', *arguments], capture_output=True, text=True, env=dict(os.environ, LC_ALL='C.UTF-8'))
    if result.returncode != 0:
        raise Failure('xdotool %s: %s' % (' '.join(arguments), result.stderr.strip()))
    return result.stdout


class App:
    """One run of the program."""

    def __init__(self, *arguments, env=None):
        environment = dict(os.environ)
        # For the program alone: what GTK calls critical ends it, and with it the walk.
        environment['G_DEBUG'] = 'fatal-criticals'
        environment.pop('GTK_A11Y', None)
        environment.update(env or {})
        self.process = subprocess.Popen([APP, *arguments], env=environment)
        self.bus = None
        self.sender = None
        self.nodes = {}

    # --- The bus

    def connect(self):
        if self.bus is None:
            session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
            try:
                address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, None, 0, 5000,
                                            None).unpack()[0]
            except GLib.Error as error:
                if Gio.DBusError.get_remote_error(error) != 'org.freedesktop.DBus.Error.ServiceUnknown':
                    raise
                skip('no accessibility bus (at-spi2-core)')
            flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
            self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
            self.bus.set_exit_on_close(False)
        if self.sender is None:
            if self.process.poll() is not None:
                raise Failure('the program has ended with status %d' % self.process.returncode)
            apps = self.bus.call_sync('org.a11y.atspi.Registry', ROOT, 'org.a11y.atspi.Accessible', 'GetChildren', None, None, 0,
                                      5000, None).unpack()[0]
            for sender, _path in apps:
                pid = self.bus.call_sync('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                                         GLib.Variant('(s)', (sender,)), None, 0, 5000, None).unpack()[0]
                if pid == self.process.pid:
                    self.sender = sender
        return self.sender

    def ask(self, path, interface, method, arguments=None):
        if self.sender is None:
            wait(self.connect, 'the program on the accessibility bus')
        try:
            return self.bus.call_sync(self.sender, path, interface, method, arguments, None, 0, 20000, None)
        except GLib.Error:
            if self.process.poll() is not None:
                raise Failure('the program has ended with status %d' % self.process.returncode)
            raise

    def call(self, path, interface, method, arguments=None):
        return self.ask(path, interface, method, arguments).unpack()

    def property(self, path, interface, name):
        return self.call(path, 'org.freedesktop.DBus.Properties', 'Get', GLib.Variant('(ss)', (interface, name)))[0]

    def items(self):
        """Cache.GetItems by path."""
        answer = self.ask('/org/a11y/atspi/cache', 'org.a11y.atspi.Cache', 'GetItems')
        items = map(cache_item, variant_array(answer.get_data_as_bytes().get_data()))
        return {item.path: item for item in items}

    def tree(self):
        """Reads everything; the root node, whose children are the windows."""
        order = {}  # where GetChildren had to be asked

        def ask_children(path):
            order[path] = [child for _sender, child in self.call(path, 'org.a11y.atspi.Accessible', 'GetChildren')[0]]

        def children_of(items):
            below = collections.defaultdict(list)
            for path, item in items.items():
                if item.states >> VISIBLE & 1 or path == ROOT:
                    below[item.parent].append(path)
            return below

        ask_children(ROOT)
        for _ in range(60):  # as deep as what appeared since the last look
            items = self.items()
            below = children_of(items)
            unknown = [path for path, item in items.items()
                       if path not in order and item.states >> VISIBLE & 1
                       and (len(below[path]) != item.n_children
                            or len({items[child].index for child in below[path]}) != item.n_children)]
            if not unknown:
                break
            for path in unknown:
                try:
                    ask_children(path)
                except GLib.Error:
                    order[path] = []
                # Deeper at once: a new part of the window costs one round, not one for each of its levels.
                stack = [child for child in order[path] if child not in items]
                while stack:
                    child = stack.pop()
                    try:
                        ask_children(child)
                        stack += order[child]
                    except GLib.Error:
                        order[child] = []
        self.nodes = {}

        def build(path, parent):
            node = self.nodes[path] = Node(self, path, items[path], parent)
            children = order[path] if path in order else sorted(below[path], key=lambda child: items[child].index)
            node.children = [build(child, node) for child in children if child in items]
            node.name = tidy(node)
            return node

        return build(ROOT, None)

    # --- Finding

    def find_all(self, role=None, name=None, within=None, shown=False, state=None):
        """within: a function from the tree's root to a node (or None), so that it is found afresh each time."""
        root = self.tree()
        top = within(root) if within else root
        return top.find_all(role, name, shown, state) if top else []

    def find(self, role=None, name=None, within=None, shown=False, state=None):
        found = self.find_all(role, name, within, shown, state)
        return found[0] if found else None

    def get(self, role=None, name=None, within=None, shown=True, state=None, timeout=PATIENCE):
        what = '%s %s' % (role or 'anything', name if isinstance(name, str) or name is None else '/%s/' % name.pattern)
        return wait(lambda: self.find(role, name, within, shown, state), what, timeout)

    def gone(self, role=None, name=None, within=None, timeout=PATIENCE):
        wait(lambda: not self.find(role, name, within, True), '%s %s to go' % (role, name), timeout)

    def frame(self, title, timeout=PATIENCE):
        """The window or dialog of this title."""
        return wait(lambda: next((w for w in self.tree().children if matches(title, w.name)), None), 'the window %s' % (title,), timeout)

    def in_window(self, title):
        return lambda root: next((w for w in root.children if matches(title, w.name)), None)

    def click(self, role, name, within=None, timeout=PATIENCE):
        """Clicks what is shown and sensitive; of a menu button, which holds a button of the same name, the inner one."""
        node = self.get(role, name, within, True, 'sensitive', timeout)
        inner = [c for c in node.children if c.role == node.role == 'button']
        (inner[0] if inner else node).click()

    def menu(self, button, item, within=None):
        """Opens the menu of a button and takes an item."""
        self.click('button', button, within)
        self.get('menu item', item, within).click()

    def option(self, combo, label, within=None):
        """Chooses in a drop-down, or in a row that is one. The label may be a pattern."""
        node = self.get('combo box', combo, within, state='sensitive')
        toggle = next((n for n in node.children if n.role in ('button', 'toggle button')), None)
        if toggle is not None:
            toggle.click()
        else:
            node.point()

        def choice():
            fresh = self.find('combo box', combo, within)
            return next((n for n in fresh.walk() if n.role == 'label' and matches(label, n.name) and n.popover()), None) if fresh else None
        wait(choice, '%s in the list of %s' % (label, combo)).point()
        wait(lambda: choice() is None and any(matches(label, t) for t in self.find('combo box', combo, within).texts()),
             '%s to be %s' % (combo, label))

    def tick(self, name, on=True, within=None):
        """A check box or a switch."""
        if ('checked' in self.get('check box', name, within).states) != on:
            self.click('check box', name, within)
            wait(lambda: ('checked' in self.find('check box', name, within).states) == on, '%s to be ticked' % name)

    def fill(self, name, text, within=None):
        """Types into an entry; first it gets empty."""
        self.get('text box', name, within, state='sensitive').set_text(text)

    def grid(self, within=None):
        """The rows of the table that is shown, the heading first. Cells beyond the window's edge are there all the same."""
        def read():
            for table in self.find_all('tree grid', None, within, True) or self.find_all('tree table', None, within, True):
                rows = [[c.texts()[0] if c.texts() else '' for c in row.children] for row in table.walk() if row.role == 'row']
                if len(rows) > 1 or rows and not rows[0]:
                    return rows
            return None
        return wait(read, 'a table with rows')

    def until(self, look, seen):
        """Waits for look(); when it does not come, tells what was seen instead."""
        try:
            wait(look, 'the screen to be right')
        except Failure as failure:
            raise Failure('%s; there is %r' % (failure, seen()))

    def action(self, name, title=None):
        """Runs an action of the window, such as win.undo, once it is enabled."""
        def look():
            for window in self.tree().children:
                if matches(title, window.name) and name in window.actions():
                    return window
            return None
        wait(look, 'the action %s' % name).do(name)

    def dump(self, file=sys.stdout, top=None):
        """What is mapped; nodes without a name only where they hold something."""
        def show(node, depth):
            try:
                place = node.extents()
                if node.parent is not None and node.parent.path != ROOT and not node.is_mapped() and not node.popover():
                    return
            except GLib.Error:
                place = ()
            plain = node.role in ('widget', 'group', 'scroll pane') and (not node.name or node.name.startswith(('Gtk', 'Adw')))
            if not plain:
                states = ' '.join(sorted(node.states & {'checked', 'focused', 'selected', 'pressed', 'expanded', 'modal', 'busy', 'active'}))
                if 'sensitive' not in node.states:
                    states += ' insensitive'
                print('%s%s %r %s%s %s' % ('  ' * depth, node.role, node.name, repr(node.description) + ' ' if node.description else '',
                                           states, place), file=file)
            for child in node.children:
                show(child, depth + (not plain))
        show(top or self.tree(), 0)

    def screenshot(self, name):
        """With TEST_OUTPUT_DIR: the whole screen."""
        if SHOTS:
            os.makedirs(SHOTS, exist_ok=True)
            subprocess.run(['import', '-window', 'root', os.path.join(SHOTS, name + '.png')], check=False)

    # --- X windows and keys

    def window_id(self, frame):
        """The X window of this title; there may be several of the same process."""
        ids = xdotool('search', '--onlyvisible', '--pid', str(self.process.pid)).split()
        for i in ids:
            if xdotool('getwindowname', i).strip() == frame.name:
                return i
        return ids[-1] if ids else None

    def window_place(self, frame):
        """Where the content of a window begins on the screen; around it is the shadow's room, drawn as a border."""
        out = xdotool('getwindowgeometry', '--shell', self.window_id(frame))
        place = {key: int(value) for key, value in (line.split('=') for line in out.split())}
        _x, _y, w, h = frame.extents()
        return place['X'] + (place['WIDTH'] - w) // 2, place['Y'] + (place['HEIGHT'] - h) // 2

    def focus(self, title=None):
        frame = self.frame(title)
        xdotool('windowfocus', '--sync', self.window_id(frame))
        return frame

    def keys(self, *keys):
        for key in keys:
            xdotool('key', '--clearmodifiers', key)

    def type(self, text):
        xdotool('type', '--delay', '2', text)

    # --- The file chooser

    def choose(self, title, path, accept):
        """Puts a path into the file chooser of this title and takes it."""
        def chooser(root):
            return next((w for w in root.children if w.name == title and w.find_all('button', accept)), None)

        wait(lambda: chooser(self.tree()), 'the file chooser ' + title)
        if not self.find('text box', None, chooser, True):
            # The location of files to open is typed after Ctrl+L.
            xdotool('windowfocus', '--sync', self.window_id(chooser(self.tree())))
            self.keys('ctrl+l')
        self.get('text box', None, chooser).set_text(path)
        self.click('button', accept, chooser)
        wait(lambda: chooser(self.tree()) is None, 'the file chooser to close')

    # --- Ending

    def close(self, title=None):
        """Closes the window and waits for the program to end."""
        try:
            self.action('window.close', title)
        except (Failure, GLib.Error) as error:
            # It may end before it has answered; that it ends, and well, is seen next.
            print('       closing:', error)
        self.ended()

    def ended(self):
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure('the program does not end')
        if status != 0:
            raise Failure('the program ended with status %d' % status)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and self.process.poll() is None:
            self.screenshot('failed')
            try:
                self.dump(sys.stderr)
            except Exception as error:
                print('no dump:', error, file=sys.stderr)
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def cli(*arguments):
    result = subprocess.run([CLI, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise Failure('belvedere-cli %s: %s' % (' '.join(arguments), result.stderr.strip()))
    return result.stdout


def sql(path, statement, *values):
    """Asks the project file; read-only, so that the program's lock is not disturbed."""
    database = sqlite3.connect('file:%s?mode=ro' % path, uri=True, timeout=5)
    try:
        return database.execute(statement, values).fetchall()
    finally:
        database.close()


_started = time.monotonic()
