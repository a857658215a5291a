"""What git is asked for a guard: names of revisions, objects, an index, compiled modules.

A guard believes git nothing that it can look at itself.
"""

import importlib.util
import py_compile
import zlib
from pathlib import Path

import pytest

from tests.cli.guarded_shop import SERVICE, commit_base, edit, put
from tests.cli.warm_command import WarmCommand
from tests.tracker.shop import git

WORDS = ("run", "cases", "--baseline", "original", "--quiet")
SHADOWS = {
    "a tag": (("tag", "origin/main"), "refs/tags/origin/main"),
    "a branch": (("branch", "origin/main"), "refs/heads/origin/main"),
    "a reference of no kind": (
        ("update-ref", "refs/origin/main", "HEAD"),
        "refs/origin/main",
    ),
}


def change_the_suite(shop: Path) -> None:
    """Commit a change that the guard has to name, and let the remote keep the base."""
    git(shop, "update-ref", "refs/remotes/origin/main", "base")
    edit("    expect: {status: 200}\n", "")(shop)
    git(shop, "commit", "--quiet", "--all", "--message", "a change")


@pytest.mark.parametrize("shadow", SHADOWS)
def test_a_shadow(guarding: WarmCommand, shop: Path, shadow: str) -> None:
    """A name that could be two commits is refused, with what it could be; a whole name is fine."""
    words, named = SHADOWS[shadow]
    change_the_suite(shop)
    git(shop, *words)

    refused = guarding(*WORDS, "--guard", "origin/main", cwd=shop)
    step = guarding(*WORDS, "--guard", "origin/main~0", cwd=shop)
    whole = guarding(*WORDS, "--guard", "refs/remotes/origin/main", cwd=shop)

    assert (refused.returncode, refused.stdout) == (2, "")
    candidates = f"{named} or refs/remotes/origin/main"
    assert refused.stderr == (
        f"error: --guard origin/main: this could be {candidates}\n"
        "  hint: write the whole name of a reference, or the whole id of a commit\n"
    )
    assert step.returncode == 2
    assert whole.returncode == 1
    assert "1 guarded thing not as in refs/remotes/origin/main" in whole.stdout


def test_a_shadow_of_a_hash(guarding: WarmCommand, shop: Path) -> None:
    """A tag can have the name of a short id; no reference goes before a whole one."""
    change_the_suite(shop)
    whole = git(shop, "rev-parse", "base")
    git(shop, "tag", whole[:7])
    git(shop, "update-ref", f"refs/tags/{whole}", "HEAD")

    short = guarding(*WORDS, "--guard", whole[:7], cwd=shop)
    full = guarding(*WORDS, "--guard", whole, cwd=shop)

    assert short.returncode == 2
    assert f"this could be refs/tags/{whole[:7]} or {whole}" in short.stderr
    assert full.returncode == 1
    assert "1 guarded thing not as in" in full.stdout


def test_one_name_of_one_commit(guarding: WarmCommand, shop: Path) -> None:
    """Two references of one commit leave no doubt."""
    git(shop, "tag", "main")

    ran = guarding(*WORDS, "--guard", "main", cwd=shop)

    assert (ran.returncode, ran.stdout) == (1, "RED: 1 failed\n")


def forge(shop: Path, revision: str, raw: bytes) -> None:
    """Let an object of git hold something else."""
    name = git(shop, "rev-parse", revision)
    at = shop / ".git/objects" / name[:2] / name[2:]
    at.chmod(0o644)
    at.write_bytes(zlib.compress(raw))


def test_a_forged_tree(guarding: WarmCommand, shop: Path) -> None:
    """A tree whose content has another id is no tree of the revision: git does not look."""
    put(shop, "cases/more/extra.yaml", "suite: more\ncases:\n  - {name: x, request: {GET: /9}}\n")
    commit_base(shop)
    (shop / "cases/more/extra.yaml").unlink()
    forge(shop, "base:cases/more", b"tree 0\0")

    ran = guarding(*WORDS, "--guard", "base", cwd=shop)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "of git was forged: its content has another id" in ran.stderr


def test_a_broken_index(guarding: WarmCommand, shop: Path) -> None:
    """Without an index git knows of no change, and the run is not green."""
    edit("12 if", '"12" if', "original/original_service.py")(shop)
    (shop / ".git/index").write_bytes(b"no index")

    ran = guarding(*WORDS, "--guard", "base", cwd=shop)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "git status failed" in ran.stderr


@pytest.mark.parametrize("started", ["in process", "by a command"])
def test_a_compiled_module(guarding: WarmCommand, shop: Path, started: str) -> None:
    """A compiled module that is not checked against its source is not the original."""
    core = SERVICE.replace("12 if", "figures.TOTAL if").replace(
        "json\n", "json\n\nimport figures\n", 1
    )
    put(shop, "original/original_service.py", core)
    put(shop, "original/figures.py", "TOTAL = 12\n")
    if started == "by a command":
        port = (shop / "port/port_service.py").read_text()
        port = port.replace('"12" if', "figures.TOTAL if").replace(
            "json\n", "json\nimport figures\n", 1
        )
        put(shop, "original/original_service.py", port)
        edit(
            'app: "original_service:app"',
            'command: ["${python}", original_service.py, "${port}"]',
            "cases/runtimes.yaml",
        )(shop)
    commit_base(shop)
    fake = shop.parent / "figures.py"
    fake.write_text('TOTAL = "12"\n')
    compiled = importlib.util.cache_from_source(str(shop / "original/figures.py"))
    py_compile.compile(
        str(fake), compiled, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )

    assert "original, port" in guarding(*WORDS[:-1], cwd=shop).stdout
    ran = guarding(*WORDS[:-1], "--guard", "base", cwd=shop)

    assert "original, port" not in ran.stdout
    assert ran.stdout.splitlines()[-2] == "RED: 1 failed"
