"""What `explain` prints of one case: request, answers, differences, and how to send it by hand."""

import pytest
from msgspec.structs import replace

from conformance.comparison.case_result import compared
from conformance.model.case import CompareLevel
from conformance.model.follows import Follows
from conformance.model.observation import Cell
from conformance.reporting.curl_command import Address
from conformance.reporting.explanation import explanation_lines
from conformance.verdicts.judgement import judge
from tests.comparison.differences import answer
from tests.comparison.live_runs import case
from tests.verdicts.ledger_rows import FAULT, NOT_REACHED, cell, finding, ledger, result, row


def explained(*rows: str) -> list[str]:
    """Return the lines on a case where b lacks a member of a and c, with rows of these ids."""
    shown = finding(sent=((("a", "7"), ("b", "absent")),), detail="in one element of two")
    one = result("order", cell("a"), cell("b"), findings=(shown,))
    judgement = judge(one, ledger(*map(row, rows)))
    return [text for text, _ in explanation_lines(one, judgement, {"a": Address(url="http://h:1")})]


def test_the_parts_of_a_case() -> None:
    """From top to bottom: verdict, request, answers, command, difference, and its decision."""
    assert explained("D-001") == [
        "shop/order  (shop.yaml:4:5)",
        "known: decided in D-001",
        "",
        "GET /",
        "  a: 200 OK  1.0 ms",
        "    {}",
        "  b: 200 OK  1.0 ms",
        "    {}",
        "  curl for a:",
        (
            "    curl --include --path-as-is --request GET http://h:1/ --header accept: "
            "--user-agent ''"
        ),
        "",
        "member $.ship_to: only in a: a present · b absent",
        "  signature: member@$.ship_to (absent | present)",
        "  a  7",
        "  b  absent",
        "  in one element of two",
        "  decided in D-001",
    ]
    assert (
        explained()[-1] == "  undecided: `conformance decide b7kaku66k24o --owner WHO --reason WHY`"
    )


def test_what_a_difference_follows() -> None:
    """A digest of what differs is told with the place that it follows."""
    shown = finding(follows=Follows(0, ("$.marker",), "the sha256 of it"))
    one = result("order", cell("a"), cell("b"), findings=(shown,))
    lines = [text for text, _ in explanation_lines(one, judge(one, ledger()), {})]
    assert "  follows $.marker: the sha256 of it" in lines


def test_what_is_no_answer() -> None:
    """A fault has its name, its phase and what was seen.

    A runtime that was not asked, the reason.
    """
    one = result("order", cell("a", FAULT), replace(cell("b", NOT_REACHED), live=False))
    lines = [text for text, _ in explanation_lines(one, judge(one, ledger()), {})]

    assert lines[4:6] == [
        "  a: reset in headers: reset by peer",
        "  b (recorded): not asked: an earlier step had no answer",
    ]


CHUNK = "--b\r\ncontent-disposition: form-data; name=n\r\n\r\n%s\r\n--b--"
KINDS = {
    "JSON lines": ("application/x-ndjson", '{"n":1}\n{"n":%s}\n', "$[1].n", '[{"n":1},{"n":2}]'),
    "events": ("text/event-stream", 'data: {"n":%s}\n\n', "$[0].data.n", '[{"data":{"n":2}}]'),
    "table": (
        "text/csv",
        "n,m\n%s,x\n",
        "$.rows[0].n",
        '{"header":["n","m"],"rows":[{"n":2,"m":"x"}]}',
    ),
    "XML": ("application/xml", "<r><n>%s</n></r>", "$.r.n", '{"r":{"n":"2"}}'),
    "HTML": ("text/html", "<p>%s", "$.p", '{"p":"2"}'),
    "form": ("application/x-www-form-urlencoded", "n=%s", "$.n[0]", '{"n":["2"]}'),
    "multipart": ("multipart/form-data; boundary=b", CHUNK, "$.n.body", '{"n":{"body":"2"}}'),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_shown_as_it_was_read(kind: str) -> None:
    """What was read is beside what was sent, and changes have their path, for every kind."""
    media, body, path, read = KINDS[kind]
    lines = lines_of(media, body % 2, body % 3)
    assert f"    read as {kind}: {read}" in lines
    (changed,) = [line for line in lines if "→" in line]
    assert changed.replace('"', "") == f"  {path}: 2 → 3"


def test_a_body_is_shown_as_the_suite_reads_it() -> None:
    """What the suite says that a body is counts here, too.

    What it is not is said with its reason.
    """
    assert "  $.n: 2 → 3" in lines_of("text/html", '{"n":2}', '{"n":3}', read_as="json")
    lines = lines_of("application/json", "{", "[")
    assert [
        line
        for line in lines
        if line.startswith("    read as text, as it is not what it is said to be: ")
    ] != []


def test_bytes_are_shown_by_size_and_digest() -> None:
    """Bytes that are no text are described."""
    assert [
        line
        for line in lines_of("image/png", "\x00a", "\x00b")
        if line.startswith("    2 bytes, sha256 ")
    ] != []


def lines_of(media: str, a: str, b: str, read_as: str = "") -> list[str]:
    """Return the lines on a case in which two runtimes answer two bodies."""
    asked = case(compare=CompareLevel.VALUE)
    asked = replace(asked, steps=(replace(asked.steps[0], body=read_as),))
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body, media=media),))
        for name, body in (("a", a), ("b", b))
    ]
    seen = compared(asked, cells, None)
    return [text for text, _ in explanation_lines(seen, judge(seen, ledger()), {})]
