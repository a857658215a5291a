"""The values at a path of each runtime's answer, as sent or spelled alike."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import attrgetter, eq

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.layout import in_one_layout, laid_out_alone
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
    """Return a runtime's answer to a step, read for comparison; None if there is no answer.

    The last results are cached, because the answers of one case are needed many times.
    """
    observation = cell.observations[step]
    if not isinstance(observation, Answer):
        return None
    return read_answer(observation, cell.names, cell.base_url)


def column_at(body: Body, path: JsonPath) -> Column:
    """Return all values at a path of a body, in order.

    In a markup document, the path may omit that a tag is repeated in another document.
    """
    if body.markup is not None:
        path = path_in(body.layout, path)
    return values_at([body.value], path)


def columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path as they were sent, one column for each cell with an answer."""
    answers = _answers_of(cells, step)
    bodies = (_beside_another(answer, answers).body for answer in answers)
    return list(map(column_at, map(attrgetter("as_sent"), bodies), repeat(path)))


def _answers_of(cells: Sequence[Cell], step: int) -> list[ReadAnswer]:
    """Return the answers to a step, without the cells that have none."""
    answers = map(answer_of, cells, repeat(step))
    return list(filter(None, answers))


def _beside_another(answer: ReadAnswer, others: Sequence[ReadAnswer]) -> ReadAnswer:
    """Return an answer in the layout that it shares with the first answer with another body.

    If all bodies are equal, return it in its own layout.
    """
    unlike = (other for other in others if other.answer.body != answer.answer.body)
    first_unlike = next(unlike, None)
    if first_unlike is None:
        return laid_out_alone(answer)
    laid_out_answer, _ = in_one_layout(answer, first_unlike, Terms(level=CompareLevel.VALUE))
    return laid_out_answer


def alike_columns_at(cells: Sequence[Cell], step: int, path: JsonPath) -> list[Column]:
    """Return the values at a path, one column for each cell with an answer.

    The ids and addresses of all answers are spelled as in the first cell.
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
    """Return two answers as a comparison by value sees them: one layout, spelled alike."""
    terms = Terms(level=CompareLevel.VALUE)
    # `in_one_layout` does not change two equal bodies
    if first.answer.body == second.answer.body:
        first, second = laid_out_alone(first), laid_out_alone(second)
    first, second = in_one_layout(first, second, terms)
    first, second, _ = spelled_alike(first, second, terms)
    return first, second


def same_at(
    cells: tuple[Cell, Cell], step: int, paths: tuple[JsonPath, JsonPath]
) -> list[bool] | None:
    """Return for each position at two paths whether the two answers have equal values.

    Return None if an answer is missing or the answers have different numbers of values there.
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
    """Return the values of two answers at a path of each, spelled alike; None if one is missing."""
    answers = _answers_of(cells, step)
    if len(answers) < len(cells):
        return None
    first, second = _compared(*answers)
    return column_at(first.body, paths[0]), column_at(second.body, paths[1])
