"""Streams through the whole program: twelve planted defects are named.

An answer that never ends is compared.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.model.decision import Ledger
from conformance.model.report import RunReport
from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.model.verdict import Verdict
from conformance.pipeline import RunPlan, run
from tests.comparison.live_runs import header, runtime
from tests.miniatures.model_streams import ALL_AT_THE_END, DEFECTS, answer, streams
from tests.miniatures.server import Script, serve_script
from tests.suites.reading import cases_in

RULES = """\
rules:
  - {path: "$[*].data.choices[*].delta.content", as: concatenated, why: each cuts the text elsewhere}
"""
NAMED = {
    "renamed-delta": {
        ("member", "$[*].data.choices[*].delta.content"),
        ("member", "$[*].data.choices[*].delta.text"),
        ("length", "$"),
    },
    "missing-terminator": {("note", "note ends-with-done")},
    "split-code-points": {("replaced-characters", "$[*].data.choices[*].delta.content")},
    "wrong-order": {("value", "$[*].data.choices[*].delta.content")},
    "lost-usage": {("length", "$")},
    "doubled-event": {("length", "$")},
    "wrong-finish-reason": {("value", "$[*].data.choices[*].finish_reason")},
    "renamed-event": {("value", "$[*].event")},
    "no-event-id": {("member", "$[*].id")},
    "tokens-as-text": {("number-as-string", "$[*].data.usage.completion_tokens")},
    "no-role": {("member", "$[*].data.choices[*].delta.role")},
    ALL_AT_THE_END: {("note", "note all-at-the-end")},
}

TITLES = {
    "renamed-delta": "member $[*].data.choices[*].delta.text: only in b",
    "missing-terminator": "note ends-with-done differs",
    "split-code-points": "characters replaced",
    "wrong-order": "value of $[*].data.choices[*].delta.content differs",
    "lost-usage": "length of $ differs",
    "doubled-event": "length of $ differs",
    "wrong-finish-reason": "value of $[*].data.choices[*].finish_reason differs",
    "renamed-event": "value of $[*].event differs",
    "no-event-id": "member $[*].id: only in a",
    "tokens-as-text": "number as string",
    "no-role": "member $[*].data.choices[*].delta.role: only in a",
    ALL_AT_THE_END: "note all-at-the-end differs",
}
"""The title of a cause, by which a reader of the report knows each defect."""
EXTRA = {"lost-usage": ("a", '"usage":'), "doubled-event": ("b", '"usage":')}
"""Where the title is of a length alone: the runtime that has more, and what is extra there."""


def replay(folder: Path, scripts: dict[str, Script], case: str) -> RunReport:
    """Run one case, written as its fields, against streams on ports of their own."""
    cases = cases_in(
        folder, f"suite: chat/stream\ncompare: value\n{RULES}cases:\n  - name: x\n{case}"
    )
    with _served(scripts) as runtimes:
        return run(
            RunPlan(
                header=header(),
                cases=cases,
                runtimes=tuple(runtimes),
                ledger=Ledger(),
                folder=folder,
            ),
            environment={},
        )


@contextlib.contextmanager
def _served(scripts: dict[str, Script]) -> Iterator[list[Runtime]]:
    with contextlib.ExitStack() as running:
        yield [
            runtime(name, AttachedRuntime(url=running.enter_context(serve_script(script))))
            for name, script in scripts.items()
        ]


def named(report: RunReport) -> set[tuple[str, str]]:
    """Return the names and places of all causes, without what only follows from them."""
    assert not report.counts[Verdict.ERRORED], report.cases
    return {
        (signature.name, signature.path)
        for group in report.groups
        for signature in group.signatures
        if signature.path not in {each.place for each in group.also}
    }


def titles(report: RunReport) -> set[str]:
    """Return the titles of all causes."""
    return {group.title for group in report.groups}


ASK = "    request: {GET: /}\n"


def test_two_servers_that_cut_their_text_elsewhere_are_at_parity(tmp_path: Path) -> None:
    """Chunks, comments and where a text is cut are no difference."""
    assert named(replay(tmp_path, {"a": streams(answer(2)), "b": streams(answer(5))}, ASK)) == set()


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_named(tmp_path: Path, defect: str) -> None:
    """Each of the defects is told by its name, at its place.

    What is not joined any more is a length besides.
    """
    scripts = {"a": streams(answer(2)), "b": streams(DEFECTS[defect](answer(2)))}
    report = replay(tmp_path, scripts, ASK)
    assert named(report) == NAMED[defect]
    assert TITLES[defect] in titles(report)
    if defect in EXTRA:
        (group,) = (group for group in report.groups if group.title == TITLES[defect])
        (finding,) = (example.finding for example in group.examples)
        more, what = EXTRA[defect]
        shown = {name: "extra: " in sent and what in sent for name, sent in finding.sent[0]}
        assert shown == {"a": more == "a", "b": more == "b"}


def test_no_two_defects_have_one_title() -> None:
    """All twelve are there; a title, or what is extra in a list, tells one from all others."""
    known = {(title, EXTRA.get(defect)) for defect, title in TITLES.items()}
    assert len(known) == len(TITLES) == len(DEFECTS) + 1


def test_a_stream_that_is_held_back_is_named(tmp_path: Path) -> None:
    """With `timing: true`, a stream sent all at the end differs from one sent event by event."""
    scripts = {"a": streams(answer(9), 0.1), "b": streams(answer(9), 0.1, held_back=True)}
    report = replay(tmp_path, scripts, ASK + "    timing: true\n")
    assert (named(report), titles(report)) == (NAMED[ALL_AT_THE_END], {TITLES[ALL_AT_THE_END]})
    assert named(replay(tmp_path, scripts, ASK)) == set()


@pytest.mark.parametrize(
    "stop_after", ["{events: 3}", '{match: \'"finish_reason": "stop"\'}', "{ms: 300}"]
)
def test_a_stream_that_never_ends_is_cut_and_compared(tmp_path: Path, stop_after: str) -> None:
    """What came before the end that the step asks for is compared; what differs in it is found."""
    right, wrong = (
        streams(answer(9), endless=True),
        streams(DEFECTS["no-role"](answer(9)), endless=True),
    )
    fields = f"{ASK}    stop_after: {stop_after}\n"
    assert named(replay(tmp_path, {"a": right, "b": right}, fields)) == set()
    assert named(replay(tmp_path, {"a": right, "b": wrong}, fields)) == NAMED["no-role"]


def test_an_end_that_does_not_come_is_noted(tmp_path: Path) -> None:
    """If one runtime never sends the awaited event, what it sent until then is compared."""
    scripts = {"a": streams(answer(9), endless=True), "b": streams(answer(9)[:3], endless=True)}
    fields = ASK + "    stop_after: {match: usage}\n    timeout_ms: 600\n"
    assert ("note", "note stop-not-reached") in named(replay(tmp_path, scripts, fields))
