"""Attacks on `--guard` by a commit, and by a checkout: links, names, line ends, objects of git.

Each attack prepares a base, changes something without touching the port's code, and commits. What
it changed has to be named.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.guarded_shop import PORT, SERVICE, Cheat, commit_base, edit, unlink, write
from tests.cli.warm_command import WarmCommand
from tests.tracker.shop import git

WORDS = ("run", "cases", "--baseline", "original", "--guard", "base")
MORE = "suite: more\ncases:\n  - name: x\n    request: {GET: /orders/9}\n"
SENDS = "suite: sends\ncases:\n  - name: x\n    request: {POST: /orders, file: ../bodies/a.txt}\n"
BATCH = """\
suite: batch
against: tool
cases:
  - {name: all, run: {tree: ../inputs}}
"""
TOOLS = """\
  tool-a: {batch: [ls], labels: [tool]}
  tool-b: {batch: [ls], labels: [tool]}
"""
SIGNER = '    signers: {own: {command: ["${python}", ../tools/sign.py]}}\n'


def all_of(*changes: Cheat) -> Cheat:
    """Return what makes several changes."""

    def change(folder: Path) -> None:
        for each in changes:
            each(folder)

    return change


def link(name: str, target: str) -> Cheat:
    """Return what puts a link in place of whatever is there."""

    def change(folder: Path) -> None:
        at = folder / name
        if at.is_dir() and not at.is_symlink():
            shutil.rmtree(at)
        at.unlink(missing_ok=True)
        at.parent.mkdir(parents=True, exist_ok=True)
        at.symlink_to(target)

    return change


def move(name: str, to: str) -> Cheat:
    """Return what moves a file or folder, and leaves a link where it was."""

    def change(folder: Path) -> None:
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / to)
        (folder / name).symlink_to(os.path.relpath(folder / to, (folder / name).parent))

    return change


def run_git(*words: str) -> Cheat:
    """Return what runs git."""
    return lambda folder: git(folder, *words)


def put_bytes(name: str, content: bytes) -> Cheat:
    """Return what writes bytes into a file."""
    return lambda folder: (folder / name).write_bytes(content)


def port_source(source: str) -> Cheat:
    """Return what lets the port declare another source."""
    return edit(
        "directory: ../port\n    source: [.]",
        f"directory: ../port\n    source: [{source}]",
        "cases/runtimes.yaml",
    )


def nothing(_folder: Path) -> None:
    """Leave the base as it is."""


def odd_name(folder: Path) -> None:
    """Add a module whose name is no UTF-8."""
    (Path(os.fsdecode(os.fsencode(folder) + b"/original/\xff.py"))).write_text("")


def to_submodule(folder: Path) -> None:
    """Make the original a submodule."""
    git(folder, "rm", "--quiet", "--cached", "-r", "original")
    git(folder / "original", "init", "--quiet")
    commit_base(folder / "original")


MORE_SUITES = write("cases/more/extra.yaml", MORE)
FAKE = SERVICE.replace("12 if", '"12" if')
GONE = "cases/more/extra.yaml: cases and rules were deleted"
CHANGED = "cases and rules were changed"
BASELINE = "the source of the baseline runtime"
ATTACKS: dict[str, tuple[Cheat, Cheat, str]] = {
    "a folder of suites that is a link": (
        all_of(MORE_SUITES, write("other/notes.txt", "")),
        link("cases/more", "../other"),
        f"{GONE}, since cases/more is a link",
    ),
    "a baseline that is a link to the port": (
        write("port/original_service.py", FAKE),
        link("original", "port"),
        f"original/original_service.py: {BASELINE} was deleted, since original is a link",
    ),
    "a name that is no UTF-8": (
        nothing,
        odd_name,
        f"original/\\udcff.py: {BASELINE} is not in the revision",
    ),
    "a source of the port that holds everything": (
        all_of(MORE_SUITES, port_source("..")),
        unlink("cases/more/extra.yaml"),
        GONE,
    ),
    "a source of the port that holds the suites": (
        all_of(MORE_SUITES, port_source("., ../cases")),
        unlink("cases/more/extra.yaml"),
        GONE,
    ),
    "a source of the port among the suites": (
        all_of(MORE_SUITES, port_source("., ../cases/more")),
        unlink("cases/more/extra.yaml"),
        GONE,
    ),
    "suites that are a link in the base": (
        all_of(MORE_SUITES, move("cases", "spec")),
        unlink("spec/more/extra.yaml"),
        "spec/more/extra.yaml: cases and rules were deleted",
    ),
    "the target of a suite that is a link": (
        all_of(MORE_SUITES, move("cases/more/extra.yaml", "spec/extra.yaml")),
        edit("/orders/9", "/orders/8", "spec/extra.yaml"),
        f"spec/extra.yaml: {CHANGED}",
    ),
    "a suite that leads nowhere": (
        all_of(MORE_SUITES, move("cases/more/extra.yaml", "spec/extra.yaml")),
        unlink("spec/extra.yaml"),
        "cases/more/extra.yaml: cases and rules lead to spec/extra.yaml, which is not there",
    ),
    "a suite that was a link": (
        all_of(MORE_SUITES, move("cases/more/extra.yaml", "spec/extra.yaml")),
        all_of(
            unlink("cases/more/extra.yaml"),
            write("cases/more/extra.yaml", "../../spec/extra.yaml"),
        ),
        f"cases/more/extra.yaml: {CHANGED}",
    ),
    "a folder in place of a suite": (
        MORE_SUITES,
        all_of(unlink("cases/more/extra.yaml"), write("cases/more/extra.yaml/x", "")),
        f"cases/more/extra.yaml: {CHANGED}",
    ),
    "the target of a ledger that is a link": (
        move("cases/decisions.yaml", "ledger/rows.yaml"),
        edit("[]", "[]  # none", "ledger/rows.yaml"),
        "ledger/rows.yaml: the ledger was changed",
    ),
    "the target of a runtimes file that is a link": (
        move("cases/runtimes.yaml", "cases/shared/all.yaml"),
        edit("[.]", "[.] # all", "cases/shared/all.yaml"),
        "cases/shared/all.yaml: the runtimes file was changed",
    ),
    "a program that signs": (
        all_of(
            write("tools/sign.py", "print('{}')\n"),
            edit("  legacy:\n", f"{SIGNER}  legacy:\n", "cases/runtimes.yaml"),
        ),
        write("tools/sign.py", "print('{ }')\n"),
        "tools/sign.py: a file that the runtimes file names was changed",
    ),
    "a body with other line ends": (
        all_of(write("bodies/a.txt", "a\nb\n"), write("cases/sends.yaml", SENDS)),
        put_bytes("bodies/a.txt", b"a\r\nb\r\n"),
        f"bodies/a.txt: {CHANGED}",
    ),
    "a body that an attribute gives other line ends": (
        all_of(write("bodies/a.txt", "a\nb\n"), write("cases/sends.yaml", SENDS)),
        all_of(
            write("bodies/.gitattributes", "*.txt text eol=crlf\n"),
            put_bytes("bodies/a.txt", b"a\r\nb\r\n"),
        ),
        f"bodies/a.txt: {CHANGED}",
    ),
    "a body that is a link to another": (
        all_of(
            write("bodies/a.txt", "a\n"),
            write("bodies/b.txt", "b\n"),
            write("cases/sends.yaml", SENDS),
        ),
        link("bodies/a.txt", "b.txt"),
        f"bodies/a.txt: {CHANGED}",
    ),
    "a program of the baseline beside its source": (
        all_of(
            edit("source: [.]\n  port", "source: [lib]\n  port", "cases/runtimes.yaml"),
            write("original/lib/x.py", ""),
        ),
        edit("12 if", '"12" if', "original/original_service.py"),
        f"original/original_service.py: {BASELINE} was changed",
    ),
    "a port that is a link to the original": (
        write("original/port_service.py", PORT),
        link("port", "original"),
        "port: the source of a runtime is a link that is not in the revision",
    ),
    "a link from the port into the original": (
        nothing,
        link("port/core.py", "../original/original_service.py"),
        "port/core.py: the source of a runtime is a link that is not in the revision",
    ),
    "a folder with the name of a runtimes file": (
        MORE_SUITES,
        write("cases/more/runtimes.yaml/x", ""),
        "cases/more/runtimes.yaml: the runtimes file is not in the revision",
    ),
    "a file less of a folder that is sent": (
        all_of(
            write("inputs/a.txt", "a"),
            write("inputs/b.txt", "b"),
            write("cases/batch.yaml", BATCH),
            edit("  legacy:\n", f"{TOOLS}  legacy:\n", "cases/runtimes.yaml"),
        ),
        unlink("inputs/b.txt"),
        "inputs/b.txt: cases and rules were deleted",
    ),
    "an ignored file of the original": (
        nothing,
        write("original/ignored.yaml", ""),
        f"original/ignored.yaml: {BASELINE} is not in the revision",
    ),
    "an ignored folder of the original": (
        nothing,
        write("original/build/a/b.py", ""),
        f"original/build: {BASELINE} is not in the revision",
    ),
    "a repository of its own": (
        nothing,
        run_git("init", "--quiet", "cases"),
        "cases: cases and rules are in a repository of their own",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack(guarding: WarmCommand, shop: Path, attack: str) -> None:
    """What was changed is named, and the run is red."""
    prepare, cheat, named = ATTACKS[attack]
    prepare(shop)
    commit_base(shop)
    cheat(shop)
    if "repository" not in attack:  # git would take it for a submodule
        git(shop, "add", "--all")
        git(shop, "commit", "--quiet", "--allow-empty", "--message", "the attack")

    ran = guarding(*WORDS, "--verbose", cwd=shop)

    assert ran.returncode == 1, ran.stderr
    assert f"guard base: {named}" in ran.stdout


HARMLESS: dict[str, tuple[Cheat, Cheat]] = {
    "suites and a ledger that are links": (
        all_of(move("cases/decisions.yaml", "ledger/rows.yaml"), move("cases", "spec")),
        nothing,
    ),
    "code of the port among the suites": (
        all_of(write("cases/port/code.py", "a = 1\n"), port_source("., ../cases/port")),
        write("cases/port/code.py", "a = 2\n"),
    ),
    "a text that git checks out with CRLF": (
        all_of(
            write("bodies/.gitattributes", "*.txt text eol=crlf\n"),
            write("bodies/a.txt", "a\nb\n"),
            write("cases/sends.yaml", SENDS),
        ),
        put_bytes("bodies/a.txt", b"a\r\nb\r\n"),
    ),
    "modules that Python has compiled": (nothing, write("original/__pycache__/x.pyc", "")),
    "an original that is a submodule": (to_submodule, nothing),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_no_attack(guarding: WarmCommand, shop: Path, change: str) -> None:
    """What the harness reads is as before, so nothing is named."""
    prepare, harmless = HARMLESS[change]
    prepare(shop)
    commit_base(shop)
    harmless(shop)

    ran = guarding(*WORDS, "--verbose", cwd=shop)

    assert ran.returncode == 1, ran.stderr
    assert "guard base" not in ran.stdout


def test_a_submodule(guarding: WarmCommand, shop: Path) -> None:
    """The files of a submodule are held against the commit that the revision has of it."""
    to_submodule(shop)
    commit_base(shop)
    edit("12 if", '"12" if', "original/original_service.py")(shop)
    git(shop / "original", "commit", "--quiet", "--all", "--message", "a change")
    git(shop, "commit", "--quiet", "--all", "--message", "a change")

    ran = guarding(*WORDS, cwd=shop)

    assert f"guard base: original/original_service.py: {BASELINE} was changed" in ran.stdout
