"""Compare where two Locations lead, each seen from the runtime that sent it."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.location import (
    OWN_FORMS,
    RELATIVE,
    read_location,
    resolved_target,
)
from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.identities.own_urls import own_spelled
from conformance.model.own_url import SPELLING

_OPEN_NAME: Final = re.compile(r"\$\{[^}]*\}")
"""A name in a request's target that no known value replaced, such as `${token}`."""
_BEFORE_A_PATH: Final = re.compile(re.escape(SPELLING) + "(?=/|%(?:25)?2F)", re.IGNORECASE)
"""What replaced a runtime's own URL when it was spelled alike, if a path follows."""
_BEHIND_A_PATH: Final = re.compile(r"[?#]")
"""Where the path of a target ends."""
_PARTS_OF_A_TARGET: Final = re.compile(r"([/?&=#;:])")
"""The characters that separate the parts of a target in which a captured value may be."""
_WITH_SLASH: Final = "with a slash at the end"
_WITHOUT_SLASH: Final = "without a slash at the end"


def lead_to_one_place(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> bool:
    """Return whether the Locations of two answers lead to the same place, or neither has one."""
    forms = {a.header.location_form, b.header.location_form}
    have_same_origin = len(forms) == 1 or forms <= OWN_FORMS
    return have_same_origin and not lead_elsewhere(a, b, terms)


def lead_elsewhere(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> bool:
    """Return whether two Locations that can be compared have different targets.

    They can be compared if they have one form, or if both lead to their own runtime.
    """
    first, second = a.header, b.header
    if first.target is None or second.target is None:
        return False
    base_urls = (a.base_url, b.base_url)
    if first.location_form == second.location_form:
        return _differ((first.target, second.target), base_urls, _with_own_spelled)
    forms = {first.location_form, second.location_form}
    if not forms <= OWN_FORMS:
        return False
    target, other = _resolved(a, terms.target), _resolved(b, terms.target)
    if target is None or other is None:
        return False
    return _differ((target, other), base_urls, _with_own_paths)


def _differ(
    targets: tuple[str, str], base_urls: tuple[str, str], spelled: Callable[[str, str], str]
) -> bool:
    """Return whether two targets differ after the runtimes' own URLs in them are spelled alike.

    A redirect to a login, for example, has the URL to return to in its query.
    """
    if targets[0] == targets[1]:
        return False
    first, second = map(spelled, targets, base_urls)
    return first != second


def _with_own_spelled(target: str, base_url: str) -> str:
    """Return a target with the runtime's own URLs in query and fragment spelled alike."""
    path = _BEHIND_A_PATH.split(target, maxsplit=1)[0]
    return path + own_spelled(target.removeprefix(path), base_url)


def _with_own_paths(target: str, base_url: str) -> str:
    """Return a target with the runtime's own URLs in query and fragment reduced to paths.

    Two Locations of different forms also write such URLs differently, which is the same difference.
    """
    return _BEFORE_A_PATH.sub("", _with_own_spelled(target, base_url))


def target_facts(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> tuple[str, str]:
    """Return the facts of two different targets: a slash at the end, else that they differ."""
    first, query_of_first = _path_and_query(a, terms.target)
    second, query_of_second = _path_and_query(b, terms.target)
    if query_of_first != query_of_second:
        return VALUES_DIFFER
    if f"{first}/" == second:
        return _WITHOUT_SLASH, _WITH_SLASH
    if first == f"{second}/":
        return _WITH_SLASH, _WITHOUT_SLASH
    return VALUES_DIFFER


def _path_and_query(answer: ReadAnswer, request_target: str) -> tuple[str, str]:
    """Return the path and the query to which a Location leads, the query with its `?`."""
    path, mark, query = (_resolved(answer, request_target) or "").partition("?")
    return path, mark + query


def _resolved(answer: ReadAnswer, request_target: str) -> str | None:
    """Return where an answer's Location leads, with names in place of the runtime's ids.

    Return None if a relative Location cannot be resolved: the request's target contains a captured
    value that is no identity, so this runtime's target is not known.
    """
    names = answer.identities.values()
    for known in names:
        request_target = request_target.replace(f"${{{known.name}}}", quote(known.text, safe=""))
    location = answer.answer.header_text("location")
    form, target = read_location(location, answer.base_url)
    # A relative Location continues a target that is not known
    if form == RELATIVE and _OPEN_NAME.search(request_target):
        return None
    named = {known.in_answers: f"${{{known.name}}}" for known in names}
    whole = resolved_target(form, target, answer.base_url, request_target)
    parts = _PARTS_OF_A_TARGET.split(whole)
    return "".join(map(named.get, map(unquote, parts), parts))
