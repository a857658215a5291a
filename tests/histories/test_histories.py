"""Histories of storaged, catalogd and vectord: 8 clients, kills, calls that take long.

`rounds` plays many more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.histories.daemons import DAEMONS
from tests.histories.recording import Plan
from tests.histories.rounds import play
from tests.reference_impl.slow_calls import need_strace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.histories.daemons import Subject


@pytest.mark.parametrize("delay", [None, "delay_enter", "delay_exit"])
@pytest.mark.parametrize("subject", DAEMONS, ids=lambda subject: subject.room)
def test_every_history_is_linearizable(subject: Subject, delay: str | None, tmp_path: Path) -> None:
    """A client that saw something sees it, or what came after it, from then on.

    This also holds beside a kill and a slow disk.
    """
    if delay is not None:
        need_strace()
    outcome = play(subject, tmp_path, 1, Plan(lives_s=(0.4, 0.4, 0.3), delay=delay))
    assert outcome.violations == ()
    assert outcome.operations > 50
