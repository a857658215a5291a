"""A cookie is removed by any end that is not after the answer's own date."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.comparison.answers.cookies import read_cookies
from conformance.comparison.answers.header_facts import read_header
from tests.comparison.differences import answer
from tests.comparison.laws import LAW

DATE = "Mon, 23 Nov 2026 10:00:00 GMT"
ZONES = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
# An earlier year is read as two digits
MOMENTS = st.datetimes(min_value=datetime.fromisoformat("1000-01-01"), timezones=ZONES)


@pytest.mark.parametrize(
    ("expires", "date", "fact"),
    [
        pytest.param("Mon, 23 Nov 2026 09:59:59 GMT", DATE, "removed", id="a-second"),
        pytest.param("Tue, 24 Nov 2020 10:00:00 GMT", DATE, "removed", id="years"),
        pytest.param(DATE, DATE, "removed", id="at-once"),
        pytest.param("Mon, 23 Nov 2026 10:00:01 GMT", DATE, "Expires", id="later"),
        pytest.param("Mon, 23-Nov-26 09:00:00 GMT", DATE, "removed", id="two-digits"),
        pytest.param("Mon, 23 Nov 2026 09:00:00 -0000", DATE, "removed", id="no-zone"),
        pytest.param("Tue, 24 Nov 2020 10:00:00 GMT", None, "Expires", id="without-a-date"),
        pytest.param("Tue, 24 Nov 2020 10:00:00 GMT", "now", "Expires", id="unreadable-date"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", None, "removed", id="in-1970"),
        pytest.param("soon", DATE, "Expires", id="unreadable"),
    ],
)
def test_what_removes_a_cookie(expires: str, date: str | None, fact: str) -> None:
    """Without a date of the answer, only an end before all cookies says that it is removed."""
    fields = [("Set-Cookie", f"a=1; Expires={expires}")] + ([("Date", date)] if date else [])
    sent = replace(answer(), headers=tuple(fields))
    header = read_header(sent, named=("set-cookie",))
    assert header.cookies["a"].fact == fact


@LAW
@given(end=MOMENTS, sent=MOMENTS)
def test_any_end_is_before_or_after_any_date(end: datetime, sent: datetime) -> None:
    """Whatever zones and years two times have, one of two facts comes out."""
    expires, date = format_datetime(end), format_datetime(sent)
    cookie = read_cookies([f"a=1; Expires={expires}"], date)["a"]
    is_past = end <= sent or end.year < 2000
    seconds = abs((end - sent).total_seconds())
    assert seconds < 60 or (cookie.fact == "removed") is is_past
