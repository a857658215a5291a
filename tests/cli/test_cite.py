"""`explain CAUSE --cite`: a block for another project's tracker that needs nothing around it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, json_reply, serve

SUITE = """\
suite: shop
compare: value
cases:
  - name: totals
    request: {POST: /orders, json: {note: "`@you` | <b>"}, headers: {x-tick: "```"}}
  - name: kinds
    request: {GET: /kinds}
  - name: refused
    request: {GET: /refused}
  - name: where
    request: {GET: /where}
    rules: []
  - name: later
    steps:
      - request: {GET: /where}
      - request: {GET: /later}
"""
ANSWERS: dict[str, tuple[Any, Any]] = {
    "/orders": ({"total": 12, "day": "Mon"}, {"total": "12", "day": "Mon"}),
    "/kinds": ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
    "/later": ({"rows": [1, 2]}, {"rows": [1, 3]}),
    "/where": ({}, {}),
}


def service(side: int) -> Any:
    """Return the original or the port."""

    def answer(request: Received) -> Reply:
        if request.target == "/refused":
            return json_reply({"code": "no"}, (400, 422)[side])
        return json_reply(ANSWERS[request.target][side])

    return answer


@pytest.fixture(scope="module", name="folder")
def a_run(conformance: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a run, and keep the blocks of its causes beside it; hold each case against both."""
    folder = tmp_path_factory.mktemp("cited")
    (folder / "shop.yaml").write_text(SUITE)
    with serve(service(0)) as a, serve(service(1)) as b:
        both = ("--runtime", f"original={a}", "--runtime", f"port={b}", "--baseline", "original")
        conformance("run", "shop.yaml", *both, "--language", "port=go", cwd=folder)
        report = json.loads((folder / "reports/runs/latest/report.json").read_bytes())
        for number, group in enumerate(report["groups"], start=1):
            cited = conformance("explain", group["key"], "--cite", "--run", report["run"]["run_id"],
                                cwd=folder)  # fmt: skip
            assert (cited.returncode, cited.stderr) == (0, "")
            (folder / f"{number}.md").write_text(cited.stdout)
            (case,) = re.findall(r"^```+yaml\n(.*?)^```+$", cited.stdout, re.MULTILINE | re.DOTALL)
            (folder / f"{number}.yaml").write_text(case)
            kept = [
                conformance("run", f"{number}.yaml", "-q", "--runtime", f"x={url}", cwd=folder)
                for url in (a, b)
            ]
            (folder / f"{number}.codes").write_text(" ".join(str(each.returncode) for each in kept))
    return folder


def blocks(folder: Path) -> list[str]:
    """Return the blocks of all causes."""
    return [file.read_text() for file in sorted(folder.glob("*.md"))]


def test_a_case_holds_for_one_side_only(folder: Path) -> None:
    """Each pinned case is green on the original, and red on the port."""
    codes = [file.read_text() for file in sorted(folder.glob("*.codes"))]

    assert codes == ["0 1"] * 4


def test_what_is_said(folder: Path) -> None:
    """Operation, both sides with what is known of their versions, request, curl."""
    (block,) = (block for block in blocks(folder) if block.startswith("### number as string"))

    assert "- operation: `POST /orders`\n- place: `$.total`\n" in block
    assert "- expected: `12` (`original`: version not known)\n" in block
    assert '- observed: `"12"` (`port`: go)\n' in block
    assert "curl --include --path-as-is --request POST http://127.0.0.1:PORT/orders" in block
    assert 'json: {"$open": {total: 12}}' in block


def test_no_place_of_this_machine(folder: Path) -> None:
    """Neither a path nor a port of it is in any block."""
    for block in blocks(folder):
        assert str(folder) not in block
        assert "/root" not in block
        assert not re.search(r"127\.0\.0\.1:[0-9]", block)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/opt/jdk-21/bin/java 21.0.1", "(`port`: java 21.0.1)"),
        ("Python 3.11 (HOME/.venv/bin/python)", "Python 3.11 (python)"),
        ("built in HERE", "built in ~"),
        (r"C:\\Users\\me\\go.exe version", "go.exe version"),
        ("go1.22 linux/amd64", "go1.22 linux/amd64"),
    ],
)
def test_a_toolchain_with_paths(
    conformance: WarmCommand, tmp_path: Path, line: str, shown: str
) -> None:
    """Of a path only its last name stays: what a program is called, and not where it is."""
    line = line.replace("HOME", str(Path.home())).replace("HERE", str(tmp_path))
    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(service(0)) as a, serve(service(1)) as b:
        both = ("--runtime", f"original={a}", "--runtime", f"port={b}", "--baseline", "original")
        conformance("run", "shop.yaml", *both, cwd=tmp_path)
    record = tmp_path / "reports/runs/latest/run.ndjson"
    text = record.read_text()
    assert text.count('"provenance":""') >= 1
    record.write_text(text.replace('"provenance":""', f'"provenance":{json.dumps(line)}', 2))
    report = json.loads((tmp_path / "reports/runs/latest/report.json").read_bytes())

    cited = conformance("explain", report["groups"][0]["key"], "--cite", cwd=tmp_path)

    assert shown in re.sub(r"\\(.)", r"\1", cited.stdout)
    assert str(Path.home()) not in cited.stdout


def test_values_are_data(folder: Path) -> None:
    """What a runtime or a suite holds opens no element and closes no block of code."""
    for block in blocks(folder):
        tokens = MarkdownIt("commonmark").parse(block)
        assert [token.type for token in tokens if token.type.startswith("html")] == []
        assert [token.info for token in tokens if token.type == "fence"] == ["http", "sh", "yaml"]


def test_only_causes_are_cited(conformance: WarmCommand, folder: Path) -> None:
    """A case is no cause."""
    cited = conformance("explain", "shop/*", "--cite", "--run", "latest", cwd=folder)

    assert (cited.returncode, cited.stdout) == (2, "")
    assert "shop/*: --cite is about one cause" in cited.stderr


def test_each_side_has_the_request_that_it_was_sent(
    conformance: WarmCommand, tmp_path: Path
) -> None:
    """What a step captured is another value on each side; a request that both got stands once."""

    def answers(code: str, total: Any) -> Any:
        def answer(request: Received) -> Reply:
            return json_reply({"code": code} if request.target == "/code" else {"total": total})

        return answer

    (tmp_path / "shop.yaml").write_text(
        "suite: shop\ncompare: value\ncases:\n  - name: used\n    steps:\n"
        "      - {request: {GET: /code}, capture: {code: $.code}}\n"
        "      - {request: {GET: '/use?code=${code}'}}\n"
    )
    with serve(answers("aaaaaaaa1", 1)) as a, serve(answers("bbbbbbbb2", "1")) as b:
        both = ("--runtime", f"original={a}", "--runtime", f"port={b}")
        conformance("run", "shop.yaml", *both, cwd=tmp_path)
        report = json.loads((tmp_path / "reports/runs/latest/report.json").read_bytes())
        (key,) = [each["key"] for each in report["groups"] if each["idiom"] == "number-as-string"]
        cited = conformance("explain", key, "--cite", cwd=tmp_path).stdout
    sent = re.findall(r"^GET \S+|^# \w+", cited, re.MULTILINE)
    assert sent == ["GET /use?code=aaaaaaaa1", "# original", "GET /use?code=bbbbbbbb2", "# port"]
