"""The import contracts: complete for what is in the packages."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_room_is_under_contract() -> None:
    """Each daemon's package is in the contract for the inside of a room, and among the rooms."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    inside = next(
        contract for contract in contracts if contract["name"].startswith("inside a room")
    )
    rooms = {
        package.parent.name
        for package in (ROOT / "reference_impl").glob("*/__init__.py")
        if package.parent.name not in {"kit", "stack", "materializer", "replay"}
    }

    assert {f"reference_impl.{room}" for room in rooms} == set(inside["containers"])
