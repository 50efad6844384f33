"""Pages of a block's ranking: what is chosen, what is shown, and never by colour alone."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from portal.app import assets_version
from portal.pages.rankings import by_body, cells_of, choose, compared, shown, years_of
from portal.rendering import Renderer

RENDERER = Renderer(assets_version())
BLOCK = {"id": "b1", "code": "SO", "name": "Khối các sở"}
AREAS = [{"code": "1", "name": "Chỉ đạo điều hành"}, {"code": "2", "name": "Thể chế"}]


def line(code: str, rank: int | None, index: str | None, **more: Any) -> dict[str, Any]:
    areas = [
        {"code": "1", "points": "10.80", "of_points": "12.00", "rate": "90.00"},
        {"code": "2", "points": None, "of_points": "0.00", "rate": None},
    ]
    return {
        "body_id": code, "code": code, "name": f"Sở {code}", "state": "ranked", "reason": None,
        "rank": rank, "grade": "Tốt" if rank else None, "index": index, "points": "90.00",
        "of_points": "100.00", "bonus": "0", "penalty": "0", "areas": areas if rank else [],
        "rank_before": None, "index_before": None, "places_won": None, "points_won": None,
        "result": index, "result_before": None, "provisional_rank": None,
        "provisional_index": None, "provisional_result": None, "appraised_points": None, **more,
    }  # fmt: skip


def table(*lines: dict[str, Any]) -> dict[str, Any]:
    named = {"composed": True, "title": "Bộ tiêu chí", "code": "x", "notice": ""}
    return {
        "criteria_set": named, "areas": AREAS, "average": "90.74",
        "grades": [
            {"name": "Tốt", "at_least": "80", "more_than": True},
            {"name": "Yếu", "at_least": "0", "more_than": False},
        ],
        "grades_in": "percent", "scale": "100", "average_result": "90.74",
        "bodies": list(lines),
    }  # fmt: skip


LINES = (
    line("A", 1, "95.00", places_won=3, points_won="25.00"),
    line("B", 2, "90.02", places_won=-1, points_won="-0.67"),
    line("C", 3, "90.02", places_won=0, points_won="0.00"),
    line("D", None, None, state="ineligible", reason="Mới hợp nhất"),
)
VERSION = {
    "number": 2, "sha256": "ab" * 32, "reason": "Sửa tiêu chí 2.1.1", "published_by": "p",
    "published_by_name": "Giám đốc",
    "published_at": "2026-01-12T03:00:00Z", "table": table(*LINES),
}  # fmt: skip


def ranking(**changes: Any) -> dict[str, Any]:
    return {
        "year": 2025, "block": BLOCK, "preview": table(*LINES), "hindrance": None,
        "published": VERSION, "versions": [VERSION], "allowed": ["preview", "publish"], **changes,
    }  # fmt: skip


def html(template: str, language: str = "vi", **view: Any) -> str:
    base = {
        "request": SimpleNamespace(query_params={}), "path": "/", "address": "/", "me": None,
        "explanation": None, "guide": "/guides", "kept": None, "done": None, "problem": None,
        "form": {}, "csrf_token": "t", "year": 2025, "block": BLOCK, "show": "",
    }  # fmt: skip
    return RENDERER.render(template, language, {**base, **view})


def words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup))


def page(show: str = "", language: str = "vi", **changes: Any) -> str:
    found = ranking(**changes)
    return html(
        "rankings.html", language, ranking=found, shown=shown(found, show), show=show,
        blocks=[{**BLOCK, "years": []}], years=[2025],
    )  # fmt: skip


def test_two_that_read_alike_keep_their_own_rank_and_the_page_says_why() -> None:
    text = words(page())
    assert re.search(r"Sở B 2 90,02% .*Sở C 3 90,02%", text)
    assert "hai chỉ số hiển thị như nhau vẫn có thể khác hạng" in text
    assert "chưa phải văn bản chính thức" in text
    assert "Tốt trên 80%; Yếu từ 0%." in text


def test_a_body_that_is_not_eligible_is_listed_with_its_reason_and_without_numbers() -> None:
    text = words(page())
    assert re.search(r"Sở D không đủ điều kiện đánh giá Mới hợp nhất – – – – –", text)


def test_what_moved_is_said_in_words_not_by_an_arrow_or_a_colour() -> None:
    text = words(page())
    assert "tăng 3 bậc +25,00 điểm" in text
    assert "giảm 1 bậc -0,67 điểm" in text
    assert "giữ hạng 0,00 điểm" in text
    assert "up 3 ranks" in words(page(language="en"))


def test_a_correction_asks_for_its_reason_and_the_first_publication_does_not() -> None:
    assert 'name="reason"' in page("preview")
    first = page(published=None, versions=[])
    assert 'name="reason"' not in first
    assert "Công bố phiên bản 1" in first
    assert '<form method="post"' not in page()


def test_what_keeps_it_from_being_published_stands_in_place_of_the_button() -> None:
    waiting = page("preview", hindrance="Chưa công bố được: phiếu chấm của Sở A chưa phê duyệt")
    assert "phiếu chấm của Sở A" in waiting
    assert "Công bố phiên bản" not in waiting


def test_nobody_else_sees_a_way_to_publish_or_what_is_not_published() -> None:
    text = page(preview=None, allowed=[])
    assert "Công bố đính chính" not in text
    assert "Hiện tại" not in words(text)
    nothing = page(preview=None, published=None, versions=[], allowed=[])
    assert "Chưa công bố xếp hạng" in nothing


def test_the_heat_map_writes_its_number_in_every_shade() -> None:
    found = ranking()
    markup = html("rankings/heat_map.html", ranking=found, shown=shown(found, ""), found=None,
                  cells={}, sheets=set())  # fmt: skip
    shades = re.findall(r'class="right num (heat-\d)"[^>]*>([^<]*)<', markup)
    assert shades == [("heat-4", "90,00%")] * 3
    assert "từ 80%" in words(markup)


def within(code: str = "1", level: str = "criterion", **changes: Any) -> dict[str, Any]:
    def cell(part: str, points: str | None, rate: str | None) -> dict[str, Any]:
        return {"code": part, "points": points, "of_points": "12.00", "rate": rate}

    part = {"code": code, "name": "Chỉ đạo điều hành", "max_points": "12"}
    inner = {"code": f"{code}.1", "name": "Kế hoạch", "max_points": "12"}
    body = {"body_id": "A", "code": "A", "name": "Sở A", "whole": cell(code, "10.80", "90.00"),
            "parts": [cell(f"{code}.1", "10.80", "90.00")]}  # fmt: skip
    return {"part": part, "within": None, "level": level, "parts": [inner], "bodies": [body],
            **changes}  # fmt: skip


def heat(found: dict[str, Any] | None, sheets: set[str] | None = None, **changes: Any) -> str:
    seen = shown(ranking(**changes), "")
    return html("rankings/heat_map.html", ranking=ranking(**changes), shown=seen, found=found,
                cells=cells_of(seen, found), sheets=sheets or set())  # fmt: skip


def test_an_area_of_the_heat_map_opens_to_its_criteria_and_these_to_their_rows() -> None:
    assert 'href="/rankings/2025/b1/heat_map?part=1"' in heat(None)
    page = heat(within())
    assert 'href="/rankings/2025/b1/heat_map?part=1.1"' in page
    assert re.search(r"Sở A 90,00% 90,00%", words(page))
    assert "Về tất cả lĩnh vực" in words(page)
    area = {"code": "1", "name": "Chỉ đạo điều hành", "max_points": "12"}
    rows = heat(within("1.1", "sub_criterion", within=area), {"A"})
    assert "Về 1. Chỉ đạo điều hành" in words(rows)
    assert 'href="/score_sheets/2025/bodies/A#row-1.1.1"' in rows
    assert "#row-" not in heat(within("1.1", "sub_criterion", within=area)), "unseen sheets"


def test_within_a_part_a_body_without_a_published_sheet_or_with_a_corrected_one_says_so() -> None:
    page = words(heat(within()))
    assert re.search(r"Sở B phiếu chưa công bố – –", page)
    assert "phiếu đã sửa sau khi công bố" not in page
    corrected = within()
    corrected["bodies"][0]["whole"]["points"] = "9.00"
    assert re.search(r"Sở A phiếu đã sửa sau khi công bố", words(heat(corrected)))


def test_bodies_side_by_side_are_told_apart_by_number() -> None:
    found = ranking()
    seen = shown(found, "")
    markup = html("rankings/bodies.html", ranking=found, shown=seen, most=4,
                  chosen=compared(seen, ["B", "C"]))  # fmt: skip
    assert 'data-chart-columns="b1 b2"' in markup
    assert re.search(r"1: Sở B .*2: Sở C", words(markup))
    assert markup.count("checked") == 2


def test_a_set_that_grades_in_points_shows_points_and_no_percent() -> None:
    in_points = {**table(line("A", 1, "75.00", result="13.50")), "grades_in": "points",
                 "scale": "18", "average_result": "13.50"}  # fmt: skip
    text = words(page(published={**VERSION, "table": in_points}))
    assert "Sở A 1 13,50 / 18 điểm" in text
    assert "75,00" not in text
    assert "Trung bình" in text


def test_a_provisional_rank_is_called_so_and_only_where_it_is_no_result() -> None:
    waiting = line("E", None, None, state="waiting", provisional_rank=2, provisional_result="81.5",
                   provisional_index="81.50", appraised_points="40")  # fmt: skip
    seen = table(line("A", 1, "95.00", provisional_rank=1), waiting)
    text = words(page("preview", preview=seen))
    said = "tạm tính: hạng 2, 81,50%, đã thẩm định 40 điểm"
    assert re.search(rf"Sở E phiếu chưa được phê duyệt {said} – –", text)
    assert "không bao giờ được công bố" in text
    assert "tạm tính" not in words(page())


def test_years_stand_beside_one_another_also_for_a_body_that_has_left() -> None:
    old = ranking(published={**VERSION, "table": table(line("A", 2, "80.00"), line("Z", 1, "85"))})
    lines = by_body([2024, 2025], [old, ranking()])
    markup = html("rankings/years.html", compared=[2024, 2025], lines=lines,
                  tables=[old["published"]["table"], VERSION["table"]])  # fmt: skip
    text = words(markup)
    assert [each["name"] for each in lines] == ["Sở A", "Sở B", "Sở C", "Sở D", "Sở Z"]
    assert re.search(r"Sở A 80,00% hạng 2 · Tốt 95,00% hạng 1", text)
    assert re.search(r"Sở Z 85,00% hạng 1 · Tốt –", text)


def test_a_version_says_why_it_came_and_what_it_changed() -> None:
    def change(field: str, before: str | None, after: str | None, area: str | None = None) -> Any:
        return {"body_id": "A", "body_name": "Sở A", "field": field, "area": area,
                "before": before, "after": after}  # fmt: skip

    changes = [change("rank", "1", "2"), change("index", "95.00", "90.00"),
               change("points", "10.80", "9.00", "1"), change("state", "ranked", None)]  # fmt: skip
    version = {**VERSION, "replaces": "cd" * 32, "differences": changes, "block": BLOCK}
    text = words(html("rankings/version.html", version=version, areas={"1": "Chỉ đạo"}))
    for said in ("Sửa tiêu chí 2.1.1", "Thứ hạng 1 → 2", "Chỉ số 95,00 → 90,00",
                 "Điểm: 1. Chỉ đạo 10,80 → 9,00", "được xếp hạng → không có tên",
                 "ab" * 32, "cd" * 32):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("block", "year", "ranking_id", "expected"),
    [("", None, "", ("b1", 2024)), ("b2", None, "", ("b2", 2023)), ("b1", 2024, "", ("b1", 2024)),
     ("", None, "r9", ("b1", 2024))],
)  # fmt: skip
def test_a_ranking_is_found_by_block_and_year_or_by_what_a_notification_names(
    block, year, ranking_id, expected
) -> None:
    blocks = [
        {"id": "b1", "name": "x", "years": [
            {"year": 2025, "ranking_id": None, "version": 0},
            {"year": 2024, "ranking_id": "r9", "version": 1},
        ]},
        {"id": "b2", "name": "y", "years": [{"year": 2023, "ranking_id": None, "version": 0}]},
    ]  # fmt: skip
    chosen, found = choose(blocks, block, year, ranking_id)
    assert (chosen and chosen["id"], found) == expected
    assert years_of(blocks[0], 2026) == [2026, 2025, 2024]
    assert choose([], "", 2025)[0] is None


def test_a_head_sees_work_weaknesses_and_points_with_what_is_not_known_left_open() -> None:
    completion = {
        "done": 5, "all": 7, "rate_all": "71.43", "overdue": 1,
    }  # fmt: skip
    row = {"code": "1.1.2", "name": "Kế hoạch", "max_points": "1", "secured": None,
           "projected": "0.50", "last_year": "0", "repeated": True, "units": 2}  # fmt: skip
    head = {
        "unit_id": "u", "unit_name": "Phòng CCHC", "as_of": "2025-11-23T03:00:00Z",
        "completion": completion, "coordination": None, "placed": None,
        "criteria_set": {"composed": True},
        "held": {"max_points": "1", "secured": "0.00", "projected": "0.50", "repeated": 1,
                 "rows": [row]},
    }  # fmt: skip
    text = words(html("heads/head.html", head=head, late={"data": []}))
    for said in ("Trách nhiệm người đứng đầu Phòng CCHC, năm 2025", "1 yếu kém lặp lại",
                 "cùng với 1 đơn vị khác", "mất điểm cả hai năm", "2 /7", "0,00 /1"):  # fmt: skip
        assert said in text, said


def test_what_to_act_on_first_says_why_in_words() -> None:
    def at_stake(code: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "name": "n", "area_name": "a", "at_stake": "2.00", "expected": None,
                "max_points": "2", "overdue": None, "open": None, "weak_last_year": False,
                **more}  # fmt: skip

    data = [at_stake("1.1", overdue=3, open=4, expected="0.50", weak_last_year=True),
            at_stake("1.2")]  # fmt: skip
    first = {"data": data, "at_stake": "4.00"}
    text = words(html("dashboard/priorities.html", priorities=first))
    assert "có nhiệm vụ quá hạn năm trước cũng mất điểm" in text
    assert "chưa có số liệu" in text
    assert "còn có thể giành 4 điểm" in text
    assert words(html("dashboard/priorities.html", priorities=None)).strip() == ""
