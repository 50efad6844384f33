"""People of the department calling reporting's API, with tokens of the development issuer."""

from contextlib import AsyncExitStack
from uuid import uuid4

import httpx

from chassis.access import IssuerKeys, TokenVerifier
from chassis.files import FileStore
from chassis.jobs import JobRunner
from chassis.web import create_app
from contracts.tasks import PersonChanged, PersonState
from devstack.issuer.app import Issuer
from devstack.issuer.people import read_people
from devstack.issuer.settings import IssuerSettings
from devstack.issuer.tokens import person_claims
from reporting import jobs
from reporting.access import RIGHTS
from reporting.app import ROUTERS
from reporting.reports.mailing import Post

ISSUER = "http://issuer.test"
MORE = {"unit_head_2": "unit_head", "appraiser_2": "appraiser"}
"""A second person where two of a role meet."""
ROLES = ("director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin")


class Office:
    """One client per role, on the reporting application in this process."""

    def __init__(self, database, folder):
        people = folder / "people.yaml"
        people.write_text(
            "\n".join(
                f"- {{employee_code: {code}, name: {code}, post: x, email: {code}@snv.example,"
                f" role: {role}, unit: VP}}"
                for code, role in [*((r, r) for r in (*ROLES, "external_system")), *MORE.items()]
            )
        )
        key = folder.parent / "issuer_key.json"  # of all tests: a new one each would take longer
        settings = IssuerSettings(
            NHIP_ENVIRONMENT="development", OIDC_ISSUER=ISSUER, SERVICE_CLIENT_SECRET="s",
            ISSUER_KEY_FILE=key, ISSUER_PEOPLE_FILE=people,
        )  # fmt: skip
        self.issuer = Issuer(settings)
        self.people = {p.employee_code: p for p in read_people(people)}
        keys = IssuerKeys(
            ISSUER, httpx.AsyncClient(transport=httpx.ASGITransport(self.issuer.app()))
        )
        self.app = create_app(
            "reporting", ROUTERS, database, policies=RIGHTS,
            tokens=TokenVerifier(ISSUER, keys=keys), cursor_secret="secret of the tests",
            files=FileStore(f"file://{folder}/files"),
        )  # fmt: skip
        self.database = database
        self.letters = Post("smtp://127.0.0.1:9", "Sở Nội vụ <so@snv.example>")
        self.stack = AsyncExitStack()
        self.ids = {code: uuid4() for code in self.people}

    def people_changed(self, unit_id):
        return [
            PersonChanged(
                person=PersonState(
                    person_id=self.ids[code], version=1, employee_code=code, name=code, post="x",
                    email=f"{code}@snv.example", role=person.role, unit_id=unit_id, login=None,
                    active=True,
                )
            )
            for code, person in self.people.items()
        ]  # fmt: skip

    async def client(self, who: str | None) -> httpx.AsyncClient:
        headers = {}
        if who:
            token = self.issuer.signer.access(person_claims(self.people[who]))
            headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self.app)
        made = httpx.AsyncClient(
            transport=transport, base_url="http://reporting.test", headers=headers
        )
        return await self.stack.enter_async_context(made)

    async def post(self, who: str, path: str, body=None):
        client = await self.client(who)
        return await client.post(path, json=body or {}, headers={"Idempotency-Key": str(uuid4())})

    async def run_jobs(self) -> None:
        """Run every job that waits."""
        runner = JobRunner(self.database, jobs.functions(self.app.state.files, self.letters))
        while await runner.run_one():
            pass

    async def get(self, who: str | None, path: str, **query):
        return await (await self.client(who)).get(path, params=query)
