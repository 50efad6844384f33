"""A survey round: draft → open → closed, when it takes answers, how many it needs."""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.surveys import Aggregator, Method
from surveys.domain.wording import N_, Sentence

Status = Literal["draft", "open", "closed"]

MIN_N = 30  # answers below which no index is shown; composed, guards both sense and anonymity
SAMPLING_ERROR = Fraction(5, 100)


class RoundProblem(Exception):
    """A step the round cannot take. `code` is public and stable, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Why(StrEnum):
    """Why a round takes no answers."""

    NOT_OPEN_YET = "round_not_open"
    CLOSED = "round_closed"


class Refusal(BaseModel):
    """An answer that comes too early or too late, and the sentence that says so."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    why: Why
    sentence: Sentence

    @property
    def message(self) -> str:
        """The reason in Vietnamese."""
        return str(self.sentence)


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
    min_n: int = Field(default=MIN_N, ge=1)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.closes_on < self.opens_on:
            raise ValueError("ngày kết thúc đợt khảo sát phải từ ngày bắt đầu trở đi")
        return self

    def opened(self, today: date, *, questionnaire_published: bool) -> Self:
        """Return the round, open. Raises RoundProblem.

        May be done before `opens_on`: answers are taken from that day on.
        """
        if self.status != "draft":
            raise RoundProblem(f"round_already_{self.status}", _ALREADY[self.status])
        if not questionnaire_published:
            raise RoundProblem(
                "questionnaire_not_published",
                "Phiếu khảo sát chưa được ban hành, chưa mở được đợt.",
            )
        if self.closes_on < today:
            raise RoundProblem(
                "round_dates_past", f"Đợt khảo sát đã hết hạn từ ngày {written(self.closes_on)}."
            )
        return self.model_copy(update={"status": "open"})

    def closed(self) -> Self:
        """Return the round, closed for good. Raises RoundProblem unless it is open."""
        if self.status == "draft":
            raise RoundProblem("round_not_open", "Đợt khảo sát chưa mở nên chưa thể kết thúc.")
        if self.status == "closed":
            raise RoundProblem("round_already_closed", _ALREADY["closed"])
        return self.model_copy(update={"status": "closed"})

    def accepts(self, today: date) -> Refusal | None:
        """Return None when an answer is welcome on the local date `today`, else why it is not."""
        if self.status == "draft":
            return _refusal(Why.NOT_OPEN_YET, _DRAFT)
        if today > self.closes_on:
            return _refusal(Why.CLOSED, _LATE, self.closes_on)
        if self.status == "closed":
            return _refusal(Why.CLOSED, _ENDED)
        if today < self.opens_on:
            return _refusal(Why.NOT_OPEN_YET, _EARLY, self.opens_on)
        return None


def sample_size(population: int, error: Fraction = SAMPLING_ERROR) -> int:
    """Return n = ⌈N / (1 + N·e²)⌉, exactly; 0 for an empty population.

    Args:
        population: N, transactions of the service in the period, >= 0.
        error: e as a fraction of 1, 0 < e < 1.

    Source: training material on the Ministry's decision 1383/QĐ-BNV; later national rounds fix n.
    """
    if population < 0:
        raise ValueError("population cannot be negative")
    return ceil(population / (1 + population * error**2))


def written(day: date) -> str:
    """Write a date as people here do: 30/11/2025."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def _refusal(why: Why, said: str, day: date | None = None) -> Refusal:
    return Refusal(why=why, sentence=Sentence(said, {"day": written(day)} if day else {}))


_ALREADY = {
    "open": "Đợt khảo sát đang mở.",
    "closed": "Đợt khảo sát đã kết thúc, không mở lại được; hãy tạo đợt mới.",
}
_DRAFT = N_("Đợt khảo sát chưa mở.")
_EARLY = N_("Đợt khảo sát chưa mở. Phiếu nhận trả lời từ ngày {day}.")
_LATE = N_("Đợt khảo sát đã đóng. Phiếu nhận trả lời đến hết ngày {day}.")
_ENDED = N_("Đợt khảo sát đã đóng.")
