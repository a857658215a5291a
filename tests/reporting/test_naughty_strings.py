"""Naughty strings do not change any output's form.

They are values, keys, header fields, ids, log lines and broken answers.
"""

import json
import re
import socket
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve, serve_script
from tests.reporting.naughty import NAUGHTY

HEADER = re.compile(r"[\t -~\x80-\xff]*")
CRASHES = """\
import sys, time
sys.stderr.buffer.write(b"started\\n")
import http.server
class Crash(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        sys.stderr.buffer.write(open("lines.txt", "rb").read())
        sys.stderr.flush()
        import os
        os._exit(1)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Crash).serve_forever()
"""


def says(text: str, *, other: bool) -> Reply:
    """Answer with a text as a value, a key and, where it can be one, a header field."""
    value: object = {
        "value": text + "x" * other,
        text: {"a": [text, {text: text}] if other else [text]},
    }
    fields = {"x_text": ("other" if other else text).strip()} if HEADER.fullmatch(text) else {}
    return json_reply(value, 200, **fields)


def naughty_service(*, other: bool) -> Service:
    """Return a service that answers `/N` with string N."""

    def answer(request: Received) -> Reply:
        return says(NAUGHTY[int(request.target.partition("?")[0][1:])], other=other)

    return answer


def breaks(connection: socket.socket, request: bytes) -> None:
    """Answer with a status line that is string N."""
    number = int(request.split(b" ")[1].partition(b"?")[0][1:])
    connection.sendall(NAUGHTY[number].encode("utf-8", "surrogatepass") + b"\r\n\r\n")
    connection.close()


def matrix_values() -> list[str]:
    """Return the strings that a suite can be written with."""
    return [
        text
        for text in NAUGHTY
        if len(text) < 100
        and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]", text)
    ]


def _write_suites(folder: Path) -> None:
    """Write suites that ask for every string, one of answers that break, and one of a crash."""
    cases = "".join(
        f"  - {{name: case-{n}, request: {{GET: /{n}}}}}\n" for n in range(len(NAUGHTY))
    )
    ids = json.dumps([text.replace("${", "$${") for text in matrix_values()], ensure_ascii=False)
    named = (
        f"  - {{name: named, matrix: {{text: {ids}}}, request: {{POST: /0, json: {{a: "
        '"${text}"}}}\n'
    )
    (folder / "s.yaml").write_text(
        f"suite: naughty\ncompare: value\nheaders: [x-text]\ncases:\n{cases}{named}"
    )
    (folder / "broken.yaml").write_text(f"suite: broken\ncases:\n{cases}")
    (folder / "crash.yaml").write_text("suite: crash\ncases:\n  - {name: x, request: {GET: /}}\n")
    (folder / "crashes.py").write_text(CRASHES)
    (folder / "lines.txt").write_bytes(
        "\n".join(NAUGHTY[-5:] + NAUGHTY[:12]).encode("utf-8", "surrogatepass")
    )
    (folder / "runtimes.yaml").write_text(
        'runtimes: {x: {command: ["${python}", crashes.py, "${port}"]}}\n'
    )


@pytest.fixture(name="folder", scope="module")
def run_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run every string through every place, and keep what was said and written."""
    folder = tmp_path_factory.mktemp("naughty")
    _write_suites(folder)
    with (
        serve(naughty_service(other=False)) as a,
        serve(naughty_service(other=True)) as b,
        serve_script(breaks) as c,
    ):
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
        said = [
            conformance("run", "s.yaml", *runtimes, "-v", cwd=folder, **github),
            conformance("run", "s.yaml", *runtimes, "--json", cwd=folder),
        ]
        (folder / "said.txt").write_text(said[0].stdout + said[0].stderr)
        (folder / "said.json").write_text(said[1].stdout)
        explained = conformance("explain", "naughty/*", cwd=folder)
        (folder / "explained.txt").write_text(
            explained.stdout + conformance("gate", cwd=folder).stdout
        )
        (folder / "explained.json").write_text(
            conformance("explain", "naughty/*", "--json", cwd=folder).stdout
        )
        broken = conformance(
            "run", "broken.yaml", "--runtime", f"a={a}", "--runtime", f"c={c}", cwd=folder
        )
        crash = conformance("run", "crash.yaml", "--runtime", "x", cwd=folder)
    (folder / "faults.txt").write_text(
        broken.stdout + crash.stdout + conformance("explain", "*", cwd=folder).stdout
    )
    assert [each.returncode for each in (*said, explained, broken, crash)] == [1, 1, 0, 1, 1]
    assert "Traceback" not in "".join(each.stderr for each in (*said, explained, broken, crash))
    assert "runtime_crashed" in crash.stdout
    return folder


def hidden(text: str) -> list[str]:
    """Return the characters that a terminal acts on, or hides."""
    return sorted(
        {
            char
            for char in text
            if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        }
        - {"\n"}
    )


def written(folder: Path, *patterns: str) -> Iterator[tuple[str, str]]:
    """Yield the files of some names with their texts."""
    for pattern in patterns:
        found = sorted(folder.rglob(pattern))
        assert found
        yield from (
            (str(file.relative_to(folder)), file.read_bytes().decode())
            for file in found
            if "latest" not in file.parts
        )


def test_nothing_is_hidden_or_acted_on(folder: Path) -> None:
    """Consoles, Markdown, XML and JSON hold printable characters only."""
    texts = written(
        folder,
        "said.txt",
        "explained.txt",
        "faults.txt",
        "*.md",
        "junit.xml",
        "report.json",
        "report.html",
        "said.json",
        "explained.json",
    )
    assert {name: found for name, text in texts if (found := hidden(text))} == {}


def test_no_line_is_a_command(folder: Path) -> None:
    """Of the lines a CI service would act on, only ours exist: the worst ten, each with a place."""
    for name, text in written(folder, "said.txt", "explained.txt", "faults.txt"):
        commands = re.findall(r"(?m)^\s*(?:::|##).*", text)
        ours = [
            line
            for line in commands
            if re.fullmatch(r"::error file=s\.yaml,line=\d+,col=\d+,title=[^:,]+::.+", line)
        ]
        assert commands == ours
        assert len(ours) == (10 if name == "said.txt" else 0)


def test_xml_is_xml(folder: Path) -> None:
    """Every JUnit file can be parsed and has a case for each case."""
    documents = [ET.fromstring(text) for _, text in written(folder, "junit.xml")]  # noqa: S314 - written by us
    of_the_run = {"classname": "run", "name": "the run proves something"}
    cases = [
        sum(not of_the_run.items() <= each.attrib.items() for each in root.iter("testcase"))
        for root in documents
    ]
    assert sorted(cases) == sorted([1, len(NAUGHTY), *[len(NAUGHTY) + len(matrix_values())] * 2])


def test_json_is_json(folder: Path) -> None:
    """Every JSON file can be parsed, and so can each line of a record."""
    for _, text in written(folder, "report.json", "badge.json", "said.json", "explained.json"):
        json.loads(text)
    for _, text in written(folder, "run.ndjson"):
        assert [json.loads(line)["line"] for line in text.split("\n")[:-1]][-1] == "footer"


def test_markdown_shows_text_only(folder: Path) -> None:
    """Rendered, no string has become HTML, a link, a picture, a heading or a cell.

    The only HTML folds a part away.
    """
    folded = re.compile(
        r"<details>\n<summary>(?:\d+\. |Cases: |Ledger: |Not checked: |Run "
        r")[^<>\n]*</summary>\n|</details>\n"
    )
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for _, text in written(folder, "report.md", "summary.md"):
        tokens = [
            child for token in renderer.parse(text) for child in (token, *(token.children or ()))
        ]
        kinds = {
            token.type
            for token in tokens
            if not (token.type == "html_block" and folded.fullmatch(token.content))
        }
        assert not kinds & {
            "html_block",
            "html_inline",
            "link_open",
            "image",
            "s_open",
            "em_open",
            "hr",
            "fence",
            "code_block",
        }
        widths = re.findall(r"(?m)^\|.*\|$", text)
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in widths} <= {3, 4, 5, 8}


def test_no_string_is_markup_in_html(folder: Path) -> None:
    """The page has the same elements as without strings: scripts are ours, nothing is loaded."""
    for _, text in written(folder, "report.html"):
        live = re.findall(
            r"(?i)<(?:img|svg|iframe|details open|a href=.javascript|style>)[^>]*onerror|<img "
            r"src=x|<svg/onload",
            text,
        )
        assert live == []
        assert len(re.findall(r"(?i)<script", text)) == len(re.findall(r"(?i)</script", text))
        assert "alert(1)</script>" not in text


def test_what_is_decided_is_a_ledger(folder: Path) -> None:
    """The rows for all those differences are read as a ledger, and what they cover is known."""
    (folder / "made.yaml").write_text("decisions: []\n")
    first = min(folder.glob("reports/runs/2*")).name
    given = ("--owner", "me", "--reason", "so it is", "--ledger", "made.yaml")
    decided = conformance("decide", "--all", "--run", first, *given, cwd=folder)
    assert (decided.stderr, decided.stdout.count(" is open in ") > 5) == ("", True)
    assert not any(hidden(line) for line in decided.stdout.splitlines())
    done = conformance("gate", first, "--ledger", "made.yaml", cwd=folder)
    assert done.stderr == ""
    assert " known" in done.stdout
