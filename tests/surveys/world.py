"""A small department with a survey: issuer, callers, citizens, what was stored and announced."""

import json
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import yaml
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import insert, text

from chassis import tables
from chassis.access import Actor, IssuerKeys, TokenVerifier
from chassis.clock import database_now, local_date
from chassis.database import Database
from chassis.ids import new_id
from surveys import app as application

DEMO = Path(__file__).parents[2] / "demo"
ISSUER = "https://issuer.test"
ROLES = {
    "director": "director", "office": "office", "appraiser": "appraiser", "auditor": "auditor",
    "admin": "admin", "unit_head": "unit_head", "unit_officer": "unit_officer",
    "external": "external_system",
}  # fmt: skip
_KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})


def questionnaire() -> dict:
    return yaml.safe_load((DEMO / "questionnaire.yaml").read_text())


SCALED = [
    question["code"]
    for part in questionnaire()["sections"]
    for question in part["questions"]
    if question["kind"] == "scale5"
]


def ballot(level: int = 4, **more) -> dict:
    """A full ballot as JSON, with a response id of its own."""
    return {"response_id": str(uuid4()), "answers": dict.fromkeys(SCALED, level), **more}


def form(level: int = 4, **more) -> dict[str, str]:
    """A full ballot as the form posts it."""
    return {"response_id": str(uuid4()), **dict.fromkeys(SCALED, str(level)), **more}


def token(code: str) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": "cchc", "sub": f"login-{code}", "exp": now + 300, "iat": now,
        "employee_code": code, "name": code, "roles": [ROLES[code]],
    }  # fmt: skip
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, _KEY, algorithms=["RS256"])


def _keys() -> IssuerKeys:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        return httpx.Response(200, json={"keys": [_KEY.as_dict(private=False)]})

    return IssuerKeys(ISSUER, httpx.AsyncClient(transport=httpx.MockTransport(answer)))


def in_one_piece(app):
    """Give an application each body whole, as uvicorn does when it came so: httpx never does."""

    async def given(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        pieces = [{"type": "http.request", "body": body, "more_body": False}]

        async def whole():
            return pieces.pop() if pieces else await receive()

        await app(scope, whole, send)

    return given


class World:
    """The service on one database. Units A, B, C; everybody works in A but the external one."""

    def __init__(self, database: Database):
        self.database = database
        service = application.build()
        self.app = service.http(database)
        self.app.state.tokens = TokenVerifier(ISSUER, keys=_keys())
        self.reception = self.app.state.reception
        self.front = in_one_piece(service.front(self.app))
        self.citizen = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.front), base_url="http://surveys"
        )
        self.units = self.unit_a, self.unit_b, self.unit_c = new_id(), new_id(), new_id()
        self.people: dict[str, UUID] = {}

    async def move_in(self) -> None:
        async with self.database.sessions.begin() as session:
            for order, (id_, code) in enumerate(zip(self.units, "ABC", strict=True), 1):
                row = {
                    "id": id_, "version": 1, "code": code, "name": f"Phòng {code}", "kind": "room",
                    "parent_id": None, "aliases": [], "sort_order": order, "active": True,
                }  # fmt: skip
                await session.execute(insert(tables.unit).values(row))
            for code, role in ROLES.items():
                row = {
                    "id": new_id(), "version": 1, "employee_code": code, "name": code, "post": code,
                    "email": f"{code}@snv.example", "role": role, "unit_id": self.unit_a,
                    "login": None, "active": True,
                }  # fmt: skip
                await session.execute(insert(tables.person).values(row))
                self.people[code] = row["id"]

    def actor(self, code: str = "office") -> Actor:
        return Actor(self.people[code], self.unit_a, ROLES[code], code, code)

    async def as_(
        self, code: str, method: str, path: str, body=None, *, key=None, language="vi", seen=None
    ):
        headers = {
            "Authorization": f"Bearer {token(code)}",
            "Idempotency-Key": key or str(uuid4()),
            "Accept-Language": language,
            **({} if seen is None else {"If-Match": f'"{seen}"'}),
        }
        return await self.citizen.request(method, path, json=body, headers=headers)

    async def get(self, path: str, code: str = "office"):
        return await self.as_(code, "GET", path)

    async def post(self, path: str, body=None, code: str = "office", **more):
        return await self.as_(code, "POST", path, body or {}, **more)

    async def made(self, path: str, body=None) -> dict:
        answer = await self.post(path, body)
        assert answer.is_success, answer.text
        return answer.json()

    async def today(self) -> date:
        async with self.database.sessions() as session:
            return local_date(await database_now(session))

    async def planned(self, *, opens_in: int = 0, days: int = 30, publish: bool = True) -> dict:
        """What to post for a round of units A and B."""
        asked = await self.made("/v1/questionnaires", questionnaire())
        if publish and asked["status"] == "draft":
            await self.made(f"/v1/questionnaires/{asked['id']}/publish")
        opens_on = await self.today() + timedelta(days=opens_in)
        return {
            "title": "Khảo sát thử", "year": 2025, "questionnaire_id": asked["id"],
            "method": "share", "aggregator": "pooled", "opens_on": opens_on.isoformat(),
            "closes_on": (opens_on + timedelta(days=days)).isoformat(), "min_n": 30,
            "unit_ids": [str(self.unit_a), str(self.unit_b)],
        }  # fmt: skip

    async def draft_round(
        self, *, opens_in: int = 0, days: int = 30, publish: bool = True, **said
    ) -> dict:
        """A round; `said` replaces or adds to what is posted."""
        planned = await self.planned(opens_in=opens_in, days=days, publish=publish)
        return await self.made("/v1/rounds", {**planned, **said})

    async def open_round(self, **more) -> dict:
        drafted = await self.draft_round(**more)
        return await self.made(f"/v1/rounds/{drafted['id']}/open")

    async def tickets(self, round_: dict, count: int, unit: UUID | None = None) -> list[str]:
        body = {"unit_id": str(unit or self.unit_a), "count": count}
        made = await self.made(f"/v1/rounds/{round_['id']}/tickets", body)
        return [ticket["code"] for ticket in made["tickets"]]

    async def link(self, round_: dict, unit: UUID | None = None) -> dict:
        body = {"unit_id": str(unit) if unit else None, "label": "Quầy số 1"}
        return await self.made(f"/v1/rounds/{round_['id']}/links", body)

    async def submit(self, code: str, body: dict) -> httpx.Response:
        return await self.citizen.post(f"/v1/public/{code}/responses", json=body)

    async def rows(self, query: str, **facts) -> list:
        async with self.database.sessions() as session:
            return list((await session.execute(text(query), facts)).all())

    async def count(self, table: str) -> int:
        return (await self.rows(f"SELECT count(*) FROM {table}"))[0][0]

    async def events(self, type_: str) -> list[dict]:
        found = await self.rows(
            "SELECT envelope FROM event_log WHERE type = :type ORDER BY seq", type=type_
        )
        return [json.loads(row.envelope) for row in found]
