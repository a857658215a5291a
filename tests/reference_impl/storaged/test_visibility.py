"""What a reader has seen, a condition knows: no answer is ahead of the index."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tests.reference_impl.lake import running_room
from tests.reference_impl.slow_calls import need_strace, slow_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import Answer, LiveDaemon

RENAMES = "rename,renameat,renameat2"
DELAY_US = 400_000


def etag_after(daemon: LiveDaemon, before: str | None) -> str | None:
    """Read until the ETag is another one."""
    deadline_s = time.monotonic() + 10
    while time.monotonic() < deadline_s:
        seen = daemon.ask("GET", "/storage/b/k").header("etag")
        if seen != before:
            return seen
    raise AssertionError("nothing changed")


def test_what_was_read_can_be_replaced(tmp_path: Path) -> None:
    """While the rename of v2 has been made and not returned: whoever reads v2 may replace it."""
    need_strace()
    with running_room("storaged", tmp_path) as storaged:
        first = storaged.ask("PUT", "/storage/b/k", b"v1").header("etag")
        answers: list[Answer] = []
        writer = threading.Thread(
            target=lambda: answers.append(storaged.ask("PUT", "/storage/b/k", b"v2"))
        )
        with slow_calls(storaged.process.pid, RENAMES, DELAY_US):
            writer.start()
            second = etag_after(storaged, first)
            replaced = storaged.ask("PUT", "/storage/b/k", b"v3", {"if-match": second or ""})
        writer.join()

        assert [answer.status for answer in answers] == [200]
        assert replaced.status == 200
        assert storaged.ask("GET", "/storage/b/k").body == b"v3"


def test_what_was_seen_gone_can_be_made_anew(tmp_path: Path) -> None:
    """While the file is removed and the call has not returned, a reader of 404 may create it."""
    need_strace()
    with running_room("storaged", tmp_path) as storaged:
        first = storaged.ask("PUT", "/storage/b/k", b"v1").header("etag")
        remover = threading.Thread(target=lambda: storaged.ask("DELETE", "/storage/b/k"))
        with slow_calls(storaged.process.pid, "unlink,unlinkat", DELAY_US):
            remover.start()
            assert etag_after(storaged, first) is None
            made = storaged.ask("PUT", "/storage/b/k", b"v2", {"if-none-match": "*"})
        remover.join()

        assert made.status == 201
        assert storaged.ask("GET", "/storage/b/k").body == b"v2"
