"""`run --propose` and `explain`: ledger rows that the reader takes as they are, and that make the gate green."""

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.ledger.file import read_ledger
from conformance.ledger.proposal import Proposals
from conformance.ledger.row_text import proposal_text
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding, Signature
from conformance.model.verdict import CaseResult
from conformance.model.yaml_text import yaml_text
from conformance.suites.document import Scalar, items, parse_document
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import check_ledger
from tests.cli.command import conformance, settled
from tests.miniatures.server import always, json_reply, serve
from tests.verdicts.ledger_rows import FAULT, SIGNATURE, cell, done, each_differs, finding, ledger, result, row

SUITE = "suite: shop/items\ncases:\n  - {name: one, request: {GET: /1}}\n  - {name: two, request: {GET: /2}}\n"
PROPOSED = """\
# Rows for the differences of this run that are undecided. Move those that you decide on into the
# ledger, and write what stands at TODO.
decisions:
  - id: D-042
    title: "number-as-string at $.id: number in a, string in b"
    state: open
    kind: research
    where: [shop/items/one, shop/items/two]
    signature: "number-as-string@$.id (number | string)"
    odd: [a]
    rest: [b]
    reason: "TODO: why this is decided so"
    owner: "TODO: who answers for it"
    opened: "DAY"
"""
HELD = """\
decisions:
  - id: D-041
    title: b answers tags as null
    state: accepted
    kind: intentional
    where: [shop/items/*]
    signature: "null-vs-empty-list@$.tags (null | empty list)"
    odd: [b]
    rest: [a]
    reason: both are read
    owner: shop team
    opened: "2026-11-01"
"""


def test_a_proposed_row_can_be_pasted(tmp_path: Path) -> None:
    """One row for the one undecided difference; in the ledger it makes the saved run green; `explain` prints it too."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    (tmp_path / "decisions.yaml").write_text(HELD)
    with serve(always({"id": 1, "tags": []})) as a, serve(always({"id": "1", "tags": None})) as b:
        done = conformance("run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", "--propose", cwd=tmp_path)
    (file,) = (tmp_path / "reports/runs").glob("2*/proposed.yaml")
    day = file.parent.name
    day = f"{day[:4]}-{day[4:6]}-{day[6:8]}"
    explained = conformance("explain", "shop/items/two", cwd=tmp_path).stdout
    (tmp_path / "decisions.yaml").write_text(HELD + file.read_text().partition("decisions:\n")[2])
    judged = conformance("gate", "--ledger", "decisions.yaml", cwd=tmp_path)

    assert settled(done.stdout).endswith("proposed: 1 ledger row in reports/runs/RUN/proposed.yaml\n")
    assert file.read_text().replace(day, "DAY") == PROPOSED
    assert [decision.id for decision in read_ledger(file).decisions] == ["D-042"]
    row_shown = PROPOSED.partition("decisions:\n")[2].replace("\n  ", "\n    ").replace("  - id", "    - id", 1)
    assert row_shown.replace("DAY", day) in explained
    assert judged.stdout == "2 cases: 2 known\nPARITY, with 2 cases that differ as decided\n"


def test_three_runtimes_that_differ_have_two_rows(tmp_path: Path) -> None:
    """Both make the saved run green, one alone does not; with one in the ledger, the other is proposed alone."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(always({"id": 1})) as a, serve(always({"id": "1"})) as b, serve(always({"id": None})) as c:
        words = [word for name, url in (("a", a), ("b", b), ("c", c)) for word in ("--runtime", f"{name}={url}")]
        conformance("run", "shop.yaml", *words, "--propose", cwd=tmp_path)
        (file,) = (tmp_path / "reports/runs").glob("2*/proposed.yaml")
        both = file.read_text()
        ledger_file = tmp_path / "decisions.yaml"
        ledger_file.write_text(both)
        known = conformance("gate", "--ledger", "decisions.yaml", cwd=tmp_path)
        ledger_file.write_text(both.partition("  - id: D-002")[0])
        file.unlink()
        red = conformance("run", "shop.yaml", *words, "--propose", cwd=tmp_path)
        explained = conformance("explain", "shop/items/two", cwd=tmp_path).stdout
        (file,) = (tmp_path / "reports/runs").glob("2*/proposed.yaml")

    assert [decision.id for decision in read_ledger_text(both, tmp_path)] == ["D-001", "D-002"]
    assert known.stdout == "2 cases: 2 known\nPARITY, with 2 cases that differ as decided\n"
    assert "RED: 2 failed\n" in red.stdout
    assert "stale" not in red.stdout
    assert file.read_text().partition("  - id: ")[2] == both.partition("  - id: D-001")[2].partition("  - id: ")[2]
    assert explained.count("- id: ") == 1


def test_elements_that_part_the_runtimes_in_two_ways_have_rows_beside_each_other(tmp_path: Path) -> None:
    """All three differ in one element, and c alone in the other: no two rows claim the same two runtimes there."""
    (tmp_path / "shop.yaml").write_text(f"compare: value\n{SUITE}")
    bodies = {"a": [{"t": "x"}, {"t": "z"}], "b": [{"t": "y"}, {"t": "z"}], "c": [{}, {}]}
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(serve(always(body))) for name, body in bodies.items()}
        words = ("shop.yaml", *(word for name, url in urls.items() for word in ("--runtime", f"{name}={url}")))
        conformance("run", *words, "--propose", cwd=tmp_path)
        (file,) = (tmp_path / "reports/runs").glob("2*/proposed.yaml")
        (tmp_path / "decisions.yaml").write_text(file.read_text())
        again = conformance("run", *words, cwd=tmp_path)

    rows = [(str(each.signature), each.odd, each.rest) for each in read_ledger(file).decisions]
    assert sorted(rows) == [
        ("member@$[*].t (absent | present)", ("c",), ("a",)),
        ("member@$[*].t (absent | present)", ("c",), ("b",)),
        ("value@$[*].t (differs | differs)", ("a",), ("b",)),
    ]
    assert again.stdout.splitlines()[-2] == "PARITY, with 2 cases that differ as decided"


def read_ledger_text(text: str, folder: Path) -> tuple[Decision, ...]:
    """Read a ledger from a text."""
    (folder / "read.yaml").write_text(text)
    return read_ledger(folder / "read.yaml").decisions


def proposed_and_applied(folder: Path, alike: str, *words: str) -> tuple[tuple[str, ...], str]:
    """Run 25 cases that differ but for one target; return the proposed `where`, and what a run says that has it."""
    names = [*(f"c-{number:02}" for number in range(24)), "other"]
    cases = "".join(f"  - {{name: {name}, request: {{GET: /{name}}}}}\n" for name in names)
    (folder / "shop.yaml").write_text(f"suite: shop/items\ncases:\n{cases}")
    with (
        serve(always({"id": 1})) as a,
        serve(lambda asked: json_reply({"id": 1 if asked.target == alike else "1"})) as b,
    ):
        command = ("run", "shop.yaml", *words, "--runtime", f"a={a}", "--runtime", f"b={b}")
        conformance(*command, "--propose", cwd=folder)
        (file,) = (folder / "reports/runs").glob("2*/proposed.yaml")
        (folder / "decisions.yaml").write_text(file.read_text())
        again = conformance(*command, cwd=folder)
    (proposed,) = read_ledger(file).decisions
    assert again.returncode == 0, again.stdout
    return proposed.where, again.stdout


@pytest.mark.parametrize(
    ("alike", "words", "whole"),
    [
        pytest.param("/other", (), False, id="24-of-25"),
        pytest.param("", (), True, id="25-of-25"),
        pytest.param("", ("--case", "*/c-*"), False, id="one-left-out"),
    ],
)
def test_a_proposed_row_is_never_narrowed_at_once(
    tmp_path: Path, alike: str, words: tuple[str, ...], whole: bool
) -> None:
    """A suite is named as a whole only where every one of its many cases shows the difference, also those left out."""
    where, again = proposed_and_applied(tmp_path, alike, *words)

    assert where == (("shop/items/*",) if whole else tuple(f"shop/items/c-{number:02}" for number in range(24)))
    assert "D-001" in again
    assert "narrowed" not in again


def rows_for(
    *results: CaseResult, held: Ledger | None = None, unselected: frozenset[str] = frozenset(), finished: bool = True
) -> list[Decision]:
    """Return the rows proposed for some cases."""
    decided = held or ledger()
    proposals = Proposals(unselected)
    for seen in results:
        proposals.add(seen, judge(seen, decided))
    return list(proposals.rows(decided, dt.date(2026, 11, 23), finished=finished).values())


def test_one_difference_is_one_row_whoever_is_called_odd() -> None:
    """Two cases that call different sides odd show one difference, and get one row that both match."""
    flipped = Signature(SIGNATURE.name, SIGNATURE.path, odd=SIGNATURE.rest, rest=SIGNATURE.odd)
    cases = [
        result("one", findings=(finding(),)),
        result("two", findings=(finding(signature=flipped, odd=("a",), rest=("b",)),)),
    ]
    rows = rows_for(*cases)

    assert [(proposed.id, proposed.where) for proposed in rows] == [("D-001", ("shop/one", "shop/two"))]
    assert [judge(case, ledger(*rows)).decisions for case in cases] == [(("D-001",),)] * 2


A, B, C = cell("a"), cell("b"), cell("c")
THREE_SIDES = each_differs("member", "$.ship_to", a="present", b="absent", c="null")
Sides = list[tuple[tuple[str, ...], tuple[str, ...]]]


@pytest.mark.parametrize(
    ("seen", "held", "sides"),
    [
        pytest.param(THREE_SIDES, (), [(("b",), ("a",)), (("c",), ("a",))], id="three-sides"),
        pytest.param(THREE_SIDES, (row(),), [(("c",), ("a",))], id="a-third-side-beside-a-row"),
        pytest.param(finding(odd=("b", "c")), (row(),), [(("a",), ("c",))], id="one-more-beside-the-odd-side"),
        pytest.param(finding(rest=("a", "c")), (row(),), [(("b",), ("c",))], id="one-more-beside-the-other-side"),
        pytest.param(finding(odd=("b", "c")), (done(),), [(("a",), ("b", "c"))], id="a-row-that-is-done"),
        pytest.param(
            each_differs("value", a="differs", b="differs", c="differs"),
            (),
            [(("a",), ("b",)), (("a",), ("c",))],
            id="values",
        ),
    ],
)
def test_rows_for_what_is_left(seen: Finding, held: tuple[Decision, ...], sides: Sides) -> None:
    """A row for each pair of sides, without what the ledger has already: both together then decide the finding."""
    case = result("order", A, B, C, findings=(seen,))
    rows = rows_for(case, held=ledger(*held))
    both = ledger(*held, *rows)

    assert [(proposed.odd, proposed.rest) for proposed in rows] == sides
    check_ledger(both, {"shop/order"}, {"a", "b", "c"})
    judged = judge(case, both)
    live = tuple(decision.id for decision in both.decisions if decision.state is not DecisionState.DONE)
    assert (judged.verdict.value, judged.rows) == ("known", live)


def test_a_suite_that_shows_it_everywhere_is_named_as_a_whole() -> None:
    """Many cases of a suite become one glob if all are known, and no other row could claim the same finding."""
    cases = [result(f"case-{number}", findings=(finding(),)) for number in range(21)]
    (alone,) = rows_for(*cases)
    (beside,) = rows_for(*cases, held=ledger(row("D-007", where=("shop/other",))))

    (cut_off,) = rows_for(*cases, finished=False)
    (filtered,) = rows_for(*cases, unselected=frozenset({"shop/x"}))
    (with_its_own,) = rows_for(*cases, unselected=frozenset({"shop/case-1"}))

    assert alone.where == with_its_own.where == ("shop/*",)
    assert (beside.id, len(beside.where)) == ("D-008", 21)
    assert len(cut_off.where) == len(filtered.where) == 21


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(result("x", cell("a"), cell("b", FAULT), findings=(finding(),)), id="no-answer"),
        pytest.param(result("x", findings=(finding(),), unstable=(finding(),)), id="nondeterministic"),
    ],
)
def test_what_no_row_can_hold(seen: CaseResult) -> None:
    """A case without an answer and one that changes from replay to replay make no row."""
    assert rows_for(seen) == []


def test_a_name_that_yaml_cannot_write(tmp_path: Path) -> None:
    """A signature with a lone surrogate is a comment; the file is a ledger all the same."""
    odd = Signature("member", "$['\ud800']", odd="absent", rest="present")
    (proposed,) = rows_for(result("x", findings=(finding(signature=odd),)))
    (tmp_path / "proposed.yaml").write_text(proposal_text([proposed]))

    assert (
        "# D-001 is left out: member@$['\\ud800'] (absent | present): a lone surrogate (U+D800)"
        in (tmp_path / "proposed.yaml").read_text()
    )
    assert read_ledger(tmp_path / "proposed.yaml").decisions == ()


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"[-+.0-9a-zA-Z~/ :#]{0,8}", fullmatch=True))
def test_yaml_text_is_read_back(text: str) -> None:
    """Whatever a text is, it reads back as that text, in block and in flow."""
    (leaf,) = items(parse_document(f"- {yaml_text(text)}".encode(), "x"))
    (inside,) = items(parse_document(f"[{yaml_text(text)}]".encode(), "x"))
    for node in (leaf, inside):
        assert isinstance(node, Scalar)
        assert (node.kind, node.text) == ("string", text)
