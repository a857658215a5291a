"""The law of truth: what a finding says that a runtime sent at a place, it sent there.

The reader below shares no code with the comparison: it reads the raw answers with the standard
library, and places as they are printed.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Answer
from tests.comparison.laws import LAW, answers, answers_of, findings_of

LEVELS = st.sampled_from([CompareLevel.SHAPE, CompareLevel.VALUE])
STEP = re.compile(r"\.(\*|[A-Za-z_][\w-]*)|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]|( → \$)")
LENGTH = re.compile(r"(…?)(\d+) elements?(, extra: .*)?", re.DOTALL)
CUT_OR_ESCAPED = re.compile(r"characters, sha256|\\[xuU]")
EXCERPT = re.compile(r"(…?)(.*?)(…?) \((\d+) characters, sha256 ([0-9a-f]{12})\)", re.DOTALL)


def steps_of(place: str) -> list[tuple[str, str]]:
    """Parse a printed path into steps: `name`, `elements`, `members` or `text`.

    `text` stands for the JSON that a text holds.
    """
    assert place.startswith("$"), place
    found, at = [], 1
    while at < len(place):
        step = STEP.match(place, at)
        assert step is not None, place
        name, element, quoted, text = step.groups()
        if text:
            found.append(("text", ""))
        elif element:
            found.append(("elements", ""))
        elif name == "*":
            found.append(("members", ""))
        else:
            found.append(("name", name if name is not None else re.sub(r"\\(.)", r"\1", quoted)))
        at = step.end()
    return found


def _held(value: Any) -> Any:
    """Return the JSON that a text holds; any other value stands there as it is."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        return value


def values_at(body: Any, steps: Sequence[tuple[str, str]]) -> list[Any]:
    """Return all values that stand at a place."""
    here = [body]
    for how, name in steps:
        if how == "name":
            here = [value[name] for value in here if isinstance(value, dict) and name in value]
        elif how == "text":
            here = list(map(_held, here))
        elif how == "members":
            here = [below for value in here if isinstance(value, dict) for below in value.values()]
        else:
            here = [below for value in here if isinstance(value, list) for below in value]
    return here


def lacks(body: Any, steps: Sequence[tuple[str, str]]) -> bool:
    """Return whether a place has nothing: an object above lacks it, or nothing is above."""
    if not steps:
        return False
    above = values_at(body, steps[:-1])
    return not above or any(
        not isinstance(value, dict) or steps[-1][1] not in value for value in above
    )


def lacking(body: Any, steps: Sequence[tuple[str, str]]) -> str:
    """Say how many of the objects above a place are without it."""
    objects = [value for value in values_at(body, steps[:-1]) if isinstance(value, dict)]
    return (
        f"absent from {sum(steps[-1][1] not in value for value in objects)} of {len(objects)} "
        "objects"
    )


def written(value: Any) -> str:
    """Write a value in one line; 1, 1.0, true and "1" are four texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_true(said: str, given_answer: Answer, place: str) -> bool:
    """Return whether a runtime sent at a place what is said."""
    if place == "status":
        return said.partition(" ")[0] == str(given_answer.status)
    body = json.loads(given_answer.body)
    if place == "note integer-past-2^53":
        return (said == "present") == bool(
            re.search(r"\b90071992547409\d\d\b(?!\.)", given_answer.body.decode())
        )
    steps = steps_of(place)
    if said.startswith("absent"):
        return lacks(body, steps) and said in {"absent", lacking(body, steps)}
    there = values_at(body, steps)
    if LENGTH.fullmatch(said) or said.startswith("…"):
        lists = [value for value in there if isinstance(value, list)]
        if any(_is_said(said, text) for value in lists for text in lengths_of(value)):
            return True
    if long := EXCERPT.fullmatch(said):
        shown = [part for value in there for part in (value, *parts_of(value))]
        return any(_is_excerpt(long, text) for value in shown for text in _texts(value))
    told = json.loads(said)
    return any(written(told) == written(value) or is_part(told, value) for value in there)


def lengths_of(value: list[Any]) -> Iterator[str]:
    """Yield all that can be said of a list's length: its size, and any elements as extra."""
    count = f"{len(value)} element{'' if len(value) == 1 else 's'}"
    yield count
    for size in range(1, len(value) + 1):
        for extra in combinations(value, size):
            yield f"{count}, extra: {', '.join(map(written, extra))}"


def _is_said(said: str, text: str) -> bool:
    """Return whether a text is said as it is, escaped, or as an excerpt."""
    forms = (text, text.encode("ascii", "backslashreplace").decode())
    excerpt = EXCERPT.fullmatch(said)
    return said in forms or (
        excerpt is not None and any(_is_excerpt(excerpt, form) for form in forms)
    )


def is_part(told: Any, value: Any) -> bool:
    """Return whether some members of an object are told."""
    both = isinstance(told, dict) and isinstance(value, dict) and bool(told)
    return both and all(
        name in value and written(value[name]) == written(told[name]) for name in told
    )


def parts_of(value: Any) -> Iterator[Any]:
    """Yield an object with some of its members left out."""
    members = list(value.items()) if isinstance(value, dict) else []
    for count in range(1, len(members)):
        yield from map(dict, combinations(members, count))


def _texts(value: Any) -> tuple[str, str]:
    return written(value), json.dumps(value, separators=(",", ":"))


def _is_excerpt(long: re.Match[str], text: str) -> bool:
    """Return whether a text is what an excerpt was taken of."""
    before, part, after, length, digest = long.groups()
    whole = before == "" == after and "…" not in part
    return (
        (part == text if whole else _has_pieces(text, part.split("…")))
        and len(text) == int(length)
        and hashlib.sha256(text.encode()).hexdigest().startswith(digest)
    )


def _has_pieces(text: str, pieces: list[str]) -> bool:
    """Return whether a text has one or two pieces, with something left out between them."""
    return re.search(".+".join(map(re.escape, pieces)), text, re.DOTALL) is not None


def own_places(finding: Finding) -> dict[str, str]:
    """Return where each runtime of a finding is said to have it.

    Without a spelling of its own, the finding's.
    """
    return {
        runtime: place or finding.place
        for side in finding.sides
        for runtime, place in zip(side.runtimes, side.places, strict=True)
    }


IDS_IN_AN_ENVELOPE = answers_of(
    [{"id": 4, "n": "1", "m": 1}, {"id": 1, "n": "1"}, {"id": 2, "n": "1"}],
    {"items": [{"id": 1, "n": "1", "m": "1"}, {"id": 2, "n": "1"}, {"id": 3, "n": "1"}]},
    [{"id": 4, "n": "1", "m": 1}, {"id": 1, "n": "1"}],
    [{"id": 1, "n": "1", "m": "1"}, {"id": 4, "n": "1"}],
)
"""Elements with ids, of which no two runtimes have the same ones in one order."""


@LAW
@given(answers(), LEVELS)
@example(IDS_IN_AN_ENVELOPE, CompareLevel.VALUE)
def test_what_was_sent_was_sent(given_answers: dict[str, Answer], level: CompareLevel) -> None:
    """Every value in a finding is in its runtime's raw answer, at its spelling of the place."""
    for finding in findings_of(given_answers, list(given_answers), level):
        places = own_places(finding)
        assert finding.sent
        for sent in finding.sent:
            for runtime, said in sent:
                assert is_true(said, given_answers[runtime], places[runtime]), (
                    finding,
                    runtime,
                    said,
                )


KINDS = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


def kind_of(said: str) -> str:
    """Name the kind of a JSON value that is said, integers being numbers.

    Nothing for what is said in other words.
    """
    try:
        return KINDS.get(type(json.loads(said)), "null")
    except ValueError:
        return ""


def values_said(
    findings: Sequence[Finding], kind: DifferenceKind
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the values by which every two runtimes are said to differ in some way.

    They come from findings about bodies.
    """
    for finding in findings:
        pairs = [
            each for each in finding.pairs if each.kind is kind and finding.place.startswith("$")
        ]
        for sent in map(dict, finding.sent):
            for pair in pairs:
                for one in finding.sides[pair.first].runtimes:
                    for other in finding.sides[pair.second].runtimes:
                        if one in sent and other in sent:
                            yield one, other, sent[one], sent[other]


@LAW
@given(answers())
def test_another_kind_is_named_so(given_answers: dict[str, Answer]) -> None:
    """Where two values that are said to differ are of two kinds, that is said, too."""
    findings = findings_of(given_answers, list(given_answers), CompareLevel.VALUE)
    types = {*values_said(findings, DifferenceKind.TYPE)}
    types |= {(other, one, said_of_other, said) for one, other, said, said_of_other in types}
    for one, other, said, said_of_other in values_said(findings, DifferenceKind.VALUE):
        kinds = {kind_of(said), kind_of(said_of_other)}
        assert len(kinds) == 1 or "" in kinds or (one, other, said, said_of_other) in types, (
            findings
        )


def told_apart(findings: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    """Yield every two runtimes on two sides of a finding, with the place.

    The place is given as either of them spells it.
    """
    for finding in findings:
        places = own_places(finding)
        for one, other in combinations(finding.sides, 2):
            for first in one.runtimes:
                for second in other.runtimes:
                    for place in {places[first], places[second]}:
                        yield first, second, place
                        yield second, first, place


@LAW
@given(answers())
def test_who_is_on_one_side_sent_the_same(given_answers: dict[str, Answer]) -> None:
    """Two runtimes on a side have the same value, or another finding separates them.

    This holds where the place has one value, and the other finding is one of that place.
    """
    findings = findings_of(given_answers, list(given_answers), CompareLevel.VALUE)
    apart = set(told_apart(findings))
    for finding in findings:
        places = own_places(finding)
        if not finding.place.startswith("$") or "*" in "".join(places.values()):
            continue
        for side in finding.sides:
            for one, other in combinations(side.runtimes, 2):
                same = _here(given_answers[one], places[one]) == _here(
                    given_answers[other], places[other]
                )
                assert same or (one, other, places[one]) in apart, (finding, one, other)


def _here(given_answer: Answer, place: str) -> str:
    """Return the one value at a place; of what has parts of its own, only what it is."""
    found = values_at(json.loads(given_answer.body), steps_of(place))
    if not found:
        return "absent"
    (value,) = found
    return type(value).__name__ if isinstance(value, (dict, list)) else written(value)
