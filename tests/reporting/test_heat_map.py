"""The heat map within an area or criterion: what the sheets say, to whom they say it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import text
from tests.reporting.block import RankedBlock
from tests.reporting.test_lists_as_sheets import lines
from tests.reporting.test_rankings_api import PATH, block, publish, ranking, year

from reporting.score_sheets.models import Sheet

__all__ = ["block", "year"]


async def parts(office, block, code: str, who: str = "unit_officer", **query: str):
    return await office.get(who, f"{PATH}/parts", block=str(block.id), part=code, **query)


async def all_published(office, block: RankedBlock) -> None:
    await block.approve(A="90", B="80", C="70", D="60", E="50")
    made = await publish(office, block)
    assert made.status_code == 201, made.text


async def test_an_area_opens_to_its_criteria_and_a_criterion_to_its_rows(office, block):
    await all_published(office, block)
    area = (await parts(office, block, "1")).json()
    assert (area["level"], area["part"]["code"], area["within"]) == ("criterion", "1", None)
    assert [each["code"] for each in area["bodies"]] == ["A", "B", "C", "D", "E"]
    first = area["bodies"][0]
    assert [cell["code"] for cell in first["parts"]] == [each["code"] for each in area["parts"]]
    assert {cell["rate"] for cell in first["parts"]} == {"90.00"}

    rows = (await parts(office, block, "1.1")).json()
    assert (rows["level"], rows["within"]["code"]) == ("sub_criterion", "1")
    assert rows["parts"][0]["code"] == "1.1.1"


async def test_criteria_add_up_to_what_the_published_table_says_of_the_area(office, block):
    await all_published(office, block)
    table = (await ranking(office, block))["published"]["table"]
    told = {line["body_id"]: line["areas"] for line in table["bodies"]}
    for area in table["areas"]:
        found = (await parts(office, block, area["code"])).json()
        for body in found["bodies"]:
            said = next(each for each in told[body["body_id"]] if each["code"] == area["code"])
            assert [body["whole"][f] for f in ("points", "of_points")] == [
                said[f] for f in ("points", "of_points")
            ]
            cells = [cell for cell in body["parts"] if cell["points"] is not None]
            assert sum(Decimal(cell["of_points"]) for cell in cells) == Decimal(said["of_points"])


@pytest.mark.parametrize("code", ["1", "1.1"])
async def test_a_part_is_taken_away_as_excel_with_the_cells_of_its_page(office, block, code):
    await all_published(office, block)
    seen = (await parts(office, block, code)).json()
    query = {"block": str(block.id), "part": code}
    answer = await office.get("auditor", f"{PATH}/parts.xlsx", **query)
    assert answer.status_code == 200, answer.text
    sheet, (headings, *found) = lines(answer.content)
    assert headings[4:] == [f"{part['code']}. {part['name']} (%)" for part in seen["parts"]]
    told = [
        [body["name"], *map(as_number, [
            body["whole"]["rate"], body["whole"]["points"], body["whole"]["of_points"],
            *(cell["rate"] for cell in body["parts"]),
        ])]
        for body in seen["bodies"]
    ]  # fmt: skip
    assert found == told
    said = sheet["A3"].value
    assert "Khối các sở" in said
    assert f"{code}. {seen['part']['name']}" in said


async def test_an_unpublished_part_is_no_more_readable_as_excel(office, block):
    await block.approve(A="90")
    query = {"block": str(block.id), "part": "1", "preview": "true"}
    refused = await office.get("auditor", f"{PATH}/parts.xlsx", **query)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    answer = await office.get("director", f"{PATH}/parts.xlsx", **query)
    assert [line[0] for line in lines(answer.content)[1][1:]] == ["Sở A"]


def as_number(text: str | None) -> float | None:
    return None if text is None else float(text)


async def test_a_rate_of_few_points_tells_no_more_than_the_points_do(office, block):
    await block.approve(A=Fraction(250, 3), B="80", C="70", D="60", E="50")
    await publish(office, block)
    surveyed = (await parts(office, block, "3.6")).json()
    assert surveyed["parts"][0]["code"] == "3.6.1", "a survey's"
    for cell in [body["parts"][0] for body in surveyed["bodies"]]:
        told = 100 * Fraction(cell["points"]) / Fraction(cell["of_points"])
        assert abs(Fraction(cell["rate"]) - told) <= Fraction(1, 200), "83.33 would tell more"
    scored = (await parts(office, block, "1.1")).json()["bodies"][0]["parts"][0]
    assert scored["rate"] == "83.33", "of points that people gave it is exact"


async def test_what_is_not_published_is_read_by_those_alone_who_prepare_the_ranking(office, block):
    await block.approve(A="90", B="80")
    assert (await parts(office, block, "1")).json()["bodies"] == []
    seen = (await parts(office, block, "1", "director", preview="true")).json()
    assert [each["code"] for each in seen["bodies"]] == ["A", "B"]
    assert (await parts(office, block, "1", "director")).json()["bodies"] == []
    for who in ("unit_head", "unit_officer", "auditor", "admin"):
        refused = await parts(office, block, "1", who, preview="true")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    other = await parts(office, block, "1", "appraiser", preview="true")
    assert other.status_code == 403, "named for no block"


async def test_who_is_not_eligible_shows_nothing_though_the_sheet_is_approved(office, block):
    await block.approve(A="90", F="80")
    seen = (await parts(office, block, "1", "director", preview="true")).json()
    assert [each["code"] for each in seen["bodies"]] == ["A"]


async def test_while_a_published_sheet_is_appraised_anew_it_reads_as_it_was(
    office, block, database
):
    await all_published(office, block)
    before = (await parts(office, block, "1")).json()
    async with database.sessions.begin() as session:
        sheet = await session.get_one(Sheet, (2025, block.bodies["A"]))
        sheet.standing = {"state": "published", "final": sheet.final, "rows": {}}
        sheet.state, sheet.final = "explained", None
    assert (await parts(office, block, "1")).json() == before


async def test_a_part_that_the_set_does_not_have_is_named(office, block):
    for code in ("99", "1.1.1", "<b>"):
        refused = await parts(office, block, code)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        assert code in refused.json()["detail"]


async def test_the_parts_of_a_block_without_a_round_are_not_found(office, block, database):
    other = await RankedBlock(database, "HUYEN", "Khối huyện").create("Z")
    assert (await parts(office, other, "1")).status_code == 404


async def test_a_ranking_publishes_the_sheets_it_stands_on(office, block, database):
    await all_published(office, block)
    async with database.sessions() as session:
        states = dict(
            (await session.execute(
                text("SELECT b.code, s.state FROM sheet s JOIN body b ON b.id = s.body_id"
                     " WHERE s.year = 2025")
            )).all()
        )  # fmt: skip
        told = await session.scalar(
            text("SELECT count(*) FROM event_log WHERE"
                 " envelope::json ->> 'type' LIKE '%score_sheet_published%'")
        )  # fmt: skip
    assert states == {**dict.fromkeys("ABCDE", "published"), "F": "opened"}
    assert told == 5


@pytest.mark.parametrize("who", ["unit_head", "director"])
async def test_a_ranking_that_is_refused_publishes_no_sheet(office, block, database, who):
    await block.approve(A="90", B="80", C="70", D="60")
    assert (await publish(office, block, who=who)).status_code in (403, 409)
    async with database.sessions() as session:
        found = await session.scalar(text("SELECT count(*) FROM sheet WHERE state = 'published'"))
    assert found == 0
