"""Places of own differences, with `.*` for each member name that was made for one run."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

from conformance.comparison.by_itself.columns import columns_at
from conformance.comparison.rules.one_off_names import made_in, of_any_name, takes_turns
from conformance.comparison.values.columns import objects_of
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath, path_of_place, render_path
from conformance.model.observation import Cell


def made_names(finding: Finding, cells: Sequence[Cell]) -> list[int]:
    """Return the indexes in a finding's path of names that were made for one run.

    `cells` are all cells of the runtime, one for each attempt.
    """
    path = path_of_place(finding.place)
    if not path:
        return []
    captured = chain.from_iterable(map(attrgetter("names"), cells))
    made = made_in(path, set(map(attrgetter("text"), captured)))
    if made:
        return made
    last = len(path) - 1
    return [last] if _takes_turns(path, finding, cells) else []


def general_place(finding: Finding, cells: Sequence[Cell]) -> str:
    """Return the place of a finding in a spelling that matches it in every run."""
    path = path_of_place(finding.place)
    if path is None:
        return finding.place
    made = made_names(finding, cells)
    return render_path(of_any_name(path, made))


def _takes_turns(path: JsonPath, finding: Finding, cells: Sequence[Cell]) -> bool:
    """Return whether the last name in a path is replaced by another name in another attempt."""
    *parent, name = path
    if not isinstance(name, str):
        return False
    holders = columns_at(cells, finding.step, tuple(parent))
    return takes_turns(name, list(map(objects_of, holders)))
