"""`conformance decide` writes ledger rows for causes of a saved run.

The rows cover exactly what the run showed.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.ledger.file import read_ledger
from tests.tracker.days import today
from tests.tracker.shop import LEDGER, LEDGER_FILE, Shop

GIVEN = ("--owner", "me", "--reason", "so it is")
SYNC = "`conformance tracker sync` brings the document up to date\n"
NUMBERS = """\
  - id: D-002
    title: "number as string at $.order_id"
    state: open
    kind: must_match
    cause: number-as-string
    at: ["$.order_id"]
    where: [shop/orders/one, shop/orders/three, shop/orders/two]
    sides: {string: [b], number: [a]}
    fix: string
    reason: so it is
    owner: me
    opened: "TODAY"
"""


def gate(shop: Shop, run: str) -> tuple[int, str]:
    """Return the exit code and the last line of a run judged by the current ledger."""
    done = shop.command("gate", run, "--ledger", str(LEDGER_FILE), cwd=shop.folder)
    return done.returncode, done.stdout.splitlines()[-1]


def keys(shop: Shop, run: str) -> dict[str, str]:
    """Return the key of each cause of a run, by its title."""
    report = json.loads(shop.command("report", "--run", run, "--json", cwd=shop.folder).stdout)
    return {group["title"]: group["key"] for group in report["groups"]}


def test_a_cause_by_its_key(shop: Shop) -> None:
    """The row stands at the end with the next free id, all before it byte for byte.

    The difference is then known.
    """
    assert gate(shop, "twice") == (1, "RED: 3 failed")
    key = keys(shop, "twice")["number as string"]
    done = shop.decide(key[:5], "--run", "twice", "--fix", "b", *GIVEN)

    said = f"D-002 is open in {LEDGER_FILE}: number as string at $.order_id, in 3 cases\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert shop.read(LEDGER_FILE).startswith(LEDGER)
    written = shop.read(LEDGER_FILE).removeprefix(LEDGER)
    assert re.sub(r"\{.*\}", "{}", written) == re.sub(
        r"\{.*\}", "{}", NUMBERS.replace("TODAY", str(today()))
    )
    assert gate(shop, "twice") == (0, "PARITY, with 3 cases that differ as decided")


def test_all_that_can_be_said(shop: Shop) -> None:
    """What is given takes the place of what the cause says.

    Text that YAML would read otherwise is quoted.
    """
    words = (
        "--title",
        "ids: #1 'are' \"text\"",
        "--kind",
        "research",
        "--review-by",
        "2099-02-01",
        "--loc",
        "5",
    )
    shop.decide(keys(shop, "twice")["number as string"], "--run", "twice", *GIVEN, *words)

    added = shop.read(LEDGER_FILE).removeprefix(LEDGER)
    assert added.startswith(
        '  - id: D-002\n    title: "ids: #1 \'are\' \\"text\\""\n    state: open\n    kind: '
        "research\n"
    )
    assert "fix:" not in added
    assert added.endswith(
        f'opened: "{today()}"\n    review_by: "2099-02-01"\n    loc_estimate: 5\n'
    )
    assert gate(shop, "twice")[0] == 0


def test_everything(shop: Shop) -> None:
    """Each cause is one open row, to be looked at again within 30 days."""
    shop.write(LEDGER_FILE, "decisions: []\n")
    done = shop.decide("--all", "--run", "twice", *GIVEN)
    assert done.returncode == 0
    assert done.stdout.count(" is open in ") == 2
    rows = read_ledger(shop.folder / LEDGER_FILE).decisions
    assert [row.review_by for row in rows] == [today() + dt.timedelta(days=30)] * 2
    assert gate(shop, "twice") == (0, "PARITY, with 3 cases that differ as decided")
    assert shop.decide("--all", "--run", "twice", *GIVEN).stdout == "nothing was decided\n"


def test_just_the_cases_that_show_it(shop: Shop) -> None:
    """A case that does not differ is not in the row, and is red when it does."""
    shop.write(LEDGER_FILE, "decisions: []\n")
    shop.decide("--all", "--run", "drops-in-one", *GIVEN)

    assert "where: [shop/orders/one]\n" in shop.read(LEDGER_FILE)
    assert gate(shop, "drops-in-one")[0] == 0
    assert gate(shop, "drops") == (1, "RED: 2 failed")


def test_an_id_is_never_used_again(synced: Shop) -> None:
    """The next id is after those of rows that are there, and of rows that once were."""
    synced.write(LEDGER_FILE, "decisions: []\n")
    synced.sync()
    decided = synced.decide("--all", "--run", "drops", *GIVEN).stdout
    assert decided.startswith("D-002 is open in ")
    assert decided.endswith(SYNC)  # only where there is a document, as here


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ("zzzz", "--run", "twice", *GIVEN),
            " has no cause with such a key\n  hint: `conformance report` shows the causes with "
            "their keys\n",
            id="no such cause",
        ),
        pytest.param(
            ("--run", "twice", *GIVEN),
            "error: no cause is named\n  hint: give the key of a cause, --all or --interactive\n",
            id="none named",
        ),
        pytest.param(
            ("--all", "--run", "twice", *GIVEN, "--review-by", "2099-01-01"),
            "error: --review-by 2099-01-01: many rows with one reason are reviewed within 30 "
            "days\n",
            id="a late review",
        ),
        pytest.param(
            ("--all", "--run", "twice", *GIVEN, "--review-by", "soon"),
            "error: --review-by soon: wanted a date such as 2026-11-23\n",
            id="no date",
        ),
        pytest.param(
            ("--all", "--run", "twice", "--owner", "me", "--reason", "TODO: ask"),
            "error: reason still says TODO: write it, or remove the row\n"
            "  hint: correct the option or argument; the ledger was not changed\n",
            id="no reason",
        ),
        pytest.param(
            ("--all", "--run", "twice", *GIVEN, "--pin", "{near: 1}"),
            "--pin:1:7: unknown field 'near'",
            id="no bound",
        ),
    ],
)
def test_what_is_refused(shop: Shop, words: tuple[str, ...], message: str) -> None:
    """The message says what is wrong and what to do, and nothing is written."""
    before = shop.bytes()
    done = shop.decide(*words)
    assert (done.returncode, done.stdout, shop.bytes() == before) == (2, "", True)
    assert message in done.stderr


def test_a_side_that_is_not_there(shop: Shop) -> None:
    """The sides of the cause are named."""
    done = shop.decide(
        keys(shop, "twice")["number as string"], "--run", "twice", *GIVEN, "--fix", "go"
    )
    assert "error: --fix go: no such side or runtime\n  hint: the sides are " in done.stderr


def test_a_cause_that_is_decided(shop: Shop) -> None:
    """The row that decides it is named."""
    decided = next(key for title, key in keys(shop, "twice").items() if "ship_to" in title)
    assert "is decided in D-001\n" in shop.decide(decided, "--run", "twice", *GIVEN).stderr


def asked(folder: Path, words: tuple[str, ...], answers: str) -> str:
    """Run the command with answers on its input."""
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "decide", *words],
        cwd=folder,
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_one_after_the_other(shop: Shop) -> None:
    """Each cause is shown with an example.

    Y takes the reason, n leaves it, words after `y:` are its reason.
    """
    shop.write(LEDGER_FILE, "decisions: []\n")
    said = asked(
        shop.folder, ("--interactive", "--run", "twice", *GIVEN), "y: callers were told\nn\n"
    )
    assert said.count("decide it? y, y: WORDS (its reason), n, or q to stop [n]: ") == 2
    assert said.count("for example shop/orders/") == 2
    (row,) = read_ledger(shop.folder / LEDGER_FILE).decisions
    assert (row.id, row.reason, row.review_by) == ("D-001", "callers were told", None)
    asked(shop.folder, ("--interactive", "--run", "twice", *GIVEN), "y\n")
    _, row = read_ledger(shop.folder / LEDGER_FILE).decisions
    assert row.reason == "so it is"
    assert gate(shop, "twice")[0] == 0
