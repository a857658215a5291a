"""Whether two Locations lead to one place, each seen from the runtime that sent it."""

import re
from typing import Final
from urllib.parse import quote, unquote

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.location import (
    OWN_FORMS,
    RELATIVE,
    read_location,
    resolved_target,
)
from conformance.comparison.difference import DIFFERS

_OPEN_NAME: Final = re.compile(r"\$\{[^}]*\}")
_PARTS_OF_A_TARGET: Final = re.compile(r"([/?&=#;:])")
_WITH_SLASH: Final = "with a slash at the end"
_WITHOUT_SLASH: Final = "without a slash at the end"


def lead_to_one_place(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> bool:
    """Return whether two answers name one place in their Location, or neither names any."""
    forms = {a.header.location_form, b.header.location_form}
    same_origin = len(forms) == 1 or forms <= OWN_FORMS
    return same_origin and not lead_elsewhere(a, b, terms)


def lead_elsewhere(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> bool:
    """Return whether two Locations have other targets.

    They have one form, or two forms that lead to the own runtime.
    """
    first, second = a.header, b.header
    if first.target is None or second.target is None:
        return False
    if first.location_form == second.location_form:
        return first.target != second.target
    if not {first.location_form, second.location_form} <= OWN_FORMS:
        return False
    leads = [_resolved(each, terms.target) for each in (a, b)]
    return None not in leads and leads[0] != leads[1]


def target_facts(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> tuple[str, str]:
    """Return the facts of two targets that are not the same: which of them ends in a slash.

    That they differ, where they differ in anything else.
    """
    first, second = ((_resolved(each, terms.target) or "").partition("?") for each in (a, b))
    if first[1:] != second[1:]:
        return DIFFERS, DIFFERS
    if f"{first[0]}/" == second[0]:
        return _WITHOUT_SLASH, _WITH_SLASH
    return (_WITH_SLASH, _WITHOUT_SLASH) if first[0] == f"{second[0]}/" else (DIFFERS, DIFFERS)


def _resolved(answer: ReadAnswer, asked: str) -> str | None:
    """Return where an answer's Location leads, with names for the runtime's own captured values.

    None where the request's target holds a captured value that is no identity: what the runtime was
    asked is not known.
    """
    names = answer.identities.values()
    for known in names:
        asked = asked.replace(f"${{{known.name}}}", quote(known.text, safe=""))
    form, target = read_location(answer.answer.header("location") or "", answer.base_url)
    if form == RELATIVE and _OPEN_NAME.search(asked):
        return None
    named = {known.in_answers: f"${{{known.name}}}" for known in names}
    parts = _PARTS_OF_A_TARGET.split(resolved_target(form, target, answer.base_url, asked))
    return "".join(named.get(unquote(part), part) for part in parts)
