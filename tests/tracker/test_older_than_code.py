"""Evidence older than the code that it is about is refused.

Runtimes declare their source.
"""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.tracker.check_verdicts import red
from tests.tracker.shop import DOCUMENT, STATE, Shop

SUITE = """\
suite: tools/say
against: batch
cases:
  - {name: hello, run: {args: [hello]}, expect: {exit: 0}}
"""
RUNTIMES = """\
runtimes:
  one:
    labels: [batch]
    language: python
    batch: ["${python}", "${directory}/one/say.py"]
    directory: ..
    source: [one]
  two:
    labels: [batch]
    language: go
    batch: ["${python}", "${directory}/two/say.py"]
    directory: ..
    source: [two, shared.py]
"""
SAY = "import sys\nprint(sys.argv[1])\n"
TABLE = """\
| what | Python | Go | Verified by | Last verified |
|---|---|---|---|---|
| says hello | yes <!-- shows: same as two --> | yes <!-- shows: same as Python --> | `tools/say/*` | |
"""
SYNC = "run the cases, then `conformance tracker sync --run latest`"
GREEN = f"{DOCUMENT} holds: 1 row: 1 verified; 0 decisions\n"


@pytest.fixture
def tools(tmp_path: Path, command: WarmCommand) -> Shop:
    """Return a folder with two tools, compared by a run that the document rests on."""
    shop = Shop(folder=tmp_path / "tools", command=command)
    shop.write(Path("cases/say.yaml"), SUITE)
    shop.write(Path("cases/runtimes.yaml"), RUNTIMES)
    shop.write(Path("cases/decisions.yaml"), "decisions: []\n")
    for name in ("one/say.py", "two/say.py", "shared.py"):
        shop.write(Path(name), SAY)
    shop.sync()
    shop.edit(DOCUMENT, "## Operations\n", f"## Tools\n\n{TABLE}\n## Operations\n")
    run(shop)
    return shop


def run(shop: Shop, *words: str) -> None:
    """Run all cases and bring the document up to date."""
    done = shop.command("run", *words, cwd=shop.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    shop.sync("--run", "latest")


@pytest.mark.parametrize("name", ["two/say.py", "two/new.py", "shared.py"])
def test_code_that_changed_since(tools: Shop, name: str) -> None:
    """Code that changed since the run is named until a run of the current code.

    The runtimes and the number of rows that rest on them are named with it.
    """
    assert tools.check() == (0, GREEN)
    tools.write(Path(name), f"# changed\n{SAY}")

    line = tools.line(DOCUMENT, "| says hello")
    assert tools.check() == red(
        f"{DOCUMENT}:{line}:1: 1 row from here on is about older code of two, for two, shared.py "
        f"changed since: {SYNC}",
        rows="1 row: 1 verified; 0 decisions",
    )
    done = tools.command("run", cwd=tools.folder)
    assert done.returncode == 0
    assert tools.check("--run", "latest") == (0, GREEN)
    tools.sync("--run", "latest")
    assert tools.check() == (0, GREEN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("expect: {exit: 0}", "expect: {exit: 1}", id="another demand"),
        pytest.param("args: [hello]", "args: [goodbye]", id="another request"),
        pytest.param(
            "cases:\n",
            "cases:\n  - {name: other, run: {args: [x]}, expect: {exit: 0}}\n",
            id="one more",
        ),
    ],
)
def test_cases_that_changed_since(tools: Shop, old: str, new: str) -> None:
    """Rows rest on the cases as they were run, in both pages.

    With other cases of the same names nothing is shown.
    """
    tools.edit(Path("cases/say.yaml"), old, new)
    changed = f"1 row from here on is about cases that changed since the last run: {SYNC}"
    said = tools.check()[1]
    assert f"{DOCUMENT}:{tools.line(DOCUMENT, '| says hello')}:1: {changed}" in said
    assert f"{STATE}:{tools.line(STATE, '| tools')}:1: {changed}" in said

    tools.edit(Path("cases/say.yaml"), new, old)
    assert tools.check() == (0, GREEN)


def test_words_about_a_case_change_nothing(tools: Shop) -> None:
    """A comment, and the line that a case stands in, are not the case."""
    tools.edit(Path("cases/say.yaml"), "cases:\n", "# What the tools say.\ncases:\n")
    assert tools.check() == (0, GREEN)


def test_a_source_that_is_named_no_more(tools: Shop) -> None:
    """A runtime that no longer names its source does not count as true.

    Nobody can then see whether the code is still the code that was run.
    """
    tools.edit(Path("cases/runtimes.yaml"), "    source: [two, shared.py]\n", "")
    tools.write(Path("two/say.py"), f"# changed\n{SAY}")
    what = "1 row from here on rests on the code of two as its `source` had it"
    assert (
        f"{what}, and the runtimes file names no `source` of two now: name it again"
        in tools.check()[1]
    )


def test_what_is_built_of_it_changes_nothing(tools: Shop) -> None:
    """A file that git ignores is not the code; one that no `source` names is not either."""
    tools.write(Path(".gitignore"), "bin/\n")
    tools.git("init", "-q")
    run(tools)
    tools.write(Path("two/bin/tool"), "built")
    tools.write(Path("other.py"), "x")
    assert tools.check() == (0, GREEN)


def test_a_header_that_is_a_name_and_one_that_is_a_language(tools: Shop) -> None:
    """`two` is the runtime of that name, `Go` all runtimes of the language.

    Any other is a plain column.
    """
    tools.edit(DOCUMENT, "| what | Python | Go |", "| what | one | two |")
    assert tools.check()[1].splitlines()[-1] == GREEN.strip()
    tools.edit(DOCUMENT, "| what | one | two |", "| what | Rust | two |")
    assert tools.check()[1].splitlines()[-1] == GREEN.strip()
    tools.edit(DOCUMENT, "same as Python", "same as Rust")
    assert "two was compared with no other runtime of that name" in tools.check()[1]


def test_a_source_that_is_not_there(tools: Shop) -> None:
    """A run refuses it at its place."""
    tools.edit(Path("cases/runtimes.yaml"), "source: [one]", "source: [once]")
    done = tools.command("run", cwd=tools.folder)
    assert done.returncode == 2
    missing = "the source of runtime one is missing: no file or folder cases/../once"
    assert f"cases/runtimes.yaml:3:5: {missing}" in done.stderr
