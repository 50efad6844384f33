"""A cell with several duties, and cells that repeat the one above, from preview to assignment."""

import pytest
from tests.tasks.office import Department
from tests.tasks.test_imports_review import Preview, upload, workbook

BOTH = "Theo yêu cầu và định kỳ hằng quý"


async def shown(department: Department, path: str) -> dict[int, dict]:
    preview = (await department.office.get(path)).json()
    return {row["row_number"]: row for row in preview["rows"]}


def due(row: dict) -> list[str | None]:
    return [one["due_on"] for one in row["deadline"]["occurrences"]]


async def test_both_duties_of_a_cell_become_assignments_each_of_its_own_kind(ready):
    waiting = await ready.waiting_import()
    await ready.office.patch(f"{waiting}/rows/1", {"deadline_text": BOTH}, seen=1)
    await ready.office.post(f"{waiting}/confirm")

    found = (await ready.office.get("/v1/assignments", q="ra soat tien do", limit=50)).json()[
        "data"
    ]
    mine = {one["occurrence"]: one for one in found if one["deadline_text"] == BOTH}
    kinds = {name: (one["deadline_kind"], one["due_on"]) for name, one in mine.items()}
    asked, quarter = mine["Theo sự việc"], mine["Quý II/2025"]
    event = {"triggered_on": "2025-05-05", "due_on": "2025-05-12"}
    path = "/v1/assignments/"
    happened = await ready.office.patch(path + asked["id"], event, seen=asked["version"])
    refused = await ready.office.patch(path + quarter["id"], event, seen=quarter["version"])

    assert kinds == {
        "Theo sự việc": ("triggered", None),
        "Quý I/2025": ("recurring", "2025-03-31"),
        "Quý II/2025": ("recurring", "2025-06-30"),
        "Quý III/2025": ("recurring", "2025-09-30"),
        "Quý IV/2025": ("recurring", "2025-12-31"),
    }
    assert (happened.status_code, happened.json()["due_on"]) == (200, "2025-05-12")
    assert refused.json()["code"] == "deadline_fixed"


async def test_rows_that_repeat_the_one_above_follow_its_correction(ready):
    waiting = await ready.waiting_import()
    for number in (3, 4, 5):
        words = {3: "Tháng 5/2025"}.get(number, "-nt-")
        row = (await shown(ready, waiting))[number]
        path = f"{waiting}/rows/{number}"
        await ready.office.patch(path, {"deadline_text": words}, seen=row["version"])
    before = await shown(ready, waiting)
    corrected = {"deadline_text": "Trước ngày 20/8/2025"}
    await ready.office.patch(f"{waiting}/rows/3", corrected, seen=before[3]["version"])
    after = await shown(ready, waiting)

    assert [due(before[number]) for number in (3, 4, 5)] == [["2025-05-31"]] * 3
    assert [due(after[number]) for number in (3, 4, 5)] == [["2025-08-19"]] * 3
    assert due(after[6]) == due(before[6])
    assert after[5]["deadline_text"] == "-nt-"
    assert "Như dòng trên" in after[5]["deadline"]["reading"]


REPEATING = (
    ("1", "Rà soát quy chế", "", "Văn phòng Sở", "", "Tháng 5/2025"),
    ("2", "Tập huấn công chức", "", "Phòng CCHC", "", "-nt-"),
    ("3", "Kiểm tra công vụ", "", "Thanh tra Sở", "", "Như trên"),
    ("4", "Lập danh sách", "", "Văn phòng Sở", "", "Tháng 9/2025"),
)


@pytest.fixture
async def repeating(department) -> Preview:
    return await upload(department, await department.add_plan(), workbook(*REPEATING))


async def days(preview: Preview) -> dict[str, list[str | None]]:
    return {row["stt"]: due(row) for row in await preview.rows()}


async def test_a_confirmed_row_that_repeats_the_one_above_stays_as_its_assignment_is(repeating):
    await repeating.patch("1", lead_unit_ids=[])
    await repeating.confirm("complete")
    await repeating.patch("1", deadline_text="Tháng 7/2025")

    found = {row["stt"]: row for row in await repeating.rows()}
    [made] = [one["due_on"] for one in await repeating.made() if "huấn" in one["content"]]
    assert [found[stt]["standing"] for stt in "123"] == ["open", "confirmed", "confirmed"]
    assert due(found["1"]) == ["2025-07-31"]
    assert due(found["2"]) == [made] == ["2025-05-31"]


async def test_a_row_whose_repeated_deadline_changed_has_to_be_looked_at_again(repeating):
    await repeating.patch("1", deadline_text="Sớm")
    await repeating.patch("2", checked=True)
    before = {row["stt"]: row for row in await repeating.rows()}
    await repeating.patch("1", deadline_text="Khi thuận lợi")
    after = {row["stt"]: row for row in await repeating.rows()}
    await repeating.patch("1", product="Báo cáo")
    same = {row["stt"]: row for row in await repeating.rows()}

    assert (before["2"]["checked"], after["2"]["checked"]) == (True, False)
    assert after["2"]["standing"] == "open"
    grown = [after[stt]["version"] - before[stt]["version"] for stt in "1234"]
    assert grown == [1, 1, 1, 0]
    assert [same[stt]["version"] for stt in "234"] == [after[stt]["version"] for stt in "234"]


async def test_rows_that_repeat_the_one_above_follow_a_row_that_is_added(repeating):
    body = {"after": 1, "stt": "1a", "content": "Công khai", "deadline_text": "Tháng 8/2025"}
    await repeating.office.post(f"{repeating.path}/rows", body)
    august, september = ["2025-08-31"], ["2025-09-30"]

    assert await days(repeating) == {
        "1": ["2025-05-31"], "1a": august, "2": august, "3": august, "4": september,
    }  # fmt: skip


async def test_rows_that_repeat_the_one_above_follow_the_last_part_of_a_split_row(repeating):
    parts = [
        {"stt": "1a"}, {"stt": "1b", "deadline_text": "Tháng 8/2025"},
        {"stt": "1c", "deadline_text": "-nt-"},
    ]  # fmt: skip
    await repeating.act("1", "split", {"parts": parts})
    august = ["2025-08-31"]

    assert await days(repeating) == {
        "1a": ["2025-05-31"], "1b": august, "1c": august, "2": august, "3": august,
        "4": ["2025-09-30"],
    }  # fmt: skip


async def test_rows_that_repeat_the_one_above_follow_rows_that_are_merged(repeating):
    await repeating.patch("2", deadline_text="Tháng 8/2025")
    await repeating.act("2", "merge")

    found = await days(repeating)
    assert found["1"] == found["3"] == ["2025-05-31", "2025-08-31"]
