"""The grammar of a row of the ledger, as a table."""

from typing import Final

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.model.decision import DecisionKind, DecisionState
from conformance.model.finding import DifferenceKind
from conformance.model.pin import MAX_PINNED
from conformance.suites.fields import (
    Amount,
    Choice,
    Either,
    Field,
    FieldTable,
    Flag,
    ListOf,
    OneOrMany,
    Text,
    Whole,
)
from conformance.suites.runtime_fields import NAME_PATTERN

REPOSITORY_PATTERN: Final = r"[A-Za-z0-9._/-]+"
UNWRITTEN: Final = "TODO"
"""The placeholder, in a row of a report, for what only people know; commands refuse such a row."""
DATE: Final = Text(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", meaning="a date such as 2026-11-23")
SENTENCE: Final = Text(pattern=r"(?s).*\S.*", meaning="words")
RUNTIME: Final = Text(pattern=NAME_PATTERN, meaning="the name of a runtime")
COMMIT: Final = Text(pattern=REPOSITORY_PATTERN + "@[0-9a-f]{7,40}", meaning="repo@sha")
_CASE: Final = Text(pattern=r"\S+", meaning="a case id, or with `grows` a glob over case ids")
_PLACE_NAME: Final = r"(?s)\S.*"
_PLACE: Final = Text(
    pattern=_PLACE_NAME, meaning="a place such as $.items[*].total, status or header etag"
)
_PLACES: Final = ListOf(item=_PLACE, least=1)
_SIDE: Final = r"(?s).*\S.*"
_CLAIM: Final = r"(?:>=|<=|==|!=|<|>) .*\S"

CAUSES: Final = tuple(sorted({*BY_NAME, *(kind.value for kind in DifferenceKind)}))

_COMBINATIONS: Final = ListOf(
    item=FieldTable(
        keyed=(_SIDE, "names of sides", OneOrMany(item=Text(meaning="a value as text")))
    ),
    least=1,
    most=MAX_PINNED,
)
PIN: Final = FieldTable(
    fields={
        "values": Field(
            spec=Either(
                options=(
                    _COMBINATIONS,
                    FieldTable(
                        keyed=(
                            r"\S+",
                            "ids of cases",
                            FieldTable(keyed=(_PLACE_NAME, "places", _COMBINATIONS)),
                        )
                    ),
                )
            ),
            says="the values that were seen, by side; several combinations at several places by "
            "case and place. `[own URL]` and `${name}` stand for what changes in each run",
        ),
        "within": Field(
            spec=FieldTable(
                fields={
                    "absolute": Field(spec=Amount(), says="how far numbers may lie apart"),
                    "relative": Field(
                        spec=Amount(), says="how far, as a share of the larger magnitude"
                    ),
                }
            ),
            says="how far numbers may lie apart",
        ),
        "matches": Field(
            spec=Text(pattern=r"(?s).+", meaning="a pattern"),
            says="a pattern that each value matches",
        ),
        "order": Field(spec=Flag(), says="true: lists have the same elements in any order"),
        "any": Field(spec=Flag(), says="true: any value; the reason says why that is good enough"),
    },
    one_of=("values", "within", "matches", "order", "any"),
)
EVIDENCE: Final = FieldTable(
    fields={
        "cases": Field(
            spec=ListOf(item=_CASE, least=1), says="globs over the cases that must pass"
        ),
        "runtimes": Field(
            spec=ListOf(item=RUNTIME, least=1), says="on which runtimes they must pass, live"
        ),
        "report": Field(
            spec=SENTENCE, says="a committed report, by its path from the folder of the repository"
        ),
        "claims": Field(
            spec=FieldTable(
                keyed=(
                    r"[A-Za-z_][A-Za-z0-9_.]*",
                    "names of figures",
                    Text(pattern=_CLAIM, meaning="`>= 438`"),
                )
            ),
            says="what the figures of the report's record must be",
        ),
        "commit": Field(spec=COMMIT, says="the commit that did it"),
    },
    one_of=("cases", "report", "commit"),
    needs={"runtimes": "cases", "claims": "report"},
)
DECISION: Final = FieldTable(
    fields={
        "id": Field(
            spec=Text(pattern=r"D-[0-9]{3,}", meaning="an id such as D-001"),
            required=True,
            says="never reused",
        ),
        "title": Field(spec=SENTENCE, required=True, says="what the decision is about"),
        "state": Field(
            spec=Choice(options=tuple(state.value for state in DecisionState)),
            required=True,
            says="open: the difference is known, and still to be changed or accepted; accepted: it "
            "is kept; done: it is fixed in `commit`, and red if it comes back",
        ),
        "kind": Field(
            spec=Choice(options=tuple(kind.value for kind in DecisionKind)),
            required=True,
            says="must_match: a side is to be changed; intentional: they differ on purpose; "
            "unsupported: a runtime does without something; extension: a runtime has more than the "
            "others need; research: it is still to be found out which side is right; work: "
            "something to be built, and no difference. Verdicts depend on `state`",
        ),
        "cause": Field(
            spec=Text(pattern=r"[a-z0-9-]+", meaning="an idiom or a kind"),
            says="an idiom or a kind",
        ),
        "code": Field(
            spec=SENTENCE,
            says="what the refusing side calls its error, where the cause is a status",
        ),
        "at": Field(spec=_PLACES, says="the places, in all cases of `where`"),
        "where": Field(
            spec=Either(
                options=(
                    ListOf(item=_CASE, least=1),
                    FieldTable(keyed=(r"\S+", "ids of cases", _PLACES)),
                )
            ),
            says="the cases, by id; or the places by case",
        ),
        "sides": Field(
            spec=FieldTable(keyed=(_SIDE, "names of sides", ListOf(item=RUNTIME, least=1))),
            says="the runtimes by the fact that they show; by a letter, where values differ",
        ),
        "fix": Field(
            spec=SENTENCE, says="the side to be changed; absent while that is not decided"
        ),
        "pin": Field(spec=PIN, says="the values, or the bound, that the decision holds for"),
        "grows": Field(
            spec=Flag(), says="true: `where` and `at` may be patterns, and cover what comes later"
        ),
        "evidence": Field(
            spec=ListOf(item=EVIDENCE, least=1), says="what shows that work was done"
        ),
        "options": Field(
            spec=ListOf(item=SENTENCE, least=1), says="the alternatives under consideration"
        ),
        "reason": Field(spec=SENTENCE, required=True, says="why it was decided so"),
        "owner": Field(spec=SENTENCE, required=True, says="who answers for it"),
        "opened": Field(spec=DATE, required=True, says="the day it was written down"),
        "review_by": Field(spec=DATE, says="the day by which it is looked at again"),
        "loc_estimate": Field(
            spec=Whole(least=0, most=1_000_000), says="how many lines the fix is thought to take"
        ),
        "commit": Field(spec=COMMIT, says="where it was done"),
    }
)
