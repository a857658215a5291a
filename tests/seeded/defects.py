"""Defects to seed in the harness, one at a time, each where wrong judging goes unnoticed.

All are plausible mistakes.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One slip: where it is made, the sound code that stands there once, and what it becomes."""

    name: str
    file: str
    sound: str
    seeded: str
    says: str


def _defect(name: str, file: str, sound: str, seeded: str, says: str) -> Defect:
    return Defect(name=name, file=f"conformance/{file}", sound=sound, seeded=seeded, says=says)


DEFECTS: Final = (
    _defect(
        "truncated-gzip",
        "runner/http/content_coding.py",
        "if not self._inflater.ended:",
        "if not self._inflater.ended and not self.decoded:",
        "a gzip body that was cut off passes for a whole one",
    ),
    _defect(
        "resent-post",
        "runner/http/wire.py",
        '"TRACE", "PUT", "DELETE"})',
        '"TRACE", "PUT", "DELETE", "POST"})',
        "a POST that a server may have acted on is sent again",
    ),
    _defect(
        "leaked-secret",
        "runner/secrets.py",
        "return self._pattern.sub(self._mark, raw) if self._pattern and self._may_hold(raw) else "
        "raw",
        "return raw",
        "a secret that an answer echoes is written down",
    ),
    _defect(
        "stale-recording",
        "runner/recording.py",
        "return case.suite, case.name, step, case.digest(step)",
        'return case.suite, case.name, step, ""',
        "a recorded answer is used for a request that changed since",
    ),
    _defect(
        "orphans",
        "runner/process/guardian.py",
        "libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)",
        "libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)",
        "daemons of a started runtime outlive the run",
    ),
    _defect(
        "kinds-forgotten",
        "comparison/values/lossless_json.py",
        "return bool(a == b) and kind_of(a) == kind_of(b)",
        "return bool(a == b)",
        "true equals 1",
    ),
    _defect(
        "duplicate-keys",
        "comparison/values/lossless_json.py",
        "self._notes.add(DUPLICATE_KEY)",
        "pass",
        "a body with a duplicate key is like one without",
    ),
    _defect(
        "members-missed",
        "comparison/values/member_presence.py",
        "self._found.add(DifferenceKind.MEMBER, Facet.SHAPE, below.paths, presence, seen)",
        "pass",
        "a member that one side lacks is no difference",
    ),
    _defect(
        "silent-location",
        "comparison/answers/location_targets.py",
        "        return first.target != second.target",
        "        return False",
        "redirects to different places are alike",
    ),
    _defect(
        "mixed-identities",
        "comparison/identities/answers.py",
        "    for found in terms.identities.mixed.values():\n        yield "
        "_difference(found.places, found.mixed)\n",
        "",
        "an id that stands for another thing is only another spelling",
    ),
    _defect(
        "groups-merged",
        "comparison/causes.py",
        "(tuple(sorted(finding.facts_of(at))), tuple(sorted(side.runtimes)))",
        "(tuple(sorted(finding.facts_of(at))), ())",
        "different odd runtimes fold into one cause",
    ),
    _defect(
        "any-status",
        "comparison/expectations/failures.py",
        "if not expected.accepts_status(answer.status):",
        "if not expected.accepts_status(answer.status) and answer.status < 400:",
        "an error satisfies the expectation of a success",
    ),
    _defect(
        "split-ignored",
        "verdicts/coverage.py",
        "return not _left(rows, finding) and _join_all(rows, finding)",
        "return _join_all(rows, finding)",
        "a decision about one runtime covers the same difference in another",
    ),
    _defect(
        "done-forgiven",
        "verdicts/judgement.py",
        "if back := [row for row in decided if not row.live]:",
        "if back := [row for row in decided if not row.live and not row.commit]:",
        "a difference that was fixed may come back",
    ),
    _defect(
        "fault-passes",
        "verdicts/judgement.py",
        "return any(finding.kind is DifferenceKind.FAULT for finding in undecided_here)",
        "apart = [finding for finding in undecided_here if len(finding.sides) > 1]\n"
        "    return any(finding.kind is DifferenceKind.FAULT for finding in apart)",
        "two runtimes that both fault are judged like answers",
    ),
    _defect(
        "stale-by-recording",
        "verdicts/exercise.py",
        "exercise.live |= any(map(any, sides.values()))",
        "exercise.live = True",
        "two recordings prove that a difference is gone",
    ),
    _defect(
        "unstable-trusted",
        "comparison/case_result.py",
        "yield from (shown[0][key] for key in shown[0] if key not in shown[1])",
        "yield from ()",
        "a difference that comes and goes is not told from one that stays",
    ),
    _defect(
        "unfinished-green",
        "model/report.py",
        "return cases_red or rows_red or unfinished or gaps_red",
        "return cases_red or rows_red or gaps_red",
        "a run that died is green",
    ),
    _defect(
        "control-characters",
        "safe_text.py",
        '"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"',
        '"Cf", "Cs", "Co", "Cn", "Zl", "Zp"',
        "a body can move the cursor of a terminal",
    ),
    _defect(
        "duplicate-yaml",
        "suites/document.py",
        "            elif key.text in members:",
        '            elif key.text in members and key.text == "cases":',
        "of two members of one name in a suite the last one counts",
    ),
    _defect(
        "hand-edits-lost",
        "tracker/generated_text.py",
        "digest_of(text) not in generated",
        "not generated",
        "what somebody wrote in a generated region is overwritten",
    ),
    _defect(
        "recorded-verifies",
        "tracker/refresh.py",
        "elif outcome.held and outcome.live:",
        "elif outcome.held:",
        "a recording verifies a claim today",
    ),
)
