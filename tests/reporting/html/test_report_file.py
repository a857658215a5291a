"""The report as a file: same record, same bytes, within a size, with its command's earlier runs."""

import html
import json
import re
import shutil
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from msgspec.structs import replace

from conformance.errors import BadFileError
from conformance.ledger.file import parse_ledger
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.finding import Facet, Finding
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from conformance.model.run import RunFooter, RunHeader, RuntimeFacts
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, Comparison
from conformance.reporting.html.report import MAX_BYTES, HtmlFold
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge
from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.reporting.html.shop import report_of, workspace
from tests.verdicts import ledger_rows

SVG = re.compile(r"<svg[^>]*aria-labelledby=\"history-title\".*?</svg>", re.DOTALL)


def bars(report: Path) -> list[str]:
    """Return what the history says of each run, the oldest first."""
    drawn = SVG.search(report.read_text("utf-8"))
    assert drawn
    return [title.text or "" for title in ET.fromstring(drawn[0]).iterfind("g/title")]  # noqa: S314 - written by us


def data_of(page: bytes, name: str) -> object:
    """Return a block of data of a report; None where it is not there."""
    found = re.search(
        rb'<script type="application/json" id="%s">(.*?)</script>' % name.encode(), page, re.DOTALL
    )
    return json.loads(found[1]) if found else None


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    """`report` makes of a saved run, wherever kept, the file it left, despite any later runs."""
    with workspace(tmp_path):
        first = report_of(tmp_path)
        made = first.read_bytes()
        other = report_of(tmp_path, "--case", "shop/items/alike")
        second = report_of(tmp_path)
    ids = [file.parent.name for file in (first, second)]
    again = conformance("report", "--format", "html", "--run", ids[0], cwd=tmp_path)
    shutil.copytree(first.parent, first.parents[1] / "kept")
    kept = conformance("report", "--format", "html", "--run", "kept", cwd=tmp_path)

    assert again.stdout.encode() == kept.stdout.encode() == made == first.read_bytes()
    assert [label[-len(ids[0]) - 1 : -1] for label in bars(second)] == ids
    assert "red, 3 passed, 12 failed, 1 errored, 1 skipped, 1 known" in bars(second)[0]
    assert len(bars(other)) == 1
    assert "first run of this command here" in other.read_text()


def test_ports_do_not_make_another_command(tmp_path: Path) -> None:
    """Runs against the same runtimes at other URLs have one history.

    A report that is damaged is left out of it.
    """
    (tmp_path / "s.yaml").write_text("suite: a/b\ncases:\n  - {name: one, request: {GET: /}}\n")
    folder = tmp_path / "reports/runs"
    for _ in range(3):
        with serve(always({})) as a, serve(always({})) as b:
            conformance("run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)
        time.sleep(1)  # ids tell seconds
    last = (folder / "latest").resolve()
    runs = sorted(run for run in folder.iterdir() if not run.is_symlink())
    (runs[0] / "report.json").write_text("{")
    again = conformance("report", "--format", "html", cwd=tmp_path)

    assert len(bars(last / "report.html")) == 3
    assert "last 2 runs of this command" in again.stdout


def finding(place: str) -> Finding:
    """Return a difference at a place of the first step's body."""
    signature = Signature("value", place, "differs", "differs")
    return ledger_rows.finding(
        signature=signature, facet=Facet.VALUE, sent=((("a", "y" * 5_000), ("b", "x" * 5_000)),)
    )


def large_case(number: int) -> CaseResult:
    """Return a case with two bodies of 200 kB that are hard to hold.

    Every third differs in a place of its own.
    """
    bodies = ['<é\u202e"' * 25_000 + f"{number}{name}" for name in "ab"]
    answers = [
        Answer(status=200, reason="OK", headers=(), body=body.encode(), elapsed_ms=1.0)
        for body in bodies
    ]
    return CaseResult(
        case_id=f"shop/large/{number}",
        place="shop.yaml:1:1",
        requests=(Request(method="GET", target="/"),),
        cells=tuple(
            Cell(runtime=name, live=True, observations=(answer,))
            for name, answer in zip("ab", answers, strict=True)
        ),
        level=CompareLevel.VALUE,
        comparison=Comparison(
            findings=() if number % 3 else (finding(f"$.place{number}{'x' * 2_000}"),),
            classes=(("a", "b"),) if number % 3 else (("a",), ("b",)),
            compared=True,
        ),
    )


def page_of(cases: list[CaseResult]) -> bytes:
    """Return the HTML report of a run of cases."""
    facts = tuple(RuntimeFacts(name=name, live=True, reached="attached") for name in "ab")
    header = RunHeader(
        run_id="r1", started="2026-11-23T10:00:00+00:00", command="conformance run", version="0",
            machine="", commit="",
        runtimes=facts, selected=len(cases),
    )  # fmt: skip
    report, html = ReportFold(header, Ledger()), HtmlFold(header)
    for case in cases:
        for fold in (report, html):
            fold.add(case, judge(case, Ledger()))
    return b"".join(
        html.pieces(report.report(RunFooter(finished="", cases=len(cases), elapsed_s=1.0)))
    )


def test_what_the_list_of_cases_holds() -> None:
    """A row a case: id, verdict, reason, statuses and class of each runtime, causes, decisions."""
    index = data_of(page_of([large_case(0), large_case(1)]), "index")

    assert index["verdicts"][:2] == ["passed", "failed"]  # type: ignore[index]
    failed, passed = index["rows"]  # type: ignore[index]
    assert (failed[:2], failed[3:]) == (["shop/large/0", 1], [[[200], [200]], [0, 1], [1], []])
    assert failed[2].startswith("value of $.place0x")
    assert passed == ["shop/large/1", 0, "", [[200], [200]], [0, 0], [], []]


def test_a_wall_of_large_differences_stays_within_the_size() -> None:
    """No run makes more than 20 MB: examples have room first, and what has none is said."""
    cases = [large_case(number) for number in range(120)]
    page = page_of(cases)

    assert 5_000_000 < len(page) <= MAX_BYTES
    assert data_of(page, "case-0") is not None
    assert data_of(page, "case-119") is None
    assert len(data_of(page, "index")["rows"]) == 120  # type: ignore[index]


def test_the_first_cases_of_a_cause_have_room_of_their_own() -> None:
    """Many large cases of one cause use up the room of similar cases only.

    The room of another cause's examples is left.
    """
    compared = replace(large_case(0).comparison, findings=(finding("$.one"),))
    cases = [replace(large_case(number), comparison=compared) for number in range(20)]
    other = replace(
        large_case(20), comparison=replace(compared, findings=(finding("$.one"), finding("$.two")))
    )
    page = page_of([*cases, other])

    assert [data_of(page, f"case-{number}") is not None for number in (0, 2, 19, 20)] == [
        True,
        True,
        False,
        True,
    ]


def test_causes_go_by_the_numbers_of_the_report() -> None:
    """The first case may show the least explanatory cause: its row and block still say so."""
    one, two = finding("$.one"), finding("$.two")
    shown = [(one, two, one), (), (two,), (two,), (two,)]
    plain = replace(large_case(1), cells=())
    cases = [
        replace(plain, case_id=f"s/{number}", comparison=replace(plain.comparison, findings=found))
        for number, found in enumerate(shown)
    ]
    page = page_of(cases)
    index, block = data_of(page, "index"), data_of(page, "case-0")

    assert index["causes"] == ["value of $.two differs", "value of $.one differs"]  # type: ignore[index]
    assert [row[5] for row in index["rows"]] == [[1, 2], [], [1], [1], [1]]  # type: ignore[index]
    assert [each["cause"] for each in block["findings"]] == [2, 1, 2]  # type: ignore[index]


def test_more_cases_than_there_is_room_for_are_counted() -> None:
    """Rows are bounded too: red ones keep their room when passed ones have used up theirs.

    The rest is a number.
    """
    small = replace(large_case(1), cells=())
    cases = [replace(small, case_id=f"shop/{'long' * 50}/{number}") for number in range(12_000)]
    red = replace(large_case(0), case_id="shop/red/one")
    page = page_of([*cases, red])
    rows = data_of(page, "index")["rows"]  # type: ignore[index]

    assert len(page) <= MAX_BYTES
    assert rows[-1][0] == "shop/red/one"
    assert f"{12_001 - len(rows)} more cases, left out for size".encode() in page


@pytest.mark.parametrize(
    "text", ["</script><img src=x onerror=alert(1)>", "<!-- <script>", "]]>", "\u2028", "\x00"]
)
def test_data_hold_no_tag(text: str) -> None:
    """There is no `<` between the tags of a data block, and the block reads back as it was."""
    case = replace(large_case(1), cells=(Cell(runtime="a", live=True, observations=(
        Answer(status=200, reason=text, headers=(("x", text),), body=text.encode(), elapsed_ms=1.0),
    )),))  # fmt: skip
    page = page_of([case])
    block = data_of(page, "case-0")

    assert block["bodies"] == [{"size": len(text.encode()), "text": text}]  # type: ignore[index]
    assert page.count(b"<script") == page.count(b"</script>") == 3
    assert text.encode() not in page or "<" not in text


def test_each_undecided_cause_has_its_command_and_its_row(tmp_path: Path) -> None:
    """Beside the copy buttons are the command, and a row that is valid once people complete it."""
    with workspace(tmp_path):
        page = report_of(tmp_path).read_text("utf-8")
    keys = re.findall(r"decides it\">copy</button> <code>conformance decide ([a-z2-7]+) ", page)
    rows = re.findall(r'<code class="row">(.*?)</code>', page, re.DOTALL)
    assert len(keys) == len(rows) > 3
    for row in map(html.unescape, rows):
        text = "decisions:\n" + "".join(f"  {line}\n" for line in row.splitlines())
        with pytest.raises(BadFileError, match="reason still says TODO"):
            parse_ledger(text.encode(), "x")
        assert parse_ledger(text.replace("TODO", "me").encode(), "x").decisions
