"""Satisfaction of other bodies: published figures with their source, never typed by the body."""

import asyncio
from copy import deepcopy
from io import BytesIO
from uuid import uuid4

import pytest
import xlsxwriter
from sqlalchemy import text
from tests.reporting.conftest import UNITS
from tests.reporting.sheets import SET, YEAR, Round

FIGURE = {"index": "89.08", "source": "Quyết định số 12/QĐ-UBND", "dated_on": "2025-12-30"}
HEAD = ("Mã cơ quan, đơn vị", "Mã tiêu chí", "Chỉ số hài lòng (%)", "Nguồn", "Ngày của nguồn")


@pytest.fixture
async def surveyed(office, consumer) -> Round:
    """A round whose third row is worth what a survey's index says."""
    criteria = deepcopy(SET)
    row = criteria["areas"][0]["criteria"][0]["sub_criteria"][2]
    row |= {"na_allowed": False, "na_when": None, "feeds_from": "surveys",
            "rule": {"method": "survey_index", "factor": "F1"}}  # fmt: skip
    return await Round(office, consumer, UNITS).open(criteria)


def workbook(*rows: tuple) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "CHỈ SỐ HÀI LÒNG")
        for number, row in enumerate((HEAD, *rows), 2):
            sheet.write_row(number, 0, row)
    return content.getvalue()


async def upload(surveyed: Round, content: bytes, who: str = "office"):
    client = await surveyed.office.client(who)
    headers = {"Idempotency-Key": str(uuid4())}
    path = f"{YEAR}/survey_figures/imports"
    return await client.post(path, files={"file": ("so.xlsx", content)}, headers=headers)


async def test_a_published_figure_gives_a_row_its_points_with_its_source(surveyed):
    before = await surveyed.row("office", "1.1.3")
    assert (before["points"], before["applicable"]) == (None, False)

    answer = await surveyed.act("office", "1.1.3", "survey_figures", FIGURE)

    assert answer.status_code == 200, answer.text
    row = answer.json()
    assert (row["points"], row["applicable"]) == ("14.25", True)  # 16 x 0.8908
    assert (row["survey_index"], row["survey_source"], row["survey_dated_on"]) == (
        "89.080000", FIGURE["source"], FIGURE["dated_on"],
    )  # fmt: skip
    path = f"{surveyed.path()}/rows/1.1.3/history"
    (change,) = (await surveyed.office.get("appraiser", path)).json()["data"]
    assert (change["act"], change["name"]) == ("enter_survey", "office")
    back = await surveyed.act("office", "1.1.3", "survey_figures", {"index": None})
    assert (back.json()["points"], back.json()["survey_source"]) == (None, None)


@pytest.mark.parametrize("who", ["unit_head", "unit_officer", "appraiser", "auditor", "admin"])
async def test_neither_the_body_nor_its_appraiser_types_it(surveyed, who):
    answer = await surveyed.act(who, "1.1.3", "survey_figures", FIGURE)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_the_office_types_none_for_a_body_that_it_scores_itself(surveyed):
    body = {"code": "VP", "name": "Văn phòng", "block_id": surveyed.block,
            "people": [surveyed.people["office"]]}  # fmt: skip
    surveyed.bodies["VP"] = (await surveyed.made("/v1/bodies", body))["id"]
    await surveyed.made(f"{YEAR}/rounds", {"block_id": surveyed.block, "closes_on": "2099-11-30"})
    answer = await surveyed.act("office", "1.1.3", "survey_figures", FIGURE, code="VP")
    assert answer.status_code == 403
    by_director = await surveyed.act("director", "1.1.3", "survey_figures", FIGURE, code="VP")
    assert by_director.status_code == 200


async def test_our_own_departments_figures_come_of_our_rounds_alone(surveyed):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": surveyed.block, "own": True}
    surveyed.bodies["SNV"] = (await surveyed.made("/v1/bodies", own))["id"]
    await surveyed.made(f"{YEAR}/rounds", {"block_id": surveyed.block, "closes_on": "2099-11-30"})
    answer = await surveyed.act("director", "1.1.3", "survey_figures", FIGURE, code="SNV")
    assert (answer.status_code, answer.json()["code"]) == (409, "score_row_own_survey")


@pytest.mark.parametrize(
    ("row", "changed", "pointer"),
    [
        ("1.1.1", {}, "/index"),
        ("1.1.3", {"source": " "}, "/source"),
        ("1.1.3", {"source": None}, "/source"),
        ("1.1.3", {"dated_on": None}, "/dated_on"),
        ("1.1.3", {"dated_on": "2099-01-01"}, "/dated_on"),
        ("1.1.3", {"index": "101"}, "/index"),
    ],
)
async def test_a_figure_is_a_percentage_with_a_source_and_its_day(surveyed, row, changed, pointer):
    answer = await surveyed.act("office", row, "survey_figures", {**FIGURE, **changed})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_figures_are_imported_from_the_form_that_is_taken_away(surveyed):
    form = await surveyed.office.get("office", f"{YEAR}/survey_figures.xlsx")
    assert form.status_code == 200
    listed = (await surveyed.office.get("office", f"{YEAR}/survey_figures")).json()["data"]
    assert [(each["body_code"], each["code"], each["index"]) for each in listed] == [
        ("A", "1.1.3", None), ("B", "1.1.3", None),
    ]  # fmt: skip

    answer = await upload(
        surveyed,
        workbook(("A", "1.1.3", 89.08, "QĐ 12", "30/12/2025"),
                 ("B", "1.1.3", "92,5", "QĐ 12", "30/12/2025")),
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    assert [each["index"] for each in answer.json()["data"]] == ["89.080000", "92.500000"]
    assert (await surveyed.row("office", "1.1.3", "B"))["points"] == "14.80"


async def test_of_a_file_with_one_wrong_row_nothing_is_entered_and_each_is_named(surveyed):
    answer = await upload(
        surveyed,
        workbook(("A", "1.1.3", 89.08, "QĐ 12", "30/12/2025"),
                 ("Z", "1.1.3", 90, "QĐ 12", "30/12/2025"),
                 ("B", "1.1.1", 90, "QĐ 12", "30/12/2025")),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "survey_figures_invalid")
    errors = {each["pointer"]: each["message"] for each in answer.json()["errors"]}
    assert list(errors) == ["/rows/5", "/rows/6"], "as the rows of the file are numbered"
    assert "Dòng 5: " in errors["/rows/5"]
    assert "Z" in errors["/rows/5"]
    assert (await surveyed.row("office", "1.1.3"))["survey_index"] is None
    read = await upload(surveyed, workbook(("A", "1.1.3", "nhiều", "QĐ 12", "30/12/2025")))
    assert "«nhiều»" in read.json()["detail"]
    assert (await upload(surveyed, workbook())).json()["code"] == "survey_figures_invalid"
    assert (await upload(surveyed, workbook(), "unit_head")).status_code == 403


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("A", "1.1.3", 90, "QĐ 12", "30/12/2025"), "Dòng 5: A, 1.1.3 đã có ở dòng 4"),
        (("B", "1.1.3", 0.8908, "QĐ 12", "30/12/2025"), "Dòng 5: «0.8908» nghĩa là dưới 1 %"),
        (("B", "1.1.3", "", "QĐ 12", "30/12/2025"), "Dòng 5: có nguồn hoặc ngày («QĐ 12»)"),
        (("B", "1.1.3", 90, "Q" * 501, "30/12/2025"), "Dòng 5: nguồn dài quá 500 ký tự"),
        (("B", "1.1.3", "NaN", "QĐ 12", "30/12/2025"), "Dòng 5: 1.1.3: chỉ số hài lòng"),
    ],
)
async def test_a_line_that_may_mean_something_else_is_refused(surveyed, line, said):
    answer = await upload(surveyed, workbook(("A", "1.1.3", 89.08, "QĐ 12", "30/12/2025"), line))
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert (await surveyed.row("office", "1.1.3"))["survey_index"] is None


async def test_a_file_enters_nothing_into_a_sheet_that_is_approved_meanwhile(
    surveyed, database, eventually
):
    async with database.sessions.begin() as session:
        await session.execute(
            text("UPDATE sheet SET state = 'approved' WHERE body_id = :id"),
            {"id": surveyed.bodies["A"]},
        )
        late = asyncio.create_task(
            upload(surveyed, workbook(("A", "1.1.3", 89.08, "QĐ 12", "30/12/2025")))
        )
        await eventually(lambda: waits(database, late))
        assert not late.done(), "it waits for who approves"
    answer = await late
    assert (answer.status_code, answer.json()["code"]) == (422, "survey_figures_invalid")
    assert (await surveyed.row("office", "1.1.3"))["survey_index"] is None


async def waits(database, task: asyncio.Task) -> bool:
    """Whether a task waits for a lock, or is done."""
    async with database.sessions() as session:
        waiting = await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
    return task.done() or bool(waiting)


async def test_an_approved_sheet_keeps_the_figure_it_was_approved_with(surveyed):
    await surveyed.act("office", "1.1.3", "survey_figures", FIGURE)
    for row, given in (("1.1.1", {"points": "44"}), ("1.1.2", {"done": 3, "due": 3})):
        await surveyed.act("unit_head", row, "self_scores", {"note": "Sổ", **given})
    await surveyed.through(("unit_head", "lock"))
    for row, given in (("1.1.1", {"points": "44"}), ("1.1.2", {"done": 3, "due": 3})):
        await surveyed.act("appraiser", row, "appraisals", given)
    await surveyed.through(("appraiser", "lock"), ("director", "approve"))
    late = await surveyed.act("office", "1.1.3", "survey_figures", FIGURE)
    assert (late.status_code, late.json()["code"]) == (409, "score_sheet_state")
    assert (await surveyed.sheet("office"))["index"] == "98.25"  # 44 + 40 + 14.2528
