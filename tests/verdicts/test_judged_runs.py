"""The ledger's rules on real ports, rules 11 and 12 among them, and saved runs judged again."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from conformance.capture import capture
from conformance.errors import LedgerError, RunRecordError
from conformance.judging import judge_record, judged_cases
from conformance.model.observation import Answer
from conformance.model.report import RunReport
from conformance.model.run import RunFooter
from conformance.model.runtime import AttachedRuntime, RecordedRuntime, Runtime
from conformance.model.signature import Signature
from conformance.model.verdict import Judgement, Verdict
from conformance.pipeline import Progress
from conformance.runner.recording import RecordingHeader, write_recording
from conformance.verdicts.shards import united_footer
from tests.comparison.live_runs import case, replay, runtime
from tests.miniatures import divergent_services as services
from tests.miniatures.server import (
    Service,
    json_reply,
    serve,
)
from tests.runner.starting import command, started
from tests.verdicts.ledger_rows import counts, done, ledger, pair, row, states

CASES = (case("order"), case("refund"))


def test_a_known_difference_is_green(tmp_path: Path) -> None:
    """A row that covers all findings makes the cases known, the row matched and the gate green."""
    report = replay(tmp_path, pair(services.drops_member()), *CASES, ledger=ledger(row()))
    assert counts(report) == {"known": 2}
    assert states(report) == {"D-001": "matched"}
    assert not report.red
    assert [(group.decisions, group.undecided) for group in report.groups] == [(("D-001",), 0)]


def test_three_runtimes_are_known_by_two_rows(tmp_path: Path) -> None:
    """One leaves the case red, and is matched all the same.

    With one for each of the others it is known.
    """
    three = {
        "a": services.serves_orders(),
        "b": services.lists_a_scalar(),
        "c": services.drops_member(),
    }
    first = row(signature=Signature("scalar-vs-list", "$.ship_to", "list", "single value"))
    second = row("D-002", odd=("c",))
    one = replay(tmp_path / "one", three, ledger=ledger(first))
    assert (counts(one), states(one)) == ({"failed": 1}, {"D-001": "matched"})
    two = replay(tmp_path / "two", three, ledger=ledger(first, second))
    assert (counts(two), states(two)) == ({"known": 1}, {"D-001": "matched", "D-002": "matched"})


def test_a_difference_that_is_gone_makes_its_row_stale(tmp_path: Path) -> None:
    """All cases pass, and the gate is red for the row that nothing shows any more."""
    report = replay(tmp_path / "all", pair(services.serves_orders()), *CASES, ledger=ledger(row()))
    assert (counts(report), states(report), report.red) == ({"passed": 2}, {"D-001": "stale"}, True)
    some = replay(
        tmp_path / "some",
        pair(services.serves_orders()),
        CASES[0],
        ledger=ledger(row()),
        unselected=frozenset({"shop/refund"}),
    )
    assert (states(some), some.red) == ({"D-001": "suspended"}, False)


def test_a_done_row_that_matches_is_red(tmp_path: Path) -> None:
    """The difference of a done row fails its cases and marks the row."""
    report = replay(tmp_path, pair(services.drops_member()), *CASES, ledger=ledger(done()))
    assert (counts(report), states(report), report.red) == (
        {"failed": 2},
        {"D-001": "regressed"},
        True,
    )


def test_two_rows_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    """A ledger that contradicts itself stops the run before it starts."""
    with pytest.raises(LedgerError):
        replay(
            tmp_path / "run",
            pair(services.drops_member()),
            *CASES,
            ledger=ledger(row(), row("D-002")),
        )
    assert not (tmp_path / "run").exists()


# Rule 11: an unmatched finding is replayed once.


def test_an_unsupported_runtime_takes_no_part(tmp_path: Path) -> None:
    """A runtime that lacks what a case requires is not asked; a row is limited to the others."""
    three = {**pair(services.drops_member()), "c": services.changes_status()}
    report = replay(
        tmp_path,
        three,
        case(requires=frozenset({"orders"})),
        ledger=ledger(row(odd=("b", "c"), rest=("a",))),
        supports={"c": frozenset({"refunds"})},
    )
    assert (counts(report), states(report)) == ({"known": 1}, {"D-001": "matched"})


# Recordings, reviews and counts.


def recorded(folder: Path, name: str, service: Service) -> Runtime:
    """Record what a service answers to all cases, and return the recording as a runtime."""
    file = folder / f"{name}.ndjson"
    with serve(service) as url:
        (captured,) = capture([runtime(name, AttachedRuntime(url=url))], CASES, folder)
    made = RecordingHeader(runtime=name, recorded="2026-11-01", commit="abcdef1", toolchain="")
    write_recording(file, made, captured.rows)
    return runtime(name, RecordedRuntime(file=file))


def test_recordings_are_known_and_never_stale(tmp_path: Path) -> None:
    """Between recordings a row can be matched and not stale; one live side makes it stale."""
    plain = recorded(tmp_path, "a", services.serves_orders())
    drops = recorded(tmp_path, "b", services.drops_member())
    same = recorded(tmp_path / "same", "b", services.serves_orders())
    held = ledger(row())
    assert states(replay(tmp_path / "1", {}, *CASES, ledger=held, others=(plain, drops))) == {
        "D-001": "matched"
    }
    assert states(replay(tmp_path / "2", {}, *CASES, ledger=held, others=(plain, same))) == {
        "D-001": "suspended"
    }
    live = {"a": services.serves_orders()}
    assert states(replay(tmp_path / "3", live, *CASES, ledger=held, others=(same,))) == {
        "D-001": "stale"
    }


def test_reviews_warn_by_the_day_of_the_run(tmp_path: Path) -> None:
    """An overdue review is a warning of the run and does not make it red."""
    held = ledger(row(review_by=dt.date(2026, 11, 22)))
    report = replay(tmp_path, pair(services.drops_member()), ledger=held)
    assert report.warnings == ("D-001: review by 2026-11-22 (1 day ago), owner somebody",)
    assert not report.red


def mixed_run(folder: Path, progress: Progress | None = None) -> RunReport:
    """Make a run with a case of nearly every verdict."""
    cases = (
        case("passes", "/1"),
        case("known", "/known"),
        case("fails", "/new"),
        case("unmet", "/2", statuses=(404,)),
        case("skipped", requires=frozenset({"nothing-has-it"})),
    )
    plain = services.serves_orders()
    known, new = services.drops_member(), services.floats_an_integer()

    def odd(request: Any) -> Any:
        chosen = {"/known": known, "/new": new}.get(request.target, plain)
        return chosen(request)

    supports = {"a": frozenset[str](), "b": frozenset[str]()}
    known_row = ledger(row(where=("shop/known",)))
    return replay(
        folder,
        {"a": plain, "b": odd},
        *cases,
        ledger=known_row,
        supports=supports,
        progress=progress,
    )


def test_counts_add_up_to_the_cases_selected(tmp_path: Path) -> None:
    """Every selected case has one verdict, and the headline counts those that were compared."""
    report = mixed_run(tmp_path)
    assert counts(report) == {"passed": 1, "failed": 2, "skipped": 1, "known": 1}
    assert sum(report.counts.values()) == report.header.selected == 5
    assert (report.headline.compared, report.headline.shapes_diverge) == (4, 2)
    assert {line.case_id for line in report.cases} == {
        "shop/known",
        "shop/fails",
        "shop/unmet",
        "shop/skipped",
    }


def test_runs_judged_as_one_keep_what_was_odd_about_each() -> None:
    """The remarks of all runs are kept, each once."""
    footers = [
        RunFooter(finished="", cases=1, elapsed_s=1.0, remarks=told)
        for told in (("a: x", "b: y"), ("b: y",))
    ]
    assert united_footer(footers).remarks == ("a: x", "b: y")


# Saved runs.


def test_a_saved_run_is_judged_as_it_was_told(tmp_path: Path) -> None:
    """Judged again by its own ledger, each case of a saved run has the verdict of the run."""
    told: list[tuple[int, int, str, Judgement]] = []
    report = mixed_run(
        tmp_path, lambda done, of, case: told.append((done, of, case.case_id, case.judgement))
    )
    again = [(case.case_id, judgement) for case, judgement in judged_cases(tmp_path)]
    assert told == [(done, 5, *seen) for done, seen in enumerate(again, start=1)]
    assert judge_record(tmp_path) == report


def test_what_a_stopped_runtime_leaves_behind_is_a_warning(tmp_path: Path) -> None:
    """What is known only after a runtime stopped is in the report of its run and the saved one."""
    stubborn = started(
        "b", command(tmp_path, habits=("stubborn",), stop_timeout_ms=200), language="go"
    )
    report = replay(tmp_path, {"a": services.serves_orders()}, others=(stubborn,))
    assert report.warnings == ("b: ignored_sigterm: it did not end in 200 ms and was killed",)
    assert judge_record(tmp_path).warnings == report.warnings


def test_a_saved_run_can_be_judged_by_another_ledger(tmp_path: Path) -> None:
    """With another ledger the findings are the same and the verdicts its own."""
    replay(tmp_path, pair(services.drops_member()), *CASES)
    again = judge_record(tmp_path, ledger(row()))
    assert (counts(again), states(again), again.red) == ({"known": 2}, {"D-001": "matched"}, False)


def test_lone_surrogates_survive_the_record(tmp_path: Path) -> None:
    """Names and values that are no valid Unicode are written down and read back."""
    report = replay(
        tmp_path,
        {"a": lambda _: json_reply({"\ud800": 1, "x": "\udfff"}), "b": lambda _: json_reply({})},
    )
    assert sorted(str(group.signatures[0]) for group in report.groups) == [
        "member@$.x (absent | present)",
        "member@$['\\ud800'] (absent | present)",
    ]
    assert "note lone-surrogate" in {also.place for group in report.groups for also in group.also}
    assert judge_record(tmp_path) == report


@pytest.mark.parametrize("torn", [0, 25], ids=["footer-cut-off", "last-case-torn"])
def test_a_run_without_its_end_is_red_and_says_so(tmp_path: Path, torn: int) -> None:
    """A record that stops early is incomplete: red, with a warning, and its rows are not stale."""
    held = ledger(row(where=("shop/refund",)))
    replay(tmp_path, pair(services.serves_orders()), *CASES, ledger=held)
    file = tmp_path / "run.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)[:-1]
    file.write_bytes(b"".join(lines)[: -torn or None])
    report = judge_record(tmp_path)
    done_cases = 1 if torn else 2
    assert report.footer is None
    assert report.red
    assert report.warnings == (
        f"the run is incomplete: its record ends after {done_cases} of 2 cases",
    )
    assert sum(report.counts.values()) == done_cases
    assert states(report) == {"D-001": "not exercised" if torn else "suspended"}


def test_a_record_torn_in_the_middle_is_refused(tmp_path: Path) -> None:
    """A line that cannot be read, followed by others, is an error with its place."""
    replay(tmp_path, pair(services.serves_orders()), *CASES)
    file = tmp_path / "run.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1][:40] + b"\n"
    file.write_bytes(b"".join(lines))
    with pytest.raises(RunRecordError, match=r"run\.ndjson:2:1"):
        judge_record(tmp_path)


def test_the_cases_of_a_saved_run_keep_their_answers(tmp_path: Path) -> None:
    """A record holds what every runtime answered."""
    replay(tmp_path, pair(services.drops_member()))
    ((result, judgement),) = judged_cases(tmp_path)
    seen = [cell.observations[0] for cell in result.cells]
    assert judgement.verdict is Verdict.FAILED
    assert result.repeated
    assert all(
        isinstance(observation, Answer) and observation.status == 200 for observation in seen
    )
