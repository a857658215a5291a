"""What the load reports of itself: how busy it was, from when times count, and its progress."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe, current_process
from pathlib import Path
from threading import Thread

import pytest
from msgspec import structs

from conformance.load import charts, drive, phrases
from conformance.load.figures import GeneratorFigures, ProcessFigures, RuntimeFigures, Second
from conformance.load.file import read_load
from conformance.load.processes import ProcessWatch
from conformance.load.tally import LoadTally
from conformance.load.worker_pool import Worker
from tests.cli.test_load import loaded
from tests.load.shop import LOAD_TEXT, Shop, write_load
from tests.miniatures.server import serve

STALL_S = 1.0
ONE_USER = (
    LOAD_TEXT.replace("users: 4", "users: 1")
    .replace("weight: 3", "weight: 0")
    .replace("scenarios: 60", "scenarios: 200")
)


def test_a_stall_is_told_by_an_open_loop_and_hidden_by_a_closed_one(tmp_path: Path) -> None:
    """One of 200 answers is a second late, and all due meanwhile waited too.

    Only one loop says so.
    """
    figures = {}
    for name, words in (("closed", ()), ("open", ("--rate", "100"))):
        with serve(Shop(stalls=lambda question: STALL_S if question == 50 else 0.0)) as url:
            _, report = loaded(tmp_path, "--runtime", f"shop={url}", *words, text=ONE_USER)
        figures[name] = report["classes"][1]
    assert figures["closed"]["scenarios"] == figures["open"]["scenarios"] == 200
    assert min(each["max_ms"] for each in figures.values()) >= 1_000 * STALL_S
    assert figures["closed"]["p90_ms"] < 500 < figures["open"]["p90_ms"]
    assert figures["open"]["steps"][0]["p90_ms"] < 500  # the service answered the others quickly


def test_a_busy_generator_is_told_from_an_idle_one(tmp_path: Path) -> None:
    """Asking all the time takes several times the CPU of asking now and then.

    The verdict follows from the figure.
    """
    text = LOAD_TEXT.replace("  stop_after_scenarios: 60\n", "").replace(
        "duration: 20s", "duration: 3s"
    )
    busy = {}
    for name, words in (("idle", ("--rate", "5")), ("busy", ())):
        with serve(Shop()) as url:
            _, report = loaded(
                tmp_path, "--runtime", f"shop={url}", "--workers", "1", *words, text=text
            )
        own = report["generator"]
        busy[name] = own["busiest_percent"]
        assert own["saturated"] == (own["busiest_percent"] > 90)
        assert own["lag_p99_ms"] > 0
    assert busy["busy"] > 2 * busy["idle"]


def test_saturation_is_said() -> None:
    """In words that nobody reads over, and only where it is so."""
    said = [phrases.generator(figures_of(busiest_percent)) for busiest_percent in (89.0, 91.0)]
    assert ["SATURATED: times may be the generator's own" in each for each in said] == [False, True]
    assert "not saturated" in said[0]


def test_an_attached_runtime_counts_as_another_program() -> None:
    """Its processes are not known, so the sentence says that it is part of the figure."""
    attached = figures_of(1.0)
    watched = structs.replace(
        attached, processes=(ProcessFigures(name="shop", max_rss_mib=1.0, cpu_s=1.0),)
    )
    assert "Other programs used 0 %" in phrases.generator(watched)
    assert "Other programs, the runtime among them, used 0 %" in phrases.generator(attached)


def test_other_programs_are_measured_up_to_the_last_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine does after it is not divided by the time before it."""
    busy_s = iter([100.0, 100.5, 101.0, 150.0])
    monkeypatch.setattr(drive, "machine_cpu_s", lambda: next(busy_s))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    scenarios = read_load(write_load(tmp_path, LOAD_TEXT)).scenarios
    ours, theirs = Pipe()
    worker = Worker(process=current_process(), pipe=ours)
    driven = drive.Drive(LoadTally(scenarios, 0.0, 2.0), [worker], ProcessWatch(()), 0.0)
    for now_s in (1.0, 2.0):
        driven.look(now_s)
    theirs.close()
    assert driven.others_percent() < 110


def test_a_whole_second_is_drawn() -> None:
    """The last second is left out only if the measurement ended before it did."""
    times = [Second(at_s=at_s, scenarios=1, failed=0, p50_ms=1, p99_ms=1) for at_s in range(3)]
    for counted_s, drawn in ((3.0, 3), (2.9, 2)):
        figures = structs.replace(figures_of(1.0), seconds=tuple(times), counted_s=counted_s)
        curve = charts.curves(figures, [figures])[0]
        assert len(curve.points.split()) == drawn


def figures_of(busiest_percent: float) -> RuntimeFigures:
    """Return the figures of a load of which one process used so much of a core."""
    own = GeneratorFigures(
        processes=2, cpu_s=1.0, busiest_percent=busiest_percent, lag_p99_ms=1.0, max_rss_mib=50.0
    )
    return RuntimeFigures(
        runtime="a",
        reached="attached",
        counted_s=1.0,
        classes=(),
        causes=(),
        processes=(),
        generator=own,
        others_percent=0.0,
        seconds=(),
    )


def test_a_terminal_shows_how_it_goes(tmp_path: Path) -> None:
    """A table is redrawn during the load, and nothing of it is left in the final output."""
    write_load(
        tmp_path,
        LOAD_TEXT.replace("  stop_after_scenarios: 60\n", "").replace(
            "duration: 20s", "duration: 1s"
        ),
    )
    ours, theirs = pty.openpty()
    drawn = bytearray()
    with serve(Shop()) as url:
        words = [
            sys.executable,
            "-m",
            "conformance",
            "load",
            "shop.yaml",
            "--runtime",
            f"shop={url}",
            "--warm-up",
            "1s",
        ]
        with subprocess.Popen(
            words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, text=True
        ) as process:
            os.close(theirs)
            reader = Thread(target=_read, args=(ours, drawn))
            reader.start()
            said, _ = process.communicate(timeout=60)
            reader.join()
    shown = drawn.decode("utf-8", "replace")
    assert process.returncode == 0
    assert shown.count("p99 ms") >= 2
    assert all(word in shown for word in ("warming up", "find_and_look", "name_it", "scenarios/s"))
    assert "warming up" not in said


def _read(terminal: int, drawn: bytearray) -> None:
    with suppress(OSError):  # so ends a terminal that nobody writes to any more
        while piece := os.read(terminal, 65_536):
            drawn += piece
    os.close(terminal)
