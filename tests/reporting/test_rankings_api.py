"""A block's ranking: prepared by few, published for good, corrected by a version that says why."""

import asyncio
import hashlib
import json
import re
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.partner_tokens import partner_at
from tests.reporting.block import RankedBlock
from tests.reporting.conftest import UNITS
from tests.reporting.years import Year
from tests.statements import counted_statements

from reporting.bodies.models import Body

PATH = "/v1/rankings/2025"


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    return year


@pytest.fixture
async def block(year, database) -> RankedBlock:
    """Six bodies: two that tie, one not eligible, two shown with the same index."""
    made = await RankedBlock(database).create("A", "B", "C", "D", "E", "F")
    await made.open()
    await made.exempt("F", "Mới hợp nhất, chưa đủ số liệu cả năm")
    return made


async def approve_all(block: RankedBlock) -> None:
    await block.approve(
        A="90.0249", B="90.0151", C="95", D=Fraction(271, 3) - 1, E=Fraction(271, 3) - 1
    )


async def ranking(office, block, who: str = "director", path: str = PATH):
    return (await office.get(who, path, block=str(block.id))).json()


async def publish(office, block, reason: str = "", who: str = "director"):
    return await office.post(who, f"{PATH}/publish", {"block": str(block.id), "reason": reason})


def table(view: dict) -> list[tuple]:
    return [(each["code"], each["rank"], each["index"], each["grade"]) for each in view["bodies"]]


async def test_a_block_is_ranked_on_exact_indices_with_its_tie_and_the_one_not_eligible(
    office, block
):
    await approve_all(block)
    seen = (await ranking(office, block))["preview"]

    assert table(seen) == [
        ("C", 1, "95.00", "Tốt"), ("A", 2, "90.02", "Tốt"), ("B", 3, "90.02", "Tốt"),
        ("D", 4, "89.33", "Tốt"), ("E", 4, "89.33", "Tốt"), ("F", None, None, None),
    ]  # fmt: skip
    assert seen["average"] == "90.74"
    last = seen["bodies"][-1]
    assert (last["state"], last["reason"]) == (
        "ineligible", "Mới hợp nhất, chưa đủ số liệu cả năm",
    )  # fmt: skip
    assert seen["criteria_set"]["composed"] is True


async def test_a_ranking_is_opened_once_and_keeps_its_id_when_it_is_published(office, block):
    first = await office.post("office", f"{PATH}?block={block.id}", {})
    again = await office.post("director", f"{PATH}?block={block.id}", {})
    unit = await office.post("unit_head", f"{PATH}?block={block.id}", {})
    await approve_all(block)
    await publish(office, block)
    published = await ranking(office, block)

    assert (first.status_code, again.status_code, unit.status_code) == (201, 200, 403)
    assert first.json()["ranking_id"] == again.json()["ranking_id"] == published["ranking_id"]
    assert len(first.json()["preview"]["bodies"]) == 6
    assert first.headers["Location"] == f"{PATH}?block={block.id}"


async def test_a_partner_reads_what_is_published_and_neither_who_nor_why(office, block, database):
    client, path = partner_at(office.app, "rankings"), f"{PATH}?block={block.id}"
    await approve_all(block)
    assert (await client.get(path)).json()["published"] is None, "nothing is prepared before it"
    await publish(office, block)
    mine = (await ranking(office, block))["published"]

    seen = (await client.get(path)).json()
    assert (seen["preview"], seen["allowed"]) == (None, [])
    assert seen["published"]["published_by"] is seen["versions"][0]["published_by"] is None
    assert table(seen["published"]["table"]) == table(mine["table"])
    assert {line["reason"] for line in seen["published"]["table"]["bodies"]} == {None}
    version = await client.get(f"{PATH}/versions/1?block={block.id}")
    assert (version.status_code, version.json()["code"]) == (403, "not_allowed")
    listed = (await client.get("/v1/rankings")).json()["data"]
    assert [each["id"] for each in listed] == [str(block.id)]


async def test_a_partner_limited_to_units_reads_the_lines_of_their_bodies(office, block, database):
    async with database.sessions.begin() as session:
        (await session.get_one(Body, block.bodies["B"])).unit_id = UNITS[0]
    await approve_all(block)
    await publish(office, block)
    client = partner_at(office.app, "rankings", units=[UNITS[0]])

    published = (await client.get(f"{PATH}?block={block.id}")).json()["published"]
    assert [(each["code"], each["rank"]) for each in published["table"]["bodies"]] == [("B", 3)]
    averages = published["table"]["average"], published["table"]["average_result"]
    assert averages == (None, None), "it would tell what the others came to"


async def test_areas_add_up_to_the_points_of_a_body(office, block):
    await approve_all(block)
    body = (await ranking(office, block))["preview"]["bodies"][0]

    assert [each["rate"] for each in body["areas"]] == ["95.00"] * len(body["areas"])
    assert sum(Fraction(each["points"]) for each in body["areas"]) == 95
    assert sum(Fraction(each["of_points"]) for each in body["areas"]) == 100


async def test_it_waits_for_every_eligible_body_and_names_the_one_it_waits_for(office, block):
    await block.approve(A="90", B="80", C="70", D="60")
    seen = await ranking(office, block)
    refused = await publish(office, block)

    assert (refused.status_code, refused.json()["code"]) == (409, "ranking_sheet_not_approved")
    assert "Sở E" in refused.json()["detail"]
    assert "Sở F" not in refused.json()["detail"]
    assert seen["hindrance"] == refused.json()["detail"]
    assert (await ranking(office, block))["versions"] == []


async def test_a_published_version_carries_a_hash_that_anyone_can_work_out(office, block):
    await approve_all(block)
    made = await publish(office, block)

    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"{PATH}/versions/1?block={block.id}"
    seen = await ranking(office, block, "unit_officer", f"{PATH}/versions/1")
    written = json.dumps(
        seen["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert hashlib.sha256(written.encode()).hexdigest() == seen["sha256"]
    assert (seen["number"], seen["reason"], seen["replaces"]) == (1, None, None)
    assert seen["published_by_name"] == "director"
    assert seen["document"]["bodies"][3]["index"] == "89.33"


async def test_no_number_leaves_with_more_places_than_are_shown(office, block, database):
    """Exact points of a survey would tell more of its answers; ranks need them, readers do not."""
    await approve_all(block)
    await publish(office, block)
    told = await ranking(office, block) | await ranking(office, block, path=f"{PATH}/versions/1")
    async with database.sessions() as session:
        rows = await session.execute(text("SELECT envelope::text FROM event_log"))
        said = json.dumps([told, rows.scalars().all()])

    numbers = re.sub(r"T\d\d:\d\d:\d\d\.\d+", "", said)
    assert re.findall(r"\d\.\d{3}|268/3", numbers) == []


async def test_a_correction_says_why_and_what_it_changed_and_leaves_the_first_as_it_was(
    office, block
):
    await approve_all(block)
    first = (await publish(office, block)).json()
    await block.approve(C="88")
    silent = await publish(office, block)
    assert (silent.status_code, silent.json()["code"]) == (422, "ranking_reason_missing")
    assert silent.json()["errors"][0]["pointer"] == "/reason"

    second = (await publish(office, block, "Sở C: rà soát lại tiêu chí 2.1.1")).json()
    assert (second["number"], second["replaces"]) == (2, first["sha256"])
    moved = [(d["body_name"], d["field"], d["before"], d["after"]) for d in second["differences"]]
    assert ("Sở C", "rank", "1", "5") in moved
    assert ("Sở C", "index", "95.00", "88.00") in moved
    assert ("Sở A", "rank", "2", "1") in moved
    again = await ranking(office, block, "auditor", f"{PATH}/versions/1")
    assert again["table"] == first["table"]
    assert [v["number"] for v in (await ranking(office, block))["versions"]] == [2, 1]


async def test_a_second_click_publishes_nothing_again(office, block, year):
    await approve_all(block)
    answers = await asyncio.gather(*(publish(office, block) for _ in range(4)))
    late = await publish(office, block, "bấm lần nữa")

    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert (late.status_code, late.json()["code"]) == (409, "ranking_unchanged")
    assert len(await year.events("reporting.ranking_published.v1")) == 1


async def test_publishing_asks_as_much_for_forty_bodies_as_for_three(office, block, database, year):
    async def asked(code: str, bodies: int) -> int:
        """Publish a block of so many; every other sheet was published before, as it stood."""
        codes = [f"{code}{number}" for number in range(bodies)]
        made = await RankedBlock(database, code, f"Khối {code}").create(*codes)
        await made.open()
        await made.approve(**dict.fromkeys(codes, "90"))
        await made.published_before(*codes[::2])
        await ranking(office, made)  # what is read once a process
        with counted_statements(database) as statements:
            assert (await publish(office, made)).status_code == 201
        return len(statements)

    few, many = await asked("X", 3), await asked("Y", 40)

    assert many == few
    assert len(await year.events("reporting.score_sheet_published.v1")) == 3 + 40
    async with database.sessions() as session:
        audited = (await session.execute(text(
            "SELECT count(DISTINCT subject_id), min(before::text), max(after::text)"
            " FROM audit_entry WHERE action = 'sheet.publish'"
        ))).one()  # fmt: skip
        stands = await session.scalar(text("SELECT count(*) FROM sheet WHERE standing IS NOT NULL"))
    assert audited == (3 + 40, '{"state": "approved"}', '{"state": "published"}')
    assert stands == 0


async def test_the_database_itself_refuses_to_change_what_is_published(office, block, database):
    await approve_all(block)
    await publish(office, block)

    with pytest.raises(DBAPIError, match="never changes"):
        async with database.sessions.begin() as session:
            await session.execute(text("UPDATE ranking_version SET reason = 'x'"))
    with pytest.raises(DBAPIError, match="never changes"):
        async with database.sessions.begin() as session:
            await session.execute(text("DELETE FROM ranking_version"))


async def test_the_event_tells_everything_that_is_public_and_no_word_people_typed(
    office, block, database
):
    await block.of_unit("A", UNITS[0])
    await approve_all(block)
    await publish(office, block)

    async with database.sessions() as session:
        said = (await session.execute(text("SELECT envelope::text FROM event_log"))).scalars().all()
    told = next(json.loads(each) for each in said if "ranking_published" in each)
    state = told["data"]["ranking"]
    assert [(b["code"], b["rank"], b["index"], b["eligible"]) for b in state["bodies"]][:2] == [
        ("C", 1, "95.00", True), ("A", 2, "90.02", True),
    ]  # fmt: skip
    assert state["bodies"][1]["unit_id"] == str(UNITS[0])
    assert (state["version"], state["average"], state["composed"]) == (1, "90.74", True)
    assert "hợp nhất" not in json.dumps(told, ensure_ascii=False)


async def test_what_moved_since_last_year_stands_beside_each_body(office, block, database):
    await block.open(2024)
    await block.approve(2024, A="80", B="85", C="70", D="90", E="60")
    path = "/v1/rankings/2024/publish"
    last = await office.post("director", path, {"block": str(block.id)})
    assert last.status_code == 201, last.text
    await approve_all(block)

    seen = {each["code"]: each for each in (await ranking(office, block))["preview"]["bodies"]}
    assert (seen["C"]["rank_before"], seen["C"]["places_won"]) == (4, 3)
    assert (seen["C"]["index_before"], seen["C"]["points_won"]) == ("70.00", "25.00")
    assert (seen["D"]["places_won"], seen["D"]["points_won"]) == (-3, "-0.67")
    assert (seen["F"]["rank_before"], seen["F"]["places_won"]) == (None, None)


async def test_only_those_who_prepare_it_see_it_before_it_is_published(office, block):
    await approve_all(block)
    before = await ranking(office, block, "unit_head")
    await publish(office, block)
    after = await ranking(office, block, "unit_head")

    assert (before["preview"], before["hindrance"], before["published"]) == (None, None, None)
    assert before["allowed"] == []
    assert after["preview"] is None
    assert len(after["published"]["table"]["bodies"]) == 6
    assert (await publish(office, block, who="unit_head")).status_code == 403


async def test_an_appraiser_sees_how_its_own_block_stands_and_no_other(office, year, database):
    me = (await _person(database, "appraiser"),)
    own = await RankedBlock(database, "X1", "Khối của mình").create("A", appraisers=me)
    other = await RankedBlock(database, "X2", "Khối khác").create("B")
    await own.open()
    await other.open()

    assert (await ranking(office, own, "appraiser"))["preview"] is not None
    assert (await ranking(office, other, "appraiser"))["preview"] is None


async def test_a_block_that_is_not_there_is_not_found_and_a_wrong_year_is_refused(office, block):
    gone = await office.get("director", PATH, block="00000000-0000-0000-0000-0000000000ff")
    odd = await office.get("director", "/v1/rankings/99", block=str(block.id))
    none = await office.get("director", f"{PATH}/versions/1", block=str(block.id))

    assert (gone.status_code, gone.json()["detail"]) == (404, "Không có khối cơ quan này")
    assert odd.status_code in {400, 422}
    assert none.status_code == 404


async def test_the_blocks_are_listed_with_the_years_they_were_scored_and_ranked(office, block):
    await approve_all(block)
    await block.open(2024)
    await publish(office, block)

    found = (await office.get("auditor", "/v1/rankings")).json()["data"]
    mine = next(each for each in found if each["id"] == str(block.id))
    assert [(each["year"], each["version"]) for each in mine["years"]] == [(2025, 1), (2024, 0)]


async def _person(database, code: str):
    async with database.sessions() as session:
        found = await session.execute(
            text("SELECT id FROM person WHERE employee_code = :code"), {"code": code}
        )
        return found.scalar_one()


async def test_a_body_that_moved_during_the_year_is_ranked_where_its_sheet_was_opened(
    office, block, database
):
    other = await RankedBlock(database, "KHAC", "Khối khác").create("Z")
    await other.open()
    await other.approve(Z="90")
    async with database.sessions.begin() as session:
        (await session.get_one(Body, block.bodies["A"])).block_id = other.id

    names = {each: await codes(office, each) for each in (block.id, other.id)}
    assert "A" in names[block.id]
    assert names[other.id] == ["Z"], "nobody waits for a sheet that it cannot have"


async def codes(office, block_id) -> list[str]:
    ranking = (await office.get("office", PATH, block=str(block_id))).json()
    return [each["code"] for each in ranking["preview"]["bodies"]]
