# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample's report: its numbers against SQL, one customer, a range over a change of the clock, reset; and small, dark windows."""
import gettext
import os
import re
import shutil
import subprocess
import tempfile

from walk import App, Failure, GLib, check, cli, page, sql, step, wait

# March 2026 in the sample's time zone, Europe/Paris: it begins in winter time and ends in summer time.
MARCH = ("2026-02-28 23:00:00", "2026-03-31 22:00:00")
ALWAYS = ('0000', '9999')


def count_conversations(path, email=None, span=ALWAYS):
    return sql(path, 'SELECT count(*) FROM intercom_conversations WHERE created_at >= ?1 AND created_at < ?2 '
                     'AND (?3 IS NULL OR user_email = ?3)', *span, email)[0][0]


def count_logins(path, email=None, span=ALWAYS):
    return sql(path, "SELECT count(*) FROM segment_tracks WHERE event = 'logged_in' AND timestamp >= ?1 AND timestamp < ?2 "
                     'AND (?3 IS NULL OR user_email = ?3)', *span, email)[0][0]


def check_numbers(app, path, what, email=None, span=ALWAYS):
    wanted = ['Conversations: {:,}'.format(count_conversations(path, email, span)),
              'Logins: {:,}'.format(count_logins(path, email, span))]

    def seen():
        return [n.name for n in app.find_all('image', re.compile('^(Conversations|Logins): '), shown=True)]
    app.until(lambda: seen() == wanted, seen)
    check(seen(), wanted, what)


def some_customer(path):
    """One with deals, conversations and logins, whose address is written in one way only."""
    return sql(path, 'SELECT c.email FROM hubspot_contacts c JOIN hubspot_deals d ON d.contact_id = c.id AND d.is_won '
                     "WHERE (SELECT count(*) FROM segment_tracks t WHERE t.user_email = c.email AND t.event = 'logged_in') > 0 "
                     'AND (SELECT count(*) FROM intercom_conversations v WHERE v.user_email = c.email) > 0 '
                     'AND (SELECT count(*) FROM intercom_conversations v WHERE lower(trim(v.user_email)) = lower(c.email)) = '
                     '(SELECT count(*) FROM intercom_conversations v WHERE v.user_email = c.email) '
                     'AND (SELECT count(*) FROM segment_tracks v WHERE lower(trim(v.user_email)) = lower(c.email)) = '
                     '(SELECT count(*) FROM segment_tracks v WHERE v.user_email = c.email) '
                     'GROUP BY c.email ORDER BY count(*) DESC, c.email LIMIT 1')[0][0]


def report(path):
    email = some_customer(path)
    with App(path) as app:
        step('open the report')
        app.click('list item', 'Customer report')
        app.get('button', 'Customer: No filter, 5 of 5 tiles')
        app.click('button', 'Date: Last 28 days, 5 of 5 tiles')
        app.click('button', 'No Filter')
        app.get('button', 'Date: No filter, 5 of 5 tiles')
        check_numbers(app, path, 'all customers, all time')
        app.screenshot('sample-report')

        step('a month in which the clocks change')
        app.click('button', 'Date: No filter, 5 of 5 tiles')
        app.click('button', 'Custom range…')
        app.fill('First day', '2026-03-01')
        app.fill('Last day', '2026-03-31')
        check_numbers(app, path, 'all customers in March', None, MARCH)
        app.click('button', re.compile('^Date: .*, 5 of 5 tiles'))
        app.gone('text box', 'First day')

        step('one customer')
        app.click('button', 'Customer: No filter, 5 of 5 tiles')
        app.fill('Search values', email[:-4])
        app.click('check box', email)
        app.click('button', 'Customer: %s, 5 of 5 tiles' % email)
        app.gone('check box', email)
        check_numbers(app, path, email + ' in March', email, MARCH)
        app.click('button', re.compile('^Date: .*, 5 of 5 tiles'))
        app.click('button', 'No Filter')
        check_numbers(app, path, email, email)

        step('reset')
        app.click('button', 'Reset')
        app.get('button', 'Customer: No filter, 5 of 5 tiles')
        app.get('button', 'Date: Last 28 days, 5 of 5 tiles')
        app.close('sample')


def check_inside(app, what, size):
    """The window has kept its size, and nothing that is shown reaches beyond it. What scrolls may; its frame may not."""
    beyond = []
    width, height = size
    check(app.frame('sample').extents()[2:], size, 'the window with ' + what)

    def look(node):
        try:
            x, y, w, h = node.extents()
            if w <= 0 or h <= 0 or not node.is_mapped():
                return
        except GLib.Error:  # a page of a stack has no place; what is on it has
            x, y, w, h = 0, 0, 1, 1
        # Header bars are drawn one pixel wider at each side.
        if x < -2 or y < -2 or x + w > width + 2 or y + h > height + 2:
            beyond.append((node, (x, y, w, h)))
        elif node.role != 'scroll pane':
            for child in node.children:
                look(child)

    for child in app.frame('sample').children:
        look(child)
    check(beyond, [], '%s beyond %dx%d' % (what, width, height))


def brightness():
    """Of the window's middle, 0 to 255."""
    picture = subprocess.run(['import', '-window', 'root', '-crop', '600x400+100+100', '-colorspace', 'gray', '-resize', '1x1!',
                              '-depth', '8', 'gray:-'], capture_output=True, check=True).stdout
    return picture[0]


def titles(language):
    """The program's own words for the pages, as its translation says them."""
    words = ('Tables', 'Explorations', 'Reports')
    if language is None:
        return words
    translation = gettext.translation('belvedere', os.environ['BELVEDERE_LOCALEDIR'], [language])
    return [translation.gettext(word) for word in words]


def small_and_dark(path):
    """Also in the languages whose words are longest."""
    for language, arguments in ((None, []), (None, ['--dark']), ('de', []), ('fr', [])):
        arguments = ['--size', '800x600', *arguments]
        tables, explorations, reports = titles(language)
        with App(*arguments, path, env={'LANGUAGE': language or ''}) as app:
            step('%s, language %s' % (' '.join(arguments), language))
            wait(lambda: app.find('button', re.compile('Customer report')), 'the home page')
            if shutil.which('import'):
                light = brightness()
                check(light < 100 if '--dark' in arguments else light > 150, True, 'the page is %s' % arguments[-1])
            size = app.frame('sample').extents()[2:]
            check_inside(app, 'Home', size)
            for key, name in (('alt+3', None), (None, 'hubspot_deals'), ('alt+4', None), (None, 'HubSpot deals'),
                              ('alt+5', None), (None, 'Customer report')):
                if key:
                    app.focus('sample')
                    app.keys(key)
                    name = {'alt+3': tables, 'alt+4': explorations, 'alt+5': reports}[key]
                else:
                    app.click('list item', name)
                wait(lambda: app.find('label', name, page, True), 'the page ' + name)
                wait(lambda: not app.find(None, None, state='busy'), 'the page to be done')
                check_inside(app, name, size)
                app.screenshot('small-%s-%s-%s' % (name, arguments[-1].strip('-'), language))
            app.close('sample')


def main():
    if not os.path.isdir(os.environ['BV_TEST_DATA']):
        raise Failure('there is no test data')
    path = os.path.join(tempfile.mkdtemp(), 'sample.belvedere')
    cli('demo', path, '--as-of', '2026-06-30', '--customers', '80')
    report(path)
    small_and_dark(path)


if __name__ == '__main__':
    main()
