"""A survey round: draft → open → closed, and when it takes answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.surveys import Aggregator, Method

Status = Literal["draft", "open", "closed", "cancelled"]

MIN_N = 30
"""Answers below which no index is shown: for sense and for anonymity. A round may raise it, never
lower it (rounds older than this rule may have). Composed."""
ACTS: dict[Status, tuple[str, ...]] = {
    "draft": (
        "open", "change", "cancel", "issue_tickets", "void_tickets", "create_link", "read_links",
    ),
    "open": (
        "close", "change", "cancel", "issue_tickets", "void_tickets", "create_link", "read_links",
        "enter_ballot", "review",
    ),
    "closed": ("read_links", "review"),
    "cancelled": (),
}  # fmt: skip
"""What may be done with a round, by its status: see `access.RIGHTS`."""


class Why(StrEnum):
    """Why a round takes no answers."""

    NOT_OPEN_YET = "round_not_open"
    CLOSED = "round_closed"


@dataclass(frozen=True)
class Refusal:
    """An answer that comes too early or too late, and the sentence that says so."""

    why: Why
    sentence: Sentence


class Round(BaseModel):
    """What the rules need of a round; reads itself from a row by `Round.model_validate(row)`.

    `opens_on`, `closes_on`: local dates, both inclusive. `method` is the one that is published.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    status: Status = "draft"
    opens_on: date
    closes_on: date
    method: Method = "share"
    aggregator: Aggregator = "pooled"
    min_n: int = MIN_N

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.closes_on < self.opens_on:
            sentence = Sentence(N_("ngày kết thúc đợt khảo sát phải từ ngày bắt đầu trở đi"))
            raise InputRefused("input_invalid", sentence, [Problem("/closes_on", sentence)])
        return self

    def opened(self, today: date, *, questionnaire_published: bool) -> Self:
        """Return the round, open. Composed; may be done before `opens_on`, when answers begin.

        Raises RuleBroken: `round_already_open`, `round_already_closed`,
        `questionnaire_not_published`, `round_dates_past`.
        """
        if self.status != "draft":
            raise RuleBroken(f"round_already_{self.status}", Sentence(_ALREADY[self.status]))
        if not questionnaire_published:
            raise RuleBroken("questionnaire_not_published", Sentence(_UNPUBLISHED))
        if self.closes_on < today:
            raise RuleBroken("round_dates_past", Sentence(_PAST, {"day": written(self.closes_on)}))
        return self.model_copy(update={"status": "open"})

    def closed(self) -> Self:
        """Return the round, closed for good.

        Raises RuleBroken: `round_not_open`, `round_already_closed`, `round_already_cancelled`.
        """
        if self.status == "draft":
            raise RuleBroken("round_not_open", Sentence(_UNOPENED))
        self._check_not_over()
        return self.model_copy(update={"status": "closed"})

    def cancelled(self) -> Self:
        """Return the round, given up for good: what was answered counts in no index. Composed.

        Raises RuleBroken: `round_already_closed`, `round_already_cancelled`.
        """
        self._check_not_over()
        return self.model_copy(update={"status": "cancelled"})

    def rescheduled(self, today: date, opens_on: date, closes_on: date) -> Self:
        """Return the round with other days. Composed.

        Raises RuleBroken as `cancelled` does; InputRefused for a first day that has come already,
        for a last day that is over, and for days out of order.
        """
        self._check_not_over()
        if self.status == "open" and opens_on != self.opens_on:
            raise _refused("/opens_on", _BEGUN)
        if self.status == "open" and closes_on < today:
            raise _refused("/closes_on", _OVER, closes_on)
        changed = {**self.model_dump(), "opens_on": opens_on, "closes_on": closes_on}
        return type(self).model_validate(changed)

    def _check_not_over(self) -> None:
        if self.status in {"closed", "cancelled"}:
            raise RuleBroken(f"round_already_{self.status}", Sentence(_ALREADY[self.status]))

    def accepts(self, today: date) -> Refusal | None:
        """Return None when an answer is welcome on the local date `today`, else why it is not."""
        if self.status == "draft":
            return _refusal(Why.NOT_OPEN_YET, _DRAFT)
        if self.status == "cancelled":
            return _refusal(Why.CLOSED, _GIVEN_UP)
        if today > self.closes_on:
            return _refusal(Why.CLOSED, _LATE, self.closes_on)
        if self.status == "closed":
            return _refusal(Why.CLOSED, _ENDED)
        if today < self.opens_on:
            return _refusal(Why.NOT_OPEN_YET, _EARLY, self.opens_on)
        return None


def check_threshold(min_n: int) -> None:
    """Raise InputRefused (`round_threshold_too_low`) for figures shown from fewer than MIN_N."""
    if min_n < MIN_N:
        sentence = Sentence(_TOO_LOW, {"given": min_n, "least": MIN_N})
        raise InputRefused("round_threshold_too_low", sentence, [Problem("/min_n", sentence)])


def check_unit(unit_ids: Collection[UUID], unit_id: UUID | None) -> None:
    """Raise InputRefused (`unit_not_in_round`) for a unit that a round is not about."""
    if unit_id is not None and unit_id not in unit_ids:
        raise InputRefused("unit_not_in_round", _ELSEWHERE, [Problem("/unit_id", _ELSEWHERE)])


def written(day: date) -> str:
    """Return a date as people here write it: 30/11/2025."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def _refused(pointer: str, template: str, day: date | None = None) -> InputRefused:
    sentence = Sentence(template, {"day": written(day)} if day else {})
    return InputRefused("input_invalid", sentence, [Problem(pointer, sentence)])


def _refusal(why: Why, template: str, day: date | None = None) -> Refusal:
    return Refusal(why=why, sentence=Sentence(template, {"day": written(day)} if day else {}))


_ALREADY = {
    "open": N_("Đợt khảo sát đang mở."),
    "closed": N_("Đợt khảo sát đã kết thúc, không mở lại được; hãy tạo đợt mới."),
    "cancelled": N_("Đợt khảo sát đã bị hủy, không làm gì thêm được; hãy tạo đợt mới."),
}
_BEGUN = N_("Đợt khảo sát đã mở nên không đổi được ngày bắt đầu")
_OVER = N_("Ngày {day} đã qua; muốn ngừng nhận phiếu ngay thì hãy đóng đợt")
_GIVEN_UP = N_("Đợt khảo sát đã bị hủy.")
_UNPUBLISHED = N_("Phiếu khảo sát chưa được ban hành, chưa mở được đợt.")
_PAST = N_("Đợt khảo sát đã hết hạn từ ngày {day}.")
_TOO_LOW = N_(
    "Ngưỡng công bố của đợt khảo sát là {given} phiếu, thấp hơn mức tối thiểu {least} phiếu; "
    "chỉ được đặt cao hơn"
)
_ELSEWHERE = Sentence(N_("Đơn vị này không thuộc đợt khảo sát"))
_UNOPENED = N_("Đợt khảo sát chưa mở nên chưa thể kết thúc.")
_DRAFT = N_("Đợt khảo sát chưa mở.")
_EARLY = N_("Đợt khảo sát chưa mở. Phiếu nhận trả lời từ ngày {day}.")
_LATE = N_(
    "Đợt khảo sát đã đóng. Phiếu nhận trả lời đến hết ngày {day}; gửi sau đó không được ghi nhận."
)
_ENDED = N_("Đợt khảo sát đã đóng. Phiếu gửi sau khi đóng không được ghi nhận.")
