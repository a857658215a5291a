"""The values that answers hold at a path, as compared: own identities and addresses alike.

Identities and own addresses are spelled alike.
"""

from collections.abc import Sequence
from functools import lru_cache

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.layout import laid_out, laid_out_alone
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.markup import path_in
from conformance.comparison.identities.answers import spelled_alike
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.case import CompareLevel
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.observation import Answer, Cell


@lru_cache(maxsize=16)
def answer_of(cell: Cell, step: int) -> ReadAnswer | None:
    """Return what a runtime answered to a step; None where it gave no answer.

    The answers of one case are read again and again: the last few are kept.
    """
    seen = cell.observations[step]
    return read_answer(seen, cell.names, cell.base_url) if isinstance(seen, Answer) else None


def column_at(body: Body, path: JsonPath) -> Column:
    """Return all values at a path of a body, in order.

    In a document the path may leave out that a tag is repeated beside another one.
    """
    if body.markup is not None:
        path = path_in(body.layout, path)
    column = [body.value]
    for segment in path:
        column = [below for each in column for below in _below(each, segment)]
    return column


def _below(value: Json, segment: object) -> Sequence[Json]:
    if segment is ANY_ELEMENT:
        return value if isinstance(value, list) else ()
    if not isinstance(value, dict):
        return ()
    if segment is ANY_MEMBER:
        return list(value.values())
    return (value[segment],) if segment in value else ()


def columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path as sent, one column for each cell that has an answer."""
    answers = [answer for cell in cells if (answer := answer_of(cell, step)) is not None]
    bodies = (_beside_another(answer, answers).body for answer in answers)
    return [column_at(body.sent or body, path) for body in bodies]


def _beside_another(answer: ReadAnswer, others: Sequence[ReadAnswer]) -> ReadAnswer:
    """Return an answer as it is laid out beside the first one with another body.

    Where there is none, beside itself.
    """
    for other in others:
        if other.answer.body != answer.answer.body:
            return laid_out(answer, other, Terms(level=CompareLevel.VALUE))[0]
    return laid_out_alone(answer)


def alike_columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path, one column for each cell with an answer.

    They are spelled as in the first of the cells.
    """
    answers = [answer for cell in cells if (answer := answer_of(cell, step)) is not None]
    first = [_beside_another(answer, answers) for answer in answers[:1]]
    others = [_compared(answers[0], each)[1] for each in answers[1:]]
    return [column_at(answer.body, path) for answer in (*first, *others)]


def _compared(first: ReadAnswer, second: ReadAnswer) -> tuple[ReadAnswer, ReadAnswer]:
    """Return two answers as they are compared by value: in one layout, and spelled alike."""
    terms = Terms(level=CompareLevel.VALUE)
    if first.answer.body == second.answer.body:
        first, second = laid_out_alone(first), laid_out_alone(second)
    one, other, _ = spelled_alike(*laid_out(first, second, terms), terms)
    return one, other


def same_at(
    cells: tuple[Cell, Cell], step: int, paths: tuple[JsonPath, JsonPath]
) -> list[bool] | None:
    """Return for each position whether two answers have one value there.

    None where positions do not correspond.
    """
    columns = compared_columns(cells, step, paths)
    if columns is None or len(columns[0]) != len(columns[1]):
        return None
    return [canonical(x) == canonical(y) for x, y in zip(*columns, strict=True)]


def compared_columns(
    cells: tuple[Cell, Cell], step: int, paths: tuple[JsonPath, JsonPath]
) -> tuple[Column, Column] | None:
    """Return the values of two answers at a path of each, spelled alike; None without answers."""
    first, second = (answer_of(cell, step) for cell in cells)
    if first is None or second is None:
        return None
    first, second = _compared(first, second)
    return column_at(first.body, paths[0]), column_at(second.body, paths[1])
