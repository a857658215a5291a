"""`conformance schema report` and `schema record` say what a run leaves for programs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.command import conformance
from tests.miniatures.faulty import resets_in_body
from tests.miniatures.server import always, serve, serve_script

LATEST = Path("reports/runs/latest")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Leave a run with a decided cause, an undecided one, a fault and a failed expectation."""
    folder = tmp_path_factory.mktemp("left")
    (folder / "cases").mkdir()
    (folder / "cases/shop.yaml").write_text(
        "suite: shop\ncases:\n"
        "  - name: decided\n    request: {GET: /}\n"
        "  - name: expected\n    request: {GET: /}\n    expect: {status: 201}\n"
    )
    (folder / "cases/decisions.yaml").write_text("decisions: []\n")
    with serve(always({"n": 1, "m": None})) as a, serve(always({"n": "1"})) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--case", "shop/decided")
        conformance("run", "cases", *words, cwd=folder)
        report = json.loads((folder / LATEST / "report.json").read_bytes())
        key = report["groups"][0]["key"]
        conformance("decide", key, "--owner", "me", "--reason", "known", cwd=folder)
        conformance("run", "cases", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=folder)
    return folder


def validator(folder: Path, kind: str) -> Any:
    """Return the validator of a printed schema, which is itself valid."""
    schema = json.loads(conformance("schema", kind, cwd=folder).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_report_is_valid(left: Path) -> None:
    """The report of a run is what the schema says, and one without a member is not."""
    report = json.loads((left / LATEST / "report.json").read_bytes())
    valid = validator(left, "report")

    assert report["decisions"]
    assert len(report["groups"]) == 2
    valid.validate(report)
    for member in report:
        assert not valid.is_valid(
            {name: value for name, value in report.items() if name != member}
        ), member
    assert not valid.is_valid({**report, "format": report["format"] + 1})


def test_each_line_of_a_record_is_valid(left: Path) -> None:
    """Header, cases and footer are what the schema says.

    A verdict that no case can have is not valid.
    """
    rows = [json.loads(line) for line in (left / LATEST / "run.ndjson").read_bytes().splitlines()]
    valid = validator(left, "record")

    assert [row["line"] for row in rows] == ["header", "case", "case", "footer"]
    for row in rows:
        valid.validate(row)
    assert not valid.is_valid({**rows[1], "verdict": "x"})


def test_check_jsonschema_takes_what_a_run_leaves(left: Path, tmp_path: Path) -> None:
    """The report and each line of the record are valid for the tool, and a changed one is not."""
    files = {"report": [left / LATEST / "report.json"], "record": []}
    for number, line in enumerate((left / LATEST / "run.ndjson").read_text().splitlines()):
        files["record"].append(tmp_path / f"line-{number}.json")
        files["record"][-1].write_text(line)
    for kind, valid in files.items():
        schema = tmp_path / f"{kind}.schema.json"
        schema.write_text(conformance("schema", kind, cwd=left).stdout)
        wrong = tmp_path / f"wrong-{kind}.json"
        wrong.write_text(json.dumps(json.loads(valid[0].read_text()) | {"format": "another"}))
        tool = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema)]
        taken = subprocess.run(
            [*tool, *map(str, valid)], capture_output=True, text=True, check=False
        )
        refused = subprocess.run([*tool, str(wrong)], capture_output=True, text=True, check=False)
        assert taken.returncode == 0, taken.stdout
        assert refused.returncode == 1
        assert "Schema validation errors were encountered" in refused.stdout


def test_a_fault_is_valid(tmp_path: Path) -> None:
    """A runtime that resets the connection is a fault in the record.

    The line is valid all the same.
    """
    (tmp_path / "my.yaml").write_text("suite: my\ncases:\n  - name: one\n    request: {GET: /}\n")
    with serve(always({})) as a, serve_script(resets_in_body) as b:
        conformance("run", "my.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)
    lines = [
        json.loads(line) for line in (tmp_path / LATEST / "run.ndjson").read_bytes().splitlines()
    ]
    valid = validator(tmp_path, "record")
    for line in lines:
        valid.validate(line)
    assert any(
        "fault" in seen for line in lines[1:-1] for cell in line["cells"] for seen in cell["seen"]
    )
