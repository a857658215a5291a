"""Mistakes in a ledger by a person or a merge, from the command.

Each is reported with its line and what to do.
"""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

SUITE = "suite: shop\ncases:\n  - {name: one, request: {GET: /}}\n"
ROW = """\
decisions:
  - id: D-001
    title: b leaves it out
    state: open
    kind: must_match
    cause: member
    at: ["$.n"]
    where: [shop/one]
    sides: {absent: [b], present: [a]}
    reason: a port in progress
    owner: orders team
    opened: "2026-11-01"
"""


def run(folder: Path) -> tuple[int, str, str]:
    """Run against two services, the second of which leaves a member out.

    Return exit code, stdout and stderr.
    """
    (folder / "shop.yaml").write_text(SUITE)
    with serve(always({"n": 1, "m": 1})) as a, serve(always({"m": 1})) as b:
        words = (
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            "--ledger",
            "decisions.yaml",
        )
        done = conformance(*words, cwd=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        pytest.param(
            "    where: [shop/one]\n",
            "<<<<<<< HEAD\n    where: [shop/one]\n=======\n    where: [shop/two]\n>>>>>>> other\n",
            "decisions.yaml:8:1: a conflict marker of a merge that was not resolved: `<<<<<<<`",
            id="conflict",
        ),
        pytest.param(
            "where: [shop/one]",
            "where: [*]",
            "decisions.yaml:8:13: '*' starts an alias in YAML; quote it: \"*\"",
            id="*",
        ),
        pytest.param("[shop/one]", "[shop/*]", "decisions.yaml:8:13: ", id="glob-without-grows"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, written: str, instead: str, said: str
) -> None:
    """Nothing is sent, and the whole message says where and what."""
    (tmp_path / "decisions.yaml").write_text(ROW.replace(written, instead))
    code, _, stderr = run(tmp_path)
    assert (code, said in stderr, "Traceback" in stderr) == (2, True, False), stderr


def test_the_next_run_of_a_decided_pair_is_never_narrowed(tmp_path: Path) -> None:
    """A row that `decide` wrote for a run is matched, and not narrowed, by a repeated run."""
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    assert run(tmp_path)[0] == 1
    words = ("--all", "--owner", "me", "--reason", "so it is", "--ledger", "decisions.yaml")
    assert conformance("decide", *words, cwd=tmp_path).returncode == 0
    code, stdout, _ = run(tmp_path)
    assert (code, "D-001 matched" in stdout, "narrowed" in stdout) == (0, True, False), stdout
