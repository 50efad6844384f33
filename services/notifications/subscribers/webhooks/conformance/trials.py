"""What a receiver of webhooks has to get right, as requests to send and what to answer. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.outside import outside
from contracts.samples import example
from contracts.tasks import AssignmentChanged, AssignmentCreated
from notifications.subscribers.webhooks.signing import new_secret, signed

NewId = Callable[[], UUID]


@dataclass(frozen=True)
class Request:
    """One request of a trial."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Trial:
    """Requests one behind the other. `taken`: every one must be answered 2xx, else 4xx."""

    title: str
    requests: Sequence[Request]
    taken: bool = True


def trials(secret: str, now: datetime, new_id: NewId) -> list[Trial]:
    """Return all trials; every event in them is an example with an id of its own."""
    play = _Play(secret, now, new_id)
    return [*play.events(), *play.signatures()]


class _Play:
    def __init__(self, secret: str, now: datetime, new_id: NewId) -> None:
        self.secret, self.now, self.new_id = secret, now, new_id
        self.subject = str(uuid5(NAMESPACE_URL, "conformance"))

    def events(self) -> list[Trial]:
        """Return well signed events of every kind that happens: all are to be taken."""
        good = self._event()
        newer, older = self._event(version=3, later=True), self._event(version=2, later=True)
        late = self._event(time=self.now - timedelta(days=3))
        version = self._event(type="tasks.assignment_changed.v99")
        field = self._event(more={"a_field_added_later": {"any": ["value", 1, None]}})
        return [
            Trial("Sự kiện đúng, chữ ký đúng", [self._signed(good)]),
            Trial("Cùng một sự kiện gửi lại lần thứ hai (trùng id)", [self._signed(good)] * 2),
            Trial(
                "Hai sự kiện của một nhiệm vụ đến ngược thứ tự",
                [self._signed(newer), self._signed(older)],
            ),
            Trial("Sự kiện xảy ra ba ngày trước, nay mới đến", [self._signed(late)]),
            Trial("Phiên bản chưa biết của một loại sự kiện (.v99)", [self._signed(version)]),
            Trial("Trường mới chưa biết trong sự kiện", [self._signed(field)]),
        ]

    def signatures(self) -> list[Trial]:
        """Return what concerns signatures: two to be taken, what is not ours to be refused."""
        event, other = self._event(), new_secret()
        both, mixed = self._signed(event, other, self.secret), self._signed(event)
        mixed.headers["webhook-signature"] = "v9,bm90aGluZw== " + mixed.headers["webhook-signature"]
        changed, bare = self._signed(event), Request(event, {})
        minutes = [timedelta(minutes=-10), timedelta(minutes=10)]
        return [
            Trial("Hai chữ ký khi đang đổi khóa, một chữ ký đúng", [both]),
            Trial("Chữ ký kiểu chưa biết đứng cạnh chữ ký v1 đúng", [mixed]),
            Trial("Chữ ký của khóa khác", [self._signed(event, other)], taken=False),
            Trial(
                "Nội dung bị sửa sau khi ký",
                [Request(changed.body.replace(b"NV-", b"XX-"), changed.headers)],
                taken=False,
            ),
            Trial("Không có chữ ký", [bare], taken=False),
            *(
                Trial(title, [self._signed(event, at=self.now + by)], taken=False)
                for title, by in zip(
                    ("Chữ ký đúng nhưng cũ mười phút (phát lại)", "Chữ ký đúng của mười phút sau"),
                    minutes,
                    strict=True,
                )
            ),
        ]

    def _event(
        self,
        *,
        version: int = 1,
        later: bool = False,
        time: datetime | None = None,
        more: Mapping[str, Any] | None = None,
        **changed: str,
    ) -> bytes:
        made = example(AssignmentChanged if later else AssignmentCreated)
        event = outside(made).model_dump(mode="json", exclude_none=True)
        when = (time or self.now).isoformat()
        event |= {"id": str(self.new_id()), "subject": self.subject, "time": when, **changed}
        event["aggregateversion"] = version
        state = event["data"]["assignment"]
        state |= {"assignment_id": self.subject, "version": version, "number": "NV-0000-0001"}
        event["data"] |= more or {}
        return json.dumps(event, ensure_ascii=False).encode()

    def _signed(self, body: bytes, *secrets: str, at: datetime | None = None) -> "_Mutable":
        id_ = json.loads(body)["id"]
        return _Mutable(body, signed(secrets or [self.secret], id_, at or self.now, body))


@dataclass(frozen=True)
class _Mutable(Request):
    headers: dict[str, str]
