"""Groups of units that an administrator puts together, and how a cell names them."""

from dataclasses import replace

import pytest
from tests.tasks.test_imports_review import upload, workbook

from tasks.directory.unit_book import KnownGroup, UnitBook

NAME = "Các sở, ban, ngành"


def book_of(units, *codes, names=(NAME,)) -> UnitBook:
    return UnitBook(units.values(), [KnownGroup(names, frozenset(units[c].unit_id for c in codes))])


def codes(match) -> list[str]:
    return [unit.code for unit in match.units]


def test_a_group_is_read_as_its_units_each_answering_for_its_own(demo_units):
    book = book_of(demo_units, "CCHC", "TĐKT", names=(NAME, "Các Sở, ngành"))

    for cell in ("Các sở, ban, ngành", "các sở - ban - ngành;", "Các Sở, ngành"):
        match = book.match(cell)
        assert (sorted(codes(match)), match.problems, match.everyone) == (
            ["CCHC", "TĐKT"], (), True,
        )  # fmt: skip


def test_a_group_stands_beside_units_and_other_groups(demo_units):
    match = book_of(demo_units, "CCHC", "TĐKT").match("Văn phòng Sở, các sở, ban, ngành, Phòng Lạ")

    assert set(codes(match)) == {"VP", "CCHC", "TĐKT"}
    assert [problem.text for problem in match.problems] == ["Phòng Lạ"]


def test_a_group_without_a_unit_that_still_works_is_asked_about(demo_units):
    closed = {**demo_units, "CCHC": replace(demo_units["CCHC"], active=False)}

    match = book_of(closed, "CCHC").match(NAME)

    assert (match.units, [each.problem for each in match.problems]) == ((), ["group"])


@pytest.mark.parametrize("name", ["NCC", "P. Cải cách hành chính"])
def test_a_name_of_a_group_and_of_a_unit_is_asked_about(demo_units, name):
    match = book_of(demo_units, "TĐKT", names=(NAME, name)).match(f"{name}; Văn phòng Sở")

    assert (codes(match), [(each.problem, each.text) for each in match.problems]) == (
        ["VP"], [("group", name)],
    )  # fmt: skip


@pytest.mark.parametrize("cell", ["Sở KH&CN", "sở KH & CN", "Sở KHCN; Sở LĐTB&XH", "Sở LĐ-TB&XH"])
def test_an_abbreviation_is_an_alias_whatever_stands_between_its_letters(demo_units, cell):
    science = replace(
        demo_units["CCHC"], code="S1", name="Sở Khoa học và Công nghệ",
        aliases=("Sở KH&CN", "Sở KHCN"),
    )  # fmt: skip
    labour = replace(
        demo_units["TĐKT"], code="S2", name="Sở Lao động - Thương binh và Xã hội",
        aliases=("Sở LĐTB&XH", "Sở LĐ-TB&XH"),
    )  # fmt: skip

    match = UnitBook([science, labour]).match(cell)

    assert match.problems == ()
    assert match.units


async def test_an_administrator_says_who_is_meant_and_the_next_appendix_is_read_so(department):
    units = await department.units()
    plan = await department.add_plan()
    row = ("1", "Rà soát", "", NAME, "UBND xã, phường, đặc khu", "Tháng 6/2025")
    before = await upload(department, plan, workbook(row))

    body = {"name": NAME, "unit_ids": [units["CCHC"], units["TĐKT"]]}
    made = await department.admin.post("/v1/unit_groups", body)
    communes = {"name": "UBND cấp xã", "aliases": ["UBND xã, phường, đặc khu"]}
    await department.admin.post("/v1/unit_groups", {**communes, "unit_ids": [units["NCC"]]})
    after = await upload(department, plan, workbook(row))

    [unread], [read] = await before.rows(), await after.rows()
    assert (unread["standing"], unread["lead_unit_ids"]) == ("open", [])
    assert made.status_code == 201, made.text
    assert set(read["lead_unit_ids"]) == {units["CCHC"], units["TĐKT"]}
    assert read["coordinating_unit_ids"] == [units["NCC"]]
    assert (read["standing"], read["accountable_unit_id"]) == ("complete", None)


@pytest.mark.parametrize("name", ["ncc", "VP  Sở", "P. Cải cách hành chính"])
async def test_no_group_takes_a_code_or_a_short_form_of_a_unit(department, name):
    units = await department.units()
    body = {"name": NAME, "aliases": ["Khối sở", name], "unit_ids": [units["TĐKT"]]}

    answer = await department.admin.post("/v1/unit_groups", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "unit_group_taken")
    assert name in answer.json()["detail"]


async def test_no_unit_takes_a_name_of_a_group(department):
    units = await department.units()
    body = {"name": NAME, "aliases": ["P. Đô thị", "KX"], "unit_ids": [units["TĐKT"]]}
    assert (await department.admin.post("/v1/unit_groups", body)).status_code == 201
    unit, path = {"code": "S9", "name": "Sở Mới", "kind": "room"}, f"/v1/units/{units['NCC']}"

    answers = [
        await department.admin.post("/v1/units", {**unit, "code": "kx"}),
        await department.admin.post("/v1/units", {**unit, "name": "Phòng Đô thị"}),
        await department.admin.patch(path, {"aliases": ["các sở ban ngành"]}, seen=1),
    ]
    free = await department.admin.post("/v1/units", unit)

    assert [answer.json()["code"] for answer in answers] == ["unit_name_taken"] * 3
    assert free.status_code == 201


async def test_a_new_group_says_where_it_is_and_which_version_it_has(department):
    body = {"name": NAME, "unit_ids": [(await department.units())["NCC"]]}

    made = await department.admin.post("/v1/unit_groups", body)
    read = await department.admin.get(made.headers["Location"])

    assert made.headers["ETag"] == read.headers["ETag"]
    assert read.json() == made.json()


async def test_a_groups_names_can_be_read_and_its_lists_hold_each_once(department):
    unit = (await department.units())["NCC"]
    unseen = {"name": "Các\u200b sở", "aliases": ["Khối", "Khối\u202e sở"], "unit_ids": [unit]}
    twice = {"name": NAME, "aliases": ["Khối", "Khối"], "unit_ids": [unit, unit]}
    good = {"name": NAME, "unit_ids": [unit]}
    group = (await department.admin.post("/v1/unit_groups", good)).json()

    for body, wrong in (
        (unseen, {"/name", "/aliases/1"}),
        (twice, {"/aliases", "/unit_ids"}),
    ):
        added = await department.admin.post("/v1/unit_groups", body)
        changed = await department.admin.patch(f"/v1/unit_groups/{group['id']}", body, seen=1)
        for refused in (added, changed):
            assert refused.status_code == 422
            assert {error["pointer"] for error in refused.json()["errors"]} == wrong


async def test_a_group_is_changed_by_one_at_a_time_and_its_name_is_its_own(department):
    units = await department.units()
    body = {"name": NAME, "unit_ids": [units["CCHC"]]}
    group = (await department.admin.post("/v1/unit_groups", body)).json()
    path = f"/v1/unit_groups/{group['id']}"

    again = await department.admin.post("/v1/unit_groups", {**body, "name": "các sở,  ban, NGÀNH"})
    unit = await department.admin.post("/v1/unit_groups", {**body, "name": "Văn phòng Sở"})
    nobody = await department.admin.post("/v1/unit_groups", {**body, "name": "X", "unit_ids": []})
    stranger = await department.admin.patch(path, {"unit_ids": [group["id"]]}, seen=1)
    wider = await department.admin.patch(path, {"unit_ids": [*units.values()][:3]}, seen=1)
    stale = await department.admin.patch(path, {"active": False}, seen=1)
    by_office = await department.office.patch(path, {"active": False}, seen=2)
    listed = (await department.office.get("/v1/unit_groups")).json()["data"]

    assert [a.json()["code"] for a in (again, unit)] == ["unit_group_taken"] * 2
    assert nobody.status_code == 422
    assert (stranger.status_code, stranger.json()["code"]) == (422, "unit_unknown")
    assert (wider.json()["version"], stale.status_code, by_office.status_code) == (2, 412, 403)
    assert [(each["name"], len(each["unit_ids"])) for each in listed] == [(NAME, 3)]
