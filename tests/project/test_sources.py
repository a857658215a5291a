"""The digest of a runtime's code: which files count, with git and without."""

import subprocess
from pathlib import Path

import pytest

from conformance.project.sources import source_digest
from tests.tracker.shop import git


def write(folder: Path, *names: str) -> None:
    """Write files that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


@pytest.fixture(params=["git", "no git"])
def code(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a folder with code, in a repository and outside any."""
    folder = tmp_path / "code"
    write(folder, "main.go", "deep/er.go", "__pycache__/x.pyc", ".cache/y")
    if request.param == "git":
        write(folder, ".gitignore")
        (folder / ".gitignore").write_text("__pycache__\n.cache\nbin\n")
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "code")
    return folder


def test_what_changes_it(code: Path) -> None:
    """A byte, a new file, a file that is gone or renamed.

    What git ignores, or hides, changes nothing.
    """
    seen = {source_digest((code,))}
    for change in (
        lambda: (code / "main.go").write_text("other"),
        lambda: write(code, "new.go"),
        lambda: (code / "deep/er.go").rename(code / "deep/est.go"),
        (code / "main.go").unlink,
    ):
        change()
        assert source_digest((code,)) not in seen
        seen.add(source_digest((code,)))
    before = source_digest((code,))
    write(code, "__pycache__/z.pyc", ".cache/z")
    assert source_digest((code,)) == before


def test_a_commit_changes_nothing(tmp_path: Path) -> None:
    """What counts is the tree as it is, whether it is committed or not."""
    write(tmp_path, "a.py")
    git(tmp_path, "init", "-q")
    before = source_digest((tmp_path,))
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "a")
    assert source_digest((tmp_path,)) == before


def test_files_links_and_nothing(tmp_path: Path) -> None:
    """One file is a source, a link counts by where it leads, and no source has no digest."""
    write(tmp_path, "a.py", "b.py")
    assert source_digest(()) == ""
    assert source_digest((tmp_path / "a.py",)) != source_digest((tmp_path / "b.py",))
    (tmp_path / "link").symlink_to("a.py")
    before = source_digest((tmp_path,))
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b.py")
    assert source_digest((tmp_path,)) != before


def test_a_clone_elsewhere_has_the_same(code: Path, tmp_path: Path) -> None:
    """The way to the code is not part of it."""
    if not (code / ".git").exists():
        pytest.skip("a clone needs a repository")
    subprocess.run(
        ["git", "clone", "-q", str(code), str(tmp_path / "clone")], check=True, timeout=60
    )
    assert source_digest((tmp_path / "clone",)) == source_digest((code,))
