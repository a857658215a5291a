"""Work in a process of its own: what it returns and raises comes back, and it can be ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

import pytest

from conformance.errors import HarnessError
from conformance.runner import event_loop
from conformance.runner.forked_work import forked

PATIENCE_S: Final = 60.0
INTERRUPTED: Final = """
import os, signal, threading
from conformance.runner import event_loop
from conformance.runner.forked_work import forked

def endless():
    os.write(1, b"%d\\n" % os.getpid())
    return sum(range(1 << 60))  # one call, in which no thread gets its turn

try:
    event_loop.run(forked(endless))
except KeyboardInterrupt:
    os.write(1, b"interrupted\\n")
"""


def made(work: Callable[[], Any], *held: bytes) -> Any:
    """Return what work in a process of its own returns."""
    return event_loop.run(forked(work, held))


def test_what_work_returns_comes_back_and_what_it_changes_does_not() -> None:
    body, changed = b"x" * 100_000, list[int]()

    def work() -> tuple[int, bytes, bytes, str]:
        changed.append(1)
        return os.getpid(), body, b"made there", "y" * 5_000_000

    pid, same, other, long = made(work, body)

    assert pid != os.getpid()
    assert same is body
    assert (other, len(long)) == (b"made there", 5_000_000)
    assert changed == []
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)  # it was waited for


def test_an_error_is_raised_here_with_the_lines_that_led_to_it() -> None:
    def work() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there") as raised:
        made(work)
    assert "in work" in raised.value.__notes__[0]


def test_what_cannot_be_sent_is_a_defect_that_is_named() -> None:
    with pytest.raises(HarnessError, match="pickle"):
        made(lambda: lambda: None)


def test_a_process_that_the_system_ends_is_no_outcome() -> None:
    with pytest.raises(HarnessError, match="ended with -9"):
        made(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_work_does_not_hear_the_signals_of_a_terminal() -> None:
    def work() -> str:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), number)
        return "done"

    assert made(work) == "done"


def test_work_holds_no_pipe_of_others_open() -> None:
    """A reader that waits for the end of a pipe of this process does not wait for the work."""
    reading, writing = os.pipe()

    def work() -> list[int]:
        return [number for number in (reading, writing) if is_open(number)]

    def is_open(number: int) -> bool:
        try:
            os.fstat(number)
        except OSError:
            return False
        return True

    assert made(work) == []
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "interrupted\n"), (signal.SIGKILL, "")]
)
def test_a_signal_ends_work_within_one_call(number: signal.Signals, said: str) -> None:
    """The call takes years; the process that waits for it hears a signal, and the work ends, too."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert int(run.stdout.readline()) != run.pid
        run.send_signal(number)
        # the work holds the output open as long as it is there
        assert run.communicate(timeout=PATIENCE_S)[0] == said
    assert run.returncode in {0, -number}
