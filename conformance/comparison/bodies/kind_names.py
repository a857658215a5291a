"""The names of some kinds of body, as in reports and facts.

They are here so that other modules can use them without importing the kinds.
"""

from typing import Final

JSON: Final = "JSON"
TABLE: Final = "table"
XML: Final = "XML"
HTML: Final = "HTML"
TEXT: Final = "text"
BINARY: Final = "binary"
MULTIPART: Final = "multipart"
FORM: Final = "form"
