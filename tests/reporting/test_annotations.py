"""Annotations: one workflow command each, whatever is in the ids and reasons that they carry."""

from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

SUITE = """\
suite: a
cases:
  - {name: x, matrix: {one: [1], two: [2]}, request: {GET: "/${one}/${two}"}}
  - {name: y, matrix: {n: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}, request: {GET: "/${n}"}}
"""


def test_what_would_end_a_property_is_escaped(tmp_path: Path) -> None:
    """Commas and colons in a title, percent signs in a message.

    Ten of them, the first at the line of its case.
    """
    (tmp_path / "s.yaml").write_text(SUITE)
    with serve(always({"100%": 1})) as a, serve(always({"100%": "1"})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        told = conformance(
            "run", "s.yaml", *runtimes, "-q", cwd=tmp_path, GITHUB_ACTIONS="true"
        ).stdout
        silent = conformance(
            "run", "s.yaml", *runtimes, "-q", cwd=tmp_path, GITHUB_ACTIONS="false"
        ).stdout

    first, *others = [line for line in told.splitlines() if line.startswith("::")]
    assert first == (
        "::error file=s.yaml,line=3,col=5,title=a/x[one=1%2Ctwo=2]::"
        "failed: number as string at $['100%25']: a number · b string; undecided"
    )
    assert len(others) == 9
    assert "::" not in silent
