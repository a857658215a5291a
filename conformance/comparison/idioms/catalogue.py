"""The catalogue: every idiom, in the order in which their detectors are called, and by its name.

Ledgers hold these names.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from conformance.comparison.idioms.bodies import (
    LINE_ENDS,
    MALFORMED,
    MISLABELLED,
    NOT_UTF_8,
    OTHER_ERROR_PAGE,
    TEXT_VS_JSON,
)
from conformance.comparison.idioms.booleans import BOOLEAN_AS_NUMBER, BOOLEAN_AS_TEXT
from conformance.comparison.idioms.boundaries import OFF_BY_ONE
from conformance.comparison.idioms.collections import ANOTHER_ORDER, LIST_VS_MAP, RENAMED_LIST
from conformance.comparison.idioms.empty_values import NULL_VS_EMPTY_LIST, NULL_VS_EMPTY_TEXT
from conformance.comparison.idioms.encodings import BASE64_FORM, BASE64_VS_BYTES, UUID_FORM
from conformance.comparison.idioms.enums import ADJACENTLY_TAGGED_ENUM, EXTERNALLY_TAGGED_ENUM
from conformance.comparison.idioms.envelopes import ENVELOPE, ENVELOPE_OF_NO_ERROR
from conformance.comparison.idioms.errors import (
    ERROR_CODE,
    ERROR_MESSAGE,
    ERROR_SHAPE,
    KEY_CASE_IN_ERRORS,
)
from conformance.comparison.idioms.headers import CHARSET_PARAMETER, HEADER_NAME_CASE, LOCATION_FORM
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.lost_characters import MOJIBAKE, REPLACED_CHARACTERS
from conformance.comparison.idioms.markup import (
    ELEMENT_ORDER,
    ENVELOPE_OF_DOCUMENT,
    ERROR_SHAPE_IN_XML,
    ERROR_SHAPE_OF_ROOTS,
    KEY_CASE_IN_XML_ERRORS,
    RENAMED_ELEMENT,
    RENAMED_ROOT_ELEMENT,
    WRAPPED_CHILDREN,
    XML_NAMESPACE,
)
from conformance.comparison.idioms.members import KEY_CASE, NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT
from conformance.comparison.idioms.numbers import (
    INTEGER_VS_FLOAT,
    NUMBER_AS_STRING,
)
from conformance.comparison.idioms.outcomes import (
    RESULT_VS_ERROR,
    RESULT_VS_ERROR_OF_ROOTS,
)
from conformance.comparison.idioms.own_urls import OWN_URL_FORM
from conformance.comparison.idioms.paging import PAGINATION
from conformance.comparison.idioms.rounded_numbers import ROUNDED_INTEGER, ROUNDED_NUMBER
from conformance.comparison.idioms.rounding import ROUNDING_MODE
from conformance.comparison.idioms.statuses import (
    CREATED_STATUS,
    CREDENTIALS_STATUS,
    METHOD_STATUS,
    NO_CONTENT_STATUS,
    NO_ROUTE,
    REDIRECT_PERMANENCE,
    SERVER_ERROR,
    SUCCESS_STATUS,
    TRAILING_SLASH,
    VALIDATION_STATUS,
)
from conformance.comparison.idioms.tables import UNEVEN_ROWS, UNQUOTED_SEPARATOR
from conformance.comparison.idioms.texts import (
    ESCAPED_TEXT,
    LETTER_CASE,
    TEXT_CASE,
    TRIMMED_TEXT,
    UNICODE_FORM,
)
from conformance.comparison.idioms.times import DURATION_FORM, TIMESTAMP_FORM
from conformance.comparison.idioms.wrapping import (
    JSON_IN_TEXT,
    RENAMED_ROOT,
    SCALAR_VS_LIST,
)

IDIOMS: Final[tuple[Idiom, ...]] = (
    # the first idiom that claims a difference gets it, so those that explain most are first
    EXTERNALLY_TAGGED_ENUM, ADJACENTLY_TAGGED_ENUM, ENVELOPE_OF_NO_ERROR, RESULT_VS_ERROR,
    KEY_CASE, RENAMED_LIST, RENAMED_ROOT,
    PAGINATION, LIST_VS_MAP, ANOTHER_ORDER,
    NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT, NULL_VS_EMPTY_LIST, NULL_VS_EMPTY_TEXT,
    INTEGER_VS_FLOAT, NUMBER_AS_STRING, BOOLEAN_AS_TEXT, BOOLEAN_AS_NUMBER, BASE64_VS_BYTES,
    TIMESTAMP_FORM, DURATION_FORM, JSON_IN_TEXT, SCALAR_VS_LIST,
    # one value spelled in two ways: looked for where values are compared
    OWN_URL_FORM,
    TEXT_CASE, ROUNDED_INTEGER, ROUNDED_NUMBER, REPLACED_CHARACTERS, MOJIBAKE, UUID_FORM,
    BASE64_FORM, ESCAPED_TEXT, UNICODE_FORM,
    TRIMMED_TEXT, LETTER_CASE,
    # whole answers show these: looked for where nothing else explains a difference
    ROUNDING_MODE, OFF_BY_ONE,
)  # fmt: skip
"""The idioms that are looked for in JSON bodies."""
_IN_PLACE_IN_ERRORS: Final[Mapping[Idiom, tuple[Idiom, ...]]] = {
    RESULT_VS_ERROR: (),
    RESULT_VS_ERROR_OF_ROOTS: (),
    ENVELOPE_OF_NO_ERROR: (ENVELOPE,),
    KEY_CASE: (KEY_CASE_IN_ERRORS,),
}


_IN_PLACE_IN_XML_ERRORS: Final = {
    **_IN_PLACE_IN_ERRORS,
    KEY_CASE: (KEY_CASE_IN_XML_ERRORS,),
}


def _in_errors(
    idioms: Iterable[Idiom], in_place: Mapping[Idiom, tuple[Idiom, ...]] = _IN_PLACE_IN_ERRORS
) -> Iterator[Idiom]:
    """Yield the idioms for errors: those for all bodies, with some replaced or left out."""
    return chain.from_iterable(in_place.get(each, (each,)) for each in idioms)


IN_ERRORS: Final[tuple[Idiom, ...]] = (
    *_in_errors(IDIOMS),
    ERROR_SHAPE, ERROR_CODE, ERROR_MESSAGE,
)  # fmt: skip
"""The idioms that are looked for where both JSON bodies are of errors, so that neither holds a
result."""
_OF_TEXTS: Final = (
    OWN_URL_FORM,
    TEXT_CASE, REPLACED_CHARACTERS, MOJIBAKE, UUID_FORM, BASE64_FORM, ESCAPED_TEXT, UNICODE_FORM,
    TRIMMED_TEXT, LETTER_CASE,
)  # fmt: skip
"""One text spelled in two ways: looked for in all structured bodies."""
OF_TABLES: Final = (UNQUOTED_SEPARATOR, UNEVEN_ROWS)
"""The idioms that are looked for in tables, before all others."""
OF_XML: Final = (
    XML_NAMESPACE, ENVELOPE_OF_NO_ERROR, WRAPPED_CHILDREN, RESULT_VS_ERROR_OF_ROOTS,
    RESULT_VS_ERROR, KEY_CASE, RENAMED_ROOT_ELEMENT, RENAMED_ELEMENT, RENAMED_ROOT, ANOTHER_ORDER,
    TIMESTAMP_FORM, DURATION_FORM, *_OF_TEXTS,
)  # fmt: skip
"""The idioms that are looked for in XML, in which all values are texts.

None is about null or empty values: an element without text may be a flag that is set.
"""
OF_XML_ERRORS: Final[tuple[Idiom, ...]] = (
    ENVELOPE_OF_DOCUMENT, ERROR_SHAPE_OF_ROOTS, *_in_errors(OF_XML, _IN_PLACE_IN_XML_ERRORS),
    ERROR_SHAPE_IN_XML,
)  # fmt: skip
OF_RANGES: Final = (ANOTHER_ORDER, OWN_URL_FORM)
"""The idioms that are looked for in ranges of bytes: no spelling of one is another's."""
OF_OTHERS: Final = (ANOTHER_ORDER, *_OF_TEXTS)
"""The idioms that are looked for in bodies that no serialiser writes, such as texts."""
OF_HTML: Final = (WRAPPED_CHILDREN, *OF_OTHERS)
"""The idioms that are looked for in HTML pages: an element may be in another one on one side."""
OF_ERROR_FORMS: Final = (KEY_CASE, *OF_OTHERS)
OF_FORMS: Final = (RESULT_VS_ERROR, *OF_ERROR_FORMS)
"""The idioms that are looked for in forms, whose names follow conventions as members' names do."""
OF_ANSWERS: Final[tuple[Idiom, ...]] = (
    NOT_UTF_8, MALFORMED, MISLABELLED, TEXT_VS_JSON, OTHER_ERROR_PAGE, LINE_ENDS, ELEMENT_ORDER,
    CHARSET_PARAMETER,
    LOCATION_FORM, HEADER_NAME_CASE, VALIDATION_STATUS, METHOD_STATUS, CREATED_STATUS,
    NO_CONTENT_STATUS,
    SUCCESS_STATUS, CREDENTIALS_STATUS,
    SERVER_ERROR, TRAILING_SLASH, NO_ROUTE, REDIRECT_PERMANENCE,
)  # fmt: skip
"""The idioms of an answer as a whole: its status, a header, the kind of its body."""
WITH_EVIDENCE: Final = tuple(idiom for idiom in IN_ERRORS if idiom.whole is not None)
"""The idioms that are looked for in differences that nothing else explains."""
OF_ORDER: Final = frozenset({ANOTHER_ORDER.name, ELEMENT_ORDER.name})
"""The names of the idioms about another order of the same things."""
OF_NAMES: Final = frozenset({KEY_CASE.name, ENVELOPE.name, RENAMED_LIST.name, RENAMED_ROOT.name})
"""The names of the idioms about other names of the same members; values are compared under common
names."""
BY_NAME: Final[Mapping[str, Idiom]] = {
    idiom.name: idiom for idiom in (*IDIOMS, *IN_ERRORS, *OF_TABLES, *OF_XML, *OF_ANSWERS)
}


def idiom_of(name: str | None) -> Idiom | None:
    """Return the idiom with a name; None for no name, or an unknown one."""
    return BY_NAME.get(name or "")
