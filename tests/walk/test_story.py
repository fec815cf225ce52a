# SPDX-License-Identifier: GPL-3.0-or-later
"""The analyst's whole story through the real windows; every number that is seen is asked of the project file, too."""
import os
import re
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
    app.get('label', re.compile('People'), dialog)
    app.screenshot('story-tiles')
    app.dump(top=app.frame('Add Filter'))
    app.click('button', 'Add', dialog)
    app.get('button', re.compile('^Email: No filter'))
    app.click('button', re.compile('Add Filter'))
    pick_field(app, 'Default time field', 'Each tile by its own time field')
    app.click('button', 'Add', dialog)
    app.get('button', re.compile('^Date: No filter'))
    app.click('button', 'Edit the Report')


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
        app.dump()


if __name__ == '__main__':
    main()
