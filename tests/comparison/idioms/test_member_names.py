"""Names read together are spelled as each is alone."""

from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.idioms.member_names import normalised, normalised_each

NAMES = st.lists(
    st.one_of(
        st.from_regex(r"[A-Za-z0-9_\- \t\x1f]{0,8}", fullmatch=True),
        st.text(max_size=6),
        st.sampled_from(["userID", "user_id", "_", "-", "", "a\0b", "İ", "ΟΔΟΣ", "a\u00a0b"]),
    ),
    max_size=6,
)


@given(NAMES)
def test_names_read_together_are_spelled_as_alone(names: list[str]) -> None:
    assert normalised_each(names) == [normalised(name) for name in names]


def test_a_name_of_separators_alone_stays_as_it_is() -> None:
    assert normalised_each(["user_ID", "_", "a b-c"]) == ["userid", "_", "abc"]
