"""What was read under other facts of the plan, or with a unit since closed, is not confirmed."""

from tests.tasks.test_imports_review import upload, workbook

ROWS = (
    ("1", "Theo dõi kỷ cương", "Báo cáo", "Văn phòng Sở", "", "Cả năm"),
    ("2", "Ban hành nội quy", "Nội quy", "Phòng CCHC", "", "20 ngày kể từ ngày ban hành Kế hoạch"),
    ("3", "Rà soát hồ sơ", "Báo cáo", "Phòng CCHC", "", "Trước ngày 10/8"),
    ("4", "Đo hài lòng", "Báo cáo", "Phòng CCHC", "", "Trước ngày 10/9/2025"),
)
COUNTED = "3 ngày làm việc kể từ ngày ban hành kế hoạch"
FACTS = {"year": 2026, "issued_on": "2026-03-02", "closes_on": "2026-12-18"}


async def change(preview, **facts) -> None:
    path = f"/v1/plans/{preview.plan['id']}"
    version = (await preview.office.get(path)).json()["version"]
    body = {**facts, "reason": "Sửa cho đúng"}
    assert (await preview.office.patch(path, body, seen=version)).status_code == 200


async def days(preview) -> dict[str, list[str]]:
    rows = await preview.rows()
    return {row["stt"]: [one["due_on"] for one in row["deadline"]["occurrences"]] for row in rows}


async def add_unit(preview) -> dict:
    parent = (await preview.department.units())["SNV"]
    body = {
        "code": "TDT", "name": "Phòng Theo dõi thử", "kind": "room", "parent_id": parent,
        "aliases": [], "sort_order": 60,
    }  # fmt: skip
    answer = await preview.department.admin.post("/v1/units", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def close(preview, unit: dict) -> None:
    path, body = f"/v1/units/{unit['id']}", {"active": False, "reason": "Giải thể"}
    seen = (await preview.department.admin.get(path)).json()["version"]
    answer = await preview.department.admin.patch(path, body, seen=seen)
    assert answer.status_code == 200, answer.text


async def test_rows_read_under_another_year_are_refused_until_they_are_read_again(department):
    preview = await upload(department, await department.add_plan(active=False), workbook(*ROWS))
    await change(preview, **FACTS)

    refused = await preview.confirm()
    made = await preview.made()
    await preview.choose()
    confirmed = await preview.confirm()

    assert (refused.status_code, refused.json()["code"], made) == (409, "import_outdated", [])
    assert "STT 1, STT 2, STT 3" in refused.json()["detail"]
    assert await days(preview) == {
        "1": ["2026-12-18"], "2": ["2026-03-22"], "3": ["2026-08-09"], "4": ["2025-09-09"],
    }  # fmt: skip
    assert confirmed.json()["created"] == 4
    assert {one["due_on"] for one in await preview.made()} == {
        "2026-12-18", "2026-03-22", "2026-08-09", "2025-09-09",
    }  # fmt: skip


async def test_a_changed_closing_day_of_a_plan_in_force_concerns_only_the_rows_it_moves(department):
    preview = await upload(department, await department.add_plan(), workbook(*ROWS))
    await change(preview, closes_on="2025-12-12")

    refused = await preview.confirm()

    assert refused.json()["code"] == "import_outdated"
    assert "1 dòng nay đọc khác: STT 1." in refused.json()["detail"]


async def test_facts_that_move_no_row_refuse_nothing(department):
    preview = await upload(department, await department.add_plan(), workbook(*ROWS[2:]))
    await change(preview, closes_on="2025-12-12", title="Kế hoạch khác")

    assert (await preview.confirm()).json()["created"] == 2


async def test_reading_again_keeps_the_corrections_and_names_the_rows_to_look_at(department):
    preview = await upload(department, await department.add_plan(active=False), workbook(*ROWS))
    await preview.patch("1", content="Theo dõi kỷ luật", checked=True)
    await preview.patch("4", product="Biên bản", checked=True)
    await change(preview, **FACTS)

    await preview.choose()

    first, last = await preview.row("1"), await preview.row("4")
    assert (first["content"], first["checked"]) == ("Theo dõi kỷ luật", False)
    assert (await days(preview))["1"] == ["2026-12-18"]
    assert last["product"] == "Biên bản"
    said = {each["code"]: each["message"] for each in (await preview.read())["remarks"]}
    assert said["import_rows_read_anew"].endswith("xem lại STT: 1, 4.")  # 4: another year now


async def test_what_repeats_a_corrected_row_still_follows_it_when_the_file_is_read_again(
    department,
):
    rows = (ROWS[2], ("5", "Lập danh mục", "Danh mục", "Phòng CCHC", "", "Như trên"))
    preview = await upload(department, await department.add_plan(), workbook(*rows))
    await preview.patch("3", deadline_text="Trước ngày 21/8")

    await preview.choose()

    assert await days(preview) == {"3": ["2025-08-20"], "5": ["2025-08-20"]}


async def test_the_calendar_moves_what_is_counted_in_working_days(department):
    rows = (("1", "Gửi kế hoạch", "", "Phòng CCHC", "", COUNTED),)
    preview = await upload(department, await department.add_plan(), workbook(*rows))
    await change(preview, issued_on="2025-03-06")
    await preview.choose()
    [due] = (await days(preview))["1"]
    calendar = (await department.office.get("/v1/calendar/2025")).json()
    off = {"day": due, "working": False, "name": "Nghỉ"}
    await department.put_calendar(2025, [*calendar["days"], off])

    refused = await preview.confirm()
    await preview.choose()

    assert refused.json()["code"] == "import_outdated"
    assert (await days(preview))["1"] > [due]


async def test_a_unit_closed_since_the_reading_gets_no_assignment(department):
    plan = await department.add_plan()
    blank = await upload(department, plan, workbook(ROWS[0]))
    unit = await add_unit(blank)
    preview = await upload(
        department,
        plan,
        workbook(
            ("1", "Việc riêng", "", "Phòng Theo dõi thử", "", "Trước ngày 10/8"),
            ("2", "Việc chung", "", "Các phòng, đơn vị thuộc Sở", "", "Trước ngày 11/8"),
            ("3", "Việc phối hợp", "", "Văn phòng Sở", "Phòng Theo dõi thử", "Trước ngày 12/8"),
            ("4", "Việc chọn", "", "Phòng Lạ", "", "Trước ngày 13/8"),
            ("5", "Việc khác", "", "Văn phòng Sở", "", "Trước ngày 14/8"),
        ),
    )
    await preview.patch("4", lead_unit_ids=[unit["id"]], checked=True)
    assert (await preview.row("4"))["standing"] == "complete"
    await close(preview, unit)

    refused = [await preview.confirm("all"), await preview.confirm("complete")]
    await preview.choose()
    confirmed = await preview.confirm("complete")

    assert [one.json()["code"] for one in refused] == ["import_outdated"] * 2
    assert "STT 1, STT 2, STT 3, STT 4" in refused[0].json()["detail"]
    assert confirmed.json() == {"created": 13, "rows": 2, "left": 3}
    asked = {row["stt"]: row["warnings"] for row in await preview.rows() if row["unclear"]}
    assert sorted(asked) == ["1", "3", "4"]
    assert all("đã ngừng hoạt động" in one[0]["message"] for one in asked.values())
    made = await preview.made()
    assert unit["id"] not in {one["unit_id"] for one in made}
    assert unit["id"] not in {id_ for one in made for id_ in one["coordinating_unit_ids"]}
