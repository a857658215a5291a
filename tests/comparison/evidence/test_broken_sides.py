"""What is wrong by itself is fixed, whichever runtime shows it.

It may be a baseline, most of the runtimes, or one of two.
"""

from itertools import product
from typing import Any, Final

import pytest

from conformance.model.evidence import FixEvidence
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.evidence.judged import NAMES, asked, groups_of, results

GO: Final = dict.fromkeys(NAMES, "go")
BROKEN: Final[dict[str, tuple[str | Answer, str | Answer, str]]] = {
    "server-error": (answer("{}", 500), answer("{}", 400), "return the error"),
    "bad-gateway": (answer("{}", 502), answer("{}", 422), "return the error"),
    "page-beside-json-errors": (
        answer("<h1>oops</h1>", 400, media="text/html"), answer('{"error":"x"}', 400),
            "an error writer",
    ),
    "json-in-name-only": (answer("broken"), answer('{"x":1}'),
        "the Content-Type that the handler sets"),
    "json-cut-off": (answer('{"x":'), answer('{"x":1}'), "where the body is written"),
    "json-called-html": (answer('{"x":1}', media="text/html"), answer('{"x":2}'),
        "the Content-Type that the handler"),
    "digits-lost": ('{"x":9007199254740992}', '{"x":9007199254740993}', "int64 or json.Number"),
    "characters-replaced": ('{"x":"caf\\ufffd"}', '{"x":"café"}', "keep bytes"),
}  # fmt: skip
"""By what is wrong: an answer that shows it, one that is right, and how the fix begins."""
SHOWN_BY: Final = ("a", "b", "ab", "bc", "abd", "bcde")
BASELINES: Final = (None, "a", "b")


def rows() -> list[Any]:
    """Return each kind of broken answer among 2, 3 and 5 runtimes, with and without a baseline."""
    return [
        pytest.param(kind, runtimes, shown, base, id=f"{kind}-{runtimes}-{shown}-{base}")
        for kind, runtimes, shown, base in product(BROKEN, (2, 3, 5), SHOWN_BY, BASELINES)
        if len(shown) < runtimes and NAMES.index(shown[-1]) < runtimes
    ]


@pytest.mark.parametrize(("kind", "runtimes", "shown", "baseline"), rows())
def test_the_fix_belongs_to_whoever_is_broken(
    kind: str, runtimes: int, shown: str, baseline: str | None
) -> None:
    """All that show it get the fix, and nobody else; who is odd is told by the sides alone."""
    wrong, right, fix = BROKEN[kind]
    answers = [wrong if name in shown else right for name in NAMES[:runtimes]]
    judged = results([asked("GET /a", *answers)], runtimes, baseline)
    fixed = [
        group for group in groups_of(judged, GO, FixEvidence()) if group.remedies and group.idiom
    ]
    (group,) = [group for group in fixed if group.remedies[0].where.startswith(fix)]
    assert [remedy.runtime for remedy in group.remedies] == list(shown)
    assert not group.for_any
    largest = baseline or majority(shown, runtimes)
    on_it = (
        (set(shown) if largest in shown else set(NAMES[:runtimes]) - set(shown))
        if largest
        else set(NAMES)
    )
    assert set(group.odd) == set(NAMES[:runtimes]) - on_it


def majority(shown: str, runtimes: int) -> str | None:
    """Return a runtime of the larger side, where one has more than half and at least two."""
    others = [name for name in NAMES[:runtimes] if name not in shown]
    if len(shown) == len(others) or runtimes == 2:
        return None
    return shown[0] if len(shown) > len(others) else others[0]


NOT_BROKEN: Final[dict[str, tuple[str | Answer, ...]]] = {
    "501-is-a-refusal": (answer("{}", 501), answer("{}", 400), answer("{}", 400)),
    "a-success-beside-a-failure": (answer("{}", 500), answer("{}", 200), answer("{}", 200)),
    "all-are-pages": tuple(answer(f"<h1>{name}</h1>", 400, media="text/html") for name in "xyy"),
    "text-that-says-so": (answer("hi", media="text/plain"), answer("{}"), answer("{}")),
}


@pytest.mark.parametrize("kind", NOT_BROKEN)
def test_what_is_not_wrong_by_itself(kind: str) -> None:
    """Near misses do not show who is wrong.

    A runtime that is only odd gets the fix of any odd one, or none.
    """
    judged = results([asked("GET /a", *NOT_BROKEN[kind])], 3, "a")
    for group in groups_of(judged, GO, FixEvidence()):
        assert {remedy.runtime for remedy in group.remedies} <= set(group.odd) == {"b", "c"}


def test_among_other_differences() -> None:
    """Of three statuses only the server error is wrong by itself, and gets its fix.

    This holds though the three share no name.
    """
    three = asked("GET /a", answer("{}", 500), answer("{}", 400), answer("{}", 422))
    (group,) = groups_of(results([three], 3), GO, FixEvidence())
    assert [(remedy.runtime, remedy.where[:16]) for remedy in group.remedies] == [
        ("a", "return the error")
    ]
    assert (group.odd, group.for_any) == ((), False)


def test_without_anything_broken() -> None:
    """The odd ones are to be changed; where nobody is odd, all sides but one."""
    answers = {3: ('{"x":"1"}', '{"x":1}', '{"x":1}'), 2: ('{"x":"1"}', '{"x":1}')}
    (odd,) = groups_of(results([asked("GET /a", *answers[3])], 3), GO, FixEvidence())
    (either,) = groups_of(results([asked("GET /a", *answers[2])], 2), GO, FixEvidence())
    (baseline,) = groups_of(results([asked("GET /a", *answers[3])], 3, "a"), GO, FixEvidence())
    assert ([remedy.runtime for remedy in odd.remedies], odd.for_any) == (["a"], False)
    assert ([remedy.runtime for remedy in either.remedies], either.for_any) == (["a", "b"], True)
    assert ([remedy.runtime for remedy in baseline.remedies], baseline.for_any) == (
        ["b", "c"],
        False,
    )
