"""Versions of criteria sets over HTTP: files, changed drafts, differences, publishing."""

import copy
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import yaml
from sqlalchemy import select
from tests.reporting.criteria_sets import cell_of, with_cells

from reporting.criteria.models import DocumentLink

SETS = "/v1/criteria_sets"
ROWS = "Tiêu chí"


@pytest.fixture
async def draft(office, demo_criteria):
    return (await office.post("office", SETS, demo_criteria)).json()


async def upload(office, name: str, content: bytes, who: str = "office"):
    client = await office.client(who)
    headers = {"Idempotency-Key": str(uuid4())}
    return await client.post(f"{SETS}/imports", files={"file": (name, content)}, headers=headers)


async def change(office, draft, path: str, body, who: str = "office"):
    client = await office.client(who)
    headers = {"If-Match": f'"{draft["version"]}"'}
    return await client.patch(f"{SETS}/{draft['id']}{path}", json=body, headers=headers)


async def stored(office) -> int:
    return len((await office.get("office", SETS)).json()["data"])


async def test_a_workbook_taken_away_comes_back_as_the_next_version_and_says_the_same(
    office, draft
):
    file = await office.get("auditor", f"{SETS}/{draft['id']}.xlsx")
    made = await upload(office, "bo.xlsx", file.content)

    assert "par-so-2025-v1.xlsx" in file.headers["content-disposition"]
    assert made.status_code == 201
    assert made.headers["location"] == f"{SETS}/{made.json()['id']}"
    assert (made.json()["set_version"], made.json()["status"]) == (2, "draft")
    assert made.json()["body"] == draft["body"]


async def test_a_text_taken_away_comes_back_as_the_next_version(office, draft):
    file = await office.get("auditor", f"{SETS}/{draft['id']}.yaml")
    made = (await upload(office, "bo.yaml", file.content, "admin")).json()

    assert yaml.safe_load(file.text)["code"] == "par-so-2025"
    assert made["body"] == draft["body"]


async def test_a_workbook_that_does_not_add_up_is_told_by_cell_and_nothing_is_stored(office, draft):
    content = (await office.get("office", f"{SETS}/{draft['id']}.xlsx")).content
    cell = cell_of(content, ROWS, "1.3", "Điểm tối đa")

    answer = await upload(office, "bo.xlsx", with_cells(content, ROWS, {cell: "2,5"}))

    assert answer.status_code == 422
    assert answer.json()["code"] == "criteria_file_invalid"
    messages = {error["pointer"]: error["message"] for error in answer.json()["errors"]}
    assert f"ô {cell}: 1.3: điểm các phần cộng lại là 2" in messages[f"/{ROWS}/{cell}"]
    assert await stored(office) == 1


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("bo.docx", 415, "criteria_file_wrong_kind"), ("bo.xlsx", 415, "criteria_file_unreadable")],
)
async def test_another_kind_of_file_is_refused(office, name, status, code):
    answer = await upload(office, name, b"no such file")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_draft_may_not_add_up_while_it_is_changed_and_is_not_published_so(office, draft):
    points = {"max_points": "1"}

    first = (await change(office, draft, "/parts/1.1.2", points)).json()
    refused = await office.post("office", f"{SETS}/{draft['id']}/publish")
    rule = {"method": "boolean", "condition": "đủ", "true_points": "1", "false_points": "0"}
    second = (await change(office, first, "/parts/1.1.2", {"rule": rule})).json()
    third = (await change(office, second, "/parts/1.1", {"max_points": "3"})).json()

    assert {each["pointer"] for each in first["problems"]} == {
        "/areas/0/criteria/0/max_points",
        "/areas/0/criteria/0/sub_criteria/1/rule/true_points",
    }
    assert refused.status_code == 422
    assert [each["pointer"] for each in third["problems"]] == ["/areas/0/max_points"]
    assert third["version"] == draft["version"] + 3


async def do(office, draft, path: str, body=None, who: str = "office"):
    client = await office.client(who)
    headers = {"If-Match": f'"{draft["version"]}"', "Idempotency-Key": str(uuid4())}
    return await client.post(f"{SETS}/{draft['id']}{path}", json=body or {}, headers=headers)


def codes_of(made) -> list[str]:
    return [
        sub["code"]
        for area in made["body"]["areas"]
        for criterion in area["criteria"]
        for sub in criterion["sub_criteria"]
    ]


async def test_a_version_in_force_is_begun_anew_as_a_draft_that_says_the_same(office, draft):
    await office.post("office", f"{SETS}/{draft['id']}/publish")
    made = await office.post("admin", f"{SETS}/{draft['id']}/versions", {})

    assert made.status_code == 201
    assert (made.json()["set_version"], made.json()["status"]) == (2, "draft")
    assert made.json()["body"] == draft["body"]
    assert "change" in made.json()["allowed"]
    next_year = await office.post("office", f"{SETS}/{draft['id']}/versions", {"year": 2026})
    assert (next_year.json()["year"], next_year.json()["body"]["year"]) == (2026, 2026)
    assert (await office.post("director", f"{SETS}/{draft['id']}/versions")).status_code == 403


async def test_another_code_takes_what_stands_below_along_and_the_links_of_the_draft(
    office, draft, database
):
    async with database.sessions.begin() as session:
        session.add(
            DocumentLink(document_id=uuid4(), criteria_set_id=UUID(draft["id"]),
                         sub_criterion="1.1.2", confirmed_by=uuid4(),
                         confirmed_at=datetime.now(UTC))
        )  # fmt: skip
    made = (await change(office, draft, "/parts/1.1", {"code": "1.20"})).json()

    assert {"1.20.1", "1.20.2", "1.20.3"} <= set(codes_of(made))
    assert not [code for code in codes_of(made) if code.startswith("1.1.")]
    assert made["problems"] == []
    async with database.sessions() as session:
        assert list(await session.scalars(select(DocumentLink.sub_criterion))) == ["1.20.2"]


async def test_the_links_of_a_row_follow_its_code_and_that_of_no_part_it_does_not_stand_below(
    office, draft, database
):
    moved = (await change(office, draft, "/parts/1.1.2", {"code": "2.1.99"})).json()
    async with database.sessions.begin() as session:
        for code in ("1.1.1", "2.1.1", "2.1.99"):
            session.add(
                DocumentLink(document_id=uuid4(), criteria_set_id=UUID(draft["id"]),
                             sub_criterion=code, confirmed_by=uuid4(),
                             confirmed_at=datetime.now(UTC))
            )  # fmt: skip
    made = (await change(office, moved, "/parts/2", {"code": "90"})).json()

    assert {"1.1.1", "2.1.99", "90.1.1"} <= set(codes_of(made)), "it stands below area 1"
    async with database.sessions() as session:
        links = await session.scalars(select(DocumentLink.sub_criterion))
        assert sorted(links) == ["1.1.1", "2.1.99", "90.1.1"]


async def test_a_code_that_a_row_below_would_have_twice_is_refused(office, draft):
    moved = (await change(office, draft, "/parts/1.1.2", {"code": "90.1.1"})).json()
    answer = await change(office, moved, "/parts/2", {"code": "90"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/code")
    assert "90.1.1" in answer.json()["detail"]


async def test_a_row_gets_another_method_and_the_checker_says_what_is_missing(office, draft):
    rule = {"method": "survey_index", "factor": "F1"}
    made = (await change(office, draft, "/parts/1.1.2", {"rule": rule})).json()
    assert [each["pointer"] for each in made["problems"]] == [
        "/areas/0/criteria/0/sub_criteria/1/feeds_from"
    ]
    made = (await change(office, made, "/parts/1.1.2", {"feeds_from": "surveys"})).json()
    assert made["problems"] == []


async def test_rows_are_added_and_taken_out_and_what_does_not_add_up_is_named(office, draft):
    row = {"parent": "1.1", "code": "1.1.4", "name": "Một dòng mới", "max_points": "0.5"}
    made = await do(office, draft, "/parts", row)
    assert made.status_code == 201, made.text
    assert codes_of(made.json())[3] == "1.1.4", "last below its parent"
    assert [each["pointer"] for each in made.json()["problems"]] == [
        "/areas/0/criteria/0/max_points"
    ]
    twice = await do(office, made.json(), "/parts", row)
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "/code")
    below = await do(office, made.json(), "/parts", {**row, "parent": "1.1.1", "code": "1.1.1.1"})
    assert below.json()["errors"][0]["pointer"] == "/parent"
    assert (await do(office, made.json(), "/parts", {**row, "parent": "9.9"})).status_code == 404
    gone = await do(office, made.json(), "/parts/1.1.4/remove")
    assert gone.json()["body"] == draft["body"]
    assert gone.json()["problems"] == []


async def test_an_area_is_added_with_a_first_criterion_and_row_below_it(office, draft):
    area = {"code": "9", "name": "Lĩnh vực mới", "max_points": "2"}
    made = (await do(office, draft, "/parts", area)).json()
    assert codes_of(made)[-1] == "9.1.1"
    assert [each["pointer"] for each in made["problems"]] == ["/total_points"]
    alone = await do(office, made, "/parts/9.1.1/remove")
    assert alone.status_code == 422
    assert "9.1.1 là phần duy nhất của 9.1" in alone.json()["detail"]
    assert (await do(office, made, "/parts/9/remove")).json()["body"] == draft["body"]


async def test_what_is_in_force_gets_and_loses_no_row(office, draft):
    await office.post("office", f"{SETS}/{draft['id']}/publish")
    row = {"parent": "1.1", "code": "1.1.4", "name": "Một dòng mới", "max_points": "0.5"}
    for path, body in (("/parts", row), ("/parts/1.1.1/remove", None)):
        answer = await do(office, draft, path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "criteria_set_published")
    stale = await do(office, {**draft, "version": 99}, "/parts", row)
    assert stale.status_code == 409


async def test_two_people_change_one_draft_and_the_later_is_told(office, draft):
    done = await change(office, draft, "/parts/1.1.2", {"name": "Tên mới"})
    stale = await change(office, draft, "/parts/1.1.3", {"name": "Tên khác"}, "admin")

    assert (done.status_code, stale.status_code) == (200, 412)
    assert done.headers["etag"] == f'"{done.json()["version"]}"'


@pytest.mark.parametrize(
    ("path", "body", "status", "pointer"),
    [
        ("/parts/1.1.2", {"max_points": "nhiều"}, 422, "/max_points"),
        ("/parts/1.1.2", {"name": None}, 422, "/name"),
        ("/parts/1.1.2", {"code": "1.1.3"}, 422, "/code"),
        ("/parts/1.1.2", {"code": "một hai"}, 422, "/code"),
        ("/parts/1.1", {"rule": {}}, 422, "/rule"),
        ("", {"year": 2026}, 422, "/year"),
        ("", {"grade_bands": [{"name": "A", "at_least": "x"}]}, 422, "/grade_bands/0/at_least"),
        ("/parts/9.9.9", {"name": "x"}, 404, None),
    ],
)
async def test_what_cannot_be_read_is_named_and_changes_nothing(
    office, draft, path, body, status, pointer
):
    answer = await change(office, draft, path, body)

    assert answer.status_code == status
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    now = (await office.get("office", f"{SETS}/{draft['id']}")).json()
    assert now["body"] == draft["body"]


async def test_a_published_version_never_changes_and_the_next_one_says_what_it_changes(
    office, draft, demo_criteria
):
    await office.post("office", f"{SETS}/{draft['id']}/publish")
    later = copy.deepcopy(demo_criteria)
    later["title"] = "Bộ tiêu chí theo quyết định mới"
    made = (await office.post("office", SETS, later)).json()

    fixed = await change(office, draft, "/parts/1.1.2", {"name": "Tên mới"})
    told = (await office.get("director", f"{SETS}/{made['id']}/differences")).json()
    english = await (await office.client("director")).get(
        f"{SETS}/{made['id']}/differences", headers={"Accept-Language": "en"}
    )

    assert (fixed.status_code, fixed.json()["code"]) == (409, "criteria_set_published")
    assert told["since"]["id"] == draft["id"]
    (difference,) = told["differences"]
    assert difference["changes"] == [
        {
            "heading": "Tên bộ tiêu chí", "before": demo_criteria["title"],
            "after": "Bộ tiêu chí theo quyết định mới",
        }
    ]  # fmt: skip
    assert english.json()["differences"][0]["changes"][0]["heading"] == "Title of the set"


async def test_a_set_of_its_own_figure_takes_the_place_of_no_other(office, draft, demo_criteria):
    await office.post("office", f"{SETS}/{draft['id']}/publish")
    own = copy.deepcopy(demo_criteria) | {"code": "rieng", "serves": "own_figure"}
    made = (await office.post("office", SETS, own)).json()

    told = (await office.get("office", f"{SETS}/{made['id']}/differences")).json()
    await office.post("office", f"{SETS}/{made['id']}/publish")
    sheet = (await office.get("office", "/v1/indices/par/2025")).json()

    assert told == {"since": None, "differences": [], "links_left": 0}
    assert sheet["criteria_set"]["id"] == draft["id"]
