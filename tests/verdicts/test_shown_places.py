"""Whether answers that were compared at a place of a row show anything of it."""

import pytest

from conformance.model.answer_place import parse_place
from conformance.model.decision import Decision
from conformance.model.observation import Answer
from conformance.model.signature import Signature
from conformance.verdicts.shown_places import (
    NO_REFUSAL,
    NOTHING_THERE,
    ONLY_REFUSALS,
    why_nothing_shown,
)
from tests.comparison.differences import answer
from tests.verdicts.ledger_rows import row

ABOUT_A_MEMBER = row()
ABOUT_A_TYPE = row(signature=Signature("type", "$.v", "string", "number"))
ABOUT_A_MESSAGE = row(signature=Signature("error-message", "$.message", "differs", "differs"))


@pytest.mark.parametrize(
    ("held", "place", "answers", "why"),
    [
        pytest.param(ABOUT_A_TYPE, "$.v", (answer('{"v": 1}'), answer()), "", id="one-has-it"),
        pytest.param(ABOUT_A_TYPE, "$.v", (answer(),) * 2, NOTHING_THERE, id="nobody-has-it"),
        pytest.param(
            ABOUT_A_TYPE,
            "$['${run}'].v",
            (answer(),) * 2,
            "",
            id="a-name-that-was-made-for-one-run",
        ),
        pytest.param(
            ABOUT_A_MEMBER, "header etag", (answer(), answer(status=404)), "", id="one-succeeds"
        ),
        pytest.param(
            ABOUT_A_MEMBER, "header etag", (answer(status=404),) * 2, ONLY_REFUSALS, id="refusals"
        ),
        pytest.param(
            ABOUT_A_MESSAGE, "$.message", (answer(), answer(status=400)), "", id="one-error"
        ),
        pytest.param(
            ABOUT_A_MESSAGE, "$.message", (answer(status=399),) * 2, NO_REFUSAL, id="no-error"
        ),
    ],
)
def test_one_answer_is_enough(
    held: Decision, place: str, answers: tuple[Answer, ...], why: str
) -> None:
    """What one of several answers has was compared with what the others have."""
    said = why_nothing_shown(held, parse_place(place), answers, "", as_demanded=False)
    assert said == why
