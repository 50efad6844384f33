"""Lists of tasks as Excel: the list's own rows under the same filters, for who may see them."""

import io

import pytest
from openpyxl import load_workbook

HEADER = 5  # line of the headings
LISTS = (
    "plans", "units", "people", "unit_groups", "questions", "contributions", "trusted_roots",
    "urgings", "instructions", "inspections", "handling_proposals", "unit_reports",
)  # fmt: skip


def lines(answer):
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return sheet, [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER)]


async def test_every_list_is_a_sheet_of_as_many_lines(busy):
    for name in LISTS:
        asked = {} if name == "unit_reports" else {"limit": 200}
        listed = (await busy.office.get(f"/v1/{name}", **asked)).json()
        sheet, found = lines(await busy.office.get(f"/v1/{name}.xlsx"))
        assert len(found) == 1 + len(listed["data"]), name
        assert sheet["A1"].value.isupper(), name


async def test_ids_are_names_codes_are_words_and_filters_are_said(busy):
    units = await busy.units()
    people = (await busy.office.get("/v1/people", unit_id=units["CCHC"])).json()["data"]
    sheet, found = lines(await busy.office.get("/v1/people.xlsx", unit_id=units["CCHC"]))
    names = {row[1] for row in found[1:]}
    assert names == {each["name"] for each in people}
    assert len({row[3] for row in found[1:]}) == 1
    assert sheet["A3"].value == f"Đơn vị: {found[1][3]}"
    assert "Chuyên viên" in {row[4] for row in found[1:]}


async def test_a_sheet_tells_no_address_that_the_list_keeps_back(busy):
    _, of_office = lines(await busy.office.get("/v1/people.xlsx"))
    _, of_officer = lines(await busy.unit_officer.get("/v1/people.xlsx"))
    known = [row[5] for row in of_office[1:]]
    told = [row[5] for row in of_officer[1:]]
    listed = (await busy.unit_officer.get("/v1/people", limit=200)).json()["data"]
    assert all(known)
    assert told == [each["email"] for each in listed]
    assert None in told


@pytest.mark.parametrize("who", ["unit_officer", "unit_head"])
async def test_drafts_of_plans_stand_in_nobodys_sheet_who_does_not_see_them(busy, who):
    listed = (await getattr(busy, who).get("/v1/plans")).json()["data"]
    _, found = lines(await getattr(busy, who).get("/v1/plans.xlsx"))
    assert len(found) == 1 + len(listed)
    assert (await busy.external.get("/v1/plans.xlsx")).status_code == 403
