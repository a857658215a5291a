"""The day on which a test runs, read when it is needed.

A run of the tests may pass midnight.
"""

import datetime as dt


def today() -> dt.date:
    """Return the day as the tracker has it, in UTC."""
    return dt.datetime.now(dt.UTC).date()
