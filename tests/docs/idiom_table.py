"""The page of idioms, made of the catalogue and of the cross table of samples.

`python -m tests.docs.idiom_table` writes docs/idioms.md; a test holds the file against what would
be written.  What switches an idiom off is tried: a rule or setting stands there where the sample
shows nothing with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from msgspec.structs import replace

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.parity import compare_case
from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.model.case import CompareLevel, Step
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath, parse_path
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from conformance.model.rule import AlignRule, OrderRule, Rule, RuleKind, ValueRule
from tests.comparison.differences import PLACE
from tests.comparison.idioms.cross_table import SAMPLES, Sample
from tests.comparison.live_runs import case

FILE: Final = Path(__file__).parents[2] / "docs/idioms.md"
_TARGET: Final = "/things"
_HEAD: Final = """\
# Idioms

Made by `python -m tests.docs.idiom_table` of the catalogue; not to be edited.

An idiom is a named cause of a difference. The name stands in reports, in signatures and in the ledger. Each row has an
example: what two runtimes sent, and the fact that a report says of either. `differs` is the fact of values alone.

The last column says which setting or rule of a suite switches the idiom off. Each of them was tried on the example.
Where it says `a decision`, no rule is about such a difference: decide it in the ledger. Rules are explained in
[suites.md](suites.md), reports in [reading-reports.md](reading-reports.md).

| idiom | what it means | one side | the other side | facts | switched off by |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Switch:
    """What a suite can say to switch a difference off, in words, and as the settings of a case."""

    words: str
    settings: dict[str, Any] = field(default_factory=dict)


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(f"{_row(BY_NAME[name], sample)}\n" for name, sample in SAMPLES.items())


def _row(idiom: Idiom, sample: Sample) -> str:
    (finding,) = findings_of(sample)
    facts = [f"`{fact}`" for fact in sample.facts]
    cells = (
        f"`{idiom.name}`",
        f"{idiom.title[:1].upper()}{idiom.title[1:]}. {idiom.explanation}",
        shown_answer(sample.a, finding, sample),
        shown_answer(sample.b, finding, sample),
        facts[0] if facts[0] == facts[1] else " · ".join(facts),
        switched_off_by(sample, finding),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def shown_answer(answer: Answer, finding: Finding, sample: Sample) -> str:
    """Return what a reader needs to see of an answer: its status or header field, else its body."""
    if finding.place == "status":
        location = answer.header("location")
        return f"`{answer.status}`" + (f" to `{location}`" if location else "")
    if finding.place.startswith("header "):
        return f"`{finding.sent[0][answer is sample.b][1]}`"
    media = (
        ""
        if answer.header("content-type") == "application/json"
        else f" as {answer.header('content-type')}"
    )
    text = (
        answer.body.decode(errors="backslashreplace")
        .replace("\r\n", "⏎CRLF ")
        .replace("\n", "⏎LF ")
        .strip()
    )
    if (
        len({normalize("NFC", each.body.decode(errors="replace")) for each in (sample.a, sample.b)})
        == 1
    ):
        text = text.encode("ascii", "backslashreplace").decode()
    asked = "" if sample.target == _TARGET else f" to `{sample.target}`"
    return f"`{text}`{media}{asked}"


def findings_of(sample: Sample, **settings: Any) -> Sequence[Finding]:
    step = Step(request=Request(method="GET", target=sample.target))
    asked = replace(
        case(compare=CompareLevel.VALUE), **{"steps": (step,), "headers": sample.fields, **settings}
    )
    cells = [
        Cell(runtime=name, live=True, observations=(seen,))
        for name, seen in (("a", sample.a), ("b", sample.b))
    ]
    return [finding for finding in compare_case(asked, cells).findings if finding.follows is None]


def switched_off_by(sample: Sample, finding: Finding) -> str:
    """Say what switches a difference off, everything that does; a decision where nothing does."""
    works = [
        switch.words
        for switch in _switches(sample, finding)
        if not findings_of(sample, **switch.settings)
    ]
    return ", or ".join(works) or "a decision"


def _switches(sample: Sample, finding: Finding) -> Iterator[Switch]:
    yield Switch("`compare: shape`", {"compare": CompareLevel.SHAPE})
    if sample.fields:
        yield Switch("leaving the field out of `headers:`", {"headers": ()})
    for words, rules in _rules(sample, finding):
        yield Switch(words, {"rules": tuple(rules)})


def _rules(sample: Sample, finding: Finding) -> Iterator[tuple[str, list[Rule]]]:
    """Yield rules that may be about a difference.

    Each is at the place itself or at the members that differ.
    """
    if not finding.place.startswith("$") or " → " in finding.place:
        return
    place = parse_path(finding.place)
    yield "a rule `as: set`", [AlignRule(path=place, key=(), why="w", place=PLACE)]
    if place:
        yield "a rule `is: number`", [_rule(place, RuleKind.NUMBER)]
        yield "a rule `is: uuid`", [_rule(place, RuleKind.UUID)]
        yield (
            "a rule `is: timestamp` with `form: any`",
            [replace(_rule(place, RuleKind.TIMESTAMP), any_form=True)],
        )
        yield "a rule `order: any`", [OrderRule(path=place, why="w", place=PLACE)]
        yield "a rule `is: any`", [_rule(place, RuleKind.ANY)]
    elif members := _other_members(sample):
        yield "rules `is: any` at the members", [_rule((name,), RuleKind.ANY) for name in members]


def _other_members(sample: Sample) -> list[str]:
    """Return the members that only one of two objects has."""
    try:
        first, second = (parse(answer.body).value for answer in (sample.a, sample.b))
    except NoJsonError:
        return []
    return (
        sorted(first.keys() ^ second.keys())
        if isinstance(first, dict) and isinstance(second, dict)
        else []
    )


def _rule(path: JsonPath, accepts: RuleKind) -> ValueRule:
    return ValueRule(path=path, accepts=accepts, why="w", place=PLACE)


if __name__ == "__main__":
    FILE.write_text(page())
