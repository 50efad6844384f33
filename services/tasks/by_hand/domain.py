"""What a row written by hand must say, and whose it can be. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence

UNIT_UNKNOWN = N_("Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động")
LEADS = N_("Đơn vị này đang chủ trì nên không ghi là đơn vị phối hợp")
PERSON_UNKNOWN = N_("Chỉ chọn được cán bộ đang làm việc của đơn vị chủ trì")
TWICE = N_("Người này đã là người chịu trách nhiệm")


@dataclass(frozen=True)
class Source:
    """The document that gave the task."""

    number: str | None = None
    issued_on: date | None = None
    title: str | None = None


@dataclass(frozen=True)
class Row:
    """A row as somebody wrote it. Each lead unit gets assignments of its own; people where theirs.

    `deadline_text`: in the words that an appendix would have. `happened_on`, `happened_in`: the day
    and the document of the event that its days are counted from, where that is known already.
    """

    content: str
    lead_unit_ids: Sequence[UUID]
    deadline_text: str
    number: str = ""
    section: str = ""
    subject_matter: str = ""
    product: str = ""
    coordinating_unit_ids: Sequence[UUID] = ()
    accountable_person_id: UUID | None = None
    helper_ids: Sequence[UUID] = ()
    source: Source = field(default_factory=Source)
    kpi_group: Literal["A", "B", "C", "D"] | None = None
    kpi_code: str | None = None
    happened_on: date | None = None
    happened_in: str | None = None


def check(row: Row, units: Collection[UUID], unit_of: Mapping[UUID, UUID]) -> None:
    """Raise InputRefused, all at once, for units and people that the row cannot have.

    Args:
        row: as it was written.
        units: those at work among the units it names.
        unit_of: the unit of each active person among those it names.
    """
    problems = [*_of_units(row, units), *_of_people(row, unit_of)]
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)


def _of_units(row: Row, units: Collection[UUID]) -> Iterator[Problem]:
    for name in ("lead_unit_ids", "coordinating_unit_ids"):
        for place, id_ in enumerate(getattr(row, name)):
            if id_ not in units:
                yield Problem(f"/{name}/{place}", Sentence(UNIT_UNKNOWN))
    for place, id_ in enumerate(row.coordinating_unit_ids):
        if id_ in row.lead_unit_ids:
            yield Problem(f"/coordinating_unit_ids/{place}", Sentence(LEADS))


def _of_people(row: Row, unit_of: Mapping[UUID, UUID]) -> Iterator[Problem]:
    accountable = row.accountable_person_id
    if accountable is not None and unit_of.get(accountable) not in row.lead_unit_ids:
        yield Problem("/accountable_person_id", Sentence(PERSON_UNKNOWN))
    for place, id_ in enumerate(row.helper_ids):
        if unit_of.get(id_) not in row.lead_unit_ids:
            yield Problem(f"/helper_ids/{place}", Sentence(PERSON_UNKNOWN))
        elif id_ == accountable:
            yield Problem(f"/helper_ids/{place}", Sentence(TWICE))
