"""R16: no connection leaves this machine, whatever the harness and the daemons do."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.batch.injection import STRACE
from tests.reliability.measurement import ROOT
from tests.reliability.row import Figure
from tests.reliability.tests_as_rows import run_tests

_ADDRESS: Final = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_LOOPBACK: Final = re.compile(r"127\.|::1$|::ffff:127\.")


def connections(commands: tuple[str, ...]) -> Figure:
    """Run commands under strace, and look at every address that anything connects to."""
    if STRACE is None:
        return Figure(text="strace is not on this machine", is_met=False)
    found = [address for command in commands for address in _addresses(command.split())]
    foreign = sorted({address for address in found if not _LOOPBACK.match(address)})
    spellings = run_tests(["tests/reference_impl/chatd/test_address.py"])
    return Figure(
        text=(
            f"{len(found):,} connections of {len(commands)} commands and all that they start, "
            f"{len(foreign)} of them to other machines; spellings of addresses: {spellings.text}"
        ),
        is_met=bool(found) and not foreign and spellings.is_met,
        numbers={"foreign": foreign},
    )


def _addresses(words: list[str]) -> list[str]:
    """Return the address of each call of connect(2) to an address of the internet."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        tracer = [str(STRACE), "-f", "-qq", "-e", "trace=connect", "-o", str(trace)]
        subprocess.run(
            [*tracer, sys.executable, "-m", "conformance", *words, "--runs", f"{folder}/runs"],
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=sys.stderr,
            check=False,
        )
        text = trace.read_text(errors="replace")
    return [first or second for first, second in _ADDRESS.findall(text)]
