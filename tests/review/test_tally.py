"""The tally: distinct lineages, one claim per location, nearby places, places nobody was shown."""

from conformance.review.bundles import Bundle
from conformance.review.claims import Reply, ReviewFailure, ReviewTally, Severity
from conformance.review.tally import tally_review

LINES = {number: f"line {number}" for number in (10, 11, 12, 13, 30)}
BUNDLES = (
    Bundle(component="shop", number=1, total=1, text="…", anchors={"shop.py": LINES}),
    Bundle(component="docs", number=1, total=1, text="…", anchors={"a.md": {1: "# A"}}),
)


def entry(path: str, line: int, severity: str = "WARN", claim: str = "wrong") -> str:
    return f"WHERE: {path}:{line}\nSEVERITY: {severity}\nCLAIM: {claim}\n\n"


def reply(
    reviewer: str,
    text: str,
    *,
    lineage: str = "",
    bundle: str = "shop-1",
    failure: str | None = None,
) -> Reply:
    return Reply(
        reviewer=reviewer,
        lineage=lineage or reviewer,
        bundle=bundle,
        text=text,
        failure=failure,
        elapsed_ms=1,
    )


def tally(*replies: Reply) -> ReviewTally:
    return tally_review(BUNDLES, replies)


def test_two_lineages_at_one_place_converge() -> None:
    """Lines up to three apart are one place, and the gravest severity counts."""
    seen = tally(reply("a", entry("shop.py", 10)), reply("b", entry("shop.py", 13, "BLOCK")))
    (point,) = seen.points
    assert (point.line, point.convergent, point.severity) == (10, True, Severity.BLOCK)
    assert seen.blocked == (point,)
    assert [(each.name, each.convergent, each.distinct) for each in seen.components] == [
        ("shop", 1, 1),
        ("docs", 0, 0),
    ]


def test_three_answers_of_one_lineage_are_one_voice() -> None:
    """However many reviewers it lends its name to."""
    text = entry("shop.py", 10, "BLOCK")
    seen = tally(*(reply(name, text, lineage="same") for name in ("a", "b", "c")))
    assert [point.convergent for point in seen.points] == [False]
    assert seen.blocked == ()


def test_one_claim_a_reviewer_and_location() -> None:
    """The gravest one stays."""
    seen = tally(
        reply("a", entry("shop.py", 10, "NOTE", "mild") + entry("shop.py", 10, "BLOCK", "grave"))
    )
    (point,) = seen.points
    assert [voice.claim.text for voice in point.voices] == ["grave"]


def test_places_apart_stay_apart() -> None:
    """Four lines are no longer near."""
    seen = tally(reply("a", entry("shop.py", 13)), reply("b", entry("shop.py", 30)))
    assert [(point.line, point.convergent) for point in seen.points] == [(13, False), (30, False)]


def test_a_place_that_nobody_was_shown_is_unanchored() -> None:
    """Another file, another spelling of the path, or a line far from all that was shown."""
    seen = tally(
        reply(
            "a",
            entry("other.py", 10)
            + entry("./shop.py", 10)
            + entry("shop.py", 17)
            + entry("shop.py", 33),
        )
    )
    assert [(voice.claim.path, voice.claim.line) for voice in seen.unanchored] == [
        ("./shop.py", 10),
        ("other.py", 10),
        ("shop.py", 17),
    ]
    assert [point.line for point in seen.points] == [30]


def test_a_retracted_block_is_shown_and_not_counted() -> None:
    """It neither blocks nor converges."""
    text = entry("shop.py", 10, "BLOCK") + "RETRACT: shop.py:10\n"
    seen = tally(reply("a", text), reply("b", entry("shop.py", 11)))
    (point,) = seen.points
    assert (len(point.voices), point.convergent, point.severity) == (2, False, Severity.WARN)
    alone = tally(reply("a", text))
    assert alone.points == ()
    assert len(alone.retracted) == 1


def test_a_reviewer_that_failed_is_never_one_without_findings() -> None:
    """A fault and nonsense are failures with a reason; what nobody answered for is unreviewed."""
    seen = tally(
        reply("a", "", failure="HTTP 500"),
        reply("b", "Nice!"),
        reply("c", "NO FINDINGS", bundle="docs-1"),
    )
    assert [(each.name, each.answered, each.failures) for each in seen.reviewers] == [
        ("a", 0, (ReviewFailure(bundle="shop-1", why="HTTP 500"),)),
        (
            "b",
            0,
            (
                ReviewFailure(
                    bundle="shop-1",
                    why="the answer keeps to no form of the grammar",
                    excerpt="Nice!",
                ),
            ),
        ),
        ("c", 1, ()),
    ]
    assert seen.unreviewed == ("shop-1",)
