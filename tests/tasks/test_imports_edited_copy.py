"""A copy of an appendix that somebody edited: what it says otherwise is asked, or told."""

import pytest
from tests.tasks.test_imports_review import upload, workbook

LEADS = ("Văn phòng Sở", "Phòng CCHC", "Thanh tra Sở")
WORK = (
    "Rà soát thủ tục", "Tập huấn công chức", "Số hóa hồ sơ", "Kiểm tra công vụ",
    "Khảo sát hài lòng", "Niêm yết công khai", "Sắp xếp bộ máy", "Cập nhật trang tin",
)  # fmt: skip
FIRST = [
    [str(n), words, "Báo cáo", LEADS[n % 3], "Phòng TĐKT", f"{10 + n}/{n}/2025"]
    for n, words in enumerate(WORK, start=1)
]


def edited(**changes) -> list[list[str]]:
    """The first file with cells changed, as `row_column=words`; `row=None`: the row is gone."""
    rows = {row[0]: list(row) for row in FIRST}
    for place, words in changes.items():
        number, _, column = place.removeprefix("r").partition("_")
        if column:
            rows[number][int(column)] = words
        else:
            del rows[number]
    return list(rows.values())


@pytest.fixture
async def planned(department):
    plan = await department.add_plan()
    preview = await upload(department, plan, workbook(*FIRST))
    assert (await preview.confirm()).json()["created"] == 8
    return plan


async def copied(department, plan, rows):
    return await upload(department, plan, workbook(*rows))


def told(row) -> list[str]:
    return [one["message"] for one in row["warnings"] if one["code"] != "row_number_repeated"]


@pytest.mark.parametrize(
    ("place", "words", "said"),
    [
        ("r3_5", "Trước ngày 20/12/2025", "hạn khác: “13/3/2025”"),
        ("r4_3", "Phòng CCHC; Phòng TĐKT", "đơn vị chủ trì khác: “Phòng CCHC”"),
        ("r5_1", "Khảo sát mức độ hài lòng năm nay", "nội dung khác: “Khảo sát hài lòng”"),
        ("r6_1", "Việc viết lại hoàn toàn", "nội dung khác: “Niêm yết công khai”"),
    ],
)
async def test_a_planned_task_with_another_day_lead_or_content_is_asked_about(
    department, planned, place, words, said
):
    preview = await copied(department, planned, edited(**{place: words}))
    number = place[1]

    row, counts = await preview.row(number), (await preview.read())["counts"]
    refused = [await preview.confirm("all"), await preview.confirm("complete")]
    await preview.patch(number, each_leads=True, checked=True)
    added = await preview.confirm()

    assert (row["standing"], counts["already_planned"], counts["incomplete"]) == ("open", 7, 1)
    assert f"đã có trong kế hoạch (STT {number}) với" in "".join(told(row))
    assert said in "".join(told(row))
    assert [one.json()["code"] for one in refused] == [
        "import_row_twice", "import_nothing_complete",
    ]  # fmt: skip
    assert added.status_code == 200, added.text


async def test_the_asked_row_may_be_left_out_and_nothing_is_made_twice(department, planned):
    preview = await copied(department, planned, edited(r3_5="20/12/2025"))
    await preview.patch("3", left_out=True)

    again = await preview.confirm()

    assert again.json()["code"] == "import_nothing_new"
    assert len(await preview.made()) == 8


async def test_what_the_plan_keeps_of_a_planned_task_is_said_beside_the_new_words(
    department, planned
):
    preview = await copied(department, planned, edited(r2_2="Quyết định", r7_4="Phòng CCHC"))

    second, seventh, other = [await preview.row(number) for number in ("2", "7", "8")]

    assert {one["standing"] for one in (second, seventh, other)} == {"already_planned"}
    assert "kế hoạch giữ sản phẩm “Báo cáo”" in told(second)[0]
    assert "kế hoạch giữ đơn vị phối hợp “Phòng TĐKT”" in told(seventh)[0]
    assert told(other) == []


async def test_planned_tasks_that_the_copy_lacks_are_listed(department, planned):
    preview = await copied(department, planned, edited(r1=None, r8=None))

    said = {one["code"]: one["message"] for one in (await preview.read())["remarks"]}

    assert "không có 2 nhiệm vụ" in said["import_lacks_planned"]
    assert "STT 1 “Rà soát thủ tục”; STT 8 “Cập nhật trang tin”" in said["import_lacks_planned"]


async def test_a_renumbered_copy_with_a_new_row_asks_nothing(department, planned):
    rows = [["1", "Việc mới", "", "Phòng CCHC", "", "30/9/2025"], *edited()]
    preview = await copied(department, planned, [[str(n), *r[1:]] for n, r in enumerate(rows, 1)])

    found = await preview.read()

    assert [row["standing"] for row in found["rows"]] == ["complete", *["already_planned"] * 8]
    assert not [one for one in found["remarks"] if one["code"] == "import_lacks_planned"]


async def test_another_appendix_with_the_same_numbers_is_not_taken_for_a_copy(department, planned):
    rows = [
        [row[0], f"{word} khác hẳn", *row[2:]] for row, word in zip(FIRST, "ABCDEFGH", strict=True)
    ]
    preview = await copied(department, planned, rows)

    found = await preview.read()

    assert {row["standing"] for row in found["rows"]} == {"complete"}
    assert not [one for one in found["remarks"] if one["code"] == "import_lacks_planned"]


async def test_identical_rows_of_a_new_file_are_asked_about(department):
    rows = [*FIRST[:2], ["9", *FIRST[1][1:]]]
    preview = await copied(department, await department.add_plan(), rows)

    standings = [row["standing"] for row in await preview.rows()]
    refused = await preview.confirm()
    answers = [await preview.patch("9", checked=value) for value in (False, True)]

    assert [one.json()["standing"] for one in answers] == ["open", "complete"]
    assert standings == ["complete", "complete", "open"]
    assert refused.json()["code"] == "import_row_twice"
    assert (await preview.confirm()).json()["created"] == 3


async def test_a_second_identical_row_of_a_copy_is_asked_about_and_not_swallowed(
    department, planned
):
    preview = await copied(department, planned, [*FIRST, ["9", *FIRST[4][1:]]])

    row = await preview.row("9")

    assert row["standing"] == "open"
    assert "giống hệt dòng STT 5 của tệp này" in told(row)[0]


async def test_the_same_file_with_two_identical_rows_that_were_confirmed_asks_nothing(department):
    plan, rows = await department.add_plan(), [*FIRST[:2], ["9", *FIRST[1][1:]]]
    first = await copied(department, plan, rows)
    await first.patch("9", checked=True)
    await first.confirm()

    again = await copied(department, plan, rows)

    assert {row["standing"] for row in await again.rows()} == {"already_planned"}


async def test_a_planned_task_read_with_another_closing_day_says_which_day_the_plan_keeps(
    department,
):
    plan = await department.add_plan()
    rows = [["1", "Theo dõi", "Báo cáo", "Văn phòng Sở", "", "Cả năm"]]
    await (await copied(department, plan, rows)).confirm()
    path = f"/v1/plans/{plan['id']}"
    body = {"closes_on": "2025-12-22", "reason": "Lùi hạn báo cáo"}
    await department.office.patch(path, body, seen=plan["version"])

    row = await (await copied(department, plan, rows)).row("1")

    assert row["standing"] == "already_planned"
    assert "kế hoạch giữ hạn “Cả năm”, 29/11/2025" in told(row)[0]
