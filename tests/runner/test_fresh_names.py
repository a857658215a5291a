"""Names that the harness makes for a case: sent, compared and recorded."""

import re
from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.model.made_value import fresh_text
from conformance.model.runtime import RecordedRuntime, Runtime
from conformance.model.verdict import Verdict
from conformance.runner.recording import RecordingHeader, rows_of, write_recording
from tests.comparison.live_runs import replay
from tests.miniatures.registries import Registry, serial, spelled
from tests.miniatures.server import always, serve
from tests.runner.starting import PLACE, attached, observed
from tests.suites.reading import cases_in

FRESH = """\
suite: workers/x
isolate: names
cases:
  - name: x
    steps:
      - request: {POST: /workers, json: {name: "${fresh:ann}", again: "${fresh:ann}", other: "${fresh:bob}"}}
        capture: {id: {path: $.id, identity: worker}}
      - {request: {POST: /echo, raw: "name ${fresh:ann}"}}
    cleanup: [{request: {DELETE: "/workers/${fresh:ann}"}}]
  - name: "y"
    request: {POST: /workers, json: {name: "${fresh:ann}"}}
    capture: {id: {path: $.id, identity: worker}}
"""


def test_fresh_names(tmp_path: Path) -> None:
    """A fresh name is one value in a case, of one width, and compared as identity.

    It is another value in each case and runtime.
    """
    left, right = Registry(serial(0)), Registry(serial(0))
    written = FRESH.replace("cases:", "compare: value\ncases:")
    report = replay(tmp_path, {"a": left, "b": right}, *cases_in(tmp_path, written))
    assert report.counts[Verdict.PASSED] == 2
    names = []
    for registry in (left, right):
        first = next(each for each in registry.received if b"again" in each.body).json()
        assert first["name"] == first["again"] != first["other"]
        assert any(each.target == f"/workers/{first['name']}" for each in registry.received)
        assert any(each.body == f"name {first['name']}".encode() for each in registry.received)
        names += [each["name"] for each in registry.workers.values()]
    assert len(set(names)) == 4
    assert {len(str(name)) for name in names} == {16}


def test_a_fresh_name_has_the_form_of_a_text() -> None:
    """A service that takes capitals and digits alone would refuse the usual one."""
    names = [fresh_text("fresh:sku:AB-12.c", seed) for seed in ("1", "2", "2")]
    assert all(re.fullmatch(r"[A-Z]{2}-[0-9]{2}\.[a-z]", name) for name in names)
    assert names[0] != names[1] == names[2]


@pytest.mark.parametrize(
    ("name", "is_known"),
    [("fresh:ann", True), ("fresh:sku:AB-1", True), ("fresh:sku:", False), ("fresh:sku:é", False)],
)
def test_the_form_of_a_fresh_name_is_made_of_plain_signs(
    tmp_path: Path, name: str, *, is_known: bool
) -> None:
    written = FRESH.replace("fresh:ann", name)
    if is_known:
        assert name in cases_in(tmp_path, written)[0].fresh_names
        return
    with pytest.raises(BadFileError):
        cases_in(tmp_path, written)


def test_each_attempt_has_fresh_names(tmp_path: Path) -> None:
    """A case that is resent for an undecided difference does not meet what it made before."""
    registry = Registry(serial(0))
    written = FRESH.replace("suite: workers/x", "suite: workers/y")
    replay(tmp_path, {"a": registry, "b": always({}, 500)}, *cases_in(tmp_path, written))
    names = [
        each.json()["name"]
        for each in registry.received
        if each.method == "POST" and each.target == "/workers"
    ]
    assert (len(names), len(set(names))) == (4, 4)


def test_a_recording_keeps_captures_and_fresh_names(tmp_path: Path) -> None:
    """Recorded answers are read under their recorded names, and compare equal to live ones."""
    written = """\
suite: workers/x
isolate: names
compare: value
cases:
  - name: x
    steps:
      - request: {POST: /workers, json: {name: "${fresh:ann}"}}
        capture: {id: {path: $.id, identity: worker}}
      - request: {GET: "/workers/${id}"}
"""
    cases = cases_in(tmp_path, written)
    with serve(Registry(spelled("old"))) as url:
        _, [cells] = observed([attached("old", url)], cases, tmp_path)
    header = RecordingHeader(runtime="old", recorded="2026-11-23", commit="", toolchain="")
    rows = list(rows_of(cases[0], cells[0]))
    assert rows[1]["request"]["target"] == "/workers/${id}"
    write_recording(tmp_path / "old.ndjson", header, rows)
    old = Runtime(name="old", reach=RecordedRuntime(file=tmp_path / "old.ndjson"), place=PLACE)
    report = replay(tmp_path, {"new": Registry(spelled("new"))}, *cases, others=(old,))
    assert (report.counts[Verdict.PASSED], report.groups) == (1, ())
