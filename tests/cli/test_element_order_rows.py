"""A row about the order of elements, from the command.

It is about the order alone, whatever else changes later.
"""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Reply, Service, serve

SUITE = "suite: shop/xml\ncompare: value\n{rules}cases:\n  - name: one\n    request: {{GET: /}}\n"
REASON = ("--all", "--owner", "me", "--reason", "so it is")
FIRST, SECOND = "<o><x>1</x><y>2</y></o>", "<o><y>2</y><x>1</x></o>"


def xml(body: str) -> Service:
    """Return a service that answers everything with a document."""
    return lambda _: Reply(headers={"content-type": "application/xml"}, body=body.encode())


def run(folder: Path, *bodies: str, rules: str = "") -> tuple[int, str]:
    """Run against a and b; return the exit code and all that is printed."""
    (folder / "shop.yaml").write_text(SUITE.format(rules=rules))
    with serve(xml(bodies[0])) as a, serve(xml(bodies[1])) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--ledger", "decisions.yaml")
        done = conformance("run", "shop.yaml", *words, cwd=folder)
    return done.returncode, done.stdout


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    """Return a folder in which the order of two documents is decided."""
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    assert run(tmp_path, FIRST, SECOND)[0] == 1
    assert (
        conformance("decide", *REASON, "--ledger", "decisions.yaml", cwd=tmp_path).returncode == 0
    )
    assert run(tmp_path, FIRST, SECOND)[0] == 0
    return tmp_path


def test_a_row_about_the_order_is_matched_when_a_value_changes(decided: Path) -> None:
    """The value is undecided, and the row is not stale: the order is still another one."""
    code, printed = run(decided, FIRST, SECOND.replace("1", "7"))
    assert (code, "D-001 matched: covers 1 case" in printed, "stale" in printed) == (
        1,
        True,
        False,
    ), printed
    assert "value of $.o.x differs" in printed


def test_a_row_about_the_order_is_stale_when_the_order_is_one(decided: Path) -> None:
    """With one order nothing shows the difference."""
    assert "D-001 stale" in run(decided, FIRST, FIRST)[1]


def test_a_row_about_the_order_is_reopened_by_a_third_order(decided: Path) -> None:
    """The pin has the tags in their order: with another child between them it is another order."""
    code, printed = run(
        decided, FIRST.replace("</o>", "<z/></o>"), SECOND.replace("<o>", "<o><z/>")
    )
    assert (code, "reopen" in printed) == (1, True), printed


def test_a_rule_that_frees_the_order_is_needed_beside_another_difference(tmp_path: Path) -> None:
    """Nobody is asked to remove a rule without which the order would be red."""
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    rules = "rules: [{path: $.o, order: any, why: a bag}]\n"
    code, printed = run(tmp_path, FIRST, SECOND.replace("1", "7"), rules=rules)
    assert (code, "element" in printed, "was not needed" in printed) == (1, False, False), printed
