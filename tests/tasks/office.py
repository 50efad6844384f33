"""A small department for the tests of doors and actions: issuer, callers, what was announced."""

import json
import time
from datetime import date
from pathlib import Path

import httpx
import yaml
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text

from chassis.access import IssuerKeys, TokenVerifier
from chassis.clock import database_now, local_date
from chassis.database import Database
from chassis.files import FileStore
from chassis.ids import new_id
from chassis.jobs import JobRunner
from chassis.messaging import feed_api
from chassis.web import create_app
from tasks import jobs
from tasks.access import RIGHTS
from tasks.app import ROUTERS
from tasks.directory.founder import find_actor_or_founder

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
DOCUMENT = {
    "number": "45/KH-SNV", "issued_on": "2025-01-02", "signer_authority": "KT. GIÁM ĐỐC",
    "signer_post": "PHÓ GIÁM ĐỐC", "signer_name": "Nguyễn Văn A",
}  # fmt: skip
DEMO = Path(__file__).parents[2] / "demo"
ISSUER = "https://issuer.test"
_KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})


def demo(name: str):
    return yaml.safe_load((DEMO / name).read_text())


ROLES = {person["employee_code"]: person["role"] for person in demo("people.yaml")["people"]}


def token(code: str, **changed) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": "cchc", "sub": f"login-{code}", "exp": now + 3600, "iat": now,
        "employee_code": code, "name": code, "roles": [ROLES.get(code, "office")], **changed,
    }  # fmt: skip
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, _KEY, algorithms=["RS256"])


def _keys() -> IssuerKeys:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        return httpx.Response(200, json={"keys": [_KEY.as_dict(private=False)]})

    return IssuerKeys(ISSUER, httpx.AsyncClient(transport=httpx.MockTransport(answer)))


def key(value: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": value or str(new_id())}


class Caller:
    """Somebody at the doors of the service, by employee code."""

    def __init__(self, app, code: str, **claims):
        headers = {"Authorization": f"Bearer {token(code, **claims)}"}
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://tasks", headers=headers
        )

    async def get(self, path: str, **query) -> httpx.Response:
        return await self.http.get(path, params=query)

    async def post(self, path: str, body=None, *, seen=None, key_=None) -> httpx.Response:
        headers = {**key(key_), **_if_match(seen)}
        return await self.http.post(path, json=body or {}, headers=headers)

    async def patch(self, path: str, body, *, seen=None) -> httpx.Response:
        return await self.http.patch(path, json=body, headers=_if_match(seen))

    async def put(self, path: str, body, *, seen=None) -> httpx.Response:
        """`seen` 0: nothing was there yet."""
        headers = {"If-None-Match": "*"} if seen == 0 else _if_match(seen)
        return await self.http.put(path, json=body, headers=headers)

    async def upload(self, path: str, name: str, content: bytes) -> httpx.Response:
        return await self.http.post(path, files={"file": (name, content)}, headers=key())


def _if_match(seen) -> dict[str, str]:
    return {} if seen is None else {"If-Match": f'"{seen}"'}


class Department:
    """The service on one database, and everybody who may come to its doors."""

    def __init__(self, database: Database, folder: Path):
        self.database = database
        self.files = FileStore(f"file://{folder}")
        self.app = create_app(
            "tasks", [*ROUTERS, feed_api.router], database, policies=RIGHTS,
            tokens=TokenVerifier(ISSUER, keys=_keys()), cursor_secret="of the tests",
            files=self.files, actors=find_actor_or_founder,
        )  # fmt: skip
        self._callers: dict[str, Caller] = {}

    def __getattr__(self, code: str) -> Caller:
        """`department.office`, `department.unit_head_ldvl` and so on."""
        if code.startswith("_"):
            raise AttributeError(code)
        return self._callers.setdefault(code, Caller(self.app, code))

    def someone(self, code: str, **claims) -> Caller:
        return Caller(self.app, code, **claims)

    async def run_jobs(self) -> int:
        runner, ran = JobRunner(self.database, jobs.functions(self.files)), 0
        while await runner.run_one():
            ran += 1
        return ran

    async def run_clock(self, work) -> int:
        async with self.database.sessions.begin() as session:
            return await work(session, await database_now(session))

    async def today(self) -> date:
        async with self.database.sessions() as session:
            return local_date(await database_now(session))

    async def rows(self, query: str, **facts):
        async with self.database.sessions() as session:
            return (await session.execute(text(query), facts)).all()

    async def execute(self, statement: str, **facts) -> None:
        async with self.database.sessions.begin() as session:
            await session.execute(text(statement), facts)

    async def events(self, of_type: str = "") -> list[dict]:
        """Envelopes of the log, oldest first, of types ending like `of_type.v1`."""
        found = await self.rows("SELECT envelope FROM event_log ORDER BY seq")
        events = [json.loads(row.envelope) for row in found]
        return [event for event in events if event["type"].endswith(f"{of_type}.v1")]

    # ---------------------------------------------------------------- longer steps

    async def add_directory(self) -> None:
        """Everything of the demo's directory, added by the founder and then by the admin."""
        ids = {}
        for unit in demo("units.yaml")["units"]:
            body = {name: unit[name] for name in ("code", "name", "kind", "aliases", "sort_order")}
            answer = await self.admin.post(
                "/v1/units", {**body, "parent_id": ids.get(unit["parent"])}
            )
            ids[unit["code"]] = answer.json()["id"]
        for person in demo("people.yaml")["people"]:
            answer = await self.admin.post(
                "/v1/people", {**{n: v for n, v in person.items() if n != "unit"},
                               "unit_id": ids[person["unit"]]},
            )  # fmt: skip
            assert answer.status_code == 201, answer.text
        for year, known in demo("calendar.yaml")["years"].items():
            days = [{n: str(d[n]) if n == "day" else d[n] for n in ("day", "working", "name")}
                    for d in known["days"]]  # fmt: skip
            await self.put_calendar(year, days)

    async def put_calendar(self, year: int, days: list[dict]) -> None:
        found = (await self.office.get(f"/v1/calendar/{year}")).json()
        seen = found.get("version", 0)
        answer = await self.office.put(f"/v1/calendar/{year}", {"days": days}, seen=seen)
        assert answer.status_code == 200, answer.text

    async def document(self, who: str = "office") -> dict:
        """What a document needs to be issued, its signed copy uploaded."""
        copy = await getattr(self, who).upload("/v1/files", "ban_da_ky.pdf", PDF)
        assert copy.status_code == 201, copy.text
        return {**DOCUMENT, "signed_copy_id": copy.json()["id"]}

    async def add_plan(self, *, active: bool = True, **facts) -> dict:
        plan = demo("plan.yaml")
        names = ("year", "title", "closes_on", "legal_bases", "targets")
        body = json.loads(json.dumps({name: plan[name] for name in names}, default=str))
        body |= {**await self.document(), **facts}
        made = (await self.office.post("/v1/plans", body)).json()
        if active:
            answer = await self.office.post(f"/v1/plans/{made['id']}/activate")
            assert answer.status_code == 200, answer.text
            made = answer.json()
        return made

    async def read_appendix(self, plan_id: str, name: str = "phu_luc_2025.docx") -> str:
        """Upload and read an appendix of the demo; return the import's id."""
        content = (DEMO / name).read_bytes()
        started = await self.office.upload(f"/v1/plans/{plan_id}/imports", name, content)
        assert started.status_code == 202, started.text
        await self.run_jobs()
        return started.json()["import_id"]

    async def waiting_import(self) -> str:
        """The path of the one import there is."""
        [row] = await self.rows("SELECT id FROM appendix_import")
        return f"/v1/imports/{row.id}"

    async def units(self) -> dict[str, str]:
        """Ids of units by code."""
        return {row.code: str(row.id) for row in await self.rows("SELECT code, id FROM unit")}

    async def one(self, **filters) -> dict:
        """The first assignment the office finds."""
        found = await self.office.get("/v1/assignments", limit=1, **filters)
        return found.json()["data"][0]
