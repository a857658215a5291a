"""The catalogue: every idiom in the order in which it is asked for, and by its name, which ledgers hold."""

from collections.abc import Mapping
from typing import Final

from conformance.comparison.idioms.answer_idioms import ANSWER_IDIOMS
from conformance.comparison.idioms.error_idioms import ERROR_IDIOMS
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.scalar_idioms import SCALAR_IDIOMS
from conformance.comparison.idioms.spelling_idioms import SPELLING_IDIOMS
from conformance.comparison.idioms.structure_idioms import STRUCTURE_IDIOMS

NULL_VS_ABSENT: Final = "null-vs-absent"
ZERO_VS_ABSENT: Final = "zero-value-vs-absent"
IDIOMS: Final[tuple[Idiom, ...]] = (*STRUCTURE_IDIOMS, *SCALAR_IDIOMS, *SPELLING_IDIOMS)
"""What is asked for in every JSON body."""
IN_ERRORS: Final[tuple[Idiom, ...]] = (*IDIOMS, *ERROR_IDIOMS)
"""What is asked for in the JSON body of an error."""
BY_NAME: Final[Mapping[str, Idiom]] = {idiom.name: idiom for idiom in (*IN_ERRORS, *ANSWER_IDIOMS)}
