"""What passes between the steps of reading: cells, tables, the appendix, a refusal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chassis.words import Sentence
from tasks.imports.domain import RawRow
from tasks.remarks import Remark

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
class Choices:
    """What the officer decided about the file; empty: the reader's own judgement.

    `tables`: by a table's id, read it or leave it. `columns`: by a table's id, what a column means
    (positions from 1; "ignored": nothing). Columns not named stay as the reader understood them,
    except where one of the named took their meaning.
    """

    tables: Mapping[str, bool] = field(default_factory=dict)
    columns: Mapping[str, Mapping[int, Field]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """A place of the grid. Places of a merged cell share text and `origin` (row, column).

    `text`: what stands in the final document. `gone`: words in it that are struck or hidden.
    `remarks`: what a person should know about the reading of this cell.
    """

    text: str
    origin: tuple[int, int]
    gone: str = ""
    remarks: tuple[Remark, ...] = ()


def distinct(cells: Iterable[Cell]) -> list[Cell]:
    """Return each cell once, a merged one too."""
    return list({cell.origin: cell for cell in cells}.values())


@dataclass(frozen=True, slots=True)
class Grid:
    """A table or sheet as laid out; rows may differ in length, numbers count from 0.

    `follows`: it stands right below the table before it, with no words between. `name`: of a sheet.
    `in_cell`: it stands in a cell, whose words are its own.
    """

    place: Sentence
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    follows: bool = False
    name: str = ""
    in_cell: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """Words that stand in no table. `after`: how many tables stand above; None: on every page."""

    place: Sentence
    words: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file taken apart: its tables in order, and what stands outside of them."""

    grids: Sequence[Grid]
    remarks: tuple[Remark, ...]
    outside: tuple[Outside, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """How a column was understood: shown to the officer before anything is imported.

    `position`: from 1, in the file. `field`: None when it was not understood or is not taken,
    "ignored" when it is known and not imported. `sample`: its first words below the header.
    `unsure`: another column claims the same meaning, or the title says it only nearly.
    """

    position: int
    title: str
    field: Field | None
    sample: str
    hidden: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table or sheet found in the file. `id`: its number in the file, from "1".

    `reason`: why it was not taken. `opening`: its first words. `rows`: below the header, not blank.
    `may_hold_tasks`: it is taken, or looks like rows that were not.
    """

    id: str
    place: Sentence
    hidden: bool
    taken: bool
    reason: Sentence | None
    opening: str
    columns: tuple[SeenColumn, ...]
    rows: int
    may_hold_tasks: bool = True


@dataclass(frozen=True, slots=True)
class Appendix:
    """All tables found, the rows of those taken, sections folded into them.

    Rows the reader would leave (`left_out`) are among them. `remarks`: about the file at large.
    """

    tables: tuple[SeenTable, ...]
    rows: tuple[RawRow, ...]
    remarks: tuple[Remark, ...] = ()
    outside: tuple[Outside, ...] = ()
