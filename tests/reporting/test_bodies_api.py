"""Blocks and bodies: kept by administrators and the Office, read by everybody of the staff."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.reporting.conftest import UNITS
from tests.reporting.office import ROLES

from chassis.directory import person

BLOCK = {"code": "K1", "name": "Các phòng", "kind": "internal_units"}


@pytest.fixture
async def block(office) -> dict:
    return (await office.post("admin", "/v1/blocks", BLOCK)).json()


async def changed(office, who: str, path: str, body: dict, version: int):
    client = await office.client(who)
    return await client.patch(path, json=body, headers={"If-Match": f'"{version}"'})


@pytest.mark.parametrize("role", ROLES)
async def test_the_office_and_administrators_make_blocks_and_everybody_reads_them(office, role):
    answer = await office.post(role, "/v1/blocks", BLOCK)
    assert answer.status_code == (201 if role in {"office", "admin"} else 403)
    assert (await office.get(role, "/v1/blocks")).status_code == 200
    assert (await office.get(role, "/v1/bodies")).status_code == 200


async def test_a_body_stands_in_its_block_and_says_why_it_cannot_be_assessed(office, block):
    body = {"code": "A", "name": "Phòng A", "block_id": block["id"], "unit_id": str(UNITS[1]),
            "ineligible_reason": "Mới thành lập"}  # fmt: skip
    made = (await office.post("office", "/v1/bodies", body)).json()
    assert (made["eligible"], made["ineligible_reason"]) == (False, "Mới thành lập")
    answer = await changed(
        office, "admin", f"/v1/bodies/{made['id']}", {"ineligible_reason": None}, 1
    )
    assert (answer.json()["eligible"], answer.json()["version"]) == (True, 2)
    listed = (await office.get("auditor", "/v1/bodies", block=block["id"])).json()["data"]
    assert [each["code"] for each in listed] == ["A"]
    elsewhere = (await office.get("auditor", "/v1/bodies", block=str(uuid4()))).json()["data"]
    assert elsewhere == []


async def test_who_saw_an_older_version_changes_nothing(office, block):
    path = f"/v1/blocks/{block['id']}"
    assert (await changed(office, "office", path, {"name": "Các phòng"}, 1)).status_code == 200
    assert (await changed(office, "office", path, {"name": "Khác"}, 1)).status_code == 412


async def test_codes_units_and_our_own_department_come_once(office, block):
    assert (await office.post("office", "/v1/blocks", BLOCK)).json()["code"] == "block_exists"
    body = {"code": "A", "name": "A", "unit_id": str(UNITS[1]), "own": True}
    first = await office.post("office", "/v1/bodies", body)
    assert (first.status_code, first.json()["own"]) == (201, True)
    for again in ({**body, "code": "B"}, {**body, "own": False, "code": "B"},
                  {**body, "own": False, "unit_id": None}):  # fmt: skip
        answer = await office.post("office", "/v1/bodies", again)
        assert (answer.status_code, answer.json()["code"]) == (409, "body_exists")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "B", "name": "B", "block_id": str(uuid4())}, "reference_unknown"),
        ({"code": "B", "name": "B", "unit_id": str(uuid4())}, "reference_unknown"),
        ({"code": "B", "name": "B", "people": [str(uuid4())]}, "person_unknown"),
    ],
)
async def test_what_a_body_names_must_exist(office, body, code):
    answer = await office.post("office", "/v1/bodies", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_appraiser_has_that_role_in_the_directory(office, database, block):
    async with database.sessions() as session:
        found = await session.scalar(select(person.c.id).where(person.c.role == "auditor"))
    path = f"/v1/blocks/{block['id']}"
    answer = await changed(office, "office", path, {"appraisers": [str(found)]}, 1)
    assert (answer.status_code, answer.json()["code"]) == (422, "appraiser_role")
