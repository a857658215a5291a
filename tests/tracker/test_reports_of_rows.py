"""What reports say of rows that a run has something new about, once each, on the console and in Markdown."""

from tests.tracker.shop import Shop


def reported(shop: Shop, run: str, report_format: str) -> str:
    """Return a saved run's report."""
    done = shop.command("report", "--run", run, "--format", report_format, cwd=shop.folder)
    assert done.stderr == ""
    return done.stdout


def test_a_row_whose_difference_has_changed(shop: Shop) -> None:
    """The cause says which row it reopens, and the row what the difference is now."""
    console, markdown = reported(shop, "lists", "console"), reported(shop, "lists", "markdown")

    assert console.count("3 cases undecided; reopens D-001") == 1
    assert markdown.count("3 cases undecided; reopens D-001") == 2  # in the table, and in the cause's own part
    became = "its difference has changed and is now scalar-vs-list@"
    assert console.count(f"D-001 reopened: {became}$.ship_to (list | single value): correct the row, or add one\n") == 1
    assert markdown.count(became) == 1
    assert "stale" not in console + markdown


def test_a_row_that_fewer_cases_show(shop: Shop) -> None:
    """The new `where` is printed, as a warning and no more."""
    console, markdown = reported(shop, "drops-in-one", "console"), reported(shop, "drops-in-one", "markdown")

    reason = "seen in only 1 of its 3 cases; its `where` is now [shop/orders/one]\n"
    assert console.count(f"D-001 narrowed: {reason}") == 1
    assert markdown.count("seen in only 1 of its 3 cases") == 1
    assert markdown.count("shop/orders/one\\]") == 1
    assert "PARITY, with 1 case that differs as decided\n" in console


def test_a_row_that_all_cases_show(shop: Shop) -> None:
    """There is nothing new about it."""
    both = reported(shop, "drops", "console") + reported(shop, "drops", "markdown")

    assert "reopens" not in both
    assert "narrowed" not in both
