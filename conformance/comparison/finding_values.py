"""What a finding shows: its place as a path, and what the runtimes sent there."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import JsonPath, path_of_place

KIND: Final = "kind"


def steps_to(place: str) -> JsonPath:
    """Return a place in a body as a path; empty for another part of an answer."""
    return path_of_place(place) or ()


def is_of_kinds(finding: Finding) -> bool:
    """Return whether a finding is about the kinds of bodies, or of the bodies of parts."""
    return finding.kind is DifferenceKind.BODY_KIND


def sent_in(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime with what it sent, for each distinct combination."""
    return chain.from_iterable(finding.sent)


def who_shows(finding: Finding, fact: str) -> set[str]:
    """Return the runtimes of the sides that have a fact."""
    showing: set[str] = set()
    for at, side in enumerate(finding.sides):
        if fact in finding.facts_of(at):
            showing.update(side.runtimes)
    return showing


def leading_in_step(finding: Finding, others: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of a finding's step that have its pairs of runtimes on two sides."""
    for other in others:
        if other.step == finding.step and finding.distinguished <= other.distinguished:
            yield other


def first_followed(
    finding: Finding, others: Iterable[Finding], explains: Callable[[Finding], bool], how: str
) -> Follows | None:
    """Return as `Follows` the first finding of the step that explains a finding, or None."""
    leader = next(filter(explains, leading_in_step(finding, others)), None)
    if leader is None:
        return None
    return Follows(leader.step, (leader.place,), how)


def plain_text(sent: str) -> str:
    """Return a value as text: a JSON string without its quotes and escapes, any other as it is."""
    if not sent.startswith('"'):
        return sent
    try:
        value = parse(sent.encode()).value
    except NoJsonError:  # an excerpt of a long text, or a text that only begins with a quote
        return sent
    return value if isinstance(value, str) else sent
