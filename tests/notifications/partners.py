"""Partners as tests make them: by the administrator, and their programs with a token."""

from datetime import date, timedelta
from typing import Any

import httpx

from chassis.ids import new_id

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
