"""A run that proves nothing is never green: what it says, and with which exit code."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command import conformance
from tests.cli.proof_runs import SUITE, run
from tests.miniatures.server import Reply, always, serve

ONE_CASE = "1 case, for example shop/items/one"


@pytest.mark.parametrize(
    ("status", "more", "second", "ends"),
    [
        pytest.param(200, "", True, (0, "PARITY"), id="compared"),
        pytest.param(
            200,
            "",
            False,
            (5, "NOTHING PROVED: no case compared two answers, or one answer"),
            id="alone",
        ),
        pytest.param(
            200, "    expect: {status: 200}\n", False, (0, "PARITY"), id="alone-as-expected"
        ),
        pytest.param(
            401,
            "",
            True,
            (5, "NOTHING PROVED: no answer of the whole run was 2xx or 3xx"),
            id="refused",
        ),
        pytest.param(
            401, "    expect: {status: 401}\n", True, (0, "PARITY"), id="refused-as-expected"
        ),
        pytest.param(302, "", True, (0, "PARITY"), id="redirected"),
        pytest.param(
            200,
            "    requires: [serach]\n",
            True,
            (5, "NOTHING PROVED: no case compared"),
            id="all-skipped",
        ),
    ],
)
def test_nothing_proved(
    tmp_path: Path, status: int, more: str, second: bool, ends: tuple[int, str]
) -> None:
    """Answers that nobody compares or expects, and refusals that nobody expects, are no parity."""
    words = ("--supports", "a=search", "--supports", "b=search") if "requires" in more else ()
    got = run(tmp_path, always({"id": 1}, status), *words, more=more, second=second)
    code, said = ends
    assert (got[0], got[1][: len(said)]) == (code, said)
    gate = conformance("gate", cwd=tmp_path)
    assert (gate.returncode, said in gate.stdout) == (code, True)


def test_fewer_cases_than_demanded(tmp_path: Path) -> None:
    """A demand for compared cases is kept in the record, and may be made of a saved run."""
    code, said = run(tmp_path, always({"id": 1}), "--min-compared", "2")
    assert (code, said) == (5, "NOTHING PROVED: 1 case was compared, and at least 2 are demanded")
    assert conformance("gate", cwd=tmp_path).returncode == 5
    assert conformance("gate", "--min-compared", "1", cwd=tmp_path).returncode == 0


def test_strict(tmp_path: Path) -> None:
    """What was not checked is red in a strict run: here a case that was skipped."""
    more = "  - name: two\n    request: {GET: /items/2}\n    requires: [search]\n"
    words = ("--supports", "a=x", "--supports", "b=x")
    assert run(tmp_path, always({"id": 1}), *words, more=more)[0] == 0
    code, said = run(tmp_path, always({"id": 1}), *words, "--strict", more=more)
    assert (code, said) == (1, "RED: 1 thing not checked")
    (suite,) = ET.parse(tmp_path / "reports/runs/latest/junit.xml").getroot()  # noqa: S314 - our own
    failures = [case.get("name") for case in suite if case.find("failure") is not None]
    assert (suite.get("failures"), failures) == ("1", ["not checked: cases skipped"])


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [
        ("$", "any", 1),
        ("$", "object", 1),
        ("$.*", "any", 1),
        ("$.id", "any", 1),
        ("$.id", "integer", 0),
    ],
)
def test_a_rule_that_hides_a_whole_body_is_said(
    tmp_path: Path, path: str, kind: str, code: int
) -> None:
    """However small a body is: a rule about its root hides all of it, and a strict run is red."""
    more = f"    compare: value\n    rules: [{{path: {path}, is: {kind}, why: w}}]\n"
    (tmp_path / "shop.yaml").write_text(SUITE.format(more=more))
    with serve(always({"id": 1})) as a, serve(always({"id": 2})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        done = conformance("run", "shop.yaml", *runtimes, "--strict", cwd=tmp_path)
    said = "bodies that rules hide completely (shop.yaml:6:"
    assert (done.returncode, said in done.stdout) == (code, bool(code)), done.stdout
    warned = (
        f"rule shop.yaml:6:13: {path} hid more than half of a body" in done.stdout + done.stderr
    )
    assert warned is (path != "$.id")


def test_what_was_not_checked_is_said(tmp_path: Path) -> None:
    """A closing section names what was left out, with a hint.

    JUnit fails where nothing is proved.
    """
    more = "  - name: two\n    request: {GET: /items/2}\n    requires: [search]\n"
    (tmp_path / "shop.yaml").write_text(SUITE.format(more=more))
    with serve(always({"id": 1}, 401)) as a, serve(always({"id": 1}, 401)) as b:
        supports = ("--supports", "a=x", "--supports", "b=x")
        done = conformance(
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            *supports,
            cwd=tmp_path,
        )
    skipped, refused = done.stdout.partition("not checked:\n")[2].splitlines()[:2]
    assert skipped.startswith(
        "  cases skipped (a does not support search; b does not support search): 1 case, for "
        "example shop/"
    )
    assert skipped.endswith("; hint: name a second runtime that supports them")
    assert refused.startswith(
        "  cases in which no runtime answered 2xx or 3xx: 1 case, for example shop/items/one; "
        "hint: "
    )
    junit = conformance("report", "--format", "junit", cwd=tmp_path).stdout
    assert '<testcase classname="run" name="the run proves something"><failure' in junit
    assert 'failures="1"' in junit


def test_what_all_answers_share_and_what_nobody_sent(tmp_path: Path) -> None:
    """A note that all answers have and a misspelt header field are both reported.

    The note is no difference, and the field compares nothing.
    """
    broken = Reply(headers={"content-type": "application/json"}, body=b'{"id": 1')
    (tmp_path / "shop.yaml").write_text(
        SUITE.format(more="").replace("cases:", "headers: [x-total-cuont]\ncases:")
    )
    with serve(lambda _: broken) as a, serve(lambda _: broken) as b:
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        )
    shared, unsent = done.stdout.partition("not checked:\n")[2].splitlines()[:2]
    assert shared.startswith(
        "  notes that all answers of a step share (invalid-json): 1 case, for example "
        "shop/items/one"
    )
    assert unsent.startswith(
        "  named header fields that no answer of the run has (x-total-cuont): 1 case, for example "
        "shop/items/one"
    )
    assert done.returncode == 0


def test_notes_can_be_demanded(tmp_path: Path) -> None:
    """A case that expects no notes fails where an answer has one, also if all answers have it."""
    broken = Reply(headers={"content-type": "application/json"}, body=b'{"id": 1')
    code, _ = run(tmp_path, lambda _: broken, more="    expect: {notes: []}\n")
    report = (tmp_path / "reports" / "runs" / "latest" / "report.md").read_text()
    assert (code, "a, b: wanted no notes, got invalid-json" in report) == (1, True), report
    assert run(tmp_path, lambda _: broken, more="    expect: {notes: [invalid-json]}\n")[0] == 0
    assert run(tmp_path, always({"id": 1}), more="    expect: {notes: []}\n")[0] == 0


@pytest.mark.parametrize(("against", "code"), [("lakehouse", 0), ("lakehuose", 1)])
def test_a_label_that_no_runtime_has(tmp_path: Path, against: str, code: int) -> None:
    """A misspelt label picks nothing: all runtimes without labels are asked, and a line says so."""
    (tmp_path / "shop.yaml").write_text(
        SUITE.format(more="").replace("cases:", f"against: {against}\ncases:")
    )
    with serve(always({"id": 1})) as a, serve(always({"id": 1})) as b:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{a}', labels: [lakehouse]}}\n  b: {{url: '{b}'}}\n  c: "
            f"{{url: '{b}'}}\n"
        )
        done = conformance("run", "shop.yaml", "--strict", cwd=tmp_path)
    line = (
        "cases that ask for a label that no runtime has (lakehuose): 1 case, for example "
        "shop/items/one"
    )
    assert (done.returncode, line in done.stdout) == (code, bool(code)), done.stdout


@pytest.mark.parametrize(
    ("first", "second", "paths", "hides"),
    [
        pytest.param({"a": 1, "b": 2}, {"a": 3, "b": 4}, ["$.a", "$.b"], True, id="together"),
        pytest.param(
            {"a": 1, "b": 2}, {"a": 3, "b": 2}, ["$.a", "$.b"], False, id="one-is-the-same"
        ),
        pytest.param({"a": 1, "b": 2}, {"a": 3, "b": 2}, ["$.a"], False, id="one-is-compared"),
        pytest.param({"a": 1}, {"a": [1, 2, {"b": 3}]}, ["$.a"], True, id="more-below"),
        pytest.param({"a": 1}, {}, ["$.a"], True, id="absent"),
        pytest.param(
            {"a": 1, "k": 5}, {"b": 1, "k": 5}, ["$.a", "$.b"], False, id="a-third-is-compared"
        ),
        pytest.param(
            {"l": [{"a": 1}, {"a": 2}]},
            {"l": [{"a": 3}]},
            ["$.l[*].a"],
            False,
            id="lists-of-two-lengths",  # the length is compared
        ),
        pytest.param(
            {"l": [{"a": 1}]}, {"l": [{"a": 3}]}, ["$.l[*].a"], True, id="lists-of-one-length"
        ),
    ],
)
def test_rules_that_together_hide_a_body(
    tmp_path: Path, first: object, second: object, paths: list[str], *, hides: bool
) -> None:
    """Rules that accept anything hide a body where nothing else in it is compared."""
    rules = ", ".join(f"{{path: '{path}', is: any, why: w}}" for path in paths)
    (tmp_path / "shop.yaml").write_text(
        SUITE.format(more=f"    compare: value\n    rules: [{rules}]\n")
    )
    with serve(always(first)) as a, serve(always(second)) as b:
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        )
    assert ("bodies that rules hide completely (shop.yaml:6:13: " in done.stdout) is hides, (
        done.stdout
    )
