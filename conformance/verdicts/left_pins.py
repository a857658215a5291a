"""How what runtimes sent differs from the pin of a row that was decided for other values.

Only a side whose value is not listed is named.  In an element of a list the values of all sides are
shown beside each other: another element may differ now, so that no side alone has changed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from conformance.model.decision import Decision
from conformance.model.finding import Finding
from conformance.model.pin import Pin, PinnedValues, pinned_text
from conformance.verdicts.matching import holds, leaves_bound
from conformance.wording import plural

# A pin may list 20 combinations; a verdict has to fit on a line or two
_SHOWN: Final = 3
# Twice what a pin holds whole: enough for two elements that are extra
_WORDS_SHOWN: Final = 160
_OF_A_LENGTH: Final = re.compile(r"[0-9]+ elements?(?:, extra: |\Z)")
"""What the comparison says of a list: nobody sent these words, and no answer has their digest."""


def left_pin(row: Decision, finding: Finding) -> str:
    """Return what left the pin of a row that matches a finding: `a sent 2000, the row has 1000`."""
    pin = row.pin
    if pin is None or holds(row, finding):
        return ""
    if not pin.values:
        return _past_bound(row, pin, finding)
    for sent, to_pin in zip(map(dict, finding.sent), map(dict, finding.to_pin), strict=True):
        unlisted = list(_unlisted(row, pin, (sent, to_pin)))
        if unlisted and "[*]" in finding.place:
            return f"in an element {_sent(row, sent)}; the row has {_pinned(row, pin)}"
        if unlisted:
            return "; ".join(unlisted)
    now = _sent(row, dict(finding.sent[0]) if finding.sent else {})
    return f"{now}, which the row does not list together"


def _past_bound(row: Decision, pin: Pin, finding: Finding) -> str:
    """Return what is not within the bound of a row: of several elements the first such one."""
    forms = zip(finding.sent, finding.to_pin, strict=True)
    past = [sent for sent, to_pin in forms if leaves_bound(row, (sent, to_pin))]
    if not past:
        return f"there are {plural(finding.more_sent, 'value')} more than are looked at"
    values = dict(past[0])
    unlike = {name: text for name, text in values.items() if not pin.fits_pattern(text)}
    return f"{_sent(row, unlike or values)}, which is not within its bound"


def _unlisted(row: Decision, pin: Pin, spelled: tuple[Mapping[str, str], ...]) -> Iterator[str]:
    """Yield for each side the first runtime whose value is not listed, and what is listed."""
    sent = spelled[0]
    for side in row.sides:
        for name in filter(sent.__contains__, side.runtimes):
            if not any(pin.lists(side.name, values[name]) for values in spelled):
                known = _any_of(pin.listed(side.name))
                yield f"{name} sent {_told(sent[name])}, the row has {known}"
                break


def _sent(row: Decision, sent: Mapping[str, str]) -> str:
    """Return what the runtimes of a row sent in one occurrence."""
    names = [name for name in row.runtimes if name in sent]
    return ", ".join(f"{name} sent {_told(sent[name])}" for name in names)


def _told(sent: str) -> str:
    """Return what was sent as a pin would hold it, and words of the comparison as they are."""
    if not _OF_A_LENGTH.match(sent):
        return pinned_text(sent)
    return sent if len(sent) <= _WORDS_SHOWN else f"{sent[: _WORDS_SHOWN - 1]}…"


def _pinned(row: Decision, pin: Pin) -> str:
    """Return the combinations that a row lists: `a 2 beside c 3`."""
    return _any_of([_combination(row, values) for values in pin.values])


def _combination(row: Decision, values: PinnedValues) -> str:
    listed = dict(values)
    sides = [side for side in row.sides if side.name in listed]
    parts = [f"{', '.join(side.runtimes)} {_any_of(listed[side.name])}" for side in sides]
    return " beside ".join(parts)


def _any_of(texts: Iterable[str]) -> str:
    """Return values so that none runs into the next: several are quoted, `1` or `2`."""
    known = list(texts)
    if len(known) == 1:
        return known[0]
    values = [f"`{text}`" for text in known[:_SHOWN]]
    if len(known) > _SHOWN:
        values.append(plural(len(known) - _SHOWN, "other value"))
    return " or ".join(values)
