"""Idioms of how a point in time or a duration is written."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest, Spellings
from conformance.comparison.idioms.conditions import between_texts
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column, holds_only
from conformance.comparison.values.durations import as_seconds, form_of_duration
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import not_none
from conformance.comparison.values.timestamps import (
    as_utc,
    form_of_integer,
    form_of_text,
    same_moment,
)
from conformance.model.finding import DifferenceKind


def timestamp_form(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise points in time in two forms, such as `2026-11-23T00:00:00Z` beside 1795392000."""
    # null on one side only is a difference of its own, which a claim would hide
    if (None in a) != (None in b):
        return None
    first = _forms(a)
    if first is None:
        return None
    second = _forms(b)
    if second is None or first == second:
        return None
    # a date has no time of day: only the days are compared then
    only_date = "date" in {*first, *second}
    rest = (Rest(a=_as_utc(a, only_date=only_date), b=_as_utc(b, only_date=only_date)),)
    return IdiomClaim(
        kind=DifferenceKind.TYPE, a_fact=_any_of(first), b_fact=_any_of(second), rest=rest
    )


def _any_of(forms: AbstractSet[str]) -> str:
    return " or ".join(sorted(forms))


def _as_utc(column: Column, *, only_date: bool) -> Column:
    """Return a column with its timestamps in one form, in UTC; null stays null."""
    found: Column = []
    for value in column:
        is_a_time = value is not None
        found.append(as_utc(value, only_date=only_date) if is_a_time else None)
    return found


def _timestamp_form(value: Json) -> str | None:
    """Return the form of a timestamp, or None for any other value."""
    if isinstance(value, str):
        return form_of_text(value)
    if type(value) is int:
        return form_of_integer(value)
    return None


def _forms(column: Column) -> set[str] | None:
    """Return the forms of a column whose values are all timestamps or null.

    None if another value is in it, or if all are null.
    """
    forms: set[str] = set()
    for value in column:
        if value is None:
            continue
        form = _timestamp_form(value)
        if form is None:
            return None
        forms.add(form)
    return forms or None


@between_texts
def moment_spelling(a: str, b: str) -> Spellings:
    """Recognise one moment with more and with fewer digits of a second, or in two offsets."""
    return same_moment(a, b)


def _form(text: str) -> Callable[[str, str], bool]:
    """Return a check whether another runtime sends a timestamp of a form, but the own does not."""
    form = re.compile(f'"{text}"')
    return lambda own, wanted: form.fullmatch(wanted) is not None and form.fullmatch(own) is None


_SECOND: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_wants_rfc_3339: Final = _form(rf"{_SECOND}(?:\.\d{{0,8}}[1-9])?Z")
_wants_isoformat: Final = _form(rf"{_SECOND}(?:\.(?!0{{6}})\d{{6}})?\+00:00")
_wants_to_iso_string: Final = _form(rf"{_SECOND}\.\d{{3}}Z")


def _is_epoch(own: str, wanted: str) -> bool:
    """Return whether a runtime writes a timestamp as a number, and another one as a text."""
    return own.isdigit() and wanted.startswith('"')


TIMESTAMP_FORM: Final = Idiom(
    name="timestamp-form",
    title="timestamp form",
    explanation="A point in time is written in another form: another zone, another separator, "
    "more or fewer digits, or an epoch number.",
    cures=cures(
        fits=_wants_rfc_3339,
        go=("time.Time itself in the body, in UTC; encoding/json writes it as RFC 3339", 3),
    )
    + cures(
        fits=_wants_isoformat, python=("isoformat() of a time in UTC, without another format", 1)
    )
    + cures(
        fits=_wants_to_iso_string,
        typescript=("toISOString(), which writes UTC with milliseconds and Z", 1),
    )
    + cures(fits=_is_epoch, java=("no WRITE_DATES_AS_TIMESTAMPS, and one format for times", 2))
    + cures(
        go=(
            "one MarshalJSON of the time type, with the zone and the digits that the others send",
            8,
        ),
        rust=(
            "the serde module of the time field, with the zone and the digits that the others send",
            3,
        ),
        python=(
            "one function that writes times, with the zone and the digits that the others send",
            3,
        ),
        typescript=(
            "one function that writes times, with the zone and the digits that the others send",
            3,
        ),
        java=("one format for times, with the zone and the digits that the others send", 2),
        csharp=("one converter for times, with the zone and the digits that the others send", 5),
    ),
    detect=timestamp_form,
    of_forms=frozenset({"string", "integer"}),
    detect_pair=moment_spelling,
)


def duration_form(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise durations in two forms, such as `1m30s` beside `PT90S`."""
    first = _forms_of_durations(a)
    if not first:
        return None
    second = _forms_of_durations(b)
    if not second or first == second:
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact=_any_of(first),
        b_fact=_any_of(second),
        rest=(Rest(a=list(map(as_seconds, a)), b=list(map(as_seconds, b))),),
    )


def _forms_of_durations(column: Column) -> set[str]:
    """Return the forms of a column of durations; empty if any value is not a duration."""
    # the first value rules out most columns
    if not holds_only(column[:1], str) or form_of_duration(column[0]) is None:
        return set()
    # every value must be a duration: a single other text shows that the column has other content
    if not holds_only(column, str):
        return set()
    forms = not_none(map(form_of_duration, column))
    if len(forms) < len(column):
        return set()
    return set(forms)


DURATION_FORM: Final = Idiom(
    name="duration-form",
    title="duration form",
    explanation="A length of time is written in another form: ISO 8601, a clock, or numbers with "
    "units.",
    cures=cures(
        go=("a MarshalJSON of the type that writes the form of the others", 8),
        rust=("the serde module of the duration field, for the form of the others", 3),
        python=("one function that writes lengths of time in the form of the others", 3),
        typescript=("one function that writes lengths of time in the form of the others", 5),
        java=("a serialiser of the field that writes the form of the others", 3),
        csharp=("a converter that writes the form of the others", 5),
    ),
    detect=duration_form,
    of_forms=frozenset({"string"}),
)
