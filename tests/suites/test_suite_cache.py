"""Suites that were read before are kept in the user's cache folder, and nobody sees it."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance import outgoing, user_cache
from conformance.gauntlet.phases import call
from conformance.suites.document import parse_document
from conformance.suites.suite_file import cases_of, read_suite

CASE = """\
  - name: order-{number}
    request:
      POST: /orders
      json: {{article: A-1001, quantity: {number}}}
    expect: {{status: 201}}
"""


def suite(count: int = 100, head: str = "") -> str:
    """Return a suite that is worth an entry."""
    return f"suite: s\n{head}cases:\n" + "".join(CASE.format(number=n) for n in range(count))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder that is not there yet."""
    monkeypatch.setattr(user_cache, "_of_user", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a suite file in a folder of its own."""
    (tmp_path / "suites").mkdir()
    written = tmp_path / "suites" / "s.yaml"
    written.write_text(suite(), encoding="utf-8")
    return written


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that tells which documents have been parsed since."""
    parsed: list[str] = []

    def parse(raw: bytes, name: str) -> object:
        parsed.append(name)
        return parse_document(raw, name)

    monkeypatch.setattr("conformance.suites.suite_file.parse_document", parse)
    return parsed


def test_what_is_read_again_is_what_was_read(
    cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reading gives the same cases, and parses nothing."""
    parsed = reading(monkeypatch)
    first = read_suite(file, "s.yaml")
    assert parsed == ["s.yaml"]
    assert (
        read_suite(file, "s.yaml") == first == cases_of(parse_document(file.read_bytes(), "s.yaml"))
    )
    assert parsed == ["s.yaml"]
    assert [entry.stat().st_mode & 0o777 for entry in cache.iterdir()] == [0o600]


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_text(suite(101), encoding="utf-8"),
        lambda file: file.with_name("more.yaml").write_text("shared: x\nrequests: {}\n"),
    ],
    ids=["its own text", "a file that it includes"],
)
def test_what_has_changed_is_read(
    cache: Path, file: Path, change: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suite is parsed again when it or a file that it names is not as it was."""
    file.with_name("more.yaml").write_text("shared: x\n", encoding="utf-8")
    file.write_text(suite(head="include: more.yaml\n"), encoding="utf-8")
    read_suite(file, "s.yaml")
    read_suite(file, "s.yaml")
    change(file)
    parsed = reading(monkeypatch)
    assert read_suite(file, "s.yaml") == cases_of(
        parse_document(file.read_bytes(), "s.yaml"), file.parent
    )
    assert parsed == ["s.yaml"]
    assert cache.is_dir()


def test_another_name_or_folder_is_another_suite(
    cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Places show the name that a suite is read by."""
    read_suite(file, "s.yaml")
    parsed = reading(monkeypatch)
    assert read_suite(file, "t.yaml")[0].place.file == "t.yaml"
    (file.parents[1] / "other").mkdir()
    other = file.parents[1] / "other" / "s.yaml"
    other.write_bytes(file.read_bytes())
    read_suite(other, "s.yaml")
    assert parsed == ["t.yaml", "s.yaml"]
    assert len(list(cache.iterdir())) == 3


@pytest.mark.parametrize(
    "harm",
    [
        lambda entry: entry.write_bytes(b""),
        lambda entry: entry.write_bytes(entry.read_bytes()[:-1]),
        lambda entry: entry.write_bytes(entry.read_bytes()[:-9] + b"harmed!!!"),
        lambda entry: entry.chmod(0o666),
        lambda entry: (entry.unlink(), entry.mkdir()),
    ],
    ids=["empty", "cut", "changed", "writable by all", "a folder"],
)
def test_a_broken_entry_is_none(
    cache: Path, file: Path, harm: Callable[[Path], object], capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever became of an entry, the suite is read without a word."""
    first = read_suite(file, "s.yaml")
    (entry,) = cache.iterdir()
    harm(entry)
    assert read_suite(file, "s.yaml") == first
    assert capfd.readouterr() == ("", "")


def test_what_others_could_write_is_none(cache: Path, file: Path) -> None:
    """An entry counts only where nobody but the user can have written it."""
    first, other = read_suite(file, "s.yaml"), cases_of(parse_document(suite(1).encode(), "s.yaml"))
    (entry,) = cache.iterdir()
    user_cache.keep(entry.name, pickle.dumps(({}, other)))
    assert read_suite(file, "s.yaml") == other
    entry.chmod(0o620)
    assert read_suite(file, "s.yaml") == first


def test_an_entry_runs_no_code(cache: Path, file: Path) -> None:
    """An entry with a good digest that names a function is none, and the function is not called."""
    first = read_suite(file, "s.yaml")
    (entry,) = cache.iterdir()
    mark = file.with_name("mark")
    user_cache.keep(entry.name, pickle.dumps(_Calls(mark)))
    assert read_suite(file, "s.yaml") == first
    assert not mark.exists()


class _Calls:
    """A value whose loading makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self._folder,)


def test_a_suite_that_lists_a_folder_is_read_each_time(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in a folder may change without any file that was read."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.txt").write_text("a")
    file = tmp_path / "s.yaml"
    runs = "".join(f"  - name: n{n}\n    run: {{tree: tree}}\n" for n in range(200))
    file.write_text(f"suite: s\ncases:\n{runs}", encoding="utf-8")
    parsed = reading(monkeypatch)
    read_suite(file, "s.yaml")
    read_suite(file, "s.yaml")
    assert parsed == ["s.yaml"] * 2
    assert not cache.exists()


def test_a_small_suite_is_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all suites are kept, the parser of YAML is not loaded at all."""
    parsed = reading(monkeypatch)
    file = tmp_path / "s.yaml"
    file.write_text(suite(1), encoding="utf-8")
    read_suite(file, "s.yaml")
    read_suite(file, "s.yaml")
    assert parsed == ["s.yaml"]
    assert len(list(cache.iterdir())) == 1


def test_what_holds_a_secret_is_not_kept(cache: Path) -> None:
    """No entry has a value that the harness leaves out of what it writes."""
    outgoing.keep_out("cache", lambda raw: raw.replace(b"hunter2", b"[out]"))
    try:
        user_cache.keep("one", b"the password is hunter2")
        user_cache.keep("two", b"there is none")
    finally:
        outgoing.keep_out("cache", lambda raw: raw)
    assert [entry.name for entry in cache.iterdir()] == ["two"]


def test_the_oldest_entries_go(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All entries together stay within a bound; those that were used last stay."""
    read_suite(file, "s.yaml")
    (first,) = cache.iterdir()
    os.utime(first, (0, 0))
    monkeypatch.setattr(user_cache, "_CHECK_BYTES", 0)
    monkeypatch.setattr(user_cache, "_MOST_BYTES", first.stat().st_size + 100)
    read_suite(file, "t.yaml")
    (left,) = cache.iterdir()
    assert left.name != first.name


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A run with a file in the place of the cache folder says what any other one says."""
    file = tmp_path / "s.yaml"
    file.write_text(suite(), encoding="utf-8")
    (tmp_path / "cache").write_text("a file")
    said = [
        subprocess.run(
            [sys.executable, "-m", "conformance", "list", "s.yaml"],
            cwd=tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": str(folder)},
            capture_output=True,
            check=True,
        )
        for folder in (tmp_path / "cache", tmp_path / "other", tmp_path / "other")
    ]
    assert said[0].stdout == said[1].stdout == said[2].stdout
    assert [run.stderr for run in said] == [b""] * 3
    assert list((tmp_path / "other" / "conformance").iterdir())


def test_the_version_of_the_reader_is_part_of_the_key(
    cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reader never takes what this one has written."""
    read_suite(file, "s.yaml")
    monkeypatch.setattr("conformance.suites.suite_cache._reader_version", lambda: "another")
    parsed = reading(monkeypatch)
    read_suite(file, "s.yaml")
    assert parsed == ["s.yaml"]
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("how", ["within a guarded run", "by the environment"])
def test_what_was_kept_is_not_used(
    cache: Path, file: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who could write the folder cannot say what a guarded run asks."""
    read_suite(file, "s.yaml")
    parsed = reading(monkeypatch)
    if how == "by the environment":
        monkeypatch.setenv(user_cache.NO_CACHE, "1")
        read_suite(file, "s.yaml")
    else:
        with user_cache.unused():
            read_suite(file, "s.yaml")
    assert parsed == ["s.yaml"]
    assert len(list(cache.iterdir())) == 1


def test_a_phase_of_the_gauntlet_uses_no_cache(file: Path, tmp_path: Path) -> None:
    """A verdict rests on the files of the checkout."""
    variables = {"XDG_CACHE_HOME": str(tmp_path / "home")}
    code, printed, _ = call(("list", str(file), "--json"), 60, variables)
    assert (code, b"s/order-99" in printed) == (0, True)
    assert not (tmp_path / "home").exists()
