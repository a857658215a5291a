"""The stack file that documents every setting: the repository's file matches the settings types."""

from __future__ import annotations

import re
import tomllib

import msgspec
import pytest

from reference_impl.kit.ports import PORTS
from reference_impl.kit.settings import STACK_SETTINGS
from reference_impl.stack.rooms import ROOMS, in_stopping_order, settings_of
from reference_impl.stack.stack_file import stack_file_text
from tests.reference_impl.conftest import ROOT


def test_the_file_of_the_repository_is_current() -> None:
    """After a change of a setting: `python -m reference_impl config > lakehouse.toml`."""
    assert (ROOT / "lakehouse.toml").read_text() == stack_file_text()


def test_every_setting_is_there_with_its_default() -> None:
    """With its first # taken away, each line is TOML that gives the default."""
    tables = tomllib.loads(re.sub(r"(?m)^# (?=\w+ = )", "", stack_file_text()))

    assert set(tables["stack"]) == set(STACK_SETTINGS)
    for name in ROOMS:
        defaults = {
            field.name: field.default for field in msgspec.structs.fields(settings_of(name))
        }
        assert set(tables["daemon"][name]) == set(defaults) - set(STACK_SETTINGS)
        for setting, value in tables["daemon"][name].items():
            default = msgspec.json.decode(msgspec.json.encode(defaults[setting]))
            assert value == ("" if default is None else default)


def test_every_setting_says_what_it_means() -> None:
    """No line is without a comment."""
    lines = [line for line in stack_file_text().splitlines() if re.match(r"# \w+ = ", line)]

    assert all(re.search(r"  # \S", line) for line in lines)


def test_daemons_stop_before_those_they_call() -> None:
    """The gateway first."""
    groups = in_stopping_order(ROOMS)

    assert groups[0] == ["gateway"]
    assert sorted(name for group in groups for name in group) == sorted(ROOMS)


@pytest.mark.parametrize("name", ROOMS)
def test_each_daemon_has_its_port(name: str) -> None:
    """The default is that of the one table."""
    port = next(
        field.default for field in msgspec.structs.fields(settings_of(name)) if field.name == "port"
    )

    assert port == PORTS[name]
