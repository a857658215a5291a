"""`pytest cases/`: the same stages as `conformance run`, for users of pytest.

pytest loads the plugin because the harness is installed, but the plugin does nothing until it is
enabled. `--conformance` enables it for all suites below the paths given to pytest, and the ini
option `conformance_suites` for the folders that it lists. Until then no other module is loaded.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the plugin."""
    group = parser.getgroup("conformance", "cases replayed against several runtimes of one service")
    group.addoption(
        "--conformance", action="store_true", help="Collect the cases of suite files as tests."
    )
    group.addoption(
        "--conformance-runtime",
        action="append",
        default=[],
        metavar="NAME[=URL]",
        help="Use NAME at URL instead of the declared runtimes, or only the declared NAME. "
        "Repeatable.",
    )
    group.addoption(
        "--conformance-baseline",
        metavar="NAME",
        help="A runtime that differs from it is odd. [the side of more than half]",
    )
    parser.addini(
        "conformance_suites",
        type="paths",
        default=[],
        help="Folders of suite files collected as tests.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks if suites are among the paths given to pytest."""
    paths = tuple(dict.fromkeys(_suite_paths(config)))
    if paths:
        from conformance.pytest_plugin.door import open_door  # noqa: PLC0415 - the harness is loaded where it is wanted

        config.pluginmanager.register(open_door(config, paths), "conformance-door")


def _suite_paths(config: pytest.Config) -> Iterator[Path]:
    """Yield the files and folders in which suites are collected as tests."""
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
