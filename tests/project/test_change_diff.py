"""The diff that a review is made of, in real repositories that are set to hide a change."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.project.change_diff import change_diff, has_change

BAD = "+return undefined_thing"
BINARY = b"\x89PNG\0\xff\xfe"


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository whose last commit breaks a line and changes a picture."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "below").mkdir()
    (tmp_path / "below/note.md").write_text("a note\n")
    for line, picture in (("return 1", BINARY), ("return undefined_thing", BINARY + b"\0more")):
        (tmp_path / "shop.py").write_text(f"# shop\n{line}\n")
        (tmp_path / "shop.png").write_bytes(picture)
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", "change")
    return tmp_path


def _attributes(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / ".git/info/attributes").write_text(text)

    return write


def _settings(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    def set_all(folder: Path) -> None:
        for name, value in pairs:
            git(folder, "config", name, value)

    return set_all


def _driver(folder: Path) -> None:
    _attributes("*.py diff=x\n")(folder)
    _settings(("diff.x.binary", "true"), ("diff.x.command", "true"), ("diff.x.textconv", "true"))(
        folder
    )


def _attributes_elsewhere(folder: Path) -> None:
    (folder / ".git/elsewhere").write_text("*.py -diff\n")
    _settings(("core.attributesFile", str(folder / ".git/elsewhere")))(folder)


def _committed(folder: Path) -> None:
    (folder / ".gitattributes").write_text("*.py -diff\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--amend", "--message", "change")


HIDING = {
    "not hidden": lambda _: None,
    "attribute": _attributes("*.py -diff\n"),
    "binary attribute": _attributes("*.py binary\n"),
    "driver": _driver,
    "attributes elsewhere": _attributes_elsewhere,
    "committed attributes": _committed,
    "relative": _settings(("diff.relative", "true")),
    "prefixes": _settings(("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true")),
    "size": _settings(("core.bigFileThreshold", "1")),
    "external": _settings(("diff.external", "true")),
    "colour": _settings(("color.ui", "always")),
}


@pytest.mark.parametrize("name", HIDING)
def test_no_setting_hides_a_change(repository: Path, name: str) -> None:
    """The line is shown, also from a folder in which nothing changed."""
    HIDING[name](repository)
    shown = change_diff(repository / "below", "HEAD~1")
    assert shown is not None
    assert BAD in shown.decode().splitlines()
    assert has_change(repository / "below", "HEAD~1") is True


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GIT_DIFF_OPTS", "-u0"), ("GIT_EXTERNAL_DIFF", "true"), ("GIT_DIR", "/nowhere")],
)
def test_no_variable_hides_a_change(
    repository: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """What git reads of the environment leads to no other repository, and no other form."""
    monkeypatch.setitem(os.environ, variable, value)
    shown = change_diff(repository, "HEAD~1")
    assert shown is not None
    assert {" # shop", BAD} <= set(shown.decode().splitlines())


def test_what_is_binary_is_named(repository: Path) -> None:
    """A picture is not shown as text; a source with a NUL byte is."""
    (repository / "shop.py").write_bytes(b"# \0\nreturn undefined_thing  # again\n")
    git(repository, "commit", "--quiet", "--all", "--message", "change")
    shown = change_diff(repository, "HEAD~2")
    assert shown is not None
    assert b"Binary files a/shop.png and b/shop.png differ\n" in shown
    assert b"PNG" not in shown
    assert b"+return undefined_thing  # again\n" in shown


def test_no_change(repository: Path) -> None:
    """The same tree, whatever commits are between, and a revision that is none."""
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "empty")
    assert has_change(repository, "HEAD~1") is False
    assert has_change(repository, "nothing") is None
    assert change_diff(repository, "nothing") is None
