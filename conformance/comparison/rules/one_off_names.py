"""Recognise member names made for one run: a rule with such a name would never apply again."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from conformance.comparison.identities.meanings import DISTINCTIVE_CHARACTERS
from conformance.model.json_path import ANY_MEMBER, JsonPath

_MADE: Final = re.compile(
    r"[0-9]+\Z"
    r"|.*(?<![0-9A-Za-z])(?:"
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt][0-9:.,]+[Zz]?)?"
    r"|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|[0-9]{5,}"
    r"|(?=[a-f]*[0-9])[0-9a-f]{8,}|(?=[A-F]*[0-9])[0-9A-F]{8,}"
    r")(?![0-9A-Za-z])",
    re.DOTALL,
)
"""A number, UUID, date, IP address or digest, or a name that contains one, as in `order-10231`."""
_TOKEN: Final = re.compile(r"[0-9A-Za-z]+")
_SWITCH: Final = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])")
"""A place between a digit and a letter."""
_LEAST_CHARACTERS: Final = 8
"""Shorter names may switch between letters and digits by chance."""
_LEAST_SWITCHES: Final = 4
"""Random names switch between letters and digits more often than words: `V1StGXR8Z5` four times,
`sha256sum` twice, `iso8601` once.
"""


def made_in(path: JsonPath, known: Collection[str]) -> list[int]:
    """Return the indexes of the names in a path that look as if they were made for one run.

    `known` are the values that the case made or captured; a name that contains one counts as made.
    """
    made: list[int] = []
    for index, name in enumerate(path):
        if not isinstance(name, str):
            continue
        if _is_of_one_run(name, known):
            made.append(index)
    return made


def of_any_name(path: JsonPath, made: Collection[int]) -> JsonPath:
    """Return a path with `*` in place of the names at the given indexes."""
    general = list(path)
    for index in made:
        general[index] = ANY_MEMBER
    return tuple(general)


def _is_of_one_run(name: str, known: Collection[str]) -> bool:
    """Return whether a name looks as if it was made for one run."""
    if name in known or _MADE.match(name):
        return True
    if any(map(name.__contains__, filter(_is_distinctive, known))):
        return True
    return any(map(_looks_random, _TOKEN.findall(name)))


def _is_distinctive(text: str) -> bool:
    """Return whether a text is long enough not to be part of another name by chance."""
    return len(text) >= DISTINCTIVE_CHARACTERS


def _looks_random(token: str) -> bool:
    """Return whether a long token switches often between letters and digits, as random ids do."""
    is_long = len(token) >= _LEAST_CHARACTERS
    switches = _SWITCH.findall(token)
    return is_long and len(switches) >= _LEAST_SWITCHES


def takes_turns(name: str, answers: Sequence[Iterable[Mapping[str, object]]]) -> bool:
    """Return whether an object that lacks a name always has another one in its place.

    Each of `answers` has the objects at one place in one answer.  If `{"n1": …}` is followed by
    `{"n2": …}`, the names were made for one run.  A member that is sometimes absent, with nothing
    in its place, was not.
    """
    names = list(map(set, map(chain.from_iterable, answers)))
    lacking = [there for there in names if name not in there]
    if not lacking:
        return False
    always = set.intersection(*names)
    return not any(map(always.issuperset, lacking))
