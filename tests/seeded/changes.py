"""Ordinary changes, each with the one place where it is made: the table of docs/architecture.md.

Each has a slip at that place and the test that then fails: if the place moves, or nothing holds it,
the gate says so.
"""

from dataclasses import dataclass
from typing import Final

from tests.seeded.defects import Defect


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Defect):
    """A slip within a symbol.

    `says` is the change that somebody wants to make.
    """

    symbol: str


def _change(says: str, place: str, slip: tuple[str, str], test: str) -> Change:
    """Return a change of `file:symbol` below conformance/, held by a test below tests/.

    A slip is code and bad code.
    """
    file, _, symbol = place.partition(":")
    return Change(
        name=says.replace(" ", "-").replace("`", ""),
        file=f"conformance/{file}",
        symbol=symbol,
        sound=slip[0],
        seeded=slip[1],
        caught_by=f"tests/{test}",
        says=says,
    )


CHANGES: Final = (
    _change(
        "how suites are found",
        "project/files.py:yaml_below",
        ("of_others = not others.isdisjoint(file.parents)", "of_others = False"),
        "project/test_files.py::test_a_folder_with_runtimes_of_its_own",
    ),
    _change(
        "how long a start may take",
        "suites/runtimes_file.py:DEFAULT_START_TIMEOUT_MS",
        ("DEFAULT_START_TIMEOUT_MS: Final = 10_000", "DEFAULT_START_TIMEOUT_MS: Final = 60_000"),
        "suites/test_runtimes_file.py::test_command_with_defaults",
    ),
    _change(
        "cases beside each other",
        "runner/scheduler.py:in_suite_order",
        ("if case.isolated:", "if not case.steps:"),
        "cli/test_whole_grammar.py::test_cases_beside_each_other[True]",
    ),
    _change(
        "how a capture is taken",
        "runner/captures.py:take",
        ("if capture.regex is not None:", "if capture.regex is None:"),
        "runner/test_conversations.py::test_forms_headers_and_raw_text",
    ),
    _change(
        "a fault of an exchange",
        "model/observation.py:FaultKind",
        ('BARE_LINE_FEED = "bare_line_feed"', 'BARE_LINE_FEED = "line_feed"'),
        "runner/http/test_faults.py::test_every_name_is_explained",
    ),
    _change(
        "a header that is compared",
        "comparison/answers/header_facts.py:_COMPARED",
        ('"content-type", "allow",', '"content-type",'),
        "comparison/answers/test_headers.py::test_what_counts",
    ),
    _change(
        "a kind of body",
        "comparison/bodies/reading.py:KINDS",
        ("    FORM,\n", ""),
        "comparison/bodies/test_every_kind.py::test_a_suite_can_name_every_kind",
    ),
    _change(
        "an idiom",
        "comparison/idioms/catalogue.py:IDIOMS",
        ("BOOLEAN_AS_NUMBER, BASE64_VS_BYTES,", "BOOLEAN_AS_NUMBER,"),
        "comparison/idioms/test_idioms_claimed.py::test_the_catalogue_is_complete",
    ),
    _change(
        "a kind of rule",
        "comparison/rules/kinds.py:_SPECIAL",
        ('in {"integer", "number"}', 'in {"integer", "number", "boolean"}'),
        "comparison/rules/test_walk_rules.py::test_a_rule_must_hold_on_both_sides",
    ),
    _change(
        "a matcher",
        "comparison/expectations/matching.py:_is_not_refused",
        ("return not _accepts(matcher.refused, value, known)", "return True"),
        "comparison/expectations/test_expectations.py::test_what_does_not_fit",
    ),
    _change(
        "the title of a cause",
        "comparison/finding_titles.py:_INSTEAD",
        ('NOTE: "{place}: {odd} instead of {rest}"', 'NOTE: "{place}"'),
        "comparison/test_grouping.py::test_a_note_is_explained",
    ),
    _change(
        "a reason for a verdict",
        "verdicts/judgement.py:_judged",
        ("    if failures:", "    if failures and not result.unstable:"),
        "verdicts/test_judgement.py::test_the_first_reason_applies",
    ),
    _change(
        "when a row is stale",
        "verdicts/rows.py:_excuse",
        ("    if exercise.live:\n        return None\n    return", "    return None\n    return"),
        "verdicts/test_rows.py::test_stale_needs_a_live_side",
    ),
    _change(
        "a field of the ledger",
        "ledger/row_fields.py:DECISION",
        ('"loc_estimate": Field(', '"estimate": Field('),
        "ledger/test_file.py::test_every_field",
    ),
    _change(
        "which files a run leaves",
        "reporting/report_files.py:ReportFiles.write",
        ('"badge.json"', '"shield.json"'),
        "reporting/test_report_files.py::test_the_files_of_a_run",
    ),
    _change(
        "a field of report.json",
        "reporting/json_report.py:json_report",
        ('"red": report.red,', '"is_red": report.red,'),
        "reporting/test_json_report.py::test_the_members_of_a_report",
    ),
    _change(
        "a column of the HTML list",
        "reporting/html/case_rows.py:CaseRows._row",
        ("            judgement.reason[:_REASON_CHARACTERS],\n", ""),
        "reporting/html/test_report_file.py::test_what_the_list_of_cases_holds",
    ),
    _change(
        "what `explain` prints",
        "reporting/explanation.py:_command_lines",
        ('yield f"  curl for {phrases.names(names)}:", "dim"', 'yield "  curl:", "dim"'),
        "reporting/test_explanation.py::test_the_parts_of_a_case",
    ),
    _change(
        "the exit code of an error",
        "errors.py:NothingSelectedError",
        (
            'code = "nothing-selected"\n    exit_code = 5',
            'code = "nothing-selected"\n    exit_code = 6',
        ),
        "cli/test_exit_codes.py::test_how_a_command_ends[too few]",
    ),
    _change(
        "what `selftest` plants",
        "selftest/plants.py:_IN_ANSWERS",
        ('"status-changed": ', '"status-other": '),
        "selftest/test_plants.py::test_where_plants_are_put",
    ),
    _change(
        "the percentiles of a load",
        "load/tally.py:_times",
        ("p90_ms=_ms(histogram.percentile(90))", "p90_ms=_ms(histogram.percentile(95))"),
        "load/test_tally.py::test_the_percentiles_of_a_report",
    ),
)
