"""Bodies of other kinds than JSON are laid out as they were read, and lit as JSON is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, serve
from tests.reporting.html.browser import Browser, Page

SUITE = """\
suite: kinds
cases:
  - {name: table, compare: shape, request: {GET: /table}}
  - {name: document, compare: value, request: {GET: /document}}
  - {name: lines, compare: value, request: {GET: /lines}}
  - {name: torn, compare: value, request: {GET: /torn}}
"""
BODIES = {
    "/table": ("text/csv", "a,b\n1,x\n2,y\n", "a,b\n9,x\n2\n"),
    "/document": (
        "application/xml",
        '<r><i k="1"><n>one</n></i></r>',
        '<r><i k="1"><n>two</n></i><i k="2"><n>more</n></i></r>',
    ),
    "/lines": ("application/x-ndjson", '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n'),
    "/torn": ("application/xml", "<r>", "<r"),
}


def _service(at: int) -> Service:
    def answer(asked: Received) -> Reply:
        media, *bodies = BODIES[asked.target]
        return Reply(headers={"content-type": media}, body=bodies[at].encode())

    return answer


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a run with bodies of several kinds."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "kinds.yaml").write_text(SUITE)
    with serve(_service(0)) as a, serve(_service(1)) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        assert conformance("run", "kinds.yaml", *words, cwd=folder).returncode == 1
    return (folder / "reports/runs/latest/report.html").resolve()


@pytest.fixture
def opened(browser: Browser, kinds: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the case that the test names."""
    page = browser.page()
    page.open(kinds, f"#kinds/{request.param}")
    page.settle()
    yield page
    page.close()
    assert page.complaints == []


def lit(page: Page, how: str) -> list[list[str]]:
    """Return the cells of the rows that are lit in a way."""
    found: list[list[str]] = page.run(
        f"[...document.querySelectorAll('.detail .body-row.{how}')].map("
        "row => [...row.children].map(cell => cell.textContent))"
    )
    return found


@pytest.mark.parametrize(
    ("opened", "strong", "soft", "said"),
    [
        ("table", [['"b": "y"', ""]], [['"a": 1,', '"a": 9,']], "Shown as read: table."),
        ("document", [['"n": "one"', '"n": "two"']], [], "Shown as read: XML."),
        ("lines", [['"a": 2', '"a": 3']], [], "Shown as read: JSON lines."),
        ("torn", [["<r>", "<r"]], [], "Shown as text"),
    ],
    indirect=["opened"],
)
def test_what_differs_is_lit(
    opened: Page, strong: list[list[str]], soft: list[list[str]], said: str
) -> None:
    """The places of findings are lit; a value that the case does not compare is only tinted."""
    assert [row for row in strong if row not in lit(opened, "strong")] == []
    assert lit(opened, "soft") == soft
    assert said in opened.text(".detail")[0]
