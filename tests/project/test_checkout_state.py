"""The state of a checkout: what counts as changed, and what makes two states different, in a real repository."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.project.checkout_state import CheckoutState, checkout_state


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
    return checkout_state(folder, folder / "cases/gauntlet.yaml", folder / "own", folder / "own/baseline.json")


def _edit(file: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("other: 1\n")

    return edit


def _overlooked(folder: Path) -> None:
    git(folder, "update-index", "--skip-worktree", "code.py")
    _edit("code.py")(folder)


CHANGES: dict[str, tuple[Callable[[Path], None], tuple[str, ...], str]] = {
    "code": (_edit("code.py"), ("code.py",), "state of the tree"),
    "a new file": (_edit("new.py"), ("new.py",), "state of the tree"),
    "a suite": (_edit("cases/suite.yaml"), ("cases/suite.yaml",), "state of the tree and cases"),
    "the ledger": (_edit("cases/decisions.yaml"), ("cases/decisions.yaml",), "state of the tree and ledger"),
    "runtimes": (_edit("cases/runtimes.yaml"), ("cases/runtimes.yaml",), "state of the tree and configuration"),
    "an ignored suite": (_edit("cases/out/x.yaml"), ("cases/out/x.yaml",), "state of the tree and cases"),
    "overlooked": (_overlooked, ("code.py",), "state of the tree"),
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


@pytest.mark.parametrize("file", ["own/report.md", "out/x.log", "cases/__pycache__/x.pyc", "cases/.hidden/x.log"])
def test_what_does_not_count(repository: Path, file: str) -> None:
    """What a gauntlet makes itself, what git ignores elsewhere, and caches beside the cases."""
    (repository / ".git/info/exclude").write_text("__pycache__/\n.hidden/\n")
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


def test_a_file_that_git_does_not_keep(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A gauntlet file from elsewhere is no part of any commit."""
    other = tmp_path_factory.mktemp("other") / "lax.yaml"
    other.write_text("lax: 1\n")
    found = checkout_state(repository, other, repository / "own", repository / "own/baseline.json")
    assert found.changed == (str(other),)


def test_no_repository(tmp_path: Path) -> None:
    """There is no commit, so nothing is clean."""
    (tmp_path / "gauntlet.yaml").write_text("x")
    found = checkout_state(tmp_path, tmp_path / "gauntlet.yaml", tmp_path / "own", tmp_path / "own/baseline.json")
    assert (found.commit, found.clean) == ("", False)
