"""What a run says about its rules: it warns of one not needed and of one that hides too much.

It says nothing of one that works as intended.
"""

import base64
import json
from pathlib import Path

import pytest

from conformance.judging import judge_record
from conformance.model.case import CompareLevel
from conformance.model.gap import GapKind
from conformance.model.rule import RuleKind
from tests.comparison.differences import rule
from tests.comparison.live_runs import case, replay
from tests.miniatures.server import Received, Service, always, json_reply

BODY = {"id": 1, "same": 0, "took_ms": 3, "lines": [{"n": n, "at": n} for n in range(9)]}
OTHER = {"id": 2, "same": 0, "took_ms": 4, "lines": [{"n": -n, "at": n} for n in range(9)]}

REMOVE = "remove it, or correct its path"


@pytest.mark.parametrize(
    ("path", "kind", "wanted"),
    [
        pytest.param("$.took_ms", RuleKind.NUMBER, None, id="needed"),
        pytest.param(
            "$.tookMs",
            RuleKind.NUMBER,
            "suite.yaml:3:5: $.tookMs was not needed in any of 2 cases that it is for: no answer has "
            f"its place; {REMOVE}",
            id="path",
        ),
        pytest.param(
            "$.took_ms",
            RuleKind.STRING,
            f"$.took_ms was not needed in any of 2 cases that it is for: {REMOVE} or what it "
            "accepts",
            id="kind",
        ),
        pytest.param(
            "$.same",
            RuleKind.NUMBER,
            "$.same was not needed in this run: nothing that was compared differed at its place in "
            "any of 2 cases that it is for",
            id="nothing-differed",
        ),
        pytest.param(
            "$.lines[*].n",
            RuleKind.STRING,
            "$.lines[*].n accepted no difference in any of 2 cases",
            id="in-a-list",
        ),
        pytest.param(
            "$", RuleKind.ANY, "$ hid more than half of a body in 2 of 2 comparisons", id="root"
        ),
        pytest.param(
            "$.lines", RuleKind.ARRAY, "$.lines hid more than half of a body in 2 of 2", id="most"
        ),
        pytest.param("$.lines[*].n", RuleKind.INTEGER, None, id="less-than-half"),
    ],
)
def test_rules_that_deserve_a_look(
    tmp_path: Path, path: str, kind: RuleKind, wanted: str | None
) -> None:
    """The report warns of a rule that never fired or hides bodies, and so does a saved run."""
    cases = [
        case(name, compare=CompareLevel.VALUE, rules=(rule(path, kind),)) for name in ("one", "two")
    ]
    report = replay(tmp_path, {"a": always(BODY), "b": always(OTHER)}, *cases)
    assert [wanted in warning for warning in report.warnings if wanted] == (
        [True] if wanted else []
    )
    assert len(report.warnings) == (wanted is not None)
    assert judge_record(tmp_path).warnings == report.warnings


@pytest.mark.parametrize(
    ("path", "kind", "needed"),
    [
        pytest.param("$.id", RuleKind.ANY, False, id="another-value"),
        pytest.param("$.took_ms", RuleKind.NUMBER, False, id="another-number"),
        pytest.param("$.lines", RuleKind.ANY, False, id="a-list-of-other-values"),
        pytest.param("$.total", RuleKind.ANY, True, id="another-type"),
        pytest.param("$.total", RuleKind.NUMBER, True, id="a-number-of-another-kind"),
        pytest.param("$.at", RuleKind.TIMESTAMP, False, id="another-time"),
        pytest.param("$.only", RuleKind.ANY, True, id="a-member-of-one-side"),
    ],
)
def test_a_rule_is_needed_for_what_is_compared(
    tmp_path: Path, path: str, kind: RuleKind, *, needed: bool
) -> None:
    """By shape a rule about another value of the same type accepts no difference."""
    at = "2026-11-23T10:00:0{}Z"
    bodies = [
        {**BODY, "total": 1, "at": at.format(1), "only": 1},
        {**OTHER, "total": 1.5, "at": at.format(2)},
    ]
    services = dict(zip("ab", map(always, bodies), strict=True))
    report = replay(tmp_path, services, case(rules=(rule(path, kind),)))
    warned = any("differed at its place" in warning for warning in report.warnings)
    assert warned is not needed
    assert GapKind.HIDDEN not in [gap.kind for gap in report.gaps]


def test_a_rule_is_not_judged_by_cases_that_were_not_compared(tmp_path: Path) -> None:
    """With one answer nothing was compared, and nothing can be said about a rule."""
    report = replay(tmp_path, {"a": always(BODY)}, case(rules=(rule("$.x", RuleKind.ANY),)))
    assert report.warnings == ()


def test_a_small_body_may_be_all_noise(tmp_path: Path) -> None:
    """A body of one value that changes every time is hidden whole, and rightly so."""
    noisy = case(compare=CompareLevel.VALUE, rules=(rule("$.at", RuleKind.NUMBER),))
    assert replay(tmp_path, {"a": always({"at": 1}), "b": always({"at": 2})}, noisy).warnings == ()


NOTHING_DIFFERED = (
    "was not needed in this run: nothing that was compared differed at its place in the one case "
    "that it is for"
)


def token(**claims: str) -> str:
    """Return a token with these claims."""
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"a": 1}, claims)
    )
    return ".".join((*parts, "c2ln"))


def own(request: Received) -> str:
    """Return the URL under which a service was asked."""
    return f"http://{request.headers['host']}"


@pytest.mark.parametrize(
    ("a", "b", "unneeded"),
    [
        pytest.param(always({"x": 1}, 400), always({"x": 2}, 409), "$.x",
            id="statuses-that-are-not-compared"),
        pytest.param(
            lambda request: json_reply({"x": own(request), "y": "a"}),
                lambda request: json_reply({"x": own(request), "y": "b"}), "$.x",
            id="own-urls",
        ),
        pytest.param(
            lambda request: json_reply({"x": token(iss=own(request), k="a")}),
            lambda request: json_reply({"x": token(iss=own(request), k="b")}),
            "$.x.claims.iss",
            id="own-urls-in-tokens",
        ),
        pytest.param(always({"x": token(k="a")}), always({"x": token(k="b")}), "$.x.header.a",
            id="within-tokens"),
    ],
)  # fmt: skip
def test_a_rule_where_nothing_that_was_compared_differs(
    tmp_path: Path, a: Service, b: Service, unneeded: str
) -> None:
    """No warning advises to remove a rule whose place exists.

    What counts is what was compared, not what was sent.
    """
    asked = case(compare=CompareLevel.VALUE, rules=(rule(unneeded, RuleKind.STRING),))
    (warning,) = replay(tmp_path, {"a": a, "b": b}, asked).warnings
    assert warning.endswith(f"{unneeded} {NOTHING_DIFFERED}")


@pytest.mark.parametrize("level", CompareLevel)
@pytest.mark.parametrize("path", ["$", "$.x"])
@pytest.mark.parametrize("asked_twice", [False, True])
def test_how_often_a_case_is_asked_changes_no_warning(
    tmp_path: Path, level: CompareLevel, path: str, *, asked_twice: bool
) -> None:
    """Removing the rule leaves the run as it is, whether the case is red and asked again or not."""
    asked = case(compare=level, rules=(rule(path, RuleKind.ANY),))
    status = 500 if asked_twice else 200
    (warning,) = (
        warning
        for warning in replay(
            tmp_path, {"a": always({"x": 1}), "b": always({"x": 1}, status)}, asked
        ).warnings
        if "was not needed" in warning
    )
    assert warning.endswith(f"{path} {NOTHING_DIFFERED}")
