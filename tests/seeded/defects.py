"""Defects to seed in the harness, one at a time, each where wrong judging goes unnoticed.

All are plausible mistakes.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One slip: where it is made, the sound code that stands there once, and what it becomes.

    `caught_by` is the test that must fail then; row R22 of docs/reliability.md holds it to that.
    """

    name: str
    file: str
    sound: str
    seeded: str
    says: str
    caught_by: str


def _defect(  # noqa: PLR0913, PLR0917 - a row of the table below
    name: str, file: str, sound: str, seeded: str, says: str, caught_by: str
) -> Defect:
    return Defect(
        name=name,
        file=f"conformance/{file}",
        sound=sound,
        seeded=seeded,
        says=says,
        caught_by=f"tests/{caught_by}",
    )


DEFECTS: Final = (
    _defect(
        "truncated-gzip",
        "runner/http/content_coding.py",
        "if not self._inflater.ended:",
        "if not self._inflater.ended and not self.decoded:",
        "a gzip body that was cut off passes for a whole one",
        "runner/http/test_faults.py::test_each_fault_has_its_name[085-of-125-cut_gzip]",
    ),
    _defect(
        "resent-post",
        "runner/http/wire.py",
        '"TRACE", "PUT", "DELETE"})',
        '"TRACE", "PUT", "DELETE", "POST"})',
        "a POST that a server may have acted on is sent again",
        "runner/http/test_kept_connections.py::test_other_requests_are_never_sent_twice[POST]",
    ),
    _defect(
        "leaked-secret",
        "runner/secrets.py",
        "if not self._marks or self._any.search(raw) is None:",
        "if self._marks:",
        "a secret that an answer echoes is written down",
        "reporting/test_secrets.py::test_every_way_has_its_mark",
    ),
    _defect(
        "stale-recording",
        "runner/recording.py",
        "return case.suite, case.name, step, case.digest(step)",
        'return case.suite, case.name, step, ""',
        "a recorded answer is used for a request that changed since",
        "runner/test_recording.py::test_changed_request_has_no_answer[method]",
    ),
    _defect(
        "orphans",
        "runner/process/guardian.py",
        "libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)",
        "libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)",
        "daemons of a started runtime outlive the run",
        "runner/process/test_process_faults.py::test_children_in_sessions_of_their_own",
    ),
    _defect(
        "kinds-forgotten",
        "comparison/values/lossless_json.py",
        "return bool(a == b) and kind_of(a) == kind_of(b)",
        "return bool(a == b)",
        "true equals 1",
        "comparison/values/test_lossless_json.py::test_scalars_of_two_kinds_are_never_the_same",
    ),
    _defect(
        "duplicate-keys",
        "comparison/values/lossless_json.py",
        "self._notes.add(DUPLICATE_KEY)",
        "pass",
        "a body with a duplicate key is like one without",
        "comparison/answers/test_answers.py::test_notes_are_compared_like_headers[duplicate-key]",
    ),
    _defect(
        "members-missed",
        "comparison/values/member_presence.py",
        "self._found.add(DifferenceKind.MEMBER, Facet.SHAPE, below.paths, presence, seen)",
        "pass",
        "a member that one side lacks is no difference",
        "comparison/answers/test_answers.py::test_two_successes_are_compared_further",
    ),
    _defect(
        "silent-location",
        "comparison/answers/location_targets.py",
        "        return _differ((first.target, second.target), base_urls, _with_own_spelled)",
        "        return False",
        "redirects to different places are alike",
        "comparison/answers/test_locations.py::test_location_targets_count_by_value",
    ),
    _defect(
        "mixed-identities",
        "comparison/identities/answers.py",
        "    for mixed_up in terms.identities.mixed.values():\n        yield "
        "_difference(mixed_up.places, mixed_up.mixed)\n",
        "",
        "an id that stands for another thing is only another spelling",
        "comparison/identities/test_identities.py::test_a_mixed_up_id[texts-shape]",
    ),
    _defect(
        "groups-merged",
        "comparison/causes.py",
        "sides.append((tuple(facts), tuple(sorted(side.runtimes))))",
        "sides.append((tuple(facts), ()))",
        "different odd runtimes fold into one cause",
        "comparison/test_grouping.py",
    ),
    _defect(
        "any-status",
        "comparison/expectations/failures.py",
        "if not expected.accepts_status(answer.status):",
        "if not expected.accepts_status(answer.status) and answer.status < 400:",
        "an error satisfies the expectation of a success",
        "comparison/expectations/test_expectations.py::test_a_status[an-error-for-a-success]",
    ),
    _defect(
        "split-ignored",
        "verdicts/coverage.py",
        "return not _left(rows, finding) and _join_all(rows, finding)",
        "return _join_all(rows, finding)",
        "a decision about one runtime covers the same difference in another",
        "verdicts/test_coverage.py::test_two_further_runtimes",
    ),
    _defect(
        "done-forgiven",
        "verdicts/judgement.py",
        'back = next(filterfalse(attrgetter("live"), decided), None)',
        "back = next((row for row in decided if not row.live and not row.commit), None)",
        "a difference that was fixed may come back",
        "verdicts/test_judgement.py::test_a_regression_fails_and_says_so",
    ),
    _defect(
        "fault-passes",
        "verdicts/judgement.py",
        'return DifferenceKind.FAULT in map(attrgetter("kind"), findings)',
        "apart = [finding for finding in findings if len(finding.sides) > 1]\n"
        '    return DifferenceKind.FAULT in map(attrgetter("kind"), apart)',
        "two runtimes that both fault are judged like answers",
        "verdicts/test_judgement.py::test_two_faults_are_never_a_pass",
    ),
    _defect(
        "stale-by-recording",
        "verdicts/exercise.py",
        "exercise.live |= any(chain.from_iterable(sides.values()))",
        "exercise.live = True",
        "two recordings prove that a difference is gone",
        "verdicts/test_rows.py::test_stale_needs_a_live_side[none-live]",
    ),
    _defect(
        "unstable-trusted",
        "comparison/case_result.py",
        "yield from map(by_identity.__getitem__, filterfalse(others.__contains__, by_identity))",
        "yield from ()",
        "a difference that comes and goes is not told from one that stays",
        "cli/test_by_itself.py::test_a_difference_within_the_tolerance_of_one_runtime",
    ),
    _defect(
        "unfinished-green",
        "model/report.py",
        "self.broken_guards, self.footer is None))",
        "self.broken_guards))",
        "a run that died is green",
        "cli/test_interruption.py::test_an_interrupted_run[SIGTERM]",
    ),
    _defect(
        "control-characters",
        "safe_text.py",
        '"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"',
        '"Cf", "Cs", "Co", "Cn", "Zl", "Zp"',
        "a body can move the cursor of a terminal",
        "reporting/test_hostile_text.py::test_nothing_acts_on_a_terminal",
    ),
    _defect(
        "duplicate-yaml",
        "suites/yaml_nodes.py",
        "            elif key.text in members:",
        '            elif key.text in members and key.text == "cases":',
        "of two members of one name in a suite the last one counts",
        "suites/test_bad_yaml.py::test_bad_yaml[dup]",
    ),
    _defect(
        "hand-edits-lost",
        "tracker/generated_text.py",
        "digest_of(text) not in generated",
        "not generated",
        "what somebody wrote in a generated region is overwritten",
        "tracker/test_check_of_documents.py::test_a_hand_edit",
    ),
    _defect(
        "recorded-verifies",
        "tracker/refresh.py",
        "elif outcome.held and outcome.live:",
        "elif outcome.held:",
        "a recording verifies a claim today",
        "tracker/test_sync.py::test_a_recorded_runtime_verifies_nothing",
    ),
)
