"""One cause as a Markdown block for the issue tracker of another project, complete in itself.

In: a cause, the case that shows it, and the header of its run. Out: the operation, the expected and
the observed answer with the known versions, a case that pins the difference, and a `curl` command.
Runtimes are named, and their addresses are left for the reader to fill in. Of a path in a toolchain
line only the last name stays. Requests and answers are quoted unchanged and may contain a path.
Values from runtimes are data: each is shown as code, escaped.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.answers.body import shown_body
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.sentences import place_of
from conformance.grouped import grouped
from conformance.model.batch import RUN_METHOD
from conformance.model.finding import Finding
from conformance.model.group import Group, GroupExample
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.run import RunHeader, RuntimeFacts
from conformance.model.verdict import CaseResult
from conformance.reporting import phrases
from conformance.reporting.cause_keys import keys_of
from conformance.reporting.curl_command import Address, curl_command
from conformance.reporting.machine_paths import without_paths
from conformance.safe_text import markdown, markdown_code, visible
from conformance.suites.importers.captured_names import WrittenStep, written_steps
from conformance.suites.importers.pinned_body import body_expectation
from conformance.suites.importers.pinned_case import PinnedStep, pinned_case
from conformance.wording import some

_URL: Final = "http://127.0.0.1:PORT"
_SHOWN: Final = 2_000
"""A tracker folds or cuts long comments; the record of the run has the whole body."""
_UNKNOWN: Final = "version not known"


class _Two(Struct, frozen=True, kw_only=True):
    """A runtime with the expected answer, and a runtime with another one.

    `equal` says that no runtime is odd, so that neither answer counts as the right one.
    """

    expected: str
    observed: str
    equal: bool

    @property
    def labels(self) -> dict[str, str]:
        """Return the label of each runtime; if it is the same runtime twice, only `observed`."""
        if self.expected == self.observed:
            return {self.observed: "observed"}
        first, second = ("one side", "the other") if self.equal else ("expected", "observed")
        return {self.expected: first, self.observed: second}


def citation(group: Group, result: CaseResult, header: RunHeader) -> Iterator[str]:
    """Yield the lines of the block; `result` is the case of the cause's first example."""
    example = group.examples[0]
    two = _two(group, example)
    step = example.finding.step
    request = _sent_to(result, two.observed, step)
    facts = {each.name: each for each in header.runtimes}
    yield f"### {markdown(group.title)}"
    yield ""
    if group.explanation:
        yield from (markdown(group.explanation), "")
    yield f"- operation: {markdown_code(group.operation or f'{request.method} {request.target}')}"
    yield f"- place: {markdown_code(place_of(example.finding, example.steps))}"
    for name, label in two.labels.items():
        yield f"- {label}: {_side(name, group, example, facts)}"
    yield f"- compared by conformance {header.version} on {header.day}"
    yield from ("", "Request and answers:", "")
    yield from _fenced("http", _exchange_lines(result, step, two))
    if request.method == RUN_METHOD:
        return
    steps = [_sent_to(result, two.observed, number) for number in range(step + 1)]
    address = Address(url=_URL, headers=_headers(facts, two.observed))
    yield from ("", "To send it, with the address of the service in place of `PORT`:", "")
    yield from _fenced("sh", [curl_command(sent, address) for sent in steps])
    wanted = _answer_of(result, two.expected, step)
    if wanted is None:
        return
    yield from ("", f"As a case, which expects what {markdown(two.expected)} sent there:", "")
    yield from _fenced("yaml", pinned_case(group.key, _pinned(group, result, two)))


def _pinned(group: Group, result: CaseResult, two: _Two) -> list[PinnedStep]:
    """Return the steps of a case up to the last one that shows the cause, each with its places."""
    places: dict[int, list[str]] = {}
    for finding in _findings(group, result):
        place = _place_between(finding, two)
        if place:
            places.setdefault(finding.step, []).append(place)
    numbers = range(max(places, default=0) + 1)
    written = written_steps(
        [result.requests[step] for step in numbers],
        [_sent_to(result, two.observed, step) for step in numbers],
        [_json_of(result, two.observed, step) for step in numbers],
    )
    return [
        _pinned_step(result, two, step, places.get(number, ()), number)
        for number, step in enumerate(written)
    ]


def _json_of(result: CaseResult, runtime: str, step: int) -> Any:
    """Return the value of a structured body, or None."""
    answer = _answer_of(result, runtime, step)
    return None if answer is None else read_body_of(answer, result.kind_of_step(step)).value


def _pinned_step(
    result: CaseResult, two: _Two, written: WrittenStep, places: Sequence[str], step: int
) -> PinnedStep:
    pinned = PinnedStep(request=written.request, names=written.names, captures=written.captures)
    wanted = _answer_of(result, two.expected, step)
    if wanted is None:
        return pinned
    body = read_body_of(wanted, result.kind_of_step(step))
    return replace(
        pinned,
        wanted=wanted,
        places=tuple(places),
        notes=tuple(sorted({*wanted.notes, *body.notes})),
        body=body_expectation(wanted, _answer_of(result, two.observed, step), places),
    )


def _findings(group: Group, result: CaseResult) -> Sequence[Finding]:
    """Return the findings of a cause in a case; if a runtime differs by itself, the example."""
    found = [
        finding for finding in result.comparison.findings if group.key in keys_of(finding, result)
    ]
    return found or [group.examples[0].finding]


def _place_between(finding: Finding, two: _Two) -> str:
    """Return the place as the expected answer spells it, else as the observed one does.

    It is empty if the two answers do not differ there.
    """
    spelled = {
        name: (number, place)
        for number, side in enumerate(finding.sides)
        for name, place in zip(side.runtimes, side.places, strict=False)
    }
    expected = spelled.get(two.expected, (-1, ""))
    observed = spelled.get(two.observed, (-2, ""))
    return "" if expected[0] == observed[0] else expected[1] or observed[1] or finding.place


def _two(group: Group, example: GroupExample) -> _Two:
    """Return the two runtimes that are shown: one of the largest side, and an odd one."""
    odd_names = example.finding.odd or group.odd
    by_odd = grouped(example.finding.runtimes, lambda name: name in odd_names)
    odd, others = by_odd.get(True, []), by_odd.get(False, [])
    if not odd:
        first, last = example.finding.sides[0], example.finding.sides[-1]
        return _Two(expected=first.runtimes[0], observed=last.runtimes[0], equal=True)
    return _Two(expected=[*others, *odd][0], observed=odd[0], equal=False)


def _side(name: str, group: Group, example: GroupExample, facts: dict[str, RuntimeFacts]) -> str:
    """Return what a runtime sent, with the versions of all runtimes that sent the same."""
    lines = [(who.split(", "), value) for who, value in phrases.sent_lines(example.finding)]
    together, sent = next((line for line in lines if name in line[0]), ([name], ""))
    what = markdown_code(sent) if sent else some(_facts_of(group, name))
    versions = "; ".join(f"{markdown_code(each)}: {_version(facts.get(each))}" for each in together)
    return f"{what} ({versions})"


def _facts_of(group: Group, name: str) -> Sequence[str]:
    return next((side.facts for side in group.sides if name in side.runtimes), ())


def _version(facts: RuntimeFacts | None) -> str:
    if facts is None:
        return _UNKNOWN
    source = f"source {facts.source}" if facts.source else ""
    return markdown(
        ", ".join(filter(None, (facts.language, without_paths(facts.provenance), source)))
        or _UNKNOWN
    )


def _headers(facts: dict[str, RuntimeFacts], name: str) -> tuple[tuple[str, str], ...]:
    return facts[name].headers if name in facts else ()


def _sent_to(result: CaseResult, runtime: str, step: int) -> Request:
    sent = {cell.runtime: cell.sent_at(step) for cell in result.cells}
    return sent.get(runtime) or result.requests[step]


def _answer_of(result: CaseResult, runtime: str, step: int) -> Answer | None:
    seen = {cell.runtime: cell.observations[step] for cell in result.cells}.get(runtime)
    return seen if isinstance(seen, Answer) else None


def _exchange_lines(result: CaseResult, step: int, two: _Two) -> Iterator[str]:
    """Yield what each runtime was sent and answered; a common request is shown once."""
    sent = [_sent_to(result, name, step) for name in two.labels]
    for name, request, before in zip(two.labels, sent, [None, *sent], strict=False):
        if before is not None:
            yield ""
        if request != before:
            yield from (*_request_lines(request), "")
        yield from _answer_lines(result, step, name)


def _request_lines(request: Request) -> Iterator[str]:
    yield f"{request.method} {request.target}"
    yield from (f"{name}: {value}" for name, value in request.headers)
    if request.body is not None:
        yield request.body.decode("utf-8", "backslashreplace")[:_SHOWN]


def _answer_lines(result: CaseResult, step: int, name: str) -> Iterator[str]:
    answer = _answer_of(result, name, step)
    if answer is None:
        yield f"# {name}: no answer"
        return
    yield f"# {name}: {answer.status} {answer.reason}"
    yield from (f"{field}: {value}" for field, value in answer.headers)
    body = read_body_of(answer, result.kind_of_step(step))
    yield from [shown_body(body)[:_SHOWN]] if answer.body else []


def _fenced(language: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    """Yield lines as a block of code, with a fence that does not occur in them."""
    printed = list(map(visible, lines))
    fence = "```"
    while any(fence in line for line in printed):
        fence += "`"
    yield f"{fence}{language}"
    yield from printed
    yield fence
