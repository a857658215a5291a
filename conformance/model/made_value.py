"""Values that the harness makes for a run: `${now}`, `${uuid}`, `${random:int:1:100}`.

Every runtime is sent the same value.  It depends only on the seed of the run, the case and the
name, so that a name always has one value in a case.  Another word after a colon makes another
value: `${uuid:second}`.
"""

import datetime as dt
import hashlib
import random
import re
import string
import uuid
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from conformance.model.template import KnownName, known_text

_WORD: Final = r"(?::[a-z][a-z0-9_-]{0,62})?"
_NOW: Final = re.compile(
    r"now(?:(?P<sign>[+-])(?P<count>[0-9]{1,9})(?P<unit>ms|s|m|h|d))?(?::(?P<form>[a-z_]+))?"
)
_UUID: Final = re.compile(rf"uuid{_WORD}")
_RANDOM: Final = re.compile(
    rf"random:int:(?P<least>-?[0-9]{{1,15}}):(?P<most>-?[0-9]{{1,15}}){_WORD}"
)
_UNITS: Final = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# About a thousand years: `datetime` holds no year after 9999
_MOST_DAYS: Final = 365_000
_FRESH_DIGITS: Final = 15
FORM_OF_FRESH: Final = r"[A-Za-z0-9._-]{1,63}"
"""The text that a fresh name may have after a second colon, as a sample of its form."""
_ALPHABETS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits)


def _as_http(when: dt.datetime) -> str:
    from email.utils import format_datetime  # noqa: PLC0415 - slow to load, and seldom wanted

    return format_datetime(when, usegmt=True)


_FORMS: Final[Mapping[str, Callable[[dt.datetime], str]]] = {
    "iso": lambda when: when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "date": lambda when: when.strftime("%Y-%m-%d"),
    "unix": lambda when: str(int(when.timestamp())),
    "unix_ms": lambda when: str(int(when.timestamp() * 1000)),
    "http": _as_http,
}
"""The forms of a time; `iso` is the default."""
_NUMBERS: Final = (":unix", ":unix_ms")


def fresh_text(name: str, seed: str) -> str:
    """Return the value of a fresh name: letters and digits, which most patterns allow.

    For `fresh:sku:AB-12` the value has the form of the text after the second colon, with other
    capital letters, small letters and digits.
    """
    digest = hashlib.sha256(seed.encode())
    form = name.removeprefix("fresh:").partition(":")[2]
    if not form:
        return f"n{digest.hexdigest()[:_FRESH_DIGITS]}"
    drawn = random.Random(digest.digest())  # noqa: S311 - it need not be secret
    return "".join(_one_like(sign, drawn) for sign in form)


def _one_like(sign: str, drawn: random.Random) -> str:
    alphabet = next((each for each in _ALPHABETS if sign in each), sign)
    return drawn.choice(alphabet)


def is_made(name: str) -> bool:
    """Return whether a name has the form of a value that the harness makes."""
    return re.match(r"(?:now|uuid|random)(?![a-z0-9_-])|now[+-][0-9]", name) is not None


def wrong_made(name: str) -> str | None:
    """Return why a name that looks like a made value is not valid, or None."""
    if name.startswith("now"):
        return _wrong_time(name)
    if name.startswith("uuid"):
        return _wrong_uuid(name)
    drawn = _RANDOM.fullmatch(name)
    if drawn is None or int(drawn["least"]) > int(drawn["most"]):
        return "wanted ${random:int:LEAST:MOST}, such as ${random:int:1:100}"
    return None


def _wrong_uuid(name: str) -> str | None:
    if _UUID.fullmatch(name):
        return None
    return "wanted ${uuid}, or a further one such as ${uuid:second}"


def _wrong_time(name: str) -> str | None:
    time = _NOW.fullmatch(name)
    if time is None or (time["form"] or "iso") not in _FORMS:
        units, forms = ", ".join(_UNITS), ", ".join(_FORMS)
        return (
            f"wanted ${{now}}, ${{now+1h}} or ${{now-30d:date}}; units are {units}; forms are "
            f"{forms}"
        )
    if abs(_offset(time)) > dt.timedelta(days=_MOST_DAYS):
        return f"a time more than {_MOST_DAYS} days away"
    return None


def known_made(name: str, text: str) -> KnownName:
    """Return a made value with its text; a number is also a number in JSON, without quotes."""
    is_number = name.startswith("random:int:") or name.endswith(_NUMBERS)
    if is_number:
        return KnownName(name=name, text=text, json=text)
    return known_text(name, text)


class MadeValues(Struct, frozen=True):
    """The values of a run, by its seed and its start time in UTC."""

    seed: str
    now: dt.datetime

    def of(self, case_id: str, name: str) -> KnownName:
        """Return the value of a name in a case."""
        return known_made(name, self._text(case_id, name))

    def _text(self, case_id: str, name: str) -> str:
        time = _NOW.fullmatch(name)
        if time:
            write = _FORMS[time["form"] or "iso"]
            return write(self.now + _offset(time))
        # The digest includes the name, so two names of a case have two values
        digest = hashlib.sha256(f"{self.seed}\n{case_id}\n{name}".encode()).digest()
        drawn = _RANDOM.fullmatch(name)
        if drawn:
            least = int(drawn["least"])
            most = int(drawn["most"])
            return str(least + int.from_bytes(digest) % (most - least + 1))
        return str(uuid.UUID(bytes=digest[:16], version=4))


def _offset(time: re.Match[str]) -> dt.timedelta:
    """Return the distance of a time from the start of the run, at most a billion of its unit."""
    if time["count"] is None:
        return dt.timedelta()
    unit = _UNITS[time["unit"]]
    try:
        offset = dt.timedelta(**{unit: int(time["count"])})
    except OverflowError:
        # It is refused as too far away, in either direction
        return dt.timedelta.max
    if time["sign"] == "-":
        return -offset
    return offset
