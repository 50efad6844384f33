"""The plan itself: its legal bases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasks.deadlines.days import day_text


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A decision the plan rests on, as the plan cites it."""

    title: str
    number: str
    issued_on: date | None


def legal_basis_warnings(
    bases: Iterable[LegalBasis], issued_on: date | None, closes_on: date
) -> list[str]:
    """Say, in Vietnamese, which bases are dated after the plan: nothing rests on what is to come.

    `issued_on` None: the plan's own day is still blank; then only a basis after the plan closes is
    surely wrong. The text is never corrected by us: a person looks it up.
    """
    limit = issued_on or closes_on
    which = "ngày ban hành kế hoạch" if issued_on else "ngày kết thúc kế hoạch"
    return [
        f"Căn cứ {basis.number} ghi ngày {day_text(basis.issued_on)}, sau {which} "
        f"({day_text(limit)}): kiểm tra lại ngày của văn bản, có thể nhầm năm."
        for basis in bases
        if basis.issued_on and basis.issued_on > limit
    ]
