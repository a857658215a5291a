"""Where a runtime differs from itself, with any name in place of one made for one run."""

from collections.abc import Sequence

from conformance.comparison.by_itself.columns import columns_at
from conformance.comparison.rules.one_off_names import made_in, of_any_name, takes_turns
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath, path_of_place, render_path
from conformance.model.observation import Cell


def made_names(finding: Finding, cells: Sequence[Cell]) -> list[int]:
    """Return the indexes of the path names that were made for one run.

    All that the runtime did is given.
    """
    path = path_of_place(finding.place)
    if path is None:
        return []
    made = made_in(path, {each.text for cell in cells for each in cell.names})
    return [len(path) - 1] if not made and path and _takes_turns(path, finding, cells) else made


def general_place(finding: Finding, cells: Sequence[Cell]) -> str:
    """Return the place of a difference as it may be found in every run."""
    path = path_of_place(finding.place)
    return (
        finding.place
        if path is None
        else render_path(of_any_name(path, made_names(finding, cells)))
    )


def _takes_turns(path: JsonPath, finding: Finding, cells: Sequence[Cell]) -> bool:
    """Return whether a path's last name replaces another one that was answered another time."""
    holders = columns_at(cells, finding.step, path[:-1])
    objects = [[value for value in column if isinstance(value, dict)] for column in holders]
    name = path[-1]
    return isinstance(name, str) and takes_turns(name, objects)
