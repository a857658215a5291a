"""Notes on bodies, and the header of a table, follow the differences that say the same."""

import pytest

from tests.comparison.derived_findings import findings
from tests.comparison.differences import answer

EVENTS, FORM = "text/event-stream", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("a", "b", "note", "leading"),
    [
        (("data: 1\nfoo\n\n", EVENTS), ("data: 1\n\n", EVENTS), "unknown-event-lines",
            "$[*].unknown"),
        (("data: 1\n\ndata: 2\n", EVENTS), ("data: 1\n\n", EVENTS), "unfinished-event", "$"),
        (('data: {"a":1}\n\ndata: {"a":2', EVENTS), ('data: {"a":1}\n\ndata: {"a":2}\n\n', EVENTS),
            "unfinished-event", "$[*].data"),
        (("a=%E9", FORM), ("a=%C3%A9", FORM), "not-utf-8", "$.a[*]"),
        ((b"event: \xe9\ndata: 1\n\n", EVENTS), (b"event: e\ndata: 1\n\n", EVENTS), "not-utf-8",
            "$[*].event"),
        (("data: 1\n\ndata: [DONE]\n\n", EVENTS), ("1", "application/json"), "ends-with-done",
            "kind"),
        (("a\n1\n\n2\n", "text/csv"), ("[1]", "application/json"), "blank-rows", "kind"),
        (("no", "application/json"), ("no", "text/plain"), "invalid-json", "header content-type"),
        (("no", "application/xml"), ("no", "text/html"), "invalid-xml", "header content-type"),
    ],
)  # fmt: skip
def test_a_note_follows_what_says_the_same(
    a: tuple[str | bytes, str], b: tuple[str | bytes, str], note: str, leading: str
) -> None:
    """There is one cause, from either side; the note is listed with it."""
    both = [answer(body, media=media) for body, media in (a, b)]
    for given in (both, both[::-1]):
        found = {each.place: each for each in findings(*([one] for one in given))}
        assert [place for place, each in found.items() if each.follows is None] == [leading]
        follows = found[f"note {note}"].follows
        assert follows is not None
        assert follows.places == (leading,)


@pytest.mark.parametrize(
    ("label", "followed"),
    [("text/csv; header=absent", ("$.header",)), ("text/csv; header=present", None)],
)
def test_the_label_of_a_table_follows_its_missing_header(
    label: str, followed: tuple[str, ...] | None
) -> None:
    """So it does not where it says that the header is there."""
    whole = answer("a,b\n1,2\n3,4\n", media="text/csv")
    without = answer("1,2\n3,4\n", media=label)
    for given in ((whole, without), (without, whole, whole)):
        found = {each.place: each.follows for each in findings(*([one] for one in given))}
        assert found["$.header"] is None
        follows = found["header content-type;header"]
        assert (follows.places if follows else None) == followed


def test_an_unfinished_event_beside_other_data_leads() -> None:
    """Data that does not break off says nothing of the end of its event."""
    both = [answer(f"data: {text}", media=EVENTS) for text in ("1", "2\n\n")]
    found = {each.place: each.follows for each in findings(*([one] for one in both))}
    assert found == {"$[*].data": None, "note unfinished-event": None}


def test_a_note_alone_leads() -> None:
    """An event that is only unfinished is a difference of its own."""
    both = [answer(f"data: 1\n{end}", media=EVENTS) for end in ("", "\n")]
    (found,) = findings(*([one] for one in both))
    assert (found.place, found.follows) == ("note unfinished-event", None)


@pytest.mark.parametrize(
    ("notes", "also"), [(("stop-not-reached",), set()), ((), {"note ends-with-done"})]
)
def test_the_end_of_a_stream_beside_one_that_was_cut(
    notes: tuple[str, ...], also: set[str]
) -> None:
    """A stream that was closed at the event that was waited for lacks no end that came later."""
    cut = answer("data: friend\n\n", media=EVENTS)
    whole = answer("data: fri\n\ndata: [DONE]\n\n", media=EVENTS, notes=notes)
    for given in ((cut, whole), (whole, cut)):
        found = {each.place for each in findings(*([one] for one in given))}
        assert found == {"$[*].data", *also, *(f"note {note}" for note in notes)}


def events(*data: str) -> str:
    """Return an event stream."""
    return "".join(f"data: {each}\n\n" for each in data)


STOP, LATER = '{"stop":1}', '{"usage":2}'
NOTE = "note stop-not-reached"


@pytest.mark.parametrize(
    ("cut", "whole", "leading", "following"),
    [
        pytest.param(events("a", "b", "stop"), events("a", "b", "x", "y"), set(), {"$": NOTE},
            id="more-events"),
        pytest.param(events('{"t":1}', STOP), events('{"t":1}', '{"t":2}', LATER),
            {"$[*].data.stop"}, {"$": NOTE, "$[*].data.usage": NOTE},
            id="a-member-that-comes-later"),
        pytest.param(events('{"t":1}', '{"t":2}', STOP),
            events('{"t":1}', '{"x":1}', '{"t":2}', '{"t":3}', LATER), {"$"},
            {"$[*].data.stop": "$", "$[*].data.x": "$", "$[*].data.usage": "$"},
            id="one-before-it"),
        pytest.param(events("a", "b", "stop"), events("a", "b"), {"$"}, {}, id="ended-early"),
        pytest.param(events("a", "b", "stop"), events("z", "b", "x", "y"), {"$[*].data"},
            {"$": NOTE}, id="another-difference"),
    ],
)  # fmt: skip
def test_what_only_the_stream_has_that_was_not_cut(
    cut: str, whole: str, leading: set[str], following: dict[str, str]
) -> None:
    """It follows the note, where the stream would not differ if it had been cut, too.

    What follows the note has nothing that follows it in turn.
    """
    both = (answer(cut, media=EVENTS), answer(whole, media=EVENTS, notes=("stop-not-reached",)))
    for given in (both, both[::-1]):
        found = findings(*([one] for one in given))
        assert {each.place for each in found if each.follows is None} == {NOTE, *leading}
        followed = {each.place: each.follows.places for each in found if each.follows}
        assert followed == {place: (leader,) for place, leader in following.items()}


def test_an_end_that_is_not_reached_by_another_kind_of_body() -> None:
    """A document in place of a stream has no event: that is said once, and the note follows it."""
    stream = answer(events("a", "stop"), media=EVENTS)
    document = answer('{"error":1}', notes=("stop-not-reached",))
    found = findings([stream], [document])
    assert {each.place for each in found if each.follows is None} == {"kind"}


def test_bytes_of_a_form_are_shown_escaped() -> None:
    """A byte that is no UTF-8 is shown as it was sent."""
    both = [answer(f"a={value}", media=FORM) for value in ("%E9%25", "%C3%A9")]
    (found,) = (each for each in findings(*([one] for one in both)) if each.follows is None)
    assert found.sent == ((("a", '"%E9%25"'), ("b", '"\u00e9"')),)
