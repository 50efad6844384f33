"""A cell with several duties, and cells that repeat the one above, from preview to assignment."""

from tests.tasks.office import Department

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
