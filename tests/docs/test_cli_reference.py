"""The reference of the command line is that of this command line."""

from tests.docs.cli_reference import FILE, reference


def test_the_reference_is_up_to_date() -> None:
    """The file holds what the verbs say now; `python -m tests.docs.cli_reference` writes it."""
    assert FILE.read_text() == reference()
