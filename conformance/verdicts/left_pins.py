"""How what runtimes sent differs from the pin of a row that was decided for other values.

Only a side whose value is not listed is named.  In an element of a list the values of all sides are
shown beside each other: another element may differ now, so that no side alone has changed.  Where
the row has values by place, another case or place that has just these is named.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.decision import Decision
from conformance.model.finding import Finding, Sent
from conformance.model.pin import Pin, PinnedPlace, PinnedValues, pinned_text
from conformance.verdicts.matching import InCase, holds, leaves_bound, pin_at
from conformance.wording import plural

# A pin may list 20 combinations; a verdict has to fit on a line or two
_SHOWN: Final = 3
# Twice what a pin holds whole: enough for two elements that are extra
_WORDS_SHOWN: Final = 160
_OF_A_LENGTH: Final = re.compile(r"[0-9]+ elements?(?:, extra: |\Z)")
"""What the comparison says of a list: nobody sent these words, and no answer has their digest."""


_Form = tuple[Sent, Sent]
"""What was sent in one occurrence, as it was sent and as a pin holds it."""


def left_pin(row: Decision, finding: Finding, case: InCase) -> str:
    """Return what left the pin of a row that matches a finding: `a sent 2000, the row has 1000`."""
    pin = pin_at(row, finding, case)
    if pin is None or holds(row, finding, case):
        return ""
    if pin.is_bound:
        return _past_bound(row, pin, finding)
    elsewhere = _Elsewhere.of(row, case.case_id, case.places(row, finding))
    forms = list(zip(finding.sent, finding.to_pin, strict=True))
    for form in forms:
        unlisted = list(_unlisted(row, pin, form, elsewhere))
        if unlisted and "[*]" in finding.place:
            there = elsewhere.there("these", partial(_lists, row, form))
            now = _sent(row, dict(form[0]))
            return f"in an element {now}; the row has {_pinned(row, pin)}{there}"
        if unlisted:
            return "; ".join(unlisted)
    # Where all that is shown is listed, there is more than is shown
    apart = next((form for form in forms if not _lists(row, form, pin)), _first(forms))
    there = elsewhere.there("these", partial(_lists, row, apart))
    return f"{_sent(row, dict(apart[0]))}, which the row does not list together{there}"


def _first(forms: Sequence[_Form]) -> _Form:
    return forms[0] if forms else ((), ())


class _Elsewhere(Struct, frozen=True):
    """The values that a row has at other places: each with its case, or its place in the case."""

    pins: tuple[tuple[str, Pin], ...]
    by_place: bool

    @classmethod
    def of(cls, row: Decision, case_id: str, places: Collection[str]) -> "_Elsewhere":
        by_place = row.pin.by_place if row.pin else ()
        others = (each for each in by_place if each.case != case_id or each.place not in places)
        pins = ((_name(each, case_id), Pin(values=each.values)) for each in others)
        return cls(tuple(pins), bool(by_place))

    def there(self, what: str, has_it: Callable[[Pin], bool]) -> str:
        """Return ` there`, and where else the row has what was sent: ` there (12 in shop/two)`."""
        if not self.by_place:
            return ""
        where = next((name for name, pin in self.pins if has_it(pin)), "")
        return f" there ({what} {where})" if where else " there"


def _name(place: PinnedPlace, case_id: str) -> str:
    return f"at {place.place}" if place.case == case_id else f"in {place.case}"


def _lists(row: Decision, form: _Form, pin: Pin) -> bool:
    """Return whether a pin has all that a row's runtimes sent in one occurrence.

    What one side alone sent says nothing of the row.
    """
    sides = {row.side_of.get(name) for name, _ in form[0]} - {None}
    return len(sides) <= 1 or not leaves_bound(replace(row, pin=pin), form)


def _has_value(side: str, spelled: Collection[str], pin: Pin) -> bool:
    """Return whether a pin has a value of a side in one of its forms."""
    return any(pin.lists(side, value) for value in spelled)


def _past_bound(row: Decision, pin: Pin, finding: Finding) -> str:
    """Return what is not within the bound of a row: of several elements the first such one."""
    forms = zip(finding.sent, finding.to_pin, strict=True)
    past = [sent for sent, to_pin in forms if leaves_bound(row, (sent, to_pin))]
    if not past:
        return f"there are {plural(finding.more_sent, 'value')} more than are looked at"
    values = dict(past[0])
    unlike = {name: text for name, text in values.items() if not pin.fits_pattern(text)}
    return f"{_sent(row, unlike or values)}, which is not within its bound"


def _unlisted(row: Decision, pin: Pin, form: _Form, elsewhere: _Elsewhere) -> Iterator[str]:
    """Yield for each side the first runtime whose value is not listed, and what is listed."""
    sent, to_pin = map(dict, form)
    for side in row.sides:
        for name in filter(sent.__contains__, side.runtimes):
            has_it = partial(_has_value, side.name, (sent[name], to_pin[name]))
            if not has_it(pin):
                now, known = _told(sent[name]), _any_of(pin.listed(side.name))
                yield f"{name} sent {now}, the row has {known}{elsewhere.there(now, has_it)}"
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
