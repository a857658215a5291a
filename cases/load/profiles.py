"""Worker profiles: any number of them, each made of `seed:i` alone.

The i-th one can be made without any other.

In: a seed and a number. Out: a profile, realistic in that trades, places and wages go together as
in the tables beside this file, which say where they come from.
"""

import csv
import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TABLES: Final = Path(__file__).parent / "tables"
SEED: Final = 7
ACTIVE_SHARE: Final = 0.92

_PERCENTILES: Final = ("wage_p10", "wage_p25", "wage_p50", "wage_p75", "wage_p90")
_PHONE_FORMS: Final = (
    "555-{0}-{1}",
    "1-555-{0}-{1}",
    "(555) {0}-{1}",
    "555.{0}.{1}",
    "+1 555 {0} {1}",
    "555{0}{1}",
)
_SHIFTS: Final = ("days", "nights", "weekends", "rotating shifts")
_SKILLS: Final = {
    "administrative assistant": ("calendar keeping", "travel booking", "minutes", "spreadsheets"),
    "assembler": ("hand tools", "blueprint reading", "soldering", "torque wrenches"),
    "bookkeeper": ("payroll", "accounts receivable", "month-end closing", "sales tax"),
    "carpenter": ("framing", "drywall", "cabinet making", "concrete forms"),
    "construction laborer": ("demolition", "scaffolding", "concrete pouring", "traffic control"),
    "customer service representative": ("call handling", "complaints", "Spanish", "order entry"),
    "delivery driver": ("route planning", "liftgate", "cold chain", "proof of delivery"),
    "electrician": ("conduit bending", "panel wiring", "motor controls", "fire alarms"),
    "forklift operator": ("reach truck", "stand-up forklift", "clamp truck", "cold storage"),
    "hvac mechanic": ("refrigerant handling", "duct work", "chillers", "heat pumps"),
    "industrial mechanic": ("hydraulics", "conveyors", "pumps", "vibration analysis"),
    "machinist": ("CNC mills", "lathes", "micrometers", "tool setting"),
    "maintenance worker": ("plumbing repairs", "painting", "locks", "preventive maintenance"),
    "material handler": ("pallet jack", "cycle counting", "truck unloading", "shrink wrapping"),
    "nursing assistant": ("dementia care", "patient lifts", "vital signs", "hospice"),
    "order filler": ("voice picking", "RF scanner", "pick to light", "inventory counts"),
    "packaging machine operator": ("labelers", "case packers", "changeovers", "metal detectors"),
    "packer": ("fragile goods", "gift wrapping", "kitting", "food packing"),
    "plumber": ("pipe fitting", "backflow testing", "medical gas", "drain cleaning"),
    "practical nurse": ("wound care", "medication passes", "IV therapy", "charting"),
    "quality inspector": (
        "calipers",
        "sampling plans",
        "first article inspection",
        "visual inspection",
    ),
    "registered nurse": ("intensive care", "triage", "telemetry", "pediatrics"),
    "truck driver": ("tanker endorsement", "hazmat", "flatbed", "doubles and triples"),
    "welder": ("TIG", "MIG", "stick", "pipe welding"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One worker; the wage is in dollars an hour."""

    worker_id: str
    name: str
    status: str
    role: str
    city: str
    state: str
    wage: float
    skills: tuple[str, str]
    availability: str
    phone: str
    email: str

    @property
    def text(self) -> str:
        """Return what the profile says, as it is embedded."""
        skills = " and ".join(self.skills)
        return (
            f"{self.role} in {self.city}, {self.state}: {skills}; {self.availability}; "
            f"${self.wage:.2f} an hour"
        )

    @property
    def query(self) -> str:
        """Return what somebody who looks for such a worker asks."""
        return (
            f"{self.role} in {self.city}, {self.state} with {self.skills[0]} for "
            f"{self.availability}"
        )

    @property
    def group(self) -> tuple[str, str, str]:
        """Return what a fill demands of all its workers alike."""
        return (self.city, self.state, self.role)


@dataclass(frozen=True, slots=True)
class _Weighted:
    """Values, drawn by their weights."""

    values: Sequence[Mapping[str, str]]
    cumulative: Sequence[int]

    def draw(self, chance: random.Random) -> Mapping[str, str]:
        return chance.choices(self.values, cum_weights=self.cumulative)[0]


def profile(seed: int, number: int) -> Profile:
    """Return the profile of a number."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - it is no secret
    cell = _cells().draw(chance)
    first, last = (_names(kind).draw(chance)["name"] for kind in ("first", "last"))
    one, other = chance.sample(_SKILLS[cell["trade"]], 2)
    line = (f"{chance.randrange(200, 1000)}", f"{chance.randrange(10_000):04}")
    return Profile(
        worker_id=f"w-{number:06}",
        name=f"{first} {last}",
        status="active" if chance.random() < ACTIVE_SHARE else "on leave",
        role=cell["trade"],
        city=cell["city"],
        state=cell["state"],
        wage=_wage(cell, chance),
        skills=(one, other),
        availability=chance.choice(_SHIFTS),
        phone=chance.choice(_PHONE_FORMS).format(*line),
        email=f"{first}.{last}.{number}@example.com".lower(),
    )


def profiles(seed: int, count: int) -> Iterator[Profile]:
    """Yield the first profiles of a seed."""
    return (profile(seed, number) for number in range(count))


def digest(workers: Iterable[Profile]) -> str:
    """Return what names a corpus: it changes with what any profile says, and with nothing else."""
    read = hashlib.sha256()
    for worker in workers:
        told = (
            worker.worker_id,
            worker.name,
            worker.status,
            worker.text,
            worker.phone,
            worker.email,
        )
        read.update("\n".join((*told, "")).encode())
    return read.hexdigest()[:12]


def _wage(cell: Mapping[str, str], chance: random.Random) -> float:
    """Draw a wage between two neighbouring percentiles of the cell."""
    steps = [float(cell[name]) for name in _PERCENTILES]
    least, most = chance.choice(list(itertools.pairwise(steps)))
    return round(chance.uniform(least, most), 2)


@cache
def _cells() -> _Weighted:
    return _weighted(_rows("metro_trades.csv"), "employed")


@cache
def _names(kind: str) -> _Weighted:
    return _weighted(
        [row for row in _rows("names.csv") if row["kind"] == kind], "per_hundred_thousand"
    )


def _weighted(rows: Sequence[Mapping[str, str]], weight: str) -> _Weighted:
    return _Weighted(rows, list(itertools.accumulate(int(row[weight]) for row in rows)))


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
