"""Values of a runtime in the form in which a pin in the ledger holds them: the same in every run.

A runtime's own addresses are spelled as in the comparison, and tokens by their content without
times.  Each value that the runtime or the harness made for the run is `${name}`.  Short values are
not replaced, as they have other meanings elsewhere.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from conformance.comparison.bodies.token import spelled_tokens
from conformance.comparison.difference import TextLines, Verbatim, printable
from conformance.comparison.identities.meanings import DISTINCTIVE_CHARACTERS, Identities, label
from conformance.comparison.identities.own_urls import own_spelled
from conformance.comparison.idioms.member_names import with_names
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.side import MISSING
from conformance.model.answer_place import parse_place
from conformance.model.json_path import render_path
from conformance.model.made_value import is_made
from conformance.model.template import KnownName

Lasting = Callable[[Json], Json]
"""Returns a value, a text or text lines of one runtime in the form of a pin."""


def lasting(base_url: str, names: Iterable[KnownName]) -> Lasting:
    """Return the function that converts a runtime's values to the form of a pin.

    `names` are the names for values in the runtime's part of the case.
    """
    made_for_the_run = filter(_is_made_for_the_run, names)
    made = {known.name: known for known in made_for_the_run}
    # Most cases have no such names, but many values
    known_names = Identities(made, frozenset(made)) if made else None

    def text(sent: str) -> str:
        spelled = own_spelled(spelled_tokens(sent), base_url)
        if known_names is None:
            return spelled
        return known_names.rewritten(spelled, label)

    def scalar(sent: Json, _: object) -> Json:
        return text(sent) if isinstance(sent, str) else sent

    def value(sent: Json) -> Json:
        if sent is MISSING:
            return sent
        if isinstance(sent, TextLines):
            return replace(sent, text=text(sent.text))
        if isinstance(sent, Verbatim):
            return Verbatim(text(sent))
        return mapped(sent, text, scalar)

    return value


def _is_made_for_the_run(known: KnownName) -> bool:
    """Return whether a name's value was made for the run, and is long enough to be unique."""
    # A short value, such as 1, also occurs where it was not made for the run
    if len(known.in_answers) < DISTINCTIVE_CHARACTERS:
        return False
    return bool(known.identity) or is_made(known.name)


def lasting_place(place: str, spell: Lasting) -> str:
    """Return a place as it is written in every run, given the function for its runtime's values."""
    try:
        path = parse_place(place).path
    except ValueError:  # in words, such as where a member is in some objects only
        return place
    if path is None:
        return place
    spelled = with_names(path, spell)
    # An unchanged place keeps its spelling, such as codes for characters in its names
    if spelled == path:
        return place
    return printable(render_path(spelled))
