"""The verdict of the accepted gauntlet, as its committed baseline has it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BASELINE: Final = Path("reports/gauntlet/baseline.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedGauntlet:
    """What was accepted: the verdict, of which commit, on which day."""

    verdict: str
    commit: str
    day: str


def read_accepted(root: Path) -> AcceptedGauntlet | None:
    """Return what the baseline below a repository's top folder says was accepted; None where there is no baseline."""
    try:
        accepted = json.loads((root / BASELINE).read_bytes())["accepted"]
        return AcceptedGauntlet(
            verdict=str(accepted["verdict"]), commit=str(accepted["commit"])[:12], day=str(accepted["day"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
