"""What a guarded run leaves out, who may not write its record, and what `gate` and `next` make of it."""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance as plain_command
from tests.cli.guarded_shop import SERVICE, commit_base, edit, put, write
from tests.cli.warm_command import WarmCommand

WORDS = ("run", "cases", "--baseline", "original", "--guard", "base")
MORE = "suite: more\ncases:\n  - name: x\n    request: {GET: /orders/9}\n"
REWRITE = """\
        from pathlib import Path
        for record in Path("..").glob("reports/runs/*/run.ndjson"):
            record.write_bytes(record.read_bytes().replace(b'"failed"', b'"passed"') + b"\\n")
"""
fix_the_port = edit('"12" if', "12 if", "port/port_service.py")


def test_a_port_inside_the_harness(guarding: WarmCommand, shop: Path) -> None:
    """An `app` could end the process with 0, or change what it judges by: it is not called."""
    put(shop, "port/port_app.py", f"import os\nos._exit(0)\n{SERVICE}")
    edit(
        'command: ["${python}", port_service.py, "${port}"]',
        'app: "port_app:app"',
        "cases/runtimes.yaml",
    )(shop)
    commit_base(shop)

    ran = guarding(*WORDS, cwd=shop)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "error: --guard: port is an `app`, called inside the harness, whose verdict it could "
        "change\n"
        "  hint: start it as a `command`, or name it as --baseline if it is the original\n"
    )


def test_a_port_that_writes_the_record(guarding: WarmCommand, shop: Path) -> None:
    """A record that does not hold what the harness wrote is not judged."""
    edit("        total = ", f"{REWRITE}        total = ", "port/port_service.py")(shop)

    ran = guarding(*WORDS, cwd=shop)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "run.ndjson was changed by somebody else while the run was made" in ran.stderr
    assert not (shop / "reports/runs/latest/report.json").exists()
    gate = guarding("gate", cwd=shop)
    assert (gate.returncode, gate.stdout) == (2, "")
    assert "run.ndjson" in gate.stderr


def test_a_gate_reads_the_files_themselves(shop: Path, tmp_path: Path) -> None:
    """What somebody kept of a suite in the cache folder could be another suite."""
    suite = shop / "cases/orders.yaml"
    suite.write_text(suite.read_text() + "# \n" * 2_000)
    where = {"XDG_CACHE_HOME": str(tmp_path / "home"), "CONFORMANCE_REQUIRE_LIVE": ""}
    plain_command(*WORDS, "--quiet", cwd=shop, **where)

    plain_command("gate", "--guard", "base", cwd=shop, **where)

    assert not (tmp_path / "home").exists()


def test_a_part_without_a_ledger(guarding: WarmCommand, shop: Path) -> None:
    """Without a ledger the folder of the runtimes file says which cases a record has to have."""
    put(shop, "cases/more.yaml", MORE)
    (shop / "cases/decisions.yaml").unlink()
    commit_base(shop)
    guarding("run", "cases/more.yaml", "--quiet", cwd=shop)

    gate = guarding("gate", "--guard", "base", cwd=shop)

    assert gate.returncode == 1
    assert "lacks 2 cases: shop/orders/one, shop/orders/two" in gate.stdout


def test_another_uncommitted_state(guarding: WarmCommand, shop: Path) -> None:
    """A record of uncommitted changes is held against what they hold now."""
    fix_the_port(shop)
    guarding("run", "cases", "--baseline", "original", "--quiet", cwd=shop)
    unguarded = guarding("gate", "--guard", "base", cwd=shop)
    guarding(*WORDS, "--quiet", cwd=shop)
    same = guarding("gate", "--guard", "base", cwd=shop)
    edit("12 if", '"12"  if', "port/port_service.py")(shop)
    other = guarding("gate", "--guard", "base", cwd=shop)
    edit('"12"  if', "12 if", "port/port_service.py")(shop)
    put(shop, "port/new.py", "")
    more = guarding("gate", "--guard", "base", cwd=shop)

    assert unguarded.returncode == 1
    assert "does not say which uncommitted changes it is of" in unguarded.stdout
    assert same.returncode == 0, same.stdout
    for gate in (other, more):
        assert gate.returncode == 1
        assert "is of other uncommitted changes than this checkout has" in gate.stdout


PARTS = {
    "some cases": (
        (*WORDS, "--case", "shop/orders/two"),
        ("the run is made with --case", "the run leaves out 2 cases: more/x, shop/orders/one"),
    ),
    "a suite": (
        ("run", "cases/more.yaml", *WORDS[2:]),
        ("the run leaves out 2 cases: shop/orders/one, shop/orders/two",),
    ),
    "two runtimes": (
        (*WORDS, "--runtime", "original", "--runtime", "legacy"),
        ("the run is made with --runtime",),
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_run(guarding: WarmCommand, shop: Path, part: str) -> None:
    """A guarded run says what it leaves out; a whole one says nothing."""
    words, sentences = PARTS[part]
    put(shop, "cases/more.yaml", MORE)
    fix_the_port(shop)
    commit_base(shop)

    ran = guarding(*words, "--strict", cwd=shop)

    warnings = [line for line in ran.stdout.splitlines() if line.startswith("guard base: ")]
    assert warnings == [f"guard base: warning: {sentence}" for sentence in sentences]


UNDECLARED = {
    "no source": (
        edit("    source: [.]\n  port", "  port", "cases/runtimes.yaml"),
        "the source of the baseline original is not declared: it is not guarded",
    ),
    "a source that lacks the program": (
        edit("    source: [.]\n  port", "    source: [lib]\n  port", "cases/runtimes.yaml"),
        "the source of the baseline original lacks original/original_service.py, which it uses",
    ),
    "a source that is a file": (
        edit(
            "    source: [.]\n  port",
            "    source: [original_service.py]\n  port",
            "cases/runtimes.yaml",
        ),
        (
            "the source of the baseline original lacks original, where Python looks for the modules of "
            "original/original_service.py"
        ),
    ),
}


@pytest.mark.parametrize("case", UNDECLARED)
def test_a_baseline_that_is_not_guarded(guarding: WarmCommand, shop: Path, case: str) -> None:
    """What the guard cannot look at is a warning, and a strict run is red for it."""
    undeclare, sentence = UNDECLARED[case]
    undeclare(shop)
    fix_the_port(shop)
    put(shop, "original/lib/x.py", "")
    commit_base(shop)

    ran = guarding(*WORDS, cwd=shop)
    strict = guarding(*WORDS, "--strict", cwd=shop)

    assert ran.returncode == 0
    assert f"guard base: warning: {sentence}" in ran.stdout.splitlines()
    assert strict.returncode == 1
    assert strict.stdout.splitlines()[-2] == "RED: 1 thing not checked"
    junit = (shop / "reports/runs/latest/junit.xml").read_text()
    assert 'failures="1"' in junit
    assert 'name="not checked: guard"' in junit


def test_no_baseline(guarding: WarmCommand, shop: Path) -> None:
    """A record that names no baseline lets the original change, and the gate says so."""
    guarding("run", "cases", "--quiet", cwd=shop)

    gate = guarding("gate", "--guard", "base", cwd=shop)

    sentence = (
        "no baseline is named, so the source of every runtime may change: name the original "
        "by --baseline"
    )
    assert f"guard base: warning: {sentence}" in gate.stdout.splitlines()


def test_next_names_the_guard(guarding: WarmCommand, shop: Path) -> None:
    """A changed file is a reason to stop, and is named beside a cause."""
    write("cases/decisions.yaml", "decisions: []  # none\n")(shop)
    says = "guard base: cases/decisions.yaml: the ledger was changed"
    guarding(*WORDS, "--quiet", cwd=shop)
    cause = json.loads(guarding("next", "--json", cwd=shop).stdout)
    shown = guarding("next", cwd=shop).stdout
    key = cause["cause"]["key"]
    skipped = json.loads(guarding("next", "--json", "--skip", key, cwd=shop).stdout)
    fix_the_port(shop)
    guarding(*WORDS, "--quiet", cwd=shop)
    alone = json.loads(guarding("next", "--json", cwd=shop).stdout)

    assert (cause["state"], cause["reasons"]) == ("cause", [says])
    assert shown.startswith(f"{says}\n")
    assert skipped["state"] == "person"
    assert skipped["reasons"][0] == says
    assert len(skipped["reasons"]) > 1
    assert (alone["state"], alone["reasons"]) == ("person", [says])
