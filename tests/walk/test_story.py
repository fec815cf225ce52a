# SPDX-License-Identifier: GPL-3.0-or-later
"""The analyst's whole story through the real windows; every number that is seen is asked of the project file, too."""
import os
import re
import subprocess
import tempfile

from walk import App, check, sql, step, wait

DATA = os.environ['BV_TEST_DATA']
GRACE = 'grace@hopper.example'


def money(value):
    """A sum as the program writes it: two decimals, but no zeros at their end."""
    return '{:,.2f}'.format(value).rstrip('0').rstrip('.')


def won(path, until='9999', since='0000', email=None):
    return sql(path, 'SELECT round(sum(d.amount), 2) FROM deals d LEFT JOIN contacts c ON c.id = d.contact_id '
                     'WHERE d.is_won AND d.close_date BETWEEN ? AND ? AND (?3 IS NULL OR c.email = ?3)', since, until, email)[0][0]


def import_file(app, name, n_rows):
    app.action('win.import')
    app.choose('Import Files', os.path.join(DATA, name + '.csv'), 'Choose')
    dialog = app.in_window('Import Files')
    app.click('button', 'Import', dialog)
    app.get('list item', name)
    app.get('label', '%d rows imported into “%s”' % (n_rows, name))


def relate(app, path):
    app.click('list item', 'deals')
    rows = app.grid()
    check(rows[0], ['id', 'name', 'contact_id', 'amount', 'is_won', 'close_date'], 'the columns of deals')
    check([row[1] for row in rows[1:]], [r[0] for r in sql(path, 'SELECT name FROM deals')], 'the deals')
    app.click('tab', 'Relationships')
    app.click('button', 'Add the relationship deals.contact_id → contacts.id')
    app.get('list item', 'deals.contact_id → contacts.id')
    app.gone('button', 'Add the relationship deals.contact_id → contacts.id')


def add_metric(app, name, aggregate, of, won_only=False):
    form = app.in_window('Add Metric')
    app.menu('Add to “deals”', 'Add Metric…')
    app.option('Aggregation', aggregate, form)
    app.option('Of', of, form)
    if won_only:
        app.click('button', 'Add Condition', form)
        app.option('Field', 'is_won', form)
        app.option('Value', 'Yes', form)
    app.fill('Name', name, form)
    app.click('button', 'Add', form)
    app.get('check box', name)


def build_exploration(app):
    app.click('button', 'New Exploration From This Table')
    form = app.in_window('New Exploration')
    app.fill('Name', 'Deals', form)
    app.click('button', 'Create', form)
    app.get('check box', 'Number of deals')

    app.menu('Add to “deals”', 'Add Related Data…')
    form = app.in_window('Add Related Data')
    app.get('list item', 'deals belongs to contacts', form)
    app.click('button', 'Add', form)

    app.menu('Add to “contacts”', 'Add Dimension…')
    form = app.in_window('Add Dimension')
    app.option('Field', 'email (Text)', form)
    app.fill('Name', 'Email', form)
    app.click('button', 'Add', form)
    app.get('check box', 'Email')
    add_metric(app, 'Won revenue', 'Sum', 'amount', won_only=True)
    add_metric(app, 'Cumulative revenue', 'Cumulative sum', 'Won revenue (metric)')


def draw_chart(app, path):
    app.tick('Cumulative revenue')
    app.tick('Number of deals', False)
    app.get('button', 'Cumulative revenue')
    app.click('tab', 'Breakdown')
    months = ['2026-0%d' % m for m in range(1, 6)]
    wanted = [['Close date', 'Cumulative revenue']]
    for i, month in enumerate(months):
        wanted.append([('Jan', 'Feb', 'Mar', 'Apr', 'May')[i] + ' 2026', money(won(path, month + '-31'))])
    app.until(lambda: [row[:2] for row in app.grid()][:6] == wanted, lambda: app.grid())
    check([row[:2] for row in app.grid()][:6], wanted, 'the breakdown')
    app.click('tab', 'Chart')
    app.get('image', re.compile('^Line chart from Jan 2026 to May 2026'))


def add_to_report(app, title, new=None):
    app.click('button', 'Add to Report')
    form = app.in_window('Add to Report')
    app.frame('Add to Report')
    app.fill('Title of the tile', title, form)
    if new:
        app.fill('Name of the new report', new, form)
    app.click('button', 'Add', form)
    wait(lambda: form(app.tree()) is None, 'the form to close')


def make_report(app, path):
    add_to_report(app, 'Cumulative revenue', new='Customer report')
    app.get('list item', 'Customer report')

    # The same exploration as one number.
    app.tick('Won revenue')
    app.tick('Cumulative revenue', False)
    app.tick('Close date', False)
    app.click('button', re.compile('^Chart type'))
    app.click('button', 'Number')
    app.get('image', 'Won revenue: ' + money(won(path)))
    add_to_report(app, 'Won revenue')

    # Another exploration: one number for the people.
    app.click('list item', 'contacts')
    app.click('button', 'New Exploration From This Table')
    form = app.in_window('New Exploration')
    app.fill('Name', 'People', form)
    app.click('button', 'Create', form)
    app.get('check box', 'Number of contacts')
    app.tick('Created', False)
    app.click('button', re.compile('^Chart type'))
    app.click('button', 'Number')
    app.get('image', 'Number of contacts: 7')
    add_to_report(app, 'People')

    app.click('list item', 'Customer report')
    app.get('image', 'Won revenue: ' + money(won(path)))
    app.get('image', 'Number of contacts: 7')


def pick_field(app, name, group):
    """Chooses the filter's field in the picker; the exploration stands beside the name."""
    dialog = app.in_window('Add Filter')
    app.click('button', 'Choose…', dialog)
    wait(lambda: next((n for n in app.find_all('list item', name, dialog) if group in n.texts()), None), name).point()


def add_filters(app, path):
    dialog = app.in_window('Add Filter')
    app.click('button', 'Edit the Report')
    app.click('button', re.compile('Add Filter'))
    pick_field(app, 'Email', 'Deals')
    app.click('tab', 'Tiles to Update', dialog)
    # Its own exploration is wired, the other one is only suggested: nothing is inferred silently.
    app.get('label', 'The filter acts on 2 of 3 tiles', dialog)
    app.click('button', 'Use “Email”', dialog)
    app.get('label', 'The filter acts on 3 of 3 tiles', dialog)
    app.screenshot('story-tiles')
    app.click('button', 'Add', dialog)
    app.get('button', 'Email: No filter, 3 of 3 tiles')
    app.click('button', re.compile('Add Filter'))
    pick_field(app, 'Default time field', 'Each tile by its own time field')
    app.click('button', 'Add', dialog)
    app.get('button', re.compile('^Date: No filter'))
    app.click('button', 'Edit the Report')


def check_tiles(app, revenue, people=None):
    """What the report shows, as the numbers of its tiles."""
    app.until(lambda: app.find('image', 'Won revenue: ' + money(revenue)) and (people is None or app.find('image', 'Number of contacts: %d' % people)),
              lambda: [n.name for n in app.find_all('image') if ':' in n.name])
    check(next(n.name for n in app.find_all('image', re.compile('^Won revenue:'), shown=True)), 'Won revenue: ' + money(revenue), 'tile')
    line = next(n.name for n in app.find_all('image', re.compile('^Line chart'), shown=True))
    check(money(revenue) in line, True, 'the line ends at ' + money(revenue))


def pick_customer(app, path):
    app.click('button', 'Email: No filter, 3 of 3 tiles')
    values = [n.name for n in wait(lambda: len(app.find_all('check box', re.compile('@'))) == 7 and app.find_all('check box', re.compile('@')),
                                   'the values')]
    check(values, [r[0] for r in sql(path, 'SELECT email FROM contacts ORDER BY email')], 'the values to choose from')
    app.click('check box', GRACE)
    chip = 'Email: %s, 3 of 3 tiles' % GRACE
    app.get('button', chip)
    check_tiles(app, won(path, email=GRACE), 1)
    app.click('button', chip)
    app.gone('check box', GRACE)


def choose_range(app, path):
    app.click('button', 'Date: No filter, 3 of 3 tiles')
    app.click('button', 'Custom range…')
    for name, day in (('First day', '2026-02-01'), ('Last day', '2026-04-30')):
        app.fill(name, day)
    app.click('button', re.compile('^Date: .*2026.* – .*2026, 3 of 3 tiles$|^Date: 2026-02-01 – 2026-04-30, 3 of 3 tiles'))
    app.gone('text box', 'First day')
    # No contact was created in that time: each tile goes by its own time field.
    check(sql(path, "SELECT count(*) FROM contacts WHERE email = ? AND created BETWEEN '2026-02-01' AND '2026-04-30'", GRACE),
          [(0,)], 'contacts created then')
    check_tiles(app, won(path, '2026-04-30', '2026-02-01', GRACE), 0)


def tile(title):
    return lambda root: next((n for n in root.walk() if n.role == 'group' and n.name == title and n.find_all('image')), None)


def drill(app, path):
    app.menu('Tile Menu', 'Show Rows…', tile('Won revenue'))
    app.frame('Won revenue')
    dialog = app.in_window('Won revenue')
    app.get('label', '2 rows', dialog)
    rows = app.grid(dialog)
    amount = rows[0].index('amount')
    check(sorted(row[amount] for row in rows[1:]), ['5,000', '999.99'], 'the rows behind the number')
    check(sorted(money(r[0]) for r in sql(path, "SELECT amount FROM deals WHERE is_won AND contact_id = 102 AND close_date "
                                                "BETWEEN '2026-02-01' AND '2026-04-30'")), ['5,000', '999.99'], 'the same by SQL')
    app.action('window.close', 'Won revenue')
    wait(lambda: dialog(app.tree()) is None, 'the dialog to close')


def export(app, folder, path):
    pdf = os.path.join(folder, 'report.pdf')
    app.action('win.export')
    app.choose('Export', pdf, 'Export')
    app.get('label', 'Exported to “report.pdf”')
    text = subprocess.run(['pdftotext', '-layout', pdf, '-'], capture_output=True, text=True, check=True).stdout
    for wanted in ('Customer report', 'Email: ' + GRACE, money(won(path, '2026-04-30', '2026-02-01', GRACE)), 'UTC'):
        check(wanted in text, True, 'the PDF says ' + wanted)


def undo(app):
    app.action('win.undo')
    app.gone('button', re.compile('^Date: '))
    app.action('win.undo')
    app.gone('button', re.compile('^Email: '))
    app.action('win.undo')
    app.gone('image', re.compile('^Number of contacts'))
    app.get('image', re.compile('^Won revenue: '))



def main():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, 'walk.belvedere')
    with App() as app:
        step('create a project')
        app.click('button', 'New Project…')
        app.choose('New Project', path, 'Create')
        app.get('button', 'Import Files…')

        step('import two files')
        import_file(app, 'contacts', 7)
        import_file(app, 'deals', 14)
        check(sql(path, 'SELECT count(*), round(sum(amount), 2) FROM deals'), [(14, 20275.74)], 'deals in the file')
        check(sql(path, 'SELECT count(*) FROM deals WHERE contact_id IS NULL'), [(1,)], 'deals of nobody')

        step('relate them')
        relate(app, path)

        step('build the exploration')
        build_exploration(app)

        step('draw the chart')
        draw_chart(app, path)
        app.screenshot('story-chart')

        step('make the report')
        make_report(app, path)

        step('add the filters')
        add_filters(app, path)
        app.screenshot('story-report')

        step('pick a customer')
        pick_customer(app, path)

        step('choose a range of time')
        choose_range(app, path)
        app.screenshot('story-filtered')

        step('see the rows behind the number')
        drill(app, path)

        step('export the PDF')
        export(app, folder, path)

        step('undo three times')
        undo(app)

        step('close')
        app.close('walk')
    check(sql(path, 'PRAGMA integrity_check'), [('ok',)], 'the file')
    check(os.listdir(folder).count('walk.belvedere-wal'), 0, 'a log left beside the file')

    with App(path) as app:
        step('open again and undo once more')
        app.get('list item', 'People')
        app.action('win.undo')
        app.gone('list item', 'People')
        app.click('list item', 'Customer report')
        check_tiles(app, won(path))
        app.close('walk')
    print('the story is told')


if __name__ == '__main__':
    main()
