"""`conformance init`: its suites are green where runtimes agree, and red where they do not."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.command import conformance
from tests.miniatures.notes import DOCUMENT, Notes
from tests.miniatures.server import serve

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def _served(*services: Notes) -> Iterator[tuple[str, ...]]:
    """Serve a and b, and yield the options that name them."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(serve(each)) for each in services]
        yield tuple(f"--runtime={name}={url}" for name, url in zip("ab", urls, strict=False))


def _suite(folder: Path, name: str = "first.yaml") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / name).read_text())
    return found


def test_two_equal_services_are_green_each_time(tmp_path: Path) -> None:
    """Each runtime's ids, times and request ids are no differences.

    This holds whatever the services hold by then.
    """
    with _served(Notes(), Notes()) as runtimes:
        made = conformance("init", *runtimes, "--disposable", cwd=tmp_path)
        runs = [conformance("run", "cases", "-q", cwd=tmp_path) for _ in range(3)]
        again = conformance("init", *runtimes, cwd=tmp_path)

    assert made.stdout == (
        "cases/first.yaml: 11 cases, operations of a's /openapi.json\n"
        "10 rules for what differs by itself\n"
        "left out, as it answers with a stream of events: GET /events\n"
        "next: conformance run cases\n"
    )
    assert [(run.stdout, run.returncode) for run in runs] == [("PARITY\n", 0)] * 3
    assert again.stderr.startswith(
        "error: cases has first.yaml, runtimes.yaml, decisions.yaml, .schema.json already\n"
    )
    assert (made.returncode, again.returncode) == (0, 2)


def test_what_is_written(tmp_path: Path) -> None:
    """Each operation has its four kinds of requests; ids are those of creators.

    The rules say why.
    """
    with _served(Notes(), Notes("no owner field")) as runtimes:
        made = conformance("init", *runtimes, "--disposable", cwd=tmp_path)
    folder = tmp_path / "cases"
    suite, text = _suite(folder), (folder / "first.yaml").read_text()
    cases = {case["name"]: case for case in suite["cases"]}

    assert {name for name in cases if "delete" not in name and "every" not in name} == {
        "get-notes",
        "get-notes-query-limit-at-maximum",
        "get-notes-query-limit-beyond-maximum",
        "get-notes-id-path-id-unknown",
        "post-notes",
        "post-notes-body-malformed",
        "post-notes-body-stars-at-maximum",
        "post-notes-body-stars-beyond-maximum",
    }
    assert cases["get-notes-id-path-id-unknown"]["expect"] == {"status": 404}
    assert "expect" not in cases["get-notes"]
    created, read = cases["post-notes"]["steps"]
    assert created["capture"] == {"note_id": {"path": "$.id", "identity": "note_id"}}
    assert read["request"] == {"GET": "/notes/${note_id}"}
    assert cases["post-notes"]["steps"][0]["request"]["json"] == {
        "title": "${fresh:title}",
        "stars": 2,
    }
    assert '{path: "$.created_at", is: timestamp, why: "differs by itself in a, b"}' in text
    assert "  - x-owner  # only a sends it\n" in text
    assert "header fields that not every runtime sends: x-owner\n" in made.stdout
    assert (suite["compare"], suite["openapi"]) == ("value", "openapi.json")
    assert json.loads((folder / "openapi.json").read_text()) == DOCUMENT
    assert "disposable: true" in (folder / "runtimes.yaml").read_text()
    assert (folder / ".schema.json").read_text() == conformance("schema", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("defect", "case"),
    [
        ("stars as text", "post-notes"),
        ("six stars", "post-notes-body-stars-beyond-maximum"),
        ("malformed is 422", "post-notes-body-malformed"),
        ("unknown is 400", "get-notes-id-path-id-unknown"),
        ("deleted stays", "delete-notes-id"),
        ("no owner field", "post-notes"),
        ("limit 60", "get-notes-query-limit-beyond-maximum"),
    ],
)
def test_a_defect_is_red(tmp_path: Path, defect: str, case: str) -> None:
    """Each kind of request is there for a kind of defect."""
    with _served(Notes(), Notes(defect)) as runtimes:
        conformance("init", *runtimes, "--disposable", cwd=tmp_path)
        run = conformance("run", "cases", "--json", cwd=tmp_path)

    red = {
        each["case_id"] for each in json.loads(run.stdout)["cases"] if each["verdict"] == "failed"
    }
    assert f"first/{case}" in red
    assert run.returncode == 1


def test_nothing_is_changed_without_consent(tmp_path: Path) -> None:
    """What may change something is not sent.

    It is listed with the reason, and how it would be sent.
    """
    services = Notes(), Notes()
    with _served(*services) as runtimes:
        made = conformance("init", *runtimes, cwd=tmp_path)
        run = conformance("run", "cases", cwd=tmp_path)
    why = "it may change something, and a, b are not marked `disposable: true`"

    assert {method for each in services for method, _ in each.asked} == {"GET"}
    assert f"left out, as {why}: POST /notes, DELETE /notes/{{id}}\n" in made.stdout
    assert "they are asked, too, with --disposable" in made.stdout
    assert f"# Left out, as {why}: POST /notes," in (tmp_path / "cases/first.yaml").read_text()
    assert "  POST /notes\n" not in run.stdout
    assert (made.returncode, run.returncode) == (0, 0)


def test_the_runtimes_of_a_folder(tmp_path: Path) -> None:
    """A folder that has its runtimes keeps them, and what they say of themselves counts."""
    folder = tmp_path / "shop"
    folder.mkdir()
    with serve(Notes()) as a, serve(Notes()) as b:
        written = (
            f"runtimes:\n  a: {{url: '{a}', disposable: true}}\n  b: {{url: '{b}', "
            "disposable: true}\n"
        )
        (folder / "runtimes.yaml").write_text(written)
        made = conformance("init", "shop", cwd=tmp_path)
        run = conformance("run", "shop", "-q", cwd=tmp_path)

    assert made.stdout.startswith("shop/first.yaml: 11 cases, operations of a's /openapi.json\n")
    assert (folder / "runtimes.yaml").read_text() == written
    assert run.stdout == "PARITY\n"


def test_runtimes_that_are_started(tmp_path: Path) -> None:
    """What the harness starts may be changed.

    The cases are green in each run, which starts them again.
    """
    folder = tmp_path / "shop"
    folder.mkdir()
    command = ["${python}", "-m", "tests.miniatures.notes", "${port}"]
    runtimes = {name: {"command": command, "directory": str(ROOT)} for name in "ab"}
    (folder / "runtimes.yaml").write_text(json.dumps({"runtimes": runtimes}))
    made = conformance("init", "shop", cwd=tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    runs = [conformance("run", "shop", "-q", cwd=tmp_path) for _ in range(2)]

    assert left == {"reports", "shop"}, "asking for the document leaves no log behind"
    assert made.stdout == (
        "shop/first.yaml: 11 cases, operations of a's /openapi.json\n"
        "6 rules for what differs by itself\n"
        "left out, as it answers with a stream of events: GET /events\n"
        "next: conformance run shop\n"
    )
    assert [(run.stdout, run.returncode) for run in runs] == [("PARITY\n", 0)] * 2


def test_one_that_is_not_there_is_no_obstacle(tmp_path: Path) -> None:
    """The others are asked, and the suite is for all."""
    with serve(Notes()) as url:
        runtimes = ("--runtime", f"a={url}", "--runtime", "b=http://127.0.0.1:9", "--disposable")
        made = conformance("init", *runtimes, cwd=tmp_path)

    assert "note: runtime b: http://127.0.0.1:9 cannot be reached" in made.stderr
    assert "post-notes-body-malformed" in (tmp_path / "cases/first.yaml").read_text()
    assert made.returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nobody to ask: no --runtime, and no cases/runtimes.yaml"),
        (("--runtime", "a"), "--runtime a: wanted NAME=URL"),
        (("--runtime", "a=http://h", "--runtime", "a=http://i"), "--runtime: a is named twice"),
        (
            ("--runtime", "a=http://h", "--openapi", "none.json"),
            "none.json: No such file or directory",
        ),
        (("--runtime", "a=http://h", "--openapi", "bad.json"), "bad.json: no OpenAPI document: "),
        (
            ("--runtime", "a=http://h", "--openapi", "bad.yaml"),
            "bad.yaml:3:5: could not find expected ':'",
        ),
        (
            ("--runtime", "a=http://h", "--openapi", "empty.json"),
            "empty.json: no operation that can be asked",
        ),
        (("--runtime", "a=http://h", "--openapi", "writes.json"), "no operation may be asked: "),
    ],
)
def test_bad_usage(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """What cannot be used is one message, and nothing is written."""
    (tmp_path / "bad.json").write_text('{"openapi": "3.0.0"}')
    (tmp_path / "bad.yaml").write_text("openapi: 3.0.0\npaths\n  /a: {}\n")
    (tmp_path / "empty.json").write_text('{"openapi": "3.0.0", "paths": {"/a": {"summary": "x"}}}')
    (tmp_path / "writes.json").write_text('{"openapi": "3.0.0", "paths": {"/a": {"post": {}}}}')
    done = conformance("init", *words, cwd=tmp_path)

    assert message in done.stderr
    assert done.returncode == (5 if "writes.json" in words else 2)
    assert not (tmp_path / "cases").exists()
