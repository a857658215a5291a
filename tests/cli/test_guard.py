"""`--guard REVISION`: every way to turn a red gate green but by changing the port is a failure.

A port answers a total as text, where the original answers a number. Each test changes something
that decides the verdict, and none changes the port. Without the guard most of these runs are green.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import cold_conformance as plain_command
from tests.cli.guarded_shop import (
    API,
    LEGACY,
    LIVE,
    ROW,
    SHARED,
    Cheat,
    and_git,
    edit,
    git_and,
    put,
    unlink,
    write,
)
from tests.cli.warm_command import WarmCommand
from tests.tracker.shop import git

LEDGER = "cases/decisions.yaml: the ledger"
CASES = "cases/orders.yaml: cases and rules were changed"
RUNTIMES = "cases/runtimes.yaml: the runtimes file was changed"


def link_the_ledger(folder: Path) -> None:
    """Replace the ledger by a link to another one."""
    put(folder, "port/rows.yaml", ROW)
    (folder / "cases/decisions.yaml").unlink()
    (folder / "cases/decisions.yaml").symlink_to("../port/rows.yaml")


def link_the_folder(folder: Path) -> None:
    """Replace the folder of cases by a link to a copy in which one case is gone."""
    (folder / "cases").rename(folder / "mine")
    edit(
        "  - name: one\n    request: {GET: /orders/1}\n    expect: {status: 200}\n",
        "",
        "mine/orders.yaml",
    )(folder)
    (folder / "cases").symlink_to("mine")


def include_what_is_ignored(folder: Path) -> None:
    """Let the suite take something from a file that git does not see."""
    edit("include: shared.yaml", "include: [shared.yaml, ignored.yaml]")(folder)
    put(folder, "cases/ignored.yaml", SHARED)


def commit_a_row(folder: Path) -> None:
    """Commit a decision, so that nothing differs from HEAD."""
    put(folder, "cases/decisions.yaml", ROW)
    git(folder, "commit", "--quiet", "--all", "--message", "a decision")


def replace_the_object(folder: Path) -> None:
    """Let git answer with the changed ledger when it is asked for the one of the base."""
    put(folder, "cases/decisions.yaml", ROW)
    old = git(folder, "rev-parse", "base:cases/decisions.yaml")
    new = git(folder, "hash-object", "-w", "cases/decisions.yaml")
    git(folder, "replace", old.strip(), new.strip())


IN_A_RUN: dict[str, tuple[Cheat, str]] = {
    "a row that decides it": (write("cases/decisions.yaml", ROW), f"{LEDGER} was changed"),
    "a row that is committed": (commit_a_row, f"{LEDGER} was changed"),
    "a ledger that is nearer": (write("cases/shop/decisions.yaml", ROW), "is not in the revision"),
    "no ledger": (unlink("cases/decisions.yaml"), f"{LEDGER} was deleted"),
    "a ledger that is a link": (link_the_ledger, f"{LEDGER} was changed"),
    "a change that git has to overlook": (
        and_git(
            write("cases/decisions.yaml", ROW),
            "update-index",
            "--assume-unchanged",
            "cases/decisions.yaml",
        ),
        f"{LEDGER} was changed",
    ),
    "a file that git has to skip": (
        git_and(
            write("cases/decisions.yaml", ROW),
            "update-index",
            "--skip-worktree",
            "cases/decisions.yaml",
        ),
        f"{LEDGER} was changed",
    ),
    "an object of git that is replaced": (replace_the_object, f"{LEDGER} was changed"),
    "a case less": (
        edit("  - name: one\n    request: {GET: /orders/1}\n    expect: {status: 200}\n", ""),
        CASES,
    ),
    "a suite less": (
        unlink("cases/orders.yaml"),
        "cases/orders.yaml: cases and rules were deleted",
    ),
    "only the status": (
        edit("suite: shop/orders\n", "suite: shop/orders\ncompare: status\n"),
        CASES,
    ),
    "a rule": (
        edit("cases:\n", "rules:\n  - {path: $.total, is: any, why: it varies}\ncases:\n"),
        CASES,
    ),
    "no expectation": (edit("    expect: {status: 200}\n", ""), CASES),
    "another request": (edit("/orders/1", "/orders/3"), CASES),
    "another label": (edit("openapi: api.json\n", "openapi: api.json\nagainst: nobody\n"), CASES),
    "what suites share": (
        write("cases/shared.yaml", "shared: shop\nrules:\n  - {path: $.total, is: any, why: no}\n"),
        "cases/shared.yaml: cases and rules were changed",
    ),
    "a rule from a file that git ignores": (
        include_what_is_ignored,
        "cases/ignored.yaml: cases and rules are not in the revision",
    ),
    "a document with fewer operations": (
        write("cases/api.json", json.dumps({**API, "paths": {"/": {"get": {}}}})),
        "cases/api.json: cases and rules were changed",
    ),
    "a folder of cases that is a link": (link_the_folder, "mine/orders.yaml: cases and rules"),
    "a recording that says the same as the port": (
        edit('\\"total\\": 12', '\\"total\\": \\"12\\"', "cases/recordings/legacy.ndjson"),
        "cases/recordings/legacy.ndjson: a recording was changed",
    ),
    "a port that is started otherwise": (
        edit(
            "    directory: ../port\n",
            "    directory: ../port\n    environment: {AS: original}\n",
            "cases/runtimes.yaml",
        ),
        RUNTIMES,
    ),
    "a runtime less": (
        write("cases/runtimes.yaml", LIVE.partition("  port")[0] + LEGACY),
        RUNTIMES,
    ),
    "a runtime that supports nothing": (
        edit(
            "    directory: ../port\n",
            "    directory: ../port\n    supports: []\n",
            "cases/runtimes.yaml",
        ),
        RUNTIMES,
    ),
    "a folder of suites that is set apart": (
        write("cases/shop/runtimes.yaml", LIVE),
        "cases/shop/runtimes.yaml: the runtimes file is not in the revision",
    ),
    "another accepted baseline": (
        write("reports/gauntlet/baseline.json", '{"accepted": []}\n'),
        "reports/gauntlet/baseline.json: the accepted baseline was changed",
    ),
    "an original that does as the port": (
        edit("12 if", '"12" if', "original/original_service.py"),
        "original/original_service.py: the source of the baseline runtime was changed",
    ),
    "a module that gets in the way of the original": (
        write("original/json.py", "def dumps(value):\n    return '{}'\n"),
        "original/json.py: the source of the baseline runtime is not in the revision",
    ),
}


@pytest.mark.parametrize("cheat", IN_A_RUN)
def test_a_cheat(guarding: WarmCommand, shop: Path, cheat: str) -> None:
    """What was changed is named, and the run is red."""
    change, named = IN_A_RUN[cheat]
    change(shop)

    ran = guarding(
        "run", "cases", "--baseline", "original", "--guard", "base", "--verbose", cwd=shop
    )

    if cheat == "a suite less":  # nothing is left to be asked
        assert ran.returncode == 5
        return
    assert ran.returncode == 1
    assert "guard base: " in ran.stdout
    assert named in ran.stdout
    assert "not as in base" in ran.stdout.splitlines()[-2]
    junit = (shop / "reports/runs/latest/junit.xml").read_text()
    assert 'type="guard"' in junit
    for report in ("report.md", "report.html", "report.json"):
        assert (
            named.partition(":")[0].partition("_")[0]
            in (shop / "reports/runs/latest" / report).read_text()
        )


def test_a_port_may_change(guarding: WarmCommand, shop: Path) -> None:
    """Without a change the run is red for the port alone; with the port changed it is green."""
    words = ("run", "cases", "--baseline", "original", "--guard", "base", "--quiet")

    before = guarding(*words, cwd=shop)
    edit('"12"', "12", "port/port_service.py")(shop)
    put(shop, "notes.md", "what I did\n")
    after = guarding(*words, cwd=shop)

    assert (before.returncode, before.stdout) == (1, "RED: 1 failed\n")
    assert (after.returncode, after.stdout) == (0, "PARITY\n")
    assert guarding("gate", "--guard", "base", cwd=shop).returncode == 0


IN_A_RECORD: dict[str, tuple[tuple[str, ...], str]] = {
    "a selected case": (("--case", "shop/orders/two"), "was made with --case"),
    "a tag": (("--tag", "easy"), "was made with --tag"),
    "two runtimes of three": (
        ("--runtime", "original", "--runtime", "legacy"),
        "was made with --runtime",
    ),
    "another ledger": (("--ledger", "port/rows.yaml"), "was made with --ledger"),
    "other runtimes": (("--runtimes", "port/runtimes.yaml"), "was made with --runtimes"),
    "no support": (("--supports", "port=nothing"), "was made with --supports"),
}


@pytest.mark.parametrize("cheat", IN_A_RECORD)
def test_a_record_of_less(guarding: WarmCommand, shop: Path, cheat: str) -> None:
    """A gate over a record that leaves something out says what; its own ledger does not count."""
    words, named = IN_A_RECORD[cheat]
    put(shop, "port/rows.yaml", ROW)
    put(shop, "port/runtimes.yaml", LIVE.partition("  port")[0].replace("../", "../") + LIVE[10:0])
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message", "the port")
    guarding("run", "cases", *words, cwd=shop)

    gate = guarding("gate", "--guard", "base", cwd=shop)

    assert gate.returncode == 1
    assert f"the record of the run {named}" in gate.stdout


def test_a_record_of_other_cases(guarding: WarmCommand, shop: Path) -> None:
    """A suite that was changed while the run was made, and put back, shows in the record."""
    edit("    request: {GET: /orders/1}", "    request: {GET: /orders/3}")(shop)
    guarding("run", "cases", "--quiet", cwd=shop)
    git(shop, "checkout", "--quiet", ".")

    gate = guarding("gate", "--guard", "base", cwd=shop)

    assert gate.returncode == 1
    assert "asked 1 case otherwise: shop/orders/one" in gate.stdout
    assert "is of commit" in gate.stdout


def test_a_record_of_a_part(guarding: WarmCommand, shop: Path) -> None:
    """A run of one suite is no run of all that the ledger's folder holds."""
    put(shop, "cases/more.yaml", "suite: more\ncases:\n  - name: x\n    request: {GET: /}\n")
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message", "one more suite")
    git(shop, "tag", "--force", "base")
    guarding("run", "cases/more.yaml", "--quiet", cwd=shop)

    gate = guarding("gate", "--guard", "base", cwd=shop)

    assert gate.returncode == 1
    assert "lacks 2 cases: shop/orders/one, shop/orders/two" in gate.stdout


def test_a_ledger_of_the_record(guarding: WarmCommand, shop: Path) -> None:
    """A run was judged by a row that is gone again: the gate judges by what the checkout has."""
    put(shop, "cases/decisions.yaml", ROW)
    assert guarding("run", "cases", "--quiet", cwd=shop).returncode == 0
    put(shop, "cases/decisions.yaml", "decisions: []\n")

    assert guarding("gate", cwd=shop).returncode == 0
    gate = guarding("gate", "--guard", "base", cwd=shop)

    assert gate.returncode == 1
    assert "failed    shop/orders/one" in gate.stdout


@pytest.mark.parametrize(
    ("revision", "says"),
    [
        ("nowhere", "git knows no such revision here"),
        ("--upload-pack=x", "git knows no such revision"),
    ],
)
def test_no_such_revision(guarding: WarmCommand, shop: Path, revision: str, says: str) -> None:
    """What cannot be looked up is bad usage, and nothing is asked."""
    ran = guarding("run", "cases", "--baseline", "original", f"--guard={revision}", cwd=shop)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert says in ran.stderr


def test_variables_of_git_do_not_count(guarding: WarmCommand, shop: Path, tmp_path: Path) -> None:
    """Another repository is not looked at in place of this one."""
    other = tmp_path / "other"
    shutil.copytree(shop, other)
    put(other, "cases/decisions.yaml", ROW)
    git(other, "commit", "--quiet", "--all", "--message", "decided")
    git(other, "tag", "--force", "base")
    put(shop, "cases/decisions.yaml", ROW)

    words = ("run", "cases", "--baseline", "original", "--guard", "base", "--quiet")
    ran = guarding(*words, cwd=shop, GIT_DIR=f"{other}/.git")

    assert (ran.returncode, ran.stdout) == (1, "RED: 1 guarded thing not as in base\n")


def test_a_guarded_run_reads_the_files_themselves(shop: Path, tmp_path: Path) -> None:
    """What somebody kept of a suite in the cache folder could be another suite."""
    suite = shop / "cases/orders.yaml"
    suite.write_text(suite.read_text() + "# \n" * 2_000)
    words = ("run", "cases", "--baseline", "original", "--quiet")
    where = {"XDG_CACHE_HOME": str(tmp_path / "home"), "CONFORMANCE_REQUIRE_LIVE": ""}

    plain_command(*words, "--guard", "base", cwd=shop, **where)
    assert not (tmp_path / "home").exists()
    plain_command(*words, cwd=shop, **where)
    assert (tmp_path / "home/conformance").is_dir()
