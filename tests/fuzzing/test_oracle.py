"""What is sent only to see its answers is not compared: that is most of the time before a search."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Oracle
from conformance.fuzzing.probe import Probe
from conformance.model.case import Case
from conformance.model.decision import Ledger
from conformance.model.observation import Answer, Cell


async def _observe(case: Case) -> tuple[Cell, ...]:
    bodies = {"a": b'{"size":1}', "b": b'{"size":2}'}
    made = {
        name: Answer(status=200, reason="", headers=(), body=body, elapsed_ms=1.0)
        for name, body in bodies.items()
    }
    return tuple(
        Cell(runtime=name, live=True, observations=(each,) * len(case.steps))
        for name, each in made.items()
    )


async def _on(_: object, work: Callable[[], Any]) -> Any:
    return work()


def test_only_what_is_asked_is_compared() -> None:
    session: Any = SimpleNamespace(observe=_observe, down={}, work=SimpleNamespace(on=_on))
    oracle = Oracle(session, None, Ledger())
    probe = Probe((FormStep(Form(method="GET", path=("things",))),), ("GET /things",), "base")

    assert asyncio.run(oracle.send(probe)).causes
    tried = asyncio.run(oracle.try_out(probe))
    assert tried.accepted()
    assert not tried.causes
