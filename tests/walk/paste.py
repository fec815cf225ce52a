# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program that pastes: prints the text on the clipboard."""
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

loop = GLib.MainLoop()
Gtk.init()


def read(clipboard, result):
    sys.stdout.write(clipboard.read_text_finish(result))
    loop.quit()


Gdk.Display.get_default().get_clipboard().read_text_async(None, read)
GLib.timeout_add_seconds(30, loop.quit)
loop.run()
