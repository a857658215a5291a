"""XML as a value: a document that is well-formed and declares no entities."""

from xml.parsers import expat

from conformance.comparison.bodies.markup import Markup, Tree


class NoMarkupError(ValueError):
    """A document that is not well-formed, or declares entities."""


def read_xml(raw: bytes) -> Markup:
    """Read an XML document; raises NoMarkupError for one that is none, or that has a document type."""
    tree = Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: tree.start(tag, list(attributes.items()))
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - the signature of expat
    except (expat.ExpatError, ValueError) as error:
        raise NoMarkupError(str(error)) from error
    return tree.markup()


def _refuse(*_: object) -> None:
    raise NoMarkupError("a document type may declare entities")
