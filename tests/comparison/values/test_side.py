"""A side knows where its values were sent, also after several idioms at one place."""

from conformance.comparison.values.side import SentSide


def test_the_names_of_two_idioms_are_both_known() -> None:
    """The second idiom leaves the names of the first.

    A name that both spell leads to what was sent.
    """
    sent = SentSide([{"user_id": 1, "id": 2}], ("data",))
    first = sent.rest([{"userId": 1, "id": 2}], (), {"userId": ("user_id",)})
    kept = first.rest([{"userId": 1}], (), {})
    again = first.rest([{"USERID": 1, "id": 2}], (), {"USERID": ("userId",)})
    below = first.rest([1], ("userId",), {})

    assert kept.path_of("userId") == ("data", "user_id")
    assert again.path_of("USERID") == ("data", "user_id")
    assert below.path == ("data", "user_id")
