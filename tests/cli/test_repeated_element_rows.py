"""Decided differences of a repeated element under another root or wrapper, from the command.

They cover no later change below it.
"""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Reply, Service, serve

SUITE = "suite: shop/xml\ncompare: {level}\ncases:\n  - name: one\n    request: {{GET: /}}\n"
REASON = ("--all", "--owner", "me", "--reason", "so it is")
TWO_LINES = "<o><line><q>1</q></line><line><q>2</q></line></o>"
TWO_ORDERS = "<Response><o><id>1</id></o><o><id>2</id></o></Response>"
ONE_ORDER = "<Result><o><id>1</id><extra>x</extra></o></Result>"


def _xml(body: str) -> Service:
    """Return a service that answers everything with a document."""
    return lambda _: Reply(headers={"content-type": "application/xml"}, body=body.encode())


def _run(folder: Path, level: str, *bodies: str) -> tuple[int, str]:
    """Run against a and b; return the exit code and all that is printed."""
    (folder / "shop.yaml").write_text(SUITE.format(level=level))
    with serve(_xml(bodies[0])) as a, serve(_xml(bodies[1])) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--ledger", "decisions.yaml")
        done = conformance("run", "shop.yaml", *words, cwd=folder)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("level", "first", "second", "later"),
    [
        pytest.param("shape", TWO_ORDERS, ONE_ORDER, ("</extra>", "</extra><more>1</more>"),
            id="a-child-more-under-another-root"),
        pytest.param("shape", TWO_ORDERS, ONE_ORDER, ("id>", "ident>"),
            id="a-renamed-child-under-another-root"),
        pytest.param("value", TWO_ORDERS, "<List><o><id>7</id></o></List>", ("7", "8"),
            id="a-value-under-another-root"),
        pytest.param("value", TWO_LINES, "<o><lines><line><q>9</q></line></lines></o>", ("9", "5"),
            id="a-value-in-a-wrapper"),
        pytest.param("value", "<A><n>1</n></A>", '<B><n k="v">1</n></B>', (">1", ">2"),
            id="a-text-beside-an-attribute-under-another-root"),
    ],
)  # fmt: skip
def test_a_later_change_below_is_red(
    tmp_path: Path, level: str, first: str, second: str, later: tuple[str, str]
) -> None:
    """What was decided of the layout hides nothing below it."""
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    assert _run(tmp_path, level, first, second)[0] == 1
    done = conformance("decide", *REASON, "--ledger", "decisions.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert _run(tmp_path, level, first, second)[0] == 0
    code, printed = _run(tmp_path, level, first, second.replace(*later))
    assert code == 1, printed
