"""A whole stack in one process and one loop: for laptops and tests.

In: a plan. Out: an exit code. The daemons still communicate only by HTTP, each on its own port.
When one of them ends, all end, since no supervisor can restart it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reference_impl.kit.daemon import prepare, serve_all
from reference_impl.kit.log import open_log
from reference_impl.stack.rooms import in_stopping_order, room_of
from reference_impl.stack.state_file import DaemonState, StackState, write_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_impl.stack.plan import Plan


def serve_in_one_process(plan: Plan, when_ready: Callable[[], None]) -> int:
    """Serve until a signal, and return the exit code.

    Raises SettingsError and StartError.
    """
    planned = {daemon.name: daemon for daemon in plan.daemons}
    names = [name for group in reversed(in_stopping_order(list(planned))) for name in group]
    daemons = [prepare(room_of(name), planned[name].settings) for name in names]
    open_log("lakehouse", plan.daemons[0].settings.log_level)

    def tell() -> None:
        states = tuple(
            DaemonState(name=daemon.name, url=daemon.url, pid=os.getpid(), restarts=0)
            for daemon in plan.daemons
        )
        write_state(plan.folder, StackState(pid=os.getpid(), is_ready=True, daemons=states))
        when_ready()

    return serve_all(daemons, tell)
