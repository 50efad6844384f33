"""An inspection on its way, for the tests of its doors: planned, announced, visited, concluded."""

from datetime import date, timedelta
from typing import Any

from tests.tasks.office import Department

PATH = "/v1/inspections"
RECORDS = [{"what": "Kế hoạch CCHC của đơn vị"}, {"what": "Sổ theo dõi hồ sơ"}]


async def people(department: Department) -> dict[str, str]:
    rows = await department.rows("SELECT employee_code, id FROM person")
    return {row.employee_code: str(row.id) for row in rows}


async def facts(department: Department, **changed: Any) -> dict[str, Any]:
    """CCHC is inspected today and tomorrow, by TĐKT's head, LĐVL's officer, NCC's in reserve."""
    known, today = await people(department), await department.today()
    return {
        "body": "government", "method": "planned", "unit_id": (await department.units())["CCHC"],
        "starts_on": str(today), "ends_on": str(today + timedelta(days=1)),
        "subject": "Công tác cải cách hành chính", "head_id": known["unit_head_tdkt"],
        "member_ids": [known["unit_officer_ldvl"]], "substitute_ids": [known["unit_officer_ncc"]],
        "records": RECORDS, **changed,
    }  # fmt: skip


async def plan(department: Department, who: str = "office", **changed: Any) -> dict[str, Any]:
    body = await facts(department, **changed)
    answer = await getattr(department, who).post(PATH, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(
    department: Department, inspection: dict[str, Any], name: str, body=None, who: str = "office"
):
    return await getattr(department, who).post(f"{PATH}/{inspection['id']}/{name}", body or {})


async def visited(department: Department, **changed: Any) -> dict[str, Any]:
    inspection = await plan(department, **changed)
    if inspection["method"] != "unannounced":
        announced = await act(department, inspection, "announce", {"number": "12/TB-SNV"})
        assert announced.status_code == 200, announced.text
    came = {"visited_on": str(await department.today())}
    answer = await act(department, inspection, "visit", came)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def find(department: Department, inspection: dict[str, Any], who="office", **said: Any):
    body = {"kind": "shortcoming", "text": "Chậm trả hồ sơ", "criterion_code": "3.2", **said}
    return await act(department, inspection, "findings", body, who)


async def conclusion(
    department: Department, inspection: dict[str, Any], **changed: Any
) -> dict[str, Any]:
    """The body that concludes: each finding is for CCHC to remedy."""
    shown = (await department.office.get(f"{PATH}/{inspection['id']}")).json()
    [plan] = await department.rows("SELECT id FROM plan WHERE status = 'active'")
    unit = (await department.units())["CCHC"]
    return {
        "number": "15/TB-SNV", "issued_on": str(await department.today()),
        "text": "Đơn vị thực hiện khá tốt.\nCần khắc phục ngay.", "plan_id": str(plan.id),
        "remediations": [
            {"finding_id": each["id"], "lead_unit_id": unit, "what": "Rà soát quy trình"}
            for each in shown["findings"]
        ],
        **changed,
    }  # fmt: skip


async def concluded(department: Department, *codes: str, **changed: Any) -> dict[str, Any]:
    inspection = await visited(department, **changed)
    for code in codes:
        assert (await find(department, inspection, criterion_code=code)).status_code == 201
    body = await conclusion(department, inspection)
    answer = await act(department, inspection, "conclude", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def day(text: str) -> date:
    return date.fromisoformat(text)
