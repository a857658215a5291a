"""The language of a runtime, named on the command line or in the runtimes file.

It is needed to propose fixes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

SUITE: Final = (
    "suite: s\ncases:\n  - {name: one, request: {GET: /}}\n  - {name: two, request: {GET: /two}}\n"
)
FIX: Final = "Fix one side, in {} ({}): "
UNKNOWN: Final = (
    "warning: no fix is proposed for {0}: name the language, by --language {1}=LANGUAGE or by "
    "`language:` in the runtimes file\n"
)


@pytest.fixture
def words(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """Serve two runtimes that differ by an idiom, and give the words that name them.

    The suite asks them twice.
    """
    (tmp_path / "s.yaml").write_text(SUITE)
    with serve(always({"n": 1})) as a, serve(always({"n": "1"})) as b:
        yield "--runtime", f"a={a}", "--runtime", f"b={b}"


def test_run_proposes_fixes_in_the_languages_that_are_named(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A named language gives a fix; who has none is said once, however many causes there are."""
    none = conformance("run", "s.yaml", *words, cwd=tmp_path)
    one = conformance("run", "s.yaml", *words, "--language", "a=go", cwd=tmp_path)
    both = conformance(
        "run", "s.yaml", *words, "--language", "a=go", "--language", "b=other", cwd=tmp_path
    )

    assert none.stdout.count(UNKNOWN.format("a, b", "a")) == 1
    assert "Fix" not in none.stdout
    assert FIX.format("a", "go") in one.stdout
    assert one.stdout.count(UNKNOWN.format("b", "b")) == 1
    assert FIX.format("a", "go") in both.stdout
    assert "no fix is proposed" not in both.stdout


def test_init_writes_the_language_down(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The file that `init` makes declares it, and the run after it has fixes."""
    conformance("init", *words, "--language", "b=rust", cwd=tmp_path)
    run = conformance("run", "cases", cwd=tmp_path)
    other = conformance("run", "cases", "--language", "b=python", cwd=tmp_path)

    a, b = (word.partition("=")[2] for word in words[1::2])
    assert (tmp_path / "cases/runtimes.yaml").read_text() == (
        "# yaml-language-server: $schema=.schema.json\n"
        "# Who is asked: a URL here is consent to call it.\n"
        f'runtimes:\n  a:\n    url: "{a}"\n  b:\n    url: "{b}"\n    language: rust\n'
    )
    assert FIX.format("b", "rust") in run.stdout
    assert FIX.format("b", "python") in other.stdout


@pytest.mark.parametrize("verb", ["run", "init"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            ("a=pyton",),
            (
                "--language a=pyton: 'pyton' is no known language; did you mean 'python'?\n  hint: "
                "known: go, "
            ),
        ),
        (
            ("a=cobol",),
            "--language a=cobol: 'cobol' is no known language\n  hint: known: go, rust, python, ",
        ),
        (("a",), "--language a: wanted NAME=LANGUAGE\n  hint: --language a=go\n"),
        (("a=",), "--language a=: '' is no known language\n"),
        (("gateway=go",), "--language gateway=go: no such runtime\n  hint: asked: a, b\n"),
        (("A=go",), "--language A=go: wanted NAME=LANGUAGE\n"),
        (
            ("a=go", "a=rust"),
            "--language: a is named twice\n  hint: a runtime is written in one language\n",
        ),
    ],
)
def test_what_is_refused(
    tmp_path: Path, words: tuple[str, ...], verb: str, given: tuple[str, ...], message: str
) -> None:
    """An unknown language, an unknown runtime, and a name without a language are bad usage."""
    options = [word for each in given for word in ("--language", each)]
    done = conformance(verb, *(["s.yaml"] if verb == "run" else []), *words, *options, cwd=tmp_path)
    assert message in done.stderr
    assert done.returncode == 2


def test_the_runtimes_file_knows_the_same_languages(tmp_path: Path) -> None:
    """A language that is not known is refused in the file, too, with what was meant."""
    (tmp_path / "s.yaml").write_text(SUITE)
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes:\n  a: {url: http://127.0.0.1:9, language: pyton}\n"
    )
    done = conformance("run", "s.yaml", cwd=tmp_path)
    assert "runtimes.yaml:2:42: " in done.stderr
    assert "did you mean 'python'?" in done.stderr
    assert done.returncode == 2
