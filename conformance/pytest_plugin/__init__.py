"""`pytest cases/`: a second door over the same stages, for people who live in pytest.

The plugin is installed with the harness, so it does nothing until it is asked: by `--conformance`,
which takes suites below every path given to pytest, or by the ini option `conformance_suites`,
which names the folders that hold some. Until then it loads nothing of the harness.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a project may ask for."""
    group = parser.getgroup("conformance", "cases replayed against several runtimes of one service")
    group.addoption(
        "--conformance", action="store_true", help="Collect the cases of suite files as tests."
    )
    group.addoption(
        "--conformance-runtime",
        action="append",
        default=[],
        metavar="NAME[=URL]",
        help="Ask NAME at URL instead of the declared runtimes, or only the declared NAME. "
        "Repeatable.",
    )
    group.addoption(
        "--conformance-baseline",
        metavar="NAME",
        help="Who differs from this runtime is odd. [from the side of more than half]",
    )
    parser.addini(
        "conformance_suites",
        type="paths",
        default=[],
        help="Folders of suite files collected as tests.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Open the door where suites are among what pytest was given."""
    paths = tuple(dict.fromkeys(_suite_paths(config)))
    if paths:
        from conformance.pytest_plugin.door import open_door  # noqa: PLC0415 - the harness is loaded where it is wanted

        config.pluginmanager.register(open_door(config, paths), "conformance-door")


def _suite_paths(config: pytest.Config) -> Iterator[Path]:
    """Yield the files and folders below which suites are tests."""
    asked = [
        (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        for argument in config.args
    ]
    asked = [path for path in asked if path.is_dir() or path.suffix in {".yaml", ".yml"}]
    if config.getoption("conformance"):
        yield from asked
        return
    folders: list[Path] = config.getini("conformance_suites")
    for folder in folders:
        for path in asked:
            if path.is_relative_to(folder):
                yield path
            elif folder.is_relative_to(path):
                yield folder
