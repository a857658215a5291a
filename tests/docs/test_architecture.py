"""docs/architecture.md is true: its layers, its drawings, its rules.

Its list of where to change what is true, too.
"""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.docs.drawings import (
    EVERYWHERE,
    HARNESS,
    PAGE,
    block,
    calls_outside,
    calls_within,
    drawing,
    drawn_packages,
    layers,
    modules,
    told_calls,
)
from tests.seeded.changes import CHANGES, Change

PACKAGES = drawn_packages()
MOST_CHARACTERS = 100
NETWORK = {"socket", "ssl", "httpx", "locust", "http.client", "urllib.request", "asyncio.streams"}
CONNECTIONS = {"create_connection", "open_connection", "start_server", "create_server"}


def test_no_line_is_long() -> None:
    """The page can be read in a terminal."""
    assert [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if len(line) > MOST_CHARACTERS
    ] == []


def test_the_layers_are_those_of_the_contract() -> None:
    """The page has the lines of the import contract, from top to bottom."""
    drawn = [line.partition("  ")[0].split(" | ") for line in block("## The layers")]
    assert drawn == layers()


def test_every_package_is_drawn() -> None:
    """Each package has a drawing, and `pipeline` one, too.

    Single files of the floor and the entry have none.
    """
    single = EVERYWHERE - {"model"} | {"__main__"}
    assert sorted(PACKAGES) == sorted(
        name for line in layers() for name in line if name not in single
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_a_drawing_has_every_module_once(package: str) -> None:
    """A module that is added, moved or removed is added, moved or removed in the drawing, too."""
    drawn = Counter(name for line in drawing(package) for name in line.modules)
    assert drawn == Counter(modules(package))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_drawing_goes_from_top_to_bottom(package: str) -> None:
    """No module calls one that is drawn above it, and each line says what its modules are for."""
    above: set[str] = set()
    for line in drawing(package):
        assert line.says, line
        for module in line.modules:
            assert calls_within(package, module) & above == set(), (
                f"{module} calls what is drawn above it"
            )
        above.update(line.modules)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_line_is_called_by_the_line_that_it_stands_below(package: str) -> None:
    """What is drawn with a hook below a line is called by it."""
    callers: list[tuple[str, ...]] = []
    for line in drawing(package):
        assert line.depth <= len(callers), f"{line.modules} stands below no line"
        del callers[line.depth :]
        if callers:
            called = {name for caller in callers[-1] for name in calls_within(package, caller)}
            assert set(line.modules) <= called, f"{callers[-1]} does not call all of {line.modules}"
        callers.append(line.modules)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_calls_of_a_package(package: str) -> None:
    """The page names the other packages that a package imports."""
    assert told_calls(package) == calls_outside(package)


def code() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the harness's code with its module."""
    for file in sorted(HARNESS.rglob("*.py")):
        name = file.relative_to(HARNESS).with_suffix("").as_posix()
        yield from ((name, node) for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def test_who_opens_connections() -> None:
    """Only the runner and the endpoints of a review do.

    The selftest listens, and Locust has its own client.
    """
    found = set()
    for module, node in code():
        imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        called = isinstance(node, ast.Attribute) and node.attr in CONNECTIONS
        if called or not NETWORK.isdisjoint(imported):
            found.add(module)
    outside = {module for module in found if not module.startswith(("runner/", "selftest/"))}
    assert outside == {"review/endpoints", "load/locustfile"}


def test_who_looks_for_files() -> None:
    """Only `project` knows what the files beside the suites are called."""
    names = {"runtimes.yaml", "decisions.yaml"}
    found = {
        module for module, node in code() if isinstance(node, ast.Constant) and node.value in names
    }
    assert found == {"project/files"}


def entry(change: Change) -> Iterator[str]:
    """Yield the lines of the page on a change."""
    yield f"{change.says:<25}  {change.file.removeprefix('conformance/')}:{change.symbol}"
    yield f"{'':<25}  {change.caught_by.removeprefix('tests/')}"


def test_where_to_change_what() -> None:
    """The page lists the changes that `tests/seeded` holds, with their symbols and tests."""
    assert block("## Where to change what") == [
        line for change in CHANGES for line in entry(change)
    ]
