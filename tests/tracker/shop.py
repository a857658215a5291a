"""A shop to keep a tracker for: a suite of three cases, a ledger of one row, and saved runs.

Each run is named by what b does.
"""

import contextlib
import datetime as dt
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cli.warm_command import WarmCommand
from tests.miniatures import divergent_services
from tests.miniatures.server import Service, always, serve

SUITE: Final = """\
suite: shop/orders
cases:
  - name: one
    request: {GET: /orders/1}
  - name: two
    request: {GET: /orders/2}
  - name: three
    request: {GET: /orders/3}
"""
LEDGER: Final = """\
# What b does otherwise.
budget: {b: 1}  # one, and no more
decisions:
  - id: D-001
    title: b leaves the address out
    state: open            # until the port is done
    kind: must_match
    cause: member
    at: ["$.ship_to"]
    where: [shop/orders/one, shop/orders/three, shop/orders/two]
    sides: {absent: [b], present: [a]}
    fix: absent
    # Callers were asked.
    reason: a port in progress
    owner: orders team
    opened: "2026-11-01"
"""
# Rows for the tables that the first document has; the last two columns of each are output.
SHAPE_CLAIM: Final = "| orders have one shape | `shop/orders/*` | | |\n"
SPEED_CLAIM: Final = "| the first order is quick | `shop/orders/one` | 30 days | |\n"
DOCUMENT: Final = Path("docs/ARCHITECTURE_COMPARISON.md")
EVIDENCE: Final = Path("docs/ARCHITECTURE_COMPARISON.evidence.ndjson")
STATE: Final = Path("docs/STATE_OF_PLAY.md")
ATTRIBUTES: Final = Path("docs/.gitattributes")
CHART: Final = Path("docs/img/open_decisions.svg")
LEDGER_FILE: Final = Path("cases/decisions.yaml")


def _by_path(services: Mapping[str, Service]) -> Service:
    plain = divergent_services.serves_orders()
    return lambda request: services.get(request.target, plain)(request)


def _drops_in_one() -> Service:
    return _by_path({"/orders/1": divergent_services.drops_member()})


# What b does in the run of that name.
RUNS: Final[Mapping[str, Service]] = {
    "drops": divergent_services.drops_member(),
    "alike": divergent_services.serves_orders(),
    "drops-in-one": _drops_in_one(),
    "lists": divergent_services.lists_a_scalar(),
    "twice": divergent_services.diverges_twice(),
    "texts": always({**divergent_services.order(), "order_id": "7", "total_price": "12"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A folder with cases, ledger and runs, and the command in it."""

    folder: Path
    command: WarmCommand

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb of the tracker."""
        return self.command("tracker", *words, cwd=self.folder)

    def decide(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Decide causes of a saved run."""
        return self.command("decide", *words, cwd=self.folder)

    def sync(self, *words: str) -> str:
        """Bring the document up to date, which succeeds, and return what was said."""
        done = self.call("sync", *words)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def check(self, *words: str) -> tuple[int, str]:
        """Check, and return the exit code and what was said."""
        done = self.call("check", *words)
        assert done.stderr == ""
        return done.returncode, done.stdout

    def refused(self, *words: str) -> str:
        """Call a verb that is refused, see that it wrote nothing, and return its message."""
        before = self.bytes()
        done = self.call(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert self.bytes() == before
        assert "Traceback" not in done.stderr
        return done.stderr

    def bytes(self) -> dict[str, tuple[bytes, int]]:
        """Return every file with its bytes and the time it was written."""
        return {
            str(file.relative_to(self.folder)): (file.read_bytes(), file.stat().st_mtime_ns)
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and ".git" not in file.parts
        }

    def read(self, file: Path) -> str:
        """Return the text of a file, its line ends as they are."""
        return (self.folder / file).read_bytes().decode()

    def write(self, file: Path, text: str) -> None:
        """Write a file."""
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / file).write_bytes(text.encode())

    def edit(self, file: Path, old: str, new: str) -> None:
        """Replace the one place that holds a text."""
        text = self.read(file)
        assert text.count(old) == 1, (file, old, text.count(old))
        self.write(file, text.replace(old, new))

    def line(self, file: Path, words: str) -> int:
        """Return the number of the first line that holds some words."""
        return next(
            number
            for number, line in enumerate(self.read(file).split("\n"), start=1)
            if words in line
        )

    def add_claims(self) -> None:
        """Write a row into two tables of the document."""
        for heading, claim in (("## Wire format", SHAPE_CLAIM), ("## Performance", SPEED_CLAIM)):
            before, found, after = self.read(DOCUMENT).partition(heading)
            self.write(
                DOCUMENT,
                before
                + found
                + after.replace("|---|---|---|---|\n", f"|---|---|---|---|\n{claim}", 1),
            )

    def claim(self, words: str) -> list[str]:
        """Return the cells of a table row that starts with some words, without checksums."""
        line = next(
            line for line in self.read(DOCUMENT).splitlines() if line.startswith(f"| {words}")
        )
        return [cell.partition("<!--")[0].strip() for cell in line.strip("|").split("|")]

    def changes(self) -> list[str]:
        """Return the lines of the change log."""
        log = self.read(DOCUMENT).partition("<!-- conformance:begin changes")[2]
        return [line for line in log.splitlines() if line.startswith("- ")]

    def copy_run(self, name: str, copy: str, *, recorded: str = "", **header: str) -> None:
        """Save a run again under another name, with header fields or a runtime changed.

        A runtime is changed into a recording.
        """
        record = self.folder / "reports/runs" / name / "run.ndjson"
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        lines[0]["run"].update(header)
        for facts in lines[0]["run"]["runtimes"]:
            facts["live"] = facts["live"] and facts["name"] != recorded
        for cell in (cell for line in lines for cell in line.get("cells", ())):
            cell["live"] = cell["live"] and cell["runtime"] != recorded
        self.write(
            Path("reports/runs") / copy / "run.ndjson",
            "".join(f"{json.dumps(line)}\n" for line in lines),
        )

    def git(self, *words: str) -> str:
        """Run git in the folder and return what it prints."""
        return git(self.folder, *words)


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, as nobody in particular, and return what it prints."""
    settings = (
        "-c",
        "user.name=n",
        "-c",
        "user.email=n@example.invalid",
        "-c",
        "commit.gpgsign=false",
    )
    done = subprocess.run(
        ["git", *settings, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def open_shop(folder: Path, command: WarmCommand) -> Shop:
    """Write the files, and run the suite once for each thing that b does."""
    shop = Shop(folder=folder, command=command)
    shop.write(Path("cases/orders.yaml"), SUITE)
    shop.write(LEDGER_FILE, LEDGER)
    with contextlib.ExitStack() as stack:
        a = stack.enter_context(serve(divergent_services.serves_orders()))
        for name, service in RUNS.items():
            b = stack.enter_context(serve(service))
            save_run(shop, name, a, b)
    started = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}T00:00:00+00:00"
    for name in RUNS:  # all at one instant, so that none is older than another
        shop.copy_run(name, name, started=started)
    return shop


def save_run(
    shop: Shop, name: str, a: str, b: str, *words: str
) -> subprocess.CompletedProcess[str]:
    """Run the suite and keep the record under a name."""
    done = shop.command(
        "run", "--runtime", f"a={a}", "--runtime", f"b={b}", *words, cwd=shop.folder
    )
    latest = shop.folder / "reports/runs/latest"
    latest.resolve().rename(shop.folder / "reports/runs" / name)
    latest.unlink()
    return done
