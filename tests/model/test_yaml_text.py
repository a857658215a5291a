"""Texts as YAML: whatever a text is, it reads back as that text."""

from hypothesis import given
from hypothesis import strategies as st

from conformance.model.yaml_text import yaml_text
from conformance.suites.document import parse_document
from conformance.suites.nodes import Scalar, items


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.from_regex(r"[-+.0-9a-zA-Z~/ :#]{0,8}", fullmatch=True)
)
def test_yaml_text_is_read_back(text: str) -> None:
    """Whatever a text is, it reads back as that text, in block and in flow."""
    (leaf,) = items(parse_document(f"- {yaml_text(text)}".encode(), "x"))
    (inside,) = items(parse_document(f"[{yaml_text(text)}]".encode(), "x"))
    for node in (leaf, inside):
        assert isinstance(node, Scalar)
        assert (node.kind, node.text) == ("string", text)
