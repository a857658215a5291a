"""The state of a checkout in a real repository: what counts as changed.

It also covers what makes two states different.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.project.checkout_state import CheckoutState, checkout_state, checkout_touched

ID = "20261129T054312822Z-1bea"


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with cases, a ledger and code."""
    (tmp_path / "cases").mkdir()
    for name in ("suite", "decisions", "gauntlet", "runtimes"):
        (tmp_path / "cases" / f"{name}.yaml").write_text(f"{name}: 1\n")
    (tmp_path / "code.py").write_text("x = 1\n")
    (tmp_path / ".gitignore").write_text("*.log\nout/\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def state(folder: Path) -> CheckoutState:
    """Return the state of a repository."""
    return checkout_state(
        folder, folder / "cases/gauntlet.yaml", folder / "own", folder / "own/baseline.json"
    )


def _edit(file: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("other: 1\n")

    return edit


def _hidden(folder: Path) -> None:
    (folder / ".git/info/exclude").write_text(".hid/\n")
    _edit("cases/.hid/x.yaml")(folder)


def _hook(folder: Path) -> None:
    (folder / ".git/hook").write_text("#!/bin/sh\nprintf 'token\\0'\n")
    (folder / ".git/hook").chmod(0o755)
    git(folder, "config", "core.fsmonitor", ".git/hook")
    git(folder, "status")
    _edit("code.py")(folder)


def _filter(folder: Path) -> None:
    (folder / ".git/info/attributes").write_text("code.py filter=same\n")
    git(folder, "config", "filter.same.clean", "printf 'x = 1\\n'")
    _edit("code.py")(folder)
    git(folder, "add", "code.py")


def _replaced(folder: Path) -> None:
    before = _printed(folder, "rev-parse", "HEAD:code.py")
    (folder / "code.py").write_text("x = 2\n")
    git(folder, "replace", before, _printed(folder, "hash-object", "-w", "code.py"))


def _printed(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def _same_size_and_time(folder: Path) -> None:
    was = (folder / "code.py").stat()
    (folder / "code.py").write_text("x = 2\n")
    os.utime(folder / "code.py", ns=(was.st_atime_ns, was.st_mtime_ns))
    git(folder, "config", "core.trustctime", "false")
    git(folder, "config", "core.checkStat", "minimal")


def _overlooked(folder: Path) -> None:
    git(folder, "update-index", "--skip-worktree", "code.py")
    _edit("code.py")(folder)


CHANGES: dict[str, tuple[Callable[[Path], None], tuple[str, ...], str]] = {
    "code": (_edit("code.py"), ("code.py",), "state of the tree"),
    "a new file": (_edit("new.py"), ("new.py",), "state of the tree"),
    "a suite": (_edit("cases/suite.yaml"), ("cases/suite.yaml",), "state of the tree and cases"),
    "the ledger": (
        _edit("cases/decisions.yaml"),
        ("cases/decisions.yaml",),
        "state of the tree and ledger",
    ),
    "runtimes": (
        _edit("cases/runtimes.yaml"),
        ("cases/runtimes.yaml",),
        "state of the tree and configuration",
    ),
    "an ignored suite": (
        _edit("cases/out/x.yaml"),
        ("cases/out/x.yaml",),
        "state of the tree and cases",
    ),
    "overlooked": (_overlooked, ("code.py",), "state of the tree"),
    "a hidden suite": (_hidden, ("cases/.hid/x.yaml",), "state of the tree and cases"),
    "a hook of git": (_hook, ("code.py",), "state of the tree"),
    "a filter of git": (_filter, ("code.py",), "state of the tree"),
    "a replaced object": (_replaced, ("code.py",), "state of the tree"),
    "the same size and time": (_same_size_and_time, ("code.py",), "state of the tree"),
    "the baseline": (_edit("own/baseline.json"), ("own/baseline.json",), "state of the tree"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_counts_as_changed(repository: Path, name: str) -> None:
    """The path is named, and evidence of the commit is of another state."""
    clean = state(repository)
    assert (clean.clean, clean.changed, clean.mismatch(clean)) == (True, (), "")
    edit, changed, differs = CHANGES[name]
    edit(repository)
    now = state(repository)
    assert (now.clean, now.changed) == (False, changed)
    assert clean.mismatch(now) == f"it is of another {differs} than this"


@pytest.mark.parametrize(
    "file",
    [
        f"own/{ID}.md",
        f"own/{ID}/smoke/run.ndjson",
        "out/x.log",
        "cases/__pycache__/x.pyc",
        "cases/.DS_Store",
    ],
)
def test_what_does_not_count(repository: Path, file: str) -> None:
    """What a gauntlet makes itself, what git ignores elsewhere, and caches beside the cases."""
    (repository / ".git/info/exclude").write_text("__pycache__/\n.DS_Store\n")
    clean = state(repository)
    (repository / file).parent.mkdir(parents=True, exist_ok=True)
    (repository / file).write_text("x")
    assert state(repository) == clean


def test_a_second_edit_is_another_state(repository: Path) -> None:
    """A dirty tree is one state only as long as nobody edits it again."""
    _edit("code.py")(repository)
    first = state(repository)
    (repository / "code.py").write_text("y = 1\n")
    assert first.mismatch(state(repository)) == "it is of another state of the tree than this"


def test_a_file_that_git_does_not_keep(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A gauntlet file from elsewhere is no part of any commit."""
    other = tmp_path_factory.mktemp("other") / "lax.yaml"
    other.write_text("lax: 1\n")
    found = checkout_state(repository, other, repository / "own", repository / "own/baseline.json")
    assert found.changed == (str(other),)


@pytest.mark.parametrize("link", ["cases/linked.yaml", "cases/linked", "linked.py"])
def test_a_link_that_leads_out(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, link: str
) -> None:
    """What it leads to is read, and no commit has it; an edit there is another state."""
    other = tmp_path_factory.mktemp("other")
    (other / "x.yaml").write_text("x: 1\n")
    (repository / link).symlink_to(other / "x.yaml" if Path(link).suffix else other)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "linked")
    before = state(repository)
    assert [path for path in before.changed if path.startswith(link)]
    (other / "x.yaml").write_text("x: 2\n")
    assert before.mismatch(state(repository))


def test_a_link_inside_is_clean(repository: Path) -> None:
    """Git keeps what it leads to."""
    (repository / "cases/linked.yaml").symlink_to("suite.yaml")
    (repository / "all").symlink_to("cases")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "linked")
    assert state(repository).clean


def test_a_submodule(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its files count, also where git was set to overlook it."""
    other = tmp_path_factory.mktemp("other")
    (other / "x.py").write_text("x = 1\n")
    git(other, "init", "--quiet")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "first")
    git(
        repository,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "--quiet",
        str(other),
        "sub",
    )
    git(repository, "commit", "--quiet", "--message", "sub")
    assert state(repository).clean
    git(repository, "config", "submodule.sub.ignore", "all")
    (repository / "sub/x.py").write_text("x = 2\n")
    assert "sub/x.py" in state(repository).changed


def test_ends_of_lines_are_no_change(repository: Path) -> None:
    """A checkout may write CRLF where the commit has LF."""
    git(repository, "config", "core.autocrlf", "true")
    (repository / "code.py").unlink()
    git(repository, "checkout", "--quiet", "--", "code.py")
    assert (repository / "code.py").read_bytes() == b"x = 1\r\n"
    assert state(repository).clean


def test_own_output_is_what_bears_an_id(repository: Path) -> None:
    """The whole checkout as the folder of gauntlets hides nothing."""
    _edit("new.py")(repository)
    found = checkout_state(
        repository, repository / "cases/gauntlet.yaml", repository, repository / "baseline.json"
    )
    assert found.changed == ("new.py",)


def test_a_change_that_was_taken_back_shows(repository: Path) -> None:
    """By the time of the last write, whatever the content is."""
    where = (repository, repository / "cases/gauntlet.yaml", repository / "own")
    before = checkout_touched(*where)
    assert checkout_touched(*where) == before
    text, was = (repository / "code.py").read_text(), (repository / "code.py").stat()
    (repository / "code.py").write_text("y = 1\n")
    (repository / "code.py").write_text(text)
    os.utime(repository / "code.py", ns=(was.st_atime_ns, was.st_mtime_ns))
    after = checkout_touched(*where)
    assert {file for file in before if before[file] != after[file]} == {repository / "code.py"}


def test_no_repository(tmp_path: Path) -> None:
    """There is no commit, so nothing is clean."""
    (tmp_path / "gauntlet.yaml").write_text("x")
    found = checkout_state(
        tmp_path, tmp_path / "gauntlet.yaml", tmp_path / "own", tmp_path / "own/baseline.json"
    )
    assert (found.commit, found.clean) == ("", False)


def test_another_folder_as_the_checkout(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Git can be set to look at a clean copy: what is run is not in it, and that is said."""
    git(repository, "config", "core.worktree", str(tmp_path_factory.mktemp("copy")))
    with pytest.raises(UsageError, match=r"for the checkout, and .* is not in it"):
        state(repository)
