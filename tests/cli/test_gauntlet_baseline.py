"""`conformance gauntlet accept`: the committed baseline, and which gauntlets may become one."""

import json
import subprocess
from pathlib import Path

from tests.cli.command import conformance
from tests.cli.gauntlet_shop import SUITE, accept, change, gauntlet, git, page, tags

CASE = "  - {name: price, request: {GET: /items/2}}\n"


def baseline(shop: Path) -> dict[str, object]:
    """Return the baseline as it is."""
    read: dict[str, object] = json.loads((shop / "reports/gauntlet/baseline.json").read_text())
    return read


def test_what_changed_since_the_baseline(gauntlet_shop: Path) -> None:
    """The baseline names its commit, and the next page says what differs.

    What the baseline holds is committed.
    """
    gauntlet(gauntlet_shop, tags([]), tags([]))
    assert accept(gauntlet_shop).stdout == "wrote reports/gauntlet/baseline.json: commit it\n"
    suites = baseline(gauntlet_shop)["suites"]
    assert isinstance(suites, list)
    assert suites[0].pop("asked").keys() == {"alive", "item"}
    assert suites[0] == {
        "phase": "parity",
        "suite": "shop/items",
        "passed": ["alive", "item"],
        "known": [],
        "skipped": [],
        "red": [],
    }
    gauntlet(gauntlet_shop, tags([]), tags([]))
    assert (
        "No phase, runtime, case, request, expectation, cause or reviewer is another, and the configuration is the "
        "same.\n" in page(gauntlet_shop)
    )
    review = (gauntlet_shop / "cases/review.yaml").read_text()
    change(gauntlet_shop, review.replace("lineage: two", "lineage: other"), "cases/review.yaml")
    change(gauntlet_shop, SUITE + CASE, "cases/shop.yaml")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: ")
    assert "- parity: 1 case new: shop/items/price\n" in page(gauntlet_shop)
    assert (
        "- the configuration differs: gauntlet.yaml, runtimes.yaml or review.yaml is not what"
        in page(gauntlet_shop)
    )


def test_a_branch_that_was_squashed(gauntlet_shop: Path) -> None:
    """The commit of the baseline is in no history.

    The review starts before the commit that brought the baseline.
    """
    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    git(gauntlet_shop, "reset", "--quiet", "--soft", "HEAD~2")
    git(gauntlet_shop, "commit", "--quiet", "--message", "squashed")
    change(gauntlet_shop, "after")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: "), done.stdout
    evidence = json.loads(
        max((gauntlet_shop / "reports/gauntlet").glob("*/review.json")).read_text()
    )["evidence"]
    base = evidence["output"]["review"]["base"]
    first = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD~2"],
        cwd=gauntlet_shop,
        capture_output=True,
        text=True,
        check=True,
    )
    assert base == first.stdout.strip()
    assert {path for bundle in evidence["output"]["bundles"] for path in bundle["paths"]} >= {
        "shop.py",
        "note.md",
    }


def test_who_may_be_accepted(gauntlet_shop: Path) -> None:
    """Neither a dirty tree, nor what is red.

    What only got worse on purpose, with a reason that the file keeps.
    """
    gauntlet(gauntlet_shop, tags([]), tags([]))
    (gauntlet_shop / "shop.py").write_text("dirty\n")
    dirty = conformance("gauntlet", "accept", cwd=gauntlet_shop)
    assert (dirty.returncode, "the tree is dirty: 1 file changed since commit" in dirty.stderr) == (
        2,
        True,
    )
    change(gauntlet_shop, "clean")
    stale = conformance("gauntlet", "accept", cwd=gauntlet_shop)
    assert (stale.returncode, "evidence is missing" in stale.stderr) == (2, True)

    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    gauntlet(gauntlet_shop, tags([]), tags("none"))
    red = accept(gauntlet_shop, "--reason", "it is so")
    assert (red.returncode, "a suite is red" in red.stderr) == (2, True)

    chain = (
        (gauntlet_shop / "cases/gauntlet.yaml")
        .read_text()
        .replace("runtimes: [a, b]}", "runtimes: [a]}")
    )
    change(gauntlet_shop, chain.replace("runtimes: [a]", "runtimes: [b]", 1), "cases/gauntlet.yaml")
    worse = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert "b took part in the baseline, and not now" in worse.stdout
    silent = accept(gauntlet_shop)
    assert (silent.returncode, "--reason says why" in silent.stderr) == (2, True)
    assert accept(gauntlet_shop, "--reason", "b has gone").returncode == 0
    accepted = baseline(gauntlet_shop)["accepted"]
    assert isinstance(accepted, dict)
    assert (accepted["verdict"], accepted["reason"]) == ("hold", "b has gone")


def test_a_history_that_was_squashed_into_one_commit(gauntlet_shop: Path) -> None:
    """There is nothing before the commit that brought the baseline: it is reviewed whole."""
    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    git(gauntlet_shop, "checkout", "--quiet", "--orphan", "squashed")
    git(gauntlet_shop, "commit", "--quiet", "--message", "squashed")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: "), done.stdout
    evidence = json.loads(
        max((gauntlet_shop / "reports/gauntlet").glob("*/review.json")).read_text()
    )["evidence"]
    assert {path for bundle in evidence["output"]["bundles"] for path in bundle["paths"]} >= {
        "shop.py",
        "note.md",
    }


def test_a_case_that_asks_something_else(gauntlet_shop: Path) -> None:
    """It has kept its name, and is listed."""
    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    text = SUITE.replace("GET: /items/1", "GET: /health")
    change(gauntlet_shop, text, "cases/shop.yaml")
    gauntlet(gauntlet_shop, tags([]), tags([]))
    said = "- parity: 1 case with another request or expectation: shop/items/item\n"
    assert said in page(gauntlet_shop)


def test_a_baseline_that_was_edited(gauntlet_shop: Path) -> None:
    """It is a known gap, and the review starts where the last one that was accepted says."""
    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    change(gauntlet_shop, "bad")
    accepted = baseline(gauntlet_shop)["accepted"]
    assert isinstance(accepted, dict)
    bad = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=gauntlet_shop, capture_output=True, text=True, check=True
    )
    file = gauntlet_shop / "reports/gauntlet/baseline.json"
    file.write_text(file.read_text().replace(accepted["commit"], bad.stdout.strip()))
    change(gauntlet_shop, "moved", "note.md")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert "known gap: the baseline is not as `conformance gauntlet accept` wrote it" in done.stdout
    evidence = json.loads(
        max((gauntlet_shop / "reports/gauntlet").glob("*/review.json")).read_text()
    )["evidence"]
    assert evidence["output"]["review"]["base"] == accepted["commit"][:12]
