"""`next --verify` closes a cause only where its runtimes changed, and nothing that asks them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.guarded_shop import ROW, SERVICE, Cheat, commit_base, edit, put, write
from tests.cli.warm_command import WarmCommand

RUN = ("run", "cases", "--baseline", "original", "--quiet")
GUARDED = (*RUN, "--guard", "base")
OVERWRITING = """\
import os
from pathlib import Path
Path("../original/original_service.py").write_text(Path("text_service.txt").read_text())
"""


def key_of(guarding: WarmCommand, shop: Path) -> str:
    """Return the key of the cause that comes next."""
    key: str = json.loads(guarding("next", "--json", cwd=shop).stdout)["cause"]["key"]
    return key


def verified(guarding: WarmCommand, shop: Path, key: str, code: int) -> dict[str, Any]:
    """Return what a verification prints."""
    done = guarding("next", "--verify", key, "--json", cwd=shop)
    assert done.returncode == code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


CHEATS: dict[str, tuple[Cheat, str]] = {
    "a case that demands less": (
        edit(
            "    tags: [easy]", "    tags: [easy]\n  - name: three\n    request: {GET: /orders/3}"
        ),
        "cases/orders.yaml: cases and rules were changed",
    ),
    "only the status": (
        edit("  - name: one\n", "  - name: one\n    compare: status\n"),
        "cases/orders.yaml: cases and rules were changed",
    ),
    "another port": (
        edit(
            'command: ["${python}", port_service.py, "${port}"]\n    directory: ../port',
            'command: ["${python}", right_service.py, "${port}"]\n    directory: ../port',
            "cases/runtimes.yaml",
        ),
        "cases/runtimes.yaml: the runtimes file was changed",
    ),
    "an original that does as the port": (
        edit("12 if", '"12" if', "original/original_service.py"),
        "original/original_service.py: the source of the baseline runtime was changed",
    ),
    "a row": (write("cases/decisions.yaml", ROW), "cases/decisions.yaml: the ledger was changed"),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_the_guard_of_the_run_is_kept(guarding: WarmCommand, shop: Path, cheat: str) -> None:
    """What is guarded and was changed since is named, and the cause is not closed."""
    change, named = CHEATS[cheat]
    put(shop, "port/right_service.py", (shop / "port/port_service.py").read_text())
    edit('"12" if', "12 if", "port/right_service.py")(shop)
    assert guarding(*GUARDED, cwd=shop).returncode == 1
    key = key_of(guarding, shop)
    change(shop)

    found = verified(guarding, shop, key, 1)

    assert (found["closed"], found["guard"]) == (False, "base")
    assert f"guard base: {named}" in found["reasons"]


def test_a_fix_is_closed_under_a_guard(guarding: WarmCommand, shop: Path) -> None:
    """A change of the port alone closes the cause, and nothing is left to warn of."""
    guarding(*GUARDED, cwd=shop)
    key = key_of(guarding, shop)
    edit('"12"', "12", "port/port_service.py")(shop)

    found = verified(guarding, shop, key, 0)

    assert (found["closed"], found["guard"], found["warnings"]) == (True, "base", [])


def test_without_a_guard(guarding: WarmCommand, shop: Path) -> None:
    """It is said that nothing was guarded, and what decides the verdict and was changed."""
    guarding(*RUN, cwd=shop)
    key = key_of(guarding, shop)
    edit("import json\n", "import json  # as ever\n", "original/original_service.py")(shop)
    edit('"12"', "12", "port/port_service.py")(shop)
    put(shop, "cases/decisions.yaml", "decisions: []\n# looked at\n")

    found = verified(guarding, shop, key, 0)

    assert found["guard"] == ""
    assert found["warnings"][0].startswith("nothing was guarded: ")
    assert found["warnings"][1:] == [
        "the ledger was changed since the run",
        "the source of the baseline original was changed since the run",
    ]
    lines = guarding("next", "--verify", key, cwd=shop).stdout
    assert "  warning: nothing was guarded: " in lines


@pytest.mark.parametrize(
    ("cheat", "reason"),
    [
        (
            CHEATS["only the status"][0],
            "1 of 1 case asked otherwise than in the run: shop/orders/one",
        ),
        (CHEATS["another port"][0], "the runtimes file was changed since the run"),
    ],
)
def test_a_case_that_demands_less(
    guarding: WarmCommand, shop: Path, cheat: Cheat, reason: str
) -> None:
    """Without a guard, too, another question closes nothing."""
    put(shop, "port/right_service.py", (shop / "port/port_service.py").read_text())
    edit('"12" if', "12 if", "port/right_service.py")(shop)
    guarding(*RUN, cwd=shop)
    key = key_of(guarding, shop)
    cheat(shop)

    found = verified(guarding, shop, key, 1)

    assert (found["closed"], found["reasons"]) == (False, [reason])


def test_what_changes_during_a_run(guarding: WarmCommand, shop: Path) -> None:
    """A port that writes the source of the original when it starts is a failure with its name."""
    put(shop, "port/text_service.txt", SERVICE.replace("12 if", '"12" if'))
    port = shop / "port/port_service.py"
    port.write_text(OVERWRITING + port.read_text())

    ran = guarding(*GUARDED, cwd=shop)

    assert (ran.returncode, "1 guarded thing not as in base" in ran.stdout) == (1, True)
    report = json.loads((shop / "reports/runs/latest/report.json").read_bytes())
    (failure,) = report["finished"]["guard_failures"]
    assert failure["subject"] == "original/original_service.py"
    assert failure["how"] == "was changed during the run"
    junit = (shop / "reports/runs/latest/junit.xml").read_text()
    assert "original/original_service.py" in junit


def test_what_a_runtime_writes_beside_its_source(guarding: WarmCommand, shop: Path) -> None:
    """Data that the original writes while it runs is no change of it."""
    edit("12 if", 'open(__file__ + ".log", "a").write("x") and 12 if',
         "original/original_service.py")(shop)  # fmt: skip
    edit('"12"', "12", "port/port_service.py")(shop)
    commit_base(shop)

    assert guarding(*GUARDED, cwd=shop).returncode == 0


def test_a_runtime_that_does_not_start(guarding: WarmCommand, shop: Path) -> None:
    """What is guarded and was changed is said first: it may be why."""
    edit("port_service.py", "no_such.py", "cases/runtimes.yaml")(shop)

    ran = guarding(*GUARDED, cwd=shop)

    assert ran.returncode == 4
    assert ran.stderr.index("guard base: cases/runtimes.yaml") < ran.stderr.index("error: runtime")
