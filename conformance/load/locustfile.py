"""The same load for Locust: a file for its `-f`, so that several machines can drive it.

|    LOAD_FILE=cases/load/multitier.yaml LOAD_ROWS=rows.ndjson locust -f |
conformance/load/locustfile.py …

In: the load file; `LOAD_ROWS`, the rows if the load file names none; `LOAD_SCENARIOS`, the number
of scenarios for all workers together; `LOAD_FIRST` and `LOAD_OF`: this worker takes every
`LOAD_OF`-th scenario from `LOAD_FIRST` on. Out: Locust's own figures, with one entry for each
scenario, failed if an answer does not meet the expectations, and one entry for each of its steps.
"""

import itertools
import os
import time
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task

from conformance.errors import UsageError
from conformance.load.deck import Deck, read_rows
from conformance.load.file import read_load
from conformance.load.tally import step_names
from conformance.load.users import Failure, failure_of
from conformance.model.case import Case
from conformance.model.observation import (
    Answer,
    Cell,
    DeadEnd,
    Fault,
    FaultKind,
    NotAsked,
    Observation,
)
from conformance.model.request import Request
from conformance.model.template import KnownName
from conformance.runner.captures import NothingFoundError, dead_end, take

_LOAD = read_load(Path(os.environ["LOAD_FILE"]))
_NOT_SENT = [
    scenario.name
    for scenario in _LOAD.scenarios
    if scenario.case.setup
    or scenario.case.cookies
    or scenario.case.signers
    or scenario.case.login_names
    or any(step.until or step.pages for step in scenario.case.steps)
]
if _NOT_SENT:
    raise UsageError(
        f"{', '.join(_NOT_SENT)}: Locust knows no setup, cookies, signers, logins, `until` and "
        "`pages`",
        hint="use `conformance load`",
    )
_ROWS = os.environ.get("LOAD_ROWS")
_DECK = Deck(
    _LOAD.scenarios,
    read_rows(Path(_ROWS) if _ROWS else _LOAD.rows),
    _LOAD.pace.seed,
    os.environ.get("LOAD_RUN", "locust"),
)
_FIRST, _OF = int(os.environ.get("LOAD_FIRST", "0")), int(os.environ.get("LOAD_OF", "1"))
_MOST = os.environ.get("LOAD_SCENARIOS")
_NUMBERS = iter(range(_FIRST, int(_MOST), _OF)) if _MOST else itertools.count(_FIRST, _OF)


class Desk(FastHttpUser):  # type: ignore[misc]
    """A user of Locust that goes through one scenario after another."""

    @task  # type: ignore[untyped-decorator]
    def scenario(self) -> None:
        """Run the next scenario, if one is left."""
        number = next(_NUMBERS, None)
        if number is None:
            time.sleep(0.2)
            return
        hand = _DECK.deal(number)
        scenario = _LOAD.scenarios[hand.scenario]
        started_s = time.perf_counter()
        failure = self._through(scenario.name, scenario.case, hand.known)
        events.request.fire(
            request_type="scenario",
            name=scenario.name,
            response_time=(time.perf_counter() - started_s) * 1_000,
            response_length=0,
            exception=None if failure is None else RuntimeError(failure.cause),
            context={},
        )

    def _through(self, scenario: str, case: Case, known: dict[str, KnownName]) -> Failure | None:
        seen: list[Observation] = []
        end: DeadEnd | None = None
        for index, (step, name) in enumerate(zip(case.steps, step_names(case), strict=True)):
            if end is not None or (seen and not isinstance(seen[-1], Answer)):
                seen.append(NotAsked(reason="an earlier step came to nothing"))
                continue
            request = step.request if step.template is None else step.template.filled(known)
            answer = self._asked(request, f"{scenario} {name}")
            seen.append(answer)
            if not isinstance(answer, Answer):
                continue
            for capture in step.captures:
                try:
                    known[capture.name] = take(capture, answer, step.body)
                except NothingFoundError as error:
                    end = dead_end(index, capture, error)
                    break
        cell = Cell(
            runtime="locust",
            live=True,
            observations=tuple(seen),
            names=tuple(known.values()),
            dead_end=end,
        )
        return failure_of(case, cell)

    def _asked(self, request: Request, name: str) -> Observation:
        started_s = time.perf_counter()
        with self.client.request(
            request.method,
            request.target,
            data=request.body,
            headers=dict(request.headers),
            catch_response=True,
            name=name,
            allow_redirects=False,
        ) as response:
            elapsed_ms = (time.perf_counter() - started_s) * 1_000
            response.success()  # the expectations of the step judge it, not Locust
            if not response.status_code:
                detail = str(response.error)
                return Fault(
                    kind=FaultKind.CONNECT_FAILED,
                    phase="exchange",
                    detail=detail,
                    elapsed_ms=elapsed_ms,
                )
            return _answer(response, elapsed_ms)


def _answer(response: Any, elapsed_ms: float) -> Answer:
    return Answer(
        status=response.status_code,
        reason="",
        headers=tuple((name, value) for name, value in response.headers.items()),
        body=response.content or b"",
        elapsed_ms=elapsed_ms,
    )
