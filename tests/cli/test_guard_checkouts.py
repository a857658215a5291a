"""A guard and what git itself writes otherwise when it checks a file out."""

import os
from pathlib import Path

import pytest

from tests.cli.guarded_shop import commit_base, put
from tests.cli.test_guard_attacks import CHANGED, SENDS, WORDS
from tests.cli.warm_command import WarmCommand
from tests.tracker.shop import git


def check_out(shop: Path, attributes: str, text: str = "a\nb\n", autocrlf: str = "false") -> Path:
    """Commit a text that a case sends, and let git write all files again; return the text."""
    put(shop, ".gitattributes", attributes)
    put(shop, "bodies/a.txt", text)
    put(shop, "cases/sends.yaml", SENDS)
    git(shop, "config", "core.autocrlf", autocrlf)
    commit_base(shop)
    for name in git(shop, "ls-files").splitlines():
        (shop / name).unlink()
    git(shop, "checkout", "--quiet", "--", ".")
    return shop / "bodies/a.txt"


@pytest.mark.parametrize(
    ("attributes", "autocrlf"),
    [
        ("* text=auto eol=crlf\n", "false"),
        ("* text eol=crlf\n", "false"),
        ("* eol=crlf\n", "false"),
        ("* text=auto\n", "true"),
    ],
)
def test_attributes_that_have_crlf_themselves(
    guarding: WarmCommand, shop: Path, attributes: str, autocrlf: str
) -> None:
    """They are those of the revision, so nothing was changed."""
    text = check_out(shop, attributes, autocrlf=autocrlf)
    assert text.read_bytes() == b"a\r\nb\r\n"
    assert (shop / ".gitattributes").read_bytes().endswith(b"\r\n")

    assert "guard base" not in guarding(*WORDS, "--verbose", cwd=shop).stdout


def test_other_attributes_with_crlf(guarding: WarmCommand, shop: Path) -> None:
    """A line more in them is a change of what is sent."""
    text = check_out(shop, "* text=auto eol=crlf\n*.txt -text\n")
    (shop / ".gitattributes").write_bytes(b"* text=auto eol=crlf\r\n")
    text.write_bytes(b"a\r\nb\r\n")

    ran = guarding(*WORDS, "--verbose", cwd=shop)

    assert f"guard base: bodies/a.txt: {CHANGED}" in ran.stdout


def test_an_id_that_git_writes(guarding: WarmCommand, shop: Path) -> None:
    """The text with its own id is as in the revision, with another it is not."""
    text = check_out(shop, "*.txt ident eol=crlf\n", "a $Id$\nb\n")
    own = text.read_bytes()
    assert b"$Id: " in own

    same = guarding(*WORDS, "--verbose", cwd=shop)
    text.write_bytes(own.replace(git(shop, "rev-parse", ":bodies/a.txt").encode(), b"0" * 40))
    other = guarding(*WORDS, "--verbose", cwd=shop)

    assert "guard base" not in same.stdout
    assert f"guard base: bodies/a.txt: {CHANGED}" in other.stdout


def test_an_encoding_that_git_writes(guarding: WarmCommand, shop: Path) -> None:
    """It cannot be compared, and that is said with its cure."""
    (shop / "bodies").mkdir()
    encoded = "*.txt text working-tree-encoding=UTF-16LE\n"
    check_out(shop, encoded, "a\0b\0\n\0")

    ran = guarding(*WORDS, "--verbose", cwd=shop)

    assert ran.returncode == 1
    assert (
        "guard base: bodies/a.txt: cases and rules are checked out in UTF-16LE by the attribute "
        "`working-tree-encoding`, which a guard cannot compare: commit it in the encoding that is "
        "sent, without the attribute"
    ) in ran.stdout


def test_a_repository_that_git_does_not_trust(guarding: WarmCommand, shop: Path) -> None:
    """Its reason is said, and what to do; the owner can be changed by root alone."""
    git(shop, "config", "core.bare", "true")
    bare = guarding(*WORDS, cwd=shop)

    assert bare.returncode == 2
    assert bare.stderr == (
        "error: --guard base: git does not look at this folder: "
        "this operation must be run in a work tree\n"
        "  hint: `git config --unset core.bare`\n"
    )
    if os.geteuid():
        return
    git(shop, "config", "core.bare", "false")
    os.chown(shop, 4321, 4321)
    os.chown(shop / ".git", 4321, 4321)
    distrusted = guarding(*WORDS, cwd=shop)

    assert distrusted.returncode == 2
    assert "git does not look at this folder: detected dubious ownership" in distrusted.stderr
    assert "`git config --global --add safe.directory " in distrusted.stderr
