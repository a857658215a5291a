"""Work in a child process, which can be ended at any moment.

Reading and comparing large bodies can keep the interpreter busy for seconds in one library call.
No thread can handle a signal meanwhile, but a process that waits for a child can.  The child is a
fork of this process, so it has the input already.  It sends its result back; large bytes that both
processes have are sent as an address only.
"""

import asyncio
import contextlib
import fcntl
import gc
import io
import os
import pickle
import signal
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn, TypeVar

from conformance.errors import HarnessError

_Outcome = TypeVar("_Outcome")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STANDARD_STREAMS: Final = 3
_PIECE_BYTES: Final = 1 << 20


async def forked(work: Callable[[], _Outcome], held: Iterable[bytes] = ()) -> _Outcome:
    """Run a function in a fork of this process, and return a copy of its result.

    Its other changes are lost.  `held` are bytes that are sent back as an address, because this
    process has them.  Raises what the function raises, and HarnessError if the child ends early.
    A cancellation kills the child at once.
    """
    by_address = {id(each): each for each in held}
    loop, (source, result), life = asyncio.get_running_loop(), os.pipe(), os.pipe()
    with warnings.catch_warnings():  # threads are not copied: work takes no lock that one may hold
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        _be_the_copy(work, by_address, result, life[0])
    os.close(result)
    os.close(life[0])
    pieces: list[bytes] = []
    running = [process]
    ended: asyncio.Future[int] = loop.create_future()

    def take() -> None:
        if piece := os.read(source, _PIECE_BYTES):
            pieces.append(piece)
            return
        loop.remove_reader(source)
        os.close(source)
        status = os.waitstatus_to_exitcode(os.waitpid(running.pop(), 0)[1])
        os.close(life[1])  # not before: it would end the process
        if not ended.cancelled():
            ended.set_result(status)

    loop.add_reader(source, take)
    try:
        status = await ended
    except asyncio.CancelledError:
        for each in running:
            os.kill(each, signal.SIGKILL)
        raise
    if status:
        raise HarnessError(
            f"the process that compares large answers ended with {status}",
            hint="a negative number is a signal; -9 may be the system's, where memory is short",
        )
    outcome: _Outcome = _outcome_of(b"".join(pieces), by_address)
    return outcome


def _outcome_of(sent: bytes, held: Mapping[int, bytes]) -> Any:
    """Return the result of the work, or raise its error."""
    outcome, error = _Received(sent, held).load()
    if error is not None:
        raise error
    return outcome


def _be_the_copy(
    work: Callable[[], object], held: Mapping[int, bytes], result: int, life: int
) -> NoReturn:
    """Do the work in the child, send the result, and exit without running exit handlers."""
    try:
        gc.freeze()  # inherited objects are no garbage; memory stays shared until touched
        gc.disable()  # a collection of millions of values took half of the time, and freed nothing
        signal.set_wakeup_fd(-1)
        for number in _SIGNALS:  # the parent handles them, and ends this process
            signal.signal(number, signal.SIG_IGN)
        _close_all_but(result, life)
        _end_with(life)
        with open(result, "wb") as file:
            file.write(_sent(work, held))
    finally:
        os._exit(0)


def _sent(work: Callable[[], object], held: Mapping[int, bytes]) -> bytes:
    """Return the pickled pair of the result of the work and its error; one of them is None."""
    try:
        outcome, error = work(), None
    except BaseException as raised:  # noqa: BLE001 - raised where the work is waited for
        raised.add_note(traceback.format_exc())
        outcome, error = None, raised
    try:
        return _sendable((outcome, error), held)
    except Exception:  # noqa: BLE001 - an outcome or an error that cannot be sent
        return _sendable((None, HarnessError(traceback.format_exc())), held)


def _close_all_but(*kept: int) -> None:
    """Close all inherited descriptors except these: other processes wait for such pipes to end."""
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 - names are numbers
        number = int(name)
        if number >= _STANDARD_STREAMS and number not in kept:
            with contextlib.suppress(OSError):  # that of the list itself
                os.close(number)


def _end_with(life: int) -> None:
    """End this process as soon as its parent ends: the other end of the pipe is closed then.

    On Linux the kernel sends SIGIO, which ends this process whatever it is busy with.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.FASYNC | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):  # nothing is written, and it is still open
        if not os.read(life, 1):
            os._exit(0)


def _sendable(outcome: object, held: Mapping[int, bytes]) -> bytes:
    file = io.BytesIO()
    _Sender(file, held).dump(outcome)
    return file.getvalue()


class _Sender(pickle.Pickler):
    """A pickler that replaces bytes which the receiver has by their address."""

    def __init__(self, file: io.BytesIO, held: Mapping[int, bytes]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._held = held

    def persistent_id(self, each: Any) -> int | None:
        """Return the address of bytes that the receiver has, or None to write the value itself."""
        return id(each) if type(each) is bytes and id(each) in self._held else None


class _Received(pickle.Unpickler):
    """An unpickler that replaces such an address by the bytes of this process."""

    def __init__(self, raw: bytes, held: Mapping[int, bytes]) -> None:
        super().__init__(io.BytesIO(raw))
        self._held = held

    def persistent_load(self, address: Any) -> bytes:
        """Return the bytes at an address."""
        return self._held[address]
