"""`conformance tracker snapshot` and `pointer`: static copies, and the check of them.

The check makes sure that the copies stay static.
"""

import re
from pathlib import Path

import pytest

from tests.tracker.check_verdicts import GREEN, red
from tests.tracker.days import today
from tests.tracker.shop import DOCUMENT, EVIDENCE, LEDGER_FILE, Shop

POINTER = Path("../sister/docs/ARCHITECTURE_COMPARISON.md")
LINKS = """\
A cell ends in `<!-- shows: passes -->`.

See [the suite](../cases/orders.yaml), [its end](../cases/orders.yaml#end), [above](#decisions),
[elsewhere](https://example.invalid/x.md) and [the ledger][ledger].

[ledger]: ../cases/decisions.yaml

```
[a link](../cases/orders.yaml) in code
```

"""


def snapshot_of_today() -> Path:
    """Return where a snapshot of today stands."""
    return Path(f"reports/cutover/architecture_comparison_{today()}.md")


@pytest.fixture
def linked(synced: Shop) -> Shop:
    """Return a shop whose document has links of every kind."""
    synced.edit(DOCUMENT, "## Operations\n", f"{LINKS}## Operations\n")
    return synced


def test_a_snapshot(linked: Shop) -> None:
    """A snapshot says what it is, and its links lead to files.

    It holds what the document held, without its markers.
    """
    linked.git("init", "-q", "-b", "main")
    linked.git("add", "-A")
    linked.git("commit", "-q", "-m", "all")
    done = linked.call("snapshot")

    assert (done.returncode, done.stdout) == (0, f"wrote {snapshot_of_today()}\n")
    text = linked.read(snapshot_of_today())
    head = linked.git("rev-parse", "--short=12", "HEAD")
    way = f"../../{DOCUMENT}"
    assert text.startswith(
        f"> **A snapshot of {today()}, never updated.** The living document is "
        f"[../../docs/ARCHITECTURE\\_COMPARISON.md]({way})\n"
        f"> at commit `{head}`; where the two disagree, that one counts.\n\n# Architecture "
        "comparison\n"
    )
    assert "conformance:begin" not in text
    assert "<!-- shows:" not in text.replace("`<!-- shows: passes -->`", "")
    assert "`<!-- shows: passes -->`" in text
    assert (
        "| orders have one shape | `shop/orders/*` | 3/3 status codes match · 3/3 body shapes "
        f"diverge | {today()} |" in text
    )
    assert "[above](#decisions)" in text
    assert "```\n[a link](../cases/orders.yaml) in code\n```\n" in text
    prose = text.replace("[a link](../cases/orders.yaml) in code", "")
    links = re.findall(r"(?:\]\(|\]: )([^)\s#]+)", prose)
    assert len(links) == 6
    for link in links:
        assert (
            link.startswith("https:")
            or (linked.folder / snapshot_of_today().parent / link).is_file()
        ), link


def test_a_second_snapshot_of_a_day(linked: Shop) -> None:
    """The same again changes nothing; another one of the same day is refused."""
    linked.call("snapshot")
    before = linked.bytes()
    assert linked.call("snapshot").returncode == 0
    assert linked.bytes() == before

    linked.edit(DOCUMENT, "## Operations", "## Operating")
    assert linked.refused("snapshot") == (
        f"error: {snapshot_of_today()} exists and has other content; a snapshot is never "
        "changed\n"
        "  hint: remove it first\n"
    )
    assert (
        linked.call("snapshot", "--folder", "elsewhere").stdout
        == f"wrote elsewhere/{snapshot_of_today().name}\n"
    )


def test_a_snapshot_of_a_document_that_is_not_true(synced: Shop) -> None:
    """It is refused, and the message names the verb that says why."""
    synced.edit(LEDGER_FILE, "owner: orders team", "owner: nobody")

    said = f"error: {DOCUMENT} is not up to date\n  hint: `conformance tracker check` says why\n"
    assert synced.refused("snapshot") == said
    synced.sync()
    synced.edit(DOCUMENT, "| nobody |", "| somebody |")
    assert synced.refused("snapshot") == said


@pytest.fixture
def sister(synced: Shop) -> Path:
    """Return the file of another repository beside the shop's."""
    (synced.folder / POINTER).parent.mkdir(parents=True)
    return synced.folder / POINTER


def test_a_pointer(synced: Shop, sister: Path) -> None:
    """It names the document, is checked from then on, and keeps the document true."""
    done = synced.call("pointer", str(POINTER))

    source = f"../../shop/{DOCUMENT}"
    assert (done.returncode, done.stdout) == (0, f"wrote {POINTER}, which points to {source}\n")
    assert sister.read_text() == (
        "<!-- conformance:pointer -->\n# Architecture comparison\n\n"
        "This file only points. The comparison, its decisions and what has been verified are kept "
        "in\n\n"
        f"    {source}\n\n"
        "Nothing here counts, and nothing may be added: `conformance tracker check` refuses it.\n"
    )
    assert synced.check()[0] == 0
    before = synced.read(EVIDENCE), sister.read_bytes()
    assert synced.call("pointer", str(POINTER)).returncode == 0
    assert (synced.read(EVIDENCE), sister.read_bytes()) == before
    synced.sync("--run", "drops-in-one")
    assert f'"path":"../{POINTER}"' in synced.read(EVIDENCE)


def test_content_in_a_pointer(synced: Shop, sister: Path) -> None:
    """A line that was added is red at its place, and is not overwritten.

    Line ends alone are no content.
    """
    synced.call("pointer", str(POINTER))
    plain = sister.read_bytes()
    sister.write_bytes(plain.replace(b"\n", b"\r\n"))
    assert synced.check()[0] == 0
    sister.write_bytes(plain + b"\nBut the Go port differs.\n")

    at = plain.count(b"\n") + 1
    what = f"a pointer holds nothing of its own; move this into ../../shop/{DOCUMENT}"
    assert synced.check() == red(f"{POINTER}:{at}:1: {what}")
    assert "holds something else" in synced.refused("pointer", str(POINTER))
    assert sister.read_bytes().endswith(b"But the Go port differs.\n")


def test_a_pointer_that_is_gone(synced: Shop, sister: Path) -> None:
    """A missing pointer is red where its repository is here, and can be forgotten.

    It is not checked where the repository is absent.
    """
    synced.call("pointer", str(POINTER))
    sister.unlink()
    assert synced.check() == red(
        f"{POINTER}: the pointer is gone: `conformance tracker pointer {POINTER}`"
    )

    sister.parent.rmdir()
    assert synced.check() == (
        0,
        f"note: {POINTER} was not looked at: its repository is not here\n{GREEN[1]}",
    )
    sister.parent.mkdir()
    assert (
        synced.call("pointer", str(POINTER), "--forget").stdout
        == f"{POINTER} is no longer checked\n"
    )
    assert synced.check()[0] == 0
    assert synced.refused("pointer", str(POINTER), "--forget") == (
        f"error: {POINTER} is no pointer that is checked\n  hint: checked: none\n"
    )


def test_a_file_that_is_no_pointer(synced: Shop, sister: Path) -> None:
    """It is never overwritten."""
    sister.write_text("# Our own comparison\n")

    assert synced.refused("pointer", str(POINTER)) == (
        f"error: {POINTER} holds something else\n  hint: move it away; a pointer has no content "
        "of its own\n"
    )
    assert sister.read_text() == "# Our own comparison\n"


@pytest.mark.parametrize(
    ("remote", "source"),
    [
        (
            "https://someone:s3cret@example.invalid/lake/house.git",
            f"https://example.invalid/lake/house: {DOCUMENT}",
        ),
        (
            "https://example.invalid/house?token=s3cret#s3cret",
            f"https://example.invalid/house: {DOCUMENT}",
        ),
        ("git@example.invalid:lake/house.git", f"../../shop/{DOCUMENT}"),
    ],
)
def test_where_a_pointer_points(synced: Shop, sister: Path, remote: str, source: str) -> None:
    """A remote is named without what opens it; where it is no web address, the way there is.

    Or what was said.
    """
    synced.git("init", "-q")
    synced.git("remote", "add", "origin", remote)
    done = synced.call("pointer", str(POINTER))

    assert f"    {source}\n" in sister.read_text()
    assert "s3cret" not in done.stdout + sister.read_text() + synced.read(EVIDENCE)
    synced.call("pointer", str(POINTER), "--source", "the lakehouse repository")
    assert "    the lakehouse repository\n" in sister.read_text()
