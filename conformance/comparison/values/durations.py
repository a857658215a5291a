"""The forms in which services write lengths of time as text."""

import re
from decimal import Decimal
from typing import Final

_ISO: Final = re.compile(
    r"P(?=.)(?:(?P<d>[0-9]{1,9})D)?"
    r"(?:T(?=.)(?:(?P<h>[0-9]{1,9})H)?(?:(?P<m>[0-9]{1,9})M)?"
    r"(?:(?P<s>[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?"
)
_CLOCK: Final = re.compile(
    r"(?:(?P<d>[0-9]{1,9})[. ])?"
    r"(?P<h>[0-9]{1,4}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9](?:\.[0-9]{1,9})?)"
)
_UNITS: Final = {
    "ns": Decimal("1e-9"), "us": Decimal("1e-6"), "µs": Decimal("1e-6"), "ms": Decimal("1e-3"),
    "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600),
}  # fmt: skip
_PARTS: Final = {"d": Decimal(86_400), "h": Decimal(3600), "m": Decimal(60), "s": Decimal(1)}
_UNIT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)")
_WITH_UNITS: Final = re.compile(rf"(?:{_UNIT.pattern}){{1,6}}")


def form_of_duration(text: str) -> str | None:
    """Name the form of a length of time, or None."""
    for name, form in (("ISO 8601 duration", _ISO), ("clock", _CLOCK), ("units", _WITH_UNITS)):
        if form.fullmatch(text):
            return name
    return None


def as_seconds(text: str) -> str:
    """Write a length of time of any form in seconds, so that equal lengths are equal texts."""
    # both have parts by name, and a part that is not written counts nothing
    found = _ISO.fullmatch(text) or _CLOCK.fullmatch(text)
    if found is not None:
        written = found.groupdict("0")
        parts = [Decimal(written[part]) * unit for part, unit in _PARTS.items()]
    else:
        parts = [Decimal(number) * _UNITS[unit] for number, unit in _UNIT.findall(text)]
    seconds = sum(parts, Decimal(0))
    return f"{seconds.normalize():f}"
