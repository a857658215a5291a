"""The forms in which services write durations as text."""

import re
from decimal import Decimal
from typing import Final

_ISO: Final = re.compile(
    r"P(?=.)(?:(?P<d>[0-9]{1,9})D)?"
    r"(?:T(?=.)(?:(?P<h>[0-9]{1,9})H)?(?:(?P<m>[0-9]{1,9})M)?"
    r"(?:(?P<s>[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?"
)
"""An ISO 8601 duration with days and time, such as `P1DT2H`."""
_CLOCK: Final = re.compile(
    r"(?:(?P<d>[0-9]{1,9})[. ])?"
    r"(?P<h>[0-9]{1,4}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9](?:\.[0-9]{1,9})?)"
)
"""A duration such as `1.02:03:04.5`: days, hours, minutes and seconds."""
_UNITS: Final = {
    "ns": Decimal("1e-9"), "us": Decimal("1e-6"), "µs": Decimal("1e-6"), "ms": Decimal("1e-3"),
    "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600),
}  # fmt: skip
"""The seconds of each unit."""
_PARTS: Final = {"d": Decimal(86_400), "h": Decimal(3600), "m": Decimal(60), "s": Decimal(1)}
"""The seconds of each part of an ISO or clock duration."""
_UNIT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)")
"""A number with its unit."""
_WITH_UNITS: Final = re.compile(rf"(?:{_UNIT.pattern}){{1,6}}")
"""A duration such as `1h30m`, or `250ms`."""


def form_of_duration(text: str) -> str | None:
    """Return the name of the form of a duration, or None if the text is no duration."""
    for name, form in (("ISO 8601 duration", _ISO), ("clock", _CLOCK), ("units", _WITH_UNITS)):
        if form.fullmatch(text):
            return name
    return None


def as_seconds(text: str) -> str:
    """Return a duration of any form in seconds, so that equal durations are equal texts."""
    # both patterns name the parts; a missing part counts as 0
    found = _ISO.fullmatch(text) or _CLOCK.fullmatch(text)
    if found is not None:
        written = found.groupdict("0")
        parts = [Decimal(written[part]) * unit for part, unit in _PARTS.items()]
    else:
        parts = [Decimal(number) * _UNITS[unit] for number, unit in _UNIT.findall(text)]
    seconds = sum(parts, Decimal(0))
    return f"{seconds.normalize():f}"
