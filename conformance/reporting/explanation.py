"""One case of a run in full: every exchange, every finding, and commands to repeat it by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from conformance.comparison.answers.body import shown_body
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.kind_names import JSON
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.values.json_encoding import compact
from conformance.grouped import grouped
from conformance.model.batch import RUN_METHOD
from conformance.model.case import step_name
from conformance.model.observation import (
    Answer,
    Cell,
    Fault,
    NotAsked,
    Observation,
    SetupExchange,
)
from conformance.model.request import Request
from conformance.model.run import RunHeader
from conformance.model.verdict import CaseResult, Judgement
from conformance.reporting import phrases
from conformance.reporting.curl_command import Address, curl_command
from conformance.reporting.finding_lines import findings_lines
from conformance.reporting.terminal import Line, styled
from conformance.safe_text import visible
from conformance.wording import plural

# Some screens of a terminal; the record has the whole body
_BODY_CHARACTERS: Final = 4_000


def explanation_lines(
    result: CaseResult,
    judgement: Judgement,
    reached: Mapping[str, Address],
    *,
    key: str | None = None,
    everything: bool = False,
) -> Iterator[Line]:
    """Yield a case: the requests, what each runtime did, and the differences.

    For each runtime with a URL there is a curl command. With the `key` of a cause, only the
    differences of this cause are shown, and the others are counted. Of similar differences one is
    shown, or `everything`.
    """
    yield f"{result.case_id}  ({result.place})", "bold"
    yield (
        f"{judgement.verdict.value}"
        + (f": {visible(judgement.reason)}" if judgement.reason else ""),
        "",
    )
    for number in range(max(len(cell.setup) for cell in result.cells)):
        yield "", ""
        yield from _setup_lines(result.cells, number)
        yield from _command_lines(setup_commands(result.cells, number, reached))
    for step, request in enumerate(result.requests):
        yield "", ""
        title = f"step {step + 1} of {len(result.requests)}: " if len(result.requests) > 1 else ""
        yield f"{title}{request.method} {request.target}", "bold"
        yield from _request_lines(request)
        for cell in result.cells:
            yield from _seen_lines(cell, cell.observations[step], result.kind_of_step(step))
        yield from _command_lines(commands(result, step, reached))
    yield from findings_lines(result, judgement, key, everything=everything)
    for failure in result.expectation_failures:
        yield f"  {visible(str(failure))}", "red"
    for cell in result.cells:
        yield from styled(
            (f"  {cell.runtime} {visible(warning)}" for warning in cell.warnings), "yellow"
        )


def addresses(header: RunHeader) -> dict[str, Address]:
    """Return the address of each live runtime.

    The port of a runtime that the harness started is left for the reader to fill in.
    """
    return {
        facts.name: Address(url=facts.url or "http://127.0.0.1:PORT", headers=facts.headers)
        for facts in header.runtimes
        if facts.live
    }


def commands(result: CaseResult, step: int, reached: Mapping[str, Address]) -> dict[str, list[str]]:
    """Return the curl commands of a step, each with the runtimes that it is for.

    One command serves all runtimes that were sent the same to the same URL. A step that runs a
    command instead of a request has none.
    """
    if result.requests[step].method == RUN_METHOD:
        return {}
    same = result.requests[step]
    sent = {cell.runtime: cell.sent_at(step) or same for cell in result.cells}
    return _commands_for(sent, reached)


def setup_commands(
    cells: Sequence[Cell], number: int, reached: Mapping[str, Address]
) -> dict[str, list[str]]:
    """Return the curl commands of a setup step, each with the runtimes that it is for."""
    exchanges = _exchanges(cells, number)
    sent = {cell.runtime: exchange.request for cell, exchange in exchanges}
    return _commands_for(sent, reached)


def _exchanges(cells: Sequence[Cell], number: int) -> list[tuple[Cell, SetupExchange]]:
    """Return the exchanges of a setup step, with the cells of the runtimes that reached it."""
    return [(cell, cell.setup[number]) for cell in cells if number < len(cell.setup)]


def _commands_for(
    sent: Mapping[str, Request], reached: Mapping[str, Address]
) -> dict[str, list[str]]:
    asked = filter(reached.__contains__, sent)
    return grouped(asked, lambda runtime: curl_command(sent[runtime], reached[runtime]))


def _command_lines(by_command: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    for command, names in by_command.items():
        yield f"  curl for {phrases.names(names)}:", "dim"
        yield f"    {visible(command)}", ""


def _setup_lines(cells: Sequence[Cell], number: int) -> Iterator[Line]:
    """Yield a setup step: what each runtime was sent, and what it answered.

    Requests that are the same are shown once.
    """
    exchanges = _exchanges(cells, number)
    sent = grouped(exchanges, lambda each: each[1].request)
    for request, receivers in sent.items():
        names = phrases.names([cell.runtime for cell, _ in receivers])
        for_whom = f", to {names}" if len(sent) > 1 else ""
        yield (
            (
                f"{step_name(-number - 1)}, not compared{for_whom}: {request.method} "
                f"{visible(request.target)}"
            ),
            "bold",
        )
        yield from _request_lines(request)
    for cell, exchange in exchanges:
        yield from _seen_lines(cell, exchange.seen, "")


def _request_lines(request: Request) -> Iterator[Line]:
    for name, value in request.headers:
        yield f"  {visible(f'{name}: {value}')}", "dim"
    if request.body is not None:
        yield f"  {_body(request.body)}", ""


def _seen_lines(cell: Cell, seen: Observation, declared: str) -> Iterator[Line]:
    how = "" if cell.live else " (recorded)"
    if isinstance(seen, Fault):
        yield (
            f"  {cell.runtime}{how}: {seen.kind.value} in {seen.phase}: {visible(seen.detail)}",
            "red",
        )
        if seen.last is not None:
            yield from _answer_lines("its last answer", seen.last, declared)
        return
    if isinstance(seen, NotAsked):
        yield f"  {cell.runtime}{how}: not asked: {visible(seen.reason)}", "dim"
        return
    yield from _answer_lines(f"{cell.runtime}{how}", seen, declared)


def _answer_lines(whose: str, seen: Answer, declared: str) -> Iterator[Line]:
    again = f", the answer to request {seen.askings}" if seen.askings > 1 else ""
    again += f", the items of {plural(len(seen.pages), 'page')}" if seen.pages else ""
    yield f"  {whose}: {seen.status} {visible(seen.reason)}  {seen.elapsed_ms} ms{again}", "bold"
    for name, value in seen.headers:
        yield f"    {visible(f'{name}: {value}')}", "dim"
    if seen.body:
        yield from _body_lines(read_body_of(seen, declared))
    if seen.retried:
        yield "    the kept connection had gone stale; this is the answer on a fresh one", "dim"
    if seen.notes:
        yield f"    notes: {visible(', '.join(seen.notes))}", "yellow"


def _body_lines(body: Body) -> Iterator[Line]:
    """Yield a body as it was sent, and as it was parsed if that differs.

    Bytes are shown by size and digest.
    """
    yield f"    {_cut(shown_body(body), len(body.raw))}", ""
    if body.structured and (body.kind != JSON or body.by_label):
        yield f"    read as {body.kind}: {_cut(compact(body.value), len(body.raw))}", "dim"
    elif body.misfit:
        yield (
            f"    read as {body.kind}, as it is not what it is said to be: {visible(body.misfit)}",
            "dim",
        )


def _body(body: bytes) -> str:
    return _cut(body.decode("utf-8", "backslashreplace"), len(body))


def _cut(text: str, size: int) -> str:
    printed = visible(text)
    return (
        printed
        if len(printed) <= _BODY_CHARACTERS
        else f"{printed[:_BODY_CHARACTERS]}… ({plural(size, 'byte')})"
    )
