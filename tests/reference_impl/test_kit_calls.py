"""Calls of other daemons as their callers see them: what a daemon makes of another's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.miniatures.server import Reply, json_reply, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

ASKED = {
    "an answer": (json_reply([1, 2]), 200, [1, 2]),
    "created": (json_reply([1], 201), 200, [1]),
    "the caller's fault": (json_reply({"detail": "no"}, 404), 404, "storaged: no"),
    "its own fault": (json_reply({"detail": "broken"}, 500), 502, "storaged: broken"),
    "no problem document": (json_reply([], 500), 502, "storaged gave no proper answer"),
    "another shape": (json_reply({"a": 1}), 502, "storaged gave no proper answer"),
    "no json": (Reply(body=b"{"), 502, "storaged gave no proper answer"),
    "a redirect": (
        Reply(status=302, headers={"location": "/"}),
        502,
        "storaged gave no proper answer",
    ),
}


def test_what_a_daemon_makes_of_it(start_shelf: Callable[..., LiveDaemon], tmp_path: Path) -> None:
    """The caller's own fault stays one; all else is 502; the document declares it."""
    rows = iter(ASKED.values())
    with serve(lambda _: next(rows)[0]) as url:
        daemon = start_shelf("--storaged-url", url, "--data-dir", str(tmp_path))
        for name, (_, status, told) in ASKED.items():
            answer = daemon.ask("POST", "/relay")

            document = answer.json()
            said = document if status == 200 else document["detail"]
            assert (answer.status, said) == (status, told), name
