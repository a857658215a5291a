"""What two statuses usually mean, and the pairs that mean nothing in particular."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, mirrored
from tests.comparison.evidence.cures import without_cure


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("validation-status", 400, 422),
        ("method-status", 404, 405),
        ("created-status", 200, 201),
        ("no-content-status", 200, 204),
        ("no-content-status", 202, 204),
        ("credentials-status", 401, 403),
        ("server-error-vs-refusal", 400, 500),
        ("server-error-vs-refusal", 422, 502),
        ("status", 200, 500),
        ("success-status", 200, 202),
        ("status", 204, 404),
        ("status", 400, 404),
        ("status", 401, 404),
        ("status", 500, 503),
        ("status", 301, 308),
        ("status", 400, 405),
        ("status", 405, 501),
        ("server-error-vs-refusal", 500, 501),
        ("server-error-vs-refusal", 501, 503),
    ],
)
def test_a_pair_of_statuses(name: str, a: int, b: int) -> None:
    """Each pair is one difference, seen alike from either side."""
    first, second = (answer("" if status == 204 else "{}", status) for status in (a, b))
    assert between(first, second) == [(name, "status", str(a), str(b))]
    assert between(second, first) == mirrored(between(first, second))
    assert without_cure(name, str(a), str(b)) == []


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_without_a_body_sends_none(status: int) -> None:
    """Beside a 204, a success of no bytes is another status, and nothing is said of a body."""
    first, second = answer("", 204, media=None), answer("", status, media=None)
    assert between(first, second) == [("success-status", "status", "204", str(status))]
    assert without_cure("success-status", "204", str(status)) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"error":"x"}', '{"detail":"x"}', ["error-shape"], id="own-members"),
        pytest.param('{"error":"x","code":1}', '{"error":"x","code":"one"}', ["type"],
            id="same-members"),
        pytest.param('{"error":"x"}', '{"error":"x","path":"/"}', ["member"], id="one-member-more"),
        pytest.param('{"error":"x"}', '{"error":"x","path":"/","at":1}', ["error-shape"],
            id="two-members-more"),
        pytest.param('{"error":"x","at":1}', '{"detail":"x","at":"1"}', ["error-shape",
            "number-as-string"], id="rest"),
        pytest.param('{"error":"x","a":null}', '{"error":"x","b":null}', ["null-vs-absent"] * 2,
            id="nothing-said"),
        pytest.param('{"errorCode":1}', '{"error_code":1}', ["key-case"], id="key-case"),
        pytest.param('{"errorCode":1,"errorText":"x"}', '{"error_code":1,"error_text":"x","at":1}',
            ["key-case", "member"], id="key-case-and-one-member-more"),
        pytest.param('{"error":{"code":1,"why":"x"}}', '{"code":1,"why":"x"}', ["envelope"],
            id="envelope"),
        pytest.param('{"type":"t","title":"x"}', '{"error":"x"}', ["error-shape"],
            id="problem"),
        pytest.param('{"type":"t","code":1}', '{"error":"x"}', ["error-shape"], id="no-problem"),
        pytest.param('{"type":"t","title":"x","code":1}', '{"error":"x"}', ["error-shape"],
                     id="an-extension-of-a-problem"),
    ],
)  # fmt: skip
def test_bodies_of_errors(a: str, b: str, wanted: list[str]) -> None:
    """Members that stand alone are one difference that names them all.

    What both sides have is compared on.
    """
    first, second = answer(a, 400), answer(b, 400)
    assert [row[0] for row in between(first, second)] == wanted
    assert between(second, first) == mirrored(between(first, second))
    assert "error-shape" not in {row[0] for row in between(answer(a), answer(b))}


@pytest.mark.parametrize(
    ("a", "b", "forms"),
    [
        pytest.param('{"code":1,"msg":"x"}', '{"code":1,"message":"x","detail":""}',
            ("code, msg", "code, detail, message"), id="an-empty-text"),
        pytest.param('{"code":1,"msg":"x"}', '{"code":1,"message":"x","details":[],"trace":null}',
            ("code, msg", "code, details, message, trace"), id="an-empty-list-and-a-null"),
        pytest.param('{"code":1,"text":"x"}', '{"Code":1,"Reason":"x"}',
            ("code, text", "Code, Reason"), id="in-another-case"),
    ],
)  # fmt: skip
def test_a_shape_of_errors_has_all_members_as_sent(a: str, b: str, forms: tuple[str, str]) -> None:
    """It names the members that say nothing too, and nothing is said of them again."""
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        first, second = answer(a, 400), answer(b, 400)
        assert between(first, second, level) == [("error-shape", "$", *forms)]
        assert between(second, first, level) == [("error-shape", "$", *forms[::-1])]
