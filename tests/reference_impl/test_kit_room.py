"""The life of a room: it opens before it serves, saves at its end, and ends with its side tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

TEXT = {"content-type": "text/plain"}


def test_a_room_saves_at_its_end_and_reads_at_its_start(
    start_shelf: Callable[..., LiveDaemon], tmp_path: Path
) -> None:
    """SIGTERM closes the room and exits 0; the next one has what the first had."""
    data_dir = ("--data-dir", str(tmp_path / "data"))
    first = start_shelf(*data_dir)
    first.ask("PUT", "/shelf/a/b", b"abc", TEXT)

    assert first.stop() == 0
    assert (tmp_path / "data/shelf/saved").exists()
    second = start_shelf(*data_dir)
    assert second.ask("GET", "/shelf").json() == [{"shelf": "a", "key": "b", "size": 3}]
    assert "shelf_things 1\n" in second.ask("GET", "/metrics").body.decode()


def test_what_runs_beside_and_fails_ends_the_daemon(
    start_shelf: Callable[..., LiveDaemon], tmp_path: Path
) -> None:
    """A defect is logged, the room still saves, and the code is 1: nothing limps on."""
    daemon = start_shelf("--data-dir", str(tmp_path / "data"), "--dies-after-s", "0.2")

    assert daemon.process.wait(timeout=10) == 1
    assert "planned" in daemon.wait_for_log(message="defect", service="shelf")["trace"]
    assert (tmp_path / "data/shelf/saved").exists()
