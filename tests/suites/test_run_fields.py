"""`run:`: what it means, and what it may not say."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.model.batch import BatchFile
from conformance.model.case import Case
from conformance.suites.suite_file import read_suite

WHOLE = """\
suite: batch/a
cases:
  - name: a
    run:
      args: [work, --root, .]
      environment: {A: b}
      clock: "2026-11-25T12:00:00Z"
      tree: data
      files: {x.txt: text, d/y.jsonl: {lines: [{a: 1.0}, 2]}, z.bin: {base64: AAE=}, v.json: {json: {b: null}}}
      memory_mib: 64
    expect: {exit: [0, 2]}
"""


def suite(run: str, more: str = "") -> str:
    """Return a suite with one run."""
    return f"suite: a/b\ncases:\n  - name: a\n    run: {run}\n{more}"


BAD = [
    (suite("[]"), "4:10: wanted an object"),
    (suite("{arg: []}"), "4:11: unknown field 'arg'; did you mean 'args'?"),
    (suite("{args: a}"), "4:17: wanted a list, got string 'a'"),
    (suite("{args: [1]}"), "wanted text without a NUL character, got integer '1'; quote it"),
    (suite("{clock: now}"), "wanted a time such as 2026-11-25T12:00:00Z, got 'now'"),
    (suite("{memory_mib: 0}"), "wanted an integer from 1 to 1000000, got 0"),
    (suite("{environment: {1A: b}}"), "unknown field '1A'"),
    (suite("{files: {/etc/x: a}}"), "unknown field '/etc/x'"),
    (suite("{files: {a: {line: []}}}"), "unknown field 'line'; did you mean 'lines'?"),
    (
        suite("{files: {a: {lines: [], json: 1}}}"),
        "wanted exactly one of lines, json, base64, file; got lines, json",
    ),
    (
        suite("{}", "    request: {GET: /}\n"),
        "wanted exactly one of request, run, steps; got run, request",
    ),
    (suite("{}", "    capture: {a: $.b}\n"), "field 'capture' goes with 'request' only"),
    (
        suite("{}", "    expect: {status: 200, exit: 0}\n"),
        "wanted at most one of status, exit; got status, exit",
    ),
    (suite("{}", "    expect: {exit: 256}\n"), "wanted an integer from 0 to 255, got 256"),
]
MEANINGLESS = [
    (suite("{files: {../x: a}}"), "'../x' leads out of the folder of the run"),
    (suite("{files: {a/../b: a}}"), "'a/../b' leads out of the folder of the run"),
    (suite("{files: {a: {base64: '?'}}}"), "no base64"),
    (suite("{files: {a: {file: nowhere}}}"), "'nowhere': no such file beside this suite"),
    (suite("{tree: nowhere}"), "'nowhere': no such folder beside this suite"),
    (suite("{tree: /etc}"), "'/etc' leads out of"),
    (suite("{}", "    expect: {status: 200}\n"), "field 'status' goes with 'request' only"),
    (
        "suite: a/b\ncases:\n  - {name: a, request: {GET: /}, expect: {exit: 0}}\n",
        "field 'exit' goes with 'run' only",
    ),
    (
        "suite: a/b\ncases:\n  - {name: a, steps: [{run: {}}, {request: {GET: /}}]}\n",
        "requests and runs do not mix",
    ),
    (suite("{args: ['${x}']}"), "nothing is named 'x' here"),
]


def read(folder: Path, text: str) -> tuple[Case, ...]:
    (folder / "data" / "sub").mkdir(parents=True)
    (folder / "data" / "sub" / "one.jsonl").write_text("{}\n")
    (folder / "data" / "x.txt").write_text("of the tree")
    file = folder / "suite.yaml"
    file.write_text(text)
    return read_suite(file)


def test_every_field(tmp_path: Path) -> None:
    """Files of the tree come first, named ones over them; the run is a request as well."""
    (case,) = read(tmp_path, WHOLE)
    (step,) = case.steps
    assert step.run is not None
    assert case.runs_commands
    assert step.run.arguments == ("work", "--root", ".")
    assert step.run.environment == (("A", "b"), ("CONFORMANCE_CLOCK", "2026-11-25T12:00:00Z"))
    assert step.run.memory_mib == 64
    assert step.run.files == (
        BatchFile(path="d/y.jsonl", content=b'{"a":1.0}\n2\n'),
        BatchFile(path="sub/one.jsonl", source=tmp_path / "data" / "sub" / "one.jsonl"),
        BatchFile(path="v.json", content=b'{"b":null}'),
        BatchFile(path="x.txt", content=b"text"),
        BatchFile(path="z.bin", content=b"\x00\x01"),
    )
    assert (step.request.method, step.request.target) == ("RUN", "work --root .")
    assert step.expectation.statuses == ("0", "2")


def test_the_key_of_a_run_is_all_it_is_given(tmp_path: Path) -> None:
    """Another argument, variable, clock or byte of a file is another request."""
    changes = (
        ("--root", "--rot"),
        ("A: b", "A: c"),
        ("12:00:00Z", "12:00:01Z"),
        ("a: 1.0", "a: 1.00"),
    )
    digests = set()
    for number, change in enumerate((("", ""), *changes)):
        folder = tmp_path / str(number)
        folder.mkdir()
        digests.add(read(folder, WHOLE.replace(*change))[0].steps[0].digest())
    assert len(digests) == 1 + len(changes)


@pytest.mark.parametrize(("text", "problem"), [*BAD, *MEANINGLESS])
def test_bad_runs(tmp_path: Path, text: str, problem: str) -> None:
    """Each is refused at its place."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)
