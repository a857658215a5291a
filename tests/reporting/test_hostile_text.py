"""Text from runtimes stays text: in the terminal, in Markdown, in JSON."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.comparison.difference import printable
from conformance.ledger.file import parse_ledger
from conformance.ledger.row_text import row_fields, row_lines
from conformance.model.answer_place import parse_place
from conformance.model.json_path import render_path
from conformance.model.signature import Signature
from conformance.safe_text import markdown, markdown_code_cell, markdown_html, visible
from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.verdicts.ledger_rows import row

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "</script><img src=x onerror=alert(1)>",
    "::error file=x::owned",
    "| a | b |\n|---|---|",
    "`code` ``more``",
    "\u202egnp.exe",
    "\x00\x07\u0085\u2028\ufffe",
    "[link](javascript:alert(1))",
)


@given(st.text())
@settings(deadline=None)
def test_nothing_acts_on_a_terminal(text: str) -> None:
    """Whatever comes in, what goes out is printable and on one line."""
    shown = visible(text)

    assert [character for character in shown if unicodedata.category(character)[0] == "C"] == []
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)


@pytest.mark.parametrize("escaped", [markdown, markdown_html])
@pytest.mark.parametrize("text", ["@octocat", "https://evil.example", "GH-1", "shop/one#12"])
def test_markdown_neither_mentions_nor_links(escaped: Callable[[str], str], text: str) -> None:
    """A space of no width stands where GitHub would see somebody, a reference or an address."""
    shown = escaped(f"$['{text}']").replace("\\", "")

    assert text not in shown
    assert text in shown.replace("&#8203;", "")


@given(st.text())
@settings(deadline=None)
def test_text_that_is_plain_stays_as_it_is(text: str) -> None:
    """Printable ASCII is not changed."""
    plain = text.encode("ascii", "ignore").decode()
    if plain.isprintable():
        assert visible(plain) == plain


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_cells_stay_cells(text: str) -> None:
    """No pipe, tag, link or line end of a value is markup."""
    for cell in (markdown(text), markdown_code_cell(text)):
        assert "\n" not in cell
        assert not re.search(r"(?<!\\)\|", cell)
    assert not re.search(r"(?<!\\)[<\[`]", markdown(text))


def test_a_hostile_runtime_is_reported_as_text(tmp_path: Path) -> None:
    """Hostile member names and values reach console, Markdown and JSON without acting on any."""
    (tmp_path / "s.yaml").write_text(
        "suite: a/b\ncompare: value\ncases:\n  - name: one\n    request: {GET: /}\n"
    )
    first = dict.fromkeys(HOSTILE, 1) | {"text": "plain"}
    second = {name: name for name in HOSTILE} | {"text": HOSTILE[0]}
    with serve(always(first)) as a, serve(always(second)) as b:
        done = conformance(
            "run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        )
    explained = conformance("explain", "a/b/one", cwd=tmp_path)
    report = (tmp_path / "reports/runs/latest/report.md").read_text()

    assert done.returncode == 1
    for shown in (done.stdout, explained.stdout, report):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", shown)
        assert not re.search(r"(?m)^::", shown)
    assert not re.search(r"(?<![\\`])<img", re.sub(r"`+[^`].*?`+", "", report))
    assert json.loads((tmp_path / "reports/runs/latest/report.json").read_text())["red"] is True


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    """A reader that stops early, such as `head`, ends the command without a traceback."""
    (tmp_path / "s.yaml").write_text(
        "suite: a/b\ncases:\n"
        + "".join(f"  - name: case-{n}\n    request: {{GET: /}}\n" for n in range(5000))
    )
    command = f"{sys.executable} -m conformance list s.yaml | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("a/b/case-0")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@given(
    st.lists(st.text(st.characters()), min_size=1, max_size=3).map(tuple),
    st.sampled_from(["null", "empty list"]),
)
@settings(deadline=None)
def test_a_written_place_reads_back(path: tuple[str, ...], fact: str) -> None:
    """A written row has the place and the facts it is about, whatever names are in them."""
    held = row(signature=Signature("type", printable(render_path(path)), odd=fact, rest="string"))
    lines = "".join(f"  {line}\n" for line in row_lines(row_fields(held)))
    (read,) = parse_ledger(f"decisions:\n{lines}".encode(), "row.yaml").decisions

    assert (read.covers, read.sides) == (held.covers, held.sides)
    assert parse_place(read.places[0]).path == path


@pytest.mark.parametrize("text", ["$['@id']", "@team", "ask @a/b-c, @d", "(@x)"])
def test_markdown_mentions_nobody(text: str) -> None:
    """An @ before a name would notify its owner in a comment.

    Within an address it mentions nobody.
    """
    assert not re.search(r"(?<!\w)@\w", markdown(text))
    assert markdown("me@example.com") == "me@example.com"
