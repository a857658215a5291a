"""What reports say of rows about which a run has new facts.

Each is reported once, on the console and in Markdown.
"""

from tests.tracker.shop import LEDGER_FILE, Shop


def reported(shop: Shop, run: str, report_format: str) -> str:
    """Return a saved run's report."""
    done = shop.command("report", "--run", run, "--format", report_format, cwd=shop.folder)
    assert done.stderr == ""
    return done.stdout


def test_a_row_whose_difference_has_changed(shop: Shop) -> None:
    """The cause says which row it reopens, and the row what the difference is now."""
    console, markdown = reported(shop, "lists", "console"), reported(shop, "lists", "markdown")

    assert console.count("3 cases undecided; reopens D-001") == 1
    assert (
        markdown.count("3 cases undecided; reopens D-001") == 2
    )  # in the table, and in the cause's own part
    became = "its difference has changed and is now scalar-vs-list@"
    where = "(list | single value) in 3 cases, such as shop/orders/one"
    says = f"D-001 reopened: {became}$.ship_to {where}: fix the row, or decide again\n"
    assert console.count(says) == 1
    assert markdown.count(became) == 1
    assert "stale" not in console + markdown


def test_a_row_that_fewer_cases_show(shop: Shop) -> None:
    """What the row still covers is printed, as a warning and no more."""
    console, markdown = (
        reported(shop, "drops-in-one", "console"),
        reported(shop, "drops-in-one", "markdown"),
    )

    reason = "seen in only 1 of its 3 cases; it now covers $.ship_to in shop/orders/one\n"
    assert console.count(f"D-001 narrowed: {reason}") == 1
    assert markdown.count("seen in only 1 of its 3 cases") == 1
    assert markdown.count("it now covers $.ship\\_to in shop/orders/one") == 1
    assert "PARITY, with 1 case that differs as decided\n" in console


def test_a_row_that_all_cases_show(shop: Shop) -> None:
    """There is nothing new about it."""
    both = reported(shop, "drops", "console") + reported(shop, "drops", "markdown")

    assert "reopens" not in both
    assert "narrowed" not in both


def test_what_a_row_that_grows_has_newly_covered(shop: Shop) -> None:
    """A case that a growing row did not cover at the last sync is news.

    Afterwards it counts as known.
    """
    ids = "[shop/orders/one, shop/orders/three, shop/orders/two]"
    shop.edit(LEDGER_FILE, ids, '["shop/orders/*"]')
    shop.edit(LEDGER_FILE, "    fix: absent\n", "    fix: absent\n    grows: true\n")
    assert "now also covers" not in shop.sync("--run", "drops-in-one")
    says = "D-001 now also covers shop/orders/two, shop/orders/three"
    assert f"the run shows what is not here: {says}\n" in shop.check("--run", "drops")[1]
    assert f"news: {says}\n" in shop.sync("--run", "drops")
    assert "now also covers" not in shop.sync("--run", "drops")
