"""The values that answers hold at a path, own identities and addresses spelled alike."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import attrgetter, eq

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.layout import laid_out, laid_out_alone
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.markup import path_in
from conformance.comparison.identities.answers import spelled_alike
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.steps import values_at
from conformance.model.case import CompareLevel
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer, Cell


@lru_cache(maxsize=16)
def answer_of(cell: Cell, step: int) -> ReadAnswer | None:
    """Return what a runtime answered to a step; None where it gave no answer.

    The answers of one case are read again and again: the last few are kept.
    """
    observation = cell.observations[step]
    if not isinstance(observation, Answer):
        return None
    return read_answer(observation, cell.names, cell.base_url)


def column_at(body: Body, path: JsonPath) -> Column:
    """Return all values at a path of a body, in order.

    In a document the path may leave out that a tag is repeated beside another one.
    """
    if body.markup is not None:
        path = path_in(body.layout, path)
    return values_at([body.value], path)


def columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path as sent, one column for each cell that has an answer."""
    answers = _answers_of(cells, step)
    bodies = (_beside_another(answer, answers).body for answer in answers)
    return list(map(column_at, map(attrgetter("as_sent"), bodies), repeat(path)))


def _answers_of(cells: Sequence[Cell], step: int) -> list[ReadAnswer]:
    answers = map(answer_of, cells, repeat(step))
    return list(filter(None, answers))


def _beside_another(answer: ReadAnswer, others: Sequence[ReadAnswer]) -> ReadAnswer:
    """Return an answer as it is laid out beside the first one with another body.

    Where there is none, beside itself.
    """
    unlike = (other for other in others if other.answer.body != answer.answer.body)
    first_unlike = next(unlike, None)
    if first_unlike is None:
        return laid_out_alone(answer)
    laid_out_answer, _ = laid_out(answer, first_unlike, Terms(level=CompareLevel.VALUE))
    return laid_out_answer


def alike_columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path, one column for each cell with an answer.

    They are spelled as in the first of the cells.
    """
    answers = _answers_of(cells, step)
    if not answers:
        return []
    first, *others = answers
    alike = [_beside_another(first, answers)]
    for other in others:
        _, spelled_as_first = _compared(first, other)
        alike.append(spelled_as_first)
    return list(map(column_at, map(attrgetter("body"), alike), repeat(path)))


def _compared(first: ReadAnswer, second: ReadAnswer) -> tuple[ReadAnswer, ReadAnswer]:
    """Return two answers as they are compared by value: in one layout, and spelled alike."""
    terms = Terms(level=CompareLevel.VALUE)
    # `laid_out` leaves two equal bodies as they were sent
    if first.answer.body == second.answer.body:
        first, second = laid_out_alone(first), laid_out_alone(second)
    first, second = laid_out(first, second, terms)
    first, second, _ = spelled_alike(first, second, terms)
    return first, second


def same_at(
    cells: tuple[Cell, Cell], step: int, paths: tuple[JsonPath, JsonPath]
) -> list[bool] | None:
    """Return for each position whether two answers have one value there.

    None where positions do not correspond.
    """
    columns = compared_columns(cells, step, paths)
    if columns is None:
        return None
    first, second = (list(map(canonical, column)) for column in columns)
    if len(first) != len(second):
        return None
    return list(map(eq, first, second))


def compared_columns(
    cells: tuple[Cell, Cell], step: int, paths: tuple[JsonPath, JsonPath]
) -> tuple[Column, Column] | None:
    """Return the values of two answers at a path of each, spelled alike; None without answers."""
    answers = _answers_of(cells, step)
    if len(answers) < len(cells):
        return None
    first, second = _compared(*answers)
    return column_at(first.body, paths[0]), column_at(second.body, paths[1])
