"""What `explain` shows of a cause and of a case, of a run of three runtimes."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from conformance.ledger.file import parse_ledger
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

SUITE = """\
suite: s
compare: value
cases:
  - {name: one, request: {GET: /1}}
  - {name: two, request: {GET: /2}}
  - {name: text, request: {GET: /text}}
  - {name: digits, request: {GET: /digits}}
"""
DIGITS = (
    b'{"rate": 1.10, "id": 12345678901234567890}',
    b'{"rate": 1.20, "id": 12345678901234567890}',
)


def shop(number: int) -> Service:
    """Return one of three runtimes."""

    def service(request: Received) -> Reply:
        if request.target == "/text":
            return Reply(headers={"content-type": "text/plain"}, body=b"one" if number else b"two")
        if request.target == "/digits":
            return Reply(body=DIGITS[number == 2])
        items = [
            {"n": 1 + (number == 2), "t": "x"},
            {"n": 3, "t": "z" if number == 1 else "y"},
            {"n": 4 + number},
        ]
        return json_reply(
            {"items": items, "total": "0" if number == 0 else number, "flags": [number == 1 or 1]}
        )

    return service


@pytest.fixture(name="folder", scope="module")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a run."""
    folder = tmp_path_factory.mktemp("explained")
    (folder / "s.yaml").write_text(SUITE)
    with contextlib.ExitStack() as running:
        urls = {
            name: running.enter_context(serve(shop(number))) for number, name in enumerate("abc")
        }
        words = [word for name, url in urls.items() for word in ("--runtime", f"{name}={url}")]
        assert conformance("run", "s.yaml", *words, cwd=folder).returncode == 1
    return folder


def key_of(folder: Path, title: str) -> str:
    """Return the key that the report gives a cause."""
    printed = conformance("report", "--verbose", cwd=folder).stdout
    found = re.search(rf"^\d+\. \[(\w+)\] {re.escape(title)} — ", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def test_a_cause_in_one_case(folder: Path) -> None:
    """The cause comes first, then one case with one difference, its signature once.

    What else there is follows.
    """
    key = key_of(folder, "value of $.items[*].t differs")
    shown = conformance("explain", key, cwd=folder).stdout
    sentence = 'value of $.items[*].t differs: b is the odd one out ("z"); a, c: "y"\n'

    assert re.match(r"\d+\. \[\w+\] value of \$\.items\[\*\]\.t differs — 2 of 4 cases\n", shown)
    assert shown.count("\nGET /") == 1
    assert shown.count(sentence) == 1
    assert (
        shown.count("  signature: value@$.items[*].t (differs | differs)\n") == 2
    )  # of the cause, and of the case
    assert '  b     "z"\n  a, c  "y"\n' in shown
    assert re.search(
        r"\n\d+ more differences in this case; `conformance explain s/one` shows all\n", shown
    )
    assert shown.endswith("\n… and 1 more case (--all shows them)\n")


def test_a_cause_has_one_row_and_one_difference(folder: Path) -> None:
    """The row that `decide` would write, and one change of many at its exact path; `--all` the rest.

    Paths are written as JSON paths.
    """
    key = key_of(folder, "value of $.items[*].t differs")
    shown = conformance("explain", key, cwd=folder).stdout
    whole = conformance("explain", key, "--all", cwd=folder).stdout
    row = shown.partition("the row that this command writes, without reason and owner:\n")[2]
    lines = [line.removeprefix("     ") for line in row.partition("\n\n")[0].splitlines()]

    assert lines[0].startswith("- id: D-001")
    assert "  reason: TODO" in lines
    written = "decisions:\n" + "".join(
        f"  {line}\n" for line in lines if line.startswith((" ", "-"))
    )
    assert parse_ledger(written.replace("TODO", "me").encode(), "x").decisions[0].cause == "value"
    (change,) = re.findall(r"^  in the body from \w to \w: (.*)$", shown, re.MULTILINE)
    assert change == '$.items[1].t: "y" → "z"'
    assert "root[" not in shown + whole
    assert shown.count("\nvalue of $.items[*].t differs") == 1
    assert whole.count("\nvalue of $.items[*].t differs") > 1
    assert len(shown.splitlines()) < len(whole.splitlines())


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"t": "zz"}, '$.items[3].t: "s" → $.items[0].t: "zz"'),
        ({"t": None}, '$.items[3].t: "s" → $.items[0].t: null'),
        ({}, '$.items[3].t: "s" → absent'),
    ],
)
def test_elements_in_another_order(tmp_path: Path, changed: dict[str, Any], line: str) -> None:
    """The change in the bodies is that of the example, not that of the same positions."""
    letters = [{"id": number, "t": letter} for number, letter in enumerate("pqrs", start=1)]
    other = [{"id": 4} | changed, *reversed(letters[:3])]
    (tmp_path / "s.yaml").write_text(
        "suite: s\ncompare: value\ncases:\n  - {name: one, request: {GET: /}}\n"
    )
    with serve(always({"items": letters})) as a, serve(always({"items": other})) as b:
        both = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        conformance("run", "s.yaml", *both, cwd=tmp_path)
        groups = json.loads((tmp_path / "reports/runs/latest/report.json").read_text())["groups"]
        key = next(group["key"] for group in groups if group["places"] == ["$.items[*].t"])
        shown = conformance("explain", key, cwd=tmp_path).stdout
    assert re.findall(r"^  in the body from a to b: (.*)$", shown, re.MULTILINE) == [line]


def test_a_type_that_differs_is_shown_at_its_path(folder: Path) -> None:
    """A difference of shape has its exact path, too."""
    key = key_of(folder, "number as string")
    shown = conformance("explain", key, cwd=folder).stdout

    assert re.search(r'^  in the body from \w to \w: \$\.total: .*"0"', shown, re.MULTILINE)


def test_all_cases_of_a_cause(folder: Path) -> None:
    """`--all` shows each case that shows the cause, and nothing is left out."""
    key = key_of(folder, "value of $.items[*].t differs")
    shown = conformance("explain", key, "--all", cwd=folder).stdout

    assert re.findall(r"^GET (\S+)$", shown, re.MULTILINE) == ["/1", "/2"]
    assert "more case" not in shown


def test_differences_that_are_alike_are_one(folder: Path) -> None:
    """In a case, differences with the same signatures are shown by one of them.

    `--all` shows each.
    """
    shown = conformance("explain", "s/one", cwd=folder).stdout
    whole = conformance("explain", "s/one", "--all", cwd=folder).stdout
    signature = "  signature: value@$.items[*].n (differs | differs)\n"

    assert shown.count(signature) == whole.count(signature) == 1
    assert "  and 1 more difference like it (--all)\n" in shown
    assert "value of $.items[*].n differs: a 4 · b 5 · c 6\n" in whole
    assert "value of $.items[*].n differs: c is the odd one out (2); a, b: 1\n" in whole


def test_changes_by_their_paths(folder: Path) -> None:
    """Changes between two bodies are paths with values as they were sent.

    Types are distinguished, and no digit is lost.
    """
    shown = conformance("explain", "s/one", cwd=folder).stdout
    digits = conformance("explain", "s/digits", cwd=folder).stdout

    changes = shown.partition(
        "all that changes in the body from a to b, whatever a rule allows:\n"
    )[2].splitlines()
    assert changes[:4] == [
        "  $.flags[0]: 1 → true",
        '  $.items[1].t: "y" → "z"',
        "  $.items[2].n: 4 → 5",
        '  $.total: "0" → 1',
    ]
    assert digits.rstrip().endswith("whatever a rule allows:\n  $.rate: 1.10 → 1.20")


def test_no_section_is_empty(folder: Path) -> None:
    """Bodies that are no JSON have no list of changes, and no words before it."""
    shown = conformance("explain", "s/text", cwd=folder).stdout

    assert "all that changes" not in shown
    assert ":\n\n" not in shown


def test_a_target_that_means_nothing(folder: Path) -> None:
    """Neither a case nor a cause is called so: both are said, as a key may have been meant."""
    done = conformance("explain", "zzzz", cwd=folder)
    assert done.returncode == 2
    assert re.search(
        r"error: zzzz: \S+ has no such case, and no cause with such a key", done.stderr
    )


def saying(reply: Reply) -> Service:
    """Return a service that answers everything alike."""
    return lambda _: reply


def test_a_body_is_read_as_the_suite_says(tmp_path: Path) -> None:
    """A saved run knows what the suite says a body is: what changed in it is told by path."""
    (tmp_path / "s.yaml").write_text(
        "suite: s\ncompare: value\nbody: events\ncases:\n  - {name: x, request: {GET: /}}\n"
    )
    with contextlib.ExitStack() as running:
        words = []
        for name in "ab":
            reply = Reply(
                headers={"content-type": "text/html"}, body=f'data: {{"n":"{name}"}}\n\n'.encode()
            )
            words += ["--runtime", f"{name}={running.enter_context(serve(saying(reply)))}"]
        assert conformance("run", "s.yaml", *words, cwd=tmp_path).returncode == 1

    printed = conformance("explain", "s/x", cwd=tmp_path).stdout
    assert '    read as events: [{"data":{"n":"a"}}]' in printed.splitlines()
    assert '  $[0].data.n: "a" → "b"' in printed.splitlines()
