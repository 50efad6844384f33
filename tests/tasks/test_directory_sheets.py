"""The directory comes and goes as a workbook: shown first, then stored as one, or not at all."""

from io import BytesIO

import openpyxl
import pytest
from tests.tasks.workbooks import UNIT_HEADINGS, person, unit, workbook

from tasks.directory_sheets import vocabulary as words

PATH = "/v1/directory_imports"


async def uploaded(department, content: bytes, name: str = "danh-ba.xlsx", by: str = "admin"):
    return await getattr(department, by).upload(PATH, name, content)


async def shown(department, **sheets) -> dict:
    answer = await uploaded(department, workbook(**sheets))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def confirmed(department, view: dict, **body):
    return await department.admin.post(
        f"{PATH}/{view['id']}/confirm", {"digest": view["digest"], **body}
    )


async def everything(department) -> tuple:
    units = await department.rows("SELECT * FROM unit ORDER BY code")
    people = await department.rows("SELECT * FROM person ORDER BY employee_code")
    return [tuple(row) for row in units], [tuple(row) for row in people]


def by_code(view: dict) -> dict:
    return {row["code"]: row for row in view["rows"]}


async def test_what_is_new_changed_and_unchanged_is_shown_and_nothing_is_stored_before(department):
    before = await everything(department)
    view = await shown(
        department,
        units=[
            unit("CNTT", "Phòng Công nghệ thông tin", aliases="Phòng CNTT; P. CNTT", order=20),
            unit("NCC", "Phòng Người có công và Xã hội"),
            unit("LĐVL", "Phòng Lao động - Việc làm", order=8, aliases="Phòng LĐVL"),
        ],
        people=[person("moi", "Nguyễn Văn Mới", unit="CNTT")],
    )
    rows = by_code(view)
    assert {code: row["outcome"] for code, row in rows.items()} == {
        "CNTT": "new", "NCC": "changed", "LĐVL": "unchanged", "moi": "new",
    }  # fmt: skip
    assert rows["NCC"]["changes"] == [
        {
            "field": "name",
            "before": "Phòng Người có công",
            "after": "Phòng Người có công và Xã hội",
        },
        {"field": "aliases", "before": "Phòng NCC", "after": ""},
    ]
    assert view["counts"] == {"new": 2, "changed": 1, "unchanged": 1, "wrong": 0}
    assert {"sheet": "units", "code": "VP", "name": "Văn phòng Sở"} in view["absent"]
    assert await everything(department) == before


async def test_confirming_stores_all_of_it_with_an_event_each_and_the_same_again_adds_nothing(
    department,
):
    sheets = {
        "units": [
            unit("CNTT", "Phòng Công nghệ thông tin", aliases="Phòng CNTT"),
            unit("NCC", "Phòng Người có công và Xã hội", aliases="Phòng NCC"),
            unit("TỔ", "Tổ Chuyển đổi số", parent="CNTT"),
        ],
        "people": [person("moi", "Nguyễn Văn Mới", unit="CNTT")],
    }
    answer = await confirmed(department, await shown(department, **sheets))
    units = {
        u["code"]: u for u in (await department.admin.get("/v1/units", limit=200)).json()["data"]
    }
    again = await shown(department, **sheets)
    versions = {
        e["subject"]: e["aggregateversion"] for e in await department.events("unit_changed")
    }

    assert (answer.status_code, answer.json()) == (200, {"created": 3, "changed": 1})
    assert units["TỔ"]["parent_id"] == units["CNTT"]["id"]
    assert units["NCC"]["former_names"] == ["Phòng Người có công"], "plans of before still find it"
    assert (versions[units["NCC"]["id"]], versions[units["CNTT"]["id"]]) == (2, 1)
    assert {row["outcome"] for row in again["rows"]} == {"unchanged"}
    assert "import" in again["allowed"]
    assert (await confirmed(department, again)).json() == {"created": 0, "changed": 0}


async def test_the_export_comes_back_unchanged_and_whole(department):
    await department.admin.post(
        "/v1/units",
        {"code": "007", "name": "=Phòng lạ", "kind": "room", "aliases": ["Tên A", "@B"],
         "former_names": ["Phòng Cũ"]},
    )  # fmt: skip
    content = (await department.admin.get("/v1/directory.xlsx")).content
    view = (await uploaded(department, content)).json()
    book = openpyxl.load_workbook(BytesIO(content))
    formulas = [
        c.coordinate for s in book for row in s.iter_rows() for c in row if c.data_type == "f"
    ]
    assert {row["outcome"] for row in view["rows"]} == {"unchanged"}
    assert view["absent"] == []
    assert len(view["rows"]) == sum(map(len, await everything(department)))
    assert formulas == []


async def test_the_template_is_empty_and_says_what_its_cells_take(department):
    content = (await department.admin.get("/v1/directory_template.xlsx")).content
    book = openpyxl.load_workbook(BytesIO(content))
    answer = await uploaded(department, content)
    assert book.sheetnames == [words.UNITS, words.PEOPLE, words.GUIDE]
    assert [cell.value for cell in book[words.UNITS][1]] == UNIT_HEADINGS
    offered = [rule.formula1 for rule in book[words.UNITS].data_validations.dataValidation]
    kinds = [cell.value for (cell,) in book[words.GUIDE][offered[0].rpartition("!")[2]]]
    assert kinds == list(words.KINDS.values())  # "Văn phòng, Thanh tra" is one of them
    assert (answer.status_code, answer.json()["code"]) == (415, "directory_file_empty")


@pytest.mark.parametrize(
    ("sheets", "code", "cell", "words_said"),
    [
        ({"units": [unit("X", "Phòng X", kind="Ban")]}, "X", "C2", "Phòng chuyên môn"),
        ({"units": [unit("X", "")]}, "X", "B2", "Tên đơn vị"),
        ({"units": [unit("X", "Phòng X", parent="KHÔNG")]}, "X", "D2", "«KHÔNG»"),
        ({"units": [unit("X", "Phòng X", parent="X")]}, "X", "D2", "dưới chính nó"),
        ({"units": [unit("SNV", "Sở Nội vụ", parent="VP")]}, "SNV", "D2", "dưới chính nó"),
        ({"units": [unit("X", "Phòng X", order="mười")]}, "X", "G2", "số"),
        ({"units": [unit("X", "Phòng X"), unit("X", "Phòng Y")]}, "X", "A3", "dòng 2"),
        ({"people": [person("p", "P", role="Vua")]}, "p", "D2", "Trưởng đơn vị"),
        ({"people": [person("p", "P", email="a@b")]}, "p", "E2", "tên miền"),
        ({"people": [person("p", "P", email="OFFICE@snv.example")]}, "p", "E2", "office"),
        ({"people": [person("p", "P", unit="KHÔNG")]}, "p", "F2", "«KHÔNG»"),
        ({"people": [person("p", "P"),
          person("q", "Q", email="P@snv.example")]}, "q", "E3", "của p"),
    ],
)  # fmt: skip
async def test_a_wrong_cell_is_named_with_what_would_be_right_and_stops_the_whole(
    department, sheets, code, cell, words_said
):
    before = await everything(department)
    view = await shown(department, **sheets)
    row = [row for row in view["rows"] if row["code"] == code][-1]
    refused = await confirmed(department, view)
    assert row["outcome"] == "wrong"
    assert [each["cell"] for each in row["wrong"]] == [cell]
    assert words_said in row["wrong"][0]["message"]
    assert view["allowed"] == []
    assert (refused.status_code, refused.json()["code"]) == (409, "directory_import_wrong")
    assert await everything(department) == before


async def test_who_is_below_a_wrong_unit_is_wrong_too(department):
    view = await shown(
        department,
        units=[unit("A", "Phòng A", kind="?"), unit("B", "Phòng B", parent="A")],
        people=[person("p", "P", unit="B")],
    )
    assert {code: row["outcome"] for code, row in by_code(view).items()} == dict.fromkeys(
        "ABp", "wrong"
    )


async def test_what_was_not_shown_is_not_stored(department):
    view = await shown(department, units=[unit("NCC", "Phòng Xã hội", aliases="Phòng NCC")])
    ncc = (await department.admin.get("/v1/units", limit=200)).json()["data"]
    ncc = next(one for one in ncc if one["code"] == "NCC")
    await department.admin.patch(f"/v1/units/{ncc['id']}", {"name": "Phòng Khác"}, seen=1)
    stale = await confirmed(department, view)
    seen = (await department.admin.get(f"{PATH}/{view['id']}")).json()
    answer = await confirmed(department, seen)
    twice = await confirmed(department, seen)
    assert (stale.status_code, stale.json()["code"]) == (409, "directory_import_outdated")
    assert answer.json() == {"created": 0, "changed": 1}
    assert (twice.status_code, twice.json()["code"]) == (409, "directory_import_confirmed")


async def test_who_leaves_by_a_file_leaves_with_a_reason(department):
    first = await shown(department, people=[person("tam", "Tạm")])
    await confirmed(department, first)
    view = await shown(department, people=[person("tam", "Tạm", active="Không")])
    silent = await confirmed(department, view)
    answer = await confirmed(department, view, reason="Nghỉ hưu theo Quyết định 12")
    entries = await department.rows("SELECT reason FROM audit_entry WHERE action = 'person.change'")
    assert view["needs_reason"]
    assert silent.json()["errors"][0]["pointer"] == "/reason"
    assert answer.json() == {"created": 0, "changed": 1}
    assert [entry.reason for entry in entries] == ["Nghỉ hưu theo Quyết định 12"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7", "danh-ba.xlsx", "directory_file_wrong_kind"),
        (b"PK\x03\x04 broken", "danh-ba.xlsx", "directory_file_wrong_kind"),
        (workbook(Khac=[["Mã", "Tên"]]), "danh-ba.xlsx", "directory_file_no_sheet"),
        (workbook(**{words.UNITS: [["Mã đơn vị", "Ghi chú"], ["X", "y"]]}), "a.xlsx",
         "directory_file_columns_missing"),
        (workbook(**{words.UNITS: [[*UNIT_HEADINGS, "Mã đơn vị"], ["X"]]}), "a.xlsx",
         "directory_file_column_twice"),
        (workbook(units=[unit(f"X{n}", "Phòng") for n in range(5_001)]), "a.xlsx",
         "directory_file_too_long"),
    ],
)  # fmt: skip
async def test_a_file_that_is_none_is_refused_in_words(department, content, name, code):
    answer = await uploaded(department, content, name)
    assert (answer.status_code, answer.json()["code"]) == (415, code)
    assert answer.json()["detail"]


async def test_a_title_above_other_columns_and_another_order_are_no_hindrance(department):
    rows = [["DANH SÁCH ĐƠN VỊ"], [], ["Ghi chú", "Tên đơn vị", "Loại đơn vị", "Mã đơn vị"],
            ["mới", "Phòng Mới", "phong chuyen mon", 7]]  # fmt: skip
    answer = await uploaded(department, workbook(**{"don vi": rows}))
    view = answer.json()
    assert by_code(view)["7"]["outcome"] == "new"
    assert view["unknown_columns"] == ["Ghi chú"]


@pytest.mark.parametrize("by", ["office", "director", "unit_head", "auditor"])
async def test_only_the_administrator_imports(department, by):
    answer = await uploaded(department, workbook(units=[unit("X", "X")]), by=by)
    assert answer.status_code == 403
