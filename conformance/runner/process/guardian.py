"""The guardian: a small program that runs one command.

It makes sure that nothing of the command outlives the harness.

    python -I -S guardian.py GRACE_MS LOG_CAP_BYTES ENVIRONMENT_BYTES PROGRAM [ARGUMENT …]

It runs on the harness's interpreter and imports nothing of the harness, so that it costs little
more than an interpreter.  Standard input is its control: first the environment of the command
(`NAME=VALUE` and a NUL, each), then `s` to stop the command.  When it closes, because the harness
has ended in any way, the guardian kills the whole tree at once.  Standard output reports events,
one a line: `started PID` or `failed ERRNO`, `ended CODE` (negative: a signal), `flood`, and last
`left LEADER OTHERS`, which are the numbers of processes that had to be killed.  Standard error is
the log: its head as it comes, then, at each of those events, its tail and the number of bytes
between them.

On Linux it is the subreaper of its tree: it inherits daemons, and grandchildren in their own
sessions.  Elsewhere it reaches only the process group of the command.
"""

import os
import select
import sys
import time

TYPE_CHECKING = False  # `typing` takes longer to import than all the rest
if TYPE_CHECKING:
    import ctypes

HEAD_BYTES = 64 << 10
TAIL_BYTES = 192 << 10
_PIECE_BYTES = 64 << 10
_SIGKILL, _SIGPIPE, _SIGTERM, _SIGXFSZ = (
    9,
    13,
    15,
    25,
)  # `signal` would double the time it takes to start
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_TICK_MS, _STOPPING_TICK_MS = (
    50,
    5,
)  # to reap children, and to see the command's end where no file reports it
# A tree that forks while it is killed needs several attempts; after these it is left alone
_KILL_ATTEMPTS = 400
_LINUX = sys.platform == "linux"


def descendants(root: int) -> list[int]:
    """Return the ids of all processes below one, without zombies; empty if there is no /proc."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if _LINUX else ():  # noqa: PTH208 - as below
        if name.isdigit():
            state, parent = _state_and_parent(name)
            if state not in "ZX":
                children.setdefault(parent, []).append(int(name))
    found, pending = [], [root]
    while pending:
        below = children.pop(pending.pop(), [])
        found += below
        pending += below
    return found


def _state_and_parent(pid: str) -> tuple[str, int]:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - pathlib takes longer to import than all the rest
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return "X", 0
    return fields[0].decode(), int(fields[1])


class Log:
    """The command's output: counted, its head written at once, its tail kept for `flush`."""

    def __init__(self, source: int) -> None:
        self.source = source
        self.count = 0
        self._tail = bytearray()
        self._left_out = 0
        os.set_blocking(source, False)

    def take(self) -> int | None:
        """Read a piece and return its size: 0 at the end, None if there is nothing yet."""
        try:
            piece = os.read(self.source, _PIECE_BYTES)
        except BlockingIOError:
            return None
        room = max(0, HEAD_BYTES - self.count)
        self.count += len(piece)
        if room:
            _write(2, piece[:room])
        self._tail += piece[room:]
        self._left_out += max(0, len(self._tail) - TAIL_BYTES)
        del self._tail[:-TAIL_BYTES]
        return len(piece)

    def flush(self) -> None:
        """Read what has arrived, and write the tail."""
        for _ in range(2 * TAIL_BYTES // _PIECE_BYTES):
            if not self.take():
                break
        if self._left_out:
            _write(2, b"\n[%d bytes left out]\n" % self._left_out)
        _write(2, bytes(self._tail))
        self._tail.clear()
        self._left_out = 0


class Guardian:
    """One command, from its start until all its processes have ended."""

    def __init__(self, grace_s: float, log_cap: int) -> None:
        self._grace_s = grace_s
        self._log_cap = log_cap
        self._leader = 0
        self._ended = False
        self._flooded = False
        self._stop_at: float | None = None
        self._log: Log

    def start(self, argv: list[str], environment: dict[str, str]) -> None:
        """Start the command in its own session, and report its process id or the error."""
        import ctypes  # noqa: PLC0415 - the harness imports this module too, and needs no C library

        libc = ctypes.CDLL(None)
        if _LINUX:
            libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        log_out, log_in = os.pipe()
        failed_out, failed_in = os.pipe()
        self._leader = os.fork()
        if not self._leader:
            _become(argv, environment, log_in, failed_in, libc)
        os.close(log_in)
        os.close(failed_in)
        self._log = Log(log_out)
        failure = os.read(failed_out, 16).decode()
        _report(f"failed {failure}" if failure else f"started {self._leader}")

    def watch(self) -> None:
        """Pass the log on until the command is to stop, or the harness is gone.

        Then kill every process that is left.
        """
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(self._log.source, select.POLLIN)
        ending = _end_of(self._leader)
        if ending is not None:
            poll.register(ending, select.POLLIN)
        while not (self._stop_at is not None and self._is_over(self._stop_at)):
            ready = [
                each
                for each, _ in poll.poll(_TICK_MS if self._stop_at is None else _STOPPING_TICK_MS)
            ]
            if self._log.source in ready and self._log.take() == 0:
                poll.unregister(self._log.source)
            if self._log.count > self._log_cap and not self._flooded:
                self._end_flood()
            if 0 in ready and not self._obey():
                break
            self._reap()
            if self._ended and ending is not None:
                poll.unregister(ending)
                ending = None
        leader, others = self._kill()
        self._log.flush()
        _report(f"left {leader} {others}")

    def _obey(self) -> bool:
        """Read a word from the harness, which stops the command; return False at the end."""
        word = os.read(0, 16)
        if word and self._stop_at is None:
            self._stop_at = time.monotonic() + self._grace_s
            _signal(self._tree(), _SIGTERM)
        return bool(word)

    def _is_over(self, stop_at: float) -> bool:
        return time.monotonic() >= stop_at or (self._ended and not self._tree())

    def _end_flood(self) -> None:
        self._flooded = True
        _report("flood")
        _signal(self._tree(), _SIGKILL)

    def _reap(self) -> None:
        """Reap exited children; at the end of the command itself, flush the log and report it."""
        try:
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._leader:
                    self._ended = True
                    self._log.flush()
                    _report(f"ended {os.waitstatus_to_exitcode(found[1])}")
        except ChildProcessError:
            pass

    def _tree(self) -> list[int]:
        if _LINUX:
            return descendants(os.getpid())
        return [] if self._ended else [-self._leader]

    def _kill(self) -> tuple[int, int]:
        """Kill every process that is left.

        Return two numbers: 1 if the command itself was left, else 0; and how many others were.
        """
        left = self._tree()
        for _ in range(_KILL_ATTEMPTS):
            tree = self._tree()
            if not tree:
                break
            _signal(tree, _SIGKILL)
            time.sleep(0.002)
            self._reap()
        if not _LINUX:
            _signal([-self._leader], _SIGKILL)
        alone = int(self._leader in left)
        return alone, len(left) - alone


def _end_of(pid: int) -> int | None:
    """Return a file that is readable once a child has ended, or None if the kernel has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _become(
    argv: list[str], environment: dict[str, str], log: int, failed: int, libc: "ctypes.CDLL"
) -> None:
    """Turn the forked child into the command; on Linux it dies with the guardian."""
    try:
        os.setsid()
        if _LINUX:
            libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        for number in (
            _SIGPIPE,
            _SIGXFSZ,
        ):  # Python ignores them, and the command would inherit that
            libc.signal(number, None)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.execvpe(argv[0], argv, environment)  # noqa: S606 - to run it is the point
    except OSError as error:
        _write(failed, str(error.errno).encode())
    os._exit(127)


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            continue


def _report(line: str) -> None:
    _write(1, f"{line}\n".encode())


def _write(file: int, data: bytes) -> None:
    """Write all the data; if the reader is gone or the disk is full, the rest is dropped."""
    try:
        while data:
            data = data[os.write(file, data) :]
    except OSError:
        return


def main(grace_ms: str, log_cap_bytes: str, environment_bytes: str, *argv: str) -> None:
    """Read the environment, run the command, and end all its processes."""
    block = b""
    while len(block) < int(environment_bytes):
        piece = os.read(0, int(environment_bytes) - len(block))
        if not piece:
            return
        block += piece
    variables = os.fsdecode(block).split("\0")[:-1]
    guardian = Guardian(int(grace_ms) / 1000, int(log_cap_bytes))
    guardian.start(list(argv), dict(variable.split("=", 1) for variable in variables))
    guardian.watch()


if __name__ == "__main__":
    main(*sys.argv[1:])
