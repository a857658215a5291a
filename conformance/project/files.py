"""The files of a command: suites below the given paths; runtimes and ledger files above them.

`runtimes.yaml` and `decisions.yaml` are searched next to the suites and then upwards, up to the top
of the repository.  A folder below with its own `runtimes.yaml` is skipped: it needs a command of
its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Problem, UsageError
from conformance.model.case import Case
from conformance.suites.suite_file import read_suite

RUNTIMES_NAME: Final = "runtimes.yaml"
LEDGER_NAME: Final = "decisions.yaml"
REVIEW_NAME: Final = "review.yaml"
GAUNTLET_NAME: Final = "gauntlet.yaml"
_ROOT_KEY: Final = re.compile(
    rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?(['"]?)(?:suite|cases)\1[ \t]*:""", re.MULTILINE
)
"""A root key of a suite. One is enough: if the other one is misspelt, the file is refused and not
skipped.
"""
_OURS: Final = re.compile(rb"""^(?:\xef\xbb\xbf)?(['"]?)(?:load|shared)\1[ \t]*:""", re.MULTILINE)
_OUR_NAMES: Final = frozenset({RUNTIMES_NAME, LEDGER_NAME, REVIEW_NAME, GAUNTLET_NAME})
_SUFFIXES: Final = {".yaml", ".yml"}


def suite_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the suite files that paths name or contain, sorted.

    A file that is named directly always counts as a suite. Raises UsageError for a missing path.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(_suites_below(path))
        elif path.is_file():
            found.add(path)
        else:
            raise UsageError(
                f"{path}: no such file or folder",
                hint="name a suite file, or a folder that holds some",
            )
    return tuple(sorted(found))


def _suites_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder with a root key `suite:` or `cases:`.

    YAML files of other kinds may be in the same folders.
    """
    for file in yaml_below(folder):
        if _ROOT_KEY.search(file.read_bytes()):
            yield file


def other_yaml(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the YAML files below some folders that are not files of the harness, sorted."""
    folders = filter(Path.is_dir, paths)
    below = set(chain.from_iterable(map(yaml_below, folders)))
    others = (file for file in below if not is_ours(file, file.read_bytes))
    return tuple(sorted(others))


def is_ours(file: Path, content: Callable[[], bytes]) -> bool:
    """Return whether a file belongs to the harness, by its name or by a root key of its content."""
    if file.name in _OUR_NAMES:
        return True
    if file.suffix not in _SUFFIXES:
        return False
    raw = content()
    key = _ROOT_KEY.search(raw) or _OURS.search(raw)
    return key is not None


def yaml_below(folder: Path) -> Iterator[Path]:
    """Yield the YAML files below a folder, except hidden ones.

    A folder with its own `runtimes.yaml` is skipped, because its suites are for those runtimes.
    """
    runtimes = filter(Path.is_file, folder.rglob(RUNTIMES_NAME))
    others = set(map(attrgetter("parent"), runtimes)) - {folder}
    for file in folder.rglob("*"):
        if file.suffix not in _SUFFIXES:
            continue
        is_of_others = not others.isdisjoint(file.parents)
        is_left_out = is_of_others or _is_hidden(file.relative_to(folder))
        if not is_left_out and file.is_file():
            yield file


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read_suites(files: Iterable[Path]) -> Iterator[Case]:
    """Yield the cases of all suites, up to the first bad suite.

    Raises BadFileError after all files have been read, with the problems of all of them, or if two
    files have the same suite id. So callers use the cases only after the last one.
    """
    problems: list[Problem] = []
    file_of: dict[str, str] = {}
    for file in files:
        try:
            cases = read_suite(file)
        except BadFileError as error:
            problems.extend(error.problems)
            continue
        suite = cases[0].suite
        place = cases[0].place
        first = file_of.setdefault(suite, place.file)
        is_taken = first != place.file
        if is_taken:
            problems.append(Problem(place, f"suite {suite!r} is already in {first}"))
        # After a problem nothing runs, so the other files are read only for their problems
        if not problems:
            yield from cases
    if problems:
        raise BadFileError(problems)


def find_above(name: str, paths: Iterable[Path]) -> Path | None:
    """Return the nearest file with a name, in or above the folder of the first path, or None.

    The search ends at the top of the repository.
    """
    for path in paths:
        # A file above the top of the repository belongs to another project
        start = (path if path.is_dir() else path.parent).resolve()
        for folder in (start, *start.parents):
            file = folder / name
            if file.is_file():
                return _shortest(file)
            is_top_of_repository = (folder / ".git").exists()
            if is_top_of_repository:
                break
    return None


def _shortest(file: Path) -> Path:
    """Return a path relative to the working folder if the file is below it, for messages."""
    here = Path.cwd()
    if not file.is_relative_to(here):
        return file
    return file.relative_to(here)
