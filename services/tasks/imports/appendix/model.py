"""What passes between the steps of reading: cells, columns, the appendix, a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.words import Sentence
from tasks.imports.domain import RawRow

Field = Literal[
    "stt", "subject_matter", "content", "product", "lead", "coordinating", "deadline", "ignored"
]


class AppendixRefused(Exception):
    """The file cannot be read. `code` is stable; the sentence tells the officer what to do."""

    def __init__(self, code: str, template: str, **facts: object) -> None:
        """Take the code, and the sentence as template and facts."""
        super().__init__(template)
        self.code, self.sentence = code, Sentence(template, facts)


@dataclass(frozen=True, slots=True)
class Cell:
    """A place of the grid. Places of a merged cell share text and `origin` (row, column)."""

    text: str
    origin: tuple[int, int]


Grid = Sequence[Sequence[Cell]]  # rows of cells; rows may differ in length


@dataclass(frozen=True, slots=True)
class Column:
    """How a column was understood: shown to the officer before anything is imported."""

    field: Field
    title: str
    position: int  # from 1, in the file


@dataclass(frozen=True, slots=True)
class Appendix:
    """The mapping of the columns and the task rows, sections folded into them."""

    columns: tuple[Column, ...]
    rows: tuple[RawRow, ...]
