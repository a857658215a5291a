"""What the kinds of body are called in reports and facts, and which of them fixes are about."""

from typing import Final

JSON: Final = "JSON"
TABLE: Final = "table"
XML: Final = "XML"
HTML: Final = "HTML"
TEXT: Final = "text"
BINARY: Final = "binary"
MULTIPART: Final = "multipart"
FORM: Final = "form"
