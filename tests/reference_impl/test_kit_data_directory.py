"""The data directory: one daemon a folder, whatever became of the last one."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.settings import StartError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon


def test_a_second_daemon_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    """Another name is another folder; when the first is done the folder is free."""
    with open_data_directory(str(tmp_path), "vectord") as directory:
        assert directory.path == tmp_path / "vectord"
        with pytest.raises(
            StartError,
            match=rf"vectord is in use by process {os.getpid()}: choose another data_dir",
        ):
            open_data_directory(str(tmp_path), "vectord").__enter__()
        with open_data_directory(str(tmp_path), "storaged"):
            pass
    with open_data_directory(str(tmp_path), "vectord"):
        assert (tmp_path / "vectord").stat().st_mode & 0o777 == 0o700


def test_what_was_unfinished_is_gone(tmp_path: Path) -> None:
    """The scratch folder is empty at each start."""
    with open_data_directory(str(tmp_path), "vectord") as directory:
        (directory.scratch / "half").touch()
    with open_data_directory(str(tmp_path), "vectord") as directory:
        assert list(directory.scratch.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """A file in its place is no trace."""
    (tmp_path / "vectord").touch()
    with pytest.raises(StartError, match="vectord: File exists"):
        open_data_directory(str(tmp_path), "vectord").__enter__()


def test_two_live_daemons_never_share_one(
    start_shelf: Callable[..., LiveDaemon], tmp_path: Path
) -> None:
    """The second ends with one line and code 1; after a kill -9 of the first the folder is free."""
    first = start_shelf("--data-dir", str(tmp_path / "data"))
    with pytest.raises(AssertionError, match=rf"shelf is in use by process {first.process.pid}: "):
        start_shelf("--data-dir", str(tmp_path / "data"))
    first.stop(signal.SIGKILL)

    assert start_shelf("--data-dir", str(tmp_path / "data")).ask("GET", "/health").status == 200
