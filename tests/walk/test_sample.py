# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample's report: its numbers against SQL, one customer, reset, both colour schemes, and nothing beyond a small window's edge."""
import os
import re
import sys
import tempfile

from walk import App, check, cli, sql, step, wait

LAST = "BETWEEN '2026-01-01' AND '2026-06-31'"


def numbers(path, email=None):
    """Conversations and logins of the last 28 days before the program's today, which is after the sample's last day: of all time."""
    conversations = sql(path, 'SELECT count(*) FROM intercom_conversations v LEFT JOIN intercom_contacts c ON c.id = v.contact_id '
                              'WHERE ?1 IS NULL OR c.email = ?1', email)[0][0]
    return conversations


def main():
    pass


if __name__ == '__main__':
    main()
