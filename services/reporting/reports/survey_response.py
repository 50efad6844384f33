"""How many of those who got a ticket answered, or why that is not told. Pure.

Only of a round that is over, of at least three units and whose index takes ballots with a ticket
alone: who comes without one was never asked, and few units' number would be nearly one unit's.
From as many ballots as a figure of the department needs. Source: composed, docs/reports.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contracts.surveys import RoundState
from reporting.disclosure.thresholds import FEWEST_UNITS, department_threshold
from reporting.reports.lists import Column
from reporting.reports.numbers import UNKNOWN, Value, plain, vietnamese
from reporting.shown import shown
from reporting.sources.views import Ended

HIDDEN = "chưa đủ phiếu để công bố"
RESPONSE: tuple[Column, ...] = (
    ("STT", "count", 14), ("Đợt khảo sát", "text", 45), ("Phiếu phát ra", "count", 20),
    ("Phiếu thu về", "count", 20), ("Tỷ lệ (%)", "percent", 22), ("Ghi chú", "text", 42),
)  # fmt: skip
_RUNNING = "đợt chưa kết thúc"
_UNSAID = "đợt kết thúc khi hệ thống chưa ghi số phiếu phát ra"
_OPEN = "đợt tính cả phiếu trả lời không cần giấy mời"
_NONE = "đợt không phát giấy mời"
_FEW_UNITS = "đợt có dưới 3 đơn vị"
_MORE = "phiếu thu về có cả phiếu của các tập giấy mời đã hủy, nhiều hơn phiếu phát ra"
_VOIDED = "chưa kể {n} phiếu của các tập giấy mời đã hủy"


@dataclass(frozen=True)
class Response:
    """Tickets issued, ballots that came back, in percent; or `why` that is not told."""

    issued: int | None = None
    returned: int | None = None
    rate: Decimal | None = None
    voided: int | None = None
    why: str | None = None

    def figures(self) -> dict[str, object]:
        """Return them by their ids; `survey.no_response_rate` says in words that there is none."""
        return {
            "survey.issued": self.issued, "survey.returned": self.returned,
            "survey.response_rate": self.rate, "survey.tickets_voided": self.voided,
            "survey.no_response_rate": self._unknown(),
        }  # fmt: skip

    def row(self, title: str) -> list[Value]:
        """Return the row of the list."""
        note = _VOIDED.format(n=vietnamese(self.voided)) if self.voided else ""
        known: list[Value] = [self.issued, self.returned, plain(self.rate)]
        return [title, *known, self._unknown() or note]

    def _unknown(self) -> str | None:
        return f"{UNKNOWN} ({self.why})" if self.why else None


def response_of(round_: RoundState, ended: Ended, *, final: bool) -> Response:
    """Return what is told of a round. `final`: it is over, and all of it released."""
    if not final:
        return Response(why=_RUNNING)
    if ended.tickets is None:
        return Response(why=_UNSAID)
    issued, ballots = ended.tickets.issued, ended.ballots or ()
    back = sum(each.counted + each.excluded for each in ballots if each.lane == "ticket")
    if why := _why_untold(round_, issued, back):
        return Response(why=why)
    return Response(issued, back, shown(Fraction(100 * back, issued)), ended.tickets.voided)


def _why_untold(round_: RoundState, issued: int, back: int) -> str | None:
    """Return why a round that said its tickets has no rate; None: it has one."""
    reasons = (
        (_OPEN, round_.open_in_index),
        (_NONE, not issued),
        (_FEW_UNITS, len(set(round_.unit_ids)) < FEWEST_UNITS),
        (HIDDEN, back < department_threshold(round_.min_n)),
        (_MORE, back > issued),
    )
    return next((why for why, holds in reasons if holds), None)
