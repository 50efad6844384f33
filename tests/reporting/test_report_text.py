"""Windows, numbers and sentences of a report: pure."""

import json
import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chassis.rules import InputRefused
from reporting.reports import drafting
from reporting.reports.charts import chart_of
from reporting.reports.numbers import figure, filled, vietnamese, written
from reporting.reports.outline import KindBody, SectionForm, SentenceForm
from reporting.reports.outline_checks import check
from reporting.reports.survey import _said
from reporting.reports.windows import after, named, window_of
from reporting.sources.targets import Target

pytestmark = pytest.mark.pure
VERSIONS = Path(__file__).parents[2] / "services/reporting/migrations/versions"
SHIPPED = json.loads((VERSIONS / "0010_report_kinds.json").read_text())
MIGRATIONS = (
    "0013_report_wordings.py", "0017_reports_put_aside.py", "0019_survey_report.py",
    "0021_survey_response.py",
)  # fmt: skip
for migration in MIGRATIONS:
    reworded = runpy.run_path(str(VERSIONS / migration))["reworded"]
    for each in SHIPPED:
        reworded(each["code"], each["body"])
KINDS = {each["code"]: KindBody.model_validate(each["body"]) for each in SHIPPED}


def test_no_shipped_kind_names_its_addressee_twice_nor_reports_to_who_signs():
    for kind in KINDS.values():
        to_the_province = "Ủy ban nhân dân tỉnh Khánh Hòa" in kind.addressed_to
        assert to_the_province != ("UBND tỉnh (b/c)" in kind.copies_to)
    assert KINDS["closing"].addressed_to == ["Ủy ban nhân dân tỉnh Khánh Hòa"]
    assert "Ban Giám đốc" not in KINDS["closing"].opening + KINDS["closing"].closing


def test_a_target_is_said_over_which_it_must_be_or_at_least():
    over = Target(comparison="over", value=Decimal(90), met=None, source="KH")

    assert _said(over) == "trên 90%"
    assert _said(over.model_copy(update={"comparison": "at_least"})) == "từ 90% trở lên"
    assert _said(None) is None


def test_the_shipped_kinds_say_that_they_are_composed_and_name_known_figures_only():
    assert set(KINDS) == {"periodic", "ad_hoc", "closing", "par_self", "survey"}
    for kind in KINDS.values():
        check(kind)
        assert kind.composed
        assert kind.source


@pytest.mark.parametrize(
    ("code", "starts", "ends", "name"),
    [
        ("q1", date(2025, 12, 15), date(2026, 3, 14), "quý I năm 2026"),
        ("half", date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026"),
        ("q3", date(2026, 6, 15), date(2026, 9, 14), "quý III năm 2026"),
        ("year", date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
        ("m01", date(2025, 12, 15), date(2026, 1, 14), "tháng 1 năm 2026"),
    ],
)
def test_a_periodic_report_is_over_the_windows_of_the_letter_and_not_over_quarters(
    code, starts, ends, name
):
    rules = KINDS["periodic"].windows
    window = window_of(next(each for each in rules if each.code == code), 2026)

    assert (window.starts_on, window.ends_on, window.name) == (starts, ends, name)
    assert named(rules, starts, ends) == name


def test_any_other_period_is_called_by_its_days():
    said = named(KINDS["periodic"].windows, date(2026, 1, 2), date(2026, 1, 31))

    assert said == "giai đoạn từ ngày 02/01/2026 đến ngày 31/01/2026"


@pytest.mark.parametrize(
    ("start", "end", "next_end"),
    [
        (date(2025, 6, 15), date(2025, 9, 14), date(2025, 12, 14)),
        (date(2024, 12, 15), date(2025, 6, 14), date(2025, 12, 14)),
        (date(2025, 1, 1), date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 31)),
        (date(2024, 1, 1), date(2024, 12, 31), date(2025, 12, 31)),
        (date(2025, 11, 3), date(2025, 11, 9), date(2025, 11, 16)),
    ],
)
def test_the_next_period_has_as_many_months_or_as_many_days(start, end, next_end):
    assert after(start, end) == next_end


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234567, "1.234.567"), ("90.02", "90,02"), ("-1234.50", "-1.234,50"), (0, "0"), (7, "7")],
)
def test_numbers_stand_as_in_vietnam(value, said):
    assert vietnamese(value) == said


def test_what_is_not_known_is_said_to_be_unknown():
    assert written("percent", None) == "chưa có số liệu"
    assert filled("Đạt {par.projected}%", {}) == "Đạt chưa có số liệu%"


def section(**facts) -> SectionForm:
    sentence = SentenceForm(
        id="overdue", about="work.overdue", running="Hiện còn {work.overdue} nhiệm vụ quá hạn.",
        ended="Đã kết thúc kỳ với {work.overdue} nhiệm vụ quá hạn.",
        zero="Không có nhiệm vụ quá hạn.",
    )  # fmt: skip
    return SectionForm(**{"id": "limits", "heading": "Tồn tại", "sentences": [sentence], **facts})


@pytest.mark.parametrize(
    ("value", "running", "said"),
    [
        (1234, True, "Hiện còn 1.234 nhiệm vụ quá hạn."),
        (1234, False, "Đã kết thúc kỳ với 1.234 nhiệm vụ quá hạn."),
        (0, True, "Không có nhiệm vụ quá hạn."),
    ],
)
def test_a_sentence_has_two_tenses_and_another_wording_for_nothing(value, running, said):
    figures = {"work.overdue": figure("work.overdue", value)}
    [only] = drafting.draft([section()], figures, running=running, full=set())

    assert (only.text, only.figures, only.changed) == (said, ("work.overdue",), False)


def test_a_section_without_data_says_so_and_nothing_is_invented():
    figures = {"work.overdue": figure("work.overdue", None)}
    [only] = drafting.draft([section()], figures, running=True, full=set())

    assert only.no_data
    assert only.text == "Hệ thống chưa có số liệu cho mục này."


def test_a_section_with_parts_or_with_rows_below_it_needs_no_words():
    parent = SectionForm(id="top", heading="Kết quả")
    table = SectionForm(id="list", heading="Danh mục", level=2, table="units")

    assert drafting.draft([parent, table], {}, running=True, full={"units"}) == []


def test_a_section_of_words_speaks_of_its_own_assignments():
    said = SentenceForm(id="done", about="area.all", running="{area.done}/{area.all}.")
    one = SectionForm(id="law", heading="Thể chế", words=["thể chế"], sentences=[said])
    figures = {
        each.id: each
        for each in (
            figure("area.all", 3, section="law"), figure("area.done", 2, section="law"),
        )
    }  # fmt: skip
    [only] = drafting.draft([one], figures, running=True, full=set())

    assert (only.text, only.figures) == ("2/3.", ("area.law.done", "area.law.all"))


def test_a_changed_sentence_is_marked_and_put_back_it_is_not():
    figures = {"work.overdue": figure("work.overdue", 2)}
    drafted = drafting.draft([section()], figures, running=True, full=set())
    changed = drafting.changed(drafted[0], "Khác.")

    assert (changed.changed, changed.drafted) == (True, drafted[0].text)
    assert not drafting.changed(changed, drafted[0].text).changed
    more = drafting.added(drafted, "limits", "Thêm.")
    assert [(each.id, each.changed) for each in more] == [
        ("limits.overdue", False), ("limits.added_1", True),
    ]  # fmt: skip
    assert drafting.from_json(more[1].as_json()) == more[1]


def test_a_kind_that_names_a_figure_nobody_knows_is_refused_with_section_and_sentence():
    body = KINDS["ad_hoc"].model_dump()
    body["outline"][0]["sentences"][0]["running"] = "Có {work.dnoe} nhiệm vụ."
    with pytest.raises(InputRefused) as refused:
        check(KindBody.model_validate(body))

    problem = refused.value.problems[0]
    assert problem.pointer == "/body/outline/0/sentences/0"
    assert "{work.dnoe}" in str(problem.sentence)
    assert "Tình hình thực hiện" in str(problem.sentence)


def test_a_code_may_not_stand_twice_in_an_outline():
    body = KINDS["ad_hoc"].model_dump()
    body["outline"][1]["id"] = body["outline"][0]["id"]
    with pytest.raises(InputRefused, match="hai lần"):
        check(KindBody.model_validate(body))


def with_windows(**facts) -> KindBody:
    body = KINDS["periodic"].model_dump()
    body["windows"][0] |= facts
    return KindBody.model_validate(body)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"starts_year": 0}, "bắt đầu 15/12 sau khi kết thúc 14/03"),
        ({"starts": "02-30"}, "có ngày 30/02, năm nào cũng không có"),
        ({"ends": "04-31"}, "có ngày 31/04"),
        ({"ends": "06-14"}, "thứ 1 và thứ 2 cùng từ 15/12 đến 14/06"),
    ],
)
def test_a_window_that_is_none_or_was_before_is_refused_with_its_days(facts, words):
    with pytest.raises(InputRefused, match=words):
        check(with_windows(**facts))


def test_a_window_may_begin_on_29_february_and_end_in_the_year_after():
    kind = with_windows(
        name="kỳ {year}", starts="02-29", starts_year=0, ends="02-28", ends_year=1
    )  # fmt: skip
    check(kind)

    assert named(kind.windows, date(2025, 2, 28), date(2026, 2, 28)) == "kỳ 2025"
    assert named(kind.windows, date(2024, 2, 29), date(2025, 2, 28)) == "kỳ 2024"


@pytest.mark.parametrize("code", ["opening", "closing"])
def test_a_section_has_not_the_code_of_what_frames_the_text(code):
    body = KINDS["ad_hoc"].model_dump()
    body["outline"][0]["id"] = code
    with pytest.raises(InputRefused, match="dành riêng"):
        check(KindBody.model_validate(body))


@pytest.mark.parametrize("code", ["no_data", "as_of", "as_of_table", "added_2", "elsewhere"])
def test_a_sentence_has_not_the_code_of_one_that_is_added(code):
    body = KINDS["ad_hoc"].model_dump()
    body["outline"][0]["sentences"] = [{"id": code, "running": "Câu."}]
    with pytest.raises(InputRefused, match="dành riêng"):
        check(KindBody.model_validate(body))


@pytest.mark.parametrize(
    "text", ["Có {Work.done}.", "Có {work.done.", "Có {{work.done}}.", "{% x %}", "a}"]
)
def test_a_brace_that_is_around_no_figure_is_refused(text):
    body = KINDS["ad_hoc"].model_dump()
    body["outline"][0]["sentences"] = [{"id": "one", "running": text}]
    with pytest.raises(InputRefused, match="ngoặc nhọn"):
        check(KindBody.model_validate(body))


@pytest.mark.parametrize(
    ("facts", "pointer", "named"),
    [
        ({"running": "", "ended": "Đã xong."}, "/running", "«Đã xong.»"),
        ({"running": "Có {work.done}.", "zero": "Chưa có."}, "/about", "«Có {work.done}.»"),
    ],
)
def test_a_sentence_that_could_not_be_said_as_it_is_written_is_refused_by_name(
    facts, pointer, named
):
    body = KINDS["periodic"].model_copy(deep=True)
    body.outline[1].sentences.append(SentenceForm(id="new", **facts))
    with pytest.raises(InputRefused) as refused:
        check(body)

    [problem] = refused.value.problems
    place = len(body.outline[1].sentences) - 1
    assert problem.pointer == f"/body/outline/1/sentences/{place}{pointer}"
    assert named in str(problem.sentence)
    assert body.outline[1].heading in str(problem.sentence)


def test_what_no_section_speaks_of_is_said_behind_the_last_one_that_speaks_of_contents():
    one = SectionForm(
        id="one", heading="Một", words=["x"],
        sentences=[SentenceForm(id="all", running="Có {area.all}.")],
    )  # fmt: skip
    last = SectionForm(id="last", heading="Cuối", sentences=[])
    known = {
        "area.one.all": figure("area.all", 52, section="one"),
        "work.elsewhere": figure("work.elsewhere", 13),
    }
    said = drafting.draft([one, last], known, running=True, full=set())

    assert [each.section for each in said] == ["one", "one", "last"]
    assert said[1].text == (
        "Ngoài các nội dung trên còn 13 nhiệm vụ có thời hạn thuộc nội dung khác."
    )
    assert said[1].figures == ("work.elsewhere",)


def test_a_rate_that_nobody_knows_has_no_bars_and_neither_has_a_row_without_one():
    about = {"title": "Yếu tố", "kinds": ["count", "text", "percent", "percent"],
             "headings": ["STT", "Yếu tố", "Hài lòng (%)", "Trung bình (%)"]}  # fmt: skip
    drawn = chart_of(about, [[1, "Tiếp cận", "89.50", None], [2, "Thủ tục", None, None]])

    assert drawn is not None
    assert (drawn.labels, drawn.series) == (("Tiếp cận",), (("Hài lòng (%)", (89.5,)),))
    assert chart_of(about, [[1, "Tiếp cận", None, None]]) is None
