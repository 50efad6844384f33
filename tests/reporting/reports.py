"""Reports as people make them: asked for, their jobs run, read, signed."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from docx import Document
from sqlalchemy import text
from tests.reporting.conftest import accepted, assignment, created, envelope, plan

from chassis.clock import local_date

YEAR = {"kind": "periodic", "from": "2024-12-15", "to": "2025-12-14"}
TODAY = local_date(datetime.now(UTC))
SIGNED = {
    "number": "5", "signed_on": TODAY.isoformat(),
    "signer_titles": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
    "signer_name": "Nguyễn Thị Ánh",
}  # fmt: skip
SENT = {"recipient": "UBND tỉnh", "sent_on": TODAY.isoformat(), "channel": "document_axis"}


class Reports:
    """The people of the office at the doors of reports."""

    def __init__(self, office, consumer) -> None:
        self.office, self.consumer = office, consumer
        self.plan_id: UUID = uuid4()

    async def work(self, done: int = 2, open_: int = 3, late: int = 1) -> None:
        """Let a plan of 2025 have assignments: some done in time or late, some overdue."""
        made = [assignment(self.plan_id, n, unit=n % 3) for n in range(1, done + open_ + late + 1)]
        events: list[Any] = [plan(self.plan_id), *(created(state) for state in made)]
        events += [accepted(state) for state in made[:done]]
        events += [accepted(state, on=state.due_on.replace(month=8)) for state in made[-late:]]
        await self.consumer.apply([envelope(event) for event in events])

    async def make(self, who: str = "office", **facts) -> dict[str, Any]:
        """Ask for a report, run its job and read it."""
        answer = await self.office.post(who, "/v1/reports", {**YEAR, **facts})
        assert answer.status_code == 202, answer.text
        await self.office.run_jobs()
        return await self.read(answer.json()["report_id"])

    async def read(self, id_: str, who: str = "office") -> dict[str, Any]:
        answer = await self.office.get(who, f"/v1/reports/{id_}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def act(self, who: str, report: dict[str, Any], act: str, body=None, version=None):
        """Do something with a report as it was seen; `act` "": change it."""
        client = await self.office.client(who)
        seen = report["version"] if version is None else version
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{seen}"'}
        method = "POST" if act else "PATCH"
        path = f"/v1/reports/{report['id']}" + (f"/{act}" if act else "")
        body = {"remarks_read": True, **(body or {})} if act == "check" else body
        return await client.request(method, path, json=body or {}, headers=headers)

    async def confirm(self, report: dict[str, Any]) -> None:
        """Let the administrator confirm everything composed that a report rests on."""
        body = {"source": "QĐ 1/QĐ-SNV", "keys": [each["key"] for each in report["composed"]]}
        path = f"/v1/report_kinds/{report['kind']}/confirm_source"
        answer = await self.office.post("admin", path, body)
        assert answer.status_code == 200, answer.text

    async def sign(self, report: dict[str, Any], **facts) -> dict[str, Any]:
        """Check, confirm and sign a report."""
        checked = await self.act("office", report, "check")
        await self.confirm(report)
        answer = await self.act("office", checked.json(), "sign", {**SIGNED, **facts})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def word(self, report: dict[str, Any], who: str = "office"):
        answer = await self.office.get(who, f"/v1/reports/{report['id']}/document.docx")
        assert answer.status_code == 200, answer.text
        return Document(io.BytesIO(answer.content))

    async def rows(self, query: str, **facts):
        async with self.office.database.sessions() as session:
            return (await session.execute(text(query), facts)).all()


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {each["id"]: each["value"] for each in report["figures"]}


def shown(report: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["shown"] for each in report["figures"]}


def sentences(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for section in report["sections"] for each in section["sentences"]}


def words(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]
