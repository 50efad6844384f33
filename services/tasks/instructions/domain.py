"""In whose name an instruction is written, what it may be about, and its source. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from contracts.tasks import IssuingBody
from tasks.by_hand.domain import UNIT_UNKNOWN, Source
from tasks.deadlines.days import day_text

LONGEST = 300  # characters of a source's title

NAME_THE_DIRECTOR = N_(
    "Hãy chọn lãnh đạo Sở có ý kiến chỉ đạo: Văn phòng Sở chỉ ghi thay, không tự chỉ đạo"
)
NOT_A_DIRECTOR = N_("Người này không phải là lãnh đạo Sở đang làm việc")
OWN_NAME = N_("Lãnh đạo Sở tự ghi chỉ đạo thì không chọn người được ghi thay")
OUTSIDE = N_("Đường dẫn phải là một trang của cổng này, bắt đầu bằng dấu / (ví dụ /indices/par)")
TO_COME = N_("Ngày {day} chưa đến: hãy ghi từ hôm nay trở về trước")
NOT_NAMED = N_("Hãy ghi ngắn gọn số liệu, dòng hoặc báo cáo mà chỉ đạo này nói đến")
SOURCE = N_("Ý kiến chỉ đạo của {leader} ({body})")
"""What the assignment's source is called without a document; stored, so in Vietnamese alone."""
_BODIES: dict[IssuingBody, str] = {
    "party_committee": "cấp ủy",
    "government": "chính quyền",
}


@dataclass(frozen=True)
class About:
    """What gave rise to it: of which kind, in a few words, and the page of the portal."""

    kind: Literal["figure", "row", "report"]
    text: str
    path: str | None


@dataclass(frozen=True)
class Document:
    """The document that says it, as far as there is one."""

    number: str | None = None
    issued_on: date | None = None
    title: str | None = None


def check_named(
    on_behalf_of: UUID | None, directors: Collection[UUID], *, for_others: bool
) -> None:
    """Raise InputRefused unless it is clear in whose name it is written.

    `directors`: those at work. `for_others`: the writer never writes in their own name.
    """
    if not for_others:
        wrong = OWN_NAME if on_behalf_of else None
    elif on_behalf_of is None:
        wrong = NAME_THE_DIRECTOR
    else:
        wrong = None if on_behalf_of in directors else NOT_A_DIRECTOR
    if wrong:
        raise _refused("/on_behalf_of_id", wrong)


def check_about(about: About | None) -> None:
    """Raise InputRefused for words that say nothing, and for a path that leads elsewhere."""
    if about is None:
        return
    if not about.text:
        raise _refused("/about/text", NOT_NAMED)
    path = about.path or "/"
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    if not inside or not path.isprintable():  # browsers leave a tab between two slashes out
        raise _refused("/about/path", OUTSIDE)


def check_unit(*, at_work: bool) -> None:
    """Raise InputRefused for a unit that is not there, or has ended."""
    if not at_work:
        raise _refused("/unit_id", UNIT_UNKNOWN)


def check_document(document: Document, today: date) -> None:
    """Raise InputRefused for a document of a day to come."""
    day = document.issued_on
    if day is not None and day > today:
        raise _refused("/document/issued_on", TO_COME, day=day_text(day))


def source_of(body: IssuingBody, document: Document, leader: str) -> Source:
    """Return the source of the assignment; without a document, whose instruction it is."""
    title = document.title or SOURCE.format(leader=leader, body=_BODIES[body])
    return Source(document.number, document.issued_on, title[:LONGEST])


def _refused(pointer: str, words: str, **facts: object) -> InputRefused:
    said = Sentence(words, facts)
    return InputRefused("input_invalid", said, [Problem(pointer, said)])
