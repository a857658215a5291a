"""`conformance changes` of a run that is red for what is guarded, and not for a difference."""

import json
from pathlib import Path

from tests.cli.guarded_shop import ROW, put
from tests.cli.warm_command import WarmCommand

RUN = ("run", "cases", "--baseline", "original", "--quiet")


def test_a_guard_that_is_broken(guarding: WarmCommand, shop: Path) -> None:
    """It leads with what was changed, in each form, and exits with 1."""
    assert guarding(*RUN, cwd=shop).returncode == 1
    base = (shop / "reports/runs/latest").resolve().name
    put(shop, "cases/decisions.yaml", ROW)
    assert guarding(*RUN, "--guard", "base", cwd=shop).returncode == 1

    console = guarding("changes", base, cwd=shop)
    markdown = guarding("changes", base, "--format", "markdown", cwd=shop)
    plain = json.loads(guarding("changes", base, "--json", cwd=shop).stdout)

    verdict = "RED: 1 guarded thing not as in base"
    failure = "guard base: cases/decisions.yaml: the ledger was changed"
    assert (console.returncode, markdown.returncode) == (1, 1)
    assert f"the newer run: {verdict}\n{failure}\n" in console.stdout
    assert console.stdout.endswith("WORSE: 1 guarded thing changed\n")
    assert markdown.stdout.startswith(f"# {verdict}\n\n- {failure}\n\n**WORSE: ")
    assert (plain["red"], plain["verdict"], plain["guard_failures"]) == (True, verdict, [failure])


def test_nothing_proved(guarding: WarmCommand, shop: Path) -> None:
    """A run that compares nothing is no run in which nothing regressed."""
    guarding(*RUN, cwd=shop)
    base = (shop / "reports/runs/latest").resolve().name
    alone = ("--runtime", "original", "--case", "*/two")
    guarding("run", "cases", *alone, "--quiet", cwd=shop)

    markdown = guarding("changes", base, "--format", "markdown", cwd=shop)

    assert markdown.stdout.startswith("# NOTHING PROVED: ")
