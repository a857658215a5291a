"""Which values of a finding are not in the pin of a row that matches it, in words.

Only a side with an unlisted value is named.  For an element of a list, the values of all sides are
given together: it may be another element that differs now, so that no single side has changed.  If
the row has values by place, a place of the row that does have these values is named, too.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, filterfalse
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.decision import Decision
from conformance.model.finding import Finding, Sent
from conformance.model.pin import Pin, PinnedPlace, PinnedValues, pinned_text
from conformance.verdicts.held_values import holds, leaves_bound, pin_at
from conformance.verdicts.matching import InCase
from conformance.wording import plural

# A pin may list 20 combinations; a verdict must fit on one or two lines
_SHOWN: Final = 3
# Twice the length that a pin keeps whole: enough for two extra elements
_WORDS_SHOWN: Final = 160
_OF_A_LENGTH: Final = re.compile(r"[0-9]+ elements?(?:, extra: |\Z)")
"""Words of the comparison about a list, which are not a value that a runtime sent."""


_Form = tuple[Sent, Sent]
"""What was sent in one occurrence: `(as sent, as a pin holds it)`."""
_NOTHING: Final[_Form] = ((), ())


def left_pin(row: Decision, finding: Finding, case: InCase) -> str:
    """Return how values left the pin of a row: `a sent 2000, the row has 1000`.

    The result is an empty text if none did.
    """
    pin = pin_at(row, finding, case)
    if pin is None or holds(row, finding, case):
        return ""
    if pin.is_bound:
        return _past_bound(row, pin, finding)
    elsewhere = _Elsewhere.of(row, case.case_id, case.places(row, finding))
    forms: list[_Form] = list(zip(finding.sent, finding.to_pin, strict=True))
    for form in forms:
        unlisted = list(_unlisted(row, pin, form, elsewhere))
        if not unlisted:
            continue
        if "[*]" not in finding.place:
            return "; ".join(unlisted)
        there = elsewhere.there("these", partial(_lists, row, form))
        now = _sent(row, dict(form[0]))
        return f"in an element {now}; the row has {_pinned(row, pin)}{there}"
    # If all values that are shown are listed, the unlisted one is not shown
    unlike = filterfalse(partial(_lists, row, pin=pin), forms)
    first = next(chain(unlike, forms), _NOTHING)
    there = elsewhere.there("these", partial(_lists, row, first))
    return f"{_sent(row, dict(first[0]))}, which the row does not list together{there}"


class _Elsewhere(Struct, frozen=True):
    """The values that a row has at other places, each with the words `in CASE` or `at PLACE`."""

    pins: tuple[tuple[str, Pin], ...]
    by_place: bool

    @classmethod
    def of(cls, row: Decision, case_id: str, places: Collection[str]) -> "_Elsewhere":
        by_place = row.pin.by_place if row.pin else ()
        pins: list[tuple[str, Pin]] = []
        for each in by_place:
            is_here = each.case == case_id and each.place in places
            if not is_here:
                pins.append((_name(each, case_id), Pin(values=each.values)))
        return cls(tuple(pins), bool(by_place))

    def there(self, what: str, has_it: Callable[[Pin], bool]) -> str:
        """Return ` there`, with a place that has the value: ` there (12 in shop/two)`.

        The result is an empty text for a row without values by place.
        """
        if not self.by_place:
            return ""
        for name, pin in self.pins:
            if has_it(pin):
                return f" there ({what} {name})"
        return " there"


def _name(place: PinnedPlace, case_id: str) -> str:
    if place.case == case_id:
        return f"at {place.place}"
    return f"in {place.case}"


def _lists(row: Decision, form: _Form, pin: Pin) -> bool:
    """Return whether a pin allows what a row's runtimes sent in one occurrence.

    An occurrence with only one side of the row says nothing about it, and is allowed.
    """
    sent, _ = form
    sides = set(map(row.side_of.get, dict(sent))) - {None}
    if len(sides) <= 1:
        return True
    return not leaves_bound(replace(row, pin=pin), form)


def _has_value(side: str, spelled: Collection[str], pin: Pin) -> bool:
    """Return whether a pin lists a value of a side in one of its spellings."""
    return any(map(partial(pin.lists, side), spelled))


def _past_bound(row: Decision, pin: Pin, finding: Finding) -> str:
    """Return the first occurrence that is not within the bound of a row, in words."""
    forms = zip(finding.sent, finding.to_pin, strict=True)
    past_bound = next(filter(partial(leaves_bound, row), forms), None)
    if past_bound is None:
        return f"there are {plural(finding.more_sent, 'value')} more than are looked at"
    sent, _ = past_bound
    unlike = {name: text for name, text in sent if not pin.fits_pattern(text)}
    return f"{_sent(row, unlike or dict(sent))}, which is not within its bound"


def _unlisted(row: Decision, pin: Pin, form: _Form, elsewhere: _Elsewhere) -> Iterator[str]:
    """Yield for each side the first runtime with an unlisted value, and the listed values."""
    sent, to_pin = map(dict, form)
    for side in row.sides:
        for name in filter(sent.__contains__, side.runtimes):
            has_it = partial(_has_value, side.name, (sent[name], to_pin[name]))
            if has_it(pin):
                continue
            now = _in_words(sent[name])
            known = _any_of(pin.listed(side.name))
            yield f"{name} sent {now}, the row has {known}{elsewhere.there(now, has_it)}"
            break


def _sent(row: Decision, sent: Mapping[str, str]) -> str:
    """Return what the runtimes of a row sent in one occurrence: `a sent 1, c sent 3`."""
    names = filter(sent.__contains__, row.runtimes)
    return ", ".join(f"{name} sent {_in_words(sent[name])}" for name in names)


def _in_words(sent: str) -> str:
    """Return a sent value as a pin would hold it; words of the comparison stay, up to a limit."""
    if not _OF_A_LENGTH.match(sent):
        return pinned_text(sent)
    if len(sent) <= _WORDS_SHOWN:
        return sent
    return f"{sent[: _WORDS_SHOWN - 1]}…"


def _pinned(row: Decision, pin: Pin) -> str:
    """Return the combinations that a row lists: `a 2 beside c 3`."""
    return _any_of(map(partial(_combination, row), pin.values))


def _combination(row: Decision, values: PinnedValues) -> str:
    listed = dict(values)
    parts: list[str] = []
    for side in row.sides:
        if side.name in listed:
            names = ", ".join(side.runtimes)
            parts.append(f"{names} {_any_of(listed[side.name])}")
    return " beside ".join(parts)


def _any_of(texts: Iterable[str]) -> str:
    """Return values as one phrase; if there are several, each is quoted: `1` or `2`."""
    known = list(texts)
    if len(known) == 1:
        return known[0]
    values = [f"`{text}`" for text in known[:_SHOWN]]
    if len(known) > _SHOWN:
        values.append(plural(len(known) - _SHOWN, "other value"))
    return " or ".join(values)
