"""Partners as tests make them: by the administrator, and their programs with a token."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from chassis.database import Database
from chassis.ids import new_id
from devstack.issuer.people import DemoPerson
from notifications.partners.models import Partner

TOKEN = "/v1/partners/token"
BODY: dict[str, Any] = {
    "name": "Trục liên thông văn bản", "organisation": "Sở Khoa học và Công nghệ",
    "contact_email": "truc@skhcn.example", "event_types": ["tasks.*"],
    "read_apis": ["figures"], "unit_ids": None, "origins": [], "subject": None,
    "expires_on": str(date.today() + timedelta(days=30)),  # noqa: DTZ011 - a month hence
}  # fmt: skip


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


class Office:
    """The administrator's hands on partners."""

    def __init__(self, admin: httpx.AsyncClient) -> None:
        self.admin = admin

    async def partner(self, **changed: Any) -> dict[str, Any]:
        answer = await self.post("/v1/partners", {**BODY, **changed})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def credential(self, partner: dict[str, Any]) -> dict[str, Any]:
        answer = await self.post(f"/v1/partners/{partner['id']}/credentials", {})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.admin.post(path, json=body, headers=key())

    async def change(self, partner: dict[str, Any], **facts: Any) -> httpx.Response:
        found = await self.admin.get(f"/v1/partners/{partner['id']}")
        headers = {"If-Match": found.headers["etag"]}
        return await self.admin.patch(f"/v1/partners/{partner['id']}", json=facts, headers=headers)


def form(credential: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials", "client_id": credential["client_id"],
        "client_secret": credential["client_secret"], **more,
    }  # fmt: skip


def external_subject() -> str:
    """Return the `sub` of the development issuer's tokens for the external system."""
    return DemoPerson(employee_code="external", name="", post="", email="", role="").subject


async def enter_partner(database: Database, subject: str) -> None:
    """Enter a partner that may get all events, straight into the database."""
    async with database.sessions.begin() as session:
        session.add(
            Partner(
                id=new_id(), version=1, name="Hệ thống thử nghiệm", organisation="Đơn vị khác",
                contact_email="external@snv.example", event_types=["*"], read_apis=[],
                unit_ids=None, origins=[], subject=subject, expires_on=date(2099, 12, 31),
                created_at=datetime.now(UTC), created_by=new_id(),
            )
        )  # fmt: skip
