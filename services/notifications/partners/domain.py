"""What a partner may be given, and when it counts. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Protocol
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence

MOST_CREDENTIALS = 2  # the one in use and the one that replaces it
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_LOCAL = ("http://localhost", "http://127.0.0.1")
_REFUSED = Sentence(N_("Chưa lưu được hệ thống đối tác: có giá trị cần sửa"))
_NO_EVENT = N_("“{pattern}” không khớp loại sự kiện công khai nào; ví dụ đúng: tasks.*")
_NO_ORIGIN = N_(
    "“{origin}” không phải là nguồn gốc trang web: hãy ghi https://tên-miền, không có đường dẫn"
)
_EXPIRED = N_("Ngày hết hạn {day} đã qua: hãy ghi hôm nay hoặc một ngày sau đó")
_REVOKED = Sentence(N_("Hệ thống đối tác này đã bị thu hồi: hãy lập một hệ thống đối tác mới"))
_TWO_LIVE = Sentence(
    N_("Hai khóa đang dùng được là nhiều nhất: hãy thu hồi khóa cũ trước khi cấp khóa mới")
)


class Standing(Protocol):
    """What decides whether a partner counts."""

    @property
    def expires_on(self) -> date: ...

    @property
    def revoked_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class EventScope:
    """The events a partner may get. `types`: patterns; `units` None: all units."""

    partner_id: UUID
    types: tuple[str, ...]
    units: frozenset[UUID] | None

    def covers_type(self, event_type: str) -> bool:
        """Tell whether the partner may get events of this type."""
        return matches(self.types, event_type)

    def covers(self, event_type: str, unit_ids: Iterable[UUID]) -> bool:
        """Tell whether the partner may get an event of a type about units.

        What is about no unit is the whole department's: for those who may get all units' events.
        """
        of_its_units = self.units is None or not self.units.isdisjoint(unit_ids)
        return of_its_units and self.covers_type(event_type)


def matches(patterns: Iterable[str], event_type: str) -> bool:
    """Tell whether one of the patterns (`tasks.*`, `*`, a whole type) fits an event type."""
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)


def counts(partner: Standing, today: date) -> bool:
    """Tell whether a partner may do anything: not revoked, and its last day not over."""
    return partner.revoked_at is None and today <= partner.expires_on


def check_facts(
    event_types: Sequence[str], origins: Sequence[str], public: Collection[str]
) -> None:
    """Refuse patterns that fit no public event and origins that are none, all at once."""
    problems = [
        Problem(f"/event_types/{place}", Sentence(_NO_EVENT, {"pattern": pattern}))
        for place, pattern in enumerate(event_types)
        if not any(matches([pattern], one) for one in public)
    ]
    problems += [
        Problem(f"/origins/{place}", Sentence(_NO_ORIGIN, {"origin": origin}))
        for place, origin in enumerate(origins)
        if not is_origin(origin)
    ]
    if problems:
        raise InputRefused("partner_invalid", _REFUSED, problems)


def is_origin(text: str) -> bool:
    """Tell whether a text is an origin as browsers send it: https, or this machine for trying."""
    local = text.startswith(tuple(f"{start}:" for start in _LOCAL)) or text in _LOCAL
    return bool(_ORIGIN.fullmatch(text)) and (text.startswith("https://") or local)


def check_expiry(expires_on: date, today: date) -> None:
    """Refuse a last day that is over."""
    if expires_on < today:
        sentence = Sentence(_EXPIRED, {"day": f"{expires_on:%d/%m/%Y}"})
        raise InputRefused("partner_invalid", _REFUSED, [Problem("/expires_on", sentence)])


def check_changeable(partner: Standing) -> None:
    """Refuse to change what was revoked: that is for good."""
    if partner.revoked_at is not None:
        raise RuleBroken("partner_revoked", _REVOKED)


def check_room(live: int) -> None:
    """Refuse a third credential beside two that are live."""
    if live >= MOST_CREDENTIALS:
        raise RuleBroken("credentials_two_live", _TWO_LIVE)
